"""What a real proxy has acknowledged is in the journal whatever happens to it; what it could not store is told, and keeps telemetry back if so wished."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from uuid import NAMESPACE_DNS, uuid5

import pytest

from telemetry_audit.catalog import PING, load
from telemetry_audit.cli.exit_codes import INCONCLUSIVE, WRONG_CALL
from tests.conftest import Run
from tests.live.client import answer, connected, request
from tests.live.site import Site, site
from tests.live.waiting import until
from tests.live.watched import Running, reported, watching
from tests.recordings import CLICK

CLIENTS = 4
CANARY = next(rule.hosts[0] for rule in load().destinations if rule.purpose == PING)


@pytest.fixture
def beyond(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as served:
        yield served


def message(name: str) -> bytes:
    """An event with a message id that this name gives, and a breach, whose place says the id."""
    return json.dumps({**CLICK, "userId": "jane.roe@initech.example", "messageId": message_id(name)}).encode()


def message_id(name: str) -> str:
    return str(uuid5(NAMESPACE_DNS, name))


def send(proxy: Running, beyond: Site, body: bytes, path: str = "/v1/track", host: str = "api.segment.io") -> bool:
    """Whether it was answered."""
    with suppress(OSError), connected(proxy.port) as connection:
        connection.sendall(request(host, f"http://127.0.0.1:{beyond.port}{path}", body))
        return b" 200 " in answer(connection)
    return False


def send_on(proxy: Running, beyond: Site, name: str) -> None:
    """Send one message after the other over one connection until it ends."""
    with suppress(OSError), connected(proxy.port) as connection:
        for number in range(10_000):
            connection.sendall(
                request("api.segment.io", f"http://127.0.0.1:{beyond.port}/v1/track", message(f"{name}-{number}"))
            )
            if not answer(connection):
                return


def received(beyond: Site) -> set[str]:
    """The ids of the messages that the server got."""
    return {json.loads(each.body)["messageId"] for each in beyond.reached}


def wait_for(beyond: Site, count: int) -> None:
    """Until so many requests have reached the server."""
    until(lambda: len(beyond.reached) >= count)


def stored(journal: Path) -> set[str]:
    """The ids of the messages that are in the journal."""
    findings = reported(journal)["findings"]
    return {place["message_id"] for finding in findings for place in finding["places"]}


def acknowledged(proxy: Running) -> bool:
    """Whether all that was sent before is on disk: a canary exchange is answered when it is, or cannot be."""
    with connected(proxy.port) as connection:
        connection.sendall(request(CANARY, f"http://{CANARY}/", method="GET"))
        status = answer(connection).split()[1]
    assert status in {b"200", b"503"}
    return status == b"200"


def fill_disk(proxy: Running) -> None:
    """Let no file of the proxy's grow beyond what the journal's log has come to."""
    size = proxy.journal.with_name(f"{proxy.journal.name}-wal").stat().st_size
    resource.prlimit(proxy.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@contextmanager
def full_disk(proxy: Running) -> Iterator[None]:
    """The disk is full for a while."""
    fill_disk(proxy)
    yield
    resource.prlimit(proxy.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_what_is_held_until_it_is_on_disk_survives_a_kill_at_any_moment(tmp_path: Path, beyond: Site) -> None:
    moments = Random(3)  # noqa: S311 - not for secrets
    for run in range(4):
        before = len(beyond.reached)
        with watching(tmp_path, "--record-before-forward") as proxy, ThreadPoolExecutor(CLIENTS) as clients:
            for client in range(CLIENTS):
                clients.submit(send_on, proxy, beyond, f"m{run}-{client}")
            wait_for(beyond, before + moments.randint(1, 40))
            proxy.process.send_signal(signal.SIGKILL)
            proxy.process.wait()
    assert received(beyond) <= stored(tmp_path / "audit.journal")
    reasons = reported(tmp_path / "audit.journal")["inconclusive"]
    assert sum("broke off" in reason for reason in reasons) == 4


def test_what_was_acknowledged_survives_a_kill_also_where_nothing_is_held(tmp_path: Path, beyond: Site) -> None:
    with watching(tmp_path) as proxy:
        for number in range(20):
            assert send(proxy, beyond, message(f"before-{number}"))
        assert acknowledged(proxy)
        for number in range(20):
            assert send(proxy, beyond, message(f"after-{number}"))
        proxy.process.send_signal(signal.SIGKILL)
        proxy.process.wait()
    found = stored(proxy.journal)
    assert {message_id(f"before-{number}") for number in range(20)} <= found <= received(beyond)
    assert "broke off" in reported(proxy.journal)["inconclusive"][0]


def test_telemetry_goes_on_while_the_disk_is_full_and_the_report_says_what_is_missing(
    tmp_path: Path, beyond: Site
) -> None:
    with watching(tmp_path) as proxy:
        assert send(proxy, beyond, json.dumps(CLICK).encode())
        assert all(acknowledged(proxy) for _ in range(20))  # the log grows longer than the files that reading it takes
        fill_disk(proxy)
        assert send(proxy, beyond, json.dumps(CLICK).encode(), "/missing")
        assert not acknowledged(proxy)
    assert beyond.bodies("/missing")
    assert "could not be stored: the journal is incomplete" in proxy.left.told
    assert proxy.left.code == INCONCLUSIVE
    assert proxy.left.report["coverage"]["exchanges"] == 21
    assert reported(proxy.journal)["inconclusive"] == proxy.left.report["inconclusive"] != []


def test_nothing_is_missing_if_the_disk_has_room_again(tmp_path: Path, beyond: Site) -> None:
    with watching(tmp_path) as proxy:
        assert acknowledged(proxy)
        with full_disk(proxy):
            assert send(proxy, beyond, json.dumps(CLICK).encode())
            assert not acknowledged(proxy)
    assert (proxy.left.report["coverage"]["judged"], proxy.left.report["coverage"]["pings"]) == (1, 2)
    assert proxy.left.code == 0
    proxy.left.check_sums()


@pytest.mark.parametrize("held", [(), ("--record-before-forward",)])
def test_no_telemetry_is_forwarded_while_it_cannot_be_stored_if_that_is_wished(
    tmp_path: Path, beyond: Site, held: tuple[str, ...]
) -> None:
    with watching(tmp_path, "--on-failure", "kill", *held) as proxy:
        assert send(proxy, beyond, json.dumps(CLICK).encode(), "/before")
        assert acknowledged(proxy)
        with full_disk(proxy):
            assert not acknowledged(proxy)  # by now the proxy knows
            assert not send(proxy, beyond, json.dumps(CLICK).encode(), "/kept")
            socket = (
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            )
            with connected(proxy.port) as connection:
                connection.sendall(
                    request("api.segment.io", f"http://127.0.0.1:{beyond.port}/socket", b"", *socket, method="GET")
                )
                assert not answer(connection)
            assert send(proxy, beyond, b"{}", "/else", "www.example.com")
    assert beyond.begun == ["/before", "/else"]


def test_a_folder_that_is_none_is_refused_at_the_start(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("watch", "--listen", "127.0.0.1:0", "--ca", "ca", "--journal", "file/audit.journal")
    assert (done.code, "cannot be written" in done.err) == (WRONG_CALL, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder_is_refused_at_the_start(run: Run, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(0o500)
    done = run("watch", "--listen", "127.0.0.1:0", "--ca", "ca", "--journal", "closed/audit.journal")
    assert (done.code, "cannot be written" in done.err) == (WRONG_CALL, True)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
def test_every_signal_ends_it_with_a_report_also_on_what_is_under_way(tmp_path: Path, beyond: Site, name: str) -> None:
    with watching(tmp_path) as proxy, connected(proxy.port) as waiting, connected(proxy.port) as sending:
        waiting.sendall(request("api.segment.io", f"http://127.0.0.1:{beyond.port}/silent", json.dumps(CLICK).encode()))
        until(lambda: beyond.bodies("/silent"))
        sending.sendall(
            request(
                "unfinished.example", f"http://127.0.0.1:{beyond.port}/unfinished", b"{", f"Content-Length: {20 << 20}"
            )
        )
        until(lambda: "/unfinished" in beyond.begun)
        proxy.process.send_signal(getattr(signal, name))
        proxy.process.wait()
    proxy.left.check_sums()
    assert proxy.left.code == INCONCLUSIVE
    assert (proxy.left.exchanges("api.segment.io"), len(proxy.left.reasons("unfinished.example"))) == (1, 1)


def test_a_closed_standard_output_stops_nothing(tmp_path: Path, beyond: Site) -> None:
    journal = tmp_path / "audit.journal"
    command = [
        sys.executable,
        "-m",
        "telemetry_audit",
        "watch",
        "--listen",
        "127.0.0.1:0",
        "--ca",
        str(tmp_path / "ca"),
    ]
    with subprocess.Popen(
        [*command, "--journal", str(journal)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        port = next(int(line.split(b"127.0.0.1:")[1].split(b".")[0]) for line in process.stderr if b"Listening" in line)
        process.stderr.close()
        proxy = Running(port, tmp_path, process)
        assert send(proxy, beyond, json.dumps(CLICK).encode())
        assert send(proxy, beyond, message("m"))
        process.terminate()
    assert len(beyond.reached) == reported(journal)["coverage"]["judged"] == 2
