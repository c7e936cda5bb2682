"""Recordings at the addresses of fsspec, such as `s3://bucket/folder/*.flow`: where they are, and their bytes as a stream.

fsspec comes with the extra `dask`; the library of each kind of store (s3fs, gcsfs …) is the operator's to install, and credentials are those of its
own configuration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

EXTRA = "appsmith-telemetry-audit[dask]"
"""What to install for recordings elsewhere, and for a cluster."""

_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://|[a-zA-Z][a-zA-Z0-9+.-]+://.*::")
_SECRETS = re.compile(r"://[^/]*@|^https?://[^*]*\?")
_MAGIC = re.compile(r"[*?\[]")


class WrongAddress(ValueError):
    """An address that is not taken; the sentence says why and what to do, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The bytes at an address."""

    file: Any

    def read(self, size: int) -> bytes:
        """The next bytes, `size` at most, b"" at the end. Raises OSError."""
        with _failing_as_files_do():
            piece: bytes = self.file.read(size)
            return piece


def is_remote(name: str) -> bool:
    """Whether a name is an address that fsspec reads, rather than a path."""
    return _ADDRESS.match(name) is not None


def find_remote(address: str) -> list[str]:
    """The addresses of all files at an address: itself, those in its folder, or those that its pattern matches, in order.

    Raises WrongAddress where it holds what a report must not name, or fsspec cannot read such addresses, and OSError.
    """
    if _SECRETS.search(address):
        raise WrongAddress(
            "an address stands in the report, so it may hold no user, password or signature. Give them in the configuration of the file system"
        )
    files, path = _file_system(address)
    with _failing_as_files_do():
        if _MAGIC.search(path):
            found = files.glob(path, detail=True)
        elif files.isdir(path):
            found = files.find(path, detail=True)
        else:
            return [address]
        _, chained, rest = address.partition("::")
        names = (name for name, about in found.items() if about["type"] == "file")
        return sorted(f"{files.unstrip_protocol(name)}{chained}{rest}" for name in names)


@contextmanager
def open_remote(address: str) -> Iterator[Stream]:
    """The bytes at an address, from the beginning. Raises WrongAddress and OSError."""
    files, path = _file_system(address)  # it is kept: an archive's is closed with it
    with _failing_as_files_do():
        file: Any = files.open(path, "rb")
    with file:
        yield Stream(file)


def _file_system(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it. Raises WrongAddress and OSError."""
    try:
        with _failing_as_files_do(ImportError, ValueError):
            from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra

            files, path = url_to_fs(address)
            return files, str(path)
    except ImportError as problem:
        raise WrongAddress(
            f"recordings at an address need an extra: pip install '{EXTRA}'"
            if (problem.name or "").startswith("fsspec")
            else "the library for this kind of address is not installed; fsspec's documentation names it"
        ) from None
    except ValueError:
        raise WrongAddress("fsspec knows no such kind of address") from None


@contextmanager
def _failing_as_files_do(*but: type[Exception]) -> Iterator[None]:
    """Each file system of fsspec raises what the library below it raises, of which only the type is kept: a message may quote credentials."""
    try:
        yield
    except FileNotFoundError as problem:
        raise OSError(problem.errno or 0, "there is no such file") from None
    except OSError as problem:
        raise OSError(problem.errno or 0, problem.strerror if problem.errno else type(problem).__name__) from None
    except but:
        raise
    except Exception as problem:  # noqa: BLE001 - an edge: whatever a file system raises is an input that cannot be read
        raise OSError(0, type(problem).__name__) from None
