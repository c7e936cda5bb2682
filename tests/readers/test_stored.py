from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers import NotARecording, stored
from telemetry_audit.readers.loose_json import parse, tidy

from .recorded import anonymous, items, only, opened

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(["//", "/*", ",}"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.just("//,]"), inner, max_size=4),
    max_leaves=10,
)
EVENTS = st.dictionaries(st.sampled_from(["event", "properties", "//"]), JSON, max_size=3).map(
    lambda event: {"type": "x"} | event
)
FORMS: dict[str, Callable[[list[object]], str]] = {
    "a list": json.dumps,
    "a printed list": lambda events: json.dumps(events, indent=2),
    "lines": lambda events: "".join(json.dumps(event) + "\n" for event in events),
    "objects in a row": lambda events: " ".join(json.dumps(event, indent=4) for event in events),
    "lists in a row": lambda events: "\n".join(json.dumps([event]) for event in events),
}
PRINTED = b"""\xef\xbb\xbf
// The sample
{
    "event": "Installation Setup Complete", /* as
    printed */
    "properties": {
        "url": "https://example.com/a", // ofthe server
        "path": "/*", "list": [1, 2, ],
        "twice": 1, "twice": 2, // , }
    },
}
"""


def bodies(data: bytes) -> list[object]:
    return [json.loads(item.body or b"") for item in items(data) if isinstance(item, Exchange)]


@pytest.mark.parametrize("form", FORMS)
@given(events=st.lists(EVENTS, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_events_are_read_one_by_one_however_they_are_put_together(form: str, events: list[object]) -> None:
    assert bodies(FORMS[form](events).encode()) == events


@given(JSON, st.sampled_from([None, 1]), st.booleans())
def test_valid_json_comes_through_the_tidying_as_it_is(value: object, indent: int | None, ascii_only: bool) -> None:  # noqa: FBT001
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert tidy(text) == text


@given(JSON)
def test_tidying_takes_comments_and_trailing_commas_away_and_no_more(value: object) -> None:
    lines = json.dumps(value, indent=1).splitlines()
    loose = "\n".join(f"{line} // , ]" for line in lines).replace("\n }", "\n, /* } */ }").encode()
    strict = json.dumps(value).encode()
    if b'"' not in strict and b"{" not in strict:
        assert parse(tidy(loose)) == value
    assert len(tidy(loose)) == len(loose)


@given(st.binary(max_size=60))
def test_tidying_keeps_the_length_of_anything(text: bytes) -> None:
    assert len(tidy(text)) == len(text)


def test_an_event_is_its_own_text_without_comments_and_trailing_commas() -> None:
    body = only(PRINTED).body
    assert body is not None
    assert json.loads(body)["properties"]["list"] == [1, 2]
    assert b'"twice": 1, "twice": 2' in body
    assert b'"https://example.com/a"' in body
    assert b"printed" not in body


def test_a_stored_event_has_no_request() -> None:
    found = only(b'{"event": "x"}')
    assert (found.method, found.scheme, found.host, found.port, found.target) == ("", "", "", 0, "")
    assert (found.headers, found.body, found.stored) == ((), b'{"event": "x"}', True)


@pytest.mark.parametrize(
    ("data", "sound"),
    [
        (b'{"event": 1}\n{"event": \n{"event": 3}\n', [1, 3]),
        (b'{"event": 1}\n{"event": "\n{"event": 3}\n', [1, 3]),
        (b'{"event": 1}\n{"event": nul}\n{"event": 3}\n', [1, 3]),
        (b'{"event": nul}\n{"event": 2}\n', [2]),
        (b'[{"event": 1}, {"event": x}, {"event": 3}]', [1, 3]),
        (b'[\n  {"event": 1},\n  {"event": [},\n  {"event": 3}\n]', [1, 3]),
        (b'[\n  {\n    "event": 1\n  },\n  {\n    "event": "\n  },\n  {\n    "event": 3\n  }\n]', [1, 3]),
        (b'[{"event": 1}, {"event": 2}', [1, 2]),
        (b'[{"event": 1}, {"event": ', [1]),
        (b'{"event": 1}\n{"event": ', [1]),
        (b'[{"event": 1}, 5, {"event": 3}]', [1, 3]),
        (b'{"event": 1}\nnull\n{"event": 3}', [1, 3]),
    ],
)
def test_a_broken_event_is_one_unread_and_costs_no_other(data: bytes, sound: list[int]) -> None:
    found = items(data)
    assert [json.loads(item.body or b"")["event"] for item in found if isinstance(item, Exchange)] == sound
    assert len([item for item in found if isinstance(item, Unread)]) == 1


def test_however_many_events_are_broken_the_rest_is_read() -> None:
    broken = [b'{"event": x}', b'{"event": "', b'{"event":', b'{"event": [}']
    found = items(b"\n".join([b'{"event": 1}', *broken * 50, b'{"event": 3}']))
    assert [item.body for item in found if isinstance(item, Exchange)] == [b'{"event": 1}', b'{"event": 3}']
    assert len(found) == 202


def test_a_value_that_is_no_object_is_said_to_be_no_event() -> None:
    assert anonymous(items(b'[{"event": 1}, 5]')[1]) == ("", stored.NO_EVENT)


@given(st.lists(EVENTS, min_size=2, max_size=4), st.data())
@settings(max_examples=80, deadline=None)
def test_damage_costs_no_event_before_it(events: list[object], data: st.DataObject) -> None:
    lines = [json.dumps(event).encode() for event in events]
    broken = bytearray(b"\n".join(lines))
    at = data.draw(st.integers(len(lines[0]) + 1, len(broken) - 1))
    broken[at] = data.draw(st.integers(0, 255))
    assert bodies(bytes(broken[: len(lines[0])])) == [events[0]]
    assert json.loads(getattr(items(bytes(broken))[0], "body", b"")) == events[0]


def test_odd_json_that_other_parsers_take_is_an_event() -> None:
    deep = b'{"event": ' + b"[" * 600 + b"]" * 600 + b"}"
    odd = [b'{"event": NaN}', b'{"event": "\\ud800"}', b'{"event": ' + b"1" * 6000 + b"}", b'{"event": "\t"}', deep]
    assert [item.body for item in items(b"\n".join(odd)) if isinstance(item, Exchange)] == odd


def test_nesting_without_end_is_unread() -> None:
    bottomless = b'{"event": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    found = items(b'{"event": 1}\n' + bottomless + b'\n{"event": 3}')
    assert [type(item) for item in found] == [Exchange, Unread, Exchange]


@pytest.mark.parametrize("data", [b"[]", b"[[]]", b'{"a": 1}', b'"event"', b"5", b'{"log": 5}', b'{"batch": []}'])
def test_other_json_is_no_recording(data: bytes) -> None:
    with pytest.raises(NotARecording):
        opened(data)
