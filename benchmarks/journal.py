"""Compares ways to have observations on disk: the journal's group commits, each observation committed alone, and JSON lines with fsync.

All of them store the same observations, take turns, and end when the last one is acknowledged. The best rate of each counts. They differ in what an
acknowledgement waits for, so the table also shows what `--record-before-forward` costs: one observation at a time, hurried.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from threading import Event

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import load
from telemetry_audit.deployment import Deployment
from telemetry_audit.journal import Writer, encode, open_writer
from telemetry_audit.model import Observation
from telemetry_audit.readers import exchanges, open_recording
from telemetry_audit.terms import terms

EXAMPLE = Path(__file__).parents[1] / "reports" / "example" / "recording.flow"
CATALOG = load()

type Observations = Sequence[Observation]


def observations(count: int) -> list[Observation]:
    """So many observations, the example's again and again."""
    audit = Audit(CATALOG, Deployment(), bytes(32))
    seen = [audit.see(item) for item in exchanges(open_recording(str(EXAMPLE)))]
    return [each._replace(exchange=number) for number, each in enumerate(islice(cycle(seen), count))]


def begun(folder: Path) -> Writer:
    """A run of a new journal."""
    return open_writer(folder / "journal", terms(CATALOG, Deployment()), Deployment())


def grouped(folder: Path, seen: Observations) -> None:
    """As the proxy does it: put, and told later."""
    writer = begun(folder)
    for observation in seen:
        while not writer.put(observation):
            hurried(writer)
    hurried(writer)
    writer.close({}, ())


def alone(folder: Path, seen: Observations) -> None:
    """As the proxy does it when every request waits for its observation, and they come one after the other."""
    writer = begun(folder)
    for observation in seen:
        hurried(writer, observation)
    writer.close({}, ())


def hurried(writer: Writer, observation: Observation | None = None) -> None:
    """Wait until an observation, or all before it, is on disk."""
    stored = Event()
    while not writer.put(observation or Observation("", 0, None, "", "", ignored_by="nothing"), stored.set):
        time.sleep(0.01)
    writer.hurry()
    stored.wait()


def rows(folder: Path, seen: Observations) -> None:
    """SQLite without the journal: a row and a commit for each observation, whole."""
    with closing(sqlite3.connect(folder / "rows", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE observation (line BLOB)")
        for observation in seen:
            connection.execute("INSERT INTO observation VALUES (?)", (encode(observation),))


def lines(folder: Path, seen: Observations) -> None:
    """A line for each observation, whole, and fsync."""
    with (folder / "lines").open("wb", buffering=0) as file:
        for observation in seen:
            file.write(encode(observation) + b"\n")
            os.fsync(file.fileno())


WAYS: dict[str, Callable[[Path, Observations], None]] = {
    "journal, in groups": grouped,
    "journal, one by one": alone,
    "SQLite, one by one": rows,
    "JSON lines, one by one": lines,
}


def main() -> None:
    """Takes turns and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=5_000, help="observations to store")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--folder", type=Path, help="where to write; the disk counts, and a memory file system says nothing"
    )
    options = parser.parse_args()
    seen = observations(options.count)
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    sizes: dict[str, int] = {}
    for _ in range(options.rounds):
        for way, store in WAYS.items():
            with tempfile.TemporaryDirectory(dir=options.folder) as name:
                folder = Path(name)
                began = time.perf_counter()
                store(folder, seen)
                seconds[way].append(time.perf_counter() - began)
                sizes[way] = sum(path.stat().st_size for path in folder.iterdir())
    rates = {way: options.count / min(taken) for way, taken in seconds.items()}
    print(f"{'':24}{'rows/s':>10}{'ratio':>8}{'bytes/row':>11}")
    for way, rate in rates.items():
        print(f"{way:24}{rate:10,.0f}{rate / rates['JSON lines, one by one']:8.2f}{sizes[way] / options.count:11,.0f}")


if __name__ == "__main__":
    main()
