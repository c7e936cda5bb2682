"""What a clever or careless sender might hide, and what ordinary traffic must not be mistaken for."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.recordings import CLICK, SEGMENT, USER, export, har, request, track
from tests.test_check import EMAIL, checked, places, verdicts

NAMED = track("x", userId="jane.roe")
BATCH = "https://api.segment.io/v1/batch"
DATA = base64.b64encode(json.dumps({"event": "x", "properties": {"token": "t", "distinct_id": USER}}).encode()).decode()


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        (request(f"{SEGMENT}?email={EMAIL}", CLICK), "query:email"),
        (request("https://api-js.mixpanel.com/track", f"data={DATA}&contact={EMAIL}"), "form:contact"),
        (request("https://o1.ingest.sentry.io/api/1/envelope/", f'{{"a":1}}\n{{"type":"event","filename":"{EMAIL}"}}\n{{"b":1}}'), "envelope#/items/0/filename"),
        (request(BATCH, {"batch": [{"batch": [track("x", {"a": EMAIL})]}]}), "body#/batch/0/batch/0/properties/a"),
        (request(BATCH, [{"batch": [track("x", {"a": EMAIL})]}]), "body#/0/batch/0/properties/a"),
        (request(BATCH, {"batch": [json.dumps(track("x", {"a": EMAIL}))]}), "body#/batch/0/properties/a"),
        (request(SEGMENT, json.dumps(json.dumps(track("x", {"a": EMAIL})))), "body#/properties/a"),
        (request(SEGMENT, track("x", {f"instanceId\0{EMAIL}": "6"})), None),
        (request(SEGMENT, '{"event":"x","a":"1","a\\u00001":"' + EMAIL + '","a":"2"}'), None),
        (request(SEGMENT, CLICK, {"X-Forwarded-User": EMAIL}), "header:x-forwarded-user"),
        (request(SEGMENT, CLICK, {"Authorization": "Basic " + base64.b64encode(f"{EMAIL}:".encode()).decode()}), "header:authorization"),
        (request(f"https://api.segment.io/v1/{base64.b64encode(EMAIL.encode()).decode()}", CLICK), "path"),
        (request(SEGMENT, track("x", {"a": EMAIL}), method="OPTIONS"), "body#/properties/a"),
    ],
)  # fmt: skip
def test_an_e_mail_address_is_found_wherever_it_stands(
    run: Run, tmp_path: Path, entry: dict[str, Any], where: str | None
) -> None:
    report = checked(run, har(tmp_path / "r", [entry]))
    found = places(report)
    assert {rule for rule, _, _ in found} & {"personal-data", "identity-hashed"}
    if where is not None:
        assert [place.startswith(where) for _, _, place in found] == [True]


@pytest.mark.parametrize(
    "entry",
    [
        request(BATCH, {"batch": [{"batch": [NAMED]}]}),
        request(BATCH, [NAMED]),
        request(BATCH, f'{{"batch":[{json.dumps(NAMED)}],"batch":[]}}'),
        request(SEGMENT, track("x", userId=["jane.roe"])),
        request(SEGMENT, track("Brand New", {"username": "jane.roe"})),
        request(SEGMENT, track("Brand New", {"userData": {"userId": "jane.roe"}})),
        request(SEGMENT, {"type": "track", "event": "login_USER", "properties": [{"username": "jane.roe"}]}),
        request("https://api-js.mixpanel.com/record/?distinct_id=jane.roe", [{"type": 4}]),
        request("https://ph.example.com/decide/?v=3", {"token": "phc_1", "distinct_id": "jane.roe"}),
        request(SEGMENT, json.dumps(NAMED).encode("utf-16")),
        request("https://t.example.com/x", json.dumps(NAMED | {"anonymousId": "a"}).encode("utf-16")),
        request(SEGMENT, gzip.compress(gzip.compress(json.dumps(NAMED).encode())), {"Content-Encoding": "gzip"}),
    ],
)  # fmt: skip
def test_a_name_is_judged_however_it_is_framed(run: Run, tmp_path: Path, entry: dict[str, Any]) -> None:
    report = checked(run, har(tmp_path / "r", [entry]))
    assert {rule for rule, _, _ in places(report)} == {"identity-hashed"}


def test_the_messages_of_a_web_socket_are_events(run: Run, tmp_path: Path) -> None:
    socket = request("https://t.example.com/socket") | {
        "_webSocketMessages": [
            {"type": "send", "time": 1, "opcode": 1, "data": json.dumps(NAMED | {"messageId": "m", "anonymousId": "a"})}
        ]
    }
    assert places(checked(run, har(tmp_path / "r", [socket]))) == [("identity-hashed", 0, "ws:0#/userId")]


@pytest.mark.parametrize(
    "entry",
    [
        request(SEGMENT, b"\x00\x01\x02\xff"),
        request(SEGMENT, {"batch": []}),
        request("https://api.segment.io:443", method="CONNECT"),
        request(SEGMENT, track("Installation Setup Complete", messageId="m") | {"type": "page", "name": "Installation Setup Complete"}),
        request(SEGMENT, '{"type":"track","event":"login_USER","event":"Installation Setup Complete"}'),
        request(SEGMENT, track("releases")),
    ],
)  # fmt: skip
def test_with_telemetry_off_what_reaches_a_telemetry_host_is_a_breach_whatever_it_is(
    run: Run, tmp_path: Path, entry: dict[str, Any]
) -> None:
    exempt = request("https://cs.appsmith.com/api/v1/releases?instanceId=609ce8fb4092701c69df9846")
    report = checked(run, har(tmp_path / "r", [exempt, entry]), "--telemetry", "off")
    assert verdicts(report)["silent-when-off"] == "broken"


def test_the_script_of_a_tracker_is_drift_when_telemetry_is_off(run: Run, tmp_path: Path) -> None:
    report = checked(
        run, har(tmp_path / "r", [request("https://a.appsmith.com/reroute/key/main.js")]), "--telemetry", "off"
    )
    assert verdicts(report)["silent-when-off"] == "differs"


def test_consent_that_is_given_and_taken_back_is_none(run: Run, tmp_path: Path) -> None:
    properties = f'{{"subscribe-marketing":true,"subscribe-marketing":false,"email":"{EMAIL}"}}'
    body = f'{{"type":"track","event":"Installation Setup Complete","properties":{properties}}}'
    assert ("consent", 0, "body#/properties/email") in places(
        checked(run, har(tmp_path / "r", [request(SEGMENT, body)]))
    )


def test_only_fields_that_the_schema_knows_teach_an_address(run: Run, tmp_path: Path) -> None:
    ping = track("Instance Active", {"clientIp": "198.51.100.4"}, userId="203.0.113.7", context={"ip": "203.0.113.7"})
    report = checked(run, har(tmp_path / "r", [request(SEGMENT, ping)]))
    assert places(report) == [("server-address-only", 0, "body#/properties/clientIp")]


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(track("x", {"a": [0] * 150_000})).encode(),
        json.dumps(track("x", {"k" * 60: {"k" * 60: {"k" * 60: [0] * 60_000}}})).encode(),
        b"".join(gzip.compress(b"") for _ in range(3_000)),
    ],
    ids=["many values", "long paths", "many pieces"],
)  # fmt: skip
def test_what_is_too_much_to_look_at_is_unread(run: Run, tmp_path: Path, body: bytes) -> None:
    assert checked(run, har(tmp_path / "r", [request(SEGMENT, body)]))["coverage"]["unread"] == 1


@pytest.mark.parametrize(
    "entry",
    [
        request("https://api.intercom.io/contacts/search", {"email": EMAIL}),
        request(f"https://sentry.io/api/0/projects/?query={EMAIL}"),
        request("https://data.mixpanel.com/api/2.0/export", {"email": EMAIL}),
        request("https://acme.grafana.net/api/ds/query", {"queries": [{"rawSql": "SELECT * FROM users WHERE id = 7"}]}),
        request("https://api.newrelic.com/graphql", {"query": f"{{ user(email: '{EMAIL}') }}"}),
        request("https://cs.appsmith.com/api/v1/actions/execute", {"email": EMAIL}),
    ],
)  # fmt: skip
def test_a_vendor_s_interface_as_a_datasource_is_the_user_s_own_work(
    run: Run, tmp_path: Path, entry: dict[str, Any]
) -> None:
    assert checked(run, har(tmp_path / "r", [entry]))["coverage"]["ignored"] == 1


def test_clean_telemetry_breaks_nothing(run: Run, tmp_path: Path) -> None:
    agent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
    properties = {
        "instanceId": "609ce8fb4092701c69df9846", "version": "v1.8.10.2", "release": "appsmith-client@1.9.56.2", "time": 1_704_784_217_602,
        "widget": "Table1", "library": "moment@2.29.4", "repo": "git@github.com:acme/app.git", "etag": USER, "count": 4_111, "uuid": "0b62ab60-02ad-4f69-a181-d9c5eb2f97fa",
        "items": [{"label": "a", "value": 1}, {"label": "b", "value": 2}], "text": "Select a table from the list", "timezone": "Europe/Berlin",
    }  # fmt: skip
    context = {
        "userAgent": agent,
        "page": {"url": "http://10.0.0.5:8080/app/page-1", "title": "Home | Appsmith"},
        "locale": "en-GB",
    }
    entries = [
        request(
            SEGMENT,
            track("WIDGET_DRAG", properties, userId=USER, context=context, messageId="ajs-next-1"),
            {
                "User-Agent": agent,
                "X-Api-Key": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
            },
        )
    ]
    assert places(checked(run, har(tmp_path / "r", entries), "--server-address", "203.0.113.7")) == []


def test_an_address_that_the_store_added_to_a_browser_s_event_was_not_sent(run: Run, tmp_path: Path) -> None:
    event = {
        "type": "track",
        "event": "Brand New",
        "context": {"ip": "198.51.100.4", "library": {"name": "analytics.js"}},
    }
    assert places(checked(run, export(tmp_path / "r", [event]), "--server-address", "203.0.113.7")) == []


def test_names_from_outside_cannot_write_to_the_terminal(run: Run, tmp_path: Path) -> None:
    recording = har(tmp_path / "r", [request(SEGMENT, CLICK)])
    (tmp_path / "evil\x1b[31m.txt").write_text("no recording")
    (tmp_path / "evil.toml").write_text('"bad\\u001b]0;pwn\\u0007key" = 1\n')
    (tmp_path / "nul.toml").write_text('canaries = "nul\\u0000x"\n')
    for arguments in (
        ("evil\x1b[31m.txt",),
        (recording, "--config", "evil.toml"),
        (recording, "--config", "nul.toml"),
        (recording, "--telemetry-host", "\x1b[31m/"),
    ):
        done = run("check", *arguments)
        assert done.code == 2, done.err
        assert not [character for character in done.err if not (character.isprintable() or character == "\n")]


def test_ids_of_names_that_are_not_shown_are_the_same_in_every_recording(run: Run, tmp_path: Path) -> None:
    ids = []
    for number in (1, 2):
        event = track(f"Opened {EMAIL}", {"a b": EMAIL}, number=number)
        report = checked(run, har(tmp_path / "r", [request(SEGMENT, event)]))
        ids.append({finding["id"] for finding in report["findings"] if finding["level"] == "breach"})
    assert ids[0] == ids[1] != set()


@pytest.mark.parametrize(
    ("message", "where"),
    [
        (
            {"type": "group", "userId": USER, "groupId": "g", "traits": {"email": EMAIL, "name": "Acme"}},
            "/traits/email",
        ),
        ({"type": "group", "userId": USER, "context": {"traits": {"name": "Jane Roe"}}}, "/context/traits/name"),
        (
            track("login_USER", userId=USER, traits={"isInstance": True}, context={"traits": {"name": "Jane Roe"}}),
            "/context/traits/name",
        ),
        ({"type": "identify", "userId": USER, "traits": {"username": "jane.roe"}}, "/traits/username"),
        ({"type": "page", "userId": USER, "properties": {"userData": {"name": "Jane"}}}, "/properties/userData/name"),
        (track("APPLICATIONS_PAGE_LOAD", {"userName": "jane.roe"}, userId=USER), "/properties/userName"),
        (track("x", userId=b"jane.roe.abc".hex()), "/userId"),
    ],
)
def test_a_person_is_found_in_every_field_that_sdks_have_for_one(
    run: Run, tmp_path: Path, message: dict[str, Any], where: str
) -> None:
    report = checked(run, har(tmp_path / "r", [request(SEGMENT, message)]))
    assert places(report) == [("identity-hashed", 0, f"body#{where}")]


@pytest.mark.parametrize(
    "entry",
    [
        request(SEGMENT, track("execute_ACTION_TRIGGERED", {"$ip": "8.8.8.8"}, userId=USER)),
        request(f"{SEGMENT}?ip=8.8.8.8", CLICK),
        request(SEGMENT, CLICK, {"Forwarded": "for=10.9.8.7"}),
        request(SEGMENT, track("x", {"ips": ["8.8.8.8"]}, userId=USER)),
    ],
)
def test_an_address_in_a_field_for_addresses_is_no_version(run: Run, tmp_path: Path, entry: dict[str, Any]) -> None:
    report = checked(run, har(tmp_path / "r", [entry]), "--server-address", "203.0.113.7")
    assert [rule for rule, _, _ in places(report)] == ["server-address-only"]


@pytest.mark.parametrize(
    "entry",
    [
        request(
            "https://api.mixpanel.com/groups",
            [{"$token": "t", "$group_key": "company", "$group_id": "Acme", "$set": {"$name": "Acme Ltd"}}],
        ),
        request(
            SEGMENT, track("execute_ACTION_TRIGGERED", {"actionExecutionRequestParams": "[****, ****]"}, userId=USER)
        ),
    ],
)
def test_an_organisation_and_a_mask_are_no_breach(run: Run, tmp_path: Path, entry: dict[str, Any]) -> None:
    assert places(checked(run, har(tmp_path / "r", [entry]))) == []


def test_nothing_is_kept_where_nothing_could_be_read(run: Run, tmp_path: Path) -> None:
    report = checked(run, har(tmp_path / "r", [request(SEGMENT, "{broken")]))
    assert "kept" not in verdicts(report).values()


@pytest.mark.parametrize(("name", "found"), [("Kim", True), ("Li Wu", True), ("Bo", False)])
def test_short_names_are_looked_for_as_words_and_shorter_ones_are_said(
    run: Run, tmp_path: Path, *, name: str, found: bool
) -> None:
    (tmp_path / "users").write_text(name)
    report = checked(
        run,
        har(tmp_path / "r", [request(SEGMENT, track("x", {"a": f"hello {name} there", "b": "Kimono"}, userId=USER))]),
        "--known-users",
        "users",
    )
    assert places(report) == ([("known-user", 0, "body#/properties/a")] if found else [])
    limits = next(each["limits"] for each in report["promises"] if each["id"] == "user-names-hashed")
    assert any("too short" in limit for limit in limits) is not found


def test_a_report_never_overwrites_what_is_read(run: Run, tmp_path: Path) -> None:
    recording = har(tmp_path / "r.json", [request(SEGMENT, CLICK)])
    (tmp_path / "list.txt").write_text("CANARY-1")
    before = recording.read_bytes()
    assert run("check", recording, "-o", "r.json").code == 2
    assert run("check", recording, "--canaries", "list.txt", "-o", "list.txt").code == 2
    assert run("check", recording, "-o", "nowhere/report.json").code == 2
    assert run("check", recording, "-o", "report.pdf").code == 2
    assert (recording.read_bytes(), (tmp_path / "list.txt").read_text()) == (before, "CANARY-1")


def test_a_written_report_still_says_what_it_comes_to(run: Run, tmp_path: Path) -> None:
    done = run("check", har(tmp_path / "r", [request(SEGMENT, NAMED)]), "-o", "report.json")
    assert "broken: " in done.err


def test_a_message_in_another_framing_is_looked_at_too(run: Run, tmp_path: Path) -> None:
    frames = [
        f"data={DATA}&contact={EMAIL}",
        f'{{"sent_at":"t"}}\n{{"type":"event"}}\n{{"user":{{"email":"{EMAIL}"}}}}',
    ]
    socket = request("https://api-js.mixpanel.com/socket") | {
        "_webSocketMessages": [{"type": "send", "time": 1, "opcode": 1, "data": frames[0]}]
    }
    other = request("https://o1.ingest.sentry.io/socket") | {
        "_webSocketMessages": [{"type": "send", "time": 1, "opcode": 1, "data": frames[1]}]
    }
    report = checked(run, har(tmp_path / "r", [socket, other]))
    assert {number for _, number, _ in places(report)} | {each["exchange"] for each in report["unread"]} == {0, 1}
    assert {number for _, number, _ in places(report)} >= {1}


def test_what_is_too_large_to_open_and_bears_the_marks_of_telemetry_is_unread(run: Run, tmp_path: Path) -> None:
    body = json.dumps({"batch": [NAMED | {"messageId": "m"}], "padding": "x" * 17_000_000})
    assert (
        checked(run, har(tmp_path / "r", [request("https://t.example.com/v1/batch", body)]))["coverage"]["unread"] == 1
    )
