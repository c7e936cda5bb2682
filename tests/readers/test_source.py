from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import pytest
from mitmproxy.test import tflow

from telemetry_audit.model import Exchange, Unread
from telemetry_audit.readers import NOT_UNPACKED, READERS, NotARecording, exchanges, open_recording

from .flows import dumped
from .recorded import anonymous, items, opened

EVENT = b'{"event": "x", "secret": "hunter2"}\n'
SAMPLES = {
    "HAR": b'{"log": {"entries": []}}',
    "stored events": EVENT,
    "mitmproxy dump": dumped([tflow.tflow()]),
}
READING = (
    "from telemetry_audit.readers import *; r = open_recording('-'); print(r.name, r.size, len(list(exchanges(r))))"
)


def test_every_reader_recognises_its_own_recordings_and_no_others() -> None:
    assert [reader.id for reader in READERS] == list(SAMPLES)
    for kind, sample in SAMPLES.items():
        assert [reader.id for reader in READERS if reader.recognises(sample)] == [kind]


def test_a_recording_is_known_by_its_digest_and_size(tmp_path: Path) -> None:
    path = tmp_path / "named.har"
    path.write_bytes(EVENT)
    recording = open_recording(str(path))
    assert (recording.name, recording.kind, recording.size) == (str(path), "stored events", len(EVENT))
    assert recording.sha256 == hashlib.sha256(EVENT).hexdigest()


def test_the_secret_depends_on_every_byte_and_is_not_the_digest() -> None:
    first, second, other = opened(EVENT), opened(EVENT), opened(EVENT + b" ")
    assert first.secret == second.secret
    assert len({first.secret, other.secret, bytes.fromhex(first.sha256)}) == 3
    assert len(first.secret) == 32
    assert first.secret.hex() not in repr(first)
    assert "hunter2" not in repr(first)


@pytest.mark.parametrize(
    "pack", [gzip.compress, zlib.compress, lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:]) + b"\0\0"]
)
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_compressed_recording_is_read_as_what_it_holds(kind: str, pack: object) -> None:
    packed: bytes = pack(SAMPLES[kind])  # type: ignore[operator]
    assert opened(packed).kind == kind
    assert opened(packed).sha256 == hashlib.sha256(packed).hexdigest()
    assert list(map(anonymous, items(packed))) == list(map(anonymous, items(SAMPLES[kind])))


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-20], lambda data: data[:-8] + b"damaged!", lambda data: data + b"more"]
)
def test_a_compressed_recording_that_is_damaged_is_read_as_far_as_it_goes(damage: object) -> None:
    lines = b"".join(b'{"event": %d}\n' % number for number in range(9999))
    packed: bytes = damage(gzip.compress(lines))  # type: ignore[operator]
    found = items(packed)
    assert isinstance(found[0], Exchange)
    assert anonymous(found[-1]) == ("", NOT_UNPACKED)


def test_a_pipe_is_read_like_a_file() -> None:
    reading, writing = os.pipe()
    os.write(writing, EVENT * 3)
    os.close(writing)
    recording = open_recording(f"/dev/fd/{reading}")
    os.close(reading)
    assert len(list(exchanges(recording))) == 3
    assert recording.sha256 == hashlib.sha256(EVENT * 3).hexdigest()


def test_standard_input_is_a_recording_too() -> None:
    done = subprocess.run([sys.executable, "-c", READING], input=EVENT * 2, capture_output=True, check=True)
    assert done.stdout.decode().split() == ["-", str(2 * len(EVENT)), "2"]


def test_a_recording_outlives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "recording"
    path.write_bytes(EVENT * 3)
    recording = open_recording(str(path))
    path.unlink()
    assert len(list(exchanges(recording))) == len(list(exchanges(recording))) == 3


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"", "it is empty"),
        (gzip.compress(b"", mtime=0), "it is empty"),
        (b"PK\x03\x04hunter2", "a ZIP archive"),
        (b"\xd4\xc3\xb2\xa1hunter2", "a packet capture"),
        (b"<html>hunter2", "HTML or XML"),
        (b'{"hunter2": 1}', "JSON of another shape"),
        (b"hunter2", "text of another shape"),
        (b"\x00hunter2", "binary data of another shape"),
        (b"\xff", "text of another shape"),
    ],
)
def test_what_is_no_recording_is_refused_without_quoting_it(data: bytes, looks: str) -> None:
    with pytest.raises(NotARecording) as refused:
        opened(data)
    assert looks in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_file_that_cannot_be_opened_is_an_error_of_the_system() -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.raises(OSError, match="directory"):
        open_recording(folder)


def test_each_item_names_the_recording(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_bytes(EVENT + b"{")
    found = list(exchanges(open_recording(str(path))))
    assert [type(item) for item in found] == [Exchange, Unread]
    assert {item.recording for item in found} == {str(path)}
