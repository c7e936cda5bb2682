"""A real `telemetry-audit watch`, or mitmdump with the addon, beside the server of `site.py`; and what is left of it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.processes import free_port, is_open, running
from tests.live.client import connected, request, rest

ADDON = Path(__file__).parents[2] / "addons" / "telemetry_audit.py"
_PATIENCE = 120
_LONG = 8_192
"""Bytes of a request that is judged in its turn behind the others that may take long."""


class Left(NamedTuple):
    """What is left when a proxy has ended: its exit code, the report, what it told on standard error, and the ledger of its last run."""

    code: int
    report: dict[str, Any]
    told: str
    ledger: dict[str, int]
    faults: list[str]

    @property
    def unread(self) -> Counter[tuple[str, str]]:
        """How often something is unread, by host and reason."""
        return Counter((item["host"], item["reason"]) for item in self.report["unread"])

    def reasons(self, host: str) -> list[str]:
        """Why something to this host is unread."""
        return [reason for (each, reason), times in self.unread.items() for _ in range(times) if each == host]

    def exchanges(self, host: str) -> int:
        """How many exchanges with this host were judged, ignored, or unread with a destination."""
        parts = (*self.report["destinations"], *self.report["ignored"])
        return sum(part["exchanges"] for part in parts if part["host"] == host)

    def breaches(self) -> Counter[tuple[str, str]]:
        """How many breaches there are, by event and locator."""
        return Counter(
            (finding["event"], place["where"])
            for finding in self.report["findings"]
            if finding["level"] == "breach"
            for place in finding["places"]
        )

    def check_sums(self) -> None:
        """All that was opened was closed, and all that was acknowledged is stored and reported."""
        coverage, ledger = self.report["coverage"], self.ledger
        assert coverage["exchanges"] == coverage["judged"] + coverage["ignored"] + coverage["unread"]
        assert coverage["exchanges"] == ledger["observations"]
        came = ("with_exchange", "passthrough", "opaque", "tls_refused", "no_exchange")
        became = ("decoded", "undecodable", "not_telemetry", "incomplete")
        assert ledger["connections"] == sum(ledger[name] for name in came)
        assert ledger["exchanges"] == sum(ledger[name] for name in became)


@dataclass(slots=True)
class Running:
    """A proxy that runs: how to reach it, its files, and once it has ended, what is `left`."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    ended: list[Left] = field(default_factory=list)

    @property
    def journal(self) -> Path:
        return self.folder / "audit.journal"

    @property
    def certificate(self) -> Path:
        return self.folder / "ca" / "mitmproxy-ca-cert.pem"

    def settle(self) -> None:
        """Wait until all that was sent before has been judged: a canary exchange that is judged behind it is answered when it is on disk."""
        name = "telemetry-audit.invalid"
        with connected(self.port) as connection:
            connection.sendall(request(name, f"http://{name}/", b"x" * _LONG, "Connection: close"))
            assert rest(connection).startswith(b"HTTP/1.1 200")

    def memory(self, field: str) -> float:
        """MiB of resident memory that the proxy and the process that judges for it have (proc_pid_status(5))."""
        family = []
        for status in Path("/proc").glob("[0-9]*/status"):
            with suppress(OSError):  # it has just ended
                lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
                if str(self.process.pid) in {lines["Pid"].strip(), lines["PPid"].strip()}:
                    family.append(int(lines[field].split()[0]) / 1024)
        assert len(family) == 2
        return sum(family)

    @property
    def left(self) -> Left:
        """What is left of it, after the block in which it ran."""
        return self.ended[0]


@contextmanager
def watching(folder: Path, *options: object) -> Iterator[Running]:
    """`watch` with these options, that trusts whatever certificate a server has, from when it listens until SIGTERM has ended it."""
    port = free_port()
    given = ("--listen", f"127.0.0.1:{port}", "--ca", folder / "ca", "--journal", folder / "audit.journal")
    command = (
        sys.executable,
        "-m",
        "telemetry_audit",
        "watch",
        *given,
        "--set",
        "ssl_insecure=true",
        "--format",
        "json",
    )
    with _running([*map(str, (*command, *options))], folder, port) as proxy:
        yield proxy
    text = (folder / "proxy.out").read_text()
    proxy.ended.append(_left(proxy, json.loads(text) if text else {}))


@contextmanager
def dumping(folder: Path, *options: object, scripts: Sequence[Path] = ()) -> Iterator[Running]:
    """mitmdump with the addon, after these `scripts` and with these options, each NAME=VALUE, until SIGTERM has ended it."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("mitmdump"))]
    for script in (*scripts, ADDON):
        command += ["--scripts", str(script)]
    given = (
        f"confdir={folder / 'ca'}",
        "listen_host=127.0.0.1",
        f"listen_port={port}",
        "ssl_insecure=true",
        f"telemetry_audit_journal={folder / 'audit.journal'}",
    )
    for option in (*given, *options):
        command += ["--set", str(option)]
    with _running(command, folder, port) as proxy:
        yield proxy
    proxy.ended.append(_left(proxy, reported(proxy.journal)))


def reported(journal: Path) -> dict[str, Any]:
    """What `report` says of a journal."""
    command = (sys.executable, "-m", "telemetry_audit", "report", str(journal), "--format", "json")
    done = subprocess.run(command, capture_output=True, check=False, timeout=_PATIENCE)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@contextmanager
def _running(command: Sequence[str], folder: Path, port: int) -> Iterator[Running]:
    with running(command, folder / "proxy", lambda: is_open(port)) as process:
        yield Running(port, folder, process)


def _left(proxy: Running, report: dict[str, Any]) -> Left:
    with closing(sqlite3.connect(proxy.journal)) as database:
        (ledger, faults), *_ = database.execute("SELECT ledger, faults FROM run ORDER BY number DESC")
    told = (proxy.folder / "proxy.err").read_text()
    return Left(proxy.process.returncode, report, told, json.loads(ledger), json.loads(faults))
