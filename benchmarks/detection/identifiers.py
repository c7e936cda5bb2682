"""Numbers, ids and digests as they stand in telemetry, each of which looks like some number of a person."""

from __future__ import annotations

import base64
from collections.abc import Callable

from detection.drawing import Draw
from detection.row import Field


def identifiers(draw: Draw) -> list[Callable[[], Field]]:
    """Makers of numbers, ids and digests."""
    hexa, integer, one = draw.hexadecimal, draw.randint, draw.one
    return [
        lambda: ("createdAt", draw.epoch()),
        lambda: ("ts", str(draw.epoch())),
        lambda: ("startTime", draw.epoch() * 1000 + integer(0, 999)),
        lambda: ("duration", draw.random() * 10_000),
        lambda: ("score", draw.random()),
        lambda: ("ratio", f"{draw.random():.16f}"),
        lambda: ("position", {"x": draw.uniform(-500, 2000), "y": integer(0, 2000), "top": 41.40338, "left": 2.17403}),
        lambda: ("viewport", f"{integer(800, 2560)}x{integer(600, 1440)}"),
        lambda: (one(("widgetId", "parentId", "layoutId")), draw.letters(10).lower()),
        lambda: ("commit", hexa(40)),
        lambda: ("sha", hexa(one((7, 8, 10, 32, 40, 64)))),
        lambda: ("integrity", "sha384-" + base64.b64encode(draw.randbytes(48)).decode()),
        lambda: ("etag", f'W/"{hexa(6)}-{hexa(32)}"'),
        lambda: ("traceparent", f"00-{hexa(32)}-{hexa(16)}-01"),
        lambda: (
            "requestId",
            draw.one((draw.uuid(), draw.uuid().replace("-", ""), f"req-{draw.uuid()}", draw.digits(12))),
        ),
        lambda: ("correlationId", f"{hexa(8)}-{hexa(4)}-{hexa(4)}"),
        lambda: ("nanoid", draw.letters(21, "useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict")),
        lambda: ("ulid", "01" + draw.letters(24, "0123456789ABCDEFGHJKMNPQRSTVWXYZ")),
        lambda: ("snowflake", str(draw.randint(10**17, 2 * 10**18 - 1))),
        lambda: ("span", draw.getrandbits(63)),
        lambda: ("sequence", integer(1, 10**6)),
        lambda: ("bytes", integer(10**3, 10**10)),
        lambda: ("padded", f"{integer(1, 99999):016d}"),
        lambda: (
            "cursor",
            base64.urlsafe_b64encode(f"{draw.object_id()}:{draw.epoch()}".encode()).decode().rstrip("="),
        ),
        lambda: ("oid", one((draw.object_id(), "1.3.6.1.4.1.311.21.20", "2.5.4.3"))),
        lambda: ("mac", ":".join(hexa(2) for _ in range(6))),
        lambda: ("fingerprint", "SHA256:" + base64.b64encode(draw.randbytes(32)).decode().rstrip("=")),
        lambda: ("isin", "US" + draw.digits(10)),
        lambda: ("quantity", f"{integer(1, 999)} {integer(100, 999)} {integer(100, 999)}"),
        lambda: ("range", one(("1-10", "0-100%", "10..20", "2024-01-01/2024-01-31", "10:00-12:30"))),
        lambda: ("ratioText", one(("16:9", "1:1.618", "3/4", "99.99%"))),
        lambda: ("cacheKey", f"v2:{draw.object_id()}:{draw.epoch()}:{hexa(8)}"),
        lambda: ("thumbnail", base64.b64encode(draw.randbytes(integer(60, 600))).decode()),
        lambda: (
            "icon",
            "data:image/png;base64,"
            + base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + draw.randbytes(integer(40, 400))).decode(),
        ),
        lambda: ("histogram", [integer(0, 99) for _ in range(integer(5, 60))]),
        lambda: ("matrix", [[integer(0, 9) for _ in range(4)] for _ in range(4)]),
        lambda: ("points", [[draw.random(), draw.random()] for _ in range(4)]),
        lambda: ("ids", [draw.object_id() for _ in range(integer(1, 40))]),
        lambda: ("uuids", [draw.uuid() for _ in range(integer(1, 10))]),
        lambda: ("cpu", [integer(0, 100), integer(0, 100)]),
        lambda: ("records", integer(0, 5000)),
        lambda: ("hasPhone", draw.happens(0.5)),
        lambda: ("emailVerified", draw.happens(0.5)),
        lambda: ("emailCount", integer(0, 99)),
        lambda: ("phoneFieldCount", integer(0, 9)),
        lambda: ("nameLength", integer(3, 40)),
        lambda: ("userCount", integer(0, 9999)),
        lambda: ("tokenCount", integer(1, 9999)),
        lambda: ("memory", f"{integer(100, 900)}.{integer(0, 9)} MiB / 7.{integer(100, 999)} GiB"),
    ]
