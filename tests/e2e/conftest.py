"""Sessions of real traffic, each had once and shared by all tests: as documented, with values planted in it, and with clients that trust nobody."""

from __future__ import annotations

import pytest

from tests.e2e.sessions import EXPECTED, Session, session


@pytest.fixture(scope="session")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session("documented", tmp_path_factory.mktemp("documented"))


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session("planted", tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="session")
def distrustful(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session("planted", tmp_path_factory.mktemp("distrustful"), trusted=False)


@pytest.fixture(params=EXPECTED)
def either(request: pytest.FixtureRequest) -> Session:
    """Each of the two in which something is sent."""
    found: Session = request.getfixturevalue(request.param)
    return found
