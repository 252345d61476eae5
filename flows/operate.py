"""What operators see of us in Prefect: run names, states, artifacts, events, and the automations as code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from prefect import runtime
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.automations import Automation
from prefect.client.schemas.objects import State
from prefect.events import emit_event
from prefect.events.actions import ChangeFlowRunState, DoNothing
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.states import Completed, Failed

from flows.runs import RunReport, feed_rows, markdown

DEGRADED = "Degraded"

_ZOMBIE_SECONDS = 90
_SILENT = timedelta(minutes=45)


def run_name() -> str:
    """When and what, as lists of runs sort it: '2028-01-12 09:10 ingest'."""
    scheduled = runtime.flow_run.scheduled_start_time
    return f"{scheduled:%Y-%m-%d %H:%M} {runtime.flow_run.flow_name}"


async def can_get_better(task: Any, task_run: Any, state: State[Any]) -> bool:
    """Whether a second try may help: a database or network that was away, never a fault of ours.

    Must be async: Prefect does not await `state.result()` in a condition, and would never retry.
    """
    from sqlalchemy.exc import InterfaceError, OperationalError

    result = await state.aresult(raise_on_failure=False)
    return isinstance(result, OperationalError | InterfaceError | OSError)


async def told(report: RunReport, *, artifact: bool = True) -> State[None]:
    """Leave the run's artifacts and events, and say how it ended."""
    if artifact:
        await acreate_markdown_artifact(
            markdown=markdown(report), key=f"{report.kind}-run", description=report.sentence
        )
    if report.feeds:
        await acreate_table_artifact(
            table=feed_rows(report.feeds), key="feed-health", description=f"{len(report.feeds)} feeds in this run"
        )
    for match in report.matches:
        if match.grade == 2:
            emit_event(
                "depesche.article.matched",
                resource={
                    "prefect.resource.id": f"depesche.article.{match.url}",
                    "prefect.resource.name": match.headline[:200],
                },
                payload={
                    "publisher": match.publisher,
                    "score": match.score,
                    "events": match.events,
                    "acts": list(match.acts),
                },
            )
    if report.state == "failed":
        return Failed(message=report.sentence)
    if report.state == "degraded":
        return Completed(name=DEGRADED, message=report.sentence)
    return Completed(message=report.sentence)


def automations() -> tuple[Automation, ...]:
    """Zombies end, trouble is said, silence is said. Matched by tag: heartbeats carry no deployment name."""
    ours = {"prefect.resource.id": "prefect.tag.depesche", "prefect.resource.role": "tag"}
    runs = {"prefect.resource.id": "prefect.flow-run.*"}
    return (
        Automation(
            name="depesche: zombie runs",
            description=f"A run whose heartbeat is missing for {_ZOMBIE_SECONDS} s is crashed, and its slot is free again.",
            trigger=EventTrigger(
                posture=Posture.Proactive,
                match=runs,
                match_related=ours,
                after={"prefect.flow-run.heartbeat"},
                # A wildcard: a list of states would take our own state Degraded for a zombie.
                expect={"prefect.flow-run.*"},
                for_each={"prefect.resource.id"},
                threshold=1,
                within=timedelta(seconds=_ZOMBIE_SECONDS),
            ),
            actions=[ChangeFlowRunState(state="CRASHED", message=f"no heartbeat for {_ZOMBIE_SECONDS} s")],
        ),
        Automation(
            name="depesche: trouble in a run",
            description="A run failed, crashed or timed out. The event is the alarm: notify on it as you like.",
            trigger=EventTrigger(
                posture=Posture.Reactive,
                match=runs,
                match_related=ours,
                expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"},
                threshold=1,
                within=timedelta(0),
            ),
            actions=[DoNothing()],
        ),
        Automation(
            name="depesche: dead man's switch",
            description=f"No run of ours ended well within {_SILENT}: the schedule, the worker or the database is dead.",
            trigger=EventTrigger(
                posture=Posture.Proactive,
                match=runs,
                match_related=ours,
                after=set(),
                expect={"prefect.flow-run.Completed", f"prefect.flow-run.{DEGRADED}"},
                threshold=1,
                within=_SILENT,
            ),
            actions=[DoNothing()],
        ),
    )


async def keep_automations() -> tuple[str, ...]:
    """Create ours or bring them up to date, by name: creating again would make a second one. Returns what was done."""
    done = []
    for wanted in automations():
        try:
            found = await Automation.aread(name=wanted.name)
        except ValueError:
            await wanted.acreate()
            done.append(f"created {wanted.name}")
        else:
            found.trigger, found.actions, found.description = wanted.trigger, wanted.actions, wanted.description
            await found.aupdate()
            done.append(f"updated {wanted.name}")
    return tuple(done)
