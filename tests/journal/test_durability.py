"""What was acknowledged is in the journal, whoever is killed and whoever else writes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from telemetry_audit.journal import State, open_journal
from tests.conftest import Run
from tests.journal.conftest import Start


@pytest.mark.parametrize("acknowledged", [0, 1, 40, 700, 3_000])
def test_nothing_that_was_acknowledged_is_lost_by_kill_9(
    run: Run, start: Start, tmp_path: Path, acknowledged: int
) -> None:
    path = tmp_path / "j"
    writing = start(path)
    assert writing.hear("run")
    writing.say("put 1000000")
    while len(writing.heard) <= acknowledged:
        assert writing.hear("")
    writing.kill()
    stored, counted = writing.numbers("stored"), writing.numbers("counted")
    with open_journal(path) as journal:
        kept = Counter(each.exchange for each in journal.observations() if not each.ignored_by)
        ignored = sum(bool(each.ignored_by) for each in journal.observations())
        (only,) = journal.runs
    assert set(stored) <= set(kept)
    assert set(kept.values()) <= {1}
    assert len(counted) <= ignored
    assert only.state is State.BROKEN_OFF
    done = run("report", path, "--format", "json")
    assert done.code in {1, 3}, done.err
    assert done.report["coverage"]["exchanges"] == kept.total() + ignored
    assert [each["kind"] for each in done.report["inputs"]] == ["journal, broken off"]
    assert any("broke off" in reason for reason in done.report["inconclusive"])


def test_a_run_after_one_that_was_killed_goes_on_with_the_journal(run: Run, start: Start, tmp_path: Path) -> None:
    path = tmp_path / "j"
    first = start(path)
    first.ask("put 300", "put")
    first.ask("drain", "drained")
    first.kill()
    second = start(path)
    assert second.hear("run") == "run 2"
    second.ask("put 100", "put")
    assert second.ask("close", "lost") == "lost 0: "
    inputs = run("report", path, "--format", "json").report["inputs"]
    assert [(each["kind"], each["exchanges"]) for each in inputs] == [("journal, broken off", 300), ("journal", 100)]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["j", "j.key"]


def test_several_may_write_at_once(run: Run, start: Start, tmp_path: Path) -> None:
    path = tmp_path / "j"
    writings = [start(path) for _ in range(4)]
    for writing in writings:
        writing.say("put 1500")
    for writing in writings:
        assert writing.hear("put")
        assert writing.ask("close", "lost") == "lost 0: "
    assert {writing.heard[0] for writing in writings} == {f"run {number}" for number in range(1, 5)}
    done = run("report", path, "--format", "json")
    assert [(each["kind"], each["exchanges"]) for each in done.report["inputs"]] == [("journal", 1_500)] * 4
    assert not any("journal" in reason for reason in done.report["inconclusive"])
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_several_may_begin_a_journal_at_once(start: Start, tmp_path: Path) -> None:
    writings = [start(tmp_path / "j") for _ in range(3)]
    assert {writing.hear("run") for writing in writings} == {"run 1", "run 2", "run 3"}
    assert [writing.ask("close", "lost") for writing in writings] == ["lost 0: "] * 3
    with open_journal(tmp_path / "j") as journal:
        assert [each.state for each in journal.runs] == [State.ENDED] * 3
