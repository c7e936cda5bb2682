"""Faults of the program itself: where they were, and nothing of what it was working on."""

from __future__ import annotations


def where_of(fault: BaseException) -> str:
    """A fault as its type and the line of ours that it came from; its message could quote a payload and is left out."""
    import traceback  # noqa: PLC0415 - every command would pay for what hardly one needs

    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if "telemetry_audit" in frame.filename]
    place = (
        f"{frames[-1].filename.rpartition('telemetry_audit/')[2]}:{frames[-1].lineno}" if frames else "an unknown place"
    )
    return f"{type(fault).__name__} at {place}"
