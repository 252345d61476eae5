"""What an article tells twice is one event; what it tells of two acts stays two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from articles import article_of

from extractors.events import code_events, explain
from extractors.model import Article, Event
from extractors.ontology import EventType, Status

DATED = datetime(2023, 5, 10, 12, tzinfo=UTC)


def article(headline: str, *paragraphs: str) -> Article:
    return article_of(*paragraphs, headline=headline, dated=DATED)


def told(type_: EventType, headline: str, *paragraphs: str) -> Sequence[Event]:
    return [event for event in code_events(article(headline, *paragraphs)) if event.type is type_]


TOLD_TWICE = (
    "Scholz spricht mit Putin über den Abzug",
    "Bundeskanzler Scholz hat den russischen Präsidenten Putin am Montag zum Abzug der Truppen aufgefordert.",
    "Scholz forderte Putin auf, die Truppen abzuziehen.",
)


def test_two_tellings_of_one_act_are_one_event_with_the_day_that_one_of_them_names() -> None:
    (event,) = told(EventType.REQUEST, *TOLD_TWICE)
    assert event.when is not None
    assert event.when.iso == "2023-05-08"


def test_the_other_telling_is_no_less_seen() -> None:
    found = explain(article(*TOLD_TWICE))
    (one,) = [e for e in found.events if e.event.type is EventType.REQUEST]
    assert {one.event.evidence.quote, *one.again} == set(TOLD_TWICE[1:])
    assert not [c for c in found.dropped if c.what.startswith("REQUEST DEU") and c.probability > 0.5]


@pytest.mark.parametrize(
    ("type_", "paragraphs"),
    [
        (
            EventType.SANCTION,
            (
                "Kanada hat am Montag Sanktionen gegen russische Banken verhängt.",
                "Zudem wies Kanada im April vier russische Diplomaten aus.",
            ),
        ),
        (
            EventType.REQUEST,
            (
                "Die Ukraine forderte Deutschland auf, Panzer zu liefern.",
                "Litauen forderte Deutschland auf, mehr Soldaten zu schicken.",
            ),
        ),
    ],
)
def test_other_words_or_other_parties_are_another_act(type_: EventType, paragraphs: tuple[str, str]) -> None:
    assert len(told(type_, "Nachrichten", *paragraphs)) == 2


def test_what_is_to_come_does_not_repeat_what_has_been() -> None:
    statuses = {
        event.status
        for event in told(
            EventType.SANCTION,
            "Nachrichten",
            "Die EU hat Sanktionen gegen russische Banken verhängt.",
            "Die EU wird am Freitag Sanktionen gegen russische Banken verhängen.",
        )
    }
    assert statuses == {Status.PAST, Status.PLANNED}


CALLED = "Der türkische Präsident Erdogan hat am Montag zwei Stunden lang mit Bundeskanzler Scholz telefoniert."
POINTED = (
    "verwies Erdogan auf die Häfen am Schwarzen Meer, die Versicherung der Frachter und die Ernte des Sommers, "
    "wie sein Amt mitteilte."
)


def test_a_meeting_that_is_spoken_of_again_is_the_one_that_was_told() -> None:
    (one,) = told(EventType.CONSULT, "Streit um Getreide", CALLED, f"Bei ihrem offenen Austausch mit Scholz {POINTED}")
    assert one.evidence.quote == CALLED


@pytest.mark.parametrize(
    "other",
    ["In einem Gespräch mit Scholz", "In dem zweiten Gespräch mit Scholz", "In dem Gespräch mit Scholz am 2. Mai"],
)
def test_a_meeting_that_is_told_as_another_stays_one_of_its_own(other: str) -> None:
    assert len(told(EventType.CONSULT, "Streit um Getreide", CALLED, f"{other} {POINTED}")) == 2


TOLD = "Norwegen weist drei russische Diplomaten aus."


def test_a_sentence_that_says_who_told_the_one_before_tells_no_other_act_and_its_day_is_the_acts() -> None:
    (one,) = told(
        EventType.SANCTION,
        "Streit um Spione",
        TOLD,
        "Das kündigte Außenminister Espen Barth Eide am Montag in Oslo an.",
    )
    assert one.when is not None
    assert one.when.iso == "2023-05-08"


def test_what_the_newsroom_recalls_with_its_day_is_not_what_has_just_happened() -> None:
    found = told(
        EventType.COOPERATE,
        "Gefangene frei",
        "Russland und die Ukraine haben erneut Gefangene ausgetauscht.",
        "Zuletzt hatten Russland und die Ukraine Ende Februar Kriegsgefangene ausgetauscht.",
    )
    assert sorted(event.when.iso if event.when else "" for event in found) == ["", "2023-02"]


def test_an_exchange_that_is_spoken_of_again_is_told_once() -> None:
    found = told(
        EventType.COOPERATE,
        "Gefangene frei",
        "Russland und die Ukraine haben erneut Gefangene ausgetauscht.",
        "Bei dem Gefangenenaustausch übergab Moskau auch 20 Verwundete an Kiew.",
    )
    assert len(found) == 1
