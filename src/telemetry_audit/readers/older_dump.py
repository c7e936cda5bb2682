"""Flows of older formats, brought up to date by mitmproxy's own migration: the one reader that imports mitmproxy."""

from __future__ import annotations


def upgraded(flow: bytes) -> bytes:
    """The flow's dictionary (`<length>:<bytes>}`) in the format of the installed mitmproxy, b"" where it has none.

    Flows are to be handed over in the order of their file: that of a WebSocket's handshake is kept until its messages
    come.
    """
    # mitmproxy takes a second to import, and most recordings do not need it.
    from mitmproxy.io import compat, tnetstring  # noqa: PLC0415

    try:
        state = tnetstring.loads(flow)
        if not isinstance(state, dict):
            return b""
        current = tnetstring.dumps(compat.migrate_flow(state))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        return b""
    # They give connections ids of which nothing here makes use, and would grow with the recording.
    compat.client_connections.clear()
    compat.server_connections.clear()
    return current
