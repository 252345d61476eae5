"""Meetings that an article announces: which, of whom and on which day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from articles import article_of
from plans import announced, planned

from extractors.events import code_events, explain
from extractors.events.meetings import behind
from extractors.events.meetings.announcing import doubt
from extractors.ontology import Status

NOTHING = {
    "called off": "Der für Freitag geplante Besuch von Macron bei Putin in Moskau ist abgesagt.",
    "at home": "Bundeskanzler Scholz berät am Donnerstag mit den Ministerpräsidenten der Länder.",
    "has been, though it was today": "Am Dienstag hatte Scholz in Berlin mit Macron über die Ukraine gesprochen.",
    "a question": "Wird Scholz am Freitag Macron in Paris treffen?",
    "a day that somebody names after a meeting": "„Wir werden am Freitag liefern“, sagte Scholz nach einem Gespräch mit Selenskyj in Kiew.",
    "who is talked about": "Am Freitag wollen sich die Finanzminister über die Schulden von Spanien und Portugal beraten.",
    "said at a meeting": "Beim Treffen der NATO in Brüssel hat Stoltenberg der Ukraine weitere Waffen versprochen.",
    "a day to come of which somebody spoke at a meeting": "Bei einem Gespräch mit Macron kündigte Scholz an, dass die Ukraine am Freitag Panzer bekommt.",
    "or in a town, at a meeting": "Beim Treffen mit Macron in Paris versprach Scholz, dass Berlin am Freitag zahlt.",
    "what follows a meeting announces another": "Nach dem Gipfel von Biden und Putin folgt am Montag das nächste Treffen.",
    "only if something else is": "Sollte er gewählt werden, will Macron am Freitag Scholz in Berlin besuchen.",
    "to Brussels, not to Belgium": "Lawrow reist am Mittwoch nach Brüssel.",
    "nobody is said to meet": "In Oslo soll am Freitag über neue Hilfen für Kiew beraten werden.",
    "a meeting that is counted": "Es handelt sich um die dritte Sitzung des Sicherheitsrats in vier Tagen.",
}  # fmt: skip
"""texts that announce no meeting, by what they tell"""


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_what_will_not_be_was_or_is_of_others_is_not_announced(text: str) -> None:
    assert planned(text) == []


def test_whose_visit_has_no_host_meets_nobody() -> None:
    text = "Am Freitag soll UN-Generalsekretär António Guterres ein Lager besuchen."
    assert planned(text, headline="Die Woche in Kürze") == []


def test_a_call_that_was_to_be_held_today_is_announced() -> None:
    text = "Ein Telefonat Bidens mit Orban sollte am Dienstag stattfinden."
    assert planned(text, headline="Die Woche in Kürze") == [(frozenset({"HUN", "USA"}), "2022-03-15")]


ANNOUNCED = (
    ("told three times, announced once", ["FRA,RUS 2022-03-18"],
     "Macron und Putin wollen sich am Freitag in Genf treffen. Das Treffen von Macron und Putin ist seit Wochen geplant. Bei dem Treffen in Genf wollen Putin und Macron am Freitag über die Ukraine sprechen."),
    ("a visitor told alone meets the state", ["DEU,UKR 2022-03-17"], "Bundeskanzler Scholz wird am Donnerstag zu Gesprächen in Kiew erwartet."),
    ("told again with its day", ["FRA,TUR 2022-03-21"],
     "Kommende Woche wollen Macron und Erdogan in Ankara verhandeln. Ab Montag geht es bei Macron und Erdogan um Libyen."),
    ("no question", ["DEU,FRA 2022-03-18"], "Am Freitag will Scholz Macron in Paris treffen."),
    ("who is talked about does not meet", ["DEU,FRA 2022-03-18"], "Am Freitag will Scholz mit Macron über die Schulden von Spanien und Portugal beraten."),
    ("an attribute, without a day", ["NATO,UKR "], "Vor dem geplanten Treffen der NATO mit der Ukraine in Vilnius wächst die Sorge."),
    ("the day on which it was said", ["DEU,UKR "], "Scholz will Selenskyj in Kiew treffen, wie das Kanzleramt am Dienstag mitteilte."),
    ("its own day, and the one on which it was said", ["DEU,UKR 2022-03-17"],
     "Scholz will Selenskyj am Donnerstag in Kiew treffen, wie das Kanzleramt am Dienstag mitteilte."),
    ("the day on which a spokesman spoke", ["DEU,UKR "], "In Kiew wird Scholz nach Angaben seines Sprechers vom Dienstag Präsident Selenskyj treffen."),
    ("the day on which it was admitted", ["DEU,UKR "], "Am Dienstag hat das Kanzleramt zugegeben: Scholz wird Selenskyj demnächst in Kiew treffen."),
    ("another sentence of today", ["EU,UKR "],
     "Es gehe um Öl, sagten Diplomaten der EU am Dienstag. Stattfinden wird das Treffen bei der EU-Ukraine-Kommission."),
    ("on the day of the journey there", ["TUR,UN 2022-03-18"],
     "Für Freitag ist ein Besuch in Ankara angesetzt. Dort will Guterres Außenminister Cavusoglu treffen."),
    ("when, not if", ["DEU,FRA 2022-03-18"], "Macron will am Freitag mit Scholz sprechen, wenn er nach Berlin kommt."),
    ("told by his office alone he is nobody else", ["TUR,UN 2022-03-18"],
     "Am Freitag empfängt Erdogan UN-Generalsekretär Guterres in Ankara. Zuvor will der UN-Chef mit Außenminister Cavusoglu reden."),
    ("a body in the name of a meeting", ["NATO 2022-03-24"], "Schweden will am 24. März beim NATO-Treffen in Brüssel um Hilfe bitten."),
    ("a body and its guest", ["EU,UKR 2022-03-17"], "Am Donnerstag beginnt in Brüssel der EU-Gipfel mit der Ukraine."),
    ("a body and its topic", ["NATO 2022-03-17"], "Am Donnerstag beginnt in Oslo ein Gipfel der NATO, bei dem es auch um China geht."),
    ("a member and all others", ["EU 2022-03-17"], "Österreichs Außenminister und seine EU-Amtskollegen beraten am Donnerstag in Brüssel über Sanktionen."),
    ("a format has its members, a body beside it meets by itself", ["NATO,RUS 2022-03-16", "OSCE 2022-03-17"],
     "Am Mittwoch kommt in Brüssel der NATO-Russland-Rat zusammen, am Donnerstag berät in Wien die OSZE."),
    ("a Belgian in Brussels", ["BEL,RUS 2022-03-16"], "Lawrow reist am Mittwoch nach Brüssel und trifft den belgischen Außenminister."),
    # With whom is told by the headline alone: with Ukraine, not with Switzerland.
    ("the host of others takes no part", ["UKR,USA 2022-03-18"], "Die USA wollen am Freitag in Genf über die Lage verhandeln."),
    ("nor who is spoken of in the headline", ["RUS,USA 2022-03-18"], "Die USA und Russland wollen am Freitag in Genf verhandeln."),
    ("a journey named after where it goes", ["DEU,RUS 2022-03-18"], "Am Freitag beginnt die Moskau-Reise von Scholz."),
    ("and planned", ["DEU,RUS 2022-03-18"], "Scholz plant für Freitag eine Moskau-Reise."),
    ("travels on after a visit", ["FRA,RUS "], "Nach seinem Besuch in Kiew will Macron nach Moskau weiterreisen."),
    ("the year in which meetings are counted", ["RUS,USA "],
     "Um den dritten Gipfel von Biden und Putin in diesem Jahr vorzubereiten, ist ein Treffen der Außenminister geplant."),
    ("the year of the meeting", ["FRA,RUS 2022"], "Macron wird Putin in diesem Jahr in Paris empfangen."),
    ("two states, two visits", ["FRA,POL 2022-03-18", "FRA,ROU 2022-03-18"], "Macron wird am Freitag Polen und Rumänien besuchen."),
    ("where others meet he meets whom he comes for", ["IRN,USA 2022-03-18"],
     "Blinken wird am Freitag nach Wien reisen, um die Atomgespräche mit dem Iran voranzubringen."),
    ("and the state where he comes for nobody", ["CHN,DEU 2022-03-18"],
     "Scholz reist am Freitag nach Peking, um mit der Wirtschaft über den Handel mit Russland zu reden."),
)  # fmt: skip


@pytest.mark.parametrize(("told", "text"), [row[1:] for row in ANNOUNCED], ids=[row[0] for row in ANNOUNCED])
def test_a_meeting_is_announced_with_those_who_meet_and_its_own_day(told: list[str], text: str) -> None:
    assert [f"{','.join(sorted(who))} {day}" for who, day in planned(text)] == told


def test_a_summit_named_aside_with_its_day_is_announced() -> None:
    text = "Vor dem Gipfel der NATO am 24. März in Brüssel will das Bündnis weitere Truppen zusagen."
    assert planned(text) == [(frozenset({"NATO"}), "2022-03-24")]
    possible = "Vor dem Gipfel könnte das Bündnis weitere Truppen zusagen."
    assert doubt(possible)
    assert not doubt(possible, aside=True), "what is only possible is the pledge, not the summit"


def test_the_day_on_which_a_treaty_ends_is_not_that_of_the_talks_on_it() -> None:
    text = "Bei den geplanten Gesprächen mit Putin will Erdogan über das am 17. Juli auslaufende Abkommen sprechen."
    assert "2022-07-17" not in {day for _, day in planned(text)}


def test_an_evening_after_a_day_to_come_is_not_that_of_today() -> None:
    text = "Am Freitag reist Lawrow nach China. Am Abend trifft er Außenminister Wang."
    assert [(who, day) for _, who, day in announced(text)] == [("CHN,RUS", "2022-03-18")]
    alone = planned("Am Abend will Scholz in Berlin den französischen Präsidenten Macron treffen.")
    assert alone == [(frozenset({"DEU", "FRA"}), "2022-03-15")]


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


_TO_MEET = "Die Außenminister Finnlands und Polens wollen am Freitag beraten."


@pytest.mark.parametrize("row", behind.ROWS, ids=lambda row: row.name)
def test_a_sentence_behind_tells_where_a_meeting_is_held_and_explain_says_so(row: behind.Row) -> None:
    told = explain(article_of(row.test, dated=datetime(2022, 3, 15, 12, tzinfo=UTC))).events
    assert [(one.event.place and one.event.place.name, one.placed) for one in told] == [("Riga", row.name)]


@pytest.mark.parametrize(
    "more",
    [
        "Ob das Treffen in Riga stattfinden kann, ist offen.",
        "Das Treffen der NATO soll in Riga stattfinden.",
        "Das letzte Treffen fand in Riga statt.",
        "Die Gespräche zwischen Kiew und Moskau sollen in Riga stattfinden.",
        "Das Treffen soll am Montag in Riga stattfinden.",
        "Der Ort steht noch nicht fest, im Gespräch ist Riga.",
        "Das sagte ein Sprecher in Riga.",
    ],
)
def test_a_town_behind_that_is_open_or_of_something_else_is_not_where_they_meet(more: str) -> None:
    told = code_events(article_of(f"{_TO_MEET} {more}", dated=datetime(2022, 3, 15, 12, tzinfo=UTC)))
    first = next(event for event in told if event.parties == {"FIN", "POL"})
    assert first.place is None


def test_who_comes_to_a_visit_too_takes_part_in_it() -> None:
    text = "Am Freitag kommt Macron nach Berlin und trifft Scholz. Auch die Spitzen von EU und NATO sollen dabei sein."
    assert planned(text) == [(frozenset({"DEU", "EU", "FRA", "NATO"}), "2022-03-18")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Am Freitag treffen sich Verteidigungsminister aus rund 50 Ländern in Ramstein.", [({"WEST"}, "2022-03-18")]),
        ("Am Freitag beraten Vertreter von mehr als 40 Staaten über Waffen für die Ukraine.", [({"WEST"}, "2022-03-18")]),
        ("Am Freitag beraten Vertreter von mehr als 40 Staaten über den Schutz der Wale.", []),
    ],
)  # fmt: skip
def test_those_of_so_many_states_who_help_are_the_west(text: str, told: list[tuple[set[str], str]]) -> None:
    assert planned(text) == told


def test_what_was_to_be_and_will_not_is_called_off() -> None:
    text = "Eigentlich hätten sich Scholz und Macron am Freitag in Paris getroffen."
    (event,) = code_events(article_of(text, dated=datetime(2022, 3, 15, 12, tzinfo=UTC)))
    assert (event.status, event.when and event.when.iso) == (Status.NEGATED, "2022-03-18")


def test_what_had_been_announced_is_no_plan_where_it_is_called_off() -> None:
    off = "Das Treffen von Scholz und Putin in Wien wird nicht stattfinden."
    had = "Scholz hatte vergangene Woche ein Treffen mit Putin in Wien angekündigt."
    assert planned(f"{off} {had}") == []
    assert planned(had) == [(frozenset({"DEU", "RUS"}), "")]


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


def test_what_is_said_after_a_meeting_of_a_day_to_come_leaves_it_told_as_what_has_been() -> None:
    text = "Stubb sagte nach einem Gespräch mit Bundespräsidentin Viola Amherd, am Freitag werde darüber entschieden."
    told = [e for e in code_events(article_of(text)) if e.type == "CONSULT"]
    assert [(sorted(e.parties), e.status, e.when) for e in told] == [(["CHE", "FIN"], "past", None)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Für Mittwoch ist nach seinen Worten ein Telefonat von Scholz mit Putin vorgesehen.", "2022-03-16"),
        ("Am Samstag wollen Biden und Putin in Bern zusammenkommen; ob es dabei bleibt, ließ Moskau offen.", "2022-03-19"),
        ("Russland und die NATO wollen am 30. März in Brüssel beraten.", "2022-03-30"),
    ],
)  # fmt: skip
def test_what_stands_beside_an_announcement_does_not_call_it_into_question(text: str, day: str) -> None:
    found = [
        e for e in code_events(article_of(text, dated=datetime(2022, 3, 15, 12, tzinfo=UTC))) if e.type == "CONSULT"
    ]
    assert [(e.status, e.when and str(e.when.first), len(e.parties)) for e in found] == [(Status.PLANNED, day, 2)]
