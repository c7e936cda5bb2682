"""Tables and cells for a terminal."""

from __future__ import annotations

from typing import Any


def tabulate(*rows: Any, **options: Any) -> str:
    """`tabulate.tabulate`, loaded when a table is printed: it takes longer to load than all the rest."""
    from tabulate import tabulate as table  # noqa: PLC0415

    return table(*rows, **options)


def cut(text: str, width: int) -> str:
    """`text`, with an ellipsis at its end where it has more characters than `width`."""
    return text if len(text) <= width else text[: width - 1] + "…"
