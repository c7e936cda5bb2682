"""SSH signatures of files, as `ssh-keygen -Y sign` makes and `ssh-keygen -Y verify` checks them, by Ed25519 keys alone.

Source: OpenSSH, PROTOCOL.sshsig; RFC 4251, section 5 (strings); RFC 8709 (Ed25519 in SSH).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from telemetry_audit.evidence_pack.keys import KEY_TYPE, public_blob, raw_key

NAMESPACE = "telemetry-audit"
"""What the signatures are for, so that none can be taken for one of another purpose."""

_MAGIC, _VERSION = b"SSHSIG", 1
_HASHES = {b"sha512": hashlib.sha512, b"sha256": hashlib.sha256}
_ARMOR = re.compile(r"\s*-----BEGIN SSH SIGNATURE-----\s(.*?)\s-----END SSH SIGNATURE-----\s*", re.DOTALL)
_LINE = 70


class NotASignature(ValueError):
    """The text is no SSH signature that can be checked; the sentence says why."""


class Signature(NamedTuple):
    """A signature, not yet checked: the blob of the public key, what it is for, the digest that was signed, and the signature itself."""

    key: bytes
    namespace: bytes
    hash: bytes
    signature: bytes


def sign(message: bytes, key: Ed25519PrivateKey) -> str:
    """The armored signature of a message; the same for the same message and key (RFC 8032)."""
    signature = key.sign(_signed(message, NAMESPACE.encode(), b"sha512"))
    parts = (public_blob(key.public_key()), NAMESPACE.encode(), b"", b"sha512", _string(KEY_TYPE) + _string(signature))
    blob = _MAGIC + struct.pack(">I", _VERSION) + b"".join(map(_string, parts))
    text = base64.b64encode(blob).decode()
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "\n".join(("-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""))


def parse(text: str) -> Signature:
    """The signature in an armored text. Raises NotASignature."""
    armored = _ARMOR.fullmatch(text)
    if armored is None:
        raise NotASignature("it is no armored SSH signature")
    try:
        blob = base64.b64decode("".join(armored[1].split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotASignature("its Base64 is damaged") from None
    if blob[:6] != _MAGIC or blob[6:10] != struct.pack(">I", _VERSION):
        raise NotASignature("it is of another version of SSH signatures")
    key, namespace, _reserved, named, signature = _strings(blob[10:], 5)
    kind, raw = _strings(signature, 2)
    if kind != KEY_TYPE:
        raise NotASignature("it was not made by an Ed25519 key")
    if named not in _HASHES:
        raise NotASignature("it is over a digest other than SHA-512 and SHA-256")
    raw_key(key)
    return Signature(key, namespace, named, raw)


def is_of(signature: Signature, message: bytes) -> bool:
    """Whether the key in the signature signed this message for our namespace."""
    if signature.namespace != NAMESPACE.encode():
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(raw_key(signature.key))
        key.verify(signature.signature, _signed(message, signature.namespace, signature.hash))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(message: bytes, namespace: bytes, named: bytes) -> bytes:
    """What is signed in place of the message."""
    return _MAGIC + b"".join(map(_string, (namespace, b"", named, _HASHES[named](message).digest())))


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _strings(data: bytes, number: int) -> list[bytes]:
    """Exactly so many strings. Raises NotASignature."""
    found = []
    for _ in range(number):
        size = int.from_bytes(data[:4], "big")
        if len(data) < 4 + size:
            raise NotASignature("it breaks off")
        found.append(data[4 : 4 + size])
        data = data[4 + size :]
    if data:
        raise NotASignature("something follows it")
    return found
