"""Seeded chance, and the values of which telemetry is made: ids, digests, times, versions, user agents."""

from __future__ import annotations

import hashlib
import random
import string
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

_ALPHANUMERIC = string.ascii_letters + string.digits
_START = datetime(2024, 1, 1, tzinfo=UTC)
_CHROMES = tuple(range(96, 146))
_SYSTEMS = (
    "Windows NT 10.0; Win64; x64",
    "Macintosh; Intel Mac OS X 10_15_7",
    "X11; Linux x86_64",
    "X11; CrOS x86_64 14541.0.0",
)


class Draw(random.Random):
    """A seeded random source that knows the shapes of telemetry."""

    def one[T](self, choices: Sequence[T]) -> T:
        """One of these."""
        return choices[int(self.random() * len(choices))]

    def happens(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random() < share

    def hexadecimal(self, digits: int) -> str:
        """Lower-case hexadecimal digits."""
        return f"{self.getrandbits(digits * 4):0{digits}x}"

    def digits(self, count: int) -> str:
        """Decimal digits, the first of which may be 0."""
        return "".join(self.choices(string.digits, k=count))

    def letters(self, count: int, alphabet: str = _ALPHANUMERIC) -> str:
        """Characters of an alphabet."""
        return "".join(self.choices(alphabet, k=count))

    def object_id(self) -> str:
        """A MongoDB ObjectId: seconds since the epoch, a machine, a counter; 24 hex digits."""
        return f"{self.randint(0x5F000000, 0x69000000):08x}{self.hexadecimal(16)}"

    def uuid(self) -> str:
        """A random UUID, version 4."""
        return str(UUID(int=self.getrandbits(128), version=4))

    def sha256(self) -> str:
        """A SHA-256 of something unknown."""
        return hashlib.sha256(self.randbytes(8)).hexdigest()

    def moment(self) -> datetime:
        """A time in two years, to the millisecond."""
        return _START + timedelta(milliseconds=self.randrange(2 * 366 * 86_400_000))

    def iso(self) -> str:
        """A time as JavaScript writes it, at times with an offset as Java does."""
        moment = self.moment().isoformat(timespec="milliseconds")
        return moment.replace("+00:00", self.one(("Z", "Z", "Z", "+02:00", "+05:30", "+0000")))

    def epoch(self) -> int:
        """Milliseconds since the epoch."""
        return int(self.moment().timestamp() * 1000)

    def version(self) -> str:
        """A version of Appsmith or of a library."""
        return self.one(
            (
                f"v1.{self.randint(8, 99)}",
                f"v1.{self.randint(8, 99)}.{self.randint(0, 9)}",
                f"1.{self.randint(5, 20)}.{self.randint(1, 40)}.{self.randint(1, 9)}",
                f"{self.randint(1, 20)}.{self.randint(0, 30)}.{self.randint(0, 30)}",
                f"{self.randint(1, 9)}.0.0-beta.{self.randint(1, 9)}+{self.moment():%Y%m%d%H%M}",
                f"{self.randint(1, 4)}.{self.randint(0, 9)}.0-SNAPSHOT",
            )
        )

    def user_agent(self) -> str:
        """How a browser introduces itself."""
        chrome = self.one(_CHROMES)
        build, engine = (
            f"{chrome}.0.{self.randint(4000, 7900)}.{self.randint(10, 250)}",
            "AppleWebKit/537.36 (KHTML, like Gecko)",
        )
        edge, safari = (
            f"{chrome}.0.{self.randint(1000, 3500)}.{self.randint(1, 99)}",
            f"17.{self.randint(0, 6)}.{self.randint(0, 3)}",
        )
        system = self.one(_SYSTEMS)
        return "Mozilla/5.0 " + self.one(
            (
                f"({system}) {engine} Chrome/{chrome}.0.0.0 Safari/537.36",
                f"({system}) {engine} Chrome/{build} Safari/537.36 Edg/{edge}",
                f"({system}; rv:{chrome}.0) Gecko/20100101 Firefox/{chrome}.0",
                f"({_SYSTEMS[1]}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{safari} Safari/605.1.15",
                f"(Linux; Android 14; K) {engine} Chrome/{build} Mobile Safari/537.36 SamsungBrowser/24.0",
            )
        )
