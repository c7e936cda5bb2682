"""Exports of a datasource: the values in the columns that count, without those that stand in telemetry by chance."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from telemetry_audit.lists.common import telling
from telemetry_audit.lists.error import ListError
from telemetry_audit.lists.plain import read_text

_DELIMITERS = ",;\t|"
_LONGEST_CELL = 16 << 20
_MOST_VALUES = 2_000_000
"""Values of one export; their digests would come to more than a gigabyte."""

_SUFFIXES = {".csv": "table", ".tsv": "table", ".json": "json", ".jsonl": "lines", ".ndjson": "lines", ".txt": "list"}
_THE_ONLY = "value"


class Column(NamedTuple):
    """A file and the names of its columns that count; none for all."""

    path: Path
    columns: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """`FILE` or `FILE:COLUMN,COLUMN…`."""
        path, colon, columns = text.rpartition(":")
        if not colon or not path or Path(text).exists() or "/" in columns or "\\" in columns:
            return cls(Path(text), ())
        return cls(Path(path), tuple(name.strip() for name in columns.split(",") if name.strip()))


@dataclass(frozen=True, slots=True)
class Export:
    """The values to look for, each once, and how many others were left out as too short or too common."""

    values: tuple[str, ...]
    skipped: int


def read_export(wanted: Column) -> Export:
    """The values of an export. Raises ListError."""
    cells: dict[str, Counter[str]] = {}
    for column, value in _cells(wanted.path):
        if text := value.strip():
            cells.setdefault(column, Counter())[text] += 1
    chosen = _chosen(cells, wanted)
    kept = dict.fromkeys(text for counter in chosen.values() for text in telling(counter))
    given = {text for counter in chosen.values() for text in counter}
    if not given:
        raise ListError(f"{wanted.path} holds no value, so nothing would be looked for.")
    if len(kept) > _MOST_VALUES:
        raise ListError(f"{wanted.path} holds more than {_MOST_VALUES:,} values. Choose columns, or take a part of it.")
    return Export(tuple(kept), len(given) - len(kept))


def _chosen(cells: Mapping[str, Counter[str]], wanted: Column) -> dict[str, Counter[str]]:
    """The columns of these names, or whose last part has one of them: `email` is `customer.email` too."""
    if not wanted.columns:
        return dict(cells)
    folded = {name.casefold() for name in wanted.columns}
    chosen = {
        name: counter
        for name, counter in cells.items()
        if name.casefold() in folded or name.casefold().rpartition(".")[2] in folded
    }
    found = {name.casefold() for name in chosen} | {name.casefold().rpartition(".")[2] for name in chosen}
    missing = len(folded - found)
    if missing:
        raise ListError(f"{wanted.path} lacks {missing} of the columns that were named, or nothing stands in them.")
    return chosen


def _cells(path: Path) -> Iterator[tuple[str, str]]:
    """Pairs of the name of a column and what stands in one of its cells."""
    text = read_text(path)
    kind = _SUFFIXES.get(path.suffix.lower()) or _told(text)
    try:
        if kind == "table":
            return _table(text, path)
        if kind == "json":
            return _records(json.loads(text))
        if kind == "lines":
            return _records([json.loads(line) for line in text.splitlines() if line.strip()])
    except (ValueError, RecursionError):
        raise ListError(f"{path} cannot be read as JSON.") from None
    return ((_THE_ONLY, line) for line in text.splitlines())


def _told(text: str) -> str:
    """The kind of a file whose name does not tell: what begins like JSON is JSON."""
    start = text.lstrip()[:1]
    if start == "[":
        return "json"
    if start == "{":
        try:
            json.loads(text)
        except ValueError:
            return "lines"
        return "json"
    return "table" if any(mark in text.partition("\n")[0] for mark in _DELIMITERS) else "list"


def _table(text: str, path: Path) -> Iterator[tuple[str, str]]:
    """Tables with the names of the columns in the first line; what is most frequent there separates."""
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        names = [name.strip() for name in next(rows, [])]
        for row in rows:
            for number, cell in enumerate(row):
                yield (names[number] if number < len(names) else f"{number + 1}"), cell
    except csv.Error:
        raise ListError(f"{path} cannot be read as a table.") from None


def _records(data: object) -> Iterator[tuple[str, str]]:
    """Every value of a document under the names on the way to it, `customer.email`; lists have none."""
    waiting: list[tuple[str, object]] = [("", data)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend((f"{name}.{key}" if name else str(key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend((name, inner) for inner in value)
        elif isinstance(value, str):
            yield name or _THE_ONLY, value
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield name or _THE_ONLY, str(value)
