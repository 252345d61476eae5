"""Time expressions are found, and dated or refused as the cases say."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.language import read_text
from extractors.model import Precision, When
from extractors.when import directions, expressions, rules
from extractors.when.dates import easter
from extractors.when.rows import named

CASES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "cases" / "when.toml").read_text(encoding="utf-8"))
DATED: datetime = CASES.pop("dated")
ROWS = [pytest.param(row, id=f"{table}: {row['text'][:60]}") for table, rows in CASES.items() for row in rows]


def told(text: str, dated: datetime = DATED) -> list[list[str]]:
    return [
        [found.words, found.when.iso if found.when else "-"]
        for sentence in read_text(text).sentences
        for found in expressions(sentence, dated=dated)
    ]


@pytest.mark.parametrize("row", ROWS)
def test_a_sentence_is_dated_as_its_row_says(row: dict[str, Any]) -> None:
    assert told(row["text"]) == row["expect"]


@pytest.mark.parametrize("row", [*directions.AROUND, *directions.CLAUSE], ids=lambda row: row.name)
def test_a_row_says_whether_its_time_is_back_or_ahead(row: directions.Row | directions.ClauseRow) -> None:
    found = [one for sentence in read_text(row.test).sentences for one in expressions(sentence, dated=DATED)]

    assert [(one.words, one.looks) for one in found] == [(row.words, row.name)]


def test_every_refusal_has_a_reason_and_every_date_a_rule() -> None:
    for rows in CASES.values():
        for row in rows:
            for sentence in read_text(row["text"]).sentences:
                for found in expressions(sentence, dated=DATED):
                    assert found.rule
                    assert bool(found.reason) == (found.when is None)


def test_nobody_asks_for_a_rule_that_is_not_there() -> None:
    with pytest.raises(LookupError, match="week-day"):
        named("week-day")


def test_offsets_count_characters_of_the_text() -> None:
    text = "Nichts Neues.\nAm 12. Januar tagt der Rat, am 14. Januar das Parlament."
    for sentence in read_text(text).sentences:
        for found in expressions(sentence, dated=DATED):
            assert text[found.start : found.end] == found.words


def test_a_day_of_the_next_weeks_is_not_last_years_though_its_clause_looks_back() -> None:
    agreed = "Sie haben sich auf ein Treffen am 20. Januar verständigt."
    assert told(agreed) == [["20. Januar", "2022-01-20"]]
    agreed = "Sie nannten ein Treffen am 20. Februar als Ziel."
    assert told(agreed) == [["20. Februar", "2022-02-20"]]
    assert told("Sie haben sich am 20. März verständigt.") == [["20. März", "2021-03-20"]]


def test_a_day_of_the_week_is_surer_than_tomorrow() -> None:
    """What was written the day before and published at midnight."""
    wednesday = datetime(2023, 7, 12, 0, 5, tzinfo=UTC)
    assert told("Am morgigen Mittwoch soll die Erklärung folgen.", wednesday) == [["morgigen Mittwoch", "2023-07-12"]]
    assert told("Am heutigen Dienstag traf er Biden.", wednesday) == [["heutigen Dienstag", "2023-07-11"]]
    assert told("Am morgigen Donnerstag soll die Erklärung folgen.", wednesday) == [
        ["morgigen Donnerstag", "2023-07-13"]
    ]


def test_this_friday_is_not_the_last_one() -> None:
    wednesday = datetime(2024, 6, 12, 18, tzinfo=UTC)
    assert told("Als möglichen Termin nannte sie diesen Freitag.", wednesday) == [["diesen Freitag", "2024-06-14"]]
    assert told("Beratungen in Wien an diesem Samstag", wednesday) == [["diesem Samstag", "2024-06-15"]]
    assert told("An diesem Montag hatten sie in Wien beraten.", wednesday) == [["diesem Montag", "2024-06-10"]]


def test_an_evening_not_yet_come_is_the_evening_before() -> None:
    morning = DATED.replace(hour=8)
    night = DATED.replace(hour=22)
    assert told("Am Abend sprach er mit dem Kanzler.", morning) == [["Abend", "2022-01-09"]]
    assert told("Am Abend sprach er mit dem Kanzler.", night) == [["Abend", "2022-01-10"]]


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)))
def test_any_article_date_gives_ordered_days(day: date) -> None:
    dated = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    for sentence in SENTENCES:
        for found in expressions(sentence, dated=dated):
            if found.when is not None:
                assert found.when.first <= found.when.last


SENTENCES = [
    sentence
    for text in (
        "Am Freitag tagte der Rat, im Juni soll er wieder tagen.",
        "Am 29. Februar reiste er an, zu Ostern, am Wochenende und im Winter war er da.",
        "Vor 90 Jahren, in zwei Monaten, vergangene Woche und Ende des Jahres.",
    )
    for sentence in read_text(text).sentences
]


def test_easter_is_where_the_church_has_it() -> None:
    assert [easter(year) for year in (2014, 2022, 2024, 2026)] == [
        date(2014, 4, 20), date(2022, 4, 17), date(2024, 3, 31), date(2026, 4, 5),
    ]  # fmt: skip


def test_ranges_keep_the_precision_of_the_text() -> None:
    months = When(first=date(2021, 6, 1), last=date(2021, 8, 31), precision=Precision.MONTH)
    years = When(first=date(1995, 1, 1), last=date(2023, 12, 31), precision=Precision.YEAR)
    days = When(first=date(2022, 1, 10), last=date(2022, 1, 14), precision=Precision.RANGE)
    assert (months.iso, years.iso, days.iso) == ("2021-06/2021-08", "1995/2023", "2022-01-10/2022-01-14")


def test_rule_names_are_unique() -> None:
    names = [rule.name for rule in rules()]
    assert len(names) == len(set(names))


@pytest.mark.shared
def test_dates_of_other_peoples_news_stay_above_their_floor() -> None:
    folder = Path(__file__).resolve().parents[3] / "shared" / "dates" / "KRAUTS_DieZeit"
    if not folder.is_dir():
        pytest.skip("../shared/dates is not here")
    from benchmarks.dates import score

    figures, _ = score(folder)
    assert float(str(figures["relaxed F1"])) >= 0.80
    assert float(str(figures["value accuracy, vague ones left out"])) >= 0.90


def test_a_week_is_monday_to_sunday() -> None:
    for shift in range(7):
        dated = DATED + timedelta(days=shift)
        assert told("Kommende Woche beginnt das Manöver.", dated) == [["Kommende Woche", "2022-01-17/2022-01-23"]]


@pytest.mark.parametrize("dated", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 12, tzinfo=UTC)])
def test_what_is_outside_the_calendar_is_refused(dated: datetime) -> None:
    for rows in CASES.values():
        for row in rows:
            told(row["text"], dated)
    days = told("Am gestrigen Tag traf er sie, am morgigen Tag trifft er ihn.", dated)
    assert [when for _, when in days].count("-") == 1


@pytest.mark.parametrize("day", ["31.12.9999", "1.1.0001"])
def test_a_day_that_stands_for_none_is_refused(day: str) -> None:
    assert told(f"Die Verbote gelten bis zum {day}.") == [[day, "-"]]


@pytest.mark.parametrize(
    ("day", "text", "expect"),
    [
        ("2026-12-29", "Im ersten Quartal wollen beide Seiten beraten.", "2027-01/2027-03"),
        ("2027-01-05", "Im vierten Quartal griff Russland zweimal an.", "2026-10/2026-12"),
        ("2027-01-05", "Im ersten Halbjahr wollen beide Seiten beraten.", "2027-01/2027-06"),
        ("2026-05-05", "Im ersten Quartal griff Russland zweimal an.", "2026-01/2026-03"),
        ("2027-01-05", "Ende des Jahres griff Russland zweimal an.", "2026"),
        ("2026-12-29", "Ende des Jahres griff Russland zweimal an.", "2026"),
        ("2027-01-05", "Ende des Jahres wollen beide Seiten beraten.", "2027"),
        ("2026-12-29", "Anfang des Jahres wollen beide Seiten beraten.", "2027-01"),
        ("2026-12-29", "Anfang des Jahres griff Russland zweimal an.", "2026"),
        ("2027-01-05", "Mitte des Jahres griff Russland zweimal an.", "2026"),
        ("2026-10-05", "Die Vorbereitungen waren bis Ende des Jahres gesichert.", "2026"),
    ],
)
def test_a_part_of_a_year_that_is_not_named_is_the_one_behind_or_ahead(day: str, text: str, expect: str) -> None:
    """Around the turn of the year it is another year's than the article's."""
    ((_, found),) = told(text, datetime.fromisoformat(day).replace(tzinfo=UTC))
    assert found == expect
