"""The findings as a table for a spreadsheet: RFC 4180, UTF-8, a row for each place, for each thing that is unread, and for what else is missing.

A row a place and not a finding: whoever filters or pivots wants to see when and where each value left, and `count` still says how often the
finding holds where not all of its places are kept. What nobody could read has rows too, of the level `unread`, and so has each reason why the
audit is inconclusive, so that an empty table means that telemetry was seen, nothing was found in it and nothing was left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from telemetry_audit.formats.clock import timestamp
from telemetry_audit.formats.escape import shown
from telemetry_audit.model import Acceptance, Finding, Place
from telemetry_audit.report import Report

type Row = dict[str, str | int]

HEADERS = (
    "level", "accepted", "finding", "rule", "promise", "event", "pointer", "says", "count", "input", "exchange",
    "where", "host", "message_id", "shape", "fingerprint", "time", "reason", "who", "until",
)  # fmt: skip

_FORMULA = re.compile(r"""(^|[\s"',;|])(?=[=+\-@\uff1d\uff0b\uff0d\uff20])""")
"""Where a spreadsheet may see a formula begin: at a cell's start, or after what some locale takes for the end of a cell or of a quotation;
the last four are the wide forms of the first, which East Asian versions take too.

As OWASP has it (https://owasp.org/www-community/attacks/CSV_Injection). A tab or a carriage return cannot stand there: `shown` writes them out.
"""


def render(report: Report) -> str:
    """The table, every cell in quotes; a cell in which a formula might begin has an apostrophe before that."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADERS, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for row in _rows(report):
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue()


def _rows(report: Report) -> Iterator[Row]:
    for finding in report.findings:
        known = _finding(finding)
        for place in finding.places:
            yield known | _place(place)
    for item in report.unread:
        yield {
            "level": "unread",
            "says": item.reason,
            "input": item.recording,
            "exchange": item.number,
            "host": item.host,
        }
    for reason in report.inconclusive:
        yield {"level": "inconclusive", "says": reason}


def _finding(finding: Finding) -> Row:
    statement = finding.statement
    return {
        "level": statement.level,
        "finding": statement.id,
        "rule": statement.rule,
        "promise": statement.promise,
        "event": statement.event,
        "pointer": statement.pointer,
        "says": statement.says,
        "count": finding.count,
        **_acceptance(finding.acceptance),
    }


def _acceptance(acceptance: Acceptance | None) -> Row:
    if acceptance is None:
        return {"accepted": "no"}
    return {
        "accepted": "baseline" if acceptance.baseline else "yes",
        "reason": acceptance.reason,
        "who": acceptance.who,
        "until": acceptance.until.isoformat() if acceptance.until else "",
    }


def _place(place: Place) -> Row:
    return {
        "input": place.input,
        "exchange": place.exchange,
        "where": place.where,
        "message_id": place.message_id or "",
        "shape": place.shape,
        "fingerprint": place.fingerprint,
        "time": timestamp(place.time) or "",
    }


def _cell(value: str | int) -> str:
    return str(value) if isinstance(value, int) else _FORMULA.sub(r"\1'", shown(value))
