"""Promises about statements that somebody does not make: they are told as denied, and those that are made are not."""

import pytest
from articles import article_of

from extractors.events import code_events
from extractors.events.proposing.candidates import candidates
from extractors.events.proposing.unsaid import ROWS, Row, unsaid
from extractors.events.reading import reading
from extractors.ontology import Status


def told(text: str) -> dict[str, Status]:
    return {str(event.type): event.status for event in code_events(article_of(text))}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_reads_its_own_test(row: Row) -> None:
    read = reading(article_of(row.test))
    found = [unsaid(one.type, one, one.sentence) for one in candidates(read)]
    assert row in found


@pytest.mark.parametrize(
    "text",
    [
        "Indien hat Moskaus Angriff auf die Ukraine nie verurteilt.",
        "Peking übte keine Kritik an Moskau.",
        "Ankara kritisierte den Kreml nicht öffentlich.",
        "Peking kritisiert Moskau nie",
        "Peking kritisiert Moskau nicht",
    ],
)
def test_what_nobody_says_is_denied(text: str) -> None:
    assert told(text)["ACCUSE"] is Status.NEGATED


def test_what_is_not_refused_is_not_told_as_refused() -> None:
    assert told("Anders als Wien lehnt Paris den Plan der EU nicht ab.")["REJECT"] is Status.NEGATED
    assert told("Paris nimmt den Plan der EU nicht an.")["REJECT"] is Status.PAST


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Warschau warf nicht nur Moskau Erpressung vor.", "ACCUSE"),
        ("Warschau forderte Moskau nicht zum ersten Mal zum Abzug auf.", "REQUEST"),
        ("Nie zuvor hat Peking Moskau so scharf kritisiert.", "ACCUSE"),
        ("Warschau wirft Moskau vor, sich nicht an Zusagen zu halten.", "ACCUSE"),
        ("Warschau kritisierte, dass die EU keine Panzer liefert.", "ACCUSE"),
        ("Moskaus Drohungen gegen Kiew hörten nicht auf.", "THREATEN"),
        ("Peking verurteilte nicht Kiew, sondern Moskau.", "ACCUSE"),
    ],
)
def test_what_is_said_is_not_denied(text: str, type_: str) -> None:
    assert told(text)[type_] is Status.PAST
