"""Checks of the archive: whether it can be used, and what went wrong lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.doctor.checked import Checked, Verdict
from flows.settings import Settings


def database(settings: Settings) -> Iterator[Checked]:
    """Whether the archive can be reached and has this version's schema."""
    from sqlalchemy.exc import DBAPIError

    from storage.engine import HEAD, open_engine, revision

    url = settings.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        yield Checked(
            name="archive",
            verdict=Verdict.NOTE,
            found="not made yet",
            advice="the first run makes it, or: depesche db upgrade",
        )
        return
    engine = open_engine(url)
    kind = engine.dialect.name
    try:
        here = revision(engine)
    except DBAPIError as error:
        yield Checked(
            name="archive",
            verdict=Verdict.WRONG,
            found=f"{kind}: cannot be reached or used: {str(error.orig).strip().splitlines()[0]}",
            advice="is the database up, and is `database` in the settings the right address? else restore a backup: docs/operate.md",
        )
        return
    finally:
        engine.dispose()
    if here == HEAD:
        yield Checked(name="archive", verdict=Verdict.FINE, found=f"{kind}, schema {here}")
    else:
        yield Checked(
            name="archive",
            verdict=Verdict.WRONG,
            found=f"{kind}, schema {here}, ours is {HEAD}",
            advice="depesche db upgrade",
        )


def incidents(settings: Settings) -> Iterator[Checked]:
    """What is wrong in operation now: open incidents, passes that are late, dead letters."""
    from sqlalchemy.exc import DBAPIError

    from storage.archive import opened
    from storage.engine import HEAD, open_engine, revision
    from storage.polling import CLOCK_STEP

    url = settings.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return
    engine = open_engine(url)
    try:
        if revision(engine) != HEAD:
            return
        with opened(engine) as archive:
            open_ = archive.log.incidents()
            last = archive.log.last_finished("ingest")
            counts = archive.outbox.counts()
    except DBAPIError:
        return  # the check of the archive says so
    finally:
        engine.dispose()
    for incident in open_:
        told = (
            f"{incident.kind}: {incident.subject}: {incident.message} (since {incident.opened_at:%Y-%m-%d %H:%M} UTC)"
        )
        yield Checked(
            name="incident", verdict=Verdict.WRONG, found=told, advice="docs/operate.md has a line for each kind"
        )
    if last is not None:
        now = datetime.now(UTC)
        ahead, late = last > now + CLOCK_STEP, _late(settings, last, now)
        advice = "is 'depesche run' or the flows' service up? see the runs in the Prefect UI" if late else ""
        if ahead:
            advice = "that lies ahead: the clock was wrong then, or is now; use NTP"
        verdict = Verdict.WRONG if late or ahead else Verdict.FINE
        yield Checked(name="last pass", verdict=verdict, found=f"{last:%Y-%m-%d %H:%M} UTC", advice=advice)
    if counts.get("dead"):
        advice = "depesche alerts dead, then depesche alerts replay"
        yield Checked(name="outbox", verdict=Verdict.WRONG, found=f"{counts['dead']} dead letters", advice=advice)


def _late(settings: Settings, last: datetime, now: datetime) -> bool:
    """Whether the dead man's switch would have fired: three intervals of the schedule, and `silent_minutes` at least."""
    plan = settings.schedule
    least = timedelta(minutes=plan.silent_minutes)
    if now - last <= least:
        return False
    # Reckoned by Prefect, which takes a second to import: only for who seems to be late.
    from flows.operate import silence

    return now - last > silence(plan.ingest, plan.timezone, last, least=least)
