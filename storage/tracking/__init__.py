"""What events add up to: acts, meetings, stories and demands, with ids that are given once and kept.

The decisions are made elsewhere and purely; here they are written down, with their reasons and the way they came.
"""

from __future__ import annotations

from storage.tracking.acts import Acts, marks_of, memory
from storage.tracking.demands import Demands
from storage.tracking.meetings import Meetings
from storage.tracking.records import Change, Demand, Link, Meeting, Story
from storage.tracking.stories import Stories

__all__ = ["Change", "Demand", "Link", "Meeting", "Story", "Tracking", "marks_of", "memory"]


class Tracking(Acts, Meetings, Demands, Stories):
    """The verbs about acts, meetings, stories and demands; reached as `archive.tracking`."""
