"""A pack holds the evidence and no list, comes out the same, and is checked as if whoever wrote it meant harm."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import load
from telemetry_audit.cli.main import telemetry_audit
from telemetry_audit.cli.passphrase import PASSPHRASE
from telemetry_audit.deployment import Deployment
from telemetry_audit.evidence_pack.keys import KeyProblem, read_private, read_public, read_signers
from telemetry_audit.evidence_pack.sshsig import NotASignature, parse
from telemetry_audit.formats import FORMATS
from telemetry_audit.readers import exchanges, open_recording
from tests.conftest import Run
from tests.journal.observed import begun, journal
from tests.recordings import CLICK, SEGMENT, har, request, track

SCHEMA = json.loads((Path(__file__).parents[1] / "schemas" / "manifest.schema.json").read_text())
SSH_KEYGEN = shutil.which("ssh-keygen")
OPEN = {PASSPHRASE: "open sesame"}
with_openssh = pytest.mark.skipif(SSH_KEYGEN is None, reason="OpenSSH is not installed")


def ssh_keygen(*arguments: str | Path, stdin: bytes = b"", fails: bool = False) -> str:
    assert SSH_KEYGEN
    done = subprocess.run([SSH_KEYGEN, *map(str, arguments)], input=stdin, capture_output=True, check=False)
    assert bool(done.returncode) is fails, done.stderr
    return (done.stdout + done.stderr).decode()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    har(tmp_path / "r", [request(SEGMENT, CLICK), request(SEGMENT, track("login_USER", userId="jane roe"))])
    return Path("r")


@pytest.fixture
def key(run: Run) -> Path:
    assert run("keygen", "-o", "key").code == 0
    return Path("key")


@pytest.fixture
def signed(run: Run, tmp_path: Path, recording: Path, key: Path) -> Path:
    """A folder with a signed pack."""
    done = run("pack", recording, "-o", "pack", "--key", key)
    assert done.code == 1, done.err
    return tmp_path / "pack"


def files(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def manifest(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return data


def rewrite(folder: Path, **changes: object) -> None:
    """Change the manifest as somebody would who knows the format."""
    changed = json.dumps(manifest(folder) | changes, indent=2, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(changed)


def test_a_pack_holds_every_format_the_schemas_and_the_digests_of_all(signed: Path, tmp_path: Path) -> None:
    told = manifest(signed)
    jsonschema.validate(told, SCHEMA)
    there = files(signed)
    assert {each["path"] for each in told["files"]} == set(there) - {"manifest.json", "manifest.json.sig"}
    for each in told["files"]:
        assert (each["sha256"], each["size"]) == (
            hashlib.sha256(there[each["path"]]).hexdigest(),
            len(there[each["path"]]),
        )
    assert len([path for path in there if path.startswith("reports/")]) == len(FORMATS)
    assert json.loads(there["reports/report.json"])["inputs"][0]["name"] == "r"
    assert "schemas/promises.toml" in there
    data = (tmp_path / "r").read_bytes()
    (told_of,) = told["inputs"]
    assert (told_of["name"], told_of["sha256"], told_of["size"]) == ("r", hashlib.sha256(data).hexdigest(), len(data))
    assert told["exit_code"] == 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in signed.rglob("*")} == {0o600, 0o700}


@pytest.mark.parametrize(("entries", "code"), [([request(SEGMENT, CLICK)], 0), ([request("https://a.example/")], 3)])
def test_the_verdict_decides_the_exit_code_and_the_pack_is_written(
    run: Run, tmp_path: Path, entries: list[dict[str, Any]], code: int
) -> None:
    har(tmp_path / "r", entries)
    assert run("pack", "r", "-o", "pack.zip").code == code
    assert run("verify", "pack.zip", "r").code == 0


def test_the_same_comes_out_as_the_same_bytes_in_another_folder_and_order(run: Run, tmp_path: Path) -> None:
    packs = []
    run("keygen", "-o", tmp_path / "key")
    for name, order in (("one", ("a", "b")), ("two", ("b", "a"))):
        folder = tmp_path / name
        folder.mkdir()
        for each in ("a", "b"):
            har(folder / each, [request(SEGMENT, CLICK), request(SEGMENT, track(f"login_{each}", userId="jane roe"))])
        (folder / "audit.toml").write_text('telemetry = "on"\n')
        for pack in ("pack.zip", "pack"):
            done = subprocess.run(
                [sys.executable, "-m", "telemetry_audit", "pack", *order, "-o", pack, "--key", "../key"],
                cwd=folder,
                check=False,
                capture_output=True,
            )
            assert done.returncode == 1, done.stderr
        packs.append(folder)
    one, two = packs
    assert (one / "pack.zip").read_bytes() == (two / "pack.zip").read_bytes()
    assert files(one / "pack") == files(two / "pack")
    with zipfile.ZipFile(one / "pack.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files(one / "pack")


def test_nothing_is_replaced(run: Run, tmp_path: Path, recording: Path, key: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "mine.zip").symlink_to("nowhere")
    before = (tmp_path / "key").read_bytes()
    for call in (
        *(("pack", recording, "-o", name) for name in ("mine", "folder", "mine.zip", "no/pack")),
        ("keygen", "-o", key),
        ("keygen", "-o", "mine"),
        ("keygen", "-o", "no/key"),
    ):
        done = run(*call)
        assert (done.code, done.err[:7]) == (2, "Error: "), call
    assert (tmp_path / "mine").read_text() == "mine"
    assert (tmp_path / "key").read_bytes() == before
    assert not [*(tmp_path / "folder").iterdir()]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "key", "key.pub", "mine", "mine.zip", "r"]


def test_keygen_writes_a_private_key_that_only_its_owner_reads(run: Run, tmp_path: Path) -> None:
    done = run("keygen", "-o", "key")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert done.out.startswith("key: SHA256:")
    assert (tmp_path / "key.pub").read_text().startswith("ssh-ed25519 ")


@with_openssh
def test_openssh_reads_the_keys_and_names_them_alike(run: Run, tmp_path: Path) -> None:
    said = run("keygen", "-o", "key").out
    assert ssh_keygen("-l", "-f", tmp_path / "key.pub").split()[1] in said
    public = ssh_keygen("-y", "-f", tmp_path / "key").split()[:2]
    assert public == (tmp_path / "key.pub").read_text().split()[:2]


@with_openssh
def test_openssh_verifies_the_signature_and_signs_one_that_verify_takes(run: Run, signed: Path, tmp_path: Path) -> None:
    (tmp_path / "signers").write_text(
        f'auditor@example.com namespaces="telemetry-audit" {(tmp_path / "key.pub").read_text()}'
    )
    checked = ("-Y", "verify", "-f", tmp_path / "signers", "-I", "auditor@example.com", "-n", "telemetry-audit")
    data = (signed / "manifest.json").read_bytes()
    assert "Good" in ssh_keygen(*checked, "-s", signed / "manifest.json.sig", stdin=data)
    ssh_keygen(*checked, "-s", signed / "manifest.json.sig", stdin=data + b" ", fails=True)
    (signed / "manifest.json.sig").unlink()
    ssh_keygen("-Y", "sign", "-f", tmp_path / "key", "-n", "telemetry-audit", signed / "manifest.json")
    done = run("verify", "pack", "--allowed-signers", "signers")
    assert done.code == 0, done.out
    assert "the key of auditor@example.com" in done.out
    (signed / "manifest.json.sig").unlink()
    ssh_keygen("-Y", "sign", "-f", tmp_path / "key", "-n", "file", signed / "manifest.json")
    assert run("verify", "pack").code == 1  # signed for another purpose


@with_openssh
def test_a_key_of_openssh_with_a_passphrase_signs(run: Run, tmp_path: Path, recording: Path) -> None:
    ssh_keygen("-q", "-t", "ed25519", "-N", "open sesame", "-f", tmp_path / "mine")
    call = ("pack", recording, "--key", "mine", "-o")
    assert run(*call, "one").code == 2
    wrong = run(*call, "one", **{PASSPHRASE: "open barley"})
    assert (wrong.code, (tmp_path / "one").exists()) == (2, False)
    assert run(*call, "one", **OPEN).code == 1
    assert run("verify", "one", "--public-key", "mine.pub").code == 0


def test_keygen_encrypts_on_request(run: Run, recording: Path) -> None:
    assert run("keygen", "-o", "key", "--passphrase").code == 2
    assert run("keygen", "-o", "key", "--passphrase", **OPEN).code == 0
    assert run("pack", recording, "-o", "pack", "--key", "key").code == 2
    assert run("pack", recording, "-o", "pack", "--key", "key", **OPEN).code == 1


def test_a_key_of_another_kind_is_a_sentence(run: Run, tmp_path: Path, recording: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "ec").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    (tmp_path / "text").write_text("no key")
    for name, why in (
        ("ec", "another kind than Ed25519"),
        ("text", "no OpenSSH private key"),
        ("missing", "cannot be read"),
    ):
        done = run("pack", recording, "-o", "pack", "--key", name)
        assert (done.code, (tmp_path / "pack").exists()) == (2, False)
        assert why in done.err


def test_verify_says_what_a_signature_proves(run: Run, signed: Path) -> None:
    run("keygen", "-o", "other")
    fingerprint = run("keygen", "-o", "third").out.split()[1]
    alone = run("verify", "pack")
    assert alone.code == 0
    assert "proves only that it is unchanged since someone with that key signed it" in alone.out
    mine = run("verify", "pack", "--public-key", "key.pub")
    assert mine.code == 0
    assert "the one that you gave" in mine.out
    foreign = run("verify", "pack", "--public-key", "other.pub")
    assert foreign.code == 1
    assert "none of those that you named" in foreign.out
    assert fingerprint not in foreign.out
    (signed / "manifest.json.sig").unlink()
    unsigned = run("verify", "pack")
    assert unsigned.code == 0
    assert "not signed" in unsigned.out
    assert run("verify", "pack", "--public-key", "key.pub").code == 1
    for wrong in ("key", "r", "missing"):
        assert run("verify", "pack", "--public-key", wrong).code == 2


def test_every_file_that_is_missing_changed_or_added_is_named(run: Run, signed: Path) -> None:
    (signed / "reports" / "report.txt").unlink()
    (signed / "audit.toml").write_text("telemetry = 'off'\n")
    (signed / "reports" / "more\x1b[2J").write_text("more")
    done = run("verify", "pack")
    assert done.code == 1
    assert "reports/report.txt is missing." in done.out
    assert "audit.toml was changed" in done.out
    assert r"reports/more\x1b[2J is in the pack and not in manifest.json." in done.out
    assert "\x1b" not in done.out


def test_a_manifest_that_was_changed_breaks_the_signature(run: Run, signed: Path) -> None:
    rewrite(signed, exit_code=0)
    done = run("verify", "pack")
    assert done.code == 1
    assert "Its signature is wrong" in done.out


def test_with_the_recordings_the_audit_is_run_again(run: Run, signed: Path, tmp_path: Path) -> None:
    (tmp_path / "renamed").write_bytes((tmp_path / "r").read_bytes())
    same = run("verify", "pack", "renamed")
    assert same.code == 0, same.out
    assert "All verdicts are the same." in same.out
    har(tmp_path / "other", [request(SEGMENT, CLICK)])
    foreign = run("verify", "pack", "other")
    assert foreign.code == 1
    assert "other is none of the recordings that were audited." in foreign.out
    (signed / "manifest.json.sig").unlink()
    promises = [
        each | {"verdict": "kept"} if each["promise"] == "user-names-hashed" else each
        for each in manifest(signed)["promises"]
    ]
    rewrite(signed, promises=promises)
    lied = run("verify", "pack", "r")
    assert lied.code == 1
    assert "different  broken        user-names-hashed; the pack says kept" in lied.out
    assert lied.out.count("\nsame ") == len(promises) - 1


def test_a_recording_that_was_not_given_is_asked_for(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        har(tmp_path / name, [request(SEGMENT, track(f"login_{name}"))])
    run("pack", "a", "b", "-o", "pack")
    done = run("verify", "pack", "b")
    assert done.code == 2
    assert "without a" in done.err
    assert run("verify", "pack", "b", "a").code == 0


def test_a_folder_stands_for_the_recordings_in_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    for name in ("a", "b"):
        har(tmp_path / "recordings" / f"{name}.har", [request(SEGMENT, track(f"login_{name}"))])
    assert run("pack", "recordings", "-o", "pack").code == 0
    assert [each["name"] for each in manifest(tmp_path / "pack")["inputs"]] == ["recordings/a.har", "recordings/b.har"]
    done = run("verify", "pack", "recordings")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Every file comes out again, byte for byte.")


def test_of_two_equal_recordings_the_one_that_was_not_given_is_asked_for(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        har(tmp_path / name, [request(SEGMENT, CLICK)])
    run("pack", "a", "b", "-o", "pack")
    assert run("verify", "pack", "a").err == "Error: The audit cannot be run again without b.\n"


def test_the_terms_of_the_pack_and_no_others_hold_when_it_is_verified(run: Run, tmp_path: Path) -> None:
    har(tmp_path / "r", [request(SEGMENT, CLICK), request("https://t.example/v1", {"a": 1})])
    (tmp_path / "audit.toml").write_text(
        'telemetry = "off"\nserver_addresses = ["203.0.113.7"]\n[[host]]\nname = "t.example"\n'
    )
    assert run("pack", "r", "-o", "pack").code == 1
    (tmp_path / "audit.toml").write_text('telemetry = "on"\n')
    done = run("verify", "pack", "r")
    assert done.code == 0, done.out
    assert "same       broken        silent-when-off" in done.out
    reused = run("check", "r", "--config", "pack/audit.toml", "--format", "json").report
    assert reused["deployment"]["telemetry"] == "off"
    assert reused["deployment"]["own_hosts"] == 1


LISTED = {
    "canaries": "CANARY-5d1f0c77",
    "users": "jane.roe@office.example",
    "values": "erika.mustermann@customer.example",
}


@pytest.fixture
def listed(tmp_path: Path) -> tuple[str, ...]:
    """The options of lists, of which one value leaves."""
    har(tmp_path / "r", [request(SEGMENT, track("login_USER", {"a": LISTED["canaries"]}))])
    for name, value in LISTED.items():
        (tmp_path / name).write_text(f"{value}\n")
    return (
        "--canaries",
        "canaries",
        "--known-users",
        "users",
        "--known-values",
        "values",
        "--domain",
        "office.example",
    )


def spelled(value: str) -> Iterator[bytes]:
    for text in (value, f"{value}\n"):
        yield text.encode()
        yield from (hashlib.new(name, text.encode()).hexdigest().encode() for name in ("md5", "sha1", "sha256"))


def test_no_list_is_in_a_pack_nor_a_digest_that_can_be_guessed(
    run: Run, tmp_path: Path, listed: tuple[str, ...]
) -> None:
    assert run("pack", "r", "-o", "pack", *listed).code == 1
    told = manifest(tmp_path / "pack")["deployment"]["lists"]
    assert {name: told[name] for name in ("canaries", "known_users", "known_values", "domains")} == dict.fromkeys(
        ("canaries", "known_users", "known_values", "domains"), 1
    )
    everything = b"\n".join(files(tmp_path / "pack").values())
    for value in (*LISTED.values(), "office.example"):
        assert not [each for each in spelled(value) if each in everything]


def test_the_lists_of_the_audit_must_be_given_again(run: Run, tmp_path: Path, listed: tuple[str, ...]) -> None:
    run("pack", "r", "-o", "pack", *listed)
    assert run("verify", "pack", "r", *listed).code == 0
    without = run("verify", "pack", "r", *listed[:-2])
    assert without.code == 2
    assert "Not given again, or changed since: 1 of its 4 lists. So the verdicts cannot be compared." in without.err
    (tmp_path / "users").write_text("jane.roe@office.example\njoe@office.example\n")
    assert run("verify", "pack", "r", *listed).code == 2
    assert run("verify", "pack").code == 0


def zipped(path: Path, folder: Path) -> zipfile.ZipFile:
    """A zip of a pack, to be tampered with."""
    archive = zipfile.ZipFile(path, "w")
    for name, content in sorted(files(folder).items()):
        archive.writestr(name, content)
    return archive


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hostile_zip_is_told_in_sentences(run: Run, signed: Path, tmp_path: Path) -> None:
    with zipped(tmp_path / "sound.zip", signed):
        pass
    assert run("verify", "sound.zip").code == 0
    tampered: list[tuple[str, str | zipfile.ZipInfo, str]] = [
        ("slip", "../../evil", "is no path inside a pack"),
        ("absolute", "/etc/evil", "is no path inside a pack"),
        ("backslash", "..\\evil", "is no path inside a pack"),
        ("link", link("reports/link"), "is a link or a device"),
        ("twice", "manifest.json", "is there twice"),
    ]
    for name, entry, why in tampered:
        with zipped(tmp_path / f"{name}.zip", signed) as archive:
            archive.writestr(entry, "/etc/passwd")
        done = run("verify", f"{name}.zip")
        assert done.code == 1, done.err
        assert why in done.out
    assert not [*tmp_path.parent.glob("**/evil")]


def test_a_bomb_is_not_unpacked(run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * (17 << 20))
    done = run("verify", "bomb.zip")
    assert done.code == 2
    assert "larger than 16 MiB" in done.err
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    assert "more than 10,000 files" in run("verify", "many.zip").err


def test_a_hostile_folder_is_told_in_sentences(run: Run, signed: Path, tmp_path: Path) -> None:
    report = signed / "reports" / "report.txt"
    (tmp_path / "elsewhere").write_bytes(report.read_bytes())
    report.unlink()
    report.symlink_to(tmp_path / "elsewhere")
    os.mkfifo(signed / "pipe")
    done = run("verify", "pack")
    assert done.code == 1
    assert "reports/report.txt is a link or a device" in done.out
    assert "pipe is a link or a device" in done.out


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        '{"version": 1}',
        '{"version": 2}',
        "[" * 100_000,
        '{"version": 1, "version": 1}',
        "\xff",
        '{"a": NaN}',
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_a_manifest_that_is_none_is_a_sentence(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "manifest.json").write_text(text, "latin-1")
    done = run("verify", "pack")
    assert done.code == 2
    assert done.err.startswith("Error: The manifest.json of pack cannot be used: ")
    (tmp_path / "pack" / "manifest.json").unlink()
    assert run("verify", "pack").code == 2
    assert run("verify", "missing").code == 2


HOSTILE = {
    "telemetry": "perhaps",
    "document": "no such edition",
    "server_addresses": ["\x1b[2J"],
    "hosts": [{"name": "a b", "decoder": ""}],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_terms_that_are_none_are_a_sentence(run: Run, signed: Path, name: str) -> None:
    rewrite(signed, deployment=manifest(signed)["deployment"] | {name: HOSTILE[name]})
    done = run("verify", "pack", "r")
    assert done.code == 2
    assert done.err.startswith("Error: ")
    assert "\x1b" not in done.err


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which zips are damaged, and a sound one."""
    folder = tmp_path_factory.mktemp("damaged")
    with zipfile.ZipFile(folder / "sound.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("reports/report.txt", "text " * 20)
        archive.writestr("manifest.json", "{}\n")
        archive.writestr("manifest.json.sig", "-----BEGIN SSH SIGNATURE-----\n")
    return folder


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6), st.integers(0, 400))
def test_no_damage_to_a_zip_is_a_fault(damaged: Path, changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray((damaged / "sound.zip").read_bytes())
    for at, byte in changes:
        data[at % len(data)] = byte
    (damaged / "pack.zip").write_bytes(data[: len(data) - cut] if cut < 40 else data)
    done = CliRunner().invoke(telemetry_audit, ["verify", str(damaged / "pack.zip")])
    assert done.exit_code in {1, 2}, done.exception
    assert isinstance(done.exception, SystemExit)


ARMOR = st.binary(max_size=120).map(
    lambda data: (
        f"-----BEGIN SSH SIGNATURE-----\n{b64encode(b'SSHSIG\0\0\0\1' + data).decode()}\n-----END SSH SIGNATURE-----"
    )
)


@given(ARMOR | st.text(max_size=60))
def test_no_signature_is_a_fault(text: str) -> None:
    with pytest.raises((NotASignature, KeyProblem)):
        parse(text)


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda data: "ssh-ed25519 " + b64encode(data).decode()))
def test_no_key_is_a_fault(text: str) -> None:
    with pytest.raises(KeyProblem):
        read_public(text)
    with pytest.raises(KeyProblem):
        read_private(text.encode("utf-8", "replace"), bytes)
    with suppress(KeyProblem):
        assert not [*read_signers(f"who {text}", "telemetry-audit")]


PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJABujIbALO7tpvc2d0Uc4/V1yVTJCRX0CFNAeFRDNbg"


def test_a_list_of_signers_is_read_as_ssh_keygen_describes_it() -> None:
    rsa = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQ=="
    text = f'# ours\n\na@example.com,b@example.com {PUBLIC} comment\n"c d" namespaces="file,telemetry-audit" {PUBLIC}\ne namespaces="file" {PUBLIC}\nf {rsa}\n'
    says = [each.says for each in read_signers(text, "telemetry-audit")]
    assert says == [
        f"the key of {who} in the list of allowed signers" for who in ("a@example.com,b@example.com", "c d")
    ]
    for limited in (f'a valid-before="20200101" {PUBLIC}', f"a cert-authority {PUBLIC}", f"a namespaces {PUBLIC}", "a"):
        with pytest.raises(KeyProblem):
            list(read_signers(limited, "telemetry-audit"))


def test_an_accepted_breach_is_in_the_pack_and_lets_it_pass(run: Run, tmp_path: Path, recording: Path) -> None:
    (tmp_path / "audit.toml").write_text(
        '[[accepted]]\nrule = "identity-hashed"\nevent = "login_USER"\npointer = "/userId"\nreason = "a test account"\nuntil = 2030-01-01\n'
    )
    assert run("pack", recording, "-o", "pack", "--as-of", "2026-01-05").code == 0
    assert manifest(tmp_path / "pack")["exit_code"] == 0
    assert "a test account" in (tmp_path / "pack" / "reports" / "report.json").read_text()
    assert run("verify", "pack", recording).code == 0
    assert run("pack", recording, "-o", "later", "--as-of", "2031-01-05").code == 1


