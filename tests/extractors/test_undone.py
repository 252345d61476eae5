"""Acts that somebody takes back or ends: the rows, and what the coder makes of them."""

from __future__ import annotations

import pytest
from articles import article_of

from extractors.events.coding import decided, no_act
from extractors.events.settling.undone import ROWS, Row


def types(text: str) -> set[str]:
    return {str(one.event.type) for one in decided(article_of(text)).told}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_reads_its_own_test(row: Row) -> None:
    """The row says why the act of the noun is none."""
    assert row.name in {no_act(p) for p in decided(article_of(row.test)).proposed if p.type in row.types}


@pytest.mark.parametrize(
    ("text", "no", "told"),
    [
        ("Die USA haben ihre Sanktionen gegen Georgien aufgehoben.", "SANCTION", "RETREAT"),
        ("Die Sanktionen gegen Georgien wurden von den USA aufgehoben.", "SANCTION", "RETREAT"),
        ("Washington rückte von seiner Forderung an Georgien ab.", "REQUEST", "CONCEDE"),
        ("Ankara zog sein Veto gegen den Beitritt Finnlands zurück.", "REJECT", "CONCEDE"),
        ("Ungarns Ministerpräsident Viktor Orban gab seine Blockade auf.", "REJECT", "CONCEDE"),
        ("Der Kreml ließ seine Drohung gegen Polen fallen.", "THREATEN", ""),
        ("Die EU setzte die Strafmaßnahmen gegen Belarus aus.", "SANCTION", ""),
        ("Russland brach das Manöver an der Grenze zu Finnland ab.", "MOBILIZE", ""),
        ("Die ukrainische Luftabwehr stoppte den Angriff auf Odessa.", "ASSAULT", ""),
        ("Die USA stellten die Militärhilfe für die Ukraine ein.", "AID", "SANCTION"),
    ],
)
def test_what_is_taken_back_or_ended_is_not_told_as_done(text: str, no: str, told: str) -> None:
    found = types(text)
    assert no not in found
    assert not told or told in found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Die EU hat die Sanktionen gegen Russland nicht aufgehoben und weitere verhängt.", "SANCTION"),
        ("Kiew stoppte die russischen Angriffe auf Charkiw.", "ASSAULT"),
        ("Die Luftabwehr stoppte den Angriff Russlands auf Odessa.", "ASSAULT"),
        ("Moskau zog sich aus dem Vertrag mit den USA zurück.", "SANCTION"),
    ],
)
def test_what_stands_or_is_anothers_is_still_told(text: str, told: str) -> None:
    assert told in types(text)
