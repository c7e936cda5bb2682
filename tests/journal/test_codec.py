"""Whatever an observation holds comes back as it was, from bytes and from a journal."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_audit.journal import Damaged, decode, encode, open_journal
from telemetry_audit.model import Observation
from tests.journal.observed import OBSERVATIONS, journal, of_the_example, renamed


@given(OBSERVATIONS)
def test_an_observation_comes_back_from_its_bytes(observation: Observation) -> None:
    assert decode(encode(observation)) == observation
    assert [type(each) for each in decode(encode(observation))[6:10]] == [tuple] * 4


def test_an_observation_of_real_traffic_comes_back_from_its_bytes() -> None:
    for observation in of_the_example(b"key"):
        assert decode(encode(observation)) == observation


@given(OBSERVATIONS, st.data())
def test_bytes_that_were_cut_off_are_damaged(observation: Observation, data: st.DataObject) -> None:
    whole = encode(observation)
    with pytest.raises(Damaged):
        decode(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(st.binary(max_size=60))
def test_other_bytes_are_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        decode(data)


@settings(max_examples=25, deadline=None)
@given(st.lists(OBSERVATIONS, max_size=20))
def test_observations_come_back_from_a_journal_as_those_of_its_run(observations: list[Observation]) -> None:
    with TemporaryDirectory() as folder:
        path = journal(Path(folder) / "j", observations)
        with open_journal(path) as found:
            read = list(found.observations())
    expected = [renamed(each, f"{path}, run 1") for each in observations]
    counted = [each for each in expected if _tells_only_where_it_went(each)]
    assert [each for each in read if not _tells_only_where_it_went(each)] == [
        each for each in expected if each not in counted
    ]
    assert sorted(each for each in read if _tells_only_where_it_went(each)) == sorted(
        each._replace(exchange=0, time=None) for each in counted
    )


def _tells_only_where_it_went(observation: Observation) -> bool:
    return bool(observation.ignored_by) and not any((*observation[6:10], observation.looked_at, observation.part))
