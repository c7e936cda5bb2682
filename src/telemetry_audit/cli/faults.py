"""How the command line says that the program itself failed."""

from __future__ import annotations

from collections.abc import Sequence

import click


def tell_faults(faults: Sequence[str]) -> None:
    """Say on standard error that the program failed, and where."""
    if faults:
        times = "once" if len(faults) == 1 else f"{len(faults)} times"
        click.echo(
            f"A fault in telemetry-audit itself, {times}, first {faults[0]}. The report is incomplete; please report this line.",
            err=True,
        )
