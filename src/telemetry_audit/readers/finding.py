"""From what a user names to the files that may be recordings: files, folders with all below them, patterns, and addresses of fsspec."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import NamedTuple

from telemetry_audit.readers.remote import find_remote, is_remote

_MAGIC = re.compile(r"[*?\[]")
_LOCAL = "file://"


class NothingFound(ValueError):
    """A pattern or folder in which there is no file at all, or a wrong pattern; the argument says which."""


class Found(NamedTuple):
    """One file.

    `name` is what a report calls it, `given` the argument that led to it. `path` is where any process finds it, "" where it can be read only once,
    such as a pipe. `unfit` says why it is no recording without a look into it, and `again` names the same file as it was found before; "" if not.
    """

    name: str
    given: str
    path: str = ""
    unfit: str = ""
    again: str = ""

    @property
    def named(self) -> bool:
        """Whether the user named this very file."""
        return self.name == self.given


def find(arguments: Iterable[str]) -> Iterator[Found]:
    """The files that the arguments lead to, in their order, and sorted below each; one that was found before is marked.

    A name that a file has is that file, whatever signs stand in it. Links in a circle are followed once. Raises NothingFound, WrongAddress, and
    OSError for what cannot be looked through.
    """
    first: dict[object, str] = {}
    for argument in arguments:
        found: set[str] = set()
        for each in _files(argument.removeprefix(_LOCAL)):
            if each.name in found:  # a pattern matches a folder and what is in it
                continue
            found.add(each.name)
            identity = _identity(each)
            again = first.get(identity, "") if identity is not None else ""
            if identity is not None:
                first.setdefault(identity, each.name)
            yield each._replace(again=again)


def _files(given: str) -> Iterator[Found]:
    if given == "-":
        yield Found(given, given)
    elif is_remote(given) and not os.path.lexists(given):
        try:
            names = find_remote(given)
        except OSError as problem:
            raise OSError(problem.errno or 0, problem.strerror, given) from None
        yield from _some((Found(name, given, name) for name in names), given)
    elif _MAGIC.search(given) and not os.path.lexists(given):
        yield from _some((each for path in _matches(given) for each in _below(path, given)), given)
    elif os.path.isdir(given):  # noqa: PTH112 - a trailing slash is part of the name that the user gave
        yield from _some(_below(given, given), given)
    else:
        yield _file(given, given)


def _some(files: Iterable[Found], given: str) -> Iterator[Found]:
    number = 0
    for number, each in enumerate(files, 1):  # noqa: B007 - counts
        yield each
    if not number:
        raise NothingFound(f"{given}: there is no file {'of such a name' if _MAGIC.search(given) else 'in it'}")


def _matches(pattern: str) -> list[str]:
    """The paths that a pattern matches, in order; `**` is any number of folders, and does not follow links."""
    parts = PurePath(pattern)
    base = Path(parts.anchor or ".")
    try:
        return sorted(map(str, base.glob(str(parts.relative_to(parts.anchor)))))
    except (ValueError, NotImplementedError):
        raise NothingFound(f"{pattern}: it is no pattern, for ** stands alone between slashes") from None


def _below(top: str, given: str) -> Iterator[Found]:
    """The file of this name, or those in the folder of this name and below, each folder once."""
    if not os.path.isdir(top):  # noqa: PTH112 - as above
        yield _file(top, given)
        return
    walked: set[tuple[int, int]] = set()
    for folder, folders, files in os.walk(top, onerror=_refuse, followlinks=True):
        state = os.stat(folder)  # noqa: PTH116 - os.walk gives text
        if (state.st_dev, state.st_ino) in walked:
            folders.clear()
            yield Found(folder, given, unfit="it leads to a folder that was looked through already")
            continue
        walked.add((state.st_dev, state.st_ino))
        folders.sort()
        for name in sorted(files):
            yield _file(os.path.join(folder, name), given)  # noqa: PTH118 - keeps the name as the user began it


def _refuse(problem: OSError) -> None:
    raise problem


def _file(name: str, given: str) -> Found:
    if name != given:
        try:
            state = os.stat(name)  # noqa: PTH116
        except OSError as problem:
            if problem.errno not in {errno.ENOENT, errno.ELOOP}:
                raise
            return Found(name, given, unfit="it is a link to nothing")
        if not stat.S_ISREG(state.st_mode):
            return Found(name, given, unfit="it is a pipe, a socket or a device")
    elif not os.path.isfile(name):  # noqa: PTH113
        return Found(name, given)
    return Found(name, given, os.path.abspath(name))  # noqa: PTH100 - resolves no links


def _identity(found: Found) -> object:
    if found.unfit or not found.path:
        return None
    if is_remote(found.path):
        return found.path
    state = os.stat(found.path)  # noqa: PTH116
    return state.st_dev, state.st_ino
