"""Everything that we ask of other people's servers: one choke point for feeds, articles, robots.txt and webhooks.

The address is checked on the socket that connects, on every hop; sizes are counted on the wire and decoded; one deadline
lies around all of it; a body that is cut off is seen; each host is asked by one connection, at a pace.
"""

from extractors.urls import redacted
from flows.fetching.addresses import allowed_url, pairs, public
from flows.fetching.bodies import Body
from flows.fetching.faults import UNREACHED, Fault, FetchError, NoContact
from flows.fetching.fetcher import Fetcher, NotModified, Reply
from flows.fetching.headers import DAY, max_age, retry_after, user_agent
from flows.fetching.limits import Limits
from flows.fetching.pace import Reserve

__all__ = [
    "DAY",
    "UNREACHED",
    "Body",
    "Fault",
    "FetchError",
    "Fetcher",
    "Limits",
    "NoContact",
    "NotModified",
    "Reply",
    "Reserve",
    "allowed_url",
    "max_age",
    "pairs",
    "public",
    "redacted",
    "retry_after",
    "user_agent",
]
