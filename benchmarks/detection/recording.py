"""Rows as a recording for the command line: a HAR, and an `audit.toml` that says what the benchmark's operator knows."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from detection.known import Known
from detection.row import Row
from detection.sender import SERVER
from telemetry_audit.model import Exchange

CONFIGURATION = "audit.toml"


class Checked(NamedTuple):
    """What a run of `check` left: its exit code, the numbers of the exchanges with a breach, and everything that it printed."""

    code: int
    breached: frozenset[int]
    printed: str


def write_configuration(folder: Path, known: Known) -> Path:
    """The files of what is known, and the configuration that names them."""
    known.write(folder)
    path = folder / CONFIGURATION
    lists = 'canaries = "canaries.txt"\nknown_users = "users.txt"\nknown_values = ["export.csv"]\n'
    path.write_text(f'server_addresses = ["{SERVER}"]\n{lists}', "utf-8")
    return path


def write_har(path: Path, rows: Iterable[Row]) -> None:
    """The rows' exchanges as a browser's developer tools save them."""
    entries = [_entry(row.exchange) for row in rows]
    log = {"version": "1.2", "creator": {"name": "benchmark", "version": "1"}, "entries": entries}
    path.write_text(json.dumps({"log": log}), "utf-8")


def check(recording: Path, configuration: Path) -> Checked:
    """Runs `telemetry-audit check` on a recording."""
    command = [sys.executable, "-m", "telemetry_audit", "check", str(recording)]
    options = ["--config", str(configuration), "--format", "json"]
    done = subprocess.run([*command, *options], capture_output=True, check=False, text=True)
    report = json.loads(done.stdout) if done.stdout else {"findings": []}
    breaches = (finding for finding in report["findings"] if finding["level"] == "breach")
    numbers = frozenset(place["exchange"] for finding in breaches for place in finding["places"])
    return Checked(done.returncode, numbers, done.stdout + done.stderr)


def _entry(exchange: Exchange) -> dict[str, object]:
    request: dict[str, object] = {
        "method": exchange.method,
        "url": f"{exchange.scheme}://{exchange.host}{exchange.target}",
        "httpVersion": "HTTP/1.1",
        "headers": [{"name": name, "value": value} for name, value in exchange.headers],
    }
    if exchange.body:
        body = base64.b64encode(exchange.body).decode()
        request["postData"] = {"mimeType": exchange.header("content-type") or "", "text": body, "encoding": "base64"}
    answer = {"status": 200, "headers": [], "content": {}}
    return {"startedDateTime": "2026-01-05T10:00:00.000Z", "request": request, "response": answer}
