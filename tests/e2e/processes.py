"""Processes that run while something else does: how they are started, waited for and ended."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_PATIENCE = 60


def free_port() -> int:
    """A port of the loopback interface on which nothing listens now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def is_open(port: int) -> bool:
    """Whether something listens on this port."""
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE):
        return True
    return False


@contextmanager
def running(command: Sequence[str], output: Path, ready: Callable[[], bool]) -> Iterator[subprocess.Popen[bytes]]:
    """A process from when it is `ready` until it has ended on SIGTERM; what it prints goes to `output` with the suffixes .out and .err."""
    with output.with_suffix(".out").open("wb") as out, output.with_suffix(".err").open("wb") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
    try:
        while not ready():  # between two looks, wait a moment for it to end, which it should not
            with suppress(subprocess.TimeoutExpired):
                code = process.wait(timeout=0.02)
                raise AssertionError(
                    f"it ended with {code} before it was ready: {output.with_suffix('.err').read_text()}"
                )
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=_PATIENCE)
        finally:
            process.kill()
