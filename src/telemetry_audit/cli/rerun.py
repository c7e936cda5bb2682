"""The audit of an evidence pack run again, or the report of its journals made again, and compared promise by promise, then file by file."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from telemetry_audit import __version__
from telemetry_audit.catalog import Catalog, load
from telemetry_audit.cli.exit_codes import FAIL_ON, FAULT, exit_code
from telemetry_audit.cli.output import Stop
from telemetry_audit.cli.run import run
from telemetry_audit.configuration import Configuration, ConfigurationError, deployment, own_host
from telemetry_audit.decoders import DECODERS
from telemetry_audit.deployment import Deployment
from telemetry_audit.evidence_pack.checking import unlike
from telemetry_audit.evidence_pack.contents import (
    answers,
    limits_of_live,
    list_digests,
    pack_files,
    terms_of,
    terms_of_live,
)
from telemetry_audit.evidence_pack.manifest import MANIFEST, Answer, Manifest, Terms, read
from telemetry_audit.evidence_pack.reports import JSON_REPORT, NoDecisions, decided_again, rendered
from telemetry_audit.journal import Journal, journal_report
from telemetry_audit.lists import Column, key_path
from telemetry_audit.readers import Recording
from telemetry_audit.report import Report


class Again(NamedTuple):
    """What came of the audit: sentences on what may explain differences, a line for each verdict, sentences on the rest, and faults.

    `same` is whether all verdicts and, if the same version made the pack, all its files came out again.
    """

    circumstances: tuple[str, ...]
    verdicts: tuple[str, ...]
    rest: tuple[str, ...]
    same: bool
    faults: tuple[str, ...] = ()


def run_again(found: Sequence[Recording], manifest: Manifest, told: bytes | None, options: Mapping[str, Any]) -> Again:
    """Audit the recordings of a pack again; `options` name the lists. Raises Stop if those are not the lists of the audit.

    `told` is the pack's JSON report: what was accepted stands there, and no verdict is taken from it.
    """
    catalog = load()
    given, digests = _given(found, manifest, catalog, options)
    gc.disable()  # observations hold no cycles; looking for some would take a third of the time
    done = run(_named(found, manifest), catalog, given, manifest.deployment.configuration)
    made = _compared(done.report, manifest, told, catalog, terms_of(done.report, given, digests))
    return made._replace(faults=tuple(done.faults))


def report_again(journals: Sequence[Journal], manifest: Manifest, told: bytes | None) -> Again:
    """Report on the journals of a pack again; `told` is as above. Raises JournalError.

    Faults from when a journal was written are no faults of this: they stand in the report.
    """
    catalog = load()
    done = journal_report(journals, catalog)
    return _compared(
        done,
        manifest,
        told,
        catalog,
        terms_of_live(done),
        limits=limits_of_live(done),
        failed=any(run.faults for journal in journals for run in journal.runs),
    )


def _compared(  # noqa: PLR0913 - what a pack is made of
    report: Report,
    manifest: Manifest,
    told: bytes | None,
    catalog: Catalog,
    terms: Terms,
    *,
    limits: tuple[str, ...] = (),
    failed: bool = False,
) -> Again:
    """How a report and the pack that it would make stand to the pack of the manifest."""
    then = {each.promise: each for each in manifest.promises}
    now = {each.promise: each for each in answers(report)}
    verdicts = tuple(_line(id_, then.get(id_), now.get(id_)) for id_ in dict.fromkeys((*then, *now)))
    circumstances = tuple(_circumstances(manifest, catalog))
    if then != now:
        return Again(circumstances, verdicts, ("The verdicts are not all the same.",), same=False)
    if circumstances:
        alone = (
            "All verdicts are the same. They alone were compared, and no file: whether the reports say what the audit says can be told by the",
            f"telemetry-audit {manifest.tool.version} that made the pack, for it writes them again, and others write them differently.",
        )
        return Again(circumstances, verdicts, alone, same=True)
    bad: tuple[str, ...]
    try:
        decided = decided_again(report, told or b"")
    except NoDecisions:
        bad = (f"{JSON_REPORT} does not tell what was accepted, so the reports cannot be written again.",)
    else:
        code = FAULT if failed else exit_code(decided, FAIL_ON)
        again = pack_files(decided, rendered(decided), terms, code, limits)
        bad = tuple(unlike(manifest, read(again[MANIFEST])))
    rest = ("All verdicts are the same.", *(bad or ("Every file comes out again, byte for byte.",)))
    return Again(circumstances, verdicts, rest, same=not bad)


def _given(
    found: Sequence[Recording], manifest: Manifest, catalog: Catalog, options: Mapping[str, Any]
) -> tuple[Deployment, tuple[str, ...]]:
    """The deployment of the pack with the lists that the user gives again, and their keyed digests. Raises Stop."""
    terms = manifest.deployment
    columns = tuple(map(Column.of, options["known_values"]))
    exports = tuple(each.path for each in columns)
    files: tuple[Path, ...] = (*options["canaries"], *options["known_users"], *exports, *map(key_path, exports))
    try:
        wanted = Configuration(
            server_addresses=terms.server_addresses,
            telemetry=terms.telemetry,
            document=terms.document,
            canaries=options["canaries"],
            known_users=options["known_users"],
            known_values=columns,
            domains=options["domains"],
            hosts=tuple(own_host(f"{each.name}={each.decoder}") for each in terms.hosts),
        )
        made = deployment(wanted, catalog, (decoder.id for decoder in DECODERS))
        digests = list_digests((each.secret for each in found), files, made.domains)
    except ConfigurationError as problem:
        raise Stop(str(problem)) from None
    except OSError as problem:
        raise Stop(f"A list cannot be read: {problem.strerror}.") from None
    _compare_lists(manifest, digests)
    return made, digests


def _compare_lists(manifest: Manifest, digests: Sequence[str]) -> None:
    """Raise Stop unless the lists are those of the audit."""
    told = manifest.deployment.lists
    lacking = sum(each not in digests for each in told.digests)
    if lacking:
        raise Stop(
            f"The audit used {told.canaries:,} canaries, {told.known_users:,} known users, {told.known_values:,} known values and "
            f"{told.domains:,} domains. Not given again, or changed since: {lacking} of its {len(told.digests)} lists. So the verdicts "
            "cannot be compared. Give them with --canaries, --known-users, --known-values and --domain."
        )
    if len(digests) > len(told.digests):
        raise Stop("You gave a list that the audit did not use, so the verdicts cannot be compared.")


def _named(recordings: Sequence[Recording], manifest: Manifest) -> list[Recording]:
    """The recordings in the manifest's order and under its names, whatever they are called here."""
    left = list(recordings)
    found = []
    for told in manifest.inputs:
        each = next(each for each in left if each.sha256 == told.sha256)
        left.remove(each)
        found.append(replace(each, name=told.name))
    return found


def _line(promise: str, then: Answer | None, now: Answer | None) -> str:
    """One line: whether the verdict is the same, what it is now, and what it was."""
    line = f"{'same' if then == now else 'different':9}  {now.verdict if now else 'no verdict':12}  {promise}"
    if then == now:
        return line
    if then is None or now is None or then.verdict != now.verdict:
        return f"{line}; the pack says {then.verdict if then else 'nothing'}"
    return f"{line}; the pack counts {_counted(then)}, and now there are {_counted(now)}"


def _counted(answer: Answer) -> str:
    return f"{answer.breaches} breaches, {answer.drift} drift and {answer.notes} notes"


def _circumstances(manifest: Manifest, catalog: Catalog) -> Iterator[str]:
    """What may explain a difference."""
    if manifest.tool.version != __version__:
        yield f"This is version {__version__}; the audit was made by {manifest.tool.version}."
    if manifest.catalog_sha256 != catalog.digest:
        yield "This version knows other documents or events than the one that made the audit."
