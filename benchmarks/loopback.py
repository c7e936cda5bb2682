"""The Internet of the live benchmark, in a process of its own: whatever host is asked for, it answers.

`python loopback.py PEM` listens on a free port of the loopback interface and prints the port. It speaks HTTP/1.1 as an upstream proxy is
spoken to: absolute URLs, or CONNECT and then TLS with the certificate and key in PEM. Telemetry gets a word, everything else 20 KB.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import sys
from contextlib import suppress

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_VENDOR = re.compile(rb"\r\nhost: *[^\r]*(?:segment|mixpanel)", re.IGNORECASE)
_PIECE = 65_536


def _answer(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


_WORD = _answer(b'{"success": true}')
_MORE = _answer(b"[" + b'"select orders customer total",' * 660 + b"0]")


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):  # the proxy is done with the connection
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"CONNECT "):
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                await writer.start_tls(context)
                continue
            left = int(found[1]) if (found := _LENGTH.search(head)) else 0
            while left:
                left -= len(await reader.readexactly(min(left, _PIECE)))
            writer.write(_WORD if _VENDOR.search(head) else _MORE)
            await writer.drain()
    writer.close()


async def main(pem: str) -> None:
    """Answer until the process is ended."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    server = await asyncio.start_server(lambda reader, writer: _serve(reader, writer, context), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1]))
