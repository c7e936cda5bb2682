"""What mitmproxy's own interfaces show of a flow that breaks a promise."""

from __future__ import annotations

from mitmproxy import flow as mitmflow

from telemetry_audit.model import Level, Observation

_MARK = ":red_circle:"
_MOST_TOLD = 5


def mark(flow: mitmflow.Flow, observation: Observation) -> bool:
    """Mark a flow with a breach, its comment saying which rules and where; whether there was one."""
    breaches = [each for each in observation.findings if each.statement.level is Level.BREACH]
    if not breaches:
        return False
    told = [
        f"{each.statement.rule} at {each.place.where} {each.statement.says} ({each.statement.id})" for each in breaches
    ]
    more = [f"and {len(told) - _MOST_TOLD} more"] if len(told) > _MOST_TOLD else []
    before = [flow.comment] if flow.comment else []
    flow.marked = flow.marked or _MARK
    flow.comment = "; ".join([*before, *(f"breach of {text}" for text in told[:_MOST_TOLD]), *more])
    return True
