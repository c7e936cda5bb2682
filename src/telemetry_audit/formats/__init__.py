"""Report to text, one file a format; adding one is a file with `render(report) -> str` and a line in this list."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whatever a command says is escaped by this room, and few commands need all that a report is made of
    from telemetry_audit.report import Report


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its id, what it is for, the suffixes of files that are written in it, and the file of this folder that renders it."""

    id: str
    says: str
    suffixes: tuple[str, ...]
    module: str

    def render(self, report: Report) -> str:
        """The report as a text. The file is loaded here, since a run wants one format and need not pay for the libraries of nine."""
        text: str = import_module(f"{__name__}.{self.module}").render(report)
        return text


FORMATS: tuple[Format, ...] = (
    Format("text", "for a terminal, to be read in half a minute", (".txt",), "text"),
    Format("json", "for programs: everything, as schemas/report.schema.json describes it", (".json",), "json_report"),
    Format("html", "for an auditor: one page, which needs no script and no network", (".html", ".htm"), "html"),
    Format("markdown", "for a pull request's comment or a job's summary", (".md", ".markdown"), "markdown"),
    Format("csv", "for a spreadsheet: a row for each place of a finding", (".csv",), "csv_table"),
    Format("junit", "for a CI server's test report: a promise is a test case", (".junit.xml", ".xml"), "junit"),
    Format("sarif", "for code scanning: SARIF 2.1.0", (".sarif", ".sarif.json"), "sarif"),
    Format(
        "annotations",
        "for GitHub Actions: workflow commands that annotate a run",
        (".annotations.txt",),
        "workflow_commands",
    ),
    Format("jsonl", "for a SIEM: a line for each place, in the fields of ECS", (".jsonl", ".ndjson"), "json_lines"),
)

__all__ = ["FORMATS", "Format"]
