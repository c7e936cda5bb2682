from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import http
from mitmproxy.addons.savehar import SaveHar
from mitmproxy.test import tflow, tutils

from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers import har
from telemetry_audit.readers.loose_json import tidy

from .flows import dumped
from .har_shapes import CHROME, FIREFOX, RECORDERS, SENT, TEXT, URL, archive, posted
from .recorded import anonymous, items, only, opened

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(["request", "startedDateTime", "serverIPAddress", "_webSocketMessages", "response"])
REQUEST_NAMES = st.sampled_from(["method", "url", "headers", "postData", "bodySize"])
POST_NAMES = st.sampled_from(["text", "params", "encoding", "mimeType"])
POSTS = st.dictionaries(POST_NAMES, JSON | st.just("base64"))
REQUESTS = st.dictionaries(REQUEST_NAMES, JSON | st.just(URL) | POSTS)
ENTRIES = st.dictionaries(NAMES, JSON | REQUESTS) | JSON


def text(*entries: object, indent: int | None = None) -> bytes:
    return json.dumps(archive(*entries), indent=indent).encode()


@pytest.mark.parametrize("recorder", RECORDERS)
def test_the_same_request_is_read_from_every_recorder(recorder: str) -> None:
    found = only(text(RECORDERS[recorder]))
    assert (found.method, found.scheme, found.host, found.port) == ("POST", "https", "api.segment.io", 443)
    assert (found.target, found.time, found.body) == ("/v1/b", 1_760_000_000.25, SENT)
    assert found.header("content-type") == "text/plain"
    assert not any(name.startswith(":") for name, _ in found.headers)
    assert found.aliases == (("2001:db8::7",) if recorder == "Chrome" else ("192.0.2.10",))


def test_a_coding_that_the_recorder_has_undone_is_not_told_of() -> None:
    assert only(text(RECORDERS["Charles"])).header("content-encoding") is None


@pytest.mark.parametrize("indent", [None, 2])
@given(entries=st.lists(ENTRIES, max_size=4))
@settings(max_examples=80, deadline=None)
def test_each_entry_of_any_shape_makes_one_item(entries: list[object], indent: int | None) -> None:
    found = items(text(CHROME, *entries, FIREFOX, indent=indent))
    assert len(found) == len(entries) + 2
    assert isinstance(found[0], Exchange)
    assert isinstance(found[-1], Exchange)


@pytest.mark.parametrize("indent", [None, 2])
@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_what_stands_before_a_cut_is_read_and_the_rest_is_one_unread(data: st.DataObject, indent: int | None) -> None:
    whole = text(CHROME, FIREFOX, indent=indent)
    cut = whole[: data.draw(st.integers(30, len(whole) - 1))]
    found = items(cut)
    assert list(map(anonymous, found[:-1])) == list(map(anonymous, items(whole)[: len(found) - 1]))
    assert isinstance(found[-1], Unread)


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_damage_in_an_entry_of_a_printed_archive_costs_no_other(data: st.DataObject) -> None:
    whole = text(CHROME, FIREFOX, CHROME, indent=2)
    middle = whole.index(b'"startedDateTime": "2025-10-09T10')
    broken = bytearray(whole)
    for at in data.draw(st.lists(st.integers(middle, middle + 600), min_size=1, max_size=4)):
        broken[at] = data.draw(st.sampled_from(b'"x\\0\xff'))
    found = items(bytes(broken))
    sound = anonymous(items(whole)[0])
    assert anonymous(found[0]) == sound
    assert sound in list(map(anonymous, found[1:]))


@given(
    st.lists(st.tuples(st.sampled_from(["text/plain", "application/json", "x/y"]), st.binary(max_size=60)), max_size=4)
)
@settings(max_examples=100, deadline=None)
def test_what_mitmproxy_exports_is_read_as_its_own_recording(bodies: list[tuple[str, bytes]]) -> None:
    flows = [
        tflow.tflow(req=tutils.treq(method=b"POST", content=body, headers=http.Headers(content_type=kind)), resp=True)
        for kind, body in bodies
    ]
    # mitmproxy writes single bytes as their characters, and then two byte strings may be one text; a BOM it leaves out.
    told_apart = [
        flow for flow in flows if (flow.request.raw_content or b"").isascii() or (is_json(flow) and not has_bom(flow))
    ]
    exported = json.dumps(SaveHar().make_har(told_apart)).encode()
    from_har = [anonymous(item) for item in items(exported)]
    from_dump = [anonymous(item) for item in items(dumped(told_apart))] if told_apart else []
    assert [(item[0:5], item[8]) for item in from_har] == [(item[0:5], item[8]) for item in from_dump]


