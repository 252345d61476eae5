"""What operators see of us in Prefect: run names, states, artifacts, events, and the automations as code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from prefect import get_client, runtime
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.automations import Automation
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import State, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.sorting import FlowRunSort
from prefect.events import emit_event
from prefect.events.actions import ActionTypes, ChangeFlowRunState, DoNothing, SendNotification
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.exceptions import ObjectNotFound
from prefect.states import Completed, Crashed, Failed

from extractors.model import Grade
from extractors.urls import redacted
from flows.desk import Desk
from flows.guarding import guarded, names_of
from flows.runs import Match, RunReport, feed_rows, markdown
from storage.archive import opened
from storage.runs import Incident

if TYPE_CHECKING:
    from flows.tension import Picture

DEGRADED = "Degraded"
DRY = "Dry run"
"""Not Completed: it kept nothing, and the dead man's switch goes by that name."""

TAG = "depesche"
PASS_TAG = "depesche-pass"
"""On the ingest deployment alone: notify runs every minute and would keep the dead man's switch quiet."""

SILENT = timedelta(minutes=45)
MOST_EVENTS = 500
"""Alerts that one run makes events of: a first pass over full feeds has hundreds."""

INCIDENT = "INCIDENT"
_ZOMBIE_SECONDS = 90
LONGEST = MappingProxyType(
    {
        "ingest": timedelta(minutes=12),
        "notify": timedelta(minutes=3),
        "digest": timedelta(minutes=10),
        "tend": timedelta(hours=1),
    }
)
"""How long a run of each flow may take: then it ends itself. A recode takes what it takes.

What was begun last must fit in, and that may take what `fetching.deadline_seconds` may be, two minutes. Usually they end within
their interval, and the next run is left out where one does not.
"""
NEVER_BEGAN = timedelta(minutes=5)
"""A run that was taken up so long ago and has not begun never will: its worker was killed in between. It has no heartbeat
to miss, and held the slot of its deployment for six minutes when we saw one."""

_WELL = ("prefect.flow-run.Completed", f"prefect.flow-run.{DEGRADED}")
_RUNS: dict[str, str | list[str]] = {"prefect.resource.id": "prefect.flow-run.*"}


class NotThere(LookupError):
    """The Prefect server does not have what the settings name, or has it otherwise; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What came up during a run, to be told as `depesche.*` events."""

    incidents: tuple[Incident, ...] = ()
    alerts: tuple[Mapping[str, Any], ...] = ()


NOTHING_NEW = News()


def run_name(kind: str = "") -> str:
    """When and what, as lists of runs sort it: '2028-01-12 09:10 UTC ingest'. The UI shows the hour of its reader beside it."""
    scheduled = runtime.flow_run.scheduled_start_time.astimezone(UTC)
    return f"{scheduled:%Y-%m-%d %H:%M} UTC {kind or runtime.flow_run.flow_name}"


async def can_get_better(task: Any, task_run: Any, state: State[Any]) -> bool:
    """Whether a second try may help: a database or network that was away, never a fault of ours.

    Must be async: Prefect does not await `state.result()` in a condition, and would never retry.
    """
    from storage.engine import is_fault

    result = await state.aresult(raise_on_failure=False)
    return isinstance(result, OSError) or is_fault(result)


ONCE: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}
TWICE_MORE: dict[str, Any] = ONCE | {"retries": 2, "retry_delay_seconds": [2, 10], "retry_jitter_factor": 0.5}
"""How often a task is tried."""


async def told(
    report: RunReport, news: News | None = NOTHING_NEW, *, artifact: bool = True, chart: Picture | None = None
) -> State[None]:
    """Leave the run's artifacts and events, and say how it ended. Without `news` there are no events: a dry run."""
    if artifact:
        await acreate_markdown_artifact(
            markdown=markdown(report), key=f"{report.kind}-run", description=report.sentence
        )
    if report.feeds:
        await acreate_table_artifact(
            table=feed_rows(report.feeds), key="feed-health", description=f"{len(report.feeds)} feeds in this run"
        )
    if chart is not None:
        # Not an image artifact: the UI prints an image's address below it, and ours is the whole picture.
        await acreate_markdown_artifact(markdown=f"![{chart.told}]({chart.url})", key="tension", description=chart.told)
    if news is not None:
        _emit(report, news)
    if report.state == "failed":
        return Failed(message=report.sentence)
    if news is None:
        return Completed(name=DRY, message=report.sentence)
    if report.state == "degraded":
        return Completed(name=DEGRADED, message=report.sentence)
    return Completed(message=report.sentence)


