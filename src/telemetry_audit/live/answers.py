"""Answers on their way to the instance: what they hold is remembered before it can come back in telemetry."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address
from weakref import WeakSet

from mitmproxy import http

from telemetry_audit.live.flows import exchange_of
from telemetry_audit.live.session import Session
from telemetry_audit.live.taint import LARGEST, NOT_READ, TOO_LARGE, Answer
from telemetry_audit.model import Exchange, Observation

_FRESH = "sec-fetch-"


class Answers:
    """The answers of one run of the proxy, if it is to remember what they hold."""

    def __init__(self, session: Session) -> None:
        """Remember by the observer of `session`."""
        self._session = session
        self._remembers = session.audit.taint is not None
        self._waiting: WeakSet[http.HTTPFlow] = WeakSet()
        self._telemetry: WeakSet[http.HTTPFlow] = WeakSet()
        self._counts: Counter[str] = Counter()

    def asked(self, flow: http.HTTPFlow) -> None:
        """Wait for what a request is, which is to be judged elsewhere."""
        if self._remembers:
            self._waiting.add(flow)

    def judged(self, flow: http.HTTPFlow, exchange: Exchange, observation: Observation) -> None:
        """Know what a request was."""
        self._waiting.discard(flow)
        if self._remembers and self._session.is_telemetry(exchange, observation):
            self._telemetry.add(flow)

    def came(self, flow: http.HTTPFlow) -> None:
        """Remember what an answer holds: at once if it is short, else in its turn, before anything is judged that leaves after it."""
        if not self._remembers or flow.response is None:
            return
        exchange = exchange_of(flow, "", 0, b"")
        if not self._is_wanted(flow, exchange):
            return
        body, headers = flow.response.raw_content, flow.response.headers
        if body is None or len(body) > LARGEST:
            self._counts[NOT_READ if body is None else TOO_LARGE] += 1
        elif body:
            answer = Answer(exchange.host, headers.get("content-type", ""), headers.get("content-encoding", ""), body)
            if flow in self._waiting or not self._learnt_at_once(answer):
                self._session.spawn(self._learn(flow, answer))

    def line(self) -> str:
        """How many answers were remembered, and how many were not, and why."""
        left = ", ".join(f"{count:,} {reason}" for reason, count in sorted(self._counts.items()) if reason)
        return f"answers remembered: {self._counts['']:,}" + (f"; not remembered: {left}" if left else "")

    def _learnt_at_once(self, answer: Answer) -> bool:
        skipped = self._session.observer.learn_in_place(answer)
        self._counts.update([] if skipped is None else [skipped])
        return skipped is not None

    async def _learn(self, flow: http.HTTPFlow, answer: Answer) -> None:
        skipped = await self._session.observer.learn_elsewhere(answer, lambda: flow not in self._telemetry)
        self._counts.update([] if skipped is None else [skipped])

    def _is_wanted(self, flow: http.HTTPFlow, exchange: Exchange) -> bool:
        """Whether an answer goes to the instance and is none of a telemetry host's: not a browser's, nor the instance's own, nor this proxy's."""
        if flow in self._telemetry or self._session.is_ping(exchange.host):
            return False
        headers = flow.request.headers
        if headers.get("user-agent", "").startswith("Mozilla/") or any(
            name.lower().startswith(_FRESH) for name in headers
        ):
            return False
        peer = flow.server_conn.peername
        own = self._session.audit.deployment.server_addresses
        if peer and own and any(ip_address(peer[0].partition("%")[0]) in network for network in own):
            return False
        return not self._session.is_telemetry(exchange)
