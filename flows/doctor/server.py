"""Checks of a Prefect server, by its API and without its library: whether it answers, is set up, and has our flows."""

from __future__ import annotations

import base64
import http.client
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from flows.cron import zone_of
from flows.doctor.checked import Checked, Verdict
from flows.guarding import FOREIGN_NAME
from flows.settings import Schedule, Settings


def answers(_: Settings) -> Iterator[Checked]:
    """Whether the Prefect server that is named answers."""
    url = os.environ.get("PREFECT_API_URL", "")
    if not url:
        advice = "'depesche run' starts a server of its own; with a server elsewhere set PREFECT_API_URL"
        yield Checked(name="prefect", verdict=Verdict.NOTE, found="PREFECT_API_URL is not set", advice=advice)
        return
    if not _is_address(url):
        advice = "write it as http://127.0.0.1:4200/api"
        yield Checked(name="prefect", verdict=Verdict.WRONG, found="PREFECT_API_URL is no http address", advice=advice)
        return
    where = _without_login(url)
    try:
        status, _ignored = _asked(url, "/health")
    except OSError as error:
        advice = "is the server up? 'depesche run', or the service depesche-prefect"
        yield Checked(name="prefect", verdict=Verdict.WRONG, found=f"{where} does not answer ({error})", advice=advice)
        return
    advice = "" if status == 200 else "is it a Prefect server, and does PREFECT_API_URL end in /api?"
    if status == FOREIGN_NAME:
        advice = "name this address in PREFECT_SERVER_CORS_ALLOWED_ORIGINS of the server: docs/operate.md"
    verdict = Verdict.FINE if status == 200 else Verdict.WRONG
    yield Checked(name="prefect", verdict=verdict, found=f"{where} answers {status}", advice=advice)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port that is no number
        return False


