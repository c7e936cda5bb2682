"""Rows as programs print them: Java's `{id=7, name=Jane}`, Python's `{'id': 7, 'name': 'Jane'}`, objects' `User(id=7, name=Jane)`, YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice, repeat

from telemetry_audit.detectors.detector import Detector, Example, Shape
from telemetry_audit.detectors.word_set import word_set

_SEVERAL = re.compile(r"\{'?(?P<first>[A-Za-z_]\w{0,40})'?(?:=|: )[^{}]{1,2000}\}\s?,\s?\{'?(?P=first)'?(?:=|: )")
_NEXT_OBJECT = re.compile(r"[)\]]\s?,\s?(?P<kind>[A-Z]\w{0,40})[(\[](?P<named>[A-Za-z_]\w{0,40})=")
_LONGEST_OBJECT = 2100
_ONE = re.compile(r"\[\{'?[A-Za-z_]\w{0,40}'?(?:=|: )[^{}]{1,2000}\}\]")
_QUOTED = r"(?:'[^'()\n]{0,200}'|\"[^\"()\n]{0,200}\")"
_TUPLE = rf"\((?:{_QUOTED}|[\w.+-]{{1,40}})(?:, ?(?:{_QUOTED}|[\w.+-]{{1,40}})){{1,40}}\)"
_TUPLES = re.compile(rf"[\[(]{_TUPLE},\s?{_TUPLE}")
_VALUE = re.compile(_QUOTED)
_PAIR = re.compile(r"[,{(\[] ?'?[A-Za-z_]\w{0,40}'?(?:=|: )(?P<value>[^,]{0,400})")
_TELLING = re.compile(r"@|[0-9]{2}|\w \w")
_FEWEST, _FEWEST_ALONE = 2, 3
_BLOCK = re.compile(
    r"^(?P<indent>[ \t]{0,16})- "
    r"(?P<members>[A-Za-z_][\w .-]{0,40}:[ \t][^\n]{0,1000}(?:\n(?P=indent)[ \t]{1,4}[A-Za-z_][\w .-]{0,40}:[ \t][^\n]{0,1000}){1,40})",
    re.MULTILINE,
)
_MEMBER = re.compile(r"^[ \t]*(?P<name>[A-Za-z_][\w .-]{0,40}):[ \t](?P<value>[^\n]*)", re.MULTILINE)
_MOST_BLOCKS = 8
_ID = re.compile(r"_?id|uuid|[A-Za-z]+(?:_id|Id)")
_OF_PROGRAMS = word_set("""
run uses with image command args cmd script steps step stage job jobs needs port ports containerport targetport protocol env kind apiversion
type event action level version widget widgetid widgetname component module package plugin path mountpath host url method task cron schedule
file line function col colno lineno timestamp time ts duration hosts
""")
"""Keys of pipelines, deployments, logs and layouts, which are written in YAML too."""


def _find(text: str) -> Iterator[Shape]:
    several = chain((match.group() for match in _SEVERAL.finditer(text)), _objects(text))
    alone = (match.group() for match in _ONE.finditer(text))
    for written, fewest in chain(zip(several, repeat(_FEWEST)), zip(alone, repeat(_FEWEST_ALONE))):
        values = [pair["value"] for pair in _PAIR.finditer(written)]
        if len(values) >= fewest and any(map(_TELLING.search, values)):
            yield Shape("rows", text)
            return
    for match in _TUPLES.finditer(text):
        if any(map(_TELLING.search, _VALUE.findall(match.group()))):
            yield Shape("rows", text)
            return
    if "\n" in text and "- " in text and _is_yaml(text):
        yield Shape("rows", text)


def _objects(text: str) -> Iterator[str]:
    """Each object and the beginning of the next one of its kind, found from the next one, so that no text is looked through from many beginnings."""
    end = 0
    for following in _NEXT_OBJECT.finditer(text):
        at = following.start()
        first = max(end, at - _LONGEST_OBJECT)
        starts = (text.rfind(f"{following['kind']}{bracket}{following['named']}=", first, at) for bracket in "([")
        start = max(starts)
        written = text[start : following.end()] if start >= 0 else ""
        if written and "{" not in written and "}" not in written:
            yield written
            end = following.start("kind")


def _is_yaml(text: str) -> bool:
    """Whether items of a YAML list (YAML 1.2, section 8.2) are like records: two or more, of three members or with an id, and none of a program's."""
    records = [
        {member["name"]: member["value"] for member in _MEMBER.finditer(block["members"])}
        for block in islice(_BLOCK.finditer(text), _MOST_BLOCKS)
    ]
    if len(records) < _FEWEST:
        return False
    names = set(records[0]).intersection(*records[1:])
    alone = len(names) < _FEWEST_ALONE and not any(map(_ID.fullmatch, names))
    if len(names) < _FEWEST or alone or not _OF_PROGRAMS.isdisjoint(name.lower() for name in names):
        return False
    return all(any(map(_TELLING.search, record.values())) for record in records)


RECORD_TEXT = Detector(
    id="record-text",
    says=(
        "Records as Java, Kotlin or Python print them: two or more that begin alike, one in a list with at least three fields, Python's tuples, or a "
        "list in YAML."
    ),
    names={"rows": "rows as a program prints them"},
    triggers=("{'", "=", "), (", "- "),
    find=_find,
    examples=(
        Example("[{id=7, name=Jane Roe}, {id=8, name=Joe}]", ("rows",)),
        Example("Saved [{'id': 77, 'name': 'Jane'}, {'id': 78, 'name': 'Joe'}]", ("rows",)),
        Example("[{id=7, name=Jane Roe, city=Berlin}]", ("rows",)),
        Example("[User(id=71, name=Jane), User(id=72, name=Joe)]", ("rows",)),
        Example("[('Jane Roe', 34), ('Joe Bloggs', 41)]", ("rows",)),
        Example("- id: 7\n  name: Jane Roe\n- id: 8\n  name: Joe Doe", ("rows",)),
        Example("found:\n  - name: Jane Roe\n    city: Bern\n    age: 31\n  - name: Joe Doe\n    city: Ulm\n    age: 44", ("rows",)),
        Example("- name: build\n  run: yarn build\n- name: test\n  run: yarn test", ()),
        Example("- name: http\n  port: 80\n  protocol: TCP\n- name: https\n  port: 443\n  protocol: TCP", ()),
        Example("- id: x\n  name: a\n- id: y\n  name: b", ()),
        Example("- first: all of it\n- second: none of it", ()),
        Example("[{a=1, b=2}, {a=1, b=3}]", ()),
        Example("[('a', 1), ('b', 2)], f(('x', 1), (y, 2))", ()),
        Example("f({a=1}), {b=2}, style={color: red}", ()),
        Example("[{ type: 'a', n: 1 }]", ()),
    ),
)  # fmt: skip
