"""Observations as JSON: whole ones between processes, and the lines of a journal, which name recordings and statements elsewhere.

Named tuples become arrays and statements objects. A text with lone surrogates, which UTF-8 cannot hold, is written as WTF-8 (Simon Sapin's
generalisation of it), so that whatever a sender wrote comes back as it was.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from telemetry_audit.model import (
    AddressClaim,
    Condition,
    EventBrief,
    InstanceBrief,
    Observation,
    Occurrence,
    Pending,
    Place,
    Portrait,
    Shown,
    Sign,
    Source,
    Statement,
    Unread,
)


class Damaged(ValueError):
    """Bytes that no encoder of this module made; the argument quotes none of them."""


class _Spot(NamedTuple):
    """A place without its recording."""

    exchange: int
    where: str
    event: str
    message_id: str | None
    shape: str
    fingerprint: str
    time: float | None = None


class _Sign(NamedTuple):
    """A sign whose place is a spot."""

    purpose: str
    contract: str
    instance: str
    organisation: str
    sender: str
    pointer: str
    off: bool | None
    consent: bool | None
    spot: _Spot


class _Line(NamedTuple):
    """An observation as a journal keeps it: no recording is named, and keys stand for statements."""

    exchange: int
    time: float | None
    host: str
    destination: str
    ignored_by: str
    unread: tuple[tuple[int, str, str], ...]
    events: tuple[EventBrief, ...]
    findings: tuple[tuple[str, _Spot], ...]
    claims: tuple[tuple[bool, str, _Spot], ...]
    looked_at: Mapping[str, int]
    part: bool
    portraits: tuple[Portrait, ...] = ()
    pending: tuple[tuple[Condition, str, str, str, _Spot], ...] = ()
    signs: tuple[_Sign, ...] = ()
    sources: tuple[Source, ...] = ()
    shown: tuple[Shown, ...] = ()
    instances: tuple[InstanceBrief, ...] = ()


def encode(observation: Observation) -> bytes:
    """An observation as JSON, statements included. A time that is not finite becomes none."""
    return to_json(observation)


def decode(data: bytes) -> Observation:
    """The observation that `encode` made these bytes of. Raises Damaged."""
    return from_json(data, Observation)


def line_of(observation: Observation, key: Callable[[Statement], str]) -> bytes:
    """The line of an observation; `key` gives what stands for a statement."""
    return to_json(
        _Line(
            exchange=observation.exchange,
            time=observation.time,
            host=observation.host,
            destination=observation.destination,
            ignored_by=observation.ignored_by,
            unread=tuple((item.number, item.host, item.reason) for item in observation.unread),
            events=observation.events,
            findings=tuple((key(statement), _Spot(*place[1:])) for statement, place in observation.findings),
            claims=tuple(
                (teaches, key(statement), _Spot(*place[1:])) for teaches, (statement, place) in observation.claims
            ),
            looked_at=observation.looked_at,
            part=observation.part,
            portraits=observation.portraits,
            pending=tuple(
                (condition, instance, key(worst), key(mild), _Spot(*place[1:]))
                for condition, instance, worst, mild, place in observation.pending
            ),
            signs=tuple(_Sign(*sign[:-1], _Spot(*sign.place[1:])) for sign in observation.signs),
            sources=observation.sources,
            shown=observation.shown,
            instances=observation.instances,
        )
    )


def observation_of(line: bytes, recording: str, statements: Mapping[str, Statement]) -> Observation:
    """The observation of a line, put into this recording; `statements` by their keys. Raises Damaged."""
    kept = from_json(line, _Line)
    try:
        return Observation(
            recording=recording,
            exchange=kept.exchange,
            time=kept.time,
            host=kept.host,
            destination=kept.destination,
            ignored_by=kept.ignored_by,
            unread=tuple(Unread(recording, *item) for item in kept.unread),
            events=kept.events,
            findings=tuple(Occurrence(statements[key], Place(recording, *spot)) for key, spot in kept.findings),
            claims=tuple(
                AddressClaim(teaches, Occurrence(statements[key], Place(recording, *spot)))
                for teaches, key, spot in kept.claims
            ),
            looked_at=kept.looked_at,
            part=kept.part,
            portraits=kept.portraits,
            pending=tuple(
                Pending(condition, instance, statements[worst], statements[mild], Place(recording, *spot))
                for condition, instance, worst, mild, spot in kept.pending
            ),
            signs=tuple(Sign(*sign[:-1], Place(recording, *sign.spot)) for sign in kept.signs),
            sources=kept.sources,
            shown=kept.shown,
            instances=kept.instances,
        )
    except KeyError:
        raise Damaged("a statement is missing") from None


def key_of(content: bytes) -> str:
    """What stands for a statement in lines: 16 characters, from its encoded content alone, so that equal ones are equal in every journal."""
    return base64.urlsafe_b64encode(hashlib.blake2b(content, digest_size=12).digest()).decode()


def to_json(value: object) -> bytes:
    """A value of the model as JSON."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        data = msgspec.to_builtins(value, enc_hook=_plain)
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def from_json[Value](data: bytes, kind: type[Value]) -> Value:
    """The value of type `kind` that `to_json` made these bytes of. Raises Damaged."""
    try:
        return msgspec.json.decode(data, type=kind)
    except UnicodeDecodeError:
        return _from_wtf_8(data, kind)
    except msgspec.DecodeError:
        raise Damaged("not what the encoder writes") from None


def _from_wtf_8[Value](data: bytes, kind: type[Value]) -> Value:
    try:
        return msgspec.convert(json.loads(data.decode("utf-8", "surrogatepass")), kind)
    except (ValueError, RecursionError, msgspec.ValidationError):
        raise Damaged("not what the encoder writes") from None


def _plain(value: object) -> object:
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise NotImplementedError


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)
