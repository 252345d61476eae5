"""Rows that set right what is told of an act, or say that it is not told: each reads its own test, and `explain` names it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from articles import article_of

from extractors.events import Explanation, explain
from extractors.events.attaching import belonging, dating, tied, vouched, withheld
from extractors.events.coding import Decided, decided
from extractors.events.meetings import ahead, cuts, sides, unannounced
from extractors.events.meetings.named import chosen, meetings
from extractors.events.proposing.candidates import candidates
from extractors.events.settling import asides, turned
from extractors.events.settling.treaties import TREATIES, Treaty
from extractors.events.settling.turned import Sides, sides_of
from extractors.events.tables import Wording, wordings
from extractors.events.telling import Coded
from extractors.events.weighing import fitting
from extractors.events.weighing.features import views
from extractors.events.weighing.judge import judge
from extractors.ontology import EventType, Status

SIDES = tuple(row for rows in dict.fromkeys((*sides.TO_COME, *sides.WAS)) for row in rows)
UNTOLD = (*unannounced.ROWS, *unannounced.UNSURE, unannounced.NOBODY)
DATED = datetime(2022, 3, 15, 12, tzinfo=UTC)
"""a Tuesday"""
CUTS = ((cuts.FIRST, row) for row in cuts.FIRST), ((cuts.BESIDE, row) for row in cuts.BESIDE)


def _decided(*paragraphs: str) -> Decided:
    return decided(article_of(*paragraphs, dated=DATED))


def _explained(*paragraphs: str) -> Explanation:
    return explain(article_of(*paragraphs, dated=DATED))


def _sided(text: str, type_: EventType) -> list[tuple[Sides, tuple[tuple[str, ...], tuple[str, ...]]]]:
    found = _decided(text)
    return [(sides_of(found.read, p), p.parties) for p in found.proposed if p.type is type_]


@pytest.mark.parametrize("row", [*fitting.ANYWHERE, *fitting.TOGETHER_ALONE], ids=lambda row: row.name)
def test_who_has_no_part_in_an_act_is_in_no_reading_of_its_parties(row: fitting.Row) -> None:
    read = _decided(row.test).read
    (view,) = views(read, tuple(candidates(read)))
    named = {code for parties in fitting.hypotheses(view, row.type) for side in parties for code in side}

    assert row.code in view.flags
    assert (row.code, row.name) in {*fitting.aside(view, row.type)}
    assert row.code not in named


def test_explain_says_who_has_no_part_in_a_meeting() -> None:
    told = {one.event.type: one.aside for one in _explained("Macron und Scholz verhandeln über die Ukraine.").events}

    assert told[EventType.CONSULT] == (("UKR", "only spoken about"),)


@pytest.mark.parametrize("row", [*turned.ROWS, *asides.ROWS], ids=lambda row: row.name)
def test_a_row_sets_the_sides_of_its_test_right_and_no_other_does(row: turned.Row | asides.Row) -> None:
    found = [(one.rows, one.parties != read) for one, read in _sided(row.test, row.type)]

    assert ((row.name,), True) in found


def test_who_joins_the_sanctions_of_another_imposes_them_and_is_not_hit() -> None:
    (told,) = [
        e.event
        for e in _decided("Die Schweiz schloss sich den Sanktionen der EU an.").told
        if e.event.type is EventType.SANCTION
    ]

    assert [a.code for a in told.actors] == ["CHE"]
    assert told.recipients == ()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Norwegen forderte mehr Druck auf Georgien.", ()),
        ("Norwegen forderte Georgien auf, den Druck auf Belarus zu erhöhen.", ("GEO",)),
    ],
)
def test_upon_whom_pressure_is_demanded_is_not_asked_for_it(text: str, asked: tuple[str, ...]) -> None:
    told = [e.event for e in _decided(text).told if e.event.type is EventType.REQUEST]
    assert [tuple(a.code for a in event.recipients) for event in told] == [asked]


@pytest.mark.parametrize("word", wordings("retakes"), ids=lambda word: word.name)
def test_whose_land_is_taken_back_takes_it_back(word: Wording) -> None:
    """Not who attacked in the sentence before, nor an army that may be either's."""
    found = [one for one, _ in _sided(f"Russland überfiel die Ukraine. {word.test}", EventType.ASSAULT)]

    assert Sides(parties=(("UKR",), ("RUS",)), rows=("takes its own back",)) in found


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Der norwegische Botschafter protestierte in Ankara gegen die Zölle.", EventType.ACCUSE),
        ("Norwegen und die Ukraine einigten sich auf ein Abkommen.", EventType.AGREE),
        ("Norwegen und die Ukraine einigten sich auf ein Abkommen für die Ukraine.", EventType.AGREE),
        ("Die NATO forderte Moskau auf, die Grenze zu achten.", EventType.REQUEST),
        ("Norwegen und zehn weitere Staaten liefern der Ukraine Waffen.", EventType.AID),
        ("Die drei Länder haben der Ukraine Waffen zugesagt.", EventType.AGREE),
        ("Nach Angaben westlicher Staaten versorgt Nordkorea Russland mit Munition.", EventType.AID),
        ("Vertreter Norwegens und von 30 Staaten sind mit Selenskyj zusammengekommen.", EventType.CONSULT),
        ("Norwegen kritisierte die Sanktionen der EU gegen Russland.", EventType.SANCTION),
        ("Moskau wies die Sanktionen der USA zurück.", EventType.REJECT),
        ("Die EU forderte von Belarus eine Waffenruhe.", EventType.REQUEST),
        ("Russland griff an. Die EU forderte eine Waffenruhe.", EventType.REQUEST),
        ("Belarus müsse die Hilfe annehmen, forderte Borrell.", EventType.REQUEST),
        ("Norwegen forderte von Belarus ein Ende der Sanktionen.", EventType.REQUEST),
        ("Norwegen lehnte die russischen Sanktionen ab.", EventType.REJECT),
        ("Russland griff iranische Stellungen mit Drohnen an.", EventType.ASSAULT),
        ("Russland hat Isjum in der Ukraine zurückerobert.", EventType.ASSAULT),
        ("Norwegen wurde gemeinsam mit Estland von Russland bedroht.", EventType.ACCUSE),
        ("Russland griff Georgien an. Die Regierung in Tiflis forderte eine Waffenruhe.", EventType.REQUEST),
        ("Russland griff Georgien an. Die Regierung in Tiflis forderte von Estland Raketen.", EventType.REQUEST),
        ("Die NATO hat im Juni an der Grenze zu Russland ein Manöver abgehalten.", EventType.MOBILIZE),
        ("Georgien und Moldau warten. Georgien und Moldau hoffen. Ungarn hat Moldau gedroht.", EventType.THREATEN),
        (
            "Russland und die Ukraine reden. Russland und die Ukraine tauschten Gefangene. Die EU verlängerte ihre Sanktionen.",
            EventType.SANCTION,
        ),
        (
            "Georgien wartet. Georgien hofft. Georgien und Moldau zögern. Ungarn drohte mit einem Veto.",
            EventType.THREATEN,
        ),
    ],
)
def test_sides_that_are_as_they_were_read_are_of_no_row(text: str, type_: EventType) -> None:
    found = _sided(text, type_)

    assert found
    assert all(one == Sides(parties=read) for one, read in found)


