"""Times of a capture as reports write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1024)  # an exchange is named by many findings
def timestamp(time: float | None) -> str | None:
    """Seconds since the epoch as RFC 3339 in UTC, to the millisecond; None for none, and for what no calendar holds."""
    if time is None:
        return None
    try:
        return (_EPOCH + timedelta(seconds=time)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError):
        return None
