"""Objects, lists and encoded state that are no rows and hide nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

from detection.drawing import Draw
from detection.row import Field
from detection.words import WIDGETS


def structures(draw: Draw) -> list[Callable[[], Field]]:
    """Makers of objects, lists and encoded state."""
    integer, one = draw.randint, draw.one
    return [
        lambda: ("rows", [10, 20, 50, 100]),
        lambda: ("contact", {"first": draw.happens(0.5), "last": draw.epoch()}),
        lambda: ("page", {"first": f"Page{integer(1, 9)}", "last": f"Page{integer(10, 99)}"}),
        lambda: (one(("plugin", "theme", "widget")), {"displayName": one(("Google Sheets", "Modern Dark", *WIDGETS))}),
        lambda: ("author", {"name": "Appsmith", "id": draw.object_id()}),
        lambda: ("picture", base64.b64encode(b"\x89PNG\r\n\x1a\n" + draw.randbytes(integer(300, 20_000))).decode()),
        lambda: ("badge", f"{base64.b32encode(draw.randbytes(10)).decode()}-{integer(1, 9)}"),
        lambda: ("cacheKey", base64.b32encode(draw.randbytes(20)).decode().lower()),
        lambda: ("etag", base64.b85encode(draw.randbytes(24)).decode()),
        lambda: ("pattern", one((r"^\\s+\d{3}$", r"\\(users|home)\\\w+", r"\\server\public\x", r"[^\\/]+\.js$"))),
        lambda: ("tuples", f"f(('x', {integer(1, 9)}), ('y', {integer(1, 9)}))"),
        lambda: ("escaped", json.dumps({"widget": one(WIDGETS), "version": "1.2.3"}).replace('"', '\\"')),
        lambda: ("options", [{"label": label, "value": label.upper()} for label in ("Blue", "Green", "Red")]),
        lambda: ("tabs", [{"id": f"tab{number}", "label": f"Tab {number}"} for number in range(1, 4)]),
        lambda: (
            "attributes",
            [{"key": key, "value": {"stringValue": one(WIDGETS)}} for key in ("service.name", "view.name", "os.type")],
        ),
        lambda: (
            "spans",
            [
                {
                    "span_id": draw.hexadecimal(16),
                    "op": "http.client",
                    "description": "GET /api/v1/users/me",
                    "start_timestamp": draw.epoch() / 1000,
                    "status": "ok",
                }
                for _ in range(3)
            ],
        ),
        lambda: (
            "countByPlugin",
            {name: integer(0, 99) for name in ("postgres-plugin", "restapi-plugin", "mongo-plugin")},
        ),
        lambda: (
            "experiments",
            [{"name": f"ab_{draw.letters(5)}", "variant": one(("control", "treatment"))} for _ in range(3)],
        ),
        lambda: (
            "resourceTimings",
            [
                {"name": f"main.{draw.hexadecimal(8)}.js", "duration": draw.random() * 500, "size": integer(1, 10**6)}
                for _ in range(4)
            ],
        ),
        lambda: (
            "queue",
            json.dumps([{"type": "track", "event": f"CLICK_{draw.letters(4)}", "ts": draw.epoch()} for _ in range(3)]),
        ),
        lambda: (
            "state",
            base64.b64encode(
                json.dumps(
                    {"tab": one(("general", "users", "settings")), "v": integer(1, 9), "at": draw.epoch()}
                ).encode()
            ).decode(),
        ),
        lambda: ("config", json.dumps({"theme": "dark", "rows": 10, "flags": [True, False], "id": draw.uuid()})),
        lambda: ("nested", json.dumps({"a": json.dumps({"widget": one(WIDGETS), "count": integer(1, 99)})})),
        lambda: (
            "flags",
            {f"release_{draw.letters(8).lower()}_enabled": draw.happens(0.5) for _ in range(integer(2, 12))},
        ),
        lambda: (
            "metrics",
            [
                {"name": name, "value": round(draw.uniform(1, 4000), 3), "rating": "good"}
                for name in ("LCP", "FID", "CLS", "TTFB")
            ],
        ),
        lambda: (
            "widgets",
            [
                {"id": draw.letters(10).lower(), "type": one(WIDGETS), "topRow": integer(0, 99), "columns": 64}
                for _ in range(integer(2, 6))
            ],
        ),
        lambda: ("layout", {"rows": integer(4, 200), "columns": 64, "snap": [integer(0, 64) for _ in range(6)]}),
        lambda: ("data", {"tab": one(("settings", "users")), "index": integer(0, 9)}),
        lambda: ("result", {"success": True, "durationMs": integer(1, 999)}),
        lambda: ("response", {"status": 200, "size": integer(1, 99999), "duration": draw.random()}),
        lambda: (
            "usersByRole",
            {"Administrator": integer(1, 9), "Developer": integer(0, 50), "App Viewer": integer(0, 500)},
        ),
        lambda: ("steps", ["open", "edit", "save", "deploy"]),
        lambda: ("output", one(("success", "json", "42 files changed, 1337 insertions(+), 12 deletions(-)"))),
        lambda: ("password", one((True, False, "****", "", "[REDACTED]", None))),
    ]
