"""The flow that reads the archive again with today's coder: resumable, the same result however often it runs.

Not async like the others: it computes for hours, and a heartbeat from the event loop would stop, which the zombie automation
takes for death. From a thread it goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.client.schemas.objects import State
from prefect.task_runners import TaskRunner
from pydantic import BaseModel, Field
from sqlalchemy import Engine

from extractors.relevance import Dossier
from flows import learning, operate, recoding
from flows.desk import dossiers_of, open_archive
from flows.runs import RunReport
from flows.settings import Settings, load

logging.getLogger("depesche").setLevel(logging.INFO)

STEP = 0.05
"""Progress is told in such steps: each is an event on the server."""
AHEAD = 3
"""Stretches out at a time, for each worker: none waits, and none is long in a queue."""


class RecodeForm(BaseModel):
    """Articles that other rules read are read again with today's; what no longer has its text is counted as expired."""

    limit: int = Field(
        100_000, ge=1, description="Most articles to read again in this run", json_schema_extra={"position": 0}
    )
    since: date | None = Field(
        None,
        description="Only what was kept since this day; the rest is left for another run",
        json_schema_extra={"position": 1},
    )
    batch: int = Field(
        200,
        ge=1,
        le=50_000,
        description="Articles at a time; across workers each is a task of Prefect's (20 kB there)",
        json_schema_extra={"position": 2},
    )
    workers: int = Field(
        1,
        ge=1,
        le=64,
        description="Processes on this machine; more than one needs the extra depesche[scale] (Dask)",
        json_schema_extra={"position": 3},
    )
    scheduler: str = Field(
        "",
        description="Address of a Dask cluster of yours, as tcp://dask:8786; its workers need our settings and packages",
        json_schema_extra={"position": 4},
    )


# With None as default the UI would show no fields until somebody chose the form.
_USUAL = RecodeForm()


@flow(
    name="recode",
    description="Codes stored articles again whose coder, or whose dossier, is not today's. What no longer has its text is counted as expired.",
    flow_run_name=operate.run_name,
    persist_result=False,
)
def recode(form: RecodeForm = _USUAL) -> State[None]:
    if form.workers == 1 and not form.scheduler:
        report = alone(form)
    else:
        report = spread.with_options(task_runner=dask(form))(form)
    get_run_logger().info(report.sentence)
    return asyncio.run(_told(report))


async def _told(report: RunReport) -> State[None]:
    """Tell the run, with the chart of the tension where it may have changed."""
    from flows.tension import picture

    chart = None
    if report.taken:
        with _archive() as (settings, engine):
            chart = picture(engine, ZoneInfo(settings.schedule.timezone), datetime.now(UTC))
    return await operate.told(report, chart=chart)


def alone(form: RecodeForm) -> RunReport:
    """In this process, without a task and without Dask."""
    with _archive() as (settings, engine):
        dossiers = learning.taught(engine, dossiers_of(settings))
        here = recoding.reading_here(engine, dossiers, lambda: datetime.now(UTC))
        return _recoded(form, settings, engine, here, dossiers)


@flow(name="recode-spread", flow_run_name="stretches", persist_result=False)
def spread(form: RecodeForm) -> RunReport:
    """Through this flow's task runner."""
    with _archive() as (settings, engine):
        how = recoding.reading_elsewhere(_submitted, ahead=AHEAD * form.workers)
        return _recoded(form, settings, engine, how, learning.taught(engine, dossiers_of(settings)))


@contextmanager
def _archive() -> Iterator[tuple[Settings, Engine]]:
    settings = load()
    engine = open_archive(settings.database_url)
    try:
        yield settings, engine
    finally:
        engine.dispose()


@task(task_run_name="articles {stretch.after} to {stretch.until}", **operate.TWICE_MORE)
def read(stretch: recoding.Stretch, coder: str) -> dict[str, int]:
    return dict(recoding.read_here(stretch, coder))


def _submitted(stretch: recoding.Stretch, coder: str) -> Callable[[], Mapping[str, int]]:
    return read.submit(stretch, coder).result


def _recoded(
    form: RecodeForm, settings: Settings, engine: Engine, how: recoding.Spread, dossiers: tuple[Dossier, ...]
) -> RunReport:
    from extractors.events import coder

    zone = ZoneInfo(settings.schedule.timezone)
    return recoding.recode(
        engine,
        how,
        coder=coder(),
        limit=form.limit,
        batch=form.batch,
        heard=_Heard(),
        dossiers=dossiers,
        since=None if form.since is None else recoding.begin_of(form.since, zone),
    )


class _Heard:
    """The progress bar of the run, moved in steps."""

    def __init__(self) -> None:
        self.artifact = create_progress_artifact(progress=0.0, key="recode-progress")
        self.told = 0.0

    def __call__(self, progress: recoding.Progress) -> None:
        get_run_logger().info("%s", progress)
        if progress.share - self.told >= STEP or progress.share == 1.0:
            self.told = progress.share
            update_progress_artifact(self.artifact, progress=100 * progress.share, description=str(progress))  # type: ignore[arg-type]


def dask(form: RecodeForm) -> TaskRunner[Any]:
    """Dask on this machine, or a cluster that is there already. Raises ModuleNotFoundError, saying what to install."""
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise ModuleNotFoundError(
            "several workers need Dask: pip install 'depesche[scale]', or set workers to 1"
        ) from error
    if form.scheduler:
        return DaskTaskRunner(address=form.scheduler)
    # Processes, for this is all computing; no dashboard, which would open a port; no share of the memory, for what takes it
    # is the language model, which Dask cannot put on disk: it would pause each worker for good, and say so to nobody.
    return DaskTaskRunner(
        cluster_kwargs={
            "n_workers": form.workers,
            "threads_per_worker": 1,
            "processes": True,
            "host": "127.0.0.1",
            "dashboard_address": None,
            "memory_limit": None,
        }
    )
