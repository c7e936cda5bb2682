"""What an imaginary Appsmith instance and its users' browsers send in one morning; every name and address in it is reserved for examples.

Most of it is as the documents say or as Appsmith's source code is known to do it. `PLANTED` names what must not leave and does.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, NamedTuple
from urllib.parse import urlencode

SERVER = "203.0.113.7"

# What is planted, and what stands in ordinary traffic that is nobody's business: none of it may be in a report.
CUSTOMER = "erika.mustermann@customer.example"
CUSTOMER_NAME = "Erika Mustermann"
VISITOR = "max.power@partner.example"
PASSWORD = "example-password"  # noqa: S105 - it opens nothing
COLLEAGUE = "jane.roe@office.example"
PHONE = "+49 30 901820"
NOTE = "Invoice 4711 is overdue"
PLANTED = (CUSTOMER, CUSTOMER_NAME, VISITOR, PASSWORD, COLLEAGUE, PHONE, NOTE)

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
_JAVA = {"user-agent": "analytics-java/3.5.2", "content-type": "application/json; charset=utf-8"}
_REACTOR = {"user-agent": "ReactorNetty/1.2.4", "accept": "*/*"}
_JSON = {"content-type": "application/json"}
_VERSION = "v1.92.3"
_WRITE_KEY = "example0write0key0example0write0"
_SITE = "https://apps.office.example"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _id(name: str) -> str:
    """The id of an object, of the form that MongoDB gives it: 24 hex digits."""
    return _hash(name)[:24]


_ADMIN = _hash("admin@office.example")
_USER = _hash(COLLEAGUE)
_INSTANCE = _id("instance")
_AROUND = {
    "id": _USER,
    "oid": _id("organisation"),
    "emailDomainHash": _hash("office.example"),
    "adminEmailDomainHash": _hash("office.example"),
    "originService": "appsmith-server",
    "instanceId": _INSTANCE,
    "version": _VERSION,
    "edition": "CE",
    "cloudProvider": "docker",
    "efs": False,
    "tool": "docker",
    "hostname": "1f0e2d3c4b5a",
    "deployedAt": "2025-11-03T07:58:41.000Z",
}
_QUERY = _AROUND | {
    "appId": _id("application"),
    "appMode": "view",
    "appName": "Invoices",
    "datasource": {"name": "Ledger"},
    "isExampleApp": False,
    "isSuccessfulExecution": True,
    "name": "listInvoices",
    "orgId": _id("workspace"),
    "pageId": _id("page"),
    "pageName": "Overview",
    "pluginName": "PostgreSQL",
    "statusCode": "200 OK",
    "type": "DB",
    "username": _USER,
    "actionId": _id("action"),
    "actionCreated": "2025-10-01T09:12:00Z",
    "dsId": _id("datasource"),
    "dsName": "Ledger",
    "dsIsTemplate": False,
    "dsIsMock": False,
    "dsCreatedAt": "2025-09-30T14:00:00Z",
    "envId": _id("environment"),
    "envName": "Production",
    "totalReadableBytesCount": 18_204,
    "actionExecutionRequestParamsCount": 2,
}


class Asked(NamedTuple):
    """One request: seconds after eight o'clock, method, URL, headers, body, and the sender's address."""

    at: float
    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    client: str = SERVER


def traffic() -> list[Asked]:
    """All requests in the order in which they left."""
    everything = [*keep_alive(), *cloud_services(), *server_events(), *browsers(), *ordinary()]
    return sorted(everything, key=lambda asked: asked.at)


def keep_alive() -> list[Asked]:
    """The requests for release notes every two hours, and Segment's ping every six."""
    release = {"instanceId": _INSTANCE, "isSourceInstall": "false", "version": _VERSION, "edition": "CE"}
    url = f"https://cs.appsmith.com/api/v1/releases?{urlencode(release)}"
    ping = {
        "userId": _INSTANCE,
        "event": "Instance Active",
        "context": {"ip": SERVER},
        "properties": {"instanceId": _INSTANCE},
    }
    asked = [Asked(120 + 7_200 * number, "GET", url, _REACTOR, b"") for number in range(4)]
    asked += [_post(121 + 21_600 * number, "https://api.segment.io/v1/track", ping) for number in range(2)]
    return asked


