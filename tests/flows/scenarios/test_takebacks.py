"""What was told and is said no longer: whoever was told hears it, once, with the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tiny_site import Page, TinySite, idle, talks
from world import World

from extractors.ontology import EventType, Status
from flows import steps
from flows.newsroom import Newsroom
from flows.settings import Channel
from flows.steps import entries
from storage import queries
from storage.archive import opened
from storage.engine import reading
from storage.tables import DeliveryRow, EventRow

DECIDED = "Die EU hat weitere Sanktionen gegen Russland beschlossen."
MARK = "Zurückgenommen: "


def page(n: int = 1, *sentences: str, path: str = "") -> Page:
    of = talks(n)
    return replace(of, body=(*of.body, *sentences), path=path or of.path)


def heard(world: World, hook: int = 0) -> list[dict[str, Any]]:
    """The alerts that a hook took, in order."""
    told = [delivery.json()["data"]["alerts"] for delivery in world.rooms[hook].deliveries if delivery.status < 300]
    return [alert for alerts in told for alert in alerts]


def changes(world: World, hook: int = 0) -> list[str]:
    """The titles of what a hook was told of what it had heard before."""
    return [alert["title"] for alert in heard(world, hook) if alert["change"]]


async def begun(world: World, *sentences: str) -> None:
    """The sanctions are told."""
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(page(1, *(sentences or (DECIDED,))))
    await world.passes(hours=1)


async def test_what_a_later_version_leaves_out_is_taken_back_once_for_those_who_heard_it(world):
    other = world.open.enter_context(Newsroom(site=TinySite(feeds={}), clock=world.clock))
    world.rooms.append(other)
    world.changes = {
        "channels": {
            name: Channel(kind="webhook", url=room.hook_url, secret="geheim", types=types)
            for name, room, types in (("all", world.room, ()), ("talks", other, ("CONSULT",)))
        }
    }
    await begun(world)
    [before] = [alert for alert in heard(world) if alert["type"] == "SANCTION"]
    world.site.revise(page(1, "Ein Datum für die nächste Runde nannten die Delegationen nicht."))
    await world.passes(4, hours=2)

    [back] = [alert for alert in heard(world) if alert["change"]]
    assert back["title"] == f"{MARK}{before['title']}"
    assert back["change"] == "withdrawn"
    assert back["act"] == before["act"]
    assert back["facts"]["Bisher"] == before["title"]
    assert back["facts"]["Grund"].startswith("Der Satz steht nicht mehr im Artikel")
    assert DECIDED in back["facts"]["Beleg"]
    assert heard(world, 1)
    assert changes(world, 1) == []


async def test_what_another_house_still_says_is_not_taken_back(world):
    await begun(world)
    world.site.publish(page(2, DECIDED))
    await world.passes(hours=1)
    world.site.revise(page(1))
    await world.passes(2, hours=2)

    assert world.count(EventRow, EventRow.type == "SANCTION", EventRow.ended_by == "version") == 1
    assert changes(world) == []


async def test_what_is_only_said_in_other_words_is_not_taken_back(world):
    await begun(world)
    world.site.revise(page(1, "Die EU hat am Montag weitere Sanktionen gegen Russland beschlossen."))
    await world.passes(2, hours=2)

    assert changes(world) == []


async def test_what_the_house_now_denies_is_taken_back_with_what_it_says_instead(world):
    await begun(world)
    world.site.revise(page(1, "Die EU hat keine weiteren Sanktionen gegen Russland beschlossen."))
    await world.passes(2, hours=2)

    [back] = [alert for alert in heard(world) if alert["change"]]
    assert back["title"].startswith(MARK)
    assert back["facts"]["Grund"].startswith("Der Artikel sagt es jetzt anders")
    assert "verneint" in back["facts"]["Jetzt"]


async def test_what_is_reported_again_is_told_to_those_who_heard_it_taken_back(world):
    await begun(world)
    world.site.revise(page(1))
    await world.passes(hours=2)
    world.site.publish(page(2, DECIDED))
    await world.passes(2)

    assert [title.partition(":")[0] for title in changes(world)] == ["Zurückgenommen", "Doch berichtet"]


async def test_what_leaves_a_page_that_changes_all_the_time_waits_for_the_digest(world):
    """A ticker lets go what is hours old: that is no correction."""
    await begun(world)
    for n in range(6):
        world.clock.advance(minutes=20)
        world.site.feeds["alle"] = world.site.feeds["alle"][:1]
        entry = page(1, *([DECIDED] if n < 5 else []), f"Meldung {n}: Die Gespräche dauern noch an.")
        world.site.publish(replace(entry, updated=world.clock.now))
        await world.passes(minutes=20)

    assert changes(world) == []
    [waits] = world.rows(DeliveryRow.bundle, where=(DeliveryRow.state == "pending",))
    assert waits.bundle == "digest"
    await steps.digest(world.desk)
    assert [title.partition(":")[0] for title in changes(world)] == ["Zurückgenommen"]


HARBOUR = tuple(
    f"Im {n}. Becken des Hafens liegen seit dem Morgen Frachter, die auf ihre Ladung warten, und niemand fährt aus."
    for n in range(1, 9)
)


async def test_what_goes_as_an_article_is_cut_short_waits_for_the_digest(world):
    """A house that shortens its morning's text corrects nothing: people heard a dozen times that talks had not been held."""
    await begun(world, *HARBOUR, DECIDED)
    world.site.revise(page(1))
    await world.passes(2, hours=2)

    assert changes(world) == []
    await steps.digest(world.desk)
    assert [title.partition(":")[0] for title in changes(world)] == ["Zurückgenommen"]


