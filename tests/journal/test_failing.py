"""A journal that cannot be written says so, loses nothing while there is hope, and says what it lost when there is none."""

from __future__ import annotations

import json
import resource
from pathlib import Path

from tests.conftest import Run
from tests.journal.conftest import Disk, Start, Writing

CANNOT = "failing: The journal cannot be written: "


def limit(writing: Writing, size: int) -> None:
    """Let the files of a process grow to `size` bytes and no further."""
    _, hard = resource.prlimit(writing.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(writing.process.pid, resource.RLIMIT_FSIZE, (size, hard))


class TestAFullDisk:
    def test_is_said_and_outlived(self, disk: Disk, start: Start) -> None:
        path = disk.path / "j"
        writing = start(path, inside=disk.inside)
        writing.ask("put 50", "put")
        writing.ask("drain", "drained")
        disk.fill()
        assert writing.ask("until failing", "failing") == CANNOT + "database or disk is full."
        done = disk.report(path)
        assert done.returncode in {1, 3}, done.stderr
        report = json.loads(done.stdout)
        assert [each["kind"] for each in report["inputs"]] == ["journal, storing failed"]
        assert report["coverage"]["exchanges"] >= 50
        assert any("database or disk is full" in reason for reason in report["inconclusive"])
        disk.remount("size=8m")
        writing.ask("drain", "drained")
        assert disk.run("stat", "-c", "%s", f"{path}.run-1").stdout == "65536\n"
        assert writing.ask("close", "lost") == "lost 0: "
        report = json.loads(disk.report(path).stdout)
        assert [each["kind"] for each in report["inputs"]] == ["journal"]
        assert not any("journal" in reason for reason in report["inconclusive"])
        assert report["coverage"]["exchanges"] == len(writing.numbers("stored")) + len(writing.numbers("counted"))

    def test_is_said_at_the_end_with_what_is_lost(self, disk: Disk, start: Start) -> None:
        path = disk.path / "j"
        writing = start(path, inside=disk.inside)
        writing.ask("put 50", "put")
        disk.fill()
        writing.ask("until failing", "failing")
        lost = int(writing.ask("close", "lost").split()[1].strip(":"))
        assert lost > 0
        report = json.loads(disk.report(path).stdout)
        assert [each["kind"] for each in report["inputs"]] == ["journal, storing failed"]
        assert any("could not store all that it saw" in reason for reason in report["inconclusive"])
        acknowledged = len(writing.numbers("stored")) + len(writing.numbers("counted"))
        assert report["coverage"]["exchanges"] == acknowledged

    def test_refuses_a_new_journal(self, disk: Disk, start: Start) -> None:
        disk.fill()
        assert "No space left on device" in start(disk.path / "j", inside=disk.inside).refusal


class TestAFileThatMayNotGrow:
    def test_is_said_and_outlived(self, run: Run, start: Start, tmp_path: Path) -> None:
        path = tmp_path / "j"
        writing = start(path)
        writing.ask("put 300", "put")
        writing.ask("drain", "drained")
        limit(writing, 4_096)
        assert writing.ask("until failing", "failing").startswith(CANNOT)
        report = run("report", path, "--format", "json").report
        assert [each["kind"] for each in report["inputs"]] == ["journal, storing failed"]
        assert report["coverage"]["exchanges"] == 300
        limit(writing, resource.RLIM_INFINITY)
        writing.ask("drain", "drained")
        report = run("report", path, "--format", "json").report
        assert [each["kind"] for each in report["inputs"]] == ["journal, still being written"]
        assert writing.ask("close", "lost") == "lost 0: "
        report = run("report", path, "--format", "json").report
        assert [each["kind"] for each in report["inputs"]] == ["journal"]
        assert report["coverage"]["exchanges"] == len(writing.numbers("stored")) + len(writing.numbers("counted"))

    def test_is_said_at_the_end_with_what_is_lost(self, run: Run, start: Start, tmp_path: Path) -> None:
        path = tmp_path / "j"
        writing = start(path)
        writing.ask("put 300", "put")
        writing.ask("drain", "drained")
        limit(writing, 4_096)
        writing.ask("until failing", "failing")
        lost, why = writing.ask("close", "lost").split(": ", 1)
        assert int(lost.split()[1]) > 0
        assert why.startswith("The journal cannot be written: ")
        done = run("report", path, "--format", "json")
        assert [each["kind"] for each in done.report["inputs"]] == ["journal, storing failed"]
        assert done.report["coverage"]["exchanges"] == 300


class TestAReadOnlyDisk:
    def test_lets_a_closed_journal_be_reported_on_and_not_be_written(self, disk: Disk, start: Start) -> None:
        path = disk.path / "j"
        writing = start(path, inside=disk.inside)
        writing.ask("put 50", "put")
        writing.ask("close", "lost")
        before = disk.report(path).stdout
        disk.remount("ro")
        assert disk.report(path).stdout == before
        assert json.loads(before)["coverage"]["exchanges"] == 50
        assert "Read-only file system" in start(path, inside=disk.inside).refusal
        assert "Read-only file system" in start(disk.path / "new", inside=disk.inside).refusal

    def test_asks_for_a_copy_of_a_journal_that_was_not_closed(self, disk: Disk, start: Start) -> None:
        path = disk.path / "j"
        writing = start(path, inside=disk.inside)
        writing.ask("put 50", "put")
        writing.ask("drain", "drained")
        writing.kill()
        disk.run("rm", f"{path}-shm")
        disk.remount("ro")
        done = disk.report(path)
        assert done.returncode == 2
        assert "Copy it and j-wal" in done.stderr


def test_a_journal_that_is_taken_away_is_said(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "j"
    writing = start(path)
    writing.ask("put 10", "put")
    writing.ask("drain", "drained")
    path.rename(tmp_path / "elsewhere")
    assert writing.ask("until failing", "failing") == CANNOT + "its file was moved or deleted."
    (tmp_path / "elsewhere").rename(path)
    writing.ask("drain", "drained")
    assert writing.ask("close", "lost") == "lost 0: "
