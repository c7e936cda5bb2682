"""Names of fields under which a datasource's answer stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from telemetry_audit.detectors.word_set import word_set

SURE_ANSWERS = word_set("""
row rows record records document documents resultset recordset hits tuples dataset selectedrow selectedrows triggeredrow currentrow updatedrow
newrow rowdata tabledata fetchedrows queryresult queryresults responsebody responsedata resultbody
""")
"""Names, in small letters and without marks, under which one record, or a list of one column, is an answer."""

ANSWERS = SURE_ANSWERS | word_set("data result results response body output items values payload entries objects list")
"""Names under which several like records are."""

_WIDE = word_set("data response result results")
_NOT_WORDS = re.compile(r"[^a-z0-9]")
_LONGEST = 64


def is_within_answer(names: Iterable[str]) -> bool:
    """Whether one of the names on the way to a value means what a datasource answered, and nothing of a library's own."""
    return any(is_answer(name) and (name.lower() in _WIDE or is_answer(name, sure=True)) for name in names)


def is_answer(name: str, *, sure: bool = False) -> bool:
    """Whether a name means what a datasource answered; `sure` asks for those names that mean nothing else."""
    return len(name) <= _LONGEST and _bare(name) in (SURE_ANSWERS if sure else ANSWERS)


@lru_cache(4096)
def _bare(name: str) -> str:
    return _NOT_WORDS.sub("", name.lower())
