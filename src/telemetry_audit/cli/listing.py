"""`telemetry-audit list`: what the program knows, as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import click
from tabulate import tabulate

from telemetry_audit.catalog import Catalog, load
from telemetry_audit.cli.output import say

type Table = tuple[Sequence[str], list[Sequence[str]]]


def _rules(_catalog: Catalog) -> Table:
    from telemetry_audit.rules import RULES  # noqa: PLC0415 - each listing loads only what it lists

    return ("rule", "promise", "what it asks"), [(rule.id, rule.promise, rule.title) for rule in RULES]


def _promises(catalog: Catalog) -> Table:
    return ("promise", "in our words", "judged"), [
        (each.id, each.title, "yes" if each.judged else "not testable") for each in catalog.promises
    ]


def _events(catalog: Catalog) -> Table:
    def rows() -> Iterator[Sequence[str]]:
        for contract in (*catalog.events, *catalog.families):
            names = (
                f"{contract.names[0]} and {len(contract.names) - 1} more"
                if len(contract.names) > 1
                else "".join(contract.names)
            )
            yield contract.id, names, contract.side, _editions(contract.documented_editions)

    return ("id", "event", "side", "documented in"), list(rows())


def _destinations(catalog: Catalog) -> Table:
    return ("id", "hosts", "purpose", "decoder", "documented in"), [
        (each.id, _first(each.hosts), each.purpose, each.decoder, _editions(each.documented_editions))
        for each in catalog.destinations
    ]


def _documents(catalog: Catalog) -> Table:
    return ("edition", "year", "title", "exempt when off"), [
        (each.id, str(each.year), each.title, ", ".join(each.exempt_when_off)) for each in catalog.documents
    ]


def _decoders(_catalog: Catalog) -> Table:
    from telemetry_audit.decoders import DECODERS  # noqa: PLC0415

    return ("decoder", "what it reads"), [(each.id, each.says) for each in DECODERS]


def _detectors(_catalog: Catalog) -> Table:
    from telemetry_audit.detectors import DETECTORS  # noqa: PLC0415

    return ("detector", "what it sees"), [(each.id, each.says) for each in DETECTORS]


def _formats(_catalog: Catalog) -> Table:
    from telemetry_audit.formats import FORMATS  # noqa: PLC0415

    return ("format", "what it is for", "suffix"), [(each.id, each.says, " ".join(each.suffixes)) for each in FORMATS]


_TABLES: dict[str, Callable[[Catalog], Table]] = {
    "rules": _rules,
    "promises": _promises,
    "events": _events,
    "destinations": _destinations,
    "documents": _documents,
    "decoders": _decoders,
    "detectors": _detectors,
    "formats": _formats,
}


@click.command("list")
@click.argument("what", type=click.Choice(list(_TABLES)), metavar="WHAT")
def list_(what: str) -> None:
    """List what the program knows; `explain ID` says more of a rule, a promise or an event.

    WHAT is one of rules, promises, events, destinations, documents, decoders, detectors and formats.
    """
    headers, rows = _TABLES[what](load())
    say(tabulate(rows, headers, disable_numparse=True, maxcolwidths=[None, *[48] * (len(headers) - 1)]))


def _editions(editions: Sequence[str]) -> str:
    return ", ".join(editions) or "none"


def _first(hosts: Sequence[str]) -> str:
    return hosts[0] + (f" and {len(hosts) - 1} more" if len(hosts) > 1 else "")
