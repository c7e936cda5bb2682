"""What the rules say of the events of one exchange, as it adds up."""

from __future__ import annotations

from dataclasses import dataclass, field

from telemetry_audit.model import (
    AddressClaim,
    EventBrief,
    InstanceBrief,
    Level,
    Occurrence,
    Pending,
    Portrait,
    Shown,
    Side,
    Sign,
    Trait,
)


@dataclass(slots=True)
class Account:
    """What was found in the events seen so far, and what they tell of themselves."""

    findings: list[Occurrence] = field(default_factory=list)
    claims: list[AddressClaim] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    looked_at: dict[str, int] = field(default_factory=dict)
    events: list[EventBrief] = field(default_factory=list)
    sent: dict[tuple[Side, str], int] = field(default_factory=dict)
    _instances: dict[tuple[str, Side, float | None], _Shares] = field(default_factory=dict)
    _portraits: dict[tuple[Side, tuple[Trait, ...]], int] = field(default_factory=dict)
    _shown: dict[str, int] = field(default_factory=dict)

    def take(self, brief: EventBrief, library: str, traits: tuple[Trait, ...]) -> None:
        """An event was sent, by a library that it names."""
        self.events.append(brief)
        source = (brief.side, library)
        self.sent[source] = self.sent.get(source, 0) + 1
        if traits:
            portrait = (brief.side, traits)
            self._portraits[portrait] = self._portraits.get(portrait, 0) + 1

    def show(self, contract: str, fields: int) -> None:
        """An event of this contract held these of its documented fields."""
        self._shown[contract] = self._shown.get(contract, 0) | fields

    def belong(self, instance: str, side: Side, time: float | None, already: int) -> None:
        """An event is of an instance, and so is what was found after the first `already` findings."""
        key = (instance, side, time)
        shares = self._instances.get(key) or self._instances.setdefault(key, _Shares())
        shares.events += 1
        found = shares.found
        for statement, _ in self.findings[already:]:
            which = (statement.promise, statement.level)
            found[which] = found.get(which, 0) + 1

    def instances(self) -> tuple[InstanceBrief, ...]:
        """What the events say of their instances."""
        return tuple(
            InstanceBrief(instance, side, shares.events, time, tuple((*each, n) for each, n in shares.found.items()))
            for (instance, side, time), shares in self._instances.items()
        )

    def portraits(self) -> tuple[Portrait, ...]:
        """What the events say of whose they are."""
        return tuple(Portrait(side, traits, events) for (side, traits), events in self._portraits.items())

    def shown(self) -> tuple[Shown, ...]:
        """The documented fields that the events held."""
        return tuple(Shown(contract, fields) for contract, fields in self._shown.items())


@dataclass(slots=True)
class _Shares:
    """How many events there are of an instance, and how many findings in them by promise and level."""

    events: int = 0
    found: dict[tuple[str, Level], int] = field(default_factory=dict)
