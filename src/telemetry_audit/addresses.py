"""Which addresses are the server's, decided over all that was seen, where the operator did not say.

Only events that by their documents carry the server's own address teach it. That is an assumption, since a ping that carried a client's address
would teach that one; so it is said, and two addresses of one family decide nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from telemetry_audit.model import Finding, Statement
from telemetry_audit.tally import MOST_PLACES, Places, Tally

_PROMISE = "server-address-only"


@dataclass(frozen=True, slots=True)
class Addresses:
    """What became of the claims: findings, how many places stay undecided, how many addresses were learnt, and what limits the answer."""

    findings: tuple[Finding, ...]
    undecided: int
    learnt: int
    limits: tuple[str, ...]
    promise: str = _PROMISE


def settle(tally: Tally, *, known: bool) -> Addresses:
    """Decide the claims of a tally; with the server's addresses `known`, the rule has decided already."""
    if known:
        return Addresses((), 0, 0, ())
    if not tally.claims:
        return Addresses((), 0, 0, ())
    taught = dict(sorted(((key.fingerprint, key.shape) for key in tally.claims if key.teaches), reverse=True))
    undecided = sum(places.count for places in tally.claims.values())
    if not taught:
        return Addresses(
            (),
            undecided,
            0,
            (_undecided(tally),),
        )
    families = Counter(shape.split(",")[0] for shape in taught.values())
    findings = _foreign(tally, taught)
    if max(families.values()) > 1:
        own = sum(places.count for key, places in tally.claims.items() if key.fingerprint in taught)
        return Addresses(
            findings,
            own,
            len(taught),
            (f"the pings name {len(taught)} different addresses; say which are the server's (--server-address)",),
        )
    return Addresses(
        findings,
        0,
        len(taught),
        ("the server's address is assumed to be the one that its pings name; --server-address makes it certain",),
    )


def _foreign(tally: Tally, taught: dict[str, str]) -> tuple[Finding, ...]:
    """The claims about addresses that no ping names, now findings."""
    found: dict[Statement, Places] = {}
    for key, places in tally.claims.items():
        if key.fingerprint not in taught:
            found.setdefault(key.statement, Places(MOST_PLACES[key.statement.level])).add(places.kept, places.count)
    return tuple(Finding(statement, places.count, tuple(places.first())) for statement, places in found.items())


def _undecided(tally: Tally) -> str:
    different = len({key.fingerprint for key in tally.claims})
    words = "one address was seen" if different == 1 else f"{different} different addresses were seen"
    return f"{words}, and nobody said which are the server's (--server-address)"
