"""The reading room's words. It is written in German; `words` turns a German text of ours into the reader's language.

The German text is the key, so that templates can be read aloud; what it is in English stands in `english.toml`, and a test
asks that every one of them has its row.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from extractors.actors import name_of
from extractors.actors.lexicon import lexicon, single
from extractors.model import Actor, whole_percent
from extractors.ontology import EventType, Quad, Status
from extractors.stories.states import Answer, State
from flows.alerts.wording import STATUSES, TYPES
from flows.naming import named, reason_told, rule_told
from flows.place_names import meeting_told, place_told
from flows.web.reasons import in_german
from storage.tracking import Meeting

QUADS: Mapping[Quad, str] = MappingProxyType(
    {
        Quad.NEUTRAL: "neutral",
        Quad.VERBAL_COOPERATION: "verbal-cooperation",
        Quad.MATERIAL_COOPERATION: "material-cooperation",
        Quad.VERBAL_CONFLICT: "verbal-conflict",
        Quad.MATERIAL_CONFLICT: "material-conflict",
    }
)

STATES: Mapping[str, str] = MappingProxyType(
    {
        State.ANNOUNCED: "angekündigt",
        State.CONFIRMED: "bestätigt",
        State.MOVED: "verschoben",
        State.HELD: "abgehalten",
        State.CANCELLED: "abgesagt",
        State.OVERDUE: "überfällig",
        Answer.OPEN: "offen",
        Answer.REFUSED: "abgelehnt",
        Answer.CONCEDED: "zugestanden",
        Answer.CONDITIONED: "mit Bedingung",
        Answer.WITHDRAWN: "zurückgezogen",
    }
)

MODES: Mapping[str, str] = MappingProxyType(
    {
        "visit": "Besuch",
        "third-party": "vermittelt",
        "multilateral": "multilateral",
        "phone": "Telefonat",
        "withdraw": "Abzug",
        "release": "Freilassung",
        "disarm": "Abrüstung",
        "ceasefire": "Waffenruhe",
        "access": "Zugang",
        "resign": "Rücktritt",
        "assist": "Hilfe",
        "change": "Änderung",
        "yield": "Nachgeben",
        "meet": "Treffen",
        "disapprove": "Missbilligung",
        "investigate": "Untersuchung",
        "allege": "Anschuldigung",
        "restrict": "Beschränkung",
        "relations": "Beziehungen",
        "expel": "Ausweisung",
        "territory": "Gebiet",
        "violence": "Gewalt",
        "convict": "Verurteilung",
        "discontinue": "Abbruch",
        "troops": "Truppen",
        "weapons": "Waffen",
        "seize": "Beschlagnahme",
        "arrest": "Festnahme",
        "deport": "Abschiebung",
        "cyber": "Cyberangriff",
        "aerial": "Luftangriff",
        "drone": "Drohnen",
        "heavy-weapons": "schwere Waffen",
        "destroy": "Zerstörung",
        "targeted": "gezielt",
        "optimistic": "zuversichtlich",
        "pessimistic": "wenig zuversichtlich",
        "deny": "Dementi",
        "confirm": "Bestätigung",
    }
)
"""PLOVER's modes in German: what a demand or a refusal is about, how talks or attacks are led."""

HAPPENED = "happened"
"""In an address: what is past or ongoing, which figures count."""

_DAYS = MappingProxyType(
    {
        "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
        "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    }
)

_FOLDER = Path(__file__).parent

_MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d \d\d:\d\d)(?: UTC)?\b")
"""as the machine's reasons have it"""
_PLACES = re.compile(r"^(place: )(.*)")


class BrokenWordingError(ValueError):
    """A row of `english.toml` that cannot be used; the message names it."""


@cache
def english() -> Mapping[str, str]:
    """What our German texts are in English. Raises BrokenWordingError."""
    return load(_FOLDER / "english.toml")


