"""What a rule says of an event and a pointer, under an id that is the same in every recording."""

from __future__ import annotations

import hashlib

from telemetry_audit.locator import relative
from telemetry_audit.model import Level, Statement


def statement(rule: str, promise: str, hit: tuple[Level, str, str], event: str, where: str) -> Statement:
    """The statement of a rule on an event.

    `hit` is a level, a word for the sort of problem and a sentence; `where` is the place inside the event. Rule, word, event and pointer make the id.
    """
    level, what, says = hit
    event, pointer = relative(event), relative(where)
    digest = hashlib.blake2b(f"{rule}\n{what}\n{event}\n{pointer}".encode("utf-8", "replace"), digest_size=6)
    return Statement(f"TA-{digest.hexdigest()}", rule, promise, level, event, pointer, says)
