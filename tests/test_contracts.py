"""The catalogue keeps to the dialect that the program understands, and the fast validator agrees with the reference."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telemetry_audit.catalog import load, reference_violations

CATALOG = load()
FOLDER = Path(__file__).parents[1] / "schemas"
OUTPUTS = {"report.schema.json", "comparison.schema.json", "manifest.schema.json"}  # validated, and never walked
SCHEMAS = sorted(path for path in FOLDER.rglob("*.schema.json") if path.name not in OUTPUTS)
CONTRACTS = [*CATALOG.events, *CATALOG.families]
KEYWORDS = {
    "$schema", "$id", "title", "description", "type", "const", "enum", "pattern", "minimum", "required", "properties", "items", "allOf", "$ref",
    "x-kind", "x-set-by", "x-documented", "x-event", "x-consent", "x-nested",
}  # fmt: skip
KINDS = {row["id"] for row in tomllib.loads((FOLDER / "kinds.toml").read_text())["kind"]}


def inside(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and every schema in it."""
    yield schema
    for inner in (
        *schema.get("properties", {}).values(),
        *schema.get("allOf", []),
        *([schema["items"]] if "items" in schema else []),
    ):
        yield from inside(inner)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_valid_and_keeps_to_the_dialect(path: Path) -> None:
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for inner in inside(schema):
        assert set(inner) <= KEYWORDS
        assert inner.get("x-kind", "time") in KINDS
        assert inner.get("x-documented", True) in {True, False, "transport"}
        assert inner.get("x-set-by", "store") in {"store", "sender"}
        reference = inner.get("$ref")
        assert reference is None or (path.parent / reference).is_file()


def test_a_field_that_only_the_store_sets_is_never_required() -> None:
    for contract in CONTRACTS:
        for inner in inside(contract.schema):
            members = inner.get("properties", {})
            assert not [
                name for name in inner.get("required", []) if members.get(name, {}).get("x-set-by") == "store"
            ], contract.id


def test_every_citation_names_an_edition_and_a_heading_that_is_in_it() -> None:
    editions = {document.id for document in CATALOG.documents}
    assert {citation.edition for contract in CONTRACTS for citation in contract.documented} <= editions
    assert {citation.edition for destination in CATALOG.destinations for citation in destination.documented} <= editions
    for promise in CATALOG.promises:
        assert {citation.edition for citation in promise.documents} <= editions
        assert {document.id for document in CATALOG.documents if promise.id in document.promises} == {
            each.edition for each in promise.documents
        }
        assert bool(promise.judged) != bool(promise.not_testable)


def test_the_last_destination_takes_everything_that_is_left() -> None:
    last = CATALOG.destinations[-1]
    assert last.hosts == ("*",)
    assert (last.paths, last.methods, last.schemes, last.judged) == ((), (), (), False)


def test_no_name_of_an_event_stands_in_two_contracts() -> None:
    names = [name for contract in CONTRACTS for name in contract.names]
    assert len(names) == len(set(names))


PAYLOADS = [
    (contract, sample["payload"])
    for contract in CONTRACTS
    if contract.samples
    for sample in json.loads(contract.samples.read_text("utf-8"))
    if sample["payload"]
]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PAYLOADS), st.data())
def test_the_fast_validator_and_the_reference_find_the_same(
    chosen: tuple[Any, dict[str, Any]], data: st.DataObject
) -> None:
    contract, payload = chosen
    mutated = mutate(payload, data)
    assert set(contract.violations(mutated)) == set(reference_violations(contract.schema, mutated))


def mutate(payload: dict[str, Any], data: st.DataObject) -> Any:
    """The payload with one member, at any depth, taken out or replaced by any JSON value."""
    copy = json.loads(json.dumps(payload))
    at = copy
    while True:
        key = data.draw(st.sampled_from(sorted(at)))
        if isinstance(at[key], dict) and at[key] and data.draw(st.booleans()):
            at = at[key]
            continue
        if data.draw(st.booleans()):
            del at[key]
        else:
            at[key] = data.draw(JSON_VALUES)
        return copy
