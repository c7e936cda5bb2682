"""`telemetry-audit explain`: why a rule, a promise or an event is what it is, where the documents say so, and examples."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator

import click

from telemetry_audit.catalog import Catalog, Citation, Contract, Promise, load
from telemetry_audit.cli.output import Stop, say
from telemetry_audit.rules import RULES, Rule

_WIDTH = 96
_FEW_NAMES = 12
_NOT_AT_HAND = "not at hand"


@click.command()
@click.argument("name", metavar="ID")
def explain(name: str) -> None:
    """Say what a rule, a promise or an event is about: why, where the documents say so, and examples.

    ID is one of `list rules`, `list promises` or `list events`, or an event's name.
    """
    lines = list(_about(name, load()))
    if not lines and name.startswith("TA-"):
        raise Stop(
            "That is a finding. `telemetry-audit show RECORDING FINDING` shows it; its rule stands below its id, and `explain` takes that."
        )
    if not lines:
        raise Stop(
            "There is no rule, promise or event of that name. `telemetry-audit list rules` (promises, events) names them."
        )
    say("\n".join(lines))


def _about(name: str, catalog: Catalog) -> Iterator[str]:
    for rule in RULES:
        if rule.id == name:
            yield from _rule(rule, catalog)
    for promise in catalog.promises:
        if promise.id == name:
            yield from _promise(promise)
    for contract in (*catalog.events, *catalog.families):
        if name == contract.id or name in contract.names:
            yield from _event(contract)


def _rule(rule: Rule, catalog: Catalog) -> Iterator[str]:
    yield from (f"Rule {rule.id}: {rule.title}", "", *_wrapped(rule.says), "")
    promise = next(each for each in catalog.promises if each.id == rule.promise)
    yield f"It judges the promise {promise.id}: {promise.title}."
    yield from _citations(promise.documents)
    yield from ("", "Examples")
    for example in rule.examples:
        finds = ", ".join(f"{level} at {where}" for where, level in example.finds) or "nothing"
        yield f"  {example.says}: finds {finds}"
        yield f"    {json.dumps(example.message)}"
    yield ""


def _promise(promise: Promise) -> Iterator[str]:
    yield from (
        f"Promise {promise.id}: {promise.title}",
        "",
        *_wrapped(promise.says),
        *_citations(promise.documents),
        "",
    )
    yield from _wrapped(
        f"How it is judged: {promise.judged}" if promise.judged else f"Why it cannot be tested: {promise.not_testable}"
    )
    rules = [rule.id for rule in RULES if rule.promise == promise.id]
    if rules:
        yield f"Rules: {', '.join(rules)}"
    yield ""


def _event(contract: Contract) -> Iterator[str]:
    noun = "Family of events" if contract.family else "Event"
    yield from (f"{noun} {contract.id}: {contract.title}", "", *_wrapped(contract.says))
    more = f" and {len(contract.names) - _FEW_NAMES} more" if len(contract.names) > _FEW_NAMES else ""
    yield from _wrapped(f"Names: {', '.join(contract.names[:_FEW_NAMES])}{more}")
    yield f"Sent by: {contract.side}. Purpose: {contract.purpose}."
    yield from (
        _citations(contract.documented)
        if contract.documented
        else ("No document shows it; it is known from Appsmith's source code.",)
    )
    if contract.samples:
        yield from ("", "Samples")
        for sample in json.loads(contract.samples.read_text("utf-8")):
            expected = (
                ", ".join(f"{each['rule']} ({each['level']}) at {each['where']}" for each in sample["expect"])
                or "nothing"
            )
            yield f"  {sample['title']} ({sample['form']}): finds {expected}"
    yield ""


def _citations(citations: Iterable[Citation]) -> Iterator[str]:
    for edition, heading in citations:
        yield f"  {edition}, “{heading}”" if heading != _NOT_AT_HAND else f"  {edition} (its text is not at hand)"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH)
