"""The program, run on recordings: once for each state of the files, also where several processes of one test session ask."""

from __future__ import annotations

import fcntl
import glob
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class Ran(NamedTuple):
    """The exit code that the program left with, and what it printed."""

    code: int
    out: str
    err: str


class Program(NamedTuple):
    """Where the program runs (its `./audit.toml` and relative names belong to that folder), and where its results are kept for the session."""

    folder: Path
    results: Path

    def run(self, arguments: Sequence[str], names: Iterable[str]) -> Ran:
        """What `telemetry-audit` says to these arguments; asked again, it runs again only if a file of these names has changed.

        The program has a process of its own, so that neither the suite's warning filters nor its patches reach it.
        """
        states = [sorted(self._states(name)) for name in names]
        if not all(states):  # a name that no file has here may yet get one, or stand for something elsewhere
            return self._started(arguments)
        digest = hashlib.sha256(json.dumps([str(self.folder), *arguments, states]).encode()).hexdigest()
        result = self.results / f"telemetry-audit-{digest}.json"
        with result.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # let go of when the file is closed
            if not result.exists():
                result.write_text(json.dumps(self._started(arguments)), "utf-8")
        return Ran(*json.loads(result.read_text("utf-8")))

    def _started(self, arguments: Sequence[str]) -> Ran:
        done = subprocess.run(  # noqa: S603 - this program itself
            [sys.executable, "-P", "-m", "telemetry_audit", *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    def _states(self, name: str) -> Iterator[tuple[str, int, int]]:
        """Path, size in bytes and time of change in nanoseconds of each file that a name, a folder or a pattern stands for."""
        path = self.folder / name
        matched = [str(path)] if path.exists() else glob.glob(str(path), recursive=True)  # noqa: PTH207 - an absolute pattern
        for found in map(Path, matched):
            for file in [found, *found.rglob("*")]:
                with suppress(OSError):  # taken away in this moment, or a link to nothing
                    yield str(file), file.stat().st_size, file.stat().st_mtime_ns
