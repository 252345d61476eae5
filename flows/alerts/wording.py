"""What an alert says: who, what, whom, when, where, in which sentence, by which rule. Pure; plain text only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from extractors.model import Actor, Alert, Article, Assessment, Event, When
from extractors.ontology import EventType, Status

QUOTE_LIMIT = 300
"""Most characters that an alert quotes of an article; see the manners in docs/operate.md."""

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

LATE: Mapping[str, str] = MappingProxyType({"de": "nachgelesen", "en": "read late"})
"""Marks what an older reader of ours could not read when it came."""

_OPERATORS = MappingProxyType({"de": "Betrieb", "en": "Operations"})


def headline_of(event: Event, language: str = "de") -> str:
    """The act in one line, e.g. 'NATO → RUS: Ablehnung' or 'RUS, USA: Gespräch (angekündigt, 12.01.2022, Brüssel)'."""
    parties = names(event.actors)
    if event.recipients:
        parties += f" → {names(event.recipients)}"
    notes = [] if event.status is Status.PAST else [STATUSES[language][event.status]]
    if event.when is not None:
        notes.append(day_words(event.when))
    if event.place is not None:
        notes.append(event.place.name)
    told = f"{parties}: {TYPES[language][event.type]}"
    return f"{told} ({', '.join(notes)})" if notes else told


def fact_rows(article: Article, event: Event, language: str = "de") -> tuple[tuple[str, str], ...]:
    """The alert as (name, value) rows; what the text does not say is left out, never guessed."""
    values = (
        names(event.actors),
        f"{TYPES[language][event.type]} ({event.type}, {STATUSES[language][event.status]})",
        names(event.recipients),
        day_words(event.when) if event.when else "",
        event.place.name if event.place else "",
        names((event.speaker,)) if event.speaker else "",
        f"„{shortened(event.evidence.quote, QUOTE_LIMIT)}“",
        f"{event.evidence.rule} ({event.confidence:.0%})",
    )
    return tuple((label, value) for label, value in zip(_LABELS[language], values, strict=True) if value)


def paragraph_of(article: Article, event: Event, assessment: Assessment, language: str = "de") -> str:
    """The alert's text: the facts, a line on the article, and why it belongs to the dossier."""
    rows = [f"{label}: {value}" for label, value in fact_rows(article, event, language)]
    stand = article.dated
    source = " · ".join(
        piece
        for piece in (article.publisher, article.headline, f"Stand {stand:%d.%m.%Y %H:%M}" if stand else "")
        if piece
    )
    words = ", ".join(dict.fromkeys(word for reason in assessment.reasons for word in reason.words))
    why = f"{assessment.dossier} ({assessment.score:.0%}): {shortened(words, 160)}".rstrip(": ")
    return "\n".join([*rows, source, why, article.url])


_ANSWER = MappingProxyType({"de": "Antworten", "en": "Answer"})


def message(
    alerts: Sequence[Alert], *, language: str = "de", limit: int = 0, links: Mapping[str, str] = MappingProxyType({})
) -> tuple[str, str]:
    """Title and text for alerts that go out together, best first; shortened by meaning to `limit` characters (0: none).

    `links` say, by alert, where it can be answered; in a text that is too long only the first alert's stays, if it fits.
    Every alert keeps its headline line as long as those fit; then the quotations go, then the later headlines, and the
    number of acts that found no room is told. The link of the first alert always stays.
    """
    first = alerts[0]
    title = first.title if len(alerts) == 1 else f"{first.title} (+{len(alerts) - 1})"
    asked = {key: f"{_ANSWER[language]}: {link}" for key, link in links.items() if link}
    told = ["\n".join(filter(None, (alert.body, asked.get(alert.key)))) for alert in alerts]
    full = (
        told[0]
        if len(alerts) == 1
        else "\n\n".join(f"• {a.title}\n{text}" for a, text in zip(alerts, told, strict=True))
    )
    if not limit or len(title) + 2 + len(full) <= limit:
        return title, full
    room = max(40, limit - min(len(title), max(20, limit // 3)) - 2)
    line = asked.get(first.key, "")
    if not line or room - len(line) < LEAST_ROOM:
        return shortened(title, max(20, limit // 3)), _brief(alerts, room)
    return shortened(title, max(20, limit // 3)), _brief(alerts, room - len(line) - 1) + "\n" + line


def _brief(alerts: Sequence[Alert], room: int) -> str:
    """Headlines and the first evidence, as many as fit into `room` characters, the first link last."""
    link = alerts[0].url
    quote = next((value for label, value in alerts[0].facts if value.startswith("„")), "")
    lines: list[str] = []
    left = room - len(link) - 1
    for number, alert in enumerate(alerts):
        line = f"• {alert.title}"
        rest = f"… +{len(alerts) - number}"
        if len(line) + 1 > left - (len(rest) + 1 if number < len(alerts) - 1 else 0):
            lines.append(rest)
            left -= len(rest) + 1
            break
        lines.append(line)
        left -= len(line) + 1
    if quote and left > 40:
        lines.insert(1, shortened(quote, left - 1))
    return "\n".join([*lines, link])[:room] if len(link) < room else shortened(lines[0], room)


def operator_message(kind: str, subject: str, text: str, *, language: str = "de") -> tuple[str, str]:
    """Title and text of what operators must know."""
    return f"{_OPERATORS[language]}: {kind}", f"{subject}\n{text}"


def names(actors: Sequence[Actor]) -> str:
    """Codes, each with the name the text uses where that says more: 'USA (Sherman), RUS'."""
    return ", ".join(
        actor.code if not actor.name or actor.name == actor.code else f"{actor.code} ({actor.name})" for actor in actors
    )


def day_words(when: When) -> str:
    """A date as Germans write it, as exact as the text was.

    >>> from datetime import date
    >>> from extractors.model import Precision
    >>> day_words(When(first=date(2022, 1, 12), last=date(2022, 1, 12), precision=Precision.DAY))
    '12.01.2022'
    """
    if len(when.iso) == 4:
        return when.iso
    if len(when.iso) == 7:
        return f"{when.first:%m.%Y}"
    if when.first == when.last:
        return f"{when.first:%d.%m.%Y}"
    return f"{when.first:%d.%m.%Y}–{when.last:%d.%m.%Y}"


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words.

    >>> shortened("Die NATO lehnt Garantien ab", 16)
    'Die NATO lehnt …'
    """
    if len(text) <= limit:
        return text
    return text[: max(0, limit - 1)].rsplit(" ", 1)[0].rstrip(" ,;:–-")[: max(0, limit - 2)] + " …"
