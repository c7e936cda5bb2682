"""What the clients of these tests send: telemetry with a breach in it, told by its shape at any host."""

from __future__ import annotations

import json

LOGIN = json.dumps(
    {
        "type": "track",
        "event": "login_USER",
        "userId": "jane.roe@initech.example",
        "messageId": "m-1",
        "anonymousId": "3f1b8a52",
        "properties": {},
    }
).encode()
"""An e-mail address stands where the hash of a user's name belongs."""

BREACH = ("login_USER", "body#/userId")
"""The event and the locator of the breach in it."""


def padded(size: int) -> bytes:
    """The same telemetry in so many bytes."""
    return LOGIN[:-1] + b" " * (size - len(LOGIN)) + b"}"
