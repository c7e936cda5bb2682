"""An imaginary instance with its users: what all of its messages share."""

from __future__ import annotations

import hashlib
import json

from detection.drawing import Draw
from detection.noise import noise
from detection.row import Json

SERVER = "203.0.113.7"
"""The server's address, which the operator of the benchmark names."""
"""The server's address, which the operator of the benchmark names."""


def compact(payload: Json) -> bytes:
    """JSON without blanks."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


class Sender:
    """One instance: its id, its project's key, and the hashes of its users."""

    def __init__(self, draw: Draw, users: tuple[str, ...]) -> None:
        """`users` are e-mail addresses of people whose hashes stand in the messages, as documented."""
        self.draw = draw
        self.hashes = [hashlib.sha256(user.encode()).hexdigest() for user in users]
        self.instance = draw.object_id()
        self.key = draw.letters(32)
        self._noise = noise(draw)

    def more(self, inner: dict[str, Json], least: int = 1, most: int = 6) -> None:
        """Fields that no document shows, under names that are still free."""
        for _ in range(self.draw.randint(least, most)):
            name, value = self.draw.one(self._noise)()
            inner.setdefault(name, value)

    def user(self) -> str:
        """Whose event it is: mostly a hash."""
        return self.draw.one(
            (self.draw.one(self.hashes), self.draw.sha256(), self.draw.one(self.hashes), "anonymousUser")
        )

    def common(self, user: str) -> dict[str, Json]:
        """What newer servers say in every event, and older ones the first four of."""
        draw = self.draw
        common = {
            "id": user,
            "oid": draw.object_id(),
            "originService": "appsmith-server",
            "instanceId": self.instance,
        }
        if draw.happens(0.7):
            common |= {
                "emailDomainHash": draw.sha256(),
                "adminEmailDomainHash": draw.sha256(),
                "version": draw.version(),
                "edition": draw.one(("CE", "EE")),
                "cloudProvider": draw.one(("docker", "aws", "")),
                "efs": "not found",
                "tool": draw.one(("docker", "helm", "other")),
                "hostname": draw.one((draw.hexadecimal(12), "appsmith-0")),
                "deployedAt": draw.iso(),
            }
        return common

    def browser(self) -> dict[str, str]:
        """The headers that a browser adds."""
        return {
            "Content-Type": "text/plain",
            "User-Agent": self.draw.user_agent(),
            "Origin": "https://apps.example.com",
            "Referer": "https://apps.example.com/app/orders",
            "Accept-Language": "en-GB,en;q=0.9",
            "Cookie": f"ajs_anonymous_id={self.draw.uuid()}; _ga=GA1.1.{self.draw.digits(9)}.{self.draw.digits(10)}",
            "Baggage": f"sentry-environment=production,sentry-trace_id={self.draw.hexadecimal(32)},sentry-sampled=true",
        }
