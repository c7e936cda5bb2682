"""Bytes to exchanges: what kind of recording a file is, and one item for each thing in it."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field

from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers import dump, har, stored
from telemetry_audit.readers.copies import Copies
from telemetry_audit.readers.finding import Found, NothingFound, find
from telemetry_audit.readers.remote import EXTRA, WrongAddress, is_remote
from telemetry_audit.readers.source import Identity, NotARecording, Source, identify, open_source, reopen
from telemetry_audit.readers.unpacking import HEAD

__all__ = [
    "EXTRA",
    "READERS",
    "Copies",
    "Found",
    "NotARecording",
    "NothingFound",
    "Reader",
    "Recording",
    "WrongAddress",
    "exchanges",
    "expected",
    "find",
    "identify_recording",
    "open_recording",
]

NOT_UNPACKED = "The compressed recording is damaged or cut off, and the rest of it could not be unpacked."


@dataclass(frozen=True, slots=True)
class Reader:
    """One kind of recording.

    `recognises` tells from a recording's first 64 KiB whether it is of this kind. `read` takes the recording's name and
    its content, and yields one item for each entry, in order and numbered from 0.
    """

    id: str
    says: str
    recognises: Callable[[bytes], bool]
    read: Callable[[str, mmap.mmap], Iterator[Exchange | Unread]]


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording, told of what kind it is; either opened, or to be opened at `path` each time that it is read.

    `name` is as the user gave it, "-" for standard input; `kind` is a reader's id. `size` (bytes) and `sha256`
    (hexadecimal) are of the file as it is. `secret` is 32 bytes that only who has the file can know: they key the
    fingerprints. `source`, `path`, `stamp` and `copy` are for this room alone.
    """

    name: str
    kind: str
    size: int
    sha256: str
    secret: bytes = field(repr=False)
    source: Source | None = field(default=None, repr=False, compare=False)
    path: str = field(default="", repr=False)
    stamp: tuple[int, ...] = field(default=(), repr=False)
    copy: mmap.mmap | None = field(default=None, repr=False, compare=False)


READERS: tuple[Reader, ...] = (
    Reader("HAR", "an HTTP archive from a browser's developer tools or a proxy", har.recognises, har.read),
    Reader("stored events", "JSON that Segment or Mixpanel exports", stored.recognises, stored.read),
    Reader("mitmproxy dump", "what mitmproxy writes with -w or save.file", dump.recognises, dump.read),
)

_LOOKS = (
    (re.compile(rb"PK\x03\x04"), "a ZIP archive"),
    (
        re.compile(rb"\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4|\x0a\x0d\x0d\x0a"),
        "a packet capture, in which TLS is unreadable",
    ),
    (re.compile(rb"\x28\xb5\x2f\xfd|BZh|\xfd7zXZ"), "a file in a compression other than gzip"),
    (re.compile(rb"SQLite format 3\x00"), "a database; if it is a journal, `telemetry-audit report` reads it"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<"), "HTML or XML"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]"), "JSON of another shape"),
    (re.compile(rb"[^\x00]*\Z"), "text of another shape"),
)
_BINARY = "binary data of another shape"


def expected() -> str:
    """What a recording can be, in words."""
    return "; ".join(f"{reader.id} ({reader.says})" for reader in READERS)


def open_recording(name: str) -> Recording:
    """Opens the file `name`, or standard input for "-", and tells by its content of what kind it is.

    Raises NotARecording, whose sentence holds nothing of the content, and OSError as opening and reading do.
    """
    source = open_source(name)
    return Recording(name, _kind(source.content[:HEAD]), source.size, source.sha256, source.secret, source)


def identify_recording(name: str, path: str, copies: Copies | None = None) -> Recording:
    """The recording in the file or at the address `path`, which can be read again and is not kept open.

    What is at an address is copied where there is room, and such a recording cannot go to another process. Raises NotARecording as
    `open_recording` does, OSError, and WrongAddress.
    """
    kinds: list[str] = []
    with copies.begin() if copies and is_remote(path) else nullcontext() as copy:
        known = identify(path, lambda head: kinds.append(_kind(head)), copy.take if copy else None)
        kept = copy.done() if copy else None
    size, sha256, secret, stamp = known
    return Recording(name, kinds[0], size, sha256, secret, path=path, stamp=stamp, copy=kept)


def exchanges(recording: Recording) -> Iterator[Exchange | Unread]:
    """Exactly one item for each entry, numbered without gaps from 0; may be called again, and then starts anew.

    Of a recording that is not open, raises what opening raises, and NotARecording if it is no longer the same.
    """
    reader = next(reader for reader in READERS if reader.id == recording.kind)
    known = Identity(recording.size, recording.sha256, recording.secret, recording.stamp)
    source = recording.source or reopen(recording.path, known, recording.copy)
    number = -1
    for item in reader.read(recording.name, source.content):
        number = item.number
        yield item
    if not source.whole:
        yield Unread(recording.name, number + 1, "", NOT_UNPACKED)


def _kind(head: bytes) -> str:
    """The id of the reader for a recording that begins in this way. Raises NotARecording."""
    for reader in READERS:
        if reader.recognises(head):
            return reader.id
    raise NotARecording(f"it looks like {next((look for pattern, look in _LOOKS if pattern.match(head)), _BINARY)}")
