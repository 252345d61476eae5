"""In what order Prefect's automations see the events of a run: the module that `PREFECT_SERVER_EVENTS_CAUSAL_ORDERING` names.

A change of state waits, for up to fifteen minutes, until the event of the state before has been seen. But the scheduler
writes a run's first state, Scheduled, without an event. A run that begins within five minutes of that, as each does after a
start of flows, would wait for an event that never comes, and with it all that follows: a crash was told a quarter of an
hour late, and runs that had ended well were taken for zombies (Prefect 3.9.1).
"""

from __future__ import annotations

from prefect.server.events.ordering import memory
from prefect.server.events.schemas.events import ReceivedEvent


class CausalOrdering(memory.CausalOrdering):
    """Prefect's own, but for what comes after Scheduled, which waits for nothing."""

    async def wait_for_leader(self, event: ReceivedEvent) -> None:
        before = event.payload.get("initial_state") or {}
        if event.event.startswith("prefect.flow-run.") and before.get("type") == "SCHEDULED":
            return
        await super().wait_for_leader(event)
