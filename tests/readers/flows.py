"""Flows for the tests of the dump reader: mitmproxy's own, varied, and in older formats."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st
from mitmproxy import http
from mitmproxy.flow import Flow
from mitmproxy.io import FlowReader, FlowWriter, tnetstring
from mitmproxy.test import tflow, tutils
from mitmproxy.websocket import WebSocketMessage
from wsproto.frame_protocol import Opcode

type State = dict[str, Any]

HOSTS = st.sampled_from(["api.segment.io", "Example.COM", "192.0.2.1", "2001:db8::1", "a-b.example"])
# They imitate the framing: what is cut at a comma or a semicolon instead of by its length goes wrong on them.
SLY = [b",6:scheme;4:http,6:method;3:PUT,4:port;1:1#", b"8:peername;7:1:x;1:1#]", b"5:a,b],]", b";,]}#~"]
SLY_TEXT = [piece.decode() for piece in SLY]
TOKENS = st.sampled_from([b"GET", b"POST", b"propfind", b"M-SEARCH"])
BYTES = st.binary(max_size=40) | st.sampled_from(SLY)
FIELDS = st.lists(st.tuples(st.sampled_from([b"Accept", b"x-a", b"Cookie"]) | BYTES, BYTES), max_size=4)


@st.composite
def http_flows(draw: st.DrawFn) -> http.HTTPFlow:
    """An HTTP flow of any sort that mitmproxy may write."""
    host = draw(HOSTS)
    named = draw(st.sampled_from(["", host, f"{host}:8443", "other.example"]) if ":" not in host else st.just(""))
    request = tutils.treq(
        host=host,
        port=draw(st.integers(1, 65535)),
        method=draw(TOKENS),
        scheme=draw(st.sampled_from([b"http", b"https"])),
        authority=draw(st.sampled_from([b"", host.encode(), b"front.example:443"])),
        path=b"/" + draw(st.binary(max_size=30) | st.sampled_from(SLY)),
        http_version=draw(st.sampled_from([b"HTTP/1.1", b"HTTP/2.0", b"HTTP/3"])),
        headers=http.Headers([(b"Host", named.encode())] * bool(named) + draw(FIELDS)),
        content=draw(st.none() | st.binary(max_size=200) | st.sampled_from(SLY)),
        trailers=draw(st.none() | st.builds(http.Headers, FIELDS)),
        timestamp_start=draw(st.floats(0, 2e9)),
    )
    flow = tflow.tflow(req=request, resp=draw(st.booleans()), err=draw(st.booleans()), ws=draw(st.booleans()))
    flow.server_conn.address = draw(st.none() | st.tuples(HOSTS | st.sampled_from(SLY_TEXT), st.just(443)))
    flow.server_conn.sni = draw(st.none() | HOSTS | st.sampled_from(SLY_TEXT))
    flow.comment = draw(st.sampled_from(["", "seen", *SLY_TEXT]))
    flow.metadata = draw(st.sampled_from([{}, {"note": [1, "x"]}]))
    if flow.websocket:
        said = draw(
            st.lists(st.tuples(st.sampled_from([Opcode.TEXT, Opcode.BINARY]), st.booleans(), BYTES), max_size=4)
        )
        flow.websocket.messages = [WebSocketMessage(kind, ours, data, 946681203.5) for kind, ours, data in said]
    return flow


def dumped(flows: Iterable[Flow]) -> bytes:
    """The flows as mitmproxy writes them."""
    file = io.BytesIO()
    writer = FlowWriter(file)
    for flow in flows:
        writer.add(flow)
    return file.getvalue()


def oracle(dump: bytes) -> list[Flow]:
    """The flows as mitmproxy reads them."""
    return list(FlowReader(io.BytesIO(dump)).stream())


def written(*states: State) -> bytes:
    """A dump of flows that are given as their state, which may be of another format."""
    return b"".join(map(tnetstring.dumps, states))


def turned(value: Any) -> Any:
    """The same state with the members of each dictionary in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(member) for key, member in reversed(value.items())}
    return [turned(item) for item in value] if isinstance(value, list | tuple) else value


def aged(state: State, version: int) -> State:
    """The state of a current flow as mitmproxy wrote it in the flow format `version`, from 11 to 21."""
    state = dict(state, version=version)
    client, server = dict(state["client_conn"]), dict(state["server_conn"])
    if version <= 19:
        client["state"] = server["state"] = 0
    if version <= 18:
        for connection in (client, server):
            connection["tls_established"] = connection["tls"]
            connection["cipher_name"] = connection.pop("cipher")
        client |= {"address": client.pop("peername"), "tls_extensions": []}
        server |= {"ip_address": server.pop("peername"), "source_address": server.pop("sockname"), "via2": None}
    if version <= 17:
        del client["proxy_mode"]
    for later, added in ((15, "timestamp_created"), (13, "comment"), (11, "websocket")):
        if version <= later:
            state.pop(added, None)
    if 11 < version <= 14 and state.get("websocket"):
        socket = state["websocket"]
        state["websocket"] = dict(socket, messages=[message[:-1] for message in socket["messages"]])
    if version <= 12:
        state["marked"] = False
    return state | {"client_conn": client, "server_conn": server}
