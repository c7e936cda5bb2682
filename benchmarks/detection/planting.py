"""Puts a leak somewhere into a benign message: into fields that documents show and that none shows, keys, lists, URLs, headers, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

from detection.drawing import Draw
from detection.places import Planted, places
from detection.row import ADDRESS, Json, Message

_NEUTRAL = ("extra", "state", "info", "detail", "value", "payload", "note", "input", "text", "meta", "snapshot")
_SENTENCES = (
    "Request failed: {}",
    "{} could not be processed",
    "Saved {} at step 3.",
    "[warn] ignoring '{}' (line 12)",
    "value={}, code=42",
    "Selected row: {}",
)
_ADDRESSED = (
    "Connection from {} refused",
    "peer {} closed the connection",
    "Login failed for {} after 3 attempts",
    "remote address {}, port 41234",
)


type Place = Callable[[Draw, Message, Planted], None]


def _field(draw: Draw, message: Message, what: Planted) -> None:
    _ = draw
    message.inner[what.key] = what.value


def _sentence(draw: Draw, message: Message, what: Planted) -> None:
    forms = _ADDRESSED if what.leak.promises == ADDRESS and what.is_plain else _SENTENCES
    text = (
        f"{what.key}: {what.text}"
        if what.leak.hinted and what.is_plain and what.leak.promises != ADDRESS
        else what.text
    )
    message.inner[draw.one(("errorMessage", "message", "info", "detail"))] = draw.one(forms).format(text)


def _documented(draw: Draw, message: Message, what: Planted) -> None:
    name = draw.one(message.documented)
    message.inner[name] = draw.one((what.text, f"{what.text} | Appsmith", f"Orders of {what.text}"))


def _title(draw: Draw, message: Message, what: Planted) -> None:
    _ = draw
    (message.page or {})["title"] = f"{what.text} | Appsmith"


def _identity(draw: Draw, message: Message, what: Planted) -> None:
    _ = draw
    message.payload["userId"] = what.text


def _own_address(draw: Draw, message: Message, what: Planted) -> None:
    _ = draw
    message.payload["context"]["ip"] = what.text


def _key(draw: Draw, message: Message, what: Planted) -> None:
    message.inner[draw.one(_NEUTRAL)] = {"first": 1, what.text: draw.randint(1, 9)}


def _late(draw: Draw, message: Message, what: Planted) -> None:
    before: list[Json] = [draw.object_id() for _ in range(draw.randint(20, 200))]
    item: Json = {what.key: what.value} if what.leak.hinted else what.value
    message.inner[draw.one(("items", "seen", "selected", "history"))] = [*before, item, draw.object_id()]


def _nested(draw: Draw, message: Message, what: Planted) -> None:
    value: Json = {what.key: what.value}
    for _ in range(draw.randint(3, 12)):
        value = draw.one(({draw.letters(5).lower(): value, "n": 1}, [value], {"children": [{"id": 1}, value]}))
    message.inner["tree"] = value


def _url(draw: Draw, message: Message, what: Planted) -> None:
    key = what.key if what.leak.hinted else draw.one(("q", "state", "filter", "to", "v"))
    value = draw.one((quote(what.text, safe=""), quote_plus(what.text), quote(what.text, safe="@:+,")))
    url = draw.one(
        (
            f"https://apps.example.com/app/orders/page1?mode=VIEW&{key}={value}",
            f"https://apps.example.com/app?{key}={value}#top",
            f"https://apps.example.com/app/orders?tab=1#{key}={value}",
        )
    )
    if message.page is not None and draw.happens(0.6):
        message.page["url"] = url
        message.page["search"] = "?" + url.partition("?")[2]
    else:
        message.inner[draw.one(("url", "referrer", "pageUrl"))] = url


def _segment(draw: Draw, message: Message, what: Planted) -> None:
    url = f"https://apps.example.com/app/customers/{quote(what.text, safe='@+')}/edit"
    if message.page is not None and draw.happens(0.5):
        message.page["url"], message.page["path"] = url, url.removeprefix("https://apps.example.com")
    else:
        message.inner["url"] = url


def _query(draw: Draw, message: Message, what: Planted) -> None:
    key = what.key if what.leak.hinted else draw.one(("ctx", "extra", "label"))
    mark = "&" if "?" in message.url else "?"
    message.url += f"{mark}{key}={quote(what.text, safe='')}"


def _header(draw: Draw, message: Message, what: Planted) -> None:
    if what.leak.promises == ADDRESS and what.is_plain:
        message.headers[draw.one(("X-Forwarded-For", "X-Real-IP", "True-Client-IP", "Forwarded-For-IP"))] = what.text
    elif draw.happens(0.5) and not what.leak.hinted:
        message.headers["Referer"] = f"https://apps.example.com/app/orders?q={quote(what.text, safe='')}"
    else:
        name = re.sub(r"(?<=[a-z])(?=[A-Z])|_", "-", what.key).title()
        message.headers[f"X-{name}" if what.leak.hinted else "X-Context"] = what.text


def _cookie(draw: Draw, message: Message, what: Planted) -> None:
    _ = draw
    message.headers["Cookie"] = f"ajs_anonymous_id=abc; ajs_user_id={quote(what.text, safe='@')}"


def _number(draw: Draw, message: Message, what: Planted) -> None:
    named = what.leak.kind.startswith("phone") or draw.happens(0.5)
    message.inner[draw.one(what.leak.keys) if named else "value"] = what.leak.number


PLACES: dict[str, Place] = {
    "undocumented field": _field,
    "sentence": _sentence,
    "documented field": _documented,
    "page title": _title,
    "identity": _identity,
    "context.ip": _own_address,
    "key": _key,
    "late in a list": _late,
    "nested": _nested,
    "URL parameter": _url,
    "URL path": _segment,
    "request query": _query,
    "header": _header,
    "cookie": _cookie,
    "JSON number": _number,
}


def plant(draw: Draw, message: Message, what: Planted) -> str:
    """Plants it, and says where."""
    place = draw.one(list(places(message, what)))
    PLACES[place](draw, message, what)
    return place


def neutral(draw: Draw) -> str:
    """A name that says nothing of what stands under it."""
    return draw.one(_NEUTRAL)
