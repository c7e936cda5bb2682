"""`telemetry-audit pack`: an audit and everything that it takes to check it, in one folder or zip."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from telemetry_audit.catalog import Catalog, load
from telemetry_audit.cli.acceptance_options import acceptance_options, let_pass
from telemetry_audit.cli.deployment_options import deployment_of, deployment_options, refuse_deployment
from telemetry_audit.cli.exit_codes import FAIL_ON, FAULT, exit_code
from telemetry_audit.cli.faults import tell_faults
from telemetry_audit.cli.gathering import gather
from telemetry_audit.cli.journals import faults_of, only_journals, opened
from telemetry_audit.cli.output import Stop, say, tell
from telemetry_audit.cli.passphrase import PASSPHRASE, passphrase
from telemetry_audit.cli.run import run
from telemetry_audit.evidence_pack import MANIFEST, SIGNATURE
from telemetry_audit.evidence_pack.contents import limits_of_live, list_digests, pack_files, terms_of, terms_of_live
from telemetry_audit.evidence_pack.manifest import Terms
from telemetry_audit.evidence_pack.reports import rendered
from telemetry_audit.evidence_pack.writing import write_pack
from telemetry_audit.formats.text import conclusion
from telemetry_audit.journal import State, journal_report
from telemetry_audit.report import Report
from telemetry_audit.runs import here


@click.command()
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING|JOURNAL...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FOLDER|FILE.zip",
    help="Where to write the pack; what is there is never replaced.",
)
@click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Sign with this Ed25519 key, of `keygen` or ssh-keygen; its passphrase is taken from ${PASSPHRASE} or asked for.",
)
@deployment_options
@acceptance_options
@click.pass_context
def pack(ctx: click.Context, /, recordings: tuple[str, ...], output: Path, key: Path | None, **options: Any) -> None:
    """Audit recordings, which are named as for `check`, or report on journals, and put the evidence into a folder or zip.

    It holds the report in every format, the digests of the recordings, the configuration, the documents that the traffic was held against, and a
    manifest over all of it. The recordings stay out, and so do the lists of canaries, users, values and domains: the manifest has their numbers,
    and digests of them that only who has the recordings can make again. The same recordings, configuration and version give the same bytes,
    in whatever order the recordings are named. A journal tells its configuration itself, and stays out as well.

    \b
    Exit codes, once the pack is written:
      0   nothing wrong was found
      1   a breach that is not accepted
      2   a wrong call, or a file that cannot be read or written; then there is no pack
      3   inconclusive: no telemetry in it, or something unread
      70  a fault in telemetry-audit itself
    """  # noqa: D301 - click keeps the lines behind this character as they are
    if output.exists() or output.is_symlink():
        raise Stop(f"{output} is there already. Name another folder or file.")
    if not output.parent.is_dir():
        raise Stop(f"{output} cannot be written: there is no folder {output.parent}.")
    signer = _signer(key) if key else None
    catalog = load()
    passes = let_pass(options)
    journals = only_journals(recordings)
    if journals:
        refuse_deployment(ctx, options)
    done = _of_journals(journals, catalog) if journals else _of_recordings(recordings, catalog, options)
    report = passes.applied(done.report)
    code = FAULT if done.faults else exit_code(report, FAIL_ON)
    _write(output, pack_files(report, rendered(report), done.terms, code, done.limits), signer)
    say(conclusion(report))
    tell(f"The evidence is in {output}{f', signed by {signer.fingerprint}' if signer else ', not signed'}.")
    tell_faults(done.faults)
    ctx.exit(code)


class _Audited(NamedTuple):
    """What an audit came to, under which terms, where the program failed, and what of it cannot be made again."""

    report: Report
    terms: Terms
    faults: Sequence[str]
    limits: tuple[str, ...] = ()


def _of_recordings(names: tuple[str, ...], catalog: Catalog, options: dict[str, Any]) -> _Audited:
    """The audit of recordings. Raises Stop, also where a list can no longer be read."""
    described = deployment_of(catalog, options)
    gc.disable()  # observations hold no cycles; looking for some would take a third of the time
    found = sorted(gather(names, here), key=lambda each: (each.name, each.sha256))
    done = run(found, catalog, described.deployment, described.configuration)
    lists = described.files[1:] if described.configuration else described.files
    try:
        digests = list_digests((each.secret for each in found), lists, described.deployment.domains)
    except OSError as problem:
        raise Stop(f"A list cannot be read any more: {problem.strerror}.") from None
    return _Audited(done.report, terms_of(done.report, described.deployment, digests), done.faults)


def _of_journals(paths: tuple[Path, ...], catalog: Catalog) -> _Audited:
    """The report on journals. Raises Stop, also where one is still being written, for what it says now nobody could check later."""
    with opened(paths) as journals:
        for journal in journals:
            if any(each.state is State.RUNNING for each in journal.runs):
                raise Stop(
                    f"{journal.path} is still being written, so nobody could check later what it says now. End the proxy, or pack a copy of it."
                )
        report = journal_report(journals, catalog)
        return _Audited(report, terms_of_live(report), faults_of(journals), limits_of_live(report))


class _Signer(NamedTuple):
    """Something that signs, and the fingerprint of its key."""

    sign: Callable[[bytes], str]
    fingerprint: str


def _signer(path: Path) -> _Signer:
    """The signer with the key in a file. Raises Stop."""
    from telemetry_audit.evidence_pack.keys import KeyProblem, fingerprint, public_blob, read_private  # noqa: PLC0415 - cryptography is slow to import
    from telemetry_audit.evidence_pack.sshsig import sign  # noqa: PLC0415

    try:
        key = read_private(path.read_bytes(), passphrase)
    except OSError as problem:
        raise Stop(f"{path} cannot be read: {problem.strerror}.") from None
    except KeyProblem as problem:
        raise Stop(f"{path} cannot sign: {problem}.") from None
    return _Signer(lambda message: sign(message, key), fingerprint(public_blob(key.public_key())))


def _write(output: Path, files: dict[str, bytes], signer: _Signer | None) -> None:
    signed = {SIGNATURE: signer.sign(files[MANIFEST]).encode()} if signer else {}
    try:
        write_pack(output, files | signed)
    except FileExistsError:
        raise Stop(f"{output} is there already. Name another folder or file.") from None
    except OSError as problem:
        raise Stop(f"{output} cannot be written: {problem.strerror}.") from None
