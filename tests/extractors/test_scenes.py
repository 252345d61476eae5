"""Where an act is whose own sentence names no place."""

from __future__ import annotations

import pytest
from articles import article_of

from extractors.events.attaching.scenes import ROWS, SAYS, Afar, Row, afar, from_afar, place_before
from extractors.events.coding import decided
from extractors.ontology import EventType
from extractors.speech.lexicon import lexicon

_BEFORE = ("In Madrid und in Lissabon gingen Tausende auf die Straße.",)
_BETWEEN = (
    "Die Preise für Gas sind seit dem Winter stark gestiegen.",
    "Auch die Löhne halten damit nicht Schritt.",
    "Viele Betriebe haben die Arbeit eingestellt.",
    "Die Banken erwarten eine schwache Konjunktur.",
)
_EIDE = "Man dürfe die Ukraine nicht vergessen, sagte der norwegische Außenminister Espen Barth Eide in Bergen."


def last(*paragraphs: str) -> tuple[EventType, str]:
    """The last act of a text with its place, "" where there is none."""
    event = decided(article_of(*paragraphs)).told[-1].event
    return event.type, event.place.name if event.place else ""


def found_before(*paragraphs: str) -> set[str]:
    """The places that the rows find for what the last sentence of a text tells."""
    found = decided(article_of(*paragraphs))
    around, proposed = found.around, found.proposed
    here = [p for p in proposed if p.seen.sentence is around.reading.document.sentences[-1]]
    return {place.name for p in here if (place := place_before(around, p)) is not None}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_reads_its_own_test(row: Row) -> None:
    found = decided(article_of(row.test))
    around, proposed = found.around, found.proposed
    assert row.place in {place.name for p in proposed if (place := row.finds(around, p)) is not None}


@pytest.mark.parametrize("row", afar(), ids=lambda row: row.name)
def test_what_is_said_from_afar_is_said_in_no_town(row: Afar) -> None:
    found = decided(article_of(row.test))
    around, proposed = found.around, found.proposed
    assert row.words.search(row.test)
    assert any(from_afar(around.reading, p) for p in proposed)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Am Montag berieten Scholz und Macron in einer Videokonferenz über den Gipfel der EU in Bergen.", None),
        ("Am Montag haben Scholz und Macron telefonisch über den Gipfel der EU in Bergen beraten.", None),
        ("Am Montag berieten Scholz und Macron in Bergen über den Gipfel der EU.", "Bergen"),
    ],
)
def test_who_confers_by_wire_is_in_no_town(text: str, place: str | None) -> None:
    events = decided(article_of(text)).told
    told = {one.event.place.name if one.event.place else None for one in events if len(one.event.actors) > 1}
    assert told == {place}


def test_no_country_of_another_sentence_is_where_something_is_done() -> None:
    events = decided(
        article_of("In der Ukraine wächst die Angst vor dem Winter.", "Russland griff in der Nacht mit Drohnen an.")
    ).told
    assert [one.event.place for one in events if one.event.type is EventType.ASSAULT] == [None]


def test_the_rows_of_verbs_that_tell_of_speaking_are_rows() -> None:
    assert {name for verbs in lexicon().verbs.values() for verb in verbs for name in verb.names} > SAYS


@pytest.mark.parametrize(
    ("paragraphs", "told"),
    [
        (
            (*_BEFORE, _EIDE, *_BETWEEN, "Eide warf Russland vor, den Hunger als Waffe zu nutzen."),
            (EventType.ACCUSE, "Bergen"),
        ),
        (
            (
                *_BEFORE,
                "Am Montag endete in Bergen die Tagung der Nordischen Staaten.",
                *_BETWEEN,
                "Bei der Tagung warf Schweden Russland vor, den Hunger als Waffe zu nutzen.",
            ),
            (EventType.ACCUSE, "Bergen"),
        ),
        (
            (
                *_BEFORE,
                *_BETWEEN,
                "Der Konvoi fuhr am Montag nach Bergen.",
                "Dort haben die USA ukrainische Soldaten ausgebildet.",
            ),
            (EventType.COOPERATE, "Bergen"),
        ),
        (
            (
                "Macron sagte am Montag in Oslo, Europa müsse mehr tun.",
                "Russland müsse seine Truppen sofort abziehen, forderte der Präsident später auf der Plattform X.",
            ),
            (EventType.REQUEST, ""),
        ),
    ],
)
def test_an_act_is_where_the_article_told_before(paragraphs: tuple[str, ...], told: tuple[EventType, str]) -> None:
    assert last(*paragraphs) == told


@pytest.mark.parametrize(
    ("follows", "day"),
    [
        ("Prompt traf sich Eide mit dem Außenminister der Türkei.", "2024-06-03"),
        ("Kurz darauf drohte Norwegen der Türkei mit Sanktionen.", "2024-06-03"),
        ("Danach hatte Norwegen der Türkei mit Sanktionen gedroht.", ""),
        ("Prompt drohte Norwegen der Türkei am Freitag mit Sanktionen.", "2024-05-31"),
    ],
)
def test_what_follows_at_once_is_of_the_same_day(follows: str, day: str) -> None:
    told = decided(article_of(f"Am Montag stürzte in Bergen ein Haus ein. {follows}")).told[-1].event
    assert (told.when.iso if told.when is not None else "") == day


