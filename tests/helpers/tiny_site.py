"""A site of a few invented pages for the tests, edited from one step to the next; and a clock that they hold."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from flows.desk import open_desk
from flows.newsroom.answers import Answer
from flows.settings import Channel, Fetching, Settings

BEGIN = datetime(2028, 1, 10, 5, tzinfo=UTC)

IDLE = (
    "Der Stadtrat hat am Abend über die neue Brücke am Hafen beraten und die Pläne der Verwaltung gebilligt.",
    "Die Arbeiten sollen im Frühjahr beginnen, sagte die Bürgermeisterin nach der Sitzung im alten Rathaus.",
)
TALKS = {
    "Frankreich": "Paris",
    "Polen": "Warschau",
    "Italien": "Rom",
    "Portugal": "Lissabon",
    "Spanien": "Madrid",
    "Kanada": "Ottawa",
    "Japan": "Tokio",
    "Norwegen": "Oslo",
}


@dataclass
class Clock:
    """Time as the test says."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **kwargs: float) -> None:
        self.now += timedelta(**kwargs)


@dataclass(frozen=True, kw_only=True)
class Page:
    """An article and its entry in a feed."""

    path: str
    headline: str
    body: tuple[str, ...] = IDLE
    published: datetime = BEGIN - timedelta(hours=1)
    guid: str = ""
    updated: datetime | None = None
    """as the feed dates the last change"""
    listed: str = ""
    """the headline in the feed, where it is not the page's"""
    markup: str = ""
    """the whole page, where it is not an article"""


def idle(n: int, **changes: object) -> Page:
    """An article that is nobody's matter; each has a text of its own."""
    page = Page(
        path=f"/a/{n}",
        headline=f"Stadtrat billigt Plan Nummer {n} für die Brücke",
        body=(*IDLE, f"Es ist die {n}. Vorlage dieser Art, und sie kostet {n} Millionen Euro."),
        published=BEGIN - timedelta(days=2) + timedelta(minutes=10 * n),
    )
    return replace(page, **changes)  # type: ignore[arg-type]


def talks(n: int, **changes: object) -> Page:
    """An article that tells an act of its own: Russia talks with the n-th of some states."""
    state, city = list(TALKS.items())[n % len(TALKS)]
    page = Page(
        path=f"/m/{n}",
        headline=f"Russland und {state} verhandeln in {city} über die Ukraine",
        body=(
            f"Russland und {state} haben am Montag in {city} über die Ukraine und Sicherheitsgarantien verhandelt.",
            "Über die Lage an der Grenze der Ukraine und über die NATO wurde stundenlang gesprochen.",
            f"Die Delegationen trafen sich in {city} in einem Hotel, die Öffentlichkeit war nicht zugelassen.",
        ),
        published=BEGIN + timedelta(minutes=n),
    )
    return replace(page, **changes)  # type: ignore[arg-type]


MORE = {
    "Türkei": "Ankara",
    "Ungarn": "Budapest",
    "Schweden": "Stockholm",
    "Griechenland": "Athen",
    "Belgien": "Brüssel",
}


def summit(n: int) -> Page:
    """One of over a hundred articles that each tell an act of their own: another state, another day of January."""
    state, city = list((TALKS | MORE).items())[n % (len(TALKS) + len(MORE))]
    day = 1 + n // (len(TALKS) + len(MORE)) % 9
    headline = f"Russland und {state} beraten in {city} über Sicherheitsgarantien und die Ukraine"
    body = (
        f"Der russische Außenminister hat am {day}. Januar in {city} mit {state} über die Ukraine verhandelt.",
        f"Russland fordert von der NATO den Verzicht auf eine Aufnahme der Ukraine; {state} lehnte die Forderung ab.",
        f"Die Delegationen trafen sich in {city}; über Sicherheitsgarantien sprachen sie in der Runde {n} lange.",
    )
    return talks(n, headline=headline, body=body)


