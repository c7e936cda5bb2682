"""Accepted findings as TOML: `[[accepted]]` tables in `audit.toml` or in a file of their own, read and added to."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from telemetry_audit.accepted import EVERY_RULE
from telemetry_audit.model import Acceptance, Level, Statement

MOST_WILDCARDS = 8
"""Wildcards in one event or pointer, since each makes matching slower by a factor."""

_FINDING = re.compile(r"TA-[0-9a-f]{12}")
_RULE = re.compile(r"[a-z0-9-]+")
_NAMES_NOTHING = {"*", "/"}


class AcceptanceError(ValueError):
    """An accepted finding cannot be read or added; the argument is a sentence to the operator that says where and what to do."""


class Table(msgspec.Struct, forbid_unknown_fields=True):
    """One `[[accepted]]` table as it is written."""

    reason: str
    finding: str = ""
    rule: str = ""
    event: str = ""
    pointer: str = ""
    who: str = ""
    until: date | None = None
    level: Level = Level.BREACH


class _File(msgspec.Struct, forbid_unknown_fields=True):
    accepted: list[Table] = []


def read_accepted(path: Path) -> tuple[Acceptance, ...]:
    """The accepted findings in a file that holds nothing else. Raises AcceptanceError."""
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except OSError as problem:
        raise AcceptanceError(f"{path} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise AcceptanceError(f"{path} is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as problem:
        raise AcceptanceError(f"{path} is not TOML: {problem}.") from None
    except msgspec.ValidationError as problem:
        raise AcceptanceError(
            f"{path}: {problem}. It holds [[accepted]] tables with finding, rule, event, pointer, level, reason, who and until."
        ) from None
    return acceptances(file.accepted, path)


def acceptances(tables: Iterable[Table], path: Path) -> tuple[Acceptance, ...]:
    """The decisions that stand in the tables of the file at `path`. Raises AcceptanceError."""
    return tuple(_acceptance(table, f"{path}, [[accepted]] {number}") for number, table in enumerate(tables, 1))


def with_accepted(text: str, statement: Statement, reason: str, who: str, until: date | None) -> str:
    """The text of a TOML file with one more table at its end, for exactly what `statement` says; all else stays as it is."""
    from tomlkit import dumps  # noqa: PLC0415 - only `accept` writes

    table: dict[str, Any] = {
        "finding": statement.id,
        "rule": statement.rule,
        "event": statement.event,
        "pointer": statement.pointer,
        "level": str(statement.level),
        "reason": reason,
        **({"who": who} if who else {}),
        **({"until": until} if until else {}),
    }
    end = "\r\n" if "\r\n" in text else "\n"
    gap = (end if text and not text.endswith("\n") else "") + (end if text.strip() else "")
    return text + gap + dumps({"accepted": [table]}).replace("\n", end)


def _acceptance(table: Table, where: str) -> Acceptance:
    """A table as a decision; what it leaves out beside a finding's id may be anything. Raises AcceptanceError."""
    if fault := _fault(table) or ("" if table.finding else _too_wide(table)):
        raise AcceptanceError(f"{where}: {fault}")
    return Acceptance(
        rule=table.rule or EVERY_RULE,
        event=table.event or "*",
        pointer=table.pointer or "**",
        reason=table.reason.strip(),
        who=table.who.strip(),
        until=table.until,
        where=where,
        ids=frozenset({table.finding} if table.finding else ()),
        level=table.level,
    )


def _fault(table: Table) -> str:
    if not table.reason.strip():
        return "say in reason why it is accepted."
    if table.finding and not _FINDING.fullmatch(table.finding):
        return "finding is an id of a report, TA- and twelve hexadecimal digits."
    if table.rule and not _RULE.fullmatch(table.rule):
        return "rule is the id of one rule, without wildcards; `telemetry-audit list rules` names them."
    return ""


def _too_wide(table: Table) -> str:
    """Why a table without a finding's id would accept more than anybody can have meant."""
    if not (table.rule and table.event and table.pointer):
        return "name the finding, or all of rule, event and pointer, the latter two with wildcards if need be."
    if set(table.event) | set(table.pointer) <= _NAMES_NOTHING:
        return "this would accept all that the rule ever finds. Name an event, or part of a pointer."
    if max(table.event.count("*"), table.pointer.count("*")) > 2 * MOST_WILDCARDS:
        return f"an event and a pointer have {MOST_WILDCARDS} wildcards at most."
    return ""
