"""Waiting for what comes by itself, and not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable

_PATIENCE = 60


def until[Found](look: Callable[[], Found]) -> Found:
    """What `look` finds, as soon as that is something."""
    end = time.monotonic() + _PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, "it did not come"
    return found
