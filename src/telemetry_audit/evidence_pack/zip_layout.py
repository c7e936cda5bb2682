"""Whether a zip holds what its directory names and nothing else, so that every program finds the same in it.

One that reads from front to back goes by the head of each entry, and never sees the directory at the end: what lies between or before the entries,
or a head that says something else, would be another file to it. Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7 and 4.3.16.
"""

from __future__ import annotations

import struct
import zipfile
from typing import IO, Any

_HEAD = struct.Struct("<4s2x2H4x3L2H")
"""The head of an entry: signature, flags, method, CRC, sizes packed and unpacked, lengths of name and extra field; without version and time."""

_END = struct.Struct("<4s8x2LH")
"""The end: signature, size and place of the directory, length of the comment that follows."""

_UTF_8 = 1 << 11
"""The flag of an entry whose name is UTF-8; all others are in code page 437."""


def is_plain(file: IO[bytes], size: int, archive: zipfile.ZipFile) -> bool:
    """Whether `archive`, which was read from the `size` bytes of `file`, has no byte of which its directory does not tell."""
    at = 0
    for info in sorted(archive.infolist(), key=lambda each: each.header_offset):
        head = _read(file, info.header_offset, _HEAD)
        told = (info.flag_bits, info.compress_type, info.CRC, info.compress_size, info.file_size)
        if info.header_offset != at or head is None or head[:6] != (b"PK\3\4", *told):
            return False
        if file.read(head[6]) != info.orig_filename.encode("utf-8" if info.flag_bits & _UTF_8 else "cp437"):
            return False  # zipfile looks at the name of what it opens, and a folder is not opened
        at += _HEAD.size + head[6] + head[7] + info.compress_size
    end = _read(file, size - _END.size, _END)
    return end == (b"PK\5\6", size - _END.size - at, at, 0)


def _read(file: IO[bytes], at: int, kind: struct.Struct) -> tuple[Any, ...] | None:
    """What stands at a place of a file, None where that is not all in it."""
    if at < 0:
        return None
    file.seek(at)
    data = file.read(kind.size)
    return kind.unpack(data) if len(data) == kind.size else None
