"""What an alert says: who, what, whom, when, where, in which sentence, by which rule. Pure; plain text only."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from extractors.model import (
    CORRECTED,
    RESTORED,
    SURE,
    WITHDRAWN,
    Actor,
    Alert,
    Article,
    Assessment,
    Event,
    When,
    whole_percent,
)
from extractors.ontology import EventType, Quad, Status
from extractors.stories.states import State
from flows.naming import rule_told
from flows.place_names import place_told

QUOTE_LIMIT = 300
"""Most characters that an alert quotes of an article; see the manners in docs/operate.md."""

LEAST_TITLE = 20
"""Characters that a headline has in the shortest of texts."""

MOST_NAMES = 5
"""parties that a headline names on each side"""

LONGEST_SUBJECT = 80
"""Characters of an address that a line of a short text has room for."""

LEAST_ROOM = 200
"""Characters that a short text keeps for what happened before it also says where to answer."""

TYPES: Mapping[str, Mapping[EventType, str]] = MappingProxyType(
    {
        "de": {
            EventType.AGREE: "Zusage",
            EventType.CONSULT: "Gespräch",
            EventType.SUPPORT: "Unterstützung",
            EventType.CONCEDE: "Zugeständnis",
            EventType.COOPERATE: "Zusammenarbeit",
            EventType.AID: "Hilfe",
            EventType.RETREAT: "Rückzug",
            EventType.REQUEST: "Forderung",
            EventType.ACCUSE: "Vorwurf",
            EventType.REJECT: "Ablehnung",
            EventType.THREATEN: "Drohung",
            EventType.PROTEST: "Protest",
            EventType.SANCTION: "Sanktion",
            EventType.MOBILIZE: "Truppenbewegung",
            EventType.COERCE: "Zwang",
            EventType.ASSAULT: "Angriff",
            EventType.STATE: "Äußerung",
        },
        "en": {kind: kind.value.capitalize() for kind in EventType},
    }
)

STATUSES: Mapping[str, Mapping[Status, str]] = MappingProxyType(
    {
        "de": {
            Status.PAST: "geschehen",
            Status.ONGOING: "im Gange",
            Status.PLANNED: "angekündigt",
            Status.HYPOTHETICAL: "möglich",
            Status.NEGATED: "verneint",
            Status.HISTORICAL: "Rückblick",
        },
        "en": {status: status.value for status in Status},
    }
)

_LABELS = MappingProxyType(
    {
        "de": ("Wer", "Was", "Wen", "Wann", "Wo", "Laut", "Beleg", "Regel"),
        "en": ("Who", "What", "Whom", "When", "Where", "According to", "Evidence", "Rule"),
    }
)

LATE: Mapping[str, str] = MappingProxyType({"de": "Nachgelesen", "en": "Read late"})
"""Stands before what could not be read when it came, as after an outage: a title that is cut keeps it."""

LOOKED_BACK: Mapping[str, str] = MappingProxyType({"de": "Rückblick", "en": "Looking back"})
"""Stands before an act of which the archive knew nothing and that was over long before its article told it."""

SAID_AGAIN: Mapping[str, str] = MappingProxyType({"de": "Bekräftigt", "en": "Said again"})
"""Stands before what stands for weeks and is only said again."""

FIRST: Mapping[str, str] = MappingProxyType({"de": "Zuerst", "en": "First"})

CHANGES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "de": {
            State.MOVED: "Verschoben",
            State.CANCELLED: "Abgesagt",
            State.ANNOUNCED: "Doch angesetzt",
            WITHDRAWN: "Zurückgenommen",
            CORRECTED: "Berichtigt",
            RESTORED: "Doch berichtet",
        },
        "en": {
            State.MOVED: "Moved",
            State.CANCELLED: "Called off",
            State.ANNOUNCED: "On again",
            WITHDRAWN: "Taken back",
            CORRECTED: "Corrected",
            RESTORED: "Reported after all",
        },
    }
)
"""Stands before what befalls that of which was told before, by `Alert.change`: for a meeting the state in which it is then."""

BEFORE: Mapping[str, str] = MappingProxyType({"de": "Bisher", "en": "Before"})
NOW: Mapping[str, str] = MappingProxyType({"de": "Jetzt", "en": "Now"})
REASON: Mapping[str, str] = MappingProxyType({"de": "Grund", "en": "Reason"})

REASONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "de": {
            "gone": "Der Satz steht nicht mehr im Artikel, und kein anderer sagt es",
            "otherwise": "Der Artikel sagt es jetzt anders, und kein anderer sagt es so",
            "wrong": "In der Prüfung verworfen",
            "changed": "In der Prüfung berichtigt",
        },
        "en": {
            "gone": "The sentence is no longer in the article, and no other says so",
            "otherwise": "The article says otherwise now, and no other says so",
            "wrong": "Rejected in review",
            "changed": "Corrected in review",
        },
    }
)
"""Why what was told is told to be otherwise: by what a version of its article does, or by a reviewer's verdict."""