def _without_login(url: str) -> str:
    """Host and port of an address, without the password that may stand before them."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _login(url: str) -> str:
    """What Prefect's client would send for it: the variable's, else what stands in the address; user:password or nothing."""
    given = os.environ.get("PREFECT_API_AUTH_STRING")
    return given or unquote(urlsplit(url).netloc.rpartition("@")[0])


def _asked(url: str, path: str, wish: object = None, *, host: str = "") -> tuple[int, bytes]:
    """Status and body of the Prefect API's answer to a GET, or with a `wish` to a POST of it. Raises OSError for no
    answer.

    `host` is another name by which it is asked.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(_without_login(url), timeout=5)
    headers = {"Host": host} if host else {}
    if secret := _login(url):
        headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
    where = parts.path.rstrip("/") + path
    try:
        if wish is None:
            connection.request("GET", where, headers=headers)
        else:
            connection.request("POST", where, json.dumps(wish), {**headers, "Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read(1 << 20)
    except http.client.HTTPException as error:
        raise OSError(f"no HTTP: {type(error).__name__}") from None
    finally:
        connection.close()


def configuration(_: Settings) -> Iterator[Checked]:
    """What a server of the operator's own must be told; `depesche run` tells its own server."""
    url = os.environ.get("PREFECT_API_URL", "")
    try:
        status, body = _asked(url, "/admin/settings") if _is_address(url) else (0, b"")
    except OSError:
        return  # the check before says so
    if status in (401, 403):
        advice = "set PREFECT_API_AUTH_STRING to what the server's PREFECT_SERVER_API_AUTH_STRING is"
        yield Checked(name="prefect", verdict=Verdict.WRONG, found=f"the server refuses us ({status})", advice=advice)
    if status != 200:
        return
    server = json.loads(body).get("server") or {}
    missing = [
        (told, f"set {variable} for the server; docs/operate.md says why")
        for fine, told, variable in SERVER_SETTINGS
        if not fine(server)
    ]
    if not _login(url) and _asked(url, "/health", host=SOMEBODY)[0] == 200:
        missing.append(("the server answers to any name that is pointed at it, and asks for no password", UNGUARDED))
    for told, advice in missing:
        yield Checked(name="prefect settings", verdict=Verdict.NOTE, found=told, advice=advice)
    if not missing:
        yield Checked(name="prefect settings", verdict=Verdict.FINE, found="nothing calls home, old runs go")


SERVER_SETTINGS: tuple[tuple[Callable[[Mapping[str, Any]], bool], str, str], ...] = (
    (
        lambda server: server.get("analytics_enabled") is False,
        "the server asks a telemetry host at start",
        "PREFECT_SERVER_ANALYTICS_ENABLED=false",
    ),
    (
        lambda server: "flow_runs" in ((server.get("services") or {}).get("db_vacuum") or {}).get("enabled", ()),
        "run rows stay for ever",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED=events,flow_runs",
    ),
    (
        lambda server: (server.get("events") or {}).get("causal_ordering") == "flows.ordering",
        "a crash soon after a start of flows is told a quarter of an hour late",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING=flows.ordering",
    ),
)


SOMEBODY = "somebody.invalid"
"""A name that no server has."""
UNGUARDED = "start it as 'uvicorn --factory flows.operate:quiet_app': docs/operate.md, Privacy"


def registered(settings: Settings) -> Iterator[Checked]:
    """Whether our flows are on the Prefect server, served, on schedule, and watched over by our automations."""
    url = os.environ.get("PREFECT_API_URL", "")
    try:
        asked = [_asked(url, f"/{what}/filter", wish) for what, wish in _OURS.items()] if _is_address(url) else []
    except OSError:
        return  # the check of Prefect says so
    bad = next((status for status, _ in asked if status != 200), None)
    if bad is not None and bad >= 500:  # it answers for its health even while its database is away
        advice = "is its database up (PREFECT_SERVER_DATABASE_CONNECTION_URL)? see its log"
        yield Checked(name="flows", verdict=Verdict.WRONG, found=f"the Prefect server answers {bad}", advice=advice)
    if bad is not None or not asked:
        return
    deployments, automations = ({one["name"]: one for one in json.loads(body)} for _, body in asked)
    troubles = [*_deployments(settings, deployments), *_automations(settings, automations, url)]
    yield from troubles
    if not troubles:
        found = f"{len(deployments)} deployments and {len(WATCHING)} automations on the Prefect server"
        yield Checked(name="flows", verdict=Verdict.FINE, found=found)


_OURS: Mapping[str, object] = {"deployments": {"deployments": {"tags": {"all_": ["depesche"]}}}, "automations": {}}
WATCHING = ("zombie runs", "trouble in a run", "dead man's switch")


def _deployments(settings: Settings, found: Mapping[str, Mapping[str, Any]]) -> Iterator[Checked]:
    wanted = settings.schedule.deployments
    ours = {name: found[name] for name in sorted(wanted) if name in found}
    missing = sorted(set(wanted) - set(found))
    away = [name for name, one in ours.items() if one["status"] != "READY"]
    paused = [name for name, one in ours.items() if one["paused"]]
    if missing:
        yield Checked(
            name="flows",
            verdict=Verdict.WRONG,
            found=f"not on the Prefect server: {', '.join(missing)}",
            advice="start the flows: the service depesche-flows, 'depesche serve-flows', or deploy/prefect.yaml for a work pool",
        )
    if away:
        seen = max((ours[name]["last_polled"] or "" for name in away), default="")
        last = f"last seen {datetime.fromisoformat(seen):%Y-%m-%d %H:%M} UTC" if seen else "never seen"
        yield Checked(
            name="flows",
            verdict=Verdict.WRONG,
            found=f"no process takes up runs of {', '.join(away)} ({last})",
            advice="is the flows' service up, or the worker of the work pool?",
        )
    if paused:
        advice = "resume them in the UI, or leave it at that: a restart does not"
        yield Checked(name="flows", verdict=Verdict.NOTE, found=f"paused: {', '.join(paused)}", advice=advice)
    yield from _off_schedule(settings.schedule, ours)


def _off_schedule(schedule: Schedule, ours: Mapping[str, Mapping[str, Any]]) -> Iterator[Checked]:
    """The deployments that run by another plan than the settings have for them."""
    for name, one in ours.items():
        runs = _plan(each["schedule"] for each in one["schedules"] if each["active"])
        cron = schedule.deployments[name]
        told = _plan([{"cron": cron, "timezone": zone_of(cron, schedule.timezone)}] if cron else ())
        if runs != told:
            yield Checked(
                name="flows",
                verdict=Verdict.NOTE,
                found=f"{name} runs by {runs}, the settings say {told}",
                advice="start the flows again; for a work pool change deploy/prefect.yaml and deploy it",
            )


def _plan(schedules: Iterable[Mapping[str, Any]]) -> str:
    """Schedules in words, to be compared and told."""
    told = sorted(f"{each.get('cron', 'no cron expression')!r} ({each.get('timezone')})" for each in schedules)
    return ", ".join(told) or "nothing"


def _automations(settings: Settings, found: Mapping[str, Mapping[str, Any]], url: str) -> Iterator[Checked]:
    ours = {name: found[f"depesche: {name}"] for name in WATCHING if f"depesche: {name}" in found}
    missing = [name for name in WATCHING if name not in ours]
    off = [name for name, one in ours.items() if not one["enabled"]]
    kind, _, document = settings.schedule.notify_block.partition("/")
    if missing:
        yield Checked(
            name="automations",
            verdict=Verdict.WRONG,
            found=f"not on the Prefect server: {', '.join(missing)}",
            advice="depesche serve-flows --automations",
        )
    if off:
        advice = "switch them on in the UI when they are wanted again"
        yield Checked(name="automations", verdict=Verdict.NOTE, found=f"switched off: {', '.join(off)}", advice=advice)
    if kind and _asked(url, f"/block_types/slug/{kind}/block_documents/name/{document}")[0] == 404:
        yield Checked(
            name="automations",
            verdict=Verdict.WRONG,
            found=f"the Prefect server has no block {kind}/{document}",
            advice="make it in the UI under Blocks, or correct schedule.notify_block; 'prefect block ls' shows what there is",
        )
    elif any(action["type"] == "do-nothing" for one in ours.values() for action in one["actions"]):
        yield Checked(
            name="automations",
            verdict=Verdict.NOTE,
            found="trouble in a run and silence are told to nobody",
            advice="name a notification block as schedule.notify_block: docs/operate.md",
        )
