"""Bodies that are large, pass in pieces or break off, through a real proxy: they arrive as they were sent, and what could not be judged is unread."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest

from telemetry_audit.cli.exit_codes import FAULT
from telemetry_audit.decoders.content import TOO_LARGE
from telemetry_audit.live.bodies import STREAMED
from telemetry_audit.live.exchanges import BROKEN_OFF, PROXY_ENDED
from tests.live.client import answer, chunked, connected, request, trusting, tunnel
from tests.live.site import Site, site
from tests.live.traffic import BREACH, LOGIN, padded
from tests.live.waiting import until
from tests.live.watched import Left, Running, dumping, watching

pytestmark = pytest.mark.xdist_group("bodies")

CHUNKED = "Transfer-Encoding: chunked"
MEGABYTES = 20 * 1024 * 1024


def in_pieces(data: bytes) -> bytes:
    return chunked(*(data[start : start + 1_000_000] for start in range(0, len(data), 1_000_000)))


def digests(bodies: list[bytes]) -> list[tuple[int, str]]:
    return [(len(body), hashlib.sha256(body).hexdigest()) for body in bodies]


class Sender:
    """Sends to the site through a proxy, each request over a connection of its own."""

    def __init__(self, proxy: Running, beyond: Site) -> None:
        self.proxy = proxy
        self.beyond = beyond

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.beyond.port}{path}"

    def post(self, host: str, path: str, body: bytes, *headers: str) -> bytes:
        with connected(self.proxy.port) as connection:
            connection.sendall(request(host, self.url(path), body, *headers))
            return answer(connection)

    def break_off(self, host: str, path: str, body: bytes, *headers: str) -> None:
        """Leave after `body` although the headers announce more; where it passes in pieces, when its head has arrived."""
        with connected(self.proxy.port) as connection:
            connection.sendall(request(host, self.url(path), body, *headers))
            if path == "/streamed":
                until(lambda: path in self.beyond.begun)


@pytest.fixture(scope="module")
def beyond(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, beyond: Site) -> Left:
    with watching(tmp_path_factory.mktemp("watched"), "--set", "connection_strategy=lazy") as proxy:
        sender = Sender(proxy, beyond)
        assert b" 200 " in sender.post("announced.example", "/announced", padded(MEGABYTES))
        assert b" 200 " in sender.post("unannounced.example", "/unannounced", in_pieces(padded(MEGABYTES)), CHUNKED)
        sender.break_off("buffered.example", "/buffered", LOGIN, "Content-Length: 1000")
        sender.break_off("chunks.example", "/chunks", b"ff\r\n" + LOGIN, CHUNKED)
        sender.break_off("api.segment.io", "/streamed", LOGIN, f"Content-Length: {MEGABYTES}")
        with connected(proxy.port) as connection:  # the answer comes before the body has
            body = padded(MEGABYTES)
            connection.sendall(request("early.example", sender.url("/early"), b"", f"Content-Length: {len(body)}"))
            assert b" 200 " in answer(connection)
            connection.sendall(body)
            until(lambda: beyond.bodies("/early"))
        with connected(proxy.port) as connection:  # and this one leaves when it has its answer
            head = request("early-and-gone.example", sender.url("/early"), LOGIN, f"Content-Length: {MEGABYTES}")
            connection.sendall(head)
            assert b" 200 " in answer(connection)
        _ask_first(proxy, sender)
        _speak_http_2(proxy, beyond)
    return proxy.left


def _ask_first(proxy: Running, sender: Sender) -> None:
    """`Expect: 100-continue`; then two requests at once, the second before the first was answered; then one more over the same connection."""
    with connected(proxy.port) as connection:
        expects = "Expect: 100-continue", f"Content-Length: {len(LOGIN)}"
        connection.sendall(request("asks-first.example", sender.url("/first"), b"", *expects))
        assert b" 100 " in answer(connection)
        connection.sendall(LOGIN)
        assert b" 200 " in answer(connection)
    with connected(proxy.port) as connection:
        one = request("pipelined.example", sender.url("/one"), LOGIN)
        connection.sendall(one + one)
        said = answer(connection)
        while said.count(b" 200 OK") < 2:
            more = answer(connection)
            assert more
            said += more
        connection.sendall(one)
        assert b" 200 " in answer(connection)


@contextmanager
def _http_2(proxy: Running, beyond: Site) -> Iterator[tuple[ssl.SSLSocket, h2.connection.H2Connection]]:
    context = trusting(proxy.certificate)
    context.set_alpn_protocols(["h2"])
    with connected(proxy.port) as connection:
        tunnel(connection, beyond.port)
        with context.wrap_socket(connection, server_hostname="streams.example") as secured:
            protocol = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
            protocol.initiate_connection()
            secured.sendall(protocol.data_to_send())
            yield secured, protocol


def _speak_http_2(proxy: Running, beyond: Site) -> None:
    """Three streams over one connection, of which the second is reset in the middle of its body; and a connection without any."""
    with _http_2(proxy, beyond):
        pass
    with _http_2(proxy, beyond) as (secured, protocol):
        for stream, path in ((1, "/a"), (3, "/b"), (5, "/c")):
            fields = {":method": "POST", ":path": path, ":scheme": "https", ":authority": "streams.example"}
            protocol.send_headers(stream, [*fields.items()])
            protocol.send_data(stream, LOGIN if stream != 3 else LOGIN[:20], end_stream=stream != 3)
        protocol.reset_stream(3)
        secured.sendall(protocol.data_to_send())
        ended: set[int] = set()
        while ended != {1, 5}:
            events = protocol.receive_data(secured.recv(65_536))
            ended |= {event.stream_id for event in events if isinstance(event, h2.events.StreamEnded)}
            secured.sendall(protocol.data_to_send())


class TestUnderWatch:
    def test_all_sums_come_out(self, watched: Left) -> None:
        watched.check_sums()
        assert watched.faults == []

    @pytest.mark.parametrize(
        ("path", "reason"), [("announced", TOO_LARGE), ("unannounced", STREAMED), ("early", TOO_LARGE)]
    )
    def test_what_is_too_large_arrives_unchanged_and_is_unread(
        self, watched: Left, beyond: Site, path: str, reason: str
    ) -> None:
        assert digests(beyond.bodies(f"/{path}")) == digests([padded(MEGABYTES)])
        assert watched.reasons(f"{path}.example") == [reason]

    def test_what_breaks_off_is_unread_whether_it_had_left_or_not(self, watched: Left, beyond: Site) -> None:
        assert {"/buffered", "/chunks"}.isdisjoint(beyond.begun)
        assert "/streamed" in beyond.begun
        for host in ("buffered.example", "chunks.example", "api.segment.io", "early-and-gone.example"):
            assert watched.reasons(host) == [BROKEN_OFF]

    def test_every_exchange_of_a_connection_counts_once(self, watched: Left) -> None:
        assert watched.exchanges("asks-first.example") == 1
        assert watched.exchanges("pipelined.example") == 3
        assert watched.exchanges("streams.example") == 3
        assert watched.reasons("streams.example") == [BROKEN_OFF]

    def test_what_came_of_a_body_that_broke_off_is_judged_as_far_as_it_can_be(self, watched: Left) -> None:
        assert watched.breaches()[BREACH] == 1 + 3 + 2 + 1
        assert watched.exchanges("api.segment.io") == 1


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory, beyond: Site) -> Left:
    """mitmdump with the addon, told to let bodies pass in pieces and to refuse others."""
    with dumping(tmp_path_factory.mktemp("beside"), "stream_large_bodies=1k", "body_size_limit=100k") as proxy:
        sender = Sender(proxy, beyond)
        assert b" 200 " in sender.post("pieces.example", "/pieces", padded(5_000))
        assert b" 200 " in sender.post("chunked.example", "/chunked", in_pieces(padded(5_000)), CHUNKED)
        assert b" 413 " in sender.post("refused.example", "/refused", padded(200_000))
        sender.break_off("trailers.example", "/trailers", chunked(LOGIN, ends=b"X-Digest: 1\r\n\r\n"), CHUNKED)
    return proxy.left


class TestUnderMitmdump:
    def test_all_sums_come_out(self, beside: Left) -> None:
        beside.check_sums()

    def test_a_body_that_passes_in_pieces_is_judged_where_a_copy_could_be_kept(
        self, beside: Left, beyond: Site
    ) -> None:
        assert digests(beyond.bodies("/pieces")) == digests([padded(5_000)]) == digests(beyond.bodies("/chunked"))
        assert beside.breaches() == {BREACH: 1}
        assert (beside.reasons("pieces.example"), beside.reasons("chunked.example")) == ([], [STREAMED])

    def test_a_body_that_the_proxy_refuses_is_unread(self, beside: Left, beyond: Site) -> None:
        assert "/refused" not in beyond.begun
        assert beside.reasons("refused.example") == [BROKEN_OFF]

    def test_trailers_on_which_mitmproxy_fails_are_a_fault_and_unread(self, beside: Left) -> None:
        assert beside.reasons("trailers.example") in ([BROKEN_OFF], [PROXY_ENDED])
        assert (beside.code, beside.faults) == (FAULT, ["NotImplementedError in mitmproxy or in another addon"])


def test_a_request_that_is_held_until_it_is_on_disk_is_unread_if_its_body_passes_in_pieces(
    tmp_path: Path, beyond: Site
) -> None:
    with watching(tmp_path, "--record-before-forward") as proxy:
        body = padded(MEGABYTES)
        assert b" 200 " in Sender(proxy, beyond).post("api.segment.io", "/held", body)
    assert digests(beyond.bodies("/held")) == digests([body])
    assert [host for host, _ in proxy.left.unread] == ["api.segment.io"]
    proxy.left.check_sums()
