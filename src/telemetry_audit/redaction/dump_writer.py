"""Exchanges to a dump, through mitmproxy's own writer: requests alone, with made-up ids and without any client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO
from uuid import UUID

from mitmproxy.connection import Client, Server
from mitmproxy.dns import DNSFlow, DNSMessage, Question
from mitmproxy.flow import Flow
from mitmproxy.http import Headers, HTTPFlow, Request
from mitmproxy.io import FlowWriter
from mitmproxy.tcp import TCPFlow
from mitmproxy.udp import UDPFlow
from mitmproxy.websocket import WebSocketData, WebSocketMessage
from wsproto.frame_protocol import Opcode

from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers.dump import RAW_UDP

_DNS = "dns"
_FROM_CLIENT = True
_NOBODY = ("", 0)


def write_dump(items: Iterable[Exchange | Unread], file: BinaryIO) -> None:
    """Write a dump of the installed mitmproxy's flow format.

    What was unread before it could be told apart is a raw connection without content.
    """
    writer = FlowWriter(file)
    for item in items:
        writer.add(_flow(item))


def _flow(item: Exchange | Unread) -> Flow:
    flow = _raw(item) if isinstance(item, Unread) else _lookup(item) if item.scheme == _DNS else _request(item)
    time = 0.0 if isinstance(item, Unread) else item.time or 0.0
    flow.id = str(UUID(int=3 * item.number))
    flow.client_conn.id = str(UUID(int=3 * item.number + 1))
    flow.server_conn.id = str(UUID(int=3 * item.number + 2))
    flow.timestamp_created = flow.client_conn.timestamp_start = time
    return flow


def _raw(item: Unread) -> TCPFlow | UDPFlow:
    kind = UDPFlow if item.reason == RAW_UDP else TCPFlow
    return kind(_client(), Server(address=(item.host, 0) if item.host else None))


def _lookup(item: Exchange) -> DNSFlow:
    flow = DNSFlow(_client(), Server(address=None))
    flow.request = DNSMessage(
        id=0,
        query=True,
        op_code=0,
        authoritative_answer=False,
        truncation=False,
        recursion_desired=True,
        recursion_available=False,
        reserved=0,
        response_code=0,
        questions=[Question(name, 1, 1) for name in (item.host, *item.aliases)],
        answers=[],
        authorities=[],
        additionals=[],
        timestamp=item.time,
    )
    return flow


def _request(item: Exchange) -> HTTPFlow:
    """The request; further names of its host go where the reader takes them from, in its order."""
    authority, connected, sni, address = ("", "", "", "", *item.aliases[:4])[-4:]
    flow = HTTPFlow(_client(), Server(address=(address, item.port) if address else None, sni=sni or None))
    flow.request = Request(
        host=connected or item.host,
        port=item.port,
        method=item.method.encode(),
        scheme=item.scheme.encode(),
        authority=authority.encode("utf-8", "surrogateescape"),
        path=item.target.encode("utf-8", "surrogateescape"),
        http_version=b"HTTP/1.1",
        headers=Headers(
            [(b"host", _authority(item.host)), *(_field(*each) for each in item.headers if each[0] != "host")]
        ),
        content=item.body,
        trailers=None,
        timestamp_start=item.time or 0.0,
        timestamp_end=item.time or 0.0,
    )
    if item.messages:
        said = (WebSocketMessage(Opcode.BINARY, _FROM_CLIENT, message, item.time or 0.0) for message in item.messages)
        flow.websocket = WebSocketData(messages=list(said))
    return flow


def _authority(host: str) -> bytes:
    return (f"[{host}]" if ":" in host else host).encode("utf-8", "surrogateescape")


def _field(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode("latin-1", "replace"), value.encode("latin-1", "replace")


def _client() -> Client:
    return Client(peername=_NOBODY, sockname=_NOBODY, timestamp_start=0.0)
