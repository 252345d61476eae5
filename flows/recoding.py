"""Reading the archive again with today's rules: stretch by stretch, by any process, each article once, however often it runs.

Beside it, much cheaper: grading again what another version of a dossier graded, as when readers' answers changed its weights.
What is done stands on each article (its coder), so a run that was killed goes on where it stopped, and a stretch that two
processes got does no harm. Nothing here knows Prefect or Dask: both only carry `read_here` to another process.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from extractors.model import Assessment, Grade, Holder
from extractors.relevance import Dossier
from flows import following, learning, runs
from flows.desk import dossiers_of, known_holders, open_archive
from flows.judging import Coded, assessed, assessor, code_version, followed, judge
from flows.runs import RunReport
from flows.settings import load
from flows.surviving import survived
from storage import queries
from storage.archive import Archive, opened
from storage.engine import SchemaError, is_fault, reading
from storage.recoding import Stale

log = logging.getLogger("depesche.recode")

READ, OTHER, BROKEN = "read again", "read by another worker", "broken"
SAME, ROSE, FELL = "same grade", "graded higher", "graded lower"
RECENT = timedelta(days=30)
"""By night only what was kept so lately is graded again: what readers still look at."""
NIGHTLY = 5000
BATCH = 200
"""So many texts are held at a time."""


class OtherRules(RuntimeError):
    """This process has other rules than the one that asked: install the same version on all workers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """So many articles that another coder read, with version ids above `after` and up to `until`.

    `since` leaves out what was kept before.
    """

    after: int
    until: int
    articles: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a recode is. `seconds` since it began."""

    done: int
    total: int
    seconds: float

    @property
    def share(self) -> float:
        return min(1.0, self.done / self.total) if self.total else 1.0

    @property
    def left_seconds(self) -> float:
        """What is left at the pace so far; the archive is read in the order it was kept, so the mix changes little."""
        return self.seconds * (self.total - self.done) / self.done if self.done else 0.0

    def __str__(self) -> str:
        """
        >>> print(Progress(done=300, total=1200, seconds=60))
        300 of 1200 articles (25%), 5.0/s, about 3 min left
        """
        pace = self.done / self.seconds if self.seconds else 0.0
        return f"{self.done} of {self.total} articles ({self.share:.0%}), {pace:.1f}/s, about {_duration(self.left_seconds)} left"


def _duration(seconds: float) -> str:
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


Spread = Callable[[Iterable[Stretch], str], Iterator[Mapping[str, int]]]
"""Reads stretches for a coder, here or elsewhere, in any order, and yields what became of the articles of each."""


def recode(
    engine: Engine,
    spread: Spread,
    *,
    coder: str,
    limit: int = 100_000,
    batch: int = BATCH,
    heard: Callable[[Progress], None] = lambda _: None,
    dossiers: Sequence[Dossier] = (),
    since: datetime | None = None,
) -> RunReport:
    """Read what another coder read, at most `limit` articles, and put the run into the logbook.

    `since` leaves alone what was kept before. With `dossiers` also grade again what was graded by another version of one of them.
    """
    started, began = datetime.now(UTC), time.monotonic()
    with opened(engine) as archive:
        before = archive.recoding.coverage(coder, since=since)
    total = min(limit, before.stale)
    outcomes: Counter[str] = Counter()
    for told in spread(stretches(engine, coder, batch=batch, limit=limit, since=since), coder):
        outcomes.update(told)
        progress = Progress(done=outcomes.total(), total=total, seconds=time.monotonic() - began)
        log.info("recode: %s", progress)
        heard(progress)
    graded = (
        reassess(engine, dossiers, lambda: datetime.now(UTC), since=since, limit=limit) if dossiers else Counter[str]()
    )
    report = RunReport(
        kind="recode",
        started_at=started,
        finished_at=datetime.now(UTC),
        taken=outcomes.total(),
        outcomes=dict(outcomes),
        notes=(
            *((f"{before.expired} articles no longer have their text",) if before.expired else ()),
            *((regraded(graded),) if graded else ()),
        ),
    )
    with opened(engine) as archive:
        runs.keep(archive, report)
    return report


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    """The day's first moment on the clock of the settings."""
    return datetime.combine(day, datetime.min.time(), tzinfo=zone)