def has_bom(flow: http.HTTPFlow) -> bool:
    """Of UTF-8 or, which mitmproxy tells in JSON, of UTF-16 or UTF-32."""
    text = flow.request.get_text(strict=False) or ""
    return text.startswith("\ufeff") or (flow.request.raw_content or b"").startswith(b"\xef\xbb\xbf")


def is_json(flow: http.HTTPFlow) -> bool:
    return bool(flow.request.headers["content-type"] == "application/json")


@pytest.mark.parametrize(
    ("post", "body"),
    [
        ({"text": TEXT}, SENT),
        ({"text": SENT.decode("latin-1")}, SENT),
        ({"text": "na\u00efve"}, "na\u00efve".encode()),
        ({"text": base64.b64encode(SENT).decode(), "encoding": "base64"}, SENT),
        ({"text": base64.b64encode(SENT).decode(), "_encoding": "base64"}, SENT),
        ({"text": "no base64!", "encoding": "base64"}, b"no base64!"),
        ({"text": gzip.compress(SENT, mtime=0).decode("latin-1")}, gzip.compress(SENT, mtime=0)),
        ({"text": "\u0001\u00e9"}, b"\x01\xe9"),
        ({"text": "\u001f\ufffd\b\u0000lost"}, None),
        ({"text": b"\xff{}".decode("utf-8", "surrogateescape")}, b"\xff{}"),
        ({"text": "\ud800"}, b"\xed\xa0\x80"),
        ({"params": [{"name": "data", "value": "a b&c"}, {"name": "ip", "value": "0"}]}, b"data=a+b%26c&ip=0"),
        ({"text": "", "params": [{"name": "f", "fileName": "x.txt"}, {}]}, b"f=x.txt&="),
        ({"text": None, "params": None}, b""),
        ({"text": {"event": "x"}}, b'{"event":"x"}'),
        (TEXT, SENT),
        (None, b""),
    ],
)
def test_a_body_is_what_was_sent_however_it_is_written_down(post: object, body: bytes | None) -> None:
    assert only(text(posted(post))).body == body


def test_a_form_in_parts_is_put_together_again() -> None:
    params = [{"name": "data", "value": TEXT}, {"name": "file", "fileName": "a.png", "contentType": "image/png"}]
    body = only(text(posted({"mimeType": "multipart/form-data; boundary=abc", "params": params}))).body
    assert body is not None
    assert body.count(b"--abc\r\n") == 2
    assert SENT in body
    assert b'filename="a.png"\r\nContent-Type: image/png' in body
    assert body.endswith(b"--abc--\r\n")


@pytest.mark.parametrize(("size", "body"), [(0, b""), (-1, b""), (None, b""), (512, None)])
def test_a_body_that_is_counted_but_not_kept_is_none(size: int | None, body: bytes | None) -> None:
    assert only(text(posted(None, bodySize=size))).body == body
    assert only(text(posted({"text": "", "_file": "a.dat"}, bodySize=size))).body == body


@pytest.mark.parametrize(
    ("method", "size", "name", "value", "body"),
    [
        ("POST", 0, "Content-Length", "512", None),
        ("POST", -1, "Content-Length", "0", b""),
        ("POST", -1, "Content-Length", "many", b""),
        ("POST", -1, "Content-Type", "text/plain", None),
        ("POST", None, "Content-Type", "text/plain", None),
        ("POST", 0, "Content-Type", "text/plain", b""),
        ("GET", -1, "Content-Type", "text/plain", b""),
    ],
)
def test_a_body_that_only_a_header_tells_of_is_none(
    method: str, size: int | None, name: str, value: str, body: bytes | None
) -> None:
    headers = [{"name": name, "value": value}]
    assert only(text(posted(None, method=method, headers=headers, bodySize=size))).body == body


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([{"name": "A", "value": None}, {"name": None}], (("a", ""), ("", ""))),
        ([["A", "b"], ["c"]], (("a", "b"),)),
        ({"A": "b"}, (("a", "b"),)),
        ([{"name": "A", "value": 5}], (("a", "5"),)),
        ([{"name": "A", "value": "\u00e9\u20ac"}], (("a", "\u00e9\u20ac".encode().decode("latin-1")),)),
        (None, ()),
        ("x", ()),
    ],
)
def test_headers_of_every_shape_are_kept(headers: object, expected: tuple[tuple[str, str], ...]) -> None:
    assert only(text(posted(None, headers=headers))).headers == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://user:pass@API.Segment.IO.:8443/v1/t?a=/b#c", ("https", "api.segment.io", 8443, "/v1/t?a=/b")),
        ("http://[2001:db8::1]?x", ("http", "2001:db8::1", 80, "/?x")),
        ("wss://sock.example/ws", ("wss", "sock.example", 443, "/ws")),
        ("data:text/plain,hi", ("data", "", 0, "text/plain,hi")),
        ("blob:https://app.example/1-2", ("blob", "", 0, "https://app.example/1-2")),
        ("chrome-extension://abc/x.js", ("chrome-extension", "abc", 0, "/x.js")),
        ("api.segment.io:443", ("", "api.segment.io", 443, "")),
    ],
)
def test_every_sort_of_address_is_taken_apart(url: str, expected: tuple[str, str, int, str]) -> None:
    found = only(text(posted(None, url=url)))
    assert (found.scheme, found.host, found.port, found.target) == expected


