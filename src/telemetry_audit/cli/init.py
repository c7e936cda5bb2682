"""`telemetry-audit init`: an `audit.toml` to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from telemetry_audit.catalog import Catalog, load
from telemetry_audit.cli.output import Stop, tell, write
from telemetry_audit.configuration import DEFAULT_FILE

_TEMPLATE = """\
# What the operator of this Appsmith instance knows and the traffic does not tell.
# `telemetry-audit check` reads this file from the current folder, or from where --config says.

# The addresses or networks of the server, as seen from outside (behind a proxy or NAT: the address it leaves by).
# Without them the address that the instance's own pings name is taken for the server's, and the report says so.
# server_addresses = ["203.0.113.7", "2001:db8::7"]
server_addresses = []

# Is telemetry switched on in the instance? "on", "off" or "unknown". Only "off" lets the promise of silence be judged.
telemetry = "unknown"

# The edition of the telemetry document to hold the traffic against; "" takes what any of them documents as documented.
# {editions}
document = ""

# A file of canaries: values that you planted in a datasource and that stand nowhere else. `telemetry-audit canaries new` makes some; or one a line.
# Relative to this file.
# canaries = "canaries.toml"

# A file of your users' names and e-mail addresses, one person a line, several names with tabs between. It stays here: no value goes into a report.
# known_users = "users.txt"

# Exports of your datasources (CSV, TSV, JSON, JSON lines), each with the columns to look for after a colon, or what `telemetry-audit known build`
# made of them.
# known_values = ["customers.csv:email,phone"]

# The domains of your users' e-mail addresses, to try hashes of domains with.
# domains = ["example.com"]

# Hosts of yours to which telemetry goes, such as a first-party proxy; repeat the table for each. Without a decoder the shape decides.
# [[host]]
# name = "telemetry.example.com"
# decoder = "segment"

# Findings that you accept; repeat the table for each. They stay in every report, with the reason, and do not end with exit code 1.
# `telemetry-audit accept` writes them. Rule, event and pointer must all agree: in an event * is any text, in a pointer * is one name or index and
# ** whatever lies below. With the id of a finding, finding = "TA-...", it is for that one alone. level is the gravest that it covers, breach if it is
# left out. until is the last day on which it holds.
# In place of the tables, a file of them can be named, above the first table of this file: accepted = "accepted.toml".
# [[accepted]]
# rule = "personal-data"
# event = "PAGE_*"
# pointer = "/context/page/**"
# level = "breach"
# reason = "our page names hold no people"
# who = "Jane Roe"
# until = 2027-06-30
"""


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT_FILE,
    show_default=True,
    help="Where to write it.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def init(output: Path, *, force: bool) -> None:
    """Write an audit.toml with every key explained, to fill in."""
    if output.exists() and not force:
        raise Stop(f"{output} is there already. --force replaces it.")
    write(output, _template(load()))
    tell(f"Fill in {output}, then run `telemetry-audit check RECORDING`.")


def _template(catalog: Catalog) -> str:
    return _TEMPLATE.format(editions=", ".join(f'"{document.id}"' for document in catalog.documents))
