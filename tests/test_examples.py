"""Every unit of every list has examples of what it finds and of what it leaves alone, and they hold."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

import telemetry_audit
from telemetry_audit.audit import Audit
from telemetry_audit.catalog import Contract, Destination, load
from telemetry_audit.decoders import DECODERS, Decoder, Opened, recognise
from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import DETECTORS, Detector, Taint
from telemetry_audit.live.taint import Answer, learn
from telemetry_audit.model import Exchange, Form
from telemetry_audit.rules import RULES
from tests.conftest import Run
from tests.recordings import export, har, request

CATALOG = load()
CONTRACTS = [*CATALOG.events, *CATALOG.families]
SOURCE = Path(telemetry_audit.__file__).parent


class Case(NamedTuple):
    """One example as the command line sees it: the options, an entry of a HAR or a stored event, and the findings it deserves."""

    options: tuple[str, ...]
    form: Form
    entry: dict[str, Any]
    rules: frozenset[str]
    expected: list[tuple[str, str, str]]
    says: str


def options(deployment: Deployment, given: tuple[tuple[str, str], ...], folder: Path) -> tuple[str, ...]:
    found = [word for network in deployment.server_addresses for word in ("--server-address", str(network))]
    if deployment.telemetry is not None:
        found += ["--telemetry", "on" if deployment.telemetry else "off"]
    if deployment.document:
        found += ["--document", deployment.document]
    for option, values in (("--canaries", deployment.canaries), ("--known-users", deployment.known_users)):
        if values:
            path = folder / f"{option.strip('-')}.txt"
            path.write_text("\n".join(values))
            found += [option, str(path)]
    found += [word for domain in deployment.domains for word in ("--domain", domain)]
    for option, content in given:
        path = folder / f"{hashlib.sha256(content.encode()).hexdigest()}.csv"
        path.write_text(content)
        found += [option, str(path)]
    return tuple(found)


def rule_cases(folder: Path) -> Iterator[Case]:
    for rule in RULES:
        for example in rule.examples:
            if example.answers:
                continue
            entry = (
                example.message
                if example.form is Form.STORE
                else request(f"https://{example.host}/v1/{example.message['type']}", dict(example.message))
            )
            expected = sorted((rule.id, where, level) for where, level in example.finds)
            yield Case(
                options(example.deployment, example.given, folder),
                example.form,
                dict(entry),
                frozenset({rule.id}),
                expected,
                f"{rule.id}: {example.says}",
            )


def sample_cases() -> Iterator[Case]:
    everything = frozenset(rule.id for rule in RULES) - {"undocumented-destination"}
    for contract in CONTRACTS:
        for sample in samples(contract):
            words = [word for address in sample.get("server_addresses", []) for word in ("--server-address", address)]
            words += ["--telemetry", "on" if sample["telemetry"] else "off"] if "telemetry" in sample else []
            words += ["--document", sample["document"]] if "document" in sample else []
            expected = sorted((each["rule"], each["where"], each["level"]) for each in sample["expect"])
            form = Form(sample["form"])
            entry = sample["payload"] if form is Form.STORE else on_the_wire(contract, sample["payload"])
            yield Case(tuple(words), form, entry, everything, expected, f"{contract.id}: {sample['title']} ({form})")


def samples(contract: Contract) -> list[dict[str, Any]]:
    assert contract.samples is not None, contract.id
    found: list[dict[str, Any]] = json.loads(contract.samples.read_text("utf-8"))
    return found


def on_the_wire(contract: Contract, payload: dict[str, Any]) -> dict[str, Any]:
    """The request that carries a payload: to the destination that stands for the event, else to Segment."""
    destination = next((each for each in CATALOG.destinations if each.event and each.event in contract.names), None)
    if destination is None:
        return request(f"https://api.segment.io/v1/{payload.get('type', 'track')}", payload)
    url = f"https://{destination.hosts[0]}{destination.paths[0].rstrip('*')}"
    return request(f"{url}?{urlencode(payload)}") if is_asked_by_get(contract) else request(url, payload)


def is_asked_by_get(contract: Contract) -> bool:
    return contract.id in {"release-notes-request", "external-address", "business-features"}


def is_learnt(finding: dict[str, Any], words: tuple[str, ...]) -> bool:
    """Whether a finding rests on an address that another example of the same recording taught."""
    return finding["rule"] == "server-address-only" and finding["level"] == "breach" and "--server-address" not in words


def as_in_the_body(where: str) -> str:
    """Samples name places in a payload; in a GET that payload is the query."""
    return "body#" if where == "path" else where.replace("query:", "body#/")


def test_every_example_of_a_rule_and_every_sample_of_an_event_gives_exactly_its_findings(
    run: Run, tmp_path: Path
) -> None:
    groups: dict[tuple[tuple[str, ...], Form], list[Case]] = defaultdict(list)
    for case in (*rule_cases(tmp_path), *sample_cases()):
        groups[case.options, case.form].append(case)
    assert len(groups) > 10
    for (words, form), cases in groups.items():
        write = export if form is Form.STORE else har
        recording = write(tmp_path / "recording", [case.entry for case in cases])
        done = run("check", recording, "--format", "json", *words)
        assert done.code in {0, 1}, (done.err, words)
        found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
        for finding in done.report["findings"]:
            for place in finding["places"]:
                if not is_learnt(finding, words):
                    found[place["exchange"]].append((finding["rule"], place["where"], finding["level"]))
        for number, case in enumerate(cases):
            translated = [
                (rule, as_in_the_body(where), level) for rule, where, level in found[number] if rule in case.rules
            ]
            assert sorted(translated) == case.expected, (case.says, words)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.id)
def test_every_event_has_a_clean_sample_on_the_wire_and_one_that_must_not_be(contract: Contract) -> None:
    found = samples(contract)
    assert any(not each["expect"] or {e["level"] for e in each["expect"]} <= {"drift", "note"} for each in found)
    assert any(each["expect"] for each in found)
    assert any(each["form"] == "wire" for each in found)


def test_every_rule_has_examples_of_what_it_finds_and_of_what_it_leaves_alone() -> None:
    for rule in RULES:
        assert {bool(example.finds) for example in rule.examples} == {True, False}, rule.id


def test_every_example_of_a_rule_on_answers_gives_exactly_its_findings() -> None:
    for rule in RULES:
        for example in (each for each in rule.examples if each.answers):
            audit = Audit(CATALOG, example.deployment, b"secret", Taint(b"key"))
            for host, body in example.answers:
                audit.learn(host, learn(audit, Answer(host, "application/json", "", body.encode())).traces)
            sent = Exchange(
                "r", 0, None, "POST", "https", example.host, 443, "/v1/track", (), json.dumps(example.message).encode()
            )
            found = [
                (each.place.where, str(each.statement.level))
                for each in audit.see(sent).findings
                if each.statement.rule == rule.id
            ]
            assert tuple(found) == example.finds, example.says


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.id)
def test_every_example_of_a_detector_holds(detector: Detector) -> None:
    assert {bool(example.kinds) for example in detector.examples} == {True, False}
    for example in detector.examples:
        asked = not detector.triggers or any(trigger in example.text for trigger in detector.triggers)
        kinds = tuple(shape.kind for shape in detector.find(example.text)) if asked else ()
        assert kinds == example.kinds, example.text
        assert set(kinds) <= set(detector.names)


@pytest.mark.parametrize("decoder", DECODERS, ids=lambda decoder: decoder.id)
def test_every_example_of_a_decoder_holds(decoder: Decoder) -> None:
    wanted = {True, False} if decoder.marks else {True}
    assert {bool(example.events) for example in decoder.examples} == wanted
    for example in decoder.examples:
        name = example.events[0][1] if example.events else ""
        opened = Opened(
            Exchange("r", 0, None, "POST", "https", "h", 443, example.target, example.headers, example.body),
            example.body,
        )
        if example.events:
            decoded = decoder.decode(
                opened, Destination("example", "example", ("*",), "telemetry", "", decoder=decoder.id, event=name)
            )
            assert tuple((event.kind, event.name, event.where) for event in decoded.events) == example.events, (
                example.says
            )
        if decoder.marks:
            assert recognise(opened) is (decoder if example.events else None), example.says


@pytest.mark.parametrize(("room", "units"), [("rules", RULES), ("decoders", DECODERS), ("detectors", DETECTORS)])
def test_every_unit_in_a_room_is_on_its_list(room: str, units: tuple[Any, ...]) -> None:
    listed = {unit.id for unit in units}
    assert len(listed) == len(units)
    for path in (SOURCE / room).glob("*.py"):
        module = __import__(f"telemetry_audit.{room}.{path.stem}", fromlist=["_"])
        kind = type(units[0])
        for name, value in vars(module).items():
            assert not isinstance(value, kind) or value.id in listed, f"{path.name}: {name} is not on the list"
