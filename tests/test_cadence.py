"""How often pings come is read from the times at which they were recorded, whatever the order in which a recording, or several, hold them."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import http
from mitmproxy.test import tflow, tutils

from telemetry_audit.deployment import Deployment
from telemetry_audit.report import Input, report
from telemetry_audit.terms import terms
from telemetry_audit.wholes import Sent
from tests.conftest import Ran, Run
from tests.readers.flows import dumped
from tests.recordings import SEGMENT, export, har, request, track
from tests.test_wholes import CATALOG, START, seen, tallied

INSTANCE = "609ce8fb4092701c69df9846"
RELEASES = f"https://cs.appsmith.com/api/v1/releases?instanceId={INSTANCE}&version=v1.60&edition=CE"
ACTIVE = track("Instance Active", {"instanceId": INSTANCE}, userId=INSTANCE)


def at(hours: float) -> str:
    return datetime.fromtimestamp(START + hours * 3_600, UTC).isoformat(timespec="milliseconds")


def archive(path: Path, *hours: float) -> Path:
    """A HAR of requests for release notes, in this order."""
    return har(path, [request(RELEASES) | {"startedDateTime": at(each)} for each in hours])


def dump(path: Path, *hours: float) -> Path:
    """A dump of the same, in this order."""
    target = RELEASES.removeprefix("https://cs.appsmith.com").encode()
    requests = [
        tutils.treq(
            host="cs.appsmith.com",
            scheme=b"https",
            port=443,
            path=target,
            content=b"",
            headers=http.Headers(host="cs.appsmith.com"),
            timestamp_start=START + each * 3_600,
        )
        for each in hours
    ]
    path.write_bytes(dumped(tflow.tflow(req=each, resp=True) for each in requests))
    return path


def cadence(done: Ran) -> tuple[str, int, int]:
    """The verdict, how many intervals there are, and how many pings come too soon without a reason."""
    (found,) = done.report["cadences"]
    return found["verdict"], found["intervals"], found["soon"]


def every(hours: float, count: int) -> list[float]:
    return [hours * number for number in range(count)]


def shuffled(hours: list[float]) -> list[float]:
    return random.Random(5).sample(hours, len(hours))  # noqa: S311 - a seeded order, no secret


@pytest.mark.parametrize("write", [archive, dump])
@pytest.mark.parametrize("order", [shuffled, lambda hours: hours[::-1], lambda hours: hours[::2] + hours[1::2]])
def test_the_order_of_entries_hides_no_interval(run: Run, tmp_path: Path, write: Any, order: Any) -> None:
    done = run("check", write(tmp_path / "r", *order(every(2, 12))), "--format", "json")
    assert cadence(done) == ("kept", 11, 0)


@pytest.mark.parametrize("order", [shuffled, lambda hours: hours[::-1], lambda hours: hours[::2] + hours[1::2]])
def test_the_order_of_entries_hides_no_faster_clock(run: Run, tmp_path: Path, order: Any) -> None:
    done = run("check", archive(tmp_path / "r.har", *order(every(1, 12))), "--format", "json")
    assert (done.code, cadence(done)) == (1, ("broken", 11, 11))


def test_a_ping_that_a_dump_holds_last_since_no_answer_came_is_put_in_its_place(run: Run, tmp_path: Path) -> None:
    done = run("check", dump(tmp_path / "r.flow", 0, 4, 6, 8, 2), "--format", "json")
    assert cadence(done) == ("kept", 4, 0)


def test_a_clock_that_was_set_back_in_a_dump_cuts_it(run: Run, tmp_path: Path) -> None:
    done = run("check", dump(tmp_path / "r.flow", 0, 2, 4, 6, 0.5, 2.5, 4.5), "--format", "json")
    assert cadence(done) == ("kept", 5, 0)
    assert done.report["cadences"][0]["steps"] == 1


def test_an_export_may_begin_with_the_latest(run: Run, tmp_path: Path) -> None:
    events = [
        {"event": "FETCH_RELEASE_NOTES", "properties": {"time": START + 3_600 * hours, "instanceId": INSTANCE}}
        for hours in reversed(every(2, 8))
    ]
    done = run("check", export(tmp_path / "r.json", events), "--format", "json")
    assert cadence(done) == ("kept", 7, 0)


def test_files_that_overlap_tell_what_one_would(run: Run, tmp_path: Path) -> None:
    hours = every(2, 12)
    parts = [hours[6:], hours[:8], shuffled(hours[3:9])]
    names = [archive(tmp_path / f"{number}.har", *part) for number, part in enumerate(parts)]
    assert cadence(run("check", *names, "--format", "json")) == ("kept", 11, 0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["one", "two"])), min_size=2, max_size=14), st.data())
def test_a_har_in_any_order_over_any_files_merged_in_any_order_tells_the_same(
    entries: list[tuple[int, str]], data: st.DataObject
) -> None:
    inputs = tuple(Input(name, "HAR", "", 0, 0) for name in ("one", "two"))
    told = []
    for order in (sorted(entries), data.draw(st.permutations(entries))):
        observations = seen([Sent(sixths / 6, RELEASES, "", name) for sixths, name in order])
        cut = data.draw(st.integers(0, len(observations)))
        parts, rest = tallied(observations[cut:]), tallied(observations[:cut])
        parts.merge(rest)
        told.append(report(parts, inputs, CATALOG, terms(CATALOG, Deployment())).cadences)
    assert told[0] == told[1]


def verdicts(sent: list[Sent]) -> set[str]:
    tally = tallied(seen(sorted(sent, key=lambda each: each.hours)))
    return {str(each.verdict) for each in report(tally, (), CATALOG, terms(CATALOG, Deployment())).cadences}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(8, 40), st.floats(0.05, 0.4), st.floats(0, 9), st.integers(1, 2))
def test_an_instance_that_starts_again_and_again_breaks_nothing(
    seed: int, boots: int, shortest: float, quiet: float, kinds: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - drawn by Hypothesis, no secret
    hours, sent = 0.0, list[Sent]()
    for last in [False] * boots + [True]:
        up = quiet if last else chance.uniform(shortest, 2 * shortest)
        for what, period in ((RELEASES, 2), (ACTIVE, 6))[:kinds]:
            sent += [Sent(hours + period * number, what) for number in range(1 + int(up // period))]
        hours += up
    assert "broken" not in verdicts(sent)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(8, 60), st.floats(0.05, 1.85), st.integers(1, 2))
def test_a_faster_clock_is_always_a_breach(seed: int, count: int, period: float, kinds: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - as above
    sent = [Sent(period * number + chance.uniform(0, 0.0003), RELEASES) for number in range(count)]
    if kinds > 1:
        sent += [Sent(6.0 * number, ACTIVE) for number in range(1 + int(period * count // 6))]
    assert "broken" in verdicts(sent)


class TestRestarts:
    """Pings that come again and again at short distances, of which nobody saw why."""

    LOOP = (0.0, 0.2, 0.3, 0.54, 0.67, 0.98, 1.1, 1.34, 1.5, 1.63, 1.9, 2.2)

    def of(self, run: Run, path: Path, *sent: tuple[float, Any]) -> dict[str, Any]:
        ordered = sorted(sent, key=lambda each: each[0])
        entries = [
            (request(what) if isinstance(what, str) else request(SEGMENT, what)) | {"startedDateTime": at(hours)}
            for hours, what in ordered
        ]
        done = run("check", har(path, entries), "--format", "json")
        return {each["contract"]: each for each in done.report["cadences"]}

    def test_pings_of_two_intervals_that_come_together_are_restarts(self, run: Run, tmp_path: Path) -> None:
        both = [(hours, what) for hours in self.LOOP for what in (RELEASES, ACTIVE)]
        found = self.of(run, tmp_path / "r.har", *both)
        assert {each["verdict"] for each in found.values()} == {"undecided"}
        assert {each["anew"] for each in found.values()} == {len(self.LOOP) - 1}

    def test_of_one_ping_alone_that_is_not_certain(self, run: Run, tmp_path: Path) -> None:
        (found,) = self.of(run, tmp_path / "r.har", *((hours, RELEASES) for hours in self.LOOP)).values()
        assert (found["verdict"], found["irregular"]) == ("differs", len(self.LOOP) - 1)

    def test_both_at_one_and_the_same_distance_may_be_faster_clocks(self, run: Run, tmp_path: Path) -> None:
        both = [(hours, what) for hours in every(0.45, 12) for what in (RELEASES, ACTIVE)]
        found = self.of(run, tmp_path / "r.har", *both)
        assert {each["verdict"] for each in found.values()} == {"differs"}

    def test_both_at_a_part_of_the_interval_are_faster_clocks(self, run: Run, tmp_path: Path) -> None:
        both = [(hours, what) for hours in every(0.5, 60) for what in (RELEASES, ACTIVE)]
        found = self.of(run, tmp_path / "r.har", *both)
        assert {each["verdict"] for each in found.values()} == {"broken"}

    def test_a_faster_clock_is_no_restart_although_another_ping_is_beside_each_third(
        self, run: Run, tmp_path: Path
    ) -> None:
        sent = [*((hours, RELEASES) for hours in every(1, 13)), *((hours, ACTIVE) for hours in every(3, 5))]
        found = self.of(run, tmp_path / "r.har", *sent)
        assert {each["verdict"] for each in found.values()} == {"broken"}

    def test_the_same_ping_taken_out_of_the_store_shows_no_restart(self, run: Run, tmp_path: Path) -> None:
        hours = every(1, 8)
        stored = [
            {"event": "FETCH_RELEASE_NOTES", "properties": {"time": START + 3_600 * each + 2, "instanceId": INSTANCE}}
            for each in hours
        ]
        done = run(
            "check", archive(tmp_path / "r.har", *hours), export(tmp_path / "r.json", stored), "--format", "json"
        )
        assert {each["verdict"] for each in done.report["cadences"]} == {"broken"}

    def test_an_instance_that_is_restarted_by_the_clock_keeps_its_interval(self, run: Run, tmp_path: Path) -> None:
        boots = [3.0 * number for number in range(12)]
        sent = [*((boot + more, RELEASES) for boot in boots for more in (0, 2)), *((boot, ACTIVE) for boot in boots)]
        found = self.of(run, tmp_path / "r.har", *sent)
        assert {each["contract"]: each["verdict"] for each in found.values()} == {
            "release-notes-request": "kept",
            "instance-active": "undecided",
        }

    def test_each_ping_twice_at_uneven_distances_is_no_restart(self, run: Run, tmp_path: Path) -> None:
        again = random.Random(7)  # noqa: S311 - seeded, no secret
        sent = [(2.0 * number + more, RELEASES) for number in range(12) for more in (0, again.uniform(0.03, 0.1))]
        (found,) = self.of(run, tmp_path / "r.har", *sent).values()
        assert (found["verdict"], found["anew"]) == ("broken", 0)

    def test_restarts_of_one_of_two_servers_behind_one_address_are_told_by_both_pings(
        self, run: Run, tmp_path: Path
    ) -> None:
        going_on = [*((hours, RELEASES) for hours in every(2, 12)), *((hours, ACTIVE) for hours in every(6, 4))]
        again = [(hours + 0.5, what) for hours in self.LOOP for what in (RELEASES, ACTIVE)]
        found = self.of(run, tmp_path / "r.har", *going_on, *again)
        assert "broken" not in {each["verdict"] for each in found.values()}

    def test_pings_beside_a_clock_that_goes_on_are_no_restarts(self, run: Run, tmp_path: Path) -> None:
        chance = random.Random(2)  # noqa: S311 - seeded, no secret
        beside = sorted(chance.uniform(4, 12) for _ in range(14))
        (found,) = self.of(run, tmp_path / "r.har", *((hours, RELEASES) for hours in (*every(2, 12), *beside))).values()
        assert (found["verdict"], found["irregular"]) == ("broken", 0)
