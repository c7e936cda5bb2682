"""Lists with one value a line."""

from __future__ import annotations

from pathlib import Path

from telemetry_audit.lists.error import ListError


def read_text(path: Path) -> str:
    """All of a list. Raises ListError."""
    try:
        return path.read_text("utf-8-sig")
    except OSError as problem:
        raise ListError(f"The list {path} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise ListError(f"The list {path} is not UTF-8 text.") from None
    except ValueError:
        raise ListError("The name of a list holds a character that no file's name can hold.") from None


def read_lines(path: Path) -> list[str]:
    """The values of a list: one a line, blank lines left out. Raises ListError."""
    values = [line.strip() for line in read_text(path).splitlines() if line.strip()]
    if not values:
        raise ListError(f"The list {path} is empty, so nothing would be looked for. Put one value on each line.")
    return values
