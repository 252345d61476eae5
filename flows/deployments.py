"""The deployments: every flow with its schedule, one at a time.

Entrypoints are modules, not paths: a flow loaded by path puts its folder first on sys.path.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows import operate
from flows.digest import DigestForm, digest
from flows.ingest import ingest
from flows.notify import notify
from flows.recode import recode
from flows.settings import Settings
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
        _deployed(ingest, "ingest", plan.ingest, plan.timezone, tags=(operate.PASS_TAG,)),
        _deployed(notify, "notify", plan.notify, plan.timezone),
        _deployed(tend, "tend", plan.tend, plan.timezone),
        _deployed(digest, "digest", plan.digest, plan.timezone),
        _deployed(digest, "lage", plan.weekly, plan.timezone, parameters=weekly),
        _deployed(recode, "recode", None, plan.timezone),
    )
    for one in made if "recode" not in paused else ():
        one.paused = one.name in paused
    return made


def zone_of(cron: str, zone: str) -> str:
    """The zone to schedule by: UTC for what names no hour and no day.

    A local schedule that runs through the day leaves out the hour that comes twice in autumn.

    >>> zone_of("*/10 * * * *", "Europe/Berlin"), zone_of("0 7 * * *", "Europe/Berlin")
    ('UTC', 'Europe/Berlin')
    """
    return "UTC" if cron.split()[1:] == ["*"] * 4 else zone


def _deployed(
    flow: Flow[Any, Any],
    name: str,
    cron: str | None,
    zone: str,
    *,
    parameters: dict[str, Any] | None = None,
    tags: tuple[str, ...] = (),
) -> RunnerDeployment:
    made = flow.to_deployment(
        name,
        schedule=Cron(cron, timezone=zone_of(cron, zone)) if cron else None,
        parameters=parameters,
        tags=[operate.TAG, *tags],
        concurrency_limit=ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)  # a coroutine only inside an event loop
    return made
