"""Paths in a file system that go through a person's own folder, and repositories, which name who owns them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from telemetry_audit.detectors.detector import Detector, Example, Shape
from telemetry_audit.detectors.word_set import word_set

_HOME = re.compile(
    r"(?<![\w.])(?:/mnt/[a-z]|/cygdrive/[a-z]|/[a-z])?/(?:home|Users|export/home|var/home)/(?P<unix>[A-Za-z0-9_][\w.@+-]{0,63})(?=[/\\\s\"'):,;]|\Z)"
    r"|(?<![A-Za-z])[A-Za-z]:(?:\\{1,4}|/)(?:Users|Documents and Settings)(?:\\{1,4}|/)(?P<windows>[^\\/:*?\"<>|\r\n]{1,64})(?=[\\/\s\"']|\Z)"
)
_MARK = re.compile(r"\\\\|\b(?:smb|cifs|afp|file)://")
_SHARE = re.compile(
    r"(?:(?<![\w\\])\\{2,4}|\b(?:smb|cifs|afp|file):/{2})[A-Za-z0-9][\w.-]{2,62}(?:\\{1,2}|/)(?:[A-Za-z0-9][\w .-]{0,62}\$?(?:\\{1,2}|/)){0,2}?"
    r"(?:home|homes|homedirs?|users?|profiles?|userdata|redirected|roaming)\$?(?:\\{1,2}|/)"
    r"(?P<share>[A-Za-z0-9_][\w.@ +-]{1,63})(?=[\\/\s\"'):,;]|\Z)",
    re.IGNORECASE,
)
"""A share of a file server (UNC, as Windows writes it, or a URL of it) down to a person's folder."""

_NOBODYS = word_set("""
admin administrator all users alpine ansible app application apps appsmith appuser azureuser bitnami bot build builder centos ci circleci cloud-
user coder debian default deploy deployer dev developer docker ec2-user fedora git github gitlab-runner gitpod guest home jenkins jovyan kali lab
linuxbrew me mongo mongodb mysql nginx nobody node nodejs nonroot opc oracle pi postgres public python rails redis rocky root runner sandbox sbx
server service shared staging support system test tester travis ubuntu user username users vagrant vscode web webapp weblogic webuser work worker
workspace www www-data your-user edit new list settings profile index view page pages login account dashboard details search
""")
_REPOSITORY = re.compile(
    r"(?<![\w.-])(?:ssh://)?git@[A-Za-z0-9.-]{1,253}[:/](?P<ssh>[\w.~-]{1,100}(?:/[\w.-]{1,100}){1,4})"
    r"|https?://(?:[^\s/@\"'<>]{1,128}@)?[A-Za-z0-9.-]{1,253}/(?P<https>[\w.~-]{1,100}(?:/[\w.-]{1,100}){0,4}\.git)(?![\w-])"
)


def _find_home(text: str) -> Iterator[Shape]:
    for match in chain(_HOME.finditer(text), _SHARE.finditer(text) if _MARK.search(text) else ()):
        name = match[match.lastgroup or 0].strip().lower()
        if name not in _NOBODYS and any(map(str.isalpha, name)):
            yield Shape("home-folder", match.group())
            return


def _find_repository(text: str) -> Iterator[Shape]:
    if match := _REPOSITORY.search(text):
        yield Shape("repository", match.group())


HOME_FOLDER = Detector(
    id="home-folder",
    says="A path through the folder of a person's own account, on Linux, macOS, Windows or a file server; accounts of machines name nobody.",
    names={"home-folder": "a file path with a user's name"},
    triggers=("/home/", "/Users/", ":\\", ":/Users/", ":/Documents", "\\\\", "smb://", "cifs://", "afp://", "file://"),
    find=_find_home,
    examples=(
        *(
            Example(text, ("home-folder",))
            for text in (
                "/home/jroe/appsmith",
                "ENOENT: '/Users/jane.roe/x.json'",
                r"C:\Users\Jane Roe\AppData",
                r"C:\\Users\\jroe\\x",
                r"\\fileserver\home$\jroe\report.xlsx",
                r"\\NAS01\Users\Jane Roe\x.csv",
                r"\\\\corp.example.com\\data\\profiles\\jroe\\Desktop",
                r"\\PC01\C$\Users\jroe",
                "smb://nas01/homes/jroe/x",
                "/mnt/c/Users/jroe/project",
            )
        ),
        *(
            Example(text, ())
            for text in (
                "/home/ubuntu/appsmith",
                "/Users/runner/work/x",
                "/opt/appsmith/home/x",
                "/mnt/data/home/jroe",
                "/mnt/c/Users/Public/x",
                r"C:\Users\Public\x",
                "/home",
                "/app/home/edit",
                r"\\fileserver\public\report.xlsx",
                r"\\fileserver\home$\admin\x",
                r"\\s+\home\w",
                r"\\n\\users\\n",
                r"a\\b\users\n",
                r"\\?\Volume{1}",
            )
        ),
        Example("https://app.example.com/home/orders2/view", ()),
    ),
)

REPOSITORY = Detector(
    id="repository",
    says="The address of a Git repository, which names the organisation or person that owns it.",
    names={"repository": "the address of a repository"},
    triggers=("git@", ".git"),
    find=_find_repository,
    examples=(
        *(
            Example(text, ("repository",))
            for text in (
                "git@example.com:acme/private.git",
                "https://example.com/acme/private.git",
                "ssh://git@example.com/acme/x",
            )
        ),
        *(
            Example(text, ())
            for text in ("https://example.com/acme", ".gitignore", "git@", "https://example.com/x.github.io")
        ),
    ),
)
