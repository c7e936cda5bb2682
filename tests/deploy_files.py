"""The files in deploy/, read: shared by the tests of what they say and of what they start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def documents(name: str) -> list[Any]:
    """The documents of a file in deploy/, with its variables at their defaults; one that has none stands as `given`."""
    text = re.sub(r"\$\{\w+:(?:-([^}]*)|\?[^}]*)\}", lambda found: found[1] or "given", (DEPLOY / name).read_text())
    return list(YAML(typ="safe", pure=True).load_all(text))


(COMPOSE,) = documents("compose.yaml")
SERVICES: dict[str, Any] = COMPOSE["services"]
KINDS: dict[str, Any] = {each["kind"]: each for each in documents("kubernetes.yaml")}
POD = KINDS["Deployment"]["spec"]["template"]
(CONTAINER,) = POD["spec"]["containers"]


def mounts(service: str) -> dict[str, str]:
    """The volumes of a service of the compose file: what is mounted where."""
    return dict(
        (each["source"], each["target"]) if isinstance(each, dict) else tuple(each.split(":")[:2])
        for each in SERVICES[service].get("volumes", ())
    )
