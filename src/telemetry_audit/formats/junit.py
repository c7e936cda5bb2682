"""The verdicts as test cases, for the test report of a CI server: JUnit XML as Jenkins' xUnit plug-in describes it (junit-10.xsd).

A promise is a test case. It passes if the promise is kept, and only then; it fails if a breach breaks it that nobody accepted; else it is skipped,
with the verdict and its reasons: what differs, is undecided, was not seen or cannot be tested is no failure of a run, and must not look like a
success. One more case asks whether everything could be looked at, and is an error if the audit is inconclusive. So without --fail-on there are
failures where the exit code is 1, and errors where it would else be 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.findings import breaking, counted, coverage, decision, occurrences, sentence
from telemetry_audit.model import Finding, Unread, Verdict
from telemetry_audit.report import PromiseVerdict, Report

_SUITE = "telemetry-audit"
_MOST_LINES = 1_000
"""Lines below one test case; CI servers keep them in memory and show them in one piece."""


def render(report: Report) -> str:
    """The XML, in ASCII: what is not printable is written out, since XML 1.0 cannot hold all of it even as a reference."""
    cases = [*(_promise(report, verdict) for verdict in report.promises), _reading(report)]
    counts = {
        "tests": len(cases),
        "failures": _how_many(cases, "failure"),
        "errors": _how_many(cases, "error"),
    }
    root = _element("testsuites", name=_SUITE, **counts)
    suite = _element("testsuite", name=_SUITE, **counts, skipped=_how_many(cases, "skipped"))
    root.append(suite)
    suite.append(_properties(report))
    suite.extend(cases)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "us-ascii", xml_declaration=False).decode("ascii")}\n'


def _element(tag: str, lines: Iterable[str] = (), /, **attributes: str | int) -> ET.Element:
    """An element whose attributes and lines of text are of characters that XML can hold."""
    element = ET.Element(tag, {name: shown(str(value)) for name, value in attributes.items()})
    text = "\n".join(shown(line) for line in lines)
    element.text = f"\n{text}\n" if text else None
    return element


def _how_many(cases: Iterable[ET.Element], outcome: str) -> int:
    return sum(case.find(outcome) is not None for case in cases)


def _properties(report: Report) -> ET.Element:
    told = {
        "tool": f"telemetry-audit {report.terms.tool}",
        "document": report.terms.document or "any",
        "coverage": coverage(report),
        **{f"SHA-256 of {item.name}": item.sha256 for item in report.inputs},
    }
    properties = _element("properties")
    properties.extend(_element("property", name=name, value=value) for name, value in told.items())
    return properties


def _promise(report: Report, verdict: PromiseVerdict) -> ET.Element:
    promise = verdict.promise
    case = _element("testcase", classname=f"{_SUITE}.promise", name=f"{promise.id}: {promise.title}")
    broken = breaking(report, verdict) if verdict.verdict is Verdict.BROKEN else ()
    if broken:
        said = f"broken: {counted(len(broken), 'finding')} at {counted(occurrences(broken), 'place')}"
        case.append(_element("failure", _some(map(_line, broken)), type="broken", message=said))
    elif verdict.verdict is not Verdict.KEPT:
        case.append(_element("skipped", message=": ".join(filter(None, (verdict.verdict, "; ".join(verdict.limits))))))
    told = {each.statement.id for each in broken}
    rest = [each for each in report.findings if each.statement.promise == promise.id and each.statement.id not in told]
    if rest:
        case.append(_element("system-out", _some(map(_line, rest))))
    return case


def _reading(report: Report) -> ET.Element:
    case = _element("testcase", classname=f"{_SUITE}.coverage", name="everything that left could be looked at")
    if report.inconclusive:
        lines = _some(map(_unread, report.unread))
        case.append(_element("error", lines, type="inconclusive", message="; ".join(report.inconclusive)))
    return case


def _some(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == _MOST_LINES:
            yield "… and more: --format json lists all"
            return
        yield line


def _line(finding: Finding) -> str:
    statement = finding.statement
    place = finding.places[0]
    first = f"{counted(finding.count, 'place')}, the first in {place.input}, exchange {place.exchange}: {place.shape}"
    passed = f" [{decision(finding.acceptance)}]" if finding.acceptance else ""
    return f"{statement.level} {statement.id} ({statement.rule}) {sentence(finding)}; {first}{passed}"


def _unread(item: Unread) -> str:
    return f"{item.recording}, exchange {item.number}, {item.host or 'unknown host'}: {item.reason}"
