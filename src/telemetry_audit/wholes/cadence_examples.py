"""What the rule on the sign of life finds, and what it leaves alone."""

from __future__ import annotations

from telemetry_audit.model import Verdict
from telemetry_audit.wholes.whole import Example, Sent

_INSTANCE = "609ce8fb4092701c69df9846"
_RELEASES = f"https://cs.appsmith.com/api/v1/releases?instanceId={_INSTANCE}&version=v1.60&edition=CE"
_ACTIVE = {"type": "track", "event": "Instance Active", "userId": _INSTANCE}


def _active(organisation: str, number: int) -> dict[str, object]:
    named = {"instanceId": _INSTANCE, "organizationId": organisation}
    return {**_ACTIVE, "messageId": f"{number:08x}-0000-4000-8000-{organisation[:12]}", "properties": named}


def _sent() -> dict[str, object]:
    return {**_ACTIVE, "properties": {"instanceId": _INSTANCE}}


def _stored(number: int) -> dict[str, object]:
    return {**_sent(), "messageId": f"api-1joj5LZSzuVCI9Ksh{number:06}"}


def _every(hours: float, count: int, client: str = "10.0.0.2", first: float = 0.0) -> tuple[Sent, ...]:
    return tuple(Sent(first + hours * number, _RELEASES, client) for number in range(count))


_LOOP = (0.0, 0.2, 0.3, 0.54, 0.67, 0.98, 1.1, 1.34, 1.5, 1.63, 1.9, 2.2)

EXAMPLES = (
    Example("every two hours", _every(2, 5)),
    Example("two hours and some seconds", _every(2.01, 5)),
    Example(
        "every hour",
        _every(1, 5),
        ((1, "breach"), (2, "breach"), (3, "breach"), (4, "breach")),
        Verdict.BROKEN,
    ),
    Example(
        "all at one moment, as in a recording without times",
        tuple(Sent(0, {**_ACTIVE, "messageId": f"6f1c8a52-2f0e-4c0b-9d57-3a1f5b7e9c1{number}"}) for number in range(6)),
        (),
        Verdict.UNDECIDED,
    ),
    Example("too few to tell", _every(2, 3), (), Verdict.UNDECIDED),
    Example("a restart", (*_every(2, 3), *_every(2, 3, first=4.5)), ((3, "note"),)),
    Example(
        "restarts in a row",
        tuple(Sent(hours, _RELEASES) for hours in (0, 2, 2.2, 2.9, 3.1, 5.1)),
        ((2, "drift"), (3, "drift"), (4, "note")),
        Verdict.DIFFERS,
    ),
    Example(
        "restarts in a row, which another ping shows too",
        tuple(
            sorted(
                (
                    *(Sent(hours, _RELEASES) for hours in (0, 2, 4, 4.5, 6.5, 8.5, 9, 11, 13, 13.5, 15.5, 17.5, 19.5)),
                    *(Sent(hours, _sent()) for hours in (0, 4.5, 9, 13.5, 19.5)),
                ),
                key=lambda sent: sent.hours,
            )
        ),
        tuple((number, "note") for number in (4, 5, 8, 9, 12, 13)),
        Verdict.UNDECIDED,
    ),
    Example(
        "an instance that starts again and again",
        tuple(Sent(hours, message) for hours in _LOOP for message in (_RELEASES, _sent())),
        tuple((number, "note") for number in range(2, 2 * len(_LOOP))),
        Verdict.UNDECIDED,
    ),
    Example(
        "an instance that starts again and again, of which one ping was seen",
        tuple(Sent(hours, _RELEASES) for hours in _LOOP),
        tuple((number, "drift") for number in range(1, len(_LOOP))),
        Verdict.DIFFERS,
    ),
    Example(
        "two pings, each at an interval of its own that is too short",
        tuple(sorted((*_every(1, 13), *(Sent(3.0 * n, _sent()) for n in range(5))), key=lambda sent: sent.hours)),
        tuple((number, "breach") for number in range(2, 18)),
        Verdict.BROKEN,
    ),
    Example(
        "a restart whose start was seen",
        (
            *_every(2, 3),
            Sent(4.4, {"userId": "203.0.113.9", "event": "Instance Start", "properties": {"ip": "203.0.113.9"}}),
            *_every(2, 3, first=4.5),
        ),
        ((4, "note"),),
    ),
    Example(
        "two pods",
        tuple(sorted((*_every(2, 4), *_every(2, 4, "10.0.0.3", 0.7)))),
        tuple((number, "note") for number in range(1, 8)),
    ),
    Example(
        "two pods behind one address",
        tuple(sorted((*_every(2, 4), *_every(2, 4, first=0.7)))),
        tuple((number, "drift") for number in range(1, 8)),
        Verdict.DIFFERS,
    ),
    Example(
        "a recording a day",
        tuple(Sent(24.0 * n, _RELEASES, recording=str(n)) for n in range(6)),
        (),
        Verdict.UNDECIDED,
    ),
    Example(
        "sent and stored",
        tuple(
            Sent(6.0 * n + stored / 9_000, _stored(n) if stored else _sent(), recording=str(stored))
            for stored in (0, 1)
            for n in range(5)
        ),
    ),
    Example(
        "two organisations",
        tuple(Sent(6.0 * n, _active(org, n)) for n in range(4) for org in ("64d5f0c2a1b2", "75e6f0c2a1b2")),
        tuple((number, "note") for number in (1, 3, 5, 7)),
    ),
    Example("every three hours", _every(3, 5), ((4, "drift"),), Verdict.DIFFERS),
    Example(
        "the same message twice",
        tuple(Sent(6.0 * n + again / 10, _active("64d5f0c2a1b2", n)) for n in range(4) for again in (0, 1)),
    ),
    Example("recorded twice", tuple(sent._replace(recording=name) for sent in _every(2, 4) for name in ("a", "b"))),
    Example(
        "two recordings with a day in between",
        (*_every(2, 3), *(each._replace(recording="later") for each in _every(2, 3, first=30))),
    ),
)
