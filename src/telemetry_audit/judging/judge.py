"""The rules of an audit, held against all that an opened exchange holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from telemetry_audit.catalog import TRANSPORT, Destination
from telemetry_audit.decoders import Decoded, Opened
from telemetry_audit.discretion import Discretion
from telemetry_audit.judging.account import Account
from telemetry_audit.judging.places import Places
from telemetry_audit.judging.traits import Traits
from telemetry_audit.locator import relative
from telemetry_audit.model import AddressClaim, EventBrief, Exchange, Observation, Side, Unread
from telemetry_audit.origins import SIGNS, Origins, library, time_of
from telemetry_audit.rules import NOTHING, Judgement, Rule, Subject
from telemetry_audit.subjects import Extent, Subjects

_MOST_BRIEFS = 8_192


@dataclass(frozen=True, slots=True)
class Judge:
    """Makes observations; `rules` are those that there is something to check by."""

    rules: tuple[Rule, ...]
    subjects: Subjects
    discretion: Discretion
    _checks: tuple[tuple[Rule, Callable[[Subject], Judgement]], ...] = field(init=False, repr=False)
    _places: Places = field(init=False, repr=False)
    _origins: Origins = field(init=False, repr=False)
    _traits: Traits = field(init=False, repr=False)
    _briefs: dict[tuple[str, str, str, Side, str, bool], EventBrief] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Tell places, origins and traits with this audit's discretion."""
        object.__setattr__(self, "_checks", tuple((rule, rule.check) for rule in self.rules))
        object.__setattr__(self, "_places", Places(self.discretion))
        object.__setattr__(self, "_origins", Origins(self.discretion))
        object.__setattr__(self, "_traits", Traits(self.discretion.fingerprint))

    def observation(
        self,
        opened: Opened,
        destination: Destination,
        made: Decoded,
        reasons: Iterable[str],
        extent: Extent = Extent.WHOLE,
    ) -> Observation:
        """All that an exchange teaches of which `extent` is at hand; `made` is what it holds, and `reasons` say what of it cannot be read."""
        exchange, account, unread = opened.exchange, Account(), [*reasons]
        for subject in self.subjects.of(opened, destination, made, unread, extent):
            if subject.event.kind == TRANSPORT:
                self._apply(subject, exchange, account)
            else:
                self._take(subject, exchange, account)
        host = self.discretion.host(exchange.host)
        return Observation(
            recording=exchange.recording,
            exchange=exchange.number,
            time=exchange.time,
            host=host,
            destination=destination.id,
            unread=tuple(Unread(exchange.recording, exchange.number, host, each) for each in dict.fromkeys(unread)),
            events=tuple(account.events),
            findings=tuple(account.findings),
            claims=tuple(account.claims),
            looked_at=account.looked_at,
            portraits=account.portraits(),
            pending=tuple(account.pending),
            signs=tuple(account.signs),
            sources=tuple(self._origins.sources(exchange, account.sent)) if account.sent else (),
            shown=account.shown(),
            instances=account.instances(),
        )

    def _take(self, subject: Subject, exchange: Exchange, account: Account) -> None:
        """Take an event: what the rules say of it, and what it tells of itself."""
        instance, already = self._origins.instance(subject), len(account.findings)
        self._apply(subject, exchange, account, instance)
        brief = self._brief(subject)
        account.take(brief, library(subject), self._traits.of(subject))
        if subject.contract.documented:
            account.show(subject.contract.id, self._origins.shown(subject))
        if instance:
            account.belong(instance, brief.side, time_of(exchange, subject.event.payload), already)
        if brief.purpose in SIGNS:
            place = self._places.of_name(subject, self._places.standing(subject, exchange))
            account.signs.append(self._origins.sign(subject, exchange, place))

    def _apply(self, subject: Subject, exchange: Exchange, account: Account, instance: str | None = None) -> None:
        """Take what the rules say; `instance` is that of the subject, None where nobody asked yet."""
        places, looked_at, standing = self._places, account.looked_at, None
        for rule, check in self._checks:
            judgement = check(subject)
            if judgement is NOTHING:
                continue
            looked, hits, claims, doubts = judgement
            looked_at[rule.promise] = looked_at.get(rule.promise, 0) + looked
            if not (hits or claims or doubts):
                continue
            if standing is None:
                standing = places.standing(subject, exchange)
            for hit in hits:
                account.findings.append(places.occurrence(rule, hit, standing))
            for teaches, hit in claims:
                account.claims.append(AddressClaim(teaches, places.occurrence(rule, hit, standing)))
            if doubts:
                if instance is None:
                    instance = self._origins.instance(subject)
                for doubt in doubts:
                    account.pending.append(places.pending(rule, doubt, instance, standing))

    def _brief(self, subject: Subject) -> EventBrief:
        """What the report says of an event; there are few different ones."""
        event, contract = subject.event, subject.contract
        key = (event.name, event.kind, event.vendor, event.side, contract.id, subject.documented)
        brief = self._briefs.get(key)
        if brief is None:
            if len(self._briefs) >= _MOST_BRIEFS:
                self._briefs.clear()
            side = event.side if contract.side is Side.UNKNOWN else contract.side
            label = relative(self._places.label(event))
            brief = self._briefs[key] = EventBrief(label, event.vendor, side, subject.documented, contract.purpose)
        return brief
