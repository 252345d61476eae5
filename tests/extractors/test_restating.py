"""What is only said again of a demand, threat, accusation, refusal or deployment that stands for weeks, and what makes it news."""

from __future__ import annotations

from datetime import timedelta

import pytest
from story_matter import DAY, NOON, event, ref

from extractors.model import Event
from extractors.ontology import EventType, Status
from extractors.stories import acts, issues
from extractors.stories.restating import SILENT, restated, types_asked

ROWS = (*issues.ISSUES, *issues.DETAILS)
ASKS = event(EventType.REQUEST, "Oslo fordert von Rom, keine Panzer mehr zu behalten.", by="NOR", to="ITA")
AGAIN = "Aus Oslo kam erneut der Ruf nach Kampfpanzern."
LATER = NOON + 20 * DAY


def said(quote: str, type_: EventType = EventType.REQUEST, *, by: str = "NOR", to: str = "ITA", **more) -> Event:
    return event(type_, quote, by=by, to=to, **more)


def act(one: Event, article: str = "a", days: float = 0.0) -> acts.Act:
    return acts.open_act(one, ref(article, at=NOON + days * DAY))


def stands(one: Event, *known: acts.Act) -> bool:
    return bool(restated(one, ref("z", at=LATER), known))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_reads_its_own_sentence(row: issues.Detail) -> None:
    assert row.pattern.search(row.test)
    assert row.types


def test_no_two_rows_have_one_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_what_is_demanded_again_in_other_words_is_no_news() -> None:
    first = act(ASKS)
    assert restated(said(AGAIN), ref("z", at=LATER), [first]) == (first,)
    assert stands(said(AGAIN, to=""), first)
    assert stands(said(AGAIN, status=Status.ONGOING), first)


@pytest.mark.parametrize(
    ("news", "why"),
    [
        (said(AGAIN, by="SWE"), "somebody else demands it"),
        (said(AGAIN, by="NOR SWE"), "somebody more demands it"),
        (said(AGAIN, to="ITA ESP"), "somebody more is asked"),
        (said("Oslo bat Rom um Kampfjets."), "another kind of weapon"),
        (said("Oslo verlangt die Panzer binnen einer Woche."), "a deadline"),
        (said("Oslo verlangt 1.200 Panzer."), "a figure"),
        (said("Oslo bat Rom um Panzer und die Freilassung der Gefangenen."), "one issue more"),
        (said("Oslo bat Rom um Geduld."), "nothing that stands"),
        (said(AGAIN, status=Status.NEGATED), "it is demanded no more"),
        (said(AGAIN, status=Status.PLANNED), "it is only to be demanded"),
        (said(AGAIN, EventType.REJECT), "it is refused"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_new_about_it_makes_it_news(news: Event, why: str) -> None:
    assert not stands(news, act(ASKS)), why


def test_after_weeks_of_silence_it_is_news() -> None:
    at = NOON + SILENT
    assert restated(said(AGAIN), ref("z", at=at), [act(ASKS)])
    assert not restated(said(AGAIN), ref("z", at=at + timedelta(hours=1)), [act(ASKS)])


@pytest.mark.parametrize(
    ("between", "still"),
    [
        (event(EventType.AID, "Rom gab Oslo die Panzer.", by="ITA", to="NOR"), False),
        (event(EventType.AGREE, "Rom sagt Oslo Leopard-Panzer zu.", by="ITA", to="NOR"), False),
        (event(EventType.AID, "Rom gab Oslo Munition.", by="ITA", to="NOR"), True),
        (event(EventType.AID, "Bern gab Oslo Panzer.", by="CHE", to="NOR"), True),
        (event(EventType.AID, "Rom gibt Oslo Panzer.", by="ITA", to="NOR", status=Status.ONGOING), True),
        (event(EventType.REJECT, "Rom lehnt Panzer ab.", by="ITA", to="NOR"), True),
    ],
    ids=lambda one: one.evidence.quote if isinstance(one, Event) else "",
)
def test_what_was_met_meanwhile_is_demanded_anew(between: Event, still: bool) -> None:
    assert stands(said(AGAIN), act(ASKS), act(between, "b", days=5)) is still


def test_said_once_more_after_it_was_met_it_stands_again() -> None:
    met = act(event(EventType.AID, "Rom gab Oslo die Panzer.", by="ITA", to="NOR"), "b", days=5)
    assert stands(said(AGAIN), act(ASKS), met, act(ASKS, "c", days=9))


def test_a_threat_that_was_carried_out_is_made_anew() -> None:
    threat = event(EventType.THREATEN, "Oslo drohte Rom mit Sanktionen.", by="NOR", to="ITA")
    more = event(EventType.THREATEN, "Oslo kündigte Rom weitere Strafmaßnahmen an.", by="NOR", to="ITA")
    done = act(event(EventType.SANCTION, "Oslo verhängte Sanktionen gegen Rom.", by="NOR", to="ITA"), "b", days=3)
    assert stands(more, act(threat))
    assert not stands(more, act(threat), done)


def test_another_count_of_soldiers_is_news_and_the_same_one_is_not() -> None:
    def massed(quote: str) -> Event:
        return event(EventType.MOBILIZE, quote, by="NOR", to="ITA", status=Status.ONGOING)

    first = act(massed("Oslo hat 100.000 Soldaten an der Grenze zusammengezogen."))
    assert stands(massed("Der Aufmarsch von 100.000 Soldaten dauert an."), first)
    assert not stands(massed("Oslo hat nun 130.000 Soldaten zusammengezogen."), first)
    assert not stands(massed("Oslo zieht auch in Belarus Truppen zusammen."), first)
    attacked = act(event(EventType.ASSAULT, "Oslo beschoss Rom.", by="NOR", to="ITA"), "b", days=3)
    assert not stands(massed("Oslo hat 100.000 Soldaten zusammengezogen."), first, attacked)


def test_a_report_of_what_was_before_restates_nothing_that_came_later() -> None:
    """A recode knows what came after: the first demand must not become the repeat of the second."""
    assert not restated(ASKS, ref("z", at=NOON), [act(said(AGAIN), "b", days=9)])


def test_nothing_is_asked_for_what_does_not_stand() -> None:
    assert types_asked(said("Oslo bat Rom um Geduld.")) == frozenset()
    assert types_asked(said(AGAIN, status=Status.NEGATED)) == frozenset()
    assert types_asked(said(AGAIN)) >= {EventType.REQUEST, EventType.AID}


def test_an_act_knows_the_issues_of_all_its_reports() -> None:
    first = act(said("Oslo bat Rom um Panzer."))
    more = said("Oslo bat Rom um Panzer und Munition.")
    found = acts.link(more, ref("b"), [first])
    assert acts.absorb(first, more, ref("b"), found).about == {"arms", "tanks", "ammunition"}
    assert acts.merge(first, act(more, "b"), "")[0].about == {"arms", "tanks", "ammunition"}
