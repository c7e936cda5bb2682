"""The plugin for pytest: an end-to-end suite asserts that nothing leaked in what was recorded of its instance.

pytest loads this module at every start, also where nobody asks for an audit, so it imports nothing of the program but the fixture's own class; the
audit itself runs in a process of its own, when a test first asks.
"""

from __future__ import annotations

import pytest

from telemetry_audit.pytest_plugin.audit import TelemetryAudit
from telemetry_audit.pytest_plugin.program import Program

__all__ = ["TelemetryAudit", "pytest_addoption", "telemetry_audit"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options."""
    group = parser.getgroup("telemetry-audit", "what leaves an Appsmith instance (fixture: telemetry_audit)")
    group.addoption(
        "--telemetry-recording",
        action="append",
        default=[],
        metavar="FILE",
        help="What the fixture telemetry_audit is asked about: a recording, a folder or pattern of recordings, or a journal of `watch`. Repeatable.",
    )
    group.addoption(
        "--telemetry-config",
        metavar="FILE",
        help="What the operator knows of the instance; by default ./audit.toml if there is one.",
    )


@pytest.fixture(scope="session")
def telemetry_audit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TelemetryAudit:
    """The audit of the recordings that --telemetry-recording names; it runs when a test first asks something of it."""
    results = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        results = results.parent  # the folder that all workers of pytest-xdist have in common
    return TelemetryAudit(
        tuple(request.config.getoption("--telemetry-recording")),
        request.config.getoption("--telemetry-config"),
        Program(request.config.invocation_params.dir, results),
    )
