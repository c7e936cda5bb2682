"""What waits is bounded, what is lost is counted, and the end is an end."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event

from scripts.example_traffic import PLANTED
from telemetry_audit.journal import open_journal
from telemetry_audit.journal.queue import MOST_BYTES, MOST_ITEMS
from tests.conftest import Run
from tests.journal.observed import begun, of_the_example

JUDGED = of_the_example(bytes(32))[1]


def test_what_does_not_fit_while_the_store_stands_still_is_lost_and_counted(run: Run, tmp_path: Path) -> None:
    writer = begun(tmp_path / "j")
    with closing(sqlite3.connect(tmp_path / "j", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert all(writer.put(JUDGED._replace(exchange=number)) for number in range(MOST_ITEMS))
        assert not writer.put(JUDGED)
        assert writer.lost == 1
        other.execute("ROLLBACK")
    assert writer.close({"observations": MOST_ITEMS + 1}, ()) == 1
    done = run("report", "j", "--format", "json")
    assert done.report["coverage"]["exchanges"] == MOST_ITEMS
    assert done.report["inconclusive"] == ["j, run 1 lost 1 observation, for it could not store more"]


def test_one_that_would_never_fit_is_lost_and_counted(tmp_path: Path) -> None:
    writer = begun(tmp_path / "j")
    assert not writer.put(JUDGED._replace(host="x" * MOST_BYTES))
    assert writer.put(JUDGED)
    assert writer.close({}, ()) == writer.lost == 1


def test_what_is_acknowledged_can_be_read_at_once(tmp_path: Path) -> None:
    writer = begun(tmp_path / "j")
    for number in range(3):
        on_disk = Event()
        writer.put(JUDGED._replace(exchange=number), on_disk.set)
        writer.hurry()
        assert on_disk.wait(30)
        with open_journal(tmp_path / "j") as journal:
            assert [each.exchange for each in journal.observations()] == list(range(number + 1))
    writer.close({}, ())


def test_after_its_end_a_run_takes_nothing_more(tmp_path: Path) -> None:
    writer = begun(tmp_path / "j")
    writer.put(JUDGED)
    assert writer.close({}, ()) == 0
    assert not writer.put(JUDGED)
    assert writer.close({}, ()) == 1


def test_a_run_that_saw_nothing_is_no_clean_bill(run: Run, tmp_path: Path) -> None:
    begun(tmp_path / "j").close({}, ())
    done = run("report", "j")
    assert done.code == 3
    assert "no telemetry was seen" in done.out


def test_no_value_of_a_payload_is_in_a_journal(tmp_path: Path) -> None:
    writer = begun(tmp_path / "j")
    for observation in of_the_example(writer.secret):
        writer.put(observation)
    stored = Event()
    writer.put(JUDGED, stored.set)
    assert stored.wait(30)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir()).lower()
    writer.close({}, ())
    assert [value for value in PLANTED if value.lower().encode() in written] == []
    assert b"execute_action_triggered" in written
