"""What is wrong with a pack, in sentences; whoever wrote it may have meant harm, so every name is to be escaped before it is printed."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from telemetry_audit.evidence_pack.contents import SCHEMAS
from telemetry_audit.evidence_pack.keys import KeyProblem, Trusted, fingerprint
from telemetry_audit.evidence_pack.manifest import MANIFEST, SIGNATURE, Manifest
from telemetry_audit.evidence_pack.reading import Contents
from telemetry_audit.evidence_pack.sshsig import NotASignature, is_of, parse

_SHA_256 = re.compile("[0-9a-f]{64}")


class Signed(NamedTuple):
    """What is to be said of a signature, and whether it is as the user asked for."""

    says: str
    good: bool


def differences(contents: Contents, manifest: Manifest) -> Iterator[str]:
    """Every file that is missing, changed, or not in the manifest, and schemas that are not the ones of the audit."""
    yield from contents.problems
    told = {each.path: each for each in manifest.files}
    if len(told) < len(manifest.files):
        yield f"{MANIFEST} names a file twice."
    for path, file in told.items():
        there = contents.files.get(path)
        if there is None:
            yield f"{path} is missing."
        elif there != file:
            yield f"{path} was changed: its SHA-256 is not the one in {MANIFEST}."
    for path in contents.files:
        if path not in told and path not in {MANIFEST, SIGNATURE}:
            yield f"{path} is in the pack and not in {MANIFEST}."
    if _schemas_digest(manifest) != manifest.catalog_sha256:
        yield f"{SCHEMAS}/ holds other documents than those that {MANIFEST} says the traffic was held against."


def signature(contents: Contents, trusted: Sequence[Trusted]) -> Signed:
    """Who signed the manifest; `trusted` are the keys that the user vouches for, none if none were given."""
    if contents.signature is None:
        return Signed(
            "It is not signed: it shows that its files fit together, and not who put them together.", good=not trusted
        )
    try:
        made = parse(contents.signature.decode("ascii", "replace"))
    except (NotASignature, KeyProblem) as problem:
        return Signed(f"Its signature cannot be checked: {problem}.", good=False)
    who = fingerprint(made.key)
    if not is_of(made, contents.manifest or b""):
        return Signed(
            f"Its signature is wrong: the key {who} did not sign this {MANIFEST} for telemetry-audit.", good=False
        )
    if not trusted:
        return Signed(
            f"It is signed by the key {who}. You named no key, so this proves only that it is unchanged since someone "
            "with that key signed it; with --public-key or --allowed-signers it proves who.",
            good=True,
        )
    known = next((each for each in trusted if each.blob == made.key), None)
    if known is None:
        return Signed(f"It is signed by the key {who}, which is none of those that you named.", good=False)
    return Signed(f"It is signed by the key {who}, {known.says}.", good=True)


def unlike_inputs(manifest: Manifest, found: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Which of the recordings given (pairs of name and SHA-256) the manifest does not name, and which of its inputs were not given."""
    told = Counter(each.sha256 for each in manifest.inputs)
    given = Counter(digest for _, digest in found)
    foreign = [f"{name} is none of the recordings that were audited." for name, digest in found if digest not in told]
    foreign += [
        f"{name} is named more often than it was audited." for name, digest in found if given[digest] > told[digest] > 0
    ]
    missing = []
    for each in manifest.inputs:
        given[each.sha256] -= 1
        missing += [each.name] if given[each.sha256] < 0 else []
    return foreign, missing


def unlike(then: Manifest, again: Manifest) -> Iterator[str]:
    """What of a pack does not come out again when its audit is made again, beside the verdicts."""
    was, now = ({each.path: each for each in made.files} for made in (then, again))
    for path in sorted(was.keys() | now.keys()):
        if path not in now:
            yield f"{path} is in the pack, and this audit writes no such file."
        elif path not in was:
            yield f"{path} is not in the pack, and this audit writes it."
        elif was[path] != now[path]:
            yield f"{path} is not what this audit writes, so what it says cannot be relied on."
    if then.inputs != again.inputs:
        yield f"{MANIFEST} says of a recording what it is not: its kind, its size, or how many exchanges it holds."
    if (then.deployment, then.limits) != (again.deployment, again.limits):
        yield f"{MANIFEST} says of the terms of the audit, or of what cannot be made again, something else than this audit does."
    if then.exit_code != again.exit_code:
        yield f"{MANIFEST} says that the audit ended with {then.exit_code}, and it ends with {again.exit_code}."


def _schemas_digest(manifest: Manifest) -> str:
    """The catalogue's digest, as `catalog.loading` makes it, over the files that the manifest names."""
    total = hashlib.sha256()
    inside = [each for each in manifest.files if each.path.startswith(f"{SCHEMAS}/")]
    for file in sorted(inside, key=lambda each: each.path.split("/")):
        total.update(f"{file.path.removeprefix(f'{SCHEMAS}/')}\0".encode())
        total.update(bytes.fromhex(file.sha256) if _SHA_256.fullmatch(file.sha256) else b"")
    return total.hexdigest()
