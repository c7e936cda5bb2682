"""Makes a recording of an Appsmith-like instance's traffic, the same for the same seed: a mitmproxy dump and a HAR.

One flow in five is telemetry (Segment alone and in batches, from server and browser, and Mixpanel); the rest is what
else passes a proxy: web pages, interfaces, pictures, with responses of about 20 KB. Connections are those of intercepted
TLS, certificates included.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from connections import HTTP_2, connections, identity
from mitmproxy import http
from mitmproxy.addons.savehar import SaveHar
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowWriter

type Asked = tuple[str, str, dict[str, str], bytes]
"""Method, URL, headers and body."""

START = 1_760_000_000.0
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
JAVA = "analytics-java/3.3.1"
WORDS = (
    "select",
    "orders",
    "customer",
    "total",
    "page",
    "widget",
    "table",
    "status",
    "created",
    "updated",
    "null",
    "42",
)
PLUGINS = ("PostgreSQL", "REST API", "MongoDB", "Google Sheets")
CLIENT_EVENTS = ("APPLICATIONS_PAGE_LOAD", "WIDGET_CARD_DRAG", "EXECUTE_ACTION", "PAGE_SWITCH", "NAVIGATE_EDITOR")


def hexadecimal(chance: random.Random, digits: int) -> str:
    """A string of `digits` lower-case hexadecimal digits."""
    return f"{chance.getrandbits(digits * 4):0{digits}x}"


def moment(chance: random.Random) -> str:
    """An ISO 8601 time, as the Segment libraries write it."""
    return f"2025-10-{chance.randint(9, 28):02}T{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:12.345Z"


def server_event(chance: random.Random, instance: str) -> dict[str, object]:
    """One `execute_ACTION_TRIGGERED` as the server's Segment library sends it."""
    user = hashlib.sha256(b"user%d" % chance.randint(1, 40)).hexdigest()
    return {
        "type": "track",
        "event": "execute_ACTION_TRIGGERED",
        "messageId": hexadecimal(chance, 32),
        "timestamp": moment(chance),
        "userId": user,
        "integrations": {},
        "context": {"library": {"name": "analytics-java", "version": "3.3.1"}, "userAgent": CHROME},
        "properties": {
            "appId": hexadecimal(chance, 24),
            "appMode": "edit",
            "appName": f"Orders {chance.randint(1, 30)}",
            "datasource": {"name": "Production"},
            "instanceId": instance,
            "isExampleApp": False,
            "isSuccessfulExecution": True,
            "name": f"Query{chance.randint(1, 90)}",
            "orgId": hexadecimal(chance, 24),
            "originService": "appsmith-server",
            "pageId": hexadecimal(chance, 24),
            "pageName": "Page1",
            "pluginName": chance.choice(PLUGINS),
            "statusCode": "200 OK",
            "timeElapsed": chance.randint(1, 900),
            "type": "DB",
            "username": user,
            "version": "v1.92",
            "edition": "CE",
        },
    }


def browser_event(chance: random.Random, instance: str) -> dict[str, object]:
    """One click as the browser's Segment library sends it."""
    user = hashlib.sha256(b"user%d" % chance.randint(1, 40)).hexdigest()
    url = "https://appsmith.example.com/app/orders/page1-" + hexadecimal(chance, 24)
    return {
        "timestamp": moment(chance),
        "integrations": {"Segment.io": True},
        "userId": user,
        "anonymousId": hexadecimal(chance, 32),
        "event": chance.choice(CLIENT_EVENTS),
        "type": "track",
        "properties": {"instanceId": instance, "version": "v1.92", "userData": {"userId": user, "source": "ce"}},
        "context": {
            "page": {"path": "/app/orders", "referrer": "", "search": "", "title": "Editor | Appsmith", "url": url},
            "userAgent": CHROME,
            "locale": "en-GB",
            "timezone": "Europe/Paris",
            "library": {"name": "analytics.js", "version": "npm:next-1.70.0"},
        },
        "messageId": "ajs-next-" + hexadecimal(chance, 32),
        "writeKey": "k" * 32,
        "_metadata": {"bundled": ["Segment.io"], "unbundled": [], "bundledIds": []},
    }


