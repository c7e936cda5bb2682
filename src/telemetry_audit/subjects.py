"""An exchange as the rules see it: its events and what surrounds them, laid out and looked at by every detector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from telemetry_audit.catalog import TRANSPORT, Catalog, Contract, Destination, Layout, Layouts, TooMuch
from telemetry_audit.catalog import Part as LaidOut
from telemetry_audit.decoders import Decoded, Opened, Part
from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import BACKWARDS, NO_HINTS, OPAQUE, Budget, Scanner, Sighting, hints_of
from telemetry_audit.discretion import Discretion
from telemetry_audit.headers import HEADERS, HOST, PATH, QUERY, headers_of_interest
from telemetry_audit.model import Event, Exchange, Form, Leaf
from telemetry_audit.rules import Subject
from telemetry_audit.sorting import STORED, UNLISTED

TOO_MUCH = "an event holds more values, or longer paths to them, than can be looked at"

HIDDEN = "an event hides more layers than can be undone"
_LEAST_LONG = 1_000_000_000
_NUMBERS = frozenset((int, float))
_BY_SHAPE = frozenset((UNLISTED, STORED))


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
    _documented: dict[str, bool] = field(default_factory=dict, repr=False)

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
            yield self._seen(event, contract, (laid_out,), destination, reasons)
        bare = opened.exchange.stored or extent is Extent.MESSAGE
        if made.rest or not bare:
            around = self._surroundings(opened, destination, made.rest, reasons, bare=bare)
            yield around._replace(alone=True) if alone else around

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
        return self._seen(event, contract, tuple(parts), destination, reasons)

    def _going_to(self, exchange: Exchange, destination: Destination) -> str:
        """The host, and of a host with several destinations which one."""
        host = self.discretion.host(exchange.host)
        return host if destination.id in _BY_SHAPE or not destination.hosts else f"{host} ({destination.id})"

    def _seen(
        self,
        event: Event,
        contract: Contract,
        parts: tuple[LaidOut, ...],
        destination: Destination,
        reasons: list[str],
    ) -> Subject:
        budget = Budget()
        sightings: list[tuple[Leaf, tuple[Sighting, ...]]] = []
        size = 0
        for part in parts:
            size += len(part.values) + len(part.layout.keys)
            self._look(part, budget, sightings)
        if budget.exhausted:
            reasons.append(HIDDEN)
        documented = self._documented.get(contract.id)
        if documented is None:
            documented = self._documented[contract.id] = contract.documented_in(self.deployment.document)
        return Subject(
            event, contract, documented, parts, size, tuple(sightings), destination, self.deployment, self.catalog
        )

    def _look(self, part: LaidOut, budget: Budget, sightings: list[tuple[Leaf, tuple[Sighting, ...]]]) -> None:
        """Add what is seen in the values of a part, and in its keys that no schema knows.

        Nearly all of them were seen before, so the scanner's memory is asked here, without a call for each.
        """
        see, remembered, known = self.scanner.see, self.scanner.memory.get, bool(self.scanner.known)
        where, number = part.where, -1
        of_all = where.rstrip(":").rpartition(":")[2] if where.endswith(":") else ""
        for value, hinted in zip(part.values, part.layout.once(_hints, of_all), strict=True):
            number += 1
            if type(value) is str:
                if not hinted or (hinted is OPAQUE and not value.isdigit()):  # it says something of bare digits only
                    seen = remembered(value)
                    if seen is None:
                        seen = see(value, NO_HINTS, budget)
                else:
                    seen = remembered((value, hinted))
                    if seen is None:
                        seen = see(value, hinted, budget)
            elif type(value) in _NUMBERS and (known or hinted or _is_long(value)):
                seen = self._in_number(str(value), hinted)
            else:
                continue
            if seen:
                sightings.append((part.leaf(number), seen))
        if part.layout.keys:
            sightings.extend(self._in_keys(part, budget))

    def _in_number(self, digits: str, hinted: frozenset[str]) -> tuple[Sighting, ...]:
        seen = self.scanner.memory.get((digits, hinted) if hinted else digits)
        if seen is None:
            seen = self.scanner.see(digits, hinted)
        return tuple(sighting for sighting in seen if BACKWARDS not in sighting.layers) if seen else seen

    def _in_keys(self, part: LaidOut, budget: Budget) -> Iterator[tuple[Leaf, tuple[Sighting, ...]]]:
        for slot in part.layout.keys:
            if seen := self.scanner.see(slot.key, NO_HINTS, budget):
                yield part.key_leaf(slot), seen


def _hints(layout: Layout, of_all: str) -> tuple[frozenset[str], ...]:
    """What the name of each value's place says of it, below the name `of_all` of them, "" where they have none."""
    keys = {slot.suffix: slot.key for slot in layout.keys}
    first = (of_all,) if of_all else ()
    return tuple(hints_of((*first, *_names(slot.suffix, keys))) for slot in layout.slots)


def _names(suffix: str, keys: dict[str, str]) -> list[str]:
    """The names on the way to a value: the keys themselves, where the locator has fingerprints in their place."""
    if "{" not in suffix:
        return suffix.split("/")
    tokens = suffix.split("/")
    return [keys.get("/".join(tokens[: number + 1]), token) for number, token in enumerate(tokens)]


def _is_long(value: object) -> bool:
    """Whether a number has as many digits as those that are a person's."""
    return isinstance(value, int) and abs(value) >= _LEAST_LONG
