"""One audit of some recordings, wherever it is done, with every fault accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import Catalog
from telemetry_audit.cli.output import Stop
from telemetry_audit.cli.progress import progress
from telemetry_audit.deployment import Deployment
from telemetry_audit.model import Unread
from telemetry_audit.readers import NotARecording, Recording, expected, open_recording
from telemetry_audit.report import Input, Report, report
from telemetry_audit.runs import Judged, Judging, Lost, Map, Refused, here, secret_of
from telemetry_audit.tally import Recorded, Tally
from telemetry_audit.terms import terms

LOST = "the process that judged this recording ended before it was done, and so did the next one"

type _Answer = Judged | Refused | Lost


@dataclass(slots=True)
class Run:
    """An audit's report, and where the program itself failed."""

    report: Report
    faults: list[str] = field(default_factory=list)


def open_all(names: Sequence[str]) -> list[Recording]:
    """The recordings of these names, opened; raises Stop at the first that is none or cannot be opened."""
    recordings = []
    for name in names:
        try:
            recordings.append(open_recording(name))
        except NotARecording as problem:
            raise Stop(not_a_recording(name, str(problem))) from None
        except OSError as problem:
            raise Stop(f"{name} cannot be read: {problem.strerror}.") from None
    return recordings


def not_a_recording(name: str, why: str) -> str:
    """That what a user named is no recording, and what would be one."""
    return f"{name}: expected one of: {expected()}; but {why}"


def audit_of(recordings: Iterable[Recording], catalog: Catalog, deployment: Deployment) -> Audit:
    """The audit of these recordings: its fingerprints are keyed by what only who has them can know, in whatever order they are named."""
    return Audit(catalog, deployment, secret_of(recordings))


def run(  # noqa: PLR0913 - what an audit is made of, and how it is done
    recordings: Sequence[Recording],
    catalog: Catalog,
    deployment: Deployment,
    configuration: str = "",
    engine: Map = here,
    *,
    show_progress: bool = True,
) -> Run:
    """Audit all recordings and report on them together: the same, whatever the engine and the order. Raises Stop if one cannot be read any more.

    What each comes to is added up as it comes, so that memory grows with what is found and not with how many recordings there are.
    """
    work = Judging(deployment, secret_of(recordings), catalog)
    tally = Tally()
    faults: list[tuple[int, str]] = []
    with progress([each.size for each in recordings], wanted=show_progress) as shown:
        for number, answer in _answers(work, recordings, engine, shown.judged):
            name = recordings[number].name
            if isinstance(answer, Refused):
                raise Stop(f"{name}: {answer.why}.")
            if isinstance(answer, Lost):
                faults.append((number, LOST))
                tally.add(work.audit().see(Unread(name, 0, "", LOST)))
            else:
                faults.extend((number, fault) for fault in answer.faults)
                tally.merge(answer.tally)
            shown.done(recordings[number].size)
    inputs = tuple(
        Input(each.name, each.kind, each.sha256, each.size, *tally.recordings.get(each.name, Recorded()))
        for each in sorted(recordings, key=lambda each: (each.name, each.sha256))
    )
    done = report(tally, inputs, catalog, terms(catalog, deployment, configuration))
    return Run(done, [fault for _, fault in sorted(faults, key=itemgetter(0))])


def _answers(
    work: Judging, recordings: Sequence[Recording], engine: Map, tell: Callable[[int], None]
) -> Iterator[tuple[int, _Answer]]:
    """What each comes to, by its number. What is open here, such as a pipe, is judged here; the largest of the others begin, to be awaited least."""
    open_here = [number for number, each in enumerate(recordings) if each.source is not None]
    elsewhere = [number for number, each in enumerate(recordings) if each.source is None]
    elsewhere.sort(key=lambda number: -recordings[number].size)
    for engine_, numbers in ((here, open_here), (engine, elsewhere)):
        for at, answer in engine_(work, [recordings[number] for number in numbers], tell):
            yield numbers[at], answer
