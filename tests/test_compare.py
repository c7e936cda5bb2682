"""`compare`: what an upgrade sends that was not sent before, and what stops when telemetry is switched off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import load
from telemetry_audit.comparison import Change, Comparison, Told, compare, told_of
from telemetry_audit.comparison.rates import Measure, notable
from telemetry_audit.deployment import Deployment
from telemetry_audit.formats import json_report
from telemetry_audit.model import Observation
from telemetry_audit.readers import exchanges, open_recording
from telemetry_audit.report import report
from telemetry_audit.tally import Tally
from telemetry_audit.terms import terms
from tests.conftest import Ran, Run
from tests.journal.observed import begun, journal
from tests.recordings import SEGMENT, USER, har, request, track

CATALOG = load()
SCHEMA = json.loads((Path(__file__).parents[1] / "schemas" / "comparison.schema.json").read_text())
TODAY = date(2026, 6, 15)
EMAIL = "jane.roe@private.example"
LOGIN = track("login_USER", {"old": 1}, userId=USER)
PAGE = track("APPLICATIONS_PAGE_LOAD", userId=USER)
PING = track("Instance Active", userId=USER)
LEAK = track("login_USER", {"new": 1, "mail": EMAIL}, userId=USER)


def recorded(path: Path, messages: Iterable[Mapping[str, Any]], minutes: int = 60, url: str = SEGMENT) -> Path:
    """A recording of these messages, so many minutes from one to the next."""
    first = datetime(2026, 1, 5, 10, tzinfo=UTC)
    times = ((first + timedelta(minutes=minutes * number)).isoformat() for number in range(10_000))
    return har(path, [request(url, each) | {"startedDateTime": at} for each, at in zip(messages, times, strict=False)])


def compared(run: Run, *arguments: str | Path) -> Ran:
    done = run("compare", *arguments, "--format", "json")
    assert done.code in {0, 1, 3}, done.err
    jsonschema.validate(done.report, SCHEMA)
    return done


class TestChanges:
    def test_a_new_breach_fails_and_all_that_is_new_and_gone_is_told(self, run: Run, tmp_path: Path) -> None:
        before = recorded(tmp_path / "before.har", [LOGIN, LOGIN])
        after = recorded(tmp_path / "after.har", [LEAK, PAGE], url="https://t.example.com/v1/track")
        done = compared(run, before, after, "--telemetry-host", "t.example.com=segment")
        assert done.code == 1
        told = done.report
        assert told["new_breaches"] == [each["id"] for each in told["findings"] if each["new_breach"]]
        assert [(each["pointer"], each["change"]) for each in told["findings"] if each["new_breach"]] == [
            ("/properties/mail", "new")
        ]
        assert [(each["name"], each["change"]) for each in told["events"]] == [("APPLICATIONS_PAGE_LOAD", "new")]
        assert [(each["pointer"], each["change"], each["events"]) for each in told["fields"]] == [
            ("/properties/mail", "new", ["login_USER"]),
            ("/properties/new", "new", ["login_USER"]),
            ("/properties/old", "gone", ["login_USER"]),
        ]
        assert [(each["host"], each["change"]) for each in told["destinations"]] == [
            ("t.example.com", "new"),
            ("api.segment.io", "gone"),
        ]
        assert [(each["id"], each["after"]) for each in told["promises"]] == [("anonymous-users", "broken")]

    def test_a_terminal_shows_new_breaches_first_and_ends_with_what_it_comes_to(self, run: Run, tmp_path: Path) -> None:
        before, after = recorded(tmp_path / "before.har", [LOGIN]), recorded(tmp_path / "after.har", [LEAK])
        done = run("compare", before, after)
        headings = re.findall(r"^(?:New|Gone|Verdicts)[a-z ]*$", done.out, re.MULTILINE)
        assert headings == [
            "New breaches",
            "New fields that no document shows",
            "Verdicts that changed",
            "Gone fields that no document shows",
        ]
        assert done.out.splitlines()[-1] == "1 new breach of anonymous-users."
        assert EMAIL not in done.out

    def test_an_accepted_breach_does_not_fail(self, run: Run, tmp_path: Path) -> None:
        before, after = recorded(tmp_path / "before.har", [LOGIN]), recorded(tmp_path / "after.har", [LEAK])
        table = (
            '[[accepted]]\nrule = "personal-data"\nevent = "login_USER"\npointer = "/properties/mail"\nreason = "x"\n'
        )
        (tmp_path / "audit.toml").write_text(f"{table}until = 2026-06-15\n")
        done = compared(run, before, after, "--as-of", "2026-06-15")
        assert done.code == 0
        assert [each["accepted"] for each in done.report["findings"] if each["new_breach"]] == [True]
        assert compared(run, before, after, "--as-of", "2026-06-16").code == 1
        run("check", after, "-o", "after.json", "--as-of", "2026-06-15")
        (tmp_path / "audit.toml").unlink()
        assert compared(run, before, "after.json", "--as-of", "2026-06-15").code == 0
        assert compared(run, before, "after.json", "--as-of", "2026-06-16").code == 1

    def test_a_breach_that_is_gone_does_not_fail(self, run: Run, tmp_path: Path) -> None:
        before, after = recorded(tmp_path / "before.har", [LEAK]), recorded(tmp_path / "after.har", [LOGIN])
        assert compared(run, before, after).code == 0

    def test_a_recording_does_not_differ_from_its_report_or_from_its_copy(self, run: Run, tmp_path: Path) -> None:
        recording = recorded(tmp_path / "r.har", [LEAK, LOGIN, PAGE, PING])
        (tmp_path / "copy.har").write_bytes(recording.read_bytes())
        run("check", recording, "-o", "r.json")
        for other, name in (("copy.har", "copy.har"), ("r.json", str(recording))):
            done = compared(run, recording, other)
            assert done.code == 0
            assert [each for each in done.report["limits"] if f"is {name}: what differs in it" in each]
            parts = ("new_breaches", "findings", "fields", "events", "destinations", "promises")
            assert [part for part in parts if done.report[part]] == []
            assert [each["name"] for each in done.report["rates"] if each["notable"]] == []

    def test_runs_that_stored_nothing_are_not_the_same_one(self, run: Run, tmp_path: Path) -> None:
        paths = [journal(tmp_path / name, observed(tmp_path, [LOGIN])) for name in ("before.journal", "after.journal")]
        for path in paths:
            begun(path).close({}, ())
        said = "".join(compared(run, *paths).report["limits"])
        assert "before.journal, run 2" not in said
        assert "after.journal, run 2" not in said

    def test_a_journal_is_compared_with_a_recording(self, run: Run, tmp_path: Path) -> None:
        before = journal(tmp_path / "before.journal", observed(tmp_path, [LOGIN, PAGE]))
        done = compared(run, before, recorded(tmp_path / "after.har", [LOGIN, LEAK]))
        assert done.code == 1
        assert [each["name"] for each in done.report["events"]] == ["APPLICATIONS_PAGE_LOAD"]
        assert done.report["before"]["inputs"][0]["kind"] == "journal"

    def test_a_folder_or_a_pattern_stands_for_all_recordings_in_it(self, run: Run, tmp_path: Path) -> None:
        for name, messages in {"old/a.har": [LOGIN], "old/b.har": [PAGE], "new/a.har": [LOGIN, PING], "new/c.har": [LEAK]}.items():  # fmt: skip
            (tmp_path / name).parent.mkdir(exist_ok=True)
            recorded(tmp_path / name, messages)
        (tmp_path / "old" / "notes.txt").write_text("of the old version")
        for before, after in (("old", "new"), ("old/*.har", "new/?.har")):
            done = compared(run, before, after)
            assert done.code == 1
            assert [(each["name"], each["change"]) for each in done.report["events"]] == [
                ("Instance Active", "new"),
                ("APPLICATIONS_PAGE_LOAD", "gone"),
            ]
            assert [each["name"] for each in done.report["before"]["inputs"]] == ["old/a.har", "old/b.har"]
        off = compared(run, "--on", "old", "--off", "new")
        assert {each["outcome"] for each in off.report["events"] if each["off"]} == {"still sent", "exempt"}
        assert run("compare", "old", "new", "-o", "new/c.har", "--format", "text").code == 2

    def test_an_unread_side_is_inconclusive(self, run: Run, tmp_path: Path) -> None:
        whole = recorded(tmp_path / "whole.har", [LOGIN])
        part = har(tmp_path / "part.har", [request(SEGMENT, LOGIN), request(SEGMENT, "{broken")])
        for sides in ((whole, part), (part, whole)):
            done = compared(run, *sides)
            assert done.code == 3
            assert "could not be read" in done.report["inconclusive"][0]

    def test_reports_of_two_editions_are_not_compared(self, run: Run, tmp_path: Path) -> None:
        recording = recorded(tmp_path / "r.har", [LOGIN])
        run("check", recording, "-o", "r.json", "--document", "self-hosted-2021")
        done = run("compare", "r.json", recording)
        assert done.code == 2
        assert "self-hosted-2021" in done.err
        assert compared(run, "r.json", recording, "--document", "self-hosted-2021").code == 0

    def test_it_goes_to_a_file_whose_suffix_tells_the_format(self, run: Run, tmp_path: Path) -> None:
        before, after = recorded(tmp_path / "before.har", [LOGIN]), recorded(tmp_path / "after.har", [LEAK])
        for name, begins in (("c.txt", "What is compared"), ("c.json", "{"), ("c.md", "## What changed")):
            done = run("compare", before, after, "-o", name)
            assert done.code == 1
            assert done.out == ""
            assert "1 new breach" in done.err
            assert (tmp_path / name).read_text().startswith(begins)
        assert run("compare", before, after, "-o", "c.odt").code == 2
        assert run("compare", before, after, "-o", "after.har", "--format", "text").code == 2

    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            ("r.har",),
            ("r.har", "r.har", "r.har"),
            ("--on", "r.har"),
            ("--off", "r.har", "r.har"),
            ("--on", "r.har", "--off", "r.har", "r.har"),
            ("--on", "r.har", "--off", "r.har", "--telemetry", "off"),
            ("r.har", "missing.har"),
            ("r.har", "./r.har"),
            ("--on", "r.har", "--off", "r.har"),
            ("-", "-"),
            ("r.har", "empty"),
            ("r.har", "none-*.har"),
        ],
    )
    def test_a_wrong_call_is_refused(self, run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        recorded(tmp_path / "r.har", [LOGIN])
        (tmp_path / "empty").mkdir()
        done = run("compare", *arguments)
        assert done.code == 2
        assert done.err.startswith("Error: ")


class TestHostileReports:
    @pytest.mark.parametrize(
        "change",
        [
            {"version": 2},
            {"tool": {"name": "other", "version": "1"}},
            {"tool": {"name": "telemetry-audit", "version": 1, "catalog_sha256": "x"}},
            {"findings": [{"id": "TA-x"}]},
            {"findings": {}},
            {"findings": [{}]},
            {"events": [{"name": EMAIL, "count": -1}]},
            {"events": [{"name": EMAIL, "count": 10**400}]},
            {"inputs": [{"name": "r", "kind": "HAR", "sha256": "0" * 64, "first": EMAIL, "last": None}]},
            {"coverage": None},
        ],
    )
    def test_what_is_no_report_is_refused_and_not_quoted(
        self, run: Run, tmp_path: Path, change: dict[str, Any]
    ) -> None:
        data = as_json(tmp_path, [LOGIN]) | change
        (tmp_path / "bad.json").write_text(json.dumps(data))
        done = run("compare", recorded(tmp_path / "good.har", [LOGIN]), "bad.json")
        assert done.code == 2, done.out
        assert "bad.json" in done.err
        assert EMAIL not in done.err

    @pytest.mark.parametrize(
        "content", [b"{" * 100_000, b'{"a":' * 100_000, b'{"version": NaN}', b'{"a": "\\ud800"}', b"{\xff}"]
    )
    def test_what_is_hardly_json_is_refused(self, run: Run, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "bad.json").write_bytes(content)
        done = run("compare", recorded(tmp_path / "good.har", [LOGIN]), "bad.json")
        assert done.code == 2
        assert "bad.json" in done.err

    def test_one_of_another_version_may_lack_what_is_not_compared_and_have_more(self, run: Run, tmp_path: Path) -> None:
        data = as_json(tmp_path, [LOGIN])
        del data["anonymity"], data["timeline"], data["acceptances"]
        (tmp_path / "old.json").write_text(json.dumps(data | {"new part": [1], "as_of": None}))
        assert compared(run, recorded(tmp_path / "r.har", [LOGIN]), "old.json").code == 0

    def test_names_in_it_act_in_no_format(self, run: Run, tmp_path: Path) -> None:
        nasty = "\x1b]0;x\x07<img src=x onerror=alert(1)>\u202e`|@all [a](https://a.example) #1\n## x"
        before = as_json(tmp_path, [LOGIN])
        after = json.loads(json.dumps(before).replace("login_USER", json.dumps(nasty)[1:-1]))
        for finding in after["findings"]:
            finding |= {
                "id": f"TA-{'0' * 12}",
                "level": "breach",
                "says": nasty,
                "pointer": nasty,
                "rule": nasty,
                "promise": nasty,
            }
        after["destinations"][0] |= {"host": nasty, "destination": nasty}
        after["inputs"] = [{"name": nasty, "kind": nasty, "sha256": "0" * 64, "first": None, "last": None}]
        for name, data in (("before.json", before), ("after.json", after)):
            (tmp_path / name).write_text(json.dumps(data))
        for form in ("text", "markdown"):
            out = run("compare", "before.json", "after.json", "--format", form).out
            assert "onerror" in out
            assert "\x1b" not in out
            assert "\u202e" not in out
        tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(out)
        inner = [child for token in tokens for child in token.children or ()]
        assert {token.type for token in (*tokens, *inner)}.isdisjoint(
            {"html_inline", "html_block", "link_open", "image"}
        )
        assert [each.content for each in inner if each.type == "text" and "onerror" in each.content] == []


def as_json(folder: Path, messages: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON report on these messages, made inside this process."""
    made = report(tallied(observed(folder, messages)), (), CATALOG, terms(CATALOG, Deployment()))
    data: dict[str, Any] = json.loads(json_report.render(made))
    return data