DESPITE: Mapping[str, str] = MappingProxyType({"de": "Trotz Pause", "en": "Despite the pause"})
"""Stands before what wakes a story that somebody laid to sleep, and before the reason."""

NEW_CLASS: Mapping[str, str] = MappingProxyType({"de": "{} ist neu bei diesem Thema", "en": "{} is new in this story"})
SO_FAR: Mapping[str, str] = MappingProxyType({"de": "bisher", "en": "so far"})

QUADS: Mapping[str, Mapping[Quad, str]] = MappingProxyType(
    {
        "de": {
            Quad.NEUTRAL: "Äußerung",
            Quad.VERBAL_COOPERATION: "verbale Zusammenarbeit",
            Quad.MATERIAL_COOPERATION: "materielle Zusammenarbeit",
            Quad.VERBAL_CONFLICT: "verbaler Konflikt",
            Quad.MATERIAL_CONFLICT: "materieller Konflikt",
        },
        "en": {one: one.name.lower().replace("_", " ") for one in Quad},
    }
)

_MORE = MappingProxyType({"de": "und {} weitere", "en": "and {} more"})

_OPERATORS = MappingProxyType({"de": "Betrieb", "en": "Operations"})

_SURE = MappingProxyType({"de": ("unsicher", "sicher"), "en": ("unsure", "sure")})
_UNSURE = MappingProxyType({"de": "Unsicher", "en": "Unsure"})
_STAND = MappingProxyType({"de": "Stand", "en": "As of"})
_BELONGS = MappingProxyType({"de": "Gehört zu", "en": "Belongs to"})
_WATCH = MappingProxyType({"de": "Beobachtung", "en": "Watch"})


def headline_of(event: Event, language: str = "de") -> str:
    """The act in one line, e.g. 'NATO → RUS: Ablehnung' or 'RUS, USA: Gespräch (angekündigt, 12.01.2022, Brüssel)'."""
    parties = _few(event.actors, language)
    if event.recipients:
        parties += f" → {_few(event.recipients, language)}"
    notes = [] if event.status is Status.PAST else [STATUSES[language][event.status]]
    if event.when is not None:
        notes.append(day_words(event.when, language))
    if event.place is not None:
        notes.append(place_told(event.place.name, language))
    told = f"{parties}: {TYPES[language][event.type]}"
    return f"{told} ({', '.join(notes)})" if notes else told


def fact_rows(event: Event, language: str = "de") -> tuple[tuple[str, str], ...]:
    """The alert as (name, value) rows; what the text does not say is left out, never guessed."""
    values = (
        names(event.actors),
        f"{TYPES[language][event.type]} ({event.type}, {STATUSES[language][event.status]})",
        names(event.recipients),
        day_words(event.when, language) if event.when else "",
        place_told(event.place.name, language) if event.place else "",
        names((event.speaker,)) if event.speaker else "",
        quoted(shortened(event.evidence.quote, QUOTE_LIMIT)),
        f"{rule_told(event.evidence.rule, language)} ({_SURE[language][event.confidence >= SURE]} {percent(event.confidence, language)})",
    )
    return tuple((label, value) for label, value in zip(_LABELS[language], values, strict=True) if value)


def paragraph_of(
    article: Article,
    facts: Iterable[tuple[str, str]],
    assessment: Assessment,
    language: str = "de",
    *,
    watch: str = "",
) -> str:
    """The alert's text: the facts, a line on the article, which watch asked for it, and why it belongs to the dossier."""
    rows = [f"{label}: {value}" for label, value in facts]
    stand = article.dated
    told = f"{_STAND[language]} {date_words(stand.date(), language)} {stand:%H:%M}" if stand else ""
    source = " · ".join(filter(None, (article.publisher, article.headline, told)))
    words = ", ".join(dict.fromkeys(word for reason in assessment.reasons for word in reason.words))
    belongs = f"{_BELONGS[language]} {assessment.dossier} ({percent(assessment.score, language)})"
    why = f"{belongs}: {shortened(words, 160)}".rstrip(": ")
    asked = [_watch_line([watch], language)] if watch else []
    return "\n".join([*rows, source, *asked, why, article.url])


def _watch_line(watches: Sequence[str], language: str) -> str:
    return f"{_WATCH[language]}: {', '.join(watches)}"


_ANSWER = MappingProxyType({"de": "Antworten", "en": "Answer"})


