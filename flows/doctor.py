"""Checks of an installation: what is looked at, what was found, and what to do about it."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flows.settings import Settings, zone_of


class Verdict(StrEnum):
    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One check: what was found, and what to do where it is not fine."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


Check = Callable[[Settings], Iterator[Checked]]


def examine(settings: Settings, *, quick: bool = False) -> tuple[Checked, ...]:
    """Run every check, or with `quick` only those that say whether the service is alive. None of them raises."""
    found: list[Checked] = []
    for name, check in (QUICK if quick else CHECKS).items():
        try:
            found.extend(check(settings))
        except Exception as error:  # noqa: BLE001  a check that breaks is a finding, and the others still run
            told = f"{type(error).__name__}: {error}".splitlines()[0]
            if any(one.found == told for one in found):
                continue  # a file of the settings that cannot be read stops each check that needs it
            found.append(
                Checked(name=name, verdict=Verdict.WRONG, found=told, advice="see the message; the check itself failed")
            )
    return tuple(found)


def _contact(settings: Settings) -> Iterator[Checked]:
    from flows.fetching import NoContact, user_agent

    try:
        user_agent(settings.contact)
    except NoContact:
        told = f"{settings.contact!r} is neither a mail address nor a page" if settings.contact else "none"
        advice = 'set contact = "you@example.org" in the settings file, or DEPESCHE_CONTACT'
        yield Checked(name="contact", verdict=Verdict.WRONG, found=f"{told}; nothing will be fetched", advice=advice)
    else:
        yield Checked(name="contact", verdict=Verdict.FINE, found=settings.contact)


def _feeds(settings: Settings) -> Iterator[Checked]:
    from extractors.feeds import load_feeds

    feeds = load_feeds(settings.feeds) if settings.feeds else load_feeds()
    on = [feed for feed in feeds if feed.enabled]
    verdict = Verdict.FINE if on else Verdict.WRONG
    advice = "" if on else "enable a feed in the list; 'depesche feeds list' shows it"
    yield Checked(name="feeds", verdict=verdict, found=f"{len(on)} of {len(feeds)} switched on", advice=advice)


def _database(settings: Settings) -> Iterator[Checked]:
    from sqlalchemy.exc import DBAPIError

    from storage.engine import head, open_engine, revision

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
    if here == head():
        yield Checked(name="archive", verdict=Verdict.FINE, found=f"{kind}, schema {here}")
    else:
        yield Checked(
            name="archive",
            verdict=Verdict.WRONG,
            found=f"{kind}, schema {here}, ours is {head()}",
            advice="depesche db upgrade",
        )


def _incidents(settings: Settings) -> Iterator[Checked]:
    from sqlalchemy.exc import DBAPIError

    from storage.archive import opened
    from storage.engine import head, open_engine, revision
    from storage.polling import CLOCK_STEP

    url = settings.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return
    engine = open_engine(url)
    try:
        if revision(engine) != head():
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


def _weights(_: Settings) -> Iterator[Checked]:
    from extractors.events import network
    from extractors.events.coding import coded
    from extractors.language import contextual
    from extractors.model import Article, PartKind

    # Coded for a test: weights that are there and cannot be used raise here, and not with each article.
    said = (PartKind.PARAGRAPH, "Die NATO lehnt Garantien für Russland ab.")
    reading = coded(Article.compose(url="https://depesche.example/", headline="NATO", body=(said,)))[0]
    missing = [] if reading.document.parsed else ["the parser's"]
    missing += [] if contextual.encoder() is not None else ["the encoder's"]
    missing += [] if network.PATH.exists() else ["the network's"]
    digest = hashlib.sha256()
    folder = files("extractors").joinpath("data", "weights")
    count = 0
    for path in sorted(Path(str(folder)).rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
            count += 1
    found = f"{count} files, sha256 {digest.hexdigest()[:12]}"
    changed = _changed_data()
    if changed:
        advice = "reinstall the package; what is read with them is not what was measured"
        told = f"{len(changed)} data files are not those of the package: {', '.join(changed[:3])}"
        yield Checked(name="weights", verdict=Verdict.WRONG, found=told, advice=advice)
    if not missing and not changed:
        yield Checked(name="weights", verdict=Verdict.FINE, found=found)
    for whose in missing:
        advice = "reinstall the package; until then patterns and linear models serve, less exactly"
        yield Checked(name="weights", verdict=Verdict.WRONG, found=f"{whose} weights are missing", advice=advice)


def _changed_data() -> list[str]:
    """Data files whose digest is not the one that the installed package lists; none for a checkout, which lists none."""
    try:
        listed = distribution("depesche").files or []
    except PackageNotFoundError:
        return []
    changed = []
    for path in listed:
        if path.hash is None or not str(path).startswith("extractors/data/"):
            continue
        try:
            found = hashlib.new(path.hash.mode, Path(path.locate()).read_bytes()).digest()
        except OSError:
            found = b""
        if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != path.hash.value:
            changed.append(path.name)
    return changed


def _dossiers(settings: Settings) -> Iterator[Checked]:
    from extractors.relevance import assess, canary, load_dossier

    known = set()
    for name in settings.dossiers:
        dossier = load_dossier(name)
        known.add(dossier.name)
        if assess(canary(dossier), dossier).relevant:
            yield Checked(name="dossier", verdict=Verdict.FINE, found=f"{dossier.name}: the canary matches")
        else:
            advice = "the rules or weights are broken; depesche dossier check"
            yield Checked(
                name="dossier", verdict=Verdict.WRONG, found=f"{dossier.name}: the canary does not match", advice=advice
            )
    for name in sorted(known - {watch.dossier for watch in settings.watches}):
        advice = f'add a watch with dossier = "{name}"; or leave it at that'
        told = f"nobody watches {name}: what it finds is kept, and alerts nobody"
        yield Checked(name="watch", verdict=Verdict.NOTE, found=told, advice=advice)
    for watch in settings.watches:
        if watch.dossier not in known:
            advice = f"give it one of {', '.join(sorted(known))}, or add {watch.dossier!r} to dossiers"
            told = f"{watch.name} waits for the dossier {watch.dossier!r}, which is not read"
            yield Checked(name="watch", verdict=Verdict.WRONG, found=told, advice=advice)


def _parties(settings: Settings) -> Iterator[Checked]:
    """Actor codes that no act has: what is narrowed to one would hear of nothing, without a word."""
    from extractors.actors.lexicon import lexicon

    known = {code for told in lexicon().names for code in told.split("|")}
    asked = [*((watch.name, watch.parties) for watch in settings.watches)]
    asked += [(name, channel.parties) for name, channel in settings.channels.items()]
    for name, codes in asked:
        unknown = [code for code in codes if code.partition("-")[0] not in known]
        if unknown:
            advice = "write codes as alerts show them: RUS, UKR, USA, DEU, NATO, EU …"
            told = f"{name} waits for acts of {', '.join(unknown)}, and no actor has that code"
            yield Checked(name="parties", verdict=Verdict.WRONG, found=told, advice=advice)


def _variables(_: Settings) -> Iterator[Checked]:
    """Variables that begin as ours and are none: nobody reads a misspelt one. Kubernetes sets some, so a note."""
    known = tuple(f"DEPESCHE_{name.upper()}" for name in (*Settings.model_fields, "config", "work_pool"))
    unknown = sorted(
        name
        for name in os.environ
        if name.upper().startswith("DEPESCHE_") and name.upper().partition("__")[0] not in known
    )
    if unknown:
        advice = "unset or correct what is misspelt: the names of the settings are in docs/operate.md"
        yield Checked(name="variables", verdict=Verdict.NOTE, found=f"not ours: {', '.join(unknown)}", advice=advice)


def _channels(settings: Settings) -> Iterator[Checked]:
    from flows.desk import channels_of

    class Nobody:
        async def post(self, *_: object) -> None: ...

    channels_of(settings, Nobody())  # type: ignore[arg-type]  # nothing is sent: only the configuration is read
    told = ", ".join(f"{name} ({channel.kind})" for name, channel in settings.channels.items())
    yield Checked(
        name="channels",
        verdict=Verdict.FINE,
        found=told or "none",
        advice="depesche alerts test sends a message to each",
    )
    if not any(channel.operators for channel in settings.channels.values()):
        advice = "set operators = true for one channel: it hears when a feed dies or the outbox is stuck"
        yield Checked(
            name="operators", verdict=Verdict.NOTE, found="no channel gets what operators must know", advice=advice
        )


def _addresses(settings: Settings) -> Iterator[Checked]:
    """Addresses that our own rules refuse: what is sent there would fail each time, and a heartbeat almost without a word."""
    from flows.fetching import FetchError, allowed_url, pairs

    hooks = [(f"channel {name}", hook.address) for name, hook in settings.channels.items() if hook.kind == "webhook"]
    for what, url in (*hooks, ("heartbeat_url", settings.heartbeat_url)):
        try:
            if url:
                allowed_url(url, pairs(settings.fetching.allow))
        except FetchError as error:
            advice = "correct it; of a receiver of your own name host:port in fetching.allow, as alerts.intern:8080"
            told = f"{what} may not be reached: {error.message or error}"
            yield Checked(name="addresses", verdict=Verdict.WRONG, found=told, advice=advice)


def _links(settings: Settings) -> Iterator[Checked]:
    """Whether alerts can be answered; a secret that could be guessed raises, and is told as any broken check.

    A secret without an address is how Compose and Kubernetes start: nothing is broken, alerts go out without links.
    """
    secret = bool(settings.signing_links)
    if secret and settings.room_url:
        yield Checked(name="links", verdict=Verdict.FINE, found=f"alerts are answered at {settings.room_url}")
    elif secret:
        advice = "set room_url to the address at which your readers reach the reading room"
        yield Checked(name="links", verdict=Verdict.NOTE, found="link_secret is set, room_url is not", advice=advice)
    else:
        advice = "set link_secret and room_url, for the flows and the room, and alerts can be answered from where they arrive"
        yield Checked(name="links", verdict=Verdict.NOTE, found="alerts carry no links to answer them", advice=advice)


def _prefect(_: Settings) -> Iterator[Checked]:
    url = os.environ.get("PREFECT_API_URL", "")
    if not url:
        advice = "'depesche run' starts a server of its own; with a server elsewhere set PREFECT_API_URL"
        yield Checked(name="prefect", verdict=Verdict.NOTE, found="PREFECT_API_URL is not set", advice=advice)
        return
    if not _is_address(url):
        advice = "write it as http://127.0.0.1:4200/api"
        yield Checked(name="prefect", verdict=Verdict.WRONG, found="PREFECT_API_URL is no http address", advice=advice)
        return
    where = _without_login(url)
    try:
        status, _ignored = _asked(url, "/health")
    except OSError as error:
        advice = "is the server up? 'depesche run', or the service depesche-prefect"
        yield Checked(name="prefect", verdict=Verdict.WRONG, found=f"{where} does not answer ({error})", advice=advice)
        return
    advice = "" if status == 200 else "is it a Prefect server, and does PREFECT_API_URL end in /api?"
    verdict = Verdict.FINE if status == 200 else Verdict.WRONG
    yield Checked(name="prefect", verdict=verdict, found=f"{where} answers {status}", advice=advice)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port that is no number
        return False


def _without_login(url: str) -> str:
    """Host and port of an address, without the password that may stand before them."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _login(url: str) -> str:
    """What Prefect's client would send for it: the variable's, else what stands in the address; user:password or nothing."""
    given = os.environ.get("PREFECT_API_AUTH_STRING")
    return given or unquote(urlsplit(url).netloc.rpartition("@")[0])


