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


def distinct(signs: Iterable[Sign]) -> Distinct:
    """The first of each message; what has no id is a repeat if it follows its like within seconds.

    Where one of two recordings of a sign names its sender, that one is taken.
    """
    kept: list[Sign] = []
    by_id: dict[str, int] = {}
    last: dict[tuple[str, str], int] = {}
    count = 0
    for sign in signs:
        count += 1
        time, message = sign.place.time, sign.place.message_id
        alike = (sign.contract, sign.organisation)
        before = by_id.get(message) if message else last.get(alike)
        if before is not None and (message or _close(kept[before].place.time, time)):
            if not kept[before].sender:
                kept[before] = kept[before]._replace(sender=sign.sender)
            continue
        if message:
            by_id[message] = len(kept)
        else:
            last[alike] = len(kept)
        kept.append(sign)
    return Distinct(tuple(kept), count - len(kept))


def _close(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and other - one <= SAME
