"""Destinations by purposes as dots: the template draws them beside their numbers."""

from __future__ import annotations

import math
from collections import Counter
from typing import NamedTuple

from telemetry_audit.report import Report
from telemetry_audit.tally import Destined

_LARGEST_DOT, _SMALLEST_DOT = 11.0, 2.0


class Cell(NamedTuple):
    """Events of one purpose at one destination: how many, and the radius of the dot that stands for them, 0 without any."""

    events: int
    radius: float


class Matrix(NamedTuple):
    """Where events of each purpose went: the purposes, a row of cells for each destination with its total, and how many rows are left out."""

    purposes: tuple[str, ...]
    rows: tuple[tuple[Destined, tuple[Cell, ...], int], ...]
    more: int


def matrix(report: Report, most: int) -> Matrix:
    """Destinations by purposes, the `most` with the most events; the area of a dot grows with the number of events."""
    counts = dict(report.crossings)
    totals: Counter[Destined] = Counter()
    of_purpose: Counter[str] = Counter()
    for crossing, events in report.crossings:
        totals[crossing.destined] += events
        of_purpose[crossing.purpose] += events
    purposes = tuple(sorted(of_purpose, key=lambda purpose: (-of_purpose[purpose], purpose)))
    largest = max(counts.values(), default=1)
    by_number = sorted(totals, key=lambda destined: (-totals[destined], destined))
    cells = {(destined, purpose): events for (destined, purpose), events in counts.items()}
    rows = tuple(
        (destined, tuple(_cell(cells.get((destined, purpose), 0), largest) for purpose in purposes), totals[destined])
        for destined in by_number[:most]
    )
    return Matrix(purposes, rows, len(by_number) - len(rows))


def _cell(events: int, largest: int) -> Cell:
    radius = max(_SMALLEST_DOT, _LARGEST_DOT * math.sqrt(events / largest)) if events else 0.0
    return Cell(events, round(radius, 1))
