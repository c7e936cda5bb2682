"""Observations on disk: each is there before it counts as seen, and a journal can be reported on at any time."""

from telemetry_audit.journal.codec import Damaged, decode, encode
from telemetry_audit.journal.error import JournalError
from telemetry_audit.journal.files import files_of
from telemetry_audit.journal.folding import JOURNAL_KINDS, OBSERVATIONS, journal_report
from telemetry_audit.journal.reading import Journal, open_journal
from telemetry_audit.journal.run import Run, State, split_name
from telemetry_audit.journal.writer import Writer, open_writer

__all__ = [
    "JOURNAL_KINDS",
    "OBSERVATIONS",
    "Damaged",
    "Journal",
    "JournalError",
    "Run",
    "State",
    "Writer",
    "decode",
    "encode",
    "files_of",
    "journal_report",
    "open_journal",
    "open_writer",
    "split_name",
]
