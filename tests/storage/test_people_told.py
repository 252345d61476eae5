"""From articles that introduce a minister to one that only names him, pass by pass, in SQLite and PostgreSQL. Here for the databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from tiny_site import Clock, Page, TinySite, desk_for, settings_for, talks

from extractors.events import coder
from extractors.relevance import load_dossier
from flows import people, recoding, steps
from flows.newsroom import Newsroom
from storage import queries
from storage.archive import opened
from storage.engine import open_engine, reading
from storage.people import FADES
from storage.tables import CoderRow, VersionRow

NAME = "Ingmar Gausewitz"
ONLY_NAMED = "Außenminister Gausewitz forderte von Moskau am Dienstag den Abzug aller Truppen."

pytestmark = pytest.mark.usefixtures("quick_desks")


class Houses:
    """Two houses with a feed each, a clock and an archive; a pass opens the desk anew, as the flow does."""

    def __init__(self, folder: Path, url: str, open_: ExitStack) -> None:
        self.folder, self.url, self.clock, self.n = folder, url, Clock(), 0
        self.sites = [TinySite(), TinySite()]
        self.rooms = [open_.enter_context(Newsroom(site=site, clock=self.clock)) for site in self.sites]
        self.engine = open_engine(url, durable=False)

    async def passes(self) -> None:
        self.clock.advance(hours=2)
        async with desk_for(settings_for(self.folder, *self.rooms, database=self.url), self.clock) as desk:
            await steps.one_pass(desk)

    def publish(self, house: int, sentence: str, *, path: str = "") -> Page:
        """An article of a house that is somebody's matter, with a sentence of ours; a minute ago."""
        self.n += 1
        page = talks(self.n)
        path = path or f"/p/{self.n}"
        published = self.clock.now - timedelta(minutes=1)
        page = replace(page, path=path, body=(*page.body, sentence), published=published)
        self.sites[house].publish(page)
        return page

    async def introduced(self, *codes: str) -> None:
        """An article for each adjective, in one house after the other, and a pass that reads them."""
        await self.passes()
        for n, adjective in enumerate(codes):
            self.publish(n % 2, f"Der neue {adjective} Außenminister {NAME} war am {n + 1}. Januar nicht dabei.")
        await self.passes()

    async def told(self) -> set[str]:
        """Who is told to have demanded something in an article that only names him."""
        page = self.publish(0, ONLY_NAMED)
        await self.passes()
        return self.of(page)

    def of(self, page: Page) -> set[str]:
        with reading(self.engine) as connection:
            found = [one for one in queries.events(connection) if one.url.endswith(page.path)]
        return {actor.code for one in found if one.event.evidence.quote == ONLY_NAMED for actor in one.event.actors}

    def lines(self) -> list[tuple[str, str, int, int]]:
        with opened(self.engine) as archive:
            told = archive.people.listed(self.clock.now.date())
        return [(one.code, str(one.state), one.articles, one.houses) for one in told if one.name == NAME]

    def recode(self, seconds: int = 0) -> int:
        """Read all again, as if by another coder; how many articles were."""
        with self.engine.begin() as connection:
            connection.execute(update(CoderRow).where(CoderRow.name == coder()).values(name=f"earlier {seconds}"))
        dossiers = (load_dossier("russland-nato-ukraine"),)
        here = recoding.reading_here(self.engine, dossiers, self.clock)
        return recoding.recode(self.engine, here, coder=coder()).taken


@pytest.fixture
def houses(tmp_path: Path, url: str) -> Iterator[Houses]:
    with ExitStack() as open_:
        made = Houses(tmp_path, url, open_)
        yield made
        made.engine.dispose()


async def test_whom_three_articles_of_two_houses_introduce_is_told_in_a_fourth_that_only_names_him(
    houses: Houses,
) -> None:
    await houses.introduced("estnische", "estnische")
    assert houses.lines() == [("EST", "proposed", 2, 2)]
    assert await houses.told() == set()
    houses.publish(0, f"{NAME}, der Außenminister Estlands, schwieg.")
    await houses.passes()
    assert houses.lines() == [("EST", "known", 3, 2)]
    assert await houses.told() == {"EST"}
    with reading(houses.engine) as connection:
        origins = {
            actor.origin for one in queries.events(connection) for actor in one.event.actors if actor.name == NAME
        }
    assert any(origin.endswith("learned") for origin in origins)
    # It only names him: who is told because he is known makes nobody better known.
    assert houses.lines() == [("EST", "known", 3, 2)]


async def test_houses_that_disagree_and_an_operator_who_refuses_leave_it_untold(houses: Houses) -> None:
    await houses.introduced("estnische", "estnische", "estnische", "lettische")
    assert await houses.told() == set()
    with opened(houses.engine) as archive:
        people.confirm(archive.people, NAME, "Ada", houses.clock())
    assert await houses.told() == {"EST"}
    with opened(houses.engine) as archive:
        people.refuse(archive.people, NAME, "Ada", houses.clock())
    assert await houses.told() == set()


async def test_a_recode_counts_nothing_twice_and_reads_with_the_list_as_it_is_now(houses: Houses) -> None:
    await houses.passes()
    early = houses.publish(0, ONLY_NAMED)
    await houses.introduced("estnische", "estnische", "estnische")
    assert houses.of(early) == set()
    before = houses.lines()
    assert before == [("EST", "known", 3, 2)]
    assert houses.recode(1) == 4
    assert houses.lines() == before
    assert houses.of(early) == {"EST"}
    assert houses.recode(2) == 4
    assert houses.lines() == before
    assert houses.of(early) == {"EST"}


async def test_who_is_not_introduced_for_a_year_fades(houses: Houses) -> None:
    await houses.introduced("estnische", "estnische", "estnische")
    houses.clock.now += FADES - timedelta(days=1)
    assert await houses.told() == {"EST"}
    houses.clock.now += timedelta(days=3)
    assert await houses.told() == set()
    assert houses.lines() == [("EST", "faded", 3, 2)]


async def test_an_article_that_is_changed_counts_once(houses: Houses) -> None:
    await houses.introduced("estnische", "estnische")
    first = next(page for page in houses.sites[0].pages.values() if page.path.startswith("/p/"))
    for n in range(3):
        body = (*first.body, f"Das wurde zum {n + 1}. Mal ergänzt.")
        houses.sites[0].revise(replace(first, body=body, updated=houses.clock.now))
        await houses.passes()
    with reading(houses.engine) as connection:
        assert connection.scalar(select(func.max(VersionRow.number))) > 1
    assert houses.lines() == [("EST", "proposed", 2, 2)]
