"""A proxy with the audit in it and nothing else: no configuration file of mitmproxy's is read, and nothing in it changes what passes."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mitmproxy.addons import (
    block,
    core,
    disable_h2c,
    dns_resolver,
    next_layer,
    proxyauth,
    proxyserver,
    tlsconfig,
    upstream_auth,
)
from mitmproxy.master import Master
from mitmproxy.options import Options

from telemetry_audit.catalog import Catalog
from telemetry_audit.live.addon import LiveAudit
from telemetry_audit.live.options import apply
from telemetry_audit.live.recorder import Recorder
from telemetry_audit.live.settings import Settings

CERTIFICATE = "mitmproxy-ca-cert.pem"
_STOPS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")


class CannotListen(OSError):
    """The proxy cannot listen where it should; the argument is a sentence."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a proxy listens (port 0: any that is free), where it sends on ("" directly, else `http://host:port`), and its CA's folder.

    `record` is the file for the raw traffic, if any; `options` are `NAME=VALUE` of mitmproxy's, `ready` is told the address once it listens.
    """

    host: str
    port: int
    upstream: str
    ca: Path
    record: Path | None
    options: tuple[str, ...]
    ready: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Served:
    """How a run ended: where the program or an addon failed, and whether the recording of the raw traffic did ("" if not)."""

    faults: tuple[str, ...]
    unrecorded: str


def serve(place: Place, catalog: Catalog, settings: Settings) -> Served:
    """Run a proxy until a signal ends it. Raises CannotListen, JournalError, OptionRefused, and OSError for the file to record to."""
    return asyncio.run(_serve(place, catalog, settings))


async def _serve(place: Place, catalog: Catalog, settings: Settings) -> Served:
    place.ca.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = f"upstream:{place.upstream}" if place.upstream else "regular"
    options = Options(confdir=str(place.ca), listen_host=place.host, listen_port=place.port, mode=[mode])
    master = Master(options)
    master.addons.add(
        core.Core(),
        block.Block(),
        disable_h2c.DisableH2C(),
        proxyauth.ProxyAuth(),
        proxyserver.Proxyserver(),
        dns_resolver.DnsResolver(),
        next_layer.NextLayer(),
        tlsconfig.TlsConfig(),
        upstream_auth.UpstreamAuth(),
    )
    apply(options, place.options)
    recorder = Recorder(place.record) if place.record else None
    audit = LiveAudit(master, catalog, settings)
    start = _Start(master, place.ready)
    master.addons.add(*((recorder,) if recorder else ()), audit, start)
    loop = asyncio.get_running_loop()
    for name in _STOPS:
        loop.add_signal_handler(getattr(signal, name), master.shutdown)
    await master.run()
    if start.problem:
        raise CannotListen(start.problem)
    return Served(tuple(audit.session.faults), recorder.failed if recorder else "")


class _Start:
    """A mitmproxy addon that tells when the proxy listens, and ends it if it does not."""

    name = "telemetry-audit-start"

    def __init__(self, master: Master, ready: Callable[[str], None]) -> None:
        self._master = master
        self._ready = ready
        self.problem = ""

    def running(self) -> None:
        server = self._master.addons.get("proxyserver")
        problems = [str(each.last_exception) for each in server.servers if each.last_exception]
        addresses = server.listen_addrs()
        if problems or not addresses:
            self.problem = "; ".join(problems) or "no address could be listened on"
            self._master.shutdown()
        else:
            host, port, *_ = addresses[0]
            self._ready(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
