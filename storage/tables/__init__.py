"""The tables of the archive, as typed mappings; what each column means stands beside it.

Times are knowledge: `known_from`/`known_to` of an event say from when to when the archive believed it. A row with
`known_to` empty is what we believe today; nothing is overwritten, so "as known on" is a WHERE clause.
"""

from storage.tables.base import Base, Instant
from storage.tables.coded import (
    AssessmentRow,
    CoderRow,
    EventActorRow,
    EventRow,
    IntroductionRow,
    PairRow,
    QuoteRow,
    VersionRow,
)
from storage.tables.entries import AliasRow, ArticleRow, FeedRow, GapRow, HostRow, IntakeRow, PageRow, SightingRow
from storage.tables.followed import (
    ActRow,
    DemandChangeRow,
    DemandRow,
    MeetingChangeRow,
    MeetingRow,
    StoryArticleRow,
    StoryRow,
)
from storage.tables.judged import CorrectionRow, HolderRow, LabelRow, RefitRow, SampleRow
from storage.tables.logged import IncidentRow, NoteRow, RunRow
from storage.tables.told import AlertRow, ChannelRow, DeliveryRow

__all__ = [
    "ActRow",
    "AlertRow",
    "AliasRow",
    "ArticleRow",
    "AssessmentRow",
    "Base",
    "ChannelRow",
    "CoderRow",
    "CorrectionRow",
    "DeliveryRow",
    "DemandChangeRow",
    "DemandRow",
    "EventActorRow",
    "EventRow",
    "FeedRow",
    "GapRow",
    "HolderRow",
    "HostRow",
    "IncidentRow",
    "Instant",
    "IntakeRow",
    "IntroductionRow",
    "LabelRow",
    "MeetingChangeRow",
    "MeetingRow",
    "NoteRow",
    "PageRow",
    "PairRow",
    "QuoteRow",
    "RefitRow",
    "RunRow",
    "SampleRow",
    "SightingRow",
    "StoryArticleRow",
    "StoryRow",
    "VersionRow",
]
