"""`telemetry-audit report`: journals in, the report that `check` gives on the same traffic out."""

from __future__ import annotations

import gc
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from telemetry_audit.catalog import load
from telemetry_audit.cli.acceptance_options import acceptance_options, baseline_option, let_pass
from telemetry_audit.cli.output import Stop
from telemetry_audit.cli.reporting import Wanted, deliver, reporting_options
from telemetry_audit.formats.escape import shown
from telemetry_audit.journal import JournalError, files_of, journal_report, open_journal


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
    if len({path.resolve() for path in journals}) < len(journals):
        raise Stop("A journal is named twice, so its events would be counted twice. Name each one once.")
    catalog = load()
    gc.disable()  # observations hold no cycles; looking for some would take a third of the time
    with ExitStack() as opened:
        try:
            passes = let_pass(options)
            wanted = Wanted.of(options, (*(file for path in journals for file in files_of(path)), *passes.files))
            found = [opened.enter_context(open_journal(path)) for path in sorted(journals, key=str)]
            passes.refuse_other_editions(found[0].terms.document)
            done = passes.applied(journal_report(found, catalog))
        except JournalError as problem:
            raise Stop(str(problem)) from None
        faults = [shown(fault) for journal in found for run in journal.runs for fault in run.faults]
    deliver(ctx, wanted, done, faults)
