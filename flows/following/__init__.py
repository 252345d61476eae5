"""Follows matters over time: candidates from the archive go to `extractors.stories`, its decisions go back.

All of it happens in the transaction that keeps the article.
"""

from flows.following.article import Followup, Outcome, follow, keep
from flows.following.meetings import ChangedMeeting, merge_meetings, overdue, save_meeting
from flows.following.stories import merge_stories
from flows.following.tying import Followed, follow_acts, merge_acts, reference

__all__ = [
    "ChangedMeeting",
    "Followed",
    "Followup",
    "Outcome",
    "follow",
    "follow_acts",
    "keep",
    "merge_acts",
    "merge_meetings",
    "merge_stories",
    "overdue",
    "reference",
    "save_meeting",
]