def cloud_services() -> list[Asked]:
    """What the server asks the vendor for, and how it reports that it was set up."""
    flags = {
        "instanceId": _INSTANCE,
        "organizationId": _id("organisation"),
        "identifiers": [_ADMIN, _USER],
        "traits": {
            "email": _USER,
            "emailDomain": _hash("office.example"),
            "isTelemetryOn": True,
            "appsmithVersion": _VERSION,
        },
    }
    setup = {
        "disable-telemetry": False,
        "subscribe-marketing": False,
        "email": "",
        "name": "",
        "emailDomainHash": _hash(""),
        "goal": "work project",
        "role": "backend engineer",
        "proficiency": "Advanced",
        "id": _INSTANCE,
        "instanceId": _INSTANCE,
        "ipAddress": SERVER,
        "originService": "appsmith-server",
        "version": _VERSION,
    }
    return [
        Asked(8, "GET", "https://cs.appsmith.com/api/v1/ip", _REACTOR, b""),
        *(
            _post(10 + 1_800 * number, "https://cs.appsmith.com/api/v1/feature-flags", flags, _REACTOR | _JSON)
            for number in range(3)
        ),
        _batch(300, _track("Installation Setup Complete", setup, user=_INSTANCE)),
    ]


def server_events() -> list[Asked]:
    """What the server's Segment library sends while people work, with a failed query and an anonymous visitor's among it."""
    row = [{"id": 4711, "customer": CUSTOMER_NAME, "email": CUSTOMER, "note": NOTE}]
    failed = {
        "isSuccessfulExecution": False,
        "statusCode": "PE-PGS-5000",
        "errorType": "INTERNAL_ERROR",
        "error": json.dumps(row),
        "timeElapsed": 2_340,
    }
    request = {
        "url": f"https://crm.partner.example/api/invoices?owner={VISITOR}",
        "headers": {"Authorization": f"Basic {base64.b64encode(f'app:{PASSWORD}'.encode()).decode()}"},
        "body": {"owner": VISITOR},
    }
    anonymous = {"id": "anonymousUser", "username": "anonymousUser", "pluginName": "REST API", "type": "API"}
    return [
        _batch(
            420,
            _track("login_USER", _AROUND | {"modeOfLogin": "FormLogin"}),
            _track("create_APPLICATION", _AROUND | {"appName": "Invoices", "appId": _id("application")}),
        ),
        _batch(1_900, *(_track("execute_ACTION_TRIGGERED", _QUERY | {"timeElapsed": each}) for each in (38, 41, 55))),
        _batch(3_710, *(_track("execute_ACTION_TRIGGERED", _QUERY | {"timeElapsed": each}) for each in (36, 940))),
        _batch(
            5_480,
            _track("execute_ACTION_TRIGGERED", _QUERY | {"timeElapsed": 44}),
            _track("execute_ACTION_TRIGGERED", _QUERY | failed),
        ),
        _batch(
            9_020,
            _track(
                "execute_ACTION_TRIGGERED",
                _QUERY | anonymous | {"request": request, "timeElapsed": 120},
                user="anonymousUser",
            ),
        ),
        # Cut off: it says gzip, begins as gzip does, and ends in the middle.
        Asked(
            12_600,
            "POST",
            "https://api.segment.io/v1/import/",
            _JAVA | {"content-encoding": "gzip"},
            bytes.fromhex("1f8b08000000000000ffb58f4b0ac2301445b7223816"),
        ),
        _batch(16_200, _track("logout_USER", _AROUND)),
    ]


def browsers() -> list[Asked]:
    """What the libraries of Segment and Mixpanel send from two users' browsers; one page has an e-mail address in its URL."""
    settings = f"https://cdn.segment.com/v1/projects/{_WRITE_KEY}/settings"
    clicks = [{"event": "WIDGET_CARD_DRAG", "properties": _mixpanel() | {"widgetType": "TABLE_WIDGET_V2"}}]
    form = {"content-type": "application/x-www-form-urlencoded"} | _browser(CHROME)
    data = urlencode({"data": base64.b64encode(_compact(clicks)).decode()}).encode()
    return [
        Asked(430, "GET", settings, _browser(CHROME), b"", "192.0.2.21"),
        _clicks(440, CHROME, _click("APPLICATIONS_PAGE_LOAD", "/applications", agent=CHROME)),
        _clicks(
            1_860,
            CHROME,
            _click("NAVIGATE_EDITOR", "/app/invoices/overview/edit", agent=CHROME),
            _click("WIDGET_CARD_DRAG", "/app/invoices/overview/edit", agent=CHROME, widgetType="TABLE_WIDGET_V2"),
        ),
        Asked(1_861, "POST", "https://api-js.mixpanel.com/track/?verbose=1&ip=0", form, data, "192.0.2.21"),
        _clicks(7_230, FIREFOX, _click("PAGE_SWITCH", "/app/invoices/overview", f"?email={CUSTOMER}", FIREFOX)),
        _clicks(10_805, FIREFOX, _click("APPLICATIONS_PAGE_LOAD", "/applications", agent=FIREFOX)),
    ]


