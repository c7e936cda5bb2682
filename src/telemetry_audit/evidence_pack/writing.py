"""Files to a folder or a zip, at once and the same each time."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = stat.S_IFREG | 0o644
_UNIX = 3


def is_zip(path: Path) -> bool:
    """Whether a pack of this name is to be a zip."""
    return path.suffix.lower() == ".zip"


def write_pack(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder (mode 0700, files 0600) or, by the suffix, a zip (0600). Raises FileExistsError if something is there, and OSError.

    The same files give the same bytes: a zip has them in order, uncompressed (what a compressor writes depends on its version), with fixed times
    and modes.
    """
    if path.exists() or path.is_symlink():
        raise FileExistsError(path)
    if is_zip(path):
        _write_zip(path, files)
    else:
        _write_folder(path, files)


def _write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        for name, content in files.items():
            file = temporary / name
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.write_bytes(content)
            file.chmod(0o600)
        temporary.rename(path)
    except BaseException:
        shutil.rmtree(temporary)
        raise


def _write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for inner, content in sorted(files.items()):
                info = zipfile.ZipInfo(inner, _EPOCH)
                info.create_system = _UNIX
                info.external_attr = _MODE << 16
                archive.writestr(info, content)
        os.link(name, path)  # unlike a renaming, it replaces nothing
    finally:
        Path(name).unlink()
