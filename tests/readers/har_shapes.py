"""One telemetry request as each recorder writes it into its archive, cut down to what differs between them."""

from __future__ import annotations

from typing import Any

type Json = dict[str, Any]

TEXT = '{"batch":[{"event":"Caf\u00e9 \u20ac","type":"track"}]}'
SENT = TEXT.encode()
URL = "https://api.segment.io/v1/b"
TIMINGS: Json = {"blocked": -1, "dns": -1, "connect": -1, "send": 0, "wait": 31, "receive": 1, "ssl": -1}
ANSWER: Json = {
    "status": 200,
    "statusText": "",
    "httpVersion": "HTTP/2.0",
    "headers": [{"name": "content-type", "value": "application/json"}],
    "cookies": [],
    "content": {"size": 21, "mimeType": "application/json", "text": '{\n  "success": true\n}'},
    "redirectURL": "",
    "headersSize": -1,
    "bodySize": -1,
}

CHROME: Json = {
    "_connectionId": "118",
    "_initiator": {"type": "script", "stack": {"callFrames": [{"functionName": "", "scriptId": "9", "url": "a.js"}]}},
    "_priority": "High",
    "_resourceType": "fetch",
    "cache": {},
    "connection": "443",
    "pageref": "page_1",
    "request": {
        "method": "POST",
        "url": URL,
        "httpVersion": "http/2.0",
        "headers": [
            {"name": ":authority", "value": "api.segment.io"},
            {"name": ":method", "value": "POST"},
            {"name": ":path", "value": "/v1/b"},
            {"name": ":scheme", "value": "https"},
            {"name": "content-type", "value": "text/plain"},
        ],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(SENT),
        "postData": {"mimeType": "text/plain", "text": TEXT},
    },
    "response": ANSWER | {"_transferSize": 91, "_error": None, "_fetchedViaServiceWorker": False},
    "serverIPAddress": "[2001:db8::7]",
    "startedDateTime": "2025-10-09T08:53:20.250Z",
    "time": 32.1,
    "timings": TIMINGS | {"_blocked_queueing": 1.5},
}

FIREFOX: Json = {
    "startedDateTime": "2025-10-09T10:53:20.250+02:00",
    "request": {
        "bodySize": len(SENT),
        "method": "POST",
        "url": URL,
        "httpVersion": "HTTP/2",
        "headers": [{"name": "Host", "value": "api.segment.io"}, {"name": "Content-Type", "value": "text/plain"}],
        "cookies": [],
        "queryString": [],
        "headersSize": 412,
        "postData": {"mimeType": "text/plain", "params": [], "text": TEXT},
    },
    "response": ANSWER,
    "cache": {},
    "timings": TIMINGS,
    "time": 32,
    "_securityState": "secure",
    "serverIPAddress": "192.0.2.10",
    "connection": "443",
    "pageref": "page_1",
}

SAFARI: Json = {
    "pageref": "page_0",
    "startedDateTime": "2025-10-09T08:53:20.250Z",
    "time": 32.4,
    "request": {
        "method": "POST",
        "url": URL,
        "httpVersion": "HTTP/2",
        "cookies": [],
        "headers": [{"name": "Content-Type", "value": "text/plain"}],
        "queryString": [],
        "headersSize": 300,
        "bodySize": len(SENT),
        "postData": {"mimeType": "text/plain", "text": TEXT, "params": []},
    },
    "response": ANSWER | {"_transferSize": 91},
    "cache": {},
    "timings": TIMINGS,
    "serverIPAddress": "192.0.2.10",
    "_fetchType": "Network Load",
    "_priority": "medium",
}

CHARLES: Json = {
    "startedDateTime": "2025-10-09T10:53:20.250+02:00",
    "time": 32,
    "request": {
        "method": "POST",
        "url": URL,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [
            {"name": "Host", "value": "api.segment.io"},
            {"name": "Content-Type", "value": "text/plain"},
            {"name": "Content-Encoding", "value": "gzip"},
        ],
        "queryString": [],
        "postData": {"mimeType": "text/plain", "text": TEXT},
        "headersSize": 220,
        "bodySize": 61,
    },
    "response": ANSWER | {"_charlesStatus": "COMPLETE"},
    "serverIPAddress": "192.0.2.10",
    "cache": {},
    "timings": {"dns": 0, "connect": 1, "ssl": 9, "send": 1, "wait": 30, "receive": 1},
}

PLAYWRIGHT: Json = {
    "startedDateTime": "2025-10-09T08:53:20.250Z",
    "time": 32.001,
    "request": {
        "method": "POST",
        "url": URL,
        "httpVersion": "HTTP/2.0",
        "cookies": [],
        "headers": [{"name": "content-type", "value": "text/plain"}],
        "queryString": [],
        "headersSize": -1,
        "bodySize": -1,
        "postData": {"mimeType": "text/plain", "text": TEXT, "params": []},
    },
    "response": ANSWER | {"_transferSize": -1},
    "cache": {},
    "timings": {"send": -1, "wait": -1, "receive": 0.9},
    "pageref": "page@1",
    "_frameref": "frame@1",
    "_monotonicTime": 1234.5,
    "serverIPAddress": "192.0.2.10",
    "_serverPort": 443,
}

MITMPROXY: Json = {
    "startedDateTime": "2025-10-09T08:53:20.250000+00:00",
    "time": 32.0,
    "request": {
        "method": "POST",
        "url": URL,
        "httpVersion": "HTTP/2.0",
        "cookies": [],
        "headers": [{"name": "content-type", "value": "text/plain"}],
        "queryString": [],
        "headersSize": 41,
        "bodySize": len(SENT),
        # Without a charset, mitmproxy takes text/plain for Latin-1.
        "postData": {"mimeType": "text/plain", "text": SENT.decode("latin-1"), "params": []},
    },
    "response": ANSWER,
    "cache": {},
    "timings": {"connect": 1.0, "ssl": 2.0, "send": 1.0, "receive": 1.0, "wait": 27.0},
    "serverIPAddress": "192.0.2.10",
}

RECORDERS = {
    "Chrome": CHROME,
    "Firefox": FIREFOX,
    "Safari": SAFARI,
    "Charles": CHARLES,
    "Playwright": PLAYWRIGHT,
    "mitmproxy": MITMPROXY,
}


def archive(*entries: object) -> Json:
    """An archive of these entries."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "WebInspector", "version": "537.36"},
            "pages": [
                {"startedDateTime": "2025-10-09T08:53:20.250Z", "id": "page_1", "title": "{[", "pageTimings": {}}
            ],
            "entries": list(entries),
        }
    }


def posted(post: object, /, **request: object) -> Json:
    """An entry with this posted data."""
    return {"request": {"method": "POST", "url": URL, "postData": post} | request}
