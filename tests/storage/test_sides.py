"""Who takes part in an event stands beside it, always as its roles tell it."""

from __future__ import annotations

from dataclasses import replace

import archive_matter as matter
import pytest
from archive_matter import NATO, RUS, UKR
from sqlalchemy import Engine, text

from storage import sides
from storage.checking import check
from storage.engine import reading


@pytest.fixture
def told(engine: Engine) -> Engine:
    """An event of two who act upon a third and name themselves, told by somebody else."""
    of = matter.article()
    matter.keep(engine, 1, events=[replace(matter.refusal(of), actors=(UKR, NATO), recipients=(RUS,), speaker=RUS)])
    return engine


def test_what_stands_beside_an_event_is_what_its_roles_tell(told: Engine) -> None:
    with reading(told) as connection:
        assert connection.execute(text("SELECT sides, speaker FROM events")).all() == [("aNATO aUKR rRUS", "RUS")]
        assert sides.differing(connection) == 0


@pytest.mark.parametrize(
    "changed",
    ["UPDATE events SET sides = 'aNATO'", "UPDATE events SET speaker = ''", "UPDATE event_actors SET code = 'X'"],
)
def test_a_check_of_the_archive_finds_what_differs(told: Engine, changed: str) -> None:
    with told.begin() as connection:
        connection.exec_driver_sql(changed)
    assert "the sides of 1 events are not what their roles say" in check(told)
