"""Meetings that an article announces: which, of whom and on which day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from articles import article_of
from plans import announced, planned

from extractors.events import code_events, explain
from extractors.events.meetings.announcing import doubt
from extractors.ontology import Status


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
    article = article_of(
        "Am Montag hatte die EU angekündigt, weitere russische Banken mit Sanktionen zu belegen.",
        headline="EU kündigt weitere Sanktionen gegen Russland an",
        dated=datetime(2022, 3, 15, 12, tzinfo=UTC),
    )
    plans = [e for e in code_events(article) if e.status is Status.PLANNED]
    assert plans
    assert {e.when for e in plans} == {None}, "Monday is when it was announced"


def test_an_announcement_rests_on_the_sentence_that_it_quotes() -> None:
    text = "Baerbock reist in den nächsten Wochen nach Moskau.\nAm Freitag reist Baerbock nach Moskau."
    article = article_of(*text.split("\n"), dated=datetime(2022, 3, 15, 12, tzinfo=UTC))
    told = [one for one in explain(article).events if one.event.status is Status.PLANNED]
    assert told
    assert all(one.sentence == one.event.evidence.quote for one in told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Am Montag reist Baerbock nach Kiew und Moskau.", ["DEU,UKR Kiew", "DEU,RUS Moskau"]),
        ("Am Montag reist Baerbock nach Kiew, Chisinau und in die Türkei.", ["DEU,UKR Kiew", "DEU,MDA Chisinau", "DEU,TUR Türkei"]),
    ],
)  # fmt: skip
def test_each_stop_of_a_journey_is_a_visit(text: str, told: list[str]) -> None:
    article = article_of(text, dated=datetime(2022, 3, 15, 12, tzinfo=UTC))
    found = [e for e in code_events(article) if e.status is Status.PLANNED]
    assert [f"{','.join(sorted(e.parties))} {e.place.name if e.place else ''}" for e in found] == told


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
    article = article_of(text, dated=datetime(2022, 3, 15, 12, tzinfo=UTC))
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


def test_the_day_of_a_dateline_is_not_that_of_a_plan() -> None:
    text = "Oslo, 15. März (NTB) – Das Treffen zwischen Scholz und Støre soll vor der Wahl stattfinden."
    assert {day for _, day in planned(text)} <= {""}


def test_what_goes_on_is_not_told_as_past_beside_that() -> None:
    article = article_of(
        "Polen und Litauen haben in Riga verhandelt. Beide Seiten einigten sich auf eine Fortsetzung der Gespräche.",
        headline="Polen und Litauen streiten um die Fähren",
        dated=datetime(2022, 3, 15, 12, tzinfo=UTC),
    )
    found = [e.status for e in code_events(article) if e.evidence.quote.startswith("Beide") and e.type == "CONSULT"]
    assert found == [Status.PLANNED]


def test_the_days_in_which_somebody_travels_to_many_are_not_the_day_of_a_visit() -> None:
    assert "2022-03-18" not in {day for _, day in planned("In drei Tagen will Duda vier Hauptstädte besuchen.")}
    assert "2022-03-18" in {day for _, day in planned("In drei Tagen will Duda Scholz in Berlin besuchen.")}
