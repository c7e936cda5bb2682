"""`telemetry-audit check`: recordings in, a verdict on every promise out."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import click

from telemetry_audit.catalog import load
from telemetry_audit.cli.deployment_options import deployment_of, deployment_options
from telemetry_audit.cli.exit_codes import FAULT, exit_code
from telemetry_audit.cli.faults import tell_faults
from telemetry_audit.cli.output import Stop, refuse_to_overwrite, say, tell, write
from telemetry_audit.cli.run import open_all, run
from telemetry_audit.formats import FORMATS, Format
from telemetry_audit.formats.text import conclusion

_LEVELS = ("breach", "drift", "unread", "none")


class _FailOn(click.ParamType[frozenset[str]]):
    name = "levels"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> frozenset[str]:
        chosen = frozenset(word.strip() for word in value.split(",")) if isinstance(value, str) else frozenset(value)
        if not chosen or not chosen <= set(_LEVELS):
            self.fail(f"choose from {', '.join(_LEVELS)}, with commas between them", param, ctx)
        if "none" in chosen and len(chosen) > 1:
            self.fail("none stands alone", param, ctx)
        return chosen


@click.command()
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING...")
@deployment_options
@click.option(
    "--format",
    "format_id",
    type=click.Choice([each.id for each in FORMATS]),
    help="How to write the report; by default text, or as -o's suffix says.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report to this file, mode 0600, instead of the terminal.",
)
@click.option(
    "--fail-on",
    type=_FailOn(),
    default="breach",
    show_default=True,
    help="What ends with exit code 1: breach, drift, unread, or none.",
)
@click.pass_context
def check(
    ctx: click.Context,
    /,
    recordings: tuple[str, ...],
    format_id: str | None,
    output: Path | None,
    fail_on: frozenset[str],
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
    if output is not None:
        refuse_to_overwrite(output, (*map(Path, recordings), *files))
    chosen = _format(format_id, output)
    gc.disable()  # observations hold no cycles; looking for some would take a third of the time
    done = run(open_all(recordings), catalog, deployment, configuration)
    text = chosen.render(done.report)
    if output:
        write(output, text)
        tell(click.unstyle(conclusion(done.report)))
        tell(f"The report is in {output}.")
    else:
        say(text)
    tell_faults(done.faults)
    ctx.exit(FAULT if done.faults else exit_code(done.report, fail_on))


def _format(format_id: str | None, output: Path | None) -> Format:
    if format_id is not None or output is None:
        return next(each for each in FORMATS if each.id == (format_id or FORMATS[0].id))
    found = next((each for each in FORMATS if output.suffix in each.suffixes), None)
    if found is None:
        suffixes = ", ".join(suffix for each in FORMATS for suffix in each.suffixes)
        raise Stop(f"No format has the suffix of {output}: name it {suffixes}, or say --format.")
    return found
