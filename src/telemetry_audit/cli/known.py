"""`telemetry-audit known build`: keyed digests of known values, so that an audit needs the values no more."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from telemetry_audit.cli.output import Stop, refuse_to_overwrite, tell, write_bytes
from telemetry_audit.detectors.known import MISSING, USER, VALUE, Index
from telemetry_audit.formats.findings import counted
from telemetry_audit.lists import Column, ListError, Stored, key_path, packed, read_export, read_lines

DEFAULT_FILE = "audit.known"
_KEY_SIZE = 32


@click.group()
def known() -> None:
    """Turn known values into keyed digests."""


@known.command()
@click.argument("exports", nargs=-1, metavar="[FILE[:COLUMN,...]]...")
@click.option(
    "--users",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file of users' names and e-mail addresses, one person a line. Repeatable.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT_FILE,
    show_default=True,
    help="Where to write the digests, mode 0600; the key goes to the same name and .key.",
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
def build(exports: tuple[str, ...], users: tuple[Path, ...], output: Path, *, force: bool) -> None:
    """Write keyed digests of the values in exports of a datasource and in lists of users, for --known-values.

    FILE is a table (CSV, TSV), JSON, JSON lines, or a list with one value a line; COLUMN names what to take of it. No value is written. Who has the
    digests and their key can try values: keep the two apart, and delete both when the audit is done.
    """
    columns = tuple(map(Column.of, exports))
    key_file = key_path(output)
    for each in (output, key_file):
        refuse_to_overwrite(each, (*(column.path for column in columns), *users))
        if each.exists() and not force:
            raise Stop(f"{each} is there already. --force replaces it.")
    if not (columns or users):
        raise Stop("Name an export, such as customers.csv:email,phone, or a list of users with --users.")
    try:
        read = [read_export(column) for column in columns]
        people = dict.fromkeys(line for path in users for line in read_lines(path))
    except ListError as problem:
        raise Stop(str(problem)) from None
    values = dict.fromkeys(value for export in read for value in export.values)
    skipped = sum(export.skipped for export in read)
    if not (values or people):
        raise Stop("All values are too short or too common to be looked for.")
    lists = ((USER, [line.split("\t") for line in people]), (VALUE, [(value,) for value in values]))
    content, key = packed(Stored(Index.of(lists, secrets.token_bytes(_KEY_SIZE)), skipped))
    write_bytes(key_file, key)
    write_bytes(output, content)
    tell(
        f"{output}: {counted(len(values), 'value')}, {counted(len(people), 'user')}, {skipped:,} left out as too short or too common. "
        f"Its key is in {key_file}."
    )
    if MISSING:
        tell(f"This Python's OpenSSL lacks {', '.join(MISSING)}: digests by it are not looked for.")