def ordinary() -> list[Asked]:
    """What is no telemetry: users' work, full of personal data, at the vendor's cloud as at other hosts."""
    contact = {"name": CUSTOMER_NAME, "email": CUSTOMER, "phone": PHONE}
    query = {"body": "SELECT * FROM invoices WHERE id = 4711", "parameters": contact}
    crm, files = "https://crm.partner.example/api", "https://files.office.example"
    browser = _browser(CHROME)
    return [
        Asked(5, "GET", "https://registry.example.org/v2/", _REACTOR, b""),
        _post(1_850, f"{crm}/contacts", contact, _REACTOR | _JSON),
        Asked(1_855, "GET", f"{crm}/contacts?{urlencode(contact)}", _REACTOR, b""),
        _post(2_400, "https://cs.appsmith.com/api/v1/actions/execute", query, _REACTOR | _JSON),
        Asked(3_000, "PUT", f"{files}/invoices/4711.txt", browser, f"{CUSTOMER_NAME} owes.".encode(), "192.0.2.21"),
        Asked(3_100, "GET", f"{files}/logo.png", browser, b"", "192.0.2.21"),
        _post(6_500, "https://mail.office.example/send", {"to": CUSTOMER, "cc": COLLEAGUE, "text": NOTE}, _JSON),
        _post(11_000, "https://search.example.net/query", {"query": CUSTOMER_NAME, "size": 20}, _REACTOR | _JSON),
    ]


def _track(event: str, properties: dict[str, Any], user: str = _USER) -> dict[str, Any]:
    return {
        "messageId": "",
        "type": "track",
        "context": {"library": {"name": "analytics-java", "version": "3.5.2"}, "userAgent": CHROME},
        "userId": user,
        "event": event,
        "properties": properties,
    }


def _click(event: str, path: str, search: str = "", agent: str = CHROME, **more: str) -> dict[str, Any]:
    return {
        "type": "track",
        "event": event,
        "properties": more
        | {"instanceId": _INSTANCE, "version": _VERSION, "userData": {"userId": _USER, "source": "ce"}},
        "integrations": {"Segment.io": True},
        "userId": _USER,
        "anonymousId": "0b62ab60-02ad-4f69-a181-d9c5eb2f97fa",
        "context": {
            "page": {
                "path": path,
                "referrer": f"{_SITE}/applications",
                "search": search,
                "title": "Invoices | Appsmith",
                "url": f"{_SITE}{path}{search}",
            },
            "userAgent": agent,
            "locale": "en-GB",
            "timezone": "Europe/Berlin",
            "library": {"name": "analytics.js", "version": "npm:next-1.81.0"},
        },
        "messageId": "",
        "writeKey": _WRITE_KEY,
        "_metadata": {"bundled": ["Segment.io"], "unbundled": [], "bundledIds": []},
    }


def _mixpanel() -> dict[str, Any]:
    return {
        "token": "0123456789abcdef0123456789abcdef",
        "distinct_id": _USER,
        "$insert_id": "k3v9x0q2m1n8b7c6",
        "time": 1762158661.4,
        "$browser": "Chrome",
        "$browser_version": 141,
        "$os": "Linux",
        "$current_url": f"{_SITE}/app/invoices/overview/edit",
        "mp_lib": "web",
        "$lib_version": "2.71.0",
        "instanceId": _INSTANCE,
    }


def _batch(at: float, *events: dict[str, Any]) -> Asked:
    """What the server's library sends: events at once, with the ids and times that it gives them."""
    messages = [
        event | {"messageId": _uuid(f"{at} {number}"), "timestamp": _moment(at - 4 + number)}
        for number, event in enumerate(events)
    ]
    batch = {"batch": messages, "sentAt": _moment(at), "context": {}, "sequence": int(at), "writeKey": _WRITE_KEY}
    return _post(at, "https://api.segment.io/v1/import/", batch, _JAVA)


def _clicks(at: float, agent: str, *events: dict[str, Any]) -> Asked:
    """What the browser's library sends: events at once, as plain text so that the browser need not ask first."""
    messages = [
        event | {"messageId": f"ajs-next-{int(at) * 1000 + number}-{_uuid(f'{at}')}", "timestamp": _moment(at)}
        for number, event in enumerate(events)
    ]
    batch = {"batch": messages, "sentAt": _moment(at + 1), "writeKey": _WRITE_KEY}
    headers = {"content-type": "text/plain"} | _browser(agent)
    client = "192.0.2.21" if agent == CHROME else "192.0.2.22"
    return Asked(at, "POST", "https://api.segment.io/v1/b", headers, _compact(batch), client)


def _post(at: float, url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Asked:
    return Asked(at, "POST", url, headers or _REACTOR | _JSON, _compact(body))


def _browser(agent: str) -> dict[str, str]:
    return {"user-agent": agent, "accept": "*/*", "origin": _SITE, "referer": f"{_SITE}/", "accept-language": "en-GB"}


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _moment(at: float) -> str:
    hour, rest = divmod(int(at), 3_600)
    return f"2025-11-03T{8 + hour:02}:{rest // 60:02}:{rest % 60:02}.000Z"


def _uuid(name: str) -> str:
    text = _hash(name)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:32]}"
