"""What an operator may set, section by section, with defaults and bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from extractors.model import SURE
from extractors.ontology import EventType, Status, modes
from extractors.urls import UrlError, checked, host_and_port
from flows.alerts.links import SHORTEST_SECRET
from flows.cron import check_cron, fields_of, longest_gap
from flows.guarding import ANY, in_letters

OPERATORS, LAGE = "Betrieb", "Lage"
"""Names under which messages go out that no watch makes: what operators must know, and the week."""


class SettingsError(ValueError):
    """The settings cannot be used; the message names file, line and what to write instead."""


def _secret(value: SecretStr, file: Path | None) -> str:
    """What stands in the file, if one is named. Raises SettingsError for one that cannot be read."""
    if file is None:
        return value.get_secret_value()
    try:
        return file.read_text("utf-8-sig").strip()  # some editors begin a file with a byte order mark
    except UnicodeDecodeError:
        why = "not UTF-8 text"
    except OSError as error:
        why = str(error.strerror)
    raise SettingsError(f"{file}: the settings name this file, and it cannot be read: {why}")


def _none_if_empty(path: object) -> object:
    """None for no name at all, which as a path would be the current folder."""
    return None if isinstance(path, str) and not path.strip() else path


File = Annotated[Path | None, BeforeValidator(_none_if_empty)]
"""A file that may be named; empty: none."""


def _upper(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.upper() for code in codes)


Codes = Annotated[tuple[str, ...], AfterValidator(_upper)]
"""Actor codes, which are capitals: in small letters they would never match, without a word."""


def _known_modes(given: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError for a mode that no type has: it would never match, without a word."""
    known = [f"{kind}/{mode}" for kind in EventType for mode in modes(kind)]
    asked = []
    for one in given:
        kind, _, mode = one.partition("/")
        asked.append(f"{kind.upper()}/{mode.lower()}")
        if asked[-1] not in known:
            near = [each for each in known if each.startswith(f"{kind.upper()}/")] or [
                "as CONSULT/visit or SANCTION/expel"
            ]
            raise ValueError(f"there is no mode {one!r}; a mode is written with its type: {', '.join(near)}")
    return tuple(asked)


Modes = Annotated[tuple[str, ...], AfterValidator(_known_modes)]
"""Modes of acts with their types: equal names mean different things under different types."""


_SO_WRITTEN = "write it as https://host, https://host:8443 or http://[::1]:8000, without a password"


def _host_names(given: tuple[str, ...]) -> tuple[str, ...]:
    """As a browser writes them. Raises ValueError for what is no name: nobody would ever ask by it, without a word."""
    label = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
    names = []
    for one in given:
        name = in_letters(one)
        if name != ANY and not re.fullmatch(rf"{label}(\.{label})*", name):
            raise ValueError(
                f"{one!r} is no name of a host; write it without https:// and port, as depesche.haus.example"
            )
        names.append(name)
    return tuple(names)


MOST_DAYS = 365_000
"""A thousand years: for ever, and still a date when it is reckoned back from today."""

MOST_MINUTES = 527_040
"""A year."""


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fetching(Section):
    """How we ask other people's servers."""

    deadline_seconds: float = Field(
        30,
        gt=0,
        le=120,
        description="one deadline around a whole request, DNS included (a feed is leased for 180 seconds)",
    )
    wire_megabytes: float = Field(5, gt=0, le=100, description="most bytes on the wire for one answer")
    body_megabytes: float = Field(10, gt=0, le=200, description="most bytes of one answer after decompression")
    page_spacing_seconds: float = Field(5, ge=0, le=3600, description="least time between two pages of one host")
    feed_interval_minutes: float = Field(
        5, ge=0, le=MOST_MINUTES, description="least time between two polls of one feed"
    )
    max_age_days: int = Field(
        14,
        ge=1,
        le=MOST_DAYS,
        description="entries that a feed dates older than this when first seen are noted, not read",
    )
    concurrency: int = Field(20, ge=1, le=500, description="requests under way at once, over all hosts")
    allow: tuple[str, ...] = Field(
        (),
        description="exact host:port pairs that may be reached although they are not public (an in-house receiver; IPv6 as [fd00::5]:8080)",
    )
    robots: bool = Field(True, description="heed robots.txt for articles")
    tdm_reason: str = Field(
        "", description="your reason to read full texts that reserve text and data mining; empty: headline only"
    )

    @field_validator("allow")
    @classmethod
    def _exact_pairs(cls, pairs: tuple[str, ...]) -> tuple[str, ...]:
        for pair in pairs:
            host_and_port(pair)
        return pairs


