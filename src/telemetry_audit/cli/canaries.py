"""`telemetry-audit canaries new`: values that stand nowhere else, to plant in a datasource and look for in telemetry."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path
from random import Random, SystemRandom

import click

from telemetry_audit.cli.output import Stop, refuse_to_overwrite, say, tell, write
from telemetry_audit.lists import KINDS, Canary, made_canaries

DEFAULT_FILE = "canaries.toml"
_HEAD = """\
# Canaries: made-up values to plant in a datasource. `telemetry-audit check --canaries FILE` and `watch` look for them in telemetry.
# Keep this file to yourself: whoever knows a canary can send it on purpose. The number of a canary in a report counts from the top.
"""
_TABLE = "canaries"


@click.group()
def canaries() -> None:
    """Make values to plant in a datasource."""


@canaries.command()
@click.option(
    "-n", "--number", type=click.IntRange(1, 100), default=1, show_default=True, help="How many of each kind."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT_FILE,
    show_default=True,
    help="Where to remember them, mode 0600.",
)
@click.option("--seed", type=int, help="Make the same ones each time. For trials: whoever guesses the seed knows them.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def new(number: int, output: Path, *, seed: int | None, force: bool) -> None:
    """Make canaries of each kind, remember them in a file, and print how to plant them.

    The kinds are an e-mail address, a name, the numbers of a telephone, a card and an account, a UUID and a token. They belong to nobody: hosts,
    numbers and prefixes are those reserved for examples, fiction or tests.
    """
    refuse_to_overwrite(output, ())
    if output.exists() and not force:
        raise Stop(f"{output} is there already, and what it remembers may be planted. --force replaces it.")
    made = list(made_canaries(number, SystemRandom() if seed is None else Random(seed)))  # noqa: S311 - asked for
    write(output, "\n".join((_HEAD, *_entries(made))))
    say("\n".join(_planting(made)))
    tell(
        f"{len(made)} canaries are in {output}. Plant them, work with the datasource, then give `check` or `watch` --canaries {output}."
    )


def _entries(made: Iterable[Canary]) -> Iterator[str]:
    """The file's tables; a JSON string in ASCII is a string of TOML too."""
    for canary in made:
        yield f"[[canary]]\nkind = {json.dumps(canary.kind)}\nvalue = {json.dumps(canary.value)}\n"


def _planting(made: Iterable[Canary]) -> Iterator[str]:
    """How to plant them, a row for each set: as SQL, JSON and CSV."""
    names = [kind.replace("-", "") for kind in KINDS]
    rows = [[canary.value for canary in row] for row in batched(made, len(KINDS))]
    yield "-- SQL"
    yield f"CREATE TABLE {_TABLE} ({', '.join(f'{name} VARCHAR(80)' for name in names)});"
    for row in rows:
        values = ", ".join(f"'{value}'" for value in row)  # no quotes stand in what is made here
        yield f"INSERT INTO {_TABLE} ({', '.join(names)}) VALUES ({values});"  # noqa: S608 - printed, not run
    yield ""
    yield "JSON"
    yield json.dumps([dict(zip(names, row, strict=True)) for row in rows], indent=2)
    yield ""
    yield "CSV"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([names, *rows])
    yield text.getvalue()
