"""No e-mail address may stand in an event, wherever it hides."""

from __future__ import annotations

import base64

from telemetry_audit.model import Hit, Level
from telemetry_audit.rules.rule import Example, Judgement, Rule, Subject

_JUDGED_ELSEWHERE = frozenset({"person", "contact-email", "contact-name"})


def _check(subject: Subject) -> Judgement:
    hits = []
    for leaf, sightings in subject.sightings:
        if leaf.kind in _JUDGED_ELSEWHERE and not leaf.is_key:
            continue
        email = next((sighting for sighting in sightings if sighting.kind == "email"), None)
        if email is not None:
            what = "email-in-key" if leaf.is_key else "email"
            says = "is named with an e-mail address" if leaf.is_key else "holds an e-mail address"
            hits.append(Hit(leaf.where, leaf.value, Level.BREACH, what, says, email.says))
    return Judgement(subject.size, tuple(hits))


_HIDDEN = base64.b64encode(b'{"by":"jane.roe@example.com"}').decode()

PERSONAL_DATA = Rule(
    id="personal-data",
    promise="anonymous-users",
    title="No e-mail address in an event",
    says=(
        "Every text of an event, its keys, its URL and its headers included, is searched for e-mail addresses, also percent-encoded, in base64 "
        "and in hex. Fields for a person's identity and for an administrator's contact have rules of their own. Names and other personal "
        "data without a form of their own are not found."
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
        Example("a package", {"type": "track", "event": "x", "properties": {"library": "moment@2.29.4"}}),
        Example(
            "a repository", {"type": "track", "event": "x", "properties": {"repoUrl": "git@example.com:group/x.git"}}
        ),
        Example("a field for identity", {"type": "track", "event": "x", "userId": "jane@example.com"}),
    ),
)
