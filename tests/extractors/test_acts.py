"""Acts: one deed that several articles report, and which of the reports are copies."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from story_matter import DAY, NOON, PLAN, SAME_TALKS, TALKS, event, ref

from extractors.model import Actor, Event, Place, Precision, When
from extractors.ontology import EventType, Status
from extractors.stories import acts, copies
from extractors.stories.stems import WAR, matter


def test_two_houses_tell_of_one_act_and_the_reasons_say_why():
    act = acts.open_act(TALKS, ref("a"))
    found = acts.link(SAME_TALKS, ref("b", "Abendpost"), [act])
    assert (found.act, found.new) == (act.id, False)
    assert any(reason.startswith("day: both 2022-01-10") for reason in found.reasons)
    assert any(reason == "place: Genf" for reason in found.reasons)


def test_an_act_that_nobody_told_before_gets_the_same_id_on_every_machine():
    one, other = (acts.link(TALKS, ref("a"), []) for _ in range(2))
    assert one == other
    assert one.new
    assert acts.open_act(TALKS, ref("a")).id == one.act


def test_the_plan_and_the_deed_are_one_act_and_the_status_moves_on():
    act = acts.open_act(PLAN, ref("a", at=NOON - 3 * DAY))
    found = acts.link(TALKS, ref("b", "Abendpost"), [act])
    grown = acts.absorb(act, TALKS, ref("b", "Abendpost"), found)
    assert not found.new
    assert (grown.id, grown.status) == (act.id, Status.PAST)
    assert acts.absorb(grown, PLAN, ref("c", "Kurierblatt"), found).status is Status.PAST


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (replace(TALKS, actors=(Actor(code="FRA"), Actor(code="TUR"))), "veto: no party in common"),
        (replace(TALKS, type=EventType.SANCTION), "veto: SANCTION is not CONSULT"),
        (
            replace(TALKS, when=When(first=date(2022, 1, 21), last=date(2022, 1, 21), precision=Precision.DAY)),
            "veto: the days are 11 apart",
        ),
    ],
)
def test_what_cannot_be_one_act_is_vetoed_by_name(other: Event, why: str):
    points, reasons = acts.likeness(other, ref("b"), acts.open_act(TALKS, ref("a")))
    assert points < acts.THRESHOLD
    assert reasons == (why,)


def test_who_demands_and_who_is_asked_must_not_change_places():
    asked = event(EventType.REQUEST, "Kiew verlangt von Berlin Panzer.", by="UKR", to="DEU")
    back = event(EventType.REQUEST, "Berlin verlangt von Kiew Reformen.", by="DEU", to="UKR")
    assert acts.link(back, ref("b"), [acts.open_act(asked, ref("a"))]).new


def test_the_war_as_a_whole_is_not_one_strike():
    war = event(EventType.ASSAULT, "Seit der Invasion sind viele geflohen.", by="RUS", to="UKR")
    strike = event(
        EventType.ASSAULT, "Am Morgen traf ein Geschoss ein Kraftwerk in Odessa.", by="RUS", to="UKR", place="Odessa"
    )
    again = event(EventType.ASSAULT, "Nach dem Überfall auf das Nachbarland stiegen die Preise.", by="RUS", to="UKR")
    act = acts.open_act(war, ref("a"))
    assert acts.link(strike, ref("b"), [act]).new
    assert not acts.link(again, ref("c"), [act]).new


@pytest.mark.parametrize(
    "quote",
    [
        "Wegen des russischen Angriffes auf die Ukraine steigen die Preise.",
        "Seit dem Beginn der russischen Angriffe gilt das Kriegsrecht.",
        "Russlands Angriff hat vieles verändert.",
    ],
)
def test_the_war_as_a_whole_is_known_in_every_case(quote: str):
    assert matter(event(EventType.ASSAULT, quote, by="RUS", to="UKR")) == {WAR}


def test_raids_of_one_night_are_not_the_war_as_a_whole():
    raids = event(EventType.ASSAULT, "Bei russischen Angriffen auf Odessa brannte ein Lager.", by="RUS", to="UKR")
    assert WAR not in matter(raids)


def test_a_war_that_is_feared_is_not_the_one_that_is_fought():
    feared = event(
        EventType.ASSAULT,
        "Der Westen rechnet mit einem Einmarsch.",
        by="RUS",
        to="UKR",
        status=Status.HYPOTHETICAL,
    )
    fought = event(EventType.ASSAULT, "Der Einmarsch hat Tausende vertrieben.", by="RUS", to="UKR")
    act = acts.open_act(feared, ref("a"))
    assert acts.link(fought, ref("b"), [act]).new
    assert not acts.link(feared, ref("c"), [act]).new


def test_what_was_told_as_done_is_not_what_was_done_later():
    told = event(EventType.SANCTION, "Die EU verbot die Einfuhr von Stahl aus Russland.", by="EU", to="RUS")
    later = replace(told, when=When(first=date(2022, 1, 13), last=date(2022, 1, 13), precision=Precision.DAY))
    _, why = acts.likeness(later, ref("b", at=NOON + 3 * DAY), acts.open_act(told, ref("a")))
    assert why == ("veto: told as done before its day",)
    # The day of a delivery that is still to come says nothing of when it was promised.
    _, why = acts.likeness(later, ref("b", at=NOON + DAY), acts.open_act(told, ref("a")))
    assert "veto" not in why[0]


def test_a_plan_that_was_told_before_the_day_and_carried_out_stays_one_act():
    promised = replace(PLAN, when=None)
    met = replace(TALKS, when=When(first=date(2022, 1, 13), last=date(2022, 1, 13), precision=Precision.DAY))
    act = acts.open_act(promised, ref("a"))
    act = acts.absorb(act, replace(TALKS, when=None), ref("b", at=NOON + 3 * DAY), acts.link(met, ref("b"), [act]))
    assert acts.likeness(met, ref("c", at=NOON + 3 * DAY), act)[0] >= acts.THRESHOLD


def test_of_equal_candidates_the_older_act_wins_whatever_their_order():
    old = acts.open_act(TALKS, ref("a", at=NOON - DAY))
    young = acts.open_act(TALKS, ref("b", at=NOON))
    for known in ([old, young], [young, old]):
        assert acts.link(SAME_TALKS, ref("c", at=NOON), known).act == old.id


def test_no_act_is_passed_over_that_is_like_enough():
    draw = random.Random(1)
    quotes = (
        TALKS.evidence.quote,
        SAME_TALKS.evidence.quote,
        "Russland griff die Ukraine an.",
        "Der Angriff auf die Ukraine.",
    )

    def any_event() -> Event:
        return event(
            draw.choice(list(EventType)),
            draw.choice(quotes),
            by=draw.choice(["RUS", "USA", "RUS USA", "UKR"]),
            to=draw.choice(["", "UKR", "RUS"]),
            status=draw.choice(list(Status)),
            day=draw.choice([None, date(2022, 1, 10), date(2022, 1, 11)]),
            place=draw.choice(["", "Genf", "Wien"]),
            mode=draw.choice(["", "meet"]),
        )

    for _ in range(2000):
        told, act = any_event(), acts.open_act(any_event(), ref("a"))
        assert acts._at_most(told, act) >= acts.likeness(told, ref("b"), act)[0]


def test_a_report_kept_without_its_fingerprint_is_known_by_that_of_its_article():
    marks = copies.fingerprint(invented(1))
    act = acts.open_act(TALKS, ref("a"))
    found = acts.link(TALKS, ref("b", "Abendpost", fingerprint=marks), [act], {"a": marks})
    assert found.copy_of == "a"
    assert not acts.link(TALKS, ref("b", "Abendpost", fingerprint=marks), [act]).copy_of


def test_copies_are_reports_and_are_marked():
    text = "Unterhändler beider Länder sind am Montag in Genf zu Gesprächen über Garantien zusammengekommen, wie beide Seiten mitteilten."
    marks = copies.fingerprint(text)
    act = acts.open_act(TALKS, ref("a", "Morgenblatt", fingerprint=marks, agencies=("dpa",)))
    found = acts.link(TALKS, ref("b", "Abendpost", at=NOON + DAY / 24, fingerprint=marks, agencies=("dpa",)), [act])
    act = acts.absorb(act, TALKS, ref("b", "Abendpost", fingerprint=marks), found)
    assert found.copy_of == "a"
    own = acts.link(SAME_TALKS, ref("c", "Kurierblatt"), [act])
    act = acts.absorb(act, SAME_TALKS, ref("c", "Kurierblatt"), own)
    assert [(report.article, report.copy_of) for report in act.reports] == [("a", ""), ("b", "a"), ("c", "")]


def test_the_same_report_absorbed_twice_counts_once():
    act = acts.open_act(TALKS, ref("a"))
    again = acts.absorb(act, TALKS, ref("a"), acts.link(TALKS, ref("a"), [act]))
    assert again.reports == act.reports


def test_a_merge_keeps_the_older_id_and_leaves_a_redirect():
    old = acts.open_act(TALKS, ref("a", at=NOON))
    young = acts.open_act(SAME_TALKS, ref("b", at=NOON + DAY))
    merged, redirect = acts.merge(young, old, "a reviewer said so")
    assert merged.id == old.id
    assert acts.follow(young.id, [redirect]) == old.id
    assert {report.article for report in merged.reports} == {"a", "b"}
    with pytest.raises(ValueError, match="circle"):
        acts.follow("x", [acts.Redirect(gone="x", into="y", reason=""), acts.Redirect(gone="y", into="x", reason="")])


def test_candidates_are_asked_for_by_party_and_days_around_report_and_act():
    parties, stretches = acts.candidates(PLAN, ref("a", at=NOON - 90 * DAY))
    assert parties == {"RUS", "USA"}

    def asked(day: date) -> bool:
        return any(first <= day <= last for first, last in stretches)

    report, planned = (NOON - 90 * DAY).date(), date(2022, 1, 10)
    assert asked(report)
    assert asked(planned)
    assert not asked(report + (planned - report) / 2), "in years that is most of the archive"


LETTERS = "abcdefghijklmnop"


def invented(seed: int, words: int = 260) -> str:
    """A text of invented words: different seeds share nothing."""
    rng = random.Random(seed)
    vocabulary = ["".join(rng.choices(LETTERS, k=rng.randint(3, 9))) for _ in range(400)]
    return " ".join(rng.choices(vocabulary, k=words))


def test_an_agency_copy_shares_its_marks_though_a_house_cut_and_changed_it():
    text = invented(1).split()
    other = [*invented(2, 20).split(), *text[:80], "neu", *text[95:230]]
    assert copies.overlap(*(copies.fingerprint(" ".join(words)) for words in (text, other))) >= copies.COPIED


def test_texts_that_share_nothing_or_one_quotation_are_no_copies():
    quotation = " " + invented(3, 40)
    for one, other in ((invented(1), invented(2)), (invented(1) + quotation, invented(2) + quotation)):
        assert copies.overlap(copies.fingerprint(one), copies.fingerprint(other)) < copies.SUSPECT


@pytest.mark.parametrize("text", ["", "Nur drei Worte", "eins zwei drei vier fünf"])
def test_short_texts_have_short_fingerprints_and_overlap_nothing_else(text: str):
    assert len(copies.fingerprint(text)) <= 1
    assert copies.overlap(copies.fingerprint(text), copies.fingerprint(invented(5))) == 0.0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Genf (dpa) - Die Gespräche haben begonnen.", ("dpa",)),
        ("Die Gespräche haben begonnen.\nQuelle: dpa, AFP", ("dpa", "AFP")),
        ("Die Gespräche haben begonnen. (APA/Reuters)", ("Reuters", "APA")),
        ("Das sagte er der Nachrichtenagentur Reuters am Montag in einem langen Gespräch über die Lage.", ()),
        ("Wie die AFP berichtete, haben die Gespräche am Montag in Genf nach langem Zögern begonnen.", ()),
    ],
)
def test_agencies_are_credited_not_merely_cited(text: str, named: tuple[str, ...]):
    assert copies.agencies(text) == named


MET = event(
    EventType.CONSULT,
    "Die Präsidentin empfing am Montag ihren Kollegen zum Gespräch.",
    by="POL UKR",
    day=date(2022, 1, 10),
)
PROMISED = event(
    EventType.AGREE,
    "Beim Gespräch am Montag sagte sie ihrem Kollegen Fähren zu.",
    by="POL",
    to="UKR",
    day=date(2022, 1, 10),
)


def test_an_article_that_tells_of_a_meeting_and_of_a_promise_tells_of_two_acts():
    """The promise went into the meeting, which was known: nobody was told of it."""
    known = [acts.open_act(MET, ref("a"))]
    alone = acts.link(PROMISED, ref("b", "Abendpost"), known)
    assert not alone.new, "another house may call the meeting so"
    both = [acts.link(one, ref("b", "Abendpost"), known, beside=(MET, PROMISED)).new for one in (MET, PROMISED)]
    assert both == [False, True]


def test_an_act_of_another_type_needs_a_word_in_common():
    known = acts.open_act(MET, ref("a"))
    other = replace(PROMISED, evidence=replace(PROMISED.evidence, quote="Sie sagte Fähren zu."))
    assert acts.likeness(other, ref("b"), known)[1] == ("veto: another type, and no word in common",)


def test_two_demands_are_not_one_for_the_words_of_demanding():
    guns = event(
        EventType.REQUEST, "Der Außenminister forderte von der Allianz weitere Geschütze.", by="UKR", to="NATO"
    )
    ports = event(EventType.REQUEST, "Der Außenminister forderte weitere gesperrte Häfen.", by="UKR", to="NATO")
    again = event(EventType.REQUEST, "Kiew verlangt von der Allianz erneut Geschütze.", by="UKR", to="NATO")
    known = [acts.open_act(guns, ref("a"))]
    assert acts.link(ports, ref("b", "Abendpost"), known).new
    assert not acts.link(again, ref("b", "Abendpost"), known).new


REFUSED = event(EventType.REJECT, "Rom lehnt die gemeinsame Sperre der Häfen ab.", by="ITA", to="POL")


@pytest.mark.parametrize(
    ("first", "last", "one"),
    [(date(2022, 1, 1), date(2022, 1, 31), True), (date(2021, 12, 1), date(2021, 12, 31), False)],
)
def test_who_looks_back_weeks_later_and_says_when_tells_nothing_new(first: date, last: date, one: bool):
    """ "Anfang des Monats hatte Rom die Sperre abgelehnt" raised a second alert: they were told more than four days apart."""
    month = When(first=first, last=last, precision=Precision.MONTH)
    quote = "Die gemeinsame Sperre hatte Rom abgelehnt."
    back = replace(REFUSED, when=month, evidence=replace(REFUSED.evidence, quote=quote))
    found = acts.link(back, ref("b", "Abendpost", at=NOON + 12 * DAY), [acts.open_act(REFUSED, ref("a"))])
    assert found.new is not one


def test_the_act_of_a_meeting_moves_with_it():
    """It was another act there and then, and the one that was announced first stayed a plan for ever."""
    quote = "Beide Seiten haben die Gespräche über Garantien von Genf nach Wien verlegt."
    moved = replace(
        PLAN,
        place=Place(name="Wien"),
        when=When(first=date(2022, 1, 14), last=date(2022, 1, 14), precision=Precision.DAY),
    )
    moved = replace(moved, evidence=replace(moved.evidence, quote=quote))
    act = acts.open_act(PLAN, ref("a", at=NOON - 3 * DAY))
    found = acts.link(moved, ref("b", "Abendpost", at=NOON - 2 * DAY), [act])
    assert not found.new
    grown = acts.absorb(act, moved, ref("b", "Abendpost", at=NOON - 2 * DAY), found)
    assert (grown.place, grown.when) == ("Wien", moved.when)


@pytest.mark.parametrize(
    ("quote", "one"),
    [
        ("Der Minister wies die Bitte aus Warschau am Montag zurück.", True),
        ("Der Minister wies die Bitte nach einem Zoll am Montag zurück.", False),
        ("Der Minister wies ein Darlehen am Montag zurück.", False),
    ],
)
def test_who_refuses_what_readers_know_refuses_what_was_refused_that_day(quote: str, one: bool):
    """Two houses told of one refusal in words of their own, and it was told twice."""
    told = replace(REFUSED, when=TALKS.when, evidence=replace(REFUSED.evidence, quote=quote))
    assert acts.link(told, ref("b", "Abendpost"), [acts.open_act(REFUSED, ref("a"))]).new is not one


def test_two_readings_of_one_sentence_tell_of_one_deed():
    said = "Oslo hilft Kiew mit Fähren und Kähnen."
    aid, support = (event(kind, said, by="NOR", to="UKR") for kind in (EventType.AID, EventType.SUPPORT))
    promised = event(EventType.AGREE, said, by="NOR", to="UKR")
    act = acts.open_act(promised, ref("a"))
    for one in (aid, support):
        assert not acts.link(one, ref("a"), [act], beside=(promised, aid, support)).new


@pytest.mark.parametrize(
    ("kind", "one", "other", "against"),
    [
        (EventType.SUPPORT, "Kiew", "Ukraine", False),
        (EventType.SUPPORT, "Ukraine", "Kiew", False),
        (EventType.SUPPORT, "Élysée-Palast", "Paris", False),
        (EventType.SUPPORT, "Élysée-Palast", "Lyon", True),
        (EventType.MOBILIZE, "Grenzgebiet zur Ukraine", "ukrainische Grenze", False),
        (EventType.MOBILIZE, "Ukraine", "Grenze", False),
        (EventType.MOBILIZE, "Odessa", "Grenze", True),
        (EventType.SUPPORT, "Kiew", "Odessa", True),
        (EventType.SUPPORT, "Kiew", "Polen", True),
        (EventType.ASSAULT, "Odessa", "Ukraine", True),
    ],
)
def test_a_country_and_a_town_in_it_do_not_speak_against_one_deed(kind: EventType, one: str, other: str, against: bool):
    """A house told of the border and another of the Ukrainian one: whoever follows both heard twice of one deployment."""
    told, again = (event(kind, "Oslo schickt Fähren.", by="NOR", to="UKR", place=place) for place in (one, other))
    reasons = acts.likeness(again, ref("b"), acts.open_act(told, ref("a")))[1]
    assert any("against" in reason for reason in reasons) is against


def test_sentences_that_share_but_a_word_of_joining_share_nothing():
    """A new reproach was taken for yesterday's, and nobody was told."""
    one = event(EventType.ACCUSE, "Zudem bezichtigte Rom die Regierung der Fälschung.", by="ITA", to="POL")
    other = event(EventType.ACCUSE, "Zudem kritisierte Rom den Umgang mit Fischern.", by="ITA", to="POL")
    assert acts.link(other, ref("b", "Abendpost"), [acts.open_act(one, ref("a"))]).new


