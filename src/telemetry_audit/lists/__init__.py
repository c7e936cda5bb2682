"""The operator's lists as files: canaries, users, exports of a datasource, and keyed digests of such. No value is ever quoted."""

from telemetry_audit.lists.canaries import KINDS, Canary, made_canaries, read_canaries
from telemetry_audit.lists.common import is_telling, telling
from telemetry_audit.lists.error import ListError
from telemetry_audit.lists.exports import Column, Export, read_export
from telemetry_audit.lists.plain import read_lines
from telemetry_audit.lists.stored import Stored, is_stored, key_path, load_stored, packed

__all__ = [
    "KINDS",
    "Canary",
    "Column",
    "Export",
    "ListError",
    "Stored",
    "is_stored",
    "is_telling",
    "key_path",
    "load_stored",
    "made_canaries",
    "packed",
    "read_canaries",
    "read_export",
    "read_lines",
    "telling",
]
