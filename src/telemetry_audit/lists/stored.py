"""Known values on disk: keyed digests in one file, the key in another, so that neither alone says anything and the values are nowhere.

A line of text that says what it is, a line of JSON, then the table's two blocks. Who has both files can try values, as with any hash of what can
be guessed.
"""

from __future__ import annotations

import json
import sys
from array import array
from dataclasses import dataclass
from pathlib import Path

import msgspec

from telemetry_audit.detectors.known import MISSING, RECORD, Index, Source, Table
from telemetry_audit.lists.error import ListError

_MAGIC = b"telemetry-audit known values 1\n"
_KEY_SIZE = 32


class _Head(msgspec.Struct):
    sources: list[tuple[str, int]]
    skipped: int
    bits: int
    records: int
    lengths: list[int]
    lacks: list[str]


@dataclass(frozen=True, slots=True)
class Stored:
    """An index, and how many values were left out of it as too short or too common."""

    index: Index
    skipped: int


def key_path(path: Path) -> Path:
    """Where the key of a file lies: beside it."""
    return path.with_name(f"{path.name}.key")


def is_stored(path: Path) -> bool:
    """Whether a file holds keyed digests. Raises ListError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError as problem:
        raise ListError(f"The list {path} cannot be read: {problem.strerror}.") from None
    except ValueError:
        raise ListError("The name of a list holds a character that no file's name can hold.") from None


def packed(stored: Stored) -> tuple[bytes, bytes]:
    """The bytes of the file and of its key's file."""
    index = stored.index
    table = index.complete()
    starts = array("I", table.starts)
    if sys.byteorder == "big":
        starts.byteswap()
    head = {
        "sources": [list(source) for source in index.sources],
        "skipped": stored.skipped,
        "bits": table.bits,
        "records": len(table.records),
        "lengths": sorted(index.lengths),
        "lacks": list(MISSING),
    }
    content = b"".join((_MAGIC, json.dumps(head).encode(), b"\n", starts.tobytes(), table.records))
    return content, index.key.hex().encode() + b"\n"


def load_stored(path: Path) -> Stored:
    """The index in a file, with the key beside it. Raises ListError."""
    try:
        content = path.read_bytes()
        key = bytes.fromhex(key_path(path).read_text("ascii").strip())
    except OSError as problem:
        raise ListError(f"{problem.filename} cannot be read: {problem.strerror}. The digests need their key.") from None
    except ValueError:
        raise ListError(f"{key_path(path)} is not the key that `telemetry-audit known build` wrote.") from None
    try:
        line, _, blocks = content.removeprefix(_MAGIC).partition(b"\n")
        head = msgspec.json.decode(line, type=_Head)
        starts = array("I")
        length = ((1 << head.bits) + 1) * starts.itemsize
        starts.frombytes(blocks[:length])
        if sys.byteorder == "big":
            starts.byteswap()
        table = Table(head.bits, starts, blocks[length:])
        sound = len(key) == _KEY_SIZE and len(table.records) == head.records == RECORD * starts[-1]
    except (ValueError, IndexError, MemoryError, msgspec.DecodeError):
        sound = False
    if not sound:
        raise ListError(f"{path} or its key is damaged. Build it anew with `telemetry-audit known build`.")
    sources = tuple(Source(kind, count) for kind, count in head.sources)
    return Stored(Index(key, sources, table, frozenset(head.lengths)), head.skipped)
