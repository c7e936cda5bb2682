"""What is wrong with a journal, as a sentence."""

from __future__ import annotations


class JournalError(ValueError):
    """A journal cannot be opened, written or reported on; the argument is a sentence to a person, in which paths stand as they were given."""
