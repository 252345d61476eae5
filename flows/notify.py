"""The flow that delivers what waits in the outbox, one message at a time."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State

from flows import operate, steps
from flows.desk import open_desk
from flows.settings import load

logging.getLogger("depesche").setLevel(logging.INFO)

LONGEST = operate.LONGEST["notify"]
TELLING = timedelta(seconds=20)
"""So long a run begins to deliver: the last message, or recipient, may take a whole deadline, and what is cut off ends as
failed and comes again."""


@flow(
    name="notify",
    description="Delivers queued alerts; what cannot be delivered is tried again for three days and then listed.",
    flow_run_name=operate.run_name,
    timeout_seconds=LONGEST.total_seconds(),
    persist_result=False,
)
async def notify() -> State[None]:
    async with open_desk(load(), telling=True) as desk:
        began = desk.now()
        report = await steps.deliver(desk, until=began + TELLING)
        news = operate.news_since(desk, began)
    get_run_logger().info(report.sentence)
    await operate.end_dead_runs(datetime.now(UTC))
    # A run a minute: an artifact only when there is something to tell.
    return await operate.told(report, news, artifact=bool(report.delivered or report.delivery_trouble))
