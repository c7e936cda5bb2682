"""Every way in which telemetry could pass unseen, through a real proxy: it is noticed, and listed as unread with host and reason."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from telemetry_audit.cli.exit_codes import FAULT, INCONCLUSIVE
from telemetry_audit.live.bodies import PLAIN_HTTP_2
from telemetry_audit.live.connections import NO_REQUEST, NOT_CONNECTED, PASSED_THROUGH, TLS_REFUSED, TLS_UNUSED
from telemetry_audit.live.observer import FAULT as NOT_JUDGED
from telemetry_audit.readers.dump import RAW_TCP
from tests.live.client import answer, connected, request, rest, trusting, tunnel
from tests.live.site import Site, site
from tests.live.traffic import BREACH, LOGIN
from tests.live.watched import Left, Running, dumping, watching

pytestmark = pytest.mark.xdist_group("blind-spots")  # one worker runs the proxies, and each once

OTHER = """
from mitmproxy.exceptions import AddonHalt

def requestheaders(flow):
    if flow.request.path in {"/halts-early", "/halts-always"}:
        raise AddonHalt

def request(flow):
    match flow.request.path:
        case "/raises":
            raise ValueError("jane.roe@initech.example")
        case "/halts" | "/halts-always":
            raise AddonHalt
        case "/breaks":
            del flow.request.data.path
        case "/loses":
            del flow.request

def response(flow):
    if flow.request.path == "/halts-always":
        raise AddonHalt

def tls_clienthello(data):
    data.ignore_connection = data.client_hello.sni == "ignored-by-addon.example"