@pytest.mark.parametrize(
    "text",
    [
        "Armenien und Aserbaidschan warfen sich gegenseitig Angriffe vor.",
        "Russland und die Ukraine warfen sich gegenseitig vor, die Feuerpause gebrochen zu haben.",
        "Die USA vermittelten. Minsk und Tiflis beschuldigten einander, Wohnhäuser beschossen zu haben.",
    ],
)
def test_what_two_do_to_each_other_is_told_of_both(text: str) -> None:
    told = [one.event for one in _decided(text).told if one.event.type is EventType.ACCUSE]
    sides = [("".join(a.code for a in e.actors), "".join(a.code for a in e.recipients)) for e in told]

    assert len(sides) == 2
    assert sides[0] == sides[1][::-1]


@pytest.mark.parametrize(
    "text",
    [
        "Macron schlug nach dem Treffen zwischen Biden und Putin einen Gipfel vor.",
        "Erdogan gab eine Vereinbarung zwischen Russland und den USA bekannt.",
    ],
)
def test_what_is_between_two_is_not_of_who_tells_it(text: str) -> None:
    told = [one.event for one in _decided(text).told if one.event.type in (EventType.CONSULT, EventType.AGREE)]

    assert {("RUS", "USA")} == {tuple(sorted(actor.code for actor in event.actors)) for event in told}


