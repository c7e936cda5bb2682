"""Accepted findings and baselines: still told, and let pass; and ids of findings that stay the same."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import http
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow

from telemetry_audit.accepted import apply, covers
from telemetry_audit.audit import Audit
from telemetry_audit.catalog import load
from telemetry_audit.deployment import Deployment
from telemetry_audit.formats import json_report
from telemetry_audit.model import Acceptance, Level, Statement
from telemetry_audit.readers import exchanges, open_recording
from telemetry_audit.report import Report, report
from telemetry_audit.tally import Tally
from telemetry_audit.terms import terms
from tests.conftest import Ran, Run
from tests.journal.observed import journal
from tests.recordings import CLICK, SEGMENT, USER, har, request, track
from tests.test_formats_standards import SARIF

CATALOG = load()
EMAIL = "jane.roe@private.example"
LEAK = track("login_USER", {"mail": EMAIL}, userId=USER)
TODAY = date(2026, 6, 15)
WHOLE = """
[[accepted]]
rule = "personal-data"
event = "login_USER"
pointer = "/properties/mail"
reason = "a test account"
who = "Jane Roe"
"""


@pytest.fixture
def leaking(tmp_path: Path) -> Path:
    """A recording with one breach: an e-mail address in a documented event."""
    return har(tmp_path / "leak.har", [request(SEGMENT, CLICK), request(SEGMENT, LEAK)])


def checked(run: Run, recording: Path, *arguments: str | Path) -> Ran:
    done = run("check", recording, "--format", "json", "--as-of", str(TODAY), *arguments)
    assert done.code in {0, 1, 3}, done.err
    return done


def sarif(run: Run, *arguments: str | Path) -> list[dict[str, Any]]:
    """The results of a run, which keep to the schema."""
    log = json.loads(run("check", *arguments, "--format", "sarif").out)
    SARIF.validate(log)
    results: list[dict[str, Any]] = log["runs"][0]["results"]
    return results


def at(result: dict[str, Any]) -> str:
    """The pointer that a result of SARIF is about."""
    name: str = result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
    return name.partition("#")[2]


def breaches(done: Ran) -> list[dict[str, Any]]:
    return [finding for finding in done.report["findings"] if finding["level"] == "breach"]


def promise(done: Ran, name: str = "anonymous-users") -> dict[str, Any]:
    (found,) = [each for each in done.report["promises"] if each["id"] == name]
    return dict(found)


class TestAccepted:
    def test_it_stays_in_the_report_with_its_reason_and_does_not_fail(
        self, run: Run, tmp_path: Path, leaking: Path
    ) -> None:
        assert checked(run, leaking).code == 1
        (tmp_path / "audit.toml").write_text(WHOLE)
        done = checked(run, leaking)
        assert done.code == 0
        (breach,) = breaches(done)
        assert (breach["acceptance"]["reason"], breach["acceptance"]["who"]) == ("a test account", "Jane Roe")
        assert breach["acceptance"]["where"] == "audit.toml, [[accepted]] 1"
        assert promise(done)["verdict"] == "broken"
        assert "the breaches that break it are all accepted" in promise(done)["limits"]
        assert [each["findings"] for each in done.report["acceptances"]] == [1]

    def test_the_terminal_shows_it_apart_and_says_that_all_is_accepted(
        self, run: Run, tmp_path: Path, leaking: Path
    ) -> None:
        (tmp_path / "audit.toml").write_text(WHOLE.replace("test", r"\u001b]0;x\u0007test"))
        out = run("check", leaking).out
        before, _, after = out.partition("Accepted findings")
        assert "Breaches" not in before
        assert "by Jane Roe" in after
        assert "anonymous-users. All breaches are accepted." in after
        assert "\x1b" not in out
        assert "\x07" not in out

    def test_of_two_breaches_the_other_one_still_fails_and_the_verdict_says_how_many(
        self, run: Run, tmp_path: Path
    ) -> None:
        other = track("login_USER", {"phone": EMAIL}, userId=USER)
        recording = har(tmp_path / "r", [request(SEGMENT, LEAK), request(SEGMENT, other)])
        (tmp_path / "audit.toml").write_text(WHOLE)
        done = checked(run, recording)
        assert done.code == 1
        assert "of the 2 breaches that break it 1 is accepted" in promise(done)["limits"]

    def test_another_problem_at_the_same_place_is_not_swallowed_by_an_id(self, run: Run, tmp_path: Path) -> None:
        both = track("login_USER", {"mail": f"{EMAIL} 4111 1111 1111 1111"}, userId=USER)
        recording = har(tmp_path / "r", [request(SEGMENT, both)])
        ids = [each["id"] for each in breaches(checked(run, recording))]
        assert len(ids) > 1
        for text, code in ((f'finding = "{ids[0]}"\n{WHOLE.partition("]]")[2]}', 1), (WHOLE.partition("]]")[2], 0)):
            (tmp_path / "audit.toml").write_text(f"[[accepted]]\n{text}")
            assert checked(run, recording).code == code

    def test_what_was_accepted_as_drift_is_not_accepted_as_a_breach(
        self, run: Run, tmp_path: Path, leaking: Path
    ) -> None:
        (tmp_path / "audit.toml").write_text(f'{WHOLE}level = "drift"\n')
        done = checked(run, leaking)
        assert done.code == 1
        assert [each["findings"] for each in done.report["acceptances"]] == [0]
        assert [each["acceptance"] for each in breaches(done)] == [None]

    def test_its_last_day_still_counts_and_the_day_after_fails_again(
        self, run: Run, tmp_path: Path, leaking: Path
    ) -> None:
        (tmp_path / "audit.toml").write_text(f"{WHOLE}until = {TODAY}\n")
        assert checked(run, leaking).code == 0
        done = run("check", leaking, "--as-of", str(TODAY + timedelta(1)))
        assert done.code == 1
        assert f"audit.toml, [[accepted]] 1 expired after {TODAY}" in done.out
        assert "1 finding is no longer accepted" in " ".join(done.out.split())

    def test_the_day_stands_in_the_report_only_where_an_end_makes_it_matter(
        self, run: Run, tmp_path: Path, leaking: Path
    ) -> None:
        (tmp_path / "audit.toml").write_text(WHOLE)
        assert checked(run, leaking).report["as_of"] is None
        assert run("check", leaking).out == run("check", leaking, "--as-of", "1999-01-01").out
        (tmp_path / "audit.toml").write_text(f'{WHOLE}until = "{TODAY}"\n')
        assert checked(run, leaking).report["as_of"] == str(TODAY)

    def test_the_environment_may_say_what_day_it_is(self, run: Run, tmp_path: Path, leaking: Path) -> None:
        (tmp_path / "audit.toml").write_text(f"{WHOLE}until = 2001-09-09\n")
        assert run("check", leaking, SOURCE_DATE_EPOCH="1000000000").code == 0  # 9 September 2001
        assert run("check", leaking, SOURCE_DATE_EPOCH="1000086400").code == 1
        done = run("check", leaking, SOURCE_DATE_EPOCH="yesterday")
        assert done.code == 2
        assert "SOURCE_DATE_EPOCH" in done.err

    def test_one_that_matches_nothing_is_told(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "audit.toml").write_text(WHOLE)
        clean = har(tmp_path / "r", [request(SEGMENT, CLICK)])
        assert [each["findings"] for each in checked(run, clean).report["acceptances"]] == [0]
        assert (
            "audit.toml, [[accepted]] 1 matches no finding of this report: personal-data login_USER /properties/mail"
            in (run("check", clean).out)
        )
        (tmp_path / "audit.toml").write_text('[[accepted]]\nfinding = "TA-0123456789ab"\nreason = "x"\n')
        told = run("check", clean).out
        assert "audit.toml, [[accepted]] 1 matches no finding of this report: TA-0123456789ab\n" in told

    def test_a_file_of_its_own_is_named_by_the_option_or_in_the_configuration(
        self, run: Run, tmp_path: Path, leaking: Path
    ) -> None:
        (tmp_path / "accepted.toml").write_text(WHOLE)
        assert checked(run, leaking).code == 1
        assert checked(run, leaking, "--accepted", "accepted.toml").code == 0
        (tmp_path / "audit.toml").write_text('accepted = "accepted.toml"\n')
        assert checked(run, leaking).code == 0

    def test_a_journal_is_reported_on_with_what_is_accepted(self, run: Run, tmp_path: Path, leaking: Path) -> None:
        written = journal_of(leaking, tmp_path / "j.journal")
        assert run("report", written).code == 1
        (tmp_path / "audit.toml").write_text(WHOLE)
        assert run("report", written).code == 0
        earlier = tmp_path / "earlier.json"
        run("report", written, "-o", earlier)
        (tmp_path / "audit.toml").unlink()
        assert run("report", written, "--baseline", earlier).code == 0


def journal_of(recording: Path, path: Path) -> Path:
    """A journal of what an audit sees in a recording."""
    audit = Audit(CATALOG, Deployment(), b"key")
    return journal(path, [audit.see(item) for item in exchanges(open_recording(str(recording)))])


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('rule = "personal-data"\nevent = "*"\npointer = "**"\nreason = "x"', "all that the rule ever finds"),
        ('rule = "personal-data"\nevent = "***"\npointer = "/*/**"\nreason = "x"', "all that the rule ever finds"),
        ('rule = "*"\nevent = "a"\npointer = "b"\nreason = "x"', "rule is the id of one rule"),
        ('rule = "personal-data"\nreason = "x"', "name the finding, or all of rule, event and pointer"),
        ('finding = "TA-1"\nreason = "x"', "finding is an id"),
        ('finding = "TA-0123456789ab"\nreason = " "', "say in reason"),
        ('finding = "TA-0123456789ab"', "reason"),
        ('finding = "TA-0123456789ab"\nreason = "x"\nuntil = "soon"', "date"),
        ('finding = "TA-0123456789ab"\nreason = "x"\nutnil = 2027-01-01', "utnil"),
        (f'rule = "a"\nevent = "a"\npointer = "/{"*a" * 17}"\nreason = "x"', "wildcards at most"),
    ],
)
def test_a_decision_that_nobody_can_have_meant_is_refused(
    run: Run, tmp_path: Path, leaking: Path, table: str, says: str
) -> None:
    for name, arguments in (("audit.toml", ()), ("accepted.toml", ("--accepted", "accepted.toml"))):
        (tmp_path / name).write_text(f"[[accepted]]\n{table}\n")
        done = run("check", leaking, *arguments)
        assert done.code == 2, done.out
        assert says in done.err
        assert name in done.err
        (tmp_path / name).unlink()


@pytest.mark.parametrize(
    ("event", "pointer", "is_covered"),
    [
        ("login_USER", "/properties/ids/*", True),
        ("login_*", "/properties/*/*", True),
        ("*_USER", "/properties/**", True),
        ("login_USER", "/**/*", True),
        ("login_USER", "**", True),
        ("login_USER", "/properties/i*s/*", True),
        ("login_USER", "/properties/*", False),
        ("login_USER", "/properties/ids/", False),
        ("LOGIN_USER", "/properties/**", False),
        ("login_USER ", "/properties/**", False),
        ("login?USER", "/properties/**", False),
        ("[l]ogin_USER", "/properties/**", False),
        ("login_USER", "/properties/ids.*", False),
        ("", "/properties/**", False),
    ],
)
def test_wildcards_stand_for_what_they_say(event: str, pointer: str, is_covered: bool) -> None:  # noqa: FBT001 - an example's result
    statement = Statement(
        "TA-0123456789ab", "personal-data", "p", Level.BREACH, "login_USER", "/properties/ids/*", "says"
    )
    assert covers(Acceptance("personal-data", event, pointer, "x"), statement) is is_covered
    assert not covers(Acceptance("datasource-content", event, pointer, "x"), statement)


class TestAccept:
    def test_it_adds_a_table_that_check_reads_and_leaves_all_else_as_it_is(
        self, run: Run, tmp_path: Path, leaking: Path
    ) -> None:
        file = tmp_path / "audit.toml"
        before = '# mine\r\ntelemetry="unknown"   # odd   spacing\r\n\r\n[[host]]\r\nname = "t.example.com"'
        file.write_bytes(before.encode())
        file.chmod(0o640)
        (breach,) = breaches(checked(run, leaking))
        done = run(
            "accept", breach["id"], leaking, "--reason", 'a "test"\naccount', "--who", "J", "--until", "2999-01-01"
        )
        assert done.code == 0, done.err
        after = file.read_bytes().decode()
        assert after.startswith(f"{before}\r\n")
        assert "\n" not in after.replace("\r\n", "")
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        passed = breaches(checked(run, leaking))[0]["acceptance"]
        assert (passed["finding"], passed["rule"], passed["event"]) == (breach["id"], "personal-data", "login_USER")
        assert (passed["pointer"], passed["until"]) == ("/properties/mail", "2999-01-01")
        assert passed["reason"] == 'a "test"\naccount'

    @pytest.mark.parametrize("source", ["leak.har", "leak.json", "leak.journal"])
    def test_it_looks_the_finding_up_where_it_was_found(
        self, run: Run, tmp_path: Path, leaking: Path, source: str
    ) -> None:
        run("check", leaking, "-o", "leak.json")
        journal_of(leaking, tmp_path / "leak.journal")
        (breach,) = breaches(checked(run, leaking))
        done = run("accept", breach["id"], source, "--reason", "known", "--in", "mine.toml")
        assert done.code == 0, done.err
        assert (
            '\nrule = "personal-data"\nevent = "login_USER"\npointer = "/properties/mail"\n'
            in (tmp_path / "mine.toml").read_text()
        )
        assert checked(run, leaking, "--accepted", "mine.toml").code == 0
        assert checked(run, leaking).code == 1

    def test_it_writes_to_the_file_that_the_configuration_names(self, run: Run, tmp_path: Path, leaking: Path) -> None:
        (tmp_path / "audit.toml").write_text('accepted = "accepted.toml"\n')
        (tmp_path / "accepted.toml").write_text("# decisions\n")
        (breach,) = breaches(checked(run, leaking))
        assert run("accept", breach["id"], leaking, "--reason", "known").code == 0
        assert (tmp_path / "audit.toml").read_text() == 'accepted = "accepted.toml"\n'
        assert (tmp_path / "accepted.toml").read_text().startswith("# decisions\n\n[[accepted]]\n")
        assert checked(run, leaking).code == 0

    @pytest.mark.parametrize(
        "text",
        [
            WHOLE,
            'accepted = [{finding = "TA-0123456789ab", reason = "x"}]\n',
            'accepted = "audit.toml"\n',
            "a = [\n",
        ],
    )
    def test_what_it_cannot_add_to_stays_as_it_is(self, run: Run, tmp_path: Path, leaking: Path, text: str) -> None:
        (breach,) = breaches(checked(run, leaking))
        (tmp_path / "audit.toml").write_text(text)
        done = run("accept", breach["id"], leaking, "--reason", "again")
        assert done.code == 2
        assert "audit.toml" in done.err
        assert (tmp_path / "audit.toml").read_text() == text
        assert not list(tmp_path.glob(".audit*"))

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("TA-000000000000", "leak.har", "--reason", "x"), "not in there"),
            (("{}", "leak.har", "--reason", " "), "--reason"),
            (("{}", "leak.har"), "--reason"),
            (("{}", "leak.har", "--reason", "x", "--until", "2001-01-01"), "has passed"),
            (("{}", "none.har", "--reason", "x"), "none.har"),
        ],
    )
    def test_a_wrong_call_writes_nothing(
        self, run: Run, tmp_path: Path, leaking: Path, arguments: tuple[str, ...], says: str
    ) -> None:
        (breach,) = breaches(checked(run, leaking))
        done = run("accept", *(each.format(breach["id"]) for each in arguments))
        assert done.code == 2
        assert says in done.err
        assert not (tmp_path / "audit.toml").exists()

    def test_after_the_end_of_one_it_can_be_accepted_anew(self, run: Run, tmp_path: Path, leaking: Path) -> None:
        (tmp_path / "audit.toml").write_text(f"{WHOLE}until = 2001-01-01\n")
        (breach,) = breaches(checked(run, leaking))
        done = run("accept", breach["id"], leaking, "--reason", "still")
        assert done.code == 0, done.err
        assert "accepted it until 2001-01-01" in done.err
        assert checked(run, leaking).code == 0


class TestBaseline:
    def test_what_it_has_is_known_and_only_what_is_new_fails(self, run: Run, tmp_path: Path, leaking: Path) -> None:
        run("check", leaking, "-o", "before.json")
        done = checked(run, leaking, "--baseline", "before.json")
        assert done.code == 0
        assert promise(done)["verdict"] == "broken"
        assert "the breaches that break it are all in the baseline" in promise(done)["limits"]
        (known,) = done.report["acceptances"]
        assert (known["where"], known["baseline"]) == ("baseline before.json", True)
        assert known["findings"] == len(done.report["findings"])
        more = har(tmp_path / "r", [request(SEGMENT, LEAK), request(SEGMENT, track("login_USER", userId=EMAIL))])
        done = checked(run, more, "--baseline", "before.json")
        assert done.code == 1
        assert [(each["pointer"], each["acceptance"] is None) for each in breaches(done)] == [
            ("/userId", True),
            ("/properties/mail", False),
        ]

    def test_sarif_says_of_each_result_whether_it_is_new(self, run: Run, tmp_path: Path, leaking: Path) -> None:
        run("check", leaking, "-o", "before.json")
        assert not {each.get("baselineState") for each in sarif(run, leaking)} - {None}
        more = har(tmp_path / "r", [request(SEGMENT, LEAK), request(SEGMENT, track("login_USER", userId=EMAIL))])
        (tmp_path / "audit.toml").write_text(WHOLE)  # an accepted finding is as unchanged as one that nobody accepted
        found = sarif(run, more, "--baseline", "before.json")
        assert {(at(each), each["baselineState"], each["level"], "suppressions" in each) for each in found} == {
            ("/userId", "new", "error", False),
            ("/properties/mail", "unchanged", "note", True),
            ("/properties/mail", "unchanged", "note", False),
        }

    def test_the_terminal_counts_the_known_and_shows_the_new(self, run: Run, leaking: Path) -> None:
        run("check", leaking, "-o", "before.json")
        out = run("check", leaking, "--baseline", "before.json").out
        assert "findings are as in the baseline before.json: 1 breach, 1 drift." in out
        assert "/properties/mail" not in out
        assert "All breaches are in the baseline." in out

    def test_no_format_says_that_what_it_has_was_accepted(self, run: Run, tmp_path: Path, leaking: Path) -> None:
        run("check", leaking, "-o", "before.json")
        run("check", leaking, "--baseline", "before.json", "-o", "r.md", "-o", "r.jsonl", "-o", "r.html", "-o", "r.csv")
        told = {name: (tmp_path / f"r.{name}").read_text() for name in ("md", "jsonl", "html", "csv")}
        headline = "1 promise is broken, and every breach of them is in the baseline"
        state, *places = map(json.loads, told["jsonl"].splitlines())
        assert state["message"] == headline
        assert f"## Telemetry audit: {headline}\n" in told["md"]
        assert {each["telemetry_audit"]["accepted"] for each in places} == {False}
        assert {each["telemetry_audit"]["acceptance"]["baseline"] for each in places} == {True}
        assert "0 findings, without those in the baseline" in told["html"]
        assert "<p>None beside those in the baseline.</p>" in told["html"]
        assert '"breach","baseline",' in told["csv"]

    def test_one_without_findings_knows_none(self, run: Run, tmp_path: Path, leaking: Path) -> None:
        run("check", har(tmp_path / "clean", [request(SEGMENT, CLICK)]), "-o", "before.json")
        assert checked(run, leaking, "--baseline", "before.json").code == 1

    def test_a_finding_that_was_less_serious_before_is_new(self, run: Run, tmp_path: Path, leaking: Path) -> None:
        run("check", leaking, "-o", "before.json")
        before = json.loads((tmp_path / "before.json").read_text())
        for finding in before["findings"]:
            finding["level"] = "drift"
        (tmp_path / "before.json").write_text(json.dumps(before))
        assert checked(run, leaking, "--baseline", "before.json").code == 1

    def test_it_does_not_let_pass_what_was_accepted_until_a_day_that_has_passed(
        self, run: Run, tmp_path: Path, leaking: Path
    ) -> None:
        (tmp_path / "audit.toml").write_text(f"{WHOLE}until = {TODAY}\n")
        run("check", leaking, "-o", "before.json", "--as-of", str(TODAY))
        assert run("check", leaking, "--baseline", "before.json", "--as-of", str(TODAY)).code == 0
        assert run("check", leaking, "--baseline", "before.json", "--as-of", str(TODAY + timedelta(1))).code == 1

    def test_of_another_edition_it_is_refused(self, run: Run, leaking: Path) -> None:
        run("check", leaking, "-o", "before.json", "--document", "self-hosted-2021")
        done = run("check", leaking, "--baseline", "before.json")
        assert done.code == 2
        assert "self-hosted-2021" in done.err

    @pytest.mark.parametrize("content", ["", "{}", "[1]", "\0", '{"version": 1, "tool": {"name": "telemetry-audit"}}'])
    def test_what_is_no_report_is_refused(self, run: Run, tmp_path: Path, leaking: Path, content: str) -> None:
        (tmp_path / "before.json").write_text(content)
        done = run("check", leaking, "--baseline", "before.json")
        assert done.code == 2
        assert "before.json cannot be the baseline" in done.err

    def test_it_is_not_overwritten(self, run: Run, leaking: Path) -> None:
        run("check", leaking, "-o", "before.json")
        assert run("check", leaking, "--baseline", "before.json", "-o", "before.json").code == 2


def reported(path: Path) -> Report:
    """The report on a recording, made inside this process."""
    audit, tally = Audit(CATALOG, Deployment(), b"key"), Tally()
    for item in exchanges(open_recording(str(path))):
        tally.add(audit.see(item))
    return report(tally, (), CATALOG, terms(CATALOG, Deployment()))


def test_applying_decisions_twice_or_in_another_order_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    leaks = [track("login_USER", {"mail": EMAIL, "new": 1}, userId=name) for name in ("jane", USER)]
    made = reported(har(tmp_path_factory.mktemp("r") / "r.har", [request(SEGMENT, leak) for leak in leaks]))
    statements = [finding.statement for finding in made.findings]
    assert {Level.BREACH, Level.DRIFT} <= {statement.level for statement in statements}
    ids = st.frozensets(st.sampled_from([statement.id for statement in statements]), max_size=3)
    decisions = st.builds(
        Acceptance,
        rule=st.sampled_from(["*", *(statement.rule for statement in statements)]),
        event=st.sampled_from(["*", "login_USER", "x"]),
        pointer=st.sampled_from(["**", "/*", "/properties/*", "/userId"]),
        reason=st.sampled_from(["a", "b"]),
        until=st.none() | st.dates(TODAY - timedelta(2), TODAY + timedelta(2)),
        where=st.sampled_from(["one", "two"]),
        ids=ids,
        baseline=st.booleans(),
    )

    @settings(max_examples=100, deadline=None)
    @given(st.lists(decisions, max_size=5), st.lists(decisions, max_size=2), st.data())
    def holds(decided: list[Acceptance], others: list[Acceptance], data: st.DataObject) -> None:
        once = apply(made, decided, TODAY)
        assert apply(once, decided, TODAY) == once
        assert apply(made, data.draw(st.permutations(decided)), TODAY) == once
        assert apply(apply(made, others, TODAY), decided, TODAY) == once
        assert apply(once, (), TODAY) == made
        assert [replace(finding, acceptance=None) for finding in once.findings] == list(made.findings)
        assert [each.verdict for each in once.promises] == [each.verdict for each in made.promises]
        json_report.render(once)

    holds()


class TestIds:
    """Of findings: the same whatever the recording."""

    LEAKS = (LEAK, track("login_USER", {"ids": [1, EMAIL]}, userId="jane"), CLICK)

    def ids(self, run: Run, recording: Path) -> set[tuple[str, str]]:
        found = {(each["id"], each["pointer"]) for each in checked(run, recording).report["findings"]}
        assert len(found) > 3
        return found

    def test_they_do_not_depend_on_order_batch_position_or_kind_of_recording(self, run: Run, tmp_path: Path) -> None:
        entries = [request(SEGMENT, leak) for leak in self.LEAKS]
        expected = self.ids(run, har(tmp_path / "a.har", entries))
        assert self.ids(run, har(tmp_path / "b.har", reversed(entries))) == expected
        for batch in (list(self.LEAKS), [*reversed(self.LEAKS), CLICK]):
            recording = har(tmp_path / "c.har", [request("https://api.segment.io/v1/batch", {"batch": batch})])
            assert self.ids(run, recording) == expected
        assert self.ids(run, dump(tmp_path / "d.flow", self.LEAKS)) == expected

    def test_they_are_the_same_in_two_recordings_together_and_with_other_values(self, run: Run, tmp_path: Path) -> None:
        entries = [request(SEGMENT, leak) for leak in self.LEAKS]
        expected = self.ids(run, har(tmp_path / "a.har", entries))
        others = json.loads(json.dumps(self.LEAKS).replace(EMAIL, "max@other.example").replace("jane", "max"))
        other = har(tmp_path / "b.har", [request(SEGMENT, leak) for leak in others])
        assert self.ids(run, other) == expected
        together = checked(run, tmp_path / "a.har", other).report["findings"]
        assert {(each["id"], each["pointer"]) for each in together} == expected


def dump(path: Path, messages: tuple[Mapping[str, Any], ...]) -> Path:
    """The messages as mitmproxy writes them down, each sent to Segment."""
    with path.open("wb") as file:
        writer = FlowWriter(file)
        for message in messages:
            flow = tflow.tflow()
            headers = http.Headers([(b"host", b"api.segment.io"), (b"content-type", b"application/json")])
            flow.request = http.Request.make("POST", SEGMENT, json.dumps(message), headers)
            writer.add(flow)
    return path
