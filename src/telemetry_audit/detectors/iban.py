"""International bank account numbers, told by the length that their country gives them and by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_COUNTRIES = """
15:NO 16:BE 18:DK,FI,FK,FO,GL,NL,SD 19:MK,SI 20:AT,BA,EE,KZ,LT,LU,MN,XK 21:CH,CR,HR,LI,LV 22:BG,BH,DE,GB,GE,IE,ME,RS,VA 23:AE,GI,IL,IQ,OM,SO,TL
24:AD,CZ,ES,MD,PK,RO,SA,SE,SK,TN,VG 25:AO,CV,GW,LY,MZ,PT,ST 26:DZ,IR,IS,TR
27:BI,CF,CG,CM,DJ,FR,GA,GQ,GR,IT,KM,MC,MG,MR,SM,TD 28:AL,AZ,BY,CY,DO,GT,HN,HU,LB,NI,PL,SV,BF,BJ,CI,MA,ML,NE,SN,TG 29:BR,EG,PS,QA,UA
30:JO,KW,MU,YE 31:MT,SC 32:LC 33:RU
"""
_LENGTHS = {country: int(row[:2]) for row in _COUNTRIES.split() for country in row[3:].split(",")}
"""Characters of each country's numbers: of the SWIFT IBAN registry (ISO 13616), and of those that use the form without being in it."""

_START = re.compile(r"(?<![0-9A-Za-z_+-])(?:[A-Z]{2}|[a-z]{2})[0-9]{2}(?=[ -]?[0-9A-Za-z]{2,4})", re.ASCII)
_CHECK_DIGITS = re.compile(r"[0-9](?<=[A-Za-z]{2}[0-9])(?<![0-9A-Za-z_+-][A-Za-z]{2}[0-9])[0-9]", re.ASCII)
"""What begins each of them, found sooner by its digits than by its letters."""

_REST = re.compile(r"(?:[ -]?[0-9A-Za-z]){8,32}", re.ASCII)
_AFTER = re.compile(r"[0-9A-Za-z_+]", re.ASCII)
_HEX = re.compile(r"[0-9a-f]+", re.ASCII)
_NINETY_SEVEN = 97


def _find(text: str) -> Iterator[Shape]:
    for start in _START.finditer(text) if _CHECK_DIGITS.search(text) else ():
        length = _LENGTHS.get(start.group()[:2].upper())
        rest = _REST.match(text, start.end()) if length else None
        if length is None or rest is None:
            continue
        written = _first(start.group() + rest.group(), length)
        compact = written.replace(" ", "").replace("-", "")
        if (
            len(compact) == length
            and (compact == compact.upper() or compact == compact.lower())
            and not _AFTER.match(text, start.start() + len(written))
            and not _HEX.fullmatch(compact)
            and _is_checked(compact.upper())
        ):
            yield Shape("iban", written)


def _first(text: str, length: int) -> str:
    """The beginning of `text` with as many letters and digits."""
    count = 0
    for position, character in enumerate(text, 1):
        count += character.isalnum()
        if count == length:
            return text[:position]
    return text


def _is_checked(number: str) -> bool:
    """Whether the remainder is as ISO 7064 MOD 97-10 has it, with letters as two digits from A = 10."""
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % _NINETY_SEVEN == 1


IBAN = Detector(
    id="iban",
    says="An international bank account number (ISO 13616): its country's length, its check digits.",
    names={"iban": "an IBAN"},
    triggers=(),
    find=_find,
    exact=True,
    examples=(
        Example("DE89370400440532013000", ("iban",)),
        Example("IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX", ("iban",)),
        Example("IR280431237918290742607522", ("iban",)),
        Example("GB29 NWBK 6016 1331 9268 19", ("iban",)),
        Example("account=fr1420041010050500013m02606", ("iban",)),
        Example("DE89370400440532013001", ()),
        Example("de89370400440532013000a", ()),
        Example("ad89370400440532013000ff and DE893704004405320130", ()),
        Example("XX89370400440532013000", ()),
    ),
)
