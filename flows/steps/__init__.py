"""The pipeline in plain Python: poll, fetch, read, judge, code, keep, tell.

Nothing here knows Prefect; the flow files add schedule, retries and a UI. Every step takes a `Desk`: the open handles and
the plain values of one pass. Truth lies in the archive; a step that is killed is taken up by the next pass.
"""

from flows.steps.deliveries import deliver
from flows.steps.entries import read_entries
from flows.steps.feeds import in_turn, poll_feeds, polled
from flows.steps.passes import digest, finish, one_pass, tell, tend

__all__ = [
    "deliver",
    "digest",
    "finish",
    "in_turn",
    "one_pass",
    "poll_feeds",
    "polled",
    "read_entries",
    "tell",
    "tend",
]
