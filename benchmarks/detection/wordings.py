"""Texts, names, paths and styles that name nobody."""

from __future__ import annotations

from collections.abc import Callable

from detection.drawing import Draw
from detection.row import Field
from detection.words import DISPLAY_NAMES, FRAMES, MARKUP, TEXTS, WIDGET_NAMES, WIDGETS


def wordings(draw: Draw) -> list[Callable[[], Field]]:
    """Makers of texts."""
    integer, one = draw.randint, draw.one
    return [
        lambda: (
            "svg",
            "data:image/svg+xml;utf8,%3Csvg xmlns='http://www.w3.org/2000/svg' %3E%3Cpath d='M12 2C6.48 2 2 6.48 2 12s4.48 10'/%3E%3C/svg%3E",
        ),
        lambda: (
            "color",
            one(("#553DE9", "#fff", "rgba(16, 185, 129, 0.5)", "hsl(210deg 40% 98% / 80%)", "oklch(0.7 0.1 200)")),
        ),
        lambda: (
            "css",
            one(
                (
                    ".t--widget { margin: 0 auto 10px 1.5em; }",
                    "@media (max-width: 640px) { .a{padding:0 4px 4px 0} }",
                    "@import url(x.css); @keyframes spin{to{transform:rotate(360deg)}}",
                    "1px 2.5px 3px 4px",
                    "0.5.5.1",
                )
            ),
        ),
        lambda: (
            "selector",
            one(
                (
                    "#root > div:nth-child(2) > .sc-bczRLJ.kXjRzP",
                    "body.desktop:not(.a)::before",
                    "div[data-testid='t--user@menu']",
                )
            ),
        ),
        lambda: ("className", one(("Button Primary", "bp3-button bp3-intent-primary", "t--draggable-tablewidget"))),
        lambda: ("widgetType", one(WIDGETS)),
        lambda: ("widgetName", one(WIDGET_NAMES)),
        lambda: ("propertyName", one(("customerName", "defaultText", "onClick", "emailRegex", "phoneNumber", "label"))),
        lambda: ("displayName", one(DISPLAY_NAMES)),
        lambda: ("workspaceName", one(("Acme Support", "Jane's apps", "Marketing Team", "Ünïcode & Söhne"))),
        lambda: ("themeName", one(("Sunset", "Classic", "Rounded Corners", "Water Lily", "Earth"))),
        lambda: ("fontName", one(("Nunito Sans", "Open Sans", "Source Code Pro", "Roboto Slab"))),
        lambda: (
            "templateName",
            one(("Customer Support Dashboard", "Mary's Flower Shop", "Lead Management", "Employee Directory")),
        ),
        lambda: (
            "pluginName",
            one(
                (
                    "Google Sheets",
                    "PostgreSQL",
                    "REST API",
                    "Amazon S3",
                    "Snowflake",
                    "Microsoft SQL Server",
                    "Firestore",
                )
            ),
        ),
        lambda: ("browserName", one(("Mobile Safari", "Samsung Internet", "Chrome", "Firefox"))),
        lambda: (
            "fileName",
            one(("index.js", "orders_2024.csv", "Jane Export.json", "icon@2x.png", "report (1).xlsx")),
        ),
        lambda: (
            "hostName",
            one(("1f0e2d3c4b5a", "appsmith-0", "ip-10-0-3-17.eu-west-1.compute.internal", "app01.prod")),
        ),
        lambda: ("timezone", one(("Europe/Paris", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "UTC+05:30"))),
        lambda: ("locale", one(("en-GB", "de_DE", "zh-Hans-CN", "pt-BR,pt;q=0.9"))),
        lambda: ("acceptLanguage", "en-GB,en;q=0.9,de;q=0.8"),
        lambda: ("text", one(TEXTS)),
        lambda: ("label", one(TEXTS)),
        lambda: ("message", one(TEXTS)),
        lambda: ("stack", one(FRAMES)),
        lambda: ("frames", [one(FRAMES) for _ in range(integer(1, 4))]),
        lambda: ("html", one(MARKUP)),
        lambda: ("details", one(MARKUP)),
        lambda: (
            "landing",
            "https://www.example.com/?utm_source=mail&utm_campaign=2024_q4&gclid="
            + draw.letters(64)
            + "&_ga=2.1."
            + draw.digits(9)
            + "."
            + draw.digits(10),
        ),
        lambda: (
            "loginUrl",
            "https://apps.example.com/user/login?redirectUrl=https%3A%2F%2Fapps.example.com%2Fapplications",
        ),
        lambda: ("shortcut", one(("mod+shift+p", "Ctrl+Alt+Delete", "⌘+1"))),
        lambda: (
            "repository",
            one(
                (
                    "git@github.com:acme/app.git",
                    "ssh://git@gitlab.example.com:2222/acme/app.git",
                    "https://github.com/acme/app.git",
                )
            ),
        ),
        lambda: (
            "branchName",
            one(
                (
                    "main",
                    "feature/JIRA-1234-fix",
                    "release-1.9.56.2",
                    "jane/fix-login",
                    "dependabot/npm_and_yarn/lodash-4.17.21",
                )
            ),
        ),
        lambda: (
            "errorCode",
            one(
                (
                    "PE-PGS-5000",
                    "AE-ACL-4004",
                    "E11000",
                    "ECONNREFUSED",
                    "42P01",
                    "SQLSTATE[42S02]",
                    "ORA-00942",
                    "500 INTERNAL_SERVER_ERROR",
                )
            ),
        ),
        lambda: ("cardType", one(("table", "chart", "application"))),
        lambda: (
            "url",
            "https://apps.example.com/app/"
            + one(("orders/page1-", "john-s-app/details-", "crm/page1-"))
            + draw.object_id()
            + one(("", "/edit", "?branch=main&embed=true", "?mode=EDIT&tab=2", "#widget-" + draw.letters(10).lower())),
        ),
        lambda: (
            "referrer",
            one(
                (
                    "",
                    "https://www.example.com/search?q=how+to+select+from+table",
                    "https://apps.example.com/applications",
                    "android-app://com.example.app/",
                )
            ),
        ),
        lambda: (
            "path",
            one(
                (
                    "/app/orders/page1",
                    f"/app/crm/details-{draw.object_id()}/edit/widgets/{draw.letters(10).lower()}",
                    "/user/login",
                    "/settings/general",
                )
            ),
        ),
        lambda: ("bucket", f"s3://acme-assets/{draw.moment():%Y/%m/%d}/{draw.uuid()}/part-00001.parquet"),
        lambda: (
            "expression",
            one(
                (
                    "a@b",
                    "x => x.id",
                    "/^[\\w.+-]+@[\\w-]+\\.[a-z]{2,}$/i",
                    "(\\+\\d{1,3})?\\d{10}",
                    "^\\d{3}-\\d{2}-\\d{4}$",
                )
            ),
        ),
        lambda: (
            "placeholder",
            one(("you@example", "+__ ___ ____", "XXX-XX-XXXX", "DE__ ____ ____", "**** **** **** 4242")),
        ),
    ]
