"""Measures the archive: bytes for each article, and how long questions take when a million rows are in it.

    python benchmarks/archive.py                            sizes and a million rows, SQLite
    python benchmarks/archive.py --rows 100000 --json
    python benchmarks/archive.py --pages --rows 120000 --days 360 --houses 3    a year of war, three reports an act
    python benchmarks/archive.py --database postgresql

Sizes go through the real verbs: a stream in which 5 % of the articles belong to the matter (text of the usual 5.5 kB, eight
events). The million rows are written past the verbs, as rows like theirs. Goals: at most 6 kB for a relevant article with its
index, 300 B for any other, the newest 20 of any question within 10 ms.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.archive_pages import page_times
from benchmarks.archive_rows import CODES, EARLY, LAST, NOW, Language, Shape, fill
from benchmarks.machine import postgresql
from extractors.model import Actor, Article, Assessment, Event, Evidence, FeedEntry, Grade, PartKind, Place, Reason
from extractors.ontology import EventType, Status
from storage import checking, pairs, queries
from storage.archive import Made, Sighting, opened
from storage.engine import open_engine, reading, upgrade
from storage.tracking import Link


def article(language: Language, number: int) -> Article:
    paragraphs = language.text(5500)
    return Article.compose(
        url=f"https://www.haus.example/ausland/europa/{language.words[number % 5000]}-meldung-{number}.html",
        publisher="haus",
        headline=language.sentence(8),
        teaser=language.sentence(20),
        body=tuple((PartKind.PARAGRAPH, paragraph) for paragraph in paragraphs),
        published_at=EARLY,
        stand=EARLY,
        extractor="haus-2031",
    )


def events(language: Language, of: Article) -> tuple[Event, ...]:
    found = []
    for part in of.parts[2:10]:
        quote = of.text[part.start : part.end].split(".")[0] + "."
        one, other = language.chance.sample(CODES, 2)
        found.append(
            Event(
                type=language.chance.choice(list(EventType)),
                status=Status.PAST,
                actors=(Actor(code=one, name="Regierung", origin="parse"),),
                recipients=(Actor(code=other, name="Bündnis", origin="parse"),),
                place=Place(name="Genf", country="CHE", latitude=46.2, longitude=6.15),
                evidence=Evidence(start=part.start, end=part.start + len(quote), quote=quote, rule="verb-frame-reject"),
                confidence=0.87,
                coder="0.1.0+abcdef",
            )
        )
    return tuple(found)


def sizes(engine: Engine, language: Language, seen: int) -> dict[str, float]:
    """Bytes for each kind of article, by what the database grew, through the real verbs."""
    # In SQLite all work is this process's: its CPU time tells what an idle machine would take.
    clock = time.process_time if engine.dialect.name == "sqlite" else time.perf_counter
    empty = size(engine)
    began = clock()
    _stream(engine, language, range(seen), relevant=False)
    plain = size(engine)
    seconds = clock() - began
    relevant = seen // 19
    began = clock()
    _stream(engine, language, range(seen, seen + relevant), relevant=True)
    full = size(engine)
    return {
        "seen": seen + relevant,
        "characters_relevant": _mean_length(engine),
        "bytes_irrelevant": round((plain - empty) / seen),
        "bytes_relevant": round((full - plain) / relevant),
        "gigabytes_a_year": round(((plain - empty) / seen * 950_000 + (full - plain) / relevant * 50_000) / 1e9, 3),
        "irrelevant_per_second": round(seen / seconds),
        "relevant_per_second": round(relevant / (clock() - began)),
    }


def _mean_length(engine: Engine) -> int:
    with reading(engine) as connection:
        return round(connection.scalar(text("SELECT avg(length) FROM versions")) or 0)


def _stream(engine: Engine, language: Language, numbers: range, *, relevant: bool) -> None:
    grade = Grade.CORE if relevant else Grade.NOT
    judged = Assessment(
        dossier="russland-nato-ukraine",
        score=0.9 if relevant else 0.01,
        grade=grade,
        rule_grade=grade,
        reasons=(Reason(rule="actors-and-topics", words=("NATO", "Moskau", "Gespräche"), weight=2.5),) * 3,
        sentences=((0, 80), (100, 190), (300, 420)),
        coder="0.1.0+abcdef",
    )
    plain = article(language, 0)
    for at in range(0, len(numbers), 30):
        read = [article(language, n) if relevant else plain for n in numbers[at : at + 30]]
        window = [_sighting(language, n) for n in numbers[at : at + 30]]
        with opened(engine) as archive:
            archive.add_window("https://www.haus.example/rss", window, NOW)
        with opened(engine) as archive:
            for claimed, one in zip(archive.claim_entries("w", 30, NOW, lease=timedelta(minutes=1)), read, strict=True):
                found = events(language, one) if relevant else ()
                links = [Link(event=event.id, act=f"act_{event.id}", reasons=("same day",)) for event in found]
                archive.keep_article(claimed, one, Made(assessments=[judged], events=found, links=links), NOW)


def _sighting(language: Language, number: int) -> Sighting:
    url = f"https://www.haus.example/ausland/europa/{language.words[number % 5000]}-meldung-{number}.html"
    headline = language.sentence(6)
    entry = FeedEntry(feed_url="https://www.haus.example/rss", guid=url, url=url, headline=headline, published_at=EARLY)
    return Sighting(stem=url, entry=entry, publisher="haus")


def size(engine: Engine) -> int:
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    with reading(engine) as connection:
        pages = connection.scalar(
            text("SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count")
        )
        return int(pages or 0) * int(connection.scalar(text("SELECT page_size FROM pragma_page_size")) or 0)


def questions(language: Language) -> dict[str, Callable[[Connection], object]]:
    common, middling, rare = language.words[2], language.words[300], language.words[20_000]
    long = next(word for word in language.words[50:] if len(word) > 8)
    wanted, found, told = queries.EventFilter, queries.search_articles, queries.events
    return {
        "search common word": lambda c: found(c, f'"{common}"'),
        "search middling word": lambda c: found(c, f'"{middling}"'),
        "search rare word": lambda c: found(c, f'"{rare}"'),
        "search two words": lambda c: found(c, f'"{common}" "{middling}"'),
        "search with compounds": lambda c: found(c, long),
        "search part of a compound": lambda c: found(c, "garantie"),
        "search common word, one house": lambda c: found(c, f'"{common}"', publishers=["haus3"]),
        "search common word, type and party": lambda c: found(
            c, f'"{common}"', wanted=wanted(types=["AID"], actor="POL")
        ),
        "events newest": lambda c: told(c, wanted(limit=20)),
        "events of a type": lambda c: told(c, wanted(types=["CONSULT"], limit=20)),
        "events of a common party": lambda c: told(c, wanted(actor="RUS", limit=20)),
        "events of a rare party": lambda c: told(c, wanted(actor="BLR", limit=20)),
        "events of a dyad": lambda c: told(c, wanted(actor="RUS", other="NATO", limit=20)),
        "events of a rare dyad": lambda c: told(c, wanted(actor="BLR", other="TUR", limit=20)),
        "events of a day": lambda c: told(c, wanted(since=date(2024, 3, 1), until=date(2024, 3, 1), limit=20)),
        "events of type, party and house": lambda c: told(
            c, wanted(types=["AID"], actor="USA", publishers=["haus5"], limit=20)
        ),
        "events with a common word": lambda c: told(c, wanted(text=f'"{common}"', limit=20)),
        "dyad by week over a year": lambda c: queries.dyad_series(
            c, "RUS", "NATO", since=date(2024, 1, 1), until=date(2024, 12, 31), step="week"
        ),
        "dyad by month over two years": lambda c: queries.dyad_series(
            c, "RUS", "NATO", since=date(2024, 1, 1), until=date(2025, 12, 31), step="month"
        ),
        "events of type, party and days": lambda c: told(
            c, wanted(actor="RUS", types=["AID"], since=date(2022, 1, 1), until=date(2022, 1, 20), limit=20)
        ),
        "events of a place": lambda c: told(c, wanted(places=["Genf"], limit=20)),
        "search common word, rare dyad and type": lambda c: found(
            c, f'"{common}"', wanted=wanted(types=["AID"], actor="BLR", other="TUR")
        ),
        "article by number": lambda c: queries.article(c, 777),
        "events of a speaker": lambda c: told(c, wanted(speaker="RUS", limit=20)),
        "events of a rare speaker": lambda c: told(c, wanted(speaker="BLR", limit=20)),
        "events between sides": lambda c: told(c, wanted(actors=["RUS"], recipients=["NATO"], limit=20)),
        "events of a status": lambda c: told(c, wanted(statuses=["past"], limit=20)),
        "events of a house": lambda c: told(c, wanted(publishers=["haus5"], limit=20)),
        "events of an act": lambda c: told(c, wanted(act="act_0000000000001001", limit=20)),
        "events as known on a day": lambda c: told(
            c, wanted(actor="RUS", other="NATO", as_known_on=NOW + timedelta(days=1), limit=20)
        ),
        "pairs of 90 days": lambda c: queries.top_dyads(
            c, since=LAST - timedelta(days=90), until=LAST, min_confidence=0.5
        ),
        "demands of a party": lambda c: queries.demands(c, party="BLR", limit=20),
        "meetings of a month": lambda c: queries.meetings(c, since=LAST - timedelta(days=30), until=LAST),
    }


def timings(engine: Engine, language: Language) -> dict[str, float]:
    """The median of nine tries in milliseconds: of CPU time in SQLite, which works in this process, else of wall time."""
    clock = time.process_time if engine.dialect.name == "sqlite" else time.perf_counter
    found = {}
    with reading(engine) as connection:
        for name, question in questions(language).items():
            times = []
            for _ in range(9):
                began = clock()
                question(connection)
                times.append((clock() - began) * 1000)
            found[name] = round(statistics.median(times), 2)
    return found


@contextmanager
def database(kind: str) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="archive-") as folder:
        if kind == "sqlite":
            engine = open_engine(f"sqlite:///{Path(folder) / 'archive.sqlite'}", durable=False)
            upgrade(engine)
            yield engine
            engine.dispose()
            return
        with postgresql(Path(folder)) as server:
            engine = open_engine(server.get_uri())
            upgrade(engine)
            yield engine
            engine.dispose()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument(
        "--days", type=int, default=3000, help="days that the rows lie on: 300 for 100,000 is a busy year"
    )
    parser.add_argument(
        "--houses", type=int, default=1, help="houses that report each act, in sentences like real ones"
    )
    parser.add_argument("--seen", type=int, default=5_700, help="irrelevant articles whose size is measured")
    parser.add_argument("--texts", type=Path, help="JSON lines (gzip) with real texts for the relevant articles")
    parser.add_argument("--pages", action="store_true", help="also the reading room's pages; goal: 200 ms each")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    language = Language(1, texts=args.texts)
    found: dict[str, Any] = {"database": args.database, "rows": args.rows}
    with database(args.database) as engine:
        found |= sizes(engine, language, args.seen)
        if args.rows:
            began = time.perf_counter()
            fill(engine, language, Shape(rows=args.rows, days=args.days, houses=args.houses))
            found["fill_seconds"] = round(time.perf_counter() - began, 1)
            with engine.begin() as connection:
                pairs.renew_all(connection)
            checking.vacuum(engine)
            found["bytes_a_row"] = round(size(engine) / args.rows)
            found["milliseconds"] = timings(engine, language)
            if args.pages:
                found["pages"] = page_times(engine)
    if args.json:
        print(json.dumps(found))
        return 0
    for name, value in found.items():
        if name not in ("milliseconds", "pages"):
            print(f"{name:40} {value}")
    for name, value in found.get("milliseconds", {}).items():
        print(f"{name:40} {value:8.2f} ms{'' if value <= 10 else '   over 10 ms'}")
    for name, value in found.get("pages", {}).items():
        print(f"{name:50} {value:8.1f} ms{'' if value <= 200 else '   over 200 ms'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
