"""Leaks of what belongs to a datasource, and of what names people beside."""

from __future__ import annotations

import json
from collections.abc import Callable

from detection.links import url_with_person, url_with_token, user_path
from detection.people import People
from detection.queries import other_query, row_error, sql
from detection.row import CONTENT, NAMED, SECRET, Json, Leak
from detection.tables import (
    Table,
    as_attributes,
    as_box,
    as_columns,
    as_csv,
    as_fields,
    as_graphql,
    as_hits,
    as_html,
    as_java,
    as_pipes,
    as_python,
    as_resources,
    as_xml,
    table,
)

_ANSWERS = (
    "data",
    "rows",
    "result",
    "records",
    "response",
    "body",
    "results",
    "documents",
    "queryResult",
    "responseData",
)
_ROWS = ("row", "record", "selectedRow", "triggeredRow", "rowData")
_TEXTS = ("text", "value", "detail", "state", "extra", "message", "info", "payload")
_MOST_ROWS = 12


def content_leaks(people: People) -> dict[str, Callable[[], Leak]]:
    """A maker for each kind of datasource content, and for the URLs and paths that name a person."""
    draw = people.draw

    def either(*writers: Callable[[Table], Json]) -> Callable[[Table], Json]:
        def write(made: Table) -> Json:
            return draw.one(writers)(made)

        return write

    rows: dict[str, Callable[[Table], Json]] = {
        "rows, JSON text": lambda made: json.dumps(made, ensure_ascii=draw.happens(0.5)),
        "rows, JSON lines": lambda made: "\n".join(map(json.dumps, made)),
        "rows, CSV": lambda made: as_csv(made, draw.one((",", ",", ";", "\t"))),
        "rows, pipes": lambda made: as_pipes(made, markdown=draw.happens(0.5)),
        "rows, XML": either(as_xml, as_attributes),
        "rows, box": as_box,
        "rows, Java or Python text": either(as_java, as_python),
        "rows, HTML": as_html,
    }
    structures: dict[str, Callable[[Table], Json]] = {
        "rows, objects": lambda made: made,
        "rows, lists": lambda made: [list(made[0]), *(list(row.values()) for row in made)],
        "rows, answers": either(as_columns, as_hits, as_fields, as_graphql, as_resources),
    }
    texts: dict[str, tuple[Callable[[People], str], frozenset[str], tuple[str, ...]]] = {
        "SQL": (sql, CONTENT, ("query", *_TEXTS)),
        "other query": (other_query, CONTENT, ("query", *_TEXTS)),
        "row in an error": (row_error, CONTENT, ("errorMessage", "error", *_TEXTS)),
        "URL that names a person": (url_with_person, NAMED, ("url", "link", "href", "redirectUrl")),
        "URL with a token": (url_with_token, SECRET, ("url", "link", "href")),
        "path with a user": (user_path, NAMED, ("path", "file", *_TEXTS)),
    }

    def of_rows(kind: str, write: Callable[[Table], Json], keys: tuple[str, ...]) -> Callable[[], Leak]:
        return lambda: Leak(kind, write(table(people, draw.randint(2, _MOST_ROWS))), CONTENT, keys)

    def of_text(kind: str) -> Callable[[], Leak]:
        make, promises, keys = texts[kind]
        return lambda: Leak(kind, make(people), promises, keys)

    return {
        **{kind: of_text(kind) for kind in texts},
        **{kind: of_rows(kind, write, _ANSWERS) for kind, write in structures.items()},
        **{kind: of_rows(kind, write, _TEXTS) for kind, write in rows.items()},
        "rows, one object": lambda: Leak("rows, one object", table(people, 1)[0], CONTENT | NAMED, _ROWS, hinted=True),
    }
