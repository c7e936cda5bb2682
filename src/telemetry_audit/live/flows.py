"""A flow in mitmproxy's memory as the exchange that the reader of its dump would make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mitmproxy import connection, dns, http

from telemetry_audit.model import Exchange
from telemetry_audit.readers import dump_exchange
from telemetry_audit.readers.hosts import host_name

MOST_STREAMED = 16 * 1024 * 1024
"""Bytes of a body that passes in pieces, of which a copy is kept to be judged: as many as can be judged at all."""


class Tee:
    """Copies a body that passes in pieces, up to `MOST_STREAMED` bytes, and changes none of them.

    mitmproxy calls it with each piece and with b"" at the end (`http.Message.stream`).
    """

    __slots__ = ("_other", "_pieces", "size")

    def __init__(self, other: Callable[[bytes], Iterable[bytes] | bytes] | bool) -> None:  # noqa: FBT001 - mitmproxy's own type
        """Stand in front of `other`, which was to pass the body on: a function, or no function for as it is."""
        self._other = other
        self.size = 0
        self._pieces: list[bytes] = []

    def __call__(self, piece: bytes) -> tuple[bytes, ...]:
        """Pass `piece` on, as the other would, and copy what leaves."""
        passed = self._other(piece) if callable(self._other) else piece
        parts = (passed,) if isinstance(passed, bytes) else tuple(passed)
        for part in parts:
            self.size += len(part)
            if self.size <= MOST_STREAMED:
                self._pieces.append(part)
            else:
                self._pieces.clear()
        return tuple(part for part in parts if part)

    @property
    def body(self) -> bytes | None:
        """What has passed so far, None if it was too much to be kept."""
        return b"".join(self._pieces) if self.size <= MOST_STREAMED else None


def exchange_of(flow: http.HTTPFlow, recording: str, number: int, body: bytes | None) -> Exchange:
    """The exchange that a flow's request makes; `body` is as it left, None where it could not be kept."""
    request, client, server = flow.request, flow.client_conn, flow.server_conn
    trailers = request.trailers.fields if request.trailers else ()
    parts = dump_exchange.Parts(
        path=request.data.path,
        authority=request.data.authority,
        scheme=request.data.scheme,
        method=request.data.method,
        port=b"%d" % request.data.port,
        host=_bytes(request.data.host),
        time=repr(request.timestamp_start).encode(),
        content=body,
        headers=tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in (*request.headers.fields, *trailers)
        ),
        version=request.data.http_version,
        address=_host(server.address),
        sni=_bytes(server.sni or client.sni or ""),
        client=_host(client.peername),
    )
    return dump_exchange.exchange(recording, number, parts)


def lookup_of(flow: dns.DNSFlow, recording: str, number: int) -> Exchange:
    """The exchange that a question for a name makes."""
    names = tuple(_bytes(question.name) for question in flow.request.questions)
    time = repr(flow.request.timestamp or 0.0).encode()
    return dump_exchange.lookup(recording, number, time, names, _host(flow.client_conn.peername))


def host_of(client: connection.Client, server: connection.Connection | None) -> str:
    """The name that a connection was opened to, "" where nobody said."""
    address = server.address if isinstance(server, connection.Server) else None
    name = (server.sni if server else None) or client.sni or (address[0] if address else "")
    return host_name(name)


def _host(address: connection.Address | None) -> bytes:
    return _bytes(address[0]) if address else b""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
