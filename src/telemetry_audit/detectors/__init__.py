"""Value to shapes: one file a detector, this list, and the scanner that asks them all."""

from telemetry_audit.detectors.address import ADDRESS, Address, parse_address
from telemetry_audit.detectors.credential import CREDENTIAL
from telemetry_audit.detectors.detector import Detector
from telemetry_audit.detectors.digest import kind_of_identity
from telemetry_audit.detectors.email import EMAIL
from telemetry_audit.detectors.known import CANARY, USER, KnownValue, KnownValues
from telemetry_audit.detectors.query import QUERY
from telemetry_audit.detectors.row_error import ROW_ERROR
from telemetry_audit.detectors.rows import ROWS
from telemetry_audit.detectors.scanner import Scanner, Sighting

DETECTORS: tuple[Detector, ...] = (EMAIL, ADDRESS, CREDENTIAL, QUERY, ROW_ERROR, ROWS)

__all__ = [
    "CANARY",
    "DETECTORS",
    "USER",
    "Address",
    "Detector",
    "KnownValue",
    "KnownValues",
    "Scanner",
    "Sighting",
    "kind_of_identity",
    "parse_address",
]
