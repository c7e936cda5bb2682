"""`telemetry-audit compare`: what changed between two recordings, or between telemetry on and off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from telemetry_audit.catalog import load
from telemetry_audit.cli.acceptance_options import acceptance_options, let_pass
from telemetry_audit.cli.deployment_options import deployment_of, deployment_options
from telemetry_audit.cli.exit_codes import FAILED, FAULT, INCONCLUSIVE, NOTHING_WRONG
from telemetry_audit.cli.faults import tell_faults
from telemetry_audit.cli.output import Stop, are_the_same, refuse_to_overwrite, say, tell, write
from telemetry_audit.cli.telling import told_by
from telemetry_audit.comparison import Comparison, NotComparable, Silence, silence
from telemetry_audit.comparison import compare as compared
from telemetry_audit.comparison.as_json import comparison_json, silence_json
from telemetry_audit.comparison.changes_page import changes_page
from telemetry_audit.comparison.markdown import render as markdown
from telemetry_audit.comparison.page import Page
from telemetry_audit.comparison.silence_page import silence_page
from telemetry_audit.comparison.text import render as text

_BOTH = ("BEFORE", "AFTER")
_SUFFIXES = {".txt": "text", ".json": "json", ".md": "markdown"}


@click.command()
@click.argument("sides", nargs=-1, metavar="[BEFORE AFTER]")
@click.option("--on", metavar="ON", help="Instead of BEFORE and AFTER: what was seen with telemetry on, and ...")
@click.option("--off", metavar="OFF", help="... with it off, to show what stopped and what went on.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(_SUFFIXES.values())),
    help="How to write the comparison; by default text, or as -o's suffix says.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the comparison to this file, mode 0600, instead of the terminal.",
)
@acceptance_options
@deployment_options
@click.pass_context
def compare(  # noqa: PLR0913, PLR0917 - one for each option
    ctx: click.Context,
    /,
    sides: tuple[str, ...],
    on: str | None,
    off: str | None,
    form: str | None,
    output: Path | None,
    **options: Any,
) -> None:
    """Say what AFTER sends that BEFORE did not, and the other way round: after an upgrade, for example.

    Each is a recording, a journal of `watch` or a JSON report of `check`; its content tells which. A folder or a pattern stands for all recordings
    in it, as for `check`. Journals and reports were made under what the operator told then; recordings are audited under the options given here.

    \b
    Exit codes:
      0   no new breach; with --off: only what a document exempts was sent
      1   a new breach that nobody accepted; with --off: something else was sent
      2   a wrong call, or a file that cannot be read
      3   inconclusive: one of the two is
      70  a fault in telemetry-audit itself
    """  # noqa: D301 - click keeps the lines behind this character as they are
    switched = on is not None or off is not None
    names = (*sides, *(name for name in (on, off) if name is not None))
    if len(names) != len(_BOTH) or (switched and sides):
        raise Stop("Name two files to compare, BEFORE and AFTER, or one each with --on and --off.")
    if are_the_same(*map(Path, names)):
        raise Stop(f"{names[0]} and {names[1]} are the same, so nothing can have changed. Name two.")
    if switched and options["telemetry"]:
        raise Stop("--on and --off say whether telemetry is on, so leave --telemetry out.")
    catalog = load()
    described = deployment_of(catalog, options)
    passes = let_pass(options)
    form = form or _form_of(output)
    if output:
        refuse_to_overwrite(output, (*map(Path, names), *described.files, *passes.files))
    telemetry = (True, False) if switched else (described.deployment.telemetry,) * 2
    one, other = (
        told_by(name, catalog, replace(described.deployment, telemetry=is_on), described.configuration)
        for name, is_on in zip(names, telemetry, strict=True)
    )
    try:
        result = (
            silence(one.told, other.told, catalog)
            if switched
            else compared(one.told, other.told, passes.acceptances, passes.today)
        )
    except NotComparable as problem:
        raise Stop(str(problem)) from None
    if output:
        refuse_to_overwrite(output, (*one.files, *other.files))
    _hand_over(result, form, output)
    faults = (*one.faults, *other.faults)
    tell_faults(faults)
    ctx.exit(FAULT if faults else _exit_code(result))


def _form_of(output: Path | None) -> str:
    if output is None:
        return _SUFFIXES[".txt"]
    if output.suffix not in _SUFFIXES:
        raise Stop(f"No format has the suffix of {output}: name it {', '.join(_SUFFIXES)}, or say --format.")
    return _SUFFIXES[output.suffix]


def _hand_over(result: Comparison | Silence, form: str, output: Path | None) -> None:
    page = changes_page(result) if isinstance(result, Comparison) else silence_page(result)
    rendered = _rendered(result, page, form)
    if output is None:
        say(rendered)
        return
    write(output, rendered)
    tell(page.conclusion)
    tell(f"The comparison is in {output}.")


def _rendered(result: Comparison | Silence, page: Page, form: str) -> str:
    if form == "json":
        return comparison_json(result) if isinstance(result, Comparison) else silence_json(result)
    if form == "markdown":
        return markdown(page)
    return text(page)


def _exit_code(result: Comparison | Silence) -> int:
    if result.broken:
        return FAILED
    return INCONCLUSIVE if result.inconclusive else NOTHING_WRONG