def test_who_goes_between_two_has_a_part_in_their_talks() -> None:
    text = "Erdogan vermittelte bei den Gesprächen zwischen Russland und der Ukraine."
    (event,) = (one.event for one in _decided(text).told if one.event.type is EventType.CONSULT)

    assert "TUR" in {actor.code for actor in event.actors}


@pytest.mark.parametrize(
    ("text", "who", "whom"),
    [
        ("Die Präsidenten Norwegens und Islands sagten der Ukraine Panzer zu.", ("ISL", "NOR"), ("UKR",)),
        ("Macron sagte, Putin habe ihm zugesichert, nichts zu tun.", ("RUS",), ("FRA",)),
        ("Die Ukraine wartet. Inzwischen hat Norwegen 85 solche Panzer zugesagt.", ("NOR",), ("UKR",)),
        ("Der Rat der Weltbank hat der Einrichtung eines Fonds für die Ukraine zugestimmt.", ("WB",), ("UKR",)),
        ("„Ich bin jederzeit bereit, mit Erdogan zu reden“, sagte Kristersson.", ("SWE",), ("TUR",)),
    ],
)
def test_who_promises_is_who_is_listed_with_the_subject_or_told_to_have_done_so_or_stands_so(
    text: str, who: tuple[str, ...], whom: tuple[str, ...]
) -> None:
    (event,) = (one for one in _decided(text).told if one.event.type is EventType.AGREE)

    assert {actor.code for actor in event.event.actors} == {*who}
    assert {actor.code for actor in event.event.recipients} == {*whom}


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        (
            "Im Mai 2022 hatte Norwegen gemeinsam mit Georgien die Mitgliedschaft in der NATO beantragt.",
            EventType.REQUEST,
        ),
        ("Norwegen hatte im Mai gemeinsam mit Georgien die NATO-Mitgliedschaft beantragt.", EventType.REQUEST),
        ("Norwegen drohte gemeinsam mit Georgien Belarus mit Sanktionen.", EventType.THREATEN),
        ("Norwegen hatte sich gemeinsam mit Georgien entschlossen, die Aufnahme zu beantragen.", EventType.REQUEST),
    ],
)
def test_who_does_it_together_with_the_subject_acts_too(text: str, type_: EventType) -> None:
    assert {one.parties[0] for one, _ in _sided(text, type_)} == {("GEO", "NOR")}


@pytest.mark.parametrize("row", dating.ROWS, ids=lambda row: row.name)
def test_a_day_of_another_act_is_explained_by_its_row(row: dating.Row) -> None:
    told = [one for one in _explained(row.test).events if one.event.type is row.type]

    assert row.name in {one.days for one in told}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Russland annektierte im März 2014 die Krim.", {"2014-03"}),
        ("Der Senat sprach 2016 über die Annexion der Krim durch Russland.", {""}),
        ("Die Krim-Annexion durch Russland war 2018 wieder ein Thema.", {""}),
        ("Russland annektierte 2019 vier Regionen der Ukraine.", {"2019"}),
    ],
)
def test_the_annexation_of_crimea_has_no_other_year(text: str, days: set[str]) -> None:
    told = [one.event for one in _explained(text).events if one.event.type is EventType.COERCE]

    assert {event.when.iso if event.when is not None else "" for event in told} == days


