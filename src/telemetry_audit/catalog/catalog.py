"""The nouns of the catalogue: editions of the document, promises, and which contract speaks for an event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from telemetry_audit.catalog.contract import Citation, Contract
from telemetry_audit.catalog.destinations import KEEP_ALIVE, Destination
from telemetry_audit.catalog.fields import member_names
from telemetry_audit.model import Event

TRANSPORT = "transport"
"""The kind of what surrounds the events of a request: its URL, its headers and the rest of the envelope."""

_VENDORS = frozenset({"appsmith", "segment", "mixpanel"})
"""Whose framings the schemas of events describe; in another vendor's envelope, people and addresses stand elsewhere."""

_KINDS_OF_CONTRACTS = {"track": frozenset({"track", "ping"}), "request": frozenset({"request"})}


@dataclass(frozen=True, slots=True)
class Document:
    """One edition of the telemetry document.

    `exempt_when_off` holds the purposes of events that the edition lets leave although telemetry is off.
    """

    id: str
    title: str
    year: int
    source: str
    says: str
    keep_alive: Mapping[str, Any]
    opting_out: str
    promises: tuple[str, ...]
    exempt_when_off: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise in our words, where the documents make it, and how it is judged or why it cannot be.

    `includes` names promises whose breach breaks this one too. `sides` are those of an installation of which a recording must hold one to show it.
    """

    id: str
    title: str
    says: str
    documents: tuple[Citation, ...]
    judged: str = ""
    not_testable: str = ""
    includes: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalog:
    """Everything that Appsmith says.

    `unknown` is the contract of an event that nobody knows: the envelopes alone. `transport` is that of what surrounds events in a request.
    """

    documents: tuple[Document, ...]
    promises: tuple[Promise, ...]
    destinations: tuple[Destination, ...]
    events: tuple[Contract, ...]
    families: tuple[Contract, ...]
    unknown: Contract
    transport: Contract
    digest: str

    @cached_property
    def _by_name(self) -> Mapping[str, Contract]:
        return {
            name: contract for contract in (*reversed(self.families), *reversed(self.events)) for name in contract.names
        }

    @cached_property
    def _exempt(self) -> Mapping[str | None, frozenset[str]]:
        exempt: dict[str | None, frozenset[str]] = {
            document.id: frozenset(document.exempt_when_off) for document in self.documents
        }
        return exempt | {None: frozenset().union(*exempt.values())}

    @cached_property
    def _composed(self) -> tuple[tuple[re.Pattern[str], Contract], ...]:
        return tuple((re.compile(contract.pattern), contract) for contract in self.families if contract.pattern)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every event name and field name that stands in the catalogue, so that outputs may repeat them."""
        contracts = (*self.events, *self.families, self.unknown, self.transport)
        return frozenset(self._by_name) | member_names(contract.schema for contract in contracts)

    def contract(self, event: Event) -> Contract:
        """The contract that speaks for an event: by its name, by its family's pattern, or by its kind."""
        if event.kind == TRANSPORT:
            return self.transport
        if event.vendor not in _VENDORS:
            return self.unknown
        named = self.named(event.name)
        if named is not None and named.kind in _KINDS_OF_CONTRACTS.get(event.kind, ()):
            return named
        return self._by_name.get(event.kind, self.unknown)

    def named(self, name: str) -> Contract | None:
        """The contract of an event of this name, also one of a family whose names are put together."""
        named = self._by_name.get(name)
        if named is None and name:
            named = next((contract for pattern, contract in self._composed if pattern.fullmatch(name)), None)
        return named

    def promised(self, edition: str | None) -> tuple[Promise, ...]:
        """The promises that an edition makes; None asks for those of every edition."""
        return tuple(
            promise for promise in self.promises if edition is None or promise.id in self.document(edition).promises
        )

    def exempt_when_off(self, edition: str | None) -> frozenset[str]:
        """What may leave although telemetry is off: purposes and ids of events; None asks what any edition exempts."""
        return self._exempt[edition]

    def intervals(self, edition: str | None) -> Mapping[str, int]:
        """How many hours lie between two signs of life at least, by the id of their event; None asks for all editions, the shortest of them."""
        return {
            contract.id: min(hours)
            for contract in self.events
            if contract.purpose == KEEP_ALIVE
            and (
                hours := [
                    document.keep_alive["hours"]
                    for document in self.documents
                    if edition in {None, document.id} and document.id in contract.documented_editions
                ]
            )
        }

    def document(self, edition: str) -> Document:
        """The edition of that id; KeyError if there is none."""
        return {document.id: document for document in self.documents}[edition]
