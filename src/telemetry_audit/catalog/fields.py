"""What a schema says of each field of a message, as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from telemetry_audit.model import Status

type Schema = dict[str, Any]

_STATUS: Mapping[object, Status] = {True: Status.DOCUMENTED, "transport": Status.TRANSPORT, False: Status.KNOWN}
_RANK = (Status.DOCUMENTED, Status.TRANSPORT, Status.KNOWN, Status.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Field:
    """One field as a tree: the kind of data that it holds, who knows it, its members by key and its list items.

    `spreads` marks a field whose whole inside is of its own kind and status, whatever it looks like. `consent` says what makes a
    contact's detail lawful there: the name of a flag beside it, or `asked` where whoever typed it in meant to send it. `by_store` marks a field
    that the vendor's store adds. Not `nested` is one whose key means something else further inside, where nobody describes it.
    """

    kind: str = ""
    status: Status = Status.UNKNOWN
    members: Mapping[str, Field] = field(default_factory=dict)
    items: Field | None = None
    spreads: bool = False
    consent: str = ""
    by_store: bool = False
    nested: bool = True

    @property
    def beyond(self) -> Field:
        """The field of what stands inside this one and is not described by name."""
        if not self.spreads:
            return NOBODY_KNOWS
        return replace(self, members={key: member for key, member in self.members.items() if member.nested})

    def at(self, pointer: str) -> Field:
        """The field at a relative pointer such as `/properties/email`; one that nobody knows where the schema ends."""
        field = self
        for name in pointer.strip("/").split("/"):
            field = field.members.get(name) or (field.items if name.isdigit() else None) or NOBODY_KNOWS
        return field


NOBODY_KNOWS = Field()


def compile_field(schema: Schema, default: object = True) -> Field:  # noqa: FBT002 - the annotation takes true, false or "transport"
    """The field that an inlined schema (no `$ref` left) describes.

    `default` is the `x-documented` of the schema around it, which holds where it has none of its own. Branches of `allOf` are merged:
    members are united, a field is documented where any branch documents it, and the schema's own kind goes before a branch's.
    """
    documented = schema.get("x-documented", default)
    properties, items, kind = schema.get("properties"), schema.get("items"), schema.get("x-kind")
    own = Field(
        kind=kind if isinstance(kind, str) else "",
        status=_STATUS[documented],
        members={key: compile_field(inner, documented) for key, inner in _members(properties)},
        items=compile_field(items, documented) if isinstance(items, dict) else None,
        spreads=bool(kind) or documented is not True,
        consent=str(schema.get("x-consent", "")),
        by_store=schema.get("x-set-by") == "store",
        nested=schema.get("x-nested", True) is True,
    )
    for branch in _branches(schema.get("allOf")):
        own = _merge(own, compile_field(branch, documented))
    return own


def member_names(schemas: Iterable[Schema]) -> frozenset[str]:
    """Every key that inlined schemas describe, at any depth; what they share is looked at once."""
    names: set[str] = set()
    waiting = list(schemas)
    known: set[int] = set()
    while waiting:
        schema = waiting.pop()
        if id(schema) in known:
            continue
        known.add(id(schema))
        members = dict(_members(schema.get("properties")))
        names.update(members)
        waiting += [*members.values(), *_branches(schema.get("allOf"))]
        if isinstance(items := schema.get("items"), dict):
            waiting.append(items)
    return frozenset(names)


def _members(value: object) -> Iterable[tuple[str, Schema]]:
    return value.items() if isinstance(value, dict) else ()


def _branches(value: object) -> Iterable[Schema]:
    return value if isinstance(value, list) else ()


def _merge(first: Field, second: Field) -> Field:
    members = dict(second.members)
    for key, mine in first.members.items():
        members[key] = _merge(mine, members[key]) if key in members else mine
    items = _merge(first.items, second.items) if first.items and second.items else first.items or second.items
    status = min(first.status, second.status, key=_RANK.index)
    return Field(
        kind=first.kind or second.kind,
        status=status,
        members=members,
        items=items,
        spreads=first.spreads or second.spreads,
        consent=first.consent or second.consent,
        by_store=first.by_store or second.by_store,
        nested=first.nested and second.nested,
    )
