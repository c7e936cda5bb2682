"""`telemetry-audit show`: the values behind a finding, for the person who holds the recording."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import load
from telemetry_audit.cli.deployment_options import deployment_of, deployment_options
from telemetry_audit.cli.exit_codes import FAULT
from telemetry_audit.cli.faults import tell_faults
from telemetry_audit.cli.output import Stop, say
from telemetry_audit.cli.run import audit_of, open_all, run
from telemetry_audit.formats.escape import shown
from telemetry_audit.model import Exchange, Finding, Place
from telemetry_audit.readers import exchanges

_FEW = 10
_OF_A_KEY = "is named"


@click.command()
@click.argument("recording")
@click.argument("finding")
@deployment_options
@click.option(
    "--all", "everything", is_flag=True, help=f"Show every place that the report keeps, not just the first {_FEW}."
)
@click.pass_context
def show(ctx: click.Context, /, recording: str, finding: str, *, everything: bool, **options: Any) -> None:
    """Show the values behind a FINDING (its id, TA-…) of a RECORDING.

    This prints what a report leaves out, so it is for the eyes of whoever holds the recording. Give the same options as to `check`.
    """
    catalog = load()
    deployment = deployment_of(catalog, options).deployment
    recordings = open_all([recording])
    done = run(recordings, catalog, deployment)
    found = next((each for each in done.report.findings if each.statement.id == finding), None)
    if found is None:
        raise Stop(
            "That finding is not in this recording. `telemetry-audit check` lists the findings; give the same options here as there."
        )
    places = found.places if everything else found.places[:_FEW]
    audit = audit_of(recordings, catalog, deployment)
    wanted = {place.exchange for place in places}
    opened = {
        item.number: item for item in exchanges(recordings[0]) if isinstance(item, Exchange) and item.number in wanted
    }
    say("\n".join(_lines(found, places, audit, opened)))
    tell_faults(done.faults)
    if done.faults:
        ctx.exit(FAULT)


def _lines(finding: Finding, places: tuple[Place, ...], audit: Audit, opened: dict[int, Exchange]) -> Iterator[str]:
    statement = finding.statement
    keys = statement.says.startswith(_OF_A_KEY)
    yield f"{statement.id}  {statement.level} of {statement.promise}: {shown(statement.event)} {shown(statement.pointer)} {statement.says}"
    for place in places:
        yield f"exchange {place.exchange}, {shown(place.where)}:"
        exchange = opened[place.exchange]
        yield from (f"  {_quoted(value)}" for value in _values(audit, exchange, place.where, keys=keys))
    if finding.count > len(places):
        yield f"… and {finding.count - len(places):,} more places (--all shows those that the report keeps)"


def _values(audit: Audit, exchange: Exchange, where: str, *, keys: bool) -> Iterator[object]:
    """What stands at a locator: one value, the key itself if that is what was found, or all that stands below."""
    leaves = [leaf for subject in audit.subjects(exchange) for leaf in subject.leaves()]
    below = where if where.endswith("#") else f"{where}/"
    yield from (
        [leaf.value for leaf in leaves if leaf.where == where and leaf.is_key is keys]
        or [leaf.value for leaf in leaves if leaf.where.startswith(below) and not leaf.is_key]
        or [leaf.value for leaf in leaves if leaf.where == where]
    )


def _quoted(value: object) -> str:
    """A value as JSON in ASCII, which no terminal takes for anything but text."""
    return json.dumps(value, default=str)
