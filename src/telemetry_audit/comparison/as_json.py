"""A comparison as JSON, for programs; `schemas/comparison.schema.json` describes it."""

from __future__ import annotations

import json
from typing import Any

from telemetry_audit import __version__
from telemetry_audit.comparison.changes import Comparison, FindingChange, Rate
from telemetry_audit.comparison.rates import Measure
from telemetry_audit.comparison.silence import Silence
from telemetry_audit.comparison.told import Found, Told
from telemetry_audit.formats.clock import timestamp

VERSION = 1
"""Raised when a field is taken away or changes its meaning; new fields do not raise it."""


def comparison_json(comparison: Comparison) -> str:
    """What changed, as a JSON text in ASCII, the same bytes for the same comparison."""
    return _text(
        {
            **_head("changes"),
            "before": _side(comparison.before),
            "after": _side(comparison.after),
            "new_breaches": [change.found.id for change in comparison.breaches],
            "inconclusive": list(comparison.inconclusive),
            "promises": [
                {
                    "id": each.promise,
                    "title": each.title,
                    "before": each.before and str(each.before),
                    "after": each.after and str(each.after),
                }
                for each in comparison.promises
            ],
            "findings": [_finding(change) for change in comparison.findings],
            "fields": [
                {"change": str(each.change), "pointer": each.pointer, "events": list(each.events)}
                for each in comparison.fields
            ],
            "events": [each._asdict() | {"change": str(each.change)} for each in comparison.events],
            "destinations": [each._asdict() | {"change": str(each.change)} for each in comparison.destinations],
            "rates": [_rate(each) for each in comparison.rates],
            "limits": list(comparison.limits),
        }
    )


def silence_json(silence: Silence) -> str:
    """What stopped and what went on, as a JSON text in ASCII."""
    return _text(
        {
            **_head("silence"),
            "on": _side(silence.on),
            "off": _side(silence.off),
            "broken": silence.broken,
            "inconclusive": list(silence.inconclusive),
            "events": [each._asdict() | {"outcome": _word(each.outcome.name)} for each in silence.events],
            "destinations": [each._asdict() | {"outcome": _word(each.outcome.name)} for each in silence.destinations],
            "limits": list(silence.limits),
        }
    )


def _head(kind: str) -> dict[str, Any]:
    return {"version": VERSION, "tool": {"name": "telemetry-audit", "version": __version__}, "compares": kind}


def _side(told: Told) -> dict[str, Any]:
    return {
        "tool": told.tool.version,
        "catalog_sha256": told.tool.catalog_sha256,
        "document": told.document,
        "inputs": [
            {
                "name": item.name,
                "kind": item.kind,
                "sha256": item.sha256,
                "first": timestamp(item.first.timestamp() if item.first else None),
                "last": timestamp(item.last.timestamp() if item.last else None),
            }
            for item in told.inputs
        ],
        "exchanges": told.coverage.exchanges,
        "unread": told.coverage.unread,
        "events": told.coverage.events,
    }


def _finding(change: FindingChange) -> dict[str, Any]:
    found = change.found
    return {
        "change": str(change.change),
        "id": found.id,
        "rule": found.rule,
        "promise": found.promise,
        "event": found.event,
        "pointer": found.pointer,
        "says": found.says,
        "before": _standing(change.before),
        "after": _standing(change.after),
        "new_breach": change.breaks,
        "accepted": change.passed,
        "why": list(change.why),
    }


def _standing(found: Found | None) -> dict[str, Any] | None:
    return {"level": str(found.level), "count": found.count} if found else None


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "name": rate.name,
        "vendor": rate.vendor,
        "before": _measure(rate.before),
        "after": _measure(rate.after),
        "notable": rate.notable,
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {"events": measure.number, "hours": round(measure.exposure, 3)}


def _word(name: str) -> str:
    return name.lower().replace("_", " ")


def _text(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2) + "\n"
