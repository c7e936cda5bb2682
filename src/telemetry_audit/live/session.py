"""One run of a live audit: what was observed goes to the journal, and counts when it is there."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Callable, Coroutine

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import PING, Catalog
from telemetry_audit.detectors import Taint
from telemetry_audit.journal import Writer, open_writer
from telemetry_audit.live.ledger import Ledger
from telemetry_audit.live.observer import Observer
from telemetry_audit.live.settings import Settings
from telemetry_audit.live.totals import Totals
from telemetry_audit.live.worker import Task
from telemetry_audit.model import Exchange, Level, Observation, Unread
from telemetry_audit.sorting import UNLISTED
from telemetry_audit.terms import terms

LOG = logging.getLogger("telemetry_audit")
_LEVELS = {Level.BREACH: logging.WARNING, None: logging.WARNING}
_TOTALS_EVERY = 60.0
_LOOK_AGAIN = 0.2
_KEY_SIZE = 32


class Session:
    """Ledger, observer, journal and totals of one run; to be made and used in the proxy's event loop."""

    def __init__(self, catalog: Catalog, settings: Settings) -> None:
        """Open the journal. Raises JournalError."""
        self.settings = settings
        self.writer: Writer = open_writer(
            settings.journal, terms(catalog, settings.deployment, settings.configuration), settings.deployment
        )
        taint = Taint(secrets.token_bytes(_KEY_SIZE)) if settings.deployment.taint else None
        self.audit = Audit(catalog, settings.deployment, self.writer.secret, taint)
        self.observer = Observer(self.audit, self.writer.secret)
        self.ledger = Ledger()
        self.totals = Totals(settings.decided)
        self.ending = False
        self.lost = 0
        self._tasks: set[asyncio.Task[object]] = set()
        self._stored: deque[tuple[Observation, asyncio.Future[bool]]] = deque()
        self._told = self.totals.line()
        self._ticker: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    @property
    def faults(self) -> list[str]:
        """Where the program, or another addon, failed."""
        return self.observer.faults

    def fault(self, where: str) -> None:
        """Account for a failure of the program, or of another addon."""
        self.faults.append(where)
        LOG.warning("a fault, which the audit accounts for: %s", where)

    def start(self) -> None:
        """Tell totals from now on, and have ready what takes a while."""
        self._tick()
        self.spawn(self.observer.start())

    def spawn[Result](self, work: Coroutine[object, object, Result]) -> asyncio.Task[Result]:
        """Do some work beside the traffic, and let the end of the run wait for it."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def keep(self, observation: Observation) -> asyncio.Future[bool]:
        """Give an observation to the journal; the result is there when it is on disk, or when it is known to be lost: whether it is there."""
        stored: asyncio.Future[bool] = self._loop.create_future()
        if not observation.part:
            self.ledger.observed()

        def tell() -> None:
            self._stored.append((observation, stored))
            if len(self._stored) == 1:  # a group is told of once
                self._loop.call_soon_threadsafe(self._count)

        if not self.writer.put(observation, tell):
            stored.set_result(False)
        return stored

    def _count(self) -> None:
        """Count what is on disk now."""
        while self._stored:
            observation, stored = self._stored.popleft()
            for level, line in self.totals.add(observation):
                LOG.log(_LEVELS.get(level, logging.INFO), "%s", line)
            if not stored.done():
                stored.set_result(True)

    def unread(self, host: str, reason: str) -> None:
        """Account for something that left, or tried to, and was no exchange that could be seen."""
        self.keep(self.unreadable(self.ledger.number(), host, reason))

    def unreadable(self, number: int, host: str, reason: str) -> Observation:
        """The observation of what has this number and was no exchange that could be seen."""
        return self.audit.see(Unread(self.writer.name, number, host, reason))

    async def on_disk(self, stored: asyncio.Future[bool]) -> bool:
        """Wait until an observation is on disk, or the journal cannot be written: whether it is there."""
        self.writer.hurry()
        while not stored.done() and not self.writer.failing:
            await asyncio.wait({stored}, timeout=_LOOK_AGAIN)
        return stored.done() and stored.result()

    @property
    def holds(self) -> bool:
        """Whether a telemetry request must wait for its observation before it is forwarded, or is not forwarded at all."""
        return self.settings.record_before_forward or (self.settings.kill and bool(self.writer.failing))

    def is_telemetry(self, exchange: Exchange, observation: Observation | None = None) -> bool:
        """Whether an exchange goes where telemetry is judged, or its observation says that it is telemetry by its shape."""
        told = observation is not None and observation.destination == UNLISTED
        return told or self.audit.destinations.of(exchange).judged

    def is_ping(self, host: str) -> bool:
        """Whether a host, a name in lower case, is the one of canary exchanges."""
        return any(rule.purpose == PING and rule.takes_host(host) for rule in self.audit.destinations.rules)

    async def observe(self, task: Task, take: Callable[[Observation], object]) -> Observation:
        """The observation of a task, wherever it is made; of a large one all pieces but the last are given to `take`."""
        return self.observer.in_place(task) or await self.observer.elsewhere(task, take)

    async def end(self) -> None:
        """Wait for what is under way and close the journal; how many observations could not be stored is in `lost`."""
        self.ending = True
        if self._ticker is not None:
            self._ticker.cancel()
        while self._tasks:
            await asyncio.wait(self._tasks)
        await self.observer.stop()
        for sentence in self.ledger.unbalanced():
            self.fault(f"the ledger does not balance: {sentence}")
        self.lost = await asyncio.to_thread(self.writer.close, self.ledger.counts(), tuple(self.faults))

    def _tick(self) -> None:
        """Tell the totals now and then, if there is something new."""
        line = self.totals.line()
        if line != self._told:
            LOG.info("%s", line)
        self._told = line
        self._ticker = self._loop.call_later(_TOTALS_EVERY, self._tick)
