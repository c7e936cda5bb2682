"""Compares what a request costs through plain mitmdump and through mitmdump with the addon.

Both run at once, on the loopback interface, and are loaded in turn with the same requests, so that a busy machine weighs on both alike. In each
turn, some requests come one at a time, for the latency, and some over several connections at once, for the requests per second. CPU time is that
of the proxy with the process that judges long payloads, until it has nothing left to do. Runs on Linux.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from client import Client, shared
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from mitmproxy.certs import CertStore
from proxies import Proxy, listens, mitmdump
from traffic import Request, requests

HERE = Path(__file__).parent
CONNECTIONS = 8
SINGLE = 50
TOGETHER = 150
ROWS = (
    *((scheme, kind, 1) for scheme in ("http", "https") for kind in ("other", "mixed")),
    *(("http", kind, 1) for kind in ("1 event", "10 events", "form")),
    ("http", "250 events", 10),
)
"""Scheme, kind of traffic, and by what the number of its requests is divided."""

HEAVY = (("", 0.5), ("16 MB", 0.5), ("bomb", 0.5))
"""What is sent beside small requests, if anything, and the seconds between two of it."""

HEAVY_ONES = 4


@dataclass(slots=True)
class Measured:
    """What a proxy took, over all turns: requests per second of each turn, CPU seconds per request, and seconds of latency.

    `cpu` is that of the proxy itself, on which the requests per second depend; `both` adds that of the process that judges long payloads.
    """

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    both: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    def late(self, share: float) -> float:
        """The latency in milliseconds that this share of the requests stays below."""
        return sorted(self.latencies)[int(share * (len(self.latencies) - 1))] * 1e3


@dataclass(frozen=True, slots=True)
class Place:
    """The proxies that are compared, and the certificate authority that both have."""

    proxies: tuple[Proxy, ...]
    trust: ssl.SSLContext

    def client(self, proxy: Proxy, scheme: str) -> Client:
        """A client of a proxy."""
        return Client(proxy.port, self.trust if scheme == "https" else None)


async def row(place: Place, scheme: str, kind: str, divisor: int, turns: int) -> list[Measured]:
    """What one kind of traffic costs each proxy; the first turn of each, in which connections are made, does not count."""
    found = [Measured() for _ in place.proxies]
    clients = [[place.client(proxy, scheme) for _ in range(CONNECTIONS)] for proxy in place.proxies]
    sent = [requests(kind, scheme) for _ in place.proxies]
    for number in range(turns + 1):
        each = list(zip(place.proxies, found, clients, sent, strict=True))
        for proxy, measured, several, row in reversed(each) if number % 2 else each:
            first, second = (list(islice(row, count // divisor)) for count in (SINGLE, TOGETHER))
            before = proxy.cpu()
            count = len(first) + len(second)
            latencies = await several[0].send_all(first)
            start = time.perf_counter()
            await shared(several, iter(second))
            seconds = time.perf_counter() - start
            await proxy.rests()
            if number:
                measured.latencies += latencies
                measured.rates.append(len(second) / seconds)
                after = proxy.cpu()
                measured.cpu.append((after.own - before.own) / count)
                measured.both.append((after.family - before.family) / count)
    for several in clients:
        for client in several:
            client.close()
    return found


async def beside(place: Place, kind: str, pause: float, turns: int) -> list[Measured]:
    """The latency of small requests through each proxy while large ones of a kind are sent beside them, with `pause` seconds between two."""
    found = [Measured() for _ in place.proxies]
    for number in range(turns):
        heavy = list(islice(requests(kind, "http", number), HEAVY_ONES)) if kind else []
        for proxy, measured in zip(place.proxies, found, strict=True):
            small, large = place.client(proxy, "http"), place.client(proxy, "http")
            others = requests("mixed", "http", number)
            background = asyncio.create_task(_one_by_one(large, heavy, pause))
            while not background.done():
                measured.latencies.append(await small.send(next(others)))
            await background
            small.close()
            large.close()
            await proxy.rests()
    return found


async def _one_by_one(client: Client, heavy: Sequence[Request], pause: float) -> None:
    for number in range(HEAVY_ONES):
        if heavy:
            await client.send(heavy[number])
        await asyncio.sleep(pause)


def line(name: str, found: Sequence[Measured]) -> str:
    """The line of a row: of requests per second and CPU the ratio, of latencies the milliseconds."""
    plain, other = found
    pairs = ((plain.rates, other.rates), (plain.cpu, other.cpu), (plain.both, other.both))
    ratios = "".join(f"{_ratio(*pair):8.2f}" if plain.rates else f"{'':8}" for pair in pairs)
    late = "".join(f"{each.late(share):9.1f}" for share in (0.5, 0.99) for each in found)
    return f"{name:28}{ratios}{late}"


def _ratio(plain: Sequence[float], other: Sequence[float]) -> float:
    """The median over the turns, so that one in which the machine had something else to do does not count."""
    return statistics.median(b / a for a, b in zip(plain, other, strict=True))


async def measure(place: Place, turns: int) -> None:
    """Print the table, a line as soon as it is measured."""
    for proxy in place.proxies:
        await listens(proxy.port)
    names = [f"{proxy.name:>9}" for proxy in place.proxies]
    print(f"{'':28}{'ratio of':>24}{'median ms':>18}{'99th percentile':>18}")
    print(f"{'':28}{'req/s':>8}{'CPU':>8}{'+ judge':>8}{''.join(names * 2)}", flush=True)
    for scheme, kind, divisor in ROWS:
        print(line(f"{scheme}, {kind}", await row(place, scheme, kind, divisor, turns)), flush=True)
    for kind, pause in HEAVY:
        print(
            line(f"http, mixed beside {kind or 'nothing'}", await beside(place, kind, pause, (turns + 2) // 3)),
            flush=True,
        )


def certificate(folder: Path) -> Path:
    """Make the CA that the proxies take for their own, and by it a certificate with its key for what answers them."""
    made = CertStore.from_store(folder, "mitmproxy", 2048).get_cert("example.com", [])
    key = made.privatekey.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem = folder / "upstream.pem"
    pem.write_bytes(key + made.cert.to_pem())
    return pem


@contextmanager
def internet(pem: Path) -> Iterator[int]:
    """The port on which everything is answered."""
    command = [sys.executable, str(HERE / "loopback.py"), str(pem)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            yield int(process.stdout.readline()) if process.stdout else 0
        finally:
            process.terminate()


def coverage(journal: Path) -> str:
    """What became of the exchanges of a journal, in a line: a benchmark of an audit that did not take place would be worth nothing."""
    command = [sys.executable, "-m", "telemetry_audit", "report", str(journal), "--format", "json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    return ", ".join(f"{value} {name}" for name, value in json.loads(done.stdout)["coverage"].items())


def main() -> None:
    """Start everything, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--turns", type=int, default=12)
    parser.add_argument(
        "--control", action="store_true", help="compare plain mitmdump with itself: what noise comes to"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as running:
        folder = Path(temporary)
        upstream = running.enter_context(internet(certificate(folder)))
        journal = folder / "audit.journal"
        addon = HERE.parent / "addons" / "telemetry_audit.py"
        audit = ("--scripts", str(addon), "--set", f"telemetry_audit_journal={journal}")
        with ExitStack() as compared:
            proxies = (
                compared.enter_context(mitmdump("plain", upstream, folder)),
                compared.enter_context(
                    mitmdump("plain", upstream, folder)
                    if options.control
                    else mitmdump("addon", upstream, folder, *audit)
                ),
            )
            trust = ssl.create_default_context(cafile=folder / "mitmproxy-ca-cert.pem")
            asyncio.run(measure(Place(proxies, trust), options.turns))
        if not options.control:
            print(coverage(journal))


if __name__ == "__main__":
    main()
