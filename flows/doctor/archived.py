"""Checks of the archive: whether it can be used, and what went wrong lately."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from flows.cron import silence
from flows.doctor.checked import Checked, Verdict
from flows.doctor.machine import unwritable
from flows.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from storage.archive import Archive
    from storage.channels import ChannelState
    from storage.runs import Incident, Run

Told = TypeVar("Told")


def database(settings: Settings) -> Iterator[Checked]:
    """Whether the archive can be reached, has this version's schema, and may be written."""
    from sqlalchemy.exc import DBAPIError

    from storage.engine import HEAD, NoArchive, SchemaError, open_engine, require_current

    engine = open_engine(settings.database_url)
    kind = engine.dialect.name
    verdict, found, advice = Verdict.FINE, f"{kind}, schema {HEAD}", ""
    try:
        require_current(engine)
        if why := _unwritable(engine):
            verdict, found, advice = Verdict.WRONG, f"{kind}: {why}", MAY_WRITE
    except NoArchive:
        verdict, found = Verdict.NOTE, f"not made yet: {engine.url.database}"
        advice = "the first run makes it, or: depesche db upgrade"
        if why := _unwritable(engine):
            verdict, found, advice = Verdict.WRONG, f"{found}: {why}", MAY_WRITE
    except SchemaError as error:
        told, _, advice = str(error).removeprefix("the archive ").partition(": ")
        verdict, found = Verdict.WRONG, f"{kind}: {told}"
    except DBAPIError as error:
        verdict, found = Verdict.WRONG, f"{kind}: cannot be reached or used: {str(error.orig).strip().splitlines()[0]}"
        advice = "is the database up, and is `database` in the settings the right address? else restore a backup: docs/operate.md"
    finally:
        engine.dispose()
    yield Checked(name="archive", verdict=verdict, found=found, advice=advice)


MAY_WRITE = (
    "let the user of the flows write the file and its folder, in which SQLite keeps its log; else each pass fails"
)


def _unwritable(engine: Engine) -> str:
    """Why this user cannot write an SQLite archive; empty: it can, or it is another server's affair."""
    from storage.engine import file_of

    if (file := file_of(engine.url)) is None:
        return ""
    beside = file.with_name(f"{file.name}-journal")  # not there: our own log may be, as long as we look
    return next((f"{path}: {why}" for path in (file, beside) if (why := unwritable(path))), "")


def incidents(settings: Settings) -> Iterator[Checked]:
    """What is wrong in operation now: open incidents, passes that are late, dead letters."""

    def state(archive: Archive) -> tuple[Sequence[Incident], datetime | None, Run | None, int]:
        newest = next((run for run in archive.log.runs(limit=MANY) if run.kind == "ingest"), None)
        dead = archive.outbox.counts().get("dead", 0)
        return archive.log.incidents(), archive.log.last_finished("ingest"), newest, dead

    if (found := _asked(settings, state)) is None:
        return
    open_, last, newest, dead = found
    for incident in open_:
        since = f"(since {incident.opened_at:%Y-%m-%d %H:%M} UTC)"
        told = f"{incident.kind}: {incident.subject}: {incident.message} {since}"
        advice = "docs/operate.md has a line for each kind"
        yield Checked(name="incident", verdict=Verdict.WRONG, found=told, advice=advice)
    yield from _passes(settings, last, newest, datetime.now(UTC))
    if dead:
        advice = "depesche alerts dead, then depesche alerts replay"
        yield Checked(name="outbox", verdict=Verdict.WRONG, found=f"{dead} dead letters", advice=advice)


def deliveries(settings: Settings) -> Iterator[Checked]:
    """Channels that do not take what waits for them, with the last reason: parked they are only after a day."""

    def state(archive: Archive) -> tuple[Sequence[ChannelState], Mapping[str, str]]:
        return archive.outbox.channels(), archive.outbox.troubles()

    channels, troubles = _asked(settings, state) or ((), {})
    for channel in channels:
        why = troubles.get(channel.name, "")
        if channel.name not in settings.channels or channel.parked_at or not (channel.failures or why):
            continue  # what is parked is told as an incident
        told = f"{channel.name} does not take what waits for it: {why or 'it waits to be tried again'}"
        if channel.failing_since:
            told += f" (since {channel.failing_since:%Y-%m-%d %H:%M} UTC, {channel.failures} failures in a row)"
        advice = (
            "it is tried again for three days; 'depesche alerts test' tries it now; of certificates: docs/operate.md"
        )
        yield Checked(name="deliveries", verdict=Verdict.WRONG, found=told, advice=advice)


def rules(settings: Settings) -> Iterator[Checked]:
    """Whether all articles were read by today's rules: after an upgrade nothing else shows it, and no run sees to it by itself."""
    from extractors.events import coder

    found = _asked(settings, lambda archive: archive.recoding.coverage(coder()))
    if found is not None and found.stale:
        told = f"{found.stale} of {found.stale + found.done} articles were read by others than today's"
        advice = "'depesche recode' reads them again, or the flow of that name; until then they stand as they were read"
        yield Checked(name="rules", verdict=Verdict.NOTE, found=told, advice=advice)


def _asked(settings: Settings, question: Callable[[Archive], Told]) -> Told | None:
    """What the archive answers; None where it cannot be used, which the check of the archive says."""
    from sqlalchemy.exc import DBAPIError

    from storage.archive import Archive
    from storage.engine import SchemaError, known_archive, reading

    try:
        with known_archive(settings.database_url) as engine, reading(engine) as connection:
            return question(Archive(connection))
    except (SchemaError, DBAPIError):
        return None


MANY = 100
"""Runs among which a pass is to be found: the nights and digests are few."""


def _passes(settings: Settings, last: datetime | None, newest: Run | None, now: datetime) -> Iterator[Checked]:
    """The newest pass if it failed, and when the last one ended well."""
    from storage.polling import CLOCK_STEP

    if newest is None:
        advice = "'depesche run' makes them, or the flows' service; 'depesche run --once' makes one"
        yield Checked(name="last pass", verdict=Verdict.NOTE, found="none yet", advice=advice)
    elif newest.state == "failed":
        told = f"{newest.started_at:%Y-%m-%d %H:%M} UTC failed: {newest.note}"
        advice = "is the network there? 'depesche feeds health' has what each feed said"
        yield Checked(name="last pass", verdict=Verdict.WRONG, found=told, advice=advice)
    if last is None:
        return
    ahead, late = last > now + CLOCK_STEP, _late(settings, last, now)
    advice = "is 'depesche run' or the flows' service up? see the runs in the Prefect UI" if late else ""
    if ahead:
        advice = "that lies ahead: the clock was wrong then, or is now; use NTP"
    verdict = Verdict.WRONG if late or ahead else Verdict.FINE
    yield Checked(name="last pass", verdict=verdict, found=f"{last:%Y-%m-%d %H:%M} UTC", advice=advice)


def _late(settings: Settings, last: datetime, now: datetime) -> bool:
    """Whether the dead man's switch would have fired."""
    plan = settings.schedule
    return now - last > silence(plan.ingest, plan.timezone, least=timedelta(minutes=plan.silent_minutes))
