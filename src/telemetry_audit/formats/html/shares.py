"""Parts of a whole as coordinates: the template draws them, and prints the numbers below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_BAR_LENGTH, _SHORTEST_PART = 1_000, 6


class Part(NamedTuple):
    """A part of a whole: what it is, how many, its share in per cent, and its place on a bar of 1,000 units."""

    name: str
    number: int
    per_cent: str
    x: float
    width: float


def shares(parts: Iterable[tuple[str, int]]) -> tuple[Part, ...]:
    """The parts side by side; one that is there at all stays visible. Empty where there is nothing."""
    given = tuple(parts)
    whole = sum(number for _, number in given)
    if not whole:
        return ()
    lengths = [max(_SHORTEST_PART, number / whole * _BAR_LENGTH) if number else 0 for _, number in given]
    shrink = _BAR_LENGTH / sum(lengths)
    drawn, x = [], 0.0
    for (name, number), length in zip(given, lengths, strict=True):
        drawn.append(Part(name, number, _per_cent(number, whole), round(x, 1), round(length * shrink, 1)))
        x += length * shrink
    return tuple(drawn)


def _per_cent(number: int, whole: int) -> str:
    """Rounded, but never to none or all of what is neither."""
    rounded = round(100 * number / whole)
    if rounded == 0 and number:
        return "under 1 %"
    return "over 99 %" if rounded == 100 and number < whole else f"{rounded} %"  # noqa: PLR2004 - per cent
