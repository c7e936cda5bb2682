"""What is wrong with a list."""

from __future__ import annotations


class ListError(ValueError):
    """A list cannot be used; the argument is a sentence to the operator that quotes no value of it."""
