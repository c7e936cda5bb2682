"""Rows of a result as JSON inside a text."""

from __future__ import annotations

import json
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_FEWEST = 2


def _find(text: str) -> Iterator[Shape]:
    start = text.lstrip()
    if not start.startswith("[") or not start[1:].lstrip().startswith("{"):
        return
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return
    if len(rows) >= _FEWEST and all(
        isinstance(row, dict) and len(row) >= _FEWEST and row.keys() == rows[0].keys() for row in rows
    ):
        yield Shape("rows", text)


ROWS = Detector(
    id="rows",
    says="A JSON list of at least two objects with the same two or more keys, as a text.",
    names={"rows": "rows as JSON in a text"},
    triggers=("{",),
    find=_find,
    examples=(
        Example('[{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]', ("rows",)),
        Example('[{"id": 1, "name": "a"}]', ()),
        Example('[{"id": 1}, {"name": 2}]', ()),
        Example("[{{Table1.selectedRow}}]", ()),
    ),
)
