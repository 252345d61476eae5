"""Promises about what an act's words leave of its statuses, and of the act: each row says so of its own test, and no other does there."""

import pytest
from articles import article_of

from extractors.events import explain
from extractors.events.attaching import standing
from extractors.events.attaching.standing import ROWS, Row, left
from extractors.events.attaching.statuses import ROWS as LIMITS
from extractors.events.attaching.statuses import UNTOUCHED, limited
from extractors.events.attaching.statuses import Row as Limit
from extractors.events.coding import decided
from extractors.events.no_acts import ROWS as NO_ACTS
from extractors.events.no_acts import no_act
from extractors.events.proposing.candidates import candidates
from extractors.events.reading import reading
from extractors.events.settling.strangers import Row as NoAct
from extractors.ontology import EventType, Status


def told(text: str) -> dict[str, tuple[frozenset[Status], str]]:
    """By the row that saw an act what is left of it, and which row says so."""
    return {one.rule: left(one.type, one, one.sentence) for one in candidates(reading(article_of(text)))}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_says_of_its_own_test_what_is_left_and_no_other_row_does(
    row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = {rule for rule, (leaves, name) in told(row.test).items() if (leaves, name) == (row.leaves, row.name)}
    monkeypatch.setattr(standing, "ROWS", [other for other in ROWS if other is not row])
    without = told(row.test)

    assert acts
    assert {without[rule] for rule in acts} == {(frozenset(Status), "")}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Ein Treffen Polens mit Ungarn ist nicht nur geplant, sondern vereinbart.", "noun:Treffen"),
        ("Helsinki lud nach dem Treffen mit Ankara zum Essen.", "noun:Treffen"),
        ("Wien ist nicht dafür bekannt, russische Diplomaten auszuweisen.", "verb:ausweisen"),
        ("Ohne Widerspruch beschloss Wien, russische Diplomaten auszuweisen.", "verb:ausweisen"),
        ("Es wurde erwartet, dass Wien russische Diplomaten ausweist.", "verb:ausweisen"),
        ("Es wird kritisiert, dass Wien russische Diplomaten ausweist.", "verb:ausweisen"),
        ("Wien wird erwartet und weist russische Diplomaten aus.", "verb:ausweisen"),
        ("Die Gefahr nach einem Angriff Russlands auf Polen war groß.", "noun:Angriff"),
        ("Wien hängt an einem Treffen mit Ankara.", "noun:Treffen"),
        ("Die Angst nach einem Angriff Russlands auf Polen war groß.", "noun:Angriff"),
        ("Geplant war ein Treffen mit dem Präsidenten Polens.", "noun:Treffen"),
        ("Athen ist bereit zu Verhandlungen.", "phrase:bereit zu"),
        ("Russland begann mit Angriffen auf Polen.", "noun:Angriff"),
        ("Die Gespräche zwischen Warschau und Budapest hatten begonnen.", "noun:Gespräch"),
        ("Kurz nach dem Treffen mit Ankara sprach Helsinki davon.", "noun:Treffen"),
        ("Kurz vor dem Treffen mit Ankara hatte Helsinki davon gesprochen.", "noun:Treffen"),
        ("Nach den Beratungen mit Budapest begann Warschau zu sparen.", "noun:Beratung"),
    ],
)
def test_where_the_words_only_look_so_all_is_left(text: str, rule: str) -> None:
    assert told(text)[rule] == (frozenset(Status), "")


def test_a_meeting_that_is_not_planned_is_explained_by_its_row() -> None:
    (one,) = explain(article_of("Ein Treffen der Außenminister Polens und Ungarns ist nicht vorgesehen.")).events
    assert (one.event.status, one.standing) == (Status.NEGATED, "not planned")


@pytest.mark.parametrize("row", [*LIMITS, *UNTOUCHED], ids=lambda row: row.name)
def test_every_row_of_the_verb_says_of_its_own_test_what_is_left_and_is_explained(row: Limit) -> None:
    proposed = decided(article_of(row.test)).proposed
    assert [limited(p) for p in proposed if p.type is row.type] == [(row,)]
    (event,) = (one for one in explain(article_of(row.test)).events if one.event.type is row.type)
    assert row.name in event.standing
    assert event.event.status in row.leaves


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Nach dem russischen Angriff auf Odessa gab es keine Verletzten.", Status.PAST),
        ("Bei den Gesprächen zwischen der NATO und Russland gab es keine Fortschritte.", Status.PAST),
        ("Ein nicht genannter US-Diplomat traf in Genf russische Vertreter.", Status.PAST),
        ("Russland und die USA trafen sich in einem namentlich nicht näher genannten Hotel.", Status.PAST),
        ("Ein Treffen zwischen Putin und Selenskyj wird es vorerst nicht geben.", Status.NEGATED),
        ("Russland und die USA trafen sich nicht.", Status.NEGATED),
        ("Was hat Moskau mit seinem Überfall auf Georgien erreicht?", Status.HISTORICAL),
        ("Liefert Norwegen der Ukraine Panzer?", Status.HYPOTHETICAL),
        ("Derzeit sind keine Gespräche zwischen Russland und der Ukraine geplant.", Status.NEGATED),
        ("Die Gespräche zwischen Russland und der Ukraine hat es zu keinem Zeitpunkt gegeben.", Status.NEGATED),
        ("Das Gipfeltreffen der USA mit Russland in Wien wurde gestrichen.", Status.NEGATED),
        ("Am dritten Jahrestag des russischen Angriffs auf Georgien regnete es.", Status.HISTORICAL),
        ("Nach der Ausweisung russischer Diplomaten aus Polen will Moskau reagieren.", Status.PAST),
    ],
)
def test_a_word_of_negation_denies_an_act_only_where_it_is_of_it(text: str, status: Status) -> None:
    assert {one.event.status for one in decided(article_of(text)).told if one.proposal.candidate} == {status}


def test_nothing_comes_after_a_meeting_that_is_only_asked_for() -> None:
    text = "Macron bekräftigte in Paris seine Forderung nach einem Treffen mit Putin."
    (wish,) = (p for p in decided(article_of(text)).proposed if p.candidate and p.candidate.rule == "noun:Treffen")
    assert limited(wish) == ()
    statuses = {one.event.status for one in decided(article_of(text)).told if one.event.type is EventType.CONSULT}
    assert statuses <= {Status.HYPOTHETICAL}


@pytest.mark.parametrize("row", NO_ACTS, ids=lambda row: row.name)
def test_every_row_says_of_its_own_test_that_it_is_no_act(row: NoAct) -> None:
    found = decided(article_of(row.test))
    proposed, events = found.proposed, found.told
    assert [no_act(p) for p in proposed if p.type is row.type] == [row.name]
    assert row.type not in {one.event.type for one in events}


def test_an_attack_of_a_state_and_a_charge_across_a_border_are_acts() -> None:
    for text in ("Belarus griff Russland an.", "Warschau warf der russischen Opposition Verrat vor."):
        assert {no_act(p) for p in decided(article_of(text)).proposed} == {""}
