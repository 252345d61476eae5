"""The ledger of demands: who demanded what of whom, and what was answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from story_matter import DAY, DEMAND, NOON, event, ref

from extractors.model import Actor
from extractors.ontology import EventType
from extractors.stories import demands

REFUSAL = event(
    EventType.REJECT, "Die Allianz weist die Forderung nach Sicherheitsgarantien zurück.", by="NATO", to="RUS"
)


CONDITION = event(
    EventType.AGREE, "Die Allianz ist zu Sicherheitsgarantien bereit, wenn die Truppen abziehen.", by="NATO", to="RUS"
)


def test_the_ledger_tells_who_demanded_who_refused_and_in_which_words():
    (row,) = demands.ledger([(REFUSAL, ref("b", at=NOON + DAY)), (DEMAND, ref("a"))])
    assert (row.demanders, row.addressees, row.answer) == ({"RUS"}, {"NATO"}, demands.Answer.REFUSED)
    assert [entry.quote for entry in row.entries] == [DEMAND.evidence.quote, REFUSAL.evidence.quote]


def test_a_condition_is_told_apart_from_the_refusal_before():
    reports = [(DEMAND, ref("a")), (REFUSAL, ref("b", at=NOON + DAY)), (CONDITION, ref("c", at=NOON + 2 * DAY))]
    (row,) = demands.ledger(reports)
    assert row.answer is demands.Answer.CONDITIONED
    assert demands.ledger(reports[:2])[0].answer is demands.Answer.REFUSED


def test_an_answer_that_is_read_late_is_not_the_last_word():
    """A first pass reads newest first, and a recode reads old articles when all is known."""
    rows = demands.ledger([(DEMAND, ref("a")), (CONDITION, ref("c", at=NOON + 2 * DAY))])
    (row,) = demands.ledger([(REFUSAL, ref("b", at=NOON + DAY))], rows)
    assert row.answer is demands.Answer.CONDITIONED
    assert len(row.entries) == 3


def test_running_the_ledger_again_changes_nothing():
    reports = [(DEMAND, ref("a")), (REFUSAL, ref("b", at=NOON + DAY))]
    rows = demands.ledger(reports)
    assert demands.ledger(reports, rows) == rows


def test_a_repetition_is_an_entry_and_another_matter_a_row_of_its_own():
    again = replace(
        DEMAND, evidence=replace(DEMAND.evidence, quote="Moskau verlangt erneut schriftliche Sicherheitsgarantien.")
    )
    other = event(EventType.REQUEST, "Moskau verlangt den Abzug aller Raketen.", by="RUS", to="NATO")
    rows = demands.ledger([(DEMAND, ref("a")), (again, ref("b", at=NOON + DAY)), (other, ref("c", at=NOON + DAY))])
    assert [len(row.entries) for row in rows] == [2, 1]


def test_an_answer_of_somebody_else_answers_nothing():
    stranger = replace(REFUSAL, actors=(Actor(code="BRA"),))
    (row,) = demands.ledger([(DEMAND, ref("a")), (stranger, ref("b", at=NOON + DAY))])
    assert row.answer is demands.Answer.OPEN


def test_who_demands_does_not_refuse_it_himself():
    """The Kremlin's refusal of another demand was told as the answer to its own."""
    own = event(EventType.REJECT, "Moskau wies die Forderung nach Sicherheitsgarantien zurück.", by="RUS")
    (row,) = demands.ledger([(DEMAND, ref("a")), (own, ref("b", at=NOON + DAY))])
    assert row.answer is demands.Answer.OPEN


def test_a_name_and_an_office_in_common_make_no_answer():
    """What the secretary general promised to others was told as conceded to whoever had demanded something of her."""
    head = Actor(code="NATO", name="Maren Osterloh", office="Generalsekretärin")
    asked = replace(
        event(EventType.REQUEST, "Von Generalsekretärin Maren Osterloh verlangte Moskau Garantien.", by="RUS"),
        recipients=(head,),
    )
    promised = replace(
        event(EventType.AGREE, "Generalsekretärin Maren Osterloh versprach Kiew greifbare Ergebnisse.", by="NATO"),
        actors=(head, Actor(code="UKR")),
    )
    (row,) = demands.ledger([(asked, ref("a")), (promised, ref("b", at=NOON + DAY))])
    assert row.answer is demands.Answer.OPEN


def test_one_word_in_common_answers_who_is_named_alone():
    asked = event(EventType.REQUEST, "Moskau hat Kolbe ein Gespräch vorgeschlagen.", by="RUS", to="DEU")
    elsewhere = event(EventType.AID, "Berlin werde Generatoren liefern, kündigte Kolbe an.", by="DEU", to="UKR")
    back = event(EventType.REJECT, "Kolbe nannte das russische Angebot unzureichend.", by="DEU", to="RUS")
    (row,) = demands.ledger([(asked, ref("a")), (elsewhere, ref("b", at=NOON + DAY))])
    assert row.answer is demands.Answer.OPEN
    (row,) = demands.ledger([(asked, ref("a")), (back, ref("b", at=NOON + DAY))])
    assert row.answer is demands.Answer.REFUSED


