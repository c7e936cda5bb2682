"""Connections as mitmproxy records them when it intercepts TLS: most of a small flow's bytes are the server's certificates."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from mitmproxy.certs import Cert
from mitmproxy.connection import Client, Server

HTTP_1, HTTP_2 = b"http/1.1", b"h2"
_SINCE, _UNTIL = datetime(2025, 9, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
_LENGTHS = {"api.example.com": 1_150, "Example CA 1": 900, "Example Root": 950}
"""Bytes of padding that bring each certificate to the usual two kilobytes of PEM: the keys used here are short."""


def identity(chance: random.Random) -> str:
    """An id as mitmproxy gives one to each flow and connection."""
    return str(UUID(int=chance.getrandbits(128), version=4))


def connections(chance: random.Random, host: str, port: int, time: float, *, browser: bool) -> tuple[Client, Server]:
    """The two connections of a flow whose request began at `time` (seconds since the epoch); port 443 has TLS."""
    client = Client(
        peername=("10.0.0.5", chance.randint(32_768, 60_999)), sockname=("10.0.0.1", 8080), timestamp_start=time - 0.09
    )
    server = Server(address=(host, port), peername=("192.0.2.10", port), sockname=("10.0.0.1", 40_000))
    server.timestamp_start, server.timestamp_tcp_setup = time - 0.08, time - 0.06
    client.id, server.id = identity(chance), identity(chance)
    if port == 443:  # noqa: PLR2004 - HTTPS
        offers = (HTTP_2, HTTP_1) if browser else (HTTP_1,)
        for each in (client, server):
            each.tls, each.tls_version, each.cipher, each.sni = True, "TLSv1.3", "TLS_AES_256_GCM_SHA384", host
            each.alpn, each.alpn_offers = offers[0], offers
        server.timestamp_tls_setup, client.timestamp_tls_setup = time - 0.03, time - 0.01
        server.certificate_list = chain()
    return client, server


@cache
def chain() -> tuple[Cert, ...]:
    """A server's certificate, the authority's that signed it, and the root's; the same in every run."""
    chance = random.Random(1)
    names = {text: x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)]) for text in _LENGTHS}
    keys = {text: Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)) for text in _LENGTHS}
    issuers = [*list(_LENGTHS)[1:], list(_LENGTHS)[-1]]
    made = []
    for number, (subject, issuer) in enumerate(zip(_LENGTHS, issuers, strict=True), 1):
        # Stands for the signed timestamps, policies and lists of names that certificates carry.
        padding = x509.UnrecognizedExtension(
            x509.ObjectIdentifier("1.3.6.1.4.1.32473.1"), chance.randbytes(_LENGTHS[subject])
        )
        builder = x509.CertificateBuilder(names[issuer], names[subject], keys[subject].public_key(), number)
        builder = builder.not_valid_before(_SINCE).not_valid_after(_UNTIL).add_extension(padding, critical=False)
        made.append(Cert(builder.sign(keys[issuer], None)))
    return tuple(made)
