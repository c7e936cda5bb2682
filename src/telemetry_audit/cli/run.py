"""One audit of some recordings, with progress on a terminal and every fault accounted for."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import click

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import Catalog
from telemetry_audit.cli.output import Stop
from telemetry_audit.deployment import Deployment
from telemetry_audit.faults import where_of
from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers import NotARecording, Recording, exchanges, open_recording
from telemetry_audit.report import Input, Report, report
from telemetry_audit.tally import Recorded, Tally
from telemetry_audit.terms import terms

FAULT = "a fault in telemetry-audit kept it from being judged"
_STEP = 1_000


@dataclass(slots=True)
class Run:
    """An audit's report, and where the program itself failed."""

    report: Report
    faults: list[str] = field(default_factory=list)


def open_all(names: Sequence[str]) -> list[Recording]:
    """The recordings of these names; raises Stop at the first that is none or cannot be opened."""
    recordings = []
    for name in names:
        try:
            recordings.append(open_recording(name))
        except NotARecording as problem:
            raise Stop(f"{name}: {problem}") from None
        except OSError as problem:
            raise Stop(f"{name} cannot be read: {problem.strerror}.") from None
    return recordings


def audit_of(recordings: Iterable[Recording], catalog: Catalog, deployment: Deployment) -> Audit:
    """The audit of these recordings: its fingerprints are keyed by what only who has them can know, in whatever order they are named."""
    secrets = sorted(recording.secret for recording in recordings)
    return Audit(
        catalog, deployment, hashlib.blake2b(b"".join(secrets), digest_size=32, person=b"telemetry-audit").digest()
    )


def run(recordings: Sequence[Recording], catalog: Catalog, deployment: Deployment, configuration: str = "") -> Run:
    """Audit all recordings and report on them together."""
    audit = audit_of(recordings, catalog, deployment)
    tally = Tally()
    faults: list[str] = []
    inputs = []
    for recording in recordings:
        for item in _with_progress(recording):
            try:
                observation = audit.see(item)
            except Exception as fault:  # noqa: BLE001 - the outermost edge: accounted for as unread and by exit code 70
                faults.append(where_of(fault))
                observation = audit.see(Unread(item.recording, item.number, item.host, FAULT))
            tally.add(observation)
        recorded = tally.recordings.get(recording.name, Recorded())
        inputs.append(Input(recording.name, recording.kind, recording.sha256, recording.size, *recorded))
    return Run(report(tally, tuple(inputs), catalog, terms(catalog, deployment, configuration)), faults)


def _with_progress(recording: Recording) -> Iterator[Exchange | Unread]:
    """The exchanges of a recording; on a terminal a line on standard error counts them."""
    if not sys.stderr.isatty():
        yield from exchanges(recording)
        return
    number = 0
    for number, item in enumerate(exchanges(recording), 1):
        if number % _STEP == 0:
            click.echo(f"\r{number:,} exchanges", nl=False, err=True)
        yield item
    if number >= _STEP:
        click.echo("\r\x1b[K", nl=False, err=True)
