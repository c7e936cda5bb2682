"""What clients send does not stay in the proxy's memory, however long they go on and whatever names they make up."""

from __future__ import annotations

import pytest

from tests.live.client import answer, connected
from tests.live.hostile import random_names
from tests.live.site import site
from tests.live.watched import Running, watching

ROUNDS = 4
BATCHES = 5
SHORT_ONES = 100
KEY = 16_384
EVENTS = 200
SENT = BATCHES * EVENTS * KEY / (1 << 20)
"""MiB of names in a round."""


def ask(proxy: Running, server: str, number: int, events: int, longer: int) -> None:
    with connected(proxy.port) as connection:
        connection.sendall(random_names(number, events, longer)(server))
        assert answer(connection).startswith(b"HTTP/1.1 200")


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> list[float]:
    """MiB in use after each round of names that were never sent before."""
    used = []
    with site(tmp_path_factory.mktemp("site")) as served, watching(tmp_path_factory.mktemp("watch")) as proxy:
        server = f"127.0.0.1:{served.port}"
        for number in range(0, 1_000 * ROUNDS, 1_000):
            for batch in range(BATCHES):
                ask(proxy, server, number + batch, EVENTS, KEY)
            for short in range(BATCHES, BATCHES + SHORT_ONES):
                ask(proxy, server, number + short, 1, 3_000)
            proxy.settle()
            used.append(proxy.memory("VmRSS"))
            served.reached.clear()
    return used


def test_memory_does_not_grow_with_names_that_are_made_up(rounds: list[float]) -> None:
    _, second, *_, last = rounds
    assert last - second < (ROUNDS - 2) * SENT
