"""Bytes to plain bytes, piece by piece: gzip and zlib undone, UTF-16 written as UTF-8."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable, Iterable, Iterator

HEAD = 1 << 16
"""Bytes from the beginning of what a recording holds that tell of what kind it is."""

_STEP = 1 << 20
_GZIP_OR_ZLIB = 47


def is_packed(head: bytes) -> bool:
    """Whether these are the first three bytes of a gzip file or a zlib stream (mitmproxy's .zhar; RFC 1950, 1952)."""
    return head == b"\x1f\x8b\x08" or (head[:1] == b"\x78" and int.from_bytes(head[:2]) % 31 == 0)


def inflated(pieces: Iterable[bytes], ended_well: Callable[[bool], None]) -> Iterator[bytes]:
    """The bytes of all gzip members, one after the other; trailing zeros are padding, as gzip itself takes them."""
    inflate = zlib.decompressobj(_GZIP_OR_ZLIB)
    for piece in pieces:
        packed = piece
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


def coding(head: bytes) -> str:
    """The coding of a text that is UTF-16 with a byte order mark, or begins with two ASCII characters in UTF-16; "" for any other.

    `head` holds its first four bytes.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = [at for at, byte in enumerate(head) if not byte]
    if zeros not in ([1, 3], [0, 2]):
        return ""
    return "utf-16-le" if zeros[0] else "utf-16-be"


def recoded(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The same text in UTF-8, out of the coding of this name."""
    decode = codecs.getincrementaldecoder(name)("surrogatepass").decode
    for piece in pieces:
        yield decode(piece).encode("utf-8", "surrogatepass")


def head(first: bytes) -> bytes:
    """The first `HEAD` bytes of what a file holds that begins with `first`; b"" if it holds nothing."""
    plain = first
    if is_packed(first[:3]):
        plain = b""
        for piece in inflated([first], lambda _: None):
            plain += piece
            if len(plain) >= 2 * HEAD:
                break
    name = coding(plain[:4])
    return (b"".join(recoded([plain[: 2 * HEAD]], name)) if name else plain)[:HEAD]


def _salvaged(inflate: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    """What can be unpacked before the byte on which zlib gives up; it keeps that back when it is given more at once."""
    try:
        for at in range(len(packed)):
            yield inflate.decompress(packed[at : at + 1])
    except zlib.error:
        return
