"""Recordings that are judged on a Dask cluster: the report is the one that a single process makes, whatever happens to the workers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from tests.conftest import Run
from tests.family import readers_of, started
from tests.live.waiting import until
from tests.recordings import CLICK, SEGMENT, har, request
from tests.test_many import long, names, on_linux, some

pytestmark = pytest.mark.xdist_group("dask")

REPOSITORY = Path(__file__).parents[1]
WITHOUT_DASK = """
import sys
sys.modules["distributed"] = sys.modules["fsspec"] = sys.modules["fsspec.core"] = None
from telemetry_audit.cli.main import main
main()
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers in processes of their own."""
    with LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as made:
        yield made


def on(cluster: LocalCluster) -> tuple[str, ...]:
    return "--engine", "dask", "--scheduler", str(cluster.scheduler_address), "--format", "json"


def test_the_report_is_byte_for_byte_that_of_one_process(run: Run, tmp_path: Path, cluster: LocalCluster) -> None:
    some(tmp_path / "rec")
    (tmp_path / "rec" / "notes.txt").write_text("notes")
    (tmp_path / "users").write_text("jane@example.com\n")
    arguments = ("check", "rec", "-", "--known-users", "users")
    one = run(*arguments, "--format", "json", stdin=b'[{"event": "x"}]')
    many = run(*arguments, *on(cluster), stdin=b'[{"event": "x"}]')
    assert (many.out, many.err, many.code) == (one.out, one.err, one.code)
    assert len(names(one.report)) == 5


def test_an_address_of_fsspec_is_read_by_the_workers(run: Run, tmp_path: Path, cluster: LocalCluster) -> None:
    some(tmp_path / "rec")
    one = run("check", f"file://{tmp_path}/rec", "--format", "json")
    many = run("check", f"file://{tmp_path}/rec", *on(cluster))
    assert (many.out, many.err, many.code) == (one.out, one.err, one.code)


@on_linux
def test_a_worker_that_is_killed_on_the_way_changes_nothing(run: Run, tmp_path: Path, cluster: LocalCluster) -> None:
    folder = some(tmp_path / "rec")
    path = long(folder / "long.har")
    one = run("check", "rec", "--format", "json")
    with started(tmp_path, "check", "rec", *on(cluster)) as process:
        (victim,) = until(lambda: readers_of(path, os.getpid()))
        os.kill(victim, signal.SIGKILL)
        out, err = process.communicate()
    assert (out, err, process.returncode) == (one.out, one.err, one.code)


def test_nothing_of_an_audit_stays_on_the_cluster(run: Run, tmp_path: Path, cluster: LocalCluster) -> None:
    har(tmp_path / "a.har", [request(SEGMENT, CLICK)])
    assert run("check", "a.har", *on(cluster)).code == 0
    with Client(cluster) as client:
        assert not [name for told in client.run(_plugins).values() for name in told if "telemetry" in name]
        assert not client.who_has()


def test_a_recording_that_no_worker_can_read_is_a_wrong_call(run: Run, tmp_path: Path, cluster: LocalCluster) -> None:
    har(tmp_path / "a.har", [request(SEGMENT, CLICK)])
    ran = run("check", "a.har", "zip://b.har::a.har", *on(cluster))
    assert ran.code == 2
    assert "zip://b.har::a.har" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("file", "edit", "says"),
    [
        ("src/telemetry_audit/__init__.py", ("__version__ = ", "__version__ = '0.0.1' or "), "telemetry-audit 0.0.1"),
        ("schemas/promises.toml", ("", "# another\n"), "holds traffic against other documents"),
        ("src/telemetry_audit/runs/cluster.py", ("", "raise ImportError\n"), "has no telemetry-audit"),
    ],
)
def test_a_worker_with_another_telemetry_audit_is_refused(
    run: Run, tmp_path: Path, file: str, edit: tuple[str, str], says: str
) -> None:
    har(tmp_path / "a.har", [request(SEGMENT, CLICK)])
    for folder in ("src", "schemas"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    changed = tmp_path / file
    changed.write_text(changed.read_text().replace(*edit, 1))
    with LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1") as empty:
        address = str(empty.scheduler_address)
        command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--no-dashboard"]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}
        worker = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            until(lambda: empty.scheduler.workers)
            ran = run("check", "a.har", *on(empty))
        finally:
            worker.kill()
            worker.wait()
    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--engine", "dask"), "--scheduler ADDRESS"),
        (("--scheduler", "tcp://127.0.0.1:1"), "--engine dask"),
        (("--engine", "dask", "--scheduler", "tcp://127.0.0.1:1"), "cannot be reached"),
        (("--engine", "dask", "--scheduler", "nonsense"), "no address"),
        (("--engine", "dask", "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2"), "--jobs"),
    ],
)
def test_a_cluster_that_is_not_there_is_a_wrong_call(run: Run, arguments: tuple[str, ...], says: str) -> None:
    ran = run("check", "a.har", *arguments, DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="500ms")
    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "arguments", [("a.har", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:1"), ("s3://bucket/a.har",)]
)
def test_without_the_extra_a_sentence_says_what_to_install(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", WITHOUT_DASK, "check", *arguments]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "pip install 'appsmith-telemetry-audit[dask]'" in ran.stderr
    assert "Traceback" not in ran.stderr


def _plugins(dask_worker: object) -> list[str]:
    return list(dask_worker.plugins)  # type: ignore[attr-defined] # Dask hands a worker over to what it runs
