"""Takes the pictures in docs/screenshots, from the demo's fortnight, in Debian's chromium.

    depesche demo --no-prefect
    python -m benchmarks.pictures                        all of the reading room
    python -m benchmarks.pictures --only overview act    some

    depesche demo --keep                                 tells the address of a Prefect server, and in another terminal
    DEPESCHE_CONFIG=.demo/depesche.toml PREFECT_API_URL=http://127.0.0.1:PORT/api depesche serve-flows
    python -m benchmarks.pictures --prefect http://127.0.0.1:PORT

The archive is copied before: what the pictures of reviewing need is corrected in the copy. Prefect's pictures show the
run of the demo that brought most events, once its deployments are served.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path

import httpx
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine, text

from extractors.relevance import load_dossier
from flows import learning
from flows.alerts.links import Ticket, sign
from flows.web import sessions
from flows.web.app import Room, create_app
from storage import room_queries
from storage.archive import opened
from storage.engine import open_engine, reading

TOKEN, SECRET = "token-of-the-pictures", "secret-of-the-pictures"
CHROMIUM = "/usr/bin/chromium"
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page as it is shown in the documents. `path` may name what `places` finds in the archive."""

    name: str
    path: str
    height: int = 760
    width: int = 1200
    dark: bool = False
    signed_in: bool = False


PICTURES = (
    Picture(name="overview", path="/"),
    Picture(name="overview-dark", path="/", dark=True),
    Picture(name="overview-phone", path="/", width=390, height=844),
    Picture(name="acts", path="/acts"),
    Picture(name="act", path="/acts/{act}", height=900),
    Picture(name="act-phone", path="/acts/{act}", width=390, height=844),
    Picture(name="week", path="/lage"),
    Picture(name="calendar", path="/calendar"),
    Picture(name="demands", path="/demands?state=refused"),
    Picture(name="actor", path="/actors/RUS"),
    Picture(name="dyad", path="/dyads/NATO/RUS"),
    Picture(name="matrix", path="/dyads/matrix?type=REQUEST"),
    Picture(name="matrix-dark", path="/dyads/matrix", dark=True),
    Picture(name="voices", path="/voices"),
    Picture(name="barometer", path="/barometer"),
    Picture(name="stories", path="/stories"),
    Picture(name="story", path="/stories/{story}", height=900),
    Picture(name="article", path="/articles/{lead}"),
    Picture(name="article-dark", path="/articles/{lead}", dark=True),
    Picture(name="revision", path="/articles/{revised}", height=1000),
    Picture(name="search", path="/search?q=Sicherheit"),
    Picture(name="operations", path="/feeds"),
    Picture(name="exports", path="/exports"),
    Picture(name="answer", path="/answers/{ticket}?do=right"),
    Picture(name="review", path="/events/{event}", signed_in=True),
    Picture(name="sample", path="/review", signed_in=True),
    Picture(name="people", path="/people", signed_in=True),
)

FOUND = {
    # the act with most reports, the matter with most articles, the article with most versions
    "act": "SELECT acts.uid FROM acts JOIN events ON events.act_id = acts.id WHERE events.known_to IS NULL"
    " AND acts.merged_into IS NULL GROUP BY acts.id ORDER BY count(DISTINCT events.article_id) DESC, acts.id LIMIT 1",
    "story": "SELECT uid FROM stories JOIN story_articles ON story_id = stories.id GROUP BY stories.id"
    " ORDER BY count(*) DESC, stories.id LIMIT 1",
    "lead": "SELECT id FROM articles WHERE url LIKE '%genf-gespraeche-auftakt-101.html'",
    "revised": "SELECT id FROM articles WHERE grade > 0 ORDER BY versions DESC, id LIMIT 1",
    "event": "SELECT uid FROM events WHERE known_to IS NULL AND confidence > 0.7 ORDER BY id LIMIT 1",
    "alert": 'SELECT "key" FROM alerts WHERE "group" <> \'\' ORDER BY id LIMIT 1',
}


