"""What a query asked or got back must not stand in an event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from telemetry_audit.catalog import Layout, Part, Slot
from telemetry_audit.detectors import are_columns, are_rows, is_answer, is_within_answer
from telemetry_audit.model import Hit, Leaf, Level, Status
from telemetry_audit.rules.rule import Example, Judgement, Rule, Subject, nothing_among
from telemetry_audit.shapes import characters

_CONTENT = "datasource-content"
_SHAPES = {
    "query": "holds the text of a query",
    "rows": "holds rows of a result",
    "row-in-error": "holds an error message that quotes a row",
    "connection-string": "holds a connection string with a password",
    "private-key": "holds a private key",
    "token": "holds a signed token",
    "authorization": "holds an authorization value",
    "vendor-key": "holds a service's secret key",
    "session-cookie": "holds a session's cookie",
    "secret": "holds a secret",
    "url-token": "holds a token in a URL",
}
_MASKED = re.compile(r"[*\s.x•\[\]{},\"'-]*|[<\[(]?(?:redacted|masked|hidden|removed)[>\])]?", re.IGNORECASE)
_MOST_ROWS = 8
_COOKIES = ("header:cookie", "header:x-api-key")
"""What the vendor itself asks for at its own host."""


def _check(subject: Subject) -> Judgement:
    if not subject.sightings and not any(map(_may_hold_content, subject.parts)):
        return nothing_among(subject.size)
    hits = [
        Hit(
            leaf.where,
            leaf.value,
            Level.BREACH,
            "content",
            "holds what a datasource was sent or answered",
            _shape(leaf.value),
        )
        for leaf in (*subject.of_kind(_CONTENT), *subject.keys_of_kind(_CONTENT))
        if _is_content(leaf.value)
    ]
    spoken_of = {hit.where for hit in hits}
    for leaf, sightings in subject.sightings:
        if leaf.where not in spoken_of and not leaf.where.startswith(_COOKIES):
            seen = next((sighting for sighting in sightings if _is_telling(sighting.kind, leaf)), None)
            if seen is not None:
                hits.append(Hit(leaf.where, leaf.value, Level.BREACH, seen.kind, _SHAPES[seen.kind], seen.says))
    hits.extend(_rows(subject))
    return Judgement(subject.size, tuple(hits))


def _is_telling(kind: str, leaf: Leaf) -> bool:
    """Whether a shape is content where it stands: a field for telemetry's own key holds no other kind of secret, and in an event no signed token."""
    if leaf.kind != "credential":
        return kind in _SHAPES
    return kind in {"private-key", "connection-string"} or (kind == "token" and "/properties/" in leaf.where)


def _is_content(value: object) -> bool:
    """Whether something is there: neither empty nor a flag nor a mask where content has been taken out."""
    if value is None or isinstance(value, (bool, dict, list)):
        return False
    return not isinstance(value, str) or not _MASKED.fullmatch(value)


def _rows(subject: Subject) -> Iterator[Hit]:
    """Records under a key that means an answer, in fields that nobody knows: a list of them, of lists or of values, or one alone."""
    for part in subject.parts:
        slots = part.layout.slots
        for suffix, numbers in part.layout.once(_answers):
            below = [(slots[number].suffix[len(suffix) + 1 :], part.values[number]) for number in numbers]
            if _are_rows(below, sure=is_answer(suffix.rpartition("/")[2], sure=True)):
                values = [value for _, value in below]
                shape = f"records, {len(values)} values"
                yield Hit(part.where + suffix, values, Level.BREACH, "rows", _SHAPES["rows"], shape)


def _may_hold_content(part: Part) -> bool:
    """Whether content may stand in a payload by its layout alone, whatever the detectors see in it."""
    return part.layout.once(_has_place_for_content)


def _has_place_for_content(layout: Layout) -> bool:
    return _CONTENT in layout.by_kind or any(slot.kind == _CONTENT for slot in layout.keys) or bool(_answers(layout))


def _answers(layout: Layout) -> tuple[tuple[str, range], ...]:
    """The members where a datasource's answer may stand by the names on the way there, in fields that nobody knows."""
    return tuple(
        (suffix, numbers)
        for suffix, numbers in layout.members.items()
        if is_answer(suffix.rpartition("/")[2]) or is_within_answer(suffix.split("/"))
        if all(_is_free(layout.slots[number]) for number in numbers)
    )


def _is_free(slot: Slot) -> bool:
    """Whether nobody knows what stands in a field: it is in no schema, or in the free part of one."""
    return slot.status is Status.UNKNOWN or (slot.kind in {"", "person"} and slot.status is not Status.TRANSPORT)


def _are_rows(below: list[tuple[str, object]], *, sure: bool) -> bool:
    """Whether the values below a key, with their places there, are records."""
    rows: dict[str, Any] = {}
    for place, value in below:
        row, _, cell = place.partition("/")
        if not row.isdigit():
            return _is_table(below) or (sure and are_rows([dict(below)], sure=True))
        if not cell:
            rows[row] = value
        elif cell.isdigit():
            rows.setdefault(row, []).append(value)
        else:
            rows.setdefault(row, {})[cell] = value
    return are_rows(list(rows.values())[:_MOST_ROWS], sure=sure)


def _is_table(below: list[tuple[str, object]]) -> bool:
    """Whether the values below a key are the columns of a table."""
    columns: dict[str, list[object]] = {}
    for place, value in below:
        column, _, number = place.partition("/")
        if not number.isdigit():
            return False
        columns.setdefault(column, []).append(value)
    return are_columns(columns)


def _shape(value: object) -> str:
    return f"text, {characters(value)}" if isinstance(value, str) else "a number"


_ACTION = {"type": "track", "event": "execute_ACTION_TRIGGERED"}

DATASOURCE_CONTENT = Rule(
    id="datasource-content",
    promise="no-datasource-data",
    title="Nothing of a query or its answer",
    says=(
        "Fields that by Appsmith's source code hold a query's text, parameters, headers or answer must be empty. Besides, every text is searched for "
        "SQL, for error messages in which a database quotes a row, for connection strings with a password, keys and tokens, and "
        "for lists of like records. A single value of an answer, without such a sign, is found only by a canary."
    ),
    check=_check,
    examples=(
        Example(
            "an answer's body",
            _ACTION | {"properties": {"error": '{"id": 7}'}},
            (("body#/properties/error", "breach"),),
        ),
        Example(
            "a request",
            _ACTION | {"properties": {"request": {"url": "u"}}},
            (("body#/properties/request/url", "breach"),),
        ),
        Example(
            "rows",
            {"type": "track", "event": "x", "properties": {"rows": [{"id": 1, "n": "a"}, {"id": 2, "n": "b"}]}},
            (("body#/properties/rows", "breach"),),
        ),
        Example(
            "a query",
            {"type": "track", "event": "x", "properties": {"text": "SELECT * FROM users WHERE id = 7"}},
            (("body#/properties/text", "breach"),),
        ),
        Example(
            "nothing to tell",
            _ACTION | {"properties": {"error": "", "request": {}, "actionExecutionRequestParams": "****"}},
        ),
        Example("a sentence", {"type": "track", "event": "x", "properties": {"text": "Select a table from the list"}}),
        Example("a list of words", {"type": "track", "event": "x", "properties": {"items": ["a", "b"]}}),
    ),
)
