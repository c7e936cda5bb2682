"""The options by which a command learns of the deployment; each is also a key of `audit.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import click

from telemetry_audit import configuration
from telemetry_audit.catalog import Catalog
from telemetry_audit.cli.output import Stop, tell
from telemetry_audit.configuration import Configuration, ConfigurationError
from telemetry_audit.decoders import DECODERS
from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors.known import MISSING
from telemetry_audit.lists import Column, key_path

_FILE = click.Path(dir_okay=False, path_type=Path)
_OPTIONS = (
    click.option(
        "--config", type=_FILE, help="Read the deployment from this file; by default ./audit.toml if there is one."
    ),
    click.option(
        "--server-address",
        "server_addresses",
        multiple=True,
        metavar="ADDRESS",
        help="An address or network of the server. Repeatable.",
    ),
    click.option(
        "--telemetry",
        type=click.Choice(["on", "off", "unknown"]),
        help="Whether telemetry is switched on in the instance.",
    ),
    click.option(
        "--document", metavar="EDITION", help="Hold the traffic against this edition alone (see `list documents`)."
    ),
    click.option(
        "--telemetry-host",
        "hosts",
        multiple=True,
        metavar="HOST[=DECODER]",
        help="A host of yours that telemetry goes to. Repeatable.",
    ),
    click.option(
        "--canaries",
        multiple=True,
        type=_FILE,
        help="A file of values planted in a datasource: of `canaries new`, or one a line. Repeatable.",
    ),
    click.option(
        "--known-users",
        multiple=True,
        type=_FILE,
        help="A file of users' names and e-mail addresses, one person a line, several names with tabs between. Repeatable.",
    ),
    click.option(
        "--known-values",
        multiple=True,
        metavar="FILE[:COLUMN,...]",
        help="An export of a datasource (CSV, TSV, JSON, JSON lines), or what `known build` made of one. Repeatable.",
    ),
    click.option(
        "--domain",
        "domains",
        multiple=True,
        metavar="DOMAIN",
        help="A domain of your e-mail addresses, to try hashes of domains with. Repeatable.",
    ),
)

_REPLACING = ("server_addresses", "telemetry", "document", "canaries", "known_users", "domains")
"""Options that stand before the key of the same name."""

_TOLD = frozenset({*_REPLACING, "known_values", "hosts"})


class Described(NamedTuple):
    """A deployment, the name of the configuration file ("" without one), and every file that told of it."""

    deployment: Deployment
    configuration: str
    files: tuple[Path, ...]


def deployment_options[F: Callable[..., Any]](command: F) -> F:
    """Give a command the options of the deployment."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def refuse_deployment(ctx: click.Context, options: Mapping[str, Any]) -> None:
    """Raise Stop if one of the options of the deployment was given beside a journal; the configuration file may be, for what it accepts."""
    for parameter in ctx.command.params:
        if parameter.name in _TOLD and options[parameter.name]:
            raise Stop(f"A journal tells itself what its audit was made under, so leave {parameter.opts[0]} out.")


def deployment_of(catalog: Catalog, options: dict[str, Any]) -> Described:
    """The deployment that the options and the configuration file describe. Raises Stop."""
    path: Path | None = options["config"] or (
        Path(configuration.DEFAULT_FILE) if Path(configuration.DEFAULT_FILE).is_file() else None
    )
    try:
        found = configuration.read(path) if path else Configuration()
        known = (decoder.id for decoder in DECODERS)
        wanted = _overridden(found, options)
        described = configuration.deployment(wanted, catalog, known)
    except ConfigurationError as problem:
        raise Stop(str(problem)) from None
    if MISSING and (described.canaries or described.known_users or described.known):
        tell(f"This Python's OpenSSL lacks {', '.join(MISSING)}: digests by it are not looked for.")
    exports = tuple(each.path for each in wanted.known_values)
    files = (*((path,) if path else ()), *wanted.canaries, *wanted.known_users, *exports, *map(key_path, exports))
    return Described(described, str(path or ""), files)


def _overridden(found: Configuration, options: dict[str, Any]) -> Configuration:
    """What stands on the command line goes before the file; hosts are added to the file's."""
    given = {name: options[name] for name in _REPLACING if options[name]}
    if options["known_values"]:
        given["known_values"] = tuple(map(Column.of, options["known_values"]))
    return replace(found, hosts=(*found.hosts, *(configuration.own_host(text) for text in options["hosts"])), **given)
