"""What leaves: a request, what of it nobody could look into, its events, and their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from telemetry_audit.model.words import Form, Side, Status


class Exchange(NamedTuple):
    """One request that left the instance, or one stored event out of an export.

    `headers` holds (lower-case name, value) pairs in order, decoded as Latin-1. `body` is as it was recorded, still
    in its content encoding; None means that there was one and the recording does not hold it. `target` is the path with its
    query. `aliases` are further names of the destination (connected address, SNI) that differ from `host`.
    `messages` are the WebSocket messages that the client sent. `time` is in seconds since the epoch.
    """

    recording: str
    number: int
    time: float | None
    method: str
    scheme: str
    host: str
    port: int
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    aliases: tuple[str, ...] = ()
    client: str | None = None
    messages: tuple[bytes, ...] = ()
    stored: bool = False

    def header(self, name: str) -> str | None:
        """The first value of the header `name` (lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that left, or tried to, that nobody could look into.

    `number` is that of the exchange in its recording; `host` is "" where it is not known; `reason` is a fixed sentence
    that holds nothing from the recording.
    """

    recording: str
    number: int
    host: str
    reason: str


class Event(NamedTuple):
    """One message out of its envelope.

    `kind` is the vendor's word for the sort of message (track, identify, page, ping, request ...). `name` is what the
    sender calls it, "" without one. `where` is the locator of `payload` in the exchange, for example `body#/batch/0`.
    """

    vendor: str
    kind: str
    name: str
    payload: object
    where: str
    form: Form
    side: Side


class Leaf(NamedTuple):
    """One value of an event.

    `where` is its full locator. `kind` is the kind of data that the schema says it holds, "" where no schema does. `status` tells who
    knows the field. A JSON key is a value too: `is_key` marks a leaf that stands for a key that no schema knows.
    """

    where: str
    value: object
    kind: str
    status: Status
    is_key: bool = False
