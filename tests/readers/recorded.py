"""Recordings made of bytes, for the tests of the readers."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers import exchanges, open_recording

if TYPE_CHECKING:
    from telemetry_audit.readers import Recording

type Item = Exchange | Unread


def opened(data: bytes) -> Recording:
    """The recording that a file with these bytes is."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return open_recording(file.name)


def items(data: bytes) -> list[Item]:
    """All items of that recording, of which each test holds that they are numbered without gaps."""
    found = list(exchanges(opened(data)))
    assert [item.number for item in found] == list(range(len(found)))
    return found


def only(data: bytes) -> Exchange:
    """The one exchange of that recording."""
    (item,) = items(data)
    assert isinstance(item, Exchange)
    return item


def anonymous(item: Item) -> tuple[object, ...]:
    """What an item says, without the recording's name and the item's number."""
    if isinstance(item, Unread):
        return item.host, item.reason
    destination = (item.method, item.scheme, item.host, item.port, item.target, item.aliases)
    return (*destination, item.time, item.headers, item.body, item.client, item.messages, item.stored)
