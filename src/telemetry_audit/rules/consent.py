"""An administrator's name and e-mail address leave only where somebody agreed to it."""

from __future__ import annotations

from telemetry_audit.model import Condition, Hit, Leaf, Level
from telemetry_audit.rules.identity_hashed import contact_places, is_about_instance
from telemetry_audit.rules.rule import NOTHING, Doubt, Example, Judgement, Rule, Subject
from telemetry_audit.shapes import characters

_CONTACT = ("contact-email", "contact-name")
_ASKED = "asked"
_REFUSED = (Level.BREACH, "without-consent", "holds a contact's detail that nobody agreed to give")
_UNCLEAR = (
    Level.DRIFT,
    "consent-unclear",
    "holds a contact's detail; no event of the instance says whether the newsletter was asked for",
)


def _check(subject: Subject) -> Judgement:
    about_instance = is_about_instance(subject)
    if not (about_instance or subject.holds(*_CONTACT)):
        return NOTHING
    fields = subject.of_kind(*_CONTACT)
    unclear = []
    if about_instance:
        unclear = [leaf for leaf in subject.of_kind("person") if leaf.where in contact_places(subject)]
    if not fields and not unclear:
        return NOTHING
    hits = []
    doubts = [(leaf, _UNCLEAR) for leaf in unclear if leaf.value not in (None, "")]
    for leaf in fields:
        agreed = leaf.value in (None, "") or _agreed(subject, leaf)
        if agreed is None:
            doubts.append((leaf, _REFUSED))
        elif not agreed:
            hits.append(_hit(leaf, _REFUSED))
    return Judgement(
        looked_at=len(fields) + len(unclear),
        hits=tuple(hits),
        doubts=tuple(Doubt(Condition.CONSENT, _hit(leaf, _REFUSED), mild) for leaf, mild in doubts),
    )


def _agreed(subject: Subject, leaf: Leaf) -> bool | None:
    """Whether the schema's condition for this field holds: somebody typed it in to be sent, or a flag beside it is true; None without the flag."""
    consent = subject.contract.field.at(leaf.where.removeprefix(subject.event.where)).consent
    if consent == _ASKED:
        return True
    flag = leaf.where.rpartition("/")[0] + "/" + consent
    said = [other.value for other in subject.leaves() if other.where == flag and not other.is_key]
    return all(value is True for value in said) if consent and said else None


def _hit(leaf: Leaf, found: tuple[Level, str, str]) -> Hit:
    return Hit(leaf.where, leaf.value, *found, _shape(leaf))


def _shape(leaf: Leaf) -> str:
    return f"text, {characters(leaf.value)}" if isinstance(leaf.value, str) else "a value that is no text"


_SETUP = {"type": "track", "event": "Installation Setup Complete", "userId": "659cf0bd504813315c336bf7"}

CONSENT = Rule(
    id="consent",
    promise="consent",
    title="Contact details only with consent",
    says=(
        "The ping at set-up has fields for the administrator's name and e-mail address. They must be empty unless the same event says that "
        "the newsletter was asked for. What somebody types in when asking the installer for help is meant to be sent. An identify of the instance "
        "carries the same details without that flag: the ping at set-up of the same instance decides, and without one what it holds is drift."
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
                "userId": "659cf0bd504813315c336c00",
                "traits": {"isInstance": True, "email": "jane@example.com", "name": ""},
            },
            (("body#/traits/email", "drift"),),
        ),
    ),
)
