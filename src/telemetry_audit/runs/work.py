"""What is done with a recording: it is identified, and later, when the key of the fingerprints is known, judged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import Catalog, load
from telemetry_audit.deployment import Deployment
from telemetry_audit.faults import where_of
from telemetry_audit.model import Unread
from telemetry_audit.readers import Copies, Found, NotARecording, Recording, WrongAddress, exchanges, identify_recording
from telemetry_audit.runs.engine import Tell
from telemetry_audit.tally import Tally

FAULT = "a fault in telemetry-audit kept it from being judged"
REST = "a fault in telemetry-audit kept it and what follows it from being read"

_STEP = 1_000
"""Exchanges between two signs of progress."""


class Refused(NamedTuple):
    """A file that cannot be audited: why, and whether it is because of what stands in it rather than because it cannot be read."""

    why: str
    unfit: bool


class Judged(NamedTuple):
    """What a recording comes to, and where the program itself failed on the way."""

    tally: Tally
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identifying:
    """Work: what a found file is. With `copies` what is at an address is kept for the work that follows in this process."""

    copies: Copies | None = None

    def __call__(self, item: Found, _: Tell, /) -> Recording | Refused:
        """The recording in a file, not kept open."""
        try:
            return identify_recording(item.name, item.path, self.copies)
        except (NotARecording, WrongAddress) as problem:
            return Refused(str(problem), unfit=isinstance(problem, NotARecording))
        except OSError as problem:
            return Refused(f"it cannot be read: {problem.strerror}", unfit=False)


@dataclass(frozen=True, slots=True)
class Judging:
    """Work: what a recording comes to.

    `secret` keys the fingerprints. The audit is made when the first recording comes, once in each process, and judges one at a time.
    """

    deployment: Deployment = field(repr=False)
    secret: bytes = field(repr=False)
    catalog: Catalog | None = field(default=None, repr=False, compare=False)
    _made: list[Audit] = field(default_factory=list, repr=False, compare=False)
    _one: Lock = field(default_factory=Lock, repr=False, compare=False)

    def __reduce__(self) -> tuple[type[Judging], tuple[Deployment, bytes]]:
        """What another process needs, which has a catalogue of its own."""
        return Judging, (self.deployment, self.secret)

    def __call__(self, item: Recording, tell: Tell, /) -> Judged | Refused:
        """All that the recording's exchanges add up to."""
        with self._one:
            try:
                return _judged(self.audit(), item, tell)
            except (NotARecording, WrongAddress) as problem:
                return Refused(str(problem), unfit=False)
            except OSError as problem:
                return Refused(f"it cannot be read: {problem.strerror}", unfit=False)

    def audit(self) -> Audit:
        """The audit of this process."""
        if not self._made:
            self._made.append(Audit(self.catalog or load(), self.deployment, self.secret))
        return self._made[0]


def secret_of(recordings: Iterable[Recording]) -> bytes:
    """The key of an audit's fingerprints: what only who has the recordings can know, in whatever order they are named."""
    secrets = sorted(recording.secret for recording in recordings)
    return hashlib.blake2b(b"".join(secrets), digest_size=32, person=b"telemetry-audit").digest()


def _judged(audit: Audit, recording: Recording, tell: Tell) -> Judged:
    tally = Tally()
    faults: list[str] = []
    number = -1
    try:
        for item in exchanges(recording):
            number = item.number
            try:
                observation = audit.see(item)
            except Exception as fault:  # noqa: BLE001 - the outermost edge: accounted for as unread and by exit code 70
                faults.append(where_of(fault))
                observation = audit.see(Unread(item.recording, item.number, item.host, FAULT))
            tally.add(observation)
            if number % _STEP == _STEP - 1:
                tell(_STEP)
    except (NotARecording, WrongAddress, OSError):
        raise
    except Exception as fault:  # noqa: BLE001 - as above
        faults.append(where_of(fault))
        tally.add(audit.see(Unread(recording.name, number + 1, "", REST)))
    return Judged(tally, tuple(faults))