def stretches(
    engine: Engine, coder: str, *, batch: int, limit: int, since: datetime | None = None
) -> Iterator[Stretch]:
    """What is left to read, found as it is asked for: a hundred million articles are no list."""
    after, left = 0, limit
    while left > 0:
        with opened(engine) as archive:
            ids = archive.recoding.stale_ids(coder, min(batch, left), after=after, since=since)
        if not ids:
            return
        yield Stretch(after=after, until=ids[-1], articles=len(ids), since=since)
        after, left = ids[-1], left - len(ids)


def reading_here(engine: Engine, dossiers: Sequence[Dossier], now: Callable[[], datetime]) -> Spread:
    """One stretch after the other, in this process."""

    def spread(todo: Iterable[Stretch], coder: str) -> Iterator[Mapping[str, int]]:
        for stretch in todo:
            yield read(engine, dossiers, stretch, coder, now)

    return spread


Waiting = Callable[[], Mapping[str, int]]


def reading_elsewhere(submit: Callable[[Stretch, str], Waiting], *, ahead: int) -> Spread:
    """Hand stretches to `submit`, which says how to wait for each; at most `ahead` are out at a time."""

    def spread(todo: Iterable[Stretch], coder: str) -> Iterator[Mapping[str, int]]:
        left = iter(todo)
        out = [submit(stretch, coder) for stretch in islice(left, ahead)]
        while out:
            yield out.pop(0)()
            out += [submit(stretch, coder) for stretch in islice(left, 1)]

    return spread


def read(
    engine: Engine, dossiers: Sequence[Dossier], stretch: Stretch, coder: str, now: Callable[[], datetime]
) -> Counter[str]:
    """Read what of a stretch still is another coder's; each article is one transaction.

    People in office whom no table has are those that the archive knows now (`People.holders`), whenever an article came.
    """
    outcomes: Counter[str] = Counter()
    after, reader = stretch.after, _Reader(engine=engine, dossiers=dossiers, holders=known_holders(engine), now=now)
    while (left := stretch.articles - outcomes.total()) > 0:
        # A few at a time, however long the stretch is: what is read lies in memory.
        with opened(engine) as archive:
            stale = archive.recoding.stale_versions(
                coder, min(BATCH, left), after=after, until=stretch.until, since=stretch.since
            )
        if not stale:
            outcomes[OTHER] += left
            break
        outcomes.update(_or_broken(partial(reader.read, one, coder), one) for one in stale)
        after = stale[-1].version_id
    return outcomes


def read_here(stretch: Stretch, coder: str) -> Counter[str]:
    """The same in a process that has only its own settings: no address or password travels. Raises OtherRules."""
    from extractors.events import coder as ours

    if ours() != coder:
        raise OtherRules(f"this worker codes as {ours()}, asked was {coder}: install the same version everywhere")
    engine, shipped = _opened()
    # Not remembered: a worker lives for longer than a night.
    return read(engine, learning.taught(engine, shipped), stretch, coder, lambda: datetime.now(UTC))


