"""The report as JSON, for programs; `schemas/report.schema.json` describes it."""

from __future__ import annotations

import json
from typing import Any

from telemetry_audit.anonymity import Anonymity
from telemetry_audit.formats.clock import timestamp
from telemetry_audit.model import Acceptance, Finding, Unread
from telemetry_audit.report import Applied, PromiseVerdict, Report
from telemetry_audit.tally import Instance

VERSION = 1
"""Raised when a field is taken away or changes its meaning; new fields do not raise it."""


def render(report: Report) -> str:
    """The report as a JSON text in ASCII, the same bytes for the same report."""
    return json.dumps(as_data(report), indent=2) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    terms = report.terms
    return {
        "version": VERSION,
        "tool": {"name": "telemetry-audit", "version": terms.tool, "catalog_sha256": terms.catalog},
        "document": terms.document or "any",
        "deployment": {
            "configuration": terms.configuration,
            "server_addresses": "given"
            if terms.server_addresses
            else "learnt"
            if report.addresses.learnt
            else "unknown",
            "telemetry": {True: "on", False: "off", None: "unknown"}[terms.telemetry],
            "own_hosts": terms.own_hosts,
            "canaries": terms.canaries,
            "known_users": terms.known_users,
            "known_values": terms.known_values,
            "known_values_left_out": terms.skipped,
            "domains": terms.domains,
        },
        "inputs": [
            {
                "name": item.name,
                "kind": item.kind,
                "sha256": item.sha256,
                "size": item.size,
                "exchanges": item.exchanges,
                "first": timestamp(item.first),
                "last": timestamp(item.last),
            }
            for item in report.inputs
        ],
        "coverage": {
            "exchanges": report.coverage.exchanges,
            "judged": report.coverage.judged,
            "ignored": report.coverage.ignored,
            "unread": report.coverage.unread,
            "events": report.coverage.events,
            "pings": report.coverage.pings,
            "sides": [str(side) for side in report.coverage.sides],
        },
        "inconclusive": list(report.inconclusive),
        "promises": [_promise(verdict) for verdict in report.promises],
        "findings": [_finding(finding) for finding in report.findings],
        "unread": [_unread(item) for item in report.unread],
        "acceptances": [_applied(each) for each in report.acceptances],
        "as_of": report.as_of.isoformat() if report.as_of else None,
        "anonymity": _anonymity(report.anonymity),
        **_whole(report),
        "instances": [_instance(each) for each in report.instances],
        "more_instances": report.more_instances,
        "timeline": _timeline(report),
        "crossings": [
            {**destined._asdict(), "purpose": purpose, "events": count}
            for (destined, purpose), count in report.crossings
        ],
        "events": [
            {
                "name": brief.name,
                "vendor": brief.vendor,
                "side": str(brief.side),
                "documented": brief.documented,
                "purpose": brief.purpose,
                "count": count,
            }
            for brief, count in report.events
        ],
        "destinations": [
            {"host": seen.host, "destination": seen.destination, "exchanges": count}
            for seen, count in report.destinations
        ],
        "ignored": [
            {"host": seen.host, "destination": seen.destination, "exchanges": count} for seen, count in report.ignored
        ],
    }


def _whole(report: Report) -> dict[str, Any]:
    """What only the whole of the recordings shows."""
    return {
        "cadences": [each._asdict() | {"verdict": str(each.verdict)} for each in report.cadences],
        "sides": [
            {
                "side": str(each.side),
                "events": each.events,
                "sources": [source._asdict() for source in each.sources],
                "promises": list(each.promises),
            }
            for each in report.sides
        ],
        "unseen": [
            each._asdict() | {"side": str(each.side), "editions": list(each.editions)} for each in report.unseen
        ],
        "editions": [
            each._asdict() | {"verdict": None if each.verdict is None else str(each.verdict)}
            for each in report.editions
        ],
    }


def _anonymity(picture: Anonymity) -> dict[str, Any]:
    return {
        "people": picture.people,
        "fields": [each._asdict() for each in picture.fields],
        "pairs": [{"pointers": list(each.pointers), "singled_out": each.singled_out} for each in picture.pairs],
        "joins": [each._asdict() for each in picture.joins],
        "shared_browsers": picture.shared_browsers,
        "listed_users": picture.listed,
        "listed_users_with_several_ids": picture.several_ids,
        "limits": list(picture.limits),
    }


def _instance(instance: Instance) -> dict[str, Any]:
    return {
        "fingerprint": instance.fingerprint,
        "events": instance.events,
        "sides": [{"side": str(side), "events": events} for side, events in instance.sides],
        "breaches": instance.breaches,
        "drift": instance.drift,
        "notes": instance.notes,
        "broken": list(instance.broken),
        "recordings": list(instance.recordings),
        "more_recordings": instance.more,
        "first": timestamp(instance.first),
        "last": timestamp(instance.last),
    }


def _timeline(report: Report) -> dict[str, Any]:
    return {
        "width": report.timeline.width,
        "untimed": report.timeline.untimed,
        "bins": [
            {"start": timestamp(each.start), "purpose": each.purpose, "events": each.events}
            for each in report.timeline.bins()
        ],
    }


def _applied(applied: Applied) -> dict[str, Any]:
    return _acceptance(applied.acceptance) | {"findings": applied.findings, "expired": applied.expired}


def _acceptance(acceptance: Acceptance) -> dict[str, Any]:
    return {
        "rule": acceptance.rule,
        "event": acceptance.event,
        "pointer": acceptance.pointer,
        "finding": next(iter(acceptance.ids)) if len(acceptance.ids) == 1 and not acceptance.baseline else None,
        "level": str(acceptance.level),
        "reason": acceptance.reason,
        "who": acceptance.who,
        "until": acceptance.until.isoformat() if acceptance.until else None,
        "where": acceptance.where,
        "baseline": acceptance.baseline,
    }


def _promise(verdict: PromiseVerdict) -> dict[str, Any]:
    return {
        "id": verdict.promise.id,
        "title": verdict.promise.title,
        "verdict": str(verdict.verdict),
        "looked_at": verdict.looked_at,
        "breaches": verdict.breaches,
        "drift": verdict.drift,
        "notes": verdict.notes,
        "documents": [
            {"edition": citation.edition, "heading": citation.heading} for citation in verdict.promise.documents
        ],
        "limits": list(verdict.limits),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    statement = finding.statement
    return {
        "id": statement.id,
        "rule": statement.rule,
        "promise": statement.promise,
        "level": str(statement.level),
        "event": statement.event,
        "pointer": statement.pointer,
        "says": statement.says,
        "count": finding.count,
        "places": [
            {
                "input": place.input,
                "exchange": place.exchange,
                "where": place.where,
                "event": place.event,
                "message_id": place.message_id,
                "shape": place.shape,
                "fingerprint": place.fingerprint,
                "time": timestamp(place.time),
            }
            for place in finding.places
        ],
        "places_omitted": finding.count - len(finding.places),
        "acceptance": _acceptance(finding.acceptance) if finding.acceptance else None,
    }


def _unread(item: Unread) -> dict[str, Any]:
    return {"input": item.recording, "exchange": item.number, "host": item.host, "reason": item.reason}
