"""A copy of a recording without what was found in it: written anew from what the audit reads, and proved by auditing the copy."""

from telemetry_audit.redaction.copying import Copied, Refused, redact

__all__ = ["Copied", "Refused", "redact"]
