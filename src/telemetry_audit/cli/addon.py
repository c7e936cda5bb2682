"""`telemetry-audit addon`: where mitmproxy finds the addon."""

from __future__ import annotations

import click

from telemetry_audit.catalog import data_folder


@click.command()
def addon() -> None:
    """Print the path of the addon: mitmdump -s "$(telemetry-audit addon)"."""
    click.echo(data_folder("addons") / "telemetry_audit.py")
