"""Rows of a result as a text: with commas, tabs or semicolons between, as a table with lines, as XML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape
from telemetry_audit.detectors.word_set import word_set

_HEAD = re.compile(r"\"?[A-Za-z_][\w .()-]{0,40}\"?")
_TELLING = re.compile(r"[0-9@]|[A-Za-z]{2} [A-Za-z]{2}")
_RULE = re.compile(
    r"^[ |]{0,2}(?:[-=:]{2,}[ ]?[|+][ ]?)+[-=:]*[|+ ]{0,2}\r?$|^\+(?:[-=]{2,}\+){1,}\r?$|^\|?(?: ?:?-{2,}:? ?\|){1,} ?(?::?-{2,}:? ?)?\r?$",
    re.MULTILINE,
)
_PIPES = re.compile(r"^[^\n|]{0,200}\|[^\n]{0,1000}$", re.MULTILINE)
_ROW = re.compile(
    r"<(?P<row>[A-Za-z_][\w.:-]{0,40})(?: [^<>]{0,200})?>\s{0,40}"
    r"(?:<(?P<cell>[A-Za-z_][\w.:-]{0,40})(?: [^<>]{0,200})?>[^<>]{0,400}</(?P=cell)>\s{0,40}){2,64}</(?P=row)>"
)
_ATTRIBUTES = re.compile(
    r"<(?P<tag>[A-Za-z_][\w.:-]{0,40}) (?P<name>[A-Za-z_][\w.:-]{0,40})=(?:\"[^\"<>]{0,400}\"|'[^'<>]{0,400}')"
    r"(?: [A-Za-z_][\w.:-]{0,40}=(?:\"[^\"<>]{0,400}\"|'[^'<>]{0,400}')){1,40}+\s?/?>(?:[^<>]{0,200}</(?P=tag)>)?\s{0,8}<(?P=tag) (?P=name)="
)
_NOT_DATA = word_set(
    """
html body head div span p ul ol li svg g defs style script nav section article header footer form button a path symbol circle rect line
polygon polyline ellipse stop use img input option meta link source area col br hr text tspan image
"""
)
_DELIMITERS = (",", "\t", ";", "|")
_LAST = re.compile(r"[:('\"=]\s?|/")
_MOST_LINES = 8
_FEWEST_COLUMNS = 2
_SURE_COLUMNS = 3
_LONGEST_LINE = 4000


def _find(text: str) -> Iterator[Shape]:
    if "|" in text and _RULE.search(text) and len(_PIPES.findall(text)) >= 2 and _TELLING.search(text):  # noqa: PLR2004 - a head and a row
        yield Shape("rows", text)
        return
    if ("</" in text or "/>" in text) and _is_xml(text):
        yield Shape("rows", text)
        return
    if "\n" in text and _is_separated(text):
        yield Shape("rows", text)


def _is_separated(text: str) -> bool:
    lines = [
        line.rstrip("\r") for line in text[: _MOST_LINES * _LONGEST_LINE].split("\n")[:_MOST_LINES] if line.strip()
    ]
    return any(
        _rows_with(lines[start:], delimiter)
        for start in range(min(2, len(lines)))
        for delimiter in _DELIMITERS
        if delimiter in lines[start]
    )


def _rows_with(lines: list[str], delimiter: str) -> bool:
    """Whether a head of column names is followed by rows with as many cells, of which some hold more than a word."""
    head = _cells(lines[0], delimiter)
    head[0] = _LAST.split(head[0])[-1]
    if (
        len(head) < _FEWEST_COLUMNS
        or len(set(head)) < len(head)
        or not all(_HEAD.fullmatch(cell.strip()) for cell in head)
    ):
        return False
    if any(cell != cell.strip() for cell in head) and delimiter == ",":
        return False
    rows = []
    for line in lines[1:]:
        cells = _cells(line, delimiter)
        if len(cells) != len(head):
            break
        rows.append(cells)
    if not rows or (len(rows) < 2 and len(head) < _SURE_COLUMNS):  # noqa: PLR2004 - one row of two cells is a sentence with a comma
        return False
    return any(_TELLING.search(cell) for row in rows for cell in row) and not any(
        cell.startswith(" ") and delimiter == "," for row in rows for cell in row[1:]
    )


def _cells(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    cells, quoted, cell = [], False, ""
    for character in line[:_LONGEST_LINE]:
        if character == '"':
            quoted = not quoted
        elif character == delimiter and not quoted:
            cells.append(cell)
            cell = ""
            continue
        cell += character
    return [*cells, cell]


def _is_xml(text: str) -> bool:
    for match in _ATTRIBUTES.finditer(text):
        if match["tag"].lower() not in _NOT_DATA and _TELLING.search(match.group()):
            return True
    found = Counter(
        match["row"]
        for match in _ROW.finditer(text)
        if match["row"].lower() not in _NOT_DATA
        and match["cell"].lower() not in _NOT_DATA
        and _TELLING.search(match.group())
    )
    return bool(found)


TABLE = Detector(
    id="table",
    says="A table as a text, with a head and rows with something in them (RFC 4180, tabs, what psql and MySQL print, Markdown), or a record as XML.",
    names={"rows": "rows of a table in a text"},
    triggers=("\n", "</", "/>"),
    find=_find,
    examples=(
        Example("id,name\n7,Jane\n8,Joe", ("rows",)),
        Example('id,name,city\n7,"Roe, Jane",Berlin', ("rows",)),
        Example("id\tname\n7\tJane Roe\n8\tJoe", ("rows",)),
        Example(" id | name \n----+------\n  7 | Jane\n(1 row)", ("rows",)),
        Example("| id | name |\n|----|------|\n| 7 | Jane |", ("rows",)),
        Example("+----+------+\n| id | name |\n+----+------+\n|  7 | Jane |\n+----+------+", ("rows",)),
        Example("<rows><row><id>7</id><name>Jane</name></row></rows>", ("rows",)),
        Example('<row id="7" name="Jane"/><row id="8" name="Joe"/>', ("rows",)),
        Example('<path d="M1 1" fill="red"/><path d="M2 22" fill="red"/>', ()),
        Example("Error, here\nat x, y", ()),
        Example("TypeError: a is b\n    at f (x.js:1:2)\n    at g (y.js:3:4)", ()),
        Example("<div><p>Hello</p><p>7 worlds</p></div>", ()),
        Example("a,b\nc,d\ne,f", ()),
        Example("Hello, 7 worlds\nand, 8 more", ()),
    ),
)
