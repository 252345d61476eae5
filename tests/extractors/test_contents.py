"""Acts that are only spoken of: the rows of contents, and what the coder makes of them."""

from __future__ import annotations

import pytest
from articles import article_of

from extractors.events import code_events
from extractors.events.proposing.candidates import candidates
from extractors.events.proposing.contents import ROWS, Row, row_of
from extractors.events.reading import reading


def rows(text: str) -> set[str]:
    found = (row_of(candidate, candidate.sentence) for candidate in candidates(reading(article_of(text))))
    return {row.name for row in found if row is not None}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_reads_its_own_test(row: Row) -> None:
    assert rows(row.test) == {row.name}


@pytest.mark.parametrize(
    "text",
    [
        "Polen schloss weitere Sanktionen gegen Georgien nicht aus.",
        "Ungarn lehnte die Sanktionen gegen Russland ab.",
        "Moskau wies die Forderung der NATO zurück.",
        "Kiew hat die Angriffe Russlands lange befürchtet.",
        "Die EU verhängte neue Sanktionen gegen Russland.",
        "Berlin prüft die Sanktionen gegen Russland.",
        "Kiew rechnet nicht mit neuen Angriffen Russlands.",
        "Polen erwartet die Angriffe Russlands seit Tagen.",
        "In Minsk war eine Waffenruhe zwischen Russland und der Ukraine vereinbart worden.",
        "Moskau kündigte eine einseitige Feuerpause in der Ukraine an.",
    ],
)
def test_what_may_be_or_is_known_stands_in_no_row(text: str) -> None:
    assert not rows(text)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Polen drohte am Montag mit neuen Luftangriffen auf Russland.", "ASSAULT"),
        ("Russland hat erneut mit weiteren Sanktionen gegen Polen gedroht.", "SANCTION"),
        ("Der Kreml schloss Gespräche mit der Ukraine am Montag aus.", "CONSULT"),
        ("Die EU hat ein Einreiseverbot gegen Georgien vorgeschlagen.", "SANCTION"),
        ("Selenskyj bestritt, dass die Ukraine Belgorod angegriffen hat.", "ASSAULT"),
        ("Teheran streitet ab, Russland Drohnen geliefert zu haben.", "AID"),
        ("Russland forderte am Montag neue Luftangriffe auf die Ukraine.", "ASSAULT"),
        ("Die USA schlossen Zugeständnisse an Russland aus.", "CONCEDE"),
        ("Kuleba sagte, einem Treffen mit Lawrow werde er nicht ausweichen.", "REJECT"),
        ("Russland hat vor den Gesprächen mit den USA Zugeständnisse ausgeschlossen.", "CONCEDE"),
    ],
)
def test_the_content_of_a_threat_or_demand_is_no_act(text: str, type_: str) -> None:
    assert type_ not in {event.type for event in code_events(article_of(text))}


@pytest.mark.parametrize(
    ("text", "type_", "statuses"),
    [
        ("Polen kündigte weitere Sanktionen gegen die Ukraine an.", "SANCTION", {"planned"}),
        ("Polen bereitet neue Luftangriffe auf die Ukraine vor.", "ASSAULT", {"planned", "hypothetical"}),
        (
            "Russland hat in Brüssel vor neuen Luftangriffen auf Georgien gewarnt.",
            "ASSAULT",
            {"hypothetical", "planned"},
        ),
        ("Präsident Erdogan verzichtet auf Gespräche mit Polen.", "CONSULT", {"negated", "hypothetical"}),
        ("Ein Angriff Russlands auf Polen blieb aus.", "ASSAULT", {"negated"}),
        ("Ein Treffen zwischen Macron und Xi ist nicht geplant.", "CONSULT", {"negated"}),
        ("Wenn Moskau Kiew droht, hilft Berlin.", "THREATEN", {"hypothetical"}),
        ("Ungarn erwägt die Lieferung von Panzern an die Ukraine.", "AID", {"hypothetical", "negated"}),
        ("Die EU denkt über ein Embargo gegen Georgien nach.", "SANCTION", {"hypothetical", "negated"}),
    ],
)
def test_what_is_to_come_or_given_up_has_not_been(text: str, type_: str, statuses: set[str]) -> None:
    assert {event.status for event in code_events(article_of(text)) if event.type == type_} <= statuses


def test_who_lets_somebody_in_acts_and_not_who_joins() -> None:
    (event,) = code_events(article_of("Ankara stimmte am Montag dem Beitritt Finnlands zu."))
    assert (event.type, [one.code for one in event.actors], [one.code for one in event.recipients]) == (
        "SUPPORT",
        ["TUR"],
        ["FIN"],
    )