def news_since(desk: Desk, began: datetime) -> News:
    """What the archive says came up since then, by this worker or another: events have ids, so none counts twice."""
    with opened(desk.engine) as archive:
        queued = archive.outbox.queued_since(began, MOST_EVENTS)
        return News(
            incidents=tuple(one for one in archive.log.incidents(open_only=False) if one.opened_at >= began),
            alerts=tuple(alert for alert in queued if alert.get("type") != INCIDENT),
        )


def still_open(desk: Desk) -> tuple[str, ...]:
    """A line for each open incident, for the run's story: a feed that is silent answers well in every run."""
    with opened(desk.engine) as archive:
        return tuple(
            f"open since {one.opened_at:%Y-%m-%d %H:%M} UTC: {one.kind}: {redacted(one.subject)}: {redacted(one.message)}"
            for one in archive.log.incidents()
        )


def tension(desk: Desk, report: RunReport) -> Picture | None:
    """The tension chart where the run may have changed it: a picture that stays the same is no new one."""
    if not report.events:
        return None
    # What draws takes a second to import, and most runs draw nothing.
    from flows.tension import picture

    return picture(desk.engine, desk.zone, desk.now())


def _emit(report: RunReport, news: News) -> None:
    for match in report.matches:
        if match.grade == Grade.CORE:
            _emit_match(match)
    for incident in news.incidents:
        _emit_incident(incident)
    for alert in news.alerts:
        _emit_alert(alert)


def _emit_match(match: Match) -> None:
    emit_event(
        "depesche.article.matched",
        resource={
            "prefect.resource.id": f"depesche.article.{match.url}",
            "prefect.resource.name": match.headline[:200],
        },
        payload={"publisher": match.publisher, "score": match.score, "events": match.events, "acts": list(match.acts)},
    )


def _emit_incident(incident: Incident) -> None:
    subject, message = redacted(incident.subject), redacted(incident.message)
    emit_event(
        "depesche.incident.opened",
        id=uuid5(NAMESPACE_URL, f"depesche:incident:{incident.id}:{incident.opened_at.isoformat()}"),
        occurred=incident.opened_at,
        resource={
            "prefect.resource.id": f"depesche.incident.{incident.kind.replace(' ', '-')}.{subject}",
            "prefect.resource.name": f"{incident.kind}: {subject}"[:200],
        },
        payload={"kind": incident.kind, "subject": subject, "message": message},
    )


def _emit_alert(alert: Mapping[str, Any]) -> None:
    emit_event(
        "depesche.alert.queued",
        id=uuid5(NAMESPACE_URL, f"depesche:alert:{alert['key']}"),
        resource={
            "prefect.resource.id": f"depesche.alert.{alert['key']}",
            "prefect.resource.name": str(alert["title"])[:200],
        },
        payload={name: alert[name] for name in ("watch", "url", "type", "status", "parties", "act") if name in alert},
    )


_POLICY = b"default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; frame-ancestors 'self'"
"""Prefect's pages load logos of blocks and a telemetry configuration from other hosts, which no setting forbids."""


def quiet_app() -> Any:
    """Prefect's server, whose pages may ask nobody else, nor pages of others it: `uvicorn --factory flows.operate:quiet_app`.

    Nor whoever points a name of theirs here: see `guarding`. The origins that the operator allows are also the names it has.
    """
    from prefect.server.api.server import create_app
    from prefect.settings import (
        PREFECT_HOME,
        PREFECT_SERVER_CORS_ALLOWED_ORIGINS,
        PREFECT_UI_STATIC_DIRECTORY,
        temporary_settings,
    )

    ours = {
        # Left alone Prefect unpacks its pages into its own package: in a read-only image, or as a service, there were none.
        PREFECT_UI_STATIC_DIRECTORY: str(PREFECT_HOME.value() / "ui"),
        # It asks for no password, and allows all origins: any page in the browser of who may look at it could change it.
        PREFECT_SERVER_CORS_ALLOWED_ORIGINS: "",
    }
    with temporary_settings(set_defaults=ours):
        server = create_app(final=True)
        origins = PREFECT_SERVER_CORS_ALLOWED_ORIGINS.value().split(",")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", _POLICY)]
            await send(message)

        await server(scope, receive, told if scope["type"] == "http" else send)

    return guarded(app, names_of(origins), setting="PREFECT_SERVER_CORS_ALLOWED_ORIGINS")


