"""What a test can ask of recorded traffic: the report, and two assertions that never pass in silence."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from telemetry_audit.pytest_plugin.program import Program, Ran

_JOURNAL = b"SQLite format 3\0"
_CONFIG = "audit.toml"
_AUDITED = (0, 1, 3)
_BREACH = 1
_MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class TelemetryAudit:
    """The audit of some recordings, or of the journals of a live audit, under one configuration.

    Nothing runs before something is asked. Asked again, it is audited again only if a file has changed since, so a suite that is recorded while it
    runs can ask at any time and gets the answer on what was written until then.
    """

    recordings: tuple[str, ...]
    config: str | None
    _program: Program = field(repr=False)

    def check(self, *recordings: Path | str, config: Path | str | None = None) -> TelemetryAudit:
        """The audit of other recordings, such as one that a test made itself; the configuration stays, unless another is named."""
        return replace(
            self,
            recordings=tuple(map(self._named, recordings)),
            config=self.config if config is None else self._named(config),
        )

    @property
    def report(self) -> dict[str, Any]:
        """The report of `telemetry-audit check --format json`, of which schemas/report.schema.json tells; the test fails where there can be none."""
        __tracebackhide__ = True
        return self._audited()[1]

    def assert_no_breach(self) -> None:
        """Fail if `telemetry-audit check` would not end with 0: at a breach that nobody accepted, and where the recording is inconclusive."""
        __tracebackhide__ = True
        ran, report = self._audited()
        if ran.code == _BREACH:
            promises = [each["id"] for each in report["promises"] if each["verdict"] == "broken"]
            _fail([f"Telemetry breaks {', '.join(promises) or 'a promise'}.", *_breaches(report, promises)])
        self._assert_conclusive(report)

    def assert_kept(self, *promises: str) -> None:
        """Fail if a promise has any verdict but *kept*: broken, differs, undecided and not seen are none; nor may the recording be inconclusive."""
        __tracebackhide__ = True
        if not promises:
            _fail(["No promise was named: assert_kept takes ids of `telemetry-audit list promises`."])
        _, report = self._audited()
        verdicts = {each["id"]: each for each in report["promises"]}
        for promise in promises:
            if promise not in verdicts:
                _fail([f"There is no promise {promise!r} in this audit. Its promises are {', '.join(verdicts)}."])
            found = verdicts[promise]
            if found["verdict"] != "kept":
                heading = f"The promise {promise} is not kept but {found['verdict']}: {found['title']}."
                limits = (f"  {limit}" for limit in found["limits"])
                _fail([heading, *limits, *_breaches(report, [promise])])
        self._assert_conclusive(report)

    def _audited(self) -> tuple[Ran, dict[str, Any]]:
        __tracebackhide__ = True
        if not self.recordings:
            _fail(
                [
                    "No recording was given: start pytest with --telemetry-recording FILE, or ask telemetry_audit.check(FILE)."
                ]
            )
        journals = [name for name in self.recordings if self._is_journal(name)]
        if journals and len(journals) < len(self.recordings):
            _fail(["Recordings and journals cannot be audited together: ask telemetry_audit.check(FILE) of each."])
        names = [*self.recordings, *self._told(), *(f"{name}*" for name in journals)]
        options = ["--config", self.config] if self.config else []
        command = "report" if journals else "check"
        ran = self._program.run([command, *options, "--format", "json", "--", *self.recordings], names)
        if ran.code not in _AUDITED:
            _fail([f"telemetry-audit could not audit this (exit code {ran.code}).", ran.err.strip()])
        return ran, json.loads(ran.out)

    def _named(self, name: Path | str) -> str:
        """A name as the program takes it in its own folder; the test that gave it may be in another."""
        here = Path.cwd()
        return str(name) if here == self._program.folder or "://" in str(name) else str(here / name)

    def _told(self) -> Iterator[str]:
        """The configuration and the files that it names, such as canaries: they decide as much as the recordings do."""
        path = self._program.folder / (self.config or _CONFIG)
        if self.config or path.exists():
            yield str(path)
        with suppress(OSError, ValueError):  # the program says what is wrong with it
            for text in _texts(tomllib.loads(path.read_text("utf-8"))):
                files = (path.parent / name for name in (text, text.rpartition(":")[0]) if name)
                yield from (str(file) for file in files if file.is_file())

    def _is_journal(self, name: str) -> bool:
        try:
            with (self._program.folder / name).open("rb") as file:
                return file.read(len(_JOURNAL)) == _JOURNAL
        except OSError:
            return False  # the program says what is wrong with it

    def _assert_conclusive(self, report: dict[str, Any]) -> None:
        __tracebackhide__ = True
        if report["inconclusive"]:
            unread = (
                f"  {each['input']}, exchange {each['exchange']}: {each['host'] or 'an unknown host'}: {each['reason']}"
                for each in report["unread"][:_MOST_FINDINGS]
            )
            _fail([f"This is no clean bill: {'; '.join(report['inconclusive'])}.", *unread])


def _texts(value: object) -> Iterator[str]:
    """Every text in a TOML value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _breaches(report: dict[str, Any], promises: list[str]) -> Iterator[str]:
    """What breaks these promises and where, and how to see more of it; no value stands in it."""
    found = [
        each
        for each in report["findings"]
        if each["level"] == "breach" and not each["acceptance"] and each["promise"] in promises
    ]
    for each in found[:_MOST_FINDINGS]:
        first, times = each["places"][0], f"{each['count']} {'time' if each['count'] == 1 else 'times'}"
        yield f"  {each['id']} {each['rule']}: {each['event']} {each['pointer']} {each['says']}"
        yield f"    {first['shape']}; {times}, first in {first['input']}, exchange {first['exchange']}"
    if len(found) > _MOST_FINDINGS:
        yield f"  … and {len(found) - _MOST_FINDINGS} more"
    if found:
        yield "`telemetry-audit explain RULE` says why, `telemetry-audit show RECORDING FINDING` shows the value."


def _fail(lines: list[str]) -> NoReturn:
    """Fail the test with these lines; what comes from a recording may neither act on a terminal nor reorder its text."""
    from telemetry_audit.formats.escape import shown  # noqa: PLC0415 - pytest's start must not pay for the formats

    __tracebackhide__ = True
    pytest.fail("\n".join(shown(line) for text in lines for line in text.splitlines()))
