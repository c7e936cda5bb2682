"""Journals where recordings may stand too: told apart by their content, and opened."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from telemetry_audit.cli.output import Stop
from telemetry_audit.formats.escape import shown
from telemetry_audit.journal import Journal, JournalError, open_journal, split_name

_SQLITE = b"SQLite format 3\0"
"""How a journal begins, as every SQLite database (sqlite.org/fileformat.html)."""


def is_journal(name: str) -> bool:
    """Whether the file of this name begins as a journal does. Raises OSError."""
    return Path(name).is_file() and head(name).startswith(_SQLITE)


def head(name: str) -> bytes:
    """The first bytes of a file, which tell what it is. Raises OSError."""
    with Path(name).open("rb") as file:
        return file.read(64)


def only_journals(names: Sequence[str]) -> tuple[Path, ...]:
    """The journals that were named, none if recordings were. Raises Stop where both were."""
    try:
        journals = tuple(Path(name) for name in names if is_journal(name))
    except OSError as problem:
        raise Stop(f"{problem.filename} cannot be read: {problem.strerror}.") from None
    if journals and len(journals) < len(names):
        raise Stop(f"{journals[0]} is a journal, and not all others are. Name journals alone, or recordings alone.")
    return journals


@contextmanager
def opened(paths: Sequence[Path]) -> Iterator[list[Journal]]:
    """The journals at `paths`, in order of name and open for the length of a block.

    Raises Stop where one is named twice, and for what is found wrong with them, also in the block.
    """
    if len({path.resolve() for path in paths}) < len(paths):
        raise Stop("A journal is named twice, so its events would be counted twice. Name each one once.")
    gc.disable()  # observations hold no cycles; looking for some would take a third of the time
    with ExitStack() as stack:
        try:
            yield [stack.enter_context(open_journal(path)) for path in sorted(paths, key=str)]
        except JournalError as problem:
            raise Stop(str(problem)) from None


def faults_of(journals: Sequence[Journal]) -> tuple[str, ...]:
    """Where the program failed while these were written."""
    return tuple(shown(fault) for journal in journals for run in journal.runs for fault in run.faults)


def as_packed(
    journals: Sequence[Journal], runs: Mapping[str, str], inputs: Sequence[tuple[str, str]]
) -> list[Journal] | None:
    """The journals in the order of a pack's `inputs` and under their names, wherever they lie now; None if their runs are not those of the inputs.

    `runs` has the SHA-256 of each run by its name, `inputs` are pairs of name and SHA-256.
    """
    packed: dict[str, list[tuple[str, str]]] = {}
    for name, digest in inputs:
        path, number = split_name(name)
        packed.setdefault(path, []).append((number, digest))
    left, named = list(journals), []
    for path, told in packed.items():
        fitting = (each for each in left if [(split_name(run.name)[1], runs[run.name]) for run in each.runs] == told)
        if (journal := next(fitting, None)) is None:
            return None
        left.remove(journal)
        named.append(journal.named(Path(path)))
    return named
