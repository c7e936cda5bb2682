"""The options that say where recordings are judged: here, in processes of their own, or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from telemetry_audit.cli.output import Stop
from telemetry_audit.readers import EXTRA
from telemetry_audit.runs import EngineError, Map, here

_AUTO = "auto"


class _Jobs(click.ParamType[int]):
    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if value in {_AUTO, "0", 0}:
            from telemetry_audit.runs.processes import cores  # noqa: PLC0415 - as below

            return cores()
        if isinstance(value, int):
            return value
        if not (value.isascii() and value.isdigit()):
            self.fail(f"say how many processes, or {_AUTO} for one a core", param, ctx)
        return int(value)


_OPTIONS = (
    click.option(
        "--jobs",
        type=_Jobs(),
        default=1,
        show_default=True,
        metavar="N",
        help="Judge so many recordings at a time, each in a process of its own; 0 or auto for one a core. The report is the same.",
    ),
    click.option(
        "--engine",
        type=click.Choice(["local", "dask"]),
        default="local",
        show_default=True,
        help=f"Where recordings are judged: on this machine, or on a Dask cluster (pip install '{EXTRA}'). The report is the same.",
    ),
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="The Dask scheduler, such as tls://192.0.2.1:8786. The lists given here and the key of the fingerprints travel to its workers: use TLS.",
    ),
    click.option(
        "--progress/--no-progress",
        default=True,
        help="Show on a terminal how far it is; by default it is shown.",
    ),
)


def engine_options[F: Callable[..., Any]](command: F) -> F:
    """Give a command the options that say where recordings are judged."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def engine_of(options: dict[str, Any]) -> Iterator[Map]:
    """The engine that the options ask for, until it is left. Raises Stop where it cannot work."""
    scheduler: str | None = options["scheduler"]
    if (options["engine"] == "dask") != (scheduler is not None):
        raise Stop("A Dask cluster is asked for with both --engine dask and --scheduler ADDRESS.")
    if scheduler is not None and options["jobs"] != 1:
        raise Stop("The cluster has as many processes as it has workers: leave --jobs away.")
    try:
        if scheduler is not None:
            with _cluster()(scheduler) as engine:
                yield engine
        elif options["jobs"] > 1:
            from telemetry_audit.runs.processes import processes  # noqa: PLC0415 - one process loads nothing for many

            with processes(options["jobs"]) as engine:
                yield engine
        else:
            yield here
    except EngineError as problem:
        raise Stop(str(problem)) from None


def _cluster() -> Any:
    try:
        from telemetry_audit.runs.cluster import cluster  # noqa: PLC0415 - an extra
    except ImportError as problem:
        if (problem.name or "").partition(".")[0] not in {"dask", "distributed"}:
            raise
        raise Stop(f"A cluster needs an extra: pip install '{EXTRA}'.") from None
    return cluster