def test_a_day_that_is_its_own_is_of_no_row() -> None:
    (one,) = _explained("Am Montag traf Macron in Genf Putin.").events

    assert one.event.when is not None
    assert (one.days, one.event.status) == ("", Status.PAST)


def test_what_began_has_the_day_on_which_it_did() -> None:
    (one,) = (
        one
        for one in _explained(
            "Am Montag begannen die russischen Truppen mit Manövern an der Grenze zur Ukraine."
        ).events
        if one.event.type is EventType.MOBILIZE
    )

    assert one.event.when is not None
    assert (one.days, one.event.status) == ("", Status.ONGOING)


@pytest.mark.parametrize("row", SIDES, ids=lambda row: row.name)
def test_who_takes_part_in_a_meeting_is_explained_by_its_row(row: sides.Row) -> None:
    assert row.name in "; ".join(one.sides for one in _explained(row.test).events).split("; ")


@pytest.mark.parametrize(("rows", "row"), [pytest.param(*one, id=one[1].name) for of in CUTS for one in of])
def test_a_word_of_its_test_announces_by_a_row(rows: tuple[cuts.Row, ...], row: cuts.Row) -> None:
    read, known = _decided(row.test).read, judge()
    seen = views(read, tuple(candidates(read)))
    words = [word for word, _ in chosen(meetings(read, seen, known.parties), known.meetings)]
    several = frozenset({0}) if len({word.when.iso for word in words if word.when}) > 1 else frozenset()

    # As likely as the row asks, whatever the weights make of its test.
    assert row.name in {cuts.announcing(rows, read, word, row.share, 1.0, several) for word in words}
    assert row.name not in {cuts.announcing(rows, read, word, row.share - 0.01, 1.0, several) for word in words}


@pytest.mark.parametrize("row", vouched.ROWS, ids=lambda row: row.name)
def test_who_stands_for_an_act_is_found_by_a_row_and_explained(row: vouched.Row) -> None:
    told = [one for one in _explained(row.test).events if one.event.type is row.type]
    (speaker,) = (fact for one in told for fact in one.facts if fact.name == "speaker")

    assert speaker.value == row.speaker
    assert row.name in speaker.rows


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Die NATO befürchtet angesichts des russischen Truppenaufmarschs neue Kämpfe.", EventType.MOBILIZE),
        ("Die NATO befürchtet keinen russischen Angriff auf die Ukraine.", EventType.ASSAULT),
        ("Nach russischen Angriffen auf die Ukraine rechnet die NATO mit langen Verhandlungen.", EventType.ASSAULT),
        ("Lawrow nannte Blinken bei einem Treffen in Genf einen Freund.", EventType.CONSULT),
    ],
)
def test_nobody_stands_for_what_he_neither_fears_nor_names(text: str, type_: EventType) -> None:
    found = _decided(text)
    of = [p for p in found.proposed if p.type is type_]
    assert of
    assert not any(vouched.vouched(found.read, p) for p in of)


@pytest.mark.parametrize("row", withheld.ROWS, ids=lambda row: row.name)
def test_what_other_sentences_tell_is_withheld_by_a_row_and_explained(row: withheld.Row) -> None:
    found = _decided(row.test)
    told = [withheld.withheld(found.read, p, row.of) for p in found.proposed if p.type is row.type]

    assert row.name in told
    assert row.name in {one.withheld for one in _explained(row.test).events}


@pytest.mark.parametrize("row", tied.ROWS, ids=lambda row: row.name)
def test_a_day_of_another_sentence_is_tied_to_an_act_by_its_row(row: tied.Row) -> None:
    found = _decided(*row.test.split("\n"))
    day = found.around.times[row.day]

    assert row.name in {tied.tie(found.read, p, day) for p in found.proposed if p.type is row.type}