def automations(notify: UUID | None = None, *, silent: timedelta = SILENT) -> tuple[Automation, ...]:
    """Zombies end, trouble is said, silence is said; to the notification block `notify`, else as events alone.

    Matched by tag: heartbeats carry no deployment name. `silent`: how long no pass may end well.
    """
    return (_zombies(), _trouble(notify), _dead_man(notify, silent))


def _zombies() -> Automation:
    return Automation(
        name="depesche: zombie runs",
        description=f"A run whose heartbeat is missing for {_ZOMBIE_SECONDS} s is crashed, and its slot is free again.",
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match=_RUNS,
            match_related=_tagged(TAG),
            # Heartbeats alone: with Pending and Running here it fired for runs that had ended well.
            after={"prefect.flow-run.heartbeat"},
            # A wildcard: a list of states would take our own state Degraded for a zombie.
            expect={"prefect.flow-run.*"},
            for_each={"prefect.resource.id"},
            threshold=1,
            within=timedelta(seconds=_ZOMBIE_SECONDS),
        ),
        actions=[ChangeFlowRunState(state="CRASHED", message=f"no heartbeat for {_ZOMBIE_SECONDS} s")],
    )


def _trouble(notify: UUID | None) -> Automation:
    # Not Degraded: a feed that fails once is daily life, and after six failures our own incident says so.
    return Automation(
        name="depesche: trouble in a run",
        description="A run failed, crashed or timed out.",
        trigger=EventTrigger(
            posture=Posture.Reactive,
            match=_RUNS,
            match_related=_tagged(TAG),
            expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"},
            for_each={"prefect.resource.id"},
            threshold=1,
            within=timedelta(seconds=10),
        ),
        actions=[_said(notify, "{{ flow_run.name }}: {{ flow_run.state.name }}: {{ flow_run.state.message }}")],
    )


def _dead_man(notify: UUID | None, silent: timedelta) -> Automation:
    minutes = silent / timedelta(minutes=1)
    long = f"{minutes:.0f} minutes" if minutes < 180 else f"{minutes / 60:.0f} hours"
    return Automation(
        name="depesche: dead man's switch",
        description=f"No pass over the feeds ended well within {long}: schedule, worker or database is dead.",
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match=_RUNS,
            match_related=_tagged(PASS_TAG),
            # Each good end opens the next window, so it fires `silent` after the last one, and once. With nothing in
            # `after` the windows stand in a row, and it fires up to three of them late and again in each. A pass that
            # begins opens one too: the first of all, and those after an alarm.
            after={"prefect.flow-run.Pending", *_WELL},
            expect=set(_WELL),
            # A trigger of all events at once would be given a new window as soon as it has fired.
            for_each={"related:deployment:prefect.resource.id"},
            threshold=1,
            within=silent,
        ),
        actions=[_said(notify, "{{ automation.description }}")],
    )


def _tagged(tag: str) -> dict[str, str | list[str]]:
    return {"prefect.resource.id": f"prefect.tag.{tag}", "prefect.resource.role": "tag"}


def _said(notify: UUID | None, body: str) -> ActionTypes:
    if notify is None:
        return DoNothing()
    return SendNotification(block_document_id=notify, subject="{{ automation.name }}", body=body)


async def keep_automations(notify_block: str = "", *, silent: timedelta = SILENT) -> tuple[str, ...]:
    """Create ours or bring them up to date, by name: creating again would make a second one. Returns what was done.

    `notify_block` names a notification block on the server as type/name, e.g. slack-webhook/oncall.
    Raises NotThere where there is none of that name.
    """
    notify = await _block(notify_block) if notify_block else None
    done = []
    for wanted in automations(notify, silent=silent):
        try:
            found = await Automation.aread(name=wanted.name)
        except ValueError:
            await wanted.acreate()
            done.append(f"created {wanted.name}")
        else:
            done.append(f"{await _brought_up(found, wanted)} {wanted.name}")
    return tuple(done)