def test_a_deployment_that_goes_on_is_told_once_whatever_the_words():
    def massing(quote: str, status: Status = Status.ONGOING, place: str = "") -> Event:
        return event(EventType.MOBILIZE, quote, by="RUS", to="UKR", status=status, place=place)

    known = [acts.open_act(massing("Der Aufmarsch dauert an."), ref("a"))]
    for again, days, new in (
        (massing("Dort stehen Zehntausende Soldaten bereit."), 1, False),
        (massing("Der Aufmarsch ist der größte seit Jahrzehnten."), 4, False),
        (massing("Im Hafen üben Kriegsschiffe.", place="Odessa"), 1, True),
        (massing("Eine zweite Division wird verlegt.", Status.PLANNED), 1, True),
    ):
        assert acts.link(again, ref("b", "Abendpost", at=NOON + days * DAY), known).new is new


def test_the_war_as_a_whole_is_told_once_however_long_nobody_spoke_of_it():
    """A report on prices told the invasion anew, as it was told ten days after the last one, and somebody was woken."""
    war = event(EventType.ASSAULT, "Die Invasion hat begonnen.", by="RUS", to="UKR", day=date(2022, 1, 10))
    once = act = acts.open_act(war, ref("a"))
    for article in ("b", "c"):
        act = acts.absorb(act, war, ref(article), acts.link(war, ref(article), [act]))
    later = event(EventType.ASSAULT, "Seit dem Angriff auf die Ukraine steigen die Preise.", by="RUS", to="UKR")
    week = replace(later, when=When(first=date(2022, 1, 17), last=date(2022, 1, 23), precision=Precision.RANGE))
    for again in (later, week):
        assert not acts.link(again, ref("d", at=NOON + 15 * DAY), [act]).new
        assert acts.link(again, ref("d", at=NOON + 15 * DAY), [once]).new, "a single report may be of another"
    feared = replace(later, status=Status.HYPOTHETICAL)
    assert acts.link(feared, ref("d", at=NOON + 15 * DAY), [act]).new


def test_a_meeting_in_europe_is_then_one_in_geneva_and_not_in_washington():
    """It was alerted twice: "in Europa" was taken for another place than the town in it."""
    week = {"day": date(2022, 1, 17), "until": date(2022, 1, 23), "status": Status.PLANNED, "by": "RUS USA"}
    known = acts.open_act(
        event(EventType.CONSULT, "Ein Treffen in Europa ist geplant.", place="Europa", **week), ref("a")
    )
    told = [
        event(EventType.CONSULT, "Dort wollen beide einander sehen.", place=town, **week)
        for town in ("Genf", "Washington")
    ]
    assert [acts.link(one, ref("b"), [known]).new for one in told] == [False, True]
