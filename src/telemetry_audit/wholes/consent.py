"""Whether a contact's detail may stand in an event is settled by what its instance says of the newsletter, in whatever event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from telemetry_audit.catalog import SETUP
from telemetry_audit.model import Condition, Verdict
from telemetry_audit.tally import Kind, Latest
from telemetry_audit.wholes.distinct import Whose
from telemetry_audit.wholes.lives import Lives
from telemetry_audit.wholes.whole import Example, Found, Outcome, Sent, Whole, gathered


def _check(lives: Lives) -> Outcome:
    said = _said(lives)
    waiting = list(lives.tally.waiting.of(Condition.CONSENT))
    found = gathered(each for kind, latest in waiting for each in _settled(kind, latest, lives, said))
    return Outcome(found, limits=tuple(_limits(lives, waiting, said)))


def _said(lives: Lives) -> Mapping[Whose, bool]:
    """What each instance says of the newsletter; once yes is yes."""
    answers = {whose: [sign.consent for sign in found.signs] for whose, found in lives.setups.items()}
    return {whose: True in told for whose, told in answers.items() if set(told) != {None}}


def _settled(kind: Kind, latest: Latest, lives: Lives, said: Mapping[Whose, bool]) -> Iterator[Found]:
    agreed = said.get(lives.whose(kind.instance, kind.recording))
    if not agreed:
        yield Found(kind.mild if agreed is None else kind.worst, latest.last(), latest.count)


def _limits(lives: Lives, waiting: list[tuple[Kind, Latest]], said: Mapping[Whose, bool]) -> Iterator[str]:
    whose = {lives.whose(kind.instance, kind.recording) for kind, _ in waiting}
    if agreed := sum(said.get(each, False) for each in whose):
        yield f"consent was learnt from the set-up ping of {'one instance' if agreed == 1 else f'{agreed:,} instances'}"
    if SETUP in lives.tally.signs.cut or not lives.tally.waiting.complete:
        yield "there are more instances than are compared"


_INSTANCE = "659cf0bd504813315c336bf7"
_IDENTIFY = {
    "type": "identify",
    "userId": _INSTANCE,
    "traits": {"isInstance": True, "email": "jane@example.com", "name": "Jane Roe"},
}


def _setup(newsletter: object, instance: str = _INSTANCE) -> dict[str, object]:
    told = {"instanceId": instance, "disable-telemetry": False, "subscribe-marketing": newsletter}
    return {"type": "track", "event": "Installation Setup Complete", "userId": instance, "properties": told}


CONSENT_GIVEN = Whole(
    id="consent-given",
    promise="consent",
    title="Contact details only of an instance that said yes",
    says=(
        "An identify of the instance carries the administrator's name and e-mail address without saying whether the newsletter was asked for. The"
        " ping at set-up of the same instance says it, before or after, in this recording or another: if yes, nothing is wrong; if no, they are "
        "breaches of the rule `consent`. If no such ping was seen, they are drift."
    ),
    check=_check,
    examples=(
        Example("the newsletter asked for", (Sent(0, _IDENTIFY), Sent(0.1, _setup(newsletter=True)))),
        Example(
            "not asked for",
            (Sent(0, _IDENTIFY), Sent(0.1, _setup(newsletter=False), recording="later")),
            ((0, "breach"), (0, "breach")),
            Verdict.BROKEN,
        ),
        Example("nobody says", (Sent(0, _IDENTIFY),), ((0, "drift"), (0, "drift")), Verdict.DIFFERS),
        Example(
            "another instance says it",
            (Sent(0, _IDENTIFY), Sent(0.1, _setup(newsletter=True, instance="659cf0bd504813315c336c00"))),
            ((0, "drift"), (0, "drift")),
            Verdict.DIFFERS,
        ),
    ),
)
