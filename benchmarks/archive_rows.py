"""Rows of an archive of years, written past the verbs and like theirs: articles, events, and what follows from them."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, text

from extractors.ontology import EventType, plover_score
from storage import packing, search, sides
from storage.tables import (
    ActRow,
    AlertRow,
    ArticleRow,
    CoderRow,
    DemandChangeRow,
    DemandRow,
    EventActorRow,
    EventRow,
    FeedRow,
    GapRow,
    IntroductionRow,
    MeetingChangeRow,
    MeetingRow,
    StoryArticleRow,
    StoryRow,
    VersionRow,
)

NOW = datetime(2031, 3, 4, 9, tzinfo=UTC)
LAST = date(2020, 1, 1) + timedelta(days=3000)
"""The day after the last of the rows."""
EARLY = datetime(2019, 12, 30, tzinfo=UTC)
"""Before the first of the rows: what was written later says that the archive listens only since then."""
CODES = ("RUS", "NATO", "UKR", "USA", "DEU", "FRA", "GBR", "POL", "EU", "OSZE", "TUR", "BLR")
OFTEN = (12, 8, 8, 5, 3, 2, 2, 1, 1, 1, 0.5, 0.1)


class Language:
    """Words that are as often and as long as those of a newspaper: a few all the time, most hardly ever (Zipf)."""

    def __init__(self, seed: int, size: int = 60_000, texts: Path | None = None) -> None:
        self.chance = random.Random(seed)
        self.real = _texts(texts) if texts else []
        syllables = (
            "be ge ver ent zu an aus auf der die das un ter mi ni ster rat kanz ler prä si dent re gie rung krieg"
        )
        syllables += " frie den ab kom men si cher heit ga ran tie ma nö ver bünd nis staat land wirt schaft ener gie"
        parts = syllables.split()
        self.words = ["".join(self.chance.choices(parts, k=self.chance.randint(1, 5))) for _ in range(size)]
        self.weights = [1 / (rank + 3) for rank in range(size)]
        total, self.summed = 0.0, []
        for weight in self.weights:
            total += weight
            self.summed.append(total)

    def sentence(self, words: int) -> str:
        said = " ".join(self.chance.choices(self.words, cum_weights=self.summed, k=words))
        return said[0].upper() + said[1:] + "."

    def text(self, characters: int) -> tuple[str, ...]:
        if self.real:
            return tuple(line for line in self.real.pop().split("\n") if line.strip())
        sentences: list[str] = []
        while sum(map(len, sentences)) < characters:
            sentences.append(self.sentence(self.chance.randint(8, 22)))
        return tuple(" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))


def _texts(path: Path) -> list[str]:
    """Texts of about the usual length out of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [str(json.loads(line)["text"]) for line in lines]
    return [one for one in texts if 3500 < len(one) < 8000]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How the rows lie. With several houses each act is told by so many reports, as in a year of war: a tenth copied word
    for word, one in fifty hopeful or dampened, all more or less sure."""

    rows: int = 1_000_000
    days: int = 3000
    houses: int = 1


def fill(engine: Engine, language: Language, shape: Shape) -> None:
    """Rows as the verbs would leave them: short articles, an event each, in the index; then what follows from them."""
    with engine.begin() as connection:
        connection.execute(insert(CoderRow).values(name="bench"))
        coder = connection.scalar(text("SELECT max(id) FROM coders"))
        base = connection.scalar(text("SELECT coalesce(max(id), 0) FROM articles")) or 0
        version = connection.scalar(text("SELECT coalesce(max(id), 0) FROM versions")) or 0
        event = connection.scalar(text("SELECT coalesce(max(id), 0) FROM events")) or 0
    known: set[str] = set()
    batch = 5000 // shape.houses * shape.houses
    for at in range(0, shape.rows, batch):
        texts = _sentences(language, min(batch, shape.rows - at), shape)
        ids = [(base + at + n + 1, version + at + n + 1, event + at + n + 1) for n in range(len(texts))]
        with engine.begin() as connection:
            _fill_rows(connection, language, texts, ids, coder, at, shape)
            _fill_index(connection, texts, [each[1] for each in ids], known)
    with engine.begin() as connection:
        _follow(connection, language, shape, base, event)


EXPECTING = ("zuversichtlich", "konstruktiv", "ohne Durchbruch", "skeptisch")


def _sentences(language: Language, count: int, shape: Shape) -> list[str]:
    said: list[str] = []
    for n in range(count):
        if shape.houses == 1:
            said.append(language.sentence(28))
        elif _copies(n, shape):
            said.append(said[-1])
        else:
            expecting = f" {language.chance.choice(EXPECTING)}." if language.chance.random() < 0.02 else "."
            said.append(language.sentence(20)[:-1] + expecting)
    return said


def _fill_rows(
    connection: Any, language: Language, texts: list[str], ids: list[Any], coder: Any, at: int, shape: Shape
) -> None:
    articles, versions, told, roles, acts = [], [], [], [], []
    act_id, kind, one, other = 0, EventType.STATE, "", ""
    for n, (said, (article_id, version_id, event_id)) in enumerate(zip(texts, ids, strict=True)):
        day = _day_of(at + n, shape.rows, shape)
        both = {"headline": said[:60], "key": article_id.to_bytes(16, "big"), "published_at": _noon(day)}
        at_noon = {"first_seen": _noon(day), "fetched_at": _noon(day)}
        articles.append(both | at_noon | _article_row(article_id, version_id, f"haus{(at + n) % 17}"))
        versions.append(both | _version_row(article_id, version_id, said) | {"coder_id": coder})
        if n % shape.houses == 0:
            act_id, kind = event_id, language.chance.choice(list(EventType))
            one, other = language.chance.choices(CODES, weights=OFTEN, k=2)
            acts.append(_act_row(act_id, kind, (one, other), said, day, at + n))
        told.append(
            {"id": event_id, "uid": f"{event_id:016x}", "version_id": version_id, "article_id": article_id, "day": day}
            | {"type": str(kind), "status": "past", "start": 0, "end": len(said), "copied": n % 10 == 0}
            | {"quote": said, "rule": "bench", "confidence": 0.9, "score": plover_score(kind), "coder_id": coder}
            | {"known_from": NOW, "act_id": act_id, "place": None, "country": None}
            | {"when_first": None, "when_last": None, "when_precision": None, "when_words": None}
        )
        roles += [_role(event_id, "actor", one), _role(event_id, "recipient", other)]
        told[-1] |= {"sides": sides.written([one], [other]), "speaker": ""}
        if language.chance.random() < 0.45:
            told[-1]["speaker"] = language.chance.choices(CODES, weights=OFTEN)[0]
            roles.append(_role(event_id, "speaker", told[-1]["speaker"]))
        if shape.houses > 1:
            told[-1] |= _lived(language, n, day, shape)
    rows = {ArticleRow: articles, VersionRow: versions, ActRow: acts, EventRow: told, EventActorRow: roles}
    for table, values in rows.items():
        connection.execute(insert(table.__table__), values)


def _article_row(article_id: int, version_id: int, house: str) -> dict[str, Any]:
    url = f"https://www.{house}.example/{article_id}"
    return {"id": article_id, "url": url, "publisher": house, "outcome": "stored", "grade": 2} | {
        "version_id": version_id,
        "versions": 1,
    }


def _version_row(article_id: int, version_id: int, said: str) -> dict[str, Any]:
    return {"id": version_id, "article_id": article_id, "number": 1, "length": len(said)} | {
        "fetched_at": NOW,
        "kept_at": NOW,
        "text_digest": article_id.to_bytes(16, "big"),
        "text": packing.pack(said),
    }


def _act_row(act_id: int, kind: EventType, parties: tuple[str, str], said: str, day: date, n: int) -> dict[str, Any]:
    made = _noon(day)
    return (
        {"id": act_id, "uid": f"act_{act_id:016x}", "type": str(kind), "status": "past", "title": said[:60]}
        | {"parties": " ".join(sorted(set(parties))), "day_first": day, "day_last": day}
        | {"created_at": made, "updated_at": made + timedelta(microseconds=n)}
    )


def _role(event_id: int, role: str, code: str) -> dict[str, Any]:
    return {"event_id": event_id, "role": role, "n": 0, "code": code}


def _copies(n: int, shape: Shape) -> bool:
    """Whether a report of an act has the sentence of the report before."""
    return n % shape.houses > 0 and n % 10 == 0


STATUSES = ("past",) * 14 + ("ongoing", "ongoing", "historical", "planned", "hypothetical", "negated")


def _lived(language: Language, n: int, day: date, shape: Shape) -> dict[str, Any]:
    """What one report says otherwise than the others of its act."""
    chance = language.chance
    found: dict[str, Any] = {"status": chance.choice(STATUSES), "confidence": round(chance.uniform(0.2, 1), 4)}
    found["copied"] = _copies(n, shape)
    if chance.random() < 0.25:
        when = day - timedelta(days=chance.randint(0, 2))
        found |= {"day": when, "when_first": when, "when_last": when, "when_precision": "day", "when_words": "gestern"}
    if chance.random() < 0.3:
        found |= {"place": chance.choice(("Genf", "Wien", "Ankara")), "country": chance.choice(("CHE", "AUT", "TUR"))}
    return found


def _fill_index(connection: Any, texts: list[str], versions: list[int], known: set[str]) -> None:
    sets = [sorted(search.stems(said)) for said in texts]
    new = sorted(set().union(*sets) - known)
    known.update(new)
    search._add_words(connection, new)
    if connection.dialect.name == "postgresql":
        statement = "INSERT INTO articles_fts (version_id, stems) VALUES (:id, array_to_tsvector(:stems))"
        rows: list[dict[str, Any]] = [{"id": v, "stems": s} for v, s in zip(versions, sets, strict=True)]
    else:
        statement = "INSERT INTO articles_fts (rowid, stems) VALUES (:id, :stems)"
        rows = [{"id": v, "stems": " ".join(s)} for v, s in zip(versions, sets, strict=True)]
    connection.execute(text(statement), rows)


def _follow(connection: Any, language: Language, shape: Shape, base: int, event: int) -> None:
    """Meetings, demands, matters, office holders and alerts in the numbers that come of so many events."""
    for table, values in (
        (FeedRow, [{"id": 900, "url": "https://www.haus1.example/rss"}]),
        (GapRow, list(_gaps(shape))),
        (MeetingRow, list(_meetings(language, shape))),
        (MeetingChangeRow, list(_meeting_changes(language, shape, base, event))),
        (DemandRow, list(_demands(language, shape))),
        (DemandChangeRow, list(_demand_changes(language, shape, base, event))),
        (StoryRow, list(_stories(language, shape))),
        (StoryArticleRow, list(_story_articles(language, shape, base))),
        (IntroductionRow, list(_introductions(language, shape, base))),
        (AlertRow, list(_alerts(event))),
    ):
        connection.execute(insert(table.__table__), values)


def _day_of(n: int, count: int, shape: Shape) -> date:
    """The day of one of so many that lie evenly over all days."""
    return LAST + timedelta(days=n * shape.days // count - shape.days)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time_of_day(12), UTC)


def _gaps(shape: Shape) -> Iterator[dict[str, Any]]:
    """A gap a month."""
    for n in range(shape.days // 30):
        since = _noon(LAST - timedelta(days=30 * n + 5))
        yield {"feed_id": 900, "since": since, "until": since + timedelta(hours=7), "reason": "no answer"}


PER_MEETING, PER_DEMAND, PER_MATTER, PER_HOLDER = 100, 30, 100, 12
"""Events to one of each; of office holders to one introduction."""
PER_ARTICLE = 8
"""Events of a real article: of the rows' articles, which have one each, so few belong to a matter."""
AHEAD = 60
"""Days ahead that meetings are announced for."""


