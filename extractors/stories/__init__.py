"""What events and articles add up to over time: acts, copies, stories, meetings, demands, dyads and voices.

All of it is pure: candidates come in, decisions with reasons go out; the archive keeps them and gives ids their
permanence. Read the modules by their nouns: `acts.link`, `copies.fingerprint`, `matters.assign`, `meetings.advance`,
`demands.ledger`, `dyads.series`, `voices.mode_meter`, `voices.barometer`.
"""

from extractors.stories.acts import Act, ArticleRef, Link, Redirect, absorb, candidates, link, merge, open_act
from extractors.stories.copies import agencies, fingerprint, overlap
from extractors.stories.demands import Demand, ledger
from extractors.stories.dyads import Dyad, Gap, Told, series, situation
from extractors.stories.matters import Story, assign, begin, features, join, new_since
from extractors.stories.meetings import Meeting, advance, announce, due
from extractors.stories.outcomes import outcome
from extractors.stories.voices import Voiced, barometer, mode_meter

__all__ = [
    "Act",
    "ArticleRef",
    "Demand",
    "Dyad",
    "Gap",
    "Link",
    "Meeting",
    "Redirect",
    "Story",
    "Told",
    "Voiced",
    "absorb",
    "advance",
    "agencies",
    "announce",
    "assign",
    "barometer",
    "begin",
    "candidates",
    "due",
    "features",
    "fingerprint",
    "join",
    "ledger",
    "link",
    "merge",
    "mode_meter",
    "new_since",
    "open_act",
    "outcome",
    "overlap",
    "series",
    "situation",
]
