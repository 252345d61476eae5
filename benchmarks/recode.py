"""How fast an archive is read again, alone and on Dask with one and two processes, and that each article is read once.

    python benchmarks/recode.py --articles 400 --workers 0,1,2

An archive on PostgreSQL of the newsroom's articles that are relevant, over and over: the archive keeps no text of others.
0 workers: in this process, without tasks and without Dask. A pace counts from the first stretch that came back
to the last, so that starting processes and loading the language model stand apart; the CPU time has all of it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.machine import postgresql

NOW = datetime(2031, 3, 4, 9, tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--workers", default="0,1,2")
    args = parser.parse_args()
    from flows.local_server import running

    with tempfile.TemporaryDirectory(prefix="recode-") as name, postgresql(Path(name) / "pg") as postgres:
        home = Path(name)
        settings(home, postgres.get_uri())
        fill(postgres.get_uri(), args.articles)
        with running(home / "prefect") as server:
            os.environ["PREFECT_API_URL"] = f"{server}/api"
            told = [measure(int(n), args, postgres.get_uri()) for n in args.workers.split(",")]
    print(json.dumps(told, indent=1))
    return 0 if all(row["read_once"] for row in told) else 1


def settings(home: Path, database: str) -> None:
    """The settings file that the workers read; no address goes to them."""
    path = home / "depesche.toml"
    path.write_text(f'contact = "recode@depesche.example"\ndatabase = "{database}"\n', "utf-8")
    os.environ["DEPESCHE_CONFIG"] = str(path)
    for name in ("PREFECT_LOGGING_LEVEL", "PREFECT_HOME"):
        os.environ.setdefault(name, "WARNING" if "LEVEL" in name else str(home / "client"))


def fill(database: str, count: int) -> None:
    from archive_matter import assessment, sighting  # type: ignore[import-not-found]

    from flows.desk import open_archive
    from storage.archive import Made, opened

    engine = open_archive(database)
    for at, each in enumerate(articles(count)):
        with opened(engine) as archive:
            archive.add_window("https://feed.example/rss", [sighting(at)], NOW)
            (claimed,) = archive.claim_entries("bench", 1, NOW, lease=timedelta(hours=9))
            archive.keep_article(claimed, replace(each, url=claimed.url), Made(assessments=[assessment()]), NOW)
    engine.dispose()


def articles(count: int) -> Iterator[Any]:
    """The newsroom's relevant ones, in turn."""
    from extractors.articles import NotAnArticle, extract_article
    from extractors.model import FetchedPage
    from extractors.relevance import assess, load_dossier
    from flows.newsroom import END, load_pieces
    from flows.newsroom.fortnight import Fortnight

    site, dossier, real = Fortnight(), load_dossier("russland-nato-ukraine"), []
    for piece in load_pieces():
        url = f"https://haus.example/{piece.house}/{piece.path}"
        answer = site.answer(f"/{piece.house}/{piece.path}", base="https://haus.example", now=END)
        if answer is None or answer.status != 200:
            continue
        try:
            found = extract_article(FetchedPage(url=url, body=answer.body, fetched_at=NOW))
        except NotAnArticle:
            continue
        if assess(found, dossier).relevant:
            real.append(found)
    yield from islice(cycle(real), count)


def measure(workers: int, args: argparse.Namespace, database: str) -> dict[str, Any]:
    from flows import recode, recoding

    stale(database)
    times: list[tuple[float, int]] = []
    heard = recode._Heard.__call__

    def timed(self: Any, progress: recoding.Progress) -> None:
        times.append((time.monotonic(), progress.done))
        heard(self, progress)

    recode._Heard.__call__ = timed  # type: ignore[method-assign]
    form = recode.RecodeForm(limit=args.articles, batch=args.batch, workers=max(1, workers))
    began, before = time.monotonic(), cpu()
    report = recode.spread.with_options(task_runner=recode.dask(form))(form) if workers else alone(recode, form)
    whole, used = time.monotonic() - began, cpu() - before
    recode._Heard.__call__ = heard  # type: ignore[method-assign]
    (first, early), (last, done) = times[min(workers, len(times) - 2)], times[-1]
    return {
        "workers": workers,
        "articles": report.taken,
        "read_once": report.outcomes == {recoding.READ: args.articles},
        "seconds": round(whole, 1),
        "start_seconds": round(times[0][0] - began, 1),
        "cpu_seconds_an_article": round(used / args.articles, 2),
        "articles_per_second": round((done - early) / (last - first), 1),
    }


def cpu() -> float:
    """Seconds of this process and of those that it started and that have ended."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def alone(recode: Any, form: Any) -> Any:
    """The flow's way without tasks; inside a flow, for its progress bar and its log."""
    from prefect import flow

    return flow(recode.alone, name="alone", persist_result=False)(form)


def stale(database: str) -> None:
    from sqlalchemy import update

    from flows.desk import open_archive
    from storage.archive import opened
    from storage.tables import VersionRow

    engine = open_archive(database)
    with opened(engine) as archive:
        archive.connection.execute(update(VersionRow).values(coder_id=None))
    engine.dispose()


# Dask's processes import this file again.
if __name__ == "__main__":
    sys.path.append(str(ROOT / "tests" / "helpers"))
    sys.exit(main())
