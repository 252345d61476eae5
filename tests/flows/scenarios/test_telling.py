"""What is told of it over time: once, when it is decided, few at a time, whatever receivers do."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func
from tiny_site import IDLE, Page, TinySite, idle, summit, talks, told
from world import FULL, World

from extractors.model import Alert
from flows import steps
from flows.newsroom import Newsroom
from flows.settings import Channel
from storage.archive import opened
from storage.tables import ActRow, ArticleRow, DeliveryRow, EventRow


async def test_an_agency_text_at_four_houses_is_one_act_told_once_with_its_reports_counted(world):
    world.site.feeds = {name: [idle(n, path=f"/{name}/0")] for n, name in enumerate("abcd")}
    world.site.pages = {pages[0].path: pages[0] for pages in world.site.feeds.values()}
    await world.passes()
    for name in "abcd":
        page = talks(1, path=f"/{name}/1")
        world.site.publish(replace(page, body=(*page.body, "Quelle: dpa")), feed=name)
    await world.passes()

    acts = world.rows(
        EventRow.act_id, func.count(EventRow.article_id.distinct()).label("n"), where=(EventRow.known_to.is_(None),)
    )
    assert world.count(ActRow) >= 1
    assert acts[0].n == 4
    assert len(told(world.room)) == len(set(told(world.room)))
    told_acts = {key.split(":")[1] for key in told(world.room)}
    assert len(told_acts) <= 2


def told_as(world: World, hook: int = 0) -> list[tuple[str, str]]:
    """Type and status of the alerts that a hook took, in order."""
    told = [delivery.json()["data"]["alerts"] for delivery in world.rooms[hook].deliveries if delivery.status < 300]
    return [(alert["type"], alert["status"]) for alerts in told for alert in alerts]


def sanctions(n: int, sentence: str) -> Page:
    of = talks(n)
    return replace(of, body=(*of.body, sentence))


FEARED = "Die EU erwägt, weitere Sanktionen gegen Russland zu verhängen."
DECIDED = "Die EU hat weitere Sanktionen gegen Russland beschlossen."


async def test_what_was_feared_is_told_when_it_is_decided_and_once(world):
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(sanctions(1, FEARED))
    await world.passes()
    assert ("SANCTION", "hypothetical") in world.rows(EventRow.type, EventRow.status)
    assert ("SANCTION", "past") not in told_as(world)
    world.site.publish(sanctions(2, DECIDED))
    await world.passes()
    world.site.publish(sanctions(3, DECIDED))
    await world.passes()

    assert told_as(world).count(("SANCTION", "past")) == 1
    assert world.count(ActRow, ActRow.type == "SANCTION") == 1


async def test_who_wants_deeds_alone_is_told_when_a_plan_is_carried_out_and_others_once(world):
    other = world.open.enter_context(Newsroom(site=TinySite(feeds={}), clock=world.clock))
    world.rooms.append(other)
    both = {
        name: Channel(kind="webhook", url=room.hook_url, secret="geheim", statuses=statuses)
        for name, room, statuses in (("all", world.room, ()), ("deeds", other, ("past",)))
    }
    world.changes = {"channels": both}
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(sanctions(1, "Die EU wird weitere Sanktionen gegen Russland verhängen."))
    await world.passes()
    world.site.publish(sanctions(2, DECIDED))
    await world.passes()
    world.site.publish(sanctions(3, DECIDED))
    await world.passes()

    assert [one for one in told_as(world) if one[0] == "SANCTION"] == [("SANCTION", "planned")]
    assert [one for one in told_as(world, 1) if one[0] == "SANCTION"] == [("SANCTION", "past")]


def council(n: int, *sentences: str) -> Page:
    """An article on a council of NATO and Russia."""
    subject = "Russland, die NATO und die Ukraine: Sicherheitsgarantien sind das Thema"
    return talks(
        n,
        headline=subject,
        body=(*sentences, "Russland fordert von der NATO den Verzicht auf eine Aufnahme der Ukraine.", *IDLE),
    )


ANNOUNCED = "Die NATO und Russland kommen am 14. Januar in Brüssel zu Gesprächen über die Ukraine und Sicherheitsgarantien zusammen."
MOVED = (
    "Das für den 14. Januar geplante Treffen der NATO mit Russland in Brüssel ist auf den 21. Januar verschoben worden."
)
CALLED_OFF = "Die NATO und Russland haben das für den 14. Januar geplante Treffen in Brüssel abgesagt."


def of_meetings(world: World, hook: int = 0) -> list[dict[str, Any]]:
    """The alerts of meetings that a hook took, in order."""
    told = [delivery.json()["data"]["alerts"] for delivery in world.rooms[hook].deliveries if delivery.status < 300]
    return [alert for alerts in told for alert in alerts if alert["type"] == "CONSULT"]


PUT_OFF = "Das für den 14. Januar geplante Treffen der NATO mit Russland in Brüssel ist verschoben worden."
ELSEWHERE = "Die NATO und Russland kommen nun am 21. Januar in Genf zusammen."


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        (MOVED, "Verschoben: "),
        (CALLED_OFF, "Abgesagt: "),
        (PUT_OFF, "Verschoben: "),
        (f"{PUT_OFF} {ELSEWHERE}", "Verschoben: NATO, RUS (Russland): Gespräch (angekündigt, 21.01.2028, Genf)"),
    ],
)
async def test_whoever_was_told_of_a_meeting_hears_that_it_is_moved_or_called_off_and_once(world, said, mark):
    """What was told before is no longer true; whoever was told nothing hears it as an act like any other."""
    other = world.open.enter_context(Newsroom(site=TinySite(feeds={}), clock=world.clock))
    world.rooms.append(other)
    world.changes = {
        "channels": {
            name: Channel(kind="webhook", url=room.hook_url, secret="geheim", statuses=statuses)
            for name, room, statuses in (("all", world.room, ()), ("deeds", other, ("past", "negated")))
        }
    }
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(council(1, ANNOUNCED))
    await world.passes()
    world.site.publish(council(2, said))
    await world.passes()
    world.site.publish(council(3, said))
    await world.passes(2)

    before, change = of_meetings(world)
    assert before["title"] == "NATO, RUS (Russland): Gespräch (angekündigt, 14.01.2028, Brüssel)"
    assert change["title"].startswith(mark)
    assert change["facts"]["Bisher"] == "14.01.2028, Brüssel"
    assert not any(alert["title"].startswith(mark) for alert in of_meetings(world, 1)), "it was told of no meeting"


async def test_that_a_meeting_is_called_off_is_heard_though_its_story_sleeps(world):
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(council(1, ANNOUNCED))
    await world.passes()
    [before] = of_meetings(world)
    with opened(world.desk.engine) as archive:
        assert archive.outbox.snooze(before["key"], world.clock.now + timedelta(days=3))
    world.site.publish(council(2, CALLED_OFF, "Die NATO warf Russland am Montag vor, die Ukraine zu erpressen."))
    await world.passes()
    heard = [alert for delivery in world.room.deliveries[1:] for alert in delivery.json()["data"]["alerts"]]
    assert [alert["title"].partition(":")[0] for alert in heard] == ["Abgesagt"]
    await world.passes(hours=73)
    assert len(told(world.room)) == len(set(told(world.room))) > 2, "the rest comes when it wakes"


WAKES = (
    "Die NATO hat als Antwort am Montag weitere Truppen nach Polen verlegt, an die Grenze zu Russland und zur Ukraine."
)


@pytest.mark.parametrize(
    ("said", "wakes"),
    [
        (WAKES, True),
        ("Die NATO warf Russland am Montag vor, die Ukraine zu erpressen.", False),
        ("Die NATO hat am Montag keine weiteren Truppen an die Grenze zu Russland verlegt.", False),
    ],
)
async def test_a_story_sleeps_until_what_happens_in_it_is_of_another_class(world, said, wakes):
    """Verbal conflict and cooperation were known when it was laid to sleep; another accusation is more of the same."""
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(council(1, ANNOUNCED, "Die NATO hat Russland Erpressung vorgeworfen."))
    await world.passes()
    [before] = of_meetings(world)
    with opened(world.desk.engine) as archive:
        assert archive.outbox.snooze(before["key"], world.clock.now + timedelta(days=3))
    world.site.publish(council(2, "Die NATO wies die Forderung nach einem Verzicht auf die Ukraine erneut zurück."))
    await world.passes()
    asleep = list(told(world.room))
    world.site.publish(council(3, said))
    await world.passes(2)

    heard = [alert for delivery in world.room.deliveries for alert in delivery.json()["data"]["alerts"]]
    since = [alert for alert in heard if alert["key"] not in asleep]
    if not wakes:
        assert since == []
        return
    first = next(alert for alert in since if alert["type"] == "MOBILIZE")
    assert first["title"].startswith("Trotz Pause: ")
    assert first["facts"]["Trotz Pause"] == (
        "materieller Konflikt ist neu bei diesem Thema; bisher: verbale Zusammenarbeit, verbaler Konflikt"
    )
    assert [alert["title"] for alert in since if alert["title"].startswith("Trotz Pause")] == [first["title"]]
    assert {alert["type"] for alert in since} > {"MOBILIZE"}, "what it told while it slept comes, too"


def several(sites: Sequence[TinySite], feeds: int, entries: int, matches: int) -> None:
    """So many feeds with so many entries each over the sites; of the entries so many tell an act of their own."""
    pages = [summit(n) if n < matches else idle(n) for n in range(feeds * entries)]
    for feed in range(feeds):
        mine = [replace(page, path=f"/{feed}{page.path}") for page in pages[feed::feeds]]
        sites[feed % len(sites)].publish(*mine, feed=f"ressort-{feed}", window=entries)


async def test_what_feeds_hold_at_the_first_look_is_one_digest(world):
    feeds, entries, matches = (30, 33, 120) if FULL else (10, 12, 30)
    several(world.houses(3), feeds, entries, matches)
    world.changes = {"fetching": world.unhurried()}
    report = await world.passes()

    assert report.outcomes == {"stored": feeds * entries}
    assert world.count(ArticleRow, ArticleRow.grade == 2) == matches
    assert report.alerts_queued >= matches // 3, "several tell one act"
    assert len(world.room.deliveries) == 1
    assert len(told(world.room)) == len(set(told(world.room))) == report.alerts_queued


async def test_after_three_days_down_few_messages_come_and_the_rest_in_a_digest(world):
    sites, entries = world.houses(2), 40 if FULL else 8
    several(sites, 10, 1, 0)
    world.changes = {"fetching": world.unhurried()}
    await world.passes()
    several(sites, 10, entries, 10 * entries)
    report = await world.passes(hours=72)
    first = len(world.room.deliveries)
    for _ in range(5):
        world.clock.advance(minutes=10)
        await steps.deliver(world.desk)
    within_an_hour = len(world.room.deliveries)
    await steps.digest(world.desk)

    assert world.count(ArticleRow, ArticleRow.grade == 2) == 10 * entries
    assert report.alerts_queued > 20
    assert 1 <= first <= within_an_hour <= 10
    assert len(world.room.deliveries) <= within_an_hour + 1
    assert len(told(world.room)) == len(set(told(world.room))) == report.alerts_queued
    assert world.rows(DeliveryRow.state, where=(DeliveryRow.state != "delivered",)) == []


async def test_a_backlog_is_a_few_messages_an_hour_and_the_rest_a_digest(world):
    world.site.publish(idle(1))
    hook = Channel(kind="webhook", url=world.room.hook_url, secret="geheim", per_hour=3)
    world.changes = {"channels": {"hook": hook}}
    await world.passes()
    alerts = [Alert(key=f"w:{n}", watch="w", title=f"Akt {n}", body="…", group=f"story-{n}") for n in range(40)]
    with opened(world.desk.engine) as archive:
        archive.outbox.queue(alerts, ["hook"], world.clock())
    await steps.deliver(world.desk)
    assert len(world.room.deliveries) == 3
    world.clock.advance(minutes=61)
    with opened(world.desk.engine) as archive:
        archive.outbox.queue([replace(alerts[0], key="w:new")], ["hook"], world.clock())
    await steps.deliver(world.desk)
    assert len(world.room.deliveries) == 4
    await steps.digest(world.desk)

    assert len(world.room.deliveries) == 5
    assert len(told(world.room)) == len(set(told(world.room))) == 41


async def test_two_days_of_intake_without_a_match_are_told_with_the_counts(world):
    world.site.publish(*map(idle, range(1, 6)))
    await world.passes()
    for n in range(6, 16):
        world.site.publish(idle(n))
        await world.passes(hours=5)

    [message] = [message for kind, message in world.incidents() if kind == "nothing matches"]
    assert "articles read in 48 hours" in message
    assert "canary" not in world.kinds()
    world.site.publish(talks(1))
    await world.passes()
    assert "nothing matches" not in world.kinds()


async def test_the_heartbeat_follows_a_good_pass_only(world):
    world.site.publish(idle(1))
    world.site.revise(Page(path="/herzschlag", headline="", markup="ok"))
    world.changes = {"heartbeat_url": f"{world.room.url}/herzschlag"}
    await world.passes()
    assert world.asked("/herzschlag") == 1
    world.room.fault("/feed/*", "500")
    await world.passes()
    assert world.asked("/herzschlag") == 1


async def test_a_receiver_in_trouble_loses_nothing_and_one_that_is_gone_is_parked(world):
    world.site.publish(idle(1))
    hook = Channel(kind="webhook", url=world.room.hook_url, secret="geheim")
    gone = Channel(kind="webhook", url=f"{world.room.hook_url}/weg", secret="geheim")
    ops = Channel(kind="file", path=world.folder / "ops.txt", operators=True, watches=("Betrieb",))
    world.changes = {"channels": {"hook": hook, "weg": gone, "ops": ops}}
    await world.passes()
    world.room.fault("/hook/weg", "410")
    world.room.fault("/hook", "500", times=2)
    world.site.publish(talks(1), talks(2))
    report = await world.passes()
    world.room.fault("/hook", "429", retry_after="60", times=1)
    await world.passes()
    world.room.fault("/hook", "reset", times=1)
    await world.passes(4)

    keys = [
        key
        for d in world.room.deliveries
        if d.path == "/hook" and d.status == 204
        for key in (a["key"] for a in d.json()["data"]["alerts"])
    ]
    assert len(keys) == len(set(keys)) == report.alerts_queued
    assert "channel parked" in world.kinds()
    assert "channel parked" in (world.folder / "ops.txt").read_text("utf-8")


async def test_of_what_a_flaky_receiver_took_only_what_it_did_not_say_comes_twice_under_its_old_key(world):
    chance, wanted = random.Random(27), 40
    fates = ["500"] * 25 + ["429"] * 10 + ["late"] * 7 + ["reset"] * 5 + [""] * 53
    chance.shuffle(fates)
    hook = Channel(kind="webhook", url=world.room.hook_url, secret="geheim", per_hour=1000)
    world.site.publish(idle(1))
    fetching = world.unhurried().model_copy(update={"deadline_seconds": 0.4})
    world.changes = {"channels": {"hook": hook}, "fetching": fetching}
    await world.passes()
    alerts = [Alert(key=f"w:{n}", watch="w", title=f"Akt {n}", body="…", group=f"akt-{n}") for n in range(wanted)]
    with opened(world.desk.engine) as archive:
        archive.outbox.queue(alerts, ["hook"], world.clock())
    unheard = 0
    for fate in fates:
        world.room.heal()
        if fate:
            world.room.fault("/hook", fate, delay=0.8, times=1)
        world.clock.advance(minutes=40)
        report = await steps.deliver(world.desk, limit=1)
        # On a busy machine any answer may be late.
        unheard += report.delivery_trouble and fate in ("late", "")

    taken = Counter(d.headers["webhook-id"] for d in world.room.deliveries if d.status == 204)
    keys = {
        key: d.headers["webhook-id"] for d in world.room.deliveries for key in (d.json()["data"]["alerts"][0]["key"],)
    }
    assert set(told(world.room)) == {alert.key for alert in alerts}
    assert world.count(DeliveryRow, DeliveryRow.state != "delivered") == 0
    assert len(set(keys.values())) == len(taken) == wanted, "one key for each alert, however often it was sent"
    assert 0 < taken.total() - wanted <= unheard
    assert world.kinds() == set()


async def test_a_receiver_that_does_not_answer_holds_up_no_other_channel(world):
    dead = Channel(kind="webhook", url=f"{world.room.hook_url}/stumm", secret="geheim")
    hook = Channel(kind="webhook", url=world.room.hook_url, secret="geheim")
    world.site.publish(idle(1))
    fetching = world.unhurried().model_copy(update={"deadline_seconds": 0.3})
    world.changes = {"channels": {"stumm": dead, "hook": hook}, "fetching": fetching}
    await world.passes()
    world.room.fault("/hook/stumm", "late", delay=1.0)
    alerts = [Alert(key=f"w:{n}", watch="w", title=f"Akt {n}", body="…", group=f"akt-{n}") for n in range(6)]
    with opened(world.desk.engine) as archive:
        archive.outbox.queue(alerts, ["stumm"], world.clock())
        archive.outbox.queue([replace(alerts[0], key="w:gut")], ["hook"], world.clock())
    report = await steps.deliver(world.desk)

    assert told(world.room) == ["w:gut"]
    assert (report.delivered, report.delivery_trouble) == (1, 1), "asked once in a run, and not once for each message"
    assert world.count(DeliveryRow, DeliveryRow.channel == "stumm", DeliveryRow.state == "pending") == 6


@pytest.mark.parametrize(("status", "lines"), [("202", 0), ("204", 0), ("404", 1)])
async def test_a_monitor_that_thanks_in_its_own_way_has_heard_us(world, caplog, status, lines):
    world.room.fault("/ping", status)
    world.changes = {"heartbeat_url": f"{world.room.url}/ping"}
    await world.passes()

    assert world.asked("/ping") == 1
    assert len([line for line in caplog.messages if line.startswith("heartbeat: ")]) == lines
