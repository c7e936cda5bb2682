"""Observations add up to the same report in any order and any grouping."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import load
from telemetry_audit.deployment import Deployment
from telemetry_audit.formats import json_report
from telemetry_audit.model import Observation
from telemetry_audit.readers import exchanges, open_recording
from telemetry_audit.report import report
from telemetry_audit.tally import MOST_PLACES, Tally
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
    assert rendered(tallied([seen[:100], seen[100:]])) == whole
    (finding,) = [each for each in json.loads(whole)["findings"] if each["pointer"] == "/properties/new"]
    assert finding["count"] == count
    assert [place["exchange"] for place in finding["places"]] == list(range(MOST_PLACES["drift"]))  # type: ignore[index] # as above
