"""Numbers of payment cards: an issuer's prefix and length, the check digit, and nothing close by that makes it part of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_CANDIDATE = re.compile(
    r"(?<![0-9A-Za-z_+$#])(?<![0-9A-Za-z][.,:-])(?<!EAN )(?<!GTIN )(?:[2-6][0-9]|18)[0-9]{2}(?P<gap>[ -]?)"
    r"(?:[0-9]{4}(?P=gap)[0-9]{4}(?P=gap)[0-9]{1,7}|[0-9]{6}(?P=gap)[0-9]{4,5}|[0-9]{8})(?![0-9A-Za-z_]|[.,:-][0-9])",
    re.ASCII,
)
_LONG = re.compile(r"(?<![0-9A-Za-z_])[0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4} [0-9]{3}(?![0-9A-Za-z_])", re.ASCII)
_EIGHT = re.compile(r"[0-9](?<![0-9A-Za-z_][0-9])[0-9]{3}[ -]?[0-9]{4}", re.ASCII)
"""What begins each of them, without which a long text need not be looked through slowly."""

_ISSUED = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"
    r"|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"
    r"|3[47][0-9]{13}|3(?:0[0-59]|[689][0-9])[0-9]{11}|35[0-9]{14}|(?:2131|1800)[0-9]{11}"
    r"|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}|62[0-9]{14,17}|(?:50(?:18|20|38)|6(?:304|759|76[123]|390))[0-9]{8,15}",
    re.ASCII,
)
_LONGEST_BARE = 16
"""Digits without a gap that are a card's without a hint: of random ids of nineteen digits, one in a hundred would be."""

_FURTHER = re.compile(r"(?:50|5[6-9]|6[0-9])[0-9]{10,17}|1[0-9]{14}|0604[0-9]{8,15}", re.ASCII)
"""Further ones of Maestro, and of UATP with AirPlus, with which other numbers begin too often."""

_SAID = re.compile(r"\b(?:cards?|visa|credit|debit|maestro)\b[^0-9\n]{0,24}\Z", re.IGNORECASE)
"""A word for a card close before a number."""

_BEFORE = 48


def is_card(digits: str) -> bool:
    """Whether an issuer gives out such a number (ISO/IEC 7812-1) and its check digit is right."""
    return _ISSUED.fullmatch(digits) is not None and _has_check_digit(digits)


def _is_further(digits: str) -> bool:
    return _FURTHER.fullmatch(digits) is not None and _has_check_digit(digits)


def _has_check_digit(digits: str) -> bool:
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0 and len(set(digits)) > 1


def _find(text: str) -> Iterator[Shape]:
    for form in (_CANDIDATE, _LONG) if _EIGHT.search(text) else ():
        for match in form.finditer(text):
            digits = re.sub(r"[ -]", "", match.group())
            said = _SAID.search(text, max(0, match.start() - _BEFORE), match.start()) is not None
            short = len(digits) <= _LONGEST_BARE or digits != match.group()
            if (is_card(digits) and (short or said)) or (said and _is_further(digits)):
                yield Shape("card", match.group())


def _find_hinted(text: str) -> Iterator[Shape]:
    digits = re.sub(r"[ .-]", "", text.strip())
    if digits.isdecimal() and digits.isascii() and (is_card(digits) or _is_further(digits)):
        yield Shape("card", text)


_NAMES = {"card": "a payment card's number"}

CARD = Detector(
    id="card",
    says="The number of a payment card (ISO/IEC 7812-1, annex B for the check digit); no id, time or count, whose name says so.",
    names=_NAMES,
    triggers=(),
    find=_find,
    unless="opaque",
    exact=True,
    examples=(
        *(Example(text, ("card",)) for text in ("4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111")),
        *(Example(text, ("card",)) for text in ("378282246310005", "3782 822463 10005", "5555555555554444")),
        *(Example(text, ("card",)) for text in ("2223003122003222", "6011111111111117", "30569309025904")),
        Example("card=4242424242424242&x=1", ("card",)),
        Example('{"number":4012888888881881}', ("card",)),
        Example("declined: 5105105105105100.", ("card",)),
        *(Example(text, ("card",)) for text in ("3500000000000009", "213100000000001", "501800000009")),
        Example("card no. 4572254504279742694 declined", ("card",)),
        *(Example(text, ()) for text in ("4111111111111112", "1760000000000", "1760000000000000", "41111111111111111")),
        *(Example(text, ()) for text in ("0.4111111111111111", "id4111111111111111", "4111111111111111a")),
        *(
            Example(text, ())
            for text in (
                "4111 1111-1111 1111",
                "req-4111111111111111",
                "EAN 4669184358693",
                "4111111111111111.5",
                "4444 4444 4444 4444",
                "4572254504279742694",
            )
        ),
        *(Example(text, ()) for text in ("64a1f2b3c4d5e6f708192a3b", "4111,1111,1111,1111", "9007199254740991")),
    ),
)

HINTED_CARD = Detector(
    id="card-by-name",
    says="The number of a payment card where the name of the field says so: then of further issuers, and with other marks between.",
    names=_NAMES,
    triggers=(),
    find=_find_hinted,
    hints=frozenset(("card",)),
    examples=(
        Example("6759649826438453", ("card",)),
        Example("4111.1111.1111.1111", ("card",)),
        Example("122000000000003", ("card",)),
        Example("4111111111111112", ()),
        Example("1234567890123", ()),
    ),
)
