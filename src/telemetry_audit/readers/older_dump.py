"""Flows of older formats, brought up to date by mitmproxy's own migration. The one place of the program's readers that knows mitmproxy."""

from __future__ import annotations


def upgraded(flow: bytes) -> bytes | None:
    """The flow's dictionary (`<length>:<bytes>}`) in the format of the installed mitmproxy, or None where it cannot be migrated.

    Flows are to be handed over in the order of their file: the one of a WebSocket's handshake is kept until its messages come.
    """
    # mitmproxy takes more than a second to import, and most recordings do not need it.
    from mitmproxy.io import compat, tnetstring

    try:
        state = tnetstring.loads(flow)
        if not isinstance(state, dict):
            return None
        current = tnetstring.dumps(compat.migrate_flow(state))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        return None
    # They give connections ids of which nothing here makes use, and would grow with the recording.
    compat.client_connections.clear()
    compat.server_connections.clear()
    return current
