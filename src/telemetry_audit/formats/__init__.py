"""Report to text, one file a format; adding one is a file with `render(report) -> str` and a line in this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from telemetry_audit.formats import json_report, text
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
)

__all__ = ["FORMATS", "Format"]
