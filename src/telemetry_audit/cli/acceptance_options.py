"""The options by which a command learns which findings are let pass, and on which day."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from telemetry_audit import configuration
from telemetry_audit.accepted import apply
from telemetry_audit.cli.output import Stop
from telemetry_audit.comparison import ANY, NotAReport, Told, baseline, edition, findings_of, read_told
from telemetry_audit.configuration import Configuration, ConfigurationError
from telemetry_audit.model import Acceptance
from telemetry_audit.report import Report

EPOCH = "SOURCE_DATE_EPOCH"
"""The environment variable that says what day it is, in seconds since the epoch (reproducible-builds.org/docs/source-date-epoch)."""

_FILE = click.Path(dir_okay=False, path_type=Path)
_ACCEPTED = click.option(
    "--accepted",
    multiple=True,
    type=_FILE,
    help="A file of accepted findings, beside those in audit.toml. Repeatable.",
)
_AS_OF = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help=f"The day on which an accepted finding's end has passed or not; by default ${EPOCH}, else today, in UTC.",
)
_BASELINE = click.option(
    "--baseline",
    type=_FILE,
    metavar="REPORT",
    help="An earlier JSON report: what it has already is known, and does not end with exit code 1.",
)


class LetPass(NamedTuple):
    """What is let pass: the accepted findings, the day that counts, every file that told, and what an earlier report of this name had."""

    acceptances: tuple[Acceptance, ...]
    today: date
    files: tuple[Path, ...]
    name: str = ""
    baseline: Told | None = None

    def applied(self, report: Report) -> Report:
        """The report with what is let pass marked in it."""
        known = () if self.baseline is None else (baseline(self.baseline, report, self.name),)
        return apply(report, (*self.acceptances, *known), self.today)

    def known(self) -> tuple[Acceptance, ...]:
        """What lets a finding pass before there is a report: the accepted findings, and those of the baseline."""
        return (*self.acceptances, *(() if self.baseline is None else findings_of(self.baseline, self.name)))

    def refuse_other_editions(self, document: str | None) -> None:
        """Raise Stop if the baseline was held against another edition than `document`, where None or "" is every one."""
        if self.baseline is not None and self.baseline.document != (document or ANY):
            raise Stop(
                f"{self.name} cannot be the baseline: it was held against {edition(self.baseline.document)}, "
                f"and this audit is held against {edition(document or ANY)}. Give both the same --document."
            )


def acceptance_options[F: Callable[..., Any]](command: F) -> F:
    """Give a command the options that say what is accepted and which day counts; it has `--config` already."""
    return _ACCEPTED(_AS_OF(command))


def baseline_option[F: Callable[..., Any]](command: F) -> F:
    """Give a command the option that names an earlier report."""
    return _BASELINE(command)


def let_pass(options: dict[str, Any]) -> LetPass:
    """What the options and the configuration file let pass. Raises Stop."""
    path = configuration.chosen(options["config"])
    try:
        found = configuration.read(path) if path else Configuration()
        found = replace(found, accepted_in=(*found.accepted_in, *options["accepted"]))
        accepted = configuration.all_accepted(found)
    except ConfigurationError as problem:
        raise Stop(str(problem)) from None
    files = (*((path,) if path else ()), *found.accepted_in)
    before: Path | None = options.get("baseline")
    if before is None:
        return LetPass(accepted, day(options["as_of"]), files)
    return LetPass(accepted, day(options["as_of"]), (*files, before), str(before), _told(before))


def day(as_of: datetime | None) -> date:
    """The day that counts: the one that was asked for, or that of the environment, or today in UTC. Raises Stop."""
    if as_of is not None:
        return as_of.date()
    seconds = os.environ.get(EPOCH)
    if not seconds:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise Stop(f"The environment variable {EPOCH} is no number of seconds since the epoch.") from None


def _told(path: Path) -> Told:
    try:
        return read_told(path)
    except NotAReport as problem:
        raise Stop(f"{path} cannot be the baseline: {problem}") from None
    except OSError as problem:
        raise Stop(f"{path} cannot be read: {problem.strerror}.") from None
