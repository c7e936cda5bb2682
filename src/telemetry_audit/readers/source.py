"""From a name to bytes in place: hashed in one pass, unpacked if they were packed, mapped and not loaded."""

from __future__ import annotations

import hashlib
import mmap
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from telemetry_audit.readers.remote import Stream, is_remote, open_remote
from telemetry_audit.readers.unpacking import HEAD, coding, head, inflated, is_packed, recoded

LARGEST_UNPACKED = 16 << 30
# It begins with a letter, and SHA-256's own padding with 0x80: the secret is no extension of the published digest.
SECRET_SUFFIX = b"telemetry-audit: the key of the fingerprints"
_STEP = 1 << 20

type _Readable = BinaryIO | FileIO | Stream


class NotARecording(ValueError):
    """The file is none of the recordings that can be read; the sentence holds nothing of its content."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes and what identifies them.

    `size` (bytes), `sha256` (hexadecimal) and `secret` (32 bytes) are of the file as it is. `content` is what stands in
    it: unpacked if it was compressed, UTF-8 if it was UTF-16. `whole` is False where the compressed file ends early or
    is damaged.
    """

    size: int
    sha256: str
    secret: bytes
    content: mmap.mmap
    whole: bool


class Identity(NamedTuple):
    """What identifies a file that can be read again: as in `Source`, and what the system says of a local one, which a change would change."""

    size: int
    sha256: str
    secret: bytes
    stamp: tuple[int, ...]


def open_source(name: str) -> Source:
    """Opens the file `name`, or standard input for "-"; what cannot be mapped goes to an unnamed temporary file first.

    Raises NotARecording for what is empty or unpacks to more than LARGEST_UNPACKED bytes, and OSError as opening and
    reading do.
    """
    if name == "-":
        return _taken(sys.stdin.buffer)
    with Path(name).open("rb", buffering=0) as file:
        return _taken(file)


def identify(path: str, see: Callable[[bytes], object], copy: Callable[[bytes], object] | None = None) -> Identity:
    """Hashes a file, or what is at an address of fsspec, in one pass, once `see` has taken the first `HEAD` bytes of what it holds.

    `copy` takes all the bytes of it as they are read.

    Raises NotARecording for what is empty, what `see` raises, OSError, and WrongAddress.
    """
    with open_remote(path) if is_remote(path) else Path(path).open("rb", buffering=0) as file:
        stamp = _stamp(file)
        digest = hashlib.sha256()
        pieces = _pieces(file, digest.update, copy)
        first = b""
        while len(first) < 2 * HEAD and (piece := next(pieces, b"")):
            first += piece
        beginning = head(first)
        if not beginning:
            raise NotARecording("it is empty")
        see(beginning)
        size = len(first) + sum(map(len, pieces))
    return Identity(size, digest.hexdigest(), _secret(digest), stamp)


def reopen(path: str, known: Identity, copy: mmap.mmap | None = None) -> Source:
    """Opens what `identify` identified, as it was then, even if it has grown since, or the copy that was made of it.

    Raises NotARecording if it is no longer the same or unpacks to more than LARGEST_UNPACKED bytes, OSError, and WrongAddress.
    """
    if copy is None and is_remote(path):
        with open_remote(path) as stream:
            source = _taken(stream)
        _refuse_another(source.sha256, known)
        return source
    content, whole = _unpacked(_local(path, known) if copy is None else copy)
    return Source(known.size, known.sha256, known.secret, _as_utf_8(content), whole)


def release(content: mmap.mmap, start: int, stop: int) -> int:
    """Gives the pages of content[start:stop] back, so that a long walk stays small; returns where to start next."""
    start -= start % mmap.PAGESIZE
    stop -= stop % mmap.PAGESIZE
    if stop > start and hasattr(mmap, "MADV_DONTNEED"):
        content.madvise(mmap.MADV_DONTNEED, start, stop - start)
    return stop


def _taken(file: _Readable) -> Source:
    digest = hashlib.sha256()
    pieces = _pieces(file, digest.update)
    if isinstance(file, FileIO) and stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        original = _mapped(file, sum(map(len, pieces)))
    else:
        original = _spooled(pieces)
    content, whole = _unpacked(original)
    return Source(len(original), digest.hexdigest(), _secret(digest), _as_utf_8(content), whole)


def _secret(digest: hashlib._Hash) -> bytes:
    secret = digest.copy()
    secret.update(SECRET_SUFFIX)
    return secret.digest()


def _local(path: str, known: Identity) -> mmap.mmap:
    with Path(path).open("rb", buffering=0) as file:
        original = _mapped(file, known.size)
        if _stamp(file) != known.stamp:
            _refuse_another(hashlib.sha256(original).hexdigest(), known)
    return original


def _stamp(file: _Readable) -> tuple[int, ...]:
    """What the system says of a local file, and changes when it is written to."""
    if not isinstance(file, FileIO):
        return ()
    state = os.fstat(file.fileno())
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


def _refuse_another(sha256: str, known: Identity) -> None:
    if sha256 != known.sha256:
        raise NotARecording("it changed while it was audited")


def _pieces(
    file: _Readable, see: Callable[[bytes], object], copy: Callable[[bytes], object] | None = None
) -> Iterator[bytes]:
    while piece := file.read(_STEP):
        see(piece)
        if copy:
            copy(piece)
        yield piece


def _mapped(file: BinaryIO | FileIO, size: int) -> mmap.mmap:
    if not size:
        raise NotARecording("it is empty")
    try:
        return mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
    except ValueError as error:
        raise NotARecording("it became shorter while it was read") from error


def _spooled(pieces: Iterable[bytes]) -> mmap.mmap:
    """Maps an unnamed temporary file that holds the pieces; it vanishes with the mapping."""
    import tempfile  # noqa: PLC0415 - it loads every archiver of the standard library

    size = 0
    with tempfile.TemporaryFile() as file:
        for piece in pieces:
            size += file.write(piece)
            if size > LARGEST_UNPACKED:
                raise NotARecording(f"it holds more than {LARGEST_UNPACKED >> 30} GiB")
        file.flush()
        return _mapped(file, size)


def _walked(content: mmap.mmap) -> Iterator[bytes]:
    """All of the content piece by piece, each given back to the system before the next."""
    for at in range(0, len(content), _STEP):
        piece = content[at : at + _STEP]
        release(content, at, at + _STEP)
        yield piece


def _unpacked(content: mmap.mmap) -> tuple[mmap.mmap, bool]:
    """What a packed file holds, and whether all of it was there."""
    if not is_packed(content[:3]):
        return content, True
    ended_well: list[bool] = []
    plain = _spooled(inflated(_walked(content), ended_well.append))
    return plain, all(ended_well)


def _as_utf_8(content: mmap.mmap) -> mmap.mmap:
    """The same text in UTF-8 if it is UTF-16."""
    name = coding(content[:4])
    return _spooled(recoded(_walked(content), name)) if name else content
