"""Where an event says whose it is, a hash or an id must stand, never a name."""

from __future__ import annotations

from telemetry_audit.detectors import kind_of_identity, parse_address
from telemetry_audit.locator import REPEAT
from telemetry_audit.model import Hit, Leaf, Level
from telemetry_audit.rules.rule import NOTHING, Example, Judgement, Rule, Subject, nothing_among
from telemetry_audit.shapes import characters

_FINE = frozenset({"sha256", "uuid", "object-id", "anonymous"})
_SAYS = {
    "constant": (Level.NOTE, "holds a word that names nobody, or a digest of one"),
    "upper-case": (Level.DRIFT, "holds a SHA-256 in upper case, which the documents do not show"),
    "md5": (Level.DRIFT, "holds 32 hex digits as MD5 gives them, not a SHA-256"),
    "sha1": (Level.DRIFT, "holds 40 hex digits as SHA-1 gives them, not a SHA-256"),
    "sha384": (Level.DRIFT, "holds 96 hex digits as SHA-384 gives them, not a SHA-256"),
    "sha512": (Level.DRIFT, "holds 128 hex digits as SHA-512 gives them, not a SHA-256"),
    "malformed": (Level.DRIFT, "holds hex digits of another number than the 64 of a SHA-256"),
    "token": (Level.DRIFT, "holds an opaque token and not a SHA-256"),
    "number": (Level.DRIFT, "holds a number where a person's hash belongs"),
    "e-mail": (Level.BREACH, "holds an e-mail address where a person's hash belongs"),
    "plain": (Level.BREACH, "holds plain text where a person's hash belongs"),
}
_NOBODY = (None, "")
_NAMES_OF_ORGANISATIONS = ("/traits/name", "/$set/name", "/$set/$name")


def _check(subject: Subject) -> Judgement:
    people = _people(subject)
    if not people:
        return NOTHING
    hidden = {
        (leaf.where, leaf.value)
        for leaf, seen in subject.sightings
        if leaf.kind == "person" and any(each.kind == "email" for each in seen)
    }
    hits = []
    for leaf in people:
        kind = "e-mail" if (leaf.where, leaf.value) in hidden else _kind(leaf.value)
        if kind not in _FINE:
            level, says = _SAYS[kind]
            hits.append(Hit(leaf.where, leaf.value, level, kind, says, _shape(kind, leaf.value)))
    return Judgement(len(people), tuple(hits)) if hits else nothing_among(len(people))


def _people(subject: Subject) -> list[Leaf]:
    """What stands in fields for a person.

    Left out are fields that hold none: those of an instance, which the rule of consent judges, and an organisation's name.
    """
    leaves = [*subject.of_kind("person"), *subject.keys_of_kind("person")]
    people = [leaf for leaf in leaves if leaf.value not in _NOBODY and not isinstance(leaf.value, (bool, dict, list))]
    if people and is_about_instance(subject):
        return [leaf for leaf in people if leaf.where not in contact_places(subject)]
    if people and _is_about_organisation(subject):
        return [
            leaf for leaf in people if not leaf.where.endswith(_NAMES_OF_ORGANISATIONS) or "/context/" in leaf.where
        ]
    return people


def _is_about_organisation(subject: Subject) -> bool:
    payload = subject.event.payload
    return subject.event.kind == "group" or (isinstance(payload, dict) and "$group_key" in payload)


def _kind(value: object) -> str:
    """The word for what stands there; an address is the business of the rule of addresses."""
    if not isinstance(value, str):
        return "number"
    kind = kind_of_identity(value)
    return "anonymous" if kind in _FINE or parse_address(value) is not None else kind


def _shape(kind: str, value: object) -> str:
    if not isinstance(value, str):
        return "a number"
    words = {"plain": "plain text", "token": "an opaque token", "e-mail": "an e-mail address", "constant": "a constant"}
    return f"{words.get(kind, 'hex digits')}, {characters(value)}"


def is_about_instance(subject: Subject) -> bool:
    """Whether this is an identify of the instance itself, in which case its traits are the administrator's answers."""
    if subject.event.kind != "identify":
        return False
    payload = subject.event.payload
    traits = payload.get("traits") if isinstance(payload, dict) else None
    if not isinstance(traits, dict) or not isinstance(payload, dict):
        return False
    said = traits.get("isInstance") is True and f"isInstance{REPEAT}1" not in traits
    return said and kind_of_identity(str(payload.get("userId"))) in {"object-id", "uuid"}


def contact_places(subject: Subject) -> tuple[str, ...]:
    """Where an identify of the instance holds the administrator's name and e-mail address."""
    return tuple(f"{subject.event.where}/traits/{name}" for name in ("name", "email"))


_HASH = "1f7c2a90b3d84e5f6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b"

IDENTITY_HASHED = Rule(
    id="identity-hashed",
    promise="user-names-hashed",
    title="A person's identity is hashed",
    says=(
        "Fields that say whose event it is (by the schema: userId, username, distinct_id and the like) may hold a SHA-256 in lower-case hex, an "
        "instance's or object's id, a UUID, the word for an anonymous visitor, an address (judged elsewhere) or nothing. Another digest is "
        "drift, since it still names nobody in the clear; so are the shortened digests of the documents' own samples. Anything readable is a breach. "
        "The decision is by field, because a digest cannot be told from a random token by its look."
    ),
    check=_check,
    examples=(
        Example(
            "a user name",
            {"type": "track", "event": "execute_ACTION_TRIGGERED", "userId": "jane.roe"},
            (("body#/userId", "breach"),),
        ),
        Example(
            "an e-mail address",
            {"type": "track", "event": "x", "userId": "jane@example.com"},
            (("body#/userId", "breach"),),
        ),
        Example("an MD5", {"type": "track", "event": "x", "userId": _HASH[:32]}, (("body#/userId", "drift"),)),
        Example("59 of 64 digits", {"type": "track", "event": "x", "userId": _HASH[:59]}, (("body#/userId", "drift"),)),
        Example("upper case", {"type": "track", "event": "x", "userId": _HASH.upper()}, (("body#/userId", "drift"),)),
        Example(
            "the SHA-256 of nothing",
            {
                "type": "track",
                "event": "x",
                "userId": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            },
            (("body#/userId", "note"),),
        ),
        Example(
            "the MD5 of null",
            {"type": "track", "event": "x", "userId": "37a6259cc0c1dae299a7866489dff0bd"},
            (("body#/userId", "note"),),
        ),
        Example("a SHA-256", {"type": "track", "event": "x", "userId": _HASH}),
        Example("an anonymous visitor", {"type": "track", "event": "x", "userId": "anonymousUser"}),
        Example("an instance", {"type": "track", "event": "x", "userId": "609ce8fb4092701c69df9846"}),
        Example("a browser's id", {"type": "track", "event": "x", "userId": "0b62ab60-02ad-4f69-a181-d9c5eb2f97fa"}),
    ),
)
