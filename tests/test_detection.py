"""Detection holds its thresholds on a sample of the labelled benchmark; benchmarks/detection/README.md says how its rows are decided."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "measure_detection.py"


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """The figures for 4,000 benign payloads and 2,000 leaks, of which a few go through the command line."""
    sample = ("--rows", "4000", "--leaks", "2000", "--check", "40", "--seed", "1", "--json")
    settled = {**os.environ, "PYTHONHASHSEED": "0"}  # Faker draws some cities out of a set, whose order hangs on it
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *sample], capture_output=True, check=True, timeout=300, env=settled
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


pytestmark = pytest.mark.xdist_group("detection")


def test_ninety_nine_of_a_hundred_plain_leaks_are_found(measured: dict[str, Any]) -> None:
    assert measured["plain"] >= 0.99


def test_ninety_seven_of_a_hundred_encoded_leaks_are_found(measured: dict[str, Any]) -> None:
    assert measured["encoded"] >= 0.97


def test_at_most_one_benign_payload_of_ten_thousand_is_called_a_breach(measured: dict[str, Any]) -> None:
    assert measured["false"] * 10_000 <= measured["benign"]


def test_the_command_line_tells_leaks_from_benign_payloads_too(measured: dict[str, Any]) -> None:
    assert (measured["check_benign"], measured["check_leaks"]) == (0, 1)


def test_no_value_of_a_leak_stands_in_what_the_command_line_prints(measured: dict[str, Any]) -> None:
    assert measured["printed_values"] == 0
