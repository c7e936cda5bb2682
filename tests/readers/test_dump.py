from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import http
from mitmproxy.test import tflow, tutils

from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers import dump
from telemetry_audit.readers.hosts import host_name

from .flows import aged, dumped, http_flows, oracle, turned, written
from .recorded import anonymous, items, only, opened

SIMPLE = tflow.tflow(req=tutils.treq(host="api.segment.io", content=b"{}"), resp=True)


@given(st.lists(http_flows(), min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_it_reads_what_mitmproxy_reads(flows: list[http.HTTPFlow]) -> None:
    data = dumped(flows)
    expected = oracle(data)
    found = items(data)
    assert len(found) == len(expected)
    for item, flow in zip(found, expected, strict=True):
        assert isinstance(item, Exchange)
        assert isinstance(flow, http.HTTPFlow)
        request = flow.request
        fields = list(request.headers.fields) + list(request.trailers.fields if request.trailers else ())
        assert item.method == request.method
        assert item.scheme == request.scheme
        assert item.port == request.port
        assert item.host == host_name(request.pretty_host)
        assert item.target.encode() == request.data.path or item.target.encode("latin-1") == request.data.path
        assert [(name.encode("latin-1"), value.encode("latin-1")) for name, value in item.headers] == [
            (name.decode("latin-1").lower().encode("latin-1", "replace"), value) for name, value in fields
        ]
        assert item.body == request.raw_content
        assert item.time == request.timestamp_start
        assert item.client == "127.0.0.1"
        messages = flow.websocket.messages if flow.websocket else []
        assert item.messages == tuple(message.content for message in messages if message.from_client)


@given(st.lists(http_flows(), min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_the_order_in_which_a_flow_is_laid_out_makes_no_difference(flows: list[http.HTTPFlow]) -> None:
    usual = items(dumped(flows))
    unusual = items(written(*(turned(flow.get_state()) for flow in flows)))
    assert list(map(anonymous, usual)) == list(map(anonymous, unusual))


@given(st.lists(http_flows(), min_size=2, max_size=4), st.data())
@settings(max_examples=80, deadline=None)
def test_what_stands_before_a_cut_is_read_and_the_rest_is_one_unread(
    flows: list[http.HTTPFlow], data: st.DataObject
) -> None:
    pieces = [dumped([flow]) for flow in flows]
    whole = data.draw(st.integers(1, len(pieces) - 1))
    rest = pieces[whole][: data.draw(st.integers(1, len(pieces[whole]) - 1))]
    found = items(b"".join(pieces[:whole]) + rest)
    assert list(map(anonymous, found[:-1])) == list(map(anonymous, items(b"".join(pieces[:whole]))))
    assert anonymous(found[-1]) == ("", dump.LOST)


@given(st.lists(http_flows(), min_size=2, max_size=4), st.data())
@settings(max_examples=80, deadline=None)
def test_damage_costs_no_flow_before_it(flows: list[http.HTTPFlow], data: st.DataObject) -> None:
    sound = dumped(flows)
    first = len(dumped(flows[:1]))
    broken = bytearray(sound)
    for at in data.draw(st.lists(st.integers(first, len(sound) - 1), min_size=1, max_size=4)):
        broken[at] = data.draw(st.integers(0, 255))
    assert anonymous(items(bytes(broken))[0]) == anonymous(items(sound)[0])


@given(st.binary(max_size=200))
@settings(max_examples=80, deadline=None)
def test_a_flow_is_found_again_behind_any_damage(damage: bytes) -> None:
    flow = dumped([SIMPLE])
    found = items(flow + b"?" + damage + flow)
    assert anonymous(found[0]) == anonymous(found[-1]) == anonymous(only(flow))
    assert all(isinstance(item, Unread) for item in found[1:-1])


@given(st.binary(max_size=400))
@settings(max_examples=80, deadline=None)
def test_any_bytes_in_a_flow_make_one_unread_at_most(content: bytes) -> None:
    flow = dumped([SIMPLE])
    found = items(flow + b"%d:%b}" % (len(content), content) + flow)
    assert len(found) == 3
    assert isinstance(found[1], Unread)


def test_a_recording_that_was_cut_and_then_continued_loses_only_the_flow_in_the_cut() -> None:
    flow = dumped([SIMPLE])
    found = items(flow + flow[: len(flow) // 2] + flow + flow)
    assert [type(item) for item in found] == [Exchange, Unread, Exchange, Exchange]


def test_a_single_broken_flow_is_still_a_dump() -> None:
    (item,) = items(dumped([SIMPLE])[:-200])
    assert anonymous(item) == ("", dump.LOST)
    (item,) = items(b"x" + dumped([SIMPLE])[5:])
    assert anonymous(item) == ("", dump.LOST)


@pytest.mark.parametrize("version", range(12, 22))
def test_flows_of_older_formats_are_read_like_current_ones(version: int) -> None:
    flows = [SIMPLE, tflow.tflow(ws=True), tflow.tflow(err=True)]
    older = written(*(aged(flow.get_state(), version) for flow in flows))
    assert list(map(anonymous, items(older))) == list(map(anonymous, items(dumped(flows))))


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        (22, dump.TOO_NEW),
        ((0, 10), dump.TOO_OLD),
        ((0, 8, 1), dump.TOO_OLD),
        (3, dump.NOT_MIGRATED),
        ("x", dump.BROKEN),
    ],
)
def test_a_format_that_cannot_be_read_is_said_so(version: object, reason: str) -> None:
    state = SIMPLE.get_state()
    found = items(written(state, state | {"version": version}, state))
    assert [type(item) for item in found] == [Exchange, Unread, Exchange]
    assert anonymous(found[1]) == ("", reason)


def test_a_websocket_of_an_old_format_is_put_together_from_its_two_flows() -> None:
    shake = aged(tflow.tflow(req=tutils.treq(host="sock.example")).get_state(), 11) | {"metadata": {"websocket": True}}
    messages = [[1, True, b"mine", 946681203.5, False], [1, False, b"theirs", 946681204.5, False]]
    close = {"close_sender": "client", "close_code": 1000, "close_reason": ""}
    socket = (
        shake | close | {"type": "websocket", "metadata": {"websocket_handshake": shake["id"]}, "messages": messages}
    )
    first, second = items(written(shake, socket))
    assert isinstance(first, Exchange)
    assert isinstance(second, Exchange)
    assert (first.host, first.messages) == ("sock.example", ())
    assert (second.host, second.messages) == ("sock.example", (b"mine",))


def test_the_messages_of_a_websocket_are_those_of_the_client() -> None:
    assert only(dumped([tflow.tflow(ws=True)])).messages == (b"hello binary", b"hello text")


def test_a_connect_request_is_an_exchange_without_a_body() -> None:
    request = tutils.treq(method=b"CONNECT", host="api.segment.io", port=443, path=b"", authority=b"api.segment.io:443")
    found = only(dumped([tflow.tflow(req=request)]))
    assert (found.method, found.host, found.port, found.target, found.body) == (
        "CONNECT",
        "api.segment.io",
        443,
        "",
        b"",
    )


def test_a_body_that_was_streamed_is_none_and_no_empty_one() -> None:
    assert only(dumped([tflow.tflow(req=tutils.treq(content=None))])).body is None
    assert only(dumped([tflow.tflow(req=tutils.treq(content=b""))])).body == b""


def test_raw_connections_are_unread_and_name_the_server() -> None:
    flows = [tflow.ttcpflow(), tflow.tudpflow(), tflow.tdummyflow()]
    assert [anonymous(item) for item in items(dumped(flows))] == [
        ("address", dump.RAW_TCP),
        ("address", dump.RAW_UDP),
        ("address", dump.UNKNOWN),
    ]


def test_a_dns_question_is_an_exchange_with_the_name_that_is_asked_for() -> None:
    found = only(dumped([tflow.tdnsflow(resp=True)]))
    assert (found.method, found.scheme, found.host, found.port) == ("QUERY", "dns", "dns.google", 53)
    assert (found.target, found.headers, found.body) == ("/", (), b"")
    assert only(dumped([tflow.tdnsflow(req=tutils.tdnsreq(questions=[]))])).host == ""


def test_the_destination_has_one_spelling_and_its_other_names_are_aliases() -> None:
    request = tutils.treq(host="192.0.2.7", port=8443, headers=http.Headers([(b"Host", b"API.Segment.io.:8443")]))
    flow = tflow.tflow(req=request)
    flow.server_conn.address = ("192.0.2.7", 8443)
    flow.server_conn.sni = "sni.example"
    found = only(dumped([flow]))
    assert (found.host, found.port, found.aliases) == ("api.segment.io", 8443, ("192.0.2.7", "sni.example"))


@pytest.mark.parametrize(
    ("path", "target"),
    [
        (b"*", "*"),
        (b"/a?b=,c", "/a?b=,c"),
        (b"http://api.segment.io/v1/t?x#", "/v1/t?x#"),
        (b"https://api.segment.io?x", "/?x"),
        (b"/caf\xc3\xa9", "/caf\xe9"),
        (b"/caf\xe9", "/caf\xe9"),
    ],
)
def test_every_form_of_a_target_becomes_path_and_query(path: bytes, target: str) -> None:
    assert only(dumped([tflow.tflow(req=tutils.treq(path=path))])).target == target


def test_a_recording_may_be_read_twice() -> None:
    data = dumped([SIMPLE, SIMPLE])
    assert items(data) != []
    assert opened(data).kind == "mitmproxy dump"


@pytest.mark.parametrize("length", [1, 600, 5000])
def test_requests_that_differ_in_one_part_alone_are_told_apart(length: int) -> None:
    def flow(*, host: bytes = b"h", value: bytes = b"v", method: bytes = b"GET", sni: str = "s") -> http.HTTPFlow:
        headers = http.Headers([(b"Host", host), (b"X", value)])
        made = tflow.tflow(req=tutils.treq(method=method, headers=headers))
        made.server_conn.sni = sni
        return made

    much = "a" * length
    other = much.encode()
    flows = [flow(), flow(host=other), flow(value=other), flow(method=other), flow(sni=much)]
    alone = [anonymous(only(dumped([each]))) for each in flows]
    assert len(set(alone)) == len(flows)
    assert [anonymous(item) for item in items(dumped(flows * 2))] == alone * 2
