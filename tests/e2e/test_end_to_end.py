"""From the SDKs of the vendors through a real proxy to the report, each a process of its own."""

from __future__ import annotations

import base64
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conftest import Ran
from tests.e2e import instance

_MITMDUMP = Path(sys.executable).with_name("mitmdump")
_ANSWER = '{"status": 1, "success": true}'


class Recordings(NamedTuple):
    """The same traffic as a dump and as a HAR, and the file of canaries."""

    dump: Path
    har: Path
    canaries: Path


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Recordings:
    folder = tmp_path_factory.mktemp("e2e")
    found = Recordings(folder / "recording.flow", folder / "recording.har", folder / "canaries.txt")
    found.canaries.write_text(instance.CANARY)
    (folder / "answer.json").write_text(_ANSWER)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {
        "confdir": folder / "confdir",
        "listen_host": "127.0.0.1",
        "listen_port": port,
        "connection_strategy": "lazy",  # with map_local: nothing is sent on, every request has the same answer
        "map_local": f"|.*|{folder / 'answer.json'}",
        "hardump": found.har,
    }
    command = [str(_MITMDUMP), "--quiet", "-w", str(found.dump)]
    for name, value in options.items():
        command += ["--set", f"{name}={value}"]
    proxy = subprocess.Popen(command)
    try:
        _wait_for(proxy, port)
        url = f"http://127.0.0.1:{port}"
        ca = str(folder / "confdir" / "mitmproxy-ca-cert.pem")
        environment = {"PATH": os.environ["PATH"], "HTTPS_PROXY": url, "HTTP_PROXY": url, "REQUESTS_CA_BUNDLE": ca}
        subprocess.run([sys.executable, instance.__file__], env=environment, check=True, timeout=60)
    finally:
        proxy.send_signal(signal.SIGTERM)
        assert proxy.wait(timeout=20) == 0
    return found


def _wait_for(proxy: subprocess.Popen[bytes], port: int) -> None:
    """Return as soon as the proxy listens on `port`; between two tries wait a moment for it to end, which it should not."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=10).close()
        except ConnectionRefusedError:
            with suppress(subprocess.TimeoutExpired):
                pytest.fail(f"the proxy ended with {proxy.wait(timeout=0.02)} before it listened")
        else:
            return


def program(*arguments: object) -> Ran:
    command = [sys.executable, "-m", "telemetry_audit", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return Ran(done.returncode, done.stdout, done.stderr)


def check(recording: Path, recordings: Recordings, *options: object) -> Ran:
    known = ("--server-address", instance.SERVER, "--canaries", recordings.canaries)
    return program("check", recording, *known, *options)


@pytest.fixture(scope="session")
def checked(recordings: Recordings) -> Ran:
    return check(recordings.dump, recordings, "--format", "json")


def breaches(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Rule, event and place of each breach."""
    findings = [finding for finding in report["findings"] if finding["level"] == "breach"]
    assert not any(finding["places_omitted"] for finding in findings)
    places = ((finding["rule"], place["event"], place["where"]) for finding in findings for place in finding["places"])
    return sorted(places)


PLANTED = [
    ("canary", "DEBUGGER_OPEN", "form:data#/properties/state"),
    ("datasource-content", "execute_ACTION_TRIGGERED", "body#/batch/2/properties/error"),
    ("identity-hashed", "logout_USER", "body#/batch/0/userId"),
    ("personal-data", "fork_APPLICATION", "body#/batch/1/properties/appName"),
    ("server-address-only", "Instance Active", "body#/context/ip"),
]


def test_every_event_of_every_sender_is_decoded(checked: Ran) -> None:
    found = Counter({(event["vendor"], event["name"]): event["count"] for event in checked.report["events"]})
    assert found == {
        ("segment", "identify"): 1,
        ("segment", "execute_ACTION_TRIGGERED"): 2,
        ("segment", "login_USER"): 1,
        ("segment", "logout_USER"): 1,
        ("segment", "create_APPLICATION"): 1,
        ("segment", "fork_APPLICATION"): 1,
        ("segment", "PAGE_SWITCH"): 1,
        ("segment", "Instance Active"): 2,
        ("mixpanel", "WIDGET_DRAG"): 1,
        ("mixpanel", "DEBUGGER_OPEN"): 1,
        ("mixpanel", "engage"): 1,
        ("appsmith", "feature-flags"): 1,
        ("appsmith", "usage-pulse"): 1,
        ("appsmith", "releases"): 1,
        ("appsmith", "Installation Started"): 1,
    }


