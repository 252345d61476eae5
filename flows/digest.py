"""The flow that tells the day and the week: what was held for the digest, and the Lage of each dyad."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Literal

from prefect import flow, get_run_logger, runtime
from prefect.client.schemas.objects import State
from pydantic import BaseModel, Field

from flows import operate, steps
from flows.desk import open_desk
from flows.settings import load

logging.getLogger("depesche").setLevel(logging.INFO)


class DigestForm(BaseModel):
    """As on the schedule, but for what is changed here."""

    period: Literal["day", "week"] = Field(
        "day", description="The last day, or the last week with the Lage of each dyad"
    )


# With None as default the UI would show no fields until somebody chose the form.
_USUAL = DigestForm()


def run_name() -> str:
    """A run that tells the week is a Lage."""
    form = DigestForm.model_validate(runtime.flow_run.parameters.get("form", _USUAL))
    return operate.run_name("lage" if form.period == "week" else "")


def _late() -> timedelta:
    """How long after its time the run began, as where the process was stopped over night."""
    due: datetime = runtime.flow_run.scheduled_start_time
    return datetime.now(UTC) - due


@flow(
    name="digest",
    description="The daily digest, and on Mondays the Lage: arrows for each dyad, the sentences behind them, what is due.",
    flow_run_name=run_name,
    timeout_seconds=operate.LONGEST["digest"].total_seconds(),
    persist_result=False,
)
async def digest(form: DigestForm = _USUAL) -> State[None]:
    async with open_desk(load(), telling=True) as desk:
        began = desk.now()
        report = await steps.digest(desk, period=form.period, late=_late())
        news = operate.news_since(desk, began)
    get_run_logger().info(report.sentence)
    return await operate.told(report, news)
