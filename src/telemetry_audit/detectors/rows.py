"""Rows of a result as JSON inside a text, and what tells a record from a layout."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from telemetry_audit.detectors.answer_names import is_answer
from telemetry_audit.detectors.detector import Detector, Example, Shape
from telemetry_audit.detectors.hints import words_of
from telemetry_audit.detectors.word_set import word_set

_LIST = re.compile(r"(?:\"(?P<name>[\w -]{1,40})\"\s*+:\s*+)?+\[\s*+(?=[\[{\"0-9-])")
_RECORD = re.compile(r"\"(?P<name>[\w -]{1,40})\"\s*+:\s*+(?=\{)")
_WITHIN = re.compile(r"\"(?:data|results?|response)\"\s*+:\s*+\{")
_LINES = re.compile(r"\}\s{0,8}\{")
_NEXT_LINE = re.compile(r"\s*+(?=\{)")
_COMMA = re.compile(r"\s*+,\s*+")
_TELLING = re.compile(r"[\d@]|\S \S")
_WHEN = word_set("ts timestamp time at date start starttime begin duration elapsed ms t")
_WHAT = word_set(
    "event type action category level message name kind label phase step stage status method fn function module widget"
)
_LARGEST_LOG = 6
_MEASURED = word_set("value count delta total sum min max avg p50 p90 p95 p99")
_MEASURES = _MEASURED | word_set("name label key metric unit rating")
_PARTS = word_set(
    "widget page action plugin package component layout canvas property module chunk template feature filename function lineno colno slug"
)
_OF_PARTS = _PARTS | word_set(
    "id name type key version parent children count index x y width height top bottom left right row column rows columns visible is "
    "default slug path package label title status state line file in app abs"
)
"""Words of names by which telemetry speaks of what an application is made of: `widgetId`, `pageName`, `isVisible`."""

_ID = re.compile(r"_?id|uuid|[A-Za-z]+(?:_id|Id)")
_DECODER = json.JSONDecoder()
_FEWEST = 2
_MOST = 8
_MOST_LISTS = 32
_SMALL = 9


def are_rows(rows: list[Any], *, sure: bool) -> bool:
    """Whether the items of a list are records: like objects or lists with values in them, or under a sure name a single one, or a single column."""
    if not rows:
        return False
    if all(isinstance(row, str) and row.startswith("{") for row in rows):
        rows = [record for row in rows for record in islice(_items(row, 0), 1)]
    if rows and all(isinstance(row, dict) for row in rows):
        if not sure and (_is_log(rows[0]) or _is_of_parts(rows[0]) or _is_measure(rows[0])):
            return False
        alike = len(rows) >= _FEWEST and len(rows[0]) >= _FEWEST and _are_alike(rows)
        named = (
            sure
            or any(isinstance(value, (str, dict)) for value in rows[0].values())
            or any(map(_ID.fullmatch, rows[0]))
        )
        return (alike or sure) and named and any(_tells(key, value) for row in rows for key, value in row.items())
    if all(isinstance(row, list) for row in rows):
        long = len(rows) >= _FEWEST and len(rows[0]) >= _FEWEST and all(len(row) == len(rows[0]) for row in rows)
        return (long or sure) and any(
            _tells("", cell) for row in rows if any(isinstance(cell, str) for cell in row) for cell in row
        )
    return sure and any(isinstance(row, str) and _tells("", row) for row in rows)


def are_columns(record: dict[str, Any]) -> bool:
    """Whether an object holds the columns of a table: two or more lists of the same length, with texts like a record's in some."""
    columns = list(record.values())
    if len(columns) < _FEWEST or not all(
        isinstance(column, list) and len(column) == len(columns[0]) >= _FEWEST for column in columns
    ):
        return False
    return any(isinstance(cell, str) and _tells("", cell) for column in columns for cell in column)


def _is_log(record: dict[str, Any]) -> bool:
    """Whether a record is of a log or a queue of events: what happened and when, as telemetry keeps them before it sends them."""
    names = {name.lower() for name in record}
    return not names.isdisjoint(_WHEN) and not names.isdisjoint(_WHAT) and len(names) <= _LARGEST_LOG


def _is_measure(record: dict[str, Any]) -> bool:
    """Whether a record is of something that was measured: a name and numbers."""
    numbers = [value for name, value in record.items() if name.lower() in _MEASURED]
    return _MEASURES.issuperset(name.lower() for name in record) and all(
        isinstance(number, (int, float)) for number in numbers
    )


def _is_of_parts(record: dict[str, Any]) -> bool:
    """Whether a record is of a widget, page or the like, with nothing in it but what identifies and places it."""
    words = [words_of(name) for name in record]
    return any(each[:1] and each[0] in _PARTS for each in words) and all(_OF_PARTS.issuperset(each) for each in words)


def _are_alike(rows: list[dict[str, Any]]) -> bool:
    """Whether all records have most of their keys in common, since an empty column may be left out."""
    common = set(rows[0]).intersection(*rows[1:])
    return len(common) >= _FEWEST and all(_FEWEST * len(common) >= len(row) for row in rows)


def _find(text: str) -> Iterator[Shape]:
    if any(_lists(text)) or any(_single_records(text)) or _is_lines(text):
        yield Shape("rows", text)


