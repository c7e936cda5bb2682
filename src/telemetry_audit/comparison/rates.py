"""When a rate has changed notably: by a factor that matters, and by more than chance makes it."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

FACTOR = 2
"""A rate has changed notably if one is at least so many times the other, and ..."""

DEVIATIONS = 3
"""... the two differ by more than so many standard deviations, where each count is held to be a Poisson variable."""


class Measure(NamedTuple):
    """How many there were, and in how many hours or events."""

    number: int
    exposure: float

    @property
    def rate(self) -> float:
        """How many for one hour or event; 0 for an exposure of 0."""
        return self.number / self.exposure if self.exposure else 0.0


def notable(before: Measure, after: Measure) -> bool:
    """Whether a rate has changed notably; it makes no difference which of the two came first."""
    if not before.exposure or not after.exposure:
        return False
    low, high = sorted((before.rate, after.rate))
    spread = sqrt(before.rate / before.exposure + after.rate / after.exposure)
    return high >= FACTOR * low and high - low > DEVIATIONS * spread
