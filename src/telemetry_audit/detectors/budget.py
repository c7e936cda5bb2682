"""How much of what one event hides is looked at."""

from __future__ import annotations

from dataclasses import dataclass

LEAST = 4 << 20
"""Characters that the hidden layers of one event may come to, or sixteen times the length of its texts if that is more.

A real event hides kilobytes.
"""

_RATIO = 16


@dataclass(slots=True)
class Budget:
    """How many more characters of hidden layers may be looked at in one event; `exhausted` once something had to be left."""

    left: int = LEAST
    granted: int = LEAST
    lengths: int = 0
    exhausted: bool = False

    def grant(self, length: int) -> None:
        """Take up a text of this length."""
        self.lengths += length
        more = _RATIO * self.lengths - self.granted
        if more > 0:
            self.granted += more
            self.left += more

    def take(self, length: int) -> bool:
        """Whether there is enough left for a hidden text of this length; if not, that is kept."""
        self.left -= length
        if self.left < 0:
            self.exhausted = True
        return not self.exhausted