def message(
    alerts: Sequence[Alert], *, language: str = "de", limit: int = 0, links: Mapping[str, str] = MappingProxyType({})
) -> tuple[str, str]:
    """Title and text for alerts that go out together, what counts most first; shortened by meaning to `limit` characters (0: none).

    `links` say, by alert, where it can be answered. Where all of it is more likely wrong than right, the title says so.
    What is said of an article stands once, below the last of its acts, and what several watches ask for is told once.

    Too long a text loses, in this order: the texts of the later alerts; all texts and the first one's quotation; the
    later headlines, whose number is told instead. The first alert's address stays if it fits at all, and so does its
    answer link.
    """
    unsure = [alert for alert in alerts if alert.confidence < SURE]
    alerts = _once(
        [*_by_gravity([alert for alert in alerts if alert.confidence >= SURE]), *_by_gravity(unsure)], language
    )
    first = alerts[0]
    head = first.title if first.confidence >= SURE else f"{_UNSURE[language]}: {first.title}"
    title = head if len(alerts) == 1 else f"{head} (+{len(alerts) - 1})"
    asked = {key: f"{_ANSWER[language]}: {link}" for key, link in links.items() if link}
    full = _in_full(alerts, asked, limit - len(title) - 2 if limit else None)
    if full:
        return title, full
    # The headline has a third of the room, or what the link and the number of the others leave of it if that is less.
    beside = limit - 2 - len(first.url)
    left = (beside - len(f"… +{len(alerts)}\n"), beside)
    third = next((min(limit // 3, one) for one in left[len(alerts) == 1 :] if one >= LEAST_TITLE), limit // 3)
    title = shortened(title, max(LEAST_TITLE, third))
    room = max(40, limit - len(title) - 2)
    line = asked.get(first.key, "")
    if not line or room - len(line) < LEAST_ROOM:
        return title, _brief(alerts, room)
    return title, _brief(alerts, room - len(line) - 1) + "\n" + line


def _by_gravity(alerts: Sequence[Alert]) -> list[Alert]:
    """The parties between whom the gravest act passed first, by PLOVER's score, then the next; each article's acts together."""
    worst: dict[str, Alert] = {}
    for alert in alerts:
        worst[alert.url] = min(worst.get(alert.url, alert), alert, key=lambda one: one.score)
    between: dict[tuple[str, ...], float] = {}
    for alert in worst.values():
        between[alert.parties] = min(between.get(alert.parties, alert.score), alert.score)
    order = sorted(worst.values(), key=lambda one: (between[one.parties], one.parties, one.score))
    place = {alert.url: number for number, alert in enumerate(order)}
    return sorted(alerts, key=lambda one: place[one.url])


def _once(alerts: Sequence[Alert], language: str) -> list[Alert]:
    """Each act once that several watches ask for, where they tell it alike; its text names all of them."""
    alike: dict[tuple[object, ...], list[Alert]] = {}
    for alert in alerts:
        alike.setdefault((alert.act or alert.key, alert.dossier, alert.facts, alert.url), []).append(alert)
    told = []
    for first, *others in alike.values():
        watches = dict.fromkeys((first.watch, *(other.watch for other in others)))
        line, named = _watch_line([first.watch], language), _watch_line([*watches], language)
        told.append(replace(first, body=first.body.replace(f"\n{line}\n", f"\n{named}\n")) if others else first)
    return told


def _in_full(alerts: Sequence[Alert], asked: Mapping[str, str], room: int | None) -> str:
    """The texts of as many alerts as fit into `room` characters (None: any number) beside the headlines of the others.

    Empty where not even the first one's does.
    """
    heads = [f"• {_brief_line(alert, alerts[0].title)}" for alert in alerts]

    def told(count: int) -> str:
        texts = ["\n".join(filter(None, (body, asked.get(key)))) for key, body in _bodies(alerts[:count])]
        if len(alerts) == 1:
            return texts[0]
        blocks = [f"• {alert.title}\n{text}" for alert, text in zip(alerts, texts, strict=False)]
        return "\n\n".join(filter(None, (*blocks, "\n".join(heads[count:]))))

    everything = told(len(alerts))
    if room is None or len(everything) <= room:
        return everything
    fits = bisect.bisect_right(range(1, len(alerts)), room, key=lambda count: len(told(count)))
    return told(fits) if fits else ""


def _bodies(alerts: Sequence[Alert]) -> Iterator[tuple[str, str]]:
    """Key and text of each; of the lines with which the next one's ends, too, if it is of the same article, nothing."""
    for alert, following in itertools.zip_longest(alerts, alerts[1:]):
        lines = alert.body.split("\n")
        if following is not None and alert.facts and following.url == alert.url:
            pairs = zip(reversed(lines), reversed(following.body.split("\n")), strict=False)
            same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
            # Two readings of one sentence end alike from the sentence on: each keeps what it says of itself.
            lines = lines[: len(lines) - min(same, len(_article_lines(alert)))]
        yield alert.key, "\n".join(lines)


def _article_lines(alert: Alert) -> list[str]:
    """The lines of a text behind the facts: the article, why it belongs to the dossier, the link."""
    return alert.body.split("\n")[len(alert.facts) :]


def _brief(alerts: Sequence[Alert], room: int) -> str:
    """Headlines and the first evidence, as many as fit into `room` characters, the first link last if it does."""
    link = alerts[0].url
    quote = _first_evidence(alerts[0])
    lines: list[str] = []
    if len(link) > room:
        link = ""
    left = room - len(link) - 1
    for number, alert in enumerate(alerts):
        line = f"• {_brief_line(alert, alerts[0].title)}"
        rest = f"… +{len(alerts) - max(1, number)}"  # the title tells the first
        if len(line) + 1 > left - (len(rest) + 1 if number < len(alerts) - 1 else 0):
            if len(alerts) > 1 and len(rest) + 1 <= left:
                lines.append(rest)
                left -= len(rest) + 1
            break
        lines.append(line)
        left -= len(line) + 1
    if quote and left > 40:
        lines.insert(1, shortened(quote, left - 1))
    return "\n".join(filter(None, (*lines, link)))


def _brief_line(alert: Alert, title: str) -> str:
    """The act; of what is no act, as an incident, what it is about, for many of one message have the same `title`."""
    if alert.facts:
        return alert.title
    subject = shortened(alert.body.partition("\n")[0], LONGEST_SUBJECT)
    return subject if alert.title == title else f"{alert.title}: {subject}"


def _first_evidence(alert: Alert) -> str:
    """The quotation; of what is no act the text below its first line."""
    if alert.facts:
        return next((value for _, value in alert.facts if value.startswith(("„", "»"))), "")
    return " ".join(alert.body.partition("\n")[2].split())


def operator_message(kind: str, subject: str, text: str, *, language: str = "de") -> tuple[str, str]:
    """Title and text of what operators must know."""
    return f"{_OPERATORS[language]}: {kind}", f"{subject}\n{text}"


def _few(actors: Sequence[Actor], language: str) -> str:
    """`names`, and of more than MOST_NAMES the number of the others: a line that names sixteen says nothing at a glance."""
    if len(actors) <= MOST_NAMES:
        return names(actors)
    more = len(actors) - MOST_NAMES + 1
    return f"{names(actors[: MOST_NAMES - 1])} {_MORE[language].format(more)}"


def names(actors: Sequence[Actor]) -> str:
    """Codes, each with the name the text uses where that says more: 'USA (Sherman), RUS'."""
    return ", ".join(
        actor.code if not actor.name or actor.name == actor.code else f"{actor.code} ({actor.name})" for actor in actors
    )


def day_words(when: When, language: str = "de") -> str:
    """A date as the language writes it, as exact as the text was.

    >>> from extractors.model import Precision
    >>> thursday = When(first=date(2022, 1, 13), last=date(2022, 1, 13), precision=Precision.DAY)
    >>> day_words(thursday), day_words(thursday, "en")
    ('13.01.2022', '13 Jan 2022')
    """
    if len(when.iso) == 4:
        return when.iso
    if len(when.iso) == 7:
        return f"{when.first:%m.%Y}" if language == "de" else f"{when.first:%b %Y}"
    first, last = date_words(when.first, language), date_words(when.last, language)
    return first if first == last else f"{first}–{last}" if language == "de" else f"{first} – {last}"


def date_words(day: date, language: str = "de") -> str:
    return f"{day:%d.%m.%Y}" if language == "de" else f"{day.day} {day:%b %Y}"


def quoted(text: str) -> str:
    """A quotation in the marks that it does not hold itself: what is quoted stays as it was written.

    >>> quoted("Die NATO lehnt ab."), quoted("„Nein“, sagte sie.")
    ('„Die NATO lehnt ab.“', '»„Nein“, sagte sie.«')
    """
    return f"»{text}«" if "„" in text or "“" in text else f"„{text}“"


def percent(share: float, language: str = "de") -> str:
    """As `whole_percent` has it, written as the language does.

    >>> percent(0.92), percent(0.499), percent(0.92, "en")
    ('92 %', '49 %', '92%')
    """
    return f"{whole_percent(share)} %" if language == "de" else f"{whole_percent(share)}%"


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words.

    >>> shortened("Die NATO lehnt Garantien ab", 16)
    'Die NATO lehnt …'
    """
    if len(text) <= limit:
        return text
    return text[: max(0, limit - 1)].rsplit(" ", 1)[0].rstrip(" ,;:–-")[: max(0, limit - 2)] + " …"
