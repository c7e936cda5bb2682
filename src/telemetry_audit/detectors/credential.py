"""Secrets that open something: connection strings with a password, private keys, tokens of well-known makers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_FORMS = tuple(
    (kind, re.compile(pattern, re.ASCII))
    for kind, pattern in (
        ("connection-string", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,64}:[^\s/@]{1,128}@[A-Za-z0-9\[]"),
        ("private-key", r"-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----"),
        ("token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
        ("authorization", r"\b(?:Bearer|Basic) [A-Za-z0-9._~+/=-]{16,}"),
        ("cloud-key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    )
)


def _find(text: str) -> Iterator[Shape]:
    for kind, form in _FORMS:
        if match := form.search(text):
            yield Shape(kind, match.group())


CREDENTIAL = Detector(
    id="credential",
    says="A secret in a form of its own: a URL with a password (RFC 3986, section 3.2.1), a private key, a JWT (RFC 7519), an Authorization value.",
    names={
        "connection-string": "a connection string with a password",
        "private-key": "a private key",
        "token": "a signed token",
        "authorization": "an authorization value",
        "cloud-key": "a cloud access key",
    },
    triggers=("://", "-----BEGIN", "eyJ", "Bearer ", "Basic ", "AKIA", "ASIA"),
    find=_find,
    examples=(
        Example("postgres://app:s3cret@db.internal:5432/x", ("connection-string",)),
        Example("-----BEGIN RSA PRIVATE KEY-----", ("private-key",)),
        Example("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N", ("token",)),
        Example("Authorization: Bearer 0123456789abcdef0123", ("authorization",)),
        Example("https://example.com/path:8080", ()),
        Example("Basic settings of the page", ()),
    ),
)
