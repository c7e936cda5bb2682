"""Numbers by which states know persons: in the form in which they are written, with their check digits where they have any."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_BEFORE = r"(?<![0-9A-Za-z_.+-])"
_AFTER = r"(?![0-9A-Za-z_]|[./-][0-9A-Za-z])"


_CHINESE = (
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{4}"
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
)
"""A province, a county, a day of birth, a sequence and a check digit (GB 11643-1999). Counties come and go: only provinces are looked at."""


_NINO = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"


def _forms(*forms: tuple[str, str, str]) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (country, name, re.compile(f"{_BEFORE}(?:{pattern}){_AFTER}", re.ASCII)) for country, name, pattern in forms
    )


_NUMBERS = _forms(
    ("us", "ssn", r"(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}"),
    ("", "itin", r"9[0-9]{2}-(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])-[0-9]{4}"),
    ("br", "cpf", r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}"),
    ("br", "cnpj", r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}/[0-9]{4}-[0-9]{2}"),
    ("es", "dni", r"(?!(?:19|20)[0-9]{6})[0-9]{8}-?[A-HJ-NP-TV-Z]"),
    ("ch", "ssn", r"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}"),
    ("fr", "nir", r"[12] [0-9]{2} (?:0[1-9]|1[0-2]) [0-9][0-9AB] [0-9]{3} [0-9]{3} [0-9]{2}"),
    ("be", "nn", r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}"),
    ("in_", "aadhaar", r"[2-9][0-9]{3} [0-9]{4} [0-9]{4}"),
    ("cn", "ric", _CHINESE),
    ("kr", "rrn", r"[0-9]{6}-[1-4][0-9]{6}"),
    ("cl", "rut", r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9K]"),
    ("ar", "cuit", r"[0-9]{2}-[0-9]{8}-[0-9]"),
    ("de", "idnr", r"[1-9][0-9] [0-9]{3} [0-9]{3} [0-9]{3}"),
)
_LETTERED = _forms(
    ("it", "codicefiscale", r"[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]"),
    ("es", "nie", r"[XYZ]-?[0-9]{7}-?[A-HJ-NP-TV-Z]"),
    ("", "nino", rf"{_NINO}|ZZ ?[0-9]{{2}} ?[0-9]{{2}} ?[0-9]{{2}} ?T"),
    ("", "pan", r"[A-Z]{3}P[A-Z][0-9]{4}[A-Z]"),
    ("mx", "curp", r"[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[0-9A-Z][0-9]"),
    ("fi", "hetu", r"[0-3][0-9][01][0-9]{3}(?:[-+A][0-9]{3}[A-Y]|A[0-9]{4})"),
)
_START = re.compile(r"[0-9](?<![0-9A-Za-z_.+-][0-9])(?=(?:[ ./-]?[0-9]){5})", re.ASCII)
"""Six digits, with which each of the numbers begins."""

_LETTER_BY_DIGIT = re.compile(r"[A-Z](?:[ -]?[0-9]|(?<=[0-9][A-Z]))", re.ASCII)
_MAYBE_LETTERED = re.compile(
    r"[A-Z]{2} ?[0-9]{2}|[A-Z]{5}[0-9]|[XYZ]-?[0-9]{7}|[0-9]{6}(?:[-+A][0-9]{3}[A-Y]|A[0-9]{4})", re.ASCII
)
_BARE_NAMES = """
us:ssn us:itin gb:nhs de:idnr fr:nir es:dni es:nie it:codicefiscale nl:bsn be:nn pl:pesel se:personnummer dk:cpr no:fodselsnummer fi:hetu
ch:ssn br:cpf br:cnpj in_:aadhaar in_:pan mx:curp mx:rfc cn:ric kr:rrn cl:rut ar:cuit ca:sin au:tfn za:idnr tr:tckimlik ro:cnp bg:egn cz:rc
hr:oib pt:nif ee:ik il:idnr my:nric at:tin ie:pps gr:amka is_:kennitala
"""
_BARE = tuple((country, name) for country, _, name in (pair.partition(":") for pair in _BARE_NAMES.split()))
"""Countries and the modules of python-stdnum that check their numbers."""

_NOT_NUMBERED = re.compile(
    rf"{_NINO}|[A-Z]{{1,2}}[0-9]{{6,12}}[A-Z]?|[0-9]{{4}} [0-9]{{5}} [0-9]|[0-9]{{6}}-[0-9]{{7}}"
    r"|(?!000|666)[0-9]{3}(?P<gap>[-. ]?)(?!00)[0-9]{2}(?P=gap)(?!0000)[0-9]{4}",
    re.ASCII,
)
"""Passports, licences to drive, and numbers of the United Kingdom, the United States, Korea and of Medicare.

