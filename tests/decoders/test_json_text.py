"""No value of a JSON text is lost on the way to a payload."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_audit.decoders import json_text
from telemetry_audit.decoders.json_text import MAX_DEPTH, TooDeep, decode, parse, parse_bytes

KEYS = st.text(max_size=3)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10)
)
PAIRS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.lists(st.tuples(KEYS, inner), max_size=4).map(tuple),
    max_leaves=15,
)


def written(value: object) -> str:
    """A value as JSON; a tuple of pairs is an object, in which a key may be repeated."""
    if isinstance(value, tuple):
        return "{" + ",".join(f"{json.dumps(key)}:{written(inner)}" for key, inner in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return json.dumps(value)


def scalars(value: object) -> list[str]:
    """Every scalar in a value, whether of pairs or parsed, in writing."""
    if isinstance(value, tuple):
        value = [inner for _, inner in value]
    inside = list(value.values()) if isinstance(value, dict) else value
    return [text for inner in inside for text in scalars(inner)] if isinstance(inside, list) else [json.dumps(value)]


@given(PAIRS)
def test_every_value_of_every_repeated_key_is_there(value: object) -> None:
    assert sorted(scalars(parse(written(value)))) == sorted(scalars(value))


@given(PAIRS, st.sampled_from([(",", ":"), (", ", ": ")]))
def test_the_quick_way_and_the_patient_way_agree(value: object, separators: tuple[str, str]) -> None:
    text = written(value)
    assert parse_bytes(text.encode()) == parse(text)
    plain = json.dumps(json.loads(text), separators=separators, ensure_ascii=False)
    assert json.dumps(parse_bytes(plain.encode())) == json.dumps(parse(plain))


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_a_value_error(data: bytes) -> None:
    try:
        parse_bytes(data)
    except ValueError:
        return


@given(st.text(max_size=30), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]))
def test_json_in_any_of_its_encodings_is_read(text: str, encoding: str) -> None:
    written = json.dumps({"a": text})
    assert parse(decode(written.encode(encoding))) == {"a": text}


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1, 100_000])
def test_depth_is_bounded_before_parsing(depth: int) -> None:
    text = "[" * depth + "]" * depth
    if depth > MAX_DEPTH:
        with pytest.raises(TooDeep):
            parse_bytes(text.encode())
    else:
        assert parse_bytes(text.encode()) is not None


def test_brackets_in_texts_are_no_depth() -> None:
    assert not json_text.is_deep(json.dumps(["[" * 1_000, '"[' * 500]))


def test_integers_of_any_length_nan_and_lone_surrogates_are_values() -> None:
    assert parse('{"a": ' + "9" * 5_000 + "}") == {"a": "9" * 5_000}
    assert parse('["\\ud800"]') == ["\ud800"]
    assert str(parse("[NaN, Infinity]")) == "[nan, inf]"
