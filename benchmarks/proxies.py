"""The proxies that the live benchmark compares: how they are started, and the CPU time that they took."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_TICK = os.sysconf("SC_CLK_TCK")
_LOOKS = 3
_PAUSE = 0.05


class Cpu(NamedTuple):
    """CPU seconds, user and system: of a process, and of it with those that it started."""

    own: float
    family: float


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that runs, and the port of the loopback interface on which it listens."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def cpu(self) -> Cpu:
        """What it has taken so far. Linux alone tells it."""
        own, *others = (_ticks(number) / _TICK for number in _family(self.process.pid))
        return Cpu(own, own + sum(others))

    async def rests(self) -> None:
        """Wait until it has nothing left to do, such as audits that go on beside the traffic."""
        last, same = self.cpu(), 0
        while same < _LOOKS:
            await asyncio.sleep(_PAUSE)
            now = self.cpu()
            same = same + 1 if now == last else 0
            last = now


@contextmanager
def mitmdump(name: str, upstream: int, folder: Path, *arguments: str) -> Iterator[Proxy]:
    """A mitmdump with these arguments beside the common ones, which sends everything on to the port `upstream`; ends with the context."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    common = (
        *("--listen-host", "127.0.0.1", "--listen-port", str(port), "--mode", f"upstream:http://127.0.0.1:{upstream}"),
        *("--set", f"confdir={folder}", "--set", "ssl_insecure=true", "--quiet"),
    )
    process = subprocess.Popen([str(Path(sys.executable).with_name("mitmdump")), *common, *arguments])
    try:
        yield Proxy(name, port, process)
    finally:
        process.terminate()
        process.wait()


async def listens(port: int) -> None:
    """Wait until something listens on a port."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(_PAUSE)
        else:
            writer.close()
            return


def _family(number: int) -> Iterator[int]:
    """A process and those that it started, by the parent that each names (proc_pid_stat(5), field 4)."""
    yield number
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            if _fields(stat)[1] == str(number):
                yield from _family(int(stat.parent.name))


def _ticks(number: int) -> int:
    """User and system time (proc_pid_stat(5), fields 14 and 15)."""
    return sum(map(int, _fields(Path(f"/proc/{number}/stat"))[11:13]))


def _fields(stat: Path) -> list[str]:
    """Those after the name of the program, which may hold blanks."""
    return stat.read_text().rpartition(")")[2].split()
