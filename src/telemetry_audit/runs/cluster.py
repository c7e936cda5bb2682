"""The engine that does its work on a Dask cluster; imported only when it is asked for, since Dask is an extra.

What is to be done, with the key of the fingerprints and the operator's lists in it, goes to each worker once, as a plugin: unlike other data
of a cluster a plugin is not written to a worker's disk, and a worker that joins late or is started anew has it too. It is withdrawn in the end. No
task raises, because a worker would write its arguments into its log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any, NamedTuple
from uuid import uuid4

from distributed import Client, KilledWorker, WorkerPlugin, as_completed, get_worker

from telemetry_audit import __version__
from telemetry_audit.catalog import load
from telemetry_audit.faults import where_of
from telemetry_audit.runs.engine import EngineError, Lost, Map, Tell, Work

_MOST_AT_ONCE = 256
"""Items that the cluster has at a time, so that answers are taken as fast as they come and none pile up on it."""


_SCHEMES = ("tcp://", "tls://", "ws://", "wss://")


class Build(NamedTuple):
    """What must be the same at both ends: the version of the program, and the SHA-256 of what Appsmith says."""

    version: str
    catalog: str


class _Stranger(NamedTuple):
    """A worker that was not told what to do, or is of another build."""


class _Broken(NamedTuple):
    """A worker's fault, and where it was."""

    where: str


@contextmanager
def cluster(scheduler: str) -> Iterator[Map]:
    """The engine on the cluster of the scheduler at this address.

    Raises EngineError where it cannot be reached, its workers are of another build, or it goes away.
    """
    if not scheduler.startswith(_SCHEMES):
        raise EngineError(f"{scheduler} is no address of a scheduler, such as tls://192.0.2.1:8786.")
    try:
        client = Client(scheduler, set_as_default=False, name="telemetry-audit")
    except (OSError, ValueError) as problem:
        raise EngineError(f"The scheduler at {scheduler} cannot be reached ({type(problem).__name__}).") from None
    with client:
        _refuse_strangers(client)
        yield _Cluster(client).each


@cache
def build() -> Build:
    """That of this process."""
    return Build(__version__, load().digest)


def _refuse_strangers(client: Client) -> None:
    ours = build()
    for address, theirs in client.run(build, on_error="return").items():
        if isinstance(theirs, Exception):
            raise EngineError(
                f"The worker at {address} has no telemetry-audit, or a very different one. Install {ours.version} there."
            )
        if theirs.version != ours.version:
            raise EngineError(
                f"The worker at {address} has telemetry-audit {theirs.version}, and this is {ours.version}. Install the same at both ends."
            )
        if theirs.catalog != ours.catalog:
            raise EngineError(
                f"The worker at {address} holds traffic against other documents than this telemetry-audit. Install the same at both ends."
            )


@dataclass(frozen=True, slots=True)
class _Cluster:
    client: Client

    def each(self, work: Work[Any, Any], items: Sequence[Any], _: Tell, /) -> Iterator[tuple[int, Any]]:
        """As `Map` has it; signs of progress do not cross the cluster."""
        name = f"telemetry-audit-{uuid4().hex}"
        waiting = iter(enumerate(items))
        numbers: dict[object, int] = {}

        def handed() -> Iterator[Any]:
            for number, item in waiting:
                future = self.client.submit(_answer, name, item, key=f"{name}-{number}", pure=False)
                numbers[future.key] = number
                yield future

        try:
            self.client.register_plugin(_Plugin(work, build()), name=name)
            running = as_completed(
                list(islice(handed(), _MOST_AT_ONCE)), loop=self.client.loop, with_results=True, raise_errors=False
            )
            for future, answer in running:
                yield numbers.pop(future.key), _taken(future, answer)
                running.update(list(islice(handed(), 1)))
        finally:
            with suppress(OSError, TimeoutError):  # the cluster is gone, and the plugin with it
                self.client.unregister_worker_plugin(name)


def _taken(future: Any, answer: Any) -> Any:
    """An answer, or what became of it. Raises EngineError where no other item would fare better."""
    if isinstance(answer, _Stranger):
        raise EngineError("A worker joined that has another telemetry-audit. Install the same everywhere.")
    if isinstance(answer, _Broken):
        raise EngineError(f"A fault in telemetry-audit on a worker: {answer.where}. Please report this line.")
    if future.status == "finished":
        return answer
    if future.status == "error" and isinstance(answer[1], KilledWorker):
        return Lost()
    raise EngineError(f"The cluster broke off before all was judged ({future.status}).")


@dataclass(eq=False)
class _Plugin(WorkerPlugin):
    """What a worker is told to do with each item."""

    work: Work[Any, Any] = field(repr=False)
    build: Build


def _answer(name: str, item: object) -> object:
    """A worker's answer."""
    plugin = get_worker().plugins.get(name)
    if not isinstance(plugin, _Plugin) or plugin.build != build():
        return _Stranger()
    try:
        return plugin.work(item, _nobody)
    except Exception as fault:  # noqa: BLE001 - the outermost edge: told, and nothing of it is logged
        return _Broken(where_of(fault))


def _nobody(_: int) -> None:
    """Takes the signs of progress."""