def observed(folder: Path, messages: Iterable[Mapping[str, Any]], minutes: int = 60) -> list[Observation]:
    audit = Audit(CATALOG, Deployment(), b"key")
    path = recorded(folder / "observed.har", messages, minutes)
    return [audit.see(item) for item in exchanges(open_recording(str(path)))]


def tallied(observations: Iterable[Observation]) -> Tally:
    tally = Tally()
    for observation in observations:
        tally.add(observation)
    return tally


def told(observations: Iterable[Observation]) -> Told:
    return told_of(report(tallied(observations), (), CATALOG, terms(CATALOG, Deployment())))


class TestProperties:
    def test_what_is_new_one_way_is_gone_the_other_way(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        messages = [LOGIN, PAGE, PING, LEAK, track("execute_ACTION_TRIGGERED", userId="jane"), track("instance_stats")]
        seen = observed(tmp_path_factory.mktemp("r"), messages)
        some = st.lists(st.sampled_from(seen), max_size=12)

        @settings(max_examples=60, deadline=None)
        @given(some, some)
        def holds(one: list[Observation], other: list[Observation]) -> None:
            there = compare(told(one), told(other), (), TODAY)
            back = compare(told(other), told(one), (), TODAY)
            assert things(there, Change.NEW) == things(back, Change.GONE)
            assert things(there, Change.GONE) == things(back, Change.NEW)
            assert things(there, Change.CHANGED) == things(back, Change.CHANGED)
            assert not compare(told(one), told(reversed(one)), (), TODAY).findings
            news = {each.found.id for each in there.breaches}
            assert news == {each.id for each in levels(other, "breach")} - {each.id for each in levels(one, "breach")}

        holds()

    @given(st.tuples(st.integers(0, 10_000), st.floats(0, 1e6)), st.tuples(st.integers(0, 10_000), st.floats(0, 1e6)))
    def test_whether_a_rate_changed_does_not_depend_on_which_came_first(
        self, one: tuple[int, float], other: tuple[int, float]
    ) -> None:
        assert notable(Measure(*one), Measure(*other)) == notable(Measure(*other), Measure(*one))
        assert not notable(Measure(*one), Measure(*one))


def levels(observations: Iterable[Observation], level: str) -> list[Any]:
    return [each for each in told(observations).findings if each.level == level]


def things(comparison: Comparison, change: Change) -> set[tuple[str, ...]]:
    """All that is new, gone or changed, without how often."""
    return {
        *((each.found.id,) for each in comparison.findings if each.change is change),
        *((each.pointer, *each.events) for each in comparison.fields if each.change is change),
        *((each.name, each.vendor) for each in comparison.events if each.change is change),
        *((each.host, each.destination) for each in comparison.destinations if each.change is change),
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((10, 10), (100, 10), True),
        ((10, 10), (19, 10), False),  # less than twice as many
        ((1, 10), (3, 10), False),  # so few differ by chance
        ((100, 100), (10, 10), False),
        ((100, 10), (30, 10), True),
        ((10, 0), (100, 10), False),  # nothing is known of an instant
    ],
)
def test_a_rate_changed_notably_if_it_doubled_and_by_more_than_chance(
    before: tuple[int, float],
    after: tuple[int, float],
    expected: bool,  # noqa: FBT001 - an example's result
) -> None:
    assert notable(Measure(*before), Measure(*after)) is expected


