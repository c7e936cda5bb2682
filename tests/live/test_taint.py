"""What answers hold, through a real watch that remembers it: the instance must not send it on in telemetry."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from telemetry_audit.detectors.known.taint import MOST, SECONDS, Taint, traces
from telemetry_audit.detectors.known.words import folded
from telemetry_audit.live.taint import LARGEST
from tests.live.client import connected, request, rest
from tests.live.site import Site, site
from tests.live.watched import Left, Running, dumping, watching

pytestmark = pytest.mark.xdist_group("taint")

NAME, ACCOUNT, TOKEN, COUPON = "Ottilie Quastenberg", 884_422_001_133, "zq-7781-korriander", "WALDMEISTER-4711-ZX"
TAG = "QX-4471-ZZ"
CELL, FORM, COMMON, LARGE, PACKED, SOAP = (
    "Violetta Zwirner",
    "gho_Lorbeer77Zimt31",
    "Internal Server Error",
    "Kasimir Dornfelder",
    "Hedwig Ampfer-Kresse",
    "Wiebke Sauerampfer",
)
USER = hashlib.sha256(b"jane.roe").hexdigest()
JSON = "Content-Type: application/json\r\n"
ROWS = [
    {"name": NAME, "account": ACCOUNT, "state": "confirmed", "error": COMMON, "note": {"coupon": COUPON, "tag": TAG}}
]


def padded(name: str, size: int) -> bytes:
    """A document of this size with a name at its end."""
    rows = [{"id": number, "word": "lorem ipsum"} for number in range(size // 40)]
    return json.dumps([*rows, {"name": name}]).encode()


ANSWERS = {
    "/rows": (JSON, json.dumps(ROWS).encode()),
    "/csv": ("Content-Type: text/csv\r\n", f"name;city\n{CELL};Ulm\n".encode()),
    "/token": (
        "Content-Type: application/x-www-form-urlencoded\r\n",
        f"access_token={FORM}&token_type=bearer".encode(),
    ),
    "/large": (JSON, padded(LARGE, 300_000)),
    "/packed": (f"{JSON}Content-Encoding: gzip\r\n", gzip.compress(padded(PACKED, 2_000))),
    "/soap": ("Content-Type: text/xml\r\n", f"<a><b>{SOAP}</b></a>".encode()),
    "/too-large": (JSON, padded("Balthasar Huflattich", LARGEST + 1_000_000)),
    "/image": ("Content-Type: image/png\r\n", b"\x89PNG Balthasar Huflattich"),
    "/v1/track": (JSON, b'{"request": "Balthasar Huflattich"}'),
    "/by-shape": (JSON, b'{"request": "Balthasar Huflattich"}'),
    "/browser": (JSON, b'{"request": "Balthasar Huflattich"}'),
}


class Instance:
    """Asks datasources and sends telemetry, through a proxy."""

    def __init__(self, proxy: Running, beyond: Site) -> None:
        self.proxy = proxy
        self.beyond = beyond

    def ask(self, host: str, path: str, body: bytes = b"", *headers: str) -> None:
        url = f"http://127.0.0.1:{self.beyond.port}{path}"
        with connected(self.proxy.port) as connection:
            connection.sendall(request(host, url, body, "Connection: close", *headers))
            assert b" 200 " in rest(connection)

    def track(self, name: str, value: object, host: str = "api.segment.io", *, size: int = 0) -> None:
        """Send an event of this name with a value in it, filled up to a size."""
        message = {"type": "track", "event": name, "userId": USER, "messageId": "m", "properties": {"a": value}}
        self.ask(
            host, "/v1/track" if host == "api.segment.io" else "/by-shape", json.dumps(message).encode() + b" " * size
        )


def use(instance: Instance) -> None:
    """An instance that is used, and a vendor's library that reads too much."""
    instance.track("before", NAME)
    instance.track("before", NAME, size=10_000)
    for host, path in (
        ("crm.example", "/rows"),
        ("sheets.example", "/csv"),
        ("login.example", "/token"),
        ("archive.example", "/large"),
        ("archive.example", "/packed"),
        ("soap.example", "/soap"),
        ("archive.example", "/too-large"),
        ("pictures.example", "/image"),
    ):
        instance.ask(host, path)
    instance.ask("instance.example", "/browser", b"", "User-Agent: Mozilla/5.0 (X11)")
    instance.track("telemetry", 1, "tracker.example")
    instance.track("long-telemetry", 1, "tracker.example", size=10_000)
    instance.track("large", {"b": [f"of {LARGE}"]})
    instance.track("packed", PACKED)
    instance.track("plain", NAME)
    instance.track("long", NAME, size=10_000)
    instance.track("number", ACCOUNT)
    instance.track("base64", base64.b64encode(f"who: {NAME}".encode()).decode())
    instance.track("short-base64", base64.b64encode(TAG.encode()).decode())
    instance.track("reversed", f"who: {NAME}"[::-1])
    instance.track("text", f"duplicate key ({NAME.lower()}) in table x")
    instance.track("key", {f"{NAME} 7": 1})
    instance.track("cell", CELL)
    instance.track("form", f"Bearer {FORM}")
    instance.track("soap", SOAP)
    instance.track("nested", json.dumps({"deep": COUPON}))
    for clean in ("confirmed", COMMON, "Ottilie", "Balthasar Huflattich", 1_884_422_001_133, "lorem ipsum", TOKEN):
        instance.track("clean", clean)


