"""`telemetry-audit accept`: a decision to live with a finding, written down where every later audit reads it."""

from __future__ import annotations

import stat
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from telemetry_audit import configuration
from telemetry_audit.acceptance_file import with_accepted
from telemetry_audit.accepted import covers, expired
from telemetry_audit.catalog import load
from telemetry_audit.cli.acceptance_options import day
from telemetry_audit.cli.deployment_options import deployment_of, deployment_options
from telemetry_audit.cli.exit_codes import FAULT
from telemetry_audit.cli.faults import tell_faults
from telemetry_audit.cli.output import Stop, tell, write_bytes
from telemetry_audit.cli.telling import told_by
from telemetry_audit.configuration import Configuration, ConfigurationError
from telemetry_audit.model import Acceptance, Statement

_FOR_THE_OWNER = 0o600
_HEAD = "# Findings that were accepted, and why. `telemetry-audit accept` adds to them.\n"


@click.command()
@click.argument("finding")
@click.argument("source", metavar="REPORT|RECORDING|JOURNAL")
@click.option("--reason", required=True, help="Why it is accepted; it stands in every report.")
@click.option("--who", default="", help="Who decided.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The last day on which it is accepted; by default there is none.",
)
@click.option(
    "--in",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it: audit.toml, which is the default, or a file that --accepted or audit.toml names.",
)
@deployment_options
@click.pass_context
def accept(  # noqa: PLR0913, PLR0917 - one for each option
    ctx: click.Context,
    /,
    finding: str,
    source: str,
    reason: str,
    who: str,
    until: datetime | None,
    file: Path | None,
    **options: Any,
) -> None:
    """Accept a FINDING (its id, TA-…): it stays in every report, marked, and does not end with exit code 1.

    The second argument is where it was found, so that what is written says in words what was accepted: a JSON report, or a recording, for which give
    the same options as to `check`, or a journal. Edit the file to accept more at once: without its line `finding`, event and pointer may have
    wildcards.
    """
    if not reason.strip():
        raise Stop("Say in --reason why it is accepted.")
    today, last = day(None), until.date() if until else None
    if last and last < today:
        raise Stop(f"{last} has passed, so this would accept nothing.")
    catalog = load()
    described = deployment_of(catalog, options)
    side = told_by(source, catalog, described.deployment, described.configuration)
    found = next((each.statement for each in side.told.findings if each.id == finding), None)
    if found is None:
        raise Stop(
            "That finding is not in there. `telemetry-audit check` lists the findings; give the same options here."
        )
    path, text, before = _file(configuration.chosen(file or options["config"]) or Path(configuration.DEFAULT_FILE))
    _refuse_twice(before, found, today)
    written = with_accepted(text or _HEAD, found, reason.strip(), who.strip(), last)
    _refuse_garbled(written, path, before, found)
    write_bytes(path.resolve(), written.encode(), _mode(path))
    tell(f"{path} accepts {finding} ({found.rule}, {found.event}, {found.pointer}){f' until {last}' if last else ''}.")
    for each in before:
        if covers(each, found):
            tell(f"{each.where} accepted it until {each.until}, and can go.")
    tell_faults(side.faults)
    if side.faults:
        ctx.exit(FAULT)


def _file(path: Path) -> tuple[Path, str, tuple[Acceptance, ...]]:
    """The file to write to, which may be one that `path` names, with its text and what it accepts; "" where it is not there yet. Raises Stop."""
    try:
        found = configuration.read(path) if path.exists() else Configuration()
        path = next(iter(found.accepted_in), path)
        if not path.exists():
            return path, "", ()
        return path, path.read_bytes().decode(), configuration.all_accepted(found)
    except ConfigurationError as problem:
        raise Stop(str(problem)) from None


def _refuse_twice(before: tuple[Acceptance, ...], found: Statement, today: date) -> None:
    for each in before:
        if covers(each, found) and not expired(each, today):
            raise Stop(f"{each.where} accepts it already: {each.reason}")


def _refuse_garbled(text: str, path: Path, before: tuple[Acceptance, ...], found: Statement) -> None:
    """Raise Stop unless the text reads as what was accepted before and this finding; it has not been written yet."""
    try:
        *others, last = configuration.parse(text, path).accepted
    except ConfigurationError:
        others, last = [], None
    if last is None or len(others) != len(before) or last.ids != {found.id} or not covers(last, found):
        raise Stop(
            f"{path} cannot be added to. Write what it accepts as [[accepted]] tables, each key on a line of its own."
        )


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else _FOR_THE_OWNER
