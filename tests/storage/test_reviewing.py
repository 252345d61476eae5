"""A reviewer's word beside the machine's: it wins, and it holds whatever a new version or a recode brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import archive_matter as matter
import pytest
from archive_matter import FEED, LEASE, MINUTE, NOW, RUS, UKR, keep, types
from sqlalchemy import Engine

from extractors.model import Article, Event, PartKind, Place
from extractors.ontology import EventType
from storage import pairs, queries
from storage.archive import Made, opened
from storage.engine import reading
from storage.queries import EventFilter
from storage.reviewing import NotThere

DAY = timedelta(days=1)


def recode(engine: Engine, events: Sequence[Event], coder: str = "2+bb", *, version: int = 1) -> bool:
    with opened(engine) as archive:
        replaced = archive.recoding.replace_coding(
            version, Made(assessments=[matter.assessment(coder=coder)], events=events), coder, NOW + DAY
        )
    return replaced.stored


def revise(engine: Engine, article: Article, events: Sequence[Event], at: datetime) -> None:
    """Keep a new version of the first article."""
    with opened(engine) as archive:
        archive.add_window(FEED, [matter.sighting(1, fetch="changed")], at)
        (claimed,) = archive.claim_entries("w", 1, at, lease=LEASE)
        archive.keep_article(claimed, article, Made(assessments=[matter.assessment()], events=events), at)


def _now(engine: Engine) -> tuple[queries.StoredEvent, ...]:
    with reading(engine) as connection:
        return queries.events(connection)


def test_a_correction_wins_and_what_was_known_before_can_still_be_asked(engine: Engine) -> None:
    article = keep(engine)
    was = matter.refusal(article)
    corrected = replace(was, type=EventType.ACCUSE, mode="", actors=(UKR,))
    with opened(engine) as archive:
        archive.review.correct(was.id, "changed", "ana", NOW + MINUTE, changed=corrected, comment="misread")
    with reading(engine) as connection:
        now = queries.events(connection)
        before = queries.events(connection, EventFilter(as_known_on=NOW))
        act = queries.reports(connection, "act-REJECT")
    assert types(now) == ["ACCUSE", "CONSULT"]
    assert types(before) == ["CONSULT", "REJECT"]
    assert [(each.event.type, each.reviewed) for each in act] == [(EventType.ACCUSE, True)]


def test_wrong_ends_an_event_right_keeps_it_and_withdrawing_brings_it_back(engine: Engine) -> None:
    article = keep(engine)
    was = matter.refusal(article)
    with opened(engine) as archive:
        number = archive.review.correct(was.id, "wrong", "ana", NOW + MINUTE)
        assert types(queries.events(archive.connection)) == ["CONSULT"]
        with pytest.raises(NotThere):
            archive.review.correct(was.id, "right", "ben", NOW + MINUTE)
        archive.review.withdraw(number, NOW + 2 * MINUTE)
        assert types(queries.events(archive.connection)) == ["CONSULT", "REJECT"]
        archive.review.correct(was.id, "right", "ben", NOW + 3 * MINUTE)
        assert types(queries.events(archive.connection)) == ["CONSULT", "REJECT"]
        assert types(queries.events(archive.connection, EventFilter(as_known_on=NOW + MINUTE))) == ["CONSULT"]
        assert [each.author for each in archive.review.corrections()] == ["ben"]
        assert archive.review.correction(number).withdrawn_at == NOW + 2 * MINUTE


def test_a_second_correction_takes_the_place_of_the_first(engine: Engine) -> None:
    article = keep(engine)
    was = matter.refusal(article)
    first, second = (replace(was, type=type_, mode="") for type_ in (EventType.ACCUSE, EventType.THREATEN))
    with opened(engine) as archive:
        archive.review.correct(was.id, "changed", "ana", NOW + MINUTE, changed=first)
        archive.review.correct(first.id, "changed", "ben", NOW + 2 * MINUTE, changed=second)
        assert types(queries.events(archive.connection)) == ["CONSULT", "THREATEN"]
        assert [each.author for each in archive.review.corrections()] == ["ben"]
        assert archive.review.corrections()[0].machine == was


def test_what_a_version_said_last_is_known_with_its_acts_and_whether_anybody_tells_them(engine: Engine) -> None:
    keep(engine)
    revise(engine, matter.article(said="Mehr ist nicht bekannt."), [], NOW + DAY)
    with opened(engine) as archive:
        told = archive.tracking.told_last(1)
        assert [(act, event.type) for act, event in told] == [("act-CONSULT", "CONSULT"), ("act-REJECT", "REJECT")]
        assert archive.tracking.statuses(["act-CONSULT", "act-9"]) == {"act-CONSULT": set(), "act-9": set()}


def test_verdicts_that_take_something_back_are_known_until_they_are_taken_back_themselves(engine: Engine) -> None:
    article = keep(engine)
    with opened(engine) as archive:
        archive.review.correct(matter.meeting(article).id, "right", "ana", NOW + MINUTE)
        wrong = archive.review.correct(matter.refusal(article).id, "wrong", "ana", NOW + MINUTE)
        assert [(one.id, act) for one, act in archive.review.verdicts(NOW)] == [(wrong, "act-REJECT")]
        assert archive.review.verdicts(NOW + DAY) == []
        archive.review.withdraw(wrong, NOW + 2 * MINUTE)
        assert archive.review.verdicts(NOW) == []


def test_a_recode_replaces_what_reads_differently_and_keeps_the_rest(engine: Engine) -> None:
    article = keep(engine)
    same = matter.meeting(article, coder="2+bb")
    other = replace(matter.refusal(article, coder="2+bb"), type=EventType.ACCUSE, mode="")
    with opened(engine) as archive:
        assert [stale.version_id for stale in archive.recoding.stale_versions("2+bb", 9)] == [1]
        assert archive.recoding.stale_versions("2+bb", 9)[0].article == article
    before = {each.uid: each.row for each in _now(engine)}
    assert recode(engine, [same, other])
    assert not recode(engine, [])

    found = _now(engine)
    assert types(found) == ["ACCUSE", "CONSULT"]
    assert {each.uid: each.row for each in found}[same.id] == before[same.id]
    assert {each.event.type: each.act for each in found} == {"CONSULT": "act-CONSULT", "ACCUSE": "act-REJECT"}
    with opened(engine) as archive:
        assert archive.recoding.stale_versions("2+bb", 9) == ()
        assert archive.recoding.coverage("2+bb").done == 1
        assert types(queries.events(archive.connection, EventFilter(as_known_on=NOW))) == ["CONSULT", "REJECT"]


def test_corrections_survive_a_new_version(engine: Engine) -> None:
    """What was wrong with a sentence is wrong with it when the publisher changes another, or its time alone."""
    was = keep(engine)
    refused = matter.refusal(was)
    with opened(engine) as archive:
        archive.review.correct(matter.meeting(was).id, "right", "Ada", NOW)
        archive.review.correct(refused.id, "changed", "Ada", NOW, changed=replace(refused, recipients=(UKR,)))
    longer = replace(matter.article(said="Vorher: " + matter.SAID), stand=NOW + MINUTE)
    revise(engine, longer, [matter.meeting(longer), matter.refusal(longer)], NOW + MINUTE)
    with opened(engine) as archive:
        told = {each.event.type: each for each in queries.events(archive.connection)}
        refusal = told[EventType.REJECT]
        evidence = refusal.event.evidence
        assert [actor.code for actor in refusal.event.recipients] == ["UKR"]
        assert longer.text[evidence.start : evidence.end] == matter.REFUSED
        assert told[EventType.CONSULT].reviewed
        assert pairs.differing(archive.connection) == 0
        # Another word takes the place of the one that was carried over, and can be taken back.
        archive.review.correct(refusal.uid, "wrong", "Ben", NOW + 2 * MINUTE)
        archive.review.correct(told[EventType.CONSULT].uid, "wrong", "Ben", NOW + 2 * MINUTE)
        assert queries.events(archive.connection) == ()
        for correction in archive.review.corrections():
            archive.review.withdraw(correction.id, NOW + 3 * MINUTE)
        assert {each.uid for each in queries.events(archive.connection)} == {
            matter.meeting(longer).id,
            matter.refusal(longer).id,
        }


def test_a_correction_says_nothing_of_what_a_version_says_otherwise(engine: Engine) -> None:
    """Nor does taking it back bring back what the publisher no longer says."""
    was = keep(engine)
    with opened(engine) as archive:
        number = archive.review.correct(matter.refusal(was).id, "wrong", "Ada", NOW)
    now = replace(matter.article(), stand=NOW + MINUTE)
    revise(engine, now, [replace(matter.refusal(now), recipients=(UKR,))], NOW + MINUTE)
    with opened(engine) as archive:
        (told,) = queries.events(archive.connection)
        assert not told.reviewed
        archive.review.withdraw(number, NOW + 2 * MINUTE)
        assert [each.row for each in queries.events(archive.connection)] == [told.row]


def test_corrections_survive_a_recode(engine: Engine) -> None:
    article = keep(engine)
    was = matter.refusal(article)
    corrected = replace(was, type=EventType.ACCUSE, mode="")
    with opened(engine) as archive:
        archive.review.correct(was.id, "changed", "ana", NOW + MINUTE, changed=corrected)
        archive.review.correct(matter.meeting(article).id, "wrong", "ana", NOW + MINUTE)

    narrower = replace(was.evidence, end=was.evidence.end - 4, quote=was.evidence.quote[:-4])
    recode(engine, [matter.meeting(article, coder="2+bb"), replace(was, evidence=narrower, actors=(RUS,))])
    assert [(each.event.type, each.event.actors) for each in _now(engine)] == [("ACCUSE", was.actors)]
    with opened(engine) as archive:
        assert archive.review.corrections(waiting=True) == ()


def test_a_correction_that_lost_its_hold_waits_for_a_look(engine: Engine) -> None:
    article = keep(engine)
    was = matter.refusal(article)
    with opened(engine) as archive:
        archive.review.correct(
            was.id, "changed", "ana", NOW + MINUTE, changed=replace(was, type=EventType.ACCUSE, mode="")
        )
    recode(engine, [matter.meeting(article)])
    with opened(engine) as archive:
        assert [each.author for each in archive.review.corrections(waiting=True)] == ["ana"]
    assert types(_now(engine)) == ["ACCUSE", "CONSULT"]


def test_a_recode_keeps_what_is_read_otherwise_in_the_same_sentence(engine: Engine) -> None:
    """An event's id says nothing of day, place and mode: what another rule reads there was lost."""
    article = keep(engine)
    was = matter.meeting(article)
    assert was.when is not None
    day = date(2031, 3, 13)
    other = replace(was, when=replace(was.when, first=day, last=day), place=Place(name="Wien", country="AUT"), mode="")
    assert other.id == was.id
    recode(engine, [other, matter.refusal(article)])
    told = {each.event.type: each for each in _now(engine)}[EventType.CONSULT]
    assert told.event.when is not None
    assert (told.day, told.event.when.first, told.event.place, told.event.mode) == (day, day, other.place, "")
    assert told.act == "act-CONSULT"
    with opened(engine) as archive:
        before = queries.events(archive.connection, EventFilter(as_known_on=NOW, types=[EventType.CONSULT]))
        assert [each.day for each in before] == [date(2031, 3, 12)]
        assert pairs.differing(archive.connection) == 0


