"""From a name to bytes in place: hashed in one pass, unpacked if they were packed, mapped and not loaded."""

from __future__ import annotations

import codecs
import hashlib
import mmap
import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import BinaryIO

LARGEST_UNPACKED = 16 << 30
# It begins with a letter, and SHA-256's own padding with 0x80: the secret is no extension of the published digest.
SECRET_SUFFIX = b"telemetry-audit: the key of the fingerprints"
_STEP = 1 << 20
_GZIP_OR_ZLIB = 47


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


def open_source(name: str) -> Source:
    """Opens the file `name`, or standard input for "-"; what cannot be mapped goes to an unnamed temporary file first.

    Raises NotARecording for what is empty or unpacks to more than LARGEST_UNPACKED bytes, and OSError as opening and
    reading do.
    """
    if name == "-":
        return _taken(sys.stdin.buffer, can_be_mapped=False)
    with Path(name).open("rb", buffering=0) as file:
        return _taken(file, can_be_mapped=stat.S_ISREG(os.fstat(file.fileno()).st_mode))


def release(content: mmap.mmap, start: int, stop: int) -> int:
    """Gives the pages of content[start:stop] back, so that a long walk stays small; returns where to start next."""
    start -= start % mmap.PAGESIZE
    stop -= stop % mmap.PAGESIZE
    if stop > start and hasattr(mmap, "MADV_DONTNEED"):
        content.madvise(mmap.MADV_DONTNEED, start, stop - start)
    return stop


def _taken(file: BinaryIO | FileIO, *, can_be_mapped: bool) -> Source:
    digest = hashlib.sha256()
    pieces = _pieces(file, digest.update)
    original = _mapped(file, sum(map(len, pieces))) if can_be_mapped else _spooled(pieces)
    secret = digest.copy()
    secret.update(SECRET_SUFFIX)
    content, whole = _unpacked(original)
    return Source(len(original), digest.hexdigest(), secret.digest(), _as_utf_8(content), whole)


def _pieces(file: BinaryIO | FileIO, see: Callable[[bytes], object]) -> Iterator[bytes]:
    while piece := file.read(_STEP):
        see(piece)
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
    size = 0
    with tempfile.TemporaryFile() as file:
        for piece in pieces:
            size += file.write(piece)
            if size > LARGEST_UNPACKED:
                raise NotARecording(f"it holds more than {LARGEST_UNPACKED >> 30} GiB")
        file.flush()
        return _mapped(file, size)


def _unpacked(content: mmap.mmap) -> tuple[mmap.mmap, bool]:
    """What a gzip file or a zlib stream (mitmproxy's .zhar; RFC 1950, 1952) holds, and whether all of it was there."""
    head = content[:3]
    if head != b"\x1f\x8b\x08" and not (head[:1] == b"\x78" and int.from_bytes(head[:2]) % 31 == 0):
        return content, True
    ended_well: list[bool] = []
    plain = _spooled(_inflated(content, ended_well.append))
    return plain, all(ended_well)


def _inflated(content: mmap.mmap, ended_well: Callable[[bool], None]) -> Iterator[bytes]:
    """The bytes of all gzip members, one after the other; trailing zeros are padding, as gzip itself takes them."""
    inflate = zlib.decompressobj(_GZIP_OR_ZLIB)
    for at in range(0, len(content), _STEP):
        packed = content[at : at + _STEP]
        release(content, at, at + _STEP)
        while packed:
            if inflate.eof:
                packed = packed.lstrip(b"\0")
                inflate = zlib.decompressobj(_GZIP_OR_ZLIB) if packed else inflate
                continue
            before = inflate.copy()
            try:
                yield inflate.decompress(packed, _STEP)
            except zlib.error:
                yield from _salvaged(before, packed)
                ended_well(False)  # noqa: FBT003 (it is what the callback takes)
                return
            packed = inflate.unconsumed_tail or inflate.unused_data
    ended_well(inflate.eof)


def _salvaged(inflate: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    """What can be unpacked before the byte on which zlib gives up; it keeps that back when it is given more at once."""
    try:
        for at in range(len(packed)):
            yield inflate.decompress(packed[at : at + 1])
    except zlib.error:
        return


def _as_utf_8(content: mmap.mmap) -> mmap.mmap:
    """The same text in UTF-8 if it is UTF-16 with a byte order mark, or begins with two ASCII characters in UTF-16."""
    head = content[:4]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _spooled(_recoded(content, "utf-16"))
    zeros = [at for at, byte in enumerate(head) if not byte]
    if zeros not in ([1, 3], [0, 2]):
        return content
    return _spooled(_recoded(content, "utf-16-le" if zeros[0] else "utf-16-be"))


def _recoded(content: mmap.mmap, coding: str) -> Iterator[bytes]:
    decode = codecs.getincrementaldecoder(coding)("surrogatepass").decode
    for at in range(0, len(content), _STEP):
        yield decode(content[at : at + _STEP]).encode("utf-8", "surrogatepass")
        release(content, at, at + _STEP)
