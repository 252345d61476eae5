"""Turns assessments, events and quotes into rows and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Transaction, bindparam, delete, insert, select

from extractors.model import (
    Actor,
    Assessment,
    Event,
    Evidence,
    Grade,
    Place,
    Precision,
    Quote,
    Reason,
    When,
)
from extractors.ontology import EventType, Status
from storage import sides
from storage.statements import among, prepared, table, upsert
from storage.tables import AssessmentRow, CoderRow, EventActorRow, EventRow, QuoteRow

ROLES = ("actor", "recipient", "speaker")


def coder_id(connection: Connection, name: str) -> int | None:
    """The number of a coder, which is given one when it is new; None for no name."""
    if not name:
        return None
    known = _numbers(connection)
    if name not in known:
        known[name] = _numbered(connection, name)
    return known[name]


def meet_coders(connection: Connection, names: Iterable[str]) -> None:
    """Look up at once the numbers of coders that will be asked for one by one."""
    known = _numbers(connection)
    asked = {"called": sorted(set(names) - {"", *known})}
    if asked["called"]:
        known.update((row.name, row.id) for row in connection.execute(_coders_named(connection), asked))


@prepared
def _coders_named(_: Connection) -> Any:
    coders = table(CoderRow)
    return select(coders.c.name, coders.c.id).where(coders.c.name.in_(bindparam("called", expanding=True)))


_NUMBERS: WeakKeyDictionary[Transaction, dict[str, int | None]] = WeakKeyDictionary()


def _numbers(connection: Connection) -> dict[str, int | None]:
    """The numbers of coders that this transaction has read or made, by name; they are forgotten with it.

    A number that it made is void if it is rolled back. Nothing here rolls back a part of one.
    """
    transaction = connection.get_transaction()
    return {} if transaction is None else _NUMBERS.setdefault(transaction, {})


def _numbered(connection: Connection, name: str) -> int | None:
    asked = _coder_named(connection)
    found: int | None = connection.scalar(asked, {"called": name})
    if found is None:
        connection.execute(upsert(connection, CoderRow).values(name=name).on_conflict_do_nothing())
        found = connection.scalar(asked, {"called": name})
    return found


@prepared
def _coder_named(_: Connection) -> Any:
    coders = table(CoderRow)
    return select(coders.c.id).where(coders.c.name == bindparam("called"))


def event_values(event: Event, *, reported: date | None) -> dict[str, Any]:
    """The columns of an event; `reported` is the day it counts for if it names none itself."""
    when, place = event.when, event.place
    return {
        "uid": event.id,
        "type": event.type.value,
        "mode": event.mode or None,
        "status": event.status.value,
        "day": when.first if when else reported,
        "when_first": when.first if when else None,
        "when_last": when.last if when else None,
        "when_precision": when.precision.value if when else None,
        "when_words": (when.words or None) if when else None,
        "place": place.name if place else None,
        "country": (place.country or None) if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "start": event.evidence.start,
        "end": event.evidence.end,
        "quote": event.evidence.quote,
        "score": event.plover_score,
        "sides": sides.written(_codes(event.actors), _codes(event.recipients)),
        "speaker": event.speaker.code if event.speaker else "",
        **grounds(event),
    }


def grounds(event: Event) -> dict[str, Any]:
    """The columns that say why an event is read so, and how surely: they may change while it says the same."""
    return {
        "rule": event.evidence.rule,
        "when_rule": (event.when.rule or None) if event.when else None,
        "confidence": round(event.confidence, 4),
    }


def says(row: Any, roles: Mapping[str, Sequence[Actor]], event: Event, *, reported: date | None) -> bool:
    """Whether a row of `events`, with its roles, is coded as the event is; its `grounds` may be others."""
    values = event_values(event, reported=reported)
    same = all(getattr(row, name) == value for name, value in values.items() if name not in grounds(event))
    return same and all(tuple(roles[role]) == tuple(actors) for role, actors in _parts(event))


def reading_of(event: Event) -> tuple[object, ...]:
    """What is read in an event's sentence, without its offsets: they move when the text above it changes."""
    codes = (frozenset(actor.code for actor in side) for side in (event.actors, event.recipients))
    when, place = event.when, event.place
    days, where = (when.first, when.last) if when else None, place.name if place else ""
    return (event.type, event.status, *codes, event.evidence.quote, days, where)


def readings_in(connection: Connection, version_id: int) -> frozenset[tuple[object, ...]]:
    """All that was ever read in a version, as `reading_of` has it."""
    rows = connection.execute(select(EventRow.__table__).where(EventRow.version_id == version_id)).all()
    roles = roles_of(connection, [row.id for row in rows])
    return frozenset(reading_of(event_of(row, roles[row.id], "")) for row in rows)


