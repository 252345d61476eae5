"""From the outbox to a receiver that is busy, away, or takes a message for some of its recipients alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mail_server import mail_server
from tiny_site import Clock, TinySite, idle, settings_for, talks

from extractors.model import Alert
from flows import health, steps
from flows.alerts.channels import AppriseChannel, Delivered, Failed, Message, Outcome
from flows.alerts.channels import Channel as Receiving
from flows.desk import Desk, open_desk
from flows.newsroom import Newsroom
from flows.settings import Channel, Fetching, Schedule, Settings
from flows.web.reasons import in_german
from storage import queries
from storage.archive import opened
from storage.queries import EventFilter

HOUR = timedelta(hours=1)


class Receiver:
    """The other side of a channel, with a memory: answers as it was told to, and then takes everything."""

    limit = 0

    def __init__(self, *answers: Outcome) -> None:
        self.answers, self.asked, self.took = list(answers), list[Message](), list[Message]()

    async def send(self, message: Message, now: object) -> Outcome:
        self.asked.append(message)
        answer = self.answers.pop(0) if self.answers else Delivered()
        if isinstance(answer, Delivered):
            self.took.append(message)
        return answer

    @property
    def keys(self) -> list[str]:
        return [alert.key for message in self.took for alert in message.alerts]


def hurried(url: str) -> AppriseChannel:
    """A channel that does not wait between two messages, as Apprise would, on the machine's clock."""
    channel = AppriseChannel(url)
    for service in channel._services.values():
        service.request_rate_per_sec = 0
    return channel


@asynccontextmanager
async def desk_with(tmp_path: Path, clock: Clock, receiver: Receiving, **changes: object) -> AsyncIterator[Desk]:
    hook = Channel(kind="file", path=tmp_path / "alerts.txt", **changes)  # type: ignore[arg-type]
    archive = f"sqlite:///{tmp_path}/archive.sqlite"
    settings = Settings(contact="test@depesche.example", database=archive, channels={"hook": hook})
    async with open_desk(settings, now=clock) as desk:
        yield replace(desk, channels={"hook": receiver})


def alert(number: int, **changes: object) -> Alert:
    given = {"key": f"w:{number}", "watch": "w", "title": f"T{number}", "body": "B", "group": f"g{number}"}
    return Alert(**(given | changes))  # type: ignore[arg-type]


def queue(desk: Desk, *alerts: Alert) -> None:
    with opened(desk.engine) as archive:
        archive.outbox.queue(alerts, ["hook"], desk.now())


async def test_a_channel_that_said_when_to_come_back_is_sent_nothing_before_what_comes_later_neither(tmp_path):
    clock, receiver = Clock(), Receiver(Failed(reason="HTTP 429", retry_after=3600.0))
    async with desk_with(tmp_path, clock, receiver) as desk:
        queue(desk, alert(1), alert(2))
        await steps.deliver(desk)
        for minutes in range(1, 60):
            clock.advance(minutes=1)
            if minutes % 20 == 0:
                queue(desk, alert(minutes))
            await steps.deliver(desk)
            assert not [one for one in health.check(desk) if one.kind == "outbox stuck"]
        assert len(receiver.asked) == 1
        clock.advance(minutes=2)
        await steps.deliver(desk)
        clock.advance(minutes=1)
        await steps.deliver(desk)
    assert sorted(receiver.keys) == ["w:1", "w:2", "w:20", "w:40"]
    assert receiver.asked[0].key in {message.key for message in receiver.took}


async def test_a_digest_for_a_channel_that_said_when_to_come_back_goes_then_and_not_a_day_later(tmp_path):
    clock, receiver = Clock(), Receiver(Failed(reason="HTTP 429", retry_after=3600.0))
    async with desk_with(tmp_path, clock, receiver) as desk:
        queue(desk, alert(1), alert(2, digest=True))
        await steps.deliver(desk)
        clock.advance(minutes=30)
        await steps.digest(desk)
        assert receiver.took == []
        clock.advance(minutes=31)
        await steps.deliver(desk)
    assert sorted(receiver.keys) == ["w:1", "w:2"]


async def test_a_wait_that_a_clock_noted_which_was_ahead_holds_up_nothing(tmp_path):
    clock, receiver = Clock(), Receiver(Failed(reason="HTTP 429", retry_after=3600.0))
    async with desk_with(tmp_path, clock, receiver) as desk:
        clock.advance(days=400)
        queue(desk, alert(1))
        await steps.deliver(desk)
        clock.advance(days=-400)
        queue(desk, alert(2))
        await steps.deliver(desk)
    assert receiver.keys == ["w:2"]


