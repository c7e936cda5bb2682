"""What a hostile client sends, as bytes on a connection to a proxy; `PLANTED` is in it wherever a value can be, and may come out nowhere."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from itertools import count

import brotli
import zstandard

from tests.live.client import chunked, request
from tests.recordings import track

PERSON = "jane.roe@initech.example"
ESCAPE = "\x1b]0;pwned\x07"
PLANTED = f"{ESCAPE}{PERSON}"
HOST = "api.segment.io"
OTHER = "api-js.mixpanel.com"
_MIB = 1 << 20
_LARGE = 30 * _MIB

type Make = Callable[[str], bytes]
"""The bytes for a proxy, whose server is at this authority."""


def sent(server: str, body: bytes = b"", *headers: str, host: str = HOST, path: str = "/v1/track") -> bytes:
    """A well-formed request, whatever its body is."""
    return request(host, f"http://{server}{path}", body, *headers)


def _packed(coding: str, pack: Callable[[bytes], bytes], size: int = 256 * _MIB) -> Make:
    bomb = pack(b'{"batch":[' + b" " * size)
    return lambda server: sent(server, bomb, f"Content-Encoding: {coding}")


def _json(value: object) -> Make:
    body = json.dumps(value).encode()
    return lambda server: sent(server, body)


def _body(body: bytes, *headers: str, host: str = HOST) -> Make:
    return lambda server: sent(server, body, *headers, host=host)


def _padded(size: int) -> bytes:
    return json.dumps(track("Padded", {"text": "x" * size, "who": PLANTED})).encode()


def _chunks(server: str) -> bytes:
    body = _padded(_LARGE)
    return sent(server, chunked(body[:_MIB], body[_MIB:]), "Transfer-Encoding: chunked")


def _elsewhere(server: str, body: bytes, *headers: str) -> bytes:
    return sent(server, body, *headers, host=OTHER)


_NESTED = gzip.compress(gzip.compress(b" " * (64 * _MIB)))

REQUESTS: Mapping[str, Make] = {
    "gzip bomb": _packed("gzip", partial(gzip.compress, compresslevel=9)),
    "brotli bomb": _packed("br", partial(brotli.compress, quality=5)),
    "zstd bomb": _packed("zstd", zstandard.compress),
    "deflate bomb": _packed("deflate", zlib.compress),
    "bomb in a bomb": _body(_NESTED, "Content-Encoding: gzip, gzip"),
    "bomb that nothing names": _body(_NESTED),
    "bomb at a host that no list knows": _body(_NESTED, "Content-Encoding: gzip", host="example.com"),
    "gzip that breaks off": _body(gzip.compress(_padded(9_999))[:-40], "Content-Encoding: gzip"),
    "brotli that breaks off": _body(brotli.compress(_padded(9_999))[:-9], "Content-Encoding: br"),
    "zstd that breaks off": _body(zstandard.compress(_padded(9_999))[:-9], "Content-Encoding: zstd"),
    "a codec of Python's": _body(_padded(99), "Content-Encoding: rot13"),
    "a coding with escapes": _body(_padded(99), f"Content-Encoding: {PERSON}"),
    "deep JSON": _body(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "deep lists, not closed": _body(b"[" * 4_000),
    "large body": lambda server: sent(server, _padded(_LARGE)),
    "large body in chunks": _chunks,
    "no UTF-8": _body(b'{"type":"track","event":"\xff\xfe\xc0\x80","userId":"\xed\xa0\x80"}'),
    "duplicate keys": _body(f'{{"type":"track","event":"a","event":"b","userId":"{PERSON}","userId":"x"}}'.encode()),
    "no numbers": _body(b'{"event":"a","properties":{"a":NaN,"b":-Infinity,"c":1e999999,"d":' + b"9" * 6_000 + b"}}"),
    "lone surrogates": _body(rb'{"type":"track","event":"\ud800","properties":{"\udfff":"\ud800"}}'),
    "many keys": _json(track("Keys", {f"key{number}": PERSON for number in range(100_000)})),
    "names with escapes": _json(track(f"Clicked {PLANTED}", {f"{PLANTED}{n}": PLANTED for n in range(50)}, messageId=PLANTED)),
    "many events": _json({"batch": [track(f"Event {number} {PERSON}") for number in range(20_000)]}),
    "large header": _body(_padded(9), f"X-Large: {PERSON}{'x' * 50_000}"),
    "many headers": _body(_padded(9), *(f"X-{number}: {PERSON}" for number in range(1_000))),
    "large URL": lambda server: sent(server, b"", path=f"/v1/pixel?email={PERSON}&data={'%41' * 15_000}"),
    "form without an end": _body(b"data=" + b"%7B&data=" * 50_000, host="api.mixpanel.com"),
    "envelope that lies": _body(b'{"sent_at":"t"}\n{"type":"event","length":99999999999}\n{', host="o1.ingest.sentry.io"),
    "an absurd host": _body(_padded(9), host=f"{'a' * 300}.{PERSON}:99999999"),
}  # fmt: skip
"""Well-formed requests, each of which is one exchange."""

GARBAGE: Mapping[str, Make] = {
    "chunks that lie": lambda server: _elsewhere(server, b"zz\r\nabc\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
    "a chunk of a negative length": lambda server: _elsewhere(server, b"-5\r\nabc\r\n", "Transfer-Encoding: chunked"),
    "two lengths": lambda server: _elsewhere(server, _padded(9), "Content-Length: 5", "Content-Length: 6"),
    "a length and chunks": lambda server: _elsewhere(server, chunked(b"{}"), "Content-Length: 9", "Transfer-Encoding: chunked"),
    "a length that is no number": lambda server: _elsewhere(server, b"{}", "Content-Length: 9999999999999999999999x"),
    "a length beyond all bounds": lambda server: _elsewhere(server, b"{}", f"Content-Length: {'9' * 400}"),
    "garbage after a request": lambda server: _elsewhere(server, b"{}") + f"\0\x16\x03{PLANTED}\r\n\r\n".encode() * 50,
    "no request": lambda _: f"{PLANTED}\r\n\r\n".encode(),
    "only zeros": lambda _: bytes(100_000),
    "a line without an end": lambda _: b"GET " + b"a" * 2_000_000,
    "a body that does not come": lambda server: _elsewhere(server, b"{}", "Content-Length: 100000"),
    "a URL that is none": lambda _: request(OTHER, f"http://[::{PERSON}", b"{}"),
    "a port beyond all ports": lambda _: request(OTHER, f"http://{PERSON}:99999999/", b"{}"),
    "a tunnel to nowhere": lambda _: f"CONNECT {PERSON}:0 HTTP/1.1\r\n\r\n".encode(),
    "a header that goes on": lambda server: _elsewhere(server, b"{}", f"X-Folded: a\r\n {PERSON}"),
    "a version of the future": lambda server: _elsewhere(server, b"{}").replace(b"HTTP/1.1", b"HTTP/9.9"),
    "HTTP/2 that nobody agreed on": lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 5_000,
}  # fmt: skip
"""What is no request, or not a whole one: the proxy may refuse it, but not break."""


def random_names(number: int, events: int, longer: int = 0) -> Make:
    """A batch of so many events, whose names and keys are in no batch of another number; the keys are longer by so many characters."""
    names = (hashlib.sha256(b"%d %d" % (number, each)).hexdigest() for each in count())
    return _json({"batch": [track(next(names), {next(names) + "-" * longer: next(names)}) for _ in range(events)]})


def frame(message: bytes) -> bytes:
    """A text frame of a client's, its mask all zeros, and the one that closes the WebSocket (RFC 6455, section 5.2)."""
    return b"\x81\xff" + len(message).to_bytes(8) + bytes(4) + message + b"\x88\x80" + bytes(4)


def opening(server: str) -> bytes:
    """The request that opens a WebSocket."""
    upgrade = (
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {'A' * 22}==",
    )
    return request(HOST, f"http://{server}/socket", b"", *upgrade, method="GET")


MESSAGES: Mapping[str, bytes] = {
    "a large message": _padded(_LARGE),
    "a message with escapes": json.dumps(track(PLANTED, {PLANTED: PLANTED})).encode(),
    "a deep message": b"[" * 100_000,
}

GOOD = track("login_USER", userId=PERSON)
