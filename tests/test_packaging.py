"""What is installed works away from the repository, and what it is made from is pinned."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is installed, without its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*build, folder, ROOT], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target"]
    subprocess.run([*install, folder / "site", wheel], check=True, capture_output=True)
    return folder / "site"


def started(site: Path, *arguments: str) -> str:
    """What Python prints, run in another folder than the repository with `site` before everything else."""
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=site.parent, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode in {0, 3}, done.stderr
    return done.stdout


def test_the_wheel_brings_the_schemas_with_it(site: Path) -> None:
    place = "import telemetry_audit as t, telemetry_audit.catalog.loading as l; print(t.__file__); print(l.data_folder('schemas'))"
    for path in started(site, "-c", place).splitlines():
        assert Path(path).is_relative_to(site)
    listed = started(site, "-m", "telemetry_audit", "list", "events")
    events = [path.name.removesuffix(".schema.json") for path in (ROOT / "schemas" / "events").glob("*.schema.json")]
    assert events
    assert [event for event in events if event not in listed] == []


def test_the_wheel_gives_the_report_that_the_repository_gives(site: Path) -> None:
    recording = ROOT / "reports" / "example" / "recording.flow"
    (site.parent / recording.name).write_bytes(recording.read_bytes())
    printed = started(site, "-m", "telemetry_audit", "check", recording.name, "--fail-on", "none")
    assert printed == recording.with_name("report.txt").read_text()


def test_the_wheel_has_the_command(site: Path) -> None:
    (entry_points,) = site.glob("*.dist-info/entry_points.txt")
    assert "telemetry-audit = telemetry_audit.cli.main:main" in entry_points.read_text()


def test_the_lock_names_no_index() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*-", re.sub(r"^\s+--hash=.*$", "", LOCK, flags=re.MULTILINE), flags=re.MULTILINE)


def test_every_requirement_of_the_lock_has_a_version_and_a_hash() -> None:
    lines = [line for line in LOCK.replace("\\\n", " ").splitlines() if line and not line.lstrip().startswith("#")]
    assert len(lines) > 20
    pinned = re.compile(r"[a-z0-9-]+==\S+(?: ; [^-]+)?(?:\s+--hash=sha256:[0-9a-f]{64})+\s*")
    assert [line[:60] for line in lines if not pinned.fullmatch(line)] == []
