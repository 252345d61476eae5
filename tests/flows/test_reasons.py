"""The German room explains in German: every sentence that the machine gives as a reason has its translation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from extractors.articles.refusal import Reason
from extractors.model import FOLLOWED, Actor, Article, Event, Evidence, Place, Precision, When
from extractors.ontology import EventType, Status
from extractors.stories import acts, demands, matters, meetings, restating, voices
from extractors.stories.revisions import differences
from flows.fetching import Fault
from flows.sandbox import Trouble
from flows.web.reasons import ROWS, in_german
from flows.web.wording import Words

NOW = datetime(2031, 3, 10, 9, tzinfo=UTC)
ENGLISH = (
    " the ",
    " too",
    "told",
    "parties",
    "place:",
    "words",
    "apart",
    "demanded",
    "called",
    "held",
    "against",
    " of ",
)


def event(quote: str = "Das Bündnis lehnte den Entwurf in Genf ab.", **more: object) -> Event:
    values: dict[str, object] = {
        "type": EventType.REJECT,
        "status": Status.PAST,
        "actors": (Actor(code="NATO"),),
        "recipients": (Actor(code="RUS"),),
        "place": Place(name="Genf"),
        "evidence": Evidence(start=0, end=len(quote), quote=quote, rule="r"),
        "confidence": 0.8,
        "coder": "1",
    }
    return Event(**{**values, **more})  # type: ignore[arg-type]


def ref(article: str, house: str, hours: int = 0) -> acts.ArticleRef:
    return acts.ArticleRef(article=article, publisher=house, told_at=NOW + timedelta(hours=hours))


def reasons_of_links() -> list[str]:
    first = acts.open_act(event(), ref("a", "haus"))
    day = When(first=date(2031, 3, 10), last=date(2031, 3, 10), precision=Precision.DAY, words="", rule="")
    others = [
        event(),
        event(status=Status.NEGATED, place=Place(name="Wien")),
        event(type=EventType.ACCUSE, when=day),
        event("Die Allianz will davon nichts wissen.", status=Status.HISTORICAL),
    ]
    found = [acts.likeness(each, ref("b", "hafen", 5), first)[1] for each in others]
    found.append(acts.likeness(event(when=day), ref("b", "hafen"), acts.open_act(event(when=day), ref("a", "haus")))[1])
    meeting = event(type=EventType.CONSULT, recipients=(), actors=(Actor(code="NATO"), Actor(code="RUS")))
    again = event("Man redet.", type=EventType.CONSULT, recipients=(), actors=(Actor(code="RUS"), Actor(code="NATO")))
    found.append(acts.likeness(again, ref("b", "hafen"), acts.open_act(meeting, ref("a", "haus")))[1])
    found.append(acts.link(event(), ref("a", "haus"), ()).reasons)
    asks = event("Das Bündnis bat um Panzer.", type=EventType.REQUEST)
    found.append((restating.why(acts.open_act(asks, ref("a", "haus"))),))
    return [reason for reasons in found for reason in reasons]


def reasons_of_meetings() -> list[str]:
    quote = "Das Bündnis und Moskau wollen am Freitag in Genf beraten."
    both = (Actor(code="NATO"), Actor(code="RUS"))
    day = When(first=date(2031, 3, 14), last=date(2031, 3, 14), precision=Precision.DAY, words="", rule="")
    moved = replace(day, first=date(2031, 3, 20), last=date(2031, 3, 20))

    def told(**more: object) -> Event:
        return event(
            **{"type": EventType.CONSULT, "status": Status.PLANNED, "actors": both, "recipients": (), "when": day}
            | {"quote": quote}
            | more
        )

    known = meetings.announce(told(), ref("a", "haus"), NOW)
    steps = [
        (told(), "b"),
        (told(status=Status.HYPOTHETICAL), "c"),
        (told(speaker=Actor(code="RUS")), "d"),
        (told(when=moved, quote="Das Treffen in Genf wurde auf den 20. März verschoben."), "e"),
        (told(status=Status.NEGATED), "f"),
        (told(), "g"),
        (told(status=Status.PAST), "h"),
        (told(), "i"),
        (told(status=Status.NEGATED), "j"),
    ]
    for each, article in steps:
        known = meetings.advance(known, each, ref(article, f"haus-{article}"), NOW)
    vienna = told(place=Place(name="Wien"), quote="Das Treffen wird nach Wien verlegt.")
    geneva = meetings.announce(told(place=Place(name="Genf")), ref("a", "haus"), NOW)
    town = meetings.advance(geneva, vienna, ref("b", "haus"), NOW)
    early, later = NOW - timedelta(days=9), told(quote="Das Treffen in Genf wurde verschoben.", when=moved)
    again = meetings.advance(meetings.announce(told(), ref("a", "haus"), NOW), later, ref("b", "hafen", 1), NOW)
    old = replace(ref("c", "hafen"), told_at=early)
    back = meetings.advance(again, told(quote="Am Freitag berät man in Genf."), old, early)
    kept = meetings.advance(back, told(status=Status.NEGATED, quote="In Genf berät man nicht."), old, early)
    late = meetings.due(meetings.announce(told(), ref("a", "haus"), NOW), NOW + timedelta(days=30))
    return [step.reason for step in (*known.history, *kept.history, *late.history, *town.history)]


def reasons_of_demands() -> list[str]:
    asks = event("Moskau fordert den Abzug der Raketen.", type=EventType.REQUEST)
    rows = demands.ledger([(asks, ref("a", "haus")), (asks, ref("b", "hafen", 1))])
    answer = "Den Abzug der Raketen lehnt Moskau ab, falls nichts geschieht."
    for number, kind in enumerate((EventType.REJECT, EventType.AGREE, EventType.RETREAT)):
        said = event(answer, type=kind, actors=(Actor(code="RUS"),), recipients=(Actor(code="NATO"),))
        rows = demands.ledger([(said, ref(f"c{number}", "haus", 2 + number))], rows)
    return [entry.reason for row in rows for entry in row.entries]


def reasons_of_stories() -> list[str]:
    def told(key: str, *ids: str) -> matters.Features:
        of = Article.compose(url=key, headline="Beratungen in Genf", body=())
        return matters.features(of, key=key, acts=ids, told_at=NOW)

    first = matters.begin(told("a", "act_1"))
    found = matters.assign(told("b", "act_1"), [first])
    return [first.members[0].reason, found.reason, matters.assign(told("c"), []).reason]


def reasons_of_versions() -> list[str]:
    firm, soft = event(), event("Das Bündnis soll den Entwurf in Genf abgelehnt haben.")
    new = event("Eine Sprecherin bat um Geduld.", type=EventType.REQUEST)
    plan = event("Das Bündnis will den Entwurf in Genf ablehnen.", status=Status.PLANNED)
    pairs = [([firm], [soft]), ([firm], [new]), ([firm], [plan])]
    return [each.reason for before, after in pairs for each in differences(before, after).told]


@pytest.mark.parametrize(
    "gather", [reasons_of_links, reasons_of_meetings, reasons_of_demands, reasons_of_stories, reasons_of_versions]
)
def test_every_reason_of_the_machine_is_told_in_german(gather):
    reasons = gather()
    assert reasons
    for reason in reasons:
        german = in_german(reason)
        assert german, reason
        assert not [word for word in ENGLISH if word in f" {german}"], (reason, german)
        assert german != reason or reason.startswith("„"), reason


def test_every_cue_of_the_mode_meter_has_its_german():
    names = [cue.name for cue in voices.CUES] + [row.name for row in voices.MOODS]
    assert all(in_german(name) != name for name in names)


@pytest.mark.parametrize("closed", [Fault, Trouble, Reason])
def test_every_reason_of_a_closed_set_has_its_german(closed):
    """What befell requests, documents and pages: an operator reads it in the room's table of feeds and runs."""
    for reason in closed:
        assert in_german(str(reason)) != str(reason), reason
        assert in_german(f"{reason}: 503") == f"{in_german(str(reason))}: 503"


