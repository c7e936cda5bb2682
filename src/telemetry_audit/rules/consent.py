"""An administrator's name and e-mail address leave only where somebody agreed to it."""

from __future__ import annotations

from telemetry_audit.model import Hit, Leaf, Level
from telemetry_audit.rules.identity_hashed import contact_places, is_about_instance
from telemetry_audit.rules.rule import NOTHING, Example, Judgement, Rule, Subject

_CONTACT = ("contact-email", "contact-name")
_ASKED = "asked"


def _check(subject: Subject) -> Judgement:
    fields = subject.of_kind(*_CONTACT)
    unclear = []
    if is_about_instance(subject):
        unclear = [leaf for leaf in subject.of_kind("person") if leaf.where in contact_places(subject)]
    if not fields and not unclear:
        return NOTHING
    hits = [
        Hit(
            leaf.where,
            leaf.value,
            Level.BREACH,
            "without-consent",
            "holds a contact's detail that nobody agreed to give",
            _shape(leaf),
        )
        for leaf in fields
        if leaf.value not in (None, "") and not _agreed(subject, leaf)
    ]
    hits += [
        Hit(
            leaf.where,
            leaf.value,
            Level.DRIFT,
            "consent-unclear",
            "holds a contact's detail; this event does not say whether the newsletter was asked for",
            _shape(leaf),
        )
        for leaf in unclear
        if leaf.value not in (None, "")
    ]
    return Judgement(len(fields) + len(unclear), tuple(hits))


def _agreed(subject: Subject, leaf: Leaf) -> bool:
    """Whether the schema's condition for this field holds: somebody typed it in to be sent, or a flag beside it is true."""
    consent = subject.contract.field.at(leaf.where.removeprefix(subject.event.where)).consent
    if consent == _ASKED:
        return True
    flag = leaf.where.rpartition("/")[0] + "/" + consent
    said = [other.value for other in subject.leaves() if other.where == flag and not other.is_key]
    return bool(consent and said) and all(value is True for value in said)


def _shape(leaf: Leaf) -> str:
    return f"text, {len(leaf.value)} characters" if isinstance(leaf.value, str) else "a value that is no text"


_SETUP = {"type": "track", "event": "Installation Setup Complete", "userId": "659cf0bd504813315c336bf7"}

CONSENT = Rule(
    id="consent",
    promise="consent",
    title="Contact details only with consent",
    says=(
        "The ping at set-up has fields for the administrator's name and e-mail address. They must be empty unless the same event says that "
        "the newsletter was asked for. What somebody types in when asking the installer for help is meant to be sent. An identify of the instance "
        "carries the same details without that flag, so what it holds is drift: this event alone cannot show consent."
    ),
    check=_check,
    examples=(
        Example(
            "without the newsletter",
            _SETUP | {"properties": {"subscribe-marketing": False, "email": "jane@example.com", "name": "Jane Roe"}},
            (("body#/properties/email", "breach"), ("body#/properties/name", "breach")),
        ),
        Example(
            "with the newsletter",
            _SETUP | {"properties": {"subscribe-marketing": True, "email": "jane@example.com", "name": "Jane Roe"}},
        ),
        Example("nothing given", _SETUP | {"properties": {"subscribe-marketing": False, "email": "", "name": ""}}),
        Example(
            "an instance's administrator",
            {
                "type": "identify",
                "userId": "659cf0bd504813315c336bf7",
                "traits": {"isInstance": True, "email": "jane@example.com", "name": ""},
            },
            (("body#/traits/email", "drift"),),
        ),
    ),
)
