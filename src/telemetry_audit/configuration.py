"""Reads what the operator knows: `audit.toml`, and the lists that it names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

import msgspec

from telemetry_audit.acceptance_file import AcceptanceError, Table, acceptances, read_accepted
from telemetry_audit.catalog import Catalog
from telemetry_audit.deployment import Deployment, Network, OwnHost
from telemetry_audit.detectors.known import VALUE, Index
from telemetry_audit.lists import Column, ListError, is_stored, load_stored, read_canaries, read_export, read_lines
from telemetry_audit.model import Acceptance

DEFAULT_FILE = "audit.toml"
_PORT = re.compile(r":[0-9]{1,5}$")
_SWITCH = {"on": True, "off": False, "unknown": None}


class ConfigurationError(ValueError):
    """The configuration is wrong; the argument is a sentence to the operator that says where and what to do."""


class _Host(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    decoder: str = ""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    server_addresses: list[str] = []
    telemetry: str = "unknown"
    document: str = ""
    canaries: str = ""
    known_users: str = ""
    known_values: list[str] = []
    domains: list[str] = []
    host: list[_Host] = []
    accepted: str | list[Table] = []


@dataclass(frozen=True, slots=True)
class Configuration:
    """What `audit.toml` says or a caller gives: addresses or networks as text, files of values by path, with columns where they have some.

    `accepted` are the findings that it accepts itself, `accepted_in` the files that accept more.
    """

    server_addresses: tuple[str, ...] = ()
    telemetry: str = "unknown"
    document: str = ""
    canaries: tuple[Path, ...] = ()
    known_users: tuple[Path, ...] = ()
    known_values: tuple[Column, ...] = ()
    domains: tuple[str, ...] = ()
    hosts: tuple[OwnHost, ...] = field(default=())
    accepted: tuple[Acceptance, ...] = ()
    accepted_in: tuple[Path, ...] = ()


def chosen(path: Path | None) -> Path | None:
    """The file to read the configuration from: the one that was named, else `audit.toml` in the current folder if there is one."""
    return path or (Path(DEFAULT_FILE) if Path(DEFAULT_FILE).is_file() else None)


def read(path: Path) -> Configuration:
    """The configuration in a TOML file; paths in it are relative to its folder. Raises ConfigurationError."""
    try:
        return parse(path.read_text("utf-8"), path)
    except OSError as problem:
        raise ConfigurationError(f"{path} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is not UTF-8 text.") from None


def parse(text: str, path: Path) -> Configuration:
    """The configuration in the text of the file at `path`. Raises ConfigurationError."""
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
        accepted = () if isinstance(file.accepted, str) else acceptances(file.accepted, path)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigurationError(f"{path} is not TOML: {problem}.") from None
    except msgspec.ValidationError as problem:
        raise ConfigurationError(
            f"{path}: {problem}. `telemetry-audit init` writes a file with every key explained."
        ) from None
    except AcceptanceError as problem:
        raise ConfigurationError(str(problem)) from None
    return Configuration(
        server_addresses=tuple(file.server_addresses),
        telemetry=file.telemetry,
        document=file.document,
        canaries=_beside(path, file.canaries),
        known_users=_beside(path, file.known_users),
        known_values=tuple(_column_beside(path, name) for name in file.known_values),
        domains=tuple(file.domains),
        hosts=tuple(_own_host(host.name, host.decoder) for host in file.host),
        accepted=accepted,
        accepted_in=_beside(path, file.accepted) if isinstance(file.accepted, str) else (),
    )


def all_accepted(configuration: Configuration) -> tuple[Acceptance, ...]:
    """The accepted findings of a configuration and of the files that it names. Raises ConfigurationError."""
    try:
        more = [each for path in dict.fromkeys(configuration.accepted_in) for each in read_accepted(path)]
    except AcceptanceError as problem:
        raise ConfigurationError(str(problem)) from None
    return (*configuration.accepted, *more)


def deployment(configuration: Configuration, catalog: Catalog, decoders: Iterable[str]) -> Deployment:
    """The deployment that a configuration describes; `decoders` are the ids that a host may name. Raises ConfigurationError."""
    if configuration.telemetry not in _SWITCH:
        raise ConfigurationError("telemetry is one of on, off and unknown.")
    editions = [document.id for document in catalog.documents]
    if configuration.document and configuration.document not in editions:
        raise ConfigurationError(f"No document has that edition; there are {', '.join(editions)}.")
    known = {"", *decoders}
    for host in configuration.hosts:
        if host.decoder not in known:
            raise ConfigurationError(
                f"No decoder has the id that {host.name} is to be read with; `telemetry-audit list decoders` names them."
            )
    try:
        return _with_lists(configuration)
    except ListError as problem:
        raise ConfigurationError(str(problem)) from None


def _with_lists(configuration: Configuration) -> Deployment:
    canaries = list(dict.fromkeys(each for path in configuration.canaries for each in read_canaries(path)))
    stored = [load_stored(each.path) for each in configuration.known_values if is_stored(each.path)]
    exports = [read_export(each) for each in configuration.known_values if not is_stored(each.path)]
    values = tuple(dict.fromkeys(value for export in exports for value in export.values))
    return Deployment(
        server_addresses=tuple(_network(text) for text in configuration.server_addresses),
        telemetry=_SWITCH[configuration.telemetry],
        document=configuration.document or None,
        hosts=configuration.hosts,
        canaries=tuple(each.value for each in canaries),
        known_users=tuple(dict.fromkeys(value for path in configuration.known_users for value in read_lines(path))),
        labels=tuple(
            f"canary {number} ({each.kind})" if each.kind else f"canary {number}"
            for number, each in enumerate(canaries, 1)
        ),
        known=(
            *((Index.of([(VALUE, [(value,) for value in values])]),) if values else ()),
            *(each.index for each in stored),
        ),
        skipped=sum(each.skipped for each in exports) + sum(each.skipped for each in stored),
        domains=tuple(dict.fromkeys(_domain(text) for text in configuration.domains)),
    )


def own_host(text: str) -> OwnHost:
    """`NAME` or `NAME=DECODER` as a host."""
    name, _, decoder = text.partition("=")
    return _own_host(name, decoder)


def _own_host(name: str, decoder: str) -> OwnHost:
    """A host as exchanges name it: in lower case, without a port and a dot at its end. Raises ConfigurationError."""
    host = _PORT.sub("", name.strip().lower()).rstrip(".")
    if not host or any(mark in host for mark in "/ \t") or "://" in name:
        raise ConfigurationError("A telemetry host is a name such as t.example.com, without scheme and path.")
    return OwnHost(host, decoder.strip())


def _network(text: str) -> Network:
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        raise ConfigurationError(
            "A server address is an IPv4 or IPv6 address, or a network such as 203.0.113.0/24."
        ) from None


def _domain(text: str) -> str:
    """A domain without an at sign in front. Raises ConfigurationError."""
    domain = text.strip().lstrip("@").rstrip(".")
    if not domain or not set(domain).isdisjoint("@/: \t"):
        raise ConfigurationError("A domain is what follows the @ of an e-mail address, such as example.com.")
    return domain


def _column_beside(path: Path, name: str) -> Column:
    """A file with columns, relative to the folder of the file that names it."""
    return Column.of(str(path.parent / name))


def _beside(path: Path, name: str) -> tuple[Path, ...]:
    return (path.parent / name,) if name else ()
