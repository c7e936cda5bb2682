"""The bytes of a posted body, out of what a HAR makes of them: text, Base64, or the fields of a form."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from telemetry_audit.readers.har_entry import Header, Post

type Fields = tuple[tuple[str, str], ...]
"""Headers: names in lower case, and values."""

_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)')
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_GZIP = "\x1f\x8b"
# gzip's second byte is no UTF-8: a recorder that decoded the body has put U+FFFD there, and what it replaced is lost.
_LOST_GZIP = "\x1f\ufffd"
_FALLBACK_BOUNDARY = "telemetry-audit-boundary"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


def body(post: Post | None, size: float | None, method: str = "", headers: Fields = ()) -> tuple[bytes | None, bool]:
    """The body, and whether it is text, of which a recorder has undone any content coding.

    The body is None where there was one that the archive does not hold. `size` is the request's bodySize in bytes, -1
    or None where it is unknown.
    """
    if post is not None and post.text:
        if "base64" in (post.encoding, post.other_encoding):
            data = from_base64(post.text)
            return (encoded(post.text), True) if data is None else (data, False)
        if post.text.startswith(_LOST_GZIP):
            return None, False
        data = encoded(post.text)
        return data, not data.startswith(b"\x1f\x8b") and _BINARY.search(post.text) is None
    if post is not None and post.params:
        return _form(post.params, post.mime_type or ""), True
    return (None if _had_one(size, method, dict(headers)) else b"", False)


def _had_one(size: float | None, method: str, headers: Mapping[str, str]) -> bool:
    """Whether the request had a body, by its size or what its headers say.

    A browser that kept no body of a beacon may write its size as 0, or as -1 for unknown; the length that was sent
    stands in the headers then, or a content type, which a request without a body has no use for.
    """
    length = headers.get("content-length", "")
    if (size is not None and size > 0) or (length.isdecimal() and length.strip("0")):
        return True
    unknown = (size is None or size < 0) and not length
    return unknown and method in _WITH_BODY and "content-type" in headers


def encoded(text: str) -> bytes:
    """The text as it was sent: UTF-8, unless it stands for single bytes.

    Recorders that know no charset keep each byte as the character of the same number. It was so if all are below U+0100
    and together they are gzip, hold control characters, or are themselves UTF-8. A lone surrogate stands for a byte
    that was no UTF-8 (PEP 383).
    """
    if text.isascii():
        return text.encode("ascii")
    try:
        single = text.encode("latin-1")
    except UnicodeEncodeError:
        return _utf_8(text)
    if text.startswith(_GZIP) or _BINARY.search(text):
        return single
    try:
        single.decode()
    except UnicodeDecodeError:
        return _utf_8(text)
    return single


def from_base64(text: str) -> bytes | None:
    """The bytes that the Base64 (RFC 4648, 4) stands for, white space aside; None where it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _utf_8(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _form(params: list[Header], kind: str) -> bytes:
    """The fields as the form that was posted. Of a file whose content is not recorded, its name stands there."""
    if not kind.startswith("multipart/"):
        return urlencode(
            [(_utf_8(field.name or ""), _utf_8(field.value or field.file_name or "")) for field in params]
        ).encode()
    found = _BOUNDARY.search(kind)
    boundary = found[1] if found else _FALLBACK_BOUNDARY
    return _utf_8("".join(_part(field, boundary) for field in params) + f"--{boundary}--\r\n")


def _part(field: Header, boundary: str) -> str:
    """One part of the form (RFC 7578)."""
    file = f'; filename="{field.file_name}"' if field.file_name else ""
    kind = f"\r\nContent-Type: {field.content_type}" if field.content_type else ""
    disposition = f'Content-Disposition: form-data; name="{field.name or ""}"{file}{kind}'
    return f"--{boundary}\r\n{disposition}\r\n\r\n{field.value or ''}\r\n"
