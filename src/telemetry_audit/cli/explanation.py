"""What there is to say of a rule, a promise or an event, as parts of a page that a terminal and Markdown both know how to show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from telemetry_audit.catalog import Catalog, Citation, Contract, Promise
from telemetry_audit.deployment import Deployment
from telemetry_audit.model import Form, Level
from telemetry_audit.rules import RULES, Example, Rule
from telemetry_audit.wholes import WHOLES, Whole
from telemetry_audit.wholes import Example as History

EVERY_RULE: tuple[Rule | Whole, ...] = (*RULES, *WHOLES)
_FEW_NAMES = 12
_NOT_AT_HAND = "not at hand"


class Title(NamedTuple):
    """What is explained: its noun, its id and its title."""

    noun: str
    id: str
    text: str


class Heading(NamedTuple):
    """The heading of what follows."""

    text: str


class Paragraph(NamedTuple):
    """Some sentences."""

    text: str


class Points(NamedTuple):
    """A list of short texts."""

    texts: tuple[str, ...]


class Case(NamedTuple):
    """An example: what it is about, what was given or left, what is found (pairs of place and level) or the verdict, and the message if it is one."""

    says: str
    given: tuple[str, ...] = ()
    finds: tuple[tuple[str, str], ...] = ()
    message: Mapping[str, Any] | None = None
    verdict: str = ""


type Part = Title | Heading | Paragraph | Points | Case


def explanations(name: str, catalog: Catalog) -> Iterator[Part]:
    """All that is known under this id, or under this name of an event; nothing where that is none."""
    for rule in EVERY_RULE:
        if rule.id == name:
            yield from _rule(rule, catalog)
    for promise in catalog.promises:
        if promise.id == name:
            yield from _promise(promise)
    for contract in (*catalog.events, *catalog.families):
        if name == contract.id or name in contract.names:
            yield from _event(contract)


def _rule(rule: Rule | Whole, catalog: Catalog) -> Iterator[Part]:
    promise = next(each for each in catalog.promises if each.id == rule.promise)
    yield Title("Rule", rule.id, rule.title)
    yield Paragraph(rule.says)
    yield Paragraph(f"It judges the promise `{promise.id}`: {promise.title}.")
    yield Points(_citations(promise.documents))
    yield Heading("Examples")
    yield from map(_case, rule.examples) if isinstance(rule, Rule) else map(_history, rule.examples)


def _case(example: Example) -> Case:
    finds = tuple((where, _weighed(level)) for where, level in example.finds)
    return Case(example.says, tuple(_given(example)), finds, example.message)


def _history(example: History) -> Case:
    """An example of a rule over all that was seen: a line for each thing that left, with what is found there."""
    several = {name for name in ("client", "recording") if len({getattr(sent, name) for sent in example.sent}) > 1}
    lines = []
    for number, sent in enumerate(example.sent):
        found = {_weighed(level) for at, level in example.finds if at == number}
        what = sent.message if isinstance(sent.message, str) else json.dumps(sent.message)
        where = "".join(f", {name} {getattr(sent, name)}" for name in sorted(several))
        lines.append(f"{round(sent.hours, 2):g} h{where}: {what}" + "".join(f" ← {level}" for level in sorted(found)))
    return Case(example.says, tuple(lines), verdict=str(example.verdict))


def _weighed(level: str) -> str:
    return level if level == Level.DRIFT else f"a {level}"


def _promise(promise: Promise) -> Iterator[Part]:
    yield Title("Promise", promise.id, promise.title)
    yield Paragraph(promise.says)
    yield Points(_citations(promise.documents))
    if promise.judged:
        yield Paragraph(f"How it is judged: {promise.judged}")
    else:
        yield Paragraph(f"Why it cannot be tested: {promise.not_testable}")
    rules = ", ".join(f"`{rule.id}`" for rule in EVERY_RULE if rule.promise == promise.id)
    if rules:
        yield Paragraph(f"Rules: {rules}.")


def _event(contract: Contract) -> Iterator[Part]:
    yield Title("Family of events" if contract.family else "Event", contract.id, contract.title)
    yield Paragraph(contract.says)
    if contract.names:
        more = f" and {len(contract.names) - _FEW_NAMES} more" if len(contract.names) > _FEW_NAMES else ""
        yield Paragraph(f"Names: {', '.join(f'`{name}`' for name in contract.names[:_FEW_NAMES])}{more}.")
    yield Paragraph(f"Sent by: {contract.side}. Purpose: {contract.purpose}.")
    if contract.documented:
        yield Points(_citations(contract.documented))
    else:
        yield Paragraph("No document shows it; it is known from Appsmith's source code.")
    if contract.samples:
        yield Heading("Samples")
        for sample in json.loads(contract.samples.read_text("utf-8")):
            expected = tuple((each["where"], f"{each['rule']} ({each['level']})") for each in sample["expect"])
            yield Case(f"{sample['title']} ({sample['form']})", finds=expected)


def _citations(citations: Iterable[Citation]) -> tuple[str, ...]:
    return tuple(
        f"{edition}, “{heading}”" if heading != _NOT_AT_HAND else f"{edition} (its text is not at hand)"
        for edition, heading in citations
    )


def _given(example: Example) -> Iterator[str]:
    yield from _said(example.deployment)
    for option, content in example.given:
        yield f"{option} with a file of: {', '.join(content.split())}"
    for host, body in example.answers:
        yield f"{host} answered before: {body}"
    if example.form is Form.STORE:
        yield "as the vendor's store shows it"


def _said(deployment: Deployment) -> Iterator[str]:
    if deployment.telemetry is not None:
        yield f"telemetry is {'on' if deployment.telemetry else 'off'}"
    if deployment.document:
        yield f"held against {deployment.document}"
    for noun, values in (
        ("server's address", map(str, deployment.server_addresses)),
        ("telemetry host", (host.name for host in deployment.hosts)),
        ("canary", deployment.canaries),
        ("known user", (user.replace("\t", ", ") for user in deployment.known_users)),
        ("domain", deployment.domains),
    ):
        for value in values:
            yield f"{noun}: {value}"
