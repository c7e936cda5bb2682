"""What deploy/ promises: one way out, which is the proxy, a certificate where Appsmith looks for it, and commands that the program takes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.deploy_files import COMPOSE, CONTAINER, DEPLOY, KINDS, POD, ROOT, SERVICES, documents, mounts

DOCKERFILE = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
LOOKED_FOR = "/appsmith-stacks/ca-certs"
"""Where Appsmith's container looks for certificates; it takes files that end in `.crt`."""
POLICIES = documents("network-policy.yaml")
(VALUES,) = documents("helm-values.yaml")


def option(arguments: list[str], name: str) -> str:
    """The value of one option in a command line."""
    (value,) = [each.removeprefix(f"{name}=") for each in arguments if each.startswith(f"{name}=")]
    return value


def test_the_compose_file_fits_the_compose_specification() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*check, DEPLOY / "compose.yaml"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_only_the_proxy_and_the_entrance_have_a_way_out() -> None:
    inside = [name for name, network in COMPOSE["networks"].items() if network.get("internal")]
    assert inside == ["inside"]
    reaching = {name for name, service in SERVICES.items() if set(service["networks"]) - set(inside)}
    assert reaching == {"proxy", "entrance"}
    assert all("inside" in service["networks"] for service in SERVICES.values())
    assert [name for name, service in SERVICES.items() if "network_mode" in service] == []


def test_the_entrance_leads_to_appsmith_and_nowhere_else() -> None:
    program, verb, *options = SERVICES["entrance"]["command"]
    assert (program, verb) == ("caddy", "reverse-proxy")
    assert dict(zip(options[::2], options[1::2], strict=True)) == {"--from": ":80", "--to": "appsmith:80"}
    assert {"volumes", "environment", "entrypoint", "configs"}.isdisjoint(SERVICES["entrance"])


def test_nothing_but_the_entrance_is_published_and_that_on_loopback() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"entrance": ["127.0.0.1:8000:80"]}
    assert KINDS["Service"]["spec"].get("type", "ClusterIP") == "ClusterIP"


@pytest.mark.parametrize(
    ("variables", "host", "arguments"),
    [
        (SERVICES["appsmith"]["environment"], "proxy", SERVICES["proxy"]["command"]),
        (SERVICES["canary"]["environment"], "proxy", SERVICES["proxy"]["command"]),
        (VALUES["applicationConfig"], KINDS["Service"]["metadata"]["name"], CONTAINER["args"]),
    ],
    ids=["appsmith", "canary", "chart"],
)
def test_the_variables_name_the_proxy_in_the_one_form_that_appsmith_takes(
    variables: dict[str, str], host: str, arguments: list[str]
) -> None:
    port = option(arguments, "--listen").rpartition(":")[2]
    assert variables["HTTP_PROXY"] == variables["HTTPS_PROXY"] == f"http://{host}:{port}"
    assert variables["NO_PROXY"] == "localhost,127.0.0.1"


def test_the_certificate_lies_where_appsmith_looks_for_it_before_it_starts() -> None:
    certificate = Path(option(SERVICES["proxy"]["command"], "--certificate"))
    assert certificate.suffix == ".crt"
    assert mounts("proxy")["certificate"] == str(certificate.parent)
    assert mounts("appsmith")["certificate"] == LOOKED_FOR
    assert SERVICES["appsmith"]["environment"]["CURL_CA_BUNDLE"] == f"{LOOKED_FOR}/{certificate.name}"
    assert SERVICES["appsmith"]["depends_on"]["proxy"]["condition"] == "service_healthy"
    assert str(certificate) in SERVICES["proxy"]["healthcheck"]["test"][-1]


def test_the_key_of_the_ca_is_the_proxys_alone() -> None:
    assert mounts("proxy")["ca"] == option(SERVICES["proxy"]["command"], "--ca")
    assert [name for name in SERVICES if "ca" in mounts(name)] == ["proxy"]
    assert not option(SERVICES["proxy"]["command"], "--certificate").startswith(mounts("proxy")["ca"])


def test_no_health_check_is_a_canary() -> None:
    checks = [service["healthcheck"]["test"] for service in SERVICES.values() if "healthcheck" in service]
    assert len(checks) == 3
    assert [check for check in checks if re.search(r"telemetry-audit ping|\.invalid", " ".join(check))] == []
    assert set(CONTAINER["readinessProbe"]) == {"tcpSocket"}


