"""What known values cost: to take in, to load from disk, and to look for, each beside the same without them.

Ratios count, not seconds: `check` with so many values to `check` without, and `check` with their digests from disk to `check` without. Payloads are
looked at in this process, with texts that were seen remembered, as the scanner does.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from make_values import values

from telemetry_audit.detectors import VALUE, KnownValues
from telemetry_audit.detectors.known import Index
from telemetry_audit.lists import Stored, key_path, load_stored, packed

_LEAVES = 40
_PAYLOADS = 2_000


class Cost[T](NamedTuple):
    """CPU seconds of a step, and what came of it."""

    seconds: float
    result: T


def payload(random: Random) -> list[str]:
    """The texts of an event that says nothing new but its ids: as telemetry does, half of them stand in every event."""
    fixed = [
        "analytics-java",
        "execute_ACTION_TRIGGERED",
        "Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0.0.0",
        "v1.92.3",
        "docker",
    ]
    fresh = [
        f"{random.getrandbits(96):024x}",
        f"{random.getrandbits(256):064x}",
        f"/app/orders/page-{random.getrandbits(96):024x}/edit",
    ]
    return [(fixed if number % 2 else fresh)[number // 2 % (5 if number % 2 else 3)] for number in range(_LEAVES)]


def cost[T](step: Callable[[], T]) -> Cost[T]:
    """The CPU time of calling `step`."""
    start = time.process_time()
    result = step()
    return Cost(time.process_time() - start, result)


def look(known: KnownValues, payloads: list[list[str]]) -> int:
    """How often a known value stands in the payloads; each text is looked at once."""
    remembered: dict[str, int] = {}
    for texts in payloads:
        for text in texts:
            if text not in remembered:
                remembered[text] = len(list(known.find(text)))
    return sum(remembered.values())


def seconds_of_check(recording: Path, *options: str | Path) -> float:
    """CPU seconds of `telemetry-audit check`, all of it."""
    command = [sys.executable, "-m", "telemetry_audit", "check", recording, "--format", "json", *options]
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1, 3}:
        sys.exit(f"check failed with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Prints a line for each number of values."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--recording", type=Path, help="also check this recording with and without the values")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(
        f"{'values':>8}{'take in s':>11}{'digest s':>10}{'load s':>8}{'MB on disk':>12}{'payloads/s':>12}{'check, values':>15}{'check, digests':>16}"
    )
    with tempfile.TemporaryDirectory() as folder:
        alone = min(seconds_of_check(options.recording) for _ in range(2)) if options.recording else 0.0
        for count in options.counts:
            random = Random(options.seed)
            listed = values(count, random)
            export, digests = Path(folder, "values.txt"), Path(folder, "values.known")
            export.write_text("\n".join(listed), "utf-8")
            taken = cost(partial(Index.of, [(VALUE, [(value,) for value in listed])]))
            digested = cost(partial(packed, Stored(taken.result, 0)))
            content, key = digested.result
            digests.write_bytes(content)
            key_path(digests).write_bytes(key)
            loaded = cost(partial(load_stored, digests))
            known = KnownValues.of((), (loaded.result.index,))
            payloads = [payload(random) for _ in range(_PAYLOADS)]
            rate = _PAYLOADS / cost(partial(look, known, payloads)).seconds
            ratios = ["", ""]
            if alone:
                ratios = [
                    f"{seconds_of_check(options.recording, '--known-values', each) / alone:.2f}"
                    for each in (export, digests)
                ]
            size = len(content) / 1e6
            print(
                f"{count:8,}{taken.seconds:11.2f}{digested.seconds:10.2f}{loaded.seconds:8.3f}{size:12.1f}{rate:12,.0f}{ratios[0]:>15}{ratios[1]:>16}"
            )


if __name__ == "__main__":
    main()