LEAKS = {
    **dict.fromkeys(
        ("plain", "long", "number", "base64", "reversed", "text", "key", "nested", "short-base64"), "crm.example"
    ),
    **dict.fromkeys(("large", "packed"), "archive.example"),
    "cell": "sheets.example",
    "form": "login.example",
    "soap": "soap.example",
}


@pytest.fixture(scope="module")
def beyond(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("site")) as served:
        served.answers.update(ANSWERS)
        yield served


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("watched")


@pytest.fixture(scope="module")
def watched(folder: Path, beyond: Site) -> Left:
    with watching(folder, "--taint") as proxy:
        use(Instance(proxy, beyond))
    return proxy.left


def tainted(left: Left) -> dict[str, Any]:
    """The findings of the rule by event."""
    return {each["event"]: each for each in left.report["findings"] if each["rule"] == "taint"}


def test_what_an_answer_held_is_a_breach_in_telemetry_that_names_the_host(watched: Left) -> None:
    found = {
        event: {place["shape"].partition(", ")[0] for place in each["places"]}
        for event, each in tainted(watched).items()
    }
    assert found == {event: {f"a value out of an answer of {host}"} for event, host in LEAKS.items()}
    assert {(each["level"], each["promise"]) for each in tainted(watched).values()} == {
        ("breach", "no-datasource-data")
    }


def test_it_is_found_in_the_layers_and_as_a_key(watched: Left) -> None:
    shapes = {event: each["places"][0]["shape"] for event, each in tainted(watched).items()}
    assert shapes["base64"].endswith(", in base64")
    assert shapes["reversed"].endswith(", in reversed")
    assert tainted(watched)["key"]["places"][0]["where"] == "body#/properties/a"


def test_nothing_of_it_stands_in_any_output_or_file(watched: Left, folder: Path) -> None:
    assert watched.told
    for value in (NAME, str(ACCOUNT), COUPON, TAG, CELL, FORM, LARGE, PACKED, SOAP):
        assert value not in watched.told
        for path in folder.rglob("*"):
            if path.is_file():
                assert value.encode() not in path.read_bytes(), path.name


def test_the_sums_come_out_and_what_is_not_remembered_is_counted(watched: Left) -> None:
    watched.check_sums()
    assert watched.faults == []
    assert "answers remembered: 6; not remembered: 1 in a form that is not read, 1 larger than 1 MiB" in watched.told


def test_the_report_says_that_answers_were_remembered(watched: Left) -> None:
    (promise,) = (each for each in watched.report["promises"] if each["id"] == "no-datasource-data")
    assert any("--taint" in limit for limit in promise["limits"])


def test_without_the_option_nothing_is_remembered(tmp_path: Path, beyond: Site) -> None:
    with watching(tmp_path) as proxy:
        use(Instance(proxy, beyond))
    assert not tainted(proxy.left)
    assert "answers remembered" not in proxy.left.told
    proxy.left.check_sums()


def test_a_request_that_is_held_is_judged_by_what_came_before_it_too(tmp_path: Path, beyond: Site) -> None:
    with dumping(tmp_path, "telemetry_audit_taint=true", "telemetry_audit_record_before_forward=true") as proxy:
        instance = Instance(proxy, beyond)
        instance.track("before", NAME)
        instance.ask("crm.example", "/rows")
        instance.track("plain", NAME)
        instance.ask("archive.example", "/large")
        instance.track("large", LARGE)
    assert set(tainted(proxy.left)) == {"large", "plain"}
    proxy.left.check_sums()


class TestWhatIsRemembered:
    def test_is_forgotten_after_an_hour(self) -> None:
        now = [0.0]
        taint = Taint(b"key", lambda: now[0])
        assert taint.learn("crm.example", traces(taint.key, NAME))
        assert not taint.learn("crm.example", traces(taint.key, NAME))
        now[0] = SECONDS
        assert [each.host for each in taint.find(folded(NAME))] == ["crm.example"]
        now[0] = SECONDS + 1
        assert not list(taint.find(folded(NAME)))
        assert taint.size == 0

    def test_is_bounded_and_the_oldest_goes_first(self) -> None:
        taint = Taint(b"key")
        for number in range(MOST + 10):
            taint.learn("crm.example", traces(taint.key, f"Row{number} of many"))
        assert taint.size == MOST
        assert not list(taint.find(folded("Row9 of many")))
        assert list(taint.find(folded("Row10 of many")))

    def test_is_told_to_another_process_from_any_point_on(self) -> None:
        one, other = Taint(b"key"), Taint(b"key")
        one.learn("a.example", traces(one.key, NAME))
        other.take(one.since(0))
        before = one.number
        one.learn("b.example", traces(one.key, CELL))
        other.take(one.since(before))
        assert [each.host for each in other.find(folded(f"{CELL}, {NAME}"))] == ["b.example", "a.example"]