def telemetry(chance: random.Random, instance: str) -> Asked:
    """One telemetry request, of the sorts and in the proportions that an instance with a few users sends."""
    sorts = (server_batch, keep_alive_ping, browser_batch, mixpanel)
    (sort,) = chance.choices(sorts, weights=(4, 1, 3, 2))
    return sort(chance, instance)


def server_batch(chance: random.Random, instance: str) -> Asked:
    """What the server's Segment library sends every few seconds."""
    events = [server_event(chance, instance) for _ in range(chance.randint(3, 7))]
    batch = {"batch": events, "sentAt": moment(chance), "sequence": chance.randint(1, 999), "writeKey": "k" * 32}
    return "POST", "https://api.segment.io/v1/import/", json_headers(JAVA), compact(batch)


def keep_alive_ping(_: random.Random, instance: str) -> Asked:
    """What the server sends every few hours to say that it lives."""
    ping = {"userId": instance, "event": "Instance Active", "properties": {"instanceId": instance}}
    body = compact(ping | {"context": {"ip": "203.0.113.7"}})
    return "POST", "https://api.segment.io/v1/track", json_headers("ReactorNetty/1.1"), body


def browser_batch(chance: random.Random, instance: str) -> Asked:
    """What the browser's Segment library sends when it has gathered some clicks."""
    events = [browser_event(chance, instance) for _ in range(chance.randint(1, 5))]
    batch = {"batch": events, "sentAt": moment(chance), "writeKey": "k" * 32}
    headers = {"content-type": "text/plain"} | browser_headers()
    return "POST", "https://api.segment.io/v1/b", headers, compact(batch)


def mixpanel(chance: random.Random, instance: str) -> Asked:
    """What the browser's Mixpanel library sends: a form, with its JSON plain or in Base64."""
    known = {"token": "t" * 32, "distinct_id": hexadecimal(chance, 64), "$browser": "Chrome", "time": 1760000000.5}
    events = compact([{"event": chance.choice(CLIENT_EVENTS), "properties": known | {"instanceId": instance}}])
    form = urlencode({"data": chance.choice((events, base64.b64encode(events))).decode()})
    headers = {"content-type": "application/x-www-form-urlencoded"} | browser_headers()
    return "POST", "https://api-js.mixpanel.com/track/?verbose=1&ip=0", headers, form.encode()


def compact(value: object) -> bytes:
    """JSON without blanks, as Java's libraries and browsers write it."""
    return json.dumps(value, separators=(",", ":")).encode()


def json_headers(agent: str) -> dict[str, str]:
    """The headers of a server's request."""
    return {
        "user-agent": agent,
        "accept": "application/json",
        "content-type": "application/json; charset=utf-8",
        "accept-encoding": "gzip",
        "connection": "Keep-Alive",
    }


def browser_headers() -> dict[str, str]:
    """The headers that a browser adds to every request."""
    return {
        "sec-ch-ua": '"Chromium";v="141", "Not?A_Brand";v="8"',
        "sec-ch-ua-mobile": "?0",
        "sec-ch-ua-platform": '"Linux"',
        "user-agent": CHROME,
        "accept": "*/*",
        "origin": "https://appsmith.example.com",
        "referer": "https://appsmith.example.com/",
        "accept-encoding": "gzip, deflate, br, zstd",
        "accept-language": "en-GB,en;q=0.9",
    }


def ordinary(chance: random.Random) -> Asked:
    """One request that is no telemetry."""
    (sort,) = chance.choices((page, search, rows), weights=(4, 4, 2))
    return sort(chance)


def page(chance: random.Random) -> Asked:
    """A browser that opens a page."""
    return "GET", f"https://www.example.com/page/{chance.randint(1, 999)}?ref=a,b", browser_headers(), b""


