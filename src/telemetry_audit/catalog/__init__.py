"""What Appsmith says, as data: editions of the document, promises, destinations and the contracts of events."""

from telemetry_audit.catalog.catalog import TRANSPORT, Catalog, Document, Promise
from telemetry_audit.catalog.contract import Citation, Contract, Violation, reference_violations
from telemetry_audit.catalog.destinations import KEEP_ALIVE, PING, SETUP, START, Destination, Destinations
from telemetry_audit.catalog.fields import Field, Schema
from telemetry_audit.catalog.layout import Layout, Layouts, Part, Slot, TooMuch
from telemetry_audit.catalog.loading import data_folder, load

__all__ = [
    "KEEP_ALIVE",
    "PING",
    "SETUP",
    "START",
    "TRANSPORT",
    "Catalog",
    "Citation",
    "Contract",
    "Destination",
    "Destinations",
    "Document",
    "Field",
    "Layout",
    "Layouts",
    "Part",
    "Promise",
    "Schema",
    "Slot",
    "TooMuch",
    "Violation",
    "data_folder",
    "load",
    "reference_violations",
]
