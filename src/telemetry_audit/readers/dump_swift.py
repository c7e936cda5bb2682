"""The quick way through one flow: the exact layout that mitmproxy writes, in a few pattern matches.

FlowWriter writes each dictionary's keys in one order, so the stretches between the free values are fixed. Whatever is
laid out in another way is left to the patient way (`dump_flow`), and a test holds that the two agree. Each free value's
length is compared with its prefix: a value that imitates the framing is not followed.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable
from functools import lru_cache

from telemetry_audit.readers import dump_flow
from telemetry_audit.readers.dump_exchange import Parts

LARGEST = 1 << 20
_LONGEST_REMEMBERED = 4096

type Headers = tuple[tuple[str, str], ...]

_WHEN = rb"(?:0:~|[0-9]+:[0-9.]+[\^#])"
_HEAD = re.compile(rb"9:websocket;0:~8:response;([0-9]{1,12}):").match
_PATH = re.compile(rb"[}~]7:request;([0-9]{1,9}):4:path;([0-9]{1,9}):").match
_LINE = re.compile(
    rb",9:authority;([0-9]+):([^,]*),6:scheme;([0-9]+):([^,]*),6:method;([0-9]+):([^,]*),4:port;[0-9]+:([0-9]+)#"
    rb"4:host;([0-9]+):([^;]*);13:timestamp_end;" + _WHEN + rb"15:timestamp_start;[0-9]+:([0-9.]+)[\^#]"
    rb"8:trailers;0:~7:content;([0-9]{1,9}):"
).match
_HEADERS = re.compile(rb"([,~])7:headers;([0-9]{1,9}):").match
_SERVER = re.compile(
    rb"\]12:http_version;[0-9]+:(HTTP/[0-9.]+),\}"
    rb"6:backup;0:~17:timestamp_created;" + _WHEN + rb"7:comment;0:;8:metadata;0:\}6:marked;0:;9:is_replay;0:~"
    rb"11:intercepted;5:false!11:server_conn;([0-9]{1,9}):3:via;0:~19:timestamp_tcp_setup;"
    + _WHEN
    + rb"7:address;(?:0:~|[0-9]+:([0-9]+):([^;]*);[0-9]+:[0-9]+#\])19:timestamp_tls_setup;"
    + _WHEN
    + rb"13:timestamp_end;"
    + _WHEN
    + rb"15:timestamp_start;"
    + _WHEN
    + rb"3:sni;(?:0:~|([0-9]+):([^;]*);)"
).match
_BEHIND_PEER = len("}5:error;")
_CLIENT = re.compile(rb"\}11:client_conn;([0-9]{1,9}):").match
_PEER = re.compile(rb"8:peername;[0-9]+:[0-9]+:([0-9A-Za-z.:%_-]*);[0-9]+:[0-9]+#(?:[0-9]+:[0-9]+#)*\]\}5:error;").match


def headers_reader() -> Callable[[bytes], Headers]:
    """What reads a list of headers: a client sends most of them again and again, and often all of them. It raises ValueError for another form."""
    header = lru_cache(maxsize=1024)(dump_flow.header)

    @lru_cache(maxsize=1024)
    def remembered(lines: bytes) -> Headers:
        return tuple(map(header, lines.split(b",]")[:-1]))

    def read(lines: bytes) -> Headers:
        if len(lines) <= _LONGEST_REMEMBERED:
            return remembered(lines)
        return tuple(map(dump_flow.header, lines.split(b",]")[:-1]))

    return read


def parts(content: mmap.mmap, start: int, stop: int, fields: Callable[[bytes], Headers]) -> Parts | None:
    """The parts of the HTTP flow in content[start:stop], or None where its layout is not the usual one; `fields` is a headers_reader."""
    head = _HEAD(content, start)
    at = head.end() + int(head[1]) if head else stop
    flow = content[at:stop] if 0 < stop - at < LARGEST else b""
    if (
        (first := _PATH(flow)) is None
        or (line := _LINE(flow, first.end() + int(first[2]))) is None
        or (headers := _HEADERS(flow, line.end() + int(line[11]))) is None
        or (server := _SERVER(flow, headers.end() + int(headers[2]))) is None
        or (client := _CLIENT(flow, server.end(2) + 1 + int(server[2]))) is None
        or (peer := _PEER(flow, flow.rfind(b"8:peername;", 0, end := client.end() + int(client[1])))) is None
    ):
        return None
    long_authority, authority, long_scheme, scheme, long_method, method, port, long_host, host, time, _ = line.groups()
    version, _, long_address, address, long_sni, sni = server.groups(b"")
    if (
        server.end(1) != first.end(1) + int(first[1])
        or peer.end() != end + _BEHIND_PEER
        or not flow.endswith(b"4:type;4:http;", 0, -15)
        or int(long_authority) != len(authority)
        or int(long_host) != len(host)
        or int(long_scheme) + int(long_method) != len(scheme) + len(method)
        or int(long_address or 0) != len(address)
        or int(long_sni or 0) != len(sni)
    ):
        return None
    path = flow[first.end() : line.start()]
    body = flow[line.end() : headers.start()] if headers[1] == b"," else None
    try:
        read = fields(flow[headers.end() : server.start()])
    except ValueError:
        return None
    return Parts(path, authority, scheme, method, port, host, time, body, read, version, address, sni, peer[1])