def _hours(written: str) -> tuple[time, time]:
    """From when until when. Raises ValueError for what is no two times of a day."""
    hour = r"([01]?\d|2[0-3]):[0-5]\d"
    found = re.fullmatch(rf"(?P<begin>{hour})\s*[-–]\s*(?P<end>{hour})", written)
    if found is None:
        raise ValueError(f"quiet hours are written 22:00-06:30, not {written!r}")
    return time.fromisoformat(found["begin"].zfill(5)), time.fromisoformat(found["end"].zfill(5))


LEAST_LIMIT = 40
"""Characters without which no message says what happened."""


class Channel(Section):
    """Where alerts go. Apprise URLs are trusted configuration; a webhook is checked like any other address."""

    kind: Literal["console", "file", "apprise", "webhook"] = Field(description="what the channel is")
    url: SecretStr = Field(SecretStr(""), description="Apprise URL, or the webhook's address")
    path: Path = Field(Path("var/alerts.txt"), description="kind file: the file that alerts are appended to")
    secret: SecretStr = Field(SecretStr(""), description="webhook: signing secret (whsec_…)")
    url_file: File = Field(None, description="read the URL from this file")
    secret_file: File = Field(None, description="read the secret from this file")
    limit: int = Field(
        0, ge=0, description=f"most characters of one message, {LEAST_LIMIT} at least; 0: the channel's own limit"
    )
    operators: bool = Field(False, description="also gets what operators must know")
    watches: tuple[str, ...] = Field(
        (), description="only these watches, Betrieb (with operators) and Lage (the week) among them; empty: all"
    )
    types: tuple[EventType, ...] = Field((), description="only these event types; empty: all")
    statuses: tuple[Status, ...] = Field((), description="only these statuses; empty: all")
    modes: Modes = Field(
        (),
        description="only these modes, each with its type, as CONSULT/visit ('depesche events --list-types'); empty: all",
    )
    parties: Codes = Field((), description="only acts with all of these actor codes, e.g. a dyad")
    least_score: float = Field(-10, ge=-10, le=10, description="only acts whose PLOVER score is at least this")
    most_score: float = Field(
        10, ge=-10, le=10, description="only acts whose PLOVER score is at most this: -2 leaves conflict alone"
    )
    per_hour: int = Field(10, ge=1, description="most messages an hour; more are joined into a digest, none is dropped")
    quiet: str = Field("", description="quiet hours as 22:00-06:30; what comes in them is held and joined into one")
    alarms: tuple[EventType, ...] = Field((), description="event types that quiet hours do not hold, as ASSAULT")

    @field_validator("quiet")
    @classmethod
    def _from_until(cls, written: str) -> str:
        if written and len(set(_hours(written))) < 2:
            raise ValueError(f"quiet hours that end as they begin are none: {written!r}; leave them out")
        return written

    @model_validator(mode="after")
    def _complete(self) -> Channel:
        if self.kind in ("apprise", "webhook") and not self.address:
            raise ValueError(f"a channel of kind {self.kind} needs url, url_file or the variable for it")
        if self.kind == "webhook" and not self.signing_secret:
            raise ValueError("a webhook needs secret or secret_file: receivers check the signature")
        if 0 < self.limit < LEAST_LIMIT:
            raise ValueError(f"limit is 0 or at least {LEAST_LIMIT}: a shorter message says nothing")
        if self.least_score > self.most_score:
            raise ValueError("least_score is above most_score: no act could pass")
        if self.types and self.modes and not {one.partition("/")[0] for one in self.modes} & set(self.types):
            raise ValueError("none of the modes is of one of the types: no act could pass")
        if self.alarms and not self.quiet:
            raise ValueError("alarms are what quiet hours do not hold, and there are no quiet hours")
        return self

    @property
    def address(self) -> str:
        return _secret(self.url, self.url_file)

    @property
    def signing_secret(self) -> str:
        return _secret(self.secret, self.secret_file)

    @property
    def quiet_hours(self) -> tuple[time, time] | None:
        return _hours(self.quiet) if self.quiet else None


