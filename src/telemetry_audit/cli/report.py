"""`telemetry-audit report`: journals in, the report that `check` gives on the same traffic out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from telemetry_audit.catalog import load
from telemetry_audit.cli.acceptance_options import acceptance_options, baseline_option, let_pass
from telemetry_audit.cli.journals import faults_of, opened
from telemetry_audit.cli.reporting import Wanted, deliver, reporting_options
from telemetry_audit.journal import files_of, journal_report


@click.command()
@click.argument("journals", nargs=-1, required=True, metavar="JOURNAL...", type=click.Path(path_type=Path))
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Read accepted findings from this file; by default ./audit.toml if there is one.",
)
@acceptance_options
@baseline_option
@reporting_options
@click.pass_context
def report(ctx: click.Context, /, journals: tuple[Path, ...], **options: Any) -> None:
    """Report on the journal of a live audit, at any time, also while it is being written.

    JOURNAL is what `watch` or the addon writes. What the operator knew stands in it; several are put together if they were made under the same terms.

    \b
    Exit codes:
      0   nothing wrong was found
      1   a breach, or what --fail-on names
      2   a wrong call, or a file that cannot be read
      3   inconclusive: no telemetry in it, something unread, or the journal lacks something
      70  a fault in telemetry-audit itself, now or while the journal was written
    """  # noqa: D301 - click keeps the lines behind this character as they are
    catalog = load()
    passes = let_pass(options)
    wanted = Wanted.of(options, (*(file for path in journals for file in files_of(path)), *passes.files))
    with opened(journals) as found:
        passes.refuse_other_editions(found[0].terms.document)
        done = passes.applied(journal_report(found, catalog))
        faults = faults_of(found)
    deliver(ctx, wanted, done, faults)
