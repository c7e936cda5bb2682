"""Addresses of Bitcoin's wallets, told by their check sums."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_ADDRESS = re.compile(
    r"(?<![0-9A-Za-z_])(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{23,71})(?![0-9A-Za-z_])", re.ASCII
)


_SHORTEST = 26


def _find(text: str) -> Iterator[Shape]:
    if len(text) < _SHORTEST:
        return
    for match in _ADDRESS.finditer(text):
        if _is_valid(match.group()):
            yield Shape("wallet", match.group())


def _is_valid(address: str) -> bool:
    from stdnum import bitcoin  # noqa: PLC0415 - loaded where there is a candidate

    return bool(bitcoin.is_valid(address))


WALLET = Detector(
    id="wallet",
    says="The address of a Bitcoin wallet, by the check sum of base58check or Bech32 (BIP 13, BIP 173; python-stdnum).",
    names={"wallet": "the address of a wallet"},
    triggers=("1", "3", "bc1"),
    find=_find,
    exact=True,
    examples=(
        Example("my wallet is 16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ.", ("wallet",)),
        Example("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", ("wallet",)),
        Example("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", ("wallet",)),
        Example("16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyY, 3, 1, bc1qar0srrr7xfkvy", ()),
    ),
)
