"""A body as the bytes that the sender meant: its content codings undone under a bound (RFC 9110, section 8.4)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import brotli

MAX_DECODED = 16 * 1024 * 1024
"""Bytes of a decoded body; beyond this it is unread. Vendors take 0.5 MB (Segment) to 10 MB (Mixpanel imports)."""

_MOST_MEMBERS = 1_000
_STEP = 64 * 1024
_GZIP = b"\x1f\x8b"
_ZSTD_BITE = 256
_NO_CODING = frozenset({"", "identity", "none", "utf-8"})
_FIRST_OF_MAGIC = (b"\x1f", b"\x28", b"\x78")
_ZSTD = b"\x28\xb5\x2f\xfd"

TOO_LARGE = "the body is larger than 16 MiB when decoded"
NOT_DECODABLE = "the body is not in the content encoding that it claims, and is no text either"
MANY_MEMBERS = "the compressed body is cut into more than 1,000 pieces"
BROKEN_OFF = "the compressed body breaks off"


class Undecodable(ValueError):
    """The body cannot be decoded; its argument is the reason, a fixed sentence."""


class _NotSo(ValueError):
    """The bytes are not in the coding that was tried."""


def decoded(body: bytes, content_encoding: str | None) -> bytes:
    """`body` with the codings of the Content-Encoding header undone.

    A header that lies is seen through: compressed bytes without a header are told by their magic, and text with a header that names
    a coding stays what it is. Raises Undecodable.
    """
    if len(body) > MAX_DECODED:
        raise Undecodable(TOO_LARGE)
    if not content_encoding and body[:1] not in _FIRST_OF_MAGIC:
        return body
    for coding in reversed([name.strip().lower() for name in (content_encoding or "").split(",")]):
        body = _undone(body, coding)
    return _told_by_magic(body)


def _undone(body: bytes, coding: str) -> bytes:
    """The body without a coding that a header names, or as it is where that is not so."""
    if coding in _NO_CODING:
        return body
    try:
        return _bounded(_CODINGS.get(coding, _nothing_known), body)
    except _NotSo:
        if _is_text(body) or _is_zlib(body) or body.startswith((_GZIP, _ZSTD)):
            return body
        raise Undecodable(NOT_DECODABLE) from None


def _told_by_magic(body: bytes) -> bytes:
    """The body without the codings that its first bytes give away."""
    for is_coded, undo in _TOLD_BY_MAGIC:
        if is_coded(body):
            try:
                body = _bounded(undo, body)
            except _NotSo:
                if undo is not _deflate:
                    raise Undecodable(NOT_DECODABLE) from None
    return body


def _bounded(undo: Callable[[bytes], Iterator[bytes]], body: bytes) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in undo(body):
        size += len(part)
        if size > MAX_DECODED:
            raise Undecodable(TOO_LARGE)
        parts.append(part)
    return b"".join(parts)


def _nothing_known(_body: bytes) -> Iterator[bytes]:
    """A coding of a name that no registry holds (IANA, HTTP Content Coding Registry)."""
    raise _NotSo


def _gunzip(body: bytes) -> Iterator[bytes]:
    """All members of a gzip file (RFC 1952, section 2.2), and nothing of what may follow the last."""
    for _ in range(_MOST_MEMBERS):
        if not body.startswith(_GZIP):
            break
        member = zlib.decompressobj(wbits=31)
        yield from _inflate(member, body)
        body = member.unused_data.lstrip(b"\0")
    if body.startswith(_GZIP):
        raise Undecodable(MANY_MEMBERS)
    yield body


def _deflate(body: bytes) -> Iterator[bytes]:
    """A zlib stream, or the raw deflate that some senders mean by the same name (RFC 9110, section 8.4.1.2), and what follows it.

    Almost any bytes begin like raw deflate, so text is not tried.
    """
    if not _is_zlib(body) and _is_text(body):
        raise _NotSo
    stream = zlib.decompressobj(wbits=15 if _is_zlib(body) else -15)
    yield from _inflate(stream, body)
    yield stream.unused_data


def _is_zlib(body: bytes) -> bool:
    """Whether a body begins as a zlib stream does (RFC 1950, section 2.2)."""
    return body[:1] == b"\x78" and int.from_bytes(body[:2], "big") % 31 == 0


def _inflate(stream: zlib._Decompress, body: bytes) -> Iterator[bytes]:
    started = False
    while body and not stream.eof:
        try:
            part = stream.decompress(body, _STEP)
        except zlib.error:
            raise (Undecodable(BROKEN_OFF) if started else _NotSo()) from None
        started = started or bool(part)
        yield part
        body = stream.unconsumed_tail
    if not stream.eof:
        raise Undecodable(BROKEN_OFF) if started else _NotSo


def _brotli(body: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    try:
        yield stream.process(body, output_buffer_limit=_STEP)
        while not stream.is_finished():
            part = stream.process(b"", output_buffer_limit=_STEP)
            if not part and stream.can_accept_more_data():
                raise _NotSo
            yield part
    except brotli.error:
        raise _NotSo from None


def _unzstd(body: bytes) -> Iterator[bytes]:
    """Every frame (RFC 8878), fed in small bites because a block of four bytes may stand for 128 KiB."""
    import zstandard  # noqa: PLC0415 - few bodies are in it, and it takes long to load

    decompressor = zstandard.ZstdDecompressor(max_window_size=MAX_DECODED)
    for _ in range(_MOST_MEMBERS):
        if not body:
            return
        if not body.startswith(_ZSTD):
            raise _NotSo
        frame = decompressor.decompressobj()
        start = 0
        try:
            while not frame.eof and start < len(body):
                yield frame.decompress(body[start : start + _ZSTD_BITE])
                start += _ZSTD_BITE
        except zstandard.ZstdError:
            raise _NotSo from None
        if not frame.eof:
            raise Undecodable(BROKEN_OFF)
        body = frame.unused_data + body[start:]
    raise Undecodable(MANY_MEMBERS)


def _is_text(body: bytes) -> bool:
    """Whether a body that is not what its header says reads as text."""
    start = body[:4096]
    try:
        start.decode()
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:
            return False
    return not any(byte < 9 for byte in start)  # noqa: PLR2004 - below TAB stand control characters that no text holds


_CODINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _unzstd,
}
_TOLD_BY_MAGIC: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Iterator[bytes]]], ...] = (
    (lambda body: body.startswith(_GZIP), _gunzip),
    (lambda body: body.startswith(_GZIP), _gunzip),
    (lambda body: body.startswith(_ZSTD), _unzstd),
    (_is_zlib, _deflate),
)
"""Codings that their bytes give away; gzip twice, since some proxies wrap what is wrapped."""