@pytest.mark.parametrize(
    ("cron", "days"),
    [("0 7 * * *", 2), ("@daily", 2), ("0 7 * * mon-fri", 8), ("", 8), ("0 7 1 * *", 32)],
)
async def test_a_digest_that_nobody_runs_is_said_aloud(tmp_path, cron, days):
    """Whoever starts passes by hand had alerts in the archive that were never told, and never heard of it."""
    clock, receiver = Clock(), Receiver()
    async with desk_with(tmp_path, clock, receiver) as desk:
        desk = replace(desk, digest_within=Schedule(digest=cron).digest_within)
        queue(desk, alert(1, digest=True))
        clock.advance(days=days, minutes=-1)
        assert not [one for one in health.check(desk) if one.subject == "digest"]
        clock.advance(minutes=1)
        [found] = [one for one in health.check(desk) if one.subject == "digest"]
        assert (found.kind, in_german(found.message)) == (
            "outbox stuck",
            f"die älteste Meldung wartet seit {days} Tagen auf die Sammelmeldung",
        )
        await steps.digest(desk)
        assert not [one for one in health.check(desk) if one.subject == "digest"]
        with opened(desk.engine) as archive:
            assert not [one for one in archive.log.incidents() if one.subject == "digest"]


@pytest.mark.parametrize(
    ("now", "late", "week"),
    [
        ("2028-01-10T06:30", 0, "03.01. bis 09.01.2028"),
        ("2028-01-11T05:00", 22.5, "03.01. bis 09.01.2028"),
        ("2028-01-12T08:00", 0, "10.01. bis 16.01.2028"),
        ("2028-01-03T06:30", 0, "27.12.2027 bis 02.01.2028"),
        # Seven o'clock in Berlin on the Mondays after both changes of the clock; and its first hour, which is Sunday's in UTC.
        ("2028-03-27T05:30", 0, "20.03. bis 26.03.2028"),
        ("2028-10-30T06:30", 0, "23.10. bis 29.10.2028"),
        ("2028-10-29T23:30", 0, "23.10. bis 29.10.2028"),
    ],
)
async def test_the_lage_is_that_of_the_week_that_was_over_when_it_was_due(tmp_path, now, late, week):
    """A run that was due on Monday and came on Tuesday told of Monday alone; of the week that was over nothing ever was."""
    clock, receiver = Clock(datetime.fromisoformat(f"{now}+00:00")), Receiver()
    async with desk_with(tmp_path, clock, receiver) as desk:
        for _ in range(2):
            await steps.digest(desk, period="week", late=timedelta(hours=late))
    assert [message.title for message in receiver.took] == [f"Lage der Woche {week}: nichts bekannt"]


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
async def test_whoever_has_a_message_gets_it_no_more_while_others_do_not_take_it(tmp_path):
    """Apprise says only that somebody did not take it: the others had it with every try, and after a day nothing more at all."""
    clock = Clock()
    with mail_server() as server:
        server.unknown.add("b@haus.example")
        channel = hurried(server.channel_url("a@haus.example", "b@haus.example", "c@haus.example"))
        async with desk_with(tmp_path, clock, channel) as desk:
            queue(desk, alert(1), alert(2))
            for _ in range(25):
                report = await steps.deliver(desk)
                assert (report.delivered, report.delivery_trouble) == (0, 2)
                clock.advance(hours=1.3)
            assert sorted(server.recipients) == ["a@haus.example"] * 2 + ["c@haus.example"] * 2
            server.unknown.clear()
            await steps.deliver(desk)
            with opened(desk.engine) as archive:
                assert archive.outbox.counts() == {"delivered": 2}
                assert archive.outbox.channel("hook").parked_at is None
                assert archive.notes.all("taken") == {}
    assert server.recipients.count("b@haus.example") == 2
    assert len(server.got) == 6
    assert server.got[0][1]["subject"] == "T1"
    assert len({name for name, _ in server.got}) == 3


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
async def test_what_a_recipient_has_it_does_not_get_again_when_the_message_is_replayed(tmp_path):
    clock = Clock()
    with mail_server() as server:
        server.unknown.add("b@haus.example")
        channel = hurried(server.channel_url("a@haus.example", "b@haus.example"))
        async with desk_with(tmp_path, clock, channel) as desk:
            queue(desk, alert(1))
            await steps.deliver(desk)
            with opened(desk.engine) as archive:
                (message,) = archive.outbox.claim("w", 1, clock() + HOUR, lease=HOUR)
                archive.outbox.dead(message, "given up", clock() + HOUR)
                archive.outbox.replay(clock() + HOUR)
            server.unknown.clear()
            clock.advance(hours=1)
            await steps.deliver(desk)
    assert server.recipients == ["a@haus.example", "b@haus.example"]


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
async def test_whoever_gets_a_copy_gets_one_however_many_recipients_there_are(tmp_path):
    """Each of the others is sent to alone, and with each mail went a copy."""
    clock = Clock()
    with mail_server() as server:
        url = f"{server.channel_url('a@haus.example', 'b@haus.example')}&cc=c@haus.example&bcc=d@haus.example"
        async with desk_with(tmp_path, clock, hurried(url)) as desk:
            queue(desk, alert(1))
            assert (await steps.deliver(desk)).delivered == 1
    assert sorted(server.recipients) == [f"{letter}@haus.example" for letter in "abcd"]


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize("refused", ["a", "c", "d"])
async def test_of_recipient_and_copies_each_gets_the_mail_once_while_a_server_refuses_one_of_them(tmp_path, refused):
    """A copy that was taken came again with each try for three days, or counted for whom the server had refused."""
    clock = Clock()
    with mail_server() as server:
        server.unknown.add(f"{refused}@haus.example")
        url = f"{server.channel_url('a@haus.example')}&cc=C <c@haus.example>,a@haus.example&bcc=d@haus.example"
        async with desk_with(tmp_path, clock, hurried(url)) as desk:
            queue(desk, alert(1))
            for _ in range(3):
                report = await steps.deliver(desk)
                assert (report.delivered, report.delivery_trouble) == (0, 1)
                clock.advance(hours=1)
            assert sorted(server.recipients) == [f"{each}@haus.example" for each in "acd" if each != refused]
            server.unknown.clear()
            assert (await steps.deliver(desk)).delivered == 1
    assert sorted(server.recipients) == [f"{each}@haus.example" for each in "acd"]
    assert all("d@haus.example" not in str(mail) for name, mail in server.got if name != "d@haus.example")


