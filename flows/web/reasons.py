"""The machine's reasons in German: they are kept in English beside what they explain, and translated when they are shown.

A reason is a row of sentences joined by "; ". A sentence that no row knows is shown as it is. What is a name of the machine's own, of a
cue or an incident, stands in `names.toml` with its English. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from extractors.model import BERLIN, FOLLOWED
from extractors.ontology import EventType, Status
from flows.alerts.wording import STATUSES, TYPES
from flows.naming import of_reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A sentence and its German. What a group is called says how its value is put into German: see `_word`."""

    pattern: re.Pattern[str]
    german: str


def _rows(*pairs: tuple[str, str]) -> tuple[Row, ...]:
    return tuple(Row(pattern=re.compile(pattern), german=german) for pattern, german in pairs)


_TYPE = r"(?P<type{}>[A-Z]{{3,}})"
_STATUS = r"(?P<status{}>past|ongoing|planned|hypothetical|negated|historical)"
_T, _T2, _S, _S2 = _TYPE.format(""), _TYPE.format("2"), _STATUS.format(""), _STATUS.format("2")

ROWS = _rows(
    # Grades
    (FOLLOWED, "eine frühere Fassung war Kern"),
    # Acts
    (r"no known act is like it", "kein bekannter Vorgang gleicht ihm"),
    (r"says again: (?P<a>.*)", "bekräftigt, was gilt: {a}"),
    (rf"type: {_T}", "Typ: {type}"),
    (rf"type: {_T} beside {_T2}", "Typ: {type} neben {type2}"),
    (rf"type: {_T}, other mode", "Typ: {type}, in anderer Art"),
    (r"parties: one in common of those who meet", "Beteiligte: nur eine gemeinsam"),
    (r"parties: (?P<a>.*) \((?P<b>[\d.]+)\)", "Beteiligte: {a} ({b})"),
    (r"day: both (?P<day>[\dT/-]+)", "Tag: beide {day}"),
    (r"day: (?P<day>\S+) and (?P<day2>\S+) meet", "Tag: {day} und {day2} berühren sich"),
    (r"day: told on (?P<day>\S+), dated (?P<day2>\S+)", "Tag: gemeldet am {day}, datiert auf {day2}"),
    (r"day: told (?P<a>[\d.]+) days apart", "Tag: gemeldet im Abstand von {a} Tagen"),
    (rf"status: {_S}", "Status: {status}"),
    (rf"status: {_S} to {_S2}", "Status: von {status} zu {status2}"),
    (rf"status: {_S} against {_S2}", "Status: {status} gegen {status2}"),
    (r"place: (?P<a>.*) against (?P<b>.*)", "Ort: {a} gegen {b}"),
    (r"place: (?P<a>.*)", "Ort: {a}"),
    (r"words: both tell of the war as a whole", "Wörter: beide sprechen vom Krieg als Ganzem"),
    (r"words: none in common, but the same who meet", "Wörter: keine gemeinsam, aber dieselben treffen sich"),
    (r"words: none in common", "Wörter: keine gemeinsam"),
    (r"words: (?P<a>.*)", "Wörter: {a}"),
    (r"copy: the text is that of (?P<a>.*)", "Kopie: der Text ist der von {a}"),
    (r"one report tells of both: (?P<a>.*)", "ein Bericht meldet beide: „{a}“"),
    (r"merged by (?P<a>.+)", "zusammengelegt von {a}"),
    # Stories
    (r"no open story is like it", "kein offenes Thema gleicht ihm"),
    (r"the first article", "der erste Artikel"),
    # Their ids say nothing to a reader.
    (r"acts in common: .*", "meldet dieselben Vorgänge"),
    (r"alike in words \((?P<a>[\d.]+)\)", "ähnlich im Wortlaut ({a})"),
    # Meetings
    (r"first told", "zuerst gemeldet"),
    (r"told again", "erneut gemeldet"),
    (r"told by (?P<a>.*) too", "auch von {a} gemeldet"),
    (r"confirmed by (?P<a>\S+)", "bestätigt von {a}"),
    (r"called off", "abgesagt"),
    (r"spoken of after it was called off", "nach der Absage erwähnt"),
    (r"denied after it was held", "bestritten, nachdem es stattfand"),
    (r"reported as held", "als geschehen gemeldet"),
    (r"reported as under way", "als im Gange gemeldet"),
    (r"announced in a report that came late", "angekündigt in einem verspäteten Bericht"),
    (r"called off in a report that came late", "abgesagt in einem verspäteten Bericht"),
    (r"called off for a day that it no longer has", "abgesagt für einen Tag, an dem es nicht mehr stattfindet"),
    (r"another day in a report that came late", "ein anderer Tag in einem verspäteten Bericht"),
    (r"announced anew", "neu angekündigt"),
    (r"another day than before", "ein anderer Tag als zuvor"),
    (r"another town than before", "ein anderer Ort als zuvor"),
    (r"spoken of as possible", "als möglich erwähnt"),
    (r"no report since (?P<day>\S+)", "kein Bericht seit {day}"),
    (rf"outcome: {_T}", "Ergebnis: {type}"),
    # Demands
    (r"demanded", "gefordert"),
    (r"demanded again", "erneut gefordert"),
    (r"the demander yields", "wer forderte, gibt nach"),
    (rf"{_T}", "{type}"),
    (rf"{_T} negated", "{type}, verneint"),
    (rf"{_T} with a condition", "{type} mit Bedingung"),
    # Versions of an article
    (r"a new sentence", "ein neuer Satz"),
    (r"its sentence is gone", "der Satz ist gestrichen"),
    (rf"{_S} → {_S2}", "{status} → {status2}"),
    # How firmly a sentence says it
    (r"the newsroom's own words", "in den Worten der Redaktion"),
    (r"speaker (?P<a>\S+)", "Sprecher {a}"),
    (r"(?P<reason>[^→]+) → (?P<reason2>[^→]+)", "{reason} → {reason2}"),
    # What ended an event
    (r"version", "neue Fassung"),
    (r"recode", "neue Regeln"),
    (r"correction", "Korrektur"),
    (r"review", "Prüfung"),
    # Quotes
    (r"direct", "wörtlich"),
    (r"indirect", "indirekt"),
    (r"mixed", "teils wörtlich"),
    (r"reported", "berichtet"),
    # What became of entries and feeds
    (r"stored", "gespeichert"),
    (r"dropped", "verworfen"),
    (r"failed", "gescheitert"),
    (r"pending", "wartet"),
    (r"unchanged", "unverändert"),
    (r"the window rolled over", "das Fenster des Feeds war durchgelaufen"),
    (r"consent wall", "Einwilligungsschranke"),
    (r"paywall teaser", "nur der Anriss vor der Bezahlschranke"),
    (r"soft 404", "Fehlerseite ohne Fehlercode"),
    (r"video page", "Videoseite"),
    (r"too old", "zu alt"),
    (r"no link", "ohne Verweis"),
    (r"not modified", "nicht verändert"),
    (r"audio page", "Audioseite"),
    (r"picture gallery", "Bildergalerie"),
    (r"index page", "Übersichtsseite"),
    (r"live shell", "Ticker ohne Text"),
    (r"needs JavaScript", "nur mit JavaScript lesbar"),
    (r"empty", "leer"),
    (r"not html", "kein HTML"),
    (r"no headline", "ohne Überschrift"),
    (r"no text", "ohne Text"),
    (r"quarantined: the text of other pages", "zurückgehalten: derselbe Text wie andere Seiten"),
    (r"given up: (?P<reason>.+)", "aufgegeben: {reason}"),
    (r"unreadable: (?P<reason>.+)", "unlesbar: {reason}"),
    (r"broken: (?P<a>.+)", "nicht verarbeitet: {a}"),
    (r"re-check (?P<reason>dropped|failed): (?P<reason2>.+)", "erneuter Blick, {reason}: {reason2}"),
    (r"taken over by another worker", "von einem anderen Prozess übernommen"),
    (r"read by another worker", "von einem anderen Prozess gelesen"),
    (r"read again", "erneut gelesen"),
    # What a request or a reader met
    (r"url", "Adresse unbrauchbar"),
    (r"address", "Adresse nicht öffentlich"),
    (r"dns", "Name nicht auflösbar"),
    (r"connect", "keine Verbindung"),
    (r"tls", "Verschlüsselung oder Zertifikat fehlerhaft"),
    (r"deadline", "keine Antwort in der Frist"),
    (r"too large", "zu groß"),
    (r"encoding", "nicht zu entpacken"),
    (r"truncated", "Antwort abgebrochen"),
    (r"protocol", "kein gültiges HTTP"),
    (r"redirect", "Weiterleitung ohne Ziel"),
    (r"refused", "abgewiesen"),
    (r"busy", "überlastet"),
    (r"server error", "Serverfehler"),
    (r"held", "vorerst nicht gefragt"),
    (r"late", "kam nicht mehr an die Reihe"),
    (r"budget", "Kontingent erschöpft"),
    (r"cpu", "Rechenzeit überschritten"),
    (r"wall", "Zeit überschritten"),
    (r"memory", "Speicher überschritten"),
    (r"crash", "Absturz beim Lesen"),
    (r"machine", "der Rechner kam nicht dazu"),
    (r"error", "Fehler beim Lesen"),
    (r"robots", "robots.txt verbietet es"),
    (r"reserved", "Nutzung vorbehalten"),
    (r"not found", "nicht gefunden"),
    (r"gone", "entfernt"),
    (r"a file", "eine Datei, keine Seite"),
    # Incidents
    (
        r"answers, and has had no new entry since (?P<moment>\S+ \S+) UTC",
        "antwortet, hat aber seit {moment} nichts Neues",
    ),
    (
        r"no entry of the window was known: some may be missed since (?P<moment>\S+ \S+) UTC",
        "kein Eintrag im Fenster war bekannt: seit {moment} können welche fehlen",
    ),
    (r"asked once a week only: it is gone", "wird nur noch einmal die Woche gefragt, denn er ist entfernt"),
    (r"(?P<a>\d+) failures in a row", "{a} Fehlschläge in Folge"),
    (r"last: (?P<reason>.+)", "zuletzt: {reason}"),
    (r"lives at (?P<a>\S+) now", "ist umgezogen nach {a}"),
    (r"change it in the list of feeds", "bitte in der Feed-Liste ändern"),
    (
        r"the canary article no longer matches: rules or weights are broken",
        "der Probeartikel gilt nicht mehr als einschlägig: Regeln oder Gewichte sind beschädigt",
    ),
    (
        r"the last pass was at (?P<moment>\S+ \S+) UTC, and now it is (?P<moment2>\S+ \S+)",
        "der letzte Lauf war am {moment}, und jetzt ist es {moment2}",
    ),
    (
        r"the last night was (?P<a>\d+) days ago, or the clock is ahead: nothing is let go before the next one",
        "die letzte Nacht war vor {a} Tagen, oder die Uhr geht vor: vor der nächsten wird nichts gelöscht",
    ),
    (
        r"lists (?P<a>\d+) entries more than are read of a feed: new ones may be among them",
        "führt {a} Einträge mehr, als von einem Feed gelesen werden: neue können darunter sein",
    ),
    (
        r"(?P<a>\d+) addresses have one text, the last is (?P<b>\S+): a wall, or the layout changed",
        "{a} Adressen haben denselben Text, zuletzt {b}: eine Schranke oder eine neue Gestaltung",
    ),
    (
        r"the last (?P<a>\d+) articles have (?P<b>\d+) characters in the middle, usual is (?P<c>\d+): its layout may have changed",
        "die letzten {a} Artikel haben im Mittel {b} Zeichen, üblich sind {c}: vielleicht eine neue Gestaltung",
    ),
    (r"no longer in the settings", "nicht mehr in den Einstellungen"),
    (r"answered 410 \(gone\) (?P<a>\d+) times over (?P<b>[\d.]+) h", "antwortete {a}-mal in {b} h mit 410 (entfernt)"),
    (r"has failed for (?P<a>\d+) h", "scheitert seit {a} h"),
    (
        r"(?P<a>\d+) of (?P<b>\d+) recipients did not take the message",
        "{a} von {b} Empfängern nahmen die Meldung nicht an",
    ),
    (
        r"the oldest alert has waited for the digest for (?P<a>\d+) days",
        "die älteste Meldung wartet seit {a} Tagen auf die Sammelmeldung",
    ),
    (r"the service did not take the message", "der Dienst nahm die Meldung nicht an"),
    (r"certificate", "Zertifikat"),
    (r"the server offers no STARTTLS", "der Server bietet kein STARTTLS an"),
    (r"the (?:mail server|proxy) answers (?P<a>\d+)", "die Gegenseite antwortet {a}"),
    (r"Connection refused", "Verbindung abgelehnt"),
    (r"timed out", "keine Antwort in der Frist"),
    (r"answers without entries, (?P<a>\d+) times in a row", "antwortet zum {a}. Mal in Folge ohne Einträge"),
    (r"the oldest alert has been due for (?P<a>\d+) minutes", "die älteste Meldung ist seit {a} Minuten fällig"),
    (
        r"(?P<a>\d+) articles read in 48 hours, none of them matches",
        "{a} Artikel in 48 Stunden gelesen, keiner einschlägig",
    ),
    (r"(?P<a>[\d.]+)% of the disk is free", "{a} % der Platte sind frei"),
    (
        r"(?P<a>\d+) of the last (?P<b>\d+) pages have no text: its layout may have changed",
        "{a} der letzten {b} Seiten haben keinen Text: vielleicht eine neue Gestaltung",
    ),
    (
        r"none of the last (?P<a>\d+) pages could be read: (?P<counts>.+)",
        "keine der letzten {a} Seiten war zu lesen: {counts}",
    ),
    # What a form is refused for
    (r"nobody acts", "niemand handelt"),
    (r"unknown code: (?P<a>\S+)(?: \(.+\))?", "unbekannter Code: {a} (Staaten wie EST, Organisationen wie NATO)"),
    (
        r"the office ends \((?P<day>\S+)\) before it begins \((?P<day2>\S+)\)",
        "das Amt endet ({day}), bevor es beginnt ({day2})",
    ),
    (
        r"'(?P<a>.*)' is no full name: .+",
        "„{a}“ ist kein voller Name: Vor- und Nachname, wie ihn Artikel haben",
    ),
    (r"(?P<a>.+) is in the tables that ship .+", "{a} steht in den mitgelieferten Tabellen, die vorgehen"),
    (r"no article introduces (?P<a>.+): say whose .+", "kein Artikel führt {a} ein: bitte den Code dazu angeben"),
    (r"say which office it is, .+", "bitte das Amt angeben, wie es Artikel nennen"),
    (
        r"unknown office: (?P<a>.+) \(.+\)",
        "unbekanntes Amt: {a} (wie in Artikeln: Außenministerin, Sprecher des Kreml)",
    ),
    (r"'(?P<a>.*)' is no day .+", "{a} ist kein Tag: Ein Tag wird so geschrieben: 2028-05-01"),
    # Runs
    (r"completed", "beendet"),
    (r"degraded", "mit Störungen beendet"),
    (r"match|matches", "einschlägig"),
    (r"event", "Ereignis"),
    (r"events", "Ereignisse"),
    (r"alert", "Meldung"),
    (r"alerts", "Meldungen"),
    # Last: what was met, and what it said of itself
    (r"(?P<reason>\w+(?: \w+)?): (?P<a>.+)", "{reason}: {a}"),
)
"""First match wins; a pattern is asked to match the whole sentence."""

