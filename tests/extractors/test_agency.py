"""German of the agencies that was read wrongly: who answers whom, who only says so, what is called off, and on which day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from articles import article_of

from extractors.events import code_events
from extractors.model import Event


def events(text: str) -> tuple[Event, ...]:
    """Of Tuesday, 5 March 2024."""
    return code_events(article_of(text, dated=datetime(2024, 3, 5, 12, tzinfo=UTC)))


def told(text: str) -> set[str]:
    """Type, who and whom of all that is told."""
    return {
        f"{e.type} {','.join(a.code for a in e.actors)}>{','.join(a.code for a in e.recipients)}" for e in events(text)
    }


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Kallas forderte neue Sanktionen gegen Moskau, Orban lehnte sie ab.", "REJECT HUN>EST"),
        ("Kallas forderte ein neues Paket, Orban lehnte es ab.", "REJECT HUN>EST"),
        ("Selenskyj schlug eine Waffenruhe vor, Putin lehnte sie ab.", "REJECT RUS>UKR"),
        ("Macron verlangte eine Truppe für die Ukraine, Meloni wies das zurück.", "REJECT ITA>FRA"),
        ("Ankara beantragte Geld, Brüssel bewilligte es.", "AGREE EU>TUR"),
    ],
)
def test_who_stands_before_the_verb_answers_what_a_pronoun_behind_it_names(text: str, act: str) -> None:
    assert act in told(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Lawrow und Blinken treffen sich nicht am Freitag, sondern erst am Montag in Genf.", ["2024-03-11"]),
        ("Selenskyj kommt nicht am Donnerstag, sondern erst am Samstag nach Berlin.", ["2024-03-09"]),
        ("Das Treffen zwischen Tusk und Orban findet nicht am Mittwoch, sondern am Freitag statt.", ["2024-03-08"]),
        ("Macron reist nicht wie geplant am Donnerstag, sondern bereits am Mittwoch nach Kiew.", ["2024-03-06"]),
        ("Selenskyj kommt nicht am Donnerstag nach Berlin.", []),
    ],
)
def test_a_day_that_sondern_sets_right_is_the_day(text: str, days: list[str]) -> None:
    assert [str(e.when.first) for e in events(text) if e.type == "CONSULT" and e.when is not None] == days


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("Die Ukraine bat um Hilfe. Die NATO und Russland haben das Treffen abgesagt.", {"REJECT NATO,RUS>"}),
        ("Selenskyj forderte von der EU mehr Waffen. Berlin und Moskau sagten den Gipfel ab.", {"REJECT DEU,RUS>"}),
        (
            "Die USA vermittelten. Armenien und Aserbaidschan warfen einander Angriffe vor.",
            {"ACCUSE ARM>AZE", "ACCUSE AZE>ARM"},
        ),
        (
            "Die USA vermittelten. Polen und Belarus haben sich am Freitag gegenseitig der Eskalation bezichtigt.",
            {"ACCUSE POL>BLR", "ACCUSE BLR>POL"},
        ),
    ],
)
def test_who_was_named_before_bears_nothing_that_two_do_to_each_other(text: str, acts: set[str]) -> None:
    assert acts <= {*told(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Norwegen hat das Treffen mit dem Iran abgesagt.",
        "Macron sagte seine Reise nach Kiew kurzfristig ab.",
        "Der Gipfel zwischen Kiew und Moskau wurde abgesagt.",
    ],
)
def test_a_meeting_that_is_called_off_is_told_as_one_that_will_not_be(text: str) -> None:
    assert {str(e.status) for e in events(text) if e.type == "CONSULT"} == {"negated"}


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Bei der Verteidigung müsse die EU zusammenstehen, forderte EU-Ratspräsident Michel.", "REQUEST EU>EU"),
        ("Die NATO müsse mehr für ihre Ostflanke tun, verlangte Stoltenberg.", "REQUEST NATO>NATO"),
        ("Die EU müsse Russland härter bestrafen, forderte Borrell.", "REQUEST EU>EU"),
        ("Russland müsse die EU achten, forderte Borrell.", "REQUEST EU>RUS"),
    ],
)
def test_who_says_what_his_own_body_must_do_asks_the_body(text: str, act: str) -> None:
    assert act in told(text)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Russland und die USA haben in Riad verhandelt. Auch Kiew schickte Vertreter. Beide Seiten einigten sich auf eine Feuerpause.", "AGREE RUS,USA>"),
        ("Armenien hat Aserbaidschan Angriffe vorgeworfen. Die USA mahnten zur Ruhe. Beide Seiten einigten sich auf eine Feuerpause.", "AGREE ARM,AZE>"),
        ("Moskau wirft Kiew Terror vor. Dazu sagte Macron, beide Seiten hätten sich geeinigt.", "AGREE RUS,UKR>"),
        ("Moskau und Ankara sprachen über Gas. Warschau und Berlin stritten. Beide Seiten vereinbarten einen Kompromiss.", "AGREE DEU,POL>"),
    ],
)  # fmt: skip
def test_both_sides_are_the_last_two_that_a_sentence_named_and_no_third(text: str, act: str) -> None:
    assert act in told(text)


def test_who_speaks_of_a_victory_over_somebody_does_nothing_to_him() -> None:
    for text in (
        "Minister Kuleba sprach von einem Sieg gegen Moskau.",
        "Peskow sprach von einem Triumph über die NATO.",
    ):
        assert not [e for e in events(text) if e.type != "STATE"]
    assert "ACCUSE UKR>" in told("Kuleba sprach von einem Verbrechen gegen die Ukraine.")


@pytest.mark.parametrize(
    "text",
    ["Guterres werde nach Kiew und Moskau reisen.", "Witkoff werde nach Moskau fliegen und Putin treffen, hieß es."],
)
def test_where_somebody_goes_are_no_words_of_those_there(text: str) -> None:
    assert [e.speaker for e in events(text) if e.type == "CONSULT"] == [None]


def test_a_visit_on_a_condition_is_the_one_that_was_told_before() -> None:
    text = "Vance traf am Montag Macron. Besucht der Vizepräsident Paris, stehen die Straßen still."
    assert [str(e.when) for e in events(text) if e.type == "CONSULT" and e.when] == [
        str(e.when) for e in events("Vance traf am Montag Macron.") if e.when
    ]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Vor der russischen Botschaft in Berlin demonstrierten am Samstag Hunderte Menschen.", "PROTEST DEU-CIV>RUS"),
        ("In Bratislava kam es zu Protesten gegen die Regierung von Fico.", "PROTEST SVK-CIV>SVK"),
        ("Tausende Ungarn demonstrierten in Budapest gegen Orban.", "PROTEST HUN-CIV>HUN"),
        ("In Eriwan demonstrierten Armenier gegen Russland.", "PROTEST ARM-CIV>RUS"),
        ("In Minsk streikten Arbeiter aus Protest gegen Lukaschenko.", "PROTEST BLR-CIV>BLR"),
    ],
)
def test_it_is_the_people_who_demonstrate_and_not_those_against_whom(text: str, act: str) -> None:
    assert act in told(text)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Die USA verlegten 3000 Soldaten nach Polen.", "MOBILIZE USA>"),
        ("Moskau droht. Die USA verlegten 3000 Soldaten nach Polen.", "MOBILIZE USA>RUS"),
        ("Moskau stationierte Atomwaffen in Belarus.", "MOBILIZE RUS>"),
        ("Polen entsandte weitere 1000 Soldaten an die Grenze zu Belarus.", "MOBILIZE POL>BLR"),
    ],
)
def test_who_hosts_an_allys_troops_is_not_whom_they_are_sent_against(text: str, act: str) -> None:
    assert act in told(text)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Moskau hat der Ukraine eine Feuerpause angeboten.", "CONCEDE RUS>UKR"),
        ("Putin bat Erdogan um Entschuldigung für den Abschuss.", "CONCEDE RUS>TUR"),
        ("Kiew beugte sich dem Druck aus Washington.", "CONCEDE UKR>USA"),
        ("Die USA gewährten der Ukraine einen Kredit über 20 Milliarden Dollar.", "AID USA>UKR"),
        ("Die Leichname von 60 Soldaten wurden von Moskau an Kiew übergeben.", "COOPERATE RUS,UKR>"),
        ("Für Gespräche mit Kiew sieht der Kreml keinen Anlass.", "REJECT RUS>UKR"),
        ("Kiew konnte dem Vorschlag des Papstes nichts abgewinnen.", "REJECT UKR>VAT"),
        ("Warschau legte bei Moskau Protest gegen die Verletzung des Luftraums ein.", "ACCUSE POL>RUS"),
    ],
)
def test_what_agencies_have_set_phrases_for_is_told(text: str, act: str) -> None:
    assert act in told(text)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Rückendeckung erhält die Türkei aus Berlin, Paris und Washington.", "SUPPORT DEU,FRA,USA>TUR"),
        ("Kritik bekam Moskau auch aus Berlin und Paris.", "ACCUSE DEU,FRA>RUS"),
        ("Das russische Außenministerium sprach von einem Krieg. Gestern warf die Sprecherin des Außenministeriums Kiew Sabotage vor.", "ACCUSE RUS>UKR"),
    ],
)  # fmt: skip
def test_all_from_whom_it_comes_act_and_whom_a_name_behind_them_is_bears_it(text: str, act: str) -> None:
    assert act in told(text)


def test_a_ministry_is_of_a_state() -> None:
    text = "Die Führung in Minsk hatte eine Drohung der Hamas erhalten. Das Außenministerium kritisierte Polen."
    assert not any("HAM>" in act for act in told(text))