async def _brought_up(found: Automation, wanted: Automation) -> str:
    """Write only what differs: an update gives the trigger a new id, and the server forgets the runs it was watching.

    A worker that was killed and comes back would so hide its own zombies. What the operator switched off stays off.
    """
    told = {"trigger", "actions", "description"}
    if found.model_dump(include=told) == wanted.model_dump(include=told):
        return "kept"
    found.trigger, found.actions, found.description = wanted.trigger, wanted.actions, wanted.description
    await found.aupdate()
    return "updated"


async def deployed() -> tuple[DeploymentResponse, ...]:
    """Our deployments that are on the server."""
    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    async with get_client() as client:
        return tuple(await client.read_deployments(deployment_filter=ours))


async def forgotten(ours: Mapping[UUID, str]) -> tuple[str, ...]:
    """The names of those deployments that the server does not have: its database was reset, or somebody deleted them.

    It is asked which of them it has: that answer no proxy gives for a server that is away, as it may give a 404 for each.
    Raises whatever keeps it from answering.
    """
    wanted = DeploymentFilter(id=DeploymentFilterId(any_=[*ours]))
    async with get_client() as client:
        there = {one.id for one in await client.read_deployments(deployment_filter=wanted)}
    return tuple(name for which, name in ours.items() if which not in there)


async def drop_backlog(now: datetime) -> int:
    """Delete our scheduled runs that are late, but for the newest of each deployment; returns how many went.

    Prefect would try each of them: half a second a run, and a flow that runs each minute has 480 of them after a night.
    Runs that somebody started by hand stay.
    """
    dropped = 0
    async with get_client() as client:
        for one in await deployed():
            late = _late_runs(one.id, now)
            newest = await client.read_flow_runs(
                flow_run_filter=late, sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=1
            )
            if not newest or newest[0].expected_start_time is None:
                continue
            older = _late_runs(one.id, newest[0].expected_start_time - timedelta(seconds=1))
            wish = {"flow_runs": older.model_dump(mode="json", exclude_unset=True)}
            # Fifty at a time; the client has no method for it yet.
            while gone := (await client.request("POST", "/flow_runs/bulk_delete", json=wish)).json()["deleted"]:  # type: ignore[arg-type]
                dropped += len(gone)
    return dropped


def _late_runs(deployment: UUID, before: datetime) -> FlowRunFilter:
    return FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[deployment]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=before),
        tags=FlowRunFilterTags(all_=["auto-scheduled"]),
    )


async def end_dead_runs(now: datetime) -> tuple[str, ...]:
    """Crash our runs whose process must be gone: taken up before `now - NEVER_BEGAN` and never begun, or begun so long ago that
    they would have ended themselves. Returns their names.

    The zombie automation ends most of the second kind sooner; but where a heartbeat was lost with the server, or never sent
    because the worker was killed at once, it has none to miss.
    """
    wanted = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING])),
        tags=FlowRunFilterTags(all_=[TAG]),
    )
    ended = list[str]()
    async with get_client() as client:
        for one in await client.read_flow_runs(flow_run_filter=wanted):
            since = now - one.state.timestamp if one.state is not None else timedelta()
            if since <= NEVER_BEGAN:
                continue
            if one.state_type is StateType.RUNNING:
                longest = LONGEST.get((await client.read_flow(one.flow_id)).name)
                if longest is None or since <= longest + NEVER_BEGAN:
                    continue
            why = "taken up and never begun" if one.state_type is StateType.PENDING else "begun and never ended"
            await client.set_flow_run_state(one.id, Crashed(message=why))
            ended.append(one.name)
    return tuple(ended)


async def _block(name: str) -> UUID:
    kind, _, document = name.partition("/")
    async with get_client() as client:
        try:
            found = await client.read_block_document_by_name(document, kind, include_secrets=False)
        except ObjectNotFound:
            raise NotThere(
                f"the Prefect server has no block {name!r}; write type/name as in slack-webhook/oncall, "
                "and 'prefect block ls' shows what there is"
            ) from None
    return found.id
