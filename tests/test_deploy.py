"""What is in deploy/ can be read by the tools it is for, and keeps its promises: hardened, pinned, no secret inside."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.local_server import ENVIRONMENT

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
WORKERS = KUBERNETES / "workers"
SERVER_UNIT = "systemd/depesche-prefect.service"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OURS = ("migrations", "flows", "room")
PINNED = re.compile(r"[\w./-]+:\d+\.\d+[\w.-]*")

pytestmark = pytest.mark.skipif(not DEPLOY.exists(), reason="deploy/ is not in the wheel")


def documents(path: Path) -> list[dict[str, Any]]:
    return [document for document in yaml.safe_load_all(path.read_text("utf-8")) if document]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return documents(DEPLOY / "compose.yaml")[0]


def pods() -> list[tuple[str, dict[str, Any]]]:
    found = [document for path in sorted(KUBERNETES.glob("*.yaml")) for document in documents(path)]
    named = [
        (document["metadata"]["name"], document["spec"]["template"]["spec"])
        for document in found
        if document["kind"] in ("Deployment", "Job")
    ]
    assert set(OURS) <= {name for name, _ in named}  # or what is asked of each would hold of none
    return named


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.yaml")), ids=lambda path: path.name)
def test_every_manifest_is_yaml(path):
    assert documents(path)


def test_every_service_is_hardened(compose):
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
    assert {compose["services"][name]["user"] for name in (*OURS, "prefect")} == {"10001:10001"}


def test_every_image_is_pinned(compose):
    images = [service["image"] for service in compose["services"].values()]
    images += [container["image"] for _, pod in pods() for container in pod["containers"]]
    tags = {image["name"]: image["newTag"] for image in documents(KUBERNETES / "kustomization.yaml")[0]["images"]}

    assert [
        image for image in images if not PINNED.fullmatch(f"{image}:{tags[image]}" if image in tags else image)
    ] == []


def test_prefects_server_is_the_locked_one_and_its_pages_ask_nobody_else(compose):
    """It comes out of our image, and so out of the lock; the worker, which needs an integration, is of the same version."""
    lock = (DEPLOY.parent / "requirements.lock").read_text("utf-8")
    locked = re.search(r"^prefect==(\S+)", lock, re.MULTILINE)
    assert locked is not None
    pod = next(container for name, pod in pods() if name == "prefect" for container in pod["containers"])
    worker = next(document for document in documents(WORKERS / "worker.yaml") if document["kind"] == "Deployment")
    started = [
        compose["services"]["prefect"]["command"][-1],
        pod["args"][-1],
        (DEPLOY / SERVER_UNIT).read_text("utf-8"),
    ]

    assert compose["services"]["prefect"]["image"] == compose["services"]["flows"]["image"]
    assert pod["image"] == "depesche"
    assert all("uvicorn --factory flows.operate:quiet_app" in text for text in started)
    assert worker["spec"]["template"]["spec"]["containers"][0]["image"].startswith(f"prefecthq/prefect:{locked[1]}-")


PAGES = """
import asyncio
from pathlib import Path
import httpx, prefect
prefect.__ui_static_subpath__ = Path("/proc/nowhere/ui_build")
prefect.__ui_v2_static_subpath__ = Path("/proc/nowhere/ui_v2_build")
from flows.operate import quiet_app
async def asked():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=quiet_app()), base_url="http://here") as client:
        print(*[(await client.get(path, headers={"Accept": "text/html"})).status_code for path in ("/runs", "/v2/runs")])
asyncio.run(asked())
"""
"""Prefect's server where its own package cannot be written to: on a read-only root, or in an environment that is root's."""


def test_prefects_pages_are_there_where_its_package_is_read_only(tmp_path):
    """By default it unpacks them into its package, and without that answers 404."""
    told = subprocess.run(
        [sys.executable, "-c", PAGES], capture_output=True, text=True, timeout=120, check=True,
        env={**os.environ, **ENVIRONMENT, "PREFECT_HOME": str(tmp_path)},
    )  # fmt: skip

    assert told.stdout.split() == ["200", "200"], told.stderr


PREFLIGHT = """
import asyncio
import httpx
from flows.operate import quiet_app
async def asked():
    told = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=quiet_app()), base_url="http://here") as client:
        answer = await client.options("/api/deployments/", headers=told)
        print(answer.status_code, answer.headers.get("access-control-allow-origin"))
asyncio.run(asked())
"""
"""What a browser asks before a page of somebody else's may send JSON there."""


def test_no_page_of_others_may_ask_prefects_server(tmp_path):
    """It asks for no password: a page that the operator happens to open could read it, and give our runs steps of its own."""
    told = subprocess.run(
        [sys.executable, "-c", PREFLIGHT], capture_output=True, text=True, timeout=120, check=True,
        env={**os.environ, **ENVIRONMENT, "PREFECT_HOME": str(tmp_path)},
    )  # fmt: skip

    assert told.stdout.split() == ["403", "None"], told.stderr


