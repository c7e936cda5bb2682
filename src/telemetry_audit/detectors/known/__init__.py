"""Values that the operator knows: canaries, names of users, values out of a datasource; plain, encoded or hashed. And those of answers."""

from telemetry_audit.detectors.known.digests import CHAINS, MISSING, SHA_256, digests
from telemetry_audit.detectors.known.index import Index, Source
from telemetry_audit.detectors.known.records import SHORTEST, SHORTEST_WORD
from telemetry_audit.detectors.known.search import CANARY, TAINT, USER, VALUE, KnownValue, KnownValues, Match
from telemetry_audit.detectors.known.table import RECORD, Table
from telemetry_audit.detectors.known.taint import Remembered, Taint, Trace, traces
from telemetry_audit.detectors.known.words import folded, width, words

__all__ = [
    "CANARY",
    "CHAINS",
    "MISSING",
    "RECORD",
    "SHA_256",
    "SHORTEST",
    "SHORTEST_WORD",
    "TAINT",
    "USER",
    "VALUE",
    "Index",
    "KnownValue",
    "KnownValues",
    "Match",
    "Remembered",
    "Source",
    "Table",
    "Taint",
    "Trace",
    "digests",
    "folded",
    "traces",
    "width",
    "words",
]