def load(path: Path) -> Mapping[str, str]:
    """The rows of all tables of a file, each German text once. Raises BrokenWordingError, naming file, table and text."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BrokenWordingError(f"{path}: {error}") from error
    told: dict[str, str] = {}
    for page, rows in tables.items():
        if not isinstance(rows, dict):
            raise BrokenWordingError(f"{path}: {page!r} stands in no table")
        for german, text in rows.items():
            if not isinstance(text, str) or not text:
                raise BrokenWordingError(f"{path}, {page}: {german!r} has no English")
            if german in told:
                raise BrokenWordingError(f"{path}, {page}: {german!r} stands in another table too")
            told[german] = text
    return MappingProxyType(told)


class Words:
    """Texts, names and dates in one language and time zone; what templates know as `w`."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language
        self.zone = zone

    def __call__(self, german: str) -> str:
        return german if self.language == "de" else english().get(german, german)

    def kind(self, type_: EventType | str) -> str:
        return TYPES[self.language][EventType(type_)]

    def mode(self, mode: str) -> str:
        return MODES.get(mode, mode) if self.language == "de" else mode

    def outcome(self, told: str, shown: str = "") -> str:
        """What came of a meeting, kept as "AGREE: the sentence"; the sentence is left out where it is `shown` already."""
        kind, _, quote = told.partition(": ")
        if kind not in set(EventType):
            return told
        return self.kind(kind) if quote == shown else f"{self.kind(kind)}: {quote}"

    def status(self, status: Status | str) -> str:
        if status == HAPPENED:
            return self("geschehen oder im Gange")
        return STATUSES[self.language][Status(status)]

    def state(self, state: str) -> str:
        return self(STATES.get(state, state))

    @property
    def point(self) -> str:
        """What stands before the decimals of a number."""
        return "," if self.language == "de" else "."

    def reason(self, told: str | None) -> str:
        """A reason of the machine's, in the reader's language."""
        if self.language == "de":
            return in_german(told or "", self.zone)
        return _PLACES.sub(self._placed, _MOMENT.sub(self._local, reason_told(told or "", self.language)))

    def _local(self, found: re.Match[str]) -> str:
        """A moment by the reader's clocks; what is none, as in words of a page that could not be read, stays."""
        try:
            return self.moment(datetime.fromisoformat(found[1]).replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            return found[0]

    def _placed(self, found: re.Match[str]) -> str:
        return found[1] + " against ".join(map(self.place, found[2].split(" against ")))

    def rule(self, rule: str) -> str:
        """The rule that read an event."""
        return rule_told(rule, self.language)

    def matter(self, rule: str) -> str:
        """Why an article belongs to a dossier: the group of the row that it hit (`group/row`), or a reason in words."""
        group, row, _ = rule.partition("/")
        return named("group", group, self.language) if row else self.reason(rule)

    def counted(self, number: int, what: str) -> str:
        """So many of what a run's account counts: 1 Ereignis, 2 Ereignisse."""
        return f"{self.number(number)} {self.reason(_ONE.get(what, what) if number == 1 else what)}"

    def many(self, number: int, one: str, more: str) -> str:
        """So many of something, as a line tells it: 1 Vorgang, 2 Vorgänge; 1 act, 2 acts, where a heading has "Acts"."""
        told = one if number == 1 else more
        if self.language != "de":
            told = english()[f"{'1' if number == 1 else '2'} {told}"]
        return f"{self.number(number)} {told}"

    def party(self, code: str) -> str:
        return _name(code) if self.language == "de" else _english_name(code)

    def place(self, name: str) -> str:
        return place_told(name, self.language)

    def meeting(self, meeting: Meeting) -> Meeting:
        """As a reader calls its place and, with that, the meeting."""
        return meeting_told(meeting, self.language)

    def called(self, actor: Actor) -> str:
        """What the article calls a party, where that says more than its code: articles call it in German in an English room too."""
        return "" if actor.name in (actor.code, _name(actor.code), self.party(actor.code)) else actor.name

    def day(self, day: date | None, *, weekday: bool = False) -> str:
        if day is None:
            return self("ohne Tag")
        told = f"{day:%d.%m.%Y}" if self.language == "de" else f"{day.day} {day:%b %Y}"
        return f"{_DAYS[self.language][day.weekday()]} {told}" if weekday else told

    def days(self, first: date | None, last: date | None) -> str:
        """A day or a span of days."""
        if first is None or last is None or first == last:
            return self.day(first or last, weekday=True)
        if self.language == "de":
            short = f"{first:%d.%m.}" if first.year == last.year else f"{first:%d.%m.%Y}"
            return f"{short}–{last:%d.%m.%Y}"
        return f"{self.day(first)} – {self.day(last)}"

    def period(self, since: date | None, until: date | None) -> str:
        """The days that a filter asks for; nothing where it asks for all."""
        if since is not None and until is not None:
            return self.days(since, until)
        if since is not None:
            return f"{self('seit')} {self.day(since)}"
        return "" if until is None else f"{self('bis')} {self.day(until)}"

    def week(self, told: str) -> str:
        """A week such as 2028-W03, as calendars call it."""
        year, _, number = told.partition("-W")
        return f"KW {int(number)}/{year}" if self.language == "de" and number.isdigit() else told

    def short_day(self, day: date) -> str:
        return f"{day:%d.%m.}" if self.language == "de" else f"{day.day} {day:%b}"

    def moment(self, at: datetime | None) -> str:
        if at is None:
            return "–"
        local = at.astimezone(self.zone)
        return f"{self.day(local.date())} {local:%H:%M}"

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number as the language writes it: 12.345,6 or 12,345.6; a dash for none.

        >>> Words("de", ZoneInfo("Europe/Berlin")).number(-12345.6, 1)
        '−12.345,6'
        """
        if value is None:
            return "–"
        told = f"{value:,.{digits}f}".replace("-", "−")
        return told.translate(str.maketrans(",.", ".,")) if self.language == "de" else told

    def percent(self, share: float) -> str:
        """As `whole_percent` has it.

        >>> Words("de", ZoneInfo("Europe/Berlin")).percent(0.497), Words("en", ZoneInfo("Europe/Berlin")).percent(0.5)
        ('49 %', '50%')
        """
        return f"{whole_percent(share)}{' %' if self.language == 'de' else '%'}"

    def signed(self, value: float | None) -> str:
        """A number with one decimal and its sign."""
        told = self.number(value, 1)
        return f"+{told}" if value is not None and round(value, 1) > 0 else told


_ONE: Mapping[str, str] = MappingProxyType({"matches": "match", "events": "event", "alerts": "alert"})


@cache
def _name(code: str) -> str:
    return name_of(code)


def code_of(called: str) -> str:
    """The code of a party by what a reader calls it: the code in any case, its name in German or English, its capital.

    What nobody is called by is taken for a code.

    >>> code_of("rus"), code_of("russland"), code_of("Ukraine"), code_of("Germany"), code_of("Kreml"), code_of("xyz")
    ('RUS', 'RUS', 'UKR', 'DEU', 'RUS', 'XYZ')
    """
    upper = called.upper()
    if upper in lexicon().names:
        return upper
    entry = single(called)
    return _codes().get(called.casefold(), "") or (entry.code if entry else "") or upper


@cache
def _codes() -> Mapping[str, str]:
    told = (*english_names().items(), *lexicon().names.items())
    return MappingProxyType({name.casefold(): code for code, name in told})


_PARTS = MappingProxyType({"OPP": "opposition", "BUS": "business", "MED": "media", "CIV": "civilians"})


@cache
def _english_name(code: str) -> str:
    """As `name_of` has it in German.

    >>> _english_name("DEU"), _english_name("DEU-OPP"), _english_name("XYZ")
    ('Germany', 'Germany (opposition)', 'XYZ')
    """
    state, _, suffix = code.partition("-")
    names = english_names()
    return f"{names.get(state, state)} ({_PARTS[suffix]})" if suffix in _PARTS else names.get(code, code)


@cache
def english_names() -> Mapping[str, str]:
    """The codebook's states and organisations in English."""
    with (_FOLDER / "english.csv").open(encoding="utf-8", newline="") as rows:
        return MappingProxyType({row["code"]: row["name"] for row in csv.DictReader(rows)})
