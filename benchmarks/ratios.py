"""Compares what reading and auditing a recording cost with what mitmproxy needs to merely read it.

Every task runs in a process of its own, all of them in turn and several times, so that a busy machine weighs on all
alike. The best CPU time and the highest peak of memory count. A task that fails is shown as failed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

MITMPROXY = """
import sys
from mitmproxy.io import FlowReader
with open(sys.argv[1], "rb") as file:
    print(sum(1 for _ in FlowReader(file).stream()))
"""
READERS = """
import sys
from telemetry_audit.readers import exchanges, open_recording
print(sum(1 for _ in exchanges(open_recording(sys.argv[1]))))
"""
NOTHING = "pass"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""An installation has its modules compiled; where nothing may be written, each process would compile them anew."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: CPU seconds (user and system), peak memory in MiB, and its exit code."""

    seconds: float
    memory: float
    code: int


def run(command: list[str], failing: tuple[int, ...]) -> Cost:
    """Runs the command to its end; exit codes in `failing` are those of a task that did not do its work."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=complaints, env=ENVIRONMENT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode < 0 or process.returncode in failing:
            complaints.seek(0)
            print(f"failed with {process.returncode}: {complaints.read().decode(errors='replace')[-400:].strip()}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, process.returncode)


def tasks(dump: Path, har: Path, lists: Path) -> dict[str, tuple[list[str], str, tuple[int, ...]]]:
    """The command of each task, the task that it is compared with, and the exit codes that mean that it failed."""
    python = [sys.executable, "-c"]
    audit = [sys.executable, "-m", "telemetry_audit", "check"]
    known = ["--known-users", str(lists / "users.txt"), "--canaries", str(lists / "canaries.txt"), "--known-values"]
    # An audit ends with 1 when it has findings, so that 1 is no failure of it.
    return {
        "python alone": ([*python, NOTHING], "dump: mitmproxy", (1, 2)),
        "dump: mitmproxy": ([*python, MITMPROXY, str(dump)], "dump: mitmproxy", (1, 2)),
        "dump: readers": ([*python, READERS, str(dump)], "dump: mitmproxy", (1, 2)),
        "dump: check": ([*audit, str(dump), "--format", "json"], "dump: mitmproxy", (2, 3, 70)),
        "dump: digests": (
            [*audit, str(dump), "--format", "json", *known, str(lists / "values.known")],
            "dump: mitmproxy",
            (2, 3, 70),
        ),
        "dump: export": (
            [*audit, str(dump), "--format", "json", *known, str(lists / "values.txt")],
            "dump: mitmproxy",
            (2, 3, 70),
        ),
        "HAR: mitmproxy": ([*python, MITMPROXY, str(har)], "HAR: mitmproxy", (1, 2)),
        "HAR: readers": ([*python, READERS, str(har)], "HAR: mitmproxy", (1, 2)),
        "HAR: check": ([*audit, str(har), "--format", "json"], "HAR: mitmproxy", (2, 3, 70)),
    }


def table(dump: Path, har: Path, lists: Path, rounds: int) -> list[str]:
    """One line for each task: CPU seconds, share of mitmproxy's, peak memory, and whether it failed."""
    todo = tasks(dump, har, lists)
    costs: dict[str, list[Cost]] = {name: [] for name in todo}
    for _ in range(rounds):
        for name, (command, _, failing) in todo.items():
            costs[name].append(run(command, failing))
    best = {name: min(cost.seconds for cost in runs) for name, runs in costs.items()}
    lines = [f"{'':18}{'CPU s':>8}{'ratio':>9}{'MiB':>8}"]
    for name, (_, base, failing) in todo.items():
        memory = max(cost.memory for cost in costs[name])
        failed = any(cost.code < 0 or cost.code in failing for cost in costs[name])
        ratio = "failed" if failed else f"{best[name] / best[base]:.3f}"
        lines.append(f"{name:18}{best[name]:8.2f}{ratio:>9}{memory:8.0f}")
    return lines


def make_lists(folder: Path) -> None:
    """Makes the lists of an operator, and keyed digests of the longest."""
    make = [sys.executable, str(Path(__file__).with_name("make_values.py")), str(folder)]
    build = [sys.executable, "-m", "telemetry_audit", "known", "build", str(folder / "values.txt")]
    subprocess.run(make, check=True)
    subprocess.run([*build, "-o", str(folder / "values.known")], check=True, capture_output=True)


def main() -> None:
    """Makes a recording, or takes those given, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--flows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="holds recording.mitm and recording.har already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        dump, har = folder / "recording.mitm", folder / "recording.har"
        if options.folder is None:
            # In a process of its own: a child's peak of memory begins with that of its parent, which must stay small.
            make = [sys.executable, str(Path(__file__).with_name("make_recording.py")), temporary]
            subprocess.run([*make, "--flows", str(options.flows)], check=True)
        make_lists(Path(temporary))
        print(f"dump {dump.stat().st_size / 1e6:.0f} MB, HAR {har.stat().st_size / 1e6:.0f} MB")
        print("\n".join(table(dump, har, Path(temporary), options.rounds)))


if __name__ == "__main__":
    main()
