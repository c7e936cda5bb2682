"""What a report tells, as far as two are compared: read from a JSON report, or taken from one that was just made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from telemetry_audit.catalog.own import departure
from telemetry_audit.formats.json_report import VERSION, as_data
from telemetry_audit.model import Acceptance, Level, Statement, Verdict
from telemetry_audit.report import Report

LARGEST = 1 << 28
"""Bytes of a JSON report; that of a hundred thousand findings has less."""

ANY = "any"
"""The document of a report that was held against every edition."""


class NotAReport(ValueError):
    """The file is no JSON report that can be used; the argument is a sentence without a name, which holds nothing of the file."""


class Tool(msgspec.Struct, frozen=True):
    """Which program made the report, and the SHA-256 of what Appsmith says as it knew it."""

    version: str
    catalog_sha256: str


class Known(msgspec.Struct, frozen=True):
    """What the operator had told: whether telemetry is on, the server's addresses, and how many values."""

    server_addresses: str
    telemetry: str
    own_hosts: int
    canaries: int
    known_users: int
    known_values: int
    domains: int


class Source(msgspec.Struct, frozen=True):
    """A recording or journal that the report is on."""

    name: str
    kind: str
    sha256: str
    first: datetime | None
    last: datetime | None


class Seen(msgspec.Struct, frozen=True):
    """How much was seen."""

    exchanges: int
    unread: int
    events: int
    pings: int


class Judged(msgspec.Struct, frozen=True):
    """A promise and its verdict."""

    id: str
    title: str
    verdict: Verdict


class Decided(msgspec.Struct, frozen=True):
    """The decision that covered a finding when the report was made."""

    until: date | None
    baseline: bool = False


class Found(msgspec.Struct, frozen=True):
    """A finding, without its places."""

    id: str
    rule: str
    promise: str
    level: Level
    event: str
    pointer: str
    says: str
    count: int
    acceptance: Decided | None = None

    @property
    def statement(self) -> Statement:
        """What it says, as decisions are held against it."""
        return Statement(self.id, self.rule, self.promise, self.level, self.event, self.pointer, self.says)


class Sent(msgspec.Struct, frozen=True):
    """An event, by name, vendor and side, and how often it was seen."""

    name: str
    vendor: str
    side: str
    documented: bool
    purpose: str
    count: int


class Reached(msgspec.Struct, frozen=True):
    """A destination, and how many exchanges went there."""

    host: str
    destination: str
    exchanges: int


class Crossed(msgspec.Struct, frozen=True):
    """How many events of a purpose went to a destination."""

    host: str
    destination: str
    purpose: str
    events: int


class Timed(msgspec.Struct, frozen=True):
    """How many events have no time."""

    untimed: int = 0


class Told(msgspec.Struct, frozen=True):
    """A report, as far as two are compared."""

    tool: Tool
    document: str
    deployment: Known
    inputs: tuple[Source, ...]
    coverage: Seen
    inconclusive: tuple[str, ...]
    promises: tuple[Judged, ...]
    findings: tuple[Found, ...]
    events: tuple[Sent, ...]
    destinations: tuple[Reached, ...]
    crossings: tuple[Crossed, ...]
    timeline: Timed = Timed()

    @property
    def hours(self) -> float | None:
        """How many hours its recordings span, those that several do counted once; None where an event has no time."""
        spans = sorted((item.first, item.last) for item in self.inputs if item.first and item.last)
        if not spans or self.timeline.untimed:
            return None
        total, end = 0.0, spans[0][0]
        for first, last in spans:
            if last > end:
                total += (last - max(first, end)).total_seconds()
                end = last
        return total / 3600


def read_told(path: Path) -> Told:
    """The JSON report at `path`. Raises NotAReport, and OSError as reading does."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NotAReport(f"it has more than {LARGEST:,} bytes, so it is no report of telemetry-audit.")
    try:
        data = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        raise NotAReport("it is no JSON, so no JSON report of telemetry-audit (`check -o report.json`).") from None
    if not _is_ours(data):
        raise NotAReport("it is JSON, and no report of telemetry-audit (`check -o report.json`).")
    again = "Make it again with this version of telemetry-audit."
    if data.get("version") != VERSION:
        raise NotAReport(f"it is a report of another version than {VERSION}, which this program reads. {again}")
    if where := departure(data, "report"):
        raise NotAReport(f"it departs from schemas/report.schema.json, at {where}. {again}")
    try:
        return msgspec.convert(data, Told)
    except msgspec.ValidationError:
        raise NotAReport(f"it lacks a part, or has a time or a day that is none. {again}") from None


def told_of(report: Report) -> Told:
    """What a report tells that was just made, the same as if it had been written and read."""
    return msgspec.convert(as_data(report), Told)


def baseline(before: Told, report: Report, name: str) -> Acceptance:
    """What an earlier report named `name` knows of a later one: the findings of both that have the same level, as if they had been accepted."""
    known = {(finding.id, finding.level) for finding in before.findings}
    statements = (finding.statement for finding in report.findings)
    return _baseline(name, (each.id for each in statements if (each.id, each.level) in known), Level.BREACH)


def findings_of(before: Told, name: str) -> Iterator[Acceptance]:
    """What an earlier report named `name` knows, level by level, where there is no later one yet."""
    for level in Level:
        if ids := [each.id for each in before.findings if each.level is level]:
            yield _baseline(name, ids, level)


def _baseline(name: str, ids: Iterable[str], level: Level) -> Acceptance:
    reason = "known since the baseline"
    return Acceptance("*", "*", "**", reason, where=f"baseline {name}", ids=frozenset(ids), baseline=True, level=level)


def span(hours: float) -> str:
    """How long that is, in words."""
    return f"{hours * 60:,.0f} minutes" if hours < 1 else f"{hours:,.1f} hours"


def edition(document: str) -> str:
    """The edition of that id, or every one, in words."""
    return "every edition of the documents" if document == ANY else f"the edition {document}"


def _is_ours(data: Any) -> bool:
    tool = data.get("tool") if isinstance(data, dict) else None
    return isinstance(tool, dict) and tool.get("name") == "telemetry-audit"