def test_the_words_of_demanding_make_two_demands_not_one():
    """ "Forderte weitere" was all that they had in common, and the answer to the one then answered the other."""
    guns = event(EventType.REQUEST, "Kiew forderte von der NATO weitere Geschütze.", by="UKR", to="NATO")
    trade = event(EventType.REQUEST, "Kiew forderte die NATO auf, weitere Häfen zu sperren.", by="UKR", to="NATO")
    aid = event(EventType.AGREE, "Die NATO sagte Kiew weitere Hilfe zu.", by="NATO", to="UKR")
    rows = demands.ledger([(guns, ref("a")), (trade, ref("b")), (aid, ref("c", at=NOON + DAY))])
    assert [(len(row.entries), row.answer) for row in rows] == [(1, demands.Answer.OPEN)] * 2


@pytest.mark.parametrize(
    ("quote", "answered"),
    [
        ("Der Minister wies den Wunsch aus Kiew zurück.", True),
        ("Der Minister wies die Forderung Kiews zurück.", True),
        ("Der Minister wies die Forderung nach einem Zoll zurück.", False),
        ("Der Minister wies es zurück.", False),
    ],
)
def test_who_refuses_the_demand_of_somebody_answers_what_he_demanded_last(quote: str, answered: bool):
    asked = event(EventType.REQUEST, "Kiew verlangt von Berlin zwei Fähren.", by="UKR", to="DEU")
    no = event(EventType.REJECT, quote, by="DEU", to="UKR")
    (row,) = demands.ledger([(asked, ref("a")), (no, ref("b", at=NOON + DAY))])
    assert (row.answer is demands.Answer.REFUSED) is answered


def test_who_speaks_of_the_demand_of_somebody_demands_nothing_new():
    asked = event(EventType.REQUEST, "Kiew verlangt von Berlin zwei Fähren.", by="UKR", to="DEU")
    spoken = event(EventType.REQUEST, "Berlin kommt damit einer Bitte aus Kiew nach.", by="UKR", to="DEU")
    (row,) = demands.ledger([(asked, ref("a")), (spoken, ref("b", at=NOON + DAY))])
    assert [entry.answer for entry in row.entries] == [demands.Answer.OPEN] * 2


LATER = event(EventType.AGREE, "Berlin sagte Kiew nun doch zwei Fähren zu.", by="DEU", to="UKR")


@pytest.mark.parametrize("day", [None, date(2022, 1, 4)])
def test_what_an_article_looks_back_on_is_not_the_last_word(day: date | None):
    """At the end of the article that tells the promise stands that it was refused at first."""
    asked = event(EventType.REQUEST, "Kiew verlangt von Berlin zwei Fähren.", by="UKR", to="DEU")
    before = event(EventType.REJECT, "Zunächst hatte Berlin die Fähren abgelehnt.", by="DEU", to="UKR", day=day)
    before = replace(before, evidence=replace(before.evidence, start=200, end=240))
    first = ref("a", at=NOON - 8 * DAY)
    for reports in ([(LATER, ref("b")), (before, ref("b"))], [(LATER, ref("b")), (before, ref("c", at=NOON + DAY))]):
        (row,) = demands.ledger([(asked, first), *reports])
        told_apart = reports[1][1].article == "c"
        assert (row.answer is demands.Answer.CONCEDED) is (day is not None or not told_apart)


def test_an_unsure_answer_decides_nothing_where_a_sure_one_is_known():
    """ "Bekräftigte seine Forderung", misread as yielding, withdrew a demand that had been refused."""
    asked = event(EventType.REQUEST, "Kiew verlangt von Berlin zwei Fähren.", by="UKR", to="DEU")
    no = event(EventType.REJECT, "Berlin lehnt die Fähren ab.", by="DEU", to="UKR")
    misread = replace(LATER, confidence=0.3)
    reports = [(asked, ref("a")), (no, ref("b", at=NOON + DAY)), (misread, ref("c", at=NOON + 2 * DAY))]
    (row,) = demands.ledger(reports)
    assert row.answer is demands.Answer.REFUSED
    assert len(row.entries) == 3
    (row,) = demands.ledger([reports[0], reports[2]])
    assert row.answer is demands.Answer.CONCEDED


def test_who_refuses_a_demand_is_not_read_as_demanding_in_the_same_sentence():
    said = "Berlin hat Warschaus Forderung nach einer Sperre der Häfen abgelehnt."
    no = event(EventType.REJECT, said, by="DEU", to="POL")
    misread = event(EventType.REQUEST, said, by="DEU", to="POL")
    theirs = event(EventType.REQUEST, said, by="POL", to="DEU")
    assert demands.ledger([(misread, ref("a")), (no, ref("a"))]) == ()
    (row,) = demands.ledger([(theirs, ref("a")), (no, ref("a"))])
    assert row.demanders == {"POL"}


@pytest.mark.parametrize(
    ("kind", "answer"),
    [(EventType.AGREE, demands.Answer.OPEN), (EventType.CONCEDE, demands.Answer.WITHDRAWN)],
)
def test_who_demands_takes_it_back_by_yielding_and_not_by_agreeing_with_others(kind: EventType, answer: str):
    said = event(kind, "Moskau und Minsk sprachen über schriftliche Sicherheitsgarantien.", by="RUS BLR")
    (row,) = demands.ledger([(DEMAND, ref("a")), (said, ref("b", at=NOON + DAY))])
    assert row.answer is answer
