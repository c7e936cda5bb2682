"""`telemetry-audit verify`: whether an evidence pack is what somebody signed, and whether the audit in it comes out again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from telemetry_audit.catalog import load
from telemetry_audit.cli.deployment_options import refuse_deployment
from telemetry_audit.cli.exit_codes import FAILED, FAULT, NOTHING_WRONG
from telemetry_audit.cli.faults import tell_faults
from telemetry_audit.cli.gathering import gather
from telemetry_audit.cli.journals import as_packed, only_journals, opened
from telemetry_audit.cli.output import Stop, say
from telemetry_audit.cli.rerun import Again, report_again, run_again
from telemetry_audit.evidence_pack.checking import differences, signature, unlike_inputs
from telemetry_audit.evidence_pack.contents import LIVE
from telemetry_audit.evidence_pack.keys import KeyProblem, Trusted, read_public, read_signers
from telemetry_audit.evidence_pack.manifest import MANIFEST, Manifest, NotAManifest, read
from telemetry_audit.evidence_pack.reading import Contents, NotAPack, read_pack
from telemetry_audit.evidence_pack.sshsig import NAMESPACE
from telemetry_audit.formats.escape import shown
from telemetry_audit.journal import JOURNAL_KINDS, journal_report
from telemetry_audit.runs import here

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("pack", type=click.Path(path_type=Path))
@click.argument("recordings", nargs=-1, metavar="[RECORDING|JOURNAL]...")
@click.option("--public-key", type=_FILE, help="The signer's public key, a .pub file that you have from elsewhere.")
@click.option("--allowed-signers", type=_FILE, help="A list of signers that you trust, as ssh-keygen(1) describes it.")
@click.option("--canaries", multiple=True, type=_FILE, help="A list that the audit used. Repeatable.")
@click.option("--known-users", multiple=True, type=_FILE, help="A list that the audit used. Repeatable.")
@click.option(
    "--known-values", multiple=True, metavar="FILE[:COLUMN,...]", help="A list that the audit used. Repeatable."
)
@click.option("--domain", "domains", multiple=True, metavar="DOMAIN", help="A domain that the audit used. Repeatable.")
@click.pass_context
def verify(ctx: click.Context, /, pack: Path, recordings: tuple[str, ...], **options: Any) -> None:
    """Check an evidence PACK: its signature, every file in it and, with the recordings, what the audit says of them.

    Without a key of yours a signature proves only that the pack is unchanged since someone with the signing key signed it. With the recordings the
    audit is run again under the configuration of the pack, its verdicts are compared and, if this version made the pack, every file is written again
    and must be the same. What it used of lists is not in the pack and is given again; which files those were is told by keyed digests. No
    audit.toml is read. Of a live audit, with its journals, the reports are made again: a journal holds no traffic to audit.

    \b
    Exit codes:
      0   all that was checked is as it should be
      1   something is missing, changed, wrongly signed, or comes out differently
      2   a wrong call, or a file that is no pack; or lists or recordings are lacking
      70  a fault in telemetry-audit itself
    """  # noqa: D301 - click keeps the lines behind this character as they are
    trusted = _trusted(options["public_key"], options["allowed_signers"])
    contents, manifest = _opened(pack)
    bad = [*differences(contents, manifest)]
    signed = signature(contents, trusted)
    _print(
        f"{pack}: an audit by {manifest.tool.name} {manifest.tool.version}, {len(contents.files):,} files.",
        *(bad or ["Every file is as its manifest says."]),
        signed.says,
    )
    good, faults = True, tuple[str, ...]()
    if journals := only_journals(recordings):
        refuse_deployment(ctx, options)
        good = _journaled(journals, manifest, contents.report)
    elif recordings:
        good, faults = _recorded(recordings, manifest, contents.report, options)
    tell_faults(faults)
    ctx.exit(FAULT if faults else NOTHING_WRONG if good and signed.good and not bad else FAILED)


def _recorded(
    names: tuple[str, ...], manifest: Manifest, report: bytes | None, options: dict[str, Any]
) -> tuple[bool, tuple[str, ...]]:
    """Whether the recordings are those of the pack and give what it says, which is printed, and faults of the program's own. Raises Stop."""
    if any(each.kind in JOURNAL_KINDS for each in manifest.inputs):
        raise Stop("The pack is of a live audit. Give its journals; a recording of the same traffic is for `check`.")
    found = gather(names, here)
    if not _are_those(manifest, [(each.name, each.sha256) for each in found], "recording"):
        return False, ()
    again = run_again(found, manifest, report, options)
    _tell(again)
    return again.same, again.faults


def _journaled(paths: tuple[Path, ...], manifest: Manifest, report: bytes | None) -> bool:
    """Whether the journals are those of the pack and give what it says, which is printed. Raises Stop."""
    with opened(paths) as journals:
        runs = {each.name: each.sha256 for each in journal_report(journals, load()).inputs}
        if not _are_those(manifest, [*runs.items()], "run"):
            return False
        named = as_packed(journals, runs, [(each.name, each.sha256) for each in manifest.inputs])
        if named is None:
            _print(f"{MANIFEST} says of a run that it is of another journal than it is.")
            return False
        again = report_again(named, manifest, report)
    _print(LIVE)
    _tell(again)
    return again.same


def _are_those(manifest: Manifest, found: Sequence[tuple[str, str]], noun: str) -> bool:
    """Whether these, each its name and SHA-256, are what was audited, which is printed. Raises Stop if one is lacking."""
    foreign, missing = unlike_inputs(manifest, found)
    if foreign:
        _print(*foreign)
        return False
    if missing:
        raise Stop(f"The audit cannot be run again without {', '.join(missing)}.")
    _print(
        f"The {noun} is the one that was audited." if len(found) == 1 else f"The {noun}s are those that were audited."
    )
    return True


def _tell(again: Again) -> None:
    _print(*again.circumstances, *again.verdicts, *again.rest)


def _print(*lines: str) -> None:
    """Print lines in which names may come from outside."""
    say("\n".join(map(shown, lines)))


def _trusted(public_key: Path | None, signers: Path | None) -> list[Trusted]:
    """The keys that the user names. Raises Stop, also where a list of signers trusts none for packs."""
    trusted: list[Trusted] = []
    try:
        if path := public_key:
            trusted += [Trusted(read_public(path.read_text("utf-8")), "the one that you gave")]
        if path := signers:
            trusted += read_signers(path.read_text("utf-8"), NAMESPACE)
    except OSError as problem:
        raise Stop(f"{path} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise Stop(f"{path} is no text.") from None
    except KeyProblem as problem:
        raise Stop(f"{path} cannot be used: {problem}.") from None
    if signers and not trusted:
        raise Stop(f"{signers} trusts no Ed25519 key for {NAMESPACE}.")
    return trusted


def _opened(pack: Path) -> tuple[Contents, Manifest]:
    try:
        contents = read_pack(pack)
        return contents, read(contents.manifest or b"")
    except NotAPack as problem:
        raise Stop(f"{pack} is no evidence pack: {problem}.") from None
    except NotAManifest as problem:
        raise Stop(f"The {MANIFEST} of {pack} cannot be used: {problem}.") from None
    except OSError as problem:
        raise Stop(f"{pack} cannot be read: {problem.strerror}.") from None
