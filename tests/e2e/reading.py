"""What the tests read out of a report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from telemetry_audit.cli.exit_codes import FAILED, INCONCLUSIVE, NOTHING_WRONG
from tests.e2e.expected import Breach

type Report = dict[str, Any]

_BROKEN_OFF = "the client broke off the TLS handshake"
_HIDDEN = re.compile(r"\{[0-9a-f]+\}")


class Said(NamedTuple):
    """All that a report says of findings, whatever it was made from: each by its id, and what stands together in one exchange."""

    findings: dict[str, tuple[str, str, str, str, str, int]]
    exchanges: Counter[tuple[tuple[str, ...], ...]]


def said(report: Report) -> Said:
    """Number and order of exchanges are left out, since they are those of the file, and so are fingerprints, which it keys."""
    together: dict[int, list[tuple[str, ...]]] = {}
    for finding, place in _places(report):
        seen = (
            finding["id"],
            place["event"],
            _shown(place["where"]),
            _shown(place["message_id"] or ""),
            place["shape"],
        )
        together.setdefault(place["exchange"], []).append(seen)
    return Said(
        {
            finding["id"]: tuple(finding[key] for key in ("level", "rule", "event", "pointer", "says", "count"))
            for finding in report["findings"]
        },
        Counter(tuple(sorted(seen)) for seen in together.values()),
    )


def breaches(report: Report) -> list[Breach]:
    """Rule, event and place of each breach, in order."""
    return sorted(
        (finding["rule"], place["event"], _shown(place["where"]))
        for finding, place in _places(report)
        if finding["level"] == "breach"
    )


def events(report: Report) -> Counter[tuple[str, str]]:
    """How many there were, by vendor and name."""
    return _count(((each["vendor"], each["name"]), each["count"]) for each in report["events"])


def exchanges(report: Report) -> Counter[tuple[str, str]]:
    """How many there were, judged and ignored, by host and destination."""
    listed = (*report["destinations"], *report["ignored"])
    return _count(((each["host"], each["destination"]), each["exchanges"]) for each in listed)


def hosts(report: Report) -> Counter[str]:
    """How many exchanges there were, by host."""
    return _count((host, count) for (host, _), count in exchanges(report).items())


def unread(report: Report) -> list[str]:
    """The host of each exchange that could not be read, apart from handshakes that were broken off."""
    return [each["host"] for each in report["unread"] if not each["reason"].startswith(_BROKEN_OFF)]


def broken_off(report: Report) -> list[str]:
    """The host of each TLS handshake that was broken off.

    A client does so that does not trust the proxy, and so does a browser that began two connections and needs but one of them, which is why
    a test cannot know their number.
    """
    return [each["host"] for each in report["unread"] if each["reason"].startswith(_BROKEN_OFF)]


def exit_code(report: Report) -> int:
    """The one that is due: 1 for a breach, 3 where something could not be read, else 0."""
    return FAILED if breaches(report) else INCONCLUSIVE if report["unread"] else NOTHING_WRONG


def _count[Key](counts: Iterable[tuple[Key, int]]) -> Counter[Key]:
    """The sum for each key; several rows may be of one."""
    total: Counter[Key] = Counter()
    for key, count in counts:
        total[key] += count
    return total


def _places(report: Report) -> Iterator[tuple[Report, Report]]:
    """Each finding with each of its places."""
    for finding in report["findings"]:
        assert finding["places_omitted"] == 0
        for place in finding["places"]:
            yield finding, place


def _shown(text: str) -> str:
    """A name that is not shown is told by a fingerprint, which another file keys differently."""
    return _HIDDEN.sub("{}", text)
