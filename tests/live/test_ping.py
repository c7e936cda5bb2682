"""A canary exchange proves the path through the proxy into the journal, and no more than that."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

from tests.conftest import Run
from tests.e2e.processes import free_port, running
from tests.recordings import har, request

WATCH = [sys.executable, "-m", "telemetry_audit", "watch", "--format", "json"]


@contextmanager
def watched(folder: Path, port: int) -> Iterator[Popen[bytes]]:
    places = {"--ca": folder / "ca", "--journal": folder / "audit.journal", "--certificate": folder / "ca.pem"}
    options = [str(word) for pair in places.items() for word in pair]
    err = folder / "watch.err"
    command = [*WATCH, "--listen", f"127.0.0.1:{port}", *options]
    with running(command, folder / "watch", lambda: err.exists() and "Listening" in err.read_text()) as process:
        yield process


def reported(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "watch.out").read_text())
    return report


def test_without_a_canary_and_without_telemetry_it_is_inconclusive(tmp_path: Path) -> None:
    with watched(tmp_path, free_port()) as process:
        pass
    assert process.returncode == 3
    assert "no telemetry was seen" in reported(tmp_path)["inconclusive"][0]


def test_with_a_canary_it_is_not(run: Run, tmp_path: Path) -> None:
    port = free_port()
    proxy = f"http://127.0.0.1:{port}"
    with watched(tmp_path, port) as process:
        plain = run("ping", "--proxy", proxy)
        intercepted = run("ping", "--ca", tmp_path / "ca.pem", HTTPS_PROXY=proxy)
        report = run("report", tmp_path / "audit.journal")
    assert (plain.code, intercepted.code, process.returncode) == (0, 0, 0)
    assert plain.out == "The audit saw it and stored it: exchange 0 of run 1.\n"
    assert "2 canary exchanges" in report.out
    assert "not that the instance goes through it" in report.out
    coverage = reported(tmp_path)["coverage"]
    assert (coverage["pings"], coverage["ignored"], coverage["events"]) == (2, 2, 0)


def test_a_certificate_that_is_not_the_proxys_is_said(run: Run, tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "other").mkdir()
    with watched(tmp_path / "other", free_port()):
        pass
    with watched(tmp_path, port) as process:
        done = run("ping", "--proxy", f"http://127.0.0.1:{port}", "--ca", tmp_path / "other" / "ca.pem")
    assert done.code == 1
    assert "the certificate is not the proxy's" in done.err
    assert process.returncode == 3
    (unread,) = reported(tmp_path)["unread"]
    assert unread["host"] == "telemetry-audit.invalid"


def test_where_no_audit_answers_it_fails(run: Run) -> None:
    done = run("ping", "--proxy", f"http://127.0.0.1:{free_port()}")
    assert (done.code, done.err.count("did not get through")) == (1, 1)


def test_without_a_proxy_it_asks_for_one(run: Run) -> None:
    none = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), "")
    done = run("ping", **none)
    assert done.code == 2
    assert "--proxy http://HOST:PORT" in done.err


def test_a_canary_in_a_recording_counts_too(run: Run, tmp_path: Path) -> None:
    recording = har(tmp_path / "r.har", [request("http://telemetry-audit.invalid/")])
    done = run("check", recording)
    assert done.code == 0
    assert "1 canary exchange;" not in done.out
    assert "1 canary exchange\n" in done.out