@pytest.mark.parametrize(
    ("told", "german"),
    [
        (
            "answers, and has had no new entry since 2028-01-16 23:53 UTC",
            "antwortet, hat aber seit 17.01.2028 00:53 nichts Neues",
        ),
        (
            "no entry of the window was known: some may be missed since 2028-07-01 08:00 UTC",
            "kein Eintrag im Fenster war bekannt: seit 01.07.2028 10:00 können welche fehlen",
        ),
        ("6 failures in a row; last: server error: 503", "6 Fehlschläge in Folge; zuletzt: Serverfehler: 503"),
        (
            "asked once a week only: it is gone; 3 failures in a row; last: gone",
            "wird nur noch einmal die Woche gefragt, denn er ist entfernt; 3 Fehlschläge in Folge; zuletzt: entfernt",
        ),
        (
            "lives at https://haus.example/rss now; change it in the list of feeds",
            "ist umgezogen nach https://haus.example/rss; bitte in der Feed-Liste ändern",
        ),
        (
            "the last pass was at 2028-01-16 12:00 UTC, and now it is 2028-01-16 11:30",
            "der letzte Lauf war am 16.01.2028 13:00, und jetzt ist es 16.01.2028 12:30",
        ),
        (
            "the last night was 9 days ago, or the clock is ahead: nothing is let go before the next one",
            "die letzte Nacht war vor 9 Tagen, oder die Uhr geht vor: vor der nächsten wird nichts gelöscht",
        ),
        (
            "lists 40 entries more than are read of a feed: new ones may be among them",
            "führt 40 Einträge mehr, als von einem Feed gelesen werden: neue können darunter sein",
        ),
        (
            "none of the last 10 pages could be read: 8 consent wall, 2 given up: refused",
            "keine der letzten 10 Seiten war zu lesen: 8 Einwilligungsschranke, 2 aufgegeben: abgewiesen",
        ),
        ("re-check failed: dns", "erneuter Blick, gescheitert: Name nicht auflösbar"),
        ("day: both 2028-01-12", "Tag: beide 12.01.2028"),
        ("day: 2028-01-12/2028-01-14 and 2028-01 meet", "Tag: 12.01.2028–14.01.2028 und 2028-01 berühren sich"),
        ("no report since 2028-01-12", "kein Bericht seit 12.01.2028"),
        (
            "'Eide' is no full name: first name and surname, as articles have them",
            "„Eide“ ist kein voller Name: Vor- und Nachname, wie ihn Artikel haben",
        ),
        (
            "the office ends (2028-01-12) before it begins (2028-05-01)",
            "das Amt endet (12.01.2028), bevor es beginnt (01.05.2028)",
        ),
        ("'gestern' is no day (as 2028-05-01)", "gestern ist kein Tag: Ein Tag wird so geschrieben: 2028-05-01"),
    ],
)
def test_what_operators_are_told_is_german_and_by_their_clock(told, german):
    assert in_german(told) == german


