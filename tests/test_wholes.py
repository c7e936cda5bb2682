"""Rules over all that was seen: their examples hold, for one recording and many, a journal, and any order and grouping."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import load
from telemetry_audit.deployment import Deployment
from telemetry_audit.formats import json_report
from telemetry_audit.model import Exchange, Observation
from telemetry_audit.report import Report, report
from telemetry_audit.tally import Tally
from telemetry_audit.terms import terms
from telemetry_audit.wholes import WHOLES, Example, Sent, Whole

CATALOG = load()
START = 1_767_607_200.0
CASES = [(whole, example) for whole in WHOLES for example in whole.examples]


def exchange(sent: Sent, number: int) -> Exchange:
    """The request that carries what an example sends."""
    at = START + sent.hours * 3_600
    headers = (("user-agent", "example/1"),)
    if isinstance(sent.message, str):
        url = urlsplit(sent.message)
        target = f"{url.path}?{url.query}"
        return Exchange(
            sent.recording, number, at, "GET", "https", str(url.hostname), 443, target, headers, b"", client=sent.client
        )
    body = json.dumps(sent.message).encode()
    return Exchange(
        sent.recording,
        number,
        at,
        "POST",
        "https",
        "api.segment.io",
        443,
        "/v1/track",
        headers,
        body,
        client=sent.client,
    )


def seen(sent: Sequence[Sent], deployment: Deployment | None = None) -> list[Observation]:
    audit = Audit(CATALOG, deployment or Deployment(), b"key")
    return [audit.see(exchange(each, number)) for number, each in enumerate(sent)]


def tallied(observations: Iterable[Observation]) -> Tally:
    tally = Tally()
    for observation in observations:
        tally.add(observation)
    return tally


def reported(tally: Tally, deployment: Deployment | None = None) -> Report:
    return report(tally, (), CATALOG, terms(CATALOG, deployment or Deployment()))


@pytest.mark.parametrize(
    ("whole", "example"), CASES, ids=lambda each: each.id if isinstance(each, Whole) else each.says
)
def test_every_example_gives_exactly_its_findings_and_its_verdict(whole: Whole, example: Example) -> None:
    done = reported(tallied(seen(example.sent)))
    found = sorted(
        (place.exchange, str(finding.statement.level))
        for finding in done.findings
        if finding.statement.promise == whole.promise
        for place in finding.places
    )
    assert tuple(found) == tuple(sorted(example.finds))
    (verdict,) = [each for each in done.promises if each.promise.id == whole.promise]
    assert verdict.verdict == example.verdict, verdict.limits


def test_every_whole_has_examples_of_what_it_finds_and_of_what_it_leaves_alone() -> None:
    assert len({whole.id for whole in WHOLES}) == len(WHOLES)
    for whole in WHOLES:
        assert {bool(example.finds) for example in whole.examples} == {True, False}, whole.id


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_order_and_grouping_gives_the_same_report(data: st.DataObject) -> None:
    _, example = data.draw(st.sampled_from(CASES))
    observations = seen(example.sent)
    whole = json_report.render(reported(tallied(observations)))
    shuffled = data.draw(st.permutations(observations))
    cut = data.draw(st.integers(0, len(shuffled)))
    parts, rest = tallied(shuffled[:cut]), tallied(shuffled[cut:])
    rest.merge(parts)
    assert json_report.render(reported(rest)) == whole
