"""`telemetry-audit redact`: a copy of a recording without what was found in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from telemetry_audit.catalog import load
from telemetry_audit.cli.deployment_options import deployment_of, deployment_options
from telemetry_audit.cli.exit_codes import FAILED
from telemetry_audit.cli.output import Stop, refuse_to_overwrite, tell
from telemetry_audit.cli.run import audit_of, open_all
from telemetry_audit.formats.findings import counted
from telemetry_audit.redaction import Copied, Refused
from telemetry_audit.redaction import redact as write_redacted
from telemetry_audit.redaction.exchanges import Part


@click.command()
@click.argument("recording")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Where to write the copy, mode 0600; a file that is there is never replaced.",
)
@deployment_options
@click.pass_context
def redact(ctx: click.Context, /, recording: str, output: Path, **options: Any) -> None:
    """Write a copy of a RECORDING without the values found in it.

    Each value behind a finding (breach, drift or note) is replaced by its shape, such as [e-mail address, 17 characters], and so is every other
    text of the recording in which a value of a breach or note stands. What no rule finds stays: hashed ids, versions, times. Give the same options
    as to `check`: what is found only with a list stays without it.

    Of exchanges that are no telemetry, or that could not be read to their end, nobody knows what they hold: only where they went and when is copied.
    Never copied are answers, cookies, credentials, addresses of clients, and headers that no rule looks at. The copy is written anew from what the
    audit reads, in the form of the recording: a dump, a HAR, or stored events.

    Before the copy gets its name it is audited, and its bytes are searched for every value of a breach or note that is long enough to stand nowhere
    by chance. Nothing is left behind if that finds one.

    \b
    Exit codes:
      0   the copy is written
      1   a copy would still hold what was found, so there is none
      2   a wrong call, or a file that cannot be read or written
      70  a fault in telemetry-audit itself
    """  # noqa: D301 - click keeps the lines behind this character as they are
    catalog = load()
    described = deployment_of(catalog, options)
    refuse_to_overwrite(output, (Path(recording), *described.files))
    if output.exists() or output.is_symlink():
        raise Stop(f"{output} is there already. Name another file.")
    opened = open_all([recording])
    try:
        copied = write_redacted(opened[0], audit_of(opened, catalog, described.deployment), output)
    except Refused as refusal:
        tell(f"Nothing was written. {refusal} `telemetry-audit check` says what was found.")
        ctx.exit(FAILED)
    except OSError as problem:
        raise Stop(f"{output} cannot be written: {problem.strerror}.") from None
    for line in _said(copied, output):
        tell(line)


def _said(copied: Copied, output: Path) -> list[str]:
    total = copied.exchanges.total()
    rest = "; ".join(
        f"of {copied.exchanges[part]:,} only {part.value}" for part in (Part.HEAD, Part.PLACE) if copied.exchanges[part]
    )
    shapes = "its shape" if copied.values == 1 else "their shapes"
    return [
        f"{output}: {counted(total, 'exchange')}, {counted(copied.values, 'value')} replaced by {shapes}{f'; {rest}' if rest else ''}.",
        "The copy was audited: nothing that was found is in it. What no rule finds still is.",
    ]
