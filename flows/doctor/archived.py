"""Checks of the archive: whether it can be used, and what went wrong lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flows.doctor.checked import Checked, Verdict
from flows.settings import Settings


def database(settings: Settings) -> Iterator[Checked]:
    """Whether the archive can be reached and has this version's schema."""
    from sqlalchemy.exc import DBAPIError

    from storage.engine import HEAD, NoArchive, SchemaError, open_engine, require_current

    engine = open_engine(settings.database_url)
    kind = engine.dialect.name
    verdict, found, advice = Verdict.FINE, f"{kind}, schema {HEAD}", ""
    try:
        require_current(engine)
    except NoArchive:
        verdict, found = Verdict.NOTE, f"not made yet: {engine.url.database}"
        advice = "the first run makes it, or: depesche db upgrade"
    except SchemaError as error:
        told = str(error).removeprefix("the archive ")
        verdict, (found, _, advice) = Verdict.WRONG, f"{kind}, {told}".partition(": ")
    except DBAPIError as error:
        verdict, found = Verdict.WRONG, f"{kind}: cannot be reached or used: {str(error.orig).strip().splitlines()[0]}"
        advice = "is the database up, and is `database` in the settings the right address? else restore a backup: docs/operate.md"
    finally:
        engine.dispose()
    yield Checked(name="archive", verdict=verdict, found=found, advice=advice)


def incidents(settings: Settings) -> Iterator[Checked]:
    """What is wrong in operation now: open incidents, passes that are late, dead letters."""
    from sqlalchemy.exc import DBAPIError

    from storage.archive import opened
    from storage.engine import SchemaError, open_engine, require_current
    from storage.polling import CLOCK_STEP

    engine = open_engine(settings.database_url)
    try:
        require_current(engine)
        with opened(engine) as archive:
            open_ = archive.log.incidents()
            last = archive.log.last_finished("ingest")
            counts = archive.outbox.counts()
    except (SchemaError, DBAPIError):
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