"""


@contextmanager
def intercepted(proxy: Running, site: Site, host: str, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    with connected(proxy.port) as connection:
        assert b" 200 " in tunnel(connection, site.port)
        with context.wrap_socket(connection, server_hostname=host) as secured:
            yield secured


def trusting_all() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def post(proxy: Running, site: Site, host: str, path: str) -> bytes:
    with connected(proxy.port) as connection:
        connection.sendall(request(host, f"http://127.0.0.1:{site.port}{path}", LOGIN))
        return answer(connection)


@pytest.fixture(scope="module")
def beyond(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, beyond: Site) -> Left:
    """`watch`, after all of this has been tried on it."""
    with watching(tmp_path_factory.mktemp("watched")) as proxy:
        _distrust(proxy, beyond)
        _ask_for_tunnels(proxy, beyond)
        _speak_something_else(proxy, beyond)
        for _ in range(2):
            post(proxy, beyond, "seen.example", "/v1/track")
    return proxy.left


def _distrust(proxy: Running, beyond: Site) -> None:
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        with (
            pytest.raises(ssl.SSLCertVerificationError),
            intercepted(
                proxy, beyond, f"{version.name.lower().replace('_', '-')}.example", trusting(None, newest=version)
            ),
        ):
            pass
    with connected(proxy.port) as connection:  # leaves in the middle of its first message
        tunnel(connection, beyond.port)
        connection.sendall(b"\x16\x03\x01\x02\x00\x01")
    with intercepted(proxy, beyond, "leaves-without-a-word.example", trusting_all()):
        pass
    trusted = trusting(proxy.certificate)
    with intercepted(proxy, beyond, "speaks-once.example", trusted) as connection:
        connection.sendall(request("speaks-once.example", "/v1/track", LOGIN))
        answer(connection)
    with intercepted(proxy, beyond, "speaks-once.example", trusted):  # as browsers connect in advance
        pass
    with intercepted(proxy, beyond, "raw-in-tls.example", trusted) as connection:
        connection.sendall(b"\x00\x01\x02\x03")


def _ask_for_tunnels(proxy: Running, beyond: Site) -> None:
    with connected(proxy.port) as connection:
        tunnel(connection, beyond.greeter)
        assert connection.recv(100).startswith(b"220")
        connection.sendall(b"EHLO client.example\r\n")
        assert rest(connection).startswith(b"250")
    with connected(proxy.port) as connection, socket.create_server(("127.0.0.1", 0)) as unused:
        dead = unused.getsockname()[1]
        unused.close()
        assert b" 502 " in tunnel(connection, dead, "localhost")
    with connected(proxy.port) as connection:  # nothing goes through it
        tunnel(connection, beyond.port)
    with connected(proxy.port) as connection:
        tunnel(connection, beyond.port)
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        rest(connection)
    with connected(proxy.port) as connection:  # a tunnel in a tunnel
        tunnel(connection, beyond.port)
        connection.sendall(b"CONNECT nested.example:443 HTTP/1.1\r\nHost: nested.example:443\r\n\r\n")
        assert b" 400 " in rest(connection)


def _speak_something_else(proxy: Running, beyond: Site) -> None:
    with connected(proxy.port):  # as a health check
        pass
    with connected(proxy.port) as connection:
        connection.sendall(b"\x00\x01\x02\x03\r\n\r\n")
        assert b" 400 " in rest(connection)
    with connected(proxy.port) as connection:
        other = "Connection: upgrade", "Upgrade: other"
        connection.sendall(request("upgraded.example", f"http://127.0.0.1:{beyond.port}/upgrade", LOGIN, *other))
        assert b" 101 " in answer(connection)
        connection.sendall(b"anything")
        rest(connection)


class TestUnderWatch:
    def test_all_sums_come_out_and_the_report_is_inconclusive(self, watched: Left) -> None:
        watched.check_sums()
        assert (watched.code, watched.faults) == (1, [])  # for the breach that could be read
        assert f"{watched.report['coverage']['unread']} could not be read" in watched.report["inconclusive"][-1]

    def test_a_client_that_refuses_the_certificate(self, watched: Left) -> None:
        assert watched.reasons("tlsv1-2.example") == [TLS_REFUSED]
        assert watched.reasons("tlsv1-3.example") == [TLS_REFUSED]

    def test_a_client_that_leaves_in_the_middle_of_the_handshake_or_right_after_it(self, watched: Left) -> None:
        assert watched.reasons("127.0.0.1").count(TLS_REFUSED) == 1
        assert watched.reasons("leaves-without-a-word.example") == [TLS_UNUSED]

    def test_a_connection_in_advance_is_none(self, watched: Left) -> None:
        assert watched.reasons("speaks-once.example") == []
        assert watched.exchanges("speaks-once.example") == 1

    def test_raw_connections_also_within_tls_and_after_an_upgrade(self, watched: Left, beyond: Site) -> None:
        assert watched.reasons("127.0.0.1").count(RAW_TCP) == 2
        assert watched.reasons("raw-in-tls.example") == [RAW_TCP]
        assert watched.exchanges("upgraded.example") == 1
        assert [beyond.bodies("greeting"), beyond.bodies("upgraded")] == [[b"EHLO client.example\r\n"], [b"anything"]]

    def test_a_tunnel_that_leads_nowhere(self, watched: Left) -> None:
        assert watched.reasons("localhost") == [NOT_CONNECTED]

    def test_what_is_no_http_1(self, watched: Left) -> None:
        assert watched.reasons("") == [NO_REQUEST]
        assert watched.reasons("127.0.0.1").count(PLAIN_HTTP_2) == 1

    def test_connections_without_a_word_are_no_blind_spot(self, watched: Left) -> None:
        assert len(watched.reasons("127.0.0.1")) == len((TLS_REFUSED, RAW_TCP, RAW_TCP, PLAIN_HTTP_2))
        assert watched.ledger["no_exchange"] >= 5

    def test_what_could_be_read_is_judged(self, watched: Left) -> None:
        assert watched.exchanges("seen.example") == 2
        assert watched.breaches() == {BREACH: 4}


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory, beyond: Site) -> Left:
    """mitmdump with the addon, after it was told to look away and another addon did all sorts of things."""
    folder = tmp_path_factory.mktemp("beside")
    (other := folder / "other.py").write_text(OTHER)
    with dumping(folder, "ignore_hosts=^ignored[.]", scripts=[other]) as proxy:
        for host in ("ignored.example", "ignored-by-addon.example"):
            with intercepted(proxy, beyond, host, trusting_all()) as connection:
                connection.sendall(request(host, "/v1/track", LOGIN))
                assert b" 200 " in answer(connection)
        for path in ("raises", "halts", "halts-early", "halts-always", "breaks", "loses"):
            with connected(proxy.port) as connection:
                connection.sendall(request(f"{path}.example", f"http://127.0.0.1:{beyond.port}/{path}", LOGIN))
                if path not in {"breaks", "loses"}:  # after which mitmproxy answers no more
                    assert b" 200 " in answer(connection)
    return proxy.left


class TestBesideOtherAddons:
    def test_all_sums_come_out_and_the_faults_are_told_without_a_value(self, beside: Left) -> None:
        beside.check_sums()
        assert beside.code == FAULT
        assert "ValueError in mitmproxy or in another addon" in beside.faults
        assert not [fault for fault in beside.faults if "balance" in fault or "initech" in fault]

    def test_connections_that_are_passed_through(self, beside: Left) -> None:
        assert beside.reasons("ignored.example") == beside.reasons("ignored-by-addon.example") == [PASSED_THROUGH]
        assert beside.ledger["passthrough"] == 2

    def test_an_exception_and_a_halt_in_another_addon_hide_nothing(self, beside: Left) -> None:
        assert [beside.exchanges(f"{path}.example") for path in ("raises", "halts", "halts-early")] == [1, 1, 1]
        assert beside.breaches() == {BREACH: 3}

    def test_what_every_hook_is_kept_from_is_still_noticed(self, beside: Left) -> None:
        assert beside.reasons("").count(NO_REQUEST) == 1

    def test_a_flow_that_cannot_be_read_any_more_is_unread(self, beside: Left) -> None:
        assert beside.reasons("").count(NOT_JUDGED) == 2


def test_connections_that_are_passed_through_in_sight_are_unread(tmp_path: Path, beyond: Site) -> None:
    with dumping(tmp_path, "allow_hosts=^allowed[.]", "show_ignored_hosts=true") as proxy:
        for host in ("other.example", "allowed.example"):
            with intercepted(proxy, beyond, host, trusting_all()) as connection:
                connection.sendall(request(host, "/v1/track", LOGIN))
                assert b" 200 " in answer(connection)
    left = proxy.left
    left.check_sums()
    assert [reason for _, reason in left.unread] == [RAW_TCP]
    assert (left.ledger["opaque"], left.exchanges("allowed.example")) == (1, 1)
    assert (left.code, left.breaches()) == (0, {BREACH: 1})


def test_a_client_that_must_say_who_it_is_and_does_on_the_second_try_is_no_blind_spot(
    tmp_path: Path, beyond: Site
) -> None:
    with watching(tmp_path, "--set", "proxyauth=user:word") as proxy, connected(proxy.port) as connection:
        assert b" 407 " in tunnel(connection, beyond.port)
        with suppress(OSError):
            connection.close()
    assert (proxy.left.code, proxy.left.unread) == (INCONCLUSIVE, {})