@pytest.mark.parametrize(
    ("too", "day"),
    [
        ("Auch Kanzler Olaf Scholz reiste nach Oslo.", "2024-06-03"),
        ("Auch Kanzler Olaf Scholz soll nach Oslo reisen.", ""),
        ("Auch Kanzler Olaf Scholz warf Russland Terror vor.", ""),
        ("Auch Kanzler Olaf Scholz war am Freitag nach Oslo gereist.", "2024-05-31"),
    ],
)
def test_who_does_the_same_too_does_so_on_that_day(too: str, day: str) -> None:
    told = decided(article_of(f"Am Montag traf Ungarns Präsident Tamás Sulyok in Oslo ein. {too}")).told[-1].event
    assert (told.when.iso if told.when is not None else "") == day


def test_who_spoke_on_a_day_goes_on_that_day() -> None:
    day = "Man dürfe die Ukraine nicht vergessen, sagte der norwegische Außenminister Espen Barth Eide am Montag."
    event = decided(article_of(*_BEFORE, day, "Eide warf Russland vor, den Hunger als Waffe zu nutzen.")).told[-1].event
    assert event.when is not None
    assert event.when.iso == "2024-06-03"


@pytest.mark.parametrize(
    "paragraphs",
    [
        # another person, another town since, what he had said before, what he wrote
        (_EIDE, "Scholz warf Russland vor, den Hunger als Waffe zu nutzen."),
        (_EIDE, "In Madrid gingen Tausende auf die Straße.", "Eide warf Russland vor, den Hunger als Waffe zu nutzen."),
        (_EIDE, "Eide hatte Russland zum Abzug seiner Truppen aufgefordert."),
        (_EIDE, "Eide warf Russland auf Telegram vor, den Hunger als Waffe zu nutzen."),
        # where he was before, and a country in which he is for no visit
        (_EIDE, "Dort hatte er in der Nacht geschlafen. Dort warf Eide Russland vor, den Hunger als Waffe zu nutzen."),
        ("Der norwegische Außenminister Espen Barth Eide sagte in Indien, es eile.", "Eide forderte Russland zum Abzug seiner Truppen auf."),
        # a town that he spoke of
        ("Eide äußerte Kritik an der Gewalt in Bergen.", "Eide warf Russland vor, den Hunger als Waffe zu nutzen."),
        # a summit to come, and another occasion
        ("Am Montag begann in Bergen der Gipfel der EU.", "Nach dem nächsten Gipfel fordert Schweden von Russland den Abzug."),
        ("Am Montag begann in Bergen der Gipfel der EU.", "Bei der Sitzung forderte Schweden von Russland den Abzug."),
    ],
)  # fmt: skip
def test_no_row_holds_for_what_may_be_elsewhere(paragraphs: tuple[str, ...]) -> None:
    assert found_before(*paragraphs) == set()


_FORDERT = "Eide forderte Russland zum Abzug seiner Truppen auf."


@pytest.mark.parametrize(
    ("paragraphs", "place"),
    [
        ((_FORDERT, _EIDE), "Bergen"),
        (("Eide fordert Panzer für die Ukraine.", _EIDE), "Bergen"),
        ((_FORDERT, "Es eile, sagte Eide bei einem Besuch in Indien."), "Indien"),
        ((_FORDERT, "Es eile, sagte Eide in Indien."), None),
        # another speaks there, he speaks of what is there, what he said before, and not in the next sentence
        ((_FORDERT, "Man dürfe die Ukraine nicht vergessen, sagte Scholz in Bergen."), None),
        ((_FORDERT, "Eide kritisierte die Gewalt in Bergen."), None),
        (("Eide forderte bereits im Herbst Russland zum Abzug seiner Truppen auf.", _EIDE), None),
        ((_FORDERT, "Die Löhne halten damit nicht Schritt.", _EIDE), None),
    ],
)
def test_who_speaks_in_a_town_in_the_next_sentence_spoke_there(paragraphs: tuple[str, ...], place: str | None) -> None:
    who = "Der norwegische Außenminister Espen Barth Eide ist seit 2023 im Amt."
    found = decided(article_of(who, *paragraphs))
    asked = [p for p in found.proposed if p.type is EventType.REQUEST and p.seen.sentence.index == 1]
    told = (place_before(found.around, p) for p in asked)
    assert {one.name if one else None for one in told} == {place}


@pytest.mark.parametrize(
    ("paragraphs", "place"),
    [
        (("In Kiew gab es Alarm.", "Die Ukraine rechnet mit russischen Angriffen auf die Hauptstadt."), {"Kiew"}),
        (("In Moskau gab es Alarm.", "Die Ukraine rechnet mit russischen Angriffen auf die Hauptstadt."), {"Moskau"}),
        # named nowhere, of no party, not where it is
        (("In Bergen gab es Alarm.", "Die Ukraine rechnet mit russischen Angriffen auf die Hauptstadt."), set()),
        (("In Oslo gab es Alarm.", "Die Ukraine rechnet mit russischen Angriffen auf die Hauptstadt."), set()),
        (("In Kiew gab es Alarm.", "Die Hauptstadt der Ukraine rechnet mit russischen Angriffen."), set()),
    ],
)
def test_the_capital_is_that_of_a_party_which_was_named(paragraphs: tuple[str, ...], place: set[str]) -> None:
    assert found_before(*paragraphs) == place


def test_a_border_is_where_somebody_is_though_its_name_has_a_party() -> None:
    assert "Grenze zu Polen" in found_before("Er war an der Grenze zu Polen.", "Dort stationiert Belarus Truppen.")