async def test_what_is_read_otherwise_in_a_sentence_that_stays_waits_for_the_digest(world, monkeypatch):
    """A house added a paragraph, and an act of other parties was told that it had not said."""
    read = entries.code

    def otherwise(*asked: Any) -> Any:
        found = read(*asked)
        changed = (
            replace(one, type=EventType.PROTEST) if one.type is EventType.SANCTION else one for one in found.events
        )
        return replace(found, events=tuple(changed))

    await begun(world)
    before = len(heard(world))
    monkeypatch.setattr(entries, "code", otherwise)
    world.site.revise(page(1, DECIDED, "Die Beratungen gehen am Abend weiter."))
    await world.passes(2, hours=2)

    assert len(heard(world)) == before
    await steps.digest(world.desk)
    assert [alert["type"] for alert in heard(world)[before:]] == ["PROTEST"]


def judged(world: World, verdict: str, **how: Any) -> int:
    """A reviewer's word on the sanctions; the number of the correction."""
    with reading(world.desk.engine) as connection:
        wanted = EventRow.type == "SANCTION", EventRow.known_to.is_(None)
        [uid] = [row.uid for row in world.rows(EventRow.uid, where=wanted)]
        event = queries.event(connection, uid).event
    changed = {"changed": replace(event, **how)} if how else {}
    with opened(world.desk.engine) as archive:
        return archive.review.correct(uid, verdict, "anna", world.clock.now, comment="nur ein Entwurf", **changed)


async def test_what_a_reviewer_calls_wrong_is_taken_back_once(world):
    await begun(world)
    judged(world, "wrong")
    await world.passes(3, minutes=10)

    [back] = [alert for alert in heard(world) if alert["change"]]
    assert back["title"].startswith(MARK)
    assert back["facts"]["Grund"] == "In der Prüfung verworfen: nur ein Entwurf"


async def test_what_a_reviewer_codes_otherwise_is_told_with_what_it_is_now(world):
    await begun(world)
    judged(world, "changed", status=Status.PLANNED)
    await world.passes(3, minutes=10)

    [back] = [alert for alert in heard(world) if alert["change"]]
    assert back["title"] == "Berichtigt: EU → RUS (Russland): Sanktion (angekündigt)"
    assert back["facts"]["Bisher"] == "EU → RUS (Russland): Sanktion"
    assert back["facts"]["Grund"] == "In der Prüfung berichtigt: nur ein Entwurf"


async def test_a_verdict_that_is_taken_back_before_anybody_heard_of_it_tells_nothing(world):
    await begun(world)
    number = judged(world, "wrong")
    with opened(world.desk.engine) as archive:
        archive.review.withdraw(number, world.clock.now)
    await world.passes(2, minutes=10)

    assert changes(world) == []


async def test_what_was_called_wrong_before_it_was_told_is_told_by_nobody(world):
    world.changes = {
        "channels": {"hook": Channel(kind="webhook", url=world.room.hook_url, secret="geheim", quiet="06:00-23:00")}
    }
    await begun(world)
    assert heard(world) == []
    judged(world, "wrong")
    await world.passes(hours=15)
    await world.passes(minutes=10)

    assert {alert["type"] for alert in heard(world)} == {"CONSULT"}
    assert changes(world) == []
