"""Where every exchange meets the rules, whoever recorded it: `Audit.see` makes one observation of one exchange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from telemetry_audit.catalog import TRANSPORT, Catalog, Destination
from telemetry_audit.decoders import Decoded, Opened
from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import CANARY, DETECTORS, USER, KnownValue, KnownValues, Scanner, Taint
from telemetry_audit.detectors.known import Remembered, Trace
from telemetry_audit.discretion import Discretion
from telemetry_audit.evidence import evidence, message_evidence
from telemetry_audit.locator import relative
from telemetry_audit.model import (
    AddressClaim,
    Event,
    EventBrief,
    Exchange,
    Hit,
    InstanceBrief,
    Level,
    Observation,
    Occurrence,
    Pending,
    Place,
    Portrait,
    Shown,
    Side,
    Sign,
    Statement,
    Trait,
    Unread,
)
from telemetry_audit.origins import SIGNS, Origins, library, time_of
from telemetry_audit.rules import NOTHING, RULES, Doubt, Rule, Subject
from telemetry_audit.sorting import destinations, sort, told_by_shape
from telemetry_audit.statements import statement
from telemetry_audit.subjects import Extent, Subjects

TELLING = frozenset(
    {"person", "anonymous-id", "address", "user-agent", "host-name", "domain-hash", "instance-id", "locale"}
)
"""The kinds of data that tell people or machines apart."""

_PUBLIC = frozenset({"address", "address-in-text", "address-of-peer", "address-in-url"})
"""What may stand in a name: hosts are addresses now and then, and where telemetry went must be said."""


class Audit:
    """One audit: what Appsmith says, what the operator knows, and the key of its fingerprints."""

    def __init__(self, catalog: Catalog, deployment: Deployment, secret: bytes, taint: Taint | None = None) -> None:
        """`secret` keys the fingerprints: 1 to 64 bytes that nobody without the recordings can know; `taint` remembers what answers held."""
        self.catalog = catalog
        self.deployment = deployment
        self.taint = taint
        labelled = zip_longest(deployment.canaries, deployment.labels[: len(deployment.canaries)], fillvalue="")
        known = [KnownValue(CANARY, text, label) for text, label in labelled]
        known += [KnownValue(USER, text) for text in deployment.known_users]
        self.scanner = Scanner(DETECTORS, KnownValues.of(known, deployment.known, taint))
        self.discretion = Discretion(secret, catalog.vocabulary, self._is_telling)
        self._subjects = Subjects(catalog, deployment, self.scanner, self.discretion)
        self.destinations = destinations(catalog.destinations, deployment)
        self._origins = Origins(self.discretion)
        self._statement = lru_cache(65_536)(statement)
        promised = {promise.id for promise in catalog.promised(deployment.document)}
        self._rules = tuple(rule for rule in RULES if rule.promise in promised and rule.applies(deployment))

    def see(self, item: Exchange | Unread) -> Observation:
        """All that one exchange teaches; an entry that could not be read at all is accounted for in the same way."""
        host = self.discretion.host(item.host)
        if isinstance(item, Unread):
            return Observation(
                item.recording,
                item.number,
                None,
                host,
                "",
                unread=(Unread(item.recording, item.number, host, item.reason),),
            )
        found = sort(item, self.destinations)
        if found.opened is not None:
            return self._judge(found.opened, found.destination, found.unread)
        unread = (Unread(item.recording, item.number, host, found.unread),) if found.unread else ()
        ignored_by = "" if unread else found.destination.id
        return Observation(item.recording, item.number, item.time, host, found.destination.id, ignored_by, unread)

    def see_message(self, exchange: Exchange, number: int, message: bytes) -> Observation:
        """What the WebSocket message of this number teaches: a part of what the exchange teaches that opened the WebSocket."""
        alone = exchange._replace(messages=(message,), body=b"", target=exchange.target.partition("?")[0])
        found = sort(alone, self.destinations)
        if found.opened is None:
            return self.see(alone)._replace(part=True)
        opened = Opened(alone._replace(messages=()), message)
        made = message_evidence(opened, found.destination, number)
        return self._observed(opened, found.destination, made, [*made.unread], Extent.MESSAGE)._replace(part=True)

    def see_end(self, exchange: Exchange, *, telemetry: bool) -> Observation:
        """What a WebSocket teaches beside its messages, once it has ended; `telemetry` is whether some message was an event."""
        found = sort(exchange, self.destinations)
        destination = found.destination
        if telemetry and found.opened is None and not found.unread:
            destination = told_by_shape("plain")
        elif found.opened is None:
            return self.see(exchange)
        opened = found.opened or Opened(exchange, b"")
        made = evidence(opened, destination)
        reasons = [found.unread] if found.unread else [*made.unread]
        return self._observed(opened, destination, made, reasons, Extent.REST if telemetry else Extent.WHOLE)

    def learn(self, host: str, learnt: Iterable[Trace]) -> None:
        """Remember what an answer of `host` held, if answers are remembered."""
        if self.taint is not None and self.taint.learn(self.discretion.host(host), learnt):
            self.scanner.memory.clear()

    def take(self, others: Iterable[Remembered]) -> None:
        """Remember what another process does of answers."""
        if self.taint is not None and self.taint.take(others):
            self.scanner.memory.clear()

    def subjects(self, exchange: Exchange) -> Iterator[Subject]:
        """The events of an exchange as the rules see them, values included, for whoever holds the recording."""
        found = sort(exchange, self.destinations)
        if found.opened is not None:
            yield from self._subjects.of(found.opened, found.destination, evidence(found.opened, found.destination), [])

    def _judge(self, opened: Opened, destination: Destination, reason: str = "") -> Observation:
        made = evidence(opened, destination)
        return self._observed(opened, destination, made, [reason] if reason else [*made.unread])

    def _observed(
        self,
        opened: Opened,
        destination: Destination,
        made: Decoded,
        reasons: list[str],
        extent: Extent = Extent.WHOLE,
    ) -> Observation:
        exchange = opened.exchange
        account = _Account()
        briefs = []
        portraits: Counter[tuple[Side, tuple[Trait, ...]]] = Counter()
        sent: Counter[tuple[Side, str]] = Counter()
        shown: dict[str, int] = {}
        for subject in self._subjects.of(opened, destination, made, reasons, extent):
            already = len(account.findings)
            self._apply(subject, exchange, account)
            if subject.event.kind != TRANSPORT:
                brief = self._brief(subject)
                briefs.append(brief)
                sent[brief.side, library(subject)] += 1
                if subject.contract.documented:
                    contract = subject.contract.id
                    shown[contract] = shown.get(contract, 0) | self._origins.shown(subject)
                if instance := self._origins.instance(subject):
                    account.belong(instance, brief.side, time_of(exchange, subject.event.payload), already)
                if brief.purpose in SIGNS:
                    account.signs.append(self._sign(subject, exchange))
                if traits := tuple(self._traits(subject)):
                    portraits[brief.side, traits] += 1
        host = self.discretion.host(exchange.host)
        return Observation(
            recording=exchange.recording,
            exchange=exchange.number,
            time=exchange.time,
            host=host,
            destination=destination.id,
            unread=tuple(Unread(exchange.recording, exchange.number, host, each) for each in dict.fromkeys(reasons)),
            events=tuple(briefs),
            findings=tuple(account.findings),
            claims=tuple(account.claims),
            looked_at=account.looked_at,
            portraits=tuple(Portrait(side, traits, events) for (side, traits), events in portraits.items()),
            pending=tuple(account.pending),
            signs=tuple(account.signs),
            sources=tuple(self._origins.sources(exchange, sent)) if sent else (),
            shown=tuple(Shown(contract, fields) for contract, fields in shown.items()),
            instances=account.briefs(),
        )

    def _brief(self, subject: Subject) -> EventBrief:
        side = subject.contract.side if subject.contract.side is not Side.UNKNOWN else subject.event.side
        event = subject.event
        return EventBrief(
            relative(self._label(event)), event.vendor, side, subject.documented, subject.contract.purpose
        )

    def _traits(self, subject: Subject) -> Iterator[Trait]:
        """The values of an event that can tell people or machines apart, without the values."""
        fingerprint = self.discretion.fingerprint
        for part in subject.parts:
            layout, values = part.layout, part.values
            for kind in TELLING & layout.by_kind.keys():
                for number in layout.by_kind[kind]:
                    value = values[number]
                    if value and type(value) is str:
                        yield Trait(relative(layout.slots[number].suffix), kind, fingerprint(value))

    def _apply(self, subject: Subject, exchange: Exchange, account: _Account) -> None:
        looked_at, standing = account.looked_at, None
        for rule in self._rules:
            judgement = rule.check(subject)
            if judgement is NOTHING:
                continue
            looked_at[rule.promise] = looked_at.get(rule.promise, 0) + judgement.looked_at
            if judgement.hits or judgement.claims or judgement.doubts:
                standing = standing or self._standing(subject, exchange)
                account.findings.extend(self._occurrence(rule, hit, standing) for hit in judgement.hits)
                account.claims.extend(
                    AddressClaim(teaches, self._occurrence(rule, hit, standing)) for teaches, hit in judgement.claims
                )
                if judgement.doubts:
                    instance = self._origins.instance(subject)
                    account.pending.extend(self._pending(rule, doubt, instance, standing) for doubt in judgement.doubts)

    def _standing(self, subject: Subject, exchange: Exchange) -> _Standing:
        event = subject.event
        message_id = self.discretion.message_id(_message_id(event.payload))
        return _Standing(
            exchange.recording,
            exchange.number,
            event.where,
            self._label(event),
            message_id,
            time_of(exchange, event.payload),
        )

    def _sign(self, subject: Subject, exchange: Exchange) -> Sign:
        at, name = self._standing(subject, exchange), subject.event.name
        fingerprint = self.discretion.fingerprint(name)
        place = Place(
            at.recording, at.number, subject.name_place, at.label, at.message_id, "an event", fingerprint, at.time
        )
        return self._origins.sign(subject, exchange, place)

    def _pending(self, rule: Rule, doubt: Doubt, instance: str, at: _Standing) -> Pending:
        worst, place = self._occurrence(rule, doubt.worst, at)
        mild = worst if doubt.mild is doubt.worst else self._statement_of(rule, doubt.mild, at)
        return Pending(doubt.condition, instance, worst, mild, place)

    def _statement_of(self, rule: Rule, hit: Hit, at: _Standing) -> Statement:
        inside = hit.where.removeprefix(at.where) if at.where else hit.where
        return self._statement(rule.id, rule.promise, (hit.level, hit.what, hit.says), at.label, inside)

    def _occurrence(self, rule: Rule, hit: Hit, at: _Standing) -> Occurrence:
        statement = self._statement_of(rule, hit, at)
        fingerprint = self.discretion.fingerprint(hit.value)
        return Occurrence(
            statement,
            Place(at.recording, at.number, hit.where, at.label, at.message_id, hit.shape, fingerprint, at.time),
        )

    def _label(self, event: Event) -> str:
        return event.name if event.kind == TRANSPORT else self.discretion.event(event.name or event.kind)

    def _is_telling(self, name: str) -> bool:
        return any(sighting.kind not in _PUBLIC for sighting in self.scanner.see(name))


class _Standing(NamedTuple):
    """Where the findings of one event stand, which is the same for all of them."""

    recording: str
    number: int
    where: str
    label: str
    message_id: str | None
    time: float | None


class _Account:
    """What the rules say of the events of one exchange, as it adds up."""

    def __init__(self) -> None:
        self.findings: list[Occurrence] = []
        self.claims: list[AddressClaim] = []
        self.pending: list[Pending] = []
        self.signs: list[Sign] = []
        self.looked_at: dict[str, int] = {}
        self.instances: dict[tuple[str, Side, float | None], _Shares] = {}

    def belong(self, instance: str, side: Side, time: float | None, already: int) -> None:
        """An event is of an instance, and so is what was found after the first `already` findings."""
        shares = self.instances.setdefault((instance, side, time), _Shares())
        shares.events += 1
        shares.found.update((each.promise, each.level) for each, _ in self.findings[already:])

    def briefs(self) -> tuple[InstanceBrief, ...]:
        """What the events say of their instances."""
        return tuple(
            InstanceBrief(instance, side, shares.events, time, tuple((*each, n) for each, n in shares.found.items()))
            for (instance, side, time), shares in self.instances.items()
        )


@dataclass(slots=True)
class _Shares:
    """How many events there are of an instance, and how many findings in them by promise and level."""

    events: int = 0
    found: Counter[tuple[str, Level]] = field(default_factory=Counter)


def _message_id(payload: object) -> object:
    if not isinstance(payload, dict):
        return None
    properties = payload.get("properties")
    return payload.get("messageId") or (properties.get("$insert_id") if isinstance(properties, dict) else None)
