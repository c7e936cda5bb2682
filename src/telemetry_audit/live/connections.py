"""The hooks of connections: each is accounted for, above all where nothing of it can be read."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from mitmproxy import connection, http, tcp, tls, udp
from mitmproxy.proxy import layer, layers

from telemetry_audit.live.flows import host_of
from telemetry_audit.live.guard import guarded
from telemetry_audit.live.ledger import Came
from telemetry_audit.live.session import Session
from telemetry_audit.readers import dump
from telemetry_audit.readers.hosts import host_name

PASSED_THROUGH = (
    "the connection was passed through and not intercepted (ignore_hosts or allow_hosts of the proxy, or another addon)"
)
TLS_REFUSED = "the client broke off the TLS handshake, as it does if it does not trust the proxy's certificate"
TLS_UNUSED = "the client agreed on TLS and left without a word, as some do that do not trust the proxy's certificate"
NOT_CONNECTED = "the connection that it asked for could not be made, so that it sent nothing"
NO_REQUEST = "what came over the connection was no request that could be read"

MOST_TRUSTED = 10_000
"""Kinds of clients that are remembered as having taken the proxy's certificate."""

DOUBTED = 10.0
"""Seconds within which a client that left without a word may show over another connection that it takes the certificate."""

_LEFT_BEFORE = "connection closed early"
_LEFT_DURING = "The client disconnected during the handshake"

_UNAUTHORIZED = 407
_AT_RANDOM = 0x0A0A


