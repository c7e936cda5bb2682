"""What a datasource was asked: a query as a program writes it, and not a sentence that happens to hold its words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape
from telemetry_audit.detectors.sql import ALIAS, CONDITION, NAME, select_in

_KEY = r"\\{{0,3}}\"(?:{})\\{{0,3}}\"\s*+:\s*+"
_OTHERS = (  # compiled by what looks for one, since few recordings hold any
    (
        "into",
        (
            rf"\b(?:INSERT|REPLACE)\s++INTO\s++{NAME}\s*+(?:\([\w\s,.\"`\[\]]++\)\s*+)?(?:VALUES\s*+\(|SELECT\s|SET\s++{NAME}\s*+=)"
            rf"|\b(?-i:INSERT INTO)\s++{NAME}\s*+\("
        ),
    ),
    ("update", rf"\bUPDATE\s++(?:ONLY\s++)?{NAME}{ALIAS}\s++SET\s++{NAME}\s*+="),
    (
        "delete",
        rf"\bDELETE\s++FROM\s++{NAME}{ALIAS}\s*+(?:;|{CONDITION})|\b(?-i:DELETE FROM)\s++{NAME}\s*+(?:WHERE\b|\Z)",
    ),
    (
        "select",
        rf"\bWITH\s++(?:RECURSIVE\s++)?{NAME}\s*+(?:\([^()]{{0,200}}\)\s*+)?AS\s*+(?:(?:NOT\s++)?MATERIALIZED\s*+)?\(\s*+SELECT\s",
    ),
    ("select", r"\bSELECT\s++[\w.\"]++\s?\((?:\*|'|\$[0-9]|\?)"),
    (
        "where",
        r"\bWHERE\s++[(\s]*+[\w.\"`\[\]]++\s*+(?:=|<>|!=|>=?|<=?|I?LIKE\b|IN\s*+\()\s*+(?:N?'|\"[^\"]|[0-9])",
    ),
    ("values", r"\bVALUES\s*+\(\s*+(?:N?'|[0-9]{1,12}\s*+,)"),
    ("exec", rf"\b(?:(?-i:EXEC|EXECUTE)\s++{NAME}\s++(?:N?'|[0-9])|EXEC(?:UTE)?\s++{NAME}\s++@\w++\s*+=)"),
    ("call", rf"\bCALL\s++{NAME}\s*+\((?:\s*+(?:N?'|[0-9]|:|\?|\$))"),
    ("copy", rf"\b(?-i:COPY)\s++{NAME}\s*+(?:\([\w\s,\"]++\)\s*+)?(?-i:FROM|TO)\s++(?:'|STDIN|STDOUT|PROGRAM)"),
    (
        "user",
        rf"\b(?:ALTER|CREATE)\s++(?:USER|LOGIN)\s++(?:IF\s++(?:NOT\s++)?EXISTS\s++)?['\"`]?{NAME}[^;\n]{{0,80}}?(?:PASSWORD|IDENTIFIED\s++BY)\s*+=?\s*+N?['\"]",
    ),
    ("merge", rf"\bMERGE\s++INTO\s++{NAME}{ALIAS}\s++USING\s"),
    (
        "table",
        rf"\b(?-i:(?:CREATE|ALTER|DROP|TRUNCATE)(?: TEMPORARY| TEMP)? TABLE)\s++(?:IF\s++(?:NOT\s++)?EXISTS\s++)?{NAME}",
    ),
    (
        '":',
        r"\{\s*+"
        + _KEY.format("find|aggregate|insert|update|delete|findAndModify|count|distinct")
        + r"\\{0,3}\"[^\"]{1,120}\"\s*+,\s*+"
        + _KEY.format(r"filter|pipeline|query|documents|updates|deletes|projection|sort|limit|key|\$db"),
    ),
)


def _find(text: str) -> Iterator[Shape]:
    low = text.lower()
    start = select_in(text) if "select" in low and "from" in low else -1
    if start >= 0:
        yield Shape("query", text[start:])
        return
    for word, statement in _OTHERS:
        if word in low and (match := re.search(statement, text, re.IGNORECASE)):
            yield Shape("query", match.group())
            return


_QUERIES = """
SELECT * FROM users WHERE email = 'jane'
select id, name from public.users where id = 7
SELECT u.id FROM users u WHERE u.name LIKE 'J%'
select u.id from users as u left join orders o on o.by = u.id
SELECT a.x, b.y FROM a, b WHERE a.id = b.id
SELECT name, email FROM customers
SELECT EXTRACT(YEAR FROM born) FROM people ORDER BY 1
select find_user('jane')
WITH x AS (SELECT 1) SELECT y
INSERT INTO people (name) VALUES ('Jane')
INSERT INTO people SET name='Jane', age=31
COPY people FROM '/tmp/people.csv' WITH CSV
ALTER USER app WITH PASSWORD 's3cret'
update users set name = 'x' where id = 1
UPDATE users u SET x = 1
DELETE FROM sessions;
near "WHERE email = 'jane'" at line 1
EXEC dbo.FindUser @name = 'Jane'
CALL find_user('Jane')
ALTER TABLE users ADD age int
{"find": "users", "filter": {"name": "Jane"}}
{"aggregate":"users","pipeline":[]}
"""

_SENTENCES = """
Select a table from the list
Select * from the menu
Select name from list
select count (of items)
Update available, set it up
Choose where to insert into the page
Delete from here
Know where it is, create table now, and call me (now)
{"find": "a"}
"""

QUERY = Detector(
    id="query",
    says="The text of an SQL query or of a MongoDB command.",
    names={"query": "the text of a query"},
    triggers=(" ", "\n", "\t", '":'),
    find=_find,
    exact=True,
    examples=(
        *(Example(text, ("query",)) for text in _QUERIES.strip().splitlines()),
        *(Example(text, ()) for text in _SENTENCES.strip().splitlines()),
    ),
)
