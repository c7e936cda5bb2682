"""The hooks of connections: each is accounted for, above all where nothing of it can be read."""

from __future__ import annotations

from mitmproxy import connection, http, tcp, tls, udp
from mitmproxy.proxy import layer, layers

from telemetry_audit.live.flows import host_of
from telemetry_audit.live.guard import guarded
from telemetry_audit.live.ledger import Came
from telemetry_audit.live.session import Session
from telemetry_audit.readers import dump

PASSED_THROUGH = "the connection was passed through and not intercepted (ignore_hosts or allow_hosts of the proxy)"
TLS_REFUSED = "the client broke off the TLS handshake, as it does if it does not trust the proxy's certificate"
NOT_CONNECTED = "the connection that it asked for could not be made, so that it sent nothing"
NO_REQUEST = "what came over the connection was no request that could be read"


class Connections:
    """A mitmproxy addon: connections of clients, tunnels, TLS handshakes, and raw TCP and UDP."""

    name = "telemetry-audit-connections"

    def __init__(self, session: Session) -> None:
        """Account in `session`."""
        self.session = session

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
        passed = isinstance(data.layer, layers.TCPLayer | layers.UDPLayer) and data.layer.flow is None
        if passed and Came.PASSTHROUGH not in account.came:
            account.came.add(Came.PASSTHROUGH)
            name = _server_name(data.data_client()) if not context.client.sni else ""
            self.session.unread(name or host_of(context.client, context.server), PASSED_THROUGH)

    @guarded
    def http_connect(self, flow: http.HTTPFlow) -> None:
        """A tunnel is asked for; the one of a canary exchange leads nowhere but here."""
        self.session.ledger.connection(flow.client_conn.id).asked = True
        if self.session.is_ping(flow.request.host.lower()):
            flow.response = http.Response.make(200)

    @guarded
    def http_connect_error(self, flow: http.HTTPFlow) -> None:
        """The tunnel was refused, or its end could not be reached."""
        self.session.unread(flow.request.host.lower(), NOT_CONNECTED)

    @guarded
    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """There is no server behind the tunnel of a canary exchange with which TLS could be established first."""
        server = data.context.server
        if server.address and self.session.is_ping(server.address[0].lower()):
            data.establish_server_tls_first = False

    @guarded
    def tls_failed_client(self, data: tls.TlsData) -> None:
        """The client does not take the proxy for the server."""
        client = data.context.client
        self.session.ledger.connection(client.id).came.add(Came.TLS_REFUSED)
        self.session.unread(host_of(client, data.context.server), TLS_REFUSED)

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
        if account is not None and account.silent:
            self.session.unread("", NO_REQUEST)

    def _opaque(self, flow: tcp.TCPFlow | udp.UDPFlow, reason: str) -> None:
        account = self.session.ledger.connection(flow.client_conn.id)
        account.came.add(Came.OPAQUE)
        self.session.unread(host_of(flow.client_conn, flow.server_conn), reason)


def _server_name(data: bytes) -> str:
    """The host that a ClientHello at the beginning of `data` names, "" where it names none."""
    try:
        hello = layers.tls.parse_client_hello(data)
    except ValueError:
        return ""
    return (hello.sni or "") if hello else ""
