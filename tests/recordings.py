"""Recordings as tests write them: HARs of requests, and exports of stored events."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def request(
    url: str,
    body: bytes | str | Mapping[str, Any] | list[Any] | None = None,
    headers: Mapping[str, str] | None = None,
    method: str = "",
) -> dict[str, Any]:
    """A HAR entry: a GET without a body and a POST with one; a mapping or list is sent as JSON, bytes in base64."""
    post: dict[str, Any] = {}
    if isinstance(body, bytes):
        post = {
            "postData": {
                "mimeType": "application/octet-stream",
                "text": base64.b64encode(body).decode(),
                "encoding": "base64",
            }
        }
    elif body is not None:
        post = {
            "postData": {"mimeType": "application/json", "text": body if isinstance(body, str) else json.dumps(body)}
        }
    return {
        "startedDateTime": "2026-01-05T10:00:00.000Z",
        "request": {
            "method": method or ("POST" if post else "GET"),
            "url": url,
            "httpVersion": "HTTP/1.1",
            "headers": [{"name": name, "value": value} for name, value in (headers or {}).items()],
            **post,
        },
        "response": {"status": 200, "headers": [], "content": {}},
    }


def har(path: Path, entries: Iterable[Mapping[str, Any]]) -> Path:
    """Write a HAR with these entries."""
    path.write_text(
        json.dumps({"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": list(entries)}})
    )
    return path


def export(path: Path, events: Iterable[Mapping[str, Any]]) -> Path:
    """Write an export of stored events as a JSON array."""
    path.write_text(json.dumps(list(events)))
    return path


def track(event: str, properties: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A message to Segment."""
    return {"type": "track", "event": event, "properties": dict(properties or {}), **more}


SEGMENT = "https://api.segment.io/v1/track"
USER = "a3d8b23b9b0cac986af79f4826d009463f8dfc372f188934710115491b7665a1"
CLICK = track("APPLICATIONS_PAGE_LOAD", userId=USER)
