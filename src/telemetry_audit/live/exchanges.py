"""The hooks of exchanges: what was sent has left, answered or not."""

from __future__ import annotations

import asyncio
import json
from typing import NamedTuple
from weakref import WeakSet

from mitmproxy import connection, dns, hooks, http
from mitmproxy.addonmanager import AddonManager

from telemetry_audit.faults import where_of
from telemetry_audit.live.answers import Answers
from telemetry_audit.live.bodies import evidence_of, must_pass_in_pieces, with_reason
from telemetry_audit.live.flows import Tee, exchange_of, lookup_of
from telemetry_audit.live.guard import guarded
from telemetry_audit.live.ledger import Account
from telemetry_audit.live.marks import mark
from telemetry_audit.live.observer import FAULT
from telemetry_audit.live.session import Session
from telemetry_audit.live.sockets import Sockets
from telemetry_audit.live.worker import Task
from telemetry_audit.model import Exchange, Observation

BROKEN_OFF = "the request was broken off, by the client or because the proxy refused it"
PROXY_ENDED = "the proxy ended before all of the request had come"


class Entered(NamedTuple):
    """An observation that was given to the journal, and what tells that it is on disk."""

    observation: Observation
    stored: asyncio.Future[bool]


class Exchanges:
    """A mitmproxy addon: requests, WebSockets, and questions for names. It stands at the end of the chain, so it sees what leaves."""

    name = "telemetry-audit-exchanges"

    def __init__(self, session: Session, addons: AddonManager) -> None:
        """Account in `session`; `addons` are told of flows that were marked late."""
        self.session = session
        self.sockets = Sockets(session)
        self.answers = Answers(session)
        self._addons = addons
        self._closed: WeakSet[http.HTTPFlow] = WeakSet()

    @guarded
    async def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Open its account; a body that passes in pieces is copied as it does."""
        self._closed.discard(flow)
        if self.session.ending:
            flow.kill()
            return
        account = self.session.ledger.open(flow)
        if must_pass_in_pieces(flow):
            flow.request.stream = account.tee = Tee(flow.request.stream)
            if self.session.holds and self.session.is_telemetry(self._exchange(account, None)):
                await self._settle(account, whole=True)

    @guarded
    async def request(self, flow: http.HTTPFlow) -> None:
        """Judge it, unless its answer may turn it into a WebSocket."""
        if flow in self._closed or self.session.ending:
            return
        account = self.session.ledger.open(flow)
        if self.session.is_ping(flow.request.pretty_host.lower()):
            await asyncio.shield(self.session.spawn(self._answer(account)))
        elif flow.request.headers.get("upgrade", "").lower() != "websocket":
            await self._settle(account, whole=True)
        elif self.session.holds:
            await self._announce(account)

    @guarded
    async def response(self, flow: http.HTTPFlow) -> None:
        """Judge what was not: a WebSocket begins or does not, or an earlier addon kept the request from this one. And remember the answer."""
        account = self._account(flow)
        if account is not None and flow.request.timestamp_end:
            if flow.websocket is not None:
                self.sockets.open(account, self._exchange(account, flow.request.raw_content))
            else:
                await self._settle(account, whole=True)
        self.answers.came(flow)

    @guarded
    async def error(self, flow: http.HTTPFlow) -> None:
        """It has no answer; what of it was sent has left all the same."""
        if (account := self._account(flow)) is not None:
            await self._settle(account, whole=bool(flow.request.timestamp_end), reason=BROKEN_OFF)

    @guarded
    async def websocket_message(self, flow: http.HTTPFlow) -> None:
        """Judge what the client sends."""
        await self.sockets.message(flow)

    @guarded
    async def websocket_end(self, flow: http.HTTPFlow) -> None:
        """The WebSocket's account can be closed."""
        await self.sockets.end(flow)
        self._closed.add(flow)

    @guarded
    async def dns_request(self, flow: dns.DNSFlow) -> None:
        """A question for a name is an exchange too."""
        number = self.session.ledger.opened(flow.client_conn.id)
        observation = await self.session.observe(
            Task(lookup_of(flow, self.session.writer.name, number)), self.session.keep
        )
        self.session.ledger.became(observation)
        self.session.keep(observation)

    @guarded
    async def client_disconnected(self, client: connection.Client) -> None:
        """Close what the connection left open."""
        for flow_id in tuple(self.session.ledger.connection(client.id).open):
            await self._abandon(self.session.ledger.exchanges[flow_id], BROKEN_OFF)

    async def end(self) -> None:
        """Close every account, since the proxy ends."""
        for account in tuple(self.session.ledger.exchanges.values()):
            await self._abandon(account, PROXY_ENDED)

    async def _abandon(self, account: Account, reason: str) -> None:
        try:
            if account.flow in self.sockets:
                await self.sockets.end(account.flow)
            else:
                await self._settle(account, whole=bool(account.flow.request.timestamp_end), reason=reason)
        except Exception as fault:  # noqa: BLE001 - another addon may leave anything in a flow: accounted for as unread and by exit code 70
            self.session.fault(where_of(fault))
            self._close(account)
            self._enter(account.flow, self.session.unreadable(account.number, "", FAULT), whole=False)

    def _close(self, account: Account) -> None:
        self.session.ledger.close(account)
        self._closed.add(account.flow)

    def _account(self, flow: http.HTTPFlow) -> Account | None:
        """Its account if that is to be closed yet; one that no hook opened because an earlier addon kept them from this one is opened now."""
        return None if flow in self._closed or flow in self.sockets else self.session.ledger.open(flow)

    def _exchange(self, account: Account, body: bytes | None) -> Exchange:
        return exchange_of(account.flow, self.session.writer.name, account.number, body)

    async def _settle(self, account: Account, *, whole: bool, reason: str = "") -> None:
        """Close an account and judge its exchange, in place if that is quick; hold the request where the operator wants it."""
        exchange = self._exchange(account, None)
        body, missing = evidence_of(account, whole=whole, telemetry=not whole and self.session.is_telemetry(exchange))
        task = Task(exchange._replace(body=body))
        missing = reason if not whole else missing
        self._close(account)
        observation = self.session.observer.in_place(task)
        if observation is not None:
            entered = self._enter(account.flow, with_reason(observation, missing), whole=whole)
            self.answers.judged(account.flow, exchange, observation)
        else:
            self.answers.asked(account.flow)
            judging = self.session.spawn(self._judge(account.flow, task, missing, whole=whole))
            if not self.session.holds:
                return
            entered = await asyncio.shield(judging)
        if self.session.holds:
            await self._hold(account.flow, task.exchange, *entered)

    async def _judge(self, flow: http.HTTPFlow, task: Task, missing: str, *, whole: bool) -> Entered:
        def take(piece: Observation) -> None:
            mark(flow, piece, self.session.settings.decided)
            self.session.keep(piece)

        observation = with_reason(await self.session.observer.elsewhere(task, take), missing)
        entered = self._enter(flow, observation, whole=whole)
        self.answers.judged(flow, task.exchange, observation)
        if flow.comment:
            await self._addons.trigger_event(hooks.UpdateHook([flow]))
        return entered

    def _enter(self, flow: http.HTTPFlow, observation: Observation, *, whole: bool) -> Entered:
        self.session.ledger.became(observation, whole=whole)
        mark(flow, observation, self.session.settings.decided)
        return Entered(observation, self.session.keep(observation))

    async def _hold(
        self, flow: http.HTTPFlow, exchange: Exchange, observation: Observation, stored: asyncio.Future[bool]
    ) -> None:
        """Let a telemetry request go on when its observation is on disk; or, as the operator wants it, not at all if it cannot be written."""
        if not self.session.is_telemetry(exchange, observation):
            return
        if not await self.session.on_disk(stored) and self.session.settings.kill and flow.killable:
            flow.kill()

    async def _announce(self, account: Account) -> None:
        """Have on disk what asks for a WebSocket before it is forwarded; counted and judged it is when it is known what came of it."""
        exchange = self._exchange(account, account.flow.request.raw_content)
        if not self.session.is_telemetry(exchange):
            return
        announced = self.session.observer.unread(exchange, PROXY_ENDED)._replace(part=True)
        await self._hold(account.flow, exchange, announced, self.session.keep(announced))

    async def _answer(self, account: Account) -> None:
        """Answer a canary exchange when its observation is on disk, so that the answer proves the whole path."""
        self._close(account)
        observation = await self.session.observe(
            Task(self._exchange(account, account.flow.request.raw_content)), self.session.keep
        )
        _, stored = self._enter(account.flow, observation, whole=True)
        done = await self.session.on_disk(stored)
        says = {"seen": True, "stored": done, "run": self.session.writer.run, "exchange": account.number}
        content = {"Content-Type": "application/json"}
        account.flow.response = http.Response.make(200 if done else 503, json.dumps(says), content)
