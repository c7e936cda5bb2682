"""What of a request's body is at hand to be judged, and why not all of it is."""

from __future__ import annotations

from mitmproxy import http

from telemetry_audit.decoders.content import TOO_LARGE
from telemetry_audit.live.flows import MOST_STREAMED
from telemetry_audit.live.ledger import Account
from telemetry_audit.model import Observation, Unread
from telemetry_audit.sorting import NOT_RECORDED

STREAMED = "the body was streamed through the proxy, and no copy of it was kept"
NOT_WAITED_FOR = "the body was to be streamed, and its exchange had to be on disk before that"
PLAIN_HTTP_2 = "it was HTTP/2 without TLS, which the proxy does not speak"


def must_pass_in_pieces(flow: http.HTTPFlow) -> bool:
    """Whether a request's body passes in pieces: as mitmproxy decided, or because more is announced than could be judged."""
    if flow.response is not None:
        return False  # what is answered here cannot be streamed
    length = flow.request.headers.get("content-length", "")
    return bool(flow.request.stream) or (length.isdecimal() and int(length[:20]) > MOST_STREAMED)


def evidence_of(account: Account, *, whole: bool, telemetry: bool) -> tuple[bytes | None, str]:
    """The body of a request, None where there is no copy of it, and why so; of one that broke off, what came of it if it is `telemetry`."""
    request, tee = account.flow.request, account.tee
    if not whole:
        return (tee.body if tee and telemetry else None), ""
    if request.method == "PRI" and request.path == "*":
        return None, PLAIN_HTTP_2
    if tee is not None:
        return (
            (None, NOT_WAITED_FOR) if not request.timestamp_end else (tee.body, TOO_LARGE if tee.body is None else "")
        )
    body = request.raw_content
    return body, STREAMED if body is None else ""


def with_reason(observation: Observation, reason: str) -> Observation:
    """An observation that is unread for `reason` too, unless it is ignored by name or the reason is empty."""
    if not reason or observation.ignored_by:
        return observation
    item = Unread(observation.recording, observation.exchange, observation.host, reason)
    others = (each for each in observation.unread if each.reason != NOT_RECORDED)
    return observation._replace(unread=(item, *others))