def test_a_recode_changes_grounds_in_place(engine: Engine) -> None:
    article = keep(engine)
    rows = {each.uid: each.row for each in _now(engine)}
    was = matter.meeting(article, coder="2+bb")
    assert was.when is not None
    other = replace(
        was,
        confidence=0.7,
        evidence=replace(was.evidence, rule="herald"),
        when=replace(was.when, rule="weekday"),
    )
    recode(engine, [other, matter.refusal(article, coder="2+bb")])
    told = {each.event.type: each for each in _now(engine)}[EventType.CONSULT]
    assert (told.event, told.row) == (other, rows[was.id])


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("verdict", ["right", "wrong", "changed"])
def test_a_correction_says_nothing_of_what_stands_beside_it(engine: Engine, verdict: str, *, first: bool) -> None:
    """One sentence tells of two accusations; a recode took one for the other, and hid what nobody had judged."""
    said = replace(matter.refusal(matter.article()), type=EventType.ACCUSE, mode="", speaker=None)
    there, back = (replace(said, actors=(one,), recipients=(other,)) for one, other in ((RUS, UKR), (UKR, RUS)))
    keep(engine, events=[there, back])
    judged = there if first else back
    changed = replace(judged, type=EventType.THREATEN) if verdict == "changed" else None
    with opened(engine) as archive:
        archive.review.correct(judged.id, verdict, "Ada", NOW + MINUTE, changed=changed)
    before = _now(engine)
    for coder in ("2+bb", "3+cc"):
        recode(engine, [replace(event, coder=coder) for event in (there, back)], coder)
        assert [(each.row, each.reviewed) for each in _now(engine)] == [(each.row, each.reviewed) for each in before]
    # Read another way, the other one is still another.
    unsure = replace(there if judged is back else back, speaker=UKR, recipients=(RUS, UKR))
    recode(engine, [replace(event, coder="4+dd") for event in (judged, unsure)], "4+dd")
    assert unsure.id in {each.uid for each in _now(engine) if not each.reviewed}
    with opened(engine) as archive:
        assert archive.review.corrections(waiting=True) == ()
        assert pairs.differing(archive.connection) == 0


