"""Rows of a result as JSON inside a text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from telemetry_audit.detectors.detector import Detector, Example, Shape

_LIST = re.compile(
    r"(?:\A\s*+|\"(?:rows?|data|results?|records|documents|items|values|body|output|response)\"\s*+:\s*+)\[\s*+(?=\{)"
)
_COMMA = re.compile(r"\s*+,\s*+")
_TELLING = re.compile(r"[\d\s@]")
_ID = re.compile(r"_?id|uuid|[A-Za-z]+(?:_id|Id)")
_DECODER = json.JSONDecoder()
_FEWEST = 2
_MOST = 8
_MOST_LISTS = 4
_SMALL = 9


def _find(text: str) -> Iterator[Shape]:
    for start in islice(_LIST.finditer(text), _MOST_LISTS):
        rows = tuple(islice(_records(text, start.end()), _MOST))
        alike = len(rows) >= _FEWEST and len(rows[0]) >= _FEWEST and all(row.keys() == rows[0].keys() for row in rows)
        if alike and any(_tells(key, value) for row in rows for key, value in row.items()):
            yield Shape("rows", text)
            return


def _records(text: str, at: int) -> Iterator[dict[str, Any]]:
    """The objects of a list, one after the other, so that a list that was cut off is read as far as it goes."""
    try:
        while True:
            record, at = _DECODER.raw_decode(text, at)
            if isinstance(record, dict):
                yield record
            comma = _COMMA.match(text, at)
            if comma is None:
                return
            at = comma.end()
    except (ValueError, RecursionError):
        return


def _tells(key: str, value: Any) -> bool:
    """Whether a value is of a record and not of a layout such as `{"type": "a", "n": 1}`.

    Texts with a digit, a space or an at sign are, numbers over 9, broken ones, and numbers that are an id; so are those one level further in.
    """
    if isinstance(value, str):
        return _TELLING.search(value) is not None
    if isinstance(value, dict):
        return any(_tells(inner, each) for inner, each in value.items() if not isinstance(each, (dict, list)))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isinstance(value, float) or abs(value) > _SMALL or _ID.fullmatch(key) is not None


ROWS = Detector(
    id="rows",
    says=(
        "A JSON list of at least two objects with the same two or more keys and with values like a record's, as a text: "
        "all of it, or under a key such as `rows` or `data`."
    ),
    names={"rows": "rows as JSON in a text"},
    triggers=("{",),
    find=_find,
    examples=(
        Example('[{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]', ("rows",)),
        Example('[{"name": "Jane Roe", "of": "a"}, {"name": "Joe", "of": "b"}', ("rows",)),
        Example('{"ok": true, "rows": [{"n": "a", "total": 120}, {"n": "b", "total": 7}]}', ("rows",)),
        Example('{"data":[{"by":{"name":"a","age":31},"n":"a"},{"by":{"name":"b","age":4},"n":"b"}]}', ("rows",)),
        Example('{"result": [{"a": "jane@example.com", "b": 1}, {"a": "x", "b": 2}]}', ("rows",)),
        Example('[{"type":"a","n":1},{"type":"b","n":2}]', ()),
        Example('[{"id": 1, "name": "a"}]', ()),
        Example('[{"id": 1}, {"name": 2}]', ()),
        Example('{"columns": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]}', ()),
        Example("[{{Table1.selectedRow}}]", ()),
    ),
)
