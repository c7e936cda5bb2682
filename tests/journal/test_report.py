"""`report` gives of journals what `check` gives of the same traffic, at any time, and says what a journal lacks."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_audit.audit import Audit
from telemetry_audit.formats import json_report
from telemetry_audit.journal import JournalError, journal_report, open_journal
from telemetry_audit.model import Observation
from telemetry_audit.readers import exchanges, open_recording
from telemetry_audit.report import report
from telemetry_audit.tally import Tally
from telemetry_audit.terms import terms
from tests.conftest import Run
from tests.journal.conftest import Start
from tests.journal.observed import DEPLOYMENT, EXAMPLE, begun, catalog, journal, of_the_example
from tests.recordings import CLICK, SEGMENT, har, request, track

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "report.schema.json").read_text())
SECRET = bytes(range(32))


def essence(data: dict[str, Any]) -> dict[str, Any]:
    """A report without what is of the recording alone: its name, its digest, and the fingerprints under its key."""
    jsonschema.validate(data, SCHEMA)
    findings = [
        {key: value for key, value in finding.items() if key != "places"}
        | {"places": sorted((place["where"], place["event"], place["shape"]) for place in finding["places"])}
        for finding in data["findings"]
    ]
    unread = sorted((each["host"], each["reason"]) for each in data["unread"])
    cadences = [{key: value for key, value in each.items() if key != "instance"} for each in data["cadences"]]
    instances = [
        {key: value for key, value in each.items() if key not in {"fingerprint", "recordings"}}
        for each in data["instances"]
    ]
    told = {"findings": findings, "unread": unread, "cadences": cadences, "instances": instances}
    return {key: value for key, value in data.items() if key != "inputs"} | told


def reported(paths: Sequence[Path]) -> dict[str, Any]:
    """The report on some journals, made in this process."""
    with ExitStack() as opened:
        done = journal_report([opened.enter_context(open_journal(path)) for path in paths], catalog())
    return json_report.as_data(done)


def tallied(observations: Sequence[Observation]) -> dict[str, Any]:
    """The report on observations that never were in a journal."""
    tally = Tally()
    for observation in observations:
        tally.add(observation)
    return json_report.as_data(report(tally, (), catalog(), terms(catalog(), DEPLOYMENT)))


def test_a_report_on_a_journal_is_the_one_on_the_recording(run: Run, tmp_path: Path) -> None:
    journal(tmp_path / "j", of_the_example(SECRET))
    checked = run("check", EXAMPLE, "--format", "json")
    told = run("report", "j", "--format", "json")
    assert (told.code, told.err) == (checked.code, checked.err)
    assert essence(told.report) == essence(checked.report)
    (only,) = told.report["inputs"]
    assert (only["name"], only["kind"], only["exchanges"]) == ("j, run 1", "journal", 32)
    assert {place["input"] for finding in told.report["findings"] for place in finding["places"]} == {"j, run 1"}


def test_the_options_of_check_are_taken(run: Run, tmp_path: Path) -> None:
    journal(tmp_path / "j", of_the_example(SECRET))
    assert run("report", "j", "--fail-on", "none").code == 3
    assert run("report", "j", "--fail-on", "unread").code == 1
    done = run("report", "j", "-o", "report.json")
    assert (done.code, done.out) == (1, "")
    assert json.loads((tmp_path / "report.json").read_text())["coverage"]["exchanges"] == 32
    assert "j, run 1  (journal, " in run("report", "j").out


@pytest.mark.parametrize(
    ("body", "code"),
    [(CLICK, 0), (track("x", userId="jane.roe"), 1), ("{broken", 3)],
    ids=["clean", "breach", "unread"],
)
def test_the_exit_code_is_that_of_check(run: Run, tmp_path: Path, body: Any, code: int) -> None:
    recording = har(tmp_path / "r", [request(SEGMENT, body)])
    writer = begun(tmp_path / "j")
    audit = Audit(catalog(), DEPLOYMENT, writer.secret)
    for item in exchanges(open_recording(str(recording))):
        writer.put(audit.see(item))
    writer.close({}, ())
    assert run("check", "r").code == run("report", "j").code == code


def test_a_report_on_a_journal_that_is_being_written_is_on_what_is_stored(
    run: Run, start: Start, tmp_path: Path
) -> None:
    (tmp_path / "j.key").write_bytes(SECRET)
    writing = start(tmp_path / "j")
    writing.ask("put 40", "put")
    writing.ask("drain", "drained")
    done = run("report", "j", "--format", "json")
    example = of_the_example(SECRET)
    expected = tallied([*example, *(each._replace(exchange=32 + each.exchange) for each in example[:8])])
    assert done.code == 1, done.err
    assert essence(done.report) == essence(expected)
    assert [each["kind"] for each in done.report["inputs"]] == ["journal, still being written"]
    writing.ask("put 5", "put")
    assert writing.ask("close", "lost") == "lost 0: "
    assert run("report", "j", "--format", "json").report["coverage"]["exchanges"] == 45


def test_the_parts_of_an_exchange_are_counted_with_it(tmp_path: Path) -> None:
    seen = [each for each in of_the_example(SECRET) if each.events]
    seen = [*(each._replace(part=True) for each in seen[:4]), *seen[4:]]
    assert essence(reported([journal(tmp_path / "j", seen)])) == essence(tallied(seen))


def test_runs_and_journals_add_up_in_any_grouping(tmp_path_factory: pytest.TempPathFactory) -> None:
    seen = of_the_example(SECRET)
    whole = essence(reported([journal(tmp_path_factory.mktemp("whole") / "j", seen)]))

    @settings(max_examples=15, deadline=None)
    @given(st.permutations(seen), st.lists(st.integers(0, len(seen)), max_size=4), st.data())
    def holds(shuffled: list[Observation], cuts: list[int], data: st.DataObject) -> None:
        edges = [0, *sorted(cuts), len(shuffled)]
        with TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in "abc"]
            for path in paths:
                path.with_name(f"{path.name}.key").write_bytes(SECRET)
            for first, last in pairwise(edges):
                journal(data.draw(st.sampled_from(paths)), shuffled[first:last])
            assert essence(reported([path for path in paths if path.exists()])) == whole

    holds()


def test_addresses_under_different_keys_are_not_compared(tmp_path: Path) -> None:
    one = journal(tmp_path / "one", of_the_example(SECRET))
    other = journal(tmp_path / "other", of_the_example(bytes(32)))
    with pytest.raises(JournalError, match="have different keys"):
        reported([one, other])
    nothing = journal(tmp_path / "nothing", [each for each in of_the_example(bytes(32)) if not each.claims])
    assert reported([one, nothing])["coverage"]["exchanges"] > 32


def test_a_damaged_line_is_an_unread_exchange(run: Run, tmp_path: Path) -> None:
    path = journal(tmp_path / "j", of_the_example(SECRET))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE observation SET line = substr(line, 2) WHERE number = 3")
        connection.execute("UPDATE observation SET line = x'ff' WHERE number = 4")
        connection.execute("UPDATE observation SET line = 7 WHERE number = 5")
        connection.execute("UPDATE repeated SET line = 'a' WHERE line = (SELECT min(line) FROM repeated)")
    report = run("report", path, "--format", "json").report
    unread = [each for each in report["unread"] if each["reason"] == "a line of the journal is damaged"]
    assert sorted(each["exchange"] for each in unread) == [0, 3, 4, 5]
    seen = report["coverage"]
    assert seen["exchanges"] == 32 == seen["judged"] + seen["ignored"] + seen["unread"]


def test_a_damaged_statement_damages_the_lines_that_refer_to_it(run: Run, tmp_path: Path) -> None:
    path = journal(tmp_path / "j", of_the_example(SECRET))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE statement SET content = replace(CAST(content AS TEXT), 'breach', 'note')")
    report = run("report", path, "--format", "json").report
    assert any(each["reason"] == "a line of the journal is damaged" for each in report["unread"])
    assert report["coverage"]["exchanges"] == 32
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE run SET ledger = '{'")
    assert "how its run 1 ended cannot be read" in run("report", path).err


def test_a_journal_cut_off_is_refused(run: Run, tmp_path: Path) -> None:
    path = journal(tmp_path / "j", of_the_example(SECRET))
    path.write_bytes(path.read_bytes()[:20_000])
    done = run("report", path)
    assert (done.code, done.out) == (2, "")
    assert "database disk image is malformed" in done.err


def test_a_ledger_that_does_not_balance_is_said(run: Run, tmp_path: Path) -> None:
    writer = begun(tmp_path / "j")
    writer.put(of_the_example(SECRET)[1])
    writer.close({"observations": 3}, ())
    done = run("report", "j", "--format", "json")
    assert done.report["inconclusive"] == ["j, run 1 observed 3 exchanges, and the journal holds 1"]


def failing() -> None:
    raise ArithmeticError


def test_a_fault_while_it_was_written_is_a_fault_of_the_report(run: Run, tmp_path: Path) -> None:
    writer = begun(tmp_path / "j")
    writer.put(of_the_example(SECRET)[1], failing)
    writer.close({}, ["ValueError at rules/x.py:1"])
    done = run("report", "j", "--format", "json")
    assert done.code == 70
    assert "first ValueError at rules/x.py:1" in done.err
    assert done.report["inconclusive"] == ["j, run 1 met 2 faults in telemetry-audit, first ValueError at rules/x.py:1"]


def test_what_stands_in_a_name_or_a_journal_does_nothing_to_a_terminal(run: Run, tmp_path: Path) -> None:
    writer = begun(tmp_path / "j\x1b[2J")
    writer.put(of_the_example(SECRET)[1]._replace(host="\x1b]0;host\x07"))
    writer.close({"observations": 2}, ["\x1b[1mfault"])
    for arguments in ((), ("--format", "json"), ("-o", "r.txt")):
        done = run("report", "j\x1b[2J", *arguments)
        assert done.code == 70
        assert not {"\x1b", "\x07"} & {*done.out, *done.err}


def test_a_journal_can_be_handed_on_as_one_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    journal(tmp_path / "there" / "j", of_the_example(SECRET))
    before = run("report", "there/j", "--format", "json").report
    shutil.copy(tmp_path / "there" / "j", tmp_path / "j")
    after = run("report", "j", "--format", "json").report
    assert essence(after) == essence(before)
    with closing(sqlite3.connect(tmp_path / "j")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert [each["sha256"] for each in after["inputs"]] == [each["sha256"] for each in before["inputs"]]


def test_show_says_where_a_finding_of_a_journal_stands_and_where_its_value_is(run: Run, tmp_path: Path) -> None:
    written = journal(tmp_path / "a.journal", [each for _ in range(13) for each in of_the_example(SECRET)])
    findings = run("report", written, "--format", "json").report["findings"]
    breach = next(each for each in findings if each["level"] == "breach")
    done = run("show", written, breach["id"])
    assert done.code == 0, done.err
    head, *places, more, holds_none, how = done.out.splitlines()
    assert head.startswith(f"{breach['id']}  breach of {breach['promise']}: ")
    assert len(places) == 10
    assert more.startswith(f"… and {breach['count'] - 10} more place")
    first = breach["places"][0]
    assert places[0].startswith(f"{written}, run 1, exchange {first['exchange']}, {first['time']}, {first['where']}")
    assert places[0].endswith(f": {first['shape']}")
    assert holds_none.startswith("A journal holds no values")
    assert f"show FILE {breach['id']}" in how
    assert len(run("show", written, breach["id"], "--all").out.splitlines()) > len(done.out.splitlines())
    assert run("show", written, "TA-000000000000").code == 2
