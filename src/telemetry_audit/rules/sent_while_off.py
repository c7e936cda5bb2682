"""With telemetry off, only what the document exempts may leave."""

from __future__ import annotations

from telemetry_audit.catalog import TRANSPORT
from telemetry_audit.deployment import Deployment
from telemetry_audit.model import Hit, Level
from telemetry_audit.rules.rule import NOTHING, Example, Judgement, Rule, Subject

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


def _check(subject: Subject) -> Judgement:
    purpose = subject.destination.purpose
    if subject.event.kind == TRANSPORT:
        if not subject.alone or purpose not in {"telemetry", "tracker"}:
            return NOTHING
        return _judged(subject, "reached-while-off" if purpose == "telemetry" else "tracker-while-off", "host")
    if {subject.contract.purpose, subject.contract.id} & _exempt(subject):
        return Judgement(1)
    return _judged(subject, "sent-while-off" if purpose in _SENT else "asked-while-off", subject.name_place)


def _judged(subject: Subject, what: str, where: str) -> Judgement:
    level, says = _SAYS[what]
    return Judgement(1, (Hit(where, subject.event.name, level, what, says, "a request"),))


def _exempt(subject: Subject) -> set[str]:
    edition = subject.deployment.document
    return {
        purpose
        for document in subject.catalog.documents
        if edition in {None, document.id}
        for purpose in document.exempt_when_off
    }


_OFF = Deployment(telemetry=False)

SENT_WHILE_OFF = Rule(
    id="sent-while-off",
    promise="silent-when-off",
    title="Nothing but the exempt when telemetry is off",
    says=(
        "Judged only where the operator says that telemetry is off. Each edition exempts some events (the keep-alive, the ping at set-up, the "
        "installer's steps); without a chosen edition, what any of them exempts is exempt. Requests by which the product asks the "
        "vendor for something, such as feature flags, are notes: no document speaks of them."
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
    applies=lambda deployment: deployment.telemetry is False,
)
