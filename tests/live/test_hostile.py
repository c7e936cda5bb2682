"""Nothing that a client sends stops the proxy, loses an observation, fills its memory, or comes out of it as it was."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from socket import SHUT_WR
from typing import NamedTuple

import pytest

from tests.live.client import answer, connected, rest
from tests.live.hostile import (
    ESCAPE,
    GARBAGE,
    GOOD,
    HOST,
    MESSAGES,
    PERSON,
    REQUESTS,
    frame,
    opening,
    random_names,
    sent,
)
from tests.live.site import Site, site
from tests.live.watched import Running, watching
from tests.recordings import track

MOST_MEMORY = 1_200
"""MiB of both processes at their peaks: bodies of 30 MB pass through the one several times over, the other parses as much as can be judged."""


class Attacked(NamedTuple):
    """A proxy that went through it: MiB in use at the peak, and how many exchanges `HOST` was sent."""

    proxy: Running
    peak: float
    exchanges: int


def say(proxy: Running, content: bytes) -> bytes:
    """Send something over a connection of its own, and nothing after it; returns all that comes back."""
    with connected(proxy.port) as connection:
        with suppress(ConnectionError):  # where it was refused before all of it was sent
            connection.sendall(content)
            connection.shutdown(SHUT_WR)
        return rest(connection)
    return b""


def ask(proxy: Running, content: bytes) -> bytes:
    """Send a request and wait for its answer."""
    with connected(proxy.port) as connection:
        connection.sendall(content)
        return answer(connection)
    return b""


def attack(proxy: Running, server: str, number: int) -> None:
    for make in REQUESTS.values():
        assert ask(proxy, make(server)).startswith(b"HTTP/1.1 ")
    for make in GARBAGE.values():
        say(proxy, make(server))
    for message in MESSAGES.values():
        with connected(proxy.port) as connection:
            connection.sendall(opening(server))
            assert answer(connection).startswith(b"HTTP/1.1 101")
            connection.sendall(frame(message))
            rest(connection)
    for batch in range(10):
        ask(proxy, random_names(100 * number + batch, 1_000)(server))
    for small in range(100):
        ask(proxy, random_names(1_000 * (number + 1) + small, 3)(server))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="module")
def attacked(server: Site, tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    authority = f"127.0.0.1:{server.port}"
    with watching(tmp_path_factory.mktemp("attacked")) as proxy:
        for number in range(3):
            attack(proxy, authority, number)
            proxy.settle()
            server.reached.clear()
        assert ask(proxy, sent(authority, json.dumps(GOOD).encode())).startswith(b"HTTP/1.1 200")
        peak = proxy.memory("VmHWM")
    here = sum(f"Host: {HOST}\r\n".encode() in make(authority) for make in REQUESTS.values())
    return Attacked(proxy, peak, 3 * (here + len(MESSAGES) + 10 + 100) + 1)


def test_the_good_one_is_judged(attacked: Attacked) -> None:
    assert attacked.proxy.left.breaches()[GOOD["event"], "body#/userId"] == 1


def test_every_exchange_is_accounted_for(attacked: Attacked) -> None:
    attacked.proxy.left.check_sums()
    assert attacked.proxy.left.exchanges(HOST) == attacked.exchanges


def test_it_ends_as_the_findings_deserve(attacked: Attacked) -> None:
    assert (attacked.proxy.left.code, attacked.proxy.left.faults) == (1, [])


def test_what_was_sent_is_told_nowhere(attacked: Attacked) -> None:
    for file in attacked.proxy.folder.iterdir():
        content = file.read_bytes() if file.is_file() else b""
        for planted in (PERSON, PERSON.partition("@")[0], ESCAPE, ESCAPE[1:-1]):
            assert planted.encode() not in content, file.name
            assert json.dumps(planted)[1:-1].encode() not in content, file.name


def test_no_control_character_reaches_a_terminal(attacked: Attacked) -> None:
    for name in ("proxy.out", "proxy.err"):
        text = (attacked.proxy.folder / name).read_text()
        assert not [
            character for character in text if unicodedata.category(character) in {"Cc", "Cf"} and character != "\n"
        ]


def test_memory_is_bounded(attacked: Attacked) -> None:
    assert attacked.peak < MOST_MEMORY


def test_nobody_waits_while_large_batches_are_judged(server: Site, tmp_path: Path) -> None:
    authority = f"127.0.0.1:{server.port}"
    event = json.dumps(track("Large", {"text": "word " * 100})).encode()
    batch = b'{"batch":[' + b",".join([event] * 20_000) + b"]}"
    with watching(tmp_path) as proxy:
        proxy.settle()  # all is started
        for content in (batch, batch, batch, json.dumps(GOOD).encode()):
            assert ask(proxy, sent(authority, content)).startswith(b"HTTP/1.1 200")
    with closing(sqlite3.connect(proxy.journal)) as database:
        lines = database.execute("SELECT line FROM observation ORDER BY number")
        stored = [json.loads(line)[0] for (line,) in lines]
    assert len(set(stored)) == proxy.left.report["coverage"]["judged"] == 4
    assert stored[-1] != max(stored), "the small one, which came last, waited for those before it"
