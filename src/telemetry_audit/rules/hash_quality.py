"""What a hash hides less than it seems to: two of them for one person, or one of a domain that can be listed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache

from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import USER
from telemetry_audit.detectors.known import CHAINS, digests
from telemetry_audit.model import Hit, Level
from telemetry_audit.rules.rule import NOTHING, Example, Judgement, Rule, Subject


def _check(subject: Subject) -> Judgement:
    domains = subject.of_kind("domain-hash") if subject.deployment.domains else []
    people = subject.deployment.users and subject.holds("person")
    if not (people or domains):
        return NOTHING
    return Judgement(0, (*_second_ids(subject), *_domains(subject)))


def _second_ids(subject: Subject) -> Iterator[Hit]:
    """Further ids of a known person in one event; across events the picture of who can be told apart counts them."""
    ids: dict[str, object] = {}
    for leaf, sightings in subject.sightings:
        if leaf.kind != "person" or leaf.is_key:
            continue
        for which in {each.which for each in sightings if each.kind == USER and each.whole and each.layers}:
            if ids.setdefault(which, leaf.value) != leaf.value:
                says = "holds a second id of a known user in the same event, which joins the two"
                yield Hit(leaf.where, leaf.value, Level.NOTE, "second-id", says, "a digest of another name or spelling")


def _domains(subject: Subject) -> Iterator[Hit]:
    reversible = _digests_of(subject.deployment.domains)
    for leaf in subject.of_kind("domain-hash"):
        how = reversible.get(str(leaf.value).lower())
        if how:
            says = "holds an unsalted digest of one of the operator's domains: whoever lists domains can tell which organisation it is"
            yield Hit(
                leaf.where, leaf.value, Level.NOTE, "hash-of-domain", says, f"a domain of the operator's, in {how}"
            )


@lru_cache(1)
def _digests_of(domains: tuple[str, ...]) -> Mapping[str, str]:
    return {
        digest.hex(): CHAINS[chain]
        for domain in domains
        for spelling in (domain, f"@{domain}")
        for chain, digest in digests(spelling, every_chain=True)
    }


_NAME, _MAIL = (hashlib.sha256(name).hexdigest() for name in (b"jane.roe", b"jane.roe@example.com"))
_DOMAIN = hashlib.sha256(b"example.com").hexdigest()
_PERSON = Deployment(known_users=("jane.roe\tjane.roe@example.com",))
_DOMAINS = Deployment(domains=("example.com",))

HASH_QUALITY = Rule(
    id="hash-quality",
    promise="user-names-hashed",
    title="A hash hides what it stands for",
    says=(
        "Appsmith hashes without a salt, so that a list reverses it. With a list of users, two different ids of one person in an event are a note: "
        "a hash of the name beside one of the e-mail address, or of two spellings. With a list of the operator's domains, a digest of one in a "
        "field for a domain's hash is a note: it names the organisation to whoever tries domains. Only what the operator lists is tried. Sources: "
        "those of the rule known-user."
    ),
    check=_check,
    examples=(
        Example(
            "a name and an address",
            {"type": "track", "event": "x", "userId": _NAME, "properties": {"username": _MAIL}},
            (("body#/properties/username", "note"),),
            _PERSON,
        ),
        Example(
            "the same id twice",
            {"type": "track", "event": "x", "userId": _NAME, "properties": {"username": _NAME}},
            (),
            _PERSON,
        ),
        Example(
            "the operator's domain",
            {"type": "track", "event": "login_USER", "userId": _NAME, "properties": {"emailDomainHash": _DOMAIN}},
            (("body#/properties/emailDomainHash", "note"),),
            _DOMAINS,
        ),
        Example(
            "another domain",
            {"type": "track", "event": "login_USER", "userId": _NAME, "properties": {"emailDomainHash": _NAME}},
            (),
            _DOMAINS,
        ),
    ),
    applies=lambda deployment: bool(deployment.users or deployment.domains),
)
