"""The fold of observations: adding them up in any order and any grouping comes to the same."""

from telemetry_audit.tally.places import MOST_PLACES, Places
from telemetry_audit.tally.portraits import MOST_PORTRAITS, Portraits, Seen
from telemetry_audit.tally.tally import MOST_UNREAD, ClaimKey, Crossing, Destined, Recorded, Tally
from telemetry_audit.tally.timeline import MOST_BINS, Bin, Timeline

__all__ = [
    "MOST_BINS",
    "MOST_PLACES",
    "MOST_PORTRAITS",
    "MOST_UNREAD",
    "Bin",
    "ClaimKey",
    "Crossing",
    "Destined",
    "Places",
    "Portraits",
    "Recorded",
    "Seen",
    "Tally",
    "Timeline",
]
