"""`telemetry-audit check`: recordings in, a verdict on every promise out."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import click

from telemetry_audit.catalog import load
from telemetry_audit.cli.deployment_options import deployment_of, deployment_options
from telemetry_audit.cli.output import Stop
from telemetry_audit.cli.reporting import Wanted, deliver, reporting_options
from telemetry_audit.cli.run import open_all, run


@click.command()
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING...")
@deployment_options
@reporting_options
@click.pass_context
def check(
    ctx: click.Context,
    /,
    recordings: tuple[str, ...],
    **options: Any,
) -> None:
    """Audit recorded traffic of an Appsmith instance.

    RECORDING is a mitmproxy dump, a HAR, or an export of stored events; its content tells which. `-` reads standard input.

    \b
    Exit codes:
      0   nothing wrong was found
      1   a breach, or what --fail-on names
      2   a wrong call, or a file that cannot be read
      3   inconclusive: no telemetry in it, or something unread
      70  a fault in telemetry-audit itself
    """  # noqa: D301 - click keeps the lines behind this character as they are
    catalog = load()
    deployment, configuration, files = deployment_of(catalog, options)
    if len(set(recordings)) < len(recordings):
        raise Stop("A recording is named twice, so its events would be counted twice. Name each one once.")
    wanted = Wanted.of(options, (*map(Path, recordings), *files))
    gc.disable()  # observations hold no cycles; looking for some would take a third of the time
    done = run(open_all(recordings), catalog, deployment, configuration)
    deliver(ctx, wanted, done.report, done.faults)