@dataclass
class TinySite:
    """Pages by path, feeds by name; a test changes both between two passes."""

    pages: dict[str, Page] = field(default_factory=dict)
    feeds: dict[str, list[Page]] = field(default_factory=lambda: {"alle": []})

    def publish(self, *pages: Page, feed: str = "alle", window: int = 20) -> None:
        """Put pages at the head of a feed that lists the last `window`."""
        self.feeds[feed] = (self.feeds.get(feed, []) + list(pages))[-window:]
        self.pages |= {page.path: page for page in pages}

    def revise(self, page: Page) -> None:
        """Another text under the same address; no feed tells."""
        self.pages[page.path] = page

    def feed_paths(self) -> Mapping[str, str]:
        return {name: f"/feed/{name}.xml" for name in self.feeds}

    def answer(self, path: str, *, base: str, now: datetime) -> Answer | None:
        if path.startswith("/feed/"):
            name = path.removeprefix("/feed/").removesuffix(".xml")
            if name not in self.feeds:
                return None
            return Answer(body=rss(self.feeds[name], base), content_type="application/rss+xml; charset=utf-8")
        page = self.pages.get(path)
        return None if page is None else Answer(body=(page.markup or article(page)).encode())


def rss(pages: Iterable[Page], base: str) -> bytes:
    items = "".join(
        f"<item><title>{html.escape(page.listed or page.headline)}</title><link>{base}{page.path}</link>"
        f"<guid isPermaLink='false'>{page.guid or base + page.path}</guid>"
        f"<pubDate>{format_datetime(page.published)}</pubDate>{_changed(page)}</item>"
        for page in pages
    )
    space = "xmlns:a='http://www.w3.org/2005/Atom'"
    return f"<rss version='2.0' {space}><channel><title>Haus</title>{items}</channel></rss>".encode()


def _changed(page: Page) -> str:
    return f"<a:updated>{page.updated.isoformat()}</a:updated>" if page.updated else ""


def article(page: Page) -> str:
    body = "".join(f"<p>{html.escape(text)}</p>" for text in page.body)
    return (
        f"<!doctype html><html lang='de'><head><title>{html.escape(page.headline)}</title>"
        f"<meta property='article:published_time' content='{page.published.isoformat()}'></head>"
        f"<body><article><h1>{html.escape(page.headline)}</h1>{body}</article></body></html>"
    )


def settings_for(folder: Path, *rooms: object, publishers: Mapping[str, str] | None = None, **changes: object):
    """Settings for the feeds of newsrooms; alerts go to the first one's hook and what operators hear to a file."""
    names = publishers or {}
    rows = [
        f'[[feed]]\nname = "{name}-{n}"\npublisher = "{names.get(name, f"haus-{n}")}"\nurl = "{url}"\n'
        for n, room in enumerate(rooms)
        for name, url in room.feeds.items()  # type: ignore[attr-defined]
    ]
    (folder / "feeds.toml").write_text("\n".join(rows), "utf-8")
    allow = tuple(room.url.removeprefix("http://") for room in rooms)  # type: ignore[attr-defined]
    given = {
        "contact": "test@depesche.example",
        "database": f"sqlite:///{folder}/archive.sqlite",
        "feeds": folder / "feeds.toml",
        "fetching": Fetching(allow=allow, page_spacing_seconds=0, feed_interval_minutes=0, deadline_seconds=2),
        "channels": {
            "hook": Channel(kind="webhook", url=rooms[0].hook_url, secret="geheim", operators=False),  # type: ignore[attr-defined]
            "ops": Channel(kind="file", path=folder / "ops.txt", operators=True, watches=("Betrieb",)),
        },
    }
    return Settings(**(given | changes))


@asynccontextmanager
async def desk_for(settings: Settings, clock: Clock):
    async with open_desk(settings, now=clock) as desk:
        yield desk


def told(room: object) -> list[str]:
    """The keys of the alerts that the hook took, in order."""
    return [
        alert["key"]
        for delivery in room.deliveries  # type: ignore[attr-defined]
        if 200 <= delivery.status < 300
        for alert in delivery.json()["data"]["alerts"]
    ]
