"""In what order Prefect's automations see the events of a run: the module that `PREFECT_SERVER_EVENTS_CAUSAL_ORDERING` names.

A change of state waits, for up to fifteen minutes and in memory alone, until the event of the state before has been seen.
Two kinds wait for what cannot come (Prefect 3.9.1):

- The scheduler writes a run's first state, Scheduled, without an event. A run that begins within five minutes of that, as
  each does after a start of flows, was held back: a crash was told a quarter of an hour late, and runs that had ended well
  were taken for zombies.
- A server that starts again knows nothing of what the last one saw. A run that had begun before the server was killed and
  crashed after it was told a quarter of an hour late; where the server was killed again meanwhile, to nobody.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from prefect.server.events.ordering import memory
from prefect.server.events.schemas.events import ReceivedEvent

BEGAN = datetime.now(UTC)
"""When this server began: the module is loaded with it."""


class CausalOrdering(memory.CausalOrdering):
    """Prefect's own, but what comes after Scheduled, or after an event of a server before this one, waits for nothing."""

    async def wait_for_leader(self, event: ReceivedEvent) -> None:
        if _after_scheduled(event) or (event.follows and told_before(event.follows, BEGAN)):
            return
        await super().wait_for_leader(event)


def _after_scheduled(event: ReceivedEvent) -> bool:
    before = event.payload.get("initial_state") or {}
    return event.event.startswith("prefect.flow-run.") and before.get("type") == "SCHEDULED"


def told_before(event: UUID, began: datetime) -> bool:
    """Whether an event was made before `began`, by the milliseconds that a UUID of version 7 begins with (RFC 9562, 5.7).

    >>> told_before(UUID("01a229f7-6b96-741d-872f-466c3e74e817"), datetime(2026, 11, 30, 1, 1, tzinfo=UTC))
    True
    >>> told_before(UUID("01a229f7-6b96-741d-872f-466c3e74e817"), datetime(2026, 11, 30, 1, 0, tzinfo=UTC))
    False

    Of another version nobody knows when it was made:

    >>> told_before(UUID("6d78112c-9f4d-417d-ba15-5eecc8776eec"), datetime(2026, 11, 30, 1, 0, tzinfo=UTC))
    False
    """
    return event.version == 7 and (event.int >> 80) < began.timestamp() * 1000
