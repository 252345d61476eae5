"""The sandbox: a document that burns, bloats or crashes its reader costs only itself."""

from __future__ import annotations

import asyncio
import json
import os
import select
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.articles import NotAnArticle, Reason
from extractors.feeds import FeedError, parse_feed
from extractors.model import FetchedPage
from flows.sandbox import ChildLimits, Refused, Sandbox, SandboxError, Trouble, child, inside, wire

NOW = datetime(2022, 1, 10, 12, 0, tzinfo=UTC)
ITEM = "<item><title>M {0}</title><link>https://example.org/{0}</link><pubDate>Mon, 10 Jan 2022 15:30:00 MEZ</pubDate></item>"
FEED = f"<rss version='2.0'><channel><title>T</title>{''.join(map(ITEM.format, range(30)))}</channel></rss>".encode()


MISCHIEF = """
import json, os, signal, sys, time, resource, socket
def burn(payload, body):
    while True: pass
def sleep(payload, body):
    time.sleep(60)
def bloat(payload, body):
    return b"x" * (2 << 30)
def crash(payload, body):
    os.kill(os.getpid(), signal.SIGSEGV)
def leave(payload, body):
    os._exit(3)
def killed(payload, body):
    os.kill(os.getpid(), signal.SIGKILL)
def missing(payload, body):
    import no_such_module_of_ours
def raises(payload, body):
    raise RuntimeError("secret text of a document")
def deep(payload, body):
    return deep(payload, body)
class Bad(ValueError):
    reason = "so bad"
def refuses(payload, body):
    time.sleep(payload.get("seconds", 0))
    raise Bad()
def prints(payload, body):
    print("into the frames?"); os.write(1, b"into the frames?"); os.write(2, b"x")
    return b"1"
def long(payload, body):
    return b"x" * (20 << 20)
def echo(payload, body):
    return json.dumps([payload, len(body)]).encode()
def write(payload, body):
    with open(payload["path"], "w") as f: f.write("x" * 100)
    return b"1"
def environment(payload, body):
    return json.dumps(dict(os.environ)).encode()
def doze(payload, body):
    time.sleep(payload["seconds"])
    return json.dumps([os.getpid(), os.sched_getscheduler(0)]).encode()
def group(payload, body):
    return json.dumps([os.getsid(0), os.getpgid(0), os.getpid()]).encode()
def pid(payload, body):
    return str(os.getpid()).encode()
"""


