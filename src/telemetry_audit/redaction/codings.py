"""Content codings put back on a body that was written anew."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

from telemetry_audit.decoders import Undecodable, decoded

_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),  # no name and no time: headers of gzip can hold both
    "x-gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}
_KNOWN = frozenset({*_CODINGS, "identity"})
_MAGIC = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"\x78", "deflate"))


def recoded(plain: bytes, original: bytes, header: str) -> tuple[bytes, str]:
    """`plain` in the codings of `header` (Content-Encoding, "" without), or in the one that `original` shows by its magic; and the header to send.

    Where none of them gives `plain` back when it is undone, it is sent as it is and without a header.
    """
    if not _KNOWN.issuperset(_names(header)):
        header = ""  # it is no coding, so it may be anything
    for body in _candidates(plain, original, header):
        try:
            if decoded(body, header) == plain:
                return body, header
        except Undecodable:
            continue
    return plain, ""


def _candidates(plain: bytes, original: bytes, header: str) -> Iterator[bytes]:
    coded = plain
    for name in _names(header):
        coded = _CODINGS.get(name, bytes)(coded)
    if not plain or coded != plain:
        yield coded
    yield from (_CODINGS[name](plain) for magic, name in _MAGIC if original.startswith(magic))
    yield plain


def _names(header: str) -> list[str]:
    return [name.strip().lower() for name in header.split(",") if name.strip()]