def _asked(url: str, path: str, wish: object = None) -> tuple[int, bytes]:
    """Status and body of the Prefect API's answer, to a question with a body where there is a `wish`. Raises OSError where there is none."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(_without_login(url), timeout=5)
    headers = {}
    if secret := _login(url):
        headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
    where = parts.path.rstrip("/") + path
    try:
        if wish is None:
            connection.request("GET", where, headers=headers)
        else:
            connection.request("POST", where, json.dumps(wish), {**headers, "Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read(1 << 20)
    except http.client.HTTPException as error:
        raise OSError(f"no HTTP: {type(error).__name__}") from None
    finally:
        connection.close()


def _prefect_settings(_: Settings) -> Iterator[Checked]:
    """What a server of the operator's own must be told; `depesche run` tells its own server."""
    url = os.environ.get("PREFECT_API_URL", "")
    try:
        status, body = _asked(url, "/admin/settings") if _is_address(url) else (0, b"")
    except OSError:
        return  # the check before says so
    if status in (401, 403):
        advice = "set PREFECT_API_AUTH_STRING to what the server's PREFECT_SERVER_API_AUTH_STRING is"
        yield Checked(name="prefect", verdict=Verdict.WRONG, found=f"the server refuses us ({status})", advice=advice)
    if status != 200:
        return
    server = json.loads(body).get("server") or {}
    missing = [(told, variable) for fine, told, variable in SERVER_SETTINGS if not fine(server)]
    for told, variable in missing:
        advice = f"set {variable} for the server; docs/operate.md says why"
        yield Checked(name="prefect settings", verdict=Verdict.NOTE, found=told, advice=advice)
    if not missing:
        yield Checked(name="prefect settings", verdict=Verdict.FINE, found="nothing calls home, old runs go")


