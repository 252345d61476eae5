"""What became of everything that `benchmarks/operation.py` operated, from Prefect, the archive and the receiver of alerts; and what of it is wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.operation_world import World

DEAD_MAN, ZOMBIES = "depesche: dead man's switch", "depesche: zombie runs"
TROUBLE = "depesche: trouble in a run"
TOLD_SECONDS = 60
"""How long after a run is set Crashed its trouble may be told at the latest."""
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


def verdict(world: World) -> dict[str, Any]:
    told = runs_told(world) | zombies_told(world) | archive_told(world) | alerts_told(world) | automations_told(world)
    told |= {
        "minutes": world.minutes,
        "database": world.database.kind,
        "restarts": dict(world.restarts),
        "most_runs_late_at_once": max(world.late, default=0),
        "runs_late_at_the_end": world.late[-1] if world.late else 0,
        "longest_wait_seconds": {
            name: round(max((one.get(name, 0) for one in world.waiting), default=0)) for name in ("entry", "alert")
        },
        "backlog_at_the_end": backlog(world),
        "server_megabytes": [world.memory[0], max(world.memory), world.memory[-1]] if world.memory else [],
        "megabytes": sizes(world),
        "timeline": world.seen,
    }
    told["wrong"] = wrong(world, told)
    return told


def runs_told(world: World) -> dict[str, Any]:
    runs = world.runs()
    found = Counter(f"{run['of']} {run['state_name']}" for run in runs)
    took = sorted(run["total_run_time"] for run in runs if run["of"] == "ingest" and run["start_time"])
    delays = sorted(_seconds(run["expected_start_time"], run["start_time"]) for run in runs if run["start_time"])
    return {
        "runs": dict(sorted(found.items())),
        "ingest_seconds_p50_p95_max": [round(_at(took, share), 1) for share in (0.5, 0.95, 1)],
        "start_delay_seconds_p50_p95": [round(_at(delays, share), 1) for share in (0.5, 0.95)],
    }


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def _seconds(first: str, last: str) -> float:
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()


def zombies_told(world: World) -> dict[str, Any]:
    """Runs whose worker was killed: how they ended, and how long that took."""
    ends, waits = Counter[str](), []
    for key, (_, at) in world.killed.items():
        run = world.ask(f"flow_runs/{key}")
        ends[run["state_name"]] += 1
        if run["state_type"] in ENDED:
            waits.append(_seconds(at.isoformat(), run["state"]["timestamp"]))
    open_now = [run["name"] for run in world.runs("RUNNING", "PENDING") if run["total_run_time"] > 120]
    return {
        "cut_off": len(world.killed),
        "cut_off_ended_as": dict(ends),
        "cleared_after_seconds": [round(wait) for wait in sorted(waits)],
        "zombies_at_the_end": open_now,
    }


def archive_told(world: World) -> dict[str, Any]:
    from flows.newsroom.fortnight import Fortnight

    now = datetime.fromisoformat(world.site.ask("GET", "clock")["now"])
    out = [piece for piece in Fortnight().pieces if piece.version(now) is not None]
    outcomes = Counter({str(name or "none"): n for name, n in rows(world, _OUTCOMES)})
    known = {url.split("/", 3)[3] for (url,) in rows(world, "SELECT url FROM articles")}
    accounts = [row[0] for row in rows(world, "SELECT accounts FROM runs WHERE accounts IS NOT NULL")]
    accounts = [json.loads(one) if isinstance(one, str) else one for one in accounts]
    return {
        "published": len(out),
        "published_and_unknown": [
            piece.path
            for piece in out
            if not {f"{piece.house}/{path}" for path in (piece.path, piece.old_path)} & known
        ],
        "articles": dict(outcomes),
        "articles_twice": rows(world, _TWICE)[0][0],
        "entries_in": sum(one["entries"] for one in accounts),
        "entries_out": sum(sum(one["out"].values()) for one in accounts),
        "entries_dropped": sum(sum(one["dropped"].values()) for one in accounts),
        "events": rows(world, "SELECT count(*) FROM events WHERE known_to IS NULL")[0][0],
        "events_twice": rows(world, _EVENTS_TWICE)[0][0],
        "incidents": dict(Counter(kind for (kind,) in rows(world, "SELECT kind FROM incidents"))),
    }


_OUTCOMES = "SELECT outcome, count(*) FROM articles GROUP BY outcome"
_TWICE = "SELECT count(*) FROM (SELECT key FROM articles GROUP BY key HAVING count(*) > 1) AS twice"
_EVENTS_TWICE = "SELECT count(*) FROM (SELECT uid FROM events WHERE known_to IS NULL GROUP BY version_id, uid HAVING count(*) > 1) AS t"


def rows(world: World, statement: str) -> list[Any]:
    from sqlalchemy import text

    from storage.engine import open_engine

    engine = open_engine(world.database.archive)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]
    finally:
        engine.dispose()


def waits(world: World) -> dict[str, float]:
    """Seconds that the longest waiting entry and the longest waiting alert have been due."""
    from sqlalchemy import func, select

    from storage.archive import opened
    from storage.engine import open_engine
    from storage.tables import ArticleRow

    engine, now = open_engine(world.database.archive), datetime.now(UTC)
    try:
        with opened(engine) as archive:
            entry = archive.connection.scalar(select(func.min(ArticleRow.due_at)))
            alert = archive.outbox.oldest_pending(now)
    finally:
        engine.dispose()
    return {
        name: max(0.0, (now - since).total_seconds()) for name, since in (("entry", entry), ("alert", alert)) if since
    }


def backlog(world: World) -> dict[str, float]:
    """What has been due for longer than two passes take."""
    return {name: round(seconds) for name, seconds in waits(world).items() if seconds > 120}


def alerts_told(world: World) -> dict[str, Any]:
    delivered = world.site.ask("GET", "deliveries")
    ours = [one for one in delivered if one["path"] == "/hook" and 200 <= one["status"] < 300]
    ids = Counter(one["headers"]["webhook-id"] for one in ours)
    keys = Counter(alert["key"] for one in ours for alert in json.loads(one["body"])["data"]["alerts"])
    states = dict(rows(world, "SELECT state, count(*) FROM deliveries GROUP BY state"))
    oncall = Counter(json.loads(one["body"])["text"] for one in delivered if one["path"] == "/hook/oncall")
    return {
        "deliveries": states,
        "messages_received": len(ids),
        "messages_received_twice": sum(n > 1 for n in ids.values()),
        "alerts_received": len(keys),
        "alerts_received_twice": sum(n > 1 for n in keys.values()),
        "told_on_call": dict(Counter(text.split("\n")[0][:60] for text in oncall.elements())),
    }


def automations_told(world: World) -> dict[str, Any]:
    """How often each of our automations fired, from the server's own events."""
    wish = {"filter": {"event": {"name": ["prefect.automation.triggered"]}}, "limit": 50}
    answer = world.ask("events/filter", wish)
    found = answer["events"]
    while answer.get("next_page"):
        answer = world.ask(answer["next_page"].removeprefix(f"{world.api}/"))
        found += answer["events"]
    named = Counter(event["resource"]["prefect.resource.name"] for event in found)
    taken = [_about(event) for event in found if event["resource"]["prefect.resource.name"] == ZOMBIES]
    crashed = {run["id"]: run["state"]["timestamp"] for run in world.runs("CRASHED") if run["id"] in world.killed}
    told = {
        _about(event): event["occurred"] for event in found if event["resource"]["prefect.resource.name"] == TROUBLE
    }
    return {
        "fired": dict(named),
        "fired_for": [_why(event) for event in found],
        "crash_told_after_seconds": [
            round(_seconds(at, told[run])) if run in told else None for run, at in sorted(crashed.items())
        ],
        "taken_for_zombies": [run for run in taken if not excused(world, run)],
    }


