"""Where reports go: one or several at once, each in the format that its name or --format tells."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from telemetry_audit.formats import FORMATS
from tests.conftest import Run
from tests.recordings import CLICK, SEGMENT, har, request, track

BREACH = track("APPLICATIONS_PAGE_LOAD", {"instanceId": "jane.roe@example.com"}, userId=CLICK["userId"])
STARTS = {
    "text": "telemetry-audit ", "json": "{\n", "html": "<!doctype html>", "markdown": "## Telemetry audit", "csv": '"level",',
    "junit": "<?xml ", "sarif": '{\n  "$schema": "https://docs.oasis-open.org/sarif', "annotations": "::error ", "jsonl": '{"@timestamp"',
}  # fmt: skip


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return har(tmp_path / "recording.har", [request(SEGMENT, BREACH)])


def is_of(text: str, form: str) -> bool:
    return text.lower().startswith(STARTS[form].lower())


def test_every_suffix_of_a_format_tells_it_and_the_longest_one_wins(run: Run, tmp_path: Path, recording: Path) -> None:
    files = {f"Report{suffix.upper()}": each.id for each in FORMATS for suffix in each.suffixes}
    done = run("check", recording, *(word for name in files for word in ("-o", name)))
    assert done.code == 1
    assert done.out == ""
    for name, form in files.items():
        assert is_of((tmp_path / name).read_text("utf-8"), form), name
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
        assert name in done.err


def test_every_format_can_be_asked_for_by_name_and_is_the_same_on_screen_and_in_a_file(
    run: Run, tmp_path: Path, recording: Path
) -> None:
    for each in FORMATS:
        words = ("-o", "-", "-o", "report.of-no-format", "--format", each.id, "--format", each.id)
        done = run("check", recording, *words)
        assert is_of(done.out, each.id)
        assert done.out == (tmp_path / "report.of-no-format").read_bytes().decode(), each.id


def test_reports_are_the_same_bytes_in_another_process(run: Run, tmp_path: Path, recording: Path) -> None:
    for seed in ("1", "2"):
        names = [word for each in FORMATS for word in ("-o", f"{seed}{each.suffixes[0]}")]
        run("check", recording, *names, PYTHONHASHSEED=seed)
    for each in FORMATS:
        one, other = (tmp_path / f"{seed}{each.suffixes[0]}" for seed in ("1", "2"))
        assert one.read_bytes() == other.read_bytes()


def test_formats_without_a_suffix_of_their_own_take_what_format_says(run: Run, tmp_path: Path, recording: Path) -> None:
    done = run("check", recording, "-o", "report.sarif", "-o", "-", "-o", "summary", "--format", "csv", "--format", "markdown")  # fmt: skip
    assert is_of(done.out, "csv")
    assert is_of((tmp_path / "summary").read_text(), "markdown")
    assert is_of((tmp_path / "report.sarif").read_text(), "sarif")


def test_a_format_for_the_only_file_outweighs_its_suffix(run: Run, tmp_path: Path, recording: Path) -> None:
    run("check", recording, "-o", "report.txt", "--format", "json")
    assert json.loads((tmp_path / "report.txt").read_text())["version"] == 1


def test_a_dash_is_standard_output_and_by_default_text(run: Run, tmp_path: Path, recording: Path) -> None:
    done = run("check", recording, "-o", "-", "-o", "report.json")
    assert is_of(done.out, "text")
    assert "The report is in report.json." in done.err
    assert "promise" not in done.err
    assert not (tmp_path / "-").exists()


def test_with_files_alone_the_conclusion_stands_on_standard_error(run: Run, recording: Path) -> None:
    done = run("check", recording, "-o", "report.json", "-o", "report.md")
    assert done.out == ""
    assert "1 promise is broken" in done.err or "promises are broken" in done.err
    assert "\\x0a" not in done.err
    assert "The reports are in report.json, report.md." in done.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["-o", "a.json", "-o", "a.json"], "Two reports would go to a.json"),
        (["-o", "a.json", "-o", "./a.json", "--format", "json", "--format", "text"], "Two reports would go to"),
        (["-o", "-", "-o", "-"], "Two reports would go to -"),
        (["-o", "a.json", "-o", "b.unknown"], "No format has the suffix of b.unknown"),
        (["-o", "a.json", "-o", "b.csv", "--format", "text"], "--format is given once, for 2 reports"),
        (["--format", "text", "--format", "json"], "--format is given 2 times, for 1 report"),
        (["-o", "a.json", "-o", "recording.har"], "is one of the files to read"),
        (["-o", "a.json", "-o", "no/such/b.json"], "there is no folder"),
    ],
)
def test_a_call_that_leaves_a_doubt_writes_nothing(
    run: Run, tmp_path: Path, recording: Path, words: list[str], says: str
) -> None:
    before = recording.read_bytes()
    done = run("check", recording, *words)
    assert done.code == 2
    assert says in done.err
    assert done.out == ""
    assert [path.name for path in tmp_path.iterdir()] == [recording.name]
    assert recording.read_bytes() == before


def test_a_link_to_another_report_is_the_same_file(run: Run, tmp_path: Path, recording: Path) -> None:
    (tmp_path / "a.json").write_text("")
    os.link(tmp_path / "a.json", tmp_path / "b.json")
    assert run("check", recording, "-o", "a.json", "-o", "b.json").code == 2


def test_the_list_of_formats_names_each_with_its_suffixes(run: Run) -> None:
    listed = run("list", "formats").out
    for each in FORMATS:
        assert each.id in listed
        assert all(suffix in listed for suffix in each.suffixes)


def test_the_text_and_the_value_never_meet(run: Run, tmp_path: Path, recording: Path) -> None:
    run("check", recording, *(word for each in FORMATS for word in ("-o", f"report{each.suffixes[0]}")))
    for each in FORMATS:
        assert "jane" not in (tmp_path / f"report{each.suffixes[0]}").read_text("utf-8").lower()
