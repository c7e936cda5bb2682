"""`telemetry-audit explain`: why a rule, a promise or an event is what it is, where the documents say so, and examples."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator

import click
from click.shell_completion import CompletionItem

from telemetry_audit.catalog import load
from telemetry_audit.cli.explanation import EVERY_RULE, Case, Heading, Paragraph, Part, Points, Title, explanations
from telemetry_audit.cli.output import Stop, say

_WIDTH = 96


def _ids(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    catalog = load()
    known = {
        **{contract.id: contract.title for contract in (*catalog.families, *catalog.events)},
        **{promise.id: promise.title for promise in catalog.promises},
        **{rule.id: rule.title for rule in EVERY_RULE},
    }
    return [CompletionItem(id_, help=title) for id_, title in sorted(known.items()) if id_.startswith(incomplete)]


@click.command()
@click.argument("name", metavar="ID", shell_complete=_ids)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="For a terminal, or as a page of documentation.",
)
def explain(name: str, form: str) -> None:
    """Say what a rule, a promise or an event is about: why, where the documents say so, and examples.

    ID is one of `list rules`, `list promises` or `list events`, or an event's name.
    """
    parts = list(explanations(name, load()))
    if not parts and name.startswith("TA-"):
        raise Stop(
            "That is a finding. `telemetry-audit show RECORDING FINDING` shows it; its rule stands below its id, and `explain` takes that."
        )
    if not parts:
        raise Stop(
            "There is no rule, promise or event of that name. `telemetry-audit list rules` (promises, events) names them."
        )
    say(_RENDERERS[form](parts))


def _text(parts: Iterable[Part]) -> str:
    return "".join(_gap(part) + "\n".join(_lines(part)) + "\n" for part in parts).lstrip("\n")


def _gap(part: Part) -> str:
    """What belongs to the lines above it stands right below them."""
    return "" if isinstance(part, Points | Case) else "\n"


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Title(noun, id_, text):
            yield f"{noun} {id_}: {text}"
        case Heading(text):
            yield text
        case Paragraph(text):
            yield from textwrap.wrap(text, _WIDTH)
        case Points(texts):
            yield from (f"  {text}" for text in texts)
        case Case(says, given, finds, message, verdict):
            found = ", ".join(f"{what} at {where}" for where, what in finds) or "nothing"
            yield f"  {says}: {verdict or f'finds {found}'}"
            yield from (f"    {line}" for line in given)
            if message is not None:
                yield f"    {json.dumps(message)}"


def _markdown(parts: Iterable[Part]) -> str:
    """A page; the catalogue's and the rules' own texts are Markdown as they stand. A second subject of the same id stands below the first."""
    page = "\n\n".join("\n".join(_blocks(part)) for part in parts) + "\n"
    return page.removeprefix("#")


def _blocks(part: Part) -> Iterator[str]:
    match part:
        case Title(noun, id_, text):
            yield f"## {noun} `{id_}`: {text}"
        case Heading(text):
            yield f"## {text}"
        case Paragraph(text):
            yield text
        case Points(texts):
            yield from (f"* {text}" for text in texts)
        case Case(says, given, finds, message, verdict):
            found = ", ".join(f"{what} at `{where}`" for where, what in finds) or "nothing"
            yield f"**{says[0].upper()}{says[1:]}**: {verdict or f'finds {found}'}."
            yield from ("", "```text", *given, "```") if given else ()
            if message is not None:
                yield from ("", "```json", json.dumps(message, indent=2), "```")


_RENDERERS: dict[str, Callable[[Iterable[Part]], str]] = {"text": _text, "markdown": _markdown}