class Watch(Section):
    """Someone's standing interest: which acts become alerts."""

    name: str = Field(min_length=1, description="shown in the alert; no two have one name")
    dossier: str = Field("russland-nato-ukraine", description="the matter")
    types: tuple[EventType, ...] = Field((), description="event types; empty: all but STATE")
    statuses: tuple[Status, ...] = Field(
        (Status.PAST, Status.ONGOING, Status.PLANNED),
        min_length=1,
        description="statuses that are told at once; at least one",
    )
    parties: Codes = Field((), description="acts in which all of these actor codes take part; empty: any")
    min_confidence: float = Field(SURE, ge=0, le=1, description="below it an act goes into the digest")


class Retention(Section):
    """How long things are kept, in days. Events and their evidence are kept for good."""

    text_days: int = Field(30, ge=1, le=MOST_DAYS, description="full text of articles")
    relevant_text_days: int = Field(365, ge=1, le=MOST_DAYS, description="full text of relevant articles")
    raw_days: int = Field(14, ge=0, le=MOST_DAYS, description="raw bytes of pages that could not be read")
    runs_days: int = Field(180, ge=1, le=MOST_DAYS, description="runs and what each entry became")


class Schedule(Section):
    """When the flows run; cron expressions in `timezone`."""

    timezone: str = Field("Europe/Berlin", description="time zone of the schedules and of quiet hours")
    ingest: str = Field("*/10 * * * *", description="poll the feeds")
    notify: str = Field("* * * * *", description="deliver what is queued")
    tend: str = Field("20 3 * * *", description="retention, health, meetings")
    digest: str = Field("0 7 * * *", description="the daily digest")
    weekly: str = Field("30 7 * * 1", description="the weekly Lage")
    silent_minutes: float = Field(
        45,
        ge=10,
        le=MOST_MINUTES,
        description="no pass ends well for so long, or for three intervals: the dead man's switch fires",
    )
    notify_block: str = Field(
        "",
        description="notification block of the Prefect server, as slack-webhook/oncall, that tells of failed runs and silence",
    )

    @property
    def deployments(self) -> Mapping[str, str]:
        """The cron expression of each deployment on the Prefect server, by its name; empty: run by hand alone."""
        return {
            "ingest": self.ingest,
            "notify": self.notify,
            "tend": self.tend,
            "digest": self.digest,
            "lage": self.weekly,
            "recode": "",
        }

    @property
    def digest_within(self) -> timedelta:
        """What no alert waits longer for the digest where it runs as planned, one day left out."""
        on = self.digest.split()[2:]
        if on == ["*"] * 3:
            return timedelta(days=2)
        return timedelta(days=8) if on[:2] == ["*"] * 2 or not on else timedelta(days=32)

    @property
    def night_within(self) -> timedelta:
        """What no two nights are farther apart where `tend` runs as planned, a week left out; by hand alone: each day."""
        return (longest_gap(self.tend) if self.tend else timedelta(days=1)) + timedelta(days=7)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (LookupError, ValueError, OSError):
            raise ValueError(f"{name!r} is no time zone; write it as Europe/Berlin") from None
        return name

    @field_validator("ingest", "notify", "tend", "digest", "weekly")
    @classmethod
    def _cron(cls, written: str, info: ValidationInfo) -> str:
        fields = fields_of(written)
        if fields or info.field_name == "ingest":
            check_cron(fields)
        return fields

    @field_validator("notify_block")
    @classmethod
    def _type_and_name(cls, block: str) -> str:
        if block and not re.fullmatch(r"[^/\s]+/[^/\s]+", block):
            raise ValueError("a block is named by type and name, as slack-webhook/oncall")
        return block


class _FromFile(InitSettingsSource):
    """What load() passes on comes from the file: without what a variable says in the other form, as `database` and `database_file`."""

    def __call__(self) -> dict[str, Any]:
        return _not_overruled(super().__call__(), self.current_state)


