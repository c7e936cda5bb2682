"""WebSockets through a real proxy: their messages are judged as `check` judges those of the dump, and the exchange counts once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from socket import socket
from typing import Any, NamedTuple

import pytest
import wsproto
from wsproto.events import AcceptConnection, CloseConnection, Request, TextMessage

from tests.e2e.sessions import program
from tests.live.client import connected
from tests.live.site import Site, site
from tests.live.traffic import LOGIN
from tests.live.waiting import until
from tests.live.watched import Left, Running, watching

pytestmark = pytest.mark.xdist_group("sockets")


class Watched(NamedTuple):
    """A session of WebSockets, and what `check` says of its dump."""

    left: Left
    checked: dict[str, Any]
    beyond: Site


@pytest.fixture(scope="module")
def beyond(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("site")) as served:
        yield served


@contextmanager
def opened(proxy: Running, beyond: Site, host: str, query: str = "") -> Iterator[tuple[socket, wsproto.WSConnection]]:
    """A WebSocket, open until the end of the block, where its connection is closed without a word."""
    protocol = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
    with connected(proxy.port) as connection:
        connection.sendall(protocol.send(Request(host=host, target=f"http://127.0.0.1:{beyond.port}/socket{query}")))
        protocol.receive_data(connection.recv(65_536))
        assert isinstance(next(protocol.events()), AcceptConnection)
        yield connection, protocol


def say(proxy: Running, beyond: Site, host: str, messages: Sequence[bytes], query: str = "") -> None:
    """Send messages over a WebSocket and close it as agreed."""
    with opened(proxy, beyond, host, query) as (connection, protocol):
        for message in messages:
            connection.sendall(protocol.send(TextMessage(message.decode())))
        connection.sendall(protocol.send(CloseConnection(1000)))
        while connection.recv(65_536):
            pass


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, beyond: Site) -> Watched:
    folder = tmp_path_factory.mktemp("watched")
    dump = folder / "traffic.flow"
    with watching(folder, "--record", dump) as proxy:
        say(proxy, beyond, "api.segment.io", [LOGIN, b"{}", LOGIN], "?userId=john.doe@initech.example")
        say(proxy, beyond, "telemetry.example", [LOGIN, b" " * 10_000 + LOGIN])
        say(proxy, beyond, "chat.example", [b"hello", b"world"])
        with opened(proxy, beyond, "gone.example") as (connection, protocol):
            connection.sendall(protocol.send(TextMessage(LOGIN.decode())))
            until(lambda: [each for each in beyond.reached if each.host == "gone.example"])
        with opened(proxy, beyond, "open.example") as (connection, protocol):
            connection.sendall(protocol.send(TextMessage(LOGIN.decode())))
            until(lambda: [each for each in beyond.reached if each.host == "open.example"])
            proxy.process.terminate()
            proxy.process.wait()
    return Watched(proxy.left, json.loads(program("check", dump, "--format", "json").out), beyond)


def test_each_counts_once_and_all_sums_come_out(watched: Watched) -> None:
    watched.left.check_sums()
    assert watched.left.faults == []
    hosts = "api.segment.io", "telemetry.example", "chat.example", "gone.example", "open.example"
    assert [watched.left.exchanges(host) for host in hosts] == [1] * len(hosts)


def test_a_breach_stands_at_its_message(watched: Watched) -> None:
    places = {where for event, where in watched.left.breaches() if event == "login_USER"}
    assert {"ws:0#/userId", "ws:1#/userId", "ws:2#/userId"} <= places


def test_live_and_dump_see_the_same_breaches_in_the_same_places(watched: Watched) -> None:
    def breaches(report: dict[str, Any]) -> dict[str, list[str]]:
        found = (finding for finding in report["findings"] if finding["level"] == "breach")
        return {finding["id"]: sorted(place["where"] for place in finding["places"]) for finding in found}

    assert breaches(watched.left.report) == breaches(watched.checked)
    assert all(watched.left.report[part] == watched.checked[part] for part in ("unread", "destinations", "ignored"))


def test_messages_arrive_as_they_were_sent(watched: Watched) -> None:
    said = [each.body for each in watched.beyond.reached if each.host == "api.segment.io"]
    assert said == [LOGIN, b"{}", LOGIN]
