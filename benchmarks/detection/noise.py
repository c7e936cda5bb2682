"""The fields that a detector must leave alone: what stands in telemetry, names nobody, and looks as if it did."""

from __future__ import annotations

from collections.abc import Callable

from detection.drawing import Draw
from detection.identifiers import identifiers
from detection.row import Field
from detection.structures import structures
from detection.versions import versions
from detection.wordings import wordings


def noise(draw: Draw) -> list[Callable[[], Field]]:
    """Makers of fields, each with the name under which an SDK, a browser or Appsmith sends it."""
    return [*identifiers(draw), *versions(draw), *structures(draw), *wordings(draw)]
