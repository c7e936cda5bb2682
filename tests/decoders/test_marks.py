from __future__ import annotations

import pytest

from telemetry_audit.decoders import DECODERS, bears_marks

MARKS = sorted({mark for decoder in DECODERS for mark in decoder.marks})


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("before", [0, 1000, 1 << 16, 1 << 20])
def test_a_mark_is_seen_wherever_it_stands(mark: bytes, before: int) -> None:
    assert bears_marks(b"x" * before + mark)
    assert not bears_marks(b"x" * before + mark[:-1])


def test_very_many_marks_are_no_more_than_one() -> None:
    assert bears_marks(b"".join(MARKS) * 100_000)