SERVER_SETTINGS: tuple[tuple[Callable[[Mapping[str, Any]], bool], str, str], ...] = (
    (
        lambda server: server.get("analytics_enabled") is False,
        "the server asks a telemetry host at start",
        "PREFECT_SERVER_ANALYTICS_ENABLED=false",
    ),
    (
        lambda server: "flow_runs" in ((server.get("services") or {}).get("db_vacuum") or {}).get("enabled", ()),
        "run rows stay for ever",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED=events,flow_runs",
    ),
    (
        lambda server: (server.get("events") or {}).get("causal_ordering") == "flows.ordering",
        "a crash soon after a start of flows is told a quarter of an hour late",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING=flows.ordering",
    ),
)


def _registered(settings: Settings) -> Iterator[Checked]:
    """Whether what should run is on the Prefect server, is served, and by our schedule; and whether anybody hears when it does not."""
    url = os.environ.get("PREFECT_API_URL", "")
    try:
        asked = [_asked(url, f"/{what}/filter", wish) for what, wish in _OURS.items()] if _is_address(url) else []
    except OSError:
        return  # the check of Prefect says so
    bad = next((status for status, _ in asked if status != 200), None)
    if bad is not None and bad >= 500:  # it answers for its health even while its database is away
        advice = "is its database up (PREFECT_SERVER_DATABASE_CONNECTION_URL)? see its log"
        yield Checked(name="flows", verdict=Verdict.WRONG, found=f"the Prefect server answers {bad}", advice=advice)
    if bad is not None or not asked:
        return
    deployments, automations = ({one["name"]: one for one in json.loads(body)} for _, body in asked)
    troubles = [*_deployments(settings, deployments), *_automations(settings, automations, url)]
    yield from troubles
    if not troubles:
        found = f"{len(deployments)} deployments and {len(_WATCHING)} automations on the Prefect server"
        yield Checked(name="flows", verdict=Verdict.FINE, found=found)


