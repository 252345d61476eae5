"""Somebody whom no table has acts: nobody else is told to have done it, and who is introduced has a state."""

from __future__ import annotations

import pytest
from articles import article_of

from extractors.actors.introduced import ROWS as INTRODUCED
from extractors.actors.introduced import Row as Introduction
from extractors.events import code_events
from extractors.events.coding import decided
from extractors.events.settling.strangers import ROWS, Row, of_a_stranger
from extractors.model import Event


def _sides(event: Event) -> str:
    who, whom = (",".join(one.code for one in side) for side in (event.actors, event.recipients))
    return f"{event.type} {who}>{whom}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_reads_its_own_test(row: Row) -> None:
    proposed = decided(article_of(row.test)).proposed

    assert row.name in {of_a_stranger(p) for p in proposed if p.type is row.type}


@pytest.mark.parametrize(
    "text",
    [
        "Präsident Gausewitz dankte der Ukraine für die Hilfe.",
        "Ministerin Torvald warf Moskau vor, Zusagen gebrochen zu haben.",
        "Die Abgeordnete Annika Kirkelund verlangte von der EU Garantien.",
        "Ministerpräsident Saarepuu (Heimatbund) lehnte den Kurs der Nato ab.",
        "In Genf forderte Tarkowiak die EU zu Verhandlungen auf.",
        "Am Montag warf die Ministerin Kirkelund der Ukraine erneut Wortbruch vor.",
        "Nach der Sitzung übte Regierungssprecher Malenka scharfe Kritik an dem Kreml.",
        "Außenministerin Ostrowar kündigte neue Sanktionen gegen Russland an.",
        "Gausewitz sagte der EU neue Generatoren zu.",
        "Halvestad reiste am Montag ab und drohte Moskau mit Vergeltung.",
        "Halvestad nannte das falsch. Er drohte Moskau mit Vergeltung.",
        "„Russland setzt jede Hoffnung aufs Spiel“, erwiderte Gausewitz.",
        "Mehrere Wissenschaftler riefen Russland zum Ende des Krieges auf.",
        "Der Verband forderte von der Bundesregierung mehr Hilfe für Georgien.",
        "Oppositionspolitiker forderten Putin zum Rückzug auf.",
        "Der Sicherheitsrat verurteilte den Angriff Russlands auf Georgien.",
    ],
)
def test_who_bears_the_act_of_somebody_unknown_has_not_acted(text: str) -> None:
    assert not [_sides(event) for event in code_events(article_of(text)) if event.actors]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Gausewitz kritisierte, dass Russland die Ukraine in der Nacht angegriffen habe.", "ASSAULT RUS>UKR"),
        ("Gausewitz wies die Forderung der Nato an Moskau zurück.", "REQUEST NATO>RUS"),
        ("Deutsche Politiker riefen Russland zum Ende des Krieges auf.", "REQUEST DEU>RUS"),
        ("Die UN berieten. Der Sicherheitsrat verurteilte den Angriff Russlands auf Georgien.", "ACCUSE UN>RUS"),
        ("Moskau warf Präsident Gausewitz vor, die Ukraine zu bedrohen. Berlin drohte Moskau.", "THREATEN DEU>RUS"),
        ("Ende August hatte Russland mehrere Häfen in der Ukraine zerstört.", "ASSAULT RUS>UKR"),
        ("Moskau habe der Nato mit Vergeltung gedroht, berichtete Habrecht.", "THREATEN RUS>NATO"),
        ("Gausewitz schwieg dazu, und Polen drohte Russland mit Sanktionen.", "THREATEN POL>RUS"),
        ("Gausewitz ist weit weg. Der Kreml warf der Nato Wortbruch vor.", "ACCUSE RUS>NATO"),
    ],
)
def test_who_is_known_acts_beside_somebody_unknown(text: str, told: str) -> None:
    assert told in {_sides(event) for event in code_events(article_of(text))}


@pytest.mark.parametrize("row", INTRODUCED, ids=lambda row: row.name)
def test_who_is_introduced_is_of_that_state_for_the_rest_of_the_article(row: Introduction) -> None:
    found = {
        _sides(event) for event in code_events(article_of(row.test, "Gausewitz warf Moskau am Dienstag Wortbruch vor."))
    }

    assert "ACCUSE EST>RUS" in found


@pytest.mark.parametrize(
    "before",
    [
        "Gausewitz, estnischer Ministerpräsident, trat vor die Presse.",
        "Der Ministerpräsident von Estland, Gausewitz, trat vor die Presse.",
        "Estlands Regierungschef Gausewitz trat vor die Presse.",
        "Ingmar Gausewitz ist neuer estnischer Verteidigungsminister.",
    ],
)
def test_one_word_is_enough_of_a_name_where_nothing_else_can_be_meant(before: str) -> None:
    assert "ACCUSE EST>RUS" in {
        _sides(e) for e in code_events(article_of(before, "Gausewitz warf Moskau Wortbruch vor."))
    }


def test_a_name_ends_before_the_one_who_is_spoken_to() -> None:
    text = "Am Montag warf der estnische Sprecher Ingmar Gausewitz der Miliz Wortbruch vor. Gausewitz drohte Moskau mit Strafen."

    assert "THREATEN EST>RUS" in {_sides(event) for event in code_events(article_of(text))}


def test_a_name_that_begins_with_the_surname_is_short_for_the_whole() -> None:
    found = code_events(article_of("Kim Jong Un empfing eine Delegation.", "Kim sicherte Russland Solidarität zu."))

    assert "SUPPORT PRK>RUS" in {_sides(event) for event in found}


@pytest.mark.parametrize(
    "text",
    [
        "Ingmar Gausewitz ist ein Freund des estnischen Präsidenten. Gausewitz warf Moskau Wortbruch vor.",
        "Ingmar Gausewitz ist nicht Präsident von Estland. Gausewitz warf Moskau Wortbruch vor.",
        "Der estnische Präsident, Gausewitz und Tarkowiak kamen. Gausewitz warf Moskau Wortbruch vor.",
    ],
)
def test_who_is_only_named_beside_an_office_does_not_hold_it(text: str) -> None:
    assert not [_sides(event) for event in code_events(article_of(text)) if event.type == "ACCUSE"]


def test_he_who_acts_in_sentence_after_sentence_is_not_looked_for_without_end() -> None:
    """A text of a thousand sentences that begin with a pronoun ended in a RecursionError."""
    code_events(article_of("Präsident Gausewitz drohte Russland. " + "Er drohte Russland mit Krieg. " * 1000))
    assert (
        code_events(article_of("Präsident Gausewitz drohte Russland. " + "Er drohte Russland mit Krieg. " * 10)) == ()
    )