def test_what_the_image_leaves_behind_nobody_in_it_needs():
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    lock = (DEPLOY.parent / "requirements.lock").read_text("utf-8")
    gone = set(re.search(r"pip uninstall .* -qy (.+)", dockerfile)[1].split())
    stays = set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)) - gone
    needed = {
        re.match(r"[\w.-]+", asked)[0].lower().replace("_", "-"): each.name
        for each in distributions()
        if each.name.lower().replace("_", "-") in stays
        for asked in each.requires or ()
        if "extra ==" not in asked
    }

    assert "playwright" in gone
    assert [f"{needed[name]} needs {name}" for name in gone & set(needed)] == []


def test_only_this_machine_is_published(compose):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]

    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_no_secret_stands_in_a_manifest(compose):
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            text = "\n".join(line for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
            assert not re.search(
                r"(?i)(password|token|secret): *[\"']?\w{6,}[\"']?$|://\w+:[^@/\s…$%]+@", text, re.MULTILINE
            ), path
    assert all(set(secret) == {"file"} for secret in compose["secrets"].values())


def test_flows_and_room_sign_links_with_one_secret_wherever_they_run(compose, template):
    """Else the room refuses what the flows have signed, and every answer to an alert ends on an error page."""
    name = "DEPESCHE_LINK_SECRET_FILE"
    services = [compose["services"][one] for one in ("flows", "room")]
    assert {service["environment"][name] for service in services} == {"/run/secrets/link_secret"}
    assert all("link_secret" in service["secrets"] for service in services)
    assert "link_secret" in compose["secrets"]

    signed = [(one, container) for one, pod in pods() for container in pod["containers"] if one in ("flows", "room")]
    given = {one: {each["name"]: each["value"] for each in container["env"]}.get(name) for one, container in signed}
    job = template["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]["containers"][0]
    given["job"] = dict(word.split("=") for word in job["command"][1:]).get(name)
    assert given == dict.fromkeys(("flows", "room", "job"), "/run/secrets/depesche/link_secret")

    units = [(DEPLOY / "systemd" / f"depesche-{one}.service").read_text("utf-8") for one in ("flows", "room")]
    assert all("\nEnvironmentFile=/etc/depesche/environment\n" in unit for unit in units)
    assert "\n# DEPESCHE_LINK_SECRET=" in (DEPLOY / "systemd" / "environment.example").read_text("utf-8")


def test_only_the_room_may_read_the_token_that_allows_corrections(compose):
    name, services = "DEPESCHE_ROOM_TOKEN_FILE", compose["services"]
    assert services["room"]["environment"][name] == "/run/secrets/room_token"
    assert [one for one, service in services.items() if "room_token" in service.get("secrets", ())] == ["room"]
    given = {one for one, pod in pods() for each in pod["containers"] if name in {row["name"] for row in each["env"]}}
    assert given == {"room"}


def test_every_secret_that_a_manifest_reads_is_named_where_secrets_are_made(compose):
    """By a command in the head of the Compose file, and by the one in docs/operate.md for the cluster."""
    read = set(re.findall(r"/run/secrets/(?:depesche/)?(\w+)", "\n".join(
        path.read_text("utf-8") for path in (DEPLOY / "compose.yaml", *KUBERNETES.rglob("*.yaml"), *WORKERS.glob("*.json"))
    )))  # fmt: skip
    head = (DEPLOY / "compose.yaml").read_text("utf-8").split("\nname:")[0]
    guide = (DEPLOY.parent / "docs" / "operate.md").read_text("utf-8")

    assert read - {"depesche"} == set(compose["secrets"])
    assert [one for one in compose["secrets"] if f"> deploy/secrets/{one}" not in head] == []
    asked = [one for one in compose["secrets"] if one != "postgres"]  # the cluster's PostgreSQL is not ours
    assert [one for one in asked if f"--from-literal={one}=" not in guide] == []


def test_services_wait_for_what_they_need(compose):
    needs = {name: set(service.get("depends_on", {})) for name, service in compose["services"].items()}

    assert needs["flows"] == {"migrations", "prefect"}
    assert needs["prefect"] == needs["migrations"] == {"postgres"}
    checked = {name for name, service in compose["services"].items() if "healthcheck" in service}
    assert checked == {"postgres", "prefect", "flows", "room"}


def test_the_commands_of_the_containers_exist(compose):
    from flows.cli import COMMANDS

    called = [compose["services"][name]["command"][0] for name in OURS]
    called += [container["args"][0] for name, pod in pods() for container in pod["containers"] if name in OURS]
    called += re.findall(r"bin/depesche ([\w-]+)", "\n".join(unit.read_text("utf-8") for unit in UNITS))

    assert [command for command in called if command not in COMMANDS] == []


def test_every_pod_is_restricted():
    for name, pod in pods():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in pod["containers"]:
            rights = container["securityContext"]
            assert rights["readOnlyRootFilesystem"] is True, name
            assert rights["allowPrivilegeEscalation"] is False, name
            assert rights["capabilities"] == {"drop": ["ALL"]}, name
            assert "memory" in container["resources"]["limits"], name


def test_what_a_container_mounts_is_there():
    for name, pod in pods():
        there = {volume["name"] for volume in pod["volumes"]}
        assert {mount["name"] for container in pod["containers"] for mount in container["volumeMounts"]} == there, name


def test_the_kustomization_names_files_that_exist():
    made = documents(KUBERNETES / "kustomization.yaml")[0]
    named = [*made["resources"], *(name for config in made["configMapGenerator"] for name in config["files"])]

    assert [name for name in named if not (KUBERNETES / name).exists()] == []


def test_only_pods_of_ours_reach_prefects_server_which_asks_for_no_password():
    """Any pod of the cluster could have started runs, and jobs with our secrets in them."""
    (policy,) = documents(KUBERNETES / "network.yaml")
    (server,) = (one for one in documents(KUBERNETES / "prefect.yaml") if one["kind"] == "Deployment")
    assert policy["spec"]["podSelector"] == {"matchLabels": server["spec"]["template"]["metadata"]["labels"]}
    assert policy["spec"]["policyTypes"] == ["Ingress"]
    (rule,) = policy["spec"]["ingress"]
    assert rule["from"] == [{"podSelector": {}}], "all of our namespace and nobody else"
    ports = [port["containerPort"] for port in server["spec"]["template"]["spec"]["containers"][0]["ports"]]
    assert [port["port"] for port in rule["ports"]] == ports
    assert "network.yaml" in documents(KUBERNETES / "kustomization.yaml")[0]["resources"]


def test_the_settings_of_the_cluster_can_be_loaded():
    from flows.settings import load

    assert load(KUBERNETES / "depesche.toml").channels["console"].operators


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    made: dict[str, Any] = json.loads((WORKERS / "job-template.json").read_text("utf-8"))
    return made


def test_every_placeholder_of_the_job_template_is_a_variable_and_the_other_way_round(template):
    named = set(re.findall(r"{{ (\w+) }}", json.dumps(template["job_configuration"])))

    assert named == set(template["variables"]["properties"])


def test_a_job_of_the_work_pool_is_like_the_pod_of_the_flows(template):
    """Restricted, with the same settings and secrets; `completions` in it is what Prefect's worker asks for."""
    job = template["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]
    pod = dict(pods())["flows"]
    one, other = job["containers"][0], pod["containers"][0]

    assert job["automountServiceAccountToken"] is False
    assert job["securityContext"] == pod["securityContext"]
    assert one["securityContext"] == other["securityContext"]
    assert one["volumeMounts"] == other["volumeMounts"]
    assert job["volumes"] == pod["volumes"]
    told = dict(word.split("=") for word in one["command"][1:])
    assert {variable["name"]: variable["value"] for variable in other["env"]}.items() - told.items() <= {
        ("PREFECT_API_URL", "http://prefect:4200/api")
    }
    defaults = {name: each.get("default") for name, each in template["variables"]["properties"].items()}
    assert PINNED.fullmatch(defaults["image"])
    # Prefect's worker takes no other name, and both of these at a place where Kubernetes drops them.
    assert (one["name"], job["completions"], job["parallelism"]) == ("prefect-job", 1, 1)


CODING = """
from pathlib import Path
from extractors.relevance import canary, load_dossier
from flows import ingest, judging
dossier = load_dossier("russland-nato-ukraine")
judging.judge(canary(dossier), (dossier,))
print(next(int(line.split()[1]) / 1024 for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line))
"""
"""The most memory of a run that has coded an article, in MB."""

LONGER = 1.3
"""of that, after some hundred articles: 543 MB after 67 of the gold set, 430 MB after the first"""
READING, WAITING = 100, 130
"""MB of a child that reads pages, and of a process with Prefect and without the language model"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says what a process takes")
def test_the_limits_have_room_for_what_runs_at_once(template):
    """Beyond them all of a pod is killed: by night a pass, tend and a recode code at once, beside server and notify."""
    done = subprocess.run([sys.executable, "-c", CODING], capture_output=True, text=True, timeout=120, check=True)
    run = LONGER * float(done.stdout) + 2 * READING
    flows = dict(pods())["flows"]["containers"][0]["resources"]["limits"]["memory"]
    job = template["variables"]["properties"]["memory_limit"]["default"]

    assert 3 * run + 2 * WAITING < megabytes(flows)
    assert run < megabytes(job)


def megabytes(quantity: str) -> float:
    number, unit = re.fullmatch(r"(\d+)([MG])i", quantity).groups()
    return int(number) * {"M": 1, "G": 1024}[unit]


def test_no_pod_is_killed_for_what_lies_outside_of_it():
    """A database or Prefect that is away, a node's full disk: to begin anew helps nobody, and cuts off what runs."""
    for name, pod in pods():
        for container in pod["containers"]:
            assert set(container.get("livenessProbe", {})) <= {"tcpSocket", "initialDelaySeconds"}, name


def test_a_long_migration_is_not_cut_off():
    """Where it is cut off it is taken back, and begins anew: `Restart=always`."""
    unit = (DEPLOY / "systemd" / "depesche-flows.service").read_text("utf-8")

    assert "\nExecStartPre=/opt/depesche/bin/depesche db upgrade\n" in unit
    assert "\nTimeoutStartSec=infinity\n" in unit


def test_what_a_job_mounts_keeps_its_name():
    made = documents(KUBERNETES / "kustomization.yaml")[0]

    assert made["generatorOptions"]["disableNameSuffixHash"] is True


def test_a_worker_may_make_jobs_and_nothing_else():
    role = next(document for document in documents(WORKERS / "worker.yaml") if document["kind"] == "Role")
    writes = [rule["resources"] for rule in role["rules"] if set(rule["verbs"]) - {"get", "list", "watch"}]
    worker = next(document for document in documents(WORKERS / "worker.yaml") if document["kind"] == "Deployment")
    container = worker["spec"]["template"]["spec"]["containers"][0]

    assert writes == [["jobs", "jobs/status"]]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert PINNED.fullmatch(container["image"])
    assert "/etc/prefect/job-template.json" in container["command"]


@pytest.mark.parametrize("deployment", documents(DEPLOY / "prefect.yaml")[0]["deployments"], ids=lambda d: d["name"])
def test_the_flows_of_the_work_pools_can_be_imported(deployment):
    from prefect import Flow

    module, _, name = deployment["entrypoint"].rpartition(".")

    assert isinstance(getattr(importlib.import_module(module), name), Flow)


def test_a_run_of_a_work_pool_begins_in_the_folder_of_the_others():
    """A process worker gives each run a temporary folder: relative paths of the settings, an archive among them, would be lost with it."""
    [(_, step)] = [pair for step in documents(DEPLOY / "prefect.yaml")[0]["pull"] for pair in step.items()]
    folder = step["directory"]

    assert f"WORKDIR {folder}\n" in (DEPLOY / "Dockerfile").read_text("utf-8")
    assert f"WorkingDirectory={folder}\n" in (DEPLOY / "systemd" / "depesche-flows.service").read_text("utf-8")


def test_work_pools_run_what_one_machine_serves():
    """The same names, tags, schedules and parameters, whichever way it is deployed."""
    from flows.serve import deployments
    from flows.settings import Settings

    served = {
        d.name: (
            sorted(d.tags),
            [s.schedule.cron for s in d.schedules or []],
            [s.schedule.timezone for s in d.schedules or []],
            d.parameters or {},
        )
        for d in deployments(Settings())
    }
    pooled = {
        d["name"]: (
            sorted(d["tags"]),
            [s["cron"] for s in d.get("schedules", [])],
            [s["timezone"] for s in d.get("schedules", [])],
            d.get("parameters", {}),
        )
        for d in documents(DEPLOY / "prefect.yaml")[0]["deployments"]
    }

    assert pooled == served


def test_the_environment_of_the_services_is_the_one_we_use():
    lines = (DEPLOY / "systemd" / "environment.example").read_text("utf-8").splitlines()

    assert dict(line.split("=", 1) for line in lines if not line.startswith("#")) == ENVIRONMENT


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_systemd_takes_the_units(unit):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=30, check=False
    )
    # Of ours, and not about what is not installed on the machine that builds.
    ours = [line for line in told.stderr.splitlines() if unit.name in line and "not executable" not in line]
    assert ours == []


def test_every_unit_is_hardened():
    """Each in full, and all alike. A drop-in for all of them (depesche-.service.d) would stand once, but who forgets to install it
    runs them open and hears nothing of it, and units of the operator's own by that prefix, as for backups, could not write."""
    texts = [unit.read_text("utf-8") for unit in UNITS]
    (block,) = {text[text.index("\nNoNewPrivileges=yes\n") :] for text in texts}

    assert {"ProtectSystem=strict", "CapabilityBoundingSet=", "UMask=0077"} <= set(block.splitlines())
    assert all("\nUser=depesche\n" in text for text in texts)
