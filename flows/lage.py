"""The Lage of a week as a message: an arrow for each dyad, the sentences behind it, what is due next.

The same reckoning as the reading room's page `/lage`, in plain text for the channels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from sqlalchemy import Connection

from extractors.model import SURE, Alert
from extractors.stories import dyads
from extractors.stories.states import AWAITED
from flows.alerts.wording import QUOTE_LIMIT, date_words, quoted, shortened
from flows.place_names import meeting_told
from flows.settings import LAGE
from flows.web import answers, pages, weeks
from storage import queries, room_queries
from storage.queries import StoredEvent
from storage.tracking import Meeting

MOST_DYADS = 12

_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "de": {
            "title": "Lage der Woche {first} bis {last}: {moved}",
            "moved": "{count} Dyaden in Bewegung",
            "one": "1 Dyade in Bewegung",
            "none": "nichts bekannt",
            "line": "{arrow} {dyad} ({told}): {week}; vorige Woche {before}",
            "together": "miteinander",
            "point": "{count} Vorgänge",
            "point one": "1 Vorgang",
            "claims": ", davon {count} nur behauptet",
            "score": ", im Mittel {score}",
            "unheard": "nicht gehört",
            "more": "… und {count} weitere Dyaden",
            "deaf": "… und {count}, von denen nichts zu hören war",
            "due": "Was in den sieben Tagen danach ansteht:",
            "nothing due": "Für die sieben Tage danach ist nichts angekündigt.",
            "cut": "Es wurde mehr gemeldet, als hier ausgewertet ist: das zuletzt Gemeldete.",
            **dict(zip(dyads.Arrow, ("neu", "besser", "schlechter", "gleich", "still", "nicht gehört"), strict=True)),
        },
        "en": {
            "title": "Week {first} to {last}: {moved}",
            "moved": "{count} dyads moved",
            "one": "1 dyad moved",
            "none": "nothing is known",
            "line": "{arrow} {dyad} ({told}): {week}; the week before {before}",
            "together": "with each other",
            "point": "{count} acts",
            "point one": "1 act",
            "claims": ", {count} of them only claimed",
            "score": ", {score} in the mean",
            "unheard": "not heard",
            "more": "… and {count} more dyads",
            "deaf": "… and {count} that were not heard of",
            "due": "Due in the seven days after it:",
            "nothing due": "Nothing is announced for the seven days after it.",
            "cut": "More was reported than is reckoned with here: what was reported last.",
            **dict(zip(dyads.Arrow, ("new", "better", "worse", "the same", "quiet", "not heard"), strict=True)),
        },
    }
)


def lage(connection: Connection, today: date, *, language: str = "de", address: str = "") -> Alert:
    """The Lage of the week that yesterday belongs to: on a Monday the one that is over.

    `address` of the reading room, for the link. Its key is the day's: a second run on one day tells nothing again.
    """
    first, last = dyads.week_of(today - timedelta(days=1))
    # As on the reading room's page: what is less sure is left out.
    before = first - timedelta(days=7)
    found, cut = answers.of_days(connection, before, last, statuses=dyads.HAPPENED, least=SURE)
    rows = dyads.situation(weeks.as_told(found), first, gaps=weeks.as_gaps(queries.gaps(connection, before, last)))
    title, body = written(first, rows, found, _coming(connection, last), language=language)
    link = f"{address.rstrip('/')}/lage?week={first}" if address else ""
    told = "\n".join(filter(None, (body, _WORDS[language]["cut"] if cut else "", link)))
    return Alert(key=f"{LAGE}:{first}:{today}", watch=LAGE, title=title, body=told, url=link)


def _coming(connection: Connection, last: date) -> list[Meeting]:
    """What begins in the week after this day, as on the page: what nobody is sure of, or has begun, is left out."""
    asked = queries.meetings(connection, since=last + timedelta(days=1), until=last + timedelta(days=7), states=AWAITED)
    told = queries.with_changes(connection, [each for each in asked if each.day_first and each.day_first > last])
    sure = room_queries.sure_steps(connection, told)
    return [meeting for meeting, changes in told if pages.surety(changes, sure) >= SURE]


def written(
    first: date,
    rows: Sequence[dyads.Situation],
    found: Sequence[StoredEvent],
    coming: Sequence[Meeting],
    *,
    language: str = "de",
) -> tuple[str, str]:
    """Title and text. Of dyads with the same acts, as among all who met, one line is told, and each sentence once.

    The title counts the lines of which something is known: where nobody listened nothing moved.
    """
    words = _WORDS[language]
    moved = _once([row for row in rows if row.arrow is not dyads.Arrow.QUIET])
    heard = sum(1 for together in moved if together[0].week.count)
    counted = "none" if not heard else "one" if heard == 1 else "moved"
    begins, ends = _days(first, first + timedelta(days=6), language)
    title = words["title"].format(first=begins, last=ends, moved=words[counted].format(count=heard))
    lines: list[str] = []
    for together in moved[:MOST_DYADS]:
        quotes = _quotes(together[0], found)
        lines += (_line(together, words, language), *([quote for quote in quotes if quote not in lines] or quotes[:1]))
    more, deaf = max(0, heard - MOST_DYADS), len(moved) - max(heard, MOST_DYADS)
    lines += [words[name].format(count=count) for name, count in (("more", more), ("deaf", deaf)) if count > 0]
    lines += ["", words["due"] if coming else words["nothing due"], *(_meeting(each, language) for each in coming)]
    return title, "\n".join(lines).strip()


def _days(first: date, last: date, language: str) -> tuple[str, str]:
    """The first day in German with its year only where the last one's is another.

    >>> _days(date(2027, 12, 27), date(2028, 1, 2), "de"), _days(date(2028, 1, 3), date(2028, 1, 9), "de")[0]
    (('27.12.2027', '02.01.2028'), '03.01.')
    """
    short = language == "de" and first.year == last.year
    return f"{first:%d.%m.}" if short else date_words(first, language), date_words(last, language)


def _once(rows: Sequence[dyads.Situation]) -> list[list[dyads.Situation]]:
    """The rows, together where one line tells them: with the same acts this week, and as many and as good ones before.

    Of a dyad and its reverse with the same acts one is left out.
    """
    told: dict[tuple[frozenset[str], tuple[str, ...]], dyads.Situation] = {}
    for row in rows:
        told.setdefault((frozenset((row.dyad.actor, row.dyad.recipient)), row.week.acts), row)
    alike: dict[tuple[object, ...], list[dyads.Situation]] = {}
    for row in told.values():
        alone = row.dyad if not row.week.acts else None
        alike.setdefault((row.week.acts, row.arrow, row.before.count, row.before.plover, alone), []).append(row)
    return list(alike.values())


def _line(together: Sequence[dyads.Situation], words: Mapping[str, str], language: str) -> str:
    row = together[0]
    return words["line"].format(
        arrow=row.arrow.value,
        dyad=_parties([each.dyad for each in together], words),
        told=words[row.arrow],
        week=_point(row.week, words, language),
        before=_point(row.before, words, language),
    )


def _parties(those: Sequence[dyads.Dyad], words: Mapping[str, str]) -> str:
    """Who towards whom; of those that are on both sides, as where three met, all together."""
    actors, recipients = {dyad.actor for dyad in those}, {dyad.recipient for dyad in those}
    if actors & recipients:
        return f"{', '.join(sorted(actors | recipients))} {words['together']}"
    return f"{', '.join(sorted(actors))} → {', '.join(sorted(recipients))}"


def _quotes(row: dyads.Situation, found: Sequence[StoredEvent]) -> list[str]:
    quotes = dict.fromkeys(filter(None, (_quote(act, found) for act in row.acts)))
    return [f"    {quoted(quote)}" for quote in quotes]


def _point(point: dyads.Point, words: Mapping[str, str], language: str) -> str:
    if point.count is None:
        return words["unheard"]
    told = words["point one" if point.count == 1 else "point"].format(count=point.count)
    if point.claims:
        told += words["claims"].format(count=point.claims)
    if point.plover is None:
        return told
    score = f"{point.plover:+.1f}"
    return told + words["score"].format(score=score.replace(".", ",") if language == "de" else score)


def _quote(act: str, found: Sequence[StoredEvent]) -> str:
    """The sentence of the act's surest report."""
    of = [each.event for each in found if (each.act or each.uid) == act]
    return shortened(max(of, key=lambda event: event.confidence).evidence.quote, QUOTE_LIMIT) if of else ""


def _meeting(kept: Meeting, language: str) -> str:
    meeting = meeting_told(kept, language)
    day = date_words(meeting.day_first, language) if meeting.day_first else ""
    return f"{day}  {meeting.who_and_where}"
