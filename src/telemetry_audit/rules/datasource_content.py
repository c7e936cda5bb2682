"""What a query asked or got back must not stand in an event."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.model import Hit, Level, Status
from telemetry_audit.rules.rule import Example, Judgement, Rule, Subject

_CONTENT = "datasource-content"
_SHAPES = {
    "query": "holds the text of a query",
    "rows": "holds rows of a result",
    "row-in-error": "holds an error message that quotes a row",
    "connection-string": "holds a connection string with a password",
    "private-key": "holds a private key",
    "token": "holds a signed token",
    "authorization": "holds an authorization value",
    "cloud-key": "holds a cloud access key",
}
_MASKED = re.compile(r"[*\s.x•\[\]{},\"'-]*|[<\[(]?(?:redacted|masked|hidden|removed)[>\])]?", re.IGNORECASE)
_ANSWERS = frozenset(("body", "data", "documents", "output", "records", "response", "result", "results", "row", "rows"))


def _check(subject: Subject) -> Judgement:
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
        if leaf.where not in spoken_of and leaf.kind != "credential" and not leaf.where.startswith("header:"):
            seen = next((sighting for sighting in sightings if sighting.kind in _SHAPES), None)
            if seen is not None:
                hits.append(Hit(leaf.where, leaf.value, Level.BREACH, seen.kind, _SHAPES[seen.kind], seen.says))
    hits.extend(_rows(subject))
    return Judgement(subject.size, tuple(hits))


def _is_content(value: object) -> bool:
    """Whether something is there: neither empty nor a flag nor a mask where content has been taken out."""
    if value is None or isinstance(value, (bool, dict, list)):
        return False
    return not isinstance(value, str) or not _MASKED.fullmatch(value)


def _rows(subject: Subject) -> Iterator[Hit]:
    """Lists of records under a key that means an answer, in fields that no schema knows."""
    for part in subject.parts:
        for suffix, numbers in part.layout.lists.items():
            unknown = all(part.layout.slots[number].status is Status.UNKNOWN for number in numbers)
            if unknown and suffix.rpartition("/")[2].lower() in _ANSWERS:
                values = [part.values[number] for number in numbers]
                shape = f"a list of records, {len(values)} values"
                yield Hit(part.where + suffix, values, Level.BREACH, "rows", _SHAPES["rows"], shape)


def _shape(value: object) -> str:
    return f"text, {len(value)} characters" if isinstance(value, str) else "a number"


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
