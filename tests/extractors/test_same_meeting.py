"""What stands as a meeting, whether it is doubted, and what is told several times but takes place once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from extractors.events.lexicon import BrokenRuleError
from extractors.events.meetings.announcing import Row, doubt, lasting, meets, same, told_together, unlikely
from extractors.events.tables import pattern, rows
from extractors.files import BrokenFileError
from extractors.model import Actor, Event, Evidence, Place, Precision, When
from extractors.ontology import EventType, Status
from extractors.when import ahead

MONDAY, FRIDAY = date(2022, 3, 14), date(2022, 3, 18)


def day(first: date, last: date | None = None) -> When:
    return When(first=first, last=last or first, precision=Precision.DAY if last is None else Precision.RANGE)


def meeting(
    parties: str, when: When | None = None, place: Place | None = None, start: int = 0, people: str = ""
) -> Event:
    """`people`: the names of those who come, one a party; by default nobody is named."""
    codes, names = parties.split(), people.split()
    return Event(
        type=EventType.CONSULT,
        status=Status.PLANNED,
        actors=tuple(
            Actor(code=code, name=name, office="Minister" if names else "")
            for code, name in zip(codes, names or codes, strict=True)
        ),
        when=when,
        place=place,
        evidence=Evidence(start=start, end=start + 5, quote="Wort.", rule="noun:Treffen"),
    )


KIEW, UKRAINE, OSLO = (
    Place(name="Kiew", country="UKR"),
    Place(name="Ukraine", country="UKR"),
    Place(name="Oslo", country="NOR"),
)


@pytest.mark.parametrize("row", unlikely(), ids=lambda row: row.name)
def test_each_row_reads_its_own_sentence(row: Row) -> None:
    assert doubt(row.test) == row.name


@pytest.mark.parametrize(
    "text",
    [
        "Scholz reist am Freitag zu Gesprächen mit Selenskyj nach Kiew.",
        "Für Mittwoch ist ein Treffen der Außenminister in Brüssel angesetzt.",
        "Beide Präsidenten wollen am Sonntag miteinander telefonieren.",
        "Scholz hofft auf eine Einigung beim Treffen mit Macron am Freitag in Paris.",
        "Am Montag trifft sich die EU mit der Ukraine und bereitet eine Entscheidung vor.",
        "Es ging um die Bedingungen für das Treffen von Scholz und Macron am Freitag.",
        "Am Freitag ist Scholz in Wien im Gespräch mit Macron.",
        "Die eigentlichen Verhandlungen von Scholz und Macron beginnen am Freitag.",
    ],
)
def test_a_plain_announcement_is_not_doubted(text: str) -> None:
    assert doubt(text) == ""


@pytest.mark.parametrize("words", ["(?=.*kann).*tagen", "(?i)(?=.*kann).*tagen", "(?!.*kann).*tagen"])
def test_a_row_looks_over_a_sentence_once_and_not_from_each_of_its_letters(words: str) -> None:
    with pytest.raises(BrokenRuleError, match="x: words: what looks ahead over all of a sentence begins with"):
        pattern({"name": "x", "words": words})


def test_what_is_told_of_a_meeting_named_aside_does_not_doubt_the_meeting() -> None:
    words = "Vor dem Gipfel am Freitag könnte die NATO der Ukraine mehr Waffen zusagen."
    assert doubt(words) == "only possible"
    assert doubt(words, aside=True) == ""
    assert doubt(words, apart=True) == ""
    assert doubt("Der Gipfel wurde abgesagt.", apart=True) == "called off"
    assert doubt("Vor dem Gipfel wurde ein Besuch abgesagt.", aside=True) == ""


def test_a_state_alone_meets_nobody_but_a_body_meets_within_itself() -> None:
    assert not meets(["DEU"])
    assert not meets([])
    assert meets(["EU"])
    assert meets(["DEU", "UKR"])


def test_what_a_party_and_its_government_discuss_is_no_meeting() -> None:
    assert not meets(["DEU", "DEU-OPP"])
    assert meets(["DEU", "USA-CIV"])


def test_the_calls_of_presidents_and_of_their_ministers_are_two() -> None:
    presidents = meeting("RUS USA", day(FRIDAY), people="Putin Biden")
    assert not same(presidents, meeting("RUS USA", day(FRIDAY), start=80, people="Lawrow Blinken"))
    assert same(presidents, meeting("RUS USA", day(FRIDAY), start=80, people="Putin Blinken"))
    assert same(presidents, meeting("RUS USA", day(FRIDAY), start=80)), "nobody is named there"


def test_a_meeting_told_with_and_without_its_day_is_one_with_the_day() -> None:
    headline, lead = meeting("FRA RUS"), meeting("FRA RUS", day(FRIDAY), OSLO, start=90)
    assert same(headline, lead)
    told = told_together(headline, lead)
    assert (told.when, told.place, told.evidence.start) == (day(FRIDAY), OSLO, 90)


def test_part_of_the_guests_is_the_same_meeting_with_all_its_guests() -> None:
    summit, guest = meeting("NATO", day(FRIDAY), OSLO), meeting("NATO UKR", None, OSLO, start=50)
    assert same(summit, guest)
    assert told_together(summit, guest).parties == {"NATO", "UKR"}


def test_guests_told_at_the_place_of_a_dated_summit_come_to_it() -> None:
    summit, guests = meeting("NATO SWE", day(FRIDAY), OSLO), meeting("NATO UKR", None, OSLO, start=50)
    assert same(summit, guests)
    assert told_together(summit, guests).parties == {"NATO", "SWE", "UKR"}
    assert not same(meeting("DEU SWE", day(FRIDAY), OSLO), meeting("DEU UKR", None, OSLO))


def test_a_week_and_a_day_of_it_are_one_meeting_on_that_day() -> None:
    week, on = meeting("FRA RUS", day(MONDAY, date(2022, 3, 20))), meeting("FRA RUS", day(FRIDAY), start=70)
    assert told_together(week, on).when == day(FRIDAY)


def test_a_week_and_a_day_of_it_are_one_meeting_though_it_is_told_from_elsewhere() -> None:
    week = meeting("UKR UN", day(MONDAY, date(2022, 3, 20)), KIEW)
    assert same(week, meeting("UKR UN", day(FRIDAY), OSLO, start=70))


def test_guests_of_a_body_on_the_day_on_which_it_meets_come_to_that_meeting() -> None:
    assert same(meeting("EU", day(FRIDAY)), meeting("EU UKR", day(FRIDAY), OSLO, start=40))
    assert not same(meeting("EU", day(MONDAY)), meeting("EU UKR", day(FRIDAY), OSLO, start=40))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (meeting("FRA RUS", day(MONDAY)), meeting("FRA RUS", day(FRIDAY))),
        (meeting("FRA RUS", None, OSLO), meeting("FRA RUS", None, KIEW)),
        (meeting("FRA RUS", day(FRIDAY)), meeting("DEU UKR", day(FRIDAY))),
        (meeting("FRA UKR", day(FRIDAY), KIEW), meeting("DEU UKR", day(FRIDAY), KIEW)),
        (meeting("RUS USA", day(FRIDAY)), meeting("FRA RUS USA", day(FRIDAY))),
        (meeting("EU", day(FRIDAY)), meeting("DEU EU NATO")),
    ],
    ids=["other day", "other place", "other parties", "one host", "more parties, no place", "more parties, no day"],
)
def test_what_contradicts_is_two_meetings(one: Event, other: Event) -> None:
    assert not same(one, other)


def test_a_city_and_its_country_do_not_contradict_and_the_city_is_kept() -> None:
    broad, exact = meeting("DEU UKR", day(FRIDAY), UKRAINE), meeting("DEU UKR", None, KIEW, start=60)
    assert same(broad, exact)
    assert told_together(broad, exact).place == KIEW


def test_a_day_that_is_past_is_not_the_day_of_what_is_announced() -> None:
    assert ahead(day(MONDAY), FRIDAY) is None
    assert ahead(day(FRIDAY), FRIDAY) == day(FRIDAY)


def test_the_days_of_a_summit_say_more_than_its_first_day() -> None:
    three = When(first=MONDAY, last=date(2022, 3, 16), precision=Precision.RANGE)
    assert lasting(day(MONDAY), "ein dreitägiger").iso == three.iso  # type: ignore[union-attr]
    assert lasting(day(MONDAY), "ein langer") == day(MONDAY)
    begun, lasts = meeting("NATO", day(MONDAY)), meeting("NATO", three, start=40)
    assert told_together(begun, lasts).when == three


def test_a_day_counted_in_weeks_and_the_day_itself_are_one_meeting_on_that_day() -> None:
    roughly = When(
        first=date(2022, 3, 17), last=date(2022, 3, 17), precision=Precision.DAY, words="in zwei Wochen", rule="hence"
    )
    one, other = meeting("RUS USA", roughly), meeting("RUS USA", day(FRIDAY), start=50)
    assert same(one, other)
    assert told_together(one, other).when == day(FRIDAY)
    assert not same(meeting("RUS USA", day(date(2022, 3, 17))), other), "two days that are named are two"


def test_the_days_of_a_visit_are_counted_from_its_first() -> None:
    two = When(first=MONDAY, last=date(2022, 3, 15), precision=Precision.RANGE)
    told = lasting(day(MONDAY), "", "ab Montag weilt sie zwei Tage in Kiew")
    assert told is not None
    assert told.iso == two.iso
    assert lasting(day(MONDAY), "", "zwei Tage nach dem Angriff reist sie am Montag nach Kiew") == day(MONDAY)
    assert lasting(day(MONDAY), "", "am Montag reist sie für zwei Tage nach Kiew") == told


def test_what_is_told_again_without_a_day_is_the_same_wherever_it_is_told() -> None:
    dated, again = meeting("AUT UKR", day(FRIDAY), KIEW), meeting("AUT UKR", None, OSLO, start=90)
    assert same(dated, again)
    assert told_together(dated, again).place == KIEW
    assert not same(meeting("AUT UKR", None, KIEW), again)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[herald]]\nname = "comes"\nof = "verb"\ntest = "x"\n', "no told"),
        ('[[herald]]\nname = "comes"\nof = "noun"\ntest = "x"\ntold = "y"\n', "of is 'noun'"),
        ('[[herald]]\nname = "comes"\nof = "verb"\ntest = "x"\ntold = "y"\nplace = "z"\n', "unknown field place"),
        ('[[herald]]\nname = "comes"\nof = "verb"\ntest = ""\ntold = "y"\n', "test cannot be ''"),
        (
            '[[herald]]\nname = "comes"\nof = ["verb"]\ntest = "x"\ntold = "y"\n',
            r"of cannot be \['verb'\]: it is a text",
        ),
        ("herald = [3]\n", "herald is a list of rows"),
        ("[[herlad]]\n", "unknown table herlad"),
        ("[[herald]\n", "meetings.toml:1: no TOML"),
    ],
)
def test_a_broken_row_of_the_table_is_an_error_that_names_it(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "meetings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenFileError, match=told):
        list(rows(path, "herald", needed={"name", "of", "test", "told"}, allowed={"of": {"verb"}}))


def test_a_pattern_that_cannot_be_read_is_an_error_that_names_its_row() -> None:
    with pytest.raises(BrokenRuleError, match="only proposed"):
        pattern({"name": "only proposed", "words": "(bot"})


def test_who_visits_does_not_telephone() -> None:
    visit, call = (replace(meeting("GBR RUS", day(FRIDAY)), mode=mode) for mode in ("visit", "phone"))
    assert same(visit, visit)
    assert not same(visit, call)
