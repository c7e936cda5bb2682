"""A client that costs little: HTTP/1.1 through a proxy, over connections that are kept, one request at a time on each."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from traffic import Request

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class NotAnswered(OSError):
    """A request was answered by something else than a 200; the argument is its first line."""


class _Connection(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Client:
    """One client of the proxy at `port`; with a `context` it speaks TLS through tunnels. It keeps a connection for each host.

    One connection for all hosts would come to a standstill at the sixth: mitmproxy opens at most five to an upstream proxy for one of its clients.
    """

    def __init__(self, port: int, context: ssl.SSLContext | None) -> None:
        """Connect when the first request is sent."""
        self._port = port
        self._context = context
        self._connections: dict[str, _Connection] = {}

    async def send(self, request: Request) -> float:
        """Send a request and read its answer; returns the seconds between."""
        reader, writer = await self._connection(request.host)
        start = time.perf_counter()
        writer.write(request.content)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise NotAnswered(head.partition(b"\r")[0])
        await reader.readexactly(int(found[1]) if (found := _LENGTH.search(head)) else 0)
        return time.perf_counter() - start

    async def send_all(self, requests: Iterable[Request]) -> list[float]:
        """Send one after the other; returns the seconds that each took."""
        return [await self.send(request) for request in requests]

    def close(self) -> None:
        """Let go of the connections."""
        for _, writer in self._connections.values():
            writer.close()

    async def _connection(self, host: str) -> _Connection:
        if host not in self._connections:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
            if self._context is not None:
                writer.write(f"CONNECT {host}:443 HTTP/1.1\r\nhost: {host}:443\r\n\r\n".encode())
                await reader.readuntil(b"\r\n\r\n")
                await writer.start_tls(self._context, server_hostname=host)
            self._connections[host] = _Connection(reader, writer)
        return self._connections[host]


async def shared(clients: Iterable[Client], requests: Iterator[Request]) -> list[float]:
    """Send requests over all clients at once, each taking the next when it is free; returns the seconds that each request took."""
    taken = await asyncio.gather(*(client.send_all(requests) for client in clients))
    return [seconds for some in taken for seconds in some]
