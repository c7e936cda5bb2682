"""The report for an auditor: one HTML page that needs no script, no network and no second file."""

from __future__ import annotations

from telemetry_audit.report import Report


def render(report: Report) -> str:
    """The report as an HTML page in UTF-8, the same text for the same report."""
    from telemetry_audit.formats.html.page import page  # noqa: PLC0415 - Jinja is loaded when a page is asked for

    return page(report)


__all__ = ["render"]