def test_rates_and_shares_that_changed_are_told(run: Run, tmp_path: Path) -> None:
    plain, odd = track("login_USER", userId=USER), track("login_USER", {"new": 1}, userId=USER)
    rarely = [odd, *[plain] * 59]
    before = recorded(tmp_path / "before.har", rarely, minutes=10)
    after = recorded(
        tmp_path / "after.har", [next(each) for each in [cycle([odd, plain])] for _ in range(300)], minutes=2
    )
    told_ = compared(run, before, after).report
    (rate,) = told_["rates"]
    assert rate["notable"]
    assert [rate[side]["events"] for side in ("before", "after")] == [60, 300]
    (changed,) = [each for each in told_["findings"] if each["pointer"] == "/properties/new"]
    assert (changed["change"], changed["why"]) == ("changed", ["1 in 60 events before, 150 in 300 events now"])


class TestSilence:
    def silent(self, run: Run, tmp_path: Path, on: list[Any], off: list[Any], *arguments: str) -> Ran:
        return compared(
            run,
            "--on",
            recorded(tmp_path / "on.har", on),
            "--off",
            recorded(tmp_path / "off.har", off),
            *arguments,
        )

    def outcomes(self, done: Ran) -> dict[str, str]:
        return {each["name"]: each["outcome"] for each in done.report["events"]}

    def test_what_stopped_and_what_is_exempt(self, run: Run, tmp_path: Path) -> None:
        done = self.silent(run, tmp_path, [LOGIN, PING], [PING, PING])
        assert done.code == 0
        outcomes = self.outcomes(done)
        assert (outcomes["login_USER"], outcomes["Instance Active"]) == ("stopped", "exempt")
        assert outcomes["APPLICATIONS_PAGE_LOAD"] == "never seen"
        assert {each["outcome"] for each in done.report["destinations"]} == {"exempt"}

    def test_what_is_still_sent_and_not_exempt_fails(self, run: Run, tmp_path: Path) -> None:
        done = self.silent(run, tmp_path, [LOGIN, PING, PAGE], [PING, LOGIN])
        assert done.code == 1
        outcomes = self.outcomes(done)
        assert (outcomes["login_USER"], outcomes["APPLICATIONS_PAGE_LOAD"]) == ("still sent", "stopped")
        assert [each["outcome"] for each in done.report["destinations"]] == ["still sent"]
        out = run("compare", "--on", "on.har", "--off", "off.har").out
        assert "With telemetry off 1 event is still sent that no document exempts." in out
        assert "of the 84 or more events of the family server-events 1 was seen with telemetry on" in " ".join(
            out.split()
        )

    def test_what_an_edition_exempts_is_what_counts(self, run: Run, tmp_path: Path) -> None:
        done = self.silent(run, tmp_path, [LOGIN, PING], [PING], "--document", "self-hosted-2021")
        assert done.code == 1
        assert self.outcomes(done)["Instance Active"] == "still sent"

    def test_what_only_asks_the_vendor_is_told_and_does_not_fail(self, run: Run, tmp_path: Path) -> None:
        flags = request("https://cs.appsmith.com/api/v1/feature-flags", {"identifiers": [USER]})
        off = har(tmp_path / "off.har", [request(SEGMENT, PING), flags])
        done = compared(run, "--on", recorded(tmp_path / "on.har", [LOGIN]), "--off", off)
        assert done.code == 0
        assert {each["outcome"] for each in done.report["events"] if each["off"]} == {"exempt", "not documented"}

    def test_silence_after_nothing_that_has_to_stop_shows_nothing(self, run: Run, tmp_path: Path) -> None:
        done = self.silent(run, tmp_path, [PING], [PING])
        assert done.code == 3
        assert done.report["inconclusive"] == ["on: no event was seen that has to stop"]

    def test_a_recording_of_nothing_is_no_silence(self, run: Run, tmp_path: Path) -> None:
        nothing = har(tmp_path / "off.har", [request("https://www.example.com/")])
        done = compared(run, "--on", recorded(tmp_path / "on.har", [LOGIN]), "--off", nothing)
        assert done.code == 3

    def test_a_few_minutes_with_telemetry_off_are_no_silence_after_days(self, run: Run, tmp_path: Path) -> None:
        on = recorded(tmp_path / "on.har", [LOGIN, PING] * 12)
        for minutes, code in ((6, 3), (120, 0)):
            off = recorded(tmp_path / "off.har", [PING, PING], minutes)
            done = compared(run, "--on", on, "--off", off)
            assert done.code == code
            assert ["nothing that has to stop was due" in each for each in done.report["inconclusive"]] == [True] * (
                code == 3
            )

    def test_a_report_has_to_be_made_with_telemetry_off(self, run: Run, tmp_path: Path) -> None:
        on, off = recorded(tmp_path / "on.har", [LOGIN]), recorded(tmp_path / "off.har", [PING])
        run("check", off, "-o", "unsaid.json")
        run("check", off, "-o", "off.json", "--telemetry", "off")
        assert compared(run, "--on", on, "--off", "off.json").code == 0
        for sides in ((on, "unsaid.json"), ("off.json", off)):
            done = run("compare", "--on", sides[0], "--off", sides[1])
            assert done.code == 2
            assert "--telemetry off" in done.err
