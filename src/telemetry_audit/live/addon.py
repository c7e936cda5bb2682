"""The addon as a whole: it stands at the end of mitmproxy's chain from before the first connection until the last observation is on disk."""

from __future__ import annotations

import logging
import signal
import sys
from contextlib import suppress

from mitmproxy import contentviews
from mitmproxy.master import Master

from telemetry_audit.catalog import Catalog
from telemetry_audit.live.commands import Commands
from telemetry_audit.live.connections import Connections
from telemetry_audit.live.exchanges import Exchanges
from telemetry_audit.live.session import LOG, Session
from telemetry_audit.live.settings import Settings
from telemetry_audit.live.view import TelemetryAudit

FAULT_CODE = 70
"""EX_SOFTWARE of sysexits.h, as the command line's."""

BOUND = "16m"
"""Bodies above this pass in pieces: no more of one could be judged, and mitmproxy would keep all of it in memory."""


class LiveAudit:
    """A mitmproxy addon, of which the parts are addons too: exchanges, connections and commands."""

    name = "telemetry-audit"

    def __init__(self, master: Master, catalog: Catalog, settings: Settings, *, leaves: bool = False) -> None:
        """Begin a run; a fault makes the process leave with `FAULT_CODE` if it `leaves` by itself. Raises JournalError."""
        self.session = Session(catalog, settings)
        self.exchanges = Exchanges(self.session, master.addons)
        self.connections = Connections(self.session)
        self.addons = (self.exchanges, self.connections, Commands(self.session))
        self._master = master
        self._leaves = leaves
        self._runs = False
        self._faults = _OtherFaults(self.session)
        logging.getLogger().addHandler(self._faults)
        contentviews.add(TelemetryAudit(self.session))

    def running(self) -> None:
        """Set what mitmproxy leaves open, and say where everything is."""
        if self._runs:
            return
        self._runs = True
        if self._master.options.stream_large_bodies is None:
            self._master.options.update(stream_large_bodies=BOUND)
            LOG.info("stream_large_bodies is %s now, so that no body can fill the memory", BOUND)
        loop = self._master.event_loop
        for name in ("SIGHUP", "SIGQUIT"):
            with suppress(NotImplementedError, AttributeError):
                loop.add_signal_handler(getattr(signal, name), self._master.shutdown)
        LOG.info("the telemetry audit writes to %s", self.session.writer.name)
        self.session.start()

    async def done(self) -> None:
        """Take no more connections, close all accounts and the journal; a fault ends mitmproxy with its exit code."""
        if (server := self._master.addons.get("proxyserver")) is not None:
            await server.servers.update([])
        self.session.ending = True
        await self.exchanges.end()
        for client in tuple(self.session.ledger.connections):
            self.session.ledger.disconnect(client)
        self.connections.end()
        await self.session.end()
        logging.getLogger().removeHandler(self._faults)
        LOG.info("%s", self.session.totals.line())
        if self.session.audit.taint is not None:
            LOG.info("%s", self.exchanges.answers.line())
        if self.session.lost:
            LOG.error("%d observations could not be stored: the journal is incomplete", self.session.lost)
        if self._leaves and self.session.faults:
            sys.exit(FAULT_CODE)


class _OtherFaults(logging.Handler):
    """Hears of exceptions in other addons and in mitmproxy, which logs them and forwards the request."""

    def __init__(self, session: Session) -> None:
        super().__init__(logging.ERROR)
        self._session = session

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[0] and record.name.startswith("mitmproxy"):
            self._session.fault(f"{record.exc_info[0].__name__} in mitmproxy or in another addon")
