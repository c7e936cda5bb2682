"""From exchange to observation beside traffic that must not wait: what is short is judged in place, the rest in another process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from telemetry_audit.audit import Audit
from telemetry_audit.faults import where_of
from telemetry_audit.journal import decode
from telemetry_audit.live.worker import LENGTH, Task, asked, performed, prepared
from telemetry_audit.model import Exchange, Observation, Unread

SHORT = 4096
"""Bytes that are judged in place: at most some three milliseconds, whatever they are."""

MOST_WAITING = 256 * 1024 * 1024
"""Bytes of exchanges that wait to be judged, beyond which a further one is unread: the proxy's memory does not grow with what is sent."""

MOST_SECONDS = 120
"""After this time the process that judges is given up and another one is started."""

FAULT = "a fault in telemetry-audit kept it from being judged"
TOO_MANY = "more was sent at once than could be judged"
TOO_LONG = "judging it took longer than two minutes"

_COMPRESSED = (b"\x1f\x8b", b"\x28\xb5", b"\x78")


class _Other(NamedTuple):
    """The process that judges what may take long, and the pipes to it and from it."""

    process: asyncio.subprocess.Process
    tasks: asyncio.StreamWriter
    answers: asyncio.StreamReader


class Observer:
    """Judges the exchanges of one run; `faults` are the places where the program itself failed."""

    def __init__(self, audit: Audit, secret: bytes) -> None:
        """Judge by `audit`, whose fingerprints `secret` keys."""
        self.audit = audit
        self.faults: list[str] = []
        self._secret = secret
        self._other: _Other | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0

    def in_place(self, task: Task) -> Observation | None:
        """The observation of a task that is short enough to be performed at once, else None."""
        if task.size > SHORT or _is_coded(task.exchange):
            return None
        try:
            return performed(self.audit, task)
        except Exception as fault:  # noqa: BLE001 - the outermost edge: accounted for as unread and by exit code 70
            self.faults.append(where_of(fault))
            return self.unread(task.exchange, FAULT)

    async def elsewhere(self, task: Task, take: Callable[[Observation], object]) -> Observation:
        """The observation of a task that may take long; other tasks of this kind wait for their turn, the proxy does not.

        Of a large one all pieces but the last are given to `take` before.
        """
        if self._waiting + task.size > MOST_WAITING:
            return self.unread(task.exchange, TOO_MANY)
        self._waiting += task.size
        try:
            async with self._turn, asyncio.timeout(MOST_SECONDS):
                return await self._answer(asked(task), take)
        except TimeoutError:
            await self.stop()
            return self.unread(task.exchange, TOO_LONG)
        except Exception as fault:  # noqa: BLE001 - the outermost edge: the other process ended, or the fault is here
            self.faults.append(f"the process that judges long payloads gave no answer: {where_of(fault)}")
            await self.stop()
            return self.unread(task.exchange, FAULT)
        finally:
            self._waiting -= task.size

    def unread(self, exchange: Exchange, reason: str) -> Observation:
        """The observation of an exchange that could not be judged for this reason."""
        return self.audit.see(Unread(exchange.recording, exchange.number, exchange.host, reason))

    async def start(self) -> None:
        """Have the other process ready before it is needed."""
        async with self._turn:
            await self._started()

    async def stop(self) -> None:
        """End the other process."""
        other, self._other = self._other, None
        if other is not None:
            with suppress(ProcessLookupError):
                other.process.kill()
            await other.process.wait()

    async def _started(self) -> _Other:
        if self._other is None:
            pipe = asyncio.subprocess.PIPE
            command = (sys.executable, "-m", "telemetry_audit.live.worker")
            process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
            if process.stdin is None or process.stdout is None:
                raise OSError("there are no pipes to the process")
            self._other = _Other(process, process.stdin, process.stdout)
            process.stdin.write(prepared(self.audit.deployment, self._secret))
        return self._other

    async def _answer(self, frame: bytes, take: Callable[[Observation], object]) -> Observation:
        other = await self._started()
        other.tasks.write(frame)
        await other.tasks.drain()
        observation = decode(await _frame(other.answers))
        while content := await _frame(other.answers):
            take(observation)
            observation = decode(content)
            await asyncio.sleep(0)  # for the traffic, since the next piece may be there already
        return observation


async def _frame(answers: asyncio.StreamReader) -> bytes:
    (length,) = LENGTH.unpack(await answers.readexactly(LENGTH.size))
    return await answers.readexactly(length)


def _is_coded(exchange: Exchange) -> bool:
    """Whether few bytes may stand for many."""
    if not exchange.body:
        return False
    named = any(name == "content-encoding" and value.lower() != "identity" for name, value in exchange.headers)
    return named or exchange.body.startswith(_COMPRESSED)
