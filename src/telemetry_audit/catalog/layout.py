"""Payloads of one shape have one layout, which is worked out once: where each value stands, what kind it is, and who knows its field.

Telemetry sends the same few shapes over and over, so an audit pays for a walk over the schema once a shape and not once an event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from telemetry_audit.catalog.fields import Field
from telemetry_audit.locator import REPEAT
from telemetry_audit.model import Leaf, Status

type Shape = tuple[tuple[str, ...] | int, tuple[int, ...], tuple[Shape, ...]] | None
"""An object's keys or a list's length, the positions of members with members of their own, and their shapes; None for a single value."""

MOST_VALUES = 100_000
"""Values that one event may hold; real ones hold dozens."""

_LONGEST_PATHS = 8_000_000
_MOST_REMEMBERED = 8_000_000
"""Characters of the layouts that are remembered, so that nobody who makes up names fills the memory; a real instance's have some hundred thousand."""

_LARGEST_REMEMBERED = 200_000
_SLOT_ITSELF = 100
_UNDOCUMENTED = frozenset({Status.KNOWN, Status.UNKNOWN})
_NESTED = frozenset((dict, list))


class Slot(NamedTuple):
    """Where a value stands below the payload's locator, the kind of data that it holds, who knows its field; for a key, that key."""

    suffix: str
    kind: str
    status: Status
    key: str = ""


@dataclass(frozen=True)
class Layout:
    """The slots of one shape: `slots` in the order of the values, `keys` for the keys that no schema knows.

    `members` maps the suffix of each object or list that is a member of an object to the slots below it.
    """

    slots: tuple[Slot, ...]
    keys: tuple[Slot, ...]
    by_kind: Mapping[str, tuple[int, ...]]
    undocumented: tuple[int, ...]
    members: Mapping[str, range]
    _facts: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def once[*Given, Fact](self, work: Callable[[Layout, *Given], Fact], *given: *Given) -> Fact:
        """What `work` makes of this layout and of what it is `given`, worked out once and kept as long as the layout is."""
        key = (work, *given) if given else work
        try:
            fact: Fact = self._facts[key]
        except KeyError:
            fact = self._facts[key] = work(self, *given)
        return fact

    @property
    def size(self) -> int:
        """Characters of the names in it, and what stands for the rest of each slot."""
        return sum(
            _SLOT_ITSELF + len(slot.suffix) + len(slot.key) for slots in (self.slots, self.keys) for slot in slots
        )


class Part(NamedTuple):
    """A payload laid out: its locator, its layout, and its values, one for each slot."""

    where: str
    layout: Layout
    values: list[object]

    def leaf(self, number: int) -> Leaf:
        """The leaf in slot `number`."""
        slot = self.layout.slots[number]
        return Leaf(self.where + slot.suffix, self.values[number], slot.kind, slot.status)

    def leaves(self) -> Iterator[Leaf]:
        """Every leaf: the values in order, then the keys that no schema knows."""
        yield from map(self.leaf, range(len(self.values)))
        yield from map(self.key_leaf, self.layout.keys)

    def key_leaf(self, slot: Slot) -> Leaf:
        """The leaf that stands for a key."""
        return Leaf(self.where + slot.suffix, slot.key, slot.kind, slot.status, is_key=True)


class TooMuch(ValueError):
    """A payload holds more values, or longer paths to them, than an audit can hold in memory."""


@dataclass(slots=True)
class Layouts:
    """The layouts of the shapes seen so far; `name_of` makes a pointer token of a key."""

    name_of: Callable[[str], str]
    _known: dict[tuple[int, bool, Shape], Layout] = field(default_factory=dict)
    _remembered: int = 0

    def part(self, payload: object, known: Field, where: str) -> Part:
        """Lay `payload`, whose locator is `where`, out by the field that describes it; raises TooMuch.

        Its depth must be bounded by whoever decoded it.
        """
        values: list[object] = []
        if type(payload) in _NESTED and payload:
            shape: Shape = _flatten(payload, values)
        else:
            shape = None
            values.append(payload)
        bare = where.endswith(":")
        key = (id(known), bare, shape)
        layout = self._known.get(key)
        if layout is None:
            layout = _lay_out(shape, known, "" if bare else "/", self.name_of)
            self._remember(key, layout)
        return Part(where, layout, values)

    def _remember(self, key: tuple[int, bool, Shape], layout: Layout) -> None:
        """Keep a layout of the usual size; all are forgotten when they add up to too much."""
        size = layout.size
        if size > _LARGEST_REMEMBERED:
            return
        if self._remembered + size > _MOST_REMEMBERED:
            self._known.clear()
            self._remembered = 0
        self._known[key] = layout
        self._remembered += size


def _flatten(payload: Any, values: list[object]) -> Shape:
    """Append the values of `payload`, an object or a list, in order to `values` and tell its shape."""
    if len(values) + len(payload) > MOST_VALUES:
        raise TooMuch
    is_object = type(payload) is dict
    items = payload.values() if is_object else payload
    head = tuple(payload) if is_object else len(payload)
    if _NESTED.isdisjoint(map(type, items)):
        values.extend(items)
        return head, (), ()
    positions: list[int] = []
    shapes: list[Shape] = []
    for position, item in enumerate(items):
        if (type(item) is dict or type(item) is list) and item:
            positions.append(position)
            shapes.append(_flatten(item, values))
        else:
            values.append(item)
    return head, tuple(positions), tuple(shapes)


def _lay_out(shape: Shape, known: Field, first: str, name_of: Callable[[str], str]) -> Layout:
    slots: list[Slot] = []
    keys: list[Slot] = []
    members: dict[str, range] = {}
    length = 0

    def visit(shape: Shape, known: Field, suffix: str) -> None:
        if shape is None:
            nonlocal length
            length += len(suffix)
            if length > _LONGEST_PATHS:
                raise TooMuch
            slots.append(Slot(suffix, known.kind, known.status))
            return
        head, positions, shapes = shape
        inner = dict(zip(positions, shapes, strict=True))
        slash, beyond = "/" if suffix else first, known.beyond
        for position, key in enumerate(head if isinstance(head, tuple) else map(str, range(head))):
            place = f"{suffix}{slash}{name_of(key) if isinstance(head, tuple) else key}"
            member = _member(known, key) if isinstance(head, tuple) else known.items or known
            if member is None:
                member = beyond
                keys.append(Slot(place, member.kind, member.status, key))
            start = len(slots)
            visit(inner.get(position), member, place)
            if position in inner and isinstance(head, tuple):
                members[place] = range(start, len(slots))

    visit(shape, known, "")
    by_kind: dict[str, list[int]] = {}
    for number, slot in enumerate(slots):
        by_kind.setdefault(slot.kind, []).append(number)
    return Layout(
        slots=tuple(slots),
        keys=tuple(keys),
        by_kind={kind: tuple(numbers) for kind, numbers in by_kind.items()},
        undocumented=tuple(number for number, slot in enumerate(slots) if slot.status in _UNDOCUMENTED),
        members=members,
    )


def _member(known: Field, key: str) -> Field | None:
    """The field of a key; an earlier value of a repeated key is of the same field."""
    return known.members.get(key) or (known.members.get(key.partition(REPEAT)[0]) if REPEAT in key else None)
