"""The nightly flow: what is too old goes, what is overdue is said, what is silent becomes loud."""

from __future__ import annotations

import logging

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State

from flows import operate, steps
from flows.desk import open_desk
from flows.settings import load

logging.getLogger("depesche").setLevel(logging.INFO)


@flow(
    name="tend",
    description="Retention, overdue meetings, the health of feeds and outbox, and a sample of rejected articles for review.",
    flow_run_name=operate.run_name,
    timeout_seconds=operate.LONGEST["tend"].total_seconds(),
    persist_result=False,
)
async def tend() -> State[None]:
    async with open_desk(load()) as desk:
        began = desk.now()
        report = await steps.tend(desk)
        news = operate.news_since(desk, began)
    get_run_logger().info(report.sentence)
    return await operate.told(report, news)
