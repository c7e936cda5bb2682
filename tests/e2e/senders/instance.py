"""Stands for the server of an Appsmith instance: sends what it sends, once, with the vendors' own libraries for Python.

Run as a script behind a proxy (HTTPS_PROXY, REQUESTS_CA_BUNDLE), with one argument. What is sent with `documented` is as it should be;
what is sent with `planted` breaks promises with the values of `planted.py`, which the tests then look for.
"""

from __future__ import annotations

import atexit
import base64
import json
import sys
from typing import Any

import mixpanel
import requests
from segment.analytics.client import Client

from tests.e2e.planted import (
    CANARY,
    CLIENT,
    CONTACT,
    CUSTOMER,
    DOMAIN,
    INSTANCE,
    MIXPANEL_TOKEN,
    PERSON,
    ROWS,
    SEGMENT_KEY,
    SERVER,
    USER_NAME,
)

_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.114 Safari/537.36"
_AROUND = {
    "id": PERSON,
    "oid": "64d5f0c2a1b2c3d4e5f60719",
    "emailDomainHash": DOMAIN,
    "adminEmailDomainHash": DOMAIN,
    "originService": "appsmith-server",
    "instanceId": INSTANCE,
    "version": "v1.84.2.1",
    "edition": "CE",
    "cloudProvider": "docker",
    "tool": "docker",
    "hostname": "0a1b2c3d4e5f",
    "deployedAt": "2025-06-01T08:00:00.000Z",
}
_QUERY = _AROUND | {
    "appId": "64d5f0c2a1b2c3d4e5f60720",
    "appMode": "view",
    "appName": "Orders",
    "isExampleApp": False,
    "isSuccessfulExecution": True,
    "name": "getOrders",
    "pageId": "64d5f0c2a1b2c3d4e5f60721",
    "pageName": "Page1",
    "pluginName": "PostgreSQL",
    "statusCode": "200 OK",
    "timeElapsed": 41,
    "type": "DB",
    "username": PERSON,
}
_CLICK = {"instanceId": INSTANCE, "version": "v1.84.2.1", "userData": {"userId": PERSON, "source": "ce"}}
_CONTEXT = {"userAgent": _BROWSER}
_SECONDS = 10


def send_what_is_documented() -> None:
    """What an instance sends by the documents, or by its source code without breaking a promise."""
    traits = {
        "name": PERSON,
        "email": PERSON,
        "emailDomainHash": DOMAIN,
        "isSuperUser": True,
        "instanceId": INSTANCE,
    }
    with_segment(
        ("identify", {"user_id": PERSON, "traits": traits}),
        ("track", {"user_id": PERSON, "event": "execute_ACTION_TRIGGERED", "properties": _QUERY, "context": _CONTEXT}),
        ("track", {"user_id": PERSON, "event": "login_USER", "properties": _AROUND | {"modeOfLogin": "FormLogin"}}),
    )
    with_segment(("track", {"user_id": PERSON, "event": "create_APPLICATION", "properties": _AROUND}), gzip=True)
    with_segment(
        (
            "track",
            {"anonymous_id": "6f1c8a52-2f0e-4c0b-9d57-3a1f5b7e9c11", "event": "PAGE_SWITCH", "properties": _CLICK},
        ),
        host="https://events.initech.example",
    )
    with_mixpanel("WIDGET_DRAG", _CLICK)
    mixpanel.Mixpanel(MIXPANEL_TOKEN).people_set(PERSON, {"source": "ce"})
    ping("Instance Active", SERVER)
    cloud_services("feature-flags", {"instanceId": INSTANCE, "identifiers": [PERSON], "isTelemetryOn": True})
    cloud_services("usage-pulse", {"instanceId": INSTANCE, "usageData": [{"user": PERSON, "viewMode": True}]})
    release = {"instanceId": INSTANCE, "isSourceInstall": "false", "version": "v1.84.2.1", "edition": "CE"}
    requests.get("https://cs.appsmith.com/api/v1/releases", params=release, timeout=_SECONDS)
    step = {"userId": SERVER, "event": "Installation Started", "data": {"os": "ubuntu", "platform": "docker"}}
    plain = {"Content-Type": "text/plain"}
    requests.post("https://hook.integromat.com/0a1b2c3d", json.dumps(step), headers=plain, timeout=_SECONDS)


def send_what_is_no_telemetry() -> None:
    """The users' own work, full of personal data."""
    cloud_services("actions/execute", {"body": "SELECT * FROM staff WHERE id = 7", "parameters": CONTACT})
    requests.post("https://crm.initech.example/api/contacts", json=CONTACT, timeout=_SECONDS)
    requests.get("https://crm.initech.example/api/contacts", params=CONTACT, timeout=_SECONDS)


def send_what_cannot_be_read() -> None:
    """A message that breaks off."""
    requests.post("https://api.segment.io/v1/track", b'{"type": "track", "event": "login_', timeout=_SECONDS)


def send_what_must_not_be() -> None:
    """One planted value after the other."""
    with_segment(
        ("track", {"user_id": USER_NAME, "event": "logout_USER", "properties": _AROUND}),
        (
            "track",
            {"user_id": PERSON, "event": "fork_APPLICATION", "properties": _AROUND | {"appName": f"for {CUSTOMER}"}},
        ),
        ("track", {"user_id": PERSON, "event": "execute_ACTION_TRIGGERED", "properties": _QUERY | {"error": ROWS}}),
    )
    hidden = base64.b64encode(f'{{"cell": "{CANARY}"}}'.encode()).decode()
    with_mixpanel("DEBUGGER_OPEN", _CLICK | {"state": hidden})
    ping("Instance Active", CLIENT)


def with_segment(*messages: tuple[str, dict[str, Any]], host: str | None = None, gzip: bool = False) -> None:
    """Send `messages`, each a method of the SDK's client and its arguments, in one batch."""
    client = Client(SEGMENT_KEY, host, gzip=gzip, max_retries=0, upload_size=len(messages), upload_interval=60)
    for method, arguments in messages:
        getattr(client, method)(**arguments)
    client.flush()
    atexit.unregister(client.join)  # which would wait out the interval for a batch that never comes


def with_mixpanel(event: str, properties: dict[str, Any]) -> None:
    """Track one event."""
    mixpanel.Mixpanel(MIXPANEL_TOKEN).track(PERSON, event, properties)


def ping(event: str, address: str) -> None:
    """Tell Segment, without an SDK, that the instance at `address` lives."""
    about = {"context": {"ip": address}, "properties": {"instanceId": INSTANCE}}
    message: dict[str, Any] = {"userId": INSTANCE, "event": event} | about
    requests.post("https://api.segment.io/v1/track", json=message, auth=(SEGMENT_KEY, ""), timeout=_SECONDS)


def cloud_services(path: str, body: dict[str, Any]) -> None:
    """Ask the vendor for something."""
    requests.post(f"https://cs.appsmith.com/api/v1/{path}", json=body, timeout=_SECONDS)


if __name__ == "__main__":
    if sys.argv[1] == "documented":
        send_what_is_documented()
        send_what_is_no_telemetry()
    else:
        send_what_cannot_be_read()
        send_what_must_not_be()
