"""Alerts on their way: once queued, never lost; bundles that keep their key; quiet hours, digests, dead letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import archive_matter as matter
import pytest
from archive_matter import LEASE, MINUTE, NOW, alert
from sqlalchemy import Engine, func, select

from storage.archive import Archive, opened
from storage.messages import Queued
from storage.polling import Poll
from storage.runs import DAY_OF_PASSES, Accounts, Unaccounted
from storage.tables import AlertRow, DeliveryRow
from storage.upkeep import Retention

FEEDS = ["https://feed.example/a", "https://feed.example/b"]


def claim(archive: Archive, now: object = NOW, *, digest: bool = False, worker: str = "w") -> tuple[Queued, ...]:
    return archive.outbox.claim(worker, 9, now, lease=LEASE, digest=digest)  # type: ignore[arg-type]


def keys(messages: tuple[Queued, ...]) -> list[list[str]]:
    return [[each.key for each in message.alerts] for message in messages]


def test_who_was_told_of_an_act_is_known_by_its_alerts(engine):
    with opened(engine) as archive:
        assert archive.outbox.heard(["alert-1"]) is None
        archive.outbox.queue([alert(1)], [], NOW)
        archive.outbox.queue([alert(2)], ["hook", "mail"], NOW)
        assert archive.outbox.heard(["alert-1"]) == frozenset()
        assert archive.outbox.heard(["alert-1", "alert-2", "alert-3"]) == {"hook", "mail"}


def test_alerts_go_after_their_time_with_those_that_nobody_can_get(engine: Engine) -> None:
    """What was given up, and what waits for a channel that was taken out of the settings, was kept for ever."""
    later, policy = NOW + timedelta(days=400), Retention(alerts=timedelta(days=365))
    with opened(engine) as archive:
        for number, channel in enumerate(("given up", "taken out", "waiting", "under way", "told"), start=1):
            archive.outbox.queue([alert(number)], [channel], NOW)
        archive.outbox.park_channel("taken out", "no longer in the settings", NOW)
        for message in claim(archive):
            if message.channel == "given up":
                archive.outbox.dead(message, "given up after 72 h", NOW)
            elif message.channel == "told":
                archive.outbox.delivered(message, NOW)
            elif message.channel == "waiting":
                archive.outbox.defer(message, later)

        assert archive.upkeep.expire(later - timedelta(days=40), policy).alerts == 0
        assert archive.upkeep.expire(later, policy).alerts == 3
        left = set(archive.connection.scalars(select(DeliveryRow.channel)))
        assert left == {"waiting", "under way"}
        assert archive.connection.scalar(select(func.count()).select_from(AlertRow)) == 2


def test_a_key_is_queued_once_for_each_channel(engine: Engine) -> None:
    with opened(engine) as archive:
        assert archive.outbox.queue([alert(1), alert(1), alert(2)], ["desk", "hook"], NOW) == 2
        assert archive.outbox.queue([alert(1)], ["desk", "hook"], NOW) == 0
        assert archive.outbox.counts() == {"pending": 4}


def test_a_claimed_message_is_nobody_elses_until_its_lease_ends_and_keeps_its_key(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.outbox.queue([alert(1)], ["desk"], NOW)
        (first,) = claim(archive)
        assert claim(archive) == ()
        (second,) = claim(archive, NOW + LEASE)
        assert second.key == first.key
        assert second.attempts == 2
        assert not archive.outbox.delivered(first, NOW)
        assert archive.outbox.delivered(second, NOW)
        assert archive.outbox.counts() == {"delivered": 1}


def test_alerts_of_a_group_that_wait_together_go_together(engine: Engine) -> None:
    with opened(engine) as archive:
        for number in (1, 2):
            archive.outbox.queue([alert(number, group="genf")], ["desk"], NOW + number * MINUTE)
        archive.outbox.queue([alert(3)], ["desk"], NOW)
        assert sorted(keys(claim(archive, NOW + 2 * MINUTE))) == [["alert-1", "alert-2"], ["alert-3"]]


def test_a_message_that_failed_is_tried_again_as_the_same_and_what_came_later_goes_by_itself(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.outbox.queue([alert(1, group="genf")], ["desk"], NOW)
        (first,) = claim(archive)
        archive.outbox.retry(first, NOW + MINUTE, "500")
        archive.outbox.queue([alert(2, group="genf")], ["desk"], NOW)
        messages = claim(archive, NOW + 2 * MINUTE)
    assert sorted(keys(messages)) == [["alert-1"], ["alert-2"]]
    assert first.key in {message.key for message in messages}


def test_what_quiet_hours_held_goes_as_one_message(engine: Engine) -> None:
    morning = NOW + timedelta(hours=8)
    with opened(engine) as archive:
        archive.outbox.queue([alert(1), alert(2), alert(3, group="genf")], ["desk"], NOW)
        for message in claim(archive):
            assert archive.outbox.hold(message, morning)
        assert claim(archive, morning - MINUTE) == ()
        (held,) = claim(archive, morning)
        # The first pass of the morning took it for stuck while it was being delivered.
        assert archive.outbox.oldest_pending(morning + MINUTE) == morning
    assert (held.bundle, held.attempts, len(held.alerts)) == ("held", 1, 3)


def test_digests_wait_for_their_hour(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.outbox.queue([alert(n, digest=True) for n in range(120)], ["desk", "hook"], NOW)
        assert claim(archive) == ()
        messages = claim(archive, digest=True)
    assert [(message.channel, len(message.alerts)) for message in messages] == [("desk", 120), ("hook", 120)]


def test_a_digest_that_failed_is_tried_again_like_any_message_and_not_only_a_day_later(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.outbox.queue([alert(n, digest=True) for n in range(3)], ["desk"], NOW)
        (first,) = claim(archive, digest=True)
        archive.outbox.retry(first, NOW + MINUTE, "500")
        archive.outbox.queue([alert(9, digest=True)], ["desk"], NOW)
        assert claim(archive) == ()
        (again,) = claim(archive, NOW + MINUTE)
    assert (again.key, len(again.alerts)) == (first.key, 3)


def test_a_throttled_message_moves_into_the_digest(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.outbox.queue([alert(1)], ["desk"], NOW)
        (message,) = claim(archive)
        archive.outbox.to_digest(message)
        assert claim(archive) == ()
        assert keys(claim(archive, digest=True)) == [["alert-1"]]


def test_dead_letters_are_listed_and_replayed_with_their_old_key(engine: Engine) -> None:
    later = NOW + timedelta(days=3)
    with opened(engine) as archive:
        archive.outbox.queue([alert(1)], ["desk"], NOW)
        (first,) = claim(archive)
        archive.outbox.dead(first, "given up after 72 h", later)
        (letter,) = archive.outbox.dead_letters(limit=None)
        assert (letter.channel, letter.error, letter.alert) == ("desk", "given up after 72 h", alert(1))
        assert archive.outbox.replay(later, channel="hook") == 0
        assert archive.outbox.replay(later, ids=[letter.id]) == 1
        (again,) = claim(archive, later)
    assert (again.key, again.queued_at, again.attempts) == (first.key, later, 1)


def test_a_parked_channel_gets_nothing_and_loses_nothing(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.outbox.queue([alert(1)], ["desk", "hook"], NOW)
        archive.outbox.park_channel("hook", "410 three times", NOW)
        assert [message.channel for message in claim(archive)] == ["desk"]
        assert archive.outbox.oldest_pending(NOW) is not None
        archive.outbox.unpark_channel("hook", NOW + 90 * MINUTE)
        assert archive.outbox.oldest_pending(NOW + 90 * MINUTE) == NOW, "the one that is under way"
        assert [message.channel for message in claim(archive, NOW + MINUTE)] == []
        assert [
            message.channel for message in archive.outbox.claim("w", 9, NOW + 90 * MINUTE, lease=LEASE, of=["hook"])
        ] == ["hook"]
        assert archive.outbox.channel("hook").parked_at is None


def test_what_waited_for_a_parked_channel_has_three_days_again_when_it_works(engine: Engine) -> None:
    later = NOW + timedelta(days=5)
    with opened(engine) as archive:
        archive.outbox.queue([alert(1)], ["hook"], NOW)
        archive.outbox.park_channel("hook", "failed for a day", NOW)
        archive.outbox.unpark_channel("hook", later)
        (message,) = claim(archive, later)
    assert message.queued_at == later


def test_a_channels_failures_are_counted_in_a_row(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.outbox.queue([alert(1), alert(2)], ["hook"], NOW)
        one, two = claim(archive)
        for message, now in ((one, NOW), (two, NOW + MINUTE)):
            archive.outbox.retry(message, NOW, "410")
            failing = archive.outbox.failed("hook", now, gone=True)
        assert failing == archive.outbox.channel("hook")
        assert (failing.failures, failing.gone, failing.failing_since) == (2, 2, NOW)
        archive.outbox.delivered(claim(archive)[0], NOW)
        assert (archive.outbox.channel("hook").failures, archive.outbox.channel("hook").gone) == (0, 0)


def test_what_a_snoozed_group_told_comes_in_one_message_when_that_is_over(engine: Engine) -> None:
    """It never came, neither to who had asked for quiet nor to all others."""
    with opened(engine) as archive:
        archive.outbox.queue([alert(1, group="genf")], ["desk"], NOW)
        (first,) = claim(archive)
        archive.outbox.delivered(first, NOW)
        assert archive.outbox.snooze("alert-1", NOW + LEASE)
        assert not archive.outbox.snooze("alert-9", NOW + LEASE)
        assert archive.outbox.acknowledge("alert-1", "ana", NOW)
        assert not archive.outbox.acknowledge("alert-9", "ana", NOW)
        told = [alert(2, group="genf"), alert(3, group="genf", digest=True), alert(4, group="wien")]
        archive.outbox.queue(told, ["desk", "hook"], NOW + MINUTE)
        assert keys(claim(archive, NOW + MINUTE)) == [["alert-4"]] * 2
        assert archive.outbox.oldest_pending(NOW + MINUTE) == NOW + MINUTE, "those that are under way"
        assert claim(archive, NOW + 2 * MINUTE, digest=True) == ()
        assert archive.outbox.snooze("alert-1", NOW + 2 * LEASE)
        assert [m.channel for m in claim(archive, NOW + LEASE) if "genf" in m.bundle] == []
        archive.outbox.queue([alert(5, group="genf")], ["desk"], NOW + 2 * LEASE)
        late = [m for m in claim(archive, NOW + 2 * LEASE) if "genf" in m.bundle]
    assert sorted((m.channel, [each.key for each in m.alerts]) for m in late) == [
        ("desk", ["alert-2", "alert-3"]),
        ("desk", ["alert-5"]),
        ("hook", ["alert-2", "alert-3"]),
    ]


def test_a_group_that_is_woken_tells_what_waited_and_sleeps_no_more(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.outbox.queue([replace(alert(1, group="genf"), type="CONSULT")], ["desk"], NOW)
        archive.outbox.delivered(claim(archive)[0], NOW)
        assert archive.outbox.asleep({"genf", "wien"}, NOW) == {}
        archive.outbox.snooze("alert-1", NOW + LEASE)
        archive.outbox.queue([replace(alert(2, group="genf"), type="REQUEST")], ["desk"], NOW + MINUTE)
        assert archive.outbox.asleep({"genf", "wien"}, NOW + MINUTE) == {"genf": {"CONSULT", "REQUEST"}}
        assert claim(archive, NOW + MINUTE) == ()
        archive.outbox.wake("genf", NOW + MINUTE)
        assert archive.outbox.asleep({"genf"}, NOW + MINUTE) == {}
        assert keys(claim(archive, NOW + MINUTE)) == [["alert-2"]]


def test_who_was_told_is_who_has_it_or_for_whom_it_waits_as_asked(engine: Engine) -> None:
    with opened(engine) as archive:
        archive.outbox.queue([alert(1)], ["desk", "hook"], NOW)
        archive.outbox.queue([alert(2)], [], NOW)
        (first,) = archive.outbox.claim("w", 1, NOW, lease=LEASE, of={"desk"})
        archive.outbox.delivered(first, NOW)
        told = ["alert-1", "alert-2", "alert-9"]
        assert archive.outbox.tellings(told) == [(alert(1), {"desk", "hook"})]
        assert archive.outbox.tellings(told, sent=True) == [(alert(1), {"desk"})]


def test_feeds_are_shared_among_workers_and_polled_once(engine: Engine) -> None:
    with opened(engine) as archive:
        first = archive.feeds.due(FEEDS[:1], "a", NOW, lease=LEASE)
        second = archive.feeds.due(FEEDS, "b", NOW, lease=LEASE)
        assert {state.url for state in (*first, *second)} == set(FEEDS)
        archive.feeds.polled(first[0].url, Poll(outcome="new", next_due=NOW + MINUTE), NOW)
        assert archive.feeds.due(FEEDS, "a", NOW, lease=LEASE) == ()
        assert len(archive.feeds.due(FEEDS, "a", NOW + MINUTE, lease=LEASE)) == 1
        assert len(archive.feeds.due(FEEDS, "a", NOW + 2 * LEASE, lease=LEASE)) == 2


def test_feeds_are_asked_in_the_order_in_which_they_are_due_and_new_ones_first(engine: Engine) -> None:
    with opened(engine) as archive:
        for url, minutes in zip(FEEDS, (9, 3), strict=True):
            archive.feeds.polled(url, Poll(outcome="unchanged", next_due=NOW + minutes * MINUTE), NOW)
        new = "https://feed.example/new"
        assert archive.feeds.in_turn([*FEEDS, new]) == [new, *reversed(FEEDS)]


def test_a_hosts_pages_are_spaced_across_workers(engine: Engine) -> None:
    spacing = timedelta(seconds=5)
    with opened(engine) as archive:
        slots = [archive.feeds.host_slot("haus.example", NOW, spacing=spacing) for _ in range(3)]
    assert [slot - NOW for slot in slots] == [0 * spacing, spacing, 2 * spacing]


def test_a_turn_that_comes_too_late_for_a_pass_is_left_to_the_next_one(engine: Engine) -> None:
    """Each pass took as many turns as it had pages, and waited for none: the host was asked for less and less."""
    with opened(engine) as archive:
        archive.feeds.host_slot("haus.example", NOW, spacing=60 * MINUTE)
        late = [archive.feeds.host_slot("haus.example", NOW, spacing=60 * MINUTE, within=7 * MINUTE) for _ in range(3)]
        then = NOW + 55 * MINUTE
        taken = archive.feeds.host_slot("haus.example", then, spacing=60 * MINUTE, within=7 * MINUTE)
    assert late == [NOW + 60 * MINUTE] * 3
    assert taken == NOW + 60 * MINUTE


@pytest.mark.parametrize("spacing", [timedelta(seconds=5), MINUTE])
def test_a_host_is_not_left_alone_until_the_time_that_a_clock_showed_which_was_ahead(
    engine: Engine, spacing: timedelta
) -> None:
    """Each page of it was waited for, a pass was cut off waiting, and so were all passes until then."""
    with opened(engine) as archive:
        archive.feeds.host_slot("haus.example", NOW + 120 * MINUTE, spacing=spacing)
        slots = [archive.feeds.host_slot("haus.example", NOW, spacing=spacing) for _ in range(20)]
    assert [slot - NOW for slot in slots] == [number * spacing for number in range(20)]


def test_a_run_that_cannot_account_for_an_entry_does_not_end_well(engine: Engine) -> None:
    with opened(engine) as archive:
        lost = Accounts(entries=3, out={"stored": 1}, dropped={"a video page": 1})
        with pytest.raises(Unaccounted, match="3 entries in, 1 out and 1 dropped"):
            archive.log.keep_run("ingest", lost, NOW, NOW, state="completed")
        assert archive.log.runs() == ()
        archive.log.keep_run("ingest", replace(lost, entries=2), NOW, NOW, state="completed")
        assert (archive.log.runs()[0].state, archive.log.last_finished("ingest")) == ("completed", NOW)


def test_the_last_run_is_the_one_that_began_last_whatever_its_clock_said(engine: Engine) -> None:
    """One pass on a clock a year ahead hid for a year that no other came."""
    ahead = NOW + timedelta(days=365)
    with opened(engine) as archive:
        for at in (NOW, ahead, NOW + MINUTE):
            archive.log.keep_run("ingest", Accounts(entries=0), at, at, state="completed")
        assert archive.log.last_finished("ingest") == NOW + MINUTE
        assert archive.log.furthest_finished("ingest") == ahead
        for _ in range(DAY_OF_PASSES):
            archive.log.keep_run("ingest", Accounts(entries=0), NOW, NOW, state="completed")
        assert archive.log.furthest_finished("ingest") == NOW


def test_an_incident_is_told_once_until_it_is_closed(engine: Engine) -> None:
    with opened(engine) as archive:
        assert archive.log.raise_event("feed dead", FEEDS[0], "six failures", NOW)
        assert not archive.log.raise_event("feed dead", FEEDS[0], "seven failures", NOW + MINUTE)
        (incident,) = archive.log.incidents()
        assert (incident.times, incident.message) == (2, "seven failures")
        assert archive.log.close_event("feed dead", FEEDS[0], NOW)
        assert not archive.log.close_event("feed dead", FEEDS[0], NOW)
        assert archive.log.raise_event("feed dead", FEEDS[0], "again", NOW)
        assert len(archive.log.incidents(open_only=False)) == 2


def test_labels_and_verdicts_are_from_a_list(engine: Engine) -> None:
    with opened(engine) as archive:
        matter.claim_one(archive)
        archive.teaching.label("not my matter", "ana", NOW, article_id=1, alert_key="alert-1")
        assert [label.label for label in archive.teaching.labels()] == ["not my matter"]
        with pytest.raises(ValueError, match="a label is one of"):
            archive.teaching.label("perhaps", "ana", NOW)


def test_who_has_seen_an_alert_and_until_when_it_is_quiet_can_be_read_again(engine: Engine) -> None:
    """The first to acknowledge stands."""
    with opened(engine) as archive:
        archive.outbox.queue([alert(1)], ["ops"], NOW)
        for author in ("anna", "berta"):
            assert archive.outbox.acknowledge("alert-1", author, NOW)
        assert archive.outbox.snooze("alert-1", NOW + timedelta(hours=4))
    with opened(engine) as archive:
        told = archive.outbox.told("alert-1")
        assert archive.outbox.told("unknown") is None
    assert told is not None
    assert (told.acknowledged_at, told.acknowledged_by) == (NOW, "anna")
    assert told.snoozed_until == NOW + timedelta(hours=4)
