"""`telemetry-audit keygen`: a key pair to sign evidence packs with."""

from __future__ import annotations

import os
from pathlib import Path

import click

from telemetry_audit.cli.output import Stop, say
from telemetry_audit.cli.passphrase import PASSPHRASE, new_passphrase


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="KEY",
    help="Where to write the private key, mode 0600; the public one goes to the same name and .pub. Nothing is replaced.",
)
@click.option(
    "--passphrase",
    "protected",
    is_flag=True,
    help=f"Encrypt the private key with a passphrase: ${PASSPHRASE}, or what you type.",
)
def keygen(output: Path, *, protected: bool) -> None:
    """Make an Ed25519 key pair for `pack --key`, in OpenSSH's format.

    Any other Ed25519 key of OpenSSH's does as well. Give the public key, or the fingerprint that this prints, to those who verify packs, on
    another way than the packs.
    """
    from telemetry_audit.evidence_pack.keys import fingerprint, generate  # noqa: PLC0415 - cryptography is slow to import

    public_file = output.with_name(f"{output.name}.pub")
    for path in (output, public_file):
        if path.exists() or path.is_symlink():
            raise Stop(f"{path} is there already, and a key is never replaced. Name another file.")
    private, public, blob = generate(new_passphrase() if protected else None)
    _write(output, private, 0o600)
    _write(public_file, public, 0o644)
    say(f"{output}: {fingerprint(blob)}\nThe public key is in {public_file}.")


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file that must not be there. Raises Stop."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as problem:
        raise Stop(f"{path} cannot be written: {problem.strerror}.") from None
