"""Questions to the archive: every answer leads back to its sentences. Reads only; use it on `engine.reading`.

What a reviewer corrected wins everywhere: the machine's word then has `known_to` set, and only `as_known_on` a day
before the correction brings it back.
"""

from storage.queries.dyads import PairCount, Point, bucket, dyad_series, top_dyads, unsure_dealings
from storage.queries.health import (
    FeedHealth,
    Gap,
    PublisherHealth,
    feed_health,
    gap_days,
    gaps,
    outcomes,
    publisher_health,
)
from storage.queries.reading import (
    ArticleLine,
    StoredArticle,
    Version,
    article,
    article_line,
    articles,
    assessments,
    quotes,
    version_article,
)
from storage.queries.searching import Hit, search_articles
from storage.queries.selecting import (
    EventFilter,
    StoredEvent,
    all_with_words,
    event,
    events,
    history,
    named,
    numbered,
    numbers,
    of_article,
    sure,
    surest_of_versions,
    takes_part,
)
from storage.queries.tracked import Act, act, acts, demands, meetings, reports, story_of, with_changes

__all__ = [
    "Act",
    "ArticleLine",
    "EventFilter",
    "FeedHealth",
    "Gap",
    "Hit",
    "PairCount",
    "Point",
    "PublisherHealth",
    "StoredArticle",
    "StoredEvent",
    "Version",
    "act",
    "acts",
    "all_with_words",
    "article",
    "article_line",
    "articles",
    "assessments",
    "bucket",
    "demands",
    "dyad_series",
    "event",
    "events",
    "feed_health",
    "gap_days",
    "gaps",
    "history",
    "meetings",
    "named",
    "numbered",
    "numbers",
    "of_article",
    "outcomes",
    "publisher_health",
    "quotes",
    "reports",
    "search_articles",
    "story_of",
    "sure",
    "surest_of_versions",
    "takes_part",
    "top_dyads",
    "unsure_dealings",
    "version_article",
    "with_changes",
]