They have no check digits, or once had none.
"""

_LONGEST = 24
_FEWEST_DIGITS = 5


def _find(text: str) -> Iterator[Shape]:
    starts = [start.start() for start in _START.finditer(text)]
    for country, name, form in _NUMBERS if starts else ():
        end = 0
        for start in starts:
            match = form.match(text, start) if start >= end else None
            if match:
                end = match.end()
                if not country or _is_valid(country, name, match.group()):
                    yield Shape("national-id", match.group())


def _find_lettered(text: str) -> Iterator[Shape]:
    if _LETTER_BY_DIGIT.search(text) and _MAYBE_LETTERED.search(text):
        yield from _in_forms(text, _LETTERED)


def _in_forms(text: str, forms: tuple[tuple[str, str, re.Pattern[str]], ...]) -> Iterator[Shape]:
    for country, name, form in forms:
        for match in form.finditer(text):
            if not country or _is_valid(country, name, match.group()):
                yield Shape("national-id", match.group())


def _find_hinted(text: str) -> Iterator[Shape]:
    written = text.strip().upper()
    if len(written) > _LONGEST or not written.strip("0 .-") or sum(map(str.isdigit, written)) < _FEWEST_DIGITS:
        return
    if _NOT_NUMBERED.fullmatch(written) or any(_is_valid(country, name, written) for country, name in _BARE):
        yield Shape("national-id", text)


def _is_valid(country: str, name: str, written: str) -> bool:
    import stdnum  # noqa: PLC0415 - loaded where there is a candidate

    if name == "ric":
        from stdnum.iso7064 import mod_11_2  # noqa: PLC0415

        return re.fullmatch(_CHINESE, written, re.ASCII) is not None and bool(mod_11_2.is_valid(written))
    module = stdnum.get_cc_module(country, name)
    return module is not None and bool(module.is_valid(written))


_NAMES = {"national-id": "a person's national number"}

NATIONAL_ID = Detector(
    id="national-id",
    says="A number of a person's in the form in which its state writes it, with check digits where it has them (python-stdnum).",
    names=_NAMES,
    triggers=(),
    find=_find,
    exact=True,
    examples=(
        *(
            Example(text, ("national-id",))
            for text in (
                "ssn 536-90-4399",
                "911-70-1234",
                "987-65-4321",
                "390.533.447-05",
                "16.727.230/0001-97",
                "756.9217.0769.85",
            )
        ),
        *(Example(text, ("national-id",)) for text in ("130726197807271235", "43122119551023287X")),
        *(Example(text, ()) for text in ("130726197807271236", "990726197807271235", "130726197813271235")),
        *(Example(text, ("national-id",)) for text in ("54362315K", "2 95 10 99 126 111 93", "85.07.30-033.28")),
        *(Example(text, ()) for text in ("000-12-3456", "390.533.447-06", "1.2.3-4", "2025-10-09", "20240101T")),
        *(Example(text, ()) for text in ("64a1f2b3-c4d5-4e6f-8708-192a3b4c5d6e", "123-45-67890", "54362315A")),
    ),
)

LETTERED_ID = Detector(
    id="lettered-national-id",
    says="A number of a person's with letters among fewer digits: of Italy, Spain, the United Kingdom, India, Mexico or Finland.",
    names=_NAMES,
    triggers=tuple("0123456789"),
    find=_find_lettered,
    exact=True,
    examples=(
        *(
            Example(text, ("national-id",))
            for text in (
                "RCCMNL83S18D969H",
                "AB 12 34 56 C",
                "AB123456C",
                "BOXW310820HNERXN09",
                "131052-308T",
                "170915A7432",
                "X-5253868-R",
                "ZZ 07 78 14 T",
            )
        ),
        *(
            Example(text, ())
            for text in (
                "RCCMNL83S18D969",
                "GB123456C",
                "AB123456E",
                "170915A7431",
                "170781-1700",
                "Widget1",
                "ABC12345",
            )
        ),
    ),
)

HINTED_ID = Detector(
    id="national-id-by-name",
    says="A number of a person's without the marks of its form, where the name of the field says that one stands there.",
    names=_NAMES,
    triggers=tuple("0123456789"),
    find=_find_hinted,
    hints=frozenset(("national-id",)),
    examples=(
        *(
            Example(text, ("national-id",))
            for text in (
                "536904399",
                "536.90.4399",
                "111222333",
                "610820-2870287",
                "44051401359",
                "86095742719",
                "43122119551023287X",
            )
        ),
        *(Example(text, ()) for text in ("yes", "12", "1234", "000000000", "NT 99 88 77 A", "536-90.4399")),
    ),
)
