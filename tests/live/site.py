"""A server on loopback that stands for every host of the Internet: it writes down what reached it, and answers as the path says."""

from __future__ import annotations

import socket
import socketserver
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO, NamedTuple

import wsproto
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from mitmproxy.certs import CertStore
from wsproto.events import AcceptConnection, CloseConnection, Message, Request

_PATIENCE = 60
_TLS = b"\x16"


class Reached(NamedTuple):
    """A request, all of which reached the server: what its Host header says, its path, and its body or one message of its WebSocket."""

    host: str
    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Site:
    """Where the server listens, a further port on which it speaks first, and what reached it; of `begun` only the head may have.

    `answers` are those for paths that are to have others than `{}`: further lines of the head, and a body.
    """

    port: int
    greeter: int
    context: ssl.SSLContext
    reached: list[Reached] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    answers: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def bodies(self, path: str) -> list[bytes]:
        """What reached this path."""
        return [each.body for each in self.reached if each.path == path]


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """It serves, with a certificate that nobody vouches for, until the end of the block."""
    with _listening(_Answering) as answering, _listening(_Greeting) as greeting:
        served = Site(answering.server_address[1], greeting.server_address[1], _context(folder))
        answering.site = greeting.site = served
        yield served


def _context(folder: Path) -> ssl.SSLContext:
    entry = CertStore.from_store(folder / "site-ca", "site", 2048).get_cert("site.example", [])
    key = entry.privatekey.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    (file := folder / "site.pem").write_bytes(key + entry.cert.to_pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    site: Site


@contextmanager
def _listening(handler: type[socketserver.BaseRequestHandler]) -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


class _Greeting(socketserver.BaseRequestHandler):
    """Says something before anybody asked, as mail servers and databases do, and writes down what comes back."""

    server: _Server

    def handle(self) -> None:
        self.request.sendall(b"220 ready\r\n")
        said = self.request.recv(4096)
        self.server.site.reached.append(Reached("", "greeting", said))
        self.request.sendall(b"250 ok\r\n")


class _Answering(socketserver.BaseRequestHandler):
    """Speaks HTTP/1.1, over TLS to whoever begins with that."""

    server: _Server

    def handle(self) -> None:
        with suppress(OSError, EOFError):  # who went away needs no answer
            self.request.settimeout(_PATIENCE)
            connection: socket.socket = self.request
            if connection.recv(1, socket.MSG_PEEK) == _TLS:
                connection = self.server.site.context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as lines:
                while self._answered(connection, lines):
                    pass

    def _answered(self, connection: socket.socket, lines: BinaryIO) -> bool:
        words = lines.readline().split()
        if len(words) != len(("method", "target", "version")):
            return False
        headers = _headers(lines)
        path, host = words[1].decode().partition("?")[0], headers.get("host", "")
        self.server.site.begun.append(path)
        if path == "/early":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        if path == "/socket":
            self._speak(connection, words[1].decode(), headers)
            return False
        body = _body(headers, lines)
        self.server.site.reached.append(Reached(host, path, body))
        if path == "/upgrade":
            connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n")
            self.server.site.reached.append(Reached(host, "upgraded", connection.recv(4096)))
            return False
        if path == "/silent":
            return bool(connection.recv(1))
        if path != "/early":
            head, answer = self.server.site.answers.get(path, ("", b"{}"))
            connection.sendall(f"HTTP/1.1 200 OK\r\n{head}Content-Length: {len(answer)}\r\n\r\n".encode() + answer)
        return True

    def _speak(self, connection: socket.socket, target: str, headers: Mapping[str, str]) -> None:
        protocol = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
        protocol.initiate_upgrade_connection(
            [(name.encode(), value.encode()) for name, value in headers.items()], target
        )
        while data := self._heard(protocol, connection, headers):
            protocol.receive_data(data)

    def _heard(self, protocol: wsproto.WSConnection, connection: socket.socket, headers: Mapping[str, str]) -> bytes:
        for event in protocol.events():
            if isinstance(event, Request):
                connection.sendall(protocol.send(AcceptConnection()))
            elif isinstance(event, Message):
                content = event.data.encode() if isinstance(event.data, str) else bytes(event.data)
                self.server.site.reached.append(Reached(headers.get("host", ""), "message", content))
            elif isinstance(event, CloseConnection):
                connection.sendall(protocol.send(event.response()))
                return b""
        return connection.recv(65_536)


def _headers(lines: BinaryIO) -> dict[str, str]:
    found: dict[str, str] = {}
    while line := lines.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        found[name.lower()] = value.strip()
    return found


def _body(headers: Mapping[str, str], lines: BinaryIO) -> bytes:
    """A whole body; EOFError for one that breaks off."""
    if headers.get("transfer-encoding") != "chunked":
        return _exactly(lines, int(headers.get("content-length", "0")))
    pieces = []
    while size := int(lines.readline() or _end(), 16):
        pieces.append(_exactly(lines, size))
        lines.readline()
    _headers(lines)  # trailers
    return b"".join(pieces)


def _exactly(lines: BinaryIO, size: int) -> bytes:
    data = lines.read(size)
    return data if len(data) == size else _end()


def _end() -> Any:
    raise EOFError
