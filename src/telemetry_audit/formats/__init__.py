"""Report to text, one file a format; adding one is a file with `render(report) -> str` and a line in this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from telemetry_audit.formats import (
    csv_table,
    html,
    json_lines,
    json_report,
    junit,
    markdown,
    sarif,
    text,
    workflow_commands,
)
from telemetry_audit.report import Report


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its id, what it is for, the suffixes of files that are written in it, and its pure function."""

    id: str
    says: str
    suffixes: tuple[str, ...]
    render: Callable[[Report], str]


FORMATS: tuple[Format, ...] = (
    Format("text", "for a terminal, to be read in half a minute", (".txt",), text.render),
    Format(
        "json", "for programs: everything, as schemas/report.schema.json describes it", (".json",), json_report.render
    ),
    Format("html", "for an auditor: one page, which needs no script and no network", (".html", ".htm"), html.render),
    Format("markdown", "for a pull request's comment or a job's summary", (".md", ".markdown"), markdown.render),
    Format("csv", "for a spreadsheet: a row for each place of a finding", (".csv",), csv_table.render),
    Format("junit", "for a CI server's test report: a promise is a test case", (".junit.xml", ".xml"), junit.render),
    Format("sarif", "for code scanning: SARIF 2.1.0", (".sarif", ".sarif.json"), sarif.render),
    Format(
        "annotations",
        "for GitHub Actions: workflow commands that annotate a run",
        (".annotations.txt",),
        workflow_commands.render,
    ),
    Format(
        "jsonl", "for a SIEM: a line for each place, in the fields of ECS", (".jsonl", ".ndjson"), json_lines.render
    ),
)

__all__ = ["FORMATS", "Format"]
