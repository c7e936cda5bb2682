"""Which host and path is what: the rules of `destinations.toml` and the hosts that the operator adds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate
from functools import cached_property, lru_cache
from posixpath import normpath

from telemetry_audit.catalog.contract import Citation
from telemetry_audit.model import Exchange, Side

TELEMETRY, KEEP_ALIVE, SERVICE, LOOK_UP, TRACKER = "telemetry", "keep-alive", "service", "look-up", "tracker"
JUDGED = frozenset({TELEMETRY, KEEP_ALIVE, SERVICE, LOOK_UP, TRACKER})
FETCHES = frozenset({LOOK_UP, TRACKER})
"""The purposes whose exchanges are decoded and judged; the others are counted."""

SETUP, START = "setup", "start"
"""The purposes of events that tell of an instance's life, beside the signs that it runs."""

PING = "ping"
"""The purpose of a canary exchange, by which an audit tests the path through its own proxy."""


@dataclass(frozen=True)
class Destination:
    """One rule: hosts and paths as globs in lower case, what is sent there for, and which decoder reads it.

    Empty `paths`, `methods` or `schemes` admit any; `bodiless` asks for a request without a body. `event` is the name of the event that a
    request stands for.
    """

    id: str
    vendor: str
    hosts: tuple[str, ...]
    purpose: str
    says: str
    paths: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    decoder: str = ""
    event: str = ""
    side: Side = Side.UNKNOWN
    bodiless: bool = False
    documented: tuple[Citation, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether what goes there is decoded and judged."""
        return self.purpose in JUDGED

    @property
    def documented_editions(self) -> tuple[str, ...]:
        """The editions that document it, each once."""
        return tuple(dict.fromkeys(citation.edition for citation in self.documented))

    def takes_host(self, host: str) -> bool:
        """Whether this rule may speak for a request to `host`, a name in lower case."""
        return host in self.hosts or any(fnmatchcase(host, glob) for glob in self.hosts if "*" in glob)

    def may_take(self, host: str, method: str, scheme: str) -> bool:
        """Whether this rule may speak for such a request to `host`."""
        return (
            (not self.methods or method in self.methods)
            and (not self.schemes or scheme in self.schemes)
            and self.takes_host(host)
        )

    def takes(self, path: str, body: bytes | None) -> bool:
        """Whether this rule speaks for a request that it may speak for; `path` is in lower case, without dots and without a query."""
        return (not self.paths or self._path.match(path) is not None) and not (self.bodiless and body)

    @cached_property
    def _path(self) -> re.Pattern[str]:
        return re.compile("|".join(map(translate, self.paths)))


class Destinations:
    """The rules in order; the first that takes an exchange by any of its names speaks for it."""

    def __init__(self, rules: Sequence[Destination]) -> None:
        """Take `rules` in order of precedence; the last must take everything."""
        self.rules = tuple(rules)
        self._may_take = lru_cache(4096)(self._candidates)

    def of(self, exchange: Exchange) -> Destination:
        """The rule for an exchange: that of its host, unless an alias of it (SNI, connected name) is one that is judged."""
        own = self._first(exchange.host, exchange)
        if not exchange.aliases or own.judged:
            return own
        others = (self._first(alias, exchange) for alias in exchange.aliases)
        return next((rule for rule in others if rule.judged), own)

    def _first(self, host: str, exchange: Exchange) -> Destination:
        rules = self._may_take(host, exchange.method, exchange.scheme)
        if len(rules) == 1:  # the last, to which most traffic comes
            return rules[0]
        path = exchange.target.partition("?")[0].lower()
        if "/." in path:
            path = normpath(path)
        for rule in rules:
            if rule.takes(path, exchange.body):
                return rule
        return self.rules[-1]

    def _candidates(self, host: str, method: str, scheme: str) -> tuple[Destination, ...]:
        return tuple(rule for rule in self.rules if rule.may_take(host, method, scheme))
