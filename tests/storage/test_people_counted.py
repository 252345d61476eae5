"""What the archive counts of office holders in SQL, against the same counted row by row."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from archive_matter import NOW
from sqlalchemy import Engine, insert

from extractors.model import Holder
from storage.archive import opened
from storage.engine import reading
from storage.people import FADES, Listed, People, State, Told, holders, listed
from storage.tables import ArticleRow, IntroductionRow

TODAY = NOW.date()
NAMES = ("Ingmar Gausewitz", "Pavle Malenka", "Annika Kirkelund", "Ödön Ábris", "Tilda Overbeek")


def keep(engine: Engine, rows: Sequence[dict[str, Any]]) -> None:
    """Introductions, each of an article of its own."""
    with engine.begin() as connection:
        for number, row in enumerate(rows, start=1):
            article = {"id": number, "key": number.to_bytes(16, "big"), "url": f"https://a.example/{number}"}
            article |= {"publisher": "a", "headline": "Meldung", "first_seen": NOW}
            connection.execute(insert(ArticleRow.__table__), article)
            connection.execute(insert(IntroductionRow.__table__), {"article_id": number, **row})


def row(name: str, days_ago: int, **said: str) -> dict[str, Any]:
    told = {"code": "EST", "office": "Außenminister", "house": "a", "quote": f"Vor {days_ago} Tagen sprach {name}."}
    return {"name": name, "day": TODAY.toordinal() - days_ago, **told, **said}


def some(chance: random.Random) -> list[dict[str, Any]]:
    """Introductions of a few years, some of them copies of others, of people who change offices and codes."""
    return [
        row(
            chance.choice(NAMES),
            chance.choice((0, 100, FADES.days - 1, FADES.days, FADES.days + 1, 700, 1000)),
            code=chance.choices(("EST", "LVA", "EU"), weights=(20, 1, 2))[0],
            office=chance.choice(("Minister", "Außenminister", "Sprecher")),
            house=chance.choice("abc"),
            quote=f"Satz {chance.randint(1, 40)}.",
        )
        for _ in range(chance.randint(1, 120))
    ]


def row_by_row(rows: Sequence[dict[str, Any]]) -> dict[str, list[Told]]:
    """What articles say, by name, as the documentation of `Told` has it."""
    found: dict[str, list[Told]] = defaultdict(list)
    for name in NAMES:
        theirs = [(number, one) for number, one in enumerate(rows, start=1) if one["name"] == name]
        end = max((one["day"] for _, one in theirs), default=0)
        for code in sorted({one["code"] for _, one in theirs}):
            of_code = [(number, one) for number, one in theirs if one["code"] == code]
            reports: dict[tuple[str, str], set[str]] = defaultdict(set)
            for _, one in of_code:
                if one["day"] > end - FADES.days:
                    reports[one["office"], one["quote"]].add(one["house"])
            times = Counter(office for office, _ in reports)
            offices = sorted({one["office"] for _, one in of_code}, key=lambda office: (-times[office], office))
            days = [one["day"] for _, one in of_code]
            found[name].append(
                Told(
                    name=name,
                    code=code,
                    offices=tuple(offices),
                    articles=len(reports),
                    houses=frozenset(map(min, reports.values())),
                    first=date.fromordinal(min(days)),
                    last=date.fromordinal(max(days)),
                    article_id=max(number for number, _ in of_code),
                )
            )
    return {name: told for name, told in found.items() if told}


@pytest.mark.parametrize("seed", range(8))
def test_what_is_counted_in_sql_is_what_is_counted_row_by_row(seed: int, engine: Engine) -> None:
    chance = random.Random(seed)
    rows = some(chance)
    keep(engine, rows)
    told = row_by_row(rows)
    refused, confirmed = chance.sample(NAMES, 2)
    with opened(engine) as archive:
        archive.people.refuse(refused, "Ada", NOW)
        archive.people.confirm(Holder(name=confirmed, code="LVA", offices=("Richter",)), "Bea", NOW)
        archive.people.confirm(Holder(name=confirmed, code="EU", offices=("Kommissar",)), "Bea", NOW)
    with reading(engine) as connection:
        people = People(connection)
        said = people._said()
        assert people.holders() == holders(told, said)
        for least in (1, 3, 20):
            times = Counter(one["name"] for one in rows)
            names = {name for name in NAMES if times[name] >= least or name in said}
            expected = [line for name in names for line in listed(name, told.get(name, []), said.get(name, []), TODAY)]
            shown = people.listed(TODAY, least=least)
            assert list(map(unquoted, shown)) == sorted(
                expected, key=lambda line: (-line.articles, line.name, line.since or date.min)
            )
            assert all(line.quote == rows[line.article_id - 1]["quote"] for line in shown if line.article_id)
            for most in (1, 2, 3, 5, 50):
                assert people.foremost(TODAY, least=least, most=most) == (shown[:most], max(len(shown) - most, 0))
        for name in NAMES:
            assert list(map(unquoted, people.named(name, TODAY))) == (
                listed(name, told.get(name, []), said.get(name, []), TODAY) if name in told or name in said else []
            )


def unquoted(line: Listed) -> Listed:
    return replace(line, quote="")


def test_a_name_of_many_copies_does_not_stand_before_one_of_fewer_articles(engine: Engine) -> None:
    copied = [row(NAMES[0], 1, quote="Ein Satz, den alle haben.", house=house) for house in "abcdef"]
    own = [row(NAMES[1], 1, quote=f"Satz {n}.") for n in range(2)]
    keep(engine, [*copied, *own])
    with reading(engine) as connection:
        (first,), more = People(connection).foremost(TODAY, least=2, most=1)
    assert (first.name, first.articles, more) == (NAMES[1], 2, 1)


def test_who_changes_the_office_is_called_by_the_new_one(engine: Engine) -> None:
    """Though more articles told of the old one, and the old one is still known: old articles have it."""
    old = [row(NAMES[0], 1000 - n, office="Staatssekretär", house="ab"[n % 2]) for n in range(20)]
    new = [row(NAMES[0], n, office="Verteidigungsminister", house="ab"[n % 2]) for n in range(3)]
    keep(engine, [*old, *new])
    with reading(engine) as connection:
        (line,), (holder,) = People(connection).listed(TODAY), People(connection).holders()
    assert (line.office, line.state, line.articles) == ("Verteidigungsminister", State.KNOWN, 3)
    assert holder.offices == ("Verteidigungsminister", "Staatssekretär")
    assert holder.since == date.fromordinal(TODAY.toordinal() - 1000)