@pytest.mark.parametrize(
    ("path", "was", "lie"),
    [
        ("reports/report.html", b"roken", b"kept"),
        ("reports/report.json", b'"verdict": "broken"', b'"verdict": "kept"'),
        ("reports/report.json", b'"acceptances"', b'"left out"'),
        ("audit.toml", b'telemetry = "unknown"', b'telemetry = "off"'),
        ("README.txt", b"verify PACK", b"trust PACK"),
    ],
)
def test_a_file_that_says_something_else_than_the_audit_is_told_with_the_recordings(  # noqa: PLR0913, PLR0917 - fixtures and an example
    run: Run, tmp_path: Path, recording: Path, path: str, was: bytes, lie: bytes
) -> None:
    assert run("pack", recording, "-o", "pack").code == 1
    honest = run("verify", "pack", recording)
    assert honest.code == 0, honest.out
    assert "Every file comes out again, byte for byte." in honest.out
    content = (tmp_path / "pack" / path).read_bytes()
    assert was in content
    _told_anew(tmp_path / "pack", path, content.replace(was, lie))
    assert run("verify", "pack").code == 0, "its files fit together"
    done = run("verify", "pack", recording)
    assert done.code == 1
    assert f"{path} " in done.out.splitlines()[-1], done.out


def test_a_manifest_that_says_something_else_than_the_audit_is_told_with_the_recordings(
    run: Run, tmp_path: Path, recording: Path
) -> None:
    run("pack", recording, "-o", "pack")
    told = manifest(tmp_path / "pack")
    rewrite(
        tmp_path / "pack",
        deployment=told["deployment"] | {"lists": told["deployment"]["lists"] | {"canaries": 7}},
        exit_code=0,
        inputs=[each | {"exchanges": 7} for each in manifest(tmp_path / "pack")["inputs"]],
    )
    done = run("verify", "pack", recording)
    assert done.code == 1
    assert "manifest.json says that the audit ended with 0, and it ends with 1." in done.out
    assert "manifest.json says of a recording what it is not" in done.out
    assert "manifest.json says of the terms of the audit" in done.out


