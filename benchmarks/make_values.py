"""Makes the lists of an operator who gives all that there is to give: an export of a datasource, users and canaries. None of it is real.

python make_values.py FOLDER     # values.txt, users.txt and canaries.txt
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

VALUES, USERS, CANARIES = 10_000, 100, 30


def values(count: int, random: Random) -> list[str]:
    """Made-up values as a table of customers holds them: addresses, names, telephones, numbers of orders."""
    makers = (
        lambda n: f"person{n}.{random.getrandbits(32):x}@customer{n % 997}.example",
        lambda n: f"First{random.getrandbits(20):x} Middle{n} Last{random.getrandbits(20):x}",
        lambda n: f"+1 {random.randrange(200, 999)} 555 {n:06}",
        lambda n: f"ORD-{random.getrandbits(40):010X}-{n}",
    )
    return [makers[number % len(makers)](number) for number in range(count)]


def main() -> None:
    """Writes the lists, the same for the same seed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = Random(options.seed)
    lists = {
        "values": values(VALUES, random),
        "users": [f"user{n}.{random.getrandbits(32):x}\tuser{n}@company.example" for n in range(USERS)],
        "canaries": [f"CANARY-{random.getrandbits(64):016x}" for _ in range(CANARIES)],
    }
    for name, lines in lists.items():
        (options.folder / f"{name}.txt").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
