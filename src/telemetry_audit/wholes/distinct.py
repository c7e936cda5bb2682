"""Signs of one sort without the repeats of the same message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from telemetry_audit.model import Sign

SAME = 5.0
"""Seconds within which two signs without a message id are one: seen by two recorders, or sent again since no answer came."""


class Whose(NamedTuple):
    """An instance by its fingerprint; where its events name none, and several are in a recording or none, that recording stands for it."""

    instance: str
    recording: str


class Distinct(NamedTuple):
    """Signs without the repeats of the same message, in order of time, and how many repeats there were."""

    signs: tuple[Sign, ...] = ()
    repeats: int = 0


def distinct(signs: Iterable[Sign], *, by_time: bool = False) -> Distinct:
    """The first of each message; what has no id is a repeat if it follows its like within seconds, or is followed by it.

    With `by_time` what stands at the very same moment is one, whatever its id: no interval lies between, and a recording that gives all its
    exchanges one time tells of none. A message that was sent without an id has one in an export, since the store gives it. Where one of two
    recordings of a sign names its sender, that one is taken.
    """
    kept: list[Sign] = []
    by_id: dict[str, int] = {}
    last: dict[tuple[str, str], int] = {}
    count = 0
    for sign in signs:
        count += 1
        message, alike = sign.place.message_id, (sign.contract, sign.organisation)
        before = by_id.get(message) if message else None
        if before is None:
            before = _repeated(sign, kept, last.get(alike), by_time=by_time)
        if before is None:
            before = len(kept)
            kept.append(sign)
        else:
            kept[before] = _joined(kept[before], sign)
        last[alike] = before
        if message:
            by_id[message] = before
    return Distinct(tuple(kept), count - len(kept))


def _repeated(sign: Sign, kept: list[Sign], last: int | None, *, by_time: bool) -> int | None:
    """The like of a sign, if one of the two has no id and they are seconds apart, or if they stand at one moment and that counts."""
    if last is None:
        return None
    one, other = kept[last].place.time, sign.place.time
    if one is None or other is None:
        return None
    if sign.place.message_id and kept[last].place.message_id:
        return last if by_time and one == other else None
    return last if other - one <= SAME else None


def _joined(kept: Sign, sign: Sign) -> Sign:
    """One sign of two, with all that either tells to tell it apart by."""
    message = kept.place.message_id or sign.place.message_id
    return kept._replace(sender=kept.sender or sign.sender, place=kept.place._replace(message_id=message))