def places(engine: Engine) -> Mapping[str, str]:
    """What the pictures show, as the archive of the demo has it."""
    with reading(engine) as connection:
        found = {name: str(connection.scalar(text(asked))) for name, asked in FOUND.items()}
    room = Room(engine=engine)
    ticket = Ticket(alert=found["alert"], channel="file", until=room.now() + timedelta(days=30))
    return {**found, "ticket": sign(ticket, SECRET)}


def prepare(engine: Engine, event: str) -> None:
    """Corrections to look at, and a sample of what was rejected."""
    with opened(engine) as archive:
        day = room_queries.latest_day(archive.connection)
        assert day is not None, "an empty archive has nothing to show"
        now = datetime.combine(day, clock(12), UTC)
        archive.review.correct(event, "right", "Ada Prüferin", now)
        learning.put_up(archive, [load_dossier("russland-nato-ukraine")], now)


@contextmanager
def served(room: Room) -> Iterator[str]:
    """The room on a port of its own, and its address."""
    config = uvicorn.Config(create_app(room), host="127.0.0.1", port=0, log_level="error")
    listening = config.bind_socket()
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def take(browser: Browser, picture: Picture, home: str, path: str, cookie: str, into: Path) -> None:
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.dark else "light",
        java_script_enabled=False,
    )
    if picture.signed_in:
        context.add_cookies([{"name": sessions.COOKIE, "value": cookie, "url": home}])
    page = context.new_page()
    answer = page.goto(home + path)
    if answer is None or answer.status != 200:
        raise SystemExit(f"{picture.name}: {path} answers {answer.status if answer else 'nothing'}")
    page.screenshot(path=into / f"{picture.name}.png")
    context.close()


PREFECT = {
    "prefect-run": "/runs/flow-run/{run}",
    "prefect-artifact": "/artifacts/artifact/{artifact}",
    "prefect-form": "/deployments/deployment/{deployment}/run",
    "prefect-automations": "/automations",
}


def prefect_places(api: str) -> Mapping[str, str]:
    """The ingest run with the longest story, that story, and the deployment of `ingest`, as Prefect's API tells."""
    with httpx.Client(base_url=api, timeout=30) as client:
        told = client.post("artifacts/filter", json={"artifacts": {"key": {"any_": ["ingest-run"]}}})
        stories = told.raise_for_status().json()
        served = client.get("deployments/name/ingest/ingest")
    if not stories or served.status_code != 200:
        raise SystemExit(f"{api} has no run of the demo, or no deployment: see --help")
    longest = max(stories, key=lambda story: len(story["data"]))
    return {"run": longest["flow_run_id"], "artifact": longest["id"], "deployment": served.json()["id"]}


def take_prefect(browser: Browser, home: str, into: Path, only: Sequence[str]) -> None:
    """Prefect's own pages, which are drawn by scripts: each when it has fallen silent."""
    found = prefect_places(f"{home}/api/")
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    for name, path in PREFECT.items():
        if not only or name in only:
            page.goto(home + path.format_map(found))
            page.wait_for_function("document.body.innerText.length > 100")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=into / f"{name}.png")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, default=Path(".demo/depesche.sqlite"))
    parser.add_argument("--into", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--only", nargs="*", default=(), metavar="NAME", help="names of pictures")
    parser.add_argument("--prefect", metavar="URL", help="take Prefect's pages of the server at this address instead")
    args = parser.parse_args()
    if args.prefect:
        with sync_playwright() as running:
            browser = running.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            take_prefect(browser, args.prefect.rstrip("/"), args.into, args.only)
            browser.close()
        return 0
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        copied = Path(folder) / "archive.sqlite"
        shutil.copy(args.archive, copied)
        engine = open_engine(f"sqlite:///{copied}")
        room = Room(engine=engine, token=TOKEN, link_secret=SECRET)
        found = places(engine)
        prepare(engine, found["event"])
        cookie = sessions.issue("Ada Prüferin", TOKEN, room.now())
        with served(room) as home, sync_playwright() as running:
            browser = running.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            for picture in PICTURES:
                if not args.only or picture.name in args.only:
                    take(browser, picture, home, picture.path.format_map(found), cookie, args.into)
            browser.close()
        engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
