"""Two reports side by side: before and after, telemetry on and off, and what a baseline knows."""

from telemetry_audit.comparison.changes import Change, Comparison, FindingChange
from telemetry_audit.comparison.compare import NotComparable, compare
from telemetry_audit.comparison.silence import Outcome, Silence, silence
from telemetry_audit.comparison.told import ANY, NotAReport, Told, baseline, edition, findings_of, read_told, told_of

__all__ = [
    "ANY",
    "Change",
    "Comparison",
    "FindingChange",
    "NotAReport",
    "NotComparable",
    "Outcome",
    "Silence",
    "Told",
    "baseline",
    "compare",
    "edition",
    "findings_of",
    "read_told",
    "silence",
    "told_of",
]
