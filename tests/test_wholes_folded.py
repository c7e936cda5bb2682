"""What the fold keeps of instances' lives is bounded, the same in any order, and holds no value; many recordings and journals tell the same as one."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_audit.deployment import Deployment
from telemetry_audit.formats import json_report
from telemetry_audit.journal import open_journal
from telemetry_audit.model import Condition, Level, Pending, Place, Sign, Statement, Verdict
from telemetry_audit.report import Report
from telemetry_audit.tally import Signs, Tally, Waiting
from telemetry_audit.wholes import Sent
from tests.conftest import Run
from tests.journal.observed import OBSERVATIONS, journal
from tests.recordings import SEGMENT, har, request, track
from tests.test_wholes import reported, seen, tallied

INSTANCE = "609ce8fb4092701c69df9846"
OTHER = "609ce8fb4092701c69df9800"
RELEASES = f"https://cs.appsmith.com/api/v1/releases?instanceId={INSTANCE}&version=v1.60&edition=CE"


def verdicts(report: Report) -> dict[str, Verdict]:
    return {each.promise.id: each.verdict for each in report.promises}


def limits(report: Report, promise: str) -> str:
    return "; ".join(next(each.limits for each in report.promises if each.promise.id == promise))


def pings(*hours: float, recording: str = "server", client: str = "10.0.0.2") -> list[Sent]:
    return [Sent(hour, RELEASES, client, recording) for hour in hours]


class TestCadence:
    def of(self, sent: Sequence[Sent], document: str | None = None) -> Report:
        deployment = Deployment(document=document)
        return reported(tallied(seen(sent, deployment)), deployment)

    def test_it_says_how_many_pings_and_how_far_apart(self) -> None:
        (cadence,) = self.of(pings(0, 2, 4.02, 6)).cadences
        assert (cadence.pings, cadence.intervals, cadence.hours) == (4, 3, 2)
        assert cadence.shortest == pytest.approx(1.98 * 3600)
        assert cadence.median == pytest.approx(2 * 3600)
        assert cadence.longest == pytest.approx(2.02 * 3600)

    def test_a_clock_that_was_set_back_cuts_the_recording(self) -> None:
        done = self.of(pings(0, 2, 4, 6, 0.5, 2.5, 4.5))
        (cadence,) = done.cadences
        assert (cadence.steps, cadence.intervals, cadence.soon) == (1, 5, 0)
        assert "a clock was set back" in limits(done, "keep-alive-interval")
        assert verdicts(done)["keep-alive-interval"] is Verdict.KEPT

    def test_pods_that_replace_one_another_are_no_breach(self) -> None:
        sent = [*pings(0, 2, 4), *pings(4.5, 6.5, client="10.0.0.3"), *pings(6.8, 8.8, client="10.0.0.4")]
        assert verdicts(self.of(sent))["keep-alive-interval"] is Verdict.KEPT

    def test_a_faster_timer_is_no_second_sender(self) -> None:
        for hours in (1, 2 / 3, 0.5):
            sent = pings(*(hours * number for number in range(12)))
            assert verdicts(self.of(sent))["keep-alive-interval"] is Verdict.BROKEN

    def test_several_senders_behind_one_address_are_named_as_what_it_looks_like(self) -> None:
        sent = pings(*sorted(first + 2 * number for first in (0, 0.6, 1.3) for number in range(6)))
        done = self.of(sent)
        assert verdicts(done)["keep-alive-interval"] is Verdict.DIFFERS
        assert "17 pings come sooner than the document says, and a whole interval" in limits(
            done, "keep-alive-interval"
        )

    def test_what_lies_between_two_recordings_is_no_interval(self) -> None:
        done = self.of([Sent(24.0 * number, RELEASES, recording=str(number)) for number in range(6)])
        assert verdicts(done)["keep-alive-interval"] is Verdict.UNDECIDED
        assert [(each.intervals, each.longest) for each in done.cadences] == [(0, None)]

    def test_a_recording_that_was_cut_into_files_tells_the_same(self) -> None:
        sent = pings(*(2.0 * number for number in range(6)))
        (whole,) = self.of(sent).cadences
        (cut,) = self.of([each._replace(recording=str(number)) for number, each in enumerate(sent)]).cadences
        assert cut == whole

    def test_a_sender_for_each_ping_decides_nothing(self) -> None:
        sent = [Sent(number / 6, RELEASES, f"10.0.0.{number}") for number in range(9)]
        assert verdicts(self.of(sent))["keep-alive-interval"] is Verdict.UNDECIDED

    def test_very_many_pings_at_no_fixed_interval_are_a_breach(self) -> None:
        chance = random.Random(3)  # noqa: S311 - seeded, no secret
        hours = sorted(chance.uniform(0, 9) for _ in range(30))
        assert verdicts(self.of(pings(*hours)))["keep-alive-interval"] is Verdict.BROKEN

    def test_a_pause_is_no_departure(self) -> None:
        done = self.of(pings(0, 2, 4, 13, 15, 17))
        assert verdicts(done)["keep-alive-interval"] is Verdict.KEPT
        assert "1 interval is longer than documented" in limits(done, "keep-alive-interval")

    def test_the_edition_says_how_often(self) -> None:
        active = [Sent(2.0 * number, track("Instance Active", userId=INSTANCE)) for number in range(5)]
        assert verdicts(self.of(active, "self-hosted-2021"))["keep-alive-interval"] is Verdict.BROKEN
        assert verdicts(self.of(active, "agents-2025"))["keep-alive-interval"] is Verdict.NOT_SEEN

    def test_stored_pings_are_compared_by_when_the_store_took_them(self, run: Run, tmp_path: Path) -> None:
        events = [
            {"event": "FETCH_RELEASE_NOTES", "properties": {"time": 1704784217 + 3600 * n, "instanceId": INSTANCE}}
            for n in range(6)
        ]
        (tmp_path / "export.json").write_text(json.dumps(events))
        done = run("check", "export.json", "--format", "json")
        assert {each["id"]: each["verdict"] for each in done.report["promises"]}["keep-alive-interval"] == "broken"


class TestSilence:
    def told(self, *, off: bool, instance: str = INSTANCE) -> dict[str, Any]:
        return track("Installation Setup Complete", {"instanceId": instance, "disable-telemetry": off}, userId=instance)

    def clicked(self, instance: str = INSTANCE) -> dict[str, Any]:
        return track("APPLICATIONS_PAGE_LOAD", {"instanceId": instance})

    def test_what_the_operator_says_goes_before_what_the_instance_says(self) -> None:
        sent = [Sent(0, self.told(off=True)), Sent(1, self.clicked())]
        on = Deployment(telemetry=True)
        done = reported(tallied(seen(sent, on)), on)
        assert verdicts(done)["silent-when-off"] is Verdict.NOT_SEEN
        assert "and the operator that it is on" in limits(done, "silent-when-off")
        off = Deployment(telemetry=False)
        done = reported(tallied(seen(sent, off)), off)
        assert verdicts(done)["silent-when-off"] is Verdict.BROKEN

    def test_silence_is_not_kept_where_the_instance_says_that_telemetry_is_on(self) -> None:
        off = Deployment(telemetry=False)
        done = reported(tallied(seen([Sent(0, self.told(off=False)), *pings(1, 3)], off)), off)
        assert verdicts(done)["silent-when-off"] is Verdict.UNDECIDED
        assert "and a set-up ping that it is on" in limits(done, "silent-when-off")
        agreed = reported(tallied(seen([Sent(0, self.told(off=True)), *pings(1, 3)], off)), off)
        assert verdicts(agreed)["silent-when-off"] is Verdict.KEPT

    def test_the_report_says_that_it_was_learnt(self) -> None:
        done = reported(tallied(seen([Sent(0, self.told(off=True)), Sent(1, self.clicked())])))
        assert "learnt from the set-up ping of one instance" in limits(done, "silent-when-off")

    def test_what_one_instance_says_is_no_word_of_another_in_any_recording(self) -> None:
        sent = [
            Sent(0, self.told(off=True), recording="one"),
            Sent(0, self.told(off=False, instance=OTHER), recording="two"),
            Sent(1, self.clicked(OTHER), recording="two"),
            Sent(2, track("login_USER"), recording="two"),
            Sent(3, self.clicked(), recording="three"),
        ]
        done = reported(tallied(seen(sent)))
        found = [each for each in done.findings if each.statement.promise == "silent-when-off"]
        assert [place.exchange for each in found for place in each.places] == [4]

    def test_of_very_many_events_the_number_is_exact_where_all_of_them_follow(self) -> None:
        sent = [Sent(0, self.told(off=True)), *(Sent(1 + number / 100, self.clicked()) for number in range(300))]
        (found,) = [
            each
            for each in reported(tallied(seen(sent))).findings
            if each.statement.promise == "silent-when-off" and each.statement.level is Level.DRIFT
        ]
        assert found.count == 300
        assert found.places[-1].exchange == 300


@settings(max_examples=40, deadline=None)
@given(st.lists(OBSERVATIONS, max_size=6), st.data())
def test_whatever_observations_hold_any_order_and_grouping_gives_the_same_report(
    observations: list[Any], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(observations))
    cut = data.draw(st.integers(0, len(shuffled)))
    parts, rest = tallied(shuffled[:cut]), tallied(shuffled[cut:])
    parts.merge(rest)
    told = [json.loads(json_report.render(reported(tally))) for tally in (parts, tallied(observations))]
    names = ("cadences", "sides", "unseen", "editions", "promises")
    assert [told[0][name] for name in names] == [told[1][name] for name in names]


def place(number: int) -> Place:
    return Place("r", number, "body#/event", "x", None, "an event", "00", float(number % 97))


def test_of_very_many_signs_the_first_are_kept_whatever_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telemetry_audit.tally.signs.MOST_SIGNS", 20)
    signs = [Sign("keep-alive", "c", "i", "", "", "/event", None, None, place(number)) for number in range(200)]
    whole = Signs()
    whole.add(signs)
    random.Random(1).shuffle(signs)  # noqa: S311 - a seeded order, no secret
    parts, rest = Signs(), Signs()
    parts.add(signs[:130])
    rest.add(signs[130:])
    parts.merge(rest)
    assert parts.first() == whole.first()
    assert len(whole.first()["keep-alive"]) == 20
    assert parts.cut == whole.cut == {"keep-alive"}


def test_of_very_many_waiting_places_the_latest_are_kept_whatever_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telemetry_audit.tally.pending.MOST_WAITING", 5)
    monkeypatch.setattr("telemetry_audit.tally.pending.MOST_KINDS", 7)
    statement = Statement("TA-0", "rule", "promise", Level.BREACH, "x", "/event", "says")
    waiting = [Pending(Condition.OFF, f"{n % 13:02}", statement, statement, place(n)) for n in range(300)]
    whole = Waiting()
    whole.add(waiting)
    random.Random(1).shuffle(waiting)  # noqa: S311 - a seeded order, no secret
    parts, rest = Waiting(), Waiting()
    for each in waiting[:170]:
        parts.add([each])
    rest.add(waiting[170:])
    parts.merge(rest)
    told = [
        [(kind, latest.last(), latest.count, latest.first) for kind, latest in each.of(Condition.OFF)]
        for each in (parts, whole)
    ]
    assert told[0] == told[1]
    assert len(told[0]) == 7
    assert all(len(places) == 5 for _, places, _, _ in told[0])
    assert not parts.complete


def test_an_empty_tally_tells_nothing_and_fails_nowhere() -> None:
    done = reported(Tally())
    assert not done.cadences
    assert set(verdicts(done).values()) == {Verdict.NOT_SEEN, Verdict.NOT_TESTABLE}


def test_no_id_and_no_name_that_could_be_data_stands_in_a_report(run: Run, tmp_path: Path) -> None:
    secret = "jane.roe.private"  # noqa: S105 - planted, and looked for
    setup = track("Installation Setup Complete", {"instanceId": INSTANCE, "disable-telemetry": True}, userId=INSTANCE)
    named = track("Instance Active", {"instanceId": INSTANCE, "organizationId": OTHER}, userId=INSTANCE)
    library = {"context": {"library": {"name": f"{secret}@corp.example"}}}
    recording = har(
        tmp_path / "r.har",
        [request(SEGMENT, each, {"User-Agent": f"{secret}/1.0"}) for each in (setup, named, named | library)],
    )
    for form in ("json", "text"):
        done = run("check", recording, "--format", form)
        assert done.code in {0, 1}
        for value in (INSTANCE, OTHER, secret):
            assert value not in done.out + done.err, form


class TestSides:
    def test_a_promise_says_which_side_it_lacks(self) -> None:
        done = reported(tallied(seen(pings(0, 2, 4, 6))))
        assert "nothing was seen of the browser" in limits(done, "only-documented")
        assert {str(each.side): bool(each.events) for each in done.sides} == {
            "server": True,
            "browser": False,
            "installer": False,
            "entrypoint": False,
        }

    def test_a_promise_whose_side_was_not_seen_is_not_seen(self) -> None:
        done = reported(tallied(seen([Sent(0, track("APPLICATIONS_PAGE_LOAD"))])))
        assert verdicts(done)["keep-alive-interval"] is Verdict.NOT_SEEN
        assert "nothing was seen of the server" in limits(done, "keep-alive-interval")

    def test_a_library_and_a_program_are_named(self) -> None:
        event = track("login_USER") | {"context": {"library": {"name": "analytics-java", "version": "3.3.1"}}}
        done = reported(tallied(seen([Sent(0, event), Sent(1, event, client="10.0.0.3")])))
        (program,) = done.sides[0].sources
        assert program == ("analytics-java", "example", 2, 2)


class TestUnseen:
    def test_what_no_traffic_could_show_is_not_held_against_anybody(self) -> None:
        done = reported(tallied(seen(pings(0, 2))))
        why = {each.name: each.why for each in done.unseen if each.what == "event"}
        assert why["APPLICATIONS_PAGE_LOAD"].startswith("no traffic of the browser in it")
        assert "releases" not in why

    def test_an_edition_is_asked_for_what_it_documents(self) -> None:
        deployment = Deployment(document="agents-2025")
        done = reported(tallied(seen(pings(0, 2), deployment)), deployment)
        assert "Instance Active" not in {each.name for each in done.unseen}

    def test_a_terminal_names_some_of_it(self, run: Run, tmp_path: Path) -> None:
        done = run("check", har(tmp_path / "r.har", [request(RELEASES)]), "--document", "agents-2025")
        assert "events (APPLICATIONS_PAGE_LOAD, " in " ".join(done.out.split())

    def test_a_field_that_never_came_with_its_event_is_named(self) -> None:
        bare = f"https://cs.appsmith.com/api/v1/releases?instanceId={INSTANCE}"
        done = reported(tallied(seen([Sent(0, bare), Sent(2, bare + "&version=v1.60")])))
        assert [(each.name, each.event) for each in done.unseen if each.what == "field"] == [("/edition", "releases")]


def test_a_journal_tells_what_its_observations_tell(tmp_path: Path) -> None:
    observations = [
        *seen([*pings(0, 2, 2.5, 4.5), Sent(5, track("Installation Setup Complete", {"instanceId": INSTANCE}))]),
        *seen([Sent(6, track("Instance Active", {"instanceId": INSTANCE}))]),
    ]
    path = journal(tmp_path / "k", observations)
    with open_journal(path) as found:
        told = reported(tallied(found.observations()))
    here = reported(tallied(observations))
    assert told.cadences == here.cadences
    assert told.sides == here.sides
    assert told.unseen == here.unseen
    assert verdicts(told) == verdicts(here)


class TestEditions:
    def test_an_edition_that_exempts_less_is_named(self) -> None:
        deployment = Deployment(telemetry=False, document="agents-2025")
        done = reported(tallied(seen(pings(0, 2), deployment)), deployment)
        (found,) = [each for each in done.editions if each[:2] == ("self-hosted-2021", "silent-when-off")]
        assert (found.verdict, found.why) == (Verdict.BROKEN, "it does not exempt releases")

    def test_an_edition_with_another_interval_is_named(self) -> None:
        active = [Sent(2.0 * number, track("Instance Active", userId=INSTANCE)) for number in range(5)]
        deployment = Deployment(document="agents-2025")
        done = reported(tallied(seen(active, deployment)), deployment)
        (found,) = [each for each in done.editions if each[:2] == ("self-hosted-2021", "keep-alive-interval")]
        assert found.verdict is Verdict.BROKEN

    def test_two_editions_can_be_put_side_by_side(self, run: Run) -> None:
        done = run("list", "promises", "--document", "self-hosted-2021", "--document", "agents-2025")
        assert done.code == 0
        assert "Instance Active, every 6 hours" in done.out
        assert "user-names-hashed" not in done.out
        assert run("list", "rules", "--document", "agents-2025").code == 2
        assert run("list", "promises", "--document", "no-such").code == 2
        assert "named twice" in run("list", "promises", *(2 * ("--document", "agents-2025"))).err


class TestOfWhichSide:
    """What one side sent shows nothing about a promise that speaks of others."""

    LISTS = ("--known-users", "users.txt", "--known-values", "values.csv:email")

    def of(self, run: Run, folder: Path, url: str, body: dict[str, Any], *more: str) -> dict[str, Any]:
        (folder / "users.txt").write_text("jane.roe@example.com\n")
        (folder / "values.csv").write_text("email\nsomebody.of.some.length@example.com\n")
        done = run("check", har(folder / "r.har", [request(url, body)]), *self.LISTS, *more, "--format", "json")
        return {each["id"]: each for each in done.report["promises"]}

    def test_an_installer_alone_keeps_no_promise_of_the_server(self, run: Run, tmp_path: Path) -> None:
        step = {"userId": "203.0.113.9", "event": "Installation Started", "data": {"os": "ubuntu"}}
        promises = self.of(run, tmp_path, "https://hook.integromat.com/abcdef", step, "--telemetry", "off")
        for each in ("no-datasource-data", "anonymous-users", "user-names-hashed", "silent-when-off"):
            assert promises[each]["verdict"] == "not seen", each
            assert "nothing was seen of the server and the browser" in promises[each]["limits"]

    def test_what_is_of_no_known_side_leaves_it_undecided(self, run: Run, tmp_path: Path) -> None:
        promises = self.of(
            run, tmp_path, "https://collect.example.com/", {"a": 1}, "--telemetry-host", "collect.example.com"
        )
        assert promises["no-datasource-data"]["verdict"] == "undecided"
        assert "of what was seen nobody can tell from which side it came" in promises["no-datasource-data"]["limits"]

    def test_a_finding_stands_whatever_side_it_is_of(self, run: Run, tmp_path: Path) -> None:
        step = {"userId": "203.0.113.9", "event": "Installation Started", "data": {"os": "ubuntu", "new": 1}}
        found = self.of(run, tmp_path, "https://hook.integromat.com/abcdef", step)["only-documented"]
        assert found["verdict"] == "differs"
        assert "nothing in the recording could show it" not in found["limits"]
