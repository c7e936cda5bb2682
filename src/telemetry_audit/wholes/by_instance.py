"""What the rules over the whole found, instance by instance."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from telemetry_audit.model import Level
from telemetry_audit.tally import Instance
from telemetry_audit.wholes.whole import Found


def with_found(instances: Iterable[Instance], found: Iterable[Found]) -> tuple[Instance, ...]:
    """The instances, with what was found of each of them beside what single events show; what is of none of them is left out."""
    levels: defaultdict[str, Counter[Level]] = defaultdict(Counter)
    broken: defaultdict[str, set[str]] = defaultdict(set)
    for each in found:
        level = each.statement.level
        levels[each.instance][level] += each.times
        if level is Level.BREACH:
            broken[each.instance].add(each.statement.promise)
    return tuple(
        instance._replace(
            breaches=instance.breaches + levels[instance.fingerprint][Level.BREACH],
            drift=instance.drift + levels[instance.fingerprint][Level.DRIFT],
            notes=instance.notes + levels[instance.fingerprint][Level.NOTE],
            broken=tuple(sorted({*instance.broken, *broken[instance.fingerprint]})),
        )
        for instance in instances
    )
