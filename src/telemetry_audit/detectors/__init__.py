"""Value to shapes: one file a detector, this list, and the scanner that asks them all."""

from telemetry_audit.detectors.address import ADDRESS, Address, parse_address
from telemetry_audit.detectors.answer_names import is_answer, is_within_answer
from telemetry_audit.detectors.birth import BIRTH, SAID_BIRTH
from telemetry_audit.detectors.budget import Budget
from telemetry_audit.detectors.card import CARD, HINTED_CARD
from telemetry_audit.detectors.credential import CREDENTIAL
from telemetry_audit.detectors.detector import Detector
from telemetry_audit.detectors.digest import kind_of_identity
from telemetry_audit.detectors.document_query import DOCUMENT_QUERY
from telemetry_audit.detectors.email import EMAIL
from telemetry_audit.detectors.file_path import HOME_FOLDER, REPOSITORY
from telemetry_audit.detectors.hints import NO_HINTS, OPAQUE, hints_of
from telemetry_audit.detectors.iban import IBAN
from telemetry_audit.detectors.known import CANARY, TAINT, USER, VALUE, KnownValue, KnownValues, Taint
from telemetry_audit.detectors.layers import BACKWARDS
from telemetry_audit.detectors.national_id import HINTED_ID, LETTERED_ID, NATIONAL_ID
from telemetry_audit.detectors.person_name import LOGIN, PERSON_NAME, POSTAL
from telemetry_audit.detectors.phone import HINTED_PHONE, PHONE
from telemetry_audit.detectors.query import QUERY
from telemetry_audit.detectors.record_text import RECORD_TEXT
from telemetry_audit.detectors.row_error import ROW_ERROR
from telemetry_audit.detectors.rows import ROWS, are_columns, are_rows
from telemetry_audit.detectors.scanner import Scanner, Sighting
from telemetry_audit.detectors.secret import SECRET, SESSION_COOKIE
from telemetry_audit.detectors.spelled_email import SPELLED_EMAIL
from telemetry_audit.detectors.table import TABLE
from telemetry_audit.detectors.url import INTERNAL_HOST, URL_TOKEN
from telemetry_audit.detectors.vendor_key import VENDOR_KEY
from telemetry_audit.detectors.wallet import WALLET

DETECTORS: tuple[Detector, ...] = (
    EMAIL,
    SPELLED_EMAIL,
    PHONE,
    HINTED_PHONE,
    CARD,
    HINTED_CARD,
    IBAN,
    WALLET,
    NATIONAL_ID,
    LETTERED_ID,
    HINTED_ID,
    PERSON_NAME,
    LOGIN,
    BIRTH,
    SAID_BIRTH,
    POSTAL,
    ADDRESS,
    CREDENTIAL,
    VENDOR_KEY,
    SESSION_COOKIE,
    SECRET,
    URL_TOKEN,
    QUERY,
    DOCUMENT_QUERY,
    ROW_ERROR,
    ROWS,
    RECORD_TEXT,
    TABLE,
    HOME_FOLDER,
    REPOSITORY,
    INTERNAL_HOST,
)

__all__ = [
    "BACKWARDS",
    "CANARY",
    "DETECTORS",
    "NO_HINTS",
    "OPAQUE",
    "TAINT",
    "USER",
    "VALUE",
    "Address",
    "Budget",
    "Detector",
    "KnownValue",
    "KnownValues",
    "Scanner",
    "Sighting",
    "Taint",
    "are_columns",
    "are_rows",
    "hints_of",
    "is_answer",
    "is_within_answer",
    "kind_of_identity",
    "parse_address",
]
