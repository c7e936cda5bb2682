"""The findings for a SIEM: a JSON object a line, in the fields of the Elastic Common Schema (ECS) 8.11.

ECS and not OCSF: its fields are words that a person reads without a table of class and type numbers, Elastic and OpenSearch take them as they
are, others map them, and OpenTelemetry builds on them (https://www.elastic.co/docs/reference/ecs). What ECS has no field for stands under
`telemetry_audit`, as it asks of custom fields.

`event.dataset` tells the lines apart: first the audit as a whole (`event.kind` state), then each place of a finding, then each thing that is
unread (pipeline_error). A place is an alert if it fails a run, so for a breach that nobody accepted and no baseline has; else it is an event.
`@timestamp` is when it left, not when it was found; where the recording has no time, there is none. There is no `event.outcome`: whether what left
also arrived, nobody saw.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from telemetry_audit.formats.clock import timestamp
from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.findings import decision, headline, sentence
from telemetry_audit.model import Acceptance, Finding, Level, Place, Unread, Verdict
from telemetry_audit.report import Input, Report

_ECS = "8.11.0"
_MODULE = "telemetry_audit"
_SEVERITY = {Level.BREACH: 73, Level.DRIFT: 47, Level.NOTE: 21}
"""The scores that Elastic's own rules give to high, medium and low (https://www.elastic.co/docs/solutions/security/detect-and-alert)."""


def render(report: Report) -> str:
    """The lines, in ASCII, the same bytes for the same report."""
    return "".join(json.dumps(_clean(line), separators=(",", ":")) + "\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[dict[str, Any]]:
    from telemetry_audit.rules import RULES  # noqa: PLC0415 - other formats do without the rules
    from telemetry_audit.wholes import WHOLES  # noqa: PLC0415

    names = {rule.id: rule.title for rule in RULES} | {whole.id: whole.title for whole in WHOLES}
    inputs = {item.name: item for item in report.inputs}
    yield _audit(report)
    for finding in report.findings:
        for place in finding.places:
            yield _place(report, finding, place, names, inputs)
    for item in report.unread:
        yield _unread(report, item, inputs)


def _common(report: Report, dataset: str, kind: str, time: float | None, **event: Any) -> dict[str, Any]:
    return {
        "@timestamp": timestamp(time),
        "ecs": {"version": _ECS},
        "event": {"kind": kind, "module": _MODULE, "dataset": f"{_MODULE}.{dataset}", **event},
        "observer": {"product": "telemetry-audit", "type": "sensor", "version": report.terms.tool},
    }


def _audit(report: Report) -> dict[str, Any]:
    seen = report.coverage
    last = max((item.last for item in report.inputs if item.last is not None), default=None)
    return _common(report, "audit", "state", last, category=["network"], type=["info"]) | {
        "message": headline(report),
        _MODULE: {
            "document": report.terms.document or "any",
            "coverage": {
                "exchanges": seen.exchanges,
                "judged": seen.judged,
                "ignored": seen.ignored,
                "unread": seen.unread,
                "events": seen.events,
            },
            "inconclusive": list(report.inconclusive),
            "promises": {
                verdict.replace(" ", "_"): [each.promise.id for each in report.promises if each.verdict is verdict]
                for verdict in Verdict
            },
        },
    }


def _place(
    report: Report, finding: Finding, place: Place, names: dict[str, str], inputs: dict[str, Input]
) -> dict[str, Any]:
    statement, acceptance = finding.statement, finding.acceptance
    kind = "alert" if statement.level is Level.BREACH and acceptance is None else "event"
    identity = _id(statement.id, place.input, place.exchange, place.where)
    event = {
        "id": identity,
        "code": statement.id,
        "category": ["network"],
        "type": ["info"],
        "severity": _SEVERITY[Level.NOTE if acceptance else statement.level],
    }
    return _common(report, "finding", kind, place.time, **event) | {
        "message": sentence(finding),
        "rule": {
            "id": statement.rule,
            "name": names.get(statement.rule, statement.rule),
            "category": statement.promise,
            "ruleset": report.terms.document or "any",
        },
        "file": _file(place.input, inputs),
        _MODULE: {
            "level": statement.level,
            "accepted": acceptance is not None and not acceptance.baseline,
            "acceptance": _acceptance(acceptance),
            "event": statement.event,
            "pointer": statement.pointer,
            "count": finding.count,
            "exchange": place.exchange,
            "where": place.where,
            "message_id": place.message_id,
            "shape": place.shape,
            "fingerprint": place.fingerprint,
        },
    }


def _acceptance(acceptance: Acceptance | None) -> dict[str, Any] | None:
    if acceptance is None:
        return None
    until = acceptance.until.isoformat() if acceptance.until else None
    return {
        "says": decision(acceptance),
        "reason": acceptance.reason,
        "who": acceptance.who or None,
        "until": until,
        "baseline": acceptance.baseline,
    }


def _unread(report: Report, item: Unread, inputs: dict[str, Input]) -> dict[str, Any]:
    identity = _id("unread", item.recording, item.number, item.host, item.reason)
    return _common(report, "unread", "pipeline_error", None, id=identity) | {
        "message": f"could not be read: {item.reason}",
        "error": {"message": item.reason},
        "destination": {"domain": item.host or None},
        "file": _file(item.recording, inputs),
        _MODULE: {"exchange": item.number},
    }


def _file(name: str, inputs: dict[str, Input]) -> dict[str, Any]:
    known = inputs.get(name)
    return {"path": name, "hash": {"sha256": known.sha256 if known else None}}


def _id(*parts: object) -> str:
    """An id for a line that is the same in every report on the same recordings, so that a line that is sent twice is stored once."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32]


def _clean(value: Any) -> Any:
    """`value` with every text as a terminal may show it, and without the members that say nothing."""
    if isinstance(value, dict):
        cleaned = {key: _clean(member) for key, member in value.items()}
        return {key: member for key, member in cleaned.items() if member is not None and member != {}}
    if isinstance(value, list):
        return [_clean(member) for member in value]
    return shown(value) if isinstance(value, str) else value
