"""What a query asked or got back must not stand in an event."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from telemetry_audit.model import Hit, Leaf, Level, Status
from telemetry_audit.rules.rule import Example, Judgement, Rule, Subject

_CONTENT = "datasource-content"
_SHAPES = {
    "query": "holds the text of a query",
    "row-in-error": "holds an error message that quotes a row",
    "connection-string": "holds a connection string with a password",
    "private-key": "holds a private key",
    "token": "holds a signed token",
    "authorization": "holds an authorization value",
    "cloud-key": "holds a cloud access key",
}
_MASKED = re.compile(r"[*\s.x•-]*|[<\[(]?(?:redacted|masked|hidden|removed)[>\])]?", re.IGNORECASE)
_ROWS = re.compile(
    r"(?P<list>.*/(?:rows?|results?|records?|data|response|body|output|documents|items|hits|values))/(?P<index>[0-9]+)/.+"
)


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
        for leaf in subject.of_kind(_CONTENT)
        if not leaf.is_key and _is_content(leaf.value)
    ]
    spoken_of = {hit.where for hit in hits}
    for leaf, sightings in subject.sightings:
        if leaf.where not in spoken_of and leaf.kind != "credential":
            seen = next((sighting for sighting in sightings if sighting.kind in _SHAPES), None)
            if seen is not None:
                hits.append(Hit(leaf.where, leaf.value, Level.BREACH, seen.kind, _SHAPES[seen.kind], seen.says))
    hits.extend(_rows(subject.leaves))
    return Judgement(len(subject.leaves), tuple(hits))


def _is_content(value: object) -> bool:
    """Whether something is there: neither empty nor a flag nor a mask where content has been taken out."""
    if value is None or isinstance(value, (bool, dict, list)):
        return False
    return not isinstance(value, str) or not _MASKED.fullmatch(value)


def _rows(leaves: Iterable[Leaf]) -> Iterator[Hit]:
    """Lists of records under a key that means an answer, and the same as JSON inside a text."""
    lists: dict[str, list[object]] = {}
    second: set[str] = set()
    for leaf in leaves:
        if leaf.status is Status.UNKNOWN and not leaf.is_key:
            if match := _ROWS.fullmatch(leaf.where):
                lists.setdefault(match["list"], []).append(leaf.value)
                if match["index"] == "1":
                    second.add(match["list"])
            elif (
                isinstance(leaf.value, str)
                and leaf.value[:2].strip() in {"[{", "["}
                and (size := _records_in(leaf.value))
            ):
                yield Hit(
                    leaf.where,
                    leaf.value,
                    Level.BREACH,
                    "rows",
                    "holds rows of a result",
                    f"JSON in a text, {size} records",
                )
    for where in sorted(second):
        yield Hit(
            where,
            lists[where],
            Level.BREACH,
            "rows",
            "holds rows of a result",
            f"a list of records, {len(lists[where])} values",
        )


def _records_in(text: str) -> int:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return 0
    alike = (
        isinstance(rows, list)
        and len(rows) > 1
        and all(isinstance(row, dict) and len(row) > 1 and row.keys() == rows[0].keys() for row in rows)
    )
    return len(rows) if alike else 0


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