@lru_cache(maxsize=1)
def _opened() -> tuple[Engine, tuple[Dossier, ...]]:
    settings = load()
    return open_archive(settings.database_url), dossiers_of(settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads articles again by today's rules. `holders` are people in office whom no table has."""

    engine: Engine
    dossiers: Sequence[Dossier]
    holders: tuple[Holder, ...]
    now: Callable[[], datetime]

    def read(self, stale: Stale, coder: str) -> str:
        """Code it again for a coder; returns what became of it."""
        coded = self._judged(stale, self.now())
        return READ if self._replace(stale, coded, coder, self.now()) else OTHER

    def grade(self, stale: Stale) -> str:
        """Grade it again; returns what became of its grade."""
        now = self.now()
        told = followed(assessed(stale.article, self.dossiers), self._followed(stale))
        with reading(self.engine) as connection:
            known = {each.dossier: each.grade for each in queries.assessments(connection, stale.article_id)}
        moves = [each.grade - known.get(each.dossier, Grade.NOT) for each in told]
        if not any(moves):
            with opened(self.engine) as archive:
                return SAME if archive.recoding.reassess(stale, told) else OTHER
        # Assessed by all of them, that none keeps an old grade because the article no longer names what it is about.
        coded = replace(self._judged(stale, now), assessments=told)
        if not self._replace(stale, coded, coded.coder or code_version(), now, again=True):
            return OTHER
        return ROSE if max(moves) > 0 else FELL

    def _judged(self, stale: Stale, now: datetime) -> Coded:
        with survived(self.engine, f"version {stale.version_id}", stale.article, now):
            return judge(stale.article, self.dossiers, self.holders, partial(self._followed, stale))

    def _followed(self, stale: Stale) -> list[Assessment]:
        """What is core only because an earlier version was: the text of this one cannot tell whether it still is."""
        with reading(self.engine) as connection:
            return [each for each in queries.assessments(connection, stale.article_id) if each.followed]

    def _replace(self, stale: Stale, coded: Coded, coder: str, now: datetime, *, again: bool = False) -> bool:
        with opened(self.engine, reread=not again) as archive:
            put = partial(archive.recoding.replace_coding, stale.version_id, coder=coder, now=now, again=again)
            key = queries.key_of(archive.connection, stale.article_id)
            came_to = following.follow(archive, stale.article, coded, put, now, key=key, told_at=stale.told_at)
        return came_to.kept.stored


def _or_broken(done: Callable[[], str], stale: Stale) -> str:
    try:
        return done()
    except Exception as error:  # an article that breaks a rule of ours costs only itself; the next run tries again
        if is_fault(error) or isinstance(error, SchemaError):  # or it was upgraded meanwhile: that befalls all of them
            raise
        log.exception("article %d cannot be read again", stale.article_id)
        return BROKEN


# Grading again


def reassess(
    engine: Engine,
    dossiers: Sequence[Dossier],
    now: Callable[[], datetime],
    *,
    since: datetime | None = None,
    limit: int = NIGHTLY,
) -> Counter[str]:
    """Grade again what another version of a dossier graded, newest first, and say how many rose and fell.

    Where the grade stays only scores and reasons change; where it does not the article is read as if it had come now, but
    nobody is alerted. Each article is one transaction; what is left over, or was cut off, the next call finds.
    """
    coders = {dossier.name: assessor(dossier) for dossier in dossiers}
    outcomes: Counter[str] = Counter()
    before, reader = None, _Reader(engine=engine, dossiers=dossiers, holders=known_holders(engine), now=now)
    while (left := limit - outcomes.total()) > 0:
        with reading(engine) as connection:
            found = Archive(connection).recoding.outdated(coders, min(BATCH, left), since=since, before=before)
        if not found:
            break
        outcomes.update(_or_broken(partial(reader.grade, one), one) for one in found)
        before = found[-1].version_id
    return outcomes


def regraded(outcomes: Mapping[str, int]) -> str:
    """
    >>> regraded({SAME: 40, ROSE: 2})
    '42 articles graded again by a changed dossier: 2 higher, 0 lower'
    """
    rose, fell, broken = (outcomes.get(name, 0) for name in (ROSE, FELL, BROKEN))
    told = f"{sum(outcomes.values())} articles graded again by a changed dossier: {rose} higher, {fell} lower"
    return f"{told}, {broken} broken" if broken else told
