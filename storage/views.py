"""The documented SQL views: what an analyst may ask with any SQL tool, with readable times (UTC).

They show what is believed today, corrections applied. Tables may change with a version of the schema, views do not.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from sqlalchemy import Connection, text

from extractors.ontology import SYMMETRIC

VIEWS = MappingProxyType(
    {
        "v_articles": (
            "articles that a feed announced, and what became of each",
            """SELECT articles.id, articles.publisher, articles.headline, articles.url, articles.outcome, articles.reason,
                articles.grade, articles.versions, [articles.published_at], [articles.stand], [articles.first_seen],
                [articles.fetched_at], feeds.url AS feed
            FROM articles LEFT JOIN feeds ON feeds.id = articles.feed_id""",
        ),
        "v_events": (
            "events that are believed today, each with its sentence; actors and recipients separated by blanks",
            """SELECT events.uid, events.type, events.mode, events.status, events.day, events.when_first, events.when_last,
                (SELECT {who} FROM event_actors WHERE event_id = events.id AND role = 'actor') AS actors,
                (SELECT {who} FROM event_actors WHERE event_id = events.id AND role = 'recipient') AS recipients,
                (SELECT {who} FROM event_actors WHERE event_id = events.id AND role = 'speaker') AS speaker,
                events.place, events.country, events.score AS plover_score, events.confidence, events.quote, events.rule,
                coders.name AS coder, articles.publisher, articles.url, versions.headline, [versions.stand],
                acts.uid AS act, events.copied, events.correction_id IS NOT NULL AS reviewed, [events.known_from]
            FROM events
            JOIN articles ON articles.id = events.article_id
            JOIN versions ON versions.id = events.version_id
            LEFT JOIN coders ON coders.id = events.coder_id
            LEFT JOIN acts ON acts.id = events.act_id
            WHERE events.known_to IS NULL""",
        ),
        "v_dyads": (
            "who did what to whom, a row for each actor and recipient; of what equals do (talks, say) for each two, both ways",
            """SELECT DISTINCT events.day, one.code AS actor, other.code AS recipient, events.type, events.status,
                events.score AS plover_score, events.uid AS event, acts.uid AS act, events.copied
            FROM events
            JOIN event_actors AS one ON one.event_id = events.id AND one.role = 'actor'
            JOIN event_actors AS other ON other.event_id = events.id AND other.code <> one.code
                AND (other.role = 'recipient' OR (other.role = 'actor' AND events.type IN ({together})
                    AND NOT EXISTS (SELECT 1 FROM event_actors AS third
                        WHERE third.event_id = events.id AND third.role = 'recipient')))
            LEFT JOIN acts ON acts.id = events.act_id
            WHERE events.known_to IS NULL""",
        ),
        "v_acts": (
            "acts with the number of articles that report them and of houses whose report is no copy",
            """SELECT acts.uid, acts.type, acts.mode, acts.status, acts.title, acts.parties, acts.day_first, acts.day_last,
                acts.place, count(DISTINCT events.article_id) AS reports,
                count(DISTINCT CASE WHEN events.copied THEN NULL ELSE articles.publisher END) AS houses,
                [acts.created_at], [acts.updated_at]
            FROM acts
            LEFT JOIN events ON events.act_id = acts.id AND events.known_to IS NULL
            LEFT JOIN articles ON articles.id = events.article_id
            WHERE acts.merged_into IS NULL
            GROUP BY acts.id""",
        ),
        "v_meetings": (
            "announced meetings and where they stand",
            """SELECT uid, state, title, parties, day_first, day_last, place, country, outcome, sequence,
                [created_at], [updated_at]
            FROM meetings WHERE merged_into IS NULL""",
        ),
        "v_corrections": (
            "what reviewers said of events",
            """SELECT corrections.id, corrections.event_uid AS event, corrections.verdict, corrections.author,
                corrections.comment, corrections.quote, corrections.attached, articles.url, [corrections.at],
                [corrections.withdrawn_at]
            FROM corrections JOIN articles ON articles.id = corrections.article_id""",
        ),
        "v_deliveries": (
            "alerts on their way and delivered",
            """SELECT alerts.key AS alert, deliveries.channel, deliveries.state, deliveries.attempts, deliveries.error,
                [deliveries.queued_at], [deliveries.next_at], [deliveries.ended_at]
            FROM deliveries JOIN alerts ON alerts.id = deliveries.alert_id""",
        ),
        "v_feeds": (
            "feeds and how they answer",
            """SELECT url, outcome, failures, error, rhythm, [polled_at], [ok_at], [new_at], [next_due], [gone_at]
            FROM feeds""",
        ),
    }
)
"""Name: what it holds, and its query. [column] is a time, {who} a list of actor codes; each database writes them its way.

{together} are the types whose participants are equals.
"""


def create(connection: Connection, *names: str) -> None:
    """Make the views anew, or only these; part of the first migration, and of each that changes them or what they look at.

    PostgreSQL replaces a view in its place: dropped, it would take along who may read it, and not go while an analyst's own
    view looks at it. So columns are only ever added, at the end.
    """
    for name in names or VIEWS:
        query = written(name, connection.dialect.name)
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"CREATE OR REPLACE VIEW {name} AS {query}"))
            continue
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))
        connection.execute(text(f"CREATE VIEW {name} AS {query}"))


def written(name: str, dialect: str) -> str:
    """The query of a view as a database takes it."""
    if dialect == "postgresql":
        who, time = "string_agg(code, ' ' ORDER BY n)", r"\1\2 AS \2"
    else:
        who, time = "group_concat(code, ' ')", r"strftime('%Y-%m-%dT%H\\:%M\\:%SZ', \1\2 / 1000000, 'unixepoch') AS \2"
    together = ", ".join(f"'{kind}'" for kind in sorted(SYMMETRIC))
    return re.sub(r"\[(\w+\.)?(\w+)\]", time, VIEWS[name][1].replace("{who}", who).replace("{together}", together))
