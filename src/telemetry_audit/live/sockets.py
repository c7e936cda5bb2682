"""WebSockets, which go on for days: each message is judged as it comes, the exchange that opened it is counted when it ends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from mitmproxy import http

from telemetry_audit.faults import where_of
from telemetry_audit.live.ledger import Account
from telemetry_audit.live.marks import mark
from telemetry_audit.live.observer import FAULT
from telemetry_audit.live.session import Session
from telemetry_audit.live.worker import Task
from telemetry_audit.model import Exchange, Observation, Unread

MOST_REASONS = 100
"""Reasons why messages could not be read that one WebSocket lists."""


@dataclass(slots=True)
class _Socket:
    account: Account
    exchange: Exchange
    messages: int = 0
    telemetry: bool = False
    reasons: dict[str, None] = field(default_factory=dict)
    judging: set[asyncio.Task[bool]] = field(default_factory=set)


class Sockets:
    """The WebSockets that are open."""

    def __init__(self, session: Session) -> None:
        """Account in `session`."""
        self._session = session
        self._open: dict[str, _Socket] = {}

    def __contains__(self, flow: http.HTTPFlow) -> bool:
        """Whether a flow is an open WebSocket."""
        return flow.id in self._open

    def open(self, account: Account, exchange: Exchange) -> None:
        """Take over the account of an exchange that was answered by a WebSocket."""
        self._open[account.flow.id] = _Socket(account, exchange)

    async def message(self, flow: http.HTTPFlow) -> None:
        """Judge the latest message, if the client sent it."""
        socket, said = self._open.get(flow.id), flow.websocket.messages[-1] if flow.websocket else None
        if socket is None or said is None:
            return
        if self._session.settings.trims and flow.websocket:
            flow.websocket.messages.clear()
        if not said.from_client:
            return
        judging = self._session.spawn(self._judge(socket, Task(socket.exchange, said.content, socket.messages)))
        socket.messages += 1
        socket.judging.add(judging)
        judging.add_done_callback(socket.judging.discard)
        if self._session.holds and not await asyncio.shield(judging) and self._session.settings.kill:
            said.drop()

    async def end(self, flow: http.HTTPFlow) -> None:
        """Close the account, with what surrounds the messages."""
        socket = self._open.pop(flow.id, None)
        if socket is not None:
            self._session.ledger.close(socket.account)
            await asyncio.shield(self._session.spawn(self._end(socket)))

    async def _end(self, socket: _Socket) -> None:
        while socket.judging:
            await asyncio.wait(socket.judging)
        try:
            observation = self._session.audit.see_end(socket.exchange, telemetry=socket.telemetry)
        except Exception as fault:  # noqa: BLE001 - the outermost edge: accounted for as unread and by exit code 70
            self._session.fault(where_of(fault))
            observation = self._session.observer.unread(socket.exchange, FAULT)
        reasons = tuple(
            Unread(observation.recording, observation.exchange, observation.host, reason) for reason in socket.reasons
        )
        if reasons:
            observation = observation._replace(ignored_by="", unread=(*observation.unread, *reasons))
        self._session.ledger.became(observation)
        self._session.keep(observation)
        mark(socket.account.flow, observation, self._session.settings.decided)

    async def _judge(self, socket: _Socket, task: Task) -> bool:
        """Judge a message; whether it may go on: it is no telemetry, or on disk where it is waited for."""

        def take(observation: Observation) -> asyncio.Future[bool]:
            socket.telemetry = socket.telemetry or bool(observation.events)
            if len(socket.reasons) < MOST_REASONS:
                socket.reasons.update(dict.fromkeys(item.reason for item in observation.unread))
            mark(socket.account.flow, observation, self._session.settings.decided)
            return self._session.keep(observation._replace(part=True))

        observation = await self._session.observe(task, take)
        if observation.ignored_by:
            return True
        stored = take(observation)
        return not self._session.holds or await self._session.on_disk(stored)
