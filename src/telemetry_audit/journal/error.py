"""What is wrong with a journal, as a sentence."""

from __future__ import annotations

import sqlite3

from telemetry_audit.faults import where_of


class JournalError(ValueError):
    """A journal cannot be opened, written or reported on; the argument is a sentence to a person, in which paths stand as they were given."""


def reason_of(problem: Exception) -> str:
    """Why something failed, in the words of the system, which quote nothing of what was to be written."""
    if isinstance(problem, OSError):
        return problem.strerror or type(problem).__name__
    return (
        str(problem)
        if isinstance(problem, sqlite3.Error)
        else f"a fault in telemetry-audit itself, {where_of(problem)}"
    )
