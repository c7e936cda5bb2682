"""How results reach a file or a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from telemetry_audit.formats.escape import shown

NO_COLOUR = "NO_COLOR"
"""The environment variable that asks for no colours (no-color.org)."""


class Stop(click.ClickException):
    """A wrong call or an input that cannot be read: a sentence on standard error, and exit code 2."""

    exit_code = 2

    def __init__(self, sentence: str) -> None:
        """Take the sentence, in which names may come from outside."""
        super().__init__(shown(sentence))


def wants_colour() -> bool:
    """Whether standard output is a terminal that may be coloured."""
    return sys.stdout.isatty() and not os.environ.get(NO_COLOUR)


def say(text: str) -> None:
    """Print a rendered text, coloured only on a terminal."""
    click.echo(text if wants_colour() else click.unstyle(text), nl=not text.endswith("\n"), color=wants_colour())


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file so that a reader sees the old one or the new one and never a part; no link is followed.

    What is no file, such as a device or a pipe, is written into. Raises Stop where it cannot be written.
    """
    write_bytes(path, click.unstyle(text).encode(), mode)


def write_bytes(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file as `write` does. Raises Stop where it cannot be written."""
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            _replace(path, content, mode)
    except OSError as problem:
        raise Stop(f"{path} cannot be written: {problem.strerror}.") from None


def _replace(path: Path, content: bytes, mode: int) -> None:
    import tempfile  # noqa: PLC0415 - it loads every archiver of the standard library

    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def refuse_to_overwrite(output: Path, inputs: Iterable[Path]) -> None:
    """Raise Stop if writing `output` would destroy one of the files that are read, there or not yet, or if its folder is not there."""
    if not output.parent.is_dir():
        raise Stop(f"{output} cannot be written: there is no folder {output.parent}.")
    if any(are_the_same(output, each) for each in inputs):
        raise Stop(f"{output} is one of the files to read. Write the report to another file.")


def are_the_same(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, there or not yet."""
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))


def tell(text: str) -> None:
    """Say something on standard error, such as progress, that is no result."""
    click.echo(shown(text), err=True)