def _lists(text: str) -> Iterator[bool]:
    within = _WITHIN.search(text)
    for start in islice(_LIST.finditer(text), _MOST_LISTS):
        name = start["name"]
        if not name or is_answer(name) or (within and within.end() <= start.start()):
            rows = list(islice(_items(text, start.end()), _MOST))
            yield bool(rows) and are_rows(rows, sure=bool(name) and is_answer(name, sure=True))


def _single_records(text: str) -> Iterator[bool]:
    for start in islice(_RECORD.finditer(text), _MOST_LISTS):
        if is_answer(start["name"]):
            record = next(_items(text, start.end()), None)
            sure = is_answer(start["name"], sure=True)
            yield isinstance(record, dict) and (are_columns(record) or (sure and are_rows([record], sure=True)))
    if text.startswith("{"):
        record = next(_items(text, 0), None)
        yield isinstance(record, dict) and len(record) > _FEWEST and are_columns(record)


def _is_lines(text: str) -> bool:
    """Whether records stand in lines, a JSON object each."""
    start = text.find("{")
    return (
        "}" in text
        and len(_LINES.findall(text, start)) > 0
        and are_rows(list(islice(_items(text, start, _NEXT_LINE), _MOST)), sure=False)
    )


def _items(text: str, at: int, between: re.Pattern[str] = _COMMA) -> Iterator[Any]:
    """The items of a list, one after the other, so that a list that was cut off is read as far as it goes."""
    try:
        while True:
            record, at = _DECODER.raw_decode(text, at)
            yield record
            comma = between.match(text, at)
            if comma is None:
                return
            at = comma.end()
    except (ValueError, RecursionError):
        return


def _tells(key: str, value: Any) -> bool:
    """Whether a value is of a record and not of a layout such as `{"type": "a", "n": 1}`.

    Texts with a digit, words or an at sign are, numbers over 9, broken ones, and numbers that are an id; so are those one level further in.
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
        "A JSON list as a text, all of it or under a key such as `rows` or `data`, of two or more objects with the same keys, or lists of the same "
        "length, with values like a record's; under a key that means nothing else (`rows`, `records`, `document`) of one, or of single values."
    ),
    names={"rows": "rows as JSON in a text"},
    triggers=("{", "["),
    find=_find,
    examples=(
        Example('[{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]', ("rows",)),
        Example('[{"name": "Jane Roe", "of": "a"}, {"name": "Joe", "of": "b"}', ("rows",)),
        Example('{"ok": true, "rows": [{"n": "a", "total": 120}, {"n": "b", "total": 7}]}', ("rows",)),
        Example('{"data":[{"by":{"name":"a","age":31},"n":"a"},{"by":{"name":"b","age":4},"n":"b"}]}', ("rows",)),
        Example('{"result": [{"a": "jane@example.com", "b": 1}, {"a": "x", "b": 2}]}', ("rows",)),
        Example('{"rows": [{"name": "Jane Roe"}]}', ("rows",)),
        Example('{"records": [["Jane Roe", 7]]}', ("rows",)),
        Example('[[1, "Jane Roe"], [2, "Joe Bloggs"]]', ("rows",)),
        Example('{"document": {"_id": 7, "name": "Jane"}}', ("rows",)),
        Example('{"data": {"id": [7, 8], "name": ["Jane Roe", "Joe"]}}', ("rows",)),
        Example(
            '{"result": {"data": {"customers": [{"id": 7, "name": "Jane"}, {"id": 8, "name": "Joe"}]}}}', ("rows",)
        ),
        Example('[{"a":"x","b":12,"c":null},{"a":"y","b":13}]', ("rows",)),
        Example('{"id": 7, "name": "Jane"}\n{"id": 8, "name": "Joe"}', ("rows",)),
        Example('Saved [{"id": 7, "name": "Jane"}, {"id": 8, "name": "Joe"}] at step 3', ("rows",)),
        Example('["{\\"id\\": 7, \\"name\\": \\"Jane\\"}", "{\\"id\\": 8, \\"name\\": \\"Joe\\"}"]', ("rows",)),
        Example('[{"type":"a","n":1},{"type":"b","n":2}]', ()),
        Example('[{"name":"LCP","value":1858.5},{"name":"FCP 2","value":45}]', ()),
        Example('[{"widgetId":"fn2jt0","type":"BUTTON_1"},{"widgetId":"aj7rg1","type":"TEXT_2"}]', ()),
        Example('[{"id": 1, "name": "a"}]', ()),
        Example('[{"id": 1}, {"name": 2}]', ()),
        Example('{"columns": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]}', ()),
        Example('{"data": [1, 2, 3], "values": ["a", "b"], "rows": 5, "row": {"a": 1}}', ()),
        Example(
            '[{"type":"track","event":"CLICK_1","ts":1760000000000},{"type":"track","event":"CLICK_2","ts":1760000000001}]',
            (),
        ),
        Example(
            '{"rows": [10, 20, 50], "results": [{"passed": true, "duration": 12}, {"passed": false, "duration": 31}]}',
            (),
        ),
        Example("[[0,1],[1,2]] and [4.5,3]", ()),
        Example("[{{Table1.selectedRow}}]", ()),
    ),
)
