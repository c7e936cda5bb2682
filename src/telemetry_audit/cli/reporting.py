"""How a command hands its report over: the options for that, and the exit code it leaves with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Self

import click

from telemetry_audit.cli.exit_codes import FAILED, FAULT, exit_code, failing
from telemetry_audit.cli.faults import tell_faults
from telemetry_audit.cli.output import Stop, are_the_same, refuse_to_overwrite, say, tell, write
from telemetry_audit.formats import FORMATS, Format
from telemetry_audit.formats.findings import counted
from telemetry_audit.report import Report

_STDOUT = Path("-")
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
        "formats",
        type=click.Choice([each.id for each in FORMATS]),
        multiple=True,
        help="How to write the report; by default text, or as -o's suffix says. Repeatable, one for each -o.",
    ),
    click.option(
        "-o",
        "--output",
        "outputs",
        type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
        multiple=True,
        help="Write the report to this file, mode 0600, instead of the terminal. Repeatable; - is standard output.",
    ),
    click.option(
        "--fail-on",
        type=_FailOn(),
        default="breach",
        show_default=True,
        help="What ends with exit code 1: breach, drift, unread, or none.",
    ),
)


_FAILING = {"drift": "drift", "unread": "an exchange that is unread"}
"""What --fail-on may name besides a breach, of which the report itself says that a promise is broken."""


def reporting_options[F: Callable[..., Any]](command: F) -> F:
    """Give a command the options that say how its report is handed over."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class Output(NamedTuple):
    """One report that is wanted: its format, and the file that it goes to, None for standard output."""

    format: Format
    file: Path | None


class Wanted(NamedTuple):
    """Which reports are wanted, and what ends with `FAILED`."""

    outputs: tuple[Output, ...]
    fail_on: frozenset[str]

    @classmethod
    def of(cls, options: dict[str, Any], files: Iterable[Path]) -> Self:
        """What the options of a command say.

        Raises Stop if a report would overwrite another one or one of `files`, which the command reads or writes, or if a format is not told.
        """
        outputs, formats = options["outputs"] or (_STDOUT,), options["formats"]
        read = tuple(files)
        for number, output in enumerate(outputs):
            if any(are_the_same(output, other) for other in outputs[:number]):
                raise Stop(f"Two reports would go to {output}. Give each -o a file of its own.")
            if output != _STDOUT:
                refuse_to_overwrite(output, read)
        return cls(tuple(_outputs(outputs, formats)), options["fail_on"])


def deliver(ctx: click.Context, wanted: Wanted, report: Report, faults: Sequence[str]) -> NoReturn:
    """Print or write the reports, say where the program itself failed, and leave.

    All are rendered before the first is written, and all files written before one is printed. Raises Stop where one cannot be written.
    """
    rendered = [(output.file, output.format.render(report)) for output in wanted.outputs]
    for file, text in rendered:
        if file is not None:
            write(file, text)
    for file, text in rendered:
        if file is None:
            say(text)
    files = [str(file) for file, _ in rendered if file is not None]
    if len(files) == len(rendered):
        from telemetry_audit.formats.text import conclusion  # noqa: PLC0415 - a format is loaded when it is wanted

        for line in click.unstyle(conclusion(report)).splitlines():
            tell(line)
    if files:
        tell(f"{'The report is' if len(files) == 1 else 'The reports are'} in {', '.join(files)}.")
    tell_faults(faults)
    named = failing(report, wanted.fail_on)
    if named and "breach" not in named:
        there = " and ".join(words for level, words in _FAILING.items() if level in named)
        tell(f"The exit code is {FAILED} because of --fail-on: there is {there}.")
    ctx.exit(FAULT if faults else exit_code(report, wanted.fail_on))


def _outputs(outputs: Sequence[Path], formats: Sequence[str]) -> Iterator[Output]:
    """Each output with its format: what --format says if there is one for each, else what the suffix says, and --format for what has none."""
    told = [None if len(formats) == len(outputs) else _of_suffix(output) for output in outputs]
    untold = sum(form is None for form in told)
    if formats and len(formats) != untold:
        raise Stop(
            f"--format is given {_times(len(formats))}, for {counted(len(outputs), 'report')}. Say it once for each -o, in their order, "
            "or once for each -o whose suffix tells no format."
        )
    said = iter(formats)
    for output, form in zip(outputs, told, strict=True):
        yield Output(form or _of_id(next(said, None), output), None if output == _STDOUT else output)


def _of_suffix(output: Path) -> Format | None:
    """The format with the longest suffix that the file's name ends with, None without one."""
    name = output.name.lower()
    fitting = [(len(suffix), each) for each in FORMATS for suffix in each.suffixes if name.endswith(suffix)]
    return max(fitting, key=itemgetter(0))[1] if fitting else None


def _of_id(format_id: str | None, output: Path) -> Format:
    if format_id is None and output != _STDOUT:
        suffixes = ", ".join(suffix for each in FORMATS for suffix in each.suffixes)
        raise Stop(f"No format has the suffix of {output}: name it {suffixes}, or say --format.")
    return next(each for each in FORMATS if each.id == (format_id or FORMATS[0].id))


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
