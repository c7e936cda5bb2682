"""A session: every sender that can be started here sends at once, through `telemetry-audit watch`, to the Internet of `internet.py`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.conftest import Ran
from tests.e2e import planted
from tests.e2e.expected import DOCUMENTED, PLANTED, All, Expected, together
from tests.e2e.internet import internet
from tests.e2e.processes import free_port, running
from tests.e2e.senders import SENDERS, Errand, Sender

EXPECTED: Mapping[str, Mapping[str, Expected]] = {"documented": DOCUMENTED, "planted": PLANTED}
"""By phase and sender."""

_PATIENCE = 120


class Session(NamedTuple):
    """What is left of a session.

    `watched` is the run of `watch`, whose standard output is a report; `expected` is what the senders that could be started amount to; `missing` says
    of the others why not; `known` are the options with which the operator says what is known.
    """

    watched: Ran
    expected: All
    missing: Mapping[str, str]
    known: tuple[str, ...]
    journal: Path
    dump: Path
    har: Path

    def audited(self, source: str, *options: str) -> Ran:
        """Audit the same traffic as it stands in the dump, the HAR or the journal."""
        if source == "journal":
            return program("report", self.journal, *options)
        return program("check", {"dump": self.dump, "HAR": self.har}[source], *self.known, *options)


def program(*arguments: object) -> Ran:
    """A run of `telemetry-audit`."""
    command = [sys.executable, "-m", "telemetry_audit", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE)
    return Ran(done.returncode, done.stdout, done.stderr)


def session(phase: str, folder: Path, *, trusted: bool = True) -> Session:
    """Have one, in a folder of its own; if the proxy is not `trusted`, with those senders alone that then give up."""
    canaries, journal, dump = folder / "canaries.txt", folder / "session.journal", folder / "session.flow"
    canaries.write_text("\n".join(planted.CANARIES))
    known = ("--server-address", planted.SERVER, "--canaries", str(canaries))
    missing = {sender.name: reason for sender in SENDERS if (reason := sender.missing())}
    if not trusted:
        missing["browser"] = "it would try again for ever"
    with internet(folder) as beyond:
        port, certificate = free_port(), folder / "certificate.pem"
        options = {
            "listen": f"127.0.0.1:{port}",
            "upstream": beyond.proxy,
            "ca": folder / "ca",
            "certificate": certificate,
            "journal": journal,
            "record": dump,
            "set": f"ssl_verify_upstream_trusted_ca={beyond.ca}",
            "format": "json",
        }
        command = [sys.executable, "-m", "telemetry_audit", "watch", *known]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        with running(command, folder / "watch", certificate.exists) as proxy:
            present = [sender for sender in SENDERS if sender.name not in missing]
            ca = certificate if trusted else beyond.ca
            for sender, code in _send(phase, folder, present, f"http://127.0.0.1:{port}", ca):
                assert (code == 0) == trusted, (folder / sender / "output").read_text()
    printed = [(folder / f"watch.{suffix}").read_text() for suffix in ("out", "err")]
    sent = together(found for name, found in EXPECTED[phase].items() if name not in missing)
    return Session(Ran(proxy.returncode, *printed), sent, missing, known, journal, dump, beyond.har)


def _send(phase: str, folder: Path, senders: Sequence[Sender], proxy: str, ca: Path) -> Iterator[tuple[str, int]]:
    """Start all `senders`, and give the code with which each ended."""
    started = [sender.start(Errand(phase, folder / sender.name, proxy, ca)) for sender in senders]
    try:
        for sender, process in zip(senders, started, strict=True):
            yield sender.name, process.wait(timeout=_PATIENCE)
    finally:
        for process in started:
            process.kill()
