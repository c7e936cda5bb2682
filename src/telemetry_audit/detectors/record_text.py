"""Rows as programs print them: Java's `{id=7, name=Jane}`, Python's `{'id': 7, 'name': 'Jane'}`, objects' `User(id=7, name=Jane)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_SEVERAL = re.compile(
    r"\{'?(?P<first>[A-Za-z_]\w{0,40})'?(?:=|: )[^{}]{1,2000}\}\s?,\s?\{'?(?P=first)'?(?:=|: )"
    r"|(?P<kind>[A-Z]\w{0,40})[(\[](?P<named>[A-Za-z_]\w{0,40})=[^{}]{1,2000}[)\]]\s?,\s?(?P=kind)[(\[](?P=named)="
)
_ONE = re.compile(r"\[\{'?[A-Za-z_]\w{0,40}'?(?:=|: )[^{}]{1,2000}\}\]")
_QUOTED = r"(?:'[^'()\n]{0,200}'|\"[^\"()\n]{0,200}\")"
_TUPLE = rf"\((?:{_QUOTED}|[\w.+-]{{1,40}})(?:, ?(?:{_QUOTED}|[\w.+-]{{1,40}})){{1,40}}\)"
_TUPLES = re.compile(rf"[\[(]{_TUPLE},\s?{_TUPLE}")
_VALUE = re.compile(_QUOTED)
_PAIR = re.compile(r"[,{(\[] ?'?[A-Za-z_]\w{0,40}'?(?:=|: )(?P<value>[^,]{0,400})")
_TELLING = re.compile(r"@|[0-9]{2}|\w \w")
_FEWEST, _FEWEST_ALONE = 2, 3


def _find(text: str) -> Iterator[Shape]:
    for form, fewest in ((_SEVERAL, _FEWEST), (_ONE, _FEWEST_ALONE)):
        for match in form.finditer(text):
            values = [pair["value"] for pair in _PAIR.finditer(match.group())]
            if len(values) >= fewest and any(map(_TELLING.search, values)):
                yield Shape("rows", text)
                return
    for match in _TUPLES.finditer(text):
        if any(map(_TELLING.search, _VALUE.findall(match.group()))):
            yield Shape("rows", text)
            return


RECORD_TEXT = Detector(
    id="record-text",
    says="Records as Java, Kotlin or Python print them: two or more that begin alike, one in a list with at least three fields, or Python's tuples.",
    names={"rows": "rows as a program prints them"},
    triggers=("{'", "=", "), ("),
    find=_find,
    examples=(
        Example("[{id=7, name=Jane Roe}, {id=8, name=Joe}]", ("rows",)),
        Example("Saved [{'id': 77, 'name': 'Jane'}, {'id': 78, 'name': 'Joe'}]", ("rows",)),
        Example("[{id=7, name=Jane Roe, city=Berlin}]", ("rows",)),
        Example("[User(id=71, name=Jane), User(id=72, name=Joe)]", ("rows",)),
        Example("[('Jane Roe', 34), ('Joe Bloggs', 41)]", ("rows",)),
        Example("[{a=1, b=2}, {a=1, b=3}]", ()),
        Example("[('a', 1), ('b', 2)], f(('x', 1), (y, 2))", ()),
        Example("f({a=1}), {b=2}, style={color: red}", ()),
        Example("[{ type: 'a', n: 1 }]", ()),
    ),
)  # fmt: skip
