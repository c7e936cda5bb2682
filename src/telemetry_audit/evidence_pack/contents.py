"""What goes into a pack: reports, schemas, the configuration without its lists, how to check it all, and the manifest over them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from telemetry_audit import __version__
from telemetry_audit.catalog import data_folder
from telemetry_audit.deployment import Deployment
from telemetry_audit.evidence_pack import manifest
from telemetry_audit.evidence_pack.manifest import (
    MANIFEST,
    SIGNATURE,
    Answer,
    File,
    Host,
    Input,
    Lists,
    Manifest,
    Terms,
    Tool,
)
from telemetry_audit.evidence_pack.reports import REPORTS
from telemetry_audit.report import Report

SCHEMAS = "schemas"
CONFIGURATION = "audit.toml"
LIVE = "The audit was live: its reports can be made again of the journals, and the audit cannot, for a journal holds no traffic."
"""What is to be said of a pack of journals."""

_SWITCH = {True: "on", False: "off", None: "unknown"}
_PERSON = b"audit-pack-lists"

_README = f"""This is an evidence pack of telemetry-audit: what an audit found, of which recordings, and under which terms.

  {MANIFEST}       every other file with its SHA-256, the recordings with theirs, the terms, and the verdicts
  {SIGNATURE}   if it is there: the signature of the manifest
  reports/            the reports, the same in several formats
  {SCHEMAS}/            the documents, promises and events that the traffic was held against
  {CONFIGURATION}          the configuration; the operator's lists are not in it, nor anywhere else in this pack

To check it:

  telemetry-audit verify PACK [RECORDING|JOURNAL...] --public-key KEY.pub

With the recordings the audit is run again; with the journals of a live audit the reports are made again.
Without telemetry-audit, OpenSSH and coreutils check the signature and the files:

  ssh-keygen -Y check-novalidate -n telemetry-audit -s {SIGNATURE} < {MANIFEST}
  ssh-keygen -Y verify -f ALLOWED_SIGNERS -I WHO -n telemetry-audit -s {SIGNATURE} < {MANIFEST}
  jq -r '.files[] | "\\(.sha256)  \\(.path)"' {MANIFEST} | sha256sum --check
"""


def list_digests(secrets: Iterable[bytes], files: Iterable[Path], domains: Iterable[str]) -> tuple[str, ...]:
    """A keyed digest (HMAC-SHA-256) of each list's bytes, and one of the domains if there are some, in order of the digests.

    A plain digest of a short list of users can be found by guessing. The key comes from the recordings' `secret`s, so only who has the recordings can
    try, and they hold more than the lists do. Raises OSError.
    """
    key = hashlib.blake2b(b"".join(sorted(secrets)), digest_size=32, person=_PERSON).digest()
    told = sorted(domains)
    found = [hmac.digest(key, b"file\0" + path.read_bytes(), "sha256").hex() for path in files if path.is_file()]
    found += [hmac.digest(key, b"domains\0" + "\n".join(told).encode(), "sha256").hex()] if told else []
    return tuple(sorted(found))


def pack_files(
    report: Report, reports: Mapping[str, bytes], terms: Terms, exit_code: int, limits: tuple[str, ...] = ()
) -> dict[str, bytes]:
    """Every file of a pack by its path, the manifest among them; `reports` are the rendered reports by file name."""
    files = {
        "README.txt": _README.encode(),
        CONFIGURATION: _configuration(terms, limits).encode(),
        **{f"{REPORTS}/{name}": content for name, content in reports.items()},
        **dict(_schemas()),
    }
    made = Manifest(
        version=manifest.VERSION,
        tool=Tool("telemetry-audit", __version__),  # a journal may be of another one
        catalog_sha256=report.terms.catalog,
        inputs=tuple(Input(each.name, each.kind, each.sha256, each.size, each.exchanges) for each in report.inputs),
        deployment=terms,
        promises=answers(report),
        exit_code=exit_code,
        files=tuple(
            File(path, hashlib.sha256(content).hexdigest(), len(content)) for path, content in sorted(files.items())
        ),
        limits=limits,
    )
    return files | {MANIFEST: manifest.written(made)}


def answers(report: Report) -> tuple[Answer, ...]:
    """The verdicts of a report, promise by promise, in its order."""
    return tuple(
        Answer(each.promise.id, str(each.verdict), each.breaches, each.drift, each.notes) for each in report.promises
    )


def terms_of(report: Report, deployment: Deployment, digests: tuple[str, ...]) -> Terms:
    """The terms of an audit of recordings; `digests` are those of its lists."""
    return replace(
        terms_of_live(report, digests),
        server_addresses=tuple(map(str, deployment.server_addresses)),
        hosts=tuple(Host(each.name, each.decoder) for each in deployment.hosts),
    )


def terms_of_live(report: Report, digests: tuple[str, ...] = ()) -> Terms:
    """The terms of a live audit, as far as its journal holds them."""
    told = report.terms
    return Terms(
        configuration=told.configuration,
        telemetry=_SWITCH[told.telemetry],
        document=told.document,
        server_addresses=(),
        hosts=(),
        lists=Lists(told.canaries, told.known_users, told.known_values, told.domains, digests),
    )


def limits_of_live(report: Report) -> tuple[str, ...]:
    """What cannot be made again of a live audit."""
    told = report.terms
    given = [
        *(["the server's addresses"] if told.server_addresses else []),
        *([f"{told.own_hosts} telemetry hosts"] if told.own_hosts else []),
    ]
    names = [f"{_sentence(' and '.join(given))} were given, and no journal holds them."] if given else []
    return (LIVE, *names)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _configuration(terms: Terms, limits: Iterable[str]) -> str:
    """The configuration as an `audit.toml`; what stands in quotes is written as JSON, which TOML's basic strings take."""
    lists = terms.lists
    lines = [
        "# The configuration of this audit. Accepted findings stand in the reports. The operator's lists are left out: there were",
        f"# {lists.canaries} canaries, {lists.known_users} known users, {lists.known_values} known values and {lists.domains} domains.",
        *(f"# {limit}" for limit in limits),
        f"server_addresses = [{', '.join(map(_quoted, terms.server_addresses))}]",
        f"telemetry = {_quoted(terms.telemetry)}",
        f"document = {_quoted(terms.document)}",
    ]
    for host in terms.hosts:
        lines += ["", "[[host]]", f"name = {_quoted(host.name)}", f"decoder = {_quoted(host.decoder)}"]
    return "\n".join((*lines, ""))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _schemas() -> Iterator[tuple[str, bytes]]:
    """The files over which the catalogue's digest goes."""
    folder = data_folder("schemas")
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".toml"}:
            yield f"{SCHEMAS}/{path.relative_to(folder).as_posix()}", path.read_bytes()
