"""Processes that write a journal, and disks that are small."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Timer

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))}
TOO_LONG = 60


class Writing:
    """A process of `writing.py`, spoken to over its pipes."""

    def __init__(self, command: list[str]) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )
        self.heard: list[str] = []

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def hear(self, word: str) -> str:
        """The next line that begins with `word`; "" if the process ends before, or says nothing of the kind for a minute and is killed."""
        assert self.process.stdout is not None
        watch = Timer(TOO_LONG, self.process.kill)
        watch.start()
        try:
            for line in self.process.stdout:
                self.heard.append(line.rstrip("\n"))
                if line.startswith(word):
                    return self.heard[-1]
        finally:
            watch.cancel()
        return ""

    def ask(self, line: str, answer: str) -> str:
        """Say a line and hear the answer."""
        self.say(line)
        heard = self.hear(answer)
        assert heard, self.refusal
        return heard

    def kill(self) -> None:
        """Kill it as `kill -9` does, and hear what it said before."""
        self.process.kill()
        self.hear("nothing begins like this")
        self.process.wait()

    @property
    def refusal(self) -> str:
        """What it said on standard error before it ended."""
        assert self.process.stderr is not None
        self.process.wait()
        return self.process.stderr.read()

    def numbers(self, word: str) -> list[int]:
        """The numbers of the observations that were acknowledged as `stored` or `counted`."""
        return [int(line.split()[1]) for line in self.heard if line.startswith(f"{word} ")]

    def end(self) -> None:
        """Let nothing of it stay."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


type Start = Callable[..., Writing]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a process that writes the journal at a path; `inside` is what a command is prefixed with to run on a `Disk`."""
    with ExitStack() as ended:

        def started(journal: Path, *more: str, inside: tuple[str, ...] = ()) -> Writing:
            script = str(Path(__file__).with_name("writing.py"))
            writing = Writing([*inside, sys.executable, script, str(journal), *more])
            ended.callback(writing.end)
            return writing

        yield started


class Disk:
    """A file system of its own, mounted at `path` for those who run `inside`."""

    def __init__(self, path: Path, size: str) -> None:
        """Mount it in a namespace of a process that waits; skips the test where that is refused."""
        path.mkdir()
        self.path = path
        mount = f"mount -t tmpfs -o size={size} none {path} && echo mounted && exec cat"
        command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount]
        if not all(map(shutil.which, ("unshare", "nsenter"))):
            pytest.skip("no unshare and nsenter (util-linux), so no disk can be made that is full or read-only")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdout is not None
        if self.process.stdout.readline() != b"mounted\n":
            self.end()
            pytest.skip(
                "this machine lets nobody mount a file system of their own (unshare), so no disk can be made that is full or read-only"
            )
        target = ("--target", str(self.process.pid))
        self.inside = ("nsenter", *target, "--user", "--mount", "--preserve-credentials", "--")

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end on it."""
        return subprocess.run(
            [*self.inside, *map(str, command)],
            cwd=ROOT,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )

    def fill(self) -> None:
        """Take all space that is left."""
        assert "No space left" in self.run("dd", "if=/dev/zero", f"of={self.path}/filler", "bs=4k").stderr

    def remount(self, options: str) -> None:
        """Change how it is mounted."""
        done = self.run("mount", "-o", f"remount,{options}", self.path)
        assert done.returncode == 0, done.stderr

    def report(self, journal: Path) -> subprocess.CompletedProcess[str]:
        """Run `telemetry-audit report` on it, for a report in JSON."""
        return self.run(sys.executable, "-m", "telemetry_audit", "report", journal, "--format", "json")

    def end(self) -> None:
        """Let it go; with its last process it is gone."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk of half a mebibyte."""
    made = Disk(tmp_path / "disk", "512k")
    yield made
    made.end()