def test_what_no_row_knows_is_shown_as_it_is():
    assert in_german("something new; status: past") == "something new; Status: geschehen"
    assert in_german("RUS, USA → NATO") == "RUS, USA → NATO"
    assert in_german("") == ""


def test_the_english_room_keeps_the_machines_words():
    assert Words("en", ZoneInfo("UTC")).reason("told again") == "told again"


def test_moments_are_told_by_the_readers_clocks_in_english_too():
    """The line of an incident had two times, an hour apart."""
    told = "the last pass was at 2028-01-16 23:30 UTC, and now it is 2028-01-16 23:00"
    assert Words("en", ZoneInfo("Europe/Berlin")).reason(told) == (
        "the last pass was at 17 Jan 2028 00:30, and now it is 17 Jan 2028 00:00"
    )
    for none in ("broken: 2028-13-45 99:99", "broken: 9999-12-31 23:59"):
        assert Words("en", ZoneInfo("Europe/Berlin")).reason(none) == none


def test_the_rows_hold_no_pattern_twice():
    patterns = [row.pattern.pattern for row in ROWS]
    assert len(patterns) == len(set(patterns))


def test_why_a_version_that_is_only_related_counts_as_core_is_told_in_german() -> None:
    assert in_german(FOLLOWED) == "eine frühere Fassung war Kern"
