"""When a feed is asked again: every decision is a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows import polling

NOW = datetime(2022, 1, 10, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "sent"), [(None, False), (23 * HOUR, True), (DAY, False), (3 * DAY, False), (-DAY, False)]
)
def test_validators_are_left_out_once_a_day(since: timedelta | None, sent: bool) -> None:
    assert polling.conditional(NOW - since if since else None, NOW) is sent


def test_the_rhythm_of_a_feed_is_the_middle_gap_of_its_entries() -> None:
    times = [NOW - n * 10 * MINUTE for n in range(6)]
    assert polling.rhythm([*times, None, times[0] + timedelta(seconds=20)]) == 10 * MINUTE
    assert polling.rhythm(times[:4]) is None


@pytest.mark.parametrize(
    ("least", "silent"), [(5 * MINUTE, 6 * HOUR), (2 * HOUR, 6 * HOUR), (DAY, 29.4 * HOUR), (7 * DAY, 187.8 * HOUR)]
)
def test_a_feed_that_is_asked_once_a_day_has_no_gap_at_each_poll(least: timedelta, silent: timedelta) -> None:
    assert polling.silent_after(least) == silent
    assert polling.next_due(NOW, least, jitter=1.0) - NOW < silent


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ({}, 5 * MINUTE),
        ({"rhythm": MINUTE}, 5 * MINUTE),
        ({"rhythm": 30 * MINUTE}, 15 * MINUTE),
        ({"rhythm": 3 * DAY}, HOUR),
        ({"max_age": 600}, 10 * MINUTE),
        ({"max_age": 86400}, HOUR),
        ({"failures": 1}, 10 * MINUTE),
        ({"failures": 3}, 40 * MINUTE),
        ({"failures": 50}, 6 * HOUR),
        ({"failures": 3, "reached": False}, 40 * MINUTE),
        ({"failures": 50, "reached": False}, HOUR),
    ],
)
def test_how_long_a_feed_is_left_alone(told: dict[str, object], wait: timedelta) -> None:
    assert polling.interval(5 * MINUTE, **told) == wait  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("retry_after", "jitter", "wait"),
    [
        (None, 0.0, 10 * MINUTE),
        (None, 1.0, 11 * MINUTE),
        (60.0, 0.0, 10 * MINUTE),
        (3600.0, 1.0, HOUR),
        (9e9, 0.0, DAY),
    ],
)
def test_a_server_that_asks_for_time_gets_it_up_to_a_day(
    retry_after: float | None, jitter: float, wait: timedelta
) -> None:
    assert polling.next_due(NOW, 10 * MINUTE, retry_after=retry_after, jitter=jitter) == NOW + wait


@pytest.mark.parametrize(
    ("earlier", "believed"),
    [
        ([], False),
        ([(DAY, "new")], False),
        ([(10 * MINUTE, "new"), (5 * MINUTE, "new")], False),
        ([(DAY, "new"), (HOUR, "new")], True),
        ([(2 * DAY, "new"), (DAY, "other"), (HOUR, "new")], False),
    ],
)
def test_a_move_is_believed_the_third_time_on_the_second_day(
    earlier: list[tuple[timedelta, str]], believed: bool
) -> None:
    assert polling.moved([(NOW - ago, where) for ago, where in earlier], "new", NOW) is believed


@pytest.mark.parametrize(
    ("earlier", "believed"),
    [([], False), ([DAY], False), ([2 * HOUR, HOUR], False), ([DAY, HOUR], True)],
)
def test_a_feed_is_gone_when_it_said_so_three_times_in_a_day(earlier: list[timedelta], believed: bool) -> None:
    assert polling.gone([NOW - ago for ago in earlier], NOW) is believed


@pytest.mark.parametrize(
    ("newest", "rhythm", "too_long"),
    [
        (None, None, False),
        (71 * HOUR, None, False),
        (72 * HOUR, None, True),
        (72 * HOUR, 10 * MINUTE, True),
        (5 * DAY, DAY, False),
        (20 * DAY, DAY, True),
    ],
)
def test_a_feed_that_answers_and_says_nothing_new(
    newest: timedelta | None, rhythm: timedelta | None, too_long: bool
) -> None:
    assert polling.silent(NOW - newest if newest else None, rhythm, NOW) is too_long
