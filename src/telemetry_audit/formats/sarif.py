"""The report as SARIF 2.1.0, for code scanning and other viewers of findings (https://docs.oasis-open.org/sarif/sarif/v2.1.0/).

A finding is a result, its places are the result's locations. The recording is the artifact; event and pointer are the logical location; and since
GitHub wants a line, each place names the first of its recording. `partialFingerprints` hold the finding's id, which is the same in every
recording: as `telemetryAuditFinding/v1`, and as `primaryLocationLineHash`, the only key that GitHub looks at. An accepted finding is a note and
has a suppression. Against a baseline each result has a `baselineState` (3.27.24): `unchanged`, and then a note, if the baseline has the finding at
its level, else `new`; what only the baseline has is left out, and told by `compare`. An audit that is inconclusive has not been executed
successfully, and what was unread stands in its notifications; there is no exit code in it, since --fail-on decides on that.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from telemetry_audit.formats.clock import timestamp
from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.findings import counted, decision, sentence
from telemetry_audit.formats.sarif_words import LEVELS, SCHEMA, VERSION, message, relative_uri
from telemetry_audit.model import Finding, Place
from telemetry_audit.report import Input, Report

_MOST_RESULTS = 25_000
"""Results in a run; GitHub refuses a file with more."""


def render(report: Report) -> str:
    """The log file with one run, in ASCII, the same bytes for the same report."""
    return json.dumps({"$schema": SCHEMA, "version": VERSION, "runs": [_run(report)]}, indent=2) + "\n"


def _run(report: Report) -> dict[str, Any]:
    from telemetry_audit.formats.sarif_rules import descriptors  # noqa: PLC0415 - it loads the rules, which other formats do without

    rules = descriptors(report)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    artifacts = {item.name: number for number, item in enumerate(report.inputs)}
    document = report.terms.document or "any"
    known = _baseline(report)
    return {
        "tool": {
            "driver": {
                "name": "telemetry-audit",
                "version": report.terms.tool,
                "semanticVersion": report.terms.tool,
                "rules": rules,
                "properties": {"catalog_sha256": report.terms.catalog, "document": document},
            }
        },
        "automationDetails": {"id": f"telemetry-audit/{document}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "artifacts": [_artifact(item) for item in report.inputs],
        "results": [
            _result(finding, index, artifacts) | _state(finding, known) for finding in report.findings[:_MOST_RESULTS]
        ],
        "properties": {
            "promises": [
                {
                    "id": verdict.promise.id,
                    "verdict": verdict.verdict,
                    "looked_at": verdict.looked_at,
                    "limits": [shown(limit) for limit in verdict.limits],
                }
                for verdict in report.promises
            ],
        },
    }


def _invocation(report: Report) -> dict[str, Any]:
    return {
        "executionSuccessful": not report.inconclusive,
        "toolExecutionNotifications": [
            {"level": "warning", "message": message(text)} for text in _notifications(report)
        ],
    }


def _notifications(report: Report) -> Iterator[str]:
    yield from report.inconclusive
    for (recording, host, reason), count in Counter(
        (item.recording, item.host, item.reason) for item in report.unread
    ).items():
        yield f"{recording}, {host or 'unknown host'}: {reason} ({counted(count, 'exchange')})"
    more = len(report.findings) - _MOST_RESULTS
    if more > 0:
        yield f"{counted(more, 'finding')} left out, since no more than {_MOST_RESULTS:,} can be uploaded; the other formats have all"


def _artifact(item: Input) -> dict[str, Any]:
    return {
        "location": {"uri": relative_uri(item.name), "description": message(item.name)},
        "length": item.size,
        "roles": ["analysisTarget"],
        "hashes": {"sha-256": item.sha256},
        "properties": {
            "kind": item.kind,
            "exchanges": item.exchanges,
            "first": timestamp(item.first),
            "last": timestamp(item.last),
        },
    }


def _result(finding: Finding, rules: dict[str, int], artifacts: dict[str, int]) -> dict[str, Any]:
    statement, acceptance = finding.statement, finding.acceptance
    shapes = sorted({place.shape for place in finding.places})
    said = f"{sentence(finding)}, at {counted(finding.count, 'place')}: {shapes[0]}"
    return {
        "ruleId": statement.rule,
        "ruleIndex": rules[statement.rule],
        "level": "note" if acceptance else LEVELS[statement.level],
        "message": message(said + (f"; {decision(acceptance)}" if acceptance else "")),
        "locations": [_location(finding, place, artifacts) for place in finding.places],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{statement.id.removeprefix('TA-')}:1",
            "telemetryAuditFinding/v1": statement.id,
        },
        "occurrenceCount": finding.count,
        **(
            {"suppressions": [{"kind": "external", "status": "accepted", "justification": shown(decision(acceptance))}]}
            if acceptance and not acceptance.baseline
            else {}
        ),
        "properties": {"promise": statement.promise, "level": statement.level, "says": shown(statement.says)},
    }


def _baseline(report: Report) -> frozenset[str] | None:
    """The ids of the findings that an earlier report has at the same level, None without one."""
    return next((each.acceptance.ids for each in report.acceptances if each.acceptance.baseline), None)


def _state(finding: Finding, known: frozenset[str] | None) -> dict[str, str]:
    """How a result stands to the baseline: all of a run say it, or none."""
    return {} if known is None else {"baselineState": "unchanged" if finding.statement.id in known else "new"}


def _location(finding: Finding, place: Place, artifacts: dict[str, int]) -> dict[str, Any]:
    statement = finding.statement
    uri: dict[str, Any] = {"uri": relative_uri(place.input)}
    if place.input in artifacts:
        uri["index"] = artifacts[place.input]
    return {
        "physicalLocation": {"artifactLocation": uri, "region": {"startLine": 1}},
        "logicalLocations": [
            {
                "name": shown(statement.pointer.rpartition("/")[2]),
                "fullyQualifiedName": shown(f"{statement.event}#{statement.pointer}"),
                "kind": "property",
            }
        ],
        "message": message(f"exchange {place.exchange}, {place.where}: {place.shape}"),
        "properties": {
            "exchange": place.exchange,
            "where": shown(place.where),
            "message_id": None if place.message_id is None else shown(place.message_id),
            "fingerprint": place.fingerprint,
            "time": timestamp(place.time),
        },
    }
