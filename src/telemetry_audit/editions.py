"""Which verdicts another edition of the document would change, as far as what was counted can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from telemetry_audit.catalog import Catalog, Document
from telemetry_audit.model import EventBrief, Level, Verdict
from telemetry_audit.verdicts import Grounds, PromiseVerdict, verdicts
from telemetry_audit.wholes import WHOLES, gathered, outcomes

_DOCUMENTED, _SILENT = "only-documented", "silent-when-off"
_COUNTED = frozenset(whole.promise for whole in WHOLES if whole.id == whole.promise)
"""The promises that are judged by what is counted whatever the edition."""

NOT_PROMISED = "that edition does not promise it"

_UNTOLD = "the audit was not made under this edition, and what it counted cannot tell"


class Elsewhere(NamedTuple):
    """A promise whose verdict differs under another edition, and why; no verdict where that edition does not make it or nobody can tell."""

    edition: str
    promise: str
    verdict: Verdict | None
    why: str


def elsewhere(grounds: Grounds, here: Sequence[PromiseVerdict], catalog: Catalog) -> tuple[Elsewhere, ...]:
    """Every verdict that would differ under an edition that the audit was not held against alone."""
    others = (document for document in catalog.documents if document.id != grounds.terms.document)
    return tuple(each for document in others for each in _under(document, grounds, here, catalog))


def _under(
    document: Document, grounds: Grounds, here: Sequence[PromiseVerdict], catalog: Catalog
) -> Iterator[Elsewhere]:
    mine = {each.promise.id: each.verdict for each in here}
    theirs = {each.promise.id: each for each in verdicts(_grounds(document, grounds), catalog)}
    for promise in catalog.promises:
        verdict = mine.get(promise.id)
        there = theirs.get(promise.id)
        if promise.not_testable or (verdict in {None, Verdict.NOT_SEEN} and there is None):
            continue
        if there is None:
            yield Elsewhere(document.id, promise.id, None, NOT_PROMISED)
        elif promise.id == _DOCUMENTED:
            yield from _documented(document, grounds, mine.get(promise.id), catalog)
        elif promise.id == _SILENT:
            yield from _silent(document, grounds, mine.get(promise.id), catalog)
        elif verdict is None and promise.id not in _COUNTED:
            yield Elsewhere(document.id, promise.id, None, _UNTOLD)
        elif there.verdict is not (verdict or Verdict.NOT_SEEN):
            yield Elsewhere(document.id, promise.id, there.verdict, "; ".join(there.limits[:1]))


def _grounds(document: Document, grounds: Grounds) -> Grounds:
    """The same, with what the rules over the whole come to under another edition."""
    settled = {found.statement for outcome in grounds.outcomes.values() for found in outcome.found}
    lives = grounds.lives.under(document.id)
    others = outcomes(lives)
    findings = [finding for finding in grounds.findings if finding.statement not in settled]
    findings += [finding for outcome in others.values() for finding in gathered(outcome.found)]
    return replace(
        grounds,
        lives=lives,
        findings=tuple(findings),
        outcomes=others,
        terms=replace(grounds.terms, document=document.id),
    )


def _documented(document: Document, grounds: Grounds, verdict: Verdict | None, catalog: Catalog) -> Iterator[Elsewhere]:
    """Events that another edition does not document; whether its fields are those of an event is known only where this one documents it."""
    missing = [each for each in grounds.tally.events if each.documented and not _has(each, document.id, catalog)]
    fresh = [each for each in grounds.tally.events if not each.documented and _has(each, document.id, catalog)]
    if missing and verdict is not Verdict.DIFFERS:
        yield Elsewhere(document.id, _DOCUMENTED, Verdict.DIFFERS, f"it does not show {_names(missing)}")
    elif fresh:
        yield Elsewhere(document.id, _DOCUMENTED, None, f"{_UNTOLD}: it shows {_names(fresh)}")


def _silent(document: Document, grounds: Grounds, verdict: Verdict | None, catalog: Catalog) -> Iterator[Elsewhere]:
    """What another edition exempts while telemetry is off, and this one does not, or the other way round."""
    if verdict in {None, Verdict.NOT_SEEN}:
        return
    mine = catalog.exempt_when_off(grounds.terms.document or None)
    theirs = catalog.exempt_when_off(document.id)
    exempt = [each for each in grounds.tally.events if _is_exempt(each, mine, catalog)]
    lost = [each for each in exempt if not _is_exempt(each, theirs, catalog)]
    off = grounds.terms.telemetry is False
    if lost and verdict is not Verdict.BROKEN:
        why = f"it does not exempt {_names(lost)}"
        yield Elsewhere(document.id, _SILENT, Verdict.BROKEN if off else None, why if off else f"{_UNTOLD}: {why}")
    breaches = {
        finding.statement.event
        for finding in grounds.findings
        if finding.statement.promise == _SILENT and finding.statement.level is Level.BREACH
    }
    blamed = [each for each in grounds.tally.events if each.name in breaches]
    if verdict is Verdict.BROKEN and not lost and blamed and all(_is_exempt(each, theirs, catalog) for each in blamed):
        yield Elsewhere(document.id, _SILENT, None, f"{_UNTOLD}: it exempts {_names(blamed)}")


def _has(brief: EventBrief, edition: str, catalog: Catalog) -> bool:
    contract = catalog.named(brief.name)
    return contract is not None and contract.documented_in(edition)


def _is_exempt(brief: EventBrief, exempt: frozenset[str], catalog: Catalog) -> bool:
    contract = catalog.named(brief.name)
    return brief.purpose in exempt or (contract is not None and contract.id in exempt)


def _names(briefs: Iterable[EventBrief]) -> str:
    """Three names at most, and how many more."""
    names = sorted({brief.name for brief in briefs})
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""  # noqa: PLR2004 - a line's worth
    return ", ".join(names[:3]) + more
