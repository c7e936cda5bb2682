"""Writes the example: a small recording, the same bytes each time, and the reports on it that the tests hold the program against."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from uuid import UUID

from example_traffic import Asked, traffic
from mitmproxy import connection, http
from mitmproxy.io import FlowWriter

FOLDER = Path(__file__).parents[1] / "reports" / "example"
RECORDING = "recording.flow"
REPORTS = {
    "report.txt": "text",
    "report.json": "json",
    "report.html": "html",
    "report.md": "markdown",
    "report.csv": "csv",
    "report.junit.xml": "junit",
    "report.sarif": "sarif",
    "report.annotations.txt": "annotations",
    "report.jsonl": "jsonl",
}
_EIGHT_O_CLOCK = 1_762_156_800.0  # 3 November 2025, 8:00 UTC


def flow_of(number: int, asked: Asked) -> http.HTTPFlow:
    """The request as an answered flow, with nothing in it that differs from run to run."""
    time = _EIGHT_O_CLOCK + asked.at
    request = http.Request.make(asked.method, asked.url, asked.body)
    request.headers.update(asked.headers)
    request.headers["host"] = request.host
    request.timestamp_start, request.timestamp_end = time, time + 0.01
    client = connection.Client(
        peername=(asked.client, 50_000 + number), sockname=("192.0.2.1", 8080), timestamp_start=time - 0.3, tls=True
    )
    server = connection.Server(address=(request.host, request.port), peername=("192.0.2.80", request.port), tls=True)
    client.sni = server.sni = request.host
    client.tls_version = server.tls_version = "TLSv1.3"
    client.timestamp_tls_setup = server.timestamp_tls_setup = time - 0.1
    server.timestamp_start, server.timestamp_tcp_setup = time - 0.2, time - 0.15
    flow = http.HTTPFlow(client, server)
    client.id, server.id, flow.id = (str(UUID(int=number * 3 + each)) for each in range(3))
    flow.request = request
    flow.timestamp_created = time
    flow.response = http.Response.make(200, b'{"success": true}', {"content-type": "application/json"})
    flow.response.timestamp_start, flow.response.timestamp_end = time + 0.05, time + 0.06
    return flow


def write_recording(path: Path) -> None:
    """Write the traffic to `path` as mitmproxy's `-w` does."""
    with path.open("wb") as file:
        writer = FlowWriter(file)  # type: ignore[no-untyped-call]
        for number, asked in enumerate(traffic()):
            writer.add(flow_of(number, asked))


def report(folder: Path, form: str) -> bytes:
    """What `check` prints of the recording in `folder`, run there so that no folder's name stands in it."""
    command = [sys.executable, "-m", "telemetry_audit", "check", RECORDING, "--format", form]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=False)
    if done.returncode != 1 or not done.stdout:  # the example breaks promises
        raise SystemExit(
            f"check ended with {done.returncode}, with {len(done.stdout)} bytes of report; none was written"
        )
    return done.stdout


def main() -> None:
    """Write the recording, then the reports on it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER, help="where the files are written")
    parser.add_argument("--recording-only", action="store_true", help="leave the reports as they are")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    write_recording(options.folder / RECORDING)
    if not options.recording_only:
        made = {name: report(options.folder, form) for name, form in REPORTS.items()}
        for name, text in made.items():
            (options.folder / name).write_bytes(text)


if __name__ == "__main__":
    main()
