"""What the browser sends through Segment's library, without a leak in it."""

from __future__ import annotations

from detection.row import Json, Message
from detection.sender import Sender, compact
from detection.words import APPS, PAGES

_CLIENT_EVENTS = (
    "PAGE_SWITCH",
    "WIDGET_CARD_DRAG",
    "ACTION_ADDED",
    "APP_THEMING_APPLY_THEME",
    "BACK_BUTTON_CLICK",
    "APPLICATIONS_PAGE_LOAD",
    "ADMIN_SETTINGS_SAVE",
    "AUTO_COMPLETE_SELECT",
)


def _client(
    sender: Sender, template: str, event: dict[str, Json], inner: dict[str, Json], documented: tuple[str, ...] = ()
) -> Message:
    draw, user = sender.draw, sender.user()
    slug, page = draw.one(("orders", "john-s-app", "crm-2024", "kunden")), f"page1-{draw.object_id()}"
    url = f"https://apps.example.com/app/{slug}/{page}"
    about = {
        "path": f"/app/{slug}/{page}",
        "referrer": draw.one(("", "https://apps.example.com/applications")),
        "search": draw.one(("", "?branch=main", "?embed=true&mode=VIEW")),
        "title": draw.one((f"{draw.one(APPS)} | Appsmith", "Editor | Appsmith")),
        "url": url,
    }
    event |= {
        "timestamp": draw.iso(),
        "userId": user,
        "anonymousId": draw.uuid(),
        "integrations": {"Segment.io": True},
        "context": {
            "page": about,
            "userAgent": draw.user_agent(),
            "locale": "en-GB",
            "timezone": "Europe/Paris",
            "library": {"name": "analytics.js", "version": "npm:next-1.70.0"},
            "userAgentData": {
                "brands": [{"brand": "Chromium", "version": "141"}],
                "mobile": False,
                "platform": "Windows",
            },
        },
        "messageId": f"ajs-next-{draw.epoch()}-{draw.uuid()}",
        "_metadata": {"bundled": ["Segment.io"], "unbundled": [], "bundledIds": []},
    }
    key = sender.key

    def batch(payload: Json) -> bytes:
        return compact({"batch": [payload], "writeKey": key, "sentAt": draw.iso()})

    path, frame = (
        ("b", batch)
        if draw.happens(0.5)
        else (str(event["type"])[0], lambda payload: compact(payload | {"writeKey": key}))
    )
    return Message(
        template, f"https://api.segment.io/v1/{path}", sender.browser(), event, inner, frame, documented, about
    )


def _client_fields(sender: Sender) -> dict[str, Json]:
    draw = sender.draw
    inner: dict[str, Json] = {
        "instanceId": sender.instance,
        "version": draw.version(),
        "userData": {"userId": sender.user(), "source": "ce"},
        "appName": draw.one(APPS),
        "pageName": draw.one(PAGES),
    }
    sender.more(inner, 2, 8)
    return inner


def client_track(sender: Sender) -> Message:
    """A click."""
    inner = _client_fields(sender)
    return _client(
        sender,
        "client track",
        {"type": "track", "event": sender.draw.one(_CLIENT_EVENTS), "properties": inner},
        inner,
        ("appName", "pageName"),
    )


def client_page(sender: Sender) -> Message:
    """A page that was opened."""
    inner: dict[str, Json] = {"path": "/app/orders", "title": "Editor | Appsmith", "name": "Orders"}
    return _client(
        sender,
        "client page",
        {"type": "page", "name": sender.draw.one(PAGES), "properties": inner},
        inner,
        ("title", "name"),
    )


def client_identify(sender: Sender) -> Message:
    """A user who logged in, in a hash."""
    traits: dict[str, Json] = {
        "userId": sender.user(),
        "source": "ce",
        "version": sender.draw.version(),
        "instanceId": sender.instance,
    }
    return _client(sender, "client identify", {"type": "identify", "traits": traits}, traits)


def stored_client(sender: Sender) -> Message:
    """A click as it stands in the store, sent again to a mirror: with what the store adds but the address."""
    message = client_track(sender)
    message.template = "stored client event"
    message.payload |= {
        "receivedAt": sender.draw.iso(),
        "originalTimestamp": sender.draw.iso(),
        "sentAt": sender.draw.iso(),
        "channel": "client",
    }
    return message


def client_metrics(sender: Sender) -> Message:
    """What Segment's library tells of itself."""
    inner: dict[str, Json] = {"message": "analytics_js.invoke", "library": "analytics.js"}
    series = {"series": [{"type": "Counter", "metric": "analytics_js.invoke", "value": 1, "tags": inner}]}
    return Message("client metrics", "https://api.segment.io/v1/m", sender.browser(), series, inner, compact)


def unheard_of(sender: Sender) -> Message:
    """An event with a name of tomorrow."""
    inner = _client_fields(sender)
    return _client(
        sender,
        "unheard-of event",
        {"type": "track", "event": f"NEW_{sender.draw.letters(6).upper()}_CLICK", "properties": inner},
        inner,
        ("appName", "pageName"),
    )
