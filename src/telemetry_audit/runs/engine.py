"""What an engine is: it does one work on many items, and says of each what came of it.

Answers come in any order, each with the number of its item, so that they can be put together as they come and none has to wait in memory. What
observations add up to does not depend on their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

type Tell = Callable[[int], object]
"""Takes how many exchanges were judged since it was told last."""


class Lost(NamedTuple):
    """No answer: the process that worked on the item ended before it had one, and so did the next."""


class EngineError(Exception):
    """The engine cannot work at all; the argument is a sentence to the operator."""


class Work[Item, Answer](Protocol):
    """What is to be done with each item. It is pickled for other processes, and told to each of them once."""

    def __call__(self, item: Item, tell: Tell, /) -> Answer:
        """The answer for one item; it accounts for every fault of its own and raises nothing."""
        ...


class Map(Protocol):
    """An engine at work."""

    def __call__[Item, Answer](
        self, work: Work[Item, Answer], items: Sequence[Item], tell: Tell, /
    ) -> Iterator[tuple[int, Answer | Lost]]:
        """The number of each item and what came of it, exactly once for each, in any order."""
        ...


def here[Item, Answer](
    work: Work[Item, Answer], items: Sequence[Item], tell: Tell, /
) -> Iterator[tuple[int, Answer | Lost]]:
    """The engine that does all in this process, one item after the other."""
    for number, item in enumerate(items):
        yield number, work(item, tell)
