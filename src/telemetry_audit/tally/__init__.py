"""The fold of observations: adding them up in any order and any grouping comes to the same."""

from telemetry_audit.tally.instances import MOST_INSTANCES, MOST_RECORDINGS, Instance, Instances
from telemetry_audit.tally.pending import MOST_KINDS, MOST_WAITING, Kind, Latest, Waiting
from telemetry_audit.tally.places import MOST_PLACES, Places
from telemetry_audit.tally.portraits import MOST_PORTRAITS, Portraits, Seen
from telemetry_audit.tally.signs import MOST_SIGNS, Signs
from telemetry_audit.tally.sources import MOST_SOURCES, Origin, Sources
from telemetry_audit.tally.tally import MOST_UNREAD, ClaimKey, Crossing, Destined, Recorded, Tally
from telemetry_audit.tally.timeline import MOST_BINS, Bin, Timeline

__all__ = [
    "MOST_BINS",
    "MOST_INSTANCES",
    "MOST_KINDS",
    "MOST_PLACES",
    "MOST_PORTRAITS",
    "MOST_RECORDINGS",
    "MOST_SIGNS",
    "MOST_SOURCES",
    "MOST_UNREAD",
    "MOST_WAITING",
    "Bin",
    "ClaimKey",
    "Crossing",
    "Destined",
    "Instance",
    "Instances",
    "Kind",
    "Latest",
    "Origin",
    "Places",
    "Portraits",
    "Recorded",
    "Seen",
    "Signs",
    "Sources",
    "Tally",
    "Timeline",
    "Waiting",
]