def _meetings(language: Language, shape: Shape) -> Iterator[dict[str, Any]]:
    count = shape.rows // PER_MEETING
    for n in range(count):
        day = _day_of(n, count, shape) + timedelta(days=language.chance.randint(0, AHEAD))
        parties = sorted(set(language.chance.choices(CODES, weights=OFTEN, k=3)))
        yield {
            "id": n + 1,
            "uid": f"meet_{n:012x}",
            "state": "confirmed" if day >= LAST else language.chance.choice(("held", "held", "cancelled", "announced")),
            "title": language.sentence(4),
            "parties": " ".join(parties),
            "day_first": day,
            "day_last": day,
            "precision": "day",
            "place": "Genf",
            "country": "CHE",
            "created_at": _noon(_day_of(n, count, shape)),
            "updated_at": _noon(day),
        }


def _step(language: Language, shape: Shape, row: int, base: int, event: int) -> dict[str, Any]:
    at = _noon(_day_of(row, shape.rows, shape))
    said = {"quote": language.sentence(20), "event_uid": f"{event + row + 1:016x}", "article_id": base + row + 1}
    return {"at": at, **said, "reason": "bench"}


def _meeting_changes(language: Language, shape: Shape, base: int, event: int) -> Iterator[dict[str, Any]]:
    for n in range(shape.rows // PER_MEETING):
        for further, state in enumerate(("announced", "confirmed", "held")):
            row = min((n + further) * PER_MEETING, shape.rows - 1)
            yield {"meeting_id": n + 1, "state": state, **_step(language, shape, row, base, event)}


def _demands(language: Language, shape: Shape) -> Iterator[dict[str, Any]]:
    count = shape.rows // PER_DEMAND
    for n in range(count):
        one, other = language.chance.choices(CODES, weights=OFTEN, k=2)
        at = _noon(_day_of(n, count, shape)) + timedelta(seconds=n)
        yield {
            "id": n + 1,
            "uid": f"dem_{n:012x}",
            "state": language.chance.choice(("open", "open", "refused", "conceded")),
            "demanders": one,
            "addressees": other,
            "content": language.sentence(6),
            "created_at": at,
            "updated_at": at,
        }


def _demand_changes(language: Language, shape: Shape, base: int, event: int) -> Iterator[dict[str, Any]]:
    for n in range(shape.rows // PER_DEMAND):
        for further, state in enumerate(("open", "refused")):
            row = min(n * PER_DEMAND + further, shape.rows - 1)
            yield {"demand_id": n + 1, "state": state, "by": "RUS", **_step(language, shape, row, base, event)}


def _stories(language: Language, shape: Shape) -> Iterator[dict[str, Any]]:
    """The first is the war itself, which runs from the first day to the last."""
    count = shape.rows // PER_MATTER
    for n in range(count):
        at = _noon(_day_of(n, count, shape) if n else LAST) + timedelta(seconds=n)
        title = language.sentence(6)
        yield {"id": n + 1, "uid": f"story_{n:012x}", "title": title, "created_at": at, "updated_at": at}


def _story_articles(language: Language, shape: Shape, base: int) -> Iterator[dict[str, Any]]:
    """One in fifty belongs to the war itself, the others to a matter of their week, most to the largest of it."""
    count = shape.rows // PER_MATTER
    in_a_week = max(1, count * 7 // shape.days)
    for n, row in enumerate(range(0, shape.rows, PER_ARTICLE)):
        newest = row // PER_MATTER
        back = min(int(language.chance.paretovariate(0.7)) - 1, in_a_week - 1)
        story = 0 if n % 50 == 0 else min(newest - newest % in_a_week + back, count - 1)
        at = _noon(_day_of(row, shape.rows, shape))
        yield {"story_id": story + 1, "article_id": base + row + 1, "at": at, "reason": "bench"}


def _introductions(language: Language, shape: Shape, base: int) -> Iterator[dict[str, Any]]:
    rows = range(0, shape.rows, PER_HOLDER)
    for row, who in zip(
        rows, language.chance.choices(range(20_000), cum_weights=language.summed[:20_000], k=len(rows)), strict=True
    ):
        yield {
            "article_id": base + row + 1,
            "name": f"{language.words[who].capitalize()} {language.words[-1 - who].capitalize()}",
            "code": CODES[who % len(CODES)],
            "office": "Minister",
            "house": f"haus{row % 17}",
            "day": _day_of(row, shape.rows, shape).toordinal(),
            "quote": language.sentence(14),
        }


ALERT = "bench:1"


def _alerts(event: int) -> Iterator[dict[str, Any]]:
    told = {"key": ALERT, "watch": "bench", "title": "Genf", "body": "Genf", "act": f"act_{event + 1:016x}"}
    yield {"key": ALERT, "alert": told, "created_at": _noon(LAST)}
