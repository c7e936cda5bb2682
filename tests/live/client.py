"""What a client says to a proxy, byte by byte."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PATIENCE = 60
_PIECE = 65_536


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    """A connection to the proxy, which is closed at the end of the block whatever the proxy did."""
    with suppress(BrokenPipeError), socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as connection:
        yield connection


def tunnel(connection: socket.socket, port: int, host: str = "127.0.0.1") -> bytes:
    """Ask for a tunnel: the status line of the answer, after whose head the tunnel begins."""
    connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    return answer(connection, at_once=1).partition(b"\r\n")[0]


def answer(connection: socket.socket, at_once: int = _PIECE) -> bytes:
    """An answer's head and what came with it; what there is of it if it ends before."""
    data = b""
    with suppress(ConnectionError):
        while b"\r\n\r\n" not in data and (piece := connection.recv(at_once)):
            data += piece
    return data


def rest(connection: socket.socket) -> bytes:
    """All that comes until the other side ends the connection."""
    data = b""
    with suppress(ConnectionError, ssl.SSLError):
        while piece := connection.recv(_PIECE):
            data += piece
    return data


def trusting(certificate: Path | None, *, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    """A client's TLS that trusts this CA alone, or no proxy at all, and speaks no newer version."""
    context = ssl.create_default_context(cafile=certificate)
    context.maximum_version = newest
    return context


def request(host: str, path: str, body: bytes = b"", *headers: str, method: str = "POST") -> bytes:
    """A request as to a server, or to a proxy if `path` is a whole URL."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers]
    if body and not any(line.lower().startswith(("transfer-encoding", "content-length")) for line in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def chunked(*pieces: bytes, ends: bytes = b"\r\n") -> bytes:
    """Pieces in HTTP/1.1's chunked framing; `ends` stands where trailers do."""
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n" + ends
