"""`telemetry-audit check`: recordings in, a verdict on every promise out."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import click

from telemetry_audit.catalog import load
from telemetry_audit.cli.acceptance_options import acceptance_options, baseline_option, let_pass
from telemetry_audit.cli.deployment_options import deployment_of, deployment_options
from telemetry_audit.cli.engine_options import engine_of, engine_options
from telemetry_audit.cli.gathering import gather
from telemetry_audit.cli.reporting import Wanted, deliver, reporting_options
from telemetry_audit.cli.run import run


@click.command()
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING...")
@deployment_options
@acceptance_options
@baseline_option
@reporting_options
@engine_options
@click.pass_context
def check(
    ctx: click.Context,
    /,
    recordings: tuple[str, ...],
    **options: Any,
) -> None:
    """Audit recorded traffic of an Appsmith instance.

    RECORDING is a mitmproxy dump, a HAR, or an export of stored events; its content tells which. `-` reads standard input. A folder stands for all
    recordings in it and below, a pattern such as 'rec/**/*.flow' for all that it matches. All of them make one report.

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
    passes = let_pass(options)
    passes.refuse_other_editions(deployment.document)
    gc.disable()  # observations hold no cycles; looking for some would take a third of the time
    with engine_of(options) as engine:
        gathered = gather(recordings, engine)
        wanted = Wanted.of(options, (*(Path(each.name) for each in gathered), *files, *passes.files))
        done = run(gathered, catalog, deployment, configuration, engine, show_progress=options["progress"])
    deliver(ctx, wanted, passes.applied(done.report), done.faults)
