"""What mitmproxy's own interfaces show of a flow that breaks a promise."""

from __future__ import annotations

from collections import Counter

from mitmproxy import flow as mitmflow

from telemetry_audit.model import Level, Observation, Occurrence, Statement

_MARK = ":red_circle:"
_MOST_TOLD = 5
_LONG = 1_000


def mark(flow: mitmflow.Flow, observation: Observation) -> None:
    """Mark a flow with a breach, its comment saying which rules and where, and nothing of what stands there."""
    breaches = [each for each in observation.findings if each.statement.level is Level.BREACH]
    if not breaches or len(flow.comment) > _LONG:
        return
    first: dict[Statement, Occurrence] = {}
    for each in breaches:
        first.setdefault(each.statement, each)
    times = Counter(each.statement for each in breaches)
    told = [_told(each, times[statement]) for statement, each in first.items()]
    more = [f"and {len(told) - _MOST_TOLD} more kinds"] if len(told) > _MOST_TOLD else []
    flow.marked = flow.marked or _MARK
    flow.comment = "; ".join(filter(None, (flow.comment, *told[:_MOST_TOLD], *more)))


def _told(occurrence: Occurrence, times: int) -> str:
    statement, place = occurrence
    more = f" and {times - 1} more places" if times > 1 else ""
    return f"breach of {statement.promise}: {place.where}{more} {statement.says} ({statement.rule}, {statement.id})"
