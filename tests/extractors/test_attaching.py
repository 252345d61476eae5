"""What belongs to an act: its time, its place, whose words carry it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from articles import article_of

from extractors.events.attaching.around import Around
from extractors.events.attaching.belonging import Option, place_options, speaker_options, time_options
from extractors.events.coding import decided
from extractors.events.proposing.candidates import candidates
from extractors.events.proposing.completing import completed
from extractors.events.reading import Reading, reading
from extractors.events.weighing import encoding
from extractors.events.weighing.features import views
from extractors.events.weighing.judge import judge, proposals
from extractors.model import Event, Precision, When
from extractors.ontology import EventType, Status
from extractors.when import behind

PUBLISHED = datetime(2024, 5, 8, 12, tzinfo=UTC)


def read(*paragraphs: str) -> Reading:
    return reading(article_of(*paragraphs, headline="Gespräche in Prag", dated=PUBLISHED))


def encoded(found: Reading, index: int) -> encoding.Encoded:
    view = views(found, ())[index]
    return encoding.encoded(found, view, {}, None, np.zeros(encoding.WIDTH, np.float32))


def test_the_network_sees_which_tokens_tell_times_and_places() -> None:
    row = encoded(read("Am Montag trafen sich die Unterhändler in Prag, am Freitag folgt ein Treffen in Wien."), 1)
    assert row.whens == ("2024-05-06", "2024-05-10")
    assert row.wheres == ("prag", "wien")
    assert row.times.shape == row.places.shape == (2, len(row.tags))
    assert not (row.times[0] & row.times[1]).any(), "each time has tokens of its own"
    assert row.places.sum() == 2, "one token for each town"


def test_a_sentence_full_of_times_offers_the_network_the_first_six() -> None:
    days = ", ".join(f"am {n}. Mai 2023" for n in range(1, 12))
    row = encoded(read(f"Die Räte berieten {days} in Prag."), 1)
    assert len(row.whens) == encoding.SPANS == 6
    assert row.times.any(axis=1).all()


def test_a_fact_of_another_sentence_is_believed_from_a_score_of_its_own() -> None:
    cuts = {"when": -1.0, "when beyond": 2.0}
    here = Option(key="2024-05-06", value="2024-05-06", features={})
    beyond = Option(key="2024-05-06", value="2024-05-06", features={}, beyond=True)
    assert here.cut("when", cuts) == -1.0
    assert beyond.cut("when", cuts) == 2.0


def test_a_day_of_the_acts_own_sentence_is_not_lost_to_one_that_is_not_believed() -> None:
    article = article_of(
        "Der deutsche Botschafter in Moskau sei am Mittwoch einbestellt worden, teilte Moskau mit.",
        "Vor einer Woche wurden bereits vier Mitarbeiter der estnischen Botschaft ausgewiesen.",
        headline="Moskau weist deutsche Diplomaten aus",
        dated=PUBLISHED,
    )
    expelled = [one.event for one in decided(article).told if one.event.evidence.rule == "verb:ausweisen"]
    assert [e.when.iso for e in expelled if e.when][-1:] == ["2024-05-01"]


def test_times_of_the_acts_own_sentence_are_not_beyond_and_all_others_are() -> None:
    article = article_of(
        "Die NATO lehnte am Montag die Forderung Russlands nach einem Abzug ab.",
        "Am Freitag wollen beide Seiten wieder sprechen.",
        headline="NATO lehnt Forderung Russlands ab",
        dated=PUBLISHED,
    )
    found = decided(article)
    around, proposed = found.around, found.proposed
    act = next(p for p in proposed if p.seen.sentence.index == 1)
    offered = {option.key: option.beyond for option in time_options(around, act)}
    assert offered["2024-05-06"] is False
    assert offered["2024-05-10"] is True


def test_what_a_verb_tells_as_done_is_not_planned_for_a_day_of_another_sentence() -> None:
    text = "Das Parlament in Moskau stimmt am Freitag ab. Biden traf in Warschau den polnischen Regierungschef Donald Tusk."
    article = article_of(text, headline="Treffen", dated=PUBLISHED)
    (met,) = [one.event for one in decided(article).told if one.event.type is EventType.CONSULT]
    assert met.status is Status.PAST
    assert met.when is None


def test_what_a_verb_tells_as_done_was_not_done_on_a_day_to_come() -> None:
    found = read("Prag und Wien vereinbarten ein Treffen am Samstag in Graz.")
    seen = views(found, tuple(completed(found, c) for c in candidates(found)))
    agreed = next(p for p in proposals(seen, judge()) if p.type is EventType.AGREE)

    assert "2024-05-11" not in {option.key for option in time_options(Around(found, seen), agreed)}


def test_the_day_of_a_last_time_is_no_other_acts() -> None:
    found = read("Biden und Putin hatten zuletzt am Samstag telefoniert. Macron sprach mit Selenskyj.")
    seen = views(found, tuple(completed(found, c) for c in candidates(found)))
    around = Around(found, seen)
    offered = {
        tuple(sorted(p.parties[0])): {option.key for option in time_options(around, p)}
        for p in proposals(seen, judge())
        if p.type is EventType.CONSULT
    }
    assert "2024-05-04" in offered["RUS", "USA"]
    assert "2024-05-04" not in offered["FRA", "UKR"]
    assert around.of_last_time == {"2024-05-04"}


def test_the_evening_is_of_the_day_named_last_but_not_of_a_last_time() -> None:
    def evening(first: str) -> str:
        found = read(f"{first} Am Abend telefonierte Duda mit Rutte.")
        (time,) = [t for times in found.times for t in times if t.rule == "part-of-day"]
        assert time.when is not None
        return time.when.iso

    assert evening("Am Montag hatte Scholz abgesagt.") == "2024-05-06"
    assert evening("Scholz hatte zuletzt am Montag abgesagt.") != "2024-05-06"


@pytest.mark.parametrize(
    ("words", "rule", "first", "told"),
    [
        ("7. Oktober", "day-of-month", date(2024, 10, 7), "2023-10-07"),
        ("3. März", "day-of-month", date(2024, 3, 3), "2024-03-03"),
        ("Samstag", "weekday", date(2024, 5, 11), None),
        ("7. Oktober 2024", "day-of-month", date(2024, 10, 7), None),
        ("29. Februar", "day-of-month", date(2028, 2, 29), "2027-02-28"),
        ("7.10.", "numeric-day", date(2024, 10, 7), "2023-10-07"),
    ],
)
def test_what_was_long_ago_is_not_to_come(words: str, rule: str, first: date, told: str | None) -> None:
    """Without a year the 7. Oktober was last year's; a Saturday to come is an anniversary's."""
    when = When(first=first, last=first, precision=Precision.DAY, words=words, rule=rule)
    found = behind(when, PUBLISHED.date())

    assert (found.iso if found else None) == told


def test_how_words_are_told_is_known_of_each_speaker() -> None:
    article = article_of(
        "Nach Angaben der polnischen Regierung hat Russland eine Stadt angegriffen.",
        headline="Polen meldet Drohnen",
        dated=PUBLISHED,
    )
    found = decided(article)
    around, proposed = found.around, found.proposed
    act = next(p for p in proposed if p.seen.sentence.index == 1)
    poland = next(option for option in speaker_options(around, act) if option.key == "POL")
    assert {"anchor:how:nach", "anchor:row:nach-angabe"} <= poland.features.keys()


def speakers(text: str) -> set[str]:
    """Who may carry the first act of a sentence."""
    article = article_of(text, headline="Angriff gemeldet", dated=PUBLISHED)
    found = decided(article)
    around, proposed = found.around, found.proposed
    act = next(p for p in proposed if p.seen.sentence.index == 1)
    return {option.key for option in speaker_options(around, act)}


def test_an_agency_that_passes_words_on_does_not_say_them() -> None:
    assert speakers("Der Kreml teilte laut Interfax mit, die Ukraine habe Belgorod beschossen.") >= {"RUS"}
    assert "RUS-MED" not in speakers("Der Kreml teilte laut Interfax mit, die Ukraine habe Belgorod beschossen.")
    assert "RUS-MED" in speakers("Laut Interfax hat die Ukraine Belgorod beschossen.")


def test_what_one_side_says_of_the_other_is_not_told_in_the_others_words() -> None:
    assert speakers("Warschau habe um Raketen gebeten, behauptete Sacharowa.") == {"RUS"}
    assert speakers("Warschau habe um Raketen gebeten, sagte Tusk.") == {"POL"}
    assert "POL" in speakers("Warschau habe um Raketen gebeten, meldete Interfax.")


def test_who_told_the_sentence_before_is_its_speaker() -> None:
    (event,) = events("Prag hat russische Diplomaten ausgewiesen. Das teilte Kremlsprecher Peskow mit.")
    assert event.speaker is not None
    assert event.speaker.code == "RUS"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kiew hat deutlich gemacht, dass Russland Charkiw angegriffen habe.", "UKR"),
        ("Tusk kündigte am Montag „harte Sanktionen“ gegen Russland an.", "POL"),
        ("Kiew bedauerte, dass Ungarn Sanktionen gegen Russland abgelehnt hat.", None),
        ("Polen verhängte am Montag harte Sanktionen gegen Russland.", None),
    ],
)
def test_words_that_are_told_outright_have_a_speaker(text: str, code: str | None) -> None:
    assert {event.speaker.code if event.speaker else None for event in events(text)} == {code}


def test_western_figures_are_the_west_s_words() -> None:
    assert "WEST" in speakers("Nach westlichen Angaben hat Russland Truppen an der Grenze zur Ukraine zusammengezogen.")


def test_who_is_known_as_a_person_is_no_place() -> None:
    found = read("Schröder traf in Moskau Putin.")
    assert [one.place.name for row in found.places for one in row] == ["Prag", "Moskau"]


def places_of(found: Reading, words: str) -> set[str]:
    """The places that an act of the sentence with these words may have."""
    seen = views(found, tuple(completed(found, one) for one in candidates(found)))
    around = Around(found, seen)
    return {
        option.value.name
        for p in proposals(seen, judge())
        if words in found.document.text[p.seen.sentence.start : p.seen.sentence.end]
        for option in place_options(around, p)
    }


def test_an_attack_on_a_whole_state_is_in_no_town_that_another_sentence_names() -> None:
    told = read("In Soledar wird gekämpft.", "Seit Moskaus Angriff auf die Ukraine steigen die Preise.")
    assert "Soledar" not in places_of(told, "Preise")
    assert "Soledar" in places_of(read("In Soledar wird gekämpft.", "Russland griff mit Drohnen an."), "Drohnen")


def test_an_attack_on_others_is_not_in_the_capital_of_who_attacks() -> None:
    told = read("In Moskau warnte Lawrow vor einer Eskalation.", "Russland hat die Ukraine mit 90 Drohnen angegriffen.")
    assert "Moskau" not in places_of(told, "Drohnen")
    fought = read("In Isjum wird gekämpft.", "Die Ukraine hat russische Stellungen angegriffen.")
    assert "Isjum" in places_of(fought, "Stellungen")


def test_what_is_said_in_a_house_is_not_in_the_town_around_it() -> None:
    told = read("Biden ist in Berlin.", "Steinmeier dankte ihm im Schloss Bellevue für die Hilfe der USA.")
    assert places_of(told, "Bellevue") == {"Schloss Bellevue"}


def test_who_telephones_meets_nowhere() -> None:
    text = "Bei den Gesprächen in Genf ging es um die Ukraine. Scholz telefonierte danach mit Putin."
    article = article_of(text, headline="Gespräche in Genf", dated=PUBLISHED)
    calls = [one.event for one in decided(article).told if one.event.mode == "phone"]
    assert calls
    assert {call.place for call in calls} == {None}


def test_what_the_newsroom_recalls_is_in_nobodys_words() -> None:
    text = "Die ukrainische Führung hatte den Vorschlag zurückgewiesen und erklärte, sie könne für nichts garantieren."
    article = article_of(text, headline="Parade", dated=PUBLISHED)
    (refused,) = [one.event for one in decided(article).told if one.event.type is EventType.REJECT]
    assert refused.speaker is None


def test_recalled_words_in_a_clause_of_their_own_may_have_a_speaker() -> None:
    assert speakers("Selenskyj hatte am Abend beklagt, die Hilfe der Nato komme zu spät.") >= {"UKR"}
    assert speakers("Lawrow hatte der Nato gedroht, Russland werde die Verhandlungen abbrechen.") >= {"RUS"}
    assert not speakers("Lawrow hatte der Nato gedroht, die Verhandlungen abzubrechen.")


def events(text: str) -> list[Event]:
    article = article_of(text, dated=PUBLISHED)
    return [one.event for one in decided(article).told]


def statuses(text: str, type_: EventType) -> set[Status]:
    article = article_of(text, headline="Die Woche", dated=PUBLISHED)
    return {one.event.status for one in decided(article).told if one.event.type is type_}


@pytest.mark.parametrize(
    ("text", "type_", "told"),
    [
        ("Die EU hat nicht vor, neue Sanktionen gegen Russland zu verhängen.", EventType.SANCTION, {Status.NEGATED}),
        ("Macron sagte, es wäre nützlich, wieder mit Putin zu sprechen.", EventType.CONSULT, {Status.HYPOTHETICAL}),
        ("Kiew ist bereit, Moskau Neutralität zu garantieren.", EventType.AGREE, {Status.PAST}),
        ("Die Ukraine begann, Raketen auf Russland zu feuern.", EventType.ASSAULT, {Status.PAST}),
        ("Polen schwieg, anstatt Diplomaten aus Russland auszuweisen.", EventType.SANCTION, {Status.NEGATED}),
        ("Polen verließ den Saal, ohne Diplomaten aus Russland auszuweisen.", EventType.SANCTION, {Status.NEGATED}),
        ("Statt der Ukraine Raketen zu liefern, schwieg Ungarn.", EventType.AID, {Status.NEGATED}),
    ],
)
def test_what_governs_an_infinitive_says_whether_it_was_done(text: str, type_: EventType, told: set[Status]) -> None:
    assert statuses(text, type_) == told


@pytest.mark.parametrize(
    ("text", "type_", "told"),
    [
        ("Polen hätte der Ukraine Raketen geliefert.", EventType.AID, {Status.NEGATED, Status.HYPOTHETICAL}),
        ("Die russischen Truppen hätten Charkiw angegriffen, sagte Klitschko.", EventType.ASSAULT, {Status.PAST}),
        ("Die EU ist nicht bereit, ein Abkommen mit Russland zu schließen.", EventType.AGREE, {Status.NEGATED}),
        (
            "Die EU plant, ein Abkommen mit Georgien zu schließen.",
            EventType.AGREE,
            {Status.PLANNED, Status.HYPOTHETICAL},
        ),
    ],
)
def test_what_might_have_been_or_nobody_wants_has_not_been(text: str, type_: EventType, told: set[Status]) -> None:
    assert statuses(text, type_) <= told


@pytest.mark.parametrize(
    "text",
    [
        "Selenskyj betonte seine Bereitschaft zu einem Treffen mit Putin.",
        "Xi hat Putin zu einem Besuch in Peking eingeladen.",
        "Scholz zeigte sich offen für ein Treffen mit Putin.",
    ],
)
def test_a_meeting_that_somebody_wishes_has_not_taken_place(text: str) -> None:
    assert not statuses(text, EventType.CONSULT) & {Status.PAST, Status.ONGOING}


def test_a_meeting_after_which_somebody_wishes_something_has_taken_place() -> None:
    text = "Nach einem Treffen mit Putin in Moskau rief Macron zu einer Waffenruhe auf."
    assert statuses(text, EventType.CONSULT) == {Status.PAST}


def test_what_others_say_has_been_done_is_not_planned() -> None:
    text = "An der Grenze zu Polen sollen inzwischen rund 30.000 russische Soldaten stationiert sein."
    assert statuses(text, EventType.MOBILIZE) == {Status.ONGOING}


def test_nothing_is_denied_without_a_word_that_denies() -> None:
    assert Status.NEGATED not in statuses(
        "Das nächste Gespräch in Moskau führt Außenminister Lawrow.", EventType.CONSULT
    )


def test_the_time_that_an_article_has_itself_is_no_acts() -> None:
    told = read("Gespräche in Prag Stand: 07.05.2024 15:15 Uhr", "Polen und Litauen trafen sich am Montag in Prag.")
    assert [[time.words for time in times] for times in told.times[1:]] == [[], ["Montag"]]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "Wichtig bleibt das Gebiet Belgorod, wo die Ukraine im Herbst eine Offensive begonnen hat.",
            "2023-09/2023-11",
        ),
        ("Deutschland hatte der Ukraine im Winter Generatoren geliefert.", "2023-12/2024-02"),
    ],
)
def test_a_season_of_the_acts_own_clause_is_its_time(text: str, day: str) -> None:
    told = [event.when.iso for event in events(text) if event.when is not None]
    assert told == [day]


@pytest.mark.parametrize(
    ("text", "recipients"),
    [
        ("Russland griff Odessa am Montag mit Drohnen an.", ["UKR"]),
        ("Die Ukraine hat am Dienstag Belgorod beschossen.", ["RUS"]),
        ("Am frühen Morgen griff Russland Kiew an.", ["UKR"]),
        ("Kiew wurde am Dienstag von Russland beschossen.", ["UKR"]),
        ("Russland griff Odessa an, um Rumänien zu treffen.", ["UKR"]),
        ("Mit iranischen Drohnen griff Russland Kiew an.", ["UKR"]),
        ("Während Scholz in Peking war, griff Russland Charkiw an.", ["UKR"]),
    ],
)
def test_who_is_attacked_is_whose_the_place_is_that_is_attacked(text: str, recipients: list[str]) -> None:
    (attack,) = (event for event in events(text) if event.type is EventType.ASSAULT)
    assert [actor.code for actor in attack.recipients] == recipients


@pytest.mark.parametrize("text", ["Russland hat Mariupol besetzt.", "Russland annektierte die Krim."])
def test_who_is_occupied_is_whose_the_place_is(text: str) -> None:
    (occupied,) = (event for event in events(text) if event.type is EventType.COERCE)
    assert [actor.code for actor in occupied.recipients] == ["UKR"]


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Auch der indische Regierungschef Modi und der türkische Präsident Erdogan trafen am Montag in Warschau ein.", "IND POL TUR"),
        (
            "Neben der EU haben sich in Oslo die Regierungschefs von Polen, Dänemark und Italien zu Gesprächen über die Ukraine getroffen.",
            "DNK EU ITA POL",
        ),
    ],
)  # fmt: skip
def test_a_meeting_that_was_has_the_host_of_a_visit_and_none_that_it_was_about(text: str, parties: str) -> None:
    (meeting,) = events(text)
    assert (meeting.type, sorted(meeting.parties)) == (EventType.CONSULT, parties.split())


@pytest.mark.parametrize("stated", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)])
def test_an_article_of_no_year_of_news_has_no_day(stated: datetime) -> None:
    article = article_of("Macron trifft Putin am Montag in Oslo.", dated=stated)
    assert article.dated is None
    assert all(event.when is None for event in [one.event for one in decided(article).told])


@pytest.mark.parametrize(
    ("text", "day", "history"),
    [
        ("Infolge der russischen Invasion in die Ukraine steigen die Preise.", "2022-03-06", False),
        ("Infolge der russischen Invasion in die Ukraine steigen die Preise.", "2022-09-06", True),
        ("Nach Moskaus Einmarsch in die Ukraine 2014 schwieg Wien.", "2022-03-06", True),
    ],
)
def test_the_invasion_is_no_history_in_its_first_month(text: str, day: str, history: bool) -> None:
    told = datetime.fromisoformat(f"{day}T12:00:00+01:00")
    found = decided(article_of(text, dated=told)).told
    (attack,) = (one.event for one in found if one.event.type is EventType.ASSAULT)
    assert (attack.status is Status.HISTORICAL) is history