@pytest.fixture(scope="module")
def mischief(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a Sandbox is told so that its children can misbehave."""
    folder = tmp_path_factory.mktemp("mischief")
    (folder / "sandboxed_mischief.py").write_text(MISCHIEF, "utf-8")
    names = [line.split("(")[0][4:] for line in MISCHIEF.splitlines() if line.startswith("def ")]
    return {"folders": (folder,), "operations": {name: f"sandboxed_mischief:{name}" for name in names}}


@pytest.fixture(scope="module")
def box(mischief: dict[str, Any]) -> Iterator[Sandbox]:
    # Patient: who has lost his priority may not even come to his limit of CPU within the minute.
    limits = ChildLimits(cpu_seconds=1, wall_seconds=60.0, patience_seconds=60.0, memory_megabytes=512)
    with Sandbox(limits=limits, **mischief) as found:
        yield found


async def test_a_feed_comes_back_as_it_would_without_a_sandbox(box: Sandbox) -> None:
    told = {"content_type": "text/xml", "zone": "Europe/Vienna", "now": NOW}
    assert await box.parse_feed("https://example.org/f", FEED, **told) == parse_feed(  # type: ignore[arg-type]
        "https://example.org/f",
        FEED,
        **told,  # type: ignore[arg-type]
    )


async def test_an_article_comes_back_as_it_would_without_a_sandbox(box: Sandbox) -> None:
    from extractors.articles import extract_article

    text = "".join(
        f"<p>Die Beratungen in Genf dauerten am Montag den Tag {n} lang, sagte eine Sprecherin.</p>" for n in range(9)
    )
    body = (
        f"<html><head><title>Genf</title></head><body><article><h1>Gespräche in Genf</h1>{text}</article></body></html>"
    )
    page = FetchedPage(
        url="https://example.org/a", body=body.encode(), fetched_at=NOW, content_type="text/html; charset=utf-8"
    )
    assert await box.extract_article(page) == extract_article(page)


async def test_refusals_come_back_as_themselves(box: Sandbox) -> None:
    with pytest.raises(FeedError) as no_feed:
        await box.parse_feed("https://example.org/f", b"<html>")
    assert no_feed.value.reason == "not a feed"
    with pytest.raises(Refused) as refused:
        await box.call("refuses", {})
    assert (refused.value.name, refused.value.reason) == ("Bad", "so bad")
    with pytest.raises(NotAnArticle) as no_article:
        wire.raise_refused("NotAnArticle", str(next(iter(Reason))), "seen")
    assert no_article.value.detail == "seen"


TROUBLES = (
    ("burn", Trouble.CPU),
    ("bloat", Trouble.MEMORY),
    ("crash", Trouble.CRASH),
    ("leave", Trouble.CRASH),
    ("killed", Trouble.MACHINE),
    ("missing", Trouble.MACHINE),
    ("raises", Trouble.ERROR),
    ("deep", Trouble.ERROR),
    ("long", Trouble.TOO_LARGE),
)


@pytest.mark.parametrize(("name", "trouble"), TROUBLES)
async def test_trouble_has_a_name_and_the_next_document_is_read(box: Sandbox, name: str, trouble: Trouble) -> None:
    replaced = box.replaced
    with pytest.raises(SandboxError) as error:
        await box.call(name, {})
    assert error.value.kind is trouble
    assert "secret" not in str(error.value)
    assert box.replaced == replaced + 1
    assert len((await box.parse_feed("https://example.org/f", FEED)).entries) == 30


@pytest.mark.parametrize("python", ["/bin/false", "/there/is/no/python"])
async def test_where_no_child_can_be_started_the_document_is_not_to_blame(monkeypatch: Any, python: str) -> None:
    """Each article of a pass was dropped as unreadable: while a package was replaced, or the machine short of memory."""
    monkeypatch.setattr(child.sys, "executable", python)
    with Sandbox() as box:
        with pytest.raises(SandboxError, match="no child could be started") as error:
            await box.parse_feed("https://example.org/f", FEED)
        assert error.value.kind is Trouble.MACHINE
        monkeypatch.undo()
        assert len((await box.parse_feed("https://example.org/f", FEED)).entries) == 30


def test_a_child_takes_less_where_less_is_allowed(monkeypatch: Any) -> None:
    """Under 'ulimit -v' or 'ulimit -t' no child could be started, and all articles were unreadable."""
    import resource

    allowed = {resource.RLIMIT_AS: 400 << 20, resource.RLIMIT_CPU: 3600}
    taken = {}

    def unprivileged(name: int, limits: tuple[int, int]) -> None:
        most = allowed.get(name, resource.RLIM_INFINITY)
        if most != resource.RLIM_INFINITY and not 0 <= limits[1] <= most:
            raise ValueError("not allowed to raise maximum limit")
        taken[name] = limits

    monkeypatch.setattr(resource, "getrlimit", lambda name: (0, allowed.get(name, resource.RLIM_INFINITY)))
    monkeypatch.setattr(resource, "setrlimit", unprivileged)
    inside._limit(8, 512)
    assert taken[resource.RLIMIT_AS] == (400 << 20, 400 << 20)
    assert taken[resource.RLIMIT_CPU][1] == 3600
    assert taken[resource.RLIMIT_CORE] == (0, 0)


async def test_a_child_that_sleeps_ends_at_the_wall(mischief: dict[str, Any]) -> None:
    with Sandbox(limits=ChildLimits(wall_seconds=0.5), **mischief, warm=()) as box:
        await box.call("pid", {})
        began = time.monotonic()
        with pytest.raises(SandboxError) as error:
            await box.call("sleep", {})
        assert error.value.kind is Trouble.WALL
        assert time.monotonic() - began < 5


async def test_a_document_that_takes_long_loses_its_priority_and_its_child_is_replaced(
    mischief: dict[str, Any], monkeypatch: Any
) -> None:
    """Whether it is read in the end or refused: without privileges nobody gets a priority back."""
    # Time that is slept counts as used: a busy machine would let nobody of the lowest priority end.
    monkeypatch.setattr(child, "_cpu_seconds", lambda pid: float("inf"))
    long = {"seconds": ChildLimits().seat_seconds + 0.5}
    with Sandbox(limits=ChildLimits(wall_seconds=60.0), **mischief, warm=()) as box:
        first, usual = json.loads(await box.call("doze", {"seconds": 0.0}))
        same, late = json.loads(await box.call("doze", long))
        other, again = json.loads(await box.call("doze", {"seconds": 0.0}))
        with pytest.raises(Refused):
            await box.call("refuses", long)
        last, still = json.loads(await box.call("doze", {"seconds": 0.0}))
    assert (same, late) == (first, os.SCHED_IDLE)
    assert len({first, other, last}) == 3
    assert {again, still} == {usual}


async def test_a_document_that_only_waits_on_a_busy_machine_keeps_its_priority_and_its_child(
    mischief: dict[str, Any],
) -> None:
    with Sandbox(**mischief, warm=()) as box:
        first, usual = json.loads(await box.call("doze", {"seconds": 0.0}))
        assert json.loads(await box.call("doze", {"seconds": ChildLimits().seat_seconds + 0.3})) == [first, usual]
        assert json.loads(await box.call("doze", {"seconds": 0.0})) == [first, usual]


async def test_a_child_is_in_our_session_so_that_its_priority_counts_and_in_a_group_of_its_own(
    mischief: dict[str, Any],
) -> None:
    with Sandbox(**mischief, warm=()) as box:
        session, group, pid = json.loads(await box.call("group", {}))
    assert session == os.getsid(0)
    assert group == pid != os.getpgid(0)  # Ctrl-C does not reach it


async def test_one_more_child_takes_the_seat_of_a_document_that_takes_long(mischief: dict[str, Any]) -> None:
    """Two read beside one that burns, as two read when none does. A second that burns gets no further seat: memory is finite."""

    async def read_by(box: Sandbox, documents: int) -> set[int]:
        told = await asyncio.gather(*(box.call("doze", {"seconds": 0.5}) for _ in range(documents)))
        return {json.loads(one)[0] for one in told}

    async with Sandbox(limits=ChildLimits(cpu_seconds=60, wall_seconds=60.0), **mischief, warm=()) as box:
        usual = await read_by(box, 4)
        burning = asyncio.create_task(box.call("burn", {}))
        while box._seats._lendable:
            await asyncio.sleep(0.05)
        beside = await read_by(box, 4)
        (burner,) = usual - beside
        again = asyncio.create_task(box.call("burn", {}))
        alone = await read_by(box, 3)
        (second,) = beside - alone
        for pid in (burner, second):
            os.kill(pid, 9)
        for task in (burning, again):
            with pytest.raises(SandboxError):
                await task
        after = await read_by(box, 4)
    assert (len(usual), len(beside), len(alone), len(after)) == (2, 2, 1, 2)


async def test_cpu_time_is_counted_for_each_document_not_for_the_life_of_a_child(box: Sandbox) -> None:
    first = await box.call("pid", {})
    for _ in range(400):
        await box.parse_feed("https://example.org/f", FEED * 1)
    assert await box.call("pid", {}) == first


async def test_what_a_library_prints_does_not_get_into_the_answer(box: Sandbox) -> None:
    assert await box.call("prints", {}) == b"1"
    assert await box.call("echo", {"a": "ü"}, b"xyz") == json.dumps([{"a": "ü"}, 3]).encode()


async def test_a_child_knows_no_secret_and_writes_no_file(box: Sandbox, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("DEPESCHE_DATABASE", "postgresql://u:geheim@x/y")
    known = json.loads(await box.call("environment", {}))
    assert not any("DEPESCHE" in name for name in known)
    with pytest.raises(SandboxError):
        await box.call("write", {"path": str(tmp_path / "x")})
    assert (tmp_path / "x").stat().st_size == 0


async def test_large_documents_travel_whole(box: Sandbox) -> None:
    assert json.loads(await box.call("echo", {}, b"x" * (9 << 20))) == [{}, 9 << 20]


async def test_many_tasks_share_the_children(mischief: dict[str, Any]) -> None:
    async with Sandbox(children=2, **mischief, warm=()) as box:
        pids = await asyncio.gather(*(box.call("pid", {}) for _ in range(50)))
        assert 1 <= len(set(pids)) <= 2


async def test_what_takes_no_time_is_read_by_one_child_and_what_waits_for_more_than_a_turn_by_the_next(
    mischief: dict[str, Any],
) -> None:
    async with Sandbox(limits=ChildLimits(turn_seconds=60.0), **mischief, warm=()) as box:
        assert len(set(await asyncio.gather(*(box.call("pid", {}) for _ in range(20))))) == 1
    async with Sandbox(limits=ChildLimits(turn_seconds=0.02), **mischief, warm=()) as box:
        told = await asyncio.gather(*(box.call("doze", {"seconds": 0.5}) for _ in range(2)))
        assert len({json.loads(one)[0] for one in told}) == 2


async def test_an_answer_that_lay_there_while_the_loop_was_busy_came_in_time(
    mischief: dict[str, Any], monkeypatch: Any
) -> None:
    """On a busy machine each such would start one more child."""
    usual = child._rewarded

    async def busy_until_it_is_there(wait: child._Wait) -> bool:
        if wait.pipe is not None and not wait.write:
            select.select([wait.pipe], [], [])
        return await usual(wait)

    monkeypatch.setattr(child, "_rewarded", busy_until_it_is_there)
    async with Sandbox(limits=ChildLimits(turn_seconds=0.0), **mischief, warm=()) as box:
        assert len(set(await asyncio.gather(*(box.call("pid", {}) for _ in range(20))))) == 1


async def test_who_gives_up_waiting_or_reading_takes_nothing_from_the_others(mischief: dict[str, Any]) -> None:
    async with Sandbox(limits=ChildLimits(turn_seconds=60.0), **mischief, warm=()) as box:
        reading = asyncio.create_task(box.call("doze", {"seconds": 60.0}))
        while not box._busy:
            await asyncio.sleep(0.01)
        waiting = [asyncio.create_task(box.call("pid", {})) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        reading.cancel()
        await asyncio.sleep(0)
        waiting[1].cancel()  # it has its seat already
        told = await asyncio.gather(reading, *waiting, return_exceptions=True)
        assert [type(one) for one in told[:3]] == [asyncio.CancelledError] * 3
        assert await box.call("pid", {}) == told[3]


async def test_a_document_under_way_ends_with_the_sandbox(mischief: dict[str, Any]) -> None:
    async with Sandbox(**mischief, warm=()) as box:
        reading = asyncio.create_task(box.call("sleep", {}))
        while not box._busy:
            await asyncio.sleep(0.01)
    with pytest.raises(SandboxError):
        await reading


def test_several_loops_share_the_children(mischief: dict[str, Any]) -> None:
    async def read(box: Sandbox) -> list[bytes]:
        return await asyncio.gather(*(box.call("pid", {}) for _ in range(50)))

    with Sandbox(limits=ChildLimits(turn_seconds=60.0), **mischief, warm=()) as box, ThreadPoolExecutor(3) as threads:
        told = list(threads.map(lambda _: asyncio.run(read(box)), range(6)))
    assert len({pid for one in told for pid in one}) == 1


async def test_a_child_is_replaced_after_its_share_of_documents(mischief: dict[str, Any]) -> None:
    with Sandbox(limits=ChildLimits(documents=2), **mischief, warm=()) as box:
        pids = [await box.call("pid", {}) for _ in range(4)]
    assert len(set(pids)) == 2
    assert box.replaced == 0


async def test_no_child_outlives_the_sandbox(mischief: dict[str, Any]) -> None:
    with Sandbox(**mischief, warm=()) as box:
        pid = int(await box.call("pid", {}))
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_answer_that_is_not_what_it_should_be_is_refused() -> None:
    for answer in (b"{}", b"gibberish", b'{"title": 1}'):
        with pytest.raises(SandboxError):
            wire.feed_of(answer)


def test_an_operation_that_is_no_function_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match="is not module:function"):
        Sandbox(operations={"x": "os.system"})


async def test_the_sandbox_costs_a_normal_document_no_more_than_a_few_milliseconds(box: Sandbox) -> None:
    """Measured it is 0.3 ms; the quickest of many tells, whatever else the machine does."""
    times = []
    for _ in range(100):
        began = time.perf_counter()
        await box.call("echo", {}, FEED)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.003
