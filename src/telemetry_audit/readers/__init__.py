"""Bytes to exchanges: what kind of recording a file is, and one item for each thing in it."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers import dump, har, stored
from telemetry_audit.readers.source import NotARecording, Source, open_source

__all__ = ["READERS", "NotARecording", "Reader", "Recording", "exchanges", "open_recording"]

NOT_UNPACKED = "The compressed recording is damaged or cut off, and the rest of it could not be unpacked."
_HEAD = 1 << 16


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
    """One recording, opened and told of what kind it is.

    `name` is as the user gave it, "-" for standard input; `kind` is a reader's id. `size` (bytes) and `sha256`
    (hexadecimal) are of the file as it is. `secret` is 32 bytes that only who has the file can know: they key the
    fingerprints. `source` is for this room alone.
    """

    name: str
    kind: str
    size: int
    sha256: str
    secret: bytes = field(repr=False)
    source: Source = field(repr=False, compare=False)


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


def open_recording(name: str) -> Recording:
    """Opens the file `name`, or standard input for "-", and tells by its content of what kind it is.

    Raises NotARecording, whose sentence holds nothing of the content, and OSError as opening and reading do.
    """
    expected = "; ".join(f"{reader.id} ({reader.says})" for reader in READERS)
    try:
        source = open_source(name)
    except NotARecording as error:
        raise NotARecording(f"expected one of: {expected}; but {error}") from None
    head = source.content[:_HEAD]
    for reader in READERS:
        if reader.recognises(head):
            return Recording(name, reader.id, source.size, source.sha256, source.secret, source)
    look = next((look for pattern, look in _LOOKS if pattern.match(head)), "binary data of another shape")
    raise NotARecording(f"expected one of: {expected}; but it looks like {look}")


def exchanges(recording: Recording) -> Iterator[Exchange | Unread]:
    """Exactly one item for each entry, numbered without gaps from 0; may be called again, and then starts anew."""
    reader = next(reader for reader in READERS if reader.id == recording.kind)
    number = -1
    for item in reader.read(recording.name, recording.source.content):
        number = item.number
        yield item
    if not recording.source.whole:
        yield Unread(recording.name, number + 1, "", NOT_UNPACKED)