_OURS: Mapping[str, object] = {"deployments": {"deployments": {"tags": {"all_": ["depesche"]}}}, "automations": {}}
_WATCHING = ("zombie runs", "trouble in a run", "dead man's switch")


def _deployments(settings: Settings, found: Mapping[str, Mapping[str, Any]]) -> Iterator[Checked]:
    plan = settings.schedule
    wanted = plan.deployments
    ours = {name: found[name] for name in sorted(wanted) if name in found}
    missing = sorted(set(wanted) - set(found))
    away = [name for name, one in ours.items() if one["status"] != "READY"]
    paused = [name for name, one in ours.items() if one["paused"]]
    if missing:
        yield Checked(
            name="flows",
            verdict=Verdict.WRONG,
            found=f"not on the Prefect server: {', '.join(missing)}",
            advice="start the flows: the service depesche-flows, 'depesche serve-flows', or deploy/prefect.yaml for a work pool",
        )
    if away:
        seen = max((ours[name]["last_polled"] or "" for name in away), default="")
        last = f"last seen {datetime.fromisoformat(seen):%Y-%m-%d %H:%M} UTC" if seen else "never seen"
        yield Checked(
            name="flows",
            verdict=Verdict.WRONG,
            found=f"no process takes up runs of {', '.join(away)} ({last})",
            advice="is the flows' service up, or the worker of the work pool?",
        )
    if paused:
        advice = "resume them in the UI, or leave it at that: a restart does not"
        yield Checked(name="flows", verdict=Verdict.NOTE, found=f"paused: {', '.join(paused)}", advice=advice)
    for name, one in ours.items():
        runs = _plan(each["schedule"] for each in one["schedules"] if each["active"])
        cron = wanted[name]
        told = _plan([{"cron": cron, "timezone": zone_of(cron, plan.timezone)}] if cron else ())
        if runs != told:
            yield Checked(
                name="flows",
                verdict=Verdict.NOTE,
                found=f"{name} runs by {runs}, the settings say {told}",
                advice="start the flows again; for a work pool change deploy/prefect.yaml and deploy it",
            )


