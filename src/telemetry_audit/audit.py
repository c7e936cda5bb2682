"""Where every exchange meets the rules, whoever recorded it: `Audit.see` makes one observation of one exchange."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from telemetry_audit.catalog import Catalog, Destination
from telemetry_audit.decoders import Opened
from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import CANARY, DETECTORS, USER, KnownValue, KnownValues, Scanner, Taint
from telemetry_audit.detectors.known import Remembered, Trace
from telemetry_audit.discretion import Discretion
from telemetry_audit.evidence import evidence, message_evidence
from telemetry_audit.judging import Judge
from telemetry_audit.model import Exchange, Observation, Unread
from telemetry_audit.rules import RULES, Subject
from telemetry_audit.sorting import destinations, sort, told_by_shape
from telemetry_audit.subjects import Extent, Subjects

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
        promised = {promise.id for promise in catalog.promised(deployment.document)}
        rules = tuple(rule for rule in RULES if rule.promise in promised and rule.applies(deployment))
        self._judge = Judge(rules, self._subjects, self.discretion)

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
            return self._opened(found.opened, found.destination, found.unread)
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
        return self._judge.observation(opened, found.destination, made, made.unread, Extent.MESSAGE)._replace(part=True)

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
        reasons = [found.unread] if found.unread else made.unread
        return self._judge.observation(opened, destination, made, reasons, Extent.REST if telemetry else Extent.WHOLE)

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

    def _opened(self, opened: Opened, destination: Destination, reason: str = "") -> Observation:
        made = evidence(opened, destination)
        return self._judge.observation(opened, destination, made, [reason] if reason else made.unread)

    def _is_telling(self, name: str) -> bool:
        seen = self.scanner.see(name)
        return bool(seen) and any(sighting.kind not in _PUBLIC for sighting in seen)
