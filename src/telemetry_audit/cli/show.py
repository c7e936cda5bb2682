"""`telemetry-audit show`: the values behind a finding, for the person who holds the recording; of a journal, the places."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import Catalog, load
from telemetry_audit.cli.deployment_options import deployment_of, deployment_options, refuse_deployment
from telemetry_audit.cli.exit_codes import FAULT
from telemetry_audit.cli.faults import tell_faults
from telemetry_audit.cli.journals import faults_of, only_journals, opened
from telemetry_audit.cli.output import Stop, say
from telemetry_audit.cli.run import audit_of, open_all, run
from telemetry_audit.formats.clock import timestamp
from telemetry_audit.formats.escape import shown
from telemetry_audit.journal import journal_report
from telemetry_audit.model import Exchange, Finding, Place
from telemetry_audit.readers import exchanges

_FEW = 10
_OF_A_KEY = "is named"


@click.command()
@click.argument("recording", metavar="RECORDING|JOURNAL")
@click.argument("finding")
@deployment_options
@click.option(
    "--all", "everything", is_flag=True, help=f"Show every place that the report keeps, not just the first {_FEW}."
)
@click.pass_context
def show(ctx: click.Context, /, recording: str, finding: str, *, everything: bool, **options: Any) -> None:
    """Show the values behind a FINDING (its id, TA-…) of a RECORDING.

    This prints what a report leaves out, so it is for the eyes of whoever holds the recording. Give the same options as to `check`. A journal holds
    no values: of a finding in one this prints the places, with the times by which a recording of the same traffic has them.
    """
    catalog = load()
    if journals := only_journals([recording]):
        refuse_deployment(ctx, options)
        _show_places(ctx, journals, finding, catalog, everything=everything)
        return
    deployment = deployment_of(catalog, options).deployment
    recordings = open_all([recording])
    done = run(recordings, catalog, deployment)
    found = _found(done.report.findings, finding)
    if found is None:
        raise Stop(
            "That finding is not in this recording. `telemetry-audit check` lists the findings; give the same options here as there."
        )
    places = found.places if everything else found.places[:_FEW]
    audit = audit_of(recordings, catalog, deployment)
    wanted = {place.exchange for place in places}
    exchange_of = {
        item.number: item for item in exchanges(recordings[0]) if isinstance(item, Exchange) and item.number in wanted
    }
    say("\n".join(_lines(found, places, audit, exchange_of)))
    tell_faults(done.faults)
    if done.faults:
        ctx.exit(FAULT)


def _show_places(
    ctx: click.Context, paths: Sequence[Path], finding: str, catalog: Catalog, *, everything: bool
) -> None:
    """Print where a finding of journals stands, and where its value is to be had. Raises Stop."""
    with opened(paths) as journals:
        found = _found(journal_report(journals, catalog).findings, finding)
        faults = faults_of(journals)
    if found is None:
        raise Stop("That finding is not in this journal. `telemetry-audit report` lists the findings.")
    say("\n".join(_places(found, found.places if everything else found.places[:_FEW])))
    tell_faults(faults)
    if faults:
        ctx.exit(FAULT)


def _found(findings: Iterable[Finding], finding: str) -> Finding | None:
    return next((each for each in findings if each.statement.id == finding), None)


def _places(finding: Finding, places: tuple[Place, ...]) -> Iterator[str]:
    yield _head(finding)
    for place in places:
        at = ", ".join(filter(None, (place.input, f"exchange {place.exchange}", timestamp(place.time))))
        message = f", message {place.message_id}" if place.message_id else ""
        yield shown(f"{at}, {place.where}{message}: {place.shape}")
    yield from _more(finding, places)
    yield (
        "A journal holds no values, and numbers exchanges by itself. Where `watch --record FILE` kept the traffic,\n"
        f"`telemetry-audit show FILE {finding.statement.id}` shows them, given the options that `watch` had."
    )


def _head(finding: Finding) -> str:
    statement = finding.statement
    what = " ".join(filter(None, (shown(statement.event), shown(statement.pointer), statement.says)))
    return f"{statement.id}  {statement.level} of {statement.promise}: {what}"


def _more(finding: Finding, places: tuple[Place, ...]) -> Iterator[str]:
    if finding.count > len(places):
        yield f"… and {finding.count - len(places):,} more places (--all shows those that the report keeps)"


def _lines(
    finding: Finding, places: tuple[Place, ...], audit: Audit, exchange_of: dict[int, Exchange]
) -> Iterator[str]:
    keys = finding.statement.says.startswith(_OF_A_KEY)
    yield _head(finding)
    for place in places:
        yield f"exchange {place.exchange}, {shown(place.where)}:"
        exchange = exchange_of[place.exchange]
        yield from (f"  {_quoted(value)}" for value in _values(audit, exchange, place.where, keys=keys))
    yield from _more(finding, places)


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
