"""The reading room's words. It is written in German; `words` turns a German text of ours into the reader's language.

The German text is the key, so that templates can be read aloud; a test asks that every one of them has its English.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from extractors.actors import name_of
from extractors.actors.lexicon import lexicon, single
from extractors.ontology import EventType, Quad, Status
from flows.alerts.wording import STATUSES, TYPES
from flows.web.reasons import in_german

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        # The frame
        "Lesesaal": "Reading room",
        "Zum Inhalt": "Skip to content",
        "Überblick": "Overview",
        "Vorgänge": "Acts",
        "Vorgang": "Act",
        "Artikel": "Articles",
        "Akteure": "Actors",
        "Akteur": "Actor",
        "Dyaden": "Dyads",
        "Dyade": "Dyad",
        "Termine": "Calendar",
        "Termin": "Meeting",
        "Forderungen": "Demands",
        "Themen": "Stories",
        "Thema": "Story",
        "seit": "since",
        "zuletzt": "latest",
        "alles": "everything",
        "neu seit": "new since",
        "Neu seit": "New since",
        "Was ist neu seit": "What is new since",
        "keine Kopien, und nur was Vorgänge meldet, die zuvor niemand meldete": (
            "no copies, and only what tells acts that nobody told before"
        ),
        "Artikel ohne Neues nicht gezeigt": "articles with nothing new are not shown",
        "früherer Artikel nicht gezeigt": "earlier article is not shown",
        "frühere Artikel nicht gezeigt": "earlier articles are not shown",
        "weiterer neuer Vorgang": "more new act",
        "weitere neue Vorgänge": "more new acts",
        "Noch keine Themen.": "No stories yet.",
        "Noch kein Feed.": "No feed yet.",
        "Noch keine Einträge.": "No entries yet.",
        "Nichts in diesem Zeitraum.": "Nothing in this period.",
        "Nichts Neues.": "Nothing new.",
        "Lage": "Situation",
        "weitere Dyade, in der weniger geschah, nicht gezeigt": "more dyad in which less happened is not shown",
        "weitere Dyaden, in denen weniger geschah, nicht gezeigt": "more dyads in which less happened are not shown",
        "Lage der Woche": "Situation of the week",
        "Stimmen": "Voices",
        "Modus-Meter": "Mode meter",
        "Erwartungsbarometer": "Barometer of expectations",
        "Barometer": "Barometer",
        "Suche": "Search",
        "Betrieb": "Operations",
        "Ausgaben": "Exports",
        "Prüfen": "Review",
        "Anmelden": "Sign in",
        "Abmelden": "Sign out",
        "Hauptmenü": "Main menu",
        "Weitere Seiten": "More pages",
        "Stand": "As of",
        "nur lesen": "read only",
        "Seite": "Page",
        "neuere": "newer",
        "neueste": "newest",
        "mehr als": "more than",
        "zurück": "back",
        "Name": "Name",
        "Anderer Zeitraum": "Another period",
        "Nur einen Teil davon": "Only a part of it",
        "Die Ereignisse dazu, auch weniger sichere:": "Their events, less certain ones too:",
        "als Tabelle (CSV)": "as a table (CSV)",
        "weiter": "next",
        "gegenüber": "towards",
        "was seither hinzukam oder einen weiteren Bericht bekam, von welchem Tag es auch sei": (
            "what was added or reported again since then, of whatever day it is"
        ),
        "ältere": "older",
        "Seiten": "Pages",
        "alle": "all",
        "Nichts gefunden.": "Nothing found.",
        "Anzeigen": "Show",
        "Filter": "Filters",
        "Kern und verwandt": "core and related",
        "Tag der Meldung": "day of the report",
        "Zahlen und Belege": "Figures and evidence",
        "Archiv vom": "Archive of",
        "Das Archiv ist nicht von heute: Zeiträume enden mit dem letzten Tag, von dem Artikel vorliegen.": (
            "The archive is not of today: periods end with the last day from which there are articles."
        ),
        # Acts and events
        "Wer": "Who",
        "Was": "What",
        "Wen": "Whom",
        "Wann": "When",
        "Wo": "Where",
        "Laut": "According to",
        "laut": "according to",
        "Beleg": "Evidence",
        "Belege": "Evidence",
        "Regel": "Rule",
        "Sicherheit": "Confidence",
        "Berichte": "Reports",
        "Bericht": "Report",
        "Häuser": "Houses",
        "Haus": "House",
        "Kopien": "copies",
        "Kopie": "copy",
        "übernommen, zählt nicht als eigene Bestätigung": "taken over, corroborates nothing",
        "eigene Berichte": "own reports",
        "Übernommene Berichte": "Reports taken over from others",
        "Eigene Berichte": "Reports of their own",
        "Warum verknüpft": "Why linked",
        "zuletzt ergänzt": "last added to",
        "unsicher": "unsure",
        "sicher": "sure",
        "So sicher ist die Maschine, dass der Satz das sagt.": "How sure the machine is that the sentence says so.",
        "Auch weniger sichere gezeigt (unter 50 %)": "Less certain ones are shown too (under 50%)",
        "nur sichere zeigen": "show only certain ones",
        "zeigen": "show",
        "mitzählen": "count them",
        "weniger sichere": "less certain",
        "weniger sicherer": "less certain",
        "weniger sicherer Vorgang (unter 50 %) nicht gezeigt": "less certain act (under 50%) not shown",
        "weniger sichere Vorgänge (unter 50 %) nicht gezeigt": "less certain acts (under 50%) not shown",
        "Nur was geschehen oder im Gange ist, ohne Äußerungen und Übernommenes: was die Spannung zählt": (
            "Only what has happened or is under way, without statements and copies: what the tension counts"
        ),
        "alle zeigen": "show all",
        "Nur was die beiden einander oder miteinander taten: was ihre Dyade zählt": (
            "Only what the two did to or with each other: what their dyad counts"
        ),
        "Der Verlag ist zurückgekehrt zu": "The publisher has gone back to",
        "Diese Tage haben mehr Ereignisse, als eine Seite auswertet: Hier stehen die zuletzt gemeldeten.": (
            "These days have more events than a page reckons with: these are the ones reported last."
        ),
        "weniger sichere Aussage (unter 50 %) nicht mitgezählt": "less certain statement (under 50%) not counted",
        "weniger sichere Aussagen (unter 50 %) nicht mitgezählt": "less certain statements (under 50%) not counted",
        "weniger sicherer Vorgang (unter 50 %) nicht mitgezählt": "less certain act (under 50%) not counted",
        "weniger sichere Vorgänge (unter 50 %) nicht mitgezählt": "less certain acts (under 50%) not counted",
        "weniger sicheres Ereignis (unter 50 %) zählt nicht mit": "less certain event (under 50%) not counted",
        "weniger sichere Ereignisse (unter 50 %) zählen nicht mit": "less certain events (under 50%) not counted",
        "weniger sicherer Termin (unter 50 %) nicht gezeigt": "less certain meeting (under 50%) not shown",
        "weniger sichere Termine (unter 50 %) nicht gezeigt": "less certain meetings (under 50%) not shown",
        "weniger sichere Lesart dieses Satzes": "less certain reading of this sentence",
        "weniger sichere Lesarten dieses Satzes": "less certain readings of this sentence",
        "Keine Vorgänge.": "No acts.",
        "Typ": "Type",
        "Status": "Status",
        "Beteiligte": "Parties",
        "Beteiligte (Code, Name)": "Party (code, name)",
        "von": "from",
        "bis": "to",
        "Tag": "Day",
        "Tage": "days",
        "die letzten": "the last",
        "die letzten 60 von": "the last 60 of",
        "die nächsten 60 von": "the next 60 of",
        "Woche": "Week",
        "Monat": "Month",
        "Ort": "Place",
        "Wert": "Score",
        "PLOVER-Wert": "PLOVER score",
        "Goldstein-Wert": "Goldstein value",
        "zusammengelegt": "merged",
        "geprüft": "reviewed",
        "von Hand geändert": "changed by hand",
        "Ereignis": "Event",
        "Ereignisse": "Events",
        "Ereignis im Artikel": "Event in the article",
        "Was die Maschine und Prüfer sagten": "What the machine and reviewers said",
        "gilt": "in force",
        "galt bis": "held until",
        "bekannt seit": "known since",
        "beendet durch": "ended by",
        "Text nicht mehr aufbewahrt; der Beleg bleibt.": "Text no longer kept; the evidence stays.",
        "Volltext nicht mehr aufbewahrt. Ereignisse und Belege bleiben.": (
            "Full text no longer kept. Events and evidence stay."
        ),
        "zum Artikel": "to the article",
        "zu einem weiteren": "to another",
        "beim Verlag": "at the publisher",
        "im Text": "in the text",
        "Noch keine Vorgänge.": "No acts yet.",
        # Overview
        "Spannung nach Tagen": "Tension by day",
        "Zusammenarbeit": "Cooperation",
        "Konflikt": "Conflict",
        "Summe der PLOVER-Werte der geschehenen Vorgänge je Tag": "Sum of the PLOVER scores of the day's acts",
        "Lücke": "Gap",
        "Lücke: ein Feed war nicht zu hören": "Gap: a feed was not heard of",
        "Neueste Vorgänge": "Newest acts",
        "Was ansteht": "What is due",
        "Nichts angekündigt.": "Nothing announced.",
        "Störungen": "Incidents",
        "Reihenfolge": "Order",
        "nach Tag": "by day",
        "nach Meldung": "by news",
        "Keine offenen Störungen.": "No open incidents.",
        "offene Störungen": "open incidents",
        "offene Störung": "open incident",
        "Ereignisse seit": "Events since",
        "mit + die weniger sicheren": "less certain ones after the +",
        "handelnd, betroffen oder sprechend, auch weniger sicher": "acting, acted upon or speaking, less certain ones too",
        "Meistgenannt": "Most often named",
        "Dyaden in Bewegung": "Dyads in motion",
        "in diesem Zeitraum": "in this period",
        "überfällig": "overdue",
        "heute": "today",
        # Articles
        "Fassungen": "Versions",
        "Fassung": "Version",
        "Was sich in den Ereignissen änderte": "What changed in the events",
        "hinzugekommen": "added",
        "weggefallen": "dropped",
        "abgeschwächt": "weakened",
        "bekräftigt": "firmed up",
        "Akteur geändert": "actor changed",
        "vorher": "before",
        "Nichts an den Ereignissen.": "Nothing in the events.",
        "gegenüber der vorigen Fassung": "compared with the version before",
        "Zitate": "Quotes",
        "Zitat": "Quote",
        "Zeichen": "characters",
        "geholt": "fetched",
        "veröffentlicht": "published",
        "Warum es dazugehört": "Why it belongs to the matter",
        "Gehört zu": "Belongs to",
        "Feeds": "Feeds",
        "Ausgang": "Outcome",
        "Grad": "Grade",
        "Kern": "core",
        "verwandt": "related",
        "nicht einschlägig": "beside the matter",
        "Ereignisse in diesem Artikel": "Events in this article",
        "Noch keine Artikel.": "No articles yet.",
        "gelesen": "read",
        "wörtlich": "direct",
        "indirekt": "indirect",
        # Actors, dyads
        "handelt": "acts",
        "betroffen": "acted upon",
        "spricht": "speaks",
        "In den Artikeln genannt": "Named in the articles",
        "Zuletzt gesagt": "Said last",
        "mit": "with",
        "Partner": "Partners",
        "Vorgänge nach Status": "Acts by status",
        "Mittlerer PLOVER-Wert": "Mean PLOVER score",
        "beide Richtungen": "both directions",
        "geschehen oder im Gange": "past or ongoing",
        "angekündigt": "planned",
        "verneint oder möglich": "negated or hypothetical",
        "Anzahl": "Number",
        "Zeitraum": "Period",
        "Schritt": "Step",
        "nicht gehört": "not heard",
        "Noch keine Akteure.": "No actors yet.",
        "Noch keine Dyaden.": "No dyads yet.",
        # Calendar
        "Kommende Termine": "Coming meetings",
        "Überfällig ohne Bericht": "Overdue without a report",
        "Vergangene Termine": "Past meetings",
        "Termine ohne Tag": "Meetings without a day yet",
        "ohne Tag": "no day yet",
        "Kalender abonnieren": "Subscribe to the calendar",
        "Keine Termine.": "No meetings.",
        "Ergebnis": "Outcome",
        "Verlauf": "History",
        "bestätigt": "confirmed",
        "verschoben": "moved",
        "abgehalten": "held",
        "abgesagt": "cancelled",
        # Demands
        "Forderungsbuch": "Ledger of demands",
        "fordert von": "demands of",
        "offen": "open",
        "abgelehnt": "refused",
        "zugestanden": "conceded",
        "mit Bedingung": "conditioned",
        "zurückgezogen": "withdrawn",
        "Keine Forderungen.": "No demands.",
        "gefordert": "demanded",
        # Lage, voices
        "vorige Woche": "week before",
        "nächste Woche": "next week",
        "diese Woche": "this week",
        "Richtung": "Direction",
        "besser": "better",
        "schlechter": "worse",
        "gleich": "steady",
        "neu": "new",
        "still": "quiet",
        "Dyade war diese Woche still, die vorige nicht": "dyad was quiet this week and not the week before",
        "Dyaden waren diese Woche still, die vorige nicht": "dyads were quiet this week and not the week before",
        "Was die Woche bewegte": "What moved the week",
        "Was nächste Woche ansteht": "What is due next week",
        "Aus dieser Woche ist nichts bekannt.": "Nothing is known of this week.",
        "Wer sagt es wie fest": "Who says it how firmly",
        "Redaktion": "newsroom",
        "Feststellung": "stated",
        "unbestätigt": "hedged",
        "zugeschrieben": "reported",
        "angezweifelt": "doubted",
        "umstritten": "contested",
        "nur umstrittene": "only contested ones",
        "Wie die Seiten vor und nach einem Termin reden": "How each side talks before and after a meeting",
        "Alle Seiten, die letzten 30 Tage": "All sides, the last 30 days",
        "Vor und nach Terminen": "Before and after meetings",
        "andere": "others",
        "auch": "also",
        "davor": "before",
        "danach": "after",
        "Abstand der Seiten": "Distance between the sides",
        "Aussage": "statement",
        "Aussagen": "statements",
        "weitere Aussage": "more statement",
        "weitere Aussagen": "more statements",
        "gedämpft": "dampened",
        "hoffnungsvoll": "hopeful",
        "gemischt": "mixed",
        "Keine Aussagen mit Erwartung.": "No statements with an expectation.",
        "Nichts, was mehr als eine Stimme hat.": "Nothing with more than one voice.",
        # Search
        "Wörter im Artikel": "Words in the article",
        'Wortformen und Zusammensetzungen inbegriffen; "eine Wendung", -ohne': (
            'inflected forms and compounds included; "a phrase", -without'
        ),
        "Suchen": "Search",
        "Sprecher (Code, Name)": "Speaker (code, name)",
        "Verlag": "Publisher",
        "wie bekannt am": "as known on",
        "Gefundene Artikel": "Articles found",
        "Gefundene Ereignisse": "Events found",
        "zweite Partei (Code, Name)": "second party (code, name)",
        # Operations
        "Feed": "Feed",
        "letzte Antwort": "last answer",
        "letzter Neuer": "last new entry",
        "Neue je Tag, heute zuletzt": "new by day, today last",
        "Zustand": "State",
        "Läufe": "Runs",
        "Art": "Kind",
        "Beginn": "Start",
        "Dauer": "Duration",
        "Einträge": "Entries",
        "Was daraus wurde": "What became of them",
        "Lücken": "Gaps",
        "Grund": "Reason",
        "Seit": "Since",
        "Bis": "Until",
        "Verlage": "Publishers",
        "Länge, Mitte": "Length, median",
        "zuletzt ungelesen": "unread of late",
        "Fehler": "failures",
        "läuft": "running",
        "gut": "fine",
        "Keine Lücken.": "No gaps.",
        "Noch kein Lauf.": "No run yet.",
        "Einträge nach Ausgang": "Entries by outcome",
        "mal": "times",
        # Exports
        "Zum Abonnieren": "To subscribe to",
        "Zum Herunterladen": "To download",
        "Vorgänge als Atom-Feed": "Acts as an Atom feed",
        "Termine als Kalender (iCalendar)": "Meetings as a calendar (iCalendar)",
        "Ereignisse in PLOVERs Namen, eine Zeile je Ereignis": "Events in PLOVER's names, a line each",
        "Ereignisse als Tabelle": "Events as a table",
        "Ereignisse wie in GDELT (CAMEO)": "Events as in GDELT (CAMEO)",
        "Netz der Akteure für Gephi": "Network of actors for Gephi",
        "Größere Ausgaben, Parquet und Filter:": "Larger exports, Parquet and filters:",
        "Jede Ausgabe hier hat höchstens so viele Ereignisse:": "Each export here has at most this many events:",
        "Nur die neuesten Ereignisse:": "Only the newest events:",
        "Alle:": "All of them:",
        # Review
        "Zugangswort": "Token",
        "Ihr Name": "Your name",
        "steht an jeder Korrektur": "stands on each correction",
        "Das Zugangswort stimmt nicht.": "The token is not right.",
        "Zu viele Versuche. Bitte eine Minute warten.": "Too many attempts. Please wait a minute.",
        "Bitte einen Namen angeben.": "Please give a name.",
        "Angemeldet als": "Signed in as",
        "Stimmt": "Right",
        "Falsch": "Wrong",
        "Ändern": "Change",
        "Änderung speichern": "Save the change",
        "Bemerkung": "Comment",
        "Dieses Ereignis prüfen": "Review this event",
        "Handelnde (Codes)": "Actors (codes)",
        "Betroffene (Codes)": "Recipients (codes)",
        "Codes, durch Leerzeichen getrennt": "Codes, separated by blanks",
        "Der Link einer Meldung gilt dreißig Tage. Dieser ist älter, oder er kam nicht ganz an.": (
            "A link in an alert is good for thirty days. This one is older, or did not arrive whole."
        ),
        "Gespeichert.": "Saved.",
        "Wartet auf einen Blick": "Waits for a look",
        "Korrekturen": "Corrections",
        "Keine Korrekturen.": "No corrections.",
        "Zurücknehmen": "Withdraw",
        "richtig": "right",
        "falsch": "wrong",
        "geändert": "changed",
        "wer": "by",
        "Mit ihm zusammengelegt": "Merged into it",
        "Mit einem anderen Vorgang zusammenlegen": "Merge with another act",
        "ID oder Adresse des anderen": "Id or address of the other",
        "Beide werden einer; der ältere behält seine ID, die andere führt dorthin.": (
            "Both become one; the older keeps its id, the other leads to it."
        ),
        "Zusammenlegen": "Merge",
        "Als falsch gemeldet": "Reported as wrong",
        "Stichprobe der Aussortierten": "Sample of what was rejected",
        "Was die Maschine nicht für einschlägig hielt: Was hierher gehört hätte, sieht man nur so.": (
            "What the machine took for beside the matter: what should have belonged is seen only like this."
        ),
        "Gehört dazu": "Belongs",
        "Gehört nicht dazu": "Does not belong",
        # Answers to alerts
        "Meldung": "Alert",
        "Meldung beantworten": "Answer an alert",
        "Ihre Antwort": "Your answer",
        "Nicht mein Thema": "Not my matter",
        "Gesehen": "Seen",
        "Später": "Later",
        "Ich kümmere mich": "I have it",
        "Ruhe für": "Quiet for",
        "Stunden": "hours",
        "einen Tag": "a day",
        "eine Woche": "a week",
        "Name (freiwillig)": "Name (optional)",
        "Was daraus lernt": "What learns from it",
        "Stimmt und Nicht mein Thema lehren, welche Artikel hierher gehören; Falsch legt die Meldung zur Prüfung vor.": (
            "Right and Not my matter teach which articles belong here; Wrong puts the alert up for review."
        ),
        "Bisherige Antworten": "Answers so far",
        "gesehen von": "seen by",
        "Ruhe bis": "Quiet until",
        "nicht mein Thema": "not my matter",
        "gehört dazu": "belongs to it",
        "gemeldet": "told",
        "Antworten auf Meldungen": "Answers to alerts",
        # Trouble
        "Das gibt es hier nicht.": "There is no such thing here.",
        "Diese Anfrage ist so nicht lesbar.": "This request cannot be read.",
        "Das ist hier nicht erlaubt.": "That is not allowed here.",
        "Hier ist etwas schiefgegangen.": "Something went wrong here.",
        "Das Archiv antwortet nicht.": "The archive does not answer.",
        "Bitte zuerst anmelden.": "Please sign in first.",
        "Die Anmeldung ist abgelaufen oder das Formular stammt nicht von hier. Bitte neu laden.": (
            "The session has expired or the form is not from here. Please load it again."
        ),
        "Dieses Ereignis gilt nicht mehr.": "This event is no longer believed.",
        "Für diesen Schritt ist der Zeitraum zu lang.": "The period is too long for this step.",
        "Der erste Tag liegt nach dem letzten.": "The first day is after the last.",
        "Zum Überblick": "To the overview",
        "Wochentage": "Days of the week",
    }
)

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
        "announced": "angekündigt",
        "confirmed": "bestätigt",
        "moved": "verschoben",
        "held": "abgehalten",
        "cancelled": "abgesagt",
        "overdue": "überfällig",
        "open": "offen",
        "refused": "abgelehnt",
        "conceded": "zugestanden",
        "conditioned": "mit Bedingung",
        "withdrawn": "zurückgezogen",
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

_DAYS = MappingProxyType(
    {
        "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
        "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    }
)


class Words:
    """Texts, names and dates in one language and time zone; what templates know as `w`."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language
        self.zone = zone

    def __call__(self, german: str) -> str:
        return german if self.language == "de" else ENGLISH.get(german, german)

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
        return STATUSES[self.language][Status(status)]

    def state(self, state: str) -> str:
        return self(STATES.get(state, state))

    @property
    def point(self) -> str:
        """What stands before the decimals of a number."""
        return "," if self.language == "de" else "."

    def reason(self, told: str | None) -> str:
        """A reason of the machine's, in the reader's language."""
        return in_german(told or "", self.zone) if self.language == "de" else told or ""

    def counted(self, number: int, what: str) -> str:
        """So many of what a run's account counts: 1 Ereignis, 2 Ereignisse."""
        return f"{self.number(number)} {self.reason(_ONE.get(what, what) if number == 1 else what)}"

    def party(self, code: str) -> str:
        return _name(code) if self.language == "de" else _english_name(code)

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
        """A share of one in whole percent; what is less than half never reads as half.

        >>> Words("de", ZoneInfo("Europe/Berlin")).percent(0.497), Words("en", ZoneInfo("Europe/Berlin")).percent(0.5)
        ('49 %', '50 %')
        """
        whole = round(share * 100)
        return f"{min(whole, 49) if share < 0.5 else whole} %"

    def signed(self, value: float | None, digits: int = 1) -> str:
        told = self.number(value, digits)
        return f"+{told}" if value is not None and round(value, digits) > 0 else told


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
    with (Path(__file__).parent / "english.csv").open(encoding="utf-8", newline="") as rows:
        return MappingProxyType({row["code"]: row["name"] for row in csv.DictReader(rows)})
