"""The raw traffic beside the audit, as a mitmproxy dump."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from mitmproxy import dns, flow, http, tcp, udp
from mitmproxy.io import FlowWriter

from telemetry_audit.live.session import LOG

MODE = 0o600


class Recorder:
    """A mitmproxy addon that writes each flow to a new file when it has ended, and those that are open when the proxy ends.

    A file that cannot be written any more is given up with a loud line; the traffic and the audit go on. mitmproxy's own `save_stream_file` would
    end the proxy there, and makes files that others can read.
    """

    name = "telemetry-audit-recorder"

    def __init__(self, path: Path) -> None:
        """Make the file `path`. Raises OSError, also if there is one."""
        self._path = path
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
        self._file: BinaryIO | None = os.fdopen(descriptor, "wb")
        self._writer = FlowWriter(self._file)
        self._open: dict[str, flow.Flow] = {}
        self.failed = ""

    def request(self, flow: http.HTTPFlow) -> None:
        """It has left, whatever comes."""
        self._open[flow.id] = flow

    def response(self, flow: http.HTTPFlow) -> None:
        """It has ended, unless it goes on as a WebSocket."""
        if flow.websocket is None:
            self._write(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        """It has ended."""
        self._write(flow)

    def websocket_end(self, flow: http.HTTPFlow) -> None:
        """It has ended."""
        self._write(flow)

    def tcp_end(self, flow: tcp.TCPFlow) -> None:
        """It has ended."""
        self._write(flow)

    def tcp_error(self, flow: tcp.TCPFlow) -> None:
        """It has ended."""
        self._write(flow)

    def udp_end(self, flow: udp.UDPFlow) -> None:
        """It has ended."""
        self._write(flow)

    def udp_error(self, flow: udp.UDPFlow) -> None:
        """It has ended."""
        self._write(flow)

    def dns_request(self, flow: dns.DNSFlow) -> None:
        """It has left, whatever comes."""
        self._open[flow.id] = flow

    def dns_response(self, flow: dns.DNSFlow) -> None:
        """It has ended."""
        self._write(flow)

    def dns_error(self, flow: dns.DNSFlow) -> None:
        """It has ended."""
        self._write(flow)

    def done(self) -> None:
        """Write what is open, and close the file."""
        for each in tuple(self._open.values()):
            self._write(each)
        if self._file is not None:
            self._close()

    def _write(self, each: flow.Flow) -> None:
        self._open.pop(each.id, None)
        if self._file is None:
            return
        try:
            self._writer.add(each)
            self._file.flush()
        except OSError as problem:
            self._give_up(problem)

    def _close(self) -> None:
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
        except OSError as problem:
            self._give_up(problem)

    def _give_up(self, problem: OSError) -> None:
        self.failed = f"{self._path} could not be written to the end: {problem.strerror}"
        LOG.error("%s. The audit goes on without it.", self.failed)
        self._close()
