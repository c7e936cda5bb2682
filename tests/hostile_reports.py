"""Reports for the formats, in which every text that may come from outside is as hostile as Hypothesis can make it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from hypothesis import strategies as st

from telemetry_audit.catalog import load
from telemetry_audit.deployment import Deployment
from telemetry_audit.editions import Elsewhere
from telemetry_audit.model import Acceptance, Finding, Level, Place, Side, Statement, Unread, Verdict
from telemetry_audit.report import Applied, Input, Report, report
from telemetry_audit.sides import Program, SideSeen
from telemetry_audit.tally import Instance, Tally
from telemetry_audit.terms import terms
from telemetry_audit.unseen import Unseen
from telemetry_audit.wholes import Cadence

NASTY = (
    "|", "\\|", "\\", "`", "``", "\n", "\r\n", "\r", "\t", "\x00", "\x0b", "\x1b[31m", "\x85", "\u2028", "\u202e", "\ufffe", "\ud800", "\U0001fffe",
    "::error::x", "\n::set-output name=a::b", "##[error]x", "%0A::error::x", "%", ",", ":", ";",
    "@octocat", "@org/team", "#1", "GH-1", "a/b#2", "a5c3785ed8d6a35868bc169f07e40e889087fd2e", ":tada:", "&#64;x", "&lt;", "]]>", "-->", "<!--",
    "https://evil.example/x", "www.evil.example", "mailto:a@evil.example", "a@evil.example", "<https://evil.example>",
    "![x](https://evil.example/x.png)", "[x](https://evil.example)", "[x]: https://evil.example", "<img src=x onerror=alert(1)>", "<b>", "*x*", "__x__", "~~x~~",
    "# x", "- x", "1. x", "> x", "---", "| a | b |", "$x$", "=1+1", "+1", "-1", "@SUM(1)", "=cmd|' /C calc'!A0", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", '"=1', "';=1", " =1",
    "{0}", "{{", "}", "[", "]", '"', "'", "'=1", " ", "../..", "/", "C:\\x", "file:///x", "?x=1", "#x", "%2e", "plain words, and more",
)  # fmt: skip

_ANY = st.characters(exclude_categories=())
texts = st.lists(st.one_of(st.sampled_from(NASTY), st.text(_ANY, max_size=5)), max_size=6).map("".join)
_times = st.one_of(st.none(), st.floats(0, 4e9), st.sampled_from([float("nan"), float("inf"), -1e300]))
_places = st.builds(Place, texts, st.integers(0, 9), texts, texts, st.one_of(st.none(), texts), texts, texts, _times)
_ids = st.integers(0, 2**48 - 1).map(lambda number: f"TA-{number:012x}")


@cache
def small() -> Report:
    """The report on nothing, with a verdict on every promise."""
    catalog = load()
    return report(Tally(), (), catalog, terms(catalog, Deployment()))


@st.composite
def _findings(draw: st.DrawFn) -> Finding:
    statement = Statement(
        draw(_ids),
        draw(st.sampled_from(["personal-data", "undocumented-field", "of-no-list"])),
        draw(st.sampled_from([verdict.promise.id for verdict in small().promises])),
        draw(st.sampled_from(Level)),
        *(draw(texts) for _ in range(3)),
    )
    places = tuple(draw(_places) for _ in range(draw(st.integers(1, 2))))
    return Finding(statement, len(places) + draw(st.integers(0, 9)), places, draw(st.one_of(st.none(), acceptances)))


acceptances = st.builds(
    Acceptance, texts, texts, texts, texts, texts, st.one_of(st.none(), st.dates(date(2000, 1, 1))), texts
)


_editions = st.lists(texts, max_size=2).map(tuple)
_numbers = dict.fromkeys(Cadence._fields, st.integers(0, 9))
_seconds = dict.fromkeys(("median", "shortest", "longest"), st.one_of(st.none(), st.floats(0, 1e9)))
_names = dict.fromkeys(("event", "contract", "instance"), texts)
_cadences = st.fixed_dictionaries({**_numbers, **_seconds, **_names, "verdict": st.sampled_from(Verdict)}).map(
    lambda fields: Cadence(**fields)
)
_sides = st.builds(
    SideSeen,
    st.sampled_from(Side),
    st.integers(0, 9),
    st.lists(st.builds(Program, texts, texts, st.integers(0, 9), st.integers(0, 9)), max_size=2).map(tuple),
    _editions,
)
_unseen = st.builds(Unseen, st.sampled_from(["event", "field"]), texts, texts, _editions, st.sampled_from(Side), texts)
_elsewhere = st.builds(Elsewhere, texts, texts, st.one_of(st.none(), st.sampled_from(Verdict)), texts)
_instances = st.builds(
    Instance,
    texts,
    st.just(((Side.SERVER, 2),)),
    *(st.integers(0, 9) for _ in range(3)),
    _editions,
    _editions,
    st.booleans(),
    _times,
    _times,
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report with hostile texts wherever a format may print one."""
    base = small()
    limit, verdicts = draw(texts), draw(st.permutations(list(Verdict)))
    findings = draw(st.lists(_findings(), max_size=3, unique_by=lambda finding: finding.statement.id))
    return replace(
        base,
        terms=replace(base.terms, document=draw(texts), configuration=draw(texts)),
        inputs=tuple(
            Input(draw(texts), draw(texts), f"{number:064x}", number, number, draw(_times), draw(_times))
            for number in range(draw(st.integers(0, 2)))
        ),
        coverage=replace(base.coverage, unread=draw(st.integers(0, 2)), events=draw(st.integers(0, 2))),
        promises=tuple(
            replace(verdict, verdict=verdicts[number % len(verdicts)], limits=(limit,))
            for number, verdict in enumerate(base.promises)
        ),
        findings=tuple(sorted(findings, key=lambda finding: list(Level).index(finding.statement.level))),
        unread=tuple(
            Unread(draw(texts), number, draw(texts), draw(texts)) for number in range(draw(st.integers(0, 2)))
        ),
        shortfalls=tuple(draw(st.lists(texts, max_size=2))),
        cadences=tuple(draw(st.lists(_cadences, max_size=2))),
        sides=tuple(draw(st.lists(_sides, max_size=2))),
        unseen=tuple(draw(st.lists(_unseen, max_size=2))),
        editions=tuple(draw(st.lists(_elsewhere, max_size=2))),
        instances=tuple(draw(st.lists(_instances, max_size=3))),
        acceptances=tuple(Applied(draw(acceptances), 0, expired=True) for _ in range(draw(st.integers(0, 1)))),
    )
