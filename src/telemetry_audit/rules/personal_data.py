"""Nothing that names, reaches or pays for a person may stand in an event, wherever it hides."""

from __future__ import annotations

import base64

from telemetry_audit.detectors import Sighting
from telemetry_audit.model import Hit, Leaf, Level
from telemetry_audit.rules.rule import Example, Judgement, Rule, Subject, nothing_among

_JUDGED_ELSEWHERE = frozenset({"person", "contact-email", "contact-name"})
_BREACHES = {
    "email": "an e-mail address",
    "card": "a payment card's number",
    "iban": "an IBAN",
    "wallet": "the address of a wallet",
    "national-id": "a person's national number",
    "phone": "a telephone number",
    "person-name": "a person's name",
    "login": "a person's login",
    "birth": "a day of birth",
    "postal": "a postal address",
    "home-folder": "a file path with a user's name",
}
_NOTES = {
    "repository": "names a repository, and with it who owns it",
    "internal-host": "names a host inside a network",
}
_OPAQUE = frozenset({"card", "iban", "national-id"})
"""What may look like an opaque token where a hash belongs."""

_NEVER_A_PERSON = frozenset({"time", "version", "user-agent", "library", "locale", "count"})
"""Kinds of fields in which digits and words are a machine's; an e-mail address is one even there."""


def _check(subject: Subject) -> Judgement:
    if not subject.sightings:
        return nothing_among(subject.size)
    hits: list[Hit] = []
    for leaf, sightings in subject.sightings:
        said = set()
        for sighting in sightings:
            if sighting.kind not in said and not _is_judged_elsewhere(leaf, sighting) and (hit := _hit(leaf, sighting)):
                said.add(sighting.kind)
                hits.append(hit)
    return Judgement(subject.size, tuple(hits))


def _is_judged_elsewhere(leaf: Leaf, sighting: Sighting) -> bool:
    """Whether the fields' own rules see this: what is readable in a field for a person, and e-mail addresses however they are written."""
    if leaf.is_key or leaf.kind not in _JUDGED_ELSEWHERE:
        return False
    return sighting.kind == "email" or not (sighting.layers or sighting.kind in _OPAQUE)


def _hit(leaf: Leaf, sighting: Sighting) -> Hit | None:
    kind, shape = sighting.kind, sighting.says
    if kind in _NOTES:
        transport = leaf.kind == "host-name" or leaf.where.startswith(("header:", "host"))
        return None if transport else Hit(leaf.where, leaf.value, Level.NOTE, kind, _NOTES[kind], shape)
    if kind not in _BREACHES or (kind != "email" and leaf.kind in _NEVER_A_PERSON):
        return None
    if leaf.is_key:
        return Hit(leaf.where, leaf.value, Level.BREACH, f"{kind}-in-key", f"is named with {_BREACHES[kind]}", shape)
    return Hit(leaf.where, leaf.value, Level.BREACH, kind, f"holds {_BREACHES[kind]}", shape)


_HIDDEN = base64.b64encode(b'{"by":"jane.roe@example.com"}').decode()

PERSONAL_DATA = Rule(
    id="personal-data",
    promise="anonymous-users",
    title="No personal data in an event",
    says=(
        "Every text and long number of an event, its keys, its URL and its headers included, is searched for e-mail addresses, telephone, card, bank "
        "account and national numbers and folders of users, through up to three layers of coding; names, logins, days of birth and postal addresses "
        "are found where the name of the field says that one stands there. Internal hosts and repositories are notes: they name an "
        "organisation, not a person. Fields for a person's identity and for an administrator's contact have rules of their own."
    ),
    check=_check,
    examples=(
        Example(
            "in the address of a page",
            {"type": "page", "context": {"page": {"search": "?to=jane.roe%40example.com"}}},
            (("body#/context/page/search", "breach"),),
        ),
        Example(
            "in base64",
            {"type": "track", "event": "x", "properties": {"state": _HIDDEN}},
            (("body#/properties/state", "breach"),),
        ),
        Example(
            "in the body of a list",
            {"type": "track", "event": "x", "properties": {"seen": ["a", "b", "joe@example.org"]}},
            (("body#/properties/seen/2", "breach"),),
        ),
        Example(
            "a card, as a number",
            {"type": "track", "event": "x", "properties": {"paid": 4111111111111111, "requestId": 4111111111111111}},
            (("body#/properties/paid", "breach"),),
        ),
        Example(
            "a name, where one belongs",
            {"type": "track", "event": "x", "properties": {"customerName": "Jane Roe", "widgetName": "Jane Roe"}},
            (("body#/properties/customerName", "breach"),),
        ),
        Example(
            "a telephone number in JSON in a text",
            {"type": "track", "event": "x", "properties": {"state": '{"phone": "030 1234567"}'}},
            (("body#/properties/state", "breach"),),
        ),
        Example(
            "a folder",
            {"type": "track", "event": "x", "properties": {"at": "/home/jroe/app/x.js:7"}},
            (("body#/properties/at", "breach"),),
        ),
        Example(
            "an internal host and a repository",
            {
                "type": "track",
                "event": "x",
                "properties": {"error": "no route to http://orders-db:5432/", "repoUrl": "git@example.com:acme/x.git"},
            },
            (("body#/properties/error", "note"), ("body#/properties/repoUrl", "note")),
        ),
        Example("a time", {"type": "track", "event": "x", "properties": {"at": 1760000000000, "port": 8080}}),
        Example("a package", {"type": "track", "event": "x", "properties": {"library": "moment@2.29.4"}}),
        Example("a field for identity", {"type": "track", "event": "x", "userId": "jane@example.com"}),
    ),
)
