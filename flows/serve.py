"""`python -m flows.serve`: one long-lived process that registers the deployments and starts each run as a child.

Entrypoints are modules, not paths: a flow loaded by path puts its folder first on sys.path.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.responses import DeploymentResponse
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows import doctor, operate
from flows.cron import silence, zone_of
from flows.digest import DigestForm, digest
from flows.ingest import ingest
from flows.local_server import environment
from flows.notify import notify
from flows.recode import recode
from flows.settings import Schedule, Settings, SettingsError, load
from flows.tend import tend

# One at a time, and what comes too early is cancelled: after an outage one run starts, not the whole backlog.
ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def deployments(settings: Settings, paused: Collection[str] = ()) -> tuple[RunnerDeployment, ...]:
    """Every flow with its schedule, as this machine serves it. `paused`: those that are so on the server, and stay so.

    Left alone Prefect resumes them all. Where even recode is paused, which has no schedule, no operator did it, but a
    runner of Prefect's that stopped.
    """
    plan = settings.schedule
    weekly = {"form": DigestForm(period="week").model_dump()}
    made = (
        _deployed(ingest, "ingest", plan, tags=(operate.PASS_TAG,)),
        _deployed(notify, "notify", plan),
        _deployed(tend, "tend", plan),
        _deployed(digest, "digest", plan),
        _deployed(digest, "lage", plan, parameters=weekly),
        _deployed(recode, "recode", plan),
    )
    for one in made if "recode" not in paused else ():
        one.paused = one.name in paused
    return made


def _deployed(
    flow: Flow[Any, Any],
    name: str,
    plan: Schedule,
    *,
    parameters: dict[str, Any] | None = None,
    tags: tuple[str, ...] = (),
) -> RunnerDeployment:
    cron = plan.deployments[name]
    made = flow.to_deployment(
        name,
        schedule=Cron(cron, timezone=zone_of(cron, plan.timezone)) if cron else None,
        parameters=parameters,
        tags=[operate.TAG, *tags],
        concurrency_limit=ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)  # a coroutine only inside an event loop
    return made


def keep_automations(settings: Settings, notify_block: str = "") -> tuple[str, ...]:
    """Bring the automations on the server up to date; see `operate.keep_automations`.

    Raises NotThere for a block that is not there, ConnectionError where the server does not answer, or not to us.
    """
    for one in (*doctor.CHECKS["prefect"](settings), *doctor.CHECKS["prefect settings"](settings)):
        if one.verdict is doctor.Verdict.WRONG:
            raise ConnectionError(f"Prefect: {one.found}: {one.advice}")
    plan = settings.schedule
    least = timedelta(minutes=plan.silent_minutes)
    silent = silence(plan.ingest, plan.timezone, least=least)
    return asyncio.run(operate.keep_automations(notify_block or plan.notify_block, silent=silent))


def _belong_here(there: Iterable[DeploymentResponse]) -> None:
    """Raise NotThere for deployments that a work pool runs: Prefect would leave them there, and half as ours."""
    pooled = [one for one in there if one.work_pool_name]
    if pooled:
        names = ", ".join(sorted(one.name for one in pooled))
        raise operate.NotThere(
            f"the work pool {pooled[0].work_pool_name!r} runs {names}, and they are run one way only: "
            "delete those deployments (in the UI, or 'prefect deployment delete FLOW/NAME'; their runs stay) to serve them here, "
            "or run its worker"
        )


def main(notify_block: str = "") -> int:
    settings = load()
    settings.signing_links  # noqa: B018 (raises for a secret that cannot be used: here, and not in every pass)
    # For the children that run the flows; what the operator set wins.
    os.environ.update(environment())
    for line in keep_automations(settings, notify_block):
        # Printed: a logger of ours would send it to the API, which takes lines of runs only.
        print(line, flush=True)
    there = asyncio.run(operate.deployed())
    _belong_here(there)
    made = deployments(settings, [one.name for one in there if one.paused])
    for one in made:
        if one.paused:
            print(f"{one.name} stays paused: resume it in the UI", flush=True)
    if dropped := asyncio.run(operate.drop_backlog(datetime.now(UTC))):
        print(
            f"{dropped} runs that fell due while nobody served are left out: the newest of each flow runs", flush=True
        )
    try:
        lost = asyncio.run(served(made))
    except KeyboardInterrupt:
        return 0
    if not lost:
        return 0
    print(
        f"depesche: the Prefect server does not have {', '.join(lost)} any more, so that nothing of it would run: its database was "
        "reset or restored, or somebody deleted it. Start the flows again, and they are registered anew",
        file=sys.stderr,
        flush=True,
    )
    return 1


async def served(made: Sequence[RunnerDeployment]) -> tuple[str, ...]:
    """Register deployments and run them until we are told to end, or the server has forgotten some: their names."""
    # Paused at the end, a second process that stops would leave the first with nothing to run, and what falls due in a
    # restart, as the Lage of a week, would be left out. What is late when we come back runs once: see ONE_AT_A_TIME.
    runner = Runner(limit=4, pause_on_shutdown=False)
    ours = {await runner.aadd_deployment(one): one.name for one in made}
    print(f"Served: {', '.join(ours.values())}", flush=True)
    looking = asyncio.create_task(_ended_if_forgotten(runner, ours))
    try:
        await runner.start()
    finally:
        looking.cancel()
    return looking.result() if looking.done() else ()


LOOK_SECONDS = 60.0
LOOKS = 3
"""So many looks in a row must find a deployment missing."""


async def _ended_if_forgotten(runner: Runner, ours: Mapping[UUID, str]) -> tuple[str, ...]:
    """End the runner where the server has forgotten deployments, and return their names.

    It asks for the runs of each by its id, and for one that is not there it is told of none, for ever.
    """
    seen = 0
    while seen < LOOKS:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            lost = await operate.forgotten(ours)
        except Exception:  # noqa: BLE001  it is down or being restarted, however that looks; the runner sees to it
            lost = ()
        seen = seen + 1 if lost and runner.started else 0
    await runner.astop()
    return lost


# The guard is needed: the children that run flows import this module again.
if __name__ == "__main__":
    try:
        sys.exit(main())
    except (operate.NotThere, SettingsError, ConnectionError) as error:
        print(f"depesche: {error}", file=sys.stderr)
        sys.exit(2)
