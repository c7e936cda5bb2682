"""An instance reports its set-up once."""

from __future__ import annotations

from collections.abc import Iterator

from telemetry_audit.catalog import SETUP
from telemetry_audit.model import Level, Verdict
from telemetry_audit.statements import statement
from telemetry_audit.wholes.lives import Lives
from telemetry_audit.wholes.whole import Example, Found, Outcome, Sent, Whole

_ID = "setup-ping-once"
_AGAIN = (Level.BREACH, "again", "was sent again: this instance was set up before")


def _check(lives: Lives) -> Outcome:
    named = {whose: found for whose, found in lives.setups.items() if whose.instance}
    again = tuple(
        Found(statement(_ID, _ID, _AGAIN, sign.place.event, sign.pointer), (sign.place,), 1, whose.instance)
        for whose, found in named.items()
        for sign in found.signs[1:]
    )
    looked_at = sum(len(found.signs) for found in lives.setups.values())
    return Outcome(again, looked_at, tuple(_missing(lives)), tuple(_limits(lives, looked_at)))


def _missing(lives: Lives) -> Iterator[str]:
    nameless = sum(len(found.signs) for whose, found in lives.setups.items() if not whose.instance)
    if nameless:
        pings = "1 set-up ping names" if nameless == 1 else f"{nameless:,} set-up pings name"
        yield f"{pings} no instance, so nobody can tell whether it is the first"


def _limits(lives: Lives, looked_at: int) -> Iterator[str]:
    if looked_at:
        yield "what an instance sent before the recordings and after them is not known"
    if repeats := sum(found.repeats for found in lives.setups.values()):
        yield f"{repeats:,} {'repeat of the same message is' if repeats == 1 else 'repeats of the same message are'} not counted"
    if SETUP in lives.tally.signs.cut:
        yield "there are more set-up pings than are compared"


def _setup(instance: str, message: str) -> dict[str, object]:
    return {
        "type": "track",
        "event": "Installation Setup Complete",
        "userId": instance,
        "messageId": f"6f1c8a52-2f0e-4c0b-9d57-3a1f5b7e9c{message}",
        "properties": {"instanceId": instance, "disable-telemetry": False, "subscribe-marketing": False},
    }


_ONE, _OTHER = "659cf0bd504813315c336bf7", "659cf0bd504813315c336c00"

SETUP_PING_ONCE = Whole(
    id=_ID,
    promise=_ID,
    title="One set-up ping of an instance",
    says=(
        "Pings at set-up are put together by the instance that they name, over all recordings. A second one is a breach, unless by its id it is "
        "the same message again: SDKs repeat what was not acknowledged, and two recorders can see one message."
    ),
    check=_check,
    examples=(
        Example("one", (Sent(0, _setup(_ONE, "11")),)),
        Example(
            "a second one", (Sent(0, _setup(_ONE, "11")), Sent(9, _setup(_ONE, "12"))), ((1, "breach"),), Verdict.BROKEN
        ),
        Example(
            "a second one in another recording",
            (Sent(0, _setup(_ONE, "11")), Sent(9, _setup(_ONE, "12"), recording="later")),
            ((1, "breach"),),
            Verdict.BROKEN,
        ),
        Example("the same message again", (Sent(0, _setup(_ONE, "11")), Sent(1, _setup(_ONE, "11")))),
        Example("two instances", (Sent(0, _setup(_ONE, "11")), Sent(9, _setup(_OTHER, "12")))),
    ),
)