def _plan(schedules: Iterable[Mapping[str, Any]]) -> str:
    """Schedules in words, to be compared and told."""
    told = sorted(f"{each.get('cron', 'no cron expression')!r} ({each.get('timezone')})" for each in schedules)
    return ", ".join(told) or "nothing"


def _automations(settings: Settings, found: Mapping[str, Mapping[str, Any]], url: str) -> Iterator[Checked]:
    ours = {name: found[f"depesche: {name}"] for name in _WATCHING if f"depesche: {name}" in found}
    missing = [name for name in _WATCHING if name not in ours]
    off = [name for name, one in ours.items() if not one["enabled"]]
    kind, _, document = settings.schedule.notify_block.partition("/")
    if missing:
        yield Checked(
            name="automations",
            verdict=Verdict.WRONG,
            found=f"not on the Prefect server: {', '.join(missing)}",
            advice="depesche serve-flows --automations",
        )
    if off:
        advice = "switch them on in the UI when they are wanted again"
        yield Checked(name="automations", verdict=Verdict.NOTE, found=f"switched off: {', '.join(off)}", advice=advice)
    if kind and _asked(url, f"/block_types/slug/{kind}/block_documents/name/{document}")[0] == 404:
        yield Checked(
            name="automations",
            verdict=Verdict.WRONG,
            found=f"the Prefect server has no block {kind}/{document}",
            advice="make it in the UI under Blocks, or correct schedule.notify_block; 'prefect block ls' shows what there is",
        )
    elif any(action["type"] == "do-nothing" for one in ours.values() for action in one["actions"]):
        yield Checked(
            name="automations",
            verdict=Verdict.NOTE,
            found="trouble in a run and silence are told to nobody",
            advice="name a notification block as schedule.notify_block: docs/operate.md",
        )


def _clock(_: Settings) -> Iterator[Checked]:
    now = datetime.now(UTC)
    ours = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if now < ours - timedelta(days=1):
        yield Checked(
            name="clock",
            verdict=Verdict.WRONG,
            found=f"{now:%Y-%m-%d %H:%M} UTC is before this program was made",
            advice="set the clock; use NTP",
        )
    else:
        yield Checked(name="clock", verdict=Verdict.FINE, found=f"{now:%Y-%m-%d %H:%M} UTC")


def _disk(settings: Settings) -> Iterator[Checked]:
    from flows.health import LITTLE_DISK, free_share

    url = settings.database_url
    folder = Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite:///") else Path()
    while not folder.exists():
        folder = folder.parent
    free = free_share(folder)
    verdict = Verdict.FINE if free >= LITTLE_DISK else Verdict.WRONG
    advice = "" if free >= LITTLE_DISK else "make room, or shorten [retention]"
    yield Checked(name="disk", verdict=verdict, found=f"{free:.0%} free at {folder.resolve()}", advice=advice)


def _names(_: Settings) -> Iterator[Checked]:
    known = packages_distributions()
    others = sorted(
        {owner for name in ("flows", "extractors", "storage") for owner in known.get(name, [])} - {"depesche"}
    )
    if others:
        advice = f"another package ships our import names; uninstall {', '.join(others)} from this environment"
        yield Checked(
            name="packages", verdict=Verdict.WRONG, found=f"name clash with {', '.join(others)}", advice=advice
        )
    else:
        yield Checked(name="packages", verdict=Verdict.FINE, found="flows, extractors and storage are ours alone")


CHECKS: dict[str, Check] = {
    "contact": _contact,
    "feeds": _feeds,
    "archive": _database,
    "operation": _incidents,
    "weights": _weights,
    "dossiers": _dossiers,
    "parties": _parties,
    "channels": _channels,
    "addresses": _addresses,
    "links": _links,
    "variables": _variables,
    "prefect": _prefect,
    "prefect settings": _prefect_settings,
    "flows": _registered,
    "clock": _clock,
    "disk": _disk,
    "packages": _names,
}

QUICK: dict[str, Check] = {"archive": _database, "prefect": _prefect, "disk": _disk}
