"""What an audit must find of each sender: its exchanges, its events, and, where it was told to plant, its breaches at their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

type Breach = tuple[str, str, str]
"""Rule, event and place."""


class Expected(NamedTuple):
    """Of one sender in one phase.

    `exchanges` are told by host and destination, `unread` by host, `events` by vendor and name. `silenced` are the events, and what stands for
    an event, that must not be sent if telemetry is off, with the place of each.
    """

    exchanges: dict[tuple[str, str], int]
    events: dict[tuple[str, str], int]
    silenced: list[tuple[str, str]]
    breaches: list[Breach] = []  # noqa: RUF012 - nobody writes to it
    unread: tuple[str, ...] = ()


class All(NamedTuple):
    """Of several senders together."""

    exchanges: Counter[tuple[str, str]]
    events: Counter[tuple[str, str]]
    silenced: list[tuple[str, str]]
    breaches: list[Breach]
    unread: list[str]


def together(expected: Iterable[Expected]) -> All:
    """What several senders amount to, in order."""
    total = All(Counter(), Counter(), [], [], [])
    for each in expected:
        total.exchanges.update(each.exchanges)
        total.events.update(each.events)
        total.silenced.extend(each.silenced)
        total.breaches.extend(each.breaches)
        total.unread.extend(each.unread)
    return All(total.exchanges, total.events, sorted(total.silenced), sorted(total.breaches), total.unread)


_PAGE = {
    ("app.initech.example", "other-traffic"): 5,  # the page, two libraries, a script and its data
    ("cdn.segment.com", "segment-settings"): 1,
    ("api.segment.io", "preflight"): 1,
    ("api.segment.io", "segment-browser"): 1,
    ("api-js.mixpanel.com", "mixpanel"): 2,
}

DOCUMENTED = {
    "instance": Expected(
        exchanges={
            ("api.segment.io", "segment-server"): 3,
            ("events.initech.example", "unlisted"): 1,
            ("api.mixpanel.com", "mixpanel"): 2,
            ("cs.appsmith.com", "appsmith-feature-flags"): 1,
            ("cs.appsmith.com", "appsmith-usage-pulse"): 1,
            ("cs.appsmith.com", "appsmith-releases"): 1,
            ("cs.appsmith.com", "appsmith-actions"): 1,
            ("hook.integromat.com", "installer"): 1,
            ("crm.initech.example", "other-traffic"): 2,
        },
        events={
            ("segment", "identify"): 1,
            ("segment", "execute_ACTION_TRIGGERED"): 1,
            ("segment", "login_USER"): 1,
            ("segment", "create_APPLICATION"): 1,
            ("segment", "PAGE_SWITCH"): 1,
            ("segment", "Instance Active"): 1,
            ("mixpanel", "WIDGET_DRAG"): 1,
            ("mixpanel", "engage"): 1,
            ("appsmith", "feature-flags"): 1,
            ("appsmith", "usage-pulse"): 1,
            ("appsmith", "releases"): 1,
            ("appsmith", "Installation Started"): 1,
        },
        silenced=[
            ("PAGE_SWITCH", "body#/batch/0/event"),
            ("WIDGET_DRAG", "form:data#/event"),
            ("create_APPLICATION", "body#/batch/0/event"),
            ("engage", "form:data#"),
            ("execute_ACTION_TRIGGERED", "body#/batch/1/event"),
            ("identify", "body#/batch/0"),
            ("login_USER", "body#/batch/2/event"),
        ],
    ),
    "errors": Expected(
        exchanges={("o64.ingest.sentry.io", "sentry"): 1},
        events={("sentry", "event"): 1},
        silenced=[("event", "envelope:0#")],
    ),
    "backend": Expected(
        exchanges={("api.segment.io", "segment-server"): 1, ("api.mixpanel.com", "mixpanel"): 3},
        events={
            ("segment", "identify"): 1,
            ("segment", "git_commit"): 1,
            ("mixpanel", "GS_CONNECT_GIT_CLICK"): 1,
            ("mixpanel", "GS_PULL_GIT_CLICK"): 1,
            ("mixpanel", "GS_DEPLOY_GIT_CLICK"): 1,
            ("mixpanel", "engage"): 1,
        },
        silenced=[
            ("GS_CONNECT_GIT_CLICK", "query:data#/event"),
            ("GS_DEPLOY_GIT_CLICK", "form:data#/1/event"),
            ("GS_PULL_GIT_CLICK", "form:data#/0/event"),
            ("engage", "query:data#"),
            ("git_commit", "body#/batch/1/event"),
            ("identify", "body#/batch/0"),
        ],
    ),
    "browser": Expected(
        exchanges=_PAGE,
        events={
            ("segment", "identify"): 1,
            ("segment", "Orders"): 1,
            ("segment", "PAGE_VIEW"): 1,
            ("mixpanel", "$identify"): 1,
            ("mixpanel", "PAGE_LOAD"): 1,
            ("mixpanel", "engage"): 1,
        },
        silenced=[
            ("$identify", "form:data#/0/event"),
            ("Orders", "body#/batch/1"),
            ("PAGE_LOAD", "form:data#/1/event"),
            ("PAGE_VIEW", "body#/batch/2/event"),
            ("engage", "form:data#/0"),
            ("identify", "body#/batch/0"),
        ],
    ),
}

PLANTED = {
    "instance": Expected(
        exchanges={("api.segment.io", "segment-server"): 3, ("api.mixpanel.com", "mixpanel"): 1},
        events={
            ("segment", "logout_USER"): 1,
            ("segment", "fork_APPLICATION"): 1,
            ("segment", "execute_ACTION_TRIGGERED"): 1,
            ("segment", "Instance Active"): 1,
            ("mixpanel", "DEBUGGER_OPEN"): 1,
        },
        silenced=[
            ("DEBUGGER_OPEN", "form:data#/event"),
            ("api.segment.io (segment-server)", "host"),  # the body that is cut: it went there all the same
            ("execute_ACTION_TRIGGERED", "body#/batch/2/event"),
            ("fork_APPLICATION", "body#/batch/1/event"),
            ("logout_USER", "body#/batch/0/event"),
        ],
        breaches=[
            ("canary", "DEBUGGER_OPEN", "form:data#/properties/state"),
            ("datasource-content", "execute_ACTION_TRIGGERED", "body#/batch/2/properties/error"),
            ("identity-hashed", "logout_USER", "body#/batch/0/userId"),
            (
                "personal-data",
                "execute_ACTION_TRIGGERED",
                "body#/batch/2/properties/error",
            ),  # the rows are account numbers
            ("personal-data", "fork_APPLICATION", "body#/batch/1/properties/appName"),
            ("server-address-only", "Instance Active", "body#/context/ip"),
        ],
        unread=("api.segment.io",),
    ),
    "errors": Expected(
        exchanges={("o64.ingest.sentry.io", "sentry"): 1, ("crm.initech.example", "other-traffic"): 1},
        events={("sentry", "event"): 1},
        silenced=[("event", "envelope:0#")],
        breaches=[
            ("canary", "event", "envelope:0#/exception/values/0/stacktrace/frames/1/vars/row"),
            ("identity-hashed", "event", "envelope:0#/user/username"),
            (
                "personal-data",
                "event",
                "envelope:0#/breadcrumbs/values/0/data/{}",
            ),  # `http.query`, which could be a host
            ("personal-data", "event", "envelope:0#/exception/values/0/stacktrace/frames/0/vars/problem"),
            ("personal-data", "event", "envelope:0#/exception/values/0/stacktrace/frames/1/vars/msg"),
            ("personal-data", "event", "envelope:0#/exception/values/0/value"),
        ],
    ),
    "backend": Expected(
        exchanges={("api.segment.io", "segment-server"): 1, ("api.mixpanel.com", "mixpanel"): 1},
        events={("segment", "git_push"): 1, ("segment", "git_pull"): 1, ("mixpanel", "engage"): 1},
        silenced=[
            ("engage", "query:data#"),
            ("git_pull", "body#/batch/1/event"),
            ("git_push", "body#/batch/0/event"),
        ],
        breaches=[
            ("datasource-content", "git_push", "body#/batch/0/properties/text"),
            ("personal-data", "engage", "query:data#/$set/source"),
            ("personal-data", "git_push", "body#/batch/0/properties/text"),  # the query asks for a surname
            ("server-address-only", "git_pull", "body#/batch/1/context/ip"),
        ],
    ),
    "browser": Expected(
        exchanges=_PAGE,
        events={
            ("segment", "identify"): 1,
            ("segment", "Customer"): 1,
            ("segment", "EXECUTE_ACTION"): 1,
            ("mixpanel", "$identify"): 1,
            ("mixpanel", "URL_COPIED"): 1,
            ("mixpanel", "engage"): 1,
        },
        silenced=[
            ("$identify", "form:data#/0/event"),
            ("Customer", "body#/batch/1"),
            ("EXECUTE_ACTION", "body#/batch/2/event"),
            ("URL_COPIED", "form:data#/1/event"),
            ("engage", "form:data#/0"),
            ("identify", "body#/batch/0"),
        ],
        breaches=[
            ("canary", "EXECUTE_ACTION", "body#/batch/2/properties/label"),
            *(
                ("identity-hashed", event, f"body#/batch/{index}/userId")
                for index, event in enumerate(("identify", "Customer", "EXECUTE_ACTION"))
            ),
            *(
                ("personal-data", event, f"body#/batch/{index}/context/page/{field}")
                for index, event in enumerate(("identify", "Customer", "EXECUTE_ACTION"))
                for field in ("search", "title", "url")
            ),
            *(
                ("personal-data", "Customer", f"body#/batch/1/properties/{field}")
                for field in ("search", "title", "url")
            ),
            ("personal-data", "$identify", "form:data#/0/properties/$current_url"),
            ("personal-data", "URL_COPIED", "form:data#/1/properties/$current_url"),
        ],
    ),
}
