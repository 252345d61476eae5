"""The flows as Prefect runs them, on one real server: states, names, artifacts, events, automations, and a killed run."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gc
import http.client
import importlib
import os
import subprocess
import sys
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from extractors.model import Alert
from flows import steps
from flows.desk import open_archive, open_desk
from flows.local_server import environment, running
from flows.newsroom import END, Newsroom
from flows.settings import load
from storage.archive import opened
from storage.engine import reading
from storage.tables import AlertRow, ArticleRow, CoderRow, FeedRow

pytestmark = [
    pytest.mark.prefect,
    # Prefect's client keeps sockets to the server in worker threads and leaves them to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module", autouse=True)
def swept():
    """What Prefect's client left is collected here, and not in the middle of a stricter test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


def test_the_server_answers_to_no_page_of_others_and_no_name_of_theirs(server):
    """It asks for no password: a page of anybody's that pointed its name at 127.0.0.1 could read and start all there is; a POST
    without a content type needed no such name, and a WebSocket told the events to whoever listened."""
    port = urlsplit(server).port

    def status(method: str, path: str, body: bytes = b"", **headers: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        with contextlib.closing(connection):
            return connection.getresponse().status

    listening = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    listening |= {"Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(), "Sec-WebSocket-Protocol": "prefect"}
    evil = {"Origin": "http://evil.example"}
    assert status("GET", "/api/health") == 200
    assert status("GET", "/api/health", Host=f"localhost:{port}", Origin=f"http://localhost:{port}") == 200
    assert status("GET", "/api/health", Host=f"evil.example:{port}") == 421
    assert status("POST", "/api/flows/", b'{"name": "evil"}', **evil) == 403
    assert status("GET", "/api/events/out", **listening) == 101
    assert status("GET", "/api/events/out", **listening, **evil) == 403


EAVESDROPPER = """
import socket, sys
def hear(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect"):
        where = args[1] if event == "socket.connect" else args[0]
        with open({path!r}, "a") as told:
            print(where[0] if isinstance(where, tuple) else where, file=told)
sys.addaudithook(hear)
socket.getaddrinfo("localhost", None)
"""
"""Python's own audit events: each name that is looked up and each address that is connected to; one, to know that it hears."""


@pytest.fixture(scope="session")
def spoken_to(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the hosts that the server's process spoke to; the folder's sitecustomize writes it."""
    folder = tmp_path_factory.mktemp("eavesdropper")
    (folder / "sitecustomize.py").write_text(EAVESDROPPER.format(path=str(folder / "hosts.txt")), "utf-8")
    return folder / "hosts.txt"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, spoken_to: Path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(spoken_to.parent), os.environ.get("PYTHONPATH")))))
        with running(tmp_path_factory.mktemp("prefect")) as url:
            patch.undo()
            yield f"{url}/api"


@pytest.fixture
def prefect(server: str, monkeypatch: pytest.MonkeyPatch):
    """Prefect's client pointed at the server, as the environment of a flow run would."""
    from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_LEVEL, temporary_settings

    monkeypatch.setenv("PREFECT_API_URL", server)
    with temporary_settings({PREFECT_API_URL: server, PREFECT_LOGGING_LEVEL: "WARNING"}):
        yield server


@pytest.fixture
def room():
    with Newsroom() as newsroom:
        newsroom.set_time(END)
        yield newsroom


@pytest.fixture
def settings_file(room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two feeds, so that a pass takes a second; named to this process and its children."""
    feeds = {name: room.feeds[name] for name in ("tagesschau-ausland", "n-tv")}
    rows = [f'[[feed]]\nname = "{name}"\npublisher = "haus"\nurl = "{url}"\n' for name, url in feeds.items()]
    (tmp_path / "feeds.toml").write_text("\n".join(rows), "utf-8")
    path = tmp_path / "depesche.toml"
    path.write_text(
        f"""contact = "test@depesche.example"
database = "sqlite:///{tmp_path}/archive.sqlite"
feeds = "{tmp_path}/feeds.toml"
[fetching]
allow = ["{room.url.removeprefix("http://")}"]
page_spacing_seconds = 0
feed_interval_minutes = 0
[channels.file]
kind = "file"
path = "{tmp_path}/alerts.txt"
operators = true
""",
        "utf-8",
    )
    monkeypatch.setenv("DEPESCHE_CONFIG", str(path))
    return path


async def ingested(**form: Any) -> Any:
    from flows.ingest import IngestForm, ingest

    return await ingest(IngestForm(**form), return_state=True)


async def until(ask: Callable[[], Awaitable[Any]], *, within: float = 120.0) -> Any:
    """Ask until the answer is not empty: the server takes events in when it comes to them, a process begins when it may.

    The bound is for what never comes, and not for how busy a machine may be.
    """
    ends = time.monotonic() + within
    while not (answer := await ask()) and time.monotonic() < ends:
        await asyncio.sleep(0.2)
    return answer


async def events_named(name: str) -> list[dict[str, Any]]:
    from prefect import get_client

    async with get_client() as client:
        answer = await client._client.post("/events/filter", json={"filter": {"event": {"name": [name]}}, "limit": 50})
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["events"]
    return found


async def artifacts(key: str) -> list[Any]:
    from prefect import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    async with get_client() as client:
        return await client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])))


async def test_a_pass_ends_well_with_its_story_its_table_and_its_events(prefect, room, settings_file):
    from prefect import get_client

    state = await ingested(limit=12)
    again = await ingested(limit=1)

    assert (state.name, again.name) == ("Completed", "Completed")
    assert "2 feeds" in state.message
    async with get_client() as client:
        run = await client.read_flow_run(state.state_details.flow_run_id)
    assert run.name == f"{run.expected_start_time:%Y-%m-%d %H:%M} UTC ingest"
    stories, tables = await artifacts("ingest-run"), await artifacts("feed-health")
    assert len(stories) == len(tables) == 2  # a history under one key
    assert "What became of each entry" in "".join(story.data for story in stories)
    charts = await artifacts("tension")
    assert len(charts) == 1 + (", 0 events" not in again.message)  # drawn where the run brought events
    assert base64.b64decode(charts[0].data.partition("base64,")[2].rstrip(")")).startswith(b"<svg")
    alerts = await until(lambda: events_named("depesche.alert.queued"))
    assert {"watch", "type", "parties"} <= set(alerts[0]["payload"])
    assert len({event["resource"]["prefect.resource.id"] for event in alerts}) == len(alerts)


async def test_a_run_that_tells_the_week_is_named_and_told_as_a_lage(prefect, room, settings_file):
    from prefect import get_client

    from flows.digest import DigestForm, digest

    day = await digest(return_state=True)
    week = await digest(DigestForm(period="week"), return_state=True)
    async with get_client() as client:
        names = [(await client.read_flow_run(one.state_details.flow_run_id)).name for one in (day, week)]
    assert [name.split(" UTC ")[1] for name in names] == ["digest", "lage"]
    assert [len(await artifacts(f"{kind}-run")) for kind in ("digest", "lage")] == [1, 1]


async def test_a_lage_that_comes_late_is_that_of_the_day_on_which_it_was_due(prefect, settings_file):
    from prefect import get_client
    from prefect.flow_engine import run_flow
    from prefect.states import Scheduled

    from flows.digest import DigestForm, digest

    due = datetime.now(UTC) - timedelta(days=9)
    week = {"form": DigestForm(period="week")}
    async with get_client() as client:
        planned = await client.create_flow_run(digest, parameters=week, state=Scheduled(scheduled_time=due))
    await run_flow(digest, flow_run=planned, parameters=week, return_type="state")
    settings = load()
    with reading(open_archive(settings.database_url)) as connection:
        keys = list(connection.scalars(select(AlertRow.key).where(AlertRow.key.startswith("Lage:"))))
    assert [key[-10:] for key in keys] == [str(due.astimezone(ZoneInfo(settings.schedule.timezone)).date())]


async def test_a_dead_feed_degrades_the_pass_and_dead_feeds_fail_it(prefect, room, settings_file):
    room.fault("/feeds/n-tv*", "500")
    degraded = await ingested(limit=1)
    room.fault("/feeds/tagesschau*", "500")
    failed = await ingested(limit=1)

    assert degraded.is_completed()
    assert degraded.name == "Degraded"
    assert "1 failed" in degraded.message
    assert failed.is_failed()
    assert any("Feeds in trouble or slow" in story.data for story in await artifacts("ingest-run"))


async def test_what_the_operator_must_know_is_told_as_news_and_not_as_an_alert(prefect, room, settings_file):
    from flows import health, operate

    async with open_desk(load()) as desk:
        began = desk.now()
        with opened(desk.engine) as archive:
            health.loud(desk, archive, "feed gap", "https://haus.example/feed", "some may be missed", desk.now())
        news = operate.news_since(desk, began)

    assert [incident.kind for incident in news.incidents] == ["feed gap"]
    assert news.alerts == ()


@pytest.mark.parametrize("flow", ["notify", "digest"])
async def test_what_waits_is_told_while_feeds_and_dossiers_cannot_be_read(flow, prefect, tmp_path, monkeypatch):
    """An editor's half-written list of feeds kept every alert back, though none of them needs it."""
    settings = tmp_path / "depesche.toml"
    settings.write_text(
        f"""contact = "test@depesche.example"
database = "sqlite:///{tmp_path}/archive.sqlite"
feeds = "{tmp_path}/feeds.toml"
dossiers = ["{tmp_path}/arktis.toml"]
[channels.file]
kind = "file"
path = "{tmp_path}/alerts.txt"
""",
        "utf-8",
    )
    for broken in ("feeds.toml", "arktis.toml"):
        (tmp_path / broken).write_text("[[", "utf-8")
    monkeypatch.setenv("DEPESCHE_CONFIG", str(settings))
    waiting = Alert(key="w:1", watch="w", title="Genf sagt zu", body="", digest=flow == "digest")
    with opened(open_archive(load().database_url)) as archive:
        archive.outbox.queue([waiting], ["file"], datetime.now(UTC))

    state = await getattr(importlib.import_module(f"flows.{flow}"), flow)(return_state=True)

    assert state.name == "Completed"
    assert "Genf sagt zu" in (tmp_path / "alerts.txt").read_text("utf-8")


async def test_a_silent_feed_is_part_of_each_runs_story(prefect, room, settings_file):
    """It answers well in every run: the table of feeds says nothing of it."""
    await ingested(limit=1)
    with opened(open_archive(load().database_url)) as archive:
        long_ago = datetime.now(UTC) - timedelta(days=4)
        # The newsroom's feeds are slow ones; these are not.
        archive.connection.execute(update(FeedRow).values(new_at=long_ago, rhythm=600.0))
    await ingested(limit=1)

    stories = [story.data for story in await artifacts("ingest-run")]
    assert any("open since" in story and "feed silent: " in story and "n-tv" in story for story in stories)


async def test_slow_feeds_do_not_keep_a_pass_from_reading_and_what_it_left_out_is_first_in_the_next(
    prefect, room, settings_file, monkeypatch
):
    from flows import ingest
    from flows.desk import CLOCK
    from flows.runs import NOT_ASKED

    late, asked, poll_feeds = [timedelta(0)], [], steps.poll_feeds

    async def slow(desk, feeds, *, until):
        told = await poll_feeds(desk, feeds, until=until)
        slowly = [feed.name for feed in told if feed.outcome not in NOT_ASKED]
        asked.extend(slowly)
        late[0] += len(slowly) * timedelta(minutes=5)
        return told

    monkeypatch.setattr(ingest, "FEEDS_A_TASK", 1)
    monkeypatch.setattr(steps, "poll_feeds", slow)
    CLOCK.set(lambda: datetime.now(UTC) + late[0])
    first, second = await ingested(limit=3), await ingested(limit=3)

    assert len(asked) == len(set(asked)) == 2, "the feed that was left out is the first to be asked"
    for state in (first, second):
        assert state.is_completed()
        assert "1 feed, 3 articles" in state.message
    stories = [story.data for story in await artifacts("ingest-run")]
    assert sum("1 feed left for the next pass" in story for story in stories) == 2


async def test_a_dry_run_draws_no_chart_of_what_it_alone_has_read(prefect, room, settings_file):
    """Its archive is empty but for that, and the picture stood as the newest of the last thirty days."""
    await ingested()
    before = [each.id for each in await artifacts("tension")]
    state = await ingested(limit=12, dry_run=True)
    assert before
    assert "0 events" not in state.message
    assert [each.id for each in await artifacts("tension")] == before


async def test_a_dry_run_emits_no_events(prefect, room, settings_file, monkeypatch):
    from flows import operate

    told: list[str] = []
    monkeypatch.setattr(operate, "emit_event", lambda name, **_: told.append(name))
    state = await ingested(limit=12, dry_run=True)
    assert "0 matches" not in state.message
    assert told == []
    # Nothing was kept: by another name than those that the dead man's switch waits for.
    assert (state.is_completed(), state.name) == (True, "Dry run")
    *_, switch = operate.automations()
    assert f"prefect.flow-run.{state.name}" not in switch.trigger.expect | switch.trigger.after


def test_a_moment_without_a_zone_is_refused_by_the_form():
    from pydantic import ValidationError

    from flows.ingest import IngestForm

    assert IngestForm(since="2028-01-12T06:00+01:00").since is not None
    with pytest.raises(ValidationError, match="timezone"):
        IngestForm(since="2028-01-12T06:00")


async def test_a_form_says_what_each_field_is(prefect, room, settings_file):
    from flows.digest import digest
    from flows.ingest import ingest
    from flows.recode import recode

    for flow in (ingest, digest, recode):
        schema = flow.parameters.model_dump()
        fields = {name: field for of in schema["definitions"].values() for name, field in of["properties"].items()}
        assert fields
        assert [name for name, field in fields.items() if not field.get("description")] == []


async def test_a_name_that_no_feed_has_fails_the_run_and_says_so(prefect, room, settings_file):
    state = await ingested(feeds=["gibt-es-nicht"])

    assert state.is_failed()
    assert "depesche feeds list" in state.message


async def test_a_run_for_one_matter_polls_the_feeds_that_are_followed_for_it(prefect, room, settings_file):
    """What it reads is judged for the others, too: an entry is read once."""
    feeds = settings_file.parent / "feeds.toml"
    first, second = feeds.read_text("utf-8").strip().split("\n\n")
    matters = ("russland-nato-ukraine", "iran-atom")
    rows = [f'{row}\ndossiers = ["{matter}"]\n' for row, matter in zip((first, second), matters, strict=True)]
    feeds.write_text("\n".join(rows), "utf-8")
    settings_file.write_text(f"dossiers = {list(matters)}\n{settings_file.read_text('utf-8')}", "utf-8")

    assert (await ingested(dossier="iran-atom")).is_completed()
    asked = {name: len(room.asked(room.feeds[name].removeprefix(room.url))) for name in ("tagesschau-ausland", "n-tv")}
    assert asked == {"tagesschau-ausland": 0, "n-tv": 1}
    unknown = await ingested(dossier="gibt-es-nicht")
    assert unknown.is_failed()
    assert "there are: russland-nato-ukraine, iran-atom" in unknown.message


async def test_automations_are_there_once_and_tell_the_block_that_is_named(prefect, room, settings_file):
    from prefect import get_client
    from prefect.blocks.notifications import CustomWebhookNotificationBlock

    from flows import operate

    block = CustomWebhookNotificationBlock(name="oncall", url=room.hook_url, secrets={}, json_data={"text": "{{body}}"})
    await block.save("oncall", overwrite=True)
    first = await operate.keep_automations()
    again = await operate.keep_automations("custom-webhook/oncall")

    assert [line.split()[0] for line in first] == ["created"] * 3
    assert sorted(again) == [
        "kept depesche: zombie runs", "updated depesche: dead man's switch", "updated depesche: trouble in a run",
    ]  # fmt: skip
    async with get_client() as client:
        ours = [one for one in await client.read_automations() if one.name.startswith("depesche: ")]
    assert len(ours) == 3
    assert sum(action.type == "send-notification" for one in ours for action in one.actions) == 2
    assert {line.split()[0] for line in await operate.keep_automations("custom-webhook/oncall")} == {"kept"}
    with pytest.raises(LookupError, match="prefect block ls"):
        await operate.keep_automations("slack-webhook/nobody")


def test_a_crash_soon_after_a_start_is_told_at_once(prefect, settings_file):
    """The scheduler writes a run's first state without an event; what followed waited a quarter of an hour for it."""
    from flows import operate, serve

    made = next(one for one in serve.deployments(load()) if one.name == "tend").apply()

    async def told() -> Any:
        await operate.keep_automations()
        run = await crashed(made)

        async def fired() -> list[dict[str, Any]]:
            events = await events_named("prefect.automation.triggered")
            return [one for one in events if "trouble" in one["resource"]["prefect.resource.name"] and run in str(one)]

        return await until(fired)

    assert len(asyncio.run(told())) == 1


async def crashed(deployment: Any) -> str:
    """A run as the scheduler writes it, that begins at once and crashes; its id."""
    from prefect import get_client
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
    from prefect.states import Crashed, Pending, Running

    async with get_client() as client:
        answer = await client._client.post(f"/deployments/{deployment}/schedule", json={"max_runs": 1, "min_runs": 1})
        answer.raise_for_status()
        ours = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
        run, *_ = await client.read_flow_runs(deployment_filter=ours)
        for state in (Pending(), Running(), Crashed()):
            await client.set_flow_run_state(run.id, state, force=True)
    return str(run.id)


def served() -> list[str]:
    """Register the deployments, as each start of the flows' process does; those that are paused then."""
    from flows import operate
    from flows.serve import deployments

    def paused() -> list[str]:
        return sorted(one.name for one in asyncio.run(operate.deployed()) if one.paused)

    for made in deployments(load(), paused()):
        made.apply()
    return paused()


def test_what_an_operator_paused_stays_paused_through_a_restart(prefect, room, settings_file):
    from prefect import get_client

    from flows.serve import deployments

    assert served() == []
    with get_client(sync_client=True) as client:
        ids = {
            made.name: client.read_deployment_by_name(f"{made.flow_name}/{made.name}").id
            for made in deployments(load())
        }
        client.pause_deployment(ids["digest"])
        assert served() == ["digest"]
        # As Prefect's own runner leaves them when it stops: nobody pauses recode, which has no schedule.
        for one in ids.values():
            client.pause_deployment(one)
        assert served() == []


def test_of_what_fell_due_while_nobody_served_the_newest_runs(prefect, settings_file):
    """A night's backlog of a flow that runs each minute took Prefect ten minutes to cancel, one by one."""
    from prefect import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterName
    from prefect.states import Scheduled

    from flows import operate, serve

    now = datetime.now(UTC)
    tend = next(one for one in serve.deployments(load()) if one.name == "tend").apply()
    with get_client(sync_client=True) as client:
        for name, minutes, tags in (
            ("by hand", 50, []),
            ("first", 40, ["auto-scheduled"]),
            ("second", 30, ["auto-scheduled"]),
            ("newest", 20, ["auto-scheduled"]),
            ("to come", -20, ["auto-scheduled"]),
        ):
            due = Scheduled(scheduled_time=now - timedelta(minutes=minutes))
            client.create_flow_run_from_deployment(tend, name=name, tags=[operate.TAG, *tags], state=due)
        assert asyncio.run(operate.drop_backlog(now)) == 2
        named = FlowRunFilter(name=FlowRunFilterName(any_=["by hand", "first", "second", "newest", "to come"]))
        left = {run.name for run in client.read_flow_runs(flow_run_filter=named)}
    assert left == {"by hand", "newest", "to come"}


def test_deployments_of_a_work_pool_are_not_served_too(prefect, settings_file, monkeypatch):
    """Prefect refused with a traceback about slugs, or left them with the pool."""
    from prefect import get_client
    from prefect.client.schemas.actions import WorkPoolCreate

    from flows import serve
    from flows.serve import deployments

    notify = next(one for one in deployments(load()) if one.name == "notify")
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name="elsewhere", type="process"))
        there = notify.apply(work_pool_name="elsewhere")
        try:
            monkeypatch.setattr(serve, "served", lambda _: pytest.fail("served"))
            with pytest.raises(LookupError, match=r"the work pool 'elsewhere' runs notify.*prefect deployment delete"):
                serve.main()
        finally:
            client.delete_deployment(there)


def test_a_second_process_that_stops_pauses_nothing(prefect, settings_file, monkeypatch):
    """The first would go on with nothing to run, and say so to nobody."""
    from flows import serve

    made: list[Any] = []

    class Fake(serve.Runner):
        async def start(self, run_once: bool = False, webserver: bool | None = None) -> None:
            made.append(self)

    monkeypatch.setattr(serve, "Runner", Fake)
    monkeypatch.setattr(serve, "keep_automations", lambda *_: ())
    assert serve.main() == 0
    assert [runner.pause_on_shutdown for runner in made] == [False]


SERVING = """
import sys
from flows import serve
serve.LOOK_SECONDS = 0.5
if __name__ == "__main__":
    sys.exit(serve.main())
"""


@contextlib.asynccontextmanager
async def serving(prefect: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`depesche serve-flows`, registered and polling."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVING, env=environment(PREFECT_API_URL=prefect), stdout=-1, stderr=-1
    )
    try:
        assert child.stdout is not None
        while not (line := await child.stdout.readline()).startswith(b"Served: "):
            assert line, (await child.communicate())[1].decode()
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()


async def test_who_serves_a_deployment_that_the_server_forgot_says_so_ends_and_registers_it_anew(
    prefect, settings_file
):
    """He asked for its runs by an id that was gone, and was told of none, for ever."""
    from prefect import get_client

    from flows import operate

    with settings_file.open("a") as settings:  # nothing that runs meanwhile
        settings.write('[schedule]\ningest = "0 0 29 2 *"\nnotify = ""\ntend = ""\ndigest = ""\nweekly = ""\n')
    async with serving(prefect) as first:
        before = {one.name: one.id for one in await operate.deployed()}
        async with get_client() as client:
            await client.delete_deployment(before["lage"])
        _, told = await asyncio.wait_for(first.communicate(), 120)
    assert first.returncode == 1
    assert "the Prefect server does not have lage any more" in told.decode()
    async with serving(prefect) as second:
        after = {one.name: one.id for one in await operate.deployed()}
        await asyncio.sleep(3)  # six looks
        second.terminate()
        assert await asyncio.wait_for(second.wait(), 120) == 0
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] != before[name]] == ["lage"]


async def test_a_server_that_is_away_or_answers_otherwise_has_forgotten_nothing(monkeypatch):
    """Only three answers in a row that a deployment is not there count."""
    from flows import operate, serve

    gone, away = ("lage",), ConnectionError("refused")
    answers = [gone, gone, away, gone, gone, (), gone, away, gone, gone, gone]
    asked = iter(answers)
    stopped = []

    async def forgotten(_: object) -> tuple[str, ...]:
        answer = next(asked)
        if isinstance(answer, Exception):
            raise answer
        return answer

    class Runner:
        started = True

        async def astop(self) -> None:
            stopped.append(len(list(asked)))

    monkeypatch.setattr(operate, "forgotten", forgotten)
    monkeypatch.setattr(serve, "LOOK_SECONDS", 0)
    assert await serve._ended_if_forgotten(Runner(), {}) == gone
    assert stopped == [0]


async def test_a_run_whose_process_is_gone_ends(prefect, room, settings_file):
    """Killed between taking up and beginning, or before its first heartbeat: none is missed, and its slot would stay taken."""
    from prefect import get_client
    from prefect.states import Pending, Running

    from flows import operate
    from flows.notify import notify
    from flows.recode import recode

    now, ours = datetime.now(UTC), [operate.TAG]
    made = (
        (notify, "stuck", ours, Pending(name="Submitting")),
        (notify, "of somebody else", [], Pending(name="Submitting")),
        (notify, "cut off", ours, Running()),
        (recode, "takes its time", ours, Running()),
    )
    async with get_client() as client:
        runs = [await client.create_flow_run(of, name=name, tags=tags, state=state) for of, name, tags, state in made]
        early = await operate.end_dead_runs(now)
        begun = await operate.end_dead_runs(now + operate.NEVER_BEGAN + timedelta(seconds=30))
        late = await operate.end_dead_runs(
            now + operate.NEVER_BEGAN + operate.LONGEST["notify"] + timedelta(seconds=30)
        )
        states = [(await client.read_flow_run(run.id)).state for run in runs]

    assert (early, begun, late) == ((), ("stuck",), ("cut off",))
    assert [state.name for state in states] == ["Crashed", "Submitting", "Crashed", "Running"]
    assert [states[0].message, states[2].message] == ["taken up and never begun", "begun and never ended"]


def of_another_coder() -> int:
    """Let all that is stored have been read by other rules; how many that are."""
    engine = open_archive(load().database_url)
    with opened(engine) as archive:
        archive.connection.execute(update(CoderRow).values(name=CoderRow.name + "+other"))
        stale = archive.recoding.coverage("today's").stale
    engine.dispose()
    return stale


async def recoded(**form: Any) -> Any:
    """As the runner does it, in a process without an event loop of its own."""
    from flows.recode import RecodeForm, recode

    return await asyncio.to_thread(recode, RecodeForm(**form), return_state=True)


async def test_a_recode_reads_all_once_says_how_far_it_is_and_redraws_the_tension(prefect, room, settings_file):
    await ingested(limit=12)
    stored = of_another_coder()
    first = await recoded(batch=5)
    again = await recoded()

    assert stored > 5
    assert f"{stored} articles ({stored} read again)" in first.message
    assert "0 articles;" in again.message
    assert any("min left" in (bar.description or "") or "s left" in (bar.description or "") for bar in await bars())
    assert await artifacts("tension")


async def bars() -> list[Any]:
    return await artifacts("recode-progress")


@pytest.mark.dask
async def test_a_recode_across_processes_reads_all_once(prefect, room, settings_file):
    pytest.importorskip("prefect_dask", reason="no Dask: install depesche[scale]")
    await ingested(limit=12)
    stored = of_another_coder()
    state = await recoded(batch=3, workers=2)

    assert f"{stored} articles ({stored} read again)" in state.message


@pytest.mark.dask
def test_dask_pauses_no_worker_for_its_memory():
    """By default each gets its share of what there is, and at four fifths of it reads no more: 600 MB at 3 GB for 4 workers."""
    pytest.importorskip("prefect_dask", reason="no Dask: install depesche[scale]")
    from distributed import LocalCluster

    from flows.recode import RecodeForm, dask

    with LocalCluster(**dask(RecodeForm(workers=2)).cluster_kwargs) as cluster:
        limits = [each["memory_limit"] for each in cluster.scheduler_info["workers"].values()]

    assert limits == [0, 0]


async def test_several_workers_without_dask_say_what_to_install(prefect, room, settings_file, monkeypatch):
    from flows.recode import RecodeForm, dask

    monkeypatch.setitem(sys.modules, "prefect_dask.task_runners", None)
    with pytest.raises(ModuleNotFoundError, match=r"depesche\[scale\]"):
        dask(RecodeForm(workers=2))


CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync"
PAGES = (
    "dashboard runs flows deployments work-pools blocks blocks/catalog variables automations automations/create events "
    "concurrency-limits artifacts settings v2/dashboard v2/runs v2/blocks/catalog v2/automations v2/settings"
)


@pytest.mark.browser
def test_neither_prefects_pages_nor_its_server_ask_anybody_else(server, spoken_to):
    """Every page of both UIs in a browser, and every name that the server's process looked up or connected to."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: install the dev dependencies")
    if not CHROMIUM.exists():
        pytest.skip("no /usr/bin/chromium: apt-get install chromium")
    base = server.removesuffix("/api")
    asked: set[str] = set()
    refused: set[str] = set()
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        page = browser.new_page()
        page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        page.on("websocket", lambda socket: asked.add(urlsplit(socket.url).netloc))
        page.on(
            "requestfailed",
            lambda request: refused.add(urlsplit(request.url).netloc) if request.failure == "csp" else None,
        )
        for path in PAGES.split():
            page.goto(f"{base}/{path}")
            page.wait_for_function("document.body.innerText.length > 100")  # not blank for all that was refused
            page.wait_for_load_state("networkidle")
        browser.close()

    home = urlsplit(base).netloc
    assert home in asked
    assert asked - refused - {home, ""} == set()  # without a host: data: and blob:
    spoken = set(spoken_to.read_text("utf-8").split())
    assert "localhost" in spoken  # it was heard at all
    assert spoken <= {"localhost", "127.0.0.1", "::1"}


KILLED = "import asyncio; from flows.ingest import ingest; asyncio.run(ingest())"


async def test_a_run_killed_outright_loses_nothing(prefect, room, settings_file):
    """Killed while pages are on their way: the next pass takes up what the dead one had claimed."""
    room.fault("/*", "late", delay=0.2)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, env=environment(PREFECT_API_URL=prefect), stderr=subprocess.DEVNULL
    )

    async def asking_or_ended() -> bool:
        return pages_asked(room) or child.returncode is not None

    try:
        assert await until(asking_or_ended, within=200)
        assert child.returncode is None
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
    left = pending()
    room.heal()
    async with open_desk(load(), now=lambda: datetime.now(UTC) + steps.entries.LEASE + timedelta(minutes=1)) as desk:
        report = await steps.one_pass(desk)

    assert left > 0
    assert report.taken == left
    assert pending() == sum(count for reason, count in report.outcomes.items() if reason.startswith("postponed"))


def pending() -> int:
    engine = open_archive(load().database_url)
    with reading(engine) as connection:
        count = connection.scalar(select(func.count()).where(ArticleRow.outcome == "pending"))
    engine.dispose()
    return count or 0


def pages_asked(room: Newsroom) -> bool:
    return any(request.path.endswith(".html") for request in list(room.requests))
