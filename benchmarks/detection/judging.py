"""Holds an audit against the labels of rows, and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from detection.known import Known
from detection.recording import write_configuration
from detection.row import Row
from telemetry_audit.audit import Audit
from telemetry_audit.catalog import load
from telemetry_audit.configuration import deployment, read
from telemetry_audit.decoders import DECODERS
from telemetry_audit.model import Level, Observation

type Group = tuple[str, str]
"""A heading of the table and a line under it."""

PLAIN: Group = ("all", "plain")
ENCODED: Group = ("all", "encoded")
_DEPTHS = ("no layer", "one layer", "two layers", "three layers")


class Miss(NamedTuple):
    """A row judged wrongly.

    Of a leak without its breach, `instead` is the promises that were found broken, or why it was unread, and `where` the leak's place; of a
    breach without a leak, they are the rule and the breach's place.
    """

    row: Row
    instead: str
    where: str


@dataclass(slots=True)
class Score:
    """How many rows there were and how many were judged rightly: of leaks by kind, layer and place, and of benign ones."""

    seen: Counter[Group] = field(default_factory=Counter)
    found: Counter[Group] = field(default_factory=Counter)
    benign: int = 0
    false: int = 0
    unread: int = 0
    missed: list[Miss] = field(default_factory=list)
    alarms: list[Miss] = field(default_factory=list)

    def add(self, row: Row, observation: Observation) -> None:
        """Counts one row. A leak is found if a promise that it breaks is found broken; a benign row must have no breach of any promise."""
        breaches = [each for each in observation.findings if each.statement.level is Level.BREACH]
        if not row.is_leak:
            self.benign += 1
            self.false += bool(breaches)
            self.unread += bool(observation.unread)
            self.alarms.extend(Miss(row, each.statement.rule, each.place.where) for each in breaches)
            return
        found = any(each.statement.promise in row.promises for each in breaches)
        for group in _groups(row):
            self.seen[group] += 1
            self.found[group] += found
        if not found:
            instead = {each.statement.promise for each in breaches} or {each.reason for each in observation.unread}
            self.missed.append(Miss(row, ", ".join(sorted(instead)), row.place))

    def recall(self, group: Group) -> float:
        """The share of leaks in a group that were found; 1 of none."""
        return self.found[group] / self.seen[group] if self.seen[group] else 1.0


def _groups(row: Row) -> list[Group]:
    layers = row.layer.split(", ") if row.layer else []
    how = "encoded" if layers else "plain"
    groups = [("all", how), (f"kind, {how}", row.kind), (f"place, {how}", row.place)]
    if layers:
        groups += [("depth", _DEPTHS[len(layers)]), *(("layer", layer) for layer in dict.fromkeys(layers))]
    return groups


def audit_of(known: Known, folder: Path) -> Audit:
    """An audit by an operator who says everything: the server's address, canaries, users, and an export of a datasource."""
    catalog = load()
    configuration = read(write_configuration(folder, known))
    return Audit(catalog, deployment(configuration, catalog, [decoder.id for decoder in DECODERS]), b"benchmark")


def judge(audit: Audit, rows: Iterable[Row], score: Score) -> None:
    """Shows every row to the audit."""
    for row in rows:
        score.add(row, audit.see(row.exchange))
