"""How long a value is, in words: what may be told of it."""

from __future__ import annotations


def characters(text: str) -> str:
    """`1 character`, `17 characters`."""
    return f"{len(text)} character" + ("" if len(text) == 1 else "s")
