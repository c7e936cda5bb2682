"""Only documented events, fields, values and destinations: each departure is drift, one line however often it happens."""

from __future__ import annotations

from typing import Any, cast

from telemetry_audit.catalog import TRANSPORT, Violation
from telemetry_audit.locator import child, token
from telemetry_audit.model import Hit, Level
from telemetry_audit.rules.rule import NOTHING, Example, Judgement, Rule, Subject, nothing_among
from telemetry_audit.shapes import characters

_PROMISE = "only-documented"
_EVENTS = {
    "known": "is in no document; Appsmith's source code knows it",
    "unknown": "is in no document and unheard of",
    "elsewhere": "is not in the chosen edition of the document, only in another",
}
_DEPARTURES = {
    "type": "is of another type than the documents show",
    "pattern": "is not of the form that the documents show",
    "const": "is not the value that the documents show",
    "enum": "is none of the values that the documents show",
    "required": "lacks a field that the documents show",
    "minimum": "is smaller than it can be",
}
_WORDS = {bool: "a truth value", int: "a number", float: "a number", dict: "an object", list: "a list"}


def _event(subject: Subject) -> Judgement:
    if subject.event.kind == TRANSPORT:
        return NOTHING
    if subject.documented:
        return nothing_among(1)
    what = (
        "elsewhere"
        if subject.contract.documented
        else "unknown"
        if subject.contract is subject.catalog.unknown
        else "known"
    )
    return Judgement(1, (Hit(subject.name_place, subject.event.name, Level.DRIFT, what, _EVENTS[what], "an event"),))


def _field(subject: Subject) -> Judgement:
    if subject.event.kind != TRANSPORT and not subject.documented:
        return NOTHING  # the event as a whole is undocumented, which is said once
    hits = [
        Hit(where, value, Level.DRIFT, "field", "is a field that no document shows", _shape(value))
        for where, value in subject.undocumented()
    ]
    return Judgement(subject.size, tuple(hits)) if hits else nothing_among(subject.size)


def _value(subject: Subject) -> Judgement:
    if not subject.documented:
        return NOTHING
    found = subject.contract.violations(subject.event.payload)
    if not found:
        return nothing_among(subject.size)
    return Judgement(subject.size, tuple(_departure(subject, violation) for violation in found))


def _departure(subject: Subject, violation: Violation) -> Hit:
    where, value = subject.event.where, cast("Any", subject.event.payload)
    for step in violation.path:
        where = child(where, token(str(step)))
        value = value[step]
    return Hit(where, value, Level.DRIFT, violation.keyword, _DEPARTURES[violation.keyword], _shape(value))


def _destination(subject: Subject) -> Judgement:
    if subject.event.kind != TRANSPORT or not subject.event.name:
        return NOTHING
    if any(subject.deployment.document in (None, citation.edition) for citation in subject.destination.documented):
        return nothing_among(1)
    return Judgement(
        1, (Hit("host", subject.event.name, Level.DRIFT, "host", "is a destination that no document names", "a host"),)
    )


def _shape(value: object) -> str:
    return f"text, {characters(value)}" if isinstance(value, str) else _WORDS.get(type(value), "nothing")


_CLICK = {"type": "track", "event": "APPLICATIONS_PAGE_LOAD"}
_ACTION = {"type": "track", "event": "execute_ACTION_TRIGGERED"}

UNDOCUMENTED_EVENT = Rule(
    id="undocumented-event",
    promise=_PROMISE,
    title="Only documented events",
    says=(
        "An event is documented if a document prints a sample of it, or if it belongs to a class of events that a document describes: the browser's "
        "clicks and navigation, the server's successful calls. The report says whether an undocumented one is known from Appsmith's source code."
    ),
    check=_event,
    examples=(
        Example("a new event", {"type": "track", "event": "Brand New"}, (("body#/event", "drift"),)),
        Example("known, in no document", {"type": "track", "event": "instance_stats"}, (("body#/event", "drift"),)),
        Example("a sample's", _ACTION),
        Example("of a class", {"type": "track", "event": "login_USER"}),
    ),
)

UNDOCUMENTED_FIELD = Rule(
    id="undocumented-field",
    promise=_PROMISE,
    title="Only documented fields",
    says=(
        "Every value of a documented event must be in a field that a document shows for it. What the SDK puts around every event (its own version, "
        "its write key) is left alone, and so is what only the vendor's store adds. Of an undocumented event the fields are not listed one by one."
    ),
    check=_field,
    examples=(
        Example("a new property", _CLICK | {"properties": {"new": 1}}, (("body#/properties/new", "drift"),)),
        Example(
            "inside an object",
            _ACTION | {"properties": {"datasource": {"host": "x"}}},
            (("body#/properties/datasource/host", "drift"),),
        ),
        Example("a documented one", _ACTION | {"properties": {"appMode": "edit"}}),
        Example("the SDK's own", _CLICK | {"writeKey": "k", "messageId": "m", "_metadata": {"bundled": ["a"]}}),
        Example("of an undocumented event", {"type": "track", "event": "Brand New", "properties": {"new": 1}}),
    ),
)

UNDOCUMENTED_VALUE = Rule(
    id="undocumented-value",
    promise=_PROMISE,
    title="Only values as documented",
    says="Types, forms and fixed values are those that the documents' samples show, as the JSON Schemas in `schemas/` put them.",
    check=_value,
    examples=(
        Example(
            "text for a number",
            _ACTION | {"properties": {"timeElapsed": "8"}},
            (("body#/properties/timeElapsed", "drift"),),
        ),
        Example("a number", _ACTION | {"properties": {"timeElapsed": 8}}),
    ),
)

UNDOCUMENTED_DESTINATION = Rule(
    id="undocumented-destination",
    promise=_PROMISE,
    title="Only documented destinations",
    says=(
        "Telemetry goes where the documents' samples show that it goes: to Segment, and to Appsmith's cloud services for the keep-alive. Telemetry "
        "at another host, told by its shape or named by the operator, is judged all the same and its host is drift."
    ),
    check=_destination,
    examples=(
        Example(
            "an unknown host",
            _CLICK | {"messageId": "m", "anonymousId": "a"},
            (("host", "drift"),),
            host="t.example.com",
        ),
        Example("Segment", _CLICK),
    ),
)