def test_a_correction_says_nothing_of_what_another_version_has_in_its_place(engine: Engine) -> None:
    was = keep(engine)
    with opened(engine) as archive:
        archive.review.correct(matter.refusal(was).id, "wrong", "Ada", NOW)
    told = "Das Bündnis wies auch die Forderung nach einem Rückzug aus Polen zurück."
    now = Article.compose(
        url=was.url,
        publisher="haus",
        headline=matter.HEADLINE,
        body=((PartKind.PARAGRAPH, matter.SAID), (PartKind.PARAGRAPH, told)),
        stand=NOW + MINUTE,
    )
    other = replace(matter.refusal(was), evidence=matter.evidence(now, told, "wies-zurück"))
    corrected = matter.evidence(was, matter.REFUSED, "")
    assert min(corrected.end, other.evidence.end) > max(corrected.start, other.evidence.start)
    revise(engine, now, [other], NOW + MINUTE)
    recode(engine, [replace(other, evidence=replace(other.evidence, start=other.evidence.start + 1))], version=2)
    assert types(_now(engine)) == ["REJECT"]


def test_a_correction_that_a_new_version_took_over_holds_where_that_version_has_the_sentence(engine: Engine) -> None:
    was = keep(engine)
    refused = matter.refusal(was)
    with opened(engine) as archive:
        archive.review.correct(refused.id, "changed", "Ada", NOW, changed=replace(refused, recipients=(UKR,)))
    longer = replace(matter.article(said="Vorher: " + matter.SAID), stand=NOW + MINUTE)
    revise(engine, longer, [matter.refusal(longer)], NOW + MINUTE)
    again = matter.refusal(longer)
    narrower = replace(again.evidence, end=again.evidence.end - 4, quote=again.evidence.quote[:-4])
    recode(engine, [replace(again, evidence=narrower)], version=2)
    (told,) = _now(engine)
    assert told.reviewed
    assert [actor.code for actor in told.event.recipients] == ["UKR"]
    assert longer.text[told.event.evidence.start : told.event.evidence.end] == matter.REFUSED
