"""The processes that a run of the program starts, as Linux tells of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def started(folder: Path, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A run of `telemetry-audit` in a session of its own, so that a signal can reach all its processes as Ctrl-C does."""
    with running(folder, "-m", "telemetry_audit", *arguments) as process:
        yield process


@contextmanager
def running(folder: Path, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A run of Python in a session of its own, all of whose processes are ended afterwards."""
    command = [sys.executable, *map(str, arguments)]
    process = subprocess.Popen(
        command, cwd=folder, start_new_session=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def readers_of(file: Path, pid: int) -> list[int]:
    """The processes below this one that have the file mapped, which is how a recording is judged."""
    return [each for each in _below(pid) if str(file) in _told(each, "maps")]


def is_there(pid: int) -> bool:
    """Whether a process is still at work."""
    state = _told(pid, "stat").rpartition(")")[2].split()
    return bool(state) and state[0] != "Z"


def _below(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").glob("*")  # a process is a child of the thread that started it
    children = [int(each) for thread in threads for each in _told(pid, f"task/{thread.name}/children").split()]
    return [*children, *(below for child in children for below in _below(child))]


def _told(pid: int, file: str) -> str:
    try:
        return Path(f"/proc/{pid}/{file}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