def _not_overruled(told: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says, without what a variable says in the other form of the same setting.

    >>> _not_overruled({"database_file": "url", "contact": "a"}, {"database": "sqlite://"})
    {'contact': 'a'}
    >>> _not_overruled({"channels": {"a": {"url": "x", "limit": 9}}}, {"channels": {"a": {"url_file": "y"}}})
    {'channels': {'a': {'limit': 9}}}
    """
    left = {}
    for name, value in told.items():
        other = name.removesuffix("_file") if name.endswith("_file") else f"{name}_file"
        if other in variables and name not in variables:
            continue
        said = variables.get(name)
        left[name] = _not_overruled(value, said) if isinstance(value, dict) and isinstance(said, dict) else value
    return left


class Settings(BaseSettings):
    """Everything an operator may set."""

    model_config = SettingsConfigDict(
        env_prefix="DEPESCHE_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        nested_model_default_partial_update=True,
    )

    contact: str = Field("", description="mail address or page in the User-Agent; nothing is fetched without it")
    database: SecretStr = Field(SecretStr("sqlite:///var/depesche.sqlite"), description="SQLAlchemy URL of the archive")
    database_file: File = Field(None, description="read the database URL from this file")
    feeds: File = Field(None, description="TOML list of feeds; empty: the shipped list")
    dossiers: tuple[str, ...] = Field(
        ("russland-nato-ukraine",), min_length=1, description="names of shipped dossiers or paths of yours"
    )
    language: Literal["de", "en"] = Field("de", description="language of alerts and reading room")
    room_url: str = Field("", description="public address of the reading room, for links in alerts")
    heartbeat_url: str = Field(
        "", description="asked after each successful pass; your monitor misses it when we are dead"
    )
    room_hosts: Annotated[tuple[str, ...], AfterValidator(_host_names)] = Field(
        (),
        description='further names by which the reading room is asked, as a proxy\'s; "*": any, and it is not guarded',
    )
    room_token: SecretStr = Field(SecretStr(""), description="token that allows corrections in the reading room")
    room_token_file: File = Field(None, description="read the token of the reading room from this file")
    link_secret: SecretStr = Field(
        SecretStr(""), description="signs the links by which alerts are answered; they need room_url too; empty: none"
    )
    link_secret_file: File = Field(None, description="read the secret of the links from this file")
    channels: dict[Annotated[str, Field(pattern=r"^[a-z0-9-]+$")], Channel] = Field(
        {"console": Channel(kind="console"), "file": Channel(kind="file", operators=True)},
        description="where alerts go",
    )
    watches: tuple[Watch, ...] = Field((Watch(name="Diplomatie"),), description="what becomes an alert")
    fetching: Fetching = Field(Fetching(), description="manners and limits")
    retention: Retention = Field(Retention(), description="how long things are kept")
    schedule: Schedule = Field(Schedule(), description="when the flows run")

    @field_validator("room_url", "heartbeat_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^\s/]+\S*", url):
            raise ValueError("an address begins with http:// or https:// and has no blanks")
        try:
            usable = not url or checked(url).port != 0
        except UrlError as error:  # its reason quotes nothing of a heartbeat's, which may hold a key
            raise ValueError(f"not an address that can be asked ({error.reason}): {_SO_WRITTEN}") from None
        if not usable:
            raise ValueError(f"no server listens on port 0: {_SO_WRITTEN}")
        return url

    @property
    def database_url(self) -> str:
        """The address of the archive. Raises SettingsError for none: SQLite would keep it in memory, until the end of a pass."""
        url = _secret(self.database, self.database_file)
        if not url:
            where = self.database_file or "database, or the variable DEPESCHE_DATABASE"
            raise SettingsError(f"{where}: it is empty; the archive needs an address, as sqlite:///var/depesche.sqlite")
        return url

    @property
    def correcting(self) -> str:
        """The token that allows corrections in the reading room, empty for a room that only shows."""
        return _secret(self.room_token, self.room_token_file)

    @property
    def signing_links(self) -> str:
        """The secret of the links in alerts, empty for none. Raises SettingsError for one that could be guessed."""
        secret = _secret(self.link_secret, self.link_secret_file)
        if secret and len(secret) < SHORTEST_SECRET:
            raise SettingsError(
                f"link_secret: use at least {SHORTEST_SECRET} characters, as from: "
                "python -c 'import secrets; print(secrets.token_urlsafe())'"
            )
        return secret

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # A variable of the environment wins over the file.
        assert isinstance(init_settings, InitSettingsSource)
        return env_settings, _FromFile(settings_cls, init_settings.init_kwargs)


DEFAULTS = {name: field.get_default(call_default_factory=True) for name, field in Settings.model_fields.items()}