class SlowMail:
    """Stands for Apprise's way to a mail server on which each mail takes so long; another worker looks in meanwhile."""

    def __init__(self, clock: Clock, desk: Desk, **each: float) -> None:
        self.clock, self.each, self.took = clock, each, list[object]()
        self.other, self.looks = replace(desk, worker="other"), True
        self.idle = threading.Event()
        """a task that is cancelled leaves its thread at work, and the other worker in it"""

    def __call__(self, service: AppriseChannel, title: str, body: str) -> bool:
        outer = self.looks
        if outer:
            self.idle.clear()
        self.took.append(service.targets)  # type: ignore[attr-defined]
        if outer:
            self.clock.advance(**self.each)
            self.looks = False  # it is as quick as it can be
            asyncio.run(steps.deliver(self.other))
            self.looks = True
            self.idle.set()
        return True


TO = tuple(f"{letter}@haus.example" for letter in "abcdefghijk")
MANY = f"mailto://us:secret@127.0.0.1?smtp=127.0.0.1&mode=insecure&from=us@haus.example&to={','.join(TO)}"


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
async def test_a_mail_server_that_takes_its_time_gets_each_recipients_mail_once(tmp_path, monkeypatch):
    """After two minutes another worker had the message, and each of eleven recipients got it twice."""
    clock = Clock()
    async with desk_with(tmp_path, clock, AppriseChannel(MANY)) as desk:
        server = SlowMail(clock, desk, seconds=40)
        monkeypatch.setattr("flows.alerts.channels._notified", server)
        queue(desk, alert(1))
        report = await steps.deliver(desk)
        with opened(desk.engine) as archive:
            assert archive.outbox.counts() == {"delivered": 1}
            assert archive.notes.all("taken") == {}
    assert len(server.took) == len({str(one) for one in server.took}) == len(TO)
    assert (report.delivered, report.notes) == (1, ())


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
async def test_a_mail_to_many_outlasts_no_run_and_the_next_ones_go_on_with_it(tmp_path, monkeypatch):
    """The run was cut off in the middle of it each time, and whose mail was under way then got it again five minutes later."""
    from flows.notify import LONGEST, TELLING

    clock, took, lasted = Clock(), list[str](), list[timedelta]()

    def slowly(service: AppriseChannel, *_: str) -> bool:
        clock.advance(seconds=40)
        took.append(str(service.targets))  # type: ignore[attr-defined]
        return True

    monkeypatch.setattr("flows.alerts.channels._notified", slowly)
    async with desk_with(tmp_path, clock, AppriseChannel(MANY)) as desk:
        queue(desk, alert(1))
        for _ in TO:
            began = clock()
            report = await steps.deliver(desk, until=began + TELLING)
            assert report.state == "completed", "a server that is slow is no trouble"
            lasted.append(clock() - began)
            clock.advance(seconds=20)
        with opened(desk.engine) as archive:
            assert archive.outbox.counts() == {"delivered": 1}
    assert len(took) == len(set(took)) == len(TO)
    assert max(lasted) < LONGEST