def test_every_image_is_pinned() -> None:
    images = [service["image"] for service in SERVICES.values()] + [CONTAINER["image"]]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(images) == 7
    assert [image for image in images if not re.search(r"(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$", image)] == []


@pytest.mark.parametrize("service", ["proxy", "canary"])
def test_the_program_runs_with_few_rights(service: str) -> None:
    rights = SERVICES[service]
    assert rights["read_only"] is True
    assert rights["cap_drop"] == ["ALL"]
    assert rights["security_opt"] == ["no-new-privileges:true"]
    user = re.findall(r"^USER (\d+):\d+$", DOCKERFILE, re.MULTILINE)
    assert user == [str(POD["spec"]["securityContext"]["runAsUser"])] != ["0"]
    assert CONTAINER["securityContext"]["readOnlyRootFilesystem"] is True


def test_the_image_has_the_folders_that_are_mounted_and_gives_them_to_its_user() -> None:
    made = re.findall(r"install --directory --owner=10001 --group=10001 --mode=(\d+) ([^&\n]+)", DOCKERFILE)
    modes = {folder: mode for mode, folders in made for folder in folders.split()}
    assert modes == {"/ca": "0700", "/audit": "0700", "/certificate": "0755"}
    assert set(mounts("proxy").values()) == set(modes)


def test_what_the_dockerfile_copies_is_enough_to_build_the_program(tmp_path: Path) -> None:
    copied = [
        name for names in re.findall(r"^COPY ((?:[^-\s]\S* )+)\S+$", DOCKERFILE, re.MULTILINE) for name in names.split()
    ]
    *_, rest = (DEPLOY / "Dockerfile.dockerignore").read_text().partition("*\n")
    assert sorted(copied) == sorted(line.removeprefix("!") for line in rest.splitlines() if line.startswith("!"))
    for name in copied:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*build, tmp_path / "wheels", tmp_path], check=True, capture_output=True)
    assert [
        path.name for path in (tmp_path / "wheels").iterdir() if fnmatch(path.name, "appsmith_telemetry_audit-*.whl")
    ]


def test_the_source_distribution_brings_all_of_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "deploy" in project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]


def test_the_charts_values_put_the_certificate_where_curl_is_told_to_look() -> None:
    (name,) = VALUES["customCAcert"]
    assert VALUES["applicationConfig"]["CURL_CA_BUNDLE"] == f"{LOOKED_FOR}/{name}.crt"
    assert f"--set-file customCAcert.{name}=" in (DEPLOY / "helm-values.yaml").read_text()
    assert set(VALUES) == {"customCAcert", "applicationConfig"}


def test_the_cluster_leaves_appsmith_no_way_out_but_the_proxy_and_names() -> None:
    out, _ = POLICIES
    assert out["spec"]["policyTypes"] == ["Egress"]
    assert out["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"] == "appsmith"
    to_proxy, to_databases, to_names = out["spec"]["egress"]
    assert to_proxy["to"] == [{"podSelector": {"matchLabels": POD["metadata"]["labels"]}}]
    assert [each["port"] for each in to_proxy["ports"]] == [KINDS["Service"]["spec"]["ports"][0]["port"]]
    assert [set(each) for each in to_databases["to"]] == [{"podSelector"}]
    assert {each["port"] for each in to_names["ports"]} == {53}


def test_the_cluster_lets_nobody_but_appsmith_use_the_proxy() -> None:
    out, use = POLICIES
    assert use["spec"]["policyTypes"] == ["Ingress"]
    assert use["spec"]["podSelector"]["matchLabels"] == POD["metadata"]["labels"]
    assert [each["from"] for each in use["spec"]["ingress"]] == [[{"podSelector": out["spec"]["podSelector"]}]]


def test_the_cluster_has_one_proxy_with_room_for_its_files() -> None:
    spec = KINDS["Deployment"]["spec"]
    assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")
    assert KINDS["Service"]["spec"]["selector"] == spec["selector"]["matchLabels"] == POD["metadata"]["labels"]
    kept = next(each["name"] for each in POD["spec"]["volumes"] if "persistentVolumeClaim" in each)
    place = next(each["mountPath"] for each in CONTAINER["volumeMounts"] if each["name"] == kept)
    assert all(option(CONTAINER["args"], name).startswith(f"{place}/") for name in ("--ca", "--journal", "--output"))