def test_every_exchange_is_accounted_for(checked: Ran) -> None:
    coverage = checked.report["coverage"]
    assert coverage["exchanges"] == coverage["judged"] + coverage["ignored"] + coverage["unread"] == 17
    ignored = {(each["host"], each["destination"]): each["exchanges"] for each in checked.report["ignored"]}
    assert ignored == {("cs.appsmith.com", "appsmith-actions"): 1, ("crm.initech.example", "other-traffic"): 2}
    (unread,) = checked.report["unread"]
    assert unread["host"] == "api.segment.io"


def test_what_was_planted_are_the_breaches_and_nothing_else_is(checked: Ran) -> None:
    assert breaches(checked.report) == PLANTED
    assert checked.code == 1


def test_with_telemetry_off_what_no_document_exempts_is_a_breach_too(recordings: Recordings) -> None:
    report = check(recordings.dump, recordings, "--format", "json", "--telemetry", "off").report
    sent = [(event, where) for rule, event, where in breaches(report) if rule == "sent-while-off"]
    assert sorted(sent) == [
        ("DEBUGGER_OPEN", "form:data#/event"),
        ("PAGE_SWITCH", "body#/batch/0/event"),
        ("WIDGET_DRAG", "form:data#/event"),
        ("api.segment.io (segment-server)", "host"),  # the body that is cut: it went there all the same
        ("create_APPLICATION", "body#/batch/0/event"),
        ("engage", "form:data#"),
        ("execute_ACTION_TRIGGERED", "body#/batch/1/event"),
        ("execute_ACTION_TRIGGERED", "body#/batch/2/event"),
        ("fork_APPLICATION", "body#/batch/1/event"),
        ("identify", "body#/batch/0"),
        ("login_USER", "body#/batch/2/event"),
        ("logout_USER", "body#/batch/0/event"),
    ]
    assert [breach for breach in breaches(report) if breach[0] != "sent-while-off"] == PLANTED


def test_a_har_of_the_same_traffic_says_the_same(recordings: Recordings, checked: Ran) -> None:
    report = check(recordings.har, recordings, "--format", "json").report
    assert _places(report) == _places(checked.report)
    for part in ("coverage", "events", "destinations", "ignored"):
        assert report[part] == checked.report[part]


def _places(report: dict[str, Any]) -> dict[str, list[tuple[int, str]]]:
    """The places of each finding by its id."""
    return {
        finding["id"]: [(place["exchange"], place["where"]) for place in finding["places"]]
        for finding in report["findings"]
    }


def test_no_value_stands_in_any_output(recordings: Recordings, checked: Ran) -> None:
    values = [
        instance.USER_NAME,
        instance.CUSTOMER,
        instance.ROWS,
        instance.CANARY,
        instance.CLIENT,
        *instance.CONTACT.values(),
    ]
    values += [word for value in values for word in value.replace('"', " ").split() if len(word) >= 8]
    values += [base64.b64encode(value.encode()).decode() for value in values]
    for outcome in (checked, check(recordings.dump, recordings), check(recordings.har, recordings)):
        written = (outcome.out + outcome.err).lower()
        assert written
        assert [value for value in values if value.lower() in written] == []


def test_whoever_holds_the_recording_can_have_the_value_shown(recordings: Recordings, checked: Ran) -> None:
    (finding,) = (
        each for each in checked.report["findings"] if each["rule"] == "identity-hashed" and each["level"] == "breach"
    )
    known = ("--server-address", instance.SERVER, "--canaries", recordings.canaries)
    assert instance.USER_NAME in program("show", recordings.dump, finding["id"], *known).out
