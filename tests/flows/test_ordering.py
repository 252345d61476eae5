"""Which events Prefect's automations wait for: not for those that only a server before this one saw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from prefect.server.events.ordering import EventArrivedEarly
from prefect.server.events.schemas.events import ReceivedEvent, Resource

from flows.ordering import BEGAN, CausalOrdering

RUN = "prefect.flow-run.6d78112c-9f4d-417d-ba15-5eecc8776eec"


@pytest.fixture
def ordering() -> Iterator[CausalOrdering]:
    yield CausalOrdering("a server of this test")
    CausalOrdering.clear_all_scopes()


def made(at: datetime) -> UUID:
    """An id as Prefect gives it to a state that a run comes into at `at`."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | 7 << 76 | 0b10 << 62 | 1)


def crash(*, after: UUID, state: str = "RUNNING") -> ReceivedEvent:
    return ReceivedEvent(
        occurred=datetime.now(UTC),
        event="prefect.flow-run.Crashed",
        resource=Resource({"prefect.resource.id": RUN}),
        payload={"initial_state": {"type": state}},
        id=uuid4(),
        follows=after,
    )


async def evaluated(ordering: CausalOrdering, event: ReceivedEvent) -> bool:
    """Whether automations weigh the event now, and do not hold it back."""

    async def weigh(event: ReceivedEvent, depth: int = 0) -> None:
        raise AssertionError("nothing waits for this one")

    try:
        async with ordering.preceding_event_confirmed(weigh, event):
            return True
    except EventArrivedEarly:
        return False


async def test_a_crash_is_weighed_at_once_though_the_run_began_with_a_server_that_was_killed(ordering):
    assert await evaluated(ordering, crash(after=made(BEGAN - timedelta(seconds=30))))


async def test_a_crash_waits_for_the_beginning_of_its_run_where_this_server_will_hear_of_it(ordering):
    assert not await evaluated(ordering, crash(after=made(BEGAN + timedelta(seconds=30))))


async def test_what_comes_after_scheduled_waits_for_nothing(ordering):
    assert await evaluated(ordering, crash(after=made(BEGAN + timedelta(seconds=30)), state="SCHEDULED"))


async def test_an_event_whose_age_nobody_knows_is_waited_for(ordering):
    assert not await evaluated(ordering, crash(after=uuid4()))
