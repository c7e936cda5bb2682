"""What a datasource was asked: SQL as a program writes it, and not a sentence that happens to hold its words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_NAME = r"[\"'`\[]?[A-Za-z_][\w.$\"`\]\[]{0,127}"
_SPACE = r"\s{1,20}"
_STATEMENTS = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        rf"\bSELECT{_SPACE}(?:DISTINCT{_SPACE})?(?:\*|[^;]{{1,400}}?){_SPACE}FROM{_SPACE}{_NAME}\s{{0,20}}(?:;|WHERE\b|JOIN\b|LIMIT{_SPACE}[0-9$?:]|ORDER{_SPACE}BY|GROUP{_SPACE}BY)",
        rf"\bSELECT{_SPACE}(?:\*|COUNT\s?\()",
        rf"\bINSERT{_SPACE}INTO{_SPACE}{_NAME}\s{{0,20}}(?:\(|VALUES\b|SELECT\b)",
        rf"\bUPDATE{_SPACE}{_NAME}{_SPACE}SET{_SPACE}{_NAME}\s{{0,20}}=",
        rf"\bDELETE{_SPACE}FROM{_SPACE}{_NAME}\s{{0,20}}(?:;|WHERE\b)",
    )
)


def _find(text: str) -> Iterator[Shape]:
    for statement in _STATEMENTS:
        if match := statement.search(text):
            yield Shape("query", match.group())
            return


QUERY = Detector(
    id="query",
    says="The text of an SQL query.",
    names={"query": "the text of a query"},
    triggers=(" ", "\n", "\t"),
    find=_find,
    examples=(
        Example("SELECT * FROM users WHERE email = 'jane'", ("query",)),
        Example("select id, name from public.users where id = 7", ("query",)),
        Example("INSERT INTO people (name) VALUES ('Jane')", ("query",)),
        Example("update users set name = 'x' where id = 1", ("query",)),
        Example("DELETE FROM sessions;", ("query",)),
        Example("Select a table from the list", ()),
        Example("Update available, set it up", ()),
        Example("Choose where to insert into the page", ()),
    ),
)