@pytest.mark.parametrize("url", [None, "", "/v1/t", 5, "http"])
def test_a_request_without_an_address_is_unread(url: object) -> None:
    (item,) = items(text(posted(None, url=url)))
    assert anonymous(item) == ("", har.NO_REQUEST)


def test_another_host_in_the_headers_is_an_alias() -> None:
    found = only(text(posted(None, headers=[{"name": "Host", "value": "front.example:443"}])))
    assert (found.host, found.aliases) == ("api.segment.io", ("front.example",))


@pytest.mark.parametrize(
    ("moment", "time"),
    [
        ("2025-10-09T08:53:20Z", 1_760_000_000.0),
        ("2025-10-09T08:53:20.2500000+00:00", 1_760_000_000.25),
        ("2025-10-09T08:53:20", 1_760_000_000.0),
        ("0001-01-01T00:00:00+14:00", -62135647200.0),
        ("yesterday", None),
        ("", None),
        (None, None),
        ([], None),
    ],
)
def test_a_time_is_in_seconds_or_unknown(moment: object, time: float | None) -> None:
    assert only(text(posted(None) | {"startedDateTime": moment})).time == time


def test_the_messages_of_a_websocket_are_those_of_the_client() -> None:
    messages: list[dict[str, Any]] = [
        {"type": "send", "time": 1.5, "opcode": 1, "data": "caf\u00e9 \u20ac"},
        {"type": "receive", "time": 1.6, "opcode": 1, "data": "no"},
        {"type": "send", "time": 1.7, "opcode": 2, "data": base64.b64encode(b"\xff\x00").decode()},
        {"type": "send", "data": None},
    ]
    found = only(text(posted(None, url="wss://sock.example/") | {"_webSocketMessages": messages}))
    assert found.messages == ("caf\u00e9 \u20ac".encode(), b"\xff\x00", b"")


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_utf_16_make_no_difference(coding: str) -> None:
    data = json.dumps(archive(CHROME), ensure_ascii=False).encode(coding)
    assert anonymous(only(data)) == anonymous(only(text(CHROME)))


def test_white_space_and_members_before_the_log_make_no_difference() -> None:
    data = b' \r\n{"note": [1, {"log": {}}], ' + text(CHROME)[1:]
    assert opened(data).kind == "HAR"
    assert anonymous(only(data)) == anonymous(only(text(CHROME)))


def test_bytes_that_are_no_utf_8_cost_nothing() -> None:
    entry = json.dumps(posted({"text": "?"})).encode().replace(b"?", b"\xe9\xff")
    assert only(text("?").replace(b'"?"', entry)).body == b"\xe9\xff"


def test_a_second_list_of_entries_is_read_too() -> None:
    data = text(CHROME)[:-2] + b', "entries": [' + json.dumps(FIREFOX).encode() + b"]}}"
    assert [type(item) for item in items(data)] == [Exchange, Exchange]


@pytest.mark.parametrize("rest", [b"", b"}", b"}, 1", b"}} x", b'}, "log": {"entries": []}}'])
def test_an_archive_that_does_not_end_as_one_is_said_so(rest: bytes) -> None:
    assert anonymous(items(text(CHROME)[:-2] + rest)[1]) == ("", har.NOT_CLOSED)


@pytest.mark.parametrize("data", [b'{"log": {}}', b'{"log": {"entries": null}}', b'{"log": {"pages": ['])
def test_an_archive_without_entries_is_said_so(data: bytes) -> None:
    (item,) = items(data)
    assert anonymous(item) == ("", har.NO_ENTRIES)


def test_an_empty_list_of_entries_is_no_item_at_all() -> None:
    assert items(text()) == []


@pytest.mark.parametrize("piece", [b'\\"', b"/*", b'/"', b'\\" ,'])
@pytest.mark.parametrize("first", [b'"', b'/"', b"/*"])
def test_what_never_ends_is_left_as_it_is_and_read_once(first: bytes, piece: bytes) -> None:
    data = b'{"a":' + first + piece * 200_001
    assert len(tidy(data)) == len(data)
    assert all(isinstance(item, Unread) for item in items(b'{"log":{"entries":[' + data))