def test_what_is_told_before_an_act_or_beside_a_time_of_its_own_ties_no_day_to_it() -> None:
    found = _decided(
        "Am Montag berieten die Minister in Oslo.",
        "Selenskyj forderte Deutschland im Januar auf, Panzer zu liefern.",
        "Russland hat die Forderung Deutschlands zurückgewiesen.",
    )
    day = found.around.times["2022-03-14"]

    assert {p.seen.sentence.index for p in found.proposed} >= {1, 2}
    assert {tied.tie(found.read, p, day) for p in found.proposed if p.seen.sentence.index} == {""}


def test_a_tied_day_is_told_and_explained_where_the_judge_nearly_believes_it() -> None:
    paragraphs = tied.ROWS[1].test.split("\n")
    (one,) = (e for e in _explained(*paragraphs).events if e.event.type is EventType.REQUEST)
    (day,) = (fact for fact in one.facts if fact.name == "day")
    assert (day.value, day.words, day.rows) == ("2022-03-14", "Montag", ("weekday", "told behind somebody's words"))

    found = _decided(*paragraphs)
    (p,) = (p for p in found.proposed if p.type is EventType.REQUEST)
    far = replace(judge(), cuts={**judge().cuts, "when beyond": judge().cuts["when beyond"] + tied.NEARLY})
    options = belonging.time_options(found.around, p)
    assert belonging.day_tied(judge(), found.around, p, options) is not None
    assert belonging.day_tied(far, found.around, p, options) is None


def _days(text: str) -> set[str]:
    """The rows that tell the day of a meeting of a text, whichever of its times was attached to it."""
    found, known = _decided(text), judge()
    read, seen = found.read, views(found.read, tuple(candidates(found.read)))
    words = [word for word, _ in chosen(meetings(read, seen, known.parties), known.meetings)]
    attached = [None, *(time.when for times in read.times for time in times)]
    plain = [
        Coded(event=one.event, proposal=p) for one in found.told for p in found.proposed if p.type is one.event.type
    ]
    days = (replace(one, event=replace(one.event, when=when)) for one in plain for when in attached)
    return {row for one in days for row in ahead.day_ahead(read, one, words)[1]}


@pytest.mark.parametrize("row", ahead.ROWS, ids=lambda row: row.name)
def test_a_row_tells_the_day_of_a_meeting_of_its_test(row: ahead.Row) -> None:
    assert row.name in _days(row.test)


def test_where_no_time_is_told_no_row_tells_a_day() -> None:
    assert _days("Ein Treffen von Macron und Putin ist geplant.") == set()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Macron wird am Freitag von Putin in Moskau empfangen.", ["its row tells it"]),
        (
            "Die Außenminister von Polen und Litauen kommen am Freitag zu einem dreitägigen Treffen in Riga zusammen.",
            ["its row tells it", ahead.LASTS],
        ),
        ("Am Freitag wird es eine Sitzung der Außenminister von Polen und Litauen geben.", ["its sentence tells it"]),
    ],
)
def test_explain_says_by_which_row_a_meeting_is_on_its_day(text: str, rows: list[str]) -> None:
    (one,) = _explained(text).events

    assert one.dated == "; ".join(rows)


def test_explain_says_by_which_row_a_meeting_is_announced() -> None:
    rows = {one.ahead for one in _explained("Am Freitag findet in Brüssel der EU-Gipfel statt.").events}

    assert rows == {"its sides are certain, and it will be held"}


