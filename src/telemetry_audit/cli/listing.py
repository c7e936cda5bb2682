"""`telemetry-audit list`: what the program knows, as tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import click

from telemetry_audit.catalog import Catalog, Document, load
from telemetry_audit.cli.edition_table import differences, promised
from telemetry_audit.cli.exit_codes import EXIT_CODES
from telemetry_audit.cli.output import Stop, say
from telemetry_audit.formats.text_table import tabulate

type Table = tuple[Sequence[str], list[Sequence[str]]]


def _rules(_catalog: Catalog) -> Table:
    from telemetry_audit.cli.explanation import EVERY_RULE  # noqa: PLC0415 - each listing loads only what it lists

    return ("rule", "promise", "what it asks"), [(rule.id, rule.promise, rule.title) for rule in EVERY_RULE]


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


def _exit_codes(_catalog: Catalog) -> Table:
    return ("code", "`check` ends with it if"), [(str(code), says) for code, says in EXIT_CODES]


_TABLES: dict[str, Callable[[Catalog], Table]] = {
    "rules": _rules,
    "promises": _promises,
    "events": _events,
    "destinations": _destinations,
    "documents": _documents,
    "decoders": _decoders,
    "detectors": _detectors,
    "formats": _formats,
    "exit-codes": _exit_codes,
}


@click.command("list")
@click.argument("what", type=click.Choice(list(_TABLES)), metavar="WHAT")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="For a terminal, or as a table of a Markdown page.",
)
@click.option(
    "--document",
    "editions",
    multiple=True,
    metavar="EDITION",
    help="With promises: those of this edition alone; given twice, what the two promise differently.",
)
def list_(what: str, form: str, editions: tuple[str, ...]) -> None:
    """List what the program knows; `explain ID` says more of a rule, a promise or an event.

    WHAT is one of rules, promises, events, destinations, documents, decoders, detectors, formats and exit-codes.
    """
    catalog = load()
    headers, rows = _of_editions(what, editions, catalog) if editions else _TABLES[what](catalog)
    if form == "markdown":
        say(_markdown(headers, rows))
        return
    say(tabulate(rows, headers, disable_numparse=True, maxcolwidths=[None, *[48] * (len(headers) - 1)]))


def _of_editions(what: str, editions: tuple[str, ...], catalog: Catalog) -> Table:
    """The promises of one edition, or the differences between two. Raises Stop."""
    if what != "promises" or len(editions) > 2:  # noqa: PLR2004 - one or two
        raise Stop("--document goes with `list promises`, once or twice.")
    if len(set(editions)) < len(editions):
        raise Stop(f"{editions[0]} is named twice, and promises what it promises. Name two editions to compare them.")
    documents = [_document(edition, catalog) for edition in editions]
    if len(documents) == 1:
        return ("promise", "in our words", "in particular"), list(promised(catalog, documents[0]))
    return ("promise", *editions), list(differences(catalog, documents[0], documents[1]))


def _document(edition: str, catalog: Catalog) -> Document:
    try:
        return catalog.document(edition)
    except KeyError:
        known = ", ".join(document.id for document in catalog.documents)
        raise Stop(f"No document has that edition; there are {known}.") from None


def _markdown(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as GitHub's Markdown has it (GFM 4.10), without padding: a longer cell changes no other line. Ids stand as code."""
    lines = [headers, ["---"] * len(headers), *((_id(row[0]), *map(_cell, row[1:])) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _id(text: str) -> str:
    return text if text.isdecimal() else f"`{text}`"


def _cell(text: str) -> str:
    return re.sub(r"[*|<]", r"\\\g<0>", text)


def _editions(editions: Sequence[str]) -> str:
    return ", ".join(editions) or "none"


def _first(hosts: Sequence[str]) -> str:
    return hosts[0] + (f" and {len(hosts) - 1} more" if len(hosts) > 1 else "")
