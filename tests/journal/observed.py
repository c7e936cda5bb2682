"""Observations: those of the example that ships, and whatever the model can hold."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import Catalog, load
from telemetry_audit.deployment import Deployment
from telemetry_audit.journal import Writer, open_writer
from telemetry_audit.model import (
    AddressClaim,
    Condition,
    EventBrief,
    InstanceBrief,
    Level,
    Observation,
    Occurrence,
    Pending,
    Place,
    Portrait,
    Shown,
    Side,
    Sign,
    Source,
    Statement,
    Trait,
    Unread,
)
from telemetry_audit.readers import exchanges, open_recording
from telemetry_audit.terms import terms

EXAMPLE = Path(__file__).parents[2] / "reports" / "example" / "recording.flow"
DEPLOYMENT = Deployment()


@cache
def catalog() -> Catalog:
    return load()


def begun(path: Path, deployment: Deployment = DEPLOYMENT) -> Writer:
    """A run of the journal at `path`."""
    return open_writer(path, terms(catalog(), deployment), deployment)


def of_the_example(secret: bytes) -> list[Observation]:
    """What an audit under this key sees in the example: breaches, drift, claims, ignored and unread."""
    audit = Audit(catalog(), DEPLOYMENT, secret)
    return [audit.see(item) for item in exchanges(open_recording(str(EXAMPLE)))]


def journal(path: Path, observations: list[Observation]) -> Path:
    """A closed journal of one run that put these."""
    writer = begun(path)
    for observation in observations:
        writer.put(observation)
    assert writer.close({"observations": sum(not each.part for each in observations)}, ()) == 0
    return path


TEXTS = st.text(st.characters(codec=None), max_size=12) | st.sampled_from(
    ["", "\0\x1b[2J", "\ud83d\ude00", "\ud800", '"\\']
)
NUMBERS = st.integers(0, 2**53)
TIMES = st.none() | st.floats(allow_nan=False, allow_infinity=False)
PLACES = st.builds(Place, TEXTS, NUMBERS, TEXTS, TEXTS, st.none() | TEXTS, TEXTS, TEXTS, TIMES)
STATEMENTS = st.builds(Statement, TEXTS, TEXTS, TEXTS, st.sampled_from(Level), TEXTS, TEXTS, TEXTS)
PURPOSES = st.sampled_from(["keep-alive", "setup", "start"]) | TEXTS
SAID = st.none() | st.booleans()
OCCURRENCES = st.builds(Occurrence, STATEMENTS, PLACES)


def few[Item](items: st.SearchStrategy[Item]) -> st.SearchStrategy[tuple[Item, ...]]:
    return st.lists(items, max_size=3).map(tuple)


OBSERVATIONS = st.builds(
    Observation,
    recording=TEXTS,
    exchange=NUMBERS,
    time=TIMES,
    host=TEXTS,
    destination=TEXTS,
    ignored_by=st.just("") | TEXTS,
    unread=few(st.builds(Unread, TEXTS, NUMBERS, TEXTS, TEXTS)),
    events=few(st.builds(EventBrief, TEXTS, TEXTS, st.sampled_from(Side), st.booleans(), TEXTS)),
    findings=few(OCCURRENCES),
    claims=few(st.builds(AddressClaim, st.booleans(), OCCURRENCES)),
    looked_at=st.dictionaries(TEXTS, NUMBERS, max_size=3) | st.just(Observation("", 0, None, "", "").looked_at),
    part=st.booleans(),
    portraits=few(st.builds(Portrait, st.sampled_from(Side), few(st.builds(Trait, TEXTS, TEXTS, TEXTS)), NUMBERS)),
    pending=few(st.builds(Pending, st.sampled_from(Condition), TEXTS, STATEMENTS, STATEMENTS, PLACES)),
    signs=few(st.builds(Sign, PURPOSES, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, SAID, SAID, PLACES)),
    sources=few(st.builds(Source, st.sampled_from(Side), TEXTS, TEXTS, TEXTS, NUMBERS)),
    shown=few(st.builds(Shown, TEXTS, NUMBERS)),
    instances=few(
        st.builds(
            InstanceBrief,
            TEXTS,
            st.sampled_from(Side),
            NUMBERS,
            TIMES,
            few(st.tuples(TEXTS, st.sampled_from(Level), NUMBERS)),
        )
    ),
)


def renamed(observation: Observation, recording: str) -> Observation:
    """The same observation of another recording."""
    return observation._replace(
        recording=recording,
        unread=tuple(Unread(recording, each.number, each.host, each.reason) for each in observation.unread),
        findings=tuple(_renamed(each, recording) for each in observation.findings),
        claims=tuple(AddressClaim(each.teaches, _renamed(each.occurrence, recording)) for each in observation.claims),
        pending=tuple(each._replace(place=each.place._replace(input=recording)) for each in observation.pending),
        signs=tuple(each._replace(place=each.place._replace(input=recording)) for each in observation.signs),
    )


def _renamed(occurrence: Occurrence, recording: str) -> Occurrence:
    return Occurrence(occurrence.statement, occurrence.place._replace(input=recording))
