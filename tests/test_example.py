"""The example that ships with the repository says what the program says, and nothing that it must not; `make example` renews it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import jsonschema
import pytest

from scripts.example_traffic import PLANTED
from telemetry_audit.formats import FORMATS

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "reports" / "example"
GOLDEN = {
    "text": FOLDER / "report.txt",
    "json": FOLDER / "report.json",
    "html": FOLDER / "report.html",
    "markdown": FOLDER / "report.md",
    "csv": FOLDER / "report.csv",
    "junit": FOLDER / "report.junit.xml",
    "sarif": FOLDER / "report.sarif",
    "annotations": FOLDER / "report.annotations.txt",
    "jsonl": FOLDER / "report.jsonl",
}
PROGRAM = [sys.executable, "-m", "telemetry_audit", "check", "recording.flow"]
RENEW = "`make example` writes the example anew; look at the difference before you keep it"


def test_every_format_has_a_golden_file() -> None:
    assert set(GOLDEN) == {form.id for form in FORMATS}


@pytest.mark.parametrize("form", GOLDEN)
def test_the_report_on_the_example_is_the_one_that_ships(form: str) -> None:
    done = subprocess.run([*PROGRAM, "--format", form], cwd=FOLDER, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stdout == GOLDEN[form].read_bytes(), RENEW


def test_the_recording_is_what_its_script_writes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "make_example.py", tmp_path, "--recording-only"], check=True)
    assert (tmp_path / "recording.flow").read_bytes() == (FOLDER / "recording.flow").read_bytes(), RENEW


def test_the_report_keeps_to_its_schema() -> None:
    schema = json.loads((ROOT / "schemas" / "report.schema.json").read_text())
    jsonschema.validate(json.loads(GOLDEN["json"].read_text()), schema)


def test_every_planted_problem_is_found_and_nothing_else_is_a_breach() -> None:
    report = json.loads(GOLDEN["json"].read_text())
    breaches = {
        (finding["rule"], finding["event"], finding["pointer"])
        for finding in report["findings"]
        if finding["level"] == "breach"
    }
    ran, request = "execute_ACTION_TRIGGERED", "/properties/request"
    assert breaches == {
        ("datasource-content", ran, "/properties/error"),
        ("datasource-content", ran, f"{request}/body/owner"),
        ("datasource-content", ran, f"{request}/headers/Authorization"),
        ("datasource-content", ran, f"{request}/url"),
        ("personal-data", ran, "/properties/error"),
        ("personal-data", ran, f"{request}/body/owner"),
        ("personal-data", ran, f"{request}/url"),
        ("personal-data", "PAGE_SWITCH", "/context/page/search"),
        ("personal-data", "PAGE_SWITCH", "/context/page/url"),
    }, RENEW
    assert (report["coverage"]["ignored"], report["coverage"]["unread"]) == (8, 1)


def test_the_recording_holds_every_planted_value_and_no_report_does() -> None:
    recording = (FOLDER / "recording.flow").read_bytes().lower()
    for value in PLANTED:
        forms = {value, quote(value), quote(value, safe=""), base64.b64encode(value.encode()).decode()}
        assert any(form.lower().encode() in recording for form in forms | {_inside_base64(value)})
        for path in GOLDEN.values():
            assert [form for form in forms if form.lower() in path.read_text().lower()] == [], path.name


def _inside_base64(value: str) -> str:
    """The end of a basic authorization's base64 that holds `value` as the password of the user `app`."""
    return base64.b64encode(f"app:{value}".encode()).decode()
