"""An account for every connection and every exchange, opened once and closed exactly once."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from mitmproxy import http

from telemetry_audit.live.flows import Tee
from telemetry_audit.model import Observation


class Came(StrEnum):
    """What became of a connection, in order of precedence: one that was not looked into counts as that, whatever else came over it."""

    PASSTHROUGH = "passthrough"
    OPAQUE = "opaque"
    TLS_REFUSED = "tls_refused"
    WITH_EXCHANGE = "with_exchange"
    NO_EXCHANGE = "no_exchange"


class Became(StrEnum):
    """What became of an exchange."""

    DECODED = "decoded"
    UNDECODABLE = "undecodable"
    NOT_TELEMETRY = "not_telemetry"
    INCOMPLETE = "incomplete"


class Connection:
    """The account of one connection of a client.

    `came` is what is known of it so far, `host` where it leads ("" where nobody said), `spoke` whether anything came over it since it was last told
    what it is, `agreed` whether it agreed on TLS and has said nothing since, `hello` what tells the kind of client when it asks for TLS.
    `open` holds the flows whose exchanges are not closed.
    """

    __slots__ = ("agreed", "came", "hello", "host", "open", "spoke")

    def __init__(self) -> None:
        """Open it."""
        self.came: set[Came] = set()
        self.hello: object = None
        self.host = ""
        self.spoke = False
        self.agreed = False
        self.open: set[str] = set()

    @property
    def silent(self) -> bool:
        """Whether something came over it and none of it made sense."""
        return self.spoke and not self.came


class Account:
    """The account of the exchange that `flow` is, with this number; `tee` holds a body that passes in pieces."""

    __slots__ = ("flow", "number", "tee")

    def __init__(self, number: int, flow: http.HTTPFlow) -> None:
        """Open it."""
        self.number = number
        self.flow = flow
        self.tee: Tee | None = None


class Ledger:
    """All accounts of one run of the proxy; ids are mitmproxy's, of connections and of flows."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.connections: dict[str, Connection] = {}
        self.exchanges: dict[str, Account] = {}
        self._counts: Counter[str] = Counter()
        self._numbers = 0

    def number(self) -> int:
        """The next number of something that is counted as an exchange."""
        self._numbers += 1
        return self._numbers - 1

    def connect(self, connection: str) -> None:
        """Open a connection's account."""
        self._counts["connections"] += 1
        self.connections[connection] = Connection()

    def connection(self, connection: str) -> Connection:
        """The account of a connection; of one that nobody announced, such as a replayed flow's, one that does not count."""
        return self.connections.get(connection) or Connection()

    def disconnect(self, connection: str) -> Connection | None:
        """Close a connection's account, if it is open."""
        account = self.connections.pop(connection, None)
        if account is not None:
            self._counts[next((came for came in Came if came in account.came), Came.NO_EXCHANGE)] += 1
        return account

    def open(self, flow: http.HTTPFlow) -> Account:
        """The account of an exchange, opened if it is not."""
        account = self.exchanges.get(flow.id)
        if account is None:
            account = self.exchanges[flow.id] = Account(self.opened(flow.client_conn.id), flow)
            self.connection(flow.client_conn.id).open.add(flow.id)
        return account

    def opened(self, connection: str) -> int:
        """The number of an exchange that is closed as soon as it is opened."""
        self._counts["exchanges"] += 1
        self.connection(connection).came.add(Came.WITH_EXCHANGE)
        return self.number()

    def close(self, account: Account) -> None:
        """Take an exchange off the open accounts; what became of it is to be told to `became`."""
        self.exchanges.pop(account.flow.id, None)
        self.connection(account.flow.client_conn.id).open.discard(account.flow.id)

    def became(self, observation: Observation, *, whole: bool = True) -> None:
        """Enter what became of an exchange whose account was closed; it was not `whole` where its end did not come."""
        self._counts[_became(observation, whole=whole)] += 1

    def observed(self) -> None:
        """Enter that an observation which counts was given to the journal."""
        self._counts["observations"] += 1

    def counts(self) -> dict[str, int]:
        """How many of each there were: `connections` and each `Came`, `exchanges` and each `Became`, and `observations`."""
        names = ("connections", *Came, "exchanges", *Became, "observations")
        return {str(name): self._counts[name] for name in names}

    def unbalanced(self) -> tuple[str, ...]:
        """The sums that do not come out when everything is closed, as sentences; none if the ledger is in order."""
        counts = self.counts()
        sums = (("connections", Came), ("exchanges", Became))
        return tuple(
            f"{counts[name]} {name} were opened and {total} closed"
            for name, parts in sums
            if counts[name] != (total := sum(counts[part] for part in parts))
        )


def _became(observation: Observation, *, whole: bool) -> Became:
    if not whole:
        return Became.INCOMPLETE
    if observation.ignored_by:
        return Became.NOT_TELEMETRY
    return Became.UNDECODABLE if observation.unread else Became.DECODED
