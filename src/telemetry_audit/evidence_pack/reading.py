"""A folder or zip to what is in it, read as if whoever wrote it meant harm: nothing is unpacked, followed, or read without bound."""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from telemetry_audit.evidence_pack.manifest import MANIFEST, SIGNATURE, File
from telemetry_audit.evidence_pack.reports import JSON_REPORT
from telemetry_audit.evidence_pack.zip_layout import is_plain

LARGEST = 1 << 30
"""Bytes of a pack's files together; beyond it a pack is not read. Real ones hold a few megabytes."""

MOST_FILES = 10_000
_LARGEST_READ = {MANIFEST: 16 << 20, SIGNATURE: 16 << 20, JSON_REPORT: 1 << 28}
"""Bytes of those files that are kept."""

_STEP = 1 << 20
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 1
_DAMAGE = (
    zipfile.BadZipFile,
    ValueError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OverflowError,
    zlib.error,
    struct.error,
)


class NotAPack(ValueError):
    """It is no pack, or one that cannot be read; the argument is a sentence."""


@dataclass(slots=True)
class Contents:
    """What is in a pack: its files by path, what is wrong with its make, and its size.

    Of manifest, signature and JSON report the bytes are kept; None where there is none.
    """

    files: dict[str, File] = field(default_factory=dict)
    manifest: bytes | None = None
    signature: bytes | None = None
    report: bytes | None = None
    problems: list[str] = field(default_factory=list)
    size: int = 0


def read_pack(path: Path) -> Contents:
    """What is in a folder or zip, without unpacking it. Raises NotAPack, and OSError as opening does."""
    contents = Contents()
    kind = stat.S_IFMT(path.stat().st_mode)
    if kind == stat.S_IFDIR:
        _read_folder(path, contents)
    elif kind == stat.S_IFREG:
        _read_zip(path, contents)
    else:
        raise NotAPack("it is neither a folder nor a file")
    if contents.manifest is None:
        raise NotAPack(f"it holds no {MANIFEST}")
    return contents


def _read_folder(folder: Path, contents: Contents) -> None:
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda each: each.name):
                name = Path(entry.path).relative_to(folder).as_posix()
                if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
                    contents.problems.append(f"{name} is a link or a device, and was not followed.")
                    if len(contents.problems) > MOST_FILES:
                        raise NotAPack(f"it holds more than {MOST_FILES:,} links")
                elif entry.is_dir():
                    waiting.append(Path(entry.path))
                else:
                    with Path(entry.path).open("rb") as file:
                        _take(name, file, contents)


def _read_zip(path: Path, contents: Contents) -> None:
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            _read_entries(archive, contents)
            if not is_plain(file, path.stat().st_size, archive):
                contents.problems.append(
                    "The zip is not what its directory says: another program may find other files in it."
                )
    except NotAPack:
        raise
    except _DAMAGE:
        raise NotAPack("it is no zip, or a damaged one") from None


def _read_entries(archive: zipfile.ZipFile, contents: Contents) -> None:
    entries = [info for info in archive.infolist() if not (info.is_dir() and _is_inside(info.filename[:-1]))]
    if len(entries) > MOST_FILES:
        raise NotAPack(f"it holds more than {MOST_FILES:,} files")
    for info in entries:
        if problem := _unfit(info, contents):
            contents.problems.append(problem)
        else:
            with archive.open(info) as file:
                _take(info.filename, file, contents)


def _unfit(info: zipfile.ZipInfo, contents: Contents) -> str:
    """Why an entry of a zip cannot be in a pack, "" if it can."""
    name, kind = info.filename, stat.S_IFMT(info.external_attr >> 16)
    if not _is_inside(name):
        return f"{name} is no path inside a pack, and was not read."
    if name in contents.files:
        return f"{name} is there twice."
    if kind not in {0, stat.S_IFREG}:
        return f"{name} is a link or a device, and was not read."
    if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
        return f"{name} is encrypted or compressed in a way that packs are not, and was not read."
    return ""


def _is_inside(name: str) -> bool:
    """Whether a name is a relative path in its simplest form, which leads to nowhere else."""
    parts = PurePosixPath(name).parts
    return (
        bool(name)
        and name == "/".join(parts)
        and not name.startswith("/")
        and not {"..", "."} & {*parts}
        and "\\" not in name
    )


def _take(name: str, file: IO[bytes], contents: Contents) -> None:
    """Read one file to its end, bounded together with all others, and keep of it what identifies it."""
    left = LARGEST - contents.size
    if len(contents.files) >= MOST_FILES:
        raise NotAPack(f"it holds more than {MOST_FILES:,} files")
    digest, size, kept = hashlib.sha256(), 0, []
    for piece in _pieces(file):
        digest.update(piece)
        size += len(piece)
        if size > left:
            raise NotAPack(f"it holds more than {LARGEST >> 30} GiB")
        if name in _LARGEST_READ:
            kept.append(piece)
            if size > _LARGEST_READ[name]:
                raise NotAPack(f"{name} is larger than {_LARGEST_READ[name] >> 20} MiB")
    contents.files[name] = File(name, digest.hexdigest(), size)
    contents.size += size
    if name == MANIFEST:
        contents.manifest = b"".join(kept)
    elif name == SIGNATURE:
        contents.signature = b"".join(kept)
    elif name == JSON_REPORT:
        contents.report = b"".join(kept)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_STEP):
        yield piece