def test_of_another_version_the_verdicts_alone_are_compared(run: Run, tmp_path: Path, recording: Path) -> None:
    run("pack", recording, "-o", "pack")
    rewrite(tmp_path / "pack", tool={"name": "telemetry-audit", "version": "0.0.9"})
    done = run("verify", "pack", recording)
    assert done.code == 0
    assert "They alone were compared, and no file" in done.out
    assert "telemetry-audit 0.0.9 that made the pack" in done.out


def _told_anew(folder: Path, path: str, content: bytes) -> None:
    """Change a file, and the manifest with it."""
    (folder / path).write_bytes(content)
    changed = {"path": path, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    rewrite(folder, files=[changed if each["path"] == path else each for each in manifest(folder)["files"]])


@pytest.fixture
def live(run: Run, tmp_path: Path) -> Path:
    """A signed pack of a live audit with two journals, one of them elsewhere by now, and their traffic as recorded."""
    leak = har(tmp_path / "leak.har", [request(SEGMENT, CLICK), request(SEGMENT, track("login_USER", userId="jane"))])
    for name in ("b.journal", "a.journal"):
        audit = Audit(load(), Deployment(), name.encode())
        journal(tmp_path / name, [audit.see(item) for item in exchanges(open_recording(str(leak)))])
    run("keygen", "-o", "key")
    done = run("pack", "b.journal", "a.journal", "-o", "pack", "--key", "key")
    assert done.code == 1, done.err
    (tmp_path / "b.journal").rename(tmp_path / "handed-on")
    return tmp_path / "pack"


def test_a_live_audit_is_packed_and_its_reports_are_made_again(run: Run, live: Path) -> None:
    told = manifest(live)
    jsonschema.validate(told, SCHEMA)
    assert [(each["name"], each["kind"]) for each in told["inputs"]] == [
        ("a.journal, run 1", "journal"),
        ("b.journal, run 1", "journal"),
    ]
    assert "a journal holds no traffic" in told["limits"][0]
    assert f"# {told['limits'][0]}" in (live / "audit.toml").read_text()
    done = run("verify", "pack", "handed-on", "a.journal")
    assert done.code == 0, done.out
    assert "The runs are those that were audited.\nThe audit was live: " in done.out
    assert "same       broken        user-names-hashed" in done.out
    assert done.out.splitlines()[-1] == "Every file comes out again, byte for byte."
    reported = run("report", "a.journal", "handed-on", "--format", "json").report
    packed = json.loads((live / "reports" / "report.json").read_text())
    assert (packed["promises"], packed["coverage"]) == (reported["promises"], reported["coverage"])


@pytest.mark.usefixtures("live")
def test_what_is_not_the_journal_of_a_pack_is_told(run: Run, tmp_path: Path) -> None:
    lacking = run("verify", "pack", "a.journal")
    assert (lacking.code, lacking.err) == (2, "Error: The audit cannot be run again without b.journal, run 1.\n")
    assert run("verify", "pack", "leak.har").code == 2
    with closing(sqlite3.connect(tmp_path / "handed-on")) as database, database:
        database.execute("UPDATE observation SET line = replace(line, 'login_USER', 'login_USES')")
    done = run("verify", "pack", "a.journal", "handed-on")
    assert done.code == 1
    assert "handed-on, run 1 is none of the recordings that were audited." in done.out


@pytest.mark.parametrize(
    "changes",
    [
        {"limits": []},
        {"exit_code": 0},
        {"inputs": [("a.journal, run 1", 0), ("a.journal, run 2", 1)]},
        {"inputs": [("\0\x1b", 0), ("", 1)]},
    ],
    ids=str,
)
def test_a_manifest_that_says_something_else_of_a_live_audit_is_told(
    run: Run, live: Path, changes: dict[str, Any]
) -> None:
    (live / "manifest.json.sig").unlink()
    inputs = manifest(live)["inputs"]
    told = [inputs[at] | {"name": name} for name, at in changes.get("inputs", [])]
    rewrite(live, **changes | ({"inputs": told} if told else {}))
    done = run("verify", "pack", "handed-on", "a.journal")
    assert done.code == 1, done.out
    assert "manifest.json says" in done.out
    assert "\x1b" not in done.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("pack", "a.journal", "leak.har", "-o", "new"), "is a journal, and not all others are"),
        (("pack", "a.journal", "./a.journal", "-o", "new"), "named twice"),
        (("pack", "a.journal", "-o", "new", "--telemetry", "off"), "leave --telemetry out"),
        (("verify", "pack", "a.journal", "--domain", "a.example"), "leave --domain out"),
        (("show", "a.journal", "TA-000000000000", "--canaries", "leak.har"), "leave --canaries out"),
    ],
)
def test_a_wrong_call_about_journals_is_refused(
    run: Run, live: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert says in done.err
    assert not (tmp_path / "new").exists()
    assert live.exists()


def test_a_journal_that_is_still_being_written_is_not_packed(run: Run, tmp_path: Path) -> None:
    writer = begun(tmp_path / "a.journal")
    try:
        done = run("pack", "a.journal", "-o", "pack")
    finally:
        writer.close({}, ())
    assert done.code == 2
    assert "still being written" in done.err
    assert not (tmp_path / "pack").exists()


def test_a_fault_while_a_journal_was_written_stays_one_in_its_pack(run: Run, tmp_path: Path) -> None:
    audit, path = Audit(load(), Deployment(), b"key"), har(tmp_path / "r", [request(SEGMENT, CLICK)])
    writer = begun(tmp_path / "a.journal")
    for item in exchanges(open_recording(str(path))):
        writer.put(audit.see(item))
    writer.close({"observations": 1}, ("KeyError at somewhere.py:1",))
    assert run("pack", "a.journal", "-o", "pack").code == 70
    assert manifest(tmp_path / "pack")["exit_code"] == 70
    done = run("verify", "pack", "a.journal")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Every file comes out again, byte for byte.")


@pytest.mark.parametrize("hidden", ["before", "after", "between", "in a comment", "in a head", "as a folder"])
def test_a_zip_in_which_another_program_may_find_something_else_is_told(
    run: Run, tmp_path: Path, recording: Path, hidden: str
) -> None:
    run("pack", recording, "-o", "pack.zip")
    content = (tmp_path / "pack.zip").read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("reports/report.html", "<p>No promise is broken.")
    other = buffer.getvalue()
    if hidden == "between":
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w") as archive:
            for info in before.infolist():
                archive.writestr(info.filename, before.read(info))
                if info.filename == "audit.toml":
                    archive.writestr("reports/hidden.html", "<p>No promise is broken.")
                    archive.filelist.pop()
        content = buffer.getvalue()
    elif hidden == "in a head":
        content = content[:18] + b"\1" + content[19:]
    elif hidden == "as a folder":
        buffer = io.BytesIO(content)
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("reports/hidden.htm/", "<p>No promise is broken.")
        content = buffer.getvalue().replace(b"hidden.htm/", b"hidden.html", 1)
    elif hidden == "in a comment":
        content = content[:-2] + b"\1\0x"
    else:
        content = other + content if hidden == "before" else content + other
    (tmp_path / "pack.zip").write_bytes(content)
    done = run("verify", "pack.zip")
    assert done.code == (1 if hidden != "after" else 2), done.out + done.err
    assert hidden == "after" or "another program may find other files in it" in done.out


def test_a_pack_that_was_unpacked_and_zipped_by_another_program_is_still_one(
    run: Run, tmp_path: Path, recording: Path
) -> None:
    run("pack", recording, "-o", "pack")
    shutil.make_archive(str(tmp_path / "again"), "zip", tmp_path / "pack")
    assert run("verify", "again.zip", recording).code == 0
