"""What a detector is: a pure function from a text to the shapes that stand in it, with its own examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Shape(NamedTuple):
    """One thing seen in a text: `kind` is the detector's word for it, `text` the thing itself, for rules and never for an output."""

    kind: str
    text: str


class Example(NamedTuple):
    """A text and the kinds of the shapes that a detector must see in it, in order."""

    text: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detector:
    """One detector.

    `names` maps each kind of shape to its words in a report ("an e-mail address"). `find` gets a text of bounded length and must be linear in it.
    It is asked only of a text that holds one of `triggers`, or if there are none, eight digits close together. `hints`, where there are any, are
    those (`hints.py`) of which the name of the text's place must give one; `unless` names one that must not be given. `exact` marks a detector
    whose forms are so exact that what it finds in a text read backwards or in ROT13 is no chance.
    """

    id: str
    says: str
    names: dict[str, str]
    triggers: tuple[str, ...]
    find: Callable[[str], Iterator[Shape]]
    examples: tuple[Example, ...]
    hints: frozenset[str] = frozenset()
    unless: str = ""
    exact: bool = False
