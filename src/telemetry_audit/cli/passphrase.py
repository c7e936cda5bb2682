"""Where the passphrase of a key comes from: the environment, or a person at a terminal."""

from __future__ import annotations

import os
import sys

import click

from telemetry_audit.cli.output import Stop

PASSPHRASE = "TELEMETRY_AUDIT_PASSPHRASE"  # noqa: S105 - the variable's name
"""The environment variable that holds the passphrase of a key."""


def passphrase() -> bytes:
    """The passphrase of a key that is there. Raises Stop where nobody can be asked."""
    return _asked("Passphrase of the key", confirm=False)


def new_passphrase() -> bytes:
    """The passphrase of a new key, typed twice. Raises Stop where nobody can be asked, and for an empty one."""
    return _asked("Passphrase for the new key", confirm=True)


def _asked(text: str, *, confirm: bool) -> bytes:
    told = os.environ.get(PASSPHRASE)
    if told is None:
        if not sys.stdin.isatty():
            raise Stop(f"The key has a passphrase. Set ${PASSPHRASE}, or run this at a terminal.")
        told = click.prompt(text, hide_input=True, confirmation_prompt=confirm, err=True)
    if not told:
        raise Stop("The passphrase is empty.")
    return str(told).encode()
