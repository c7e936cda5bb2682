"""The commands of deploy/ do what they are there for: they are run as they stand, with the containers' folders and names put on this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy_files import CONTAINER, SERVICES, mounts
from tests.e2e.processes import free_port, running

PROGRAM = (sys.executable, "-m", "telemetry_audit")
CANARY = SERVICES["canary"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a container's folders are on this machine, and the port on loopback that stands for that of the proxy."""

    folder: Path
    port: int
    mounted: tuple[str, ...]

    def here(self, text: str) -> str:
        """What the container is told, as it is told on this machine."""
        path = re.compile(rf"(?<![^=\"])({'|'.join(self.mounted)})(?![^/\"])")
        address = re.compile(r"\b(proxy|0\.0\.0\.0):8080\b")
        local = address.sub(f"127.0.0.1:{self.port}", path.sub(rf"{self.folder}\1", text))
        return local.replace('"127.0.0.1", 8080', f'"127.0.0.1", {self.port}')

    def is_ready(self) -> bool:
        """Whether the proxy says that it listens; what it prints is in the folder, as `proxy.out` and `proxy.err`."""
        return "Listening on " in (self.folder / "proxy.err").read_text()

    def is_healthy(self) -> bool:
        """What the health check says."""
        _, python, *check = map(self.here, SERVICES["proxy"]["healthcheck"]["test"])
        assert python == "python"
        return subprocess.run([sys.executable, *check], check=False, capture_output=True).returncode == 0


@pytest.fixture(
    params=[
        (SERVICES["proxy"]["command"], tuple(mounts("proxy").values())),
        (CONTAINER["args"], tuple(each["mountPath"] for each in CONTAINER["volumeMounts"])),
    ],
    ids=["compose", "kubernetes"],
)
def container(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Place, list[str]]:
    """A place for the proxy's container, and the command line that it is given."""
    command, mounted = request.param
    place = Place(tmp_path, free_port(), mounted)
    for each in mounted:
        (tmp_path / each.removeprefix("/")).mkdir()
    return place, [*PROGRAM, *map(place.here, command)]


def test_the_proxy_gets_healthy_stores_the_canary_and_leaves_its_report(container: tuple[Place, list[str]]) -> None:
    place, command = container
    assert not place.is_healthy()
    with running(command, place.folder / "proxy", place.is_ready) as proxy:
        assert place.is_healthy()
        canary = subprocess.run(
            [*PROGRAM, *map(place.here, CANARY["command"])],
            env=os.environ | {name: place.here(value) for name, value in CANARY["environment"].items()},
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert canary.returncode == 0, canary.stderr
    assert canary.stdout.startswith("The audit saw it and stored it")
    assert "= 0 judged + 1 ignored + 0 unread" in (place.folder / "audit" / "report.txt").read_text()
    assert proxy.returncode in {0, 3}, (place.folder / "proxy.err").read_text()


def test_others_may_read_the_certificate_and_not_the_key(container: tuple[Place, list[str]]) -> None:
    place, command = container
    with running(command, place.folder / "proxy", place.is_ready):
        (certificate,) = (place.folder / "certificate").iterdir()
    (key,) = place.folder.rglob("mitmproxy-ca.pem")
    assert certificate.stat().st_mode & 0o777 == 0o644
    assert key.stat().st_mode & 0o077 == 0
    assert "PRIVATE" not in certificate.read_text()
