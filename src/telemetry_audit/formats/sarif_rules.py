"""The rules as SARIF describes them, so that a viewer can say why something was found without asking us."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from telemetry_audit.catalog import Promise
from telemetry_audit.formats.sarif_words import LEVELS, message
from telemetry_audit.model import Level, Statement
from telemetry_audit.report import Report
from telemetry_audit.rules import RULES, Rule
from telemetry_audit.wholes import WHOLES, Whole

_SEVERITY = "7.5"
"""Of a rule that can find a breach: high, on the scale that GitHub cuts at 7.0 and 9.0. Rules that find nothing worse than drift have none."""


def descriptors(report: Report) -> list[dict[str, Any]]:
    """All rules in their order, then those over all that was seen, then any that a finding names beside them; each once."""
    promises = {verdict.promise.id: verdict.promise for verdict in report.promises}
    every: tuple[Rule | Whole, ...] = (*RULES, *WHOLES)
    found: dict[str, Statement] = {}
    for finding in report.findings:  # the worst level comes first
        found.setdefault(finding.statement.rule, finding.statement)
    rules = [(rule.id, rule.title, " ".join(rule.says.split()), rule.promise, _shown_by(rule)) for rule in every]
    known = {rule.id for rule in every}
    others: list[tuple[str, str, str, str, list[Level]]] = [
        (each.rule, each.rule, each.says, each.promise, []) for each in found.values() if each.rule not in known
    ]
    return [
        _descriptor(title, says, promises.get(promise))
        | {"id": id_, "name": "".join(word.capitalize() for word in id_.split("-"))}
        | _weight(promise, [*levels, *((found[id_].level,) if id_ in found else ())])
        for id_, title, says, promise, levels in (*rules, *others)
    ]


def _shown_by(rule: Rule | Whole) -> list[Level]:
    return [Level(level) for example in rule.examples for _, level in example.finds]


def _weight(promise: str, levels: Iterable[Level]) -> dict[str, Any]:
    worst = min(levels, key=list(Level).index, default=Level.NOTE)
    return {
        "defaultConfiguration": {"level": LEVELS[worst]},
        "properties": {
            "promise": promise,
            "tags": ["privacy", "security", "telemetry"],
            **({"security-severity": _SEVERITY} if worst is Level.BREACH else {}),
        },
    }


def _descriptor(title: str, says: str, promise: Promise | None) -> dict[str, Any]:
    return {
        "shortDescription": message(title),
        "fullDescription": message(says),
        "help": _help(title, says, promise),
    }


def _help(title: str, says: str, promise: Promise | None) -> dict[str, str]:
    """What the rule is for as text and as Markdown, with the promise and where the documents make it."""
    lines = [says]
    if promise is not None:
        headings = "; ".join(f"{each.edition}, “{each.heading}”" for each in promise.documents)
        lines += [f"It judges the promise {promise.id}: {promise.title}. {promise.says}", f"Documents: {headings}."]
    lines.append("The command `telemetry-audit show RECORDING FINDING` shows the value to whoever holds the recording.")
    return {**message(" ".join(lines)), "markdown": "\n\n".join((f"**{title}**", *lines))}
