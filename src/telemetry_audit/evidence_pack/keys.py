"""Ed25519 keys in OpenSSH's formats: made, read, and named by their fingerprints.

Sources: OpenSSH, PROTOCOL.key; ssh-keygen(1), "ALLOWED SIGNERS"; RFC 4253, section 6.6; RFC 8709.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

KEY_TYPE = b"ssh-ed25519"
_RAW = 32
_KEY = re.compile(r"(?P<type>[a-z0-9@.-]+)\s+(?P<blob>[A-Za-z0-9+/]+={0,2})(?:\s|$)")
_SIGNER = re.compile(
    r'(?P<who>"[^"]*"|\S+)\s+(?:(?P<options>(?:[^\s"]|"[^"]*")+)\s+)??(?P<key>(?:ssh|ecdsa|sk)-\S+\s+\S+.*)'
)
_NAMESPACES = re.compile(r'namespaces="(?P<list>[^"]*)"', re.IGNORECASE)
_ENCRYPTED = (b"none", b"none")


class KeyProblem(ValueError):
    """A key, or a list of signers, cannot be used; the argument is a sentence, without the file's name."""


class Trusted(NamedTuple):
    """A key that the user vouches for, and the words for it in a sentence."""

    blob: bytes
    says: str


def generate(passphrase: bytes | None = None) -> tuple[bytes, bytes, bytes]:
    """A new key pair: the private key and the public one as files hold them, and the blob of the public one."""
    key = Ed25519PrivateKey.generate()
    protection = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, protection)
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return private, public + b" telemetry-audit\n", public_blob(key.public_key())


def read_private(data: bytes, passphrase: Callable[[], bytes]) -> Ed25519PrivateKey:
    """The Ed25519 key in an OpenSSH private key file; `passphrase` is asked only if the file is encrypted. Raises KeyProblem."""
    try:
        try:
            key = load_ssh_private_key(data, None)
        except TypeError:  # a passphrase is needed
            key = load_ssh_private_key(data, passphrase())
    except UnsupportedAlgorithm:
        raise KeyProblem(
            "it is of a kind or in an encryption that is not supported; an Ed25519 key is needed"
        ) from None
    except (ValueError, TypeError, struct.error, IndexError):
        raise KeyProblem("it is no OpenSSH private key, or the passphrase is wrong") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyProblem("it is of another kind than Ed25519; `telemetry-audit keygen` makes one that fits")
    return key


def read_public(text: str) -> bytes:
    """The blob of the Ed25519 key in a `.pub` file. Raises KeyProblem."""
    found = _KEY.match(text.strip())
    if found is None:
        raise KeyProblem("it is no OpenSSH public key: a line that begins with ssh-ed25519 is needed")
    return _blob(found)


def read_signers(text: str, namespace: str) -> Iterator[Trusted]:
    """The Ed25519 keys that a list of allowed signers trusts for a namespace; keys of other kinds are passed over.

    Raises KeyProblem for options of which this program knows nothing, since they limit trust.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        signer = _SIGNER.fullmatch(line.strip())
        key = _KEY.match(signer["key"]) if signer else None
        if signer is None or key is None:
            raise KeyProblem(f"line {number} is not of the form that ssh-keygen(1) describes")
        limited = _NAMESPACES.fullmatch(signer["options"] or 'namespaces="*"')
        if limited is None:
            raise KeyProblem(
                f"line {number} has options other than namespaces, which only `ssh-keygen -Y verify` understands"
            )
        names = limited["list"].split(",")
        if key["type"].encode() == KEY_TYPE and (namespace in names or "*" in names):
            yield Trusted(_blob(key), f"the key of {signer['who'].strip('"')} in the list of allowed signers")


def public_blob(key: Ed25519PublicKey) -> bytes:
    """A public key as SSH writes it: its type and its 32 bytes."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return struct.pack(">I", len(KEY_TYPE)) + KEY_TYPE + struct.pack(">I", len(raw)) + raw


def raw_key(blob: bytes) -> bytes:
    """The 32 bytes in the blob of an Ed25519 key. Raises KeyProblem."""
    head = struct.pack(">I", len(KEY_TYPE)) + KEY_TYPE + struct.pack(">I", _RAW)
    if not blob.startswith(head) or len(blob) != len(head) + _RAW:
        raise KeyProblem("it is of another kind than Ed25519")
    return blob[-_RAW:]


def fingerprint(blob: bytes) -> str:
    """What ssh-keygen -l prints of a key: the SHA-256 of its blob in Base64 without padding."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _blob(found: re.Match[str]) -> bytes:
    try:
        blob = base64.b64decode(found["blob"], validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblem("the Base64 of a key is damaged") from None
    raw_key(blob)
    return blob