async def test_what_a_run_begins_last_has_its_whole_deadline():
    """A receiver that answers after forty seconds, where the deadline is a minute, was sent the same again and again."""
    from flows import ingest, notify

    (most,) = [bound.le for bound in Fetching.model_fields["deadline_seconds"].metadata if hasattr(bound, "le")]
    for flow in (ingest, notify):
        assert flow.TELLING + timedelta(seconds=most) < flow.LONGEST


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
async def test_whoever_lost_a_message_to_another_worker_sends_it_no_further_and_says_so(tmp_path, monkeypatch):
    """As after the machine slept in the middle of it: both sent it to all that were left."""
    clock = Clock()
    async with desk_with(tmp_path, clock, AppriseChannel(MANY)) as desk:
        server = SlowMail(clock, desk, hours=1)
        monkeypatch.setattr("flows.alerts.channels._notified", server)
        queue(desk, alert(1))
        report = await steps.deliver(desk)
        with opened(desk.engine) as archive:
            assert archive.outbox.counts() == {"delivered": 1}
            assert archive.outbox.channel("hook").failing_since is None
    assert len(server.took) == 1 + len(TO)
    assert (report.delivered, report.delivery_trouble) == (0, 0)
    assert report.notes == ("1 messages taken over by another worker: they may come twice",)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
async def test_whom_a_killed_worker_sent_a_message_does_not_get_it_from_the_next(tmp_path, monkeypatch):
    """Only at the end was noted who has it: all got it again from whoever went on."""
    clock = Clock()
    async with desk_with(tmp_path, clock, AppriseChannel(MANY)) as desk:
        server = SlowMail(clock, desk, seconds=1)
        monkeypatch.setattr("flows.alerts.channels._notified", server)
        queue(desk, alert(1))
        whole = asyncio.create_task(steps.deliver(desk))
        while len(server.took) < 5:
            await asyncio.sleep(0.001)
        whole.cancel()
        with suppress(asyncio.CancelledError):
            await whole
        assert await asyncio.to_thread(server.idle.wait, 30)
        clock.advance(minutes=10)
        await steps.deliver(replace(desk, worker="next"))
    assert len({str(one) for one in server.took}) == len(TO)
    assert len(server.took) <= len(TO) + 1  # the one under way may come again


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("NATO → RUS: Ablehnung (angekündigt, 12.01.2028, Brüssel)", None),
        ("Überprüfung möglicher Übergänge " * 9, "Überprüfung möglicher Übergänge " * 7 + "Überprüfung möglicher …"),
        ("→ Прага " * 40, "→ Прага " * 23 + "→ …"),
        ("Ü" * 300, "Ü" * 161 + " …"),
        ("x" * 300, "x" * 248 + " …"),
    ],
    ids=["short", "words", "two alphabets", "one word", "ascii"],
)
async def test_a_subject_keeps_to_the_line_that_a_mail_may_have(title, subject):
    """250 letters, which Apprise lets through, are 1,519 bytes of one line where they are no ASCII: some servers refuse the mail."""
    with mail_server() as server:
        channel = AppriseChannel(server.channel_url("a@haus.example"))
        told = Message(key="msg_1", title=title, body="Ein Satz. " * 300)
        assert await channel.send(told, datetime(2028, 1, 10, tzinfo=UTC)) == Delivered()
    ((_, mail),) = server.got
    assert mail["subject"] == (subject or title)
    assert server.longest_line <= 998


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
async def test_a_mail_that_comes_twice_says_that_it_is_the_same(tmp_path):
    """Its server may have taken it and its answer be lost: each mail has another Message-ID, and only this is the same."""
    clock = Clock()
    with mail_server() as server:
        async with desk_with(tmp_path, clock, hurried(server.channel_url("a@haus.example"))) as desk:
            queue(desk, alert(1), alert(2))
            server.forgets = 2
            for _ in range(4):
                await steps.deliver(desk)
                clock.advance(hours=1)
            with opened(desk.engine) as archive:
                assert archive.outbox.counts() == {"delivered": 2}
    marks = [(mail["subject"], mail["X-Depesche-Message"]) for _, mail in server.got]
    assert len(marks) == 4
    assert len(set(marks)) == len({mark for _, mark in marks}) == 2


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("url", "recipients"),
    [
        ("tgram://123456789:abcdefg_hijklmnop/1/2", 2),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#a/#b", 2),
        ("ntfy://127.0.0.1:9/t1/t2/t3", 3),
        ("matrix://u:p@127.0.0.1:9/!r:h/!s:h", 2),
        ("signal://127.0.0.1:9/+4915112345678/+4915112345679/+4915112345680", 2),
        ("json://127.0.0.1:9/x", 1),
        ("gotify://127.0.0.1:9/Aabcdefghijklmn", 1),
    ],
)
def test_the_recipients_of_a_service_are_told_apart_and_not_named(url, recipients):
    services = AppriseChannel(url)._services
    assert [len(one) for one in services.values()] == [1] * recipients
    assert all(name.isalnum() for name in services) or recipients == 1


