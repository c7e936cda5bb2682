"""Reads the folder `schemas/` into a catalogue."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from telemetry_audit.catalog.catalog import Catalog, Document, Promise
from telemetry_audit.catalog.contract import Citation, Contract
from telemetry_audit.catalog.destinations import Destination
from telemetry_audit.catalog.fields import Schema
from telemetry_audit.model import Side

type Row = dict[str, Any]
type Inlined = Callable[[Path], Schema]


def data_folder(name: str) -> Path:
    """A folder of data that ships with the program: inside an installed package, or at the top of the repository."""
    installed = Path(__file__).parents[1] / "data" / name
    return installed if installed.is_dir() else Path(__file__).parents[3] / name


def load(folder: Path | None = None) -> Catalog:
    """The catalogue in `folder`, by default the one that ships with this program."""
    folder = folder or data_folder("schemas")

    @cache  # most schemas share what surrounds an event: it is read once, and is one object in all of them
    def inlined(path: Path) -> Schema:
        return _inlined(_read(path), path, inlined)

    events = (_event(path, inlined) for path in sorted((folder / "events").glob("*.schema.json")))
    return Catalog(
        documents=tuple(Document(**_tuples(row)) for row in _rows(folder, "document")),
        promises=tuple(Promise(**_tuples(row)) for row in _rows(folder, "promise")),
        destinations=tuple(Destination(**_destination(row)) for row in _rows(folder, "destination")),
        events=tuple(events),
        families=tuple(_family(folder, row, inlined) for row in _rows(folder, "family", "families")),
        unknown=_shared(folder, "unknown", inlined),
        transport=_shared(folder, "transport", inlined),
        digest=_digest(folder),
    )


def _rows(folder: Path, noun: str, file: str = "") -> list[Row]:
    rows: list[Row] = tomllib.loads((folder / f"{file or noun + 's'}.toml").read_text("utf-8"))[noun]
    return rows


def _tuples(row: Row) -> Row:
    return {
        key: _citations(value) if key in {"documents", "documented"} else _frozen(value) for key, value in row.items()
    }


def _citations(rows: list[Row]) -> tuple[Citation, ...]:
    return tuple(Citation(row["edition"], row["heading"]) for row in rows)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _destination(row: Row) -> Row:
    return _tuples(row) | {"side": Side(row.get("side", Side.UNKNOWN))}


def _event(path: Path, inlined: Inlined) -> Contract:
    schema = inlined(path)
    return Contract(
        id=path.name.removesuffix(".schema.json"),
        title=schema["title"],
        schema=schema,
        samples=_samples(path),
        **_card(schema["x-event"]),
    )


def _family(folder: Path, row: Row, inlined: Inlined) -> Contract:
    path = folder / row.pop("schema")
    schema = inlined(path)
    return Contract(title=str(schema["title"]), schema=schema, samples=_samples(path), family=True, **_card(row))


def _samples(schema: Path) -> Path:
    return schema.with_name(schema.name.replace(".schema.json", ".samples.json"))


def _shared(folder: Path, name: str, inlined: Inlined) -> Contract:
    """The contract of something that is no event of Appsmith's and that no document can therefore show."""
    schema = inlined(folder / f"{name}.schema.json")
    return Contract(
        id=name,
        title=str(schema["title"]),
        says=str(schema["description"]),
        kind=name,
        side=Side.UNKNOWN,
        purpose=name,
        documented=(),
        names=(),
        schema=schema,
    )


def _card(card: Row) -> Row:
    return _tuples(card) | {"side": Side(card["side"])}


def _read(path: Path) -> Schema:
    schema = json.loads(path.read_text("utf-8"))
    return {key: value for key, value in schema.items() if key not in {"$id", "$schema"}}


def _inlined(schema: Schema, path: Path, inlined: Inlined) -> Schema:
    """The schema with each `$ref` replaced by what the file beside it says, so that a validator has nothing to fetch."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return inlined(path.parent / reference)
    return {key: _inlined_value(value, path, inlined) for key, value in schema.items()}


def _inlined_value(value: object, path: Path, inlined: Inlined) -> object:
    if isinstance(value, dict):
        return _inlined(value, path, inlined)
    return [_inlined_value(item, path, inlined) for item in value] if isinstance(value, list) else value


def _digest(folder: Path) -> str:
    """SHA-256 over the names and contents of the folder's data, which versions the catalogue in a report."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".toml"}:
            total.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