def search(chance: random.Random) -> Asked:
    """A query of the instance's to somebody's interface."""
    query = {"query": " ".join(chance.choices(WORDS, k=60)), "limit": chance.randint(1, 500)}
    url = f"https://api{chance.randint(1, 9)}.example.net/v2/search"
    return "POST", url, json_headers("Appsmith"), json.dumps(query).encode()


def rows(chance: random.Random) -> Asked:
    """A query of the instance's to a database that speaks HTTP."""
    values = [{word: chance.random() for word in WORDS} for _ in range(3)]
    url = f"http://db.internal:8123/rows/{chance.randint(1, 99)}"
    return "PUT", url, json_headers("okhttp/4.12"), json.dumps(values).encode()


def responses(chance: random.Random) -> list[tuple[str, bytes]]:
    """A stock of response bodies of about 20 KB, with their content types: JSON, HTML and pictures."""
    stock: list[tuple[str, bytes]] = []
    for _ in range(40):
        rows = [{"id": chance.randint(1, 10**6), "text": " ".join(chance.choices(WORDS, k=12))} for _ in range(200)]
        stock.append(("application/json", json.dumps(rows).encode()))
        lines = (f"<p class='x'>{' '.join(chance.choices(WORDS, k=14))}</p>" for _ in range(200))
        stock.append(("text/html; charset=utf-8", "\n".join(lines).encode()))
        stock.append(("image/png", chance.randbytes(chance.randint(15_000, 27_000))))
    return stock


def flows(count: int, seed: int = 1) -> Iterator[HTTPFlow]:
    """`count` HTTP flows, one in five of them telemetry."""
    chance = random.Random(seed)
    instance = hexadecimal(chance, 24)
    stock = responses(chance)
    for number in range(count):
        is_telemetry = number % 5 == 0
        asked = telemetry(chance, instance) if is_telemetry else ordinary(chance)
        answer = ("application/json", b'{"success": true}') if is_telemetry else chance.choice(stock)
        yield http_flow(chance, START + number * 0.25, asked, answer)


def http_flow(chance: random.Random, time: float, asked: Asked, answer: tuple[str, bytes]) -> HTTPFlow:
    """One answered HTTP flow; `answer` is the content type and the body."""
    method, url, headers, body = asked
    request = http.Request.make(method, url, body)
    browser = "sec-ch-ua" in headers
    client, server = connections(chance, request.host, request.port, time, browser=browser)
    if server.alpn == HTTP_2:
        request.http_version, request.authority = "HTTP/2.0", request.host
    else:
        request.headers["host"] = request.host
    request.headers.update(headers)
    request.timestamp_start, request.timestamp_end = time, time + 0.01
    flow = http.HTTPFlow(client, server)
    flow.id, flow.timestamp_created = identity(chance), time
    flow.request = request
    headers = {"content-type": answer[0], "date": "Thu, 09 Oct 2025 09:00:00 GMT"}
    flow.response = http.Response.make(200, answer[1], headers)
    flow.response.timestamp_start, flow.response.timestamp_end = time + 0.02, time + 0.05
    return flow


def write_dump(path: Path, count: int, seed: int = 1) -> None:
    """Writes `count` flows to `path` as mitmproxy's `-w` does."""
    with path.open("wb") as file:
        writer = FlowWriter(file)
        for flow in flows(count, seed):
            writer.add(flow)


def write_har(path: Path, count: int, seed: int = 1) -> None:
    """Writes the same flows to `path` as mitmproxy's `hardump` does, one entry at a time."""
    save = SaveHar()
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '{"log": {"version": "1.2", "creator": {"name": "mitmproxy", "version": "12"}, "pages": [], "entries": [\n'
        )
        for number, flow in enumerate(flows(count, seed)):
            file.write(",\n" if number else "")
            file.write(json.dumps(save.flow_entry(flow, set()), indent=4))
        file.write("\n]}}\n")


def main() -> None:
    """Writes recording.mitm and recording.har into a folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="where recording.mitm and recording.har are written")
    parser.add_argument("--flows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    write_dump(options.folder / "recording.mitm", options.flows, options.seed)
    write_har(options.folder / "recording.har", options.flows, options.seed)


if __name__ == "__main__":
    main()