def insert_events(
    connection: Connection,
    events: Sequence[Event],
    *,
    article_id: int,
    version_id: int,
    reported: date | None,
    now: datetime,
    extra: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, int]:
    """Insert events and their roles; returns each event's row by its id. `extra` adds columns by event id."""
    by_id = {event.id: event for event in events}  # the same coding twice is one event
    if not by_id:
        return {}
    coders = {name: coder_id(connection, name) for name in sorted({event.coder for event in by_id.values()})}
    fixed = {"article_id": article_id, "version_id": version_id, "known_from": now}
    optional = dict.fromkeys(column for columns in (extra or {}).values() for column in columns)
    values = [
        fixed
        | {"coder_id": coders[event.coder]}
        | {column: _UNLESS.get(column) for column in optional}
        | event_values(event, reported=reported)
        | dict((extra or {}).get(uid, {}))
        for uid, event in by_id.items()
    ]
    made = {row.uid: row.id for row in connection.execute(_events_made(connection), values)}
    rows = {uid: made[uid] for uid in by_id}
    roles = [role for uid, event in by_id.items() for role in _roles(rows[uid], event)]
    if roles:
        connection.execute(_roles_made(connection), roles)
    return rows


def tie_of(row: Any) -> dict[str, Any]:
    """The columns that tie an event to its act, for a row that takes the place of this one."""
    return {"act_id": row.act_id, "act_reasons": row.act_reasons, "copied": row.copied}


@prepared
def _events_made(_: Connection) -> Any:
    events = table(EventRow)
    return insert(events).returning(events.c.uid, events.c.id)


@prepared
def _roles_made(_: Connection) -> Any:
    return insert(table(EventActorRow))


_UNLESS = {"copied": False}
"""What a column holds for the events that `extra` says nothing of, where that is not NULL."""


def _codes(actors: Iterable[Actor]) -> list[str]:
    return [actor.code for actor in actors]


def _parts(event: Event) -> Iterable[tuple[str, Sequence[Actor]]]:
    """Each role with who has it."""
    speakers = () if event.speaker is None else (event.speaker,)
    return zip(ROLES, (event.actors, event.recipients, speakers), strict=True)


def _roles(event_id: int, event: Event) -> Iterable[dict[str, Any]]:
    for role, actors in _parts(event):
        for n, actor in enumerate(actors):
            yield {
                "event_id": event_id,
                "role": role,
                "n": n,
                "code": actor.code,
                "name": actor.name or None,
                "office": actor.office or None,
                "origin": actor.origin or None,
            }


def roles_of(connection: Connection, event_ids: Sequence[int]) -> dict[int, dict[str, list[Actor]]]:
    """The actors of events, by event and role, in order."""
    found: dict[int, dict[str, list[Actor]]] = {event_id: {role: [] for role in ROLES} for event_id in event_ids}
    roles = table(EventActorRow).c
    rows = connection.execute(
        select(roles.event_id, roles.role, roles.code, roles.name, roles.office, roles.origin)
        .where(among(connection, roles.event_id, event_ids))
        # As their index has them: then they need not be sorted.
        .order_by(roles.event_id, roles.role, roles.n)
    ).all()
    # Thousands of events have a few hundred actors, named alike.
    known: dict[tuple[str | None, ...], Actor] = {}
    for event_id, role, code, name, office, origin in rows:
        key = code, name, office, origin
        if (actor := known.get(key)) is None:
            actor = known[key] = Actor(code=code, name=name or "", office=office or "", origin=origin or "")
        found[event_id][role].append(actor)
    return found


_type_of, _status_of, _precision_of = cache(EventType), cache(Status), cache(Precision)
"""An enumeration takes its time to find a member, and thousands of events have a few types."""


def event_of(row: Any, roles: Mapping[str, Sequence[Actor]], coder: str) -> Event:
    """The event that a row of `events` keeps."""
    when = None
    if row.when_first is not None:
        when = When(
            first=row.when_first,
            last=row.when_last,
            precision=_precision_of(row.when_precision),
            words=row.when_words or "",
            rule=row.when_rule or "",
        )
    place = None
    if row.place is not None:
        place = Place(name=row.place, country=row.country or "", latitude=row.latitude, longitude=row.longitude)
    return Event(**_gist(row, roles), when=when, place=place, coder=coder)


def gist_of(row: Any, roles: Mapping[str, Sequence[Actor]]) -> Event:
    """The event without when and where, of a row that need not have them."""
    return Event(**_gist(row, roles))


def _gist(row: Any, roles: Mapping[str, Sequence[Actor]]) -> dict[str, Any]:
    return {
        "type": _type_of(row.type),
        "mode": row.mode or "",
        "status": _status_of(row.status),
        "actors": tuple(roles["actor"]),
        "recipients": tuple(roles["recipient"]),
        "speaker": roles["speaker"][0] if roles["speaker"] else None,
        "evidence": Evidence(start=row.start, end=row.end, quote=row.quote, rule=row.rule),
        "confidence": row.confidence,
    }


