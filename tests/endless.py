"""Work that says nothing and has no end, for processes of the engine: run as a program, it is given to one of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Event

from telemetry_audit.runs.engine import Tell
from telemetry_audit.runs.processes import processes


def endless(item: Path, tell: Tell, /) -> None:  # noqa: ARG001 - it has nothing to tell
    """Leave the number of the process in this file, and go on for ever."""
    part = item.with_suffix(".part")
    part.write_text(str(os.getpid()))
    part.rename(item)
    Event().wait()


if __name__ == "__main__":
    from tests.endless import endless as work  # another process finds it by its name, which is not that of a program

    with processes(1) as each:
        list(each(work, [Path(sys.argv[1])], print))
