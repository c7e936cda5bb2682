"""The manifest: what is in a pack, what was audited, under which terms, and with which verdicts; `schemas/manifest.schema.json` describes it."""

from __future__ import annotations

import json

import msgspec

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
VERSION = 1
"""Raised when a field is taken away or changes its meaning; new fields do not raise it."""


class NotAManifest(ValueError):
    """The bytes are no manifest; the sentence says why and quotes nothing."""


class Tool(msgspec.Struct, frozen=True):
    """The program that made the pack."""

    name: str
    version: str


class Input(msgspec.Struct, frozen=True):
    """A recording that was audited, or a run of a journal: then size and digest are those of its lines."""

    name: str
    kind: str
    sha256: str
    size: int
    exchanges: int


class Host(msgspec.Struct, frozen=True):
    """A telemetry host that the operator named."""

    name: str
    decoder: str


class Lists(msgspec.Struct, frozen=True):
    """What was used of the operator's lists: numbers, and keyed digests that only who has the recordings can make again."""

    canaries: int
    known_users: int
    known_values: int
    domains: int
    digests: tuple[str, ...]


class Terms(msgspec.Struct, frozen=True):
    """The configuration of the audit without its lists; `document` is "" for every edition, `configuration` the name of the file, "" without.

    Server addresses and hosts are empty where the audit was live, whose journal holds none.
    """

    configuration: str
    telemetry: str
    document: str
    server_addresses: tuple[str, ...]
    hosts: tuple[Host, ...]
    lists: Lists


class Answer(msgspec.Struct, frozen=True):
    """The verdict on one promise."""

    promise: str
    verdict: str
    breaches: int
    drift: int
    notes: int


class File(msgspec.Struct, frozen=True):
    """A file of the pack, by its path in it."""

    path: str
    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True):
    """All of it; `exit_code` is that of `check` or `report` on the same, `limits` are sentences on what cannot be made again of it."""

    version: int
    tool: Tool
    catalog_sha256: str
    inputs: tuple[Input, ...]
    deployment: Terms
    promises: tuple[Answer, ...]
    exit_code: int
    files: tuple[File, ...]
    limits: tuple[str, ...] = ()


def written(manifest: Manifest) -> bytes:
    """The manifest as canonical JSON: ASCII, keys sorted, indented by two spaces, a line's end at the end."""
    return _canonical(msgspec.to_builtins(manifest))


def read(data: bytes) -> Manifest:
    """The manifest in these bytes. Raises NotAManifest."""
    try:
        value = json.loads(data.decode("ascii"))
        canonical = _canonical(value)
        version = value.get("version") if isinstance(value, dict) else None
    except (ValueError, RecursionError):
        raise NotAManifest("it is no JSON in ASCII") from None
    if version != VERSION:
        raise NotAManifest("it is of another version than this program reads")
    if canonical != data:
        raise NotAManifest("it is not in canonical form, so it was not written by this program")
    try:
        return msgspec.convert(value, Manifest)
    except msgspec.ValidationError:
        raise NotAManifest("it is not as schemas/manifest.schema.json describes one") from None


def _canonical(value: object) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True) + "\n").encode("ascii")
