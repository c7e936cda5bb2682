"""What the rule on silence once telemetry is off finds, and what it leaves alone."""

from __future__ import annotations

from telemetry_audit.model import Verdict
from telemetry_audit.wholes.whole import Example, Sent

_INSTANCE = "659cf0bd504813315c336bf7"
_START = {"userId": "203.0.113.9", "event": "Instance Start", "properties": {"ip": "203.0.113.9"}}
_RELEASES = f"https://cs.appsmith.com/api/v1/releases?instanceId={_INSTANCE}&version=v1.60&edition=CE"


def _setup(*, off: bool, instance: str = _INSTANCE) -> dict[str, object]:
    told = {"instanceId": instance, "disable-telemetry": off, "subscribe-marketing": False}
    return {"type": "track", "event": "Installation Setup Complete", "userId": instance, "properties": told}


def _click(instance: str = _INSTANCE) -> dict[str, object]:
    return {"type": "track", "event": "APPLICATIONS_PAGE_LOAD", "properties": {"instanceId": instance}}


_RESTARTED = tuple(Sent(hours, _RELEASES) for hours in (1, 3, 3.5, 5.5))

EXAMPLES = (
    Example(
        "off for a while",
        (Sent(0, _setup(off=True)), Sent(1, _click()), Sent(2, _setup(off=False))),
        (),
        Verdict.UNDECIDED,
    ),
    Example("telemetry on", (Sent(0, _setup(off=False)), Sent(1, _click())), (), Verdict.NOT_SEEN),
    Example("off, and silent", (Sent(0, _setup(off=True)), *_RESTARTED)),
    Example(
        "off, and silent before a restart",
        (Sent(0, _setup(off=True)), Sent(1, _RELEASES), Sent(3, _RELEASES)),
        (),
        Verdict.UNDECIDED,
    ),
    Example("off, and nothing more", (Sent(0, _click()), Sent(1, _setup(off=True))), (), Verdict.UNDECIDED),
    Example(
        "off, and not silent before a restart",
        (Sent(0, _setup(off=True)), Sent(1, _click())),
        ((1, "drift"),),
        Verdict.DIFFERS,
    ),
    Example(
        "off, and not silent after a restart",
        (Sent(0, _setup(off=True)), Sent(1, _click()), Sent(2, _START), Sent(3, _click())),
        ((1, "drift"), (2, "breach"), (3, "breach")),
        Verdict.BROKEN,
    ),
    Example(
        "off, and not silent after pings that may be restarts or too frequent",
        (
            Sent(0, _setup(off=True)),
            *(Sent(hours, _RELEASES) for hours in (1, 1.3, 1.9, 2.2, 3.1)),
            Sent(4, _click()),
        ),
        ((6, "drift"),),
        Verdict.DIFFERS,
    ),
    Example("before it was off", (Sent(0, _click()), Sent(0.5, _setup(off=True)), *_RESTARTED)),
    Example(
        "another instance",
        (Sent(0, _setup(off=True)), *_RESTARTED, Sent(7, _click("659cf0bd504813315c336c00"))),
    ),
)
