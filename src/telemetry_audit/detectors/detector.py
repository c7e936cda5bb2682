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

    `names` maps each kind of shape to its words in a report ("an e-mail address"). `triggers` are substrings of which a text must hold one
    before `find` is asked. `find` gets a text of bounded length and must be linear in it.
    """

    id: str
    says: str
    names: dict[str, str]
    triggers: tuple[str, ...]
    find: Callable[[str], Iterator[Shape]]
    examples: tuple[Example, ...]
