"""The German room explains in German: every sentence that the machine gives as a reason has its translation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from extractors.model import Actor, Article, Event, Evidence, Place, Precision, When
from extractors.ontology import EventType, Status
from extractors.stories import acts, demands, matters, meetings, voices
from flows.web.reasons import ROWS, in_german
from flows.web.revisions import differences
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
    late = meetings.due(meetings.announce(told(), ref("a", "haus"), NOW), NOW + timedelta(days=30))
    return [step.reason for step in (*known.history, *late.history)]


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
    pairs = [([firm], [soft]), ([firm], [new]), ([firm], [replace(firm, status=Status.PLANNED)])]
    return [each.reason for before, after in pairs for each in differences(before, after)]


@pytest.mark.parametrize(
    "gather", [reasons_of_links, reasons_of_meetings, reasons_of_demands, reasons_of_stories, reasons_of_versions]
)
def test_every_reason_of_the_machine_is_told_in_german(gather):
    for reason in gather():
        german = in_german(reason)
        assert german, reason
        assert not [word for word in ENGLISH if word in f" {german}"], (reason, german)
        assert german != reason or reason.startswith("„"), reason


def test_every_cue_of_the_mode_meter_has_its_german():
    names = [cue.name for cue in voices.CUES] + [row.name for row in voices.MOODS]
    assert all(in_german(name) != name for name in names)


def test_what_no_row_knows_is_shown_as_it_is():
    assert in_german("something new; status: past") == "something new; Status: geschehen"
    assert in_german("RUS, USA → NATO") == "RUS, USA → NATO"
    assert in_german("") == ""


def test_the_english_room_keeps_the_machines_words():
    assert Words("en", ZoneInfo("UTC")).reason("told again") == "told again"


def test_the_rows_hold_no_pattern_twice():
    patterns = [row.pattern.pattern for row in ROWS]
    assert len(patterns) == len(set(patterns))
