"""The reports keep to what others published about their formats; `schemas/README.md` says where each schema is from."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings

from telemetry_audit.formats import csv_table, html, json_lines, junit, markdown, sarif, workflow_commands
from telemetry_audit.model import Acceptance, Finding, Level, Place, Statement, Unread, Verdict
from telemetry_audit.report import Applied, Input, Report
from telemetry_audit.wholes import WHOLES
from tests.hostile_reports import reports, small

SCHEMAS = Path(__file__).parent / "schemas"
EXAMPLE = Path(__file__).parents[1] / "reports" / "example"
SARIF = jsonschema.Draft4Validator(
    json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8")), format_checker=jsonschema.FormatChecker()
)
JUNIT = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")

sometimes = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])


def many(level: Level, number: int) -> Report:
    """A report with so many findings of a level, all different, and as many exchanges that nobody could read."""
    findings = tuple(
        Finding(
            Statement(f"TA-{each:012x}", "personal-data", "anonymous-users", level, f"event {each}", f"/properties/field{each}", "holds an e-mail address"),
            1,
            (Place("big.flow", each, f"body#/properties/field{each}", f"event {each}", None, "text, 9 characters", f"{each:016x}", 1.0),),
        )
        for each in range(number)
    )  # fmt: skip
    unread = tuple(Unread("big.flow", each, f"host{each}.example", "the body is cut off") for each in range(number))
    return replace(small(), findings=findings, unread=unread)


def test_the_example_is_valid_sarif_and_valid_junit() -> None:
    SARIF.validate(json.loads((EXAMPLE / "report.sarif").read_text("ascii")))
    JUNIT.validate(str(EXAMPLE / "report.junit.xml"))


@sometimes
@given(reports())
def test_any_report_is_valid_sarif(report: Report) -> None:
    SARIF.validate(json.loads(sarif.render(report)))


@sometimes
@given(reports())
def test_any_report_is_valid_junit(report: Report) -> None:
    JUNIT.validate(junit.render(report))


def _driver() -> dict[str, Any]:
    run: dict[str, Any] = json.loads((EXAMPLE / "report.sarif").read_text("ascii"))["runs"][0]
    return run


def test_a_sarif_rule_says_what_it_is_for_and_how_much_it_weighs() -> None:
    rules = {rule["id"]: rule for rule in _driver()["tool"]["driver"]["rules"]}
    rule = rules["personal-data"]
    assert rule["defaultConfiguration"]["level"] == "error"
    assert 7 <= float(rule["properties"]["security-severity"]) < 9
    assert "anonymous-users" in rule["help"]["text"]
    assert "security-severity" not in rules["undocumented-field"]["properties"]
    assert all(not {"\\x", "\\u"} & {text[at : at + 2] for at in range(len(text))} for each in rules.values() for text in (each["help"]["text"], each["fullDescription"]["text"]))  # fmt: skip


def test_a_sarif_result_has_the_id_of_its_finding_as_its_fingerprint() -> None:
    report = json.loads((EXAMPLE / "report.json").read_text())
    results = _driver()["results"]
    prints = [result["partialFingerprints"] for result in results]
    assert [each["telemetryAuditFinding/v1"] for each in prints] == [finding["id"] for finding in report["findings"]]
    assert len({each["primaryLocationLineHash"] for each in prints}) == len(results)
    assert _driver()["artifacts"][0]["hashes"] == {"sha-256": report["inputs"][0]["sha256"]}


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("recording.flow", "recording.flow"),
        ("C:\\x.har", "C%3A%5Cx.har"),
        ("https://x.example/a?b#c", "https%3A/x.example/a%3Fb%23c"),
        ("../../a b.flow", "a%20b.flow"),
        ("/srv/./ä.flow", "srv/%C3%A4.flow"),
        ("%2e%2e/x", "%252e%252e/x"),
        ("-", "-"),
        ("/", "recording"),
        ("\udc80", "%ED%B2%80"),
    ],
)
def test_a_recording_is_named_by_a_relative_uri(name: str, uri: str) -> None:
    report = many(Level.NOTE, 1)
    place = report.findings[0].places[0]._replace(input=name)
    named = replace(report, inputs=(Input(name, "HAR", "0" * 64, 1, 1),), findings=(replace(report.findings[0], places=(place,)),))  # fmt: skip
    run = json.loads(sarif.render(named))["runs"][0]
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": uri, "index": 0}
    assert run["artifacts"][0]["location"]["uri"] == uri


def test_github_takes_no_more_sarif_results_than_are_written() -> None:
    run = json.loads(sarif.render(many(Level.DRIFT, 25_001)))["runs"][0]
    assert len(run["results"]) == 25_000
    assert "1 finding left out" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


@pytest.mark.parametrize("level", Level)
def test_a_large_markdown_report_fits_a_comment_and_says_what_it_leaves_out(level: Level) -> None:
    text = markdown.render(many(level, 10_000))
    assert len(text.encode()) <= markdown.MOST_BYTES
    rows = sum(line.startswith("| `TA-") for line in text.splitlines())
    assert 20 < rows < 1_000
    assert f"No room for {10_000 - rows:,} rows more" in text
    assert text.index("NOT SEEN") < text.index("TA-")


@sometimes
@given(reports())
def test_any_markdown_report_fits_a_comment(report: Report) -> None:
    long = tuple(
        replace(verdict, verdict=Verdict.UNDECIDED, limits=(" and so on" * 900,)) for verdict in report.promises
    )
    assert len(markdown.render(replace(report, promises=long)).encode()) <= markdown.MOST_BYTES


def test_github_shows_ten_annotations_of_a_level_and_the_tenth_tells_of_the_rest() -> None:
    lines = workflow_commands.render(many(Level.BREACH, 10_000)).splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == workflow_commands.MOST
    assert "9,991 more" in errors[-1]


def test_ten_breaches_need_no_line_about_the_rest() -> None:
    errors = [line for line in workflow_commands.render(many(Level.BREACH, 10)).splitlines() if "::error" in line]
    assert len(errors) == 10
    assert "more like these" not in errors[-1]


def test_a_line_for_a_siem_is_dated_by_when_the_value_left() -> None:
    lines = [json.loads(line) for line in (EXAMPLE / "report.jsonl").read_text("ascii").splitlines()]
    places = [each for each in lines if each["event"]["dataset"] == "telemetry_audit.finding"]
    report = json.loads((EXAMPLE / "report.json").read_text())
    times = [place["time"] for finding in report["findings"] for place in finding["places"]]
    assert [each["@timestamp"] for each in places] == times
    assert Counter(each["event"]["kind"] for each in places)["alert"] == sum(
        len(finding["places"]) for finding in report["findings"] if finding["level"] == "breach"
    )
    assert len({each["event"]["id"] for each in lines if "id" in each["event"]}) == len(lines) - 1


def test_what_is_unread_stands_in_the_table_and_in_the_lines() -> None:
    report = many(Level.NOTE, 3)
    rows = list(csv.DictReader(io.StringIO(csv_table.render(report))))
    assert [row["host"] for row in rows if row["level"] == "unread"] == [f"host{each}.example" for each in range(3)]
    lines = [json.loads(line) for line in json_lines.render(report).splitlines()]
    assert [each["destination"]["domain"] for each in lines if each["event"]["kind"] == "pipeline_error"] == [
        f"host{each}.example" for each in range(3)
    ]


def test_a_table_is_not_empty_where_nothing_was_seen() -> None:
    (row,) = csv.DictReader(io.StringIO(csv_table.render(small())))
    assert (row["level"], row["says"]) == ("inconclusive", "no telemetry was seen, so nothing was shown about it")


def test_a_rule_over_all_that_was_seen_is_described_as_every_other() -> None:
    rules = {rule["id"]: rule for rule in _driver()["tool"]["driver"]["rules"]}
    for whole in WHOLES:
        assert rules[whole.id]["shortDescription"]["text"] == whole.title
        assert whole.promise in rules[whole.id]["help"]["text"]
    found = many(Level.DRIFT, 1)
    statement = replace(found.findings[0].statement, rule=WHOLES[0].id)
    report = replace(found, findings=(replace(found.findings[0], statement=statement),))
    assert [json.loads(line)["rule"]["name"] for line in json_lines.render(report).splitlines() if "rule" in json.loads(line)] == [WHOLES[0].title]  # fmt: skip


def test_a_large_baseline_is_one_line_and_one_notice() -> None:
    known = Acceptance("*", "*", "**", "known", where="baseline old.json", baseline=True)
    found = many(Level.DRIFT, 600)
    findings = tuple(replace(each, acceptance=known) for each in found.findings)
    report = replace(found, findings=findings, acceptances=(Applied(known, 600, expired=False),))
    text = markdown.render(report)
    assert "600 findings known since the `baseline old.json` (600 drift): not listed here, and no failure." in text
    assert "TA-" not in text
    notices = [line for line in workflow_commands.render(report).splitlines() if "title=Baseline" in line]
    assert notices == ["::notice title=Baseline::600 findings in the baseline old.json: 600 drift"]
    page = html.render(report)
    assert "600 findings: 600 drift" in page
    assert "TA-" not in page.replace("TA-…", "")


def test_markdown_has_what_only_the_whole_shows() -> None:
    text = (EXAMPLE / "report.md").read_text("utf-8")
    report = json.loads((EXAMPLE / "report.json").read_text())
    signs = text[text.index("### How often instances said that they run") :]
    for each in report["cadences"]:
        assert f"| `{each['event']}` | `{each['instance'][:8]}` |" in signs
    rests = text[text.index("### What this rests on") :]
    assert "Seen of the sides: server" in rests
    assert "Documented and not seen: " in rests


def test_the_csv_ends_its_lines_as_rfc_4180_says() -> None:
    lines = csv_table.render(many(Level.NOTE, 3)).split("\r\n")
    assert len(lines) == 1 + 3 + 3 + len(many(Level.NOTE, 3).inconclusive) + 1
    assert not any("\n" in line for line in lines)


def test_a_workflow_command_escapes_what_the_runner_reads() -> None:
    report = many(Level.BREACH, 1)
    statement = replace(report.findings[0].statement, promise="a,b:c", event="50% ##[error]x\n::set-output name=a::b")
    text = workflow_commands.render(replace(report, findings=(replace(report.findings[0], statement=statement),)))
    assert text.startswith(
        "::error title=breach%3A a%2Cb%3Ac::50%25 #\\x23[error]x\\x0a::set-output name=a::b /properties/"
    )
