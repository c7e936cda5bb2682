"""From exchange to observation beside traffic that must not wait: what is short is judged in place, the rest in another process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from itertools import batched
from typing import NamedTuple

from telemetry_audit.audit import Audit
from telemetry_audit.faults import where_of
from telemetry_audit.journal import decode
from telemetry_audit.live.taint import Answer, learn
from telemetry_audit.live.worker import LENGTH, MOST_TRACES, Task, asked, learnt, performed, prepared, taught
from telemetry_audit.model import Exchange, Observation, Unread

SHORT = 4096
"""Bytes that are judged in place: at most some three milliseconds, whatever they are."""

SHORT_ANSWER = 1024
"""Bytes of an answer that is remembered in place: at most some three milliseconds, whatever it holds."""

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
        self._answers = 0
        self._taught = 0

    def in_place(self, task: Task) -> Observation | None:
        """The observation of a task that is short enough to be performed at once, else None.

        While answers wait to be remembered, none is: it comes after them.
        """
        if self._answers or task.size > SHORT or _is_coded(task.exchange):
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
                return await self._answer(task, take)
        except TimeoutError:
            await self.stop()
            return self.unread(task.exchange, TOO_LONG)
        except Exception as fault:  # noqa: BLE001 - the outermost edge: the other process ended, or the fault is here
            self.faults.append(f"the process that judges long payloads gave no answer: {where_of(fault)}")
            await self.stop()
            return self.unread(task.exchange, FAULT)
        finally:
            self._waiting -= task.size

    def learn_in_place(self, answer: Answer) -> str | None:
        """Remember what an answer held that is short enough for it to be done at once, else None: why it is not remembered, "" if it is."""
        if len(answer.body) > SHORT_ANSWER or answer.coding or answer.body.startswith(_COMPRESSED):
            return None
        try:
            found = learn(self.audit, answer)
        except Exception as fault:  # noqa: BLE001 - the outermost edge: told by exit code 70
            self.faults.append(where_of(fault))
            return FAULT
        self.audit.learn(answer.host, found.traces)
        return found.skipped

    async def learn_elsewhere(self, answer: Answer, is_wanted: Callable[[], bool]) -> str | None:
        """Remember what an answer held if it `is_wanted` when its turn comes, else None: why it is not remembered, "" if it is."""
        if self._waiting + len(answer.body) > MOST_WAITING:
            return TOO_MANY
        self._waiting += len(answer.body)
        self._answers += 1
        skipped = ""
        try:
            async with self._turn, asyncio.timeout(MOST_SECONDS):
                if not is_wanted():
                    return None
                async with aclosing(self._frames(answer)) as frames:
                    async for content in frames:
                        piece = learnt(content)
                        self.audit.learn(answer.host, piece.traces)
                        skipped = skipped or piece.skipped
        except TimeoutError:
            await self.stop()
            return TOO_LONG
        except Exception as fault:  # noqa: BLE001 - the outermost edge: the other process ended, or the fault is here
            self.faults.append(f"an answer is not remembered: {where_of(fault)}")
            await self.stop()
            return FAULT
        finally:
            self._waiting -= len(answer.body)
            self._answers -= 1
        return skipped

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
            process.stdin.write(
                prepared(
                    self.audit.deployment, self._secret, self.audit.taint.key if self.audit.taint is not None else b""
                )
            )
            self._taught = 0
        return self._other

    async def _answer(self, task: Task, take: Callable[[Observation], object]) -> Observation:
        observation = None
        async with aclosing(self._frames(task)) as frames:
            async for content in frames:
                if observation is not None:
                    take(observation)
                observation = decode(content)
        if observation is None:
            raise EOFError
        return observation

    async def _frames(self, task: Task | Answer) -> AsyncGenerator[bytes]:
        """The frames that come back for a task; the traffic gets its turn between them, since the next may be there already."""
        other = await self._started()
        await self._teach(other)
        other.tasks.write(asked(task))
        await other.tasks.drain()
        while content := await _frame(other.answers):
            yield content
            await asyncio.sleep(0)

    async def _teach(self, other: _Other) -> None:
        """Have the other process remember what this one does."""
        if self.audit.taint is None:
            return
        new, self._taught = self.audit.taint.since(self._taught), self.audit.taint.number
        for part in batched(new, MOST_TRACES, strict=False):
            other.tasks.write(taught(part))
            await other.tasks.drain()
            await asyncio.sleep(0)


async def _frame(answers: asyncio.StreamReader) -> bytes:
    (length,) = LENGTH.unpack(await answers.readexactly(LENGTH.size))
    return await answers.readexactly(length)


def _is_coded(exchange: Exchange) -> bool:
    """Whether few bytes may stand for many."""
    if not exchange.body:
        return False
    named = any(name == "content-encoding" and value.lower() != "identity" for name, value in exchange.headers)
    return named or exchange.body.startswith(_COMPRESSED)
