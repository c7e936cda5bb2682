"""A redacted copy holds nothing that was found, accounts for every exchange, and is not written where that cannot be had."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow, tutils

from telemetry_audit.catalog import load
from telemetry_audit.cli.run import audit_of
from telemetry_audit.cli.run import run as audited
from telemetry_audit.deployment import Deployment
from telemetry_audit.model import Exchange
from telemetry_audit.readers import exchanges, open_recording
from telemetry_audit.redaction import Refused, redact
from tests.conftest import Ran, Run
from tests.readers.flows import dumped, oracle
from tests.recordings import CLICK, SEGMENT, USER, export, har, request, track

MAIL = "erika.mustermann@customer.example"
NAME = "Erika Mustermann"
CATALOG = load()


def spellings(value: str) -> list[bytes]:
    """A value as it may stand in bytes: plain, percent-encoded, as JSON escapes it, and in Base64 at each offset."""
    data = value.encode()
    spelled = [data, quote(value, safe="").encode(), json.dumps(value)[1:-1].encode()]
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + data).rstrip(b"=")
        spelled.append(coded[(offset * 8 + 5) // 6 : -1])
    return spelled


def copied(run: Run, recording: Path, *options: str) -> tuple[Ran, Path]:
    copy = recording.with_name("copy")
    return run("redact", recording, "-o", copy, *options), copy


def copy_of(run: Run, recording: Path, *options: str) -> Path:
    done, copy = copied(run, recording, *options)
    assert done.code == 0, done.err
    assert copy.stat().st_mode & 0o777 == 0o600
    return copy


def sent(copy: Path) -> list[Exchange]:
    """The exchanges of a copy."""
    items = [item for item in exchanges(open_recording(str(copy))) if isinstance(item, Exchange)]
    assert items
    return items


def flow(url: str, content: bytes | None, **headers: str) -> HTTPFlow:
    host, _, path = url.removeprefix("https://").partition("/")
    fields = [
        (b"Host", host.encode()),
        *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()),
    ]
    made = tflow.tflow(
        req=tutils.treq(
            method=b"POST",
            scheme=b"https",
            host=host,
            port=443,
            authority=b"",
            path=b"/" + path.encode(),
            headers=fields,
            content=content,
        ),
        resp=True,
    )
    assert made.response
    made.response.content = MAIL.encode()
    made.response.headers["set-cookie"] = f"who={MAIL}"
    return made


def dump(path: Path, *flows: HTTPFlow) -> Path:
    path.write_bytes(dumped(flows))
    return path


def test_a_found_value_is_replaced_by_its_shape_and_the_rest_stays(run: Run, tmp_path: Path) -> None:
    event = track("login_USER", {"note": f"by {MAIL}", "version": "v1.92.3"}, userId=USER)
    (copied_exchange,) = sent(copy_of(run, har(tmp_path / "r", [request(SEGMENT, event)])))
    body = json.loads(copied_exchange.body or b"")
    assert body["properties"]["note"] == f"[e-mail address, {len(MAIL)} characters]"
    assert (body["event"], body["userId"], body["type"]) == ("login_USER", USER, "track")
    assert copied_exchange.time == 1767607200.0


def test_an_empty_value_stays_empty_so_that_the_copy_breaks_nothing_that_the_recording_keeps(
    run: Run, tmp_path: Path
) -> None:
    event = track("execute_ACTION_TRIGGERED", {"error": "", "note": "", "request": {"body": ""}}, userId=USER)
    recording = har(tmp_path / "r", [request(SEGMENT, event)])
    copy = copy_of(run, recording)
    assert run("check", recording).code == run("check", copy).code == 0
    (copied_exchange,) = sent(copy)
    assert json.loads(copied_exchange.body or b"")["properties"] == event["properties"]


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "identity": bytes,
}


def test_it_says_how_much_is_in_the_copy(run: Run, tmp_path: Path) -> None:
    one = har(tmp_path / "one", [request(SEGMENT, track("login_USER", {"note": MAIL}))])
    assert copied(run, one)[0].err.startswith(f"{tmp_path / 'copy'}: 1 exchange, 1 value replaced by its shape.\n")
    (tmp_path / "copy").unlink()
    two = har(tmp_path / "two", [request(SEGMENT, track("login_USER", {"a": MAIL, "b": MAIL})), request(SEGMENT, "{")])
    assert ": 2 exchanges, 2 values replaced by their shapes; of 1 only where it went" in copied(run, two)[0].err


@pytest.mark.parametrize("coding", CODINGS)
def test_a_dump_stays_a_dump_and_a_coded_body_stays_coded(run: Run, tmp_path: Path, coding: str) -> None:
    content = CODINGS[coding](json.dumps(track("login_USER", {"by": MAIL}, userId=USER)).encode())
    recording = dump(
        tmp_path / "r",
        flow(SEGMENT, content, content_encoding=coding, cookie=f"a={MAIL}", x_forwarded_for="198.51.100.4"),
    )
    copy = copy_of(run, recording)
    (read,) = oracle(copy.read_bytes())
    assert isinstance(read, HTTPFlow)
    assert json.loads(read.request.get_content() or b"")["properties"] == {
        "by": f"[e-mail address, {len(MAIL)} characters]"
    }
    assert read.request.headers["content-encoding"] == coding
    assert (read.request.headers["cookie"], read.request.headers["x-forwarded-for"]) == ("[left out]", "[left out]")
    assert read.response is None
    assert read.client_conn.peername == ("", 0)
    assert not any(spelled in copy.read_bytes() for spelled in spellings(MAIL))


def test_events_in_a_form_a_pixel_and_a_websocket_are_rewritten_inside(run: Run, tmp_path: Path) -> None:
    event = {"event": "PAGE_VIEW", "properties": {"token": "t", "distinct_id": USER, "by": MAIL}}
    data = base64.b64encode(json.dumps(event).encode()).decode()
    mixpanel = "https://api-js.mixpanel.com/track/"
    socket = request("wss://api.segment.io/v1/track") | {
        "_webSocketMessages": [
            {"type": "send", "opcode": 1, "data": json.dumps(track("x", {"by": MAIL}, messageId="m"))}
        ]
    }
    recording = har(
        tmp_path / "r",
        [request(mixpanel, urlencode({"data": data})), request(f"{mixpanel}?{urlencode({'data': data})}"), socket],
    )
    form, pixel, messages = sent(copy_of(run, recording))
    shape = f"[e-mail address, {len(MAIL)} characters]"
    for text in ((form.body or b"").decode(), pixel.target.partition("?")[2]):
        inside = json.loads(base64.b64decode(parse_qs(text)["data"][0]))
        assert inside["properties"] == {"token": "t", "distinct_id": USER, "by": shape}
    assert json.loads(messages.messages[0])["properties"] == {"by": shape}


def test_a_repeated_key_and_an_envelope_are_rewritten_inside(run: Run, tmp_path: Path) -> None:
    twice = f'{{"type":"track","event":"x","properties":{{"by":"{MAIL}","by":"{NAME}","a":[1]}}}}'
    item = json.dumps({"message": f"by {MAIL}", "level": "error"})
    envelope = f'{{"event_id":"a","sent_at":"t"}}\n{{"type":"event","length":{len(item)}}}\n{item}\n'
    recording = har(
        tmp_path / "r",
        [request(SEGMENT, twice), request("https://o1.ingest.sentry.io/api/42/envelope/?sentry_key=k", envelope)],
    )
    first, second = sent(copy_of(run, recording))
    shape = f"[e-mail address, {len(MAIL)} characters]"
    assert (first.body or b"").decode() == twice.replace(MAIL, shape).replace(NAME, shape)  # their place is the same
    head, payload = (second.body or b"").decode().splitlines()[1:]
    assert json.loads(payload) == {"message": shape, "level": "error"}
    assert json.loads(head) == {"type": "event", "length": len(payload)}


@pytest.mark.parametrize("lines", [False, True])
def test_stored_events_stay_what_they_are(run: Run, tmp_path: Path, *, lines: bool) -> None:
    events = [CLICK, track("login_USER", {"by": MAIL}, userId=USER)]
    recording = tmp_path / "r"
    if lines:
        recording.write_text("\n".join(map(json.dumps, events)))
    else:
        export(recording, events)
    text = copy_of(run, recording).read_text()
    read = [json.loads(line) for line in text.splitlines()] if lines else json.loads(text)
    assert read == [CLICK, track("login_USER", {"by": f"[e-mail address, {len(MAIL)} characters]"}, userId=USER)]


def test_a_value_that_was_found_in_one_place_goes_in_all_of_them(run: Run, tmp_path: Path) -> None:
    recording = har(
        tmp_path / "r",
        [
            request(SEGMENT, track("login_USER", {"customerName": NAME}, userId=USER)),
            request(SEGMENT, track("x", {"title": f"about {NAME.upper()}", NAME: 1}, userId=USER)),
            request(f"https://shop.example/{quote(NAME)}", {"for": NAME}),
        ],
    )
    copy = copy_of(run, recording)
    assert NAME.lower() not in copy.read_text().lower()
    body = json.loads(sent(copy)[1].body or b"")
    assert body["properties"] == {"title": "[text, 22 characters]", "[name, 16 characters]": 1}


@pytest.mark.parametrize("newsletter", [True, False, None])
def test_contact_details_go_though_another_event_settles_whether_they_may_leave(
    run: Run, tmp_path: Path, newsletter: object
) -> None:
    instance = "659cf0bd504813315c336bf7"
    details = {"isInstance": True, "email": MAIL, "name": "Zelda Quux"}
    told = {"instanceId": instance, "disable-telemetry": False, "subscribe-marketing": newsletter}
    events = [
        {"type": "identify", "userId": instance, "traits": details},
        track("Installation Setup Complete", told, userId=instance),
    ]
    copy = copy_of(
        run,
        har(
            tmp_path / "r", [request(SEGMENT, event) for event in events if newsletter is not None or "traits" in event]
        ),
    )
    assert MAIL not in copy.read_text()
    assert "Quux" not in copy.read_text()
    assert json.loads(sent(copy)[0].body or b"")["userId"] == instance


def test_of_what_is_no_telemetry_or_unread_only_the_place_is_copied(run: Run, tmp_path: Path) -> None:
    recording = dump(
        tmp_path / "r",
        flow("https://shop.example/orders/jane?who=jane", b'{"customer": "jane"}', x_who="jane"),
        flow("https://api.segment.io/v1/import", b"\x1f\x8b\x08jane", x_who="jane"),
        flow("https://api.segment.io/v1/import?who=jane", None, x_who="jane"),
        flow(SEGMENT, json.dumps(CLICK).encode()),
    )
    copy = copy_of(run, recording)
    assert b"jane" not in copy.read_bytes()
    assert [each.host for each in sent(copy)] == ["shop.example", "api.segment.io", "api.segment.io", "api.segment.io"]
    counts = [run("check", each, "--format", "json").report["coverage"] for each in (recording, copy)]
    assert counts[0]["judged"] == 1
    assert counts[0] == counts[1]


def test_what_could_not_be_read_keeps_its_place(run: Run, tmp_path: Path) -> None:
    sound = json.dumps(request(SEGMENT, CLICK))
    archive = tmp_path / "archive"
    archive.write_text(
        f'{{"log": {{"version": "1.2", "entries": [{sound}, {{"request": {json.dumps(MAIL)}}}, {sound}]}}}}'
    )
    events = tmp_path / "events"
    events.write_text(f'[{json.dumps(CLICK)},\n{{"event": {MAIL}}},\n"{MAIL}",\n{json.dumps(CLICK)}]')
    broken = tmp_path / "broken"
    broken.write_bytes(dumped([flow(SEGMENT, json.dumps(CLICK).encode())]) + b"12:" + MAIL.encode())
    for recording in (archive, events, broken):
        copy = recording.with_suffix(".copy")
        done = run("redact", recording, "-o", copy)
        assert done.code == 0, done.err
        counts = [run("check", each, "--format", "json").report["coverage"] for each in (recording, copy)]
        assert counts[0]["unread"]
        assert counts[0] == counts[1]
        assert MAIL not in copy.read_text("latin-1")


def test_a_value_in_a_host_goes_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "canaries").write_text("canary5d1f0c77\n")
    recording = har(
        tmp_path / "r",
        [request("https://canary5d1f0c77.shop.example/"), request(SEGMENT, track("x", {"a": "canary5d1f0c77"}))],
    )
    first, _ = sent(copy_of(run, recording, "--canaries", "canaries"))
    assert first.host == "redacted.shop.example"


def test_what_only_a_list_finds_goes_only_with_the_list(run: Run, tmp_path: Path) -> None:
    (tmp_path / "users").write_text("jane.roe\n")
    recording = har(tmp_path / "r", [request(SEGMENT, track("login_USER", {"title": "of jane.roe"}, userId=USER))])
    assert "jane.roe" not in copy_of(run, recording, "--known-users", "users").read_text()


def test_nothing_is_replaced_and_a_wrong_call_leaves_nothing(run: Run, tmp_path: Path) -> None:
    recording = har(tmp_path / "r", [request(SEGMENT, CLICK)])
    (tmp_path / "mine").write_text("mine")
    for call in (
        (recording, "-o", "mine"),
        (recording, "-o", recording),
        ("missing", "-o", "new"),
        (recording, "-o", "no/new"),
    ):
        done = run("redact", *call)
        assert done.code == 2, done.err
        assert done.err.startswith("Error: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "r"]
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_copy_that_would_still_hold_what_was_found_is_not_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "canaries").write_text("1767607200\n")
    made = flow(SEGMENT, json.dumps(track("x", {"a": "1767607200"})).encode())
    made.request.timestamp_start = 1767607200.0  # the copy keeps times, and the canary is one
    done, copy = copied(run, dump(tmp_path / "r", made), "--canaries", "canaries")
    assert done.code == 1
    assert "Nothing was written." in done.err
    assert not copy.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["canaries", "r"]


def test_two_copies_are_the_same_bytes(run: Run, tmp_path: Path) -> None:
    recording = dump(
        tmp_path / "r",
        flow(SEGMENT, gzip.compress(json.dumps(track("x", {"by": MAIL})).encode()), content_encoding="gzip"),
    )
    first = copy_of(run, recording).read_bytes()
    recording.with_name("copy").unlink()
    assert copy_of(run, recording).read_bytes() == first


PEOPLE = st.sampled_from([MAIL, "Zoë.Käfer@kunde.example", 'o"neil+x@customer.example', "Иван@пример.example"])
NAMES = st.sampled_from([NAME, "Zoë Käfer", "Seán O'Neil"])
PLANTED = st.one_of(
    st.tuples(st.just("mail"), PEOPLE),
    st.tuples(st.just("name"), NAMES),
    st.tuples(st.just("rows"), st.lists(NAMES, min_size=2, max_size=4).map(tuple)),
)
WRAPPED = st.sampled_from(["plain", "text", "percent", "base64", "json", "json in base64"])
CARRIERS = st.sampled_from(
    ["body", "batch", "gzip", "form", "pixel", "lines", "header", "cookie", "query", "key", "envelope"]
)


def wrapped(how: str, value: str) -> str:
    match how:
        case "text":
            return f"Key (email)=({value}) exists"
        case "percent":
            return quote(value, safe="")
        case "base64":
            return base64.b64encode(value.encode()).decode()
        case "json":
            return json.dumps({"email": value})
        case "json in base64":
            return base64.b64encode(json.dumps({"email": value}).encode()).decode()
        case _:
            return value


def planted(kind: str, what: Any, how: str) -> dict[str, Any]:
    """Properties of an event with this in it."""
    if kind == "rows":
        return {"rows": [{"id": number, "customerName": name} for number, name in enumerate(what)]}
    return {"customerName": what} if kind == "name" else {"state": {"deep": [wrapped(how, what)]}}


def carried(carrier: str, event: dict[str, Any], value: str) -> HTTPFlow:
    """A request that carries an event, and the value in the way that the carrier says."""
    text = json.dumps(event, ensure_ascii=False).encode()
    data = urlencode({"data": base64.b64encode(text).decode()})
    batch = json.dumps({"batch": [CLICK, event], "sentAt": "t"}).encode()
    keyed = json.dumps(event | {"context": {value: {"a": 1}}}).encode()
    envelope = b'{"event_id":"a","sent_at":"t"}\n{"type":"event","length":%d}\n%b\n' % (len(text), text)
    basic = "Basic " + base64.b64encode(value.encode()).decode()
    carriers: dict[str, Callable[[], HTTPFlow]] = {
        "body": lambda: flow(SEGMENT, text),
        "batch": lambda: flow("https://api.segment.io/v1/import", batch),
        "gzip": lambda: flow(SEGMENT, gzip.compress(text), content_encoding="gzip"),
        "form": lambda: flow("https://api.mixpanel.com/track", data.encode()),
        "pixel": lambda: flow(f"https://api.mixpanel.com/track?{data}", b""),
        "lines": lambda: flow("https://api.mixpanel.com/import", text + b"\n" + text),
        "header": lambda: flow(SEGMENT, text, referer="https://x.example/?by=" + quote(value)),
        "cookie": lambda: flow(SEGMENT, text, cookie="by=" + quote(value), authorization=basic),
        "query": lambda: flow(f"{SEGMENT}?by={quote(value)}", text),
        "key": lambda: flow(SEGMENT, keyed),
        "envelope": lambda: flow("https://o1.ingest.sentry.io/api/42/envelope/?sentry_key=k", envelope),
    }
    return carriers[carrier]()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.tuples(PLANTED, WRAPPED, CARRIERS), min_size=1, max_size=4), st.lists(CARRIERS, max_size=2))
def test_a_copy_holds_nothing_that_was_found_and_as_many_exchanges(
    tmp_path_factory: pytest.TempPathFactory, plants: list[tuple[tuple[str, Any], str, str]], repeated: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("redact")
    values = [value for (_, what), _, _ in plants for value in (what if isinstance(what, tuple) else (what,))]
    flows = []
    for (kind, what), how, carrier in plants:
        event = track("login_USER", planted(kind, what, how), userId=USER, messageId="m")
        value = what if isinstance(what, str) else what[0]
        flows.append(carried(carrier, event, value))
    flows += [carried(carrier, CLICK, values[0]) for carrier in repeated]
    recording = open_recording(str(dump(folder / "r", *flows)))
    audit = audit_of([recording], CATALOG, Deployment())
    before = audited([recording], CATALOG, Deployment()).report
    found = {place for finding in before.findings if finding.statement.level == "breach" for place in finding.places}
    try:
        redact(recording, audit, folder / "copy")
    except Refused:
        assert not (folder / "copy").exists()
        return
    data = (folder / "copy").read_bytes()
    copy = open_recording(str(folder / "copy"))
    after = audited([copy], CATALOG, Deployment()).report
    assert (after.coverage.exchanges, after.coverage.ignored) == (before.coverage.exchanges, before.coverage.ignored)
    assert found  # else the example shows nothing
    for item in exchanges(copy):
        if isinstance(item, Exchange):
            coded = item.header("content-encoding") == "gzip"
            data += gzip.decompress(item.body or b"") if coded else item.body or b""
    for spelled in {each for value in values for each in spellings(value)}:
        assert spelled not in data
