"""Which values of an export say so little that they stand in telemetry by chance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from telemetry_audit.detectors.known import width

_SHORTEST = 6
_FEWEST_DIGITS = 7
_OFTEN, _SHARE = 3, 500
"""A value is common that fills more than three cells of its column and more than one in five hundred."""

_DATE = re.compile(
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:[T ][0-9:.,]+(?: ?(?:Z|UTC|[+-][0-9:]{2,5}))?)?"
    r"|[0-9]{1,2}[-/. ](?:[0-9]{1,2}|[A-Za-z]{3,9})[-/. ,]{1,2}[0-9]{2,4}(?: [0-9:.]+(?: ?[AaPp][Mm])?)?"
    r"|[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{4}|[0-9]{1,2}:[0-9]{2}(?::[0-9.]+)?"
    r"|1[0-9]{9}(?:\.[0-9]+)?|1[0-9]{12}",
    re.ASCII,
)
"""Dates, times, and points in time in seconds and milliseconds since the epoch (2001 to 2033)."""

_NUMBER = re.compile(r"[0-9 .,+()/-]+", re.ASCII)


def telling(column: Counter[str]) -> Iterator[str]:
    """The values of a column that are worth looking for, and fill few of its cells."""
    most = max(_OFTEN, column.total() // _SHARE)
    return (text for text, count in column.items() if count <= most and is_telling(text))


def is_telling(text: str) -> bool:
    """Whether a value is worth looking for: not short, no number of few digits, no date, and no single word as in a dictionary."""
    text = text.strip()
    if width(text) < _SHORTEST or _DATE.fullmatch(text):
        return False
    if _NUMBER.fullmatch(text):
        return sum(each.isdigit() for each in text) >= _FEWEST_DIGITS
    return not _is_a_word(text)


def _is_a_word(text: str) -> bool:
    """One word in small letters, in capitals or with a capital at its beginning."""
    return text.isascii() and text.isalpha() and (text.islower() or text.isupper() or text.istitle())