BESIDE = 0.05
"""Scores below it are not worth a row: nineteen of twenty articles are beside the matter, and are kept for ever."""


def keep_assessments(
    connection: Connection, article_id: int, assessments: Sequence[Assessment], *, fresh: bool = False
) -> None:
    """Keep what each dossier makes of the article, but for what is plainly beside it.

    An earlier one is replaced, or deleted if its dossier makes none any more. `fresh`: there is no earlier one.
    """
    if not fresh:
        rows, those = table(AssessmentRow), {each.dossier for each in assessments}
        connection.execute(delete(rows).where(rows.c.article_id == article_id, rows.c.dossier.not_in(those)))
    keep_assessments_of(connection, [(article_id, assessment) for assessment in assessments])


def keep_assessments_of(connection: Connection, made: Sequence[tuple[int, Assessment]]) -> None:
    """`keep_assessments` for several articles in few statements: (article, assessment)."""
    beside = [{"article": of, "matter": one.dossier} for of, one in made if not _worth_a_row(one)]
    if beside:
        connection.execute(_beside(connection), beside)
    kept = [_assessment_values(connection, of, one) for of, one in made if _worth_a_row(one)]
    if kept:
        connection.execute(_assessed(connection), kept)


def _told(assessment: Assessment) -> bool:
    return assessment.grade is not Grade.NOT or assessment.rule_grade is not Grade.NOT


def _worth_a_row(assessment: Assessment) -> bool:
    return _told(assessment) or assessment.score >= BESIDE


def _assessment_values(connection: Connection, article_id: int, assessment: Assessment) -> dict[str, Any]:
    told = _told(assessment)
    return {
        "article_id": article_id,
        "dossier": assessment.dossier,
        "score": round(assessment.score, 4),
        "grade": int(assessment.grade),
        "rule_grade": int(assessment.rule_grade),
        "coder_id": coder_id(connection, assessment.coder),
        "reasons": [[r.rule, list(r.words), r.weight] for r in assessment.reasons] if told else None,
        "sentences": [list(span) for span in assessment.sentences] if told else None,
    }


@prepared
def _beside(_: Connection) -> Any:
    rows = table(AssessmentRow)
    return delete(rows).where(rows.c.article_id == bindparam("article"), rows.c.dossier == bindparam("matter"))


@prepared
def _assessed(connection: Connection) -> Any:
    told = upsert(connection, table(AssessmentRow))
    columns = ("score", "grade", "rule_grade", "coder_id", "reasons", "sentences")
    return told.on_conflict_do_update(
        index_elements=["article_id", "dossier"], set_={name: told.excluded[name] for name in columns}
    )


def assessment_of(row: Any, coder: str) -> Assessment:
    reasons = tuple(Reason(rule=rule, words=tuple(words), weight=weight) for rule, words, weight in row.reasons or ())
    return Assessment(
        dossier=row.dossier,
        score=row.score,
        grade=Grade(row.grade),
        rule_grade=Grade(row.rule_grade),
        reasons=reasons,
        sentences=tuple((start, end) for start, end in row.sentences or ()),
        coder=coder,
    )


def keep_quotes(connection: Connection, version_id: int, quotes: Sequence[Quote], *, fresh: bool = False) -> None:
    """Keep who said what in a version, in place of what was kept before; of a `fresh` one nothing was."""
    if not fresh:
        connection.execute(_unsaid(connection), {"version": version_id})
    if not quotes:
        return
    rows = [
        {
            "version_id": version_id,
            "n": n,
            "kind": quote.kind,
            "speaker_code": quote.speaker_code,
            "spans": [
                [list(span) for span in quote.spans],
                *(list(span) if span else None for span in (quote.speaker, quote.cue, quote.addressee)),
                list(quote.chain),
            ],
            "rule": quote.rule,
        }
        for n, quote in enumerate(quotes)
    ]
    connection.execute(_said(connection), rows)


@prepared
def _unsaid(_: Connection) -> Any:
    quotes = table(QuoteRow)
    return delete(quotes).where(quotes.c.version_id == bindparam("version"))


@prepared
def _said(_: Connection) -> Any:
    return insert(table(QuoteRow))


def quote_of(row: Any) -> Quote:
    spans, speaker, cue, addressee, chain = row.spans
    return Quote(
        kind=row.kind,
        spans=tuple((start, end) for start, end in spans),
        speaker=tuple(speaker) if speaker else None,
        cue=tuple(cue) if cue else None,
        addressee=tuple(addressee) if addressee else None,
        speaker_code=row.speaker_code,
        chain=tuple(chain),
        rule=row.rule,
    )
