"""The runs of a journal, as a reader finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_RUN = ", run "


class State(StrEnum):
    """How a run stands: it goes on, it was ended, it could not store what it saw, or it is no more and nobody ended it."""

    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"
    BROKEN_OFF = "broken off"


def run_name(journal: Path, number: int) -> str:
    """The name of the recording that a run of a journal is; `journal` as it was given."""
    return f"{journal}{_RUN}{number}"


def split_name(name: str) -> tuple[str, str]:
    """A run's name as the path of its journal and its number, "" and the name where it is of another form."""
    path, _, number = name.rpartition(_RUN)
    return path, number


@dataclass(frozen=True, slots=True)
class Run:
    """One process that wrote: its number (from 1), when it began and ended (seconds since the epoch), and how it stands.

    `reason` says why it could not store what it saw. `ledger` is what it counted by itself, `faults` the places of faults in the program,
    `lost` the number of observations that it gave up. What only the end tells is empty before.
    """

    number: int
    name: str
    began: float
    ended: float | None
    state: State
    reason: str
    ledger: Mapping[str, int]
    faults: tuple[str, ...]
    lost: int
