"""Strikes that nobody is named for: in a war the other side did it, where the town is one's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from articles import article_of

from extractors.events import code_events
from extractors.events.settling.strikes import ROWS, Row
from extractors.ontology import EventType

BEFORE = "Russland und die Ukraine verhandeln nicht mehr."
IN_THE_WAR, BEFORE_THE_WAR = datetime(2024, 5, 14, 12, tzinfo=UTC), datetime(2021, 5, 14, 12, tzinfo=UTC)


def strikes(text: str, *, before: str = BEFORE, dated: datetime = IN_THE_WAR) -> list[tuple[str, str, str]]:
    """Who struck whom, and the row that says so."""
    told = (event for event in code_events(article_of(before, text, dated=dated)) if event.type is EventType.ASSAULT)
    return [
        (",".join(a.code for a in one.actors), ",".join(r.code for r in one.recipients), one.evidence.rule)
        for one in told
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_tells_its_own_test(row: Row) -> None:
    assert strikes(row.test) == [("RUS", "UKR", f"strike:{row.name}")]


def test_in_the_other_country_the_other_side_struck() -> None:
    ((who, whom, _),) = strikes("In Belgorod wurden bei einem Drohnenangriff zwei Menschen verletzt.")

    assert (who, whom) == ("UKR", "RUS")


@pytest.mark.parametrize(
    "text",
    [
        "In Donezk wurden bei einem Raketenangriff sechs Menschen getötet.",
        "In Warschau wurden bei einem Raketenangriff sechs Menschen getötet.",
        "In Charkiw wurde bei dem Raketenangriff niemand verletzt, in Belgorod auch nicht.",
        "Ein Angriff auf Charkiw wird erwartet.",
        "In Charkiw traf der Minister Vertreter der Stadt.",
        "Bei einem Raketenangriff wurden sechs Menschen getötet.",
    ],
)
def test_where_it_is_unclear_who_struck_whom_nobody_did(text: str) -> None:
    assert strikes(text) == []


def test_nobody_strikes_before_the_war_or_where_one_side_is_not_spoken_of() -> None:
    strike = ROWS[0].test

    assert strikes(strike, dated=BEFORE_THE_WAR) == []
    assert strikes(strike, before="In Lima hat es gestern stark geregnet.") == []
