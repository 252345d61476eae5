"""The documented SQL views: what an analyst may ask with any SQL tool, with readable times (UTC).

They show what is believed today, corrections applied. Tables may change with a version of the schema, views do not:
columns are only ever added, at the end. To change a view, add a row with the new schema and call `create` in its
migration; the older rows stay, for the older migrations make them on the way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view as a schema has it, until a later row of the same name.

    In the query [column] is a time and {who} a list of actor codes; each database writes them its way.
    """

    name: str
    since: str
    """the schema whose migration makes it"""
    holds: str
    query: str


VIEWS = (
    View(
        name="v_articles",
        since="0001",
        holds="articles that a feed announced, and what became of each",
        query="""SELECT articles.id, articles.publisher, articles.headline, articles.url, articles.outcome, articles.reason,
            articles.grade, articles.versions, [articles.published_at], [articles.stand], [articles.first_seen],
            [articles.fetched_at], feeds.url AS feed
        FROM articles LEFT JOIN feeds ON feeds.id = articles.feed_id""",
    ),
    View(
        name="v_events",
        since="0001",
        holds="events that are believed today, each with its sentence; actors and recipients separated by blanks",
        query="""SELECT events.uid, events.type, events.mode, events.status, events.day, events.when_first, events.when_last,
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
    View(
        name="v_dyads",
        since="0001",
        holds="who did what to whom, a row for each pair of an event's actor and recipient, or of equal participants",
        query="""SELECT events.day, one.code AS actor, other.code AS recipient, events.type, events.status,
            events.score AS plover_score, events.uid AS event, acts.uid AS act, events.copied
        FROM events
        JOIN event_actors AS one ON one.event_id = events.id AND one.role = 'actor'
        JOIN event_actors AS other ON other.event_id = events.id
            AND (other.role = 'recipient' OR (other.role = 'actor' AND other.code <> one.code
                AND NOT EXISTS (SELECT 1 FROM event_actors AS third
                    WHERE third.event_id = events.id AND third.role = 'recipient')))
        LEFT JOIN acts ON acts.id = events.act_id
        WHERE events.known_to IS NULL""",
    ),
    View(
        name="v_acts",
        since="0001",
        holds="acts with the number of articles that report them and of houses whose report is no copy",
        query="""SELECT acts.uid, acts.type, acts.mode, acts.status, acts.title, acts.parties, acts.day_first, acts.day_last,
            acts.place, count(DISTINCT events.article_id) AS reports,
            count(DISTINCT CASE WHEN events.copied THEN NULL ELSE articles.publisher END) AS houses,
            [acts.created_at], [acts.updated_at]
        FROM acts
        LEFT JOIN events ON events.act_id = acts.id AND events.known_to IS NULL
        LEFT JOIN articles ON articles.id = events.article_id
        WHERE acts.merged_into IS NULL
        GROUP BY acts.id""",
    ),
    View(
        name="v_meetings",
        since="0001",
        holds="announced meetings and where they stand",
        query="""SELECT uid, state, title, parties, day_first, day_last, place, country, outcome, sequence,
            [created_at], [updated_at]
        FROM meetings WHERE merged_into IS NULL""",
    ),
    View(
        name="v_corrections",
        since="0001",
        holds="what reviewers said of events",
        query="""SELECT corrections.id, corrections.event_uid AS event, corrections.verdict, corrections.author,
            corrections.comment, corrections.quote, corrections.attached, articles.url, [corrections.at],
            [corrections.withdrawn_at]
        FROM corrections JOIN articles ON articles.id = corrections.article_id""",
    ),
    View(
        name="v_deliveries",
        since="0001",
        holds="alerts on their way and delivered",
        query="""SELECT alerts.key AS alert, deliveries.channel, deliveries.state, deliveries.attempts, deliveries.error,
            [deliveries.queued_at], [deliveries.next_at], [deliveries.ended_at]
        FROM deliveries JOIN alerts ON alerts.id = deliveries.alert_id""",
    ),
    View(
        name="v_feeds",
        since="0001",
        holds="feeds and how they answer",
        query="""SELECT url, outcome, failures, error, rhythm, [polled_at], [ok_at], [new_at], [next_due], [gone_at]
        FROM feeds""",
    ),
    View(
        name="v_dyads",
        since="0004",
        holds="who did what to whom, a row for each actor and recipient; of what equals do (talks, say) for each two, both ways",
        query="""SELECT DISTINCT events.day, one.code AS actor, other.code AS recipient, events.type, events.status,
            events.score AS plover_score, events.uid AS event, acts.uid AS act, events.copied
        FROM events
        JOIN event_actors AS one ON one.event_id = events.id AND one.role <> 'speaker'
        JOIN event_actors AS other ON other.event_id = events.id AND other.role <> 'speaker' AND other.code <> one.code
        LEFT JOIN acts ON acts.id = events.act_id
        WHERE events.known_to IS NULL
            AND (events.type IN ('AGREE', 'CONSULT', 'COOPERATE') OR (one.role = 'actor' AND other.role = 'recipient'))""",
    ),
    View(
        name="v_dyads",
        since="0005",
        holds="who did what to whom, a row for each actor and recipient; of what equals do (talks, say) for each two, both ways",
        query="""SELECT DISTINCT events.day, one.code AS actor, other.code AS recipient, events.type, events.status,
            events.score AS plover_score, events.uid AS event, acts.uid AS act, events.copied
        FROM events
        JOIN event_actors AS one ON one.event_id = events.id AND one.role = 'actor'
        JOIN event_actors AS other ON other.event_id = events.id AND other.code <> one.code
            AND (other.role = 'recipient' OR (other.role = 'actor' AND events.type IN ('AGREE', 'CONSULT', 'COOPERATE')
                AND NOT EXISTS (SELECT 1 FROM event_actors AS third
                    WHERE third.event_id = events.id AND third.role = 'recipient')))
        LEFT JOIN acts ON acts.id = events.act_id
        WHERE events.known_to IS NULL""",
    ),
)
"""Every text that a view has had, in the order of schemas."""


def at(schema: str) -> Mapping[str, View]:
    """The views of a schema, by name."""
    return {view.name: view for view in VIEWS if view.since <= schema}


def create(connection: Connection, schema: str) -> None:
    """Make all views as this schema has them; part of each migration that changes them or what they look at.

    PostgreSQL replaces a view in its place: dropped, it would take along who may read it, and not go while an analyst's own
    view looks at it.
    """
    for view in at(schema).values():
        query = written(view, connection.dialect.name)
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"CREATE OR REPLACE VIEW {view.name} AS {query}"))
            continue
        connection.execute(text(f"DROP VIEW IF EXISTS {view.name}"))
        connection.execute(text(f"CREATE VIEW {view.name} AS {query}"))


def written(view: View, dialect: str) -> str:
    """The query of a view as a database takes it."""
    if dialect == "postgresql":
        who, time = "string_agg(code, ' ' ORDER BY n)", r"\1\2 AS \2"
    else:
        who, time = "group_concat(code, ' ')", r"strftime('%Y-%m-%dT%H\\:%M\\:%SZ', \1\2 / 1000000, 'unixepoch') AS \2"
    return re.sub(r"\[(\w+\.)?(\w+)\]", time, view.query.replace("{who}", who))