_JOINED = re.compile(r"; ")
_COUNTED = re.compile(r"(\d+) ([^,]+)")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@lru_cache(maxsize=4096)
def in_german(reason: str, zone: ZoneInfo = BERLIN) -> str:
    """A reason in German, sentence by sentence; moments in it, which are kept in UTC, as the zone's clocks show them.

    >>> in_german("type: REJECT; parties: NATO, RUS (1.00); day: told 0.1 days apart; status: past")
    'Typ: Ablehnung; Beteiligte: NATO, RUS (1,00); Tag: gemeldet im Abstand von 0,1 Tagen; Status: geschehen'
    """
    return "; ".join(_sentence(each, zone) for each in _JOINED.split(reason))


def _sentence(told: str, zone: ZoneInfo) -> str:
    if (name := of_reasons(told, "de")) is not None:
        return name
    for row in ROWS:
        if (found := row.pattern.fullmatch(told)) is not None:
            values = {name: _word(name, value, zone) for name, value in found.groupdict().items()}
            if None not in values.values():
                return row.german.format_map(values)
    return told


def _word(name: str, value: str, zone: ZoneInfo) -> str | None:
    """A value as Germans write it; None where it is not what its name says."""
    tables: Mapping[str, Callable[[], str]] = {
        "type": lambda: TYPES["de"][EventType(value)],
        "status": lambda: STATUSES["de"][Status(value)],
        "reason": lambda: _sentence(value, zone),
        "counts": lambda: _COUNTED.sub(lambda one: f"{one[1]} {_sentence(one[2], zone)}", value),
        "moment": lambda: f"{datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(zone):%d.%m.%Y %H:%M}",
        "day": lambda: _DAY.sub(r"\3.\2.\1", value).replace("/", "–"),
    }
    table = tables.get(name.rstrip("2"))
    if table is None:
        return value.replace(".", ",") if re.fullmatch(r"\d+\.\d+", value) else value
    try:
        return table()
    except ValueError:
        return None
