"""Telephone numbers: international ones as they are, national ones only where a word or the name of the field says what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_GROUPS = r"[1-9](?:[ ().\-/\u2011]{0,2}[0-9]){6,15}+(?![0-9A-Za-wyz]|-[A-Za-z])"
_INTERNATIONAL = re.compile(rf"(?<![0-9A-Za-z+_.=-])(?:\+|00)\s?{_GROUPS}", re.ASCII)
_AFTER_EQUALS = re.compile(rf"(?<=[A-Za-z]=)(?:\+|00){_GROUPS}", re.ASCII)
_AMERICAN = re.compile(
    r"(?<![0-9A-Za-z_.-])(?:1[ -])?(?:\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[- .]|[2-9][0-9]{2}-[2-9][0-9]{2}-)"
    r"[0-9]{4}(?:x[0-9]{1,6})?(?![0-9A-Za-z_-]|\.[0-9])",
    re.ASCII,
)
_NAMED = re.compile(
    r"\b(?:phone|telephone|tel|telefon|mobile|mobil|cell|whatsapp|fax|call|sms to)\b(?: number| no)?(?:[.: #]{1,4}| is )"
    r"(?P<number>[+(0]?[0-9](?:[ ().\-/]{0,2}[0-9]){6,14})(?![0-9])",
    re.ASCII | re.IGNORECASE,
)
_PREFIXED = re.compile(r"(?:\+|00)\s?[1-9](?:[ ().\-/\u2011]{0,2}[0-9]){6}", re.ASCII)
_ENDING = re.compile(r"[0-9][- .][0-9]{4}", re.ASCII)
_WORDS = ("phone", "tel", "mobil", "cell", "whatsapp", "fax", "call", "sms to")
"""What every number of the forms above has, so that a text without it need not be looked through slowly."""

_COORDINATE = re.compile(r"\+?[0-9]{1,3}\.[0-9]{4,}", re.ASCII)
_ANY = re.compile(r"\+?\(?\+?[0-9][0-9 ()./\u2011-]{5,22}(?: ?(?:x|ext\.? ?)[0-9]{1,6})?", re.ASCII | re.IGNORECASE)
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}[-/.](?:0[1-9]|1[0-2])[-/.][0-3][0-9]|[0-3]?[0-9][./-][01]?[0-9][./-](?:19|20)[0-9]{2}", re.ASCII
)
_FEWEST, _MOST = 7, 15
_SPACED = 2
_LONG = 11
_AMERICAN_DIGITS = 10


def _find(text: str) -> Iterator[Shape]:
    found: list[str] = []
    if _PREFIXED.search(text):
        candidates = (match.group() for form in (_INTERNATIONAL, _AFTER_EQUALS) for match in form.finditer(text))
        found = [number for number in candidates if _is_assigned(number, whole=number == text.strip())]
    if not found and _ENDING.search(text):
        found = [match.group() for match in _AMERICAN.finditer(text)]
    if not found and any(map(text.lower().__contains__, _WORDS)):
        found = [match["number"] for match in _NAMED.finditer(text) if not _DATE.fullmatch(match["number"])]
    return (Shape("phone", number) for number in found)


def _is_assigned(written: str, *, whole: bool) -> bool:
    """Whether a number is of a range that its country has given out, or, written in groups, of a length that it has.

    Behind `00` a number without groups must be all of the text, since numbers are filled up with zeros too.
    """
    import phonenumbers  # noqa: PLC0415 - its tables take a twentieth of a second, and few recordings hold a candidate

    groups = len(re.findall(r"[ ()\-/]+|\.", written.strip()))
    digits = (
        re.sub(r"[^0-9]", "", written).removeprefix("00")
        if written.startswith("00")
        else re.sub(r"[^0-9]", "", written)
    )
    if _COORDINATE.fullmatch(written) or (
        written.startswith("00") and not whole and groups < _SPACED and len(digits) < _LONG
    ):
        return False
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return False
    grouped = (
        groups >= _SPACED or (whole and len(digits) >= _LONG and written.startswith("+"))
    ) and phonenumbers.is_possible_number(number)
    return grouped or phonenumbers.is_valid_number(number)


def _find_hinted(text: str) -> Iterator[Shape]:
    stripped = text.strip()
    digits = sum(character.isdigit() for character in stripped)
    if (
        _FEWEST - (" " in stripped) <= digits <= _MOST + 6
        and _ANY.fullmatch(stripped)
        and not _DATE.fullmatch(stripped)
        and (len(set(stripped)) > _SPACED or digits == _AMERICAN_DIGITS)
        and set(stripped) != {"0"}
    ):
        yield Shape("phone", text)


_NAMES = {"phone": "a telephone number"}

PHONE = Detector(
    id="phone",
    says=(
        "A telephone number: international (ITU-T E.164, by libphonenumber's tables), or in the way of the United States with its marks, "
        "or behind a word such as `phone:`."
    ),
    names=_NAMES,
    triggers=(),
    find=_find,
    exact=True,
    examples=(
        *(
            Example(text, ("phone",))
            for text in ("+4915112345678", "+49 151 12345678", "+1 (212) 555-0143", "0044 20 7946 0958")
        ),
        *(
            Example(text, ("phone",))
            for text in (
                "(212) 555-0143",
                "(212) 555 0143",
                "1-212-555-0143",
                "call 212-555-0143 now",
                "my phone number is 030 1234567",
                "Tel.: 030 1234567",
                "to=+4915112345678",
            )
        ),
        Example("+1-555-123-4567", ("phone",)),
        *(
            Example(text, ())
            for text in ("1760000000000", "+0200", "2025-10-09T12:00:00+02:00", "+48.858222, +2.294500")
        ),
        *(
            Example(text, ())
            for text in ("1.2.3+20240101123", "0000012345678901", "id 0012345678", "+12345678", "a+4915112345678")
        ),
        *(
            Example(text, ())
            for text in (
                "ajs-next-1708122269202-00436830-7770-4cd2-bf21-482d4b875bd2",
                "212-555-0143-9",
                "64a1f2b3c4d5e6f708192a3b",
                "call 2024-10-09",
                "translate(+100, 200)",
            )
        ),
    ),
)

HINTED_PHONE = Detector(
    id="phone-by-name",
    says="A telephone number in any form, where the name of the field says that one stands there.",
    names=_NAMES,
    triggers=tuple("0123456789"),
    find=_find_hinted,
    hints=frozenset(("phone",)),
    examples=(
        *(
            Example(text, ("phone",))
            for text in (
                "030 1234567",
                "2125550143",
                "555.555.5555",
                "(+30) 2514 331815",
                "81 62 61",
                "0151/12345678",
                "535-555-2342x389",
                "4915112345678",
            )
        ),
        *(
            Example(text, ())
            for text in ("12", "android 14", "0000000", "0000000000", "777777", "2025-10-09", "iPhone 15")
        ),
    ),
)
