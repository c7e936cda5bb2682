"""An exchange as the rules see it: its events and what surrounds them, laid out and looked at by every detector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from telemetry_audit.catalog import TRANSPORT, Catalog, Contract, Destination, Layouts, TooMuch
from telemetry_audit.catalog import Part as LaidOut
from telemetry_audit.decoders import Decoded, Opened, Part
from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import Scanner, Sighting
from telemetry_audit.discretion import Discretion
from telemetry_audit.headers import HEADERS, HOST, PATH, QUERY, headers_of_interest
from telemetry_audit.model import Event, Exchange, Form, Leaf
from telemetry_audit.rules import Subject
from telemetry_audit.sorting import STORED, UNLISTED

TOO_MUCH = "an event holds more values, or longer paths to them, than can be looked at"


class Extent(Enum):
    """How much of an exchange is at hand: all of it, one WebSocket message, or what is left when its messages were seen before."""

    WHOLE = "whole"
    MESSAGE = "message"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Subjects:
    """Makes the subjects of one audit; layouts are remembered, since telemetry has few shapes."""

    catalog: Catalog
    deployment: Deployment
    scanner: Scanner
    discretion: Discretion
    _layouts: Layouts = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Name keys in locators with this audit's discretion."""
        object.__setattr__(self, "_layouts", Layouts(self.discretion.key))

    def of(
        self,
        opened: Opened,
        destination: Destination,
        made: Decoded,
        reasons: list[str],
        extent: Extent = Extent.WHOLE,
    ) -> Iterator[Subject]:
        """The events of an exchange, then what surrounds them; what is too much to lay out is left, and the reason added."""
        alone = extent is Extent.WHOLE
        for event in made.events:
            contract = self.catalog.contract(event)
            try:
                laid_out = self._layouts.part(event.payload, contract.field, event.where)
            except TooMuch:
                reasons.append(TOO_MUCH)
                continue
            alone = False
            yield self._seen(event, contract, (laid_out,), destination)
        bare = opened.exchange.stored or extent is Extent.MESSAGE
        if made.rest or not bare:
            around = self._surroundings(opened, destination, made.rest, reasons, bare=bare)
            yield around._replace(alone=alone)

    def _surroundings(
        self, opened: Opened, destination: Destination, rest: Iterable[Part], reasons: list[str], *, bare: bool
    ) -> Subject:
        """What surrounds the events: the rest of the envelope and, unless `bare`, the headers, the path and the host."""
        exchange, contract = opened.exchange, self.catalog.transport
        form = Form.STORE if exchange.stored else Form.WIRE
        event = Event(
            destination.vendor, TRANSPORT, self._going_to(exchange, destination), None, "", form, destination.side
        )
        parts = []
        for where, value in rest:
            try:
                parts.append(self._layouts.part(value, QUERY if where.startswith("query:") else contract.field, where))
            except TooMuch:
                reasons.append(TOO_MUCH)
        if not bare:
            parts.append(self._layouts.part(headers_of_interest(exchange.headers), HEADERS, "header:"))
            parts.append(self._layouts.part(opened.raw_path, PATH, "path"))
            parts.append(self._layouts.part(exchange.host, HOST, "host"))
        return self._seen(event, contract, tuple(parts), destination)

    def _going_to(self, exchange: Exchange, destination: Destination) -> str:
        """The host, and of a host with several destinations which one."""
        host = self.discretion.host(exchange.host)
        return host if destination.id in {UNLISTED, STORED} or not destination.hosts else f"{host} ({destination.id})"

    def _seen(self, event: Event, contract: Contract, parts: tuple[LaidOut, ...], destination: Destination) -> Subject:
        sightings = tuple(sighting for part in parts for sighting in self._sightings(part))
        size = sum(len(part.values) + len(part.layout.keys) for part in parts)
        documented = contract.documented_in(self.deployment.document)
        return Subject(event, contract, documented, parts, size, sightings, destination, self.deployment, self.catalog)

    def _sightings(self, part: LaidOut) -> Iterator[tuple[Leaf, tuple[Sighting, ...]]]:
        see, remembered, known = self.scanner.see, self.scanner.memory.get, bool(self.scanner.known)
        for number, value in enumerate(part.values):
            if type(value) is str:
                seen = remembered(value)
                if seen is None:
                    seen = see(value)
                if seen:
                    yield part.leaf(number), seen
            elif known and type(value) in {int, float} and (seen := see(str(value))):
                yield part.leaf(number), seen
        for slot in part.layout.keys:
            if seen := see(slot.key):
                yield part.key_leaf(slot), seen
