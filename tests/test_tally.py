"""Observations add up to the same report in any order and any grouping."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import load
from telemetry_audit.deployment import Deployment
from telemetry_audit.formats import json_report
from telemetry_audit.model import Observation, Portrait, Side, Trait
from telemetry_audit.readers import exchanges, open_recording
from telemetry_audit.report import report
from telemetry_audit.tally import MOST_BINS, MOST_PLACES, Portraits, Tally, Timeline
from telemetry_audit.terms import terms
from tests.recordings import CLICK, SEGMENT, USER, har, request, track

CATALOG = load()


def observations(folder: Path) -> list[Observation]:
    """What an audit sees in some telling exchanges: breaches, drift, notes, claims, unread and ignored."""
    ping = track("Instance Active", userId="203.0.113.7", context={"ip": "203.0.113.7"})
    entries = [
        request(SEGMENT, CLICK),
        request(SEGMENT, "{broken"),
        request("https://www.example.com/"),
        *(
            request(SEGMENT, track("login_USER", {"new": number, "ip": f"198.51.100.{number}"}, userId="jane"))
            for number in range(8)
        ),
        request(SEGMENT, {"batch": [ping, track("x", {"a": "jane@example.com"}, userId=USER)]}),
    ]
    audit = Audit(CATALOG, Deployment(), b"key")
    return [audit.see(item) for item in exchanges(open_recording(str(har(folder / "r.har", entries))))]


def rendered(tally: Tally) -> str:
    return json_report.render(report(tally, (), CATALOG, terms(CATALOG, Deployment())))


def tallied(parts: list[list[Observation]]) -> Tally:
    total = Tally()
    for part in parts:
        tally = Tally()
        for observation in part:
            tally.add(observation)
        total.merge(tally)
    return total


def test_any_order_and_grouping_gives_the_same_report(tmp_path_factory: object) -> None:
    folder = tmp_path_factory.mktemp("tally")  # type: ignore[attr-defined] # pytest's factory, for a folder outside the property
    seen = observations(folder)
    whole = rendered(tallied([seen]))
    assert {finding["level"] for finding in json.loads(whole)["findings"]} == {"breach", "drift"}

    @settings(max_examples=60, deadline=None)
    @given(st.permutations(seen), st.lists(st.integers(0, len(seen)), max_size=4))
    def holds(shuffled: list[Observation], cuts: list[int]) -> None:
        edges = [0, *sorted(cuts), len(shuffled)]
        assert rendered(tallied([shuffled[a:b] for a, b in pairwise(edges)])) == whole

    holds()


def test_of_very_many_places_the_first_are_kept_whatever_the_order(tmp_path: Path) -> None:
    count = MOST_PLACES["drift"] * 3  # type: ignore[index] # a StrEnum's member equals its text
    entries = [request(SEGMENT, track("login_USER", {"new": number}, userId=USER)) for number in range(count)]
    audit = Audit(CATALOG, Deployment(), b"key")
    seen = [audit.see(item) for item in exchanges(open_recording(str(har(tmp_path / "r.har", entries))))]
    whole = rendered(tallied([seen]))
    random.Random(1).shuffle(seen)  # noqa: S311 - a seeded order, no secret
    assert rendered(tallied([seen])) == rendered(tallied([seen[:100], seen[100:]])) == whole
    (finding,) = [each for each in json.loads(whole)["findings"] if each["pointer"] == "/properties/new"]
    assert finding["count"] == count
    assert [place["exchange"] for place in finding["places"]] == list(range(MOST_PLACES["drift"]))  # type: ignore[index] # as above


TIMES = st.none() | st.floats(-1e12, 1e12) | st.integers(0, 50_000).map(float)


@given(st.lists(st.tuples(TIMES, st.sampled_from(["usage", "setup"])), max_size=400), st.data())
def test_a_timeline_is_the_same_in_any_order_and_grouping(
    events: list[tuple[float | None, str]], data: st.DataObject
) -> None:
    whole = timeline(events)
    shuffled = data.draw(st.permutations(events))
    cut = data.draw(st.integers(0, len(events)))
    parts = timeline(shuffled[:cut])
    parts.merge(timeline(shuffled[cut:]))
    assert (parts.bins(), parts.width, parts.untimed) == (whole.bins(), whole.width, whole.untimed)
    assert len({each.start for each in whole.bins()}) <= MOST_BINS
    assert sum(each.events for each in whole.bins()) + whole.untimed == len(events)


def timeline(events: list[tuple[float | None, str]]) -> Timeline:
    made = Timeline()
    for time, purpose in events:
        made.add(time, purpose, 1)
    return made


def test_of_very_many_portraits_the_first_are_kept_and_whole_whatever_the_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("telemetry_audit.tally.portraits.MOST_PORTRAITS", 20)
    portraits = [
        Portrait(Side.SERVER, (Trait("/userId", "person", f"{number % 70:04x}"),), 1 + number % 3)
        for number in range(300)
    ]
    whole = Portraits()
    whole.add(portraits)
    random.Random(1).shuffle(portraits)  # noqa: S311 - a seeded order, no secret
    parts, rest = Portraits(), Portraits()
    for portrait in portraits[:170]:
        parts.add([portrait])
    rest.add(portraits[170:])
    parts.merge(rest)
    assert parts.first() == whole.first()
    assert len(whole.first()) == 20
    assert not whole.complete
    assert not parts.complete
