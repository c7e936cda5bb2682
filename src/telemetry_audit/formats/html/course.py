"""Events over time as coordinates: the template draws them, and prints the numbers beside them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from telemetry_audit.formats.clock import timestamp
from telemetry_audit.model import Level
from telemetry_audit.report import Report

_MOST_COLUMNS = 120
_LEFT, _RIGHT, _WIDTH = 118, 880, 940
_LANE, _BAR = 38, 28
_THINNEST, _LOWEST = 2.0, 2.0
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_STEPS = (*(each * _MINUTE for each in (1, 2, 5, 10, 15, 30)), *(each * _HOUR for each in (1, 2, 3, 6, 12)), _DAY)
_MOST_TICKS = 7


class Box(NamedTuple):
    """A rectangle, in the units of its picture."""

    x: float
    y: float
    width: float
    height: float


class Lane(NamedTuple):
    """The events of one purpose over time: their number, the line that they stand on, and a bar for each time."""

    purpose: str
    events: int
    base: float
    bars: tuple[Box, ...]


class Row(NamedTuple):
    """The same as numbers: the beginning of a time, the events of each lane in it, and the breaches."""

    start: int
    events: tuple[int, ...]
    breaches: int


class Course(NamedTuple):
    """Events over time: one lane for each purpose, marks where breaches stand, ticks with their labels; `width` is that of one bar, in seconds."""

    width: int
    size: tuple[int, int]
    lanes: tuple[Lane, ...]
    marks: tuple[float, ...]
    ticks: tuple[tuple[float, str], ...]
    rows: tuple[Row, ...]

    @property
    def bar(self) -> str:
        """How long the time of one bar is, in words."""
        units = ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"))
        long, unit = next(each for each in units if self.width >= each[0])
        about = "about " if self.width % long else ""
        return f"{about}{round(self.width / long):,} {unit}s" if self.width > long else f"one {unit}"


def course(report: Report) -> Course | None:
    """The events over time; None where no event has a time."""
    breaches = _breaches(report)
    bins = report.timeline.bins()
    starts = [*(each.start for each in bins), *breaches]
    if not bins:
        return None
    width = report.timeline.width
    while max(starts) // width - min(starts) // width >= _MOST_COLUMNS:
        width *= 2
    counts: Counter[tuple[str, int]] = Counter()
    for start, purpose, events in bins:
        counts[purpose, _floor(start, width)] += events
    marked: Counter[int] = Counter()
    for start, number in breaches.items():
        marked[_floor(start, width)] += number
    columns = sorted({start for _, start in counts} | set(marked))
    scale = _Scale(columns[0], columns[-1] + width, width, max(counts.values()))
    totals: Counter[str] = Counter()
    for (purpose, _), events in counts.items():
        totals[purpose] += events
    purposes = [purpose for purpose, _ in sorted(totals.items(), key=lambda each: (-each[1], each[0]))]
    return Course(
        width=width,
        size=(_WIDTH, (len(purposes) + 1) * _LANE + 30),
        lanes=tuple(
            _lane(purpose, {start: counts[purpose, start] for start in columns}, scale, (number + 1) * _LANE)
            for number, purpose in enumerate(purposes, start=1)
        ),
        marks=tuple(round(scale.x(start + width / 2), 1) for start in columns if marked[start]),
        ticks=tuple(scale.ticks()),
        rows=tuple(
            Row(start, tuple(counts[purpose, start] for purpose in purposes), marked[start]) for start in columns
        ),
    )


def _breaches(report: Report) -> Counter[int]:
    """How many breaches that nobody accepted stand in each bin."""
    return Counter(
        report.timeline.start(place.time)
        for finding in report.of_level(Level.BREACH)
        if finding.acceptance is None
        for place in finding.places
        if place.time is not None and math.isfinite(place.time)
    )


def _floor(start: int, width: int) -> int:
    return start // width * width


def _lane(purpose: str, counts: Mapping[int, int], scale: _Scale, base: float) -> Lane:
    thick = max(_THINNEST, round(scale.length(scale.width) - 1, 1))
    high = {start: round(max(_LOWEST, _BAR * events / scale.most), 1) for start, events in counts.items() if events}
    bars = (Box(round(scale.x(start), 1), round(base - each, 1), thick, each) for start, each in high.items())
    return Lane(purpose, sum(counts.values()), base, tuple(bars))


class _Scale(NamedTuple):
    """From times to the width of the picture: where it begins and ends, the width of a bar, in seconds, and the most events of one bar."""

    first: int
    last: int
    width: int
    most: int

    def length(self, seconds: float) -> float:
        return seconds / (self.last - self.first) * (_RIGHT - _LEFT)

    def x(self, time: float) -> float:
        return _LEFT + self.length(time - self.first)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Where labels stand, at whole steps of the clock or the calendar."""
        span = self.last - self.first
        step = next((each for each in _STEPS if span / each <= _MOST_TICKS), 0) or _whole_days(span)
        for time in range(-(-self.first // step) * step, self.last + 1, step):
            yield round(self.x(time), 1), self._label(time, step)

    def _label(self, time: int, step: int) -> str:
        said = timestamp(time) or ""
        if step >= _DAY:
            return said[:10]
        same_day = self.first // _DAY == (self.last - 1) // _DAY
        return said[11:16] if same_day else f"{said[5:10]} {said[11:16]}"


def _whole_days(span: int) -> int:
    return math.ceil(span / _MOST_TICKS / _DAY) * _DAY