@pytest.mark.parametrize("row", UNTOLD, ids=lambda row: row.name)
def test_what_seems_announced_and_is_not_is_explained_by_its_row(row: unannounced.Row) -> None:
    assert row.name in {one.row for one in _decided(row.test).untold}
    explained = _explained(row.test)
    # What has been is told so, and says by which row.
    assert row.name in {one.ahead for one in explained.events} or any(row.name in one.why for one in explained.dropped)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Macron und Scholz reisen mit dem Zug nach Kiew.", Status.ONGOING),
        ("Macron und Scholz werden mit dem Zug nach Kiew reisen.", Status.PLANNED),
    ],
)
def test_a_meeting_on_no_day_of_which_nothing_speaks_ahead_is_held_or_was(text: str, status: Status) -> None:
    (event,) = [one.event for one in _decided(text).told if one.event.type is EventType.CONSULT]

    assert event.status is status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Der geplante Gipfel von Putin und Biden in Wien ist vom Tisch.", Status.NEGATED),
        ("Das für Freitag geplante Treffen von Putin und Biden wurde abgesagt.", Status.NEGATED),
        ("Am Freitag lehnte Oslo ab. Es war kurz vor dem geplanten Besuch Macrons in Moskau, der dann abgesagt wurde.", Status.NEGATED),
        ("Zwei Tage vor Beginn des Treffens der OSZE in Wien hat Polen seine Teilnahme abgesagt.", Status.PLANNED),
    ],
)  # fmt: skip
def test_only_the_meeting_itself_is_called_off(text: str, status: Status) -> None:
    assert [one.event.status for one in _decided(text).told if one.event.type is EventType.CONSULT] == [status]


@pytest.mark.parametrize(
    ("text", "what", "why"),
    [
        ("Norwegen liefert der Ukraine zugesagte Panzer.", "AGREE", "its words are more surely read as AID"),
        ("Moskau wies die Vorwürfe Kiews zurück.", "STATE", "its words are more surely read as REJECT"),
        ("Lawrow nannte die Pläne der EU inakzeptabel.", "REJECT", "its words are more surely read as ACCUSE"),
        (
            "Der norwegische Botschafter wurde einbestellt.",
            "ACCUSE",
            "an envoy bears it; nobody is known to have acted",
        ),
        ("Macron wird am Freitag mit Putin telefonieren.", "CONSULT", "its sentence announces it"),
    ],
)
def test_explain_says_why_what_the_judge_would_keep_is_not_told(text: str, what: str, why: str) -> None:
    assert any(one.what.startswith(what) and one.why.startswith(why) for one in _explained(text).dropped)


def test_explain_says_by_which_row_of_speech_an_act_is_somebodys_words() -> None:
    told = {one.event.type: one.said for one in _explained("Russland habe Odessa angegriffen, sagte Selenskyj.").events}

    assert told[EventType.ASSAULT] == (("UKR", "before-sagen", "named there"),)


def test_no_two_rows_have_one_name() -> None:
    names = [
        row.name for row in (*turned.ROWS, *asides.ROWS, *dating.ROWS, *tied.ROWS, *cuts.FIRST, *cuts.BESIDE, *UNTOLD)
    ]

    assert len(names) == len({*names})


@pytest.mark.parametrize("treaty", TREATIES, ids=lambda treaty: treaty.name)
def test_who_leaves_a_treaty_does_so_to_whom_it_was_concluded_with(treaty: Treaty) -> None:
    acts = [
        one.event for one in _decided("Estland und Lettland haben in Wien über die Lage gesprochen.", treaty.test).told
    ]
    (left,) = [act for act in acts if act.evidence.quote == treaty.test]
    assert ({a.code for a in left.actors}, {a.code for a in left.recipients}) == ({treaty.of[0]}, {treaty.of[1]})


def test_whom_the_sentence_names_beside_a_treaty_is_who_is_meant() -> None:
    acts = [one.event for one in _decided("Moskau hat das Getreideabkommen mit der Türkei ausgesetzt.").told]
    assert {code for act in acts for code in act.parties} == {"RUS", "TUR"}


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        # an office of a body visits a member, in a town in which elsewhere others meet; a body that meets
        ("Der EU-Ratspräsident hatte Wien im November 2020 besucht.", {"EU", "AUT"}),
        ("Auf dem Nato-Gipfel in Madrid warnte Biden vor einem langen Krieg.", {"NATO"}),
    ],
)
def test_who_visits_a_member_of_his_body_visits_it(text: str, parties: set[str]) -> None:
    (met,) = [one.event for one in _decided(text).told if one.event.type is EventType.CONSULT]
    assert met.parties == parties