async def test_what_a_reviewer_called_wrong_while_it_waited_is_told_to_nobody(tmp_path):
    """In the evening somebody rejected what the morning's digest then told."""
    clock, site = Clock(), TinySite()
    with Newsroom(site=site, clock=clock) as room:
        hook = Channel(kind="webhook", url=room.hook_url, secret="geheim", quiet="05:00-23:00")
        async with open_desk(settings_for(tmp_path, room, channels={"hook": hook}), now=clock) as desk:
            site.publish(idle(1))
            await steps.one_pass(desk)
            site.publish(talks(1), talks(2))
            clock.advance(hours=2)
            queued = (await steps.one_pass(desk)).alerts_queued
            with opened(desk.engine) as archive:
                found = queries.events(archive.connection, EventFilter())
                wrong, *_ = {each.act for each in found if each.event.place and each.event.place.name == "Warschau"}
                for each in found:
                    if each.act == wrong:
                        archive.review.correct(each.uid, "wrong", "anna", clock(), article_id=each.article_id)
            clock.advance(hours=18)
            await steps.deliver(desk)
            with opened(desk.engine) as archive:
                counts = archive.outbox.counts()
    acts = {alert["act"] for delivery in room.deliveries for alert in delivery.json()["data"]["alerts"]}
    assert wrong not in acts
    assert acts
    assert (counts["withdrawn"], counts["delivered"]) == (1, queued - 1)


async def test_in_quiet_hours_alarms_alone_are_told(tmp_path):
    """Whoever sleeps wants to be woken for some things, and had to choose between all and none."""
    clock, receiver = Clock(), Receiver()
    async with desk_with(tmp_path, clock, receiver, quiet="05:00-23:00", alarms=("ASSAULT",)) as desk:
        queue(desk, alert(1, type="CONSULT"), alert(2, type="ASSAULT"), alert(3, type="ASSAULT", digest=True))
        await steps.deliver(desk)
        await steps.digest(desk)
        assert receiver.keys == ["w:2"]
        clock.advance(hours=18)
        await steps.deliver(desk)
    assert sorted(receiver.keys) == ["w:1", "w:2", "w:3"]


@pytest.mark.parametrize(("hours", "late"), [(5, False), (35, False), (60, True)])
async def test_what_is_read_after_an_outage_says_that_it_is_late(tmp_path, hours, late):
    """A talk of Monday came on Thursday as if it were new. A new version of an old article is no late one."""
    clock, site = Clock(), TinySite()
    with Newsroom(site=site, clock=clock) as room:
        async with open_desk(settings_for(tmp_path, room), now=clock) as desk:
            site.publish(idle(1), idle(2))
            await steps.one_pass(desk)
            clock.advance(hours=hours)
            site.publish(talks(1))
            site.publish(replace(talks(2), path="/a/2", updated=clock()))
            await steps.one_pass(desk)
    titles = {
        alert["url"].rpartition("/")[2]: alert["title"]
        for delivery in room.deliveries
        for alert in delivery.json()["data"]["alerts"]
    }
    assert titles["1"].startswith("Nachgelesen: ") is late
    assert not titles["2"].startswith("Nachgelesen: ")
