"""One documented or known event: its card, its fields and the validator of its values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from telemetry_audit.catalog.fields import Field, Schema, compile_field
from telemetry_audit.locator import token
from telemetry_audit.model import Side, Status

if TYPE_CHECKING:
    import jsonschema_rs


class Citation(NamedTuple):
    """Where a document says something: its edition's id and the heading."""

    edition: str
    heading: str


class Violation(NamedTuple):
    """A value that its schema does not admit: the path of keys and indexes to it, and the schema keyword that it offends."""

    path: tuple[str | int, ...]
    keyword: str


@dataclass(frozen=True)
class Contract:
    """What the catalogue knows of one event or of a family of events.

    `documented` is empty for an event that only Appsmith's source code knows. `purpose` is compared with what an edition exempts
    when telemetry is off. `teaches_server_address` marks an event that carries the server's own address.
    `shown_by` says what a recording must hold to show it, "" where its side is enough.
    """

    id: str
    title: str
    says: str
    kind: str
    side: Side
    purpose: str
    documented: tuple[Citation, ...]
    names: tuple[str, ...]
    schema: Schema
    pattern: str = ""
    family: bool = False
    teaches_server_address: bool = False
    samples: Path | None = None
    shown_by: str = ""

    def documented_in(self, edition: str | None) -> bool:
        """Whether `edition` documents it; None asks whether any edition does."""
        return any(edition in (None, citation.edition) for citation in self.documented)

    @property
    def documented_editions(self) -> tuple[str, ...]:
        """The editions that document it, each once."""
        return tuple(dict.fromkeys(citation.edition for citation in self.documented))

    @cached_property
    def field(self) -> Field:
        """The tree of its fields."""
        return compile_field(self.schema)

    @cached_property
    def shown_fields(self) -> tuple[str, ...]:
        """The pointers of what a document shows of this very event and the sender sets, two levels deep, in order; what events share is left out."""
        return tuple(sorted(_shown(compile_field(_own(self.schema)), "", 2))) if self.documented else ()

    @cached_property
    def _fast(self) -> jsonschema_rs.Draft202012Validator:
        import jsonschema_rs  # noqa: PLC0415 - a listing must not pay for loading validators

        return jsonschema_rs.Draft202012Validator(self.schema, offline=True, mask="a value")

    def violations(self, payload: object) -> Sequence[Violation]:
        """Where `payload` departs from the schema, in order of path.

        jsonschema-rs answers; where it cannot take a value (a lone surrogate), the reference implementation does.
        """
        try:
            if self._fast.is_valid(payload):
                return ()
            found = [Violation(tuple(e.instance_path), str(e.schema_path[-1])) for e in self._fast.iter_errors(payload)]
        except ValueError:
            found = list(reference_violations(self.schema, payload))
        return sorted(set(found), key=_in_order)


def _own(schema: Schema) -> Schema:
    """A schema without what it shares with others."""
    inner = schema.get("properties", {})
    return {key: value for key, value in schema.items() if key != "allOf"} | {
        "properties": {name: _own(member) for name, member in inner.items()}
    }


def _shown(field: Field, pointer: str, depth: int) -> Iterator[str]:
    members = [
        (f"{pointer}/{token(name)}", member)
        for name, member in field.members.items()
        if member.status is Status.DOCUMENTED and not member.by_store
    ]
    for place, member in members:
        yield from _shown(member, place, depth - 1) if member.members and depth > 1 else (place,)


def reference_violations(schema: Schema, payload: object) -> Iterator[Violation]:
    """The same answer from `jsonschema`, the reference; it is handed an inlined schema, so nothing is ever fetched."""
    import jsonschema  # noqa: PLC0415 - needed once in a while, and slow to load

    for error in jsonschema.Draft202012Validator(schema).iter_errors(payload):
        yield Violation(tuple(error.absolute_path), str(error.validator))


def _in_order(violation: Violation) -> str:
    return json.dumps(violation)
