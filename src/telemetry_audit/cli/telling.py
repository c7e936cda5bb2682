"""What a file tells, whether it is a recording, a journal or a JSON report; its content tells which."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import NamedTuple

from telemetry_audit.catalog import Catalog
from telemetry_audit.cli.output import Stop
from telemetry_audit.cli.run import run
from telemetry_audit.comparison import NotAReport, Told, read_told, told_of
from telemetry_audit.deployment import Deployment
from telemetry_audit.formats.escape import shown
from telemetry_audit.journal import JournalError, journal_report, open_journal
from telemetry_audit.readers import NotARecording, Recording, open_recording

_SQLITE = b"SQLite format 3\0"
"""How a journal begins, as every SQLite database (sqlite.org/fileformat.html)."""

_OBJECT = b"{"


class Telling(NamedTuple):
    """What a file tells, and where the program itself failed on it."""

    told: Told
    faults: tuple[str, ...] = ()


def told_by(name: str, catalog: Catalog, deployment: Deployment, configuration: str = "") -> Telling:
    """What the recording, journal or JSON report of this name tells; only a recording is audited, under `deployment`. Raises Stop."""
    try:
        head = b"" if name == "-" else _head(Path(name))
        if head.startswith(_SQLITE):
            return _of_journal(Path(name), catalog)
        try:
            recording = open_recording(name)
        except NotARecording as problem:
            if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_OBJECT):
                raise Stop(f"{name}: expected a recording, a journal or a JSON report; but {problem}.") from None
            return Telling(read_told(Path(name)))
    except NotAReport as problem:
        raise Stop(f"{name} is no recording and no journal; {problem}") from None
    except JournalError as problem:
        raise Stop(str(problem)) from None
    except OSError as problem:
        raise Stop(f"{name} cannot be read: {problem.strerror}.") from None
    return _of_recording(recording, catalog, deployment, configuration)


def _of_recording(recording: Recording, catalog: Catalog, deployment: Deployment, configuration: str) -> Telling:
    gc.disable()  # observations hold no cycles; looking for some would take a third of the time
    done = run([recording], catalog, deployment, configuration)
    return Telling(told_of(done.report), tuple(done.faults))


def _of_journal(path: Path, catalog: Catalog) -> Telling:
    with open_journal(path) as journal:
        told = told_of(journal_report((journal,), catalog))
        return Telling(told, tuple(shown(fault) for run in journal.runs for fault in run.faults))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64)
