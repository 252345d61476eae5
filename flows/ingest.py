"""The flow that looks at the feeds, reads what is new and keeps it. Thin: `flows.steps` does the work."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from prefect import flow, get_run_logger, task
from prefect.client.schemas.objects import State
from pydantic import AwareDatetime, BaseModel, Field

from extractors.feeds import Feed
from flows import operate, steps
from flows.desk import Desk, open_desk
from flows.runs import FeedReport, RunReport, merged
from flows.settings import load

# EXTRA_LOGGERS alone leaves our loggers at WARNING.
logging.getLogger("depesche").setLevel(logging.INFO)

LONGEST = operate.LONGEST["ingest"]
POLLING, READING, TELLING = timedelta(minutes=3), timedelta(minutes=7), timedelta(minutes=8)
"""So long a pass begins to poll, to read articles, to deliver: the last of them and the accounts must fit into LONGEST, for
what is cut off there ends as failed and tells nothing. The last batch of feeds may take as long again, and articles must
have a minute in each pass. What is left the next passes do."""

FEEDS_A_TASK = 25
"""A task costs Prefect about 20 ms and 20 kB: one for a batch of feeds, none for an article."""


class IngestForm(BaseModel):
    """As on the schedule, but for what is changed here."""

    dossier: str = Field(
        "",
        description="Matter for which feeds are polled, by its name; empty: all. What is read is judged for every matter",
        json_schema_extra={"position": 0},
    )
    feeds: list[str] = Field(
        [], description="Names of feeds to poll; empty: all that are due", json_schema_extra={"position": 1}
    )
    since: AwareDatetime | None = Field(
        None,
        description="Entries that their feed dates older than this are left out, for good; with a zone, as 2028-01-12T06:00+01:00",
        json_schema_extra={"position": 2},
    )
    limit: int = Field(
        1000, ge=1, le=100_000, description="Most articles to read in this run", json_schema_extra={"position": 3}
    )
    dry_run: bool = Field(
        False, description="Read and judge, but keep and tell nothing", json_schema_extra={"position": 4}
    )


# With None as default the UI would show no fields until somebody chose the form.
_USUAL = IngestForm()


_TWICE_MORE = operate.TWICE_MORE | {"retry_condition_fn": operate.can_get_better}


@task(task_run_name="feeds {number}", **_TWICE_MORE)
async def poll(desk: Desk, feeds: tuple[Feed, ...], number: int, until: datetime) -> tuple[FeedReport, ...]:
    return await steps.poll_feeds(desk, feeds, until=until)


@task(task_run_name="articles", **_TWICE_MORE)
async def read(desk: Desk, form: IngestForm, until: datetime) -> RunReport:
    return await steps.read_entries(desk, limit=form.limit, since=form.since, until=until)


@task(task_run_name="tell", **operate.ONCE)
async def tell(desk: Desk, polls: tuple[FeedReport, ...], until: datetime) -> RunReport:
    return await steps.tell(desk, polls, until=until)


@flow(
    name="ingest",
    description="Polls the feeds, reads new articles, codes who did what to whom, keeps it all and tells what matters.",
    flow_run_name=operate.run_name,
    timeout_seconds=LONGEST.total_seconds(),
    persist_result=False,
)
async def ingest(form: IngestForm = _USUAL) -> State[None]:
    async with open_desk(load(), dry_run=form.dry_run) as desk:
        began = desk.now()
        feeds = steps.in_turn(desk, desk.feeds_named(form.feeds, dossier=form.dossier))
        batches = [feeds[at : at + FEEDS_A_TASK] for at in range(0, len(feeds), FEEDS_A_TASK)]
        polled = [
            report
            for number, batch in enumerate(batches, 1)
            for report in await poll(desk, batch, number, began + POLLING)
        ]
        done = await read(desk, form, began + READING)
        report = merged([steps.polled(desk, polled, began), done, await tell(desk, tuple(polled), began + TELLING)])
        await steps.finish(desk, report)
        news = operate.news_since(desk, began) if not form.dry_run else None
        # Of a dry run it would be all that the chart knows.
        chart = operate.tension(desk, report) if not form.dry_run else None
        report = replace(report, notes=(*report.notes, *operate.still_open(desk)))
    get_run_logger().info(report.sentence)
    await operate.end_dead_runs(datetime.now(UTC))
    return await operate.told(report, news, chart=chart)
