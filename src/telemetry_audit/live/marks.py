"""What mitmproxy's own interfaces show of a flow that breaks a promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from mitmproxy import flow as mitmflow

from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.findings import decision
from telemetry_audit.model import Acceptance, Level, Observation, Occurrence, Statement

_MARK = ":red_circle:"
_MOST_TOLD = 5
_LONG = 1_000


def mark(flow: mitmflow.Flow, observation: Observation, decided: Callable[[Statement], Acceptance | None]) -> None:
    """Mark a flow with a breach, its comment saying which rules and where, and nothing of what stands there.

    One that `decided` lets pass is told in the comment, with the reason, and makes no mark.
    """
    breaches = [each for each in observation.findings if each.statement.level is Level.BREACH]
    if not breaches:
        return
    first: dict[Statement, Occurrence] = {}
    for each in breaches:
        first.setdefault(each.statement, each)
    times = Counter(each.statement for each in breaches)
    passed = {statement: decided(statement) for statement in first}
    flow.marked = flow.marked or ("" if all(passed.values()) else _MARK)
    if len(flow.comment) > _LONG:
        return
    open_first = sorted(first, key=lambda statement: passed[statement] is not None)
    told = [_told(first[each], times[each], passed[each]) for each in open_first]
    more = [f"and {len(told) - _MOST_TOLD} more kinds"] if len(told) > _MOST_TOLD else []
    flow.comment = "; ".join(filter(None, (flow.comment, *told[:_MOST_TOLD], *more)))


def _told(occurrence: Occurrence, times: int, passed: Acceptance | None) -> str:
    statement, place = occurrence
    why = f"; {shown(decision(passed))}" if passed else ""
    more = f" and {times - 1} more places" if times > 1 else ""
    return (
        f"breach of {statement.promise}: {place.where}{more} {statement.says} ({statement.rule}, {statement.id}){why}"
    )
