"""What came of a benchmark, as text: the table, and what was judged wrongly, by template, kind, layer and place."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from detection.judging import Miss, Score

_INDEX = re.compile(r"/[0-9]+(?=/|$)")
_LONGEST_EXAMPLE = 300


def table(score: Score) -> Iterator[str]:
    """A line for each kind, place, depth and layer: how many leaks there were, and the share that was found."""
    yield f"{'':52}{'leaks':>7}{'recall':>9}"
    for group in sorted(score.seen):
        yield f"{': '.join(group):52}{score.seen[group]:7}{100 * score.recall(group):8.1f}%"
    rate = 10_000 * score.false / score.benign if score.benign else 0.0
    yield f"{'benign payloads':52}{score.benign:7}"
    yield f"{'false breaches in 10,000':52}{'':7}{rate:9.1f}"
    yield f"{'benign payloads left unread':52}{score.unread:7}"


def wrong(score: Score, seed: int, *, examples: bool) -> Iterator[str]:
    """The rows judged wrongly, in groups; `examples` adds to each group a value, which is made up like all of them."""
    yield f"# Seed {seed}: {len(score.missed)} missed, {len(score.alarms)} false breaches"
    yield "## Missed: kind, layers, place [found instead]"
    yield from _grouped(score.missed, examples=examples)
    yield "## False breaches: rule, template, place"
    yield from _grouped(score.alarms, examples=examples)


def _grouped(misses: list[Miss], *, examples: bool) -> Iterator[str]:
    groups: Counter[str] = Counter()
    first: dict[str, Miss] = {}
    for miss in misses:
        group = _leak(miss) if miss.row.is_leak else _alarm(miss)
        groups[group] += 1
        first.setdefault(group, miss)
    for group in sorted(groups):
        yield f"{groups[group]:4}  {group}" + (f"   e.g. {_example(first[group])}" if examples else "")


def _leak(miss: Miss) -> str:
    row = miss.row
    return f"{row.kind} | {row.layer or 'plain'} | {row.place} | {row.template} [{miss.instead}]"


def _alarm(miss: Miss) -> str:
    return f"{miss.instead} | {miss.row.template} | {_INDEX.sub('/*', miss.where)}"


def _example(miss: Miss) -> str:
    """What was planted, or what stands in a benign payload where a breach was seen."""
    if miss.row.is_leak:
        return repr(miss.row.example)[:_LONGEST_EXAMPLE]
    names = miss.where.partition("#")[2].split("/")[1:]
    for start in range(len(names) + 1):  # the payload's frame is passed over
        value = json.loads(miss.row.example)
        for name in names[start:]:
            value = _member(value, name)
        if value is not None:
            return repr(value)[:_LONGEST_EXAMPLE]
    return ""


def _member(value: object, name: str) -> object:
    if isinstance(value, dict):
        return value.get(name)
    return value[int(name)] if isinstance(value, list) and name.isdigit() and int(name) < len(value) else None
