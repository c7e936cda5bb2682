"""What is found live is found in the raw dump of the same traffic: the same findings, by id, in the same places."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import quote

import pytest

from tests.e2e.sessions import program
from tests.live.client import answer, chunked, connected, request, trusting, tunnel
from tests.live.site import Site, site
from tests.live.traffic import LOGIN, padded
from tests.live.watched import Left, Running, watching

PARTS = ("findings", "unread", "events", "destinations", "ignored", "promises", "coverage")
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture
def beyond(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as served:
        yield served


def in_clear(port: int) -> Iterator[bytes]:
    """Requests to the proxy."""
    url = f"http://127.0.0.1:{port}"
    yield request("api.segment.io", f"{url}/v1/track", LOGIN)
    yield request("API.Segment.IO.", f"{url}/v1/track", LOGIN)
    yield request("api.segment.io:80", f"{url}/v1/track", gzip.compress(LOGIN), "Content-Encoding: gzip")
    yield request("api.segment.io", f"{url}/v1/track", gzip.compress(LOGIN)[:40], "Content-Encoding: gzip")
    yield request("api.segment.io", f"{url}/v1/track", padded(20_000))
    yield request("api.segment.io", f"{url}/v1/track", chunked(LOGIN[:50], LOGIN[50:]), "Transfer-Encoding: chunked")
    yield request("api.segment.io", f"{url}/v1/track", LOGIN, method="GET")
    yield request(
        "api.mixpanel.com",
        f"{url}/track",
        b"data="
        + quote(json.dumps([{"event": "login", "properties": {"email": "jane.roe@initech.example"}}])).encode(),
        FORM,
    )
    yield request("api.mixpanel.com", f"{url}/track?data={quote(LOGIN)}", method="GET")
    yield request("unlisted.example", f"{url}/collect?e=1", LOGIN)
    yield request("unlisted.example", f"{url}/", b"\xff\xfe\x00not text")
    yield request("[::1]", f"{url}/v1/track", LOGIN)
    yield request(
        "api.segment.io",
        f"{url}/v1/track",
        b'{"event": "a", "event": "jane.roe@initech.example"}',
        "X-User: jane.roe@initech.example",
    )
    yield request("api.segment.io", f"{url}/v1/track", b"\xed\xa0\x80 no JSON")


def send(proxy: Running, beyond: Site) -> None:
    for each in in_clear(beyond.port):
        with connected(proxy.port) as connection:
            connection.sendall(each)
            assert b" 200 " in answer(connection)
    for host in ("cdn.example", "api.segment.io"):  # the name of the handshake is another one than that of the request
        with connected(proxy.port) as connection:
            tunnel(connection, beyond.port)
            with trusting(proxy.certificate).wrap_socket(connection, server_hostname=host) as secured:
                secured.sendall(request("front.example", "/v1/track", LOGIN))
                assert b" 200 " in answer(secured)


def told(report: dict[str, Any], part: str) -> Any:
    """A part of a report, in which a recording has no name and its key leaves no fingerprints."""
    found = json.loads(re.sub(r"\{[0-9a-f]{16}\}", "{}", json.dumps(report[part])))
    for finding in found if part == "findings" else ():
        finding["places"] = [{**place, "input": "", "fingerprint": ""} for place in finding["places"]]
    return [{**item, "input": ""} for item in found] if part == "unread" else found


def test_what_is_accepted_or_in_the_baseline_is_told_as_such(tmp_path: Path, beyond: Site) -> None:
    def left(*options: object) -> Left:
        folder = Path(mkdtemp(dir=tmp_path))
        with watching(folder, "--fail-on", "none", *options) as proxy, connected(proxy.port) as connection:
            connection.sendall(request("api.segment.io", f"http://127.0.0.1:{beyond.port}/v1/track", LOGIN))
            answer(connection)
        return proxy.left

    def says(told: str) -> str:
        (line,) = (line for line in told.splitlines() if " breach: login_USER /userId " in line)
        return line.partition("; ")[2]

    earlier = left()
    assert says(earlier.told) == ""
    (before := tmp_path / "before.json").write_text(json.dumps(earlier.report))
    assert says(left("--baseline", before).told) == f"in the baseline {before}"
    table = '[[accepted]]\nrule = "{}"\nevent = "login_USER"\npointer = "/userId"\nreason = "a test"\nuntil = {}\n'
    (breach,) = (each for each in earlier.report["findings"] if each["level"] == "breach")
    (accepted := tmp_path / "mine.toml").write_text(table.format(breach["rule"], "2999-01-01"))
    assert says(left("--accepted", accepted).told) == "accepted until 2999-01-01: a test"
    accepted.write_text(table.format(breach["rule"], "2001-01-01"))
    assert says(left("--accepted", accepted, "--baseline", before).told) == ""


def test_a_mixed_bag_of_requests(tmp_path: Path, beyond: Site) -> None:
    dump = tmp_path / "traffic.flow"
    with watching(tmp_path, "--record", dump) as proxy:
        send(proxy, beyond)
    proxy.left.check_sums()
    checked = json.loads(program("check", dump, "--format", "json").out)
    assert proxy.left.report["coverage"]["judged"] > 10
    for part in PARTS:
        assert told(proxy.left.report, part) == told(checked, part), part
