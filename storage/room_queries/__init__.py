"""Questions that only the reading room asks: acts as lines of a list, who took part, stories. Reads only."""

from storage.room_queries.actors import is_told_of, names_used, parties, partners, unsure_events
from storage.room_queries.acts import ActFilter, ActLine, act_count, act_lines, act_list, merged_into, sure_steps
from storage.room_queries.articles import STRAY, first_day, is_publisher, latest_day, named, publishers, superseded
from storage.room_queries.casts import casts
from storage.room_queries.fallen import fallen
from storage.room_queries.stories import StoryMember, acts_of, doubtful_of, stories_of, story, story_lines

__all__ = [
    "STRAY",
    "ActFilter",
    "ActLine",
    "StoryMember",
    "act_count",
    "act_lines",
    "act_list",
    "acts_of",
    "casts",
    "doubtful_of",
    "fallen",
    "first_day",
    "is_publisher",
    "is_told_of",
    "latest_day",
    "merged_into",
    "named",
    "names_used",
    "parties",
    "partners",
    "publishers",
    "stories_of",
    "story",
    "story_lines",
    "superseded",
    "sure_steps",
    "unsure_events",
]
