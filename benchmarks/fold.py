"""What adding observations up costs in relation to making them, what a million of them hold in memory, and what a second process gains.

All that is compared is measured in one run and takes turns; the best of each counts. Each measure has a process of its own.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count, cycle, islice
from pathlib import Path

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import load
from telemetry_audit.deployment import Deployment
from telemetry_audit.model import Observation
from telemetry_audit.readers import exchanges, identify_recording
from telemetry_audit.report import report
from telemetry_audit.tally import Tally
from telemetry_audit.terms import terms

FEW, MANY = 10_000, 1_000_000
_PART = 100
_MINUTES = 60.0


def seen(recording: Path) -> list[Observation]:
    """What an audit sees in a recording."""
    audit = Audit(load(), Deployment(), bytes(32))
    return [audit.see(item) for item in exchanges(identify_recording("recording", str(recording)))]


def going_on(observations: Sequence[Observation]) -> Iterator[Observation]:
    """The same again and again, each at another number, place and minute, as if the recording went on for years."""
    for number, each in zip(count(), cycle(observations), strict=False):
        moved = number * _MINUTES
        yield each._replace(
            exchange=number,
            time=None if each.time is None else each.time + moved,
            findings=tuple(
                one._replace(place=one.place._replace(exchange=number, time=moved)) for one in each.findings
            ),
        )


def costs(recording: Path) -> list[str]:
    """Lines that say what the fold costs for each observation, in relation to `Audit.see`, and a merge in relation to both."""
    catalog = load()
    items = list(exchanges(identify_recording("recording", str(recording))))
    observations = seen(recording)
    parts = [_added(observations[start : start + _PART]) for start in range(0, len(observations), _PART)]

    def judge() -> None:
        audit = Audit(catalog, Deployment(), bytes(32))
        for item in items:
            audit.see(item)

    def merge() -> None:
        total = Tally()
        for part in parts:
            total.merge(part)

    def conclude() -> None:
        report(whole, (), catalog, terms(catalog, Deployment()))

    whole = _added(observations)
    tasks: dict[str, Callable[[], object]] = {
        "judge: Audit.see": judge,
        "add: Tally.add": lambda: _added(observations),
        f"merge: {len(parts)} tallies": merge,
        "conclude: report": conclude,
    }
    best = _best(tasks)
    base = best["judge: Audit.see"]
    lines = [f"{'':24}{'µs each':>10}{'ratio':>10}"]
    lines += [f"{name:24}{took / len(items) * 1e6:10.2f}{took / base:10.4f}" for name, took in best.items()]
    return lines


def held(recording: Path, number: int) -> int:
    """How many bytes of memory so many observations hold when they are added up."""
    observations = seen(recording)
    gc.disable()
    before = _resident()
    tally = Tally()
    for each in islice(going_on(observations), number):
        tally.add(each)
    return _resident() - before


def gain(recordings: Sequence[Path], rounds: int) -> str:
    """A line that says how much faster two processes are, in wall-clock time, and what they cost in CPU time."""
    took: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    for _ in range(rounds):
        for jobs, runs in took.items():
            runs.append(_run([*map(str, recordings), "--jobs", str(jobs)]))
    wall, cpu = ({jobs: min(run[at] for run in runs) for jobs, runs in took.items()} for at in (0, 1))
    return f"two processes: {wall[1] / wall[2]:.2f} times as fast, {cpu[2] / cpu[1]:.2f} times the CPU ({wall[1]:.1f} s and {wall[2]:.1f} s)"


def _added(observations: Sequence[Observation]) -> Tally:
    tally = Tally()
    for each in observations:
        tally.add(each)
    return tally


def _best(tasks: dict[str, Callable[[], object]], rounds: int = 5) -> dict[str, float]:
    best = dict.fromkeys(tasks, float("inf"))
    for _ in range(rounds):
        for name, task in tasks.items():
            start = time.process_time()
            task()
            best[name] = min(best[name], time.process_time() - start)
    return best


def _resident() -> int:
    """The bytes that this process holds now, as Linux tells."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _run(arguments: Sequence[str]) -> tuple[float, float]:
    start = time.monotonic()
    command = [sys.executable, "-m", "telemetry_audit", "check", *arguments, "--format", "json"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise SystemExit(f"the check failed with {process.returncode}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime


def _apart(measure: str, recording: Path) -> str:
    """What this script prints in a process of its own, where nothing was measured before."""
    command = [sys.executable, __file__, "--measure", measure, "--recording", str(recording)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    """Make recordings, and print the three comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--flows", type=int, default=2_500, help="of each of the eight recordings")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--recording", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure == "costs":
        print("\n".join(costs(options.recording)))
    elif options.measure:
        print(held(options.recording, int(options.measure)))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            _compare(Path(temporary), options.flows, options.rounds)


def _compare(folder: Path, flows: int, rounds: int) -> None:
    recordings = []
    for seed in range(8):
        here = folder / str(seed)
        here.mkdir()
        make = [sys.executable, str(Path(__file__).with_name("make_recording.py")), str(here)]
        subprocess.run([*make, "--flows", str(flows), "--seed", str(seed)], check=True)
        (here / "recording.har").unlink()
        recordings.append(here / "recording.mitm")
    print(_apart("costs", recordings[0]))
    few, many = (int(_apart(str(number), recordings[0])) for number in (FEW, MANY))
    mib = 1 << 20
    ratio = f"{many / few:.1f} times" if few else "more"
    print(f"{MANY:,} observations hold {many / mib:.0f} MiB, {ratio} what {FEW:,} do ({few / mib:.0f} MiB)")
    print(gain(recordings, rounds))


if __name__ == "__main__":
    main()
