"""The closed sets of words that findings, verdicts and events are told in."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs: a broken promise, a difference from the documents, or something worth knowing."""

    BREACH = "breach"
    DRIFT = "drift"
    NOTE = "note"

    __hash__ = str.__hash__  # an enumeration's own is a call into Python, for each of the many tuples that it stands in


class Verdict(StrEnum):
    """The answer for one promise.

    `differs` stands between broken and kept: nothing contradicts the promise, yet something is not as documented. `undecided` does too: nothing
    speaks against it, and something that it takes to say kept was not given or could not be read.
    """

    BROKEN = "broken"
    DIFFERS = "differs"
    UNDECIDED = "undecided"
    KEPT = "kept"
    NOT_SEEN = "not seen"
    NOT_TESTABLE = "not testable"


class Side(StrEnum):
    """Which part of an installation sent an event."""

    SERVER = "server"
    BROWSER = "browser"
    INSTALLER = "installer"
    ENTRYPOINT = "entrypoint"
    UNKNOWN = "unknown"

    __hash__ = str.__hash__


class Condition(StrEnum):
    """What an instance says of itself: that telemetry is switched off, or that somebody agreed to be written to."""

    OFF = "off"
    CONSENT = "consent"

    __hash__ = str.__hash__


class Form(StrEnum):
    """Whether an event is as it left the instance (wire) or as the vendor's store shows it afterwards (store)."""

    WIRE = "wire"
    STORE = "store"


class Status(StrEnum):
    """Who knows a field: a document, the SDK's own envelope, Appsmith's source code alone, or nobody."""

    DOCUMENTED = "documented"
    TRANSPORT = "transport"
    KNOWN = "known"
    UNKNOWN = "unknown"

    __hash__ = str.__hash__
