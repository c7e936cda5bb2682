"""Benign messages of every sender, as they leave, ready to be planted into."""

from __future__ import annotations

from collections.abc import Callable

from detection import browser_messages as browser
from detection import instance_messages as instance
from detection import server_messages as server
from detection import vendor_messages as vendor
from detection.row import Message
from detection.sender import Sender

TEMPLATES: dict[str, tuple[Callable[[Sender], Message], int]] = {
    "server track": (server.server_track, 12),
    "query run": (server.query_run, 16),
    "git": (server.git, 6),
    "datasource": (server.datasource, 6),
    "identify": (instance.identify, 4),
    "identify of the instance": (instance.identify_instance, 2),
    "set-up": (instance.setup, 4),
    "ping": (instance.ping, 3),
    "stats": (instance.stats, 3),
    "client track": (browser.client_track, 20),
    "client page": (browser.client_page, 6),
    "client identify": (browser.client_identify, 3),
    "stored client event": (browser.stored_client, 4),
    "client metrics": (browser.client_metrics, 2),
    "usage pulse": (instance.usage_pulse, 3),
    "feature flags": (instance.feature_flags, 3),
    "release notes": (instance.release_notes, 2),
    "installer": (instance.installer, 2),
    "mixpanel track": (vendor.mixpanel, 8),
    "mixpanel engage": (vendor.engage, 3),
    "sentry": (vendor.sentry, 6),
    "posthog": (vendor.posthog, 3),
    "unheard-of event": (browser.unheard_of, 6),
}
"""What makes a message of each template, and how often it is drawn."""

_WEIGHTS = [weight for _, weight in TEMPLATES.values()]


def any_message(sender: Sender) -> Message:
    """One benign message, with some of what looks like leaks in it."""
    (template,) = sender.draw.choices(list(TEMPLATES), weights=_WEIGHTS)
    return message_of(sender, template)


def message_of(sender: Sender, template: str) -> Message:
    """A message of this template."""
    return TEMPLATES[template][0](sender)
