"""How a command hands its report over: the options for that, and the exit code it leaves with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Self

import click

from telemetry_audit.cli.exit_codes import FAULT, exit_code
from telemetry_audit.cli.faults import tell_faults
from telemetry_audit.cli.output import Stop, refuse_to_overwrite, say, tell, write
from telemetry_audit.formats import FORMATS, Format
from telemetry_audit.formats.text import conclusion
from telemetry_audit.report import Report

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


_OPTIONS = (
    click.option(
        "--format",
        "format_id",
        type=click.Choice([each.id for each in FORMATS]),
        help="How to write the report; by default text, or as -o's suffix says.",
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the report to this file, mode 0600, instead of the terminal.",
    ),
    click.option(
        "--fail-on",
        type=_FailOn(),
        default="breach",
        show_default=True,
        help="What ends with exit code 1: breach, drift, unread, or none.",
    ),
)


def reporting_options[F: Callable[..., Any]](command: F) -> F:
    """Give a command the options that say how its report is handed over."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class Wanted(NamedTuple):
    """In which format and where a report is wanted, and what ends with `FAILED`."""

    format: Format
    output: Path | None
    fail_on: frozenset[str]

    @classmethod
    def of(cls, options: dict[str, Any], files: Iterable[Path]) -> Self:
        """What the options of a command say. Raises Stop if the report would overwrite one of `files`, which the command reads or writes."""
        output: Path | None = options["output"]
        if output is not None:
            refuse_to_overwrite(output, files)
        return cls(_format(options["format_id"], output), output, options["fail_on"])


def deliver(ctx: click.Context, wanted: Wanted, report: Report, faults: Sequence[str]) -> NoReturn:
    """Print or write the report, say where the program itself failed, and leave. Raises Stop where it cannot be written."""
    text = wanted.format.render(report)
    if wanted.output:
        write(wanted.output, text)
        tell(click.unstyle(conclusion(report)))
        tell(f"The report is in {wanted.output}.")
    else:
        say(text)
    tell_faults(faults)
    ctx.exit(FAULT if faults else exit_code(report, wanted.fail_on))


def _format(format_id: str | None, output: Path | None) -> Format:
    if format_id is not None or output is None:
        return next(each for each in FORMATS if each.id == (format_id or FORMATS[0].id))
    found = next((each for each in FORMATS if output.suffix in each.suffixes), None)
    if found is None:
        suffixes = ", ".join(suffix for each in FORMATS for suffix in each.suffixes)
        raise Stop(f"No format has the suffix of {output}: name it {suffixes}, or say --format.")
    return found
