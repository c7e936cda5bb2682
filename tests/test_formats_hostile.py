"""No text from outside acts in a report: it links, mentions, runs, breaks out and hides nothing, whatever it is."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt

from telemetry_audit.formats import csv_table, json_lines, junit, markdown, sarif, workflow_commands
from telemetry_audit.formats.escape import shown
from telemetry_audit.model import Verdict
from telemetry_audit.report import Report
from tests.hostile_reports import reports

slowly = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])

_GITHUB = MarkdownIt("gfm-like", {"html": True})
_PLAIN_TOKENS = {
    "heading", "paragraph", "bullet_list", "list_item", "table", "thead", "tbody", "tr", "th", "td", "inline", "text", "code_inline", "strong",
}  # fmt: skip
_GITHUB_LINKS = re.compile(r"[@#<>\[\]_*~$]|://|www\.|GH-\d|\b[0-9a-f]{7,}\b|:\w+:", re.IGNORECASE)


@pytest.mark.parametrize("form", [markdown, csv_table, junit, sarif, workflow_commands, json_lines])
@settings(slowly, max_examples=15)
@given(report=reports())
def test_any_report_can_be_written_in_utf_8_and_is_the_same_twice(form: Any, report: Report) -> None:
    assert form.render(report).encode() == form.render(report).encode()


@slowly
@given(reports())
def test_markdown_holds_nothing_but_headings_lists_tables_words_and_code(report: Report) -> None:
    tokens = _GITHUB.parse(markdown.render(report))
    inline = [child for token in tokens for child in token.children or ()]
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in (*tokens, *inline)}
    assert kinds <= _PLAIN_TOKENS
    words = [child.content for child in inline if child.type == "text"]
    assert [text for text in words if _GITHUB_LINKS.search(text)] == []


@slowly
@given(reports())
def test_every_row_of_a_markdown_table_has_the_cells_of_its_header(report: Report) -> None:
    lines = markdown.render(report).splitlines()
    bars = 0
    for before, line in zip(["", *lines], lines, strict=False):
        if line.startswith("|"):
            bars = bars if before.startswith("|") else line.count("|")
            assert line.count("|") == bars
    assert all(line == "" or line[0] in "|*#" or line[0].isalnum() or line[0] == "`" for line in lines)


@slowly
@given(reports())
def test_no_cell_of_the_csv_begins_a_formula_in_any_locale(report: Report) -> None:
    text = csv_table.render(report)
    for delimiter in ",;\t|":
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            assert [cell for cell in cells if re.match(r"[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]", cell)] == []
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    places = [place for finding in report.findings for place in finding.places]
    assert len(rows) == len(places) + len(report.unread) + len(report.inconclusive)
    for row, place in zip(rows, places, strict=False):
        assert row["where"].replace("'", "") == shown(place.where).replace("'", "")
        assert None not in row
        assert None not in row.values()


@slowly
@given(reports())
def test_junit_is_well_formed_and_counts_what_it_says(report: Report) -> None:
    root = ET.fromstring(junit.render(report))  # noqa: S314 - the text is ours, and that it is harmless is what is tested
    suite = root[0]
    for outcome, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert len(suite.findall(f"testcase/{outcome}")) == int(suite.get(name, ""))
    cases = {case.get("name", "").partition(":")[0]: case for case in suite.iter("testcase")}
    assert len(cases) == len(report.promises) + 1 == int(suite.get("tests", ""))
    for verdict in report.promises:
        passed = not {child.tag for child in cases[verdict.promise.id]} & {"failure", "error", "skipped"}
        assert passed is (verdict.verdict is Verdict.KEPT)
    assert (suite.find("testcase/error") is not None) is bool(report.inconclusive)
    for finding in report.findings:
        lines = "\n".join(suite.itertext()).splitlines()
        assert any(finding.statement.id in line and shown(finding.statement.event) in line for line in lines)


@slowly
@given(reports())
def test_sarif_says_texts_as_they_are_and_names_files_by_relative_uris(report: Report) -> None:
    run = json.loads(sarif.render(report))["runs"][0]
    assert len(run["results"]) == len(report.findings)
    for result, finding in zip(run["results"], report.findings, strict=True):
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == finding.statement.rule
        said = result["message"]["text"]
        assert re.search(r"(?<!\\)(?:\\\\)*[\[\]]", said) is None
        assert re.fullmatch(r"(?:[^{}]|\{\{|\}\})*", said)
        plain = re.sub(r"\\([\\\[\]])", r"\1", said).replace("{{", "{").replace("}}", "}")
        assert shown(finding.statement.event) in plain
        for location in result["locations"]:
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            parts = urlsplit(uri)
            assert uri.isascii()
            assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
            assert not {"", ".", ".."} & set(unquote(uri).split("/")) or "%2F" in uri.upper()
    assert run["invocations"][0]["executionSuccessful"] is not bool(report.inconclusive)


@slowly
@given(reports())
def test_a_workflow_command_is_one_line_that_starts_nothing_else(report: Report) -> None:
    text = workflow_commands.render(report)
    lines = text.splitlines()
    assert len(lines) == text.count("\n")
    assert "##[" not in text
    for line in lines:
        assert re.fullmatch(r"::(?:error|warning|notice) title=[^:,]*::.*", line)
        assert re.fullmatch(r"(?:[^%]|%(?:25|3A|2C))*", line)
    for level in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{level} ") for line in lines) <= workflow_commands.MOST


@slowly
@given(reports())
def test_every_line_for_a_siem_is_an_object_of_printable_text(report: Report) -> None:
    lines = json_lines.render(report).splitlines()
    assert len(lines) == 1 + sum(len(finding.places) for finding in report.findings) + len(report.unread)
    for line in lines:
        told = json.loads(line)
        assert told["ecs"]["version"]
        assert json.dumps(told, ensure_ascii=False).encode()
        assert line.isascii()


@slowly
@given(reports())
def test_an_accepted_finding_is_marked_everywhere_and_fails_nowhere(report: Report) -> None:
    passed = {each.statement.id for each in report.findings if each.acceptance}
    alerts = [json.loads(line) for line in json_lines.render(report).splitlines()]
    assert not passed & {each["event"]["code"] for each in alerts if each["event"]["kind"] == "alert"}
    results = json.loads(sarif.render(report))["runs"][0]["results"]
    marked = {each["partialFingerprints"]["telemetryAuditFinding/v1"] for each in results if "suppressions" in each}
    assert marked == passed
    assert {each["level"] for each in results if "suppressions" in each} <= {"note"}
    commands = workflow_commands.render(report).splitlines()
    assert not [line for line in commands if line.startswith("::error") and any(id_ in line for id_ in passed)]
    failures = "".join(each.text or "" for each in ET.fromstring(junit.render(report)).iter("failure"))  # noqa: S314
    assert not [id_ for id_ in passed if id_ in failures]
    assert {
        row["finding"] for row in csv.DictReader(io.StringIO(csv_table.render(report))) if row["accepted"] == "yes"
    } == passed
    assert all(id_ in markdown.render(report).partition("### Accepted")[2] for id_ in passed)
