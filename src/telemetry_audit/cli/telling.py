"""What is told by a file, be it a recording, a journal or a JSON report, or by a folder or pattern of recordings; the content tells which."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from telemetry_audit.catalog import Catalog
from telemetry_audit.cli.gathering import gather
from telemetry_audit.cli.journals import faults_of, head, is_journal, opened
from telemetry_audit.cli.output import Stop
from telemetry_audit.cli.run import run
from telemetry_audit.comparison import NotAReport, Told, read_told, told_of
from telemetry_audit.deployment import Deployment
from telemetry_audit.journal import journal_report
from telemetry_audit.readers import NotARecording, Recording, open_recording
from telemetry_audit.runs import here

_OBJECT = b"{"


class Telling(NamedTuple):
    """What was told, where the program itself failed on it, and which files that a folder or pattern led to told it."""

    told: Told
    faults: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()


def told_by(name: str, catalog: Catalog, deployment: Deployment, configuration: str = "") -> Telling:
    """What the recording, journal or JSON report of this name tells, or the recordings of a folder or pattern; these are audited under `deployment`.

    Raises Stop.
    """
    if not Path(name).is_file():  # nor is a pipe, which can be read only once
        return _of_recordings(gather([name], here), catalog, deployment, configuration)
    try:
        if is_journal(name):
            return _of_journal(Path(name), catalog)
        try:
            recording = open_recording(name)
        except NotARecording as problem:
            if not head(name).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_OBJECT):
                raise Stop(f"{name}: expected a recording, a journal or a JSON report; but {problem}.") from None
            return Telling(read_told(Path(name)))
    except NotAReport as problem:
        raise Stop(f"{name} is no recording and no journal; {problem}") from None
    except OSError as problem:
        raise Stop(f"{name} cannot be read: {problem.strerror}.") from None
    return _of_recordings([recording], catalog, deployment, configuration)


def _of_recordings(
    recordings: Sequence[Recording], catalog: Catalog, deployment: Deployment, configuration: str
) -> Telling:
    gc.disable()  # observations hold no cycles; looking for some would take a third of the time
    done = run(recordings, catalog, deployment, configuration)
    return Telling(told_of(done.report), tuple(done.faults), tuple(Path(each.name) for each in recordings))


def _of_journal(path: Path, catalog: Catalog) -> Telling:
    with opened([path]) as journals:
        return Telling(told_of(journal_report(journals, catalog)), faults_of(journals))
