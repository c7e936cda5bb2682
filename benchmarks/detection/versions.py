"""Versions of programs and packages, some of which look like addresses or mailboxes."""

from __future__ import annotations

from collections.abc import Callable

from detection.drawing import Draw
from detection.row import Field


def versions(draw: Draw) -> list[Callable[[], Field]]:
    """Makers of versions."""
    hexa, integer, one = draw.hexadecimal, draw.randint, draw.one
    return [
        lambda: ("build", f"{integer(1, 3)}.{integer(0, 9)}.0+{draw.moment():%Y%m%d%H%M%S}"),
        lambda: (
            "release",
            one((f"appsmith-client@1.9.{integer(1, 60)}.{integer(0, 9)}", f"appsmith@v1.{integer(8, 99)}", hexa(40))),
        ),
        lambda: ("firmware", f"12.1.{integer(0, 9)}.{integer(1, 250)}"),
        lambda: ("appsmithVersion", f"v1.9.{integer(1, 60)}.{integer(0, 9)}"),
        lambda: ("browserVersion", f"{integer(90, 145)}.0.{integer(1000, 7900)}.{integer(1, 250)}"),
        lambda: ("platformVersion", f"10.0.{integer(17000, 26100)}.{integer(1, 4000)}"),
        lambda: (
            "fullVersionList",
            [
                {"brand": "Chromium", "version": f"{integer(90, 145)}.0.7390.{integer(1, 200)}"},
                {"brand": "Not?A_Brand", "version": "8.0.0.0"},
            ],
        ),
        lambda: (
            "dependencies",
            [f"@scope/pkg@{draw.version()}", f"lodash@4.17.{integer(1, 21)}", "npm:react@18.2.0", "moment@2.29.4"],
        ),
        lambda: (
            "image",
            one(
                (
                    "appsmith/appsmith-ce:latest",
                    f"appsmith/appsmith-ee@sha256:{hexa(64)}",
                    "registry.example.com:5000/appsmith:v1.9.60.2",
                )
            ),
        ),
        lambda: ("jvm", one(("17.0.12+7", "17.0.1.12", "OpenJDK 64-Bit Server VM (17.0.9+9-Ubuntu-122.04)"))),
        lambda: (
            "kernel",
            one(("5.15.0-1051-aws", "6.1.0-18-amd64 #1 SMP Debian 6.1.76-1", "Linux 4.18.0-553.16.1.el8_10.x86_64")),
        ),
        lambda: ("cron", one(("0 0 */2 * * *", "15 3 * * 1-5"))),
        lambda: ("gtm", one(("GTM-5ZQW3XK", "G-ABC123DEF4", "UA-12345678-1"))),
    ]
