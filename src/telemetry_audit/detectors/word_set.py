"""Lists of words as they stand in the source."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, which stand apart by spaces or lines."""
    return frozenset(text.split())
