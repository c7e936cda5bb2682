"""Text from outside as a terminal may show it."""

from __future__ import annotations


def shown(text: str) -> str:
    r"""`text` with every character that is not printable written as `\x1b` or `\u202e`, so that it can neither act nor reorder."""
    if text.isprintable() and text.isascii():
        return text
    return "".join(
        character if character.isprintable() and not _reorders(character) else _written(character) for character in text
    )


def _reorders(character: str) -> bool:
    return "\u200b" <= character <= "\u200f" or "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"


def _written(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the widths of Python's escapes
