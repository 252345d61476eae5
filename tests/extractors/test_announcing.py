"""Announced meetings: what stands as one, and what is told several times but takes place once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors.events import code_events, explain
from extractors.events.announcing import (
    Row,
    ahead,
    doubt,
    lasting,
    meets,
    same,
    told_together,
    unlikely,
)
from extractors.events.heralding import Herald, heralds
from extractors.events.lexicon import BrokenRuleError
from extractors.events.tables import pattern, rows
from extractors.model import Actor, Article, Event, Evidence, PartKind, Place, Precision, When
from extractors.ontology import EventType, Status

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
    ],
)
def test_a_plain_announcement_is_not_doubted(text: str) -> None:
    assert doubt(text) == ""


def test_what_is_told_of_a_meeting_named_aside_does_not_doubt_the_meeting() -> None:
    words = "Vor dem Gipfel am Freitag könnte die NATO der Ukraine mehr Waffen zusagen."
    assert doubt(words) == "only possible"
    assert doubt(words, aside=True) == ""
    assert doubt("Der Gipfel wurde abgesagt.", aside=True) == "called off"


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


def planned(text: str, headline: str = "Diplomatie im Krieg gegen die Ukraine") -> list[tuple[frozenset[str], str]]:
    """Parties and day of the meetings that an article of Tuesday, 15 March 2022 announces."""
    article = Article.compose(
        url="x",
        headline=headline,
        teaser="",
        body=((PartKind.PARAGRAPH, text),),
        published_at=datetime(2022, 3, 15, 12, tzinfo=UTC),
    )
    found = [e for e in code_events(article) if e.type is EventType.CONSULT and e.status is Status.PLANNED]
    return [(e.parties, e.when.iso if e.when else "") for e in found]


def test_what_is_called_off_is_not_announced() -> None:
    assert planned("Der für Freitag geplante Besuch von Macron bei Putin in Moskau ist abgesagt.") == []


def test_a_meeting_told_three_times_is_announced_once() -> None:
    text = (
        "Macron und Putin wollen sich am Freitag in Genf treffen. Das Treffen von Macron und Putin ist seit Wochen geplant. "
        "Bei dem Treffen in Genf wollen Putin und Macron am Freitag über die Ukraine sprechen."
    )
    assert planned(text) == [(frozenset({"FRA", "RUS"}), "2022-03-18")]


def test_a_visitor_told_alone_meets_the_state_it_travels_to() -> None:
    assert planned("Bundeskanzler Scholz wird am Donnerstag zu Gesprächen in Kiew erwartet.") == [
        (frozenset({"DEU", "UKR"}), "2022-03-17")
    ]


def test_what_a_state_does_at_home_is_no_meeting() -> None:
    assert planned("Bundeskanzler Scholz berät am Donnerstag mit den Ministerpräsidenten der Länder.") == []


def test_a_summit_named_aside_with_its_day_is_announced() -> None:
    text = "Vor dem Gipfel der NATO am 24. März in Brüssel will das Bündnis weitere Truppen zusagen."
    assert planned(text) == [(frozenset({"NATO"}), "2022-03-24")]
    possible = "Vor dem Gipfel könnte das Bündnis weitere Truppen zusagen."
    assert doubt(possible)
    assert not doubt(possible, aside=True), "what is only possible is the pledge, not the summit"


def test_what_has_been_is_not_announced_though_it_was_today() -> None:
    assert planned("Am Dienstag hatte Scholz in Berlin mit Macron über die Ukraine gesprochen.") == []


def test_a_call_that_was_to_be_held_today_is_announced() -> None:
    text = "Ein Telefonat Bidens mit Orban sollte am Dienstag stattfinden."
    assert planned(text, headline="Die Woche in Kürze") == [(frozenset({"HUN", "USA"}), "2022-03-15")]


def test_what_says_an_announced_meeting_again_may_tell_its_day() -> None:
    text = "Kommende Woche wollen Macron und Erdogan in Ankara verhandeln. Ab Montag geht es bei Macron und Erdogan um Libyen."
    assert planned(text) == [(frozenset({"FRA", "TUR"}), "2022-03-21")]


def test_a_question_announces_nothing() -> None:
    assert planned("Wird Scholz am Freitag Macron in Paris treffen?") == []
    assert planned("Am Freitag will Scholz Macron in Paris treffen.") == [(frozenset({"DEU", "FRA"}), "2022-03-18")]


def test_a_day_that_somebody_names_after_a_meeting_is_not_its_day() -> None:
    assert planned("„Wir werden am Freitag liefern“, sagte Scholz nach einem Gespräch mit Selenskyj in Kiew.") == []


def test_what_is_talked_about_does_not_meet() -> None:
    assert (
        planned("Am Freitag wollen sich die Finanzminister über die Schulden von Spanien und Portugal beraten.") == []
    )
    both = planned("Am Freitag will Scholz mit Macron über die Schulden von Spanien und Portugal beraten.")
    assert [who for who, _ in both] == [frozenset({"DEU", "FRA"})]


def test_whose_visit_has_no_host_meets_nobody() -> None:
    text = "Am Freitag soll UN-Generalsekretär António Guterres ein Lager besuchen."
    assert planned(text, headline="Die Woche in Kürze") == []


def test_an_attribute_announces_a_summit_without_a_day() -> None:
    text = "Vor dem geplanten Treffen der NATO mit der Ukraine in Vilnius wächst die Sorge."
    assert planned(text) == [(frozenset({"NATO", "UKR"}), "")]


def test_what_was_said_at_a_meeting_does_not_announce_it() -> None:
    assert planned("Beim Treffen der NATO in Brüssel hat Stoltenberg der Ukraine weitere Waffen versprochen.") == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Scholz will Selenskyj in Kiew treffen, wie das Kanzleramt am Dienstag mitteilte.", [""]),
        (
            "Scholz will Selenskyj am Donnerstag in Kiew treffen, wie das Kanzleramt am Dienstag mitteilte.",
            ["2022-03-17"],
        ),
    ],
)
def test_the_day_on_which_it_was_said_does_not_date_a_meeting(text: str, days: list[str]) -> None:
    assert [when for _, when in planned(text)] == days


@pytest.mark.parametrize(
    "text",
    [
        "In Kiew wird Scholz nach Angaben seines Sprechers vom Dienstag Präsident Selenskyj treffen.",
        "Am Dienstag hat das Kanzleramt zugegeben: Scholz wird Selenskyj demnächst in Kiew treffen.",
    ],
)
def test_the_day_on_which_others_spoke_does_not_date_a_meeting(text: str) -> None:
    assert planned(text) == [(frozenset({"DEU", "UKR"}), "")]


def test_a_day_to_come_of_which_somebody_spoke_at_a_meeting_is_not_its_day() -> None:
    assert (
        planned("Bei einem Gespräch mit Macron kündigte Scholz an, dass die Ukraine am Freitag Panzer bekommt.") == []
    )
    assert planned("Beim Treffen mit Macron in Paris versprach Scholz, dass Berlin am Freitag zahlt.") == []


def test_what_follows_a_meeting_on_a_day_to_come_does_not_announce_that_meeting_again() -> None:
    assert planned("Nach dem Gipfel von Biden und Putin folgt am Montag das nächste Treffen.") == []


def test_the_day_on_which_a_treaty_ends_is_not_that_of_the_talks_on_it() -> None:
    text = "Bei den geplanten Gesprächen mit Putin will Erdogan über das am 17. Juli auslaufende Abkommen sprechen."
    assert "2022-07-17" not in {day for _, day in planned(text)}


def test_what_another_sentence_tells_of_today_does_not_date_a_meeting() -> None:
    text = "Es gehe um Öl, sagten Diplomaten der EU am Dienstag. Stattfinden wird das Treffen bei der EU-Ukraine-Kommission."
    assert planned(text) == [(frozenset({"EU", "UKR"}), "")]


def test_an_evening_after_a_day_to_come_is_not_that_of_today() -> None:
    text = "Am Freitag reist Lawrow nach China. Am Abend trifft er Außenminister Wang."
    assert [(who, day) for _, who, day in announced(text)] == [("CHN,RUS", "2022-03-18")]
    alone = planned("Am Abend will Scholz in Berlin den französischen Präsidenten Macron treffen.")
    assert alone == [(frozenset({"DEU", "FRA"}), "2022-03-15")]


def test_what_takes_place_there_is_on_the_day_of_the_journey_there() -> None:
    text = "Für Freitag ist ein Besuch in Ankara angesetzt. Dort will Guterres Außenminister Cavusoglu treffen."
    assert planned(text) == [(frozenset({"TUR", "UN"}), "2022-03-18")]


def test_people_who_come_together_for_days_meet_on_all_of_them() -> None:
    text = "Am Freitag kommen die Verteidigungsminister der NATO zu einem zweitägigen Treffen in Oslo zusammen."
    assert planned(text) == [(frozenset({"NATO"}), "2022-03-18/2022-03-19")]
    text = (
        "Am Freitag beraten die Verteidigungsminister der NATO in Oslo. Bei dem dreitägigen Treffen geht es um Hilfen."
    )
    assert planned(text) == [(frozenset({"NATO"}), "2022-03-18/2022-03-20")]
    guest = "Am Freitag reist Selenskyj nach Oslo. Bei dem dreitägigen Treffen der Minister geht es um Hilfen."
    assert (frozenset({"NOR", "UKR"}), "2022-03-18") in planned(guest)
    other = "Vor einem zweitägigen Gipfel in Oslo trifft Scholz am Freitag Macron in Paris."
    assert (frozenset({"DEU", "FRA"}), "2022-03-18") in planned(other)


def test_what_takes_place_only_if_something_else_does_is_not_announced() -> None:
    assert planned("Sollte er gewählt werden, will Macron am Freitag Scholz in Berlin besuchen.") == []
    assert planned("Macron will am Freitag mit Scholz sprechen, wenn er nach Berlin kommt.") == [
        (frozenset({"DEU", "FRA"}), "2022-03-18")
    ]


def test_a_guest_told_by_his_office_alone_is_nobody_else() -> None:
    text = (
        "Am Freitag empfängt Erdogan UN-Generalsekretär Guterres in Ankara. "
        "Zuvor will der UN-Chef mit Außenminister Cavusoglu reden."
    )
    assert planned(text) == [(frozenset({"TUR", "UN"}), "2022-03-18")]


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Schweden will am 24. März beim NATO-Treffen in Brüssel um Hilfe bitten.", {"NATO"}),
        ("Am Donnerstag beginnt in Brüssel der EU-Gipfel mit der Ukraine.", {"EU", "UKR"}),
        ("Am Donnerstag beginnt in Oslo ein Gipfel der NATO, bei dem es auch um China geht.", {"NATO"}),
        (
            "Österreichs Außenminister und seine EU-Amtskollegen beraten am Donnerstag in Brüssel über Sanktionen.",
            {"EU"},
        ),
    ],
)
def test_a_body_in_the_name_of_a_meeting_meets_there(text: str, parties: set[str]) -> None:
    assert [who for who, _ in planned(text)] == [frozenset(parties)]


def test_a_format_that_meets_has_its_members_and_a_body_beside_it_meets_by_itself() -> None:
    text = "Am Mittwoch kommt in Brüssel der NATO-Russland-Rat zusammen, am Donnerstag berät in Wien die OSZE."
    assert planned(text) == [(frozenset({"NATO", "RUS"}), "2022-03-16"), (frozenset({"OSCE"}), "2022-03-17")]


def test_who_travels_to_brussels_does_not_visit_belgium() -> None:
    assert planned("Lawrow reist am Mittwoch nach Brüssel.") == []
    belgian = planned("Lawrow reist am Mittwoch nach Brüssel und trifft den belgischen Außenminister.")
    assert [who for who, _ in belgian] == [frozenset({"BEL", "RUS"})]


def test_where_nobody_is_said_to_meet_no_meeting_is_announced() -> None:
    assert planned("In Oslo soll am Freitag über neue Hilfen für Kiew beraten werden.") == []


def test_the_host_of_others_takes_no_part_because_of_that() -> None:
    # With whom is told by the headline alone: with Ukraine, not with Switzerland.
    assert [who for who, _ in planned("Die USA wollen am Freitag in Genf über die Lage verhandeln.")] == [
        {"UKR", "USA"}
    ]
    assert [who for who, _ in planned("Die USA und Russland wollen am Freitag in Genf verhandeln.")] == [{"RUS", "USA"}]


def test_no_plan_is_dated_with_a_day_that_is_past() -> None:
    article = Article.compose(
        url="x",
        headline="EU kündigt weitere Sanktionen gegen Russland an",
        teaser="",
        body=(
            (
                PartKind.PARAGRAPH,
                "Am Montag hatte die EU angekündigt, weitere russische Banken mit Sanktionen zu belegen.",
            ),
        ),
        published_at=datetime(2022, 3, 15, 12, tzinfo=UTC),
    )
    plans = [e for e in code_events(article) if e.status is Status.PLANNED]
    assert plans
    assert {e.when for e in plans} == {None}, "Monday is when it was announced"


def announced(text: str) -> list[tuple[str, str, str]]:
    """Row, parties and day of the meetings that an article without a headline announces, on Tuesday, 15 March 2022."""
    body = tuple((PartKind.PARAGRAPH, line) for line in text.split("\n"))
    article = Article.compose(url="x", headline="", body=body, published_at=datetime(2022, 3, 15, 12, tzinfo=UTC))
    found = [e for e in code_events(article) if e.type is EventType.CONSULT and e.status is Status.PLANNED]
    return [(e.evidence.rule, ",".join(sorted(e.parties)), e.when.iso if e.when else "") for e in found]


@pytest.mark.parametrize("row", heralds(), ids=lambda row: row.name)
def test_each_herald_announces_what_its_own_sentence_tells(row: Herald) -> None:
    found = announced(row.test)
    assert "; ".join(f"{who} {day}" for _, who, day in found) == row.told
    assert {rule for rule, _, _ in found} == {f"herald:{row.name}"}


@pytest.mark.parametrize(
    "text",
    [
        "Scholz wird nicht am Freitag in Kiew erwartet.",
        "Sollte Scholz am Freitag nach Kiew reisen, würde Moskau das begrüßen.",
        "Für Freitag werden Vorschläge der EU zum Gas erwartet.",
        "Gäste aus Polen reisen meist mit dem Zug nach Kiew.",
        "Russland und die Ukraine verständigten sich bei einem Gespräch in Minsk auf einen Austausch.",
        "Am Donnerstag tagt die Innenministerkonferenz. Die EU sieht zu.",
        "Lawrow warnte vor einem Treffen mit Selenskyj.",
        "Ob Scholz am Freitag nach Kiew reist, ist nicht ausgemacht.",
        "Auf einer Konferenz in Oslo hat Blinken der Ukraine neue Hilfen angekündigt.",
        "Bern kündigt eine Konferenz an, Moskau spottet.",
        "Scholz bekräftigte vor seiner Abreise nach Paris das Nein zu Panzern.",
        "Die EU zahlt. Das Treffen der Digitalminister Polens und der Ukraine am Freitag ist hinfällig.",
    ],
)
def test_what_only_sounds_like_a_herald_announces_nothing(text: str) -> None:
    assert announced(text) == []


def test_who_travels_on_visits_where_to_and_not_where_from() -> None:
    found = announced("Nach einem Besuch in Ankara am Dienstag reist Scholz am Freitag weiter nach Kiew.")
    assert [(who, day) for _, who, day in found] == [("DEU,UKR", "2022-03-18")]
    found = announced("Wegen des Streits in der Türkei reist Scholz am Freitag nach Kiew.")
    assert [(who, day) for _, who, day in found] == [("DEU,UKR", "2022-03-18")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Vor einem Treffen mit Macron will Scholz am Freitag mit Erdogan telefonieren.", ["DEU,TUR 2022-03-18"]),
        ("Nach einem Besuch in Polen reist Scholz am Freitag zu Gesprächen nach Kiew.", ["DEU,UKR 2022-03-18"]),
        ("Nach Gesprächen mit Duda am Dienstag will Scholz am Freitag Selenskyj treffen.", ["DEU,UKR 2022-03-18"]),
        (
            "Nach Gesprächen mit Duda am Donnerstag will Scholz am Freitag Selenskyj treffen.",
            ["DEU,POL 2022-03-17", "DEU,UKR 2022-03-18"],
        ),
    ],
)
def test_whom_somebody_meets_before_or_after_takes_no_part(text: str, told: list[str]) -> None:
    assert [f"{who} {day}" for _, who, day in announced(text)] == told


def test_who_receives_a_guest_is_the_host_and_not_where_the_guest_goes_later() -> None:
    text = "Vor einem Besuch in Paris wird Duda am Freitag in Rom von Ministerpräsident Draghi empfangen."
    assert [(who, day) for _, who, day in announced(text)] == [("ITA,POL", "2022-03-18")]
    text = "Selenskyj wird am Freitag in Genf von Präsident Biden empfangen."
    assert [(who, day) for _, who, day in announced(text)] == [("UKR,USA", "2022-03-18")]


def test_who_travels_today_is_announced() -> None:
    found = announced("Außenminister Blinken reist heute zu Gesprächen nach Kairo.")
    assert found == [("herald:travels", "EGY,USA", "2022-03-15")]


def test_a_journey_and_the_meeting_it_is_for_are_one_on_the_day_of_the_meeting() -> None:
    text = "Duda fährt am Donnerstag nach Paris, am Freitag trifft er dort Macron."
    assert [(who, day) for _, who, day in announced(text)] == [("FRA,POL", "2022-03-18")]
    text = "Duda fährt am Donnerstag nach Paris. In zwei Wochen wird er in Warschau Macron treffen."
    assert len(announced(text)) == 2


def test_an_invitation_announces_no_visit() -> None:
    assert announced("Erdogan hat Macron noch für dieses Jahr zu einem Besuch in Ankara eingeladen.") == []


def test_ministers_of_a_state_that_is_told_are_not_those_of_a_body() -> None:
    text = "Die NATO schweigt. Am Freitag beraten die Außenminister von 57 muslimischen Staaten über die Lage."
    assert "NATO" not in {who for _, who, _ in announced(text)}


def test_a_pronoun_stands_for_the_two_states_that_were_named() -> None:
    text = "Biden und Putin haben lange gesprochen. Am Freitag wollen beide wieder telefonieren."
    assert [(who, day) for _, who, day in announced(text)] == [("RUS,USA", "2022-03-18")]


def test_the_day_on_which_a_meeting_ends_does_not_announce_it() -> None:
    assert announced("Putin nimmt an dem Gipfel der BRICS-Staaten, der am Donnerstag endet, per Video teil.") == []


def test_the_day_from_which_a_meeting_was_moved_is_not_its_day() -> None:
    text = "Der Ständige Rat der OSZE tagt in dieser Woche erst am Freitag statt am Donnerstag."
    assert [day for _, _, day in announced(text)] == ["2022-03-18"]


def test_a_day_for_which_something_is_announced_is_not_when_it_was_said() -> None:
    text = "Washington hat für Freitag neue Gespräche mit Russland angekündigt."
    assert [(who, day) for _, who, day in announced(text)] == [("RUS,USA", "2022-03-18")]


def test_a_day_behind_und_belongs_to_the_meeting_that_follows() -> None:
    text = "Für diese Woche ist eine Sitzung des NATO-Russland-Rats in Brüssel und am Donnerstag in Wien ein Treffen der OSZE geplant."
    found = {who: day for _, who, day in announced(text)}
    assert found["OSCE"] == "2022-03-17"
    assert found.get("NATO,RUS") != "2022-03-17"


def test_stops_of_one_visit_are_one_meeting_with_all_its_guests() -> None:
    text = (
        "Außenminister Schallenberg besucht mit seinem tschechischen Kollegen Lipavsky am Mittwoch und Donnerstag die Ukraine.\n"
        "Am Donnerstag will Schallenberg in Charkiw den ukrainischen Außenminister Kuleba treffen."
    )
    assert [(who, day) for _, who, day in announced(text)] == [("AUT,CZE,UKR", "2022-03-16/2022-03-17")]


def test_what_is_told_again_without_a_day_is_the_same_wherever_it_is_told() -> None:
    dated, again = meeting("AUT UKR", day(FRIDAY), KIEW), meeting("AUT UKR", None, OSLO, start=90)
    assert same(dated, again)
    assert told_together(dated, again).place == KIEW
    assert not same(meeting("AUT UKR", None, KIEW), again)


def test_a_summit_of_heads_of_state_is_that_of_the_body_that_is_spoken_of() -> None:
    text = (
        "Noch vor dem Gipfel der Staats- und Regierungschefs, der für den 22. April in Oslo angesetzt ist, will die NATO liefern. "
        "Beim Gipfel der Staats- und Regierungschefs am 22. April in Oslo könnten die NATO-Länder Schweden einladen."
    )
    assert [(who, day) for _, who, day in announced(text)] == [("NATO", "2022-04-22")]


def test_what_an_attribute_announces_is_announced_in_a_clause_that_tells_the_past() -> None:
    text = "Paris kritisierte die für Freitag geplanten Verhandlungen zwischen Russland und der Ukraine."
    assert [day for _, _, day in announced(text)] == ["2022-03-18"]


def test_whom_a_meeting_is_with_meets_who_was_spoken_of_before() -> None:
    text = "Macron reist nach Oslo. Am Freitag ist ein Treffen mit Selenskyj geplant."
    assert ("FRA,UKR", "2022-03-18") in [(who, day) for _, who, day in announced(text)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[herald]]\nname = "comes"\nof = "verb"\ntest = "x"\n', "no told"),
        ('[[herald]]\nname = "comes"\nof = "noun"\ntest = "x"\ntold = "y"\n', "of is 'noun'"),
        ('[[herald]]\nname = "comes"\nof = "verb"\ntest = "x"\ntold = "y"\nplace = "z"\n', "unknown field place"),
        ("[[herald]\n", "meetings.toml"),
    ],
)
def test_a_broken_row_of_the_table_is_an_error_that_names_it(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "meetings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenRuleError, match=told):
        list(rows(path, "herald", needed={"name", "of", "test", "told"}, allowed={"of": {"verb"}}))


def test_a_pattern_that_cannot_be_read_is_an_error_that_names_its_row() -> None:
    with pytest.raises(BrokenRuleError, match="only proposed"):
        pattern({"name": "only proposed", "words": "(bot"})


def test_who_visits_does_not_telephone() -> None:
    visit, call = (replace(meeting("GBR RUS", day(FRIDAY)), mode=mode) for mode in ("visit", "phone"))
    assert same(visit, visit)
    assert not same(visit, call)


def test_an_announcement_rests_on_the_sentence_that_it_quotes() -> None:
    text = "Baerbock reist in den nächsten Wochen nach Moskau.\nAm Freitag reist Baerbock nach Moskau."
    body = tuple((PartKind.PARAGRAPH, line) for line in text.split("\n"))
    article = Article.compose(url="x", headline="", body=body, published_at=datetime(2022, 3, 15, 12, tzinfo=UTC))
    told = [one for one in explain(article).events if one.event.status is Status.PLANNED]
    assert told
    assert all(one.sentence == one.event.evidence.quote for one in told)


def test_one_word_may_name_the_ministers_of_several_states() -> None:
    told = announced("Die Außenministerinnen von Deutschland und Frankreich reisen am Montag nach Kiew.")
    assert told == [("herald:travels", "DEU,FRA,UKR", "2022-03-21")]


def test_two_who_visit_together_do_not_visit_each_other() -> None:
    (told,) = announced("Duda und Nauseda besuchen am Freitag Kiew.")
    assert told[1:] == ("LTU,POL,UKR", "2022-03-18")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Am Montag reist Baerbock nach Kiew und Moskau.", ["DEU,UKR Kiew", "DEU,RUS Moskau"]),
        ("Am Montag reist Baerbock nach Kiew, Chisinau und in die Türkei.", ["DEU,UKR Kiew", "DEU,MDA Chisinau", "DEU,TUR Türkei"]),
    ],
)  # fmt: skip
def test_each_stop_of_a_journey_is_a_visit(text: str, told: list[str]) -> None:
    body = ((PartKind.PARAGRAPH, text),)
    article = Article.compose(url="x", headline="", body=body, published_at=datetime(2022, 3, 15, 12, tzinfo=UTC))
    found = [e for e in code_events(article) if e.status is Status.PLANNED]
    assert [f"{','.join(sorted(e.parties))} {e.place.name if e.place else ''}" for e in found] == told


@pytest.mark.parametrize(
    "text",
    [
        "Scholz wollte am Freitag nach Kiew reisen.",
        "Scholz sprach mit Selenskyj. Sie wollten sich am Freitag in Wien treffen.",
    ],
)
def test_what_was_to_be_on_a_day_to_come_is_announced(text: str) -> None:
    assert [(who, day) for _, who, day in announced(text)] == [("DEU,UKR", "2022-03-18")]


def test_the_day_on_which_a_meeting_was_announced_is_not_its_day() -> None:
    text = "Moskau hatte am Vormittag Verhandlungen mit den USA für Ende März angekündigt."
    assert [(who, day[:7]) for _, who, day in announced(text)] == [("RUS,USA", "2022-03")]


def test_who_will_meet_again_is_announced_without_a_day() -> None:
    text = "Scholz und Macron sprachen über die Lage. Sie wollen erneut zusammenkommen."
    assert announced(text) == [("herald:they", "DEU,FRA", "")]


def test_talks_that_have_begun_today_are_not_announced() -> None:
    assert (
        announced(
            "In Genf hat am Dienstag eine weitere Runde von Gesprächen zwischen Russland und der Ukraine begonnen."
        )
        == []
    )


def test_a_journey_named_after_where_it_goes_is_a_visit_there() -> None:
    for text in ("Am Freitag beginnt die Moskau-Reise von Scholz.", "Scholz plant für Freitag eine Moskau-Reise."):
        assert planned(text) == [(frozenset({"DEU", "RUS"}), "2022-03-18")]


def test_who_travels_on_after_a_visit_visits_where_to() -> None:
    assert planned("Nach seinem Besuch in Kiew will Macron nach Moskau weiterreisen.") == [
        (frozenset({"FRA", "RUS"}), "")
    ]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        (
            "Vor dem geplanten Treffen am Montag in Genf haben die Außenminister Russlands und der USA miteinander telefoniert.",
            "CONSULT",
        ),
        ("Vor seinem Treffen mit Lawrow am kommenden Montag warf Blinken Moskau Erpressung vor.", "ACCUSE"),
        ("Vor dem Treffen mit Putin am Montag übte Erdogan scharfe Kritik an Moskau.", "ACCUSE"),
    ],
)
def test_what_was_done_before_a_meeting_is_not_on_its_day(text: str, type_: str) -> None:
    article = Article.compose(
        url="https://example.org/1",
        headline="",
        body=((PartKind.PARAGRAPH, text),),
        published_at=datetime(2022, 3, 15, 12, tzinfo=UTC),
    )
    done = [e for e in code_events(article) if e.type == type_ and (e.mode == "phone" or type_ != "CONSULT")]
    assert [(e.status, e.when) for e in done] == [(Status.PAST, None)]


def test_the_year_in_which_meetings_are_counted_does_not_date_one() -> None:
    text = "Um den dritten Gipfel von Biden und Putin in diesem Jahr vorzubereiten, ist ein Treffen der Außenminister geplant."
    assert planned(text) == [(frozenset({"RUS", "USA"}), "")]
    text = "Es handelt sich um die dritte Sitzung des Sicherheitsrats in vier Tagen."
    assert planned(text) == []
    assert planned("Macron wird Putin in diesem Jahr in Paris empfangen.") == [(frozenset({"FRA", "RUS"}), "2022")]


def test_who_visits_two_states_makes_two_visits() -> None:
    assert planned("Macron wird am Freitag Polen und Rumänien besuchen.") == [
        (frozenset({"FRA", "POL"}), "2022-03-18"),
        (frozenset({"FRA", "ROU"}), "2022-03-18"),
    ]


def test_who_travels_to_where_others_meet_meets_whom_he_comes_for() -> None:
    text = "Blinken wird am Freitag nach Wien reisen, um die Atomgespräche mit dem Iran voranzubringen."
    assert planned(text) == [(frozenset({"IRN", "USA"}), "2022-03-18")]
    text = "Scholz reist am Freitag nach Peking, um mit der Wirtschaft über den Handel mit Russland zu reden."
    assert planned(text) == [(frozenset({"CHN", "DEU"}), "2022-03-18")]


@pytest.mark.parametrize(
    "text",
    [
        "Russland und die Ukraine haben verhandelt. Man traf sich in Oslo.",
        "Russland und die Ukraine haben verhandelt. Er hatte gesagt, man werde sich bald wiedersehen.",
        "Russland und die Ukraine haben verhandelt. Das werde man sehen.",
        "Der nächste Gipfel ist für Juli in Madrid angesetzt.",
        "Die NATO hat getagt. Der nächste Gipfel findet im Juli statt, wenn Madrid es will.",
        "Die EU streitet. Es gebe Hoffnung auf einen raschen Gipfel: Am Donnerstag fällt die Entscheidung.",
        "Die EU tagte mit der NATO. Beim Gipfel der vier im April soll entschieden werden.",
        "Ein Gipfel der EU und ein Treffen der NATO liegen zurück. Beim Gipfel im April soll entschieden werden.",
        "Russland und die Ukraine haben verhandelt. Die Gespräche werden nicht fortgesetzt.",
        "Russland und die Ukraine haben verhandelt. Die Gespräche wurden am Montag fortgesetzt.",
        "Russland und die Ukraine haben verhandelt. Die Arbeiten sollen am Freitag weitergehen.",
        "Russland und die Ukraine haben verhandelt. Den Dialog wolle man fortsetzen.",
        "Russland und die Ukraine haben verhandelt. Die Delegationen vereinbarten weitere Lieferungen.",
        "Russland und die Ukraine haben verhandelt. Das Treffen mit Macron soll am Freitag beginnen.",
        "Scholz ist in Oslo. Ein Gespräch mit Macron steht nicht auf dem Programm.",
        "Russland und die Ukraine trennten sich nach den Gesprächen, ohne ein neues Treffen zu vereinbaren.",
        "Russland und die Ukraine haben verhandelt. Die Sitzung des Stadtrats soll am Freitag beginnen.",
        "Scholz ist in Oslo. Auf der Tagesordnung des Treffens mit Macron steht die Ukraine.",
    ],
)
def test_who_is_not_named_is_not_guessed_where_nobody_is_meant(text: str) -> None:
    recalled = "go on,the next,summit,agreed on the next,goes on,is held,on the programme,is planned"
    assert not {f"herald:{name}" for name in recalled.split(",")} & {rule for rule, _, _ in announced(text)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Die EU zögert. Am Donnerstag beraten die 27 über Öl.", ["EU 2022-03-17"]),
        ("Die 27 Staats- und Regierungschefs beraten am Donnerstag über Öl.", ["EU 2022-03-17"]),
        ("Die EU zögert. Am Donnerstag kommen die 27 Außenminister zusammen.", ["EU 2022-03-17"]),
        ("Die EU zögert. Die Energieminister entscheiden am Dienstag kommender Woche.", ["EU 2022-03-22"]),
        ("Der NATO-Gipfel ist vorbei. Den nächsten Gipfel richtet im Juli Spanien aus.", ["NATO 2022-07"]),
        ("Anschließend reist Scholz nach Georgien.", ["DEU,GEO "]),
        ("Zuvor reist Scholz nach Georgien, Rumänien und in die Ukraine.", ["DEU,GEO,ROU,UKR "]),
        ("Die EU streitet. Bis zum Gipfel im April soll ein Entwurf vorliegen.", ["EU 2022-04"]),
        (
            "Russland und die Ukraine haben verhandelt. Die Seiten wollen sich in den kommenden Wochen wiedersehen.",
            ["RUS,UKR "],
        ),
        ("Polen und Litauen verhandelten in Riga über Fähren. Die Gespräche sollen fortgesetzt werden.", ["LTU,POL "]),
        (
            "Polen und Litauen verhandelten in Riga. Man trennte sich nach Beratungen, die in Thorn weitergehen sollen.",
            ["LTU,POL "],
        ),
        (
            "Polen und Litauen verhandelten in Riga. Die Delegationen einigten sich auf eine Fortsetzung der Gespräche.",
            ["LTU,POL "],
        ),
        (
            "Polen und Litauen beendeten ihre Verhandlungen. Warschau lobte die von Bern vermittelten Gespräche. Die Parteien verabredeten ein neues Treffen.",
            ["LTU,POL "],
        ),
        (
            "Nach einem Gespräch mit Litauen sprach Polen von Fortschritten. In Kürze sollten weitere Beratungen stattfinden.",
            ["LTU,POL "],
        ),
        ("Scholz weilt in Oslo. In Planung sei auch eine Unterredung mit Frankreichs Präsident Macron.", ["DEU,FRA "]),
        ("Der UN-Sicherheitsrat ist alarmiert. Die Sitzung wurde für Freitag angesetzt.", ["UN 2022-03-18"]),
    ],
)
def test_who_meets_is_known_from_the_sentences_before(text: str, told: list[str]) -> None:
    assert [f"{who} {day}" for _, who, day in announced(text)] == told


def test_others_may_be_as_many_as_a_body_has_members() -> None:
    assert announced("Die 30 Abgeordneten beraten am Donnerstag über Öl.") == []


def test_who_goes_on_with_somebody_named_does_not_go_on_with_those_before() -> None:
    text = "Man habe mit Polen gesprochen, am Samstag wolle man mit Oslo telefonieren, sagte Erdogan."
    assert "herald:go on" not in {rule for rule, _, _ in announced(text)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Um 17 Uhr trifft Scholz in Berlin den norwegischen Ministerpräsidenten Støre.", ["DEU,NOR 2022-03-15"]),
        ("Der Rat der NATO ist uneins. Die Sitzung beginnt gegen 18.30 Uhr.", ["NATO 2022-03-15"]),
        (
            "Am Freitag reist Scholz nach Oslo. Gegen 17 Uhr trifft er dort den norwegischen Ministerpräsidenten Støre.",
            ["DEU,NOR 2022-03-18"],
        ),
        ("Um 17 Uhr traf Scholz in Berlin den norwegischen Ministerpräsidenten Støre.", []),
    ],
)
def test_an_hour_without_a_day_is_of_the_day_that_was_told_or_of_today(text: str, told: list[str]) -> None:
    assert [f"{who} {day}" for _, who, day in announced(text)] == told


def test_colleagues_meet_for_the_states_they_come_from() -> None:
    text = "Kanzler Scholz empfängt am Freitag seine Kollegen aus Norwegen und Polen zu einem Abendessen."
    assert announced(text) == [("herald:receives", "DEU,NOR,POL", "2022-03-18")]
    text = "Scholz berät am Freitag mit seinen Amtskollegen aus Frankreich, Norwegen und Polen."
    assert announced(text) == [("herald:talks", "DEU,FRA,NOR,POL", "2022-03-18")]


def test_who_meets_soon_is_announced_where_nobody_else_is_named() -> None:
    assert announced("Anschließend empfängt Macron den polnischen Präsidenten Duda.") == [
        ("herald:receives", "FRA,POL", "")
    ]
    several = "In den nächsten Tagen wollen Macron, Scholz und Norwegens Ministerpräsident Støre Duda treffen."
    assert all({"FRA", "DEU", "NOR", "POL"} == {*who.split(",")} for _, who, _ in announced(several))


def test_the_day_of_a_dateline_is_not_that_of_a_plan() -> None:
    text = "Oslo, 15. März (NTB) – Das Treffen zwischen Scholz und Støre soll vor der Wahl stattfinden."
    assert {day for _, day in planned(text)} <= {""}


def test_what_goes_on_is_not_told_as_past_beside_that() -> None:
    article = Article.compose(
        url="x",
        headline="Polen und Litauen streiten um die Fähren",
        body=(
            (
                PartKind.PARAGRAPH,
                "Polen und Litauen haben in Riga verhandelt. Beide Seiten einigten sich auf eine Fortsetzung der Gespräche.",
            ),
        ),
        published_at=datetime(2022, 3, 15, 12, tzinfo=UTC),
    )
    found = [e.status for e in code_events(article) if e.evidence.quote.startswith("Beide") and e.type == "CONSULT"]
    assert found == [Status.PLANNED]


def test_the_days_in_which_somebody_travels_to_many_are_not_the_day_of_a_visit() -> None:
    assert "2022-03-18" not in {day for _, day in planned("In drei Tagen will Duda vier Hauptstädte besuchen.")}
    assert "2022-03-18" in {day for _, day in planned("In drei Tagen will Duda Scholz in Berlin besuchen.")}


def test_what_is_reported_in_the_plural_is_no_less_a_plan() -> None:
    text = "Polen und Litauen haben in Riga verhandelt. Am Freitag würden die Beratungen fortgesetzt, hieß es."
    assert announced(text) == [("herald:goes on", "LTU,POL", "2022-03-18")]
    unsaid = "Polen und Litauen haben in Riga verhandelt. Am Freitag würden die Beratungen ohne Streit fortgesetzt."
    assert announced(unsaid) == []


def test_who_only_wants_talks_does_not_hold_them() -> None:
    assert "herald:holds" not in {rule for rule, _, _ in announced("Duda will Verhandlungen mit Minsk führen.")}
    assert announced("Duda soll am Freitag Gespräche mit Litauens Präsident Nauseda führen.") == [
        ("herald:holds", "LTU,POL", "2022-03-18")
    ]
    text = "Am Freitag soll Duda eine Werft besuchen und mit Litauens Präsident Nauseda Gespräche führen."
    assert "" not in {day for rule, _, day in announced(text) if rule == "herald:holds"}
    text = "Duda wird mit Litauens Präsident Nauseda Gespräche führen, wie sein Amt am Dienstag mitteilte."
    assert announced(text) == [("herald:holds", "LTU,POL", "")]
