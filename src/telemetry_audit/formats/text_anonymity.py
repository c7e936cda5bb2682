"""What a terminal shows of who can be told apart: the fields, pairs and joins that tell the most."""

from __future__ import annotations

from collections.abc import Iterator

from click import style

from telemetry_audit.anonymity import Anonymity
from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.text_table import cut, tabulate

_FEW = 3
_FEW_ROWS = 5


def anonymity(picture: Anonymity) -> Iterator[str]:
    """The lines of that section; none where no field tells anybody apart."""
    if not picture.fields:
        return
    yield ""
    yield style("Who can be told apart: a picture, and no verdict", bold=True)
    yield f"Told apart by identities and browsers' ids: {picture.people:,} {'person' if picture.people == 1 else 'people'}."
    yield "A field singles out somebody if one of its values was seen with them and with nobody else."
    rows = [
        (
            cut(shown(each.pointer), 40),
            each.kind,
            f"{each.events:,}",
            f"{each.values:,}",
            f"{each.most_shared:,}",
            f"{each.singled_out:,}",
        )
        for each in sorted(picture.fields, key=lambda each: (-each.singled_out, -each.values, each.pointer))[:_FEW_ROWS]
    ]
    headers = ("field", "kind", "events", "values", "most share", "singles out")
    yield tabulate(rows, headers, disable_numparse=True, colalign=("left", "left", "right", "right", "right", "right"))
    if picture.listed:
        yield (
            f"Listed users who were seen by a digest: {picture.listed:,}; "
            f"by more than one, so that their ids can be put together: {picture.several_ids:,}."
        )
    yield from (
        f"{shown(one)} and {shown(other)} together single out {count:,}."
        for (one, other), count in picture.pairs[:_FEW]
    )
    yield from (
        f"The server's {shown(join.server)} and the browser's {shown(join.browser)} have values in common: {join.values:,}."
        for join in picture.joins[:_FEW]
    )
    yield from (f"Limit: {limit}." for limit in picture.limits)
