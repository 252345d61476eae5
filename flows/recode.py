"""The flow that reads the archive again with today's coder: resumable, the same result however often it runs."""

from __future__ import annotations

import logging

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from pydantic import BaseModel, Field

from flows import operate, steps
from flows.desk import open_desk
from flows.settings import load

logging.getLogger("depesche").setLevel(logging.INFO)


class RecodeForm(BaseModel):
    """What the custom-run form of the UI asks."""

    limit: int = Field(
        100_000, ge=1, description="Most articles to read again in this run", json_schema_extra={"position": 0}
    )
    batch: int = Field(200, ge=1, le=5000, description="Articles a transaction", json_schema_extra={"position": 1})


# With None as default the UI would show no fields until somebody chose the form.
_USUAL = RecodeForm()


@flow(
    name="recode",
    description="Codes stored articles again whose coder is not today's. What no longer has its text is counted as expired.",
    flow_run_name=operate.run_name,
    persist_result=False,
)
async def recode(form: RecodeForm = _USUAL) -> State[None]:
    async with open_desk(load()) as desk:
        report = await steps.recode(desk, limit=form.limit, batch=form.batch)
    get_run_logger().info(report.sentence)
    return await operate.told(report)
