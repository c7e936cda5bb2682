"""Promises that one event cannot show: rules over all that was seen; adding one is a file here and a line in this list."""

from collections.abc import Mapping

from telemetry_audit.wholes.by_instance import with_found
from telemetry_audit.wholes.cadence import KEEP_ALIVE_INTERVAL
from telemetry_audit.wholes.consent import CONSENT_GIVEN
from telemetry_audit.wholes.lives import Lives
from telemetry_audit.wholes.rhythm import Cadence, lasting
from telemetry_audit.wholes.setup import SETUP_PING_ONCE
from telemetry_audit.wholes.silence import SILENT_ONCE_OFF
from telemetry_audit.wholes.whole import Example, Outcome, Sent, Whole, gathered

WHOLES: tuple[Whole, ...] = (KEEP_ALIVE_INTERVAL, SETUP_PING_ONCE, CONSENT_GIVEN, SILENT_ONCE_OFF)


def outcomes(lives: Lives) -> Mapping[str, Outcome]:
    """What these rules come to, by the promise that each of them judges, for those that the edition makes."""
    promised = {promise.id for promise in lives.catalog.promised(lives.edition)}
    return {whole.promise: whole.check(lives) for whole in WHOLES if whole.promise in promised}


__all__ = [
    "WHOLES",
    "Cadence",
    "Example",
    "Lives",
    "Outcome",
    "Sent",
    "Whole",
    "gathered",
    "lasting",
    "outcomes",
    "with_found",
]
