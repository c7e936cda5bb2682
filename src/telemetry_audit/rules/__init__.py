"""The rules, one promise each; adding one is a file here and a line in this list."""

from telemetry_audit.rules.consent import CONSENT
from telemetry_audit.rules.datasource_content import DATASOURCE_CONTENT
from telemetry_audit.rules.hash_quality import HASH_QUALITY
from telemetry_audit.rules.identity_hashed import IDENTITY_HASHED, is_about_instance
from telemetry_audit.rules.known_values import CANARIES, KNOWN_USERS, KNOWN_VALUES
from telemetry_audit.rules.personal_data import PERSONAL_DATA
from telemetry_audit.rules.rule import NOTHING, Claim, Doubt, Example, Judgement, Rule, Subject
from telemetry_audit.rules.sent_while_off import SENT_WHILE_OFF
from telemetry_audit.rules.server_address import SERVER_ADDRESS
from telemetry_audit.rules.taint import ANSWERS
from telemetry_audit.rules.undocumented import (
    UNDOCUMENTED_DESTINATION,
    UNDOCUMENTED_EVENT,
    UNDOCUMENTED_FIELD,
    UNDOCUMENTED_VALUE,
)

RULES: tuple[Rule, ...] = (
    DATASOURCE_CONTENT,
    CANARIES,
    KNOWN_VALUES,
    ANSWERS,
    IDENTITY_HASHED,
    KNOWN_USERS,
    HASH_QUALITY,
    PERSONAL_DATA,
    CONSENT,
    SERVER_ADDRESS,
    SENT_WHILE_OFF,
    UNDOCUMENTED_EVENT,
    UNDOCUMENTED_FIELD,
    UNDOCUMENTED_VALUE,
    UNDOCUMENTED_DESTINATION,
)

__all__ = ["NOTHING", "RULES", "Claim", "Doubt", "Example", "Judgement", "Rule", "Subject", "is_about_instance"]