def _why(event: Mapping[str, Any]) -> str:
    """Which automation fired when, and the run or deployment that it was about."""
    return f"{event['occurred'][11:19]} {event['resource']['prefect.resource.name']} {_about(event)[-12:]}"


def _about(event: Mapping[str, Any]) -> str:
    """The id of the run or deployment that an automation fired for."""
    return "".join(event["payload"].get("triggering_labels", {}).values()).rpartition(".")[2]


UNWEIGHED = timedelta(seconds=60)
"""How long before its kill the server may have heard of an end that its automations had not yet weighed."""


def excused(world: World, run: str) -> bool:
    """Whether the zombie automation had a reason to fire for a run: its worker was killed, or it was under way while the server
    was away, or had just ended: the server forgets what it had heard and not yet weighed, and does not hear of the rest."""
    if run in world.killed:
        return True
    told = world.ask(f"flow_runs/{run}")
    began, ended = (datetime.fromisoformat(at) for at in (told["start_time"], told["state"]["timestamp"]))
    return any(began <= back and killed - UNWEIGHED <= ended for killed, back in world.outages)


def sizes(world: World) -> dict[str, float]:
    if world.database.kind == "sqlite":
        return {
            name: round((world.home / f"{name}.sqlite").stat().st_size / 1e6, 1) for name in ("depesche", "prefect")
        }
    asked_for = "SELECT datname, pg_database_size(datname) FROM pg_database WHERE datname IN ('depesche', 'prefect')"
    return {name: round(size / 1e6, 1) for name, size in rows(world, asked_for)}


def wrong(world: World, told: Mapping[str, Any]) -> list[str]:
    """What must not be, by name."""
    must = 1 if any("worker is back" in line for line in world.seen) else 0
    checks = {
        "articles lost": told["published_and_unknown"],
        "articles twice": told["articles_twice"],
        "events twice": told["events_twice"],
        "in is not out + dropped": told["entries_in"] - told["entries_out"] - told["entries_dropped"],
        "alerts told twice": told["alerts_received_twice"],
        "zombies": told["zombies_at_the_end"],
        "a cut off run never ended": told["cut_off"] - len(told["cleared_after_seconds"]),
        "crashes told late or to nobody": [
            late for late in told["crash_told_after_seconds"] if late is None or late > TOLD_SECONDS
        ],
        "ended runs taken for zombies": told["taken_for_zombies"],
        "runs late at the end": told["runs_late_at_the_end"],
        "backlog": told["backlog_at_the_end"],
        f"dead man's switch fired not {must} times": told["fired"].get(DEAD_MAN, 0) - must,
    }
    return [f"{name}: {found}" for name, found in checks.items() if found]
