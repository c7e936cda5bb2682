"""With telemetry off, only what the document exempts may leave."""

from __future__ import annotations

from telemetry_audit.catalog import TRANSPORT
from telemetry_audit.deployment import Deployment
from telemetry_audit.model import Condition, Hit, Level
from telemetry_audit.rules.rule import NOTHING, Doubt, Example, Judgement, Rule, Subject, nothing_among

_SENT = frozenset({"telemetry", "keep-alive"})
_SAYS = {
    "sent-while-off": (Level.BREACH, "was sent although telemetry is off and no document exempts it"),
    "reached-while-off": (
        Level.BREACH,
        "went to a host of telemetry although telemetry is off, and no event could be read from it",
    ),
    "tracker-while-off": (Level.DRIFT, "fetches the code or settings of a tracker although telemetry is off"),
    "asked-while-off": (
        Level.NOTE,
        "asks the vendor for something although telemetry is off; no document speaks of it",
    ),
}
_EARLY = (
    Level.DRIFT,
    "sent-before-restart",
    "was sent after telemetry was switched off, and no restart was seen before",
)


def _check(subject: Subject) -> Judgement:
    purpose = subject.destination.purpose
    if subject.event.kind == TRANSPORT:
        if not subject.alone or purpose not in {"telemetry", "tracker"}:
            return NOTHING
        return _judged(subject, "reached-while-off" if purpose == "telemetry" else "tracker-while-off", "host")
    exempt = subject.catalog.exempt_when_off(subject.deployment.document)
    if subject.contract.purpose in exempt or subject.contract.id in exempt:
        return nothing_among(1) if subject.deployment.telemetry is False else NOTHING
    return _judged(subject, "sent-while-off" if purpose in _SENT else "asked-while-off", subject.name_place)


def _judged(subject: Subject, what: str, where: str) -> Judgement:
    """A finding if the operator says that telemetry is off; where nobody says, one if its instance does."""
    level, says = _SAYS[what]
    hit = Hit(where, subject.event.name, level, what, says, "a request")
    if subject.deployment.telemetry is False:
        return Judgement(1, (hit,))
    early = _EARLY if level is Level.BREACH else (level, what, says)
    return Judgement(0, (), (), (Doubt(Condition.OFF, hit, early),))


_OFF = Deployment(telemetry=False)

SENT_WHILE_OFF = Rule(
    id="sent-while-off",
    promise="silent-when-off",
    title="Nothing but the exempt when telemetry is off",
    says=(
        "Judged where the operator says that telemetry is off, or where nobody says and the ping at set-up does: then from that ping on, for its "
        "instance. What leaves between it and the next restart is drift, since the switch is read at the start. Each edition exempts some events "
        "(the keep-alive, the ping at set-up, the installer's steps); without a chosen edition, what any of them exempts is exempt. Requests by "
        "which the product asks the vendor for something, such as feature flags, are notes: no document speaks of them."
    ),
    check=_check,
    examples=(
        Example("a click", {"type": "track", "event": "APPLICATIONS_PAGE_LOAD"}, (("body#/event", "breach"),), _OFF),
        Example("a query", {"type": "track", "event": "execute_ACTION_TRIGGERED"}, (("body#/event", "breach"),), _OFF),
        Example(
            "the setup ping under an edition that does not know it",
            {"type": "track", "event": "Installation Setup Complete"},
            (("body#/event", "breach"),),
            Deployment(telemetry=False, document="self-hosted-2021"),
        ),
        Example("the setup ping", {"type": "track", "event": "Installation Setup Complete"}, (), _OFF),
        Example("telemetry on", {"type": "track", "event": "APPLICATIONS_PAGE_LOAD"}, (), Deployment(telemetry=True)),
        Example("nobody says", {"type": "track", "event": "APPLICATIONS_PAGE_LOAD"}),
    ),
    applies=lambda deployment: deployment.telemetry is not True,
)
