"""A content view for mitmproxy's interfaces: the events of a telemetry request as they were decoded, with what was found in each.

https://docs.mitmproxy.org/stable/addons/contentviews/
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from mitmproxy import contentviews, http

from telemetry_audit.live.flows import exchange_of
from telemetry_audit.live.session import Session
from telemetry_audit.live.worker import Task
from telemetry_audit.model import Exchange, Observation

MOST_SHOWN = 256 * 1024
"""Bytes of a request that is shown; mitmproxy stands still while a view is made."""


class TelemetryAudit(contentviews.Contentview):
    """Shows values, to whoever looks at the traffic itself in mitmproxy."""

    def __init__(self, session: Session) -> None:
        """Judge by the audit of `session`."""
        self._session = session

    @property
    def name(self) -> str:
        """What the interfaces call it."""
        return "Telemetry audit"

    @property
    def syntax_highlight(self) -> contentviews.SyntaxHighlight:
        """Close enough to be coloured as such."""
        return "yaml"

    def render_priority(self, data: bytes, metadata: contentviews.Metadata) -> float:
        """Before the others for telemetry, behind all of them for everything else."""
        exchange = _exchange(metadata, data)
        return 2 if exchange is not None and self._session.is_telemetry(exchange) else -1

    def prettify(self, data: bytes, metadata: contentviews.Metadata) -> str:
        """The events, each with its findings; raises ValueError for what is no request."""
        exchange = _exchange(metadata, data)
        if exchange is None:
            raise ValueError("This is no request.")
        if Task(exchange).size > MOST_SHOWN:
            return "The request is too long to be shown here. Its findings are in the report."
        return "\n".join(_lines(self._session, exchange))


def _exchange(metadata: contentviews.Metadata, data: bytes) -> Exchange | None:
    flow = metadata.flow
    if not isinstance(flow, http.HTTPFlow) or metadata.http_message is not flow.request:
        return None
    return exchange_of(flow, "", 0, flow.request.raw_content or data)


def _lines(session: Session, exchange: Exchange) -> Iterator[str]:
    observation = session.audit.see(exchange)
    if observation.ignored_by:
        yield f"Not telemetry: {observation.ignored_by}"
    for item in observation.unread:
        yield f"Unread: {item.reason}"
    for subject in session.audit.subjects(exchange):
        event = subject.event
        yield f"- event: {json.dumps(event.name)}"
        yield f"  kind: {event.kind}, vendor: {event.vendor}, documented: {subject.documented}"
        yield f"  where: {event.where}"
        yield from _findings(observation, event.where)
        if event.payload is not None:
            yield "  payload:"
            yield from (f"    {line}" for line in json.dumps(event.payload, indent=2, default=str).splitlines())


def _findings(observation: Observation, where: str) -> Iterator[str]:
    for each in observation.findings:
        if each.place.where.startswith(where) if where else not each.place.where.startswith(("body", "form", "query")):
            statement = each.statement
            yield f"  {statement.level}: {statement.pointer} {statement.says}, {each.place.shape} ({statement.id}, {statement.rule})"
