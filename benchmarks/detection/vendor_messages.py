"""What the browser sends to other vendors, without a leak in it."""

from __future__ import annotations

import base64
import gzip
from urllib.parse import urlencode

from detection.row import Json, Message
from detection.sender import Sender, compact

_EVENTS = (
    "PAGE_SWITCH",
    "WIDGET_CARD_DRAG",
    "ACTION_ADDED",
    "APP_THEMING_APPLY_THEME",
    "BACK_BUTTON_CLICK",
    "APPLICATIONS_PAGE_LOAD",
    "ADMIN_SETTINGS_SAVE",
    "AUTO_COMPLETE_SELECT",
)


def mixpanel(sender: Sender) -> Message:
    """A click as Mixpanel's library sends it: in a form, its JSON plain or in Base64."""
    draw = sender.draw
    inner: dict[str, Json] = {
        "token": draw.hexadecimal(32),
        "distinct_id": draw.one((sender.user(), f"$device:{draw.uuid()}")),
        "$device_id": draw.uuid(),
        "$browser": "Chrome",
        "$browser_version": 141,
        "$os": "Windows",
        "$current_url": f"https://apps.example.com/app/orders/page1-{draw.object_id()}",
        "$screen_height": 1080,
        "mp_lib": "web",
        "$lib_version": "2.55.1",
        "time": draw.epoch() / 1000,
        "$insert_id": draw.letters(16).lower(),
        "instanceId": sender.instance,
    }
    sender.more(inner)
    encoded = draw.happens(0.5)

    def form(payload: Json) -> bytes:
        data = compact([payload])
        return urlencode({"data": (base64.b64encode(data) if encoded else data).decode()}).encode()

    headers = sender.browser() | {"Content-Type": "application/x-www-form-urlencoded"}
    return Message(
        "mixpanel track",
        "https://api-js.mixpanel.com/track/?verbose=1&ip=0",
        headers,
        {"event": draw.one(_EVENTS), "properties": inner},
        inner,
        form,
    )


def engage(sender: Sender) -> Message:
    """A profile of a user, in hashes."""
    draw, user = sender.draw, sender.draw.one(sender.hashes)
    inner: dict[str, Json] = {
        "$os": "Windows",
        "$browser": "Chrome",
        "userId": user,
        "source": "ce",
        "instanceId": sender.instance,
    }
    payload = {"$token": draw.hexadecimal(32), "$distinct_id": user, "$set": inner}
    return Message(
        "mixpanel engage", "https://api-js.mixpanel.com/engage/?verbose=1", sender.browser(), [payload], inner, compact
    )


def sentry(sender: Sender) -> Message:
    """A fault in the browser, without data in its message."""
    draw = sender.draw
    frames = [
        {
            "filename": "https://apps.example.com/static/js/main.3f2a91bc.js",
            "function": draw.one(("onClick", "t.run", "?")),
            "lineno": 2,
            "colno": draw.randint(1, 999_999),
            "in_app": True,
        }
        for _ in range(draw.randint(2, 9))
    ]
    extra: dict[str, Json] = {}
    sender.more(extra, 1, 4)
    event = {
        "event_id": draw.hexadecimal(32),
        "timestamp": draw.epoch() / 1000,
        "platform": "javascript",
        "level": "error",
        "release": f"appsmith-client@1.9.{draw.randint(1, 60)}.{draw.randint(0, 9)}",
        "user": {"id": draw.one(sender.hashes)},
        "sdk": {
            "name": "sentry.javascript.react",
            "version": "8.33.1",
            "packages": [{"name": "npm:@sentry/react", "version": "8.33.1"}],
        },
        "exception": {
            "values": [
                {
                    "type": "TypeError",
                    "value": draw.one(
                        (
                            "Cannot read properties of undefined (reading 'data')",
                            "Failed to fetch",
                            "ChunkLoadError: Loading chunk 42 failed.",
                        )
                    ),
                    "stacktrace": {"frames": frames},
                }
            ]
        },
        "breadcrumbs": [
            {
                "timestamp": draw.epoch() / 1000,
                "category": "fetch",
                "type": "http",
                "data": {"method": "GET", "url": "/api/v1/users/me", "status_code": 200},
            }
            for _ in range(draw.randint(1, 12))
        ],
        "contexts": {"trace": {"trace_id": draw.hexadecimal(32), "span_id": draw.hexadecimal(16)}},
        "extra": extra,
    }

    def envelope(payload: Json) -> bytes:
        key = draw.hexadecimal(32)
        head = {
            "event_id": payload["event_id"],
            "sent_at": draw.iso(),
            "dsn": f"https://{key}@o42.ingest.sentry.io/1337",
            "trace": {"public_key": key, "trace_id": draw.hexadecimal(32)},
        }
        return b"\n".join((compact(head), compact({"type": "event"}), compact(payload)))

    return Message(
        "sentry",
        f"https://o42.ingest.sentry.io/api/1337/envelope/?sentry_key={draw.hexadecimal(32)}&sentry_version=7",
        sender.browser(),
        event,
        extra,
        envelope,
    )


def posthog(sender: Sender) -> Message:
    """A click as PostHog's library sends it, packed with gzip."""
    draw = sender.draw
    inner: dict[str, Json] = {
        "distinct_id": draw.uuid(),
        "$lib": "web",
        "$lib_version": "1.205.0",
        "$session_id": draw.uuid(),
        "token": "phc_" + draw.letters(43),
        "$viewport_width": 1280,
        "$current_url": "https://apps.example.com/app/orders",
    }
    sender.more(inner)
    payload = {
        "api_key": "phc_" + draw.letters(43),
        "event": "$autocapture",
        "properties": inner,
        "timestamp": draw.iso(),
    }
    headers = sender.browser() | {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    return Message(
        "posthog",
        "https://eu.i.posthog.com/e/?ip=0&_=1760000000000&ver=1.205.0",
        headers,
        payload,
        inner,
        lambda made: gzip.compress(compact(made), mtime=0),
    )
