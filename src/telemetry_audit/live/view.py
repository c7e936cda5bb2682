"""A content view for mitmproxy's interfaces: the events of a telemetry request as they were decoded, with what was found in each.

https://docs.mitmproxy.org/stable/addons/contentviews/
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from mitmproxy import contentviews, http

from telemetry_audit.catalog import TRANSPORT
from telemetry_audit.live.flows import exchange_of
from telemetry_audit.live.session import Session
from telemetry_audit.live.worker import Task
from telemetry_audit.model import Exchange, Observation, Occurrence

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
    yield from (f"Unread: {item.reason}" for item in observation.unread)
    inside: list[str] = []
    for subject in session.audit.subjects(exchange):
        event = subject.event
        if event.kind == TRANSPORT:
            continue
        inside.append(event.where)
        yield f"- event: {json.dumps(event.name)} ({event.kind}, {event.vendor}, {'documented' if subject.documented else 'in no document'})"
        yield f"  at: {event.where}"
        yield from (f"  {line}" for line in _told(observation, event.where))
        yield "  payload:"
        yield from (f"    {line}" for line in json.dumps(event.payload, indent=2, default=str).splitlines())
    around = [each for each in observation.findings if not any(_is_below(each.place.where, at) for at in inside)]
    yield from (_line(each) for each in around)


def _told(observation: Observation, where: str) -> Iterator[str]:
    return (_line(each) for each in observation.findings if _is_below(each.place.where, where))


def _line(occurrence: Occurrence) -> str:
    statement, place = occurrence
    return f"{statement.level}: {place.where} {statement.says}, {place.shape} ({statement.rule}, {statement.id})"


def _is_below(where: str, event: str) -> bool:
    return where == event or where.startswith(event if event.endswith("#") else f"{event}/")
