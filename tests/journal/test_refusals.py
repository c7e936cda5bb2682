"""What is no journal, or that of another audit, is refused with a sentence."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from telemetry_audit.deployment import Deployment, OwnHost
from telemetry_audit.detectors import VALUE
from telemetry_audit.detectors.known import Index
from telemetry_audit.journal import JournalError, open_journal, open_writer
from telemetry_audit.terms import terms
from tests.conftest import Run
from tests.journal.observed import DEPLOYMENT, begun, catalog, journal, of_the_example
from tests.recordings import CLICK, SEGMENT, har, request

CANARY = "CANARY-0c1d2e"


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (value)")


def later(path: Path) -> None:
    bare(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def bare(path: Path) -> None:
    journal(path, [])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE audit")


NO_JOURNALS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a text": (lambda path: path.write_text(f"hello {CANARY}"), "is no journal"),
    "another database": (foreign, "is a database, but no journal"),
    "a folder": (Path.mkdir, "is no file"),
    "a pipe": (os.mkfifo, "is no file"),
    "a torn journal": (
        lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(200)),
        "is a database, but no journal",
    ),
    "a journal of a later version": (later, "was written by another version"),
    "a journal whose tables are gone": (bare, "no such table"),
}


@pytest.mark.parametrize("what", NO_JOURNALS)
def test_what_is_no_journal_is_neither_read_nor_written(run: Run, tmp_path: Path, what: str) -> None:
    make, says = NO_JOURNALS[what]
    make(tmp_path / "j")
    done = run("report", "j")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: j ")
    assert says in done.err
    with pytest.raises(JournalError, match=says):
        begun(tmp_path / "j")
    assert CANARY not in done.err


def test_there_is_nothing_to_report_on_without_a_journal(run: Run, tmp_path: Path) -> None:
    assert "There is no journal j." in run("report", "j").err
    (tmp_path / "j").touch()
    assert "j is empty" in run("report", "j").err
    assert run("report", "j").code == 2
    assert run("report").code == 2


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (Deployment(telemetry=False), "whether telemetry is on"),
        (Deployment(canaries=(CANARY,)), "how many canaries"),
        (Deployment(known_users=("jane.roe",)), "how many users"),
        (Deployment(known=(Index.of([(VALUE, [("Erika Mustermann",)])]),)), "how many values of a datasource"),
        (Deployment(domains=("example.com",)), "how many domains"),
        (Deployment(document="cloud-2026"), "the edition of the documents"),
        (Deployment(server_addresses=(ip_network("203.0.113.7"),)), "the server's addresses"),
        (Deployment(hosts=(OwnHost("t.example.com"),)), "telemetry hosts"),
    ],
)
def test_another_deployment_needs_another_journal(tmp_path: Path, changed: Deployment, says: str) -> None:
    begun(tmp_path / "j").close({}, ())
    with pytest.raises(JournalError, match=f"{says}.*Start another journal"):
        begun(tmp_path / "j", changed)


def test_other_values_in_the_lists_are_noticed_and_not_stored(tmp_path: Path) -> None:
    begun(tmp_path / "j", Deployment(canaries=(CANARY, "CANARY-two"))).close({}, ())
    begun(tmp_path / "j", Deployment(canaries=("CANARY-two", CANARY))).close({}, ())
    with pytest.raises(JournalError, match="the values of canaries") as told:
        begun(tmp_path / "j", Deployment(canaries=(CANARY, "CANARY-three")))
    assert "CANARY" not in str(told.value)
    first, second, third = (
        Deployment(known=(Index.of([(VALUE, [(name,) for name in names])]),))
        for names in (
            ("Erika Mustermann", "Jane Q. Roe"),
            ("Jane Q. Roe", "Erika Mustermann"),
            ("Jane Q. Roe", "Max Muster"),
        )
    )
    begun(tmp_path / "k", first).close({}, ())
    begun(tmp_path / "k", second).close({}, ())
    with pytest.raises(JournalError, match="the values of canaries, users, datasources"):
        begun(tmp_path / "k", third)
    assert all(b"CANARY" not in path.read_bytes() for path in tmp_path.iterdir())


def test_other_documents_and_another_version_need_another_journal(run: Run, tmp_path: Path) -> None:
    made = terms(catalog(), DEPLOYMENT)
    open_writer(tmp_path / "j", replace(made, tool="0.0.1", catalog="0" * 64), DEPLOYMENT).close({}, ())
    with pytest.raises(JournalError, match="the version of telemetry-audit, what Appsmith says"):
        begun(tmp_path / "j")
    done = run("report", "j")
    assert done.code == 2
    assert "Report on it with the one that wrote it, 0.0.1." in done.err


def test_the_name_of_the_configuration_makes_no_difference(tmp_path: Path) -> None:
    begun(tmp_path / "j").close({}, ())
    open_writer(tmp_path / "j", terms(catalog(), DEPLOYMENT, "elsewhere.toml"), DEPLOYMENT).close({}, ())


def test_journals_of_different_audits_are_not_put_together(run: Run, tmp_path: Path) -> None:
    begun(tmp_path / "one").close({}, ())
    begun(tmp_path / "other", Deployment(telemetry=False)).close({}, ())
    done = run("report", "one", "other")
    assert done.code == 2
    assert "one and other are of different audits: whether telemetry is on." in done.err
    assert "named twice" in run("report", "one", "./one").err


def test_a_journal_without_its_key_can_be_read_and_not_written(run: Run, tmp_path: Path) -> None:
    path = journal(tmp_path / "j", of_the_example(b"key"))
    (tmp_path / "j.key").unlink()
    with pytest.raises(JournalError, match=r"j\.key is missing"):
        begun(path)
    assert run("report", "j").code == 1


def test_a_key_that_lies_there_is_taken(tmp_path: Path) -> None:
    (tmp_path / "j.key").write_bytes(bytes(range(32)))
    writer = begun(tmp_path / "j")
    assert writer.secret == bytes(range(32))
    writer.close({}, ())
    (tmp_path / "k.key").write_bytes(b"too short")
    with pytest.raises(JournalError, match=r"k\.key is no key"):
        begun(tmp_path / "k")
    (tmp_path / "j.key").write_bytes(b"")
    with pytest.raises(JournalError, match=r"j\.key is no key"):
        begun(tmp_path / "j")


def test_the_files_of_a_journal_are_their_owner_s_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        writer = begun(tmp_path / "j")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    writer.close({}, ())
    assert modes == dict.fromkeys(("j", "j-shm", "j-wal", "j.key", "j.run-1"), 0o600)


def test_a_link_is_not_followed_for_writing(tmp_path: Path) -> None:
    (tmp_path / "j").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(JournalError, match="is a link"):
        begun(tmp_path / "j")
    (tmp_path / "k.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(JournalError, match="cannot be written"):
        begun(tmp_path / "k")
    assert not (tmp_path / "elsewhere").exists()


def test_a_journal_is_read_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    writer = begun(tmp_path / "folder" / "j")
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "j")
    with open_journal(tmp_path / "link") as found:
        assert [each.state for each in found.runs] == ["running"]
    writer.close({}, ())


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="there is no folder"):
        begun(tmp_path / "none" / "j")
    with pytest.raises(JournalError, match="character that no file's name can hold"):
        begun(tmp_path / "a\0b")
    with pytest.raises(JournalError, match="There is no journal"):
        open_journal(tmp_path / "a\0b")


@pytest.mark.parametrize("name", ["j", "j.key", "j-wal", "j-shm", "j-journal", "j.run-1", "./j", "link"])
def test_a_report_never_overwrites_a_file_of_the_journal(run: Run, tmp_path: Path, name: str) -> None:
    writer = begun(tmp_path / "j")
    (tmp_path / "link").symlink_to("j")
    before = (tmp_path / "j.key").read_bytes()
    done = run("report", "j", "--format", "json", "-o", name)
    assert done.code == 2
    assert "is one of the files to read" in done.err
    assert writer.close({}, ()) == 0
    assert (tmp_path / "j.key").read_bytes() == before
    assert run("report", "j").code == 3


def test_check_says_what_reads_a_journal(run: Run, tmp_path: Path) -> None:
    begun(tmp_path / "j").close({}, ())
    done = run("check", "j")
    assert done.code == 2
    assert "telemetry-audit report" in done.err
    har(tmp_path / "r", [request(SEGMENT, CLICK)])
    assert "r is no journal" in run("report", "r").err
