"""mitmproxy logs an exception in a hook and forwards the request: here it is accounted for as well."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Protocol, cast

from telemetry_audit.faults import where_of
from telemetry_audit.live.session import Session


class _HasSession(Protocol):
    session: Session


def guarded[Hook: Callable[..., Any]](hook: Hook) -> Hook:
    """A hook, one that waits or not, whose faults are told by exit code 70; the traffic goes on."""

    @wraps(hook)
    def safe(self: _HasSession, *args: object) -> None:
        try:
            hook(self, *args)
        except Exception as fault:  # noqa: BLE001 - the outermost edge: accounted for
            self.session.fault(where_of(fault))

    @wraps(hook)
    async def safe_and_waiting(self: _HasSession, *args: object) -> None:
        try:
            await hook(self, *args)
        except Exception as fault:  # noqa: BLE001 - as above
            self.session.fault(where_of(fault))

    return cast("Hook", safe_and_waiting if iscoroutinefunction(hook) else safe)
