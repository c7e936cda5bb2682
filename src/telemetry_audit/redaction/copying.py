"""A recording to its copy: look at all of it, write it anew, and audit what was written before it gets its name."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from telemetry_audit.audit import Audit
from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers import NotARecording, Recording, exchanges, open_recording
from telemetry_audit.redaction.exchanges import Part, Redacted, Redactor
from telemetry_audit.redaction.found import found
from telemetry_audit.redaction.secrets import Secrets
from telemetry_audit.redaction.writers import Writer, stored_writer, write_har

_SAMPLE = Exchange(
    "", 0, 0.0, "POST", "https", "", 443, "/", (("content-type", "application/json; charset=utf-8"),), b"{}"
)
_HEAD = 4096
_WORDS = "characters text/plain application/x-www-form-urlencoded mozilla/5.0 redacted.invalid left out"


class Refused(ValueError):
    """The copy still holds something that was found; the sentence says in which exchange, and no copy is left behind."""


@dataclass(slots=True)
class Copied:
    """What was copied: exchanges by how much of them is in the copy, and how many values were taken out one by one."""

    exchanges: Counter[Part] = field(default_factory=Counter)
    values: int = 0


def redact(recording: Recording, audit: Audit, output: Path) -> Copied:
    """Write a copy of the recording, mode 0600, in which nothing stands that the audit finds; `output` must not be there yet.

    Raises Refused if the audit of the copy still finds something, and OSError as writing does; then nothing is left behind.
    """
    write = _writer(recording)
    redactor = Redactor(audit, _secrets(recording, audit, write))
    copied = Copied()
    descriptor, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(_counted(map(redactor.redacted, exchanges(recording)), copied), file)
            file.flush()
            os.fsync(file.fileno())
        _prove(temporary, redactor, copied)
        os.link(temporary, output)  # unlike a renaming, it replaces nothing
    finally:
        temporary.unlink(missing_ok=True)
    return copied


def _secrets(recording: Recording, audit: Audit, write: Writer) -> Secrets:
    """Every text that is found anywhere in the recording, but for the words that stand in every recording."""
    texts: set[str] = set()
    for item in exchanges(recording):
        if isinstance(item, Exchange):
            texts |= found(audit, item, audit.see(item)).texts
    hosts = (host for destination in audit.catalog.destinations for host in destination.hosts)
    return Secrets.of(texts, "\n".join((*audit.catalog.vocabulary, *hosts, _WORDS, _skeleton(write))))


def _skeleton(write: Writer) -> str:
    """What a copy holds although nothing is in it."""
    with tempfile.TemporaryFile() as file:
        write([_SAMPLE], file)
        file.seek(0)
        return file.read().decode("latin-1")


def _counted(items: Iterable[Redacted], copied: Copied) -> Iterator[Exchange | Unread]:
    for each in items:
        copied.exchanges[each.part] += 1
        copied.values += each.values
        yield each.item


def _prove(path: Path, redactor: Redactor, copied: Copied) -> None:
    """Audit the copy as it stands on the disk, and search its bytes. Raises Refused."""
    try:
        copy = open_recording(str(path))
    except NotARecording:
        raise Refused("The copy cannot be read as a recording, so nothing shows that it is clean.") from None
    count = 0
    for item in exchanges(copy):
        count += 1
        if not redactor.is_clean(item):
            raise Refused(f"Exchange {item.number} of the copy would still hold what was found.")
    if count != copied.exchanges.total():
        raise Refused(f"The copy would hold {count:,} exchanges instead of {copied.exchanges.total():,}.")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if redactor.holds(content):
            raise Refused("What was found would still stand in the bytes of the copy.")


def _writer(recording: Recording) -> Writer:
    if recording.kind == "HAR":
        return write_har
    if recording.kind == "stored events":
        head = recording.source.content[:_HEAD] if recording.source else b""
        return stored_writer(as_list=head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"[")
    from telemetry_audit.redaction.dump_writer import write_dump  # noqa: PLC0415 - mitmproxy takes a second to import

    return write_dump
