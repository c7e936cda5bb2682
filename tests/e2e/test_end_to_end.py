"""From the vendors' own libraries, through a real `telemetry-audit watch`, to its report: each a process of its own."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import urlsplit

import pytest

from telemetry_audit.cli.exit_codes import INCONCLUSIVE
from tests.e2e import planted as values
from tests.e2e.reading import breaches, broken_off, events, exchanges, exit_code, hosts, said, unread
from tests.e2e.senders import SENDERS
from tests.e2e.sessions import EXPECTED, Session, program

pytestmark = pytest.mark.xdist_group("sessions")  # one worker has them all, and has each once

SOURCES = ("dump", "HAR", "journal")
PARTS = ("events", "destinations", "ignored", "promises")


@pytest.mark.parametrize("phase", EXPECTED)
@pytest.mark.parametrize("sender", [sender.name for sender in SENDERS])
def test_every_sender_was_there(request: pytest.FixtureRequest, phase: str, sender: str) -> None:
    session: Session = request.getfixturevalue(phase)
    if sender in session.missing:
        pytest.skip(session.missing[sender])
    assert EXPECTED[phase][sender].exchanges.keys() <= exchanges(session.watched.report).keys()


def test_every_event_of_every_sender_is_decoded(either: Session) -> None:
    assert events(either.watched.report) == either.expected.events


def test_every_exchange_is_accounted_for(either: Session) -> None:
    report = either.watched.report
    coverage = report["coverage"]
    assert coverage["exchanges"] == coverage["judged"] + coverage["ignored"] + coverage["unread"]
    assert unread(report) == either.expected.unread
    found = exchanges(report)
    unasked = found.keys() - either.expected.exchanges.keys()
    assert {destination for _, destination in unasked} <= {
        "other-traffic"
    }  # a browser asks its maker for this and that
    assert {key: count for key, count in found.items() if key not in unasked} == either.expected.exchanges


def test_what_reached_the_internet_is_what_was_watched(either: Session) -> None:
    entries = json.loads(either.har.read_text())["log"]["entries"]
    reached = Counter(urlsplit(entry["request"]["url"]).hostname for entry in entries)
    assert hosts(either.watched.report) == reached


def test_what_is_documented_breaks_nothing(documented: Session) -> None:
    assert breaches(documented.watched.report) == []
    assert documented.watched.code == exit_code(documented.watched.report)


def test_what_was_planted_are_the_breaches_and_nothing_else_is(planted: Session) -> None:
    assert breaches(planted.watched.report) == planted.expected.breaches
    assert planted.watched.code == 1


@pytest.mark.parametrize("source", SOURCES)
def test_the_same_is_said_of_the_same_traffic_whatever_recorded_it(either: Session, source: str) -> None:
    audited = either.audited(source, "--format", "json")
    assert said(audited.report) == said(either.watched.report)
    for part in PARTS:
        assert audited.report[part] == either.watched.report[part], part
    assert unread(audited.report) == unread(either.watched.report)
    assert audited.code == exit_code(audited.report)


def test_with_telemetry_off_what_no_document_exempts_is_a_breach_too(either: Session) -> None:
    found = breaches(either.audited("dump", "--format", "json", "--telemetry", "off").report)
    sent = [(event, where) for rule, event, where in found if rule == "sent-while-off"]
    assert sent == either.expected.silenced
    assert [breach for breach in found if breach[0] != "sent-while-off"] == either.expected.breaches


def test_no_value_stands_in_any_output(either: Session) -> None:
    told = [either.watched, *(either.audited(source) for source in SOURCES)]
    written = [text for ran in told for text in (ran.out, ran.err)]
    written += [file.read_bytes().decode("latin-1") for file in either.journal.parent.glob(f"{either.journal.name}*")]
    assert all(ran.out for ran in told)
    assert [value for text in written for value in values.spellings() if value in text.lower()] == []


def test_who_does_not_trust_the_proxy_is_unread_and_not_lost(distrustful: Session) -> None:
    report = distrustful.watched.report
    tried = {"api.segment.io", "crm.initech.example", "o64.ingest.sentry.io"}
    if "backend" not in distrustful.missing:
        tried.add("api.mixpanel.com")
    assert set(broken_off(report)) == tried
    assert report["coverage"]["exchanges"] == report["coverage"]["unread"]
    assert distrustful.watched.code == INCONCLUSIVE


def test_whoever_holds_the_recording_can_have_the_value_shown(planted: Session) -> None:
    (finding,) = (
        finding
        for finding in planted.watched.report["findings"]
        if (finding["rule"], finding["event"], finding["level"]) == ("identity-hashed", "logout_USER", "breach")
    )
    assert values.USER_NAME in program("show", planted.dump, finding["id"], *planted.known).out