class Connections:
    """A mitmproxy addon: connections of clients, tunnels, TLS handshakes, and raw TCP and UDP."""

    name = "telemetry-audit-connections"

    def __init__(self, session: Session) -> None:
        """Account in `session`."""
        self.session = session
        self._trusted: set[object] = set()
        self._doubts: defaultdict[object, list[tuple[str, str]]] = defaultdict(list)

    @guarded
    def client_connected(self, client: connection.Client) -> None:
        """Open its account."""
        self.session.ledger.connect(client.id)

    @guarded
    def next_layer(self, data: layer.NextLayer) -> None:
        """Notice what is passed through; this is the end of the chain, so the decision stands."""
        context = data.context
        account = self.session.ledger.connection(context.client.id)
        account.spoke = account.spoke or bool(data.data_client())
        if account.agreed and data.data_client():
            account.agreed = False
            self._trust(account.hello)
        if isinstance(data.layer, layers.TCPLayer | layers.UDPLayer) and data.layer.flow is None:
            name = _server_name(data.data_client()) if not context.client.sni else ""
            self._passed(context.client, name or host_of(context.client, context.server))

    @guarded
    def http_connect(self, flow: http.HTTPFlow) -> None:
        """A tunnel is asked for; the one of a canary exchange leads nowhere but here."""
        account = self.session.ledger.connection(flow.client_conn.id)
        account.host, account.spoke = flow.request.host.lower(), False  # what it said so far was this
        if self.session.is_ping(flow.request.host.lower()):
            flow.response = http.Response.make(200)

    @guarded
    def http_connect_error(self, flow: http.HTTPFlow) -> None:
        """The end of the tunnel could not be reached; a client that is asked to say who it is comes back."""
        if flow.response is None or flow.response.status_code != _UNAUTHORIZED:
            self.session.unread(host_name(flow.request.host), NOT_CONNECTED)

    @guarded
    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Notice what another addon passes through. Behind the tunnel of a canary exchange is no server with which TLS could be agreed on first."""
        client, server = data.context.client, data.context.server
        self.session.ledger.connection(client.id).hello = _kind_of_client(data)
        if data.ignore_connection:
            self._passed(client, host_of(client, server))
        elif server.address and self.session.is_ping(server.address[0].lower()):
            data.establish_server_tls_first = False

    @guarded
    def tls_established_client(self, data: tls.TlsData) -> None:
        """What it said so far was the handshake; to some clients the certificate matters only after it."""
        client, server = data.context.client, data.context.server
        account = self.session.ledger.connection(client.id)
        account.spoke, account.agreed = False, server.address is not None
        account.host = host_of(client, server)

    @guarded
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Who asks for something over TLS has taken the certificate."""
        account = self.session.ledger.connection(flow.client_conn.id)
        if account.hello is not None:
            self._trust(account.hello)

    @guarded
    def tls_failed_client(self, data: tls.TlsData) -> None:
        """The client does not take the proxy for the server, or it has made more connections than it needs, as browsers do."""
        client, problem = data.context.client, data.conn.error or ""
        account, host = self.session.ledger.connection(client.id), host_of(client, data.context.server)
        if problem == _LEFT_BEFORE:
            account.spoke = False  # it could see no certificate, and sent nothing but a part of its greeting
            return
        account.came.add(Came.TLS_REFUSED)
        if problem.startswith(_LEFT_DURING):
            self._doubt(account.hello, host, TLS_REFUSED)
        else:
            self.session.unread(host, TLS_REFUSED)

    @guarded
    def tcp_start(self, flow: tcp.TCPFlow) -> None:
        """A raw connection begins."""
        self._opaque(flow, dump.RAW_TCP)

    @guarded
    def udp_start(self, flow: udp.UDPFlow) -> None:
        """A raw exchange of datagrams begins."""
        self._opaque(flow, dump.RAW_UDP)

    @guarded
    def tcp_message(self, flow: tcp.TCPFlow) -> None:
        """Messages would pile up for as long as the connection lasts."""
        if self.session.settings.trims:
            flow.messages.clear()

    @guarded
    def udp_message(self, flow: udp.UDPFlow) -> None:
        """As for TCP."""
        if self.session.settings.trims:
            flow.messages.clear()

    @guarded
    def client_disconnected(self, client: connection.Client) -> None:
        """Close its account; exchanges that are open close theirs before."""
        account = self.session.ledger.disconnect(client.id)
        if account is None:
            return
        if account.silent and client.alpn != b"h2":  # which begins with a preface, also where nothing is to be asked
            self.session.unread(account.host, NO_REQUEST)
        elif account.agreed and not account.came:
            self._doubt(account.hello, account.host, TLS_UNUSED)

    def end(self) -> None:
        """Say what is in doubt, since the proxy ends."""
        for kind in tuple(self._doubts):
            self._say(kind)

    def _trust(self, kind: object) -> None:
        self._doubts.pop(kind, None)
        if len(self._trusted) < MOST_TRUSTED:
            self._trusted.add(kind)

    def _doubt(self, kind: object, host: str, reason: str) -> None:
        """Have it unread, unless a client of the same kind takes the certificate within some seconds, or has before."""
        if kind in self._trusted:
            return
        if kind not in self._doubts:
            asyncio.get_running_loop().call_later(DOUBTED, self._say, kind)
        self._doubts[kind].append((host, reason))

    def _say(self, kind: object) -> None:
        for host, reason in self._doubts.pop(kind, ()):
            self.session.unread(host, reason)

    def _passed(self, client: connection.Client, host: str) -> None:
        account = self.session.ledger.connection(client.id)
        if Came.PASSTHROUGH not in account.came:
            account.came.add(Came.PASSTHROUGH)
            self.session.unread(host, PASSED_THROUGH)

    def _opaque(self, flow: tcp.TCPFlow | udp.UDPFlow, reason: str) -> None:
        account = self.session.ledger.connection(flow.client_conn.id)
        account.came.add(Came.OPAQUE)
        self.session.unread(host_of(flow.client_conn, flow.server_conn), reason)


def _kind_of_client(data: tls.ClientHelloData) -> object:
    """What a client's connections to one host have in common: whence it comes, which host it names, and its ciphers.

    Without those that are drawn at random (RFC 8701). So another program on the same machine, which trusts others, is another client.
    """
    client, hello = data.context.client, data.client_hello
    ciphers = tuple(each for each in hello.cipher_suites if each & 0x0F0F != _AT_RANDOM)
    return client.peername[0], hello.sni or host_of(client, data.context.server), ciphers


def _server_name(data: bytes) -> str:
    """The host that a ClientHello at the beginning of `data` names, "" where it names none."""
    try:
        hello = layers.tls.parse_client_hello(data)
    except ValueError:
        return ""
    return (hello.sni or "") if hello else ""
