"""The plain text of a saved article: as copied from a page into a file, without markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from extractors.articles.moments import moment
from extractors.articles.reading import BYLINE
from extractors.articles.refusal import NotAnArticle, Reason
from extractors.articles.sieve import junk_line
from extractors.model import Article, PartKind

ZONE = ZoneInfo("Europe/Berlin")
_STAND = re.compile(r"\s*\b(?:Stand|Veröffentlicht|Aktualisiert)\s?:\s*(.{6,40})$")
_DATED = re.compile(r"^\d{1,2}\.\s?(?:\d{1,2}\.|[A-Za-zäÄ]{3,9})\s?\d{4}.{0,20}$")
MAX_HEADLINE = 200
"""characters; a longer first line is a paragraph"""
MAX_SUBHEAD = 90
SAMPLE = 4_000
"""characters of which no more than one in twenty is a control character, or it is no text"""
HEAD = 6
"""lines among which headline, kicker and time are looked for"""
TOLD_AGAIN = 0.6
"""share of a teaser's names and nouns that come once more beneath: of 80 real teasers 76 have more, of 79 first paragraphs that are none half"""
_NAME = re.compile(r"\b[A-ZÄÖÜ]\w{3,}")


@dataclass(frozen=True, slots=True)
class Head:
    kicker: str
    headline: str
    stand: datetime | None
    rest: int
    """index of the first line after the head"""


def article_from_text(text: str, *, url: str = "") -> Article:
    """An article from headline line (with "Stand: …"), paragraphs, and a kicker line before where there is one.

    The first paragraph is the teaser where the others tell it again, and else the first of the story. Raises NotAnArticle
    when there is no text after the headline.

    >>> article = article_from_text("Genf\\nErste Gespräche Stand: 10.01.2022 15:30 Uhr\\nDie Gespräche haben begonnen.")
    >>> article.kicker, article.headline, article.stand.isoformat()
    ('Genf', 'Erste Gespräche', '2022-01-10T15:30:00+01:00')
    """
    lines = [line for raw in text.replace("\ufeff", "").splitlines() if (line := " ".join(raw.split()))]
    if not lines:
        raise NotAnArticle(Reason.EMPTY)
    seen = "".join(lines)[:SAMPLE]
    if sum(not letter.isprintable() or letter == "\ufffd" for letter in seen) * 20 > len(seen):
        raise NotAnArticle(Reason.NOT_HTML, "binary")
    if lines[0].startswith(("<?xml", "<rss", "<feed", "{", "[{")):
        raise NotAnArticle(Reason.NOT_HTML, "markup or data that is no page")
    head = _head(lines)
    body, byline = _body(lines[head.rest :])
    if not body:
        raise NotAnArticle(Reason.NO_TEXT, "nothing after the headline")
    leads = (
        len(body) > 1 and body[0][0] is PartKind.PARAGRAPH and _told_again(body[0][1], [line for _, line in body[1:]])
    )
    return Article.compose(
        url=url,
        headline=head.headline,
        kicker=head.kicker,
        teaser=body[0][1] if leads else "",
        body=tuple(body[1:] if leads else body),
        byline=byline,
        published_at=head.stand,
        stand=head.stand,
        extractor="text/1",
    )


def _told_again(first: str, others: Sequence[str]) -> bool:
    """Whether so many names and nouns of a paragraph come once more, in whatever form: those of a teaser do."""
    names, rest = set(_NAME.findall(first)), "\n".join(others).lower()
    again = [name for name in names if name.lower()[: max(4, len(name) - 2)] in rest]
    return len(again) >= TOLD_AGAIN * len(names)


def stand_of(lines: Sequence[str]) -> datetime | None:
    """The time that a text tells of itself in one of its first lines.

    >>> stand_of(["Genf Erste Gespräche Stand: 10.01.2022 15:30 Uhr", "Die Gespräche haben begonnen."]).isoformat()
    '2022-01-10T15:30:00+01:00'
    """
    told = (moment(found.group(1), ZONE) for line in lines[:HEAD] if (found := _STAND.search(line)))
    return next(filter(None, told), None)


def _head(lines: list[str]) -> Head:
    """Where the line with the time stands decides: before it headline and kicker, after it the text."""
    for at, line in enumerate(lines[:HEAD]):
        found = _STAND.search(line)
        stand = moment(found.group(1), ZONE) if found else moment(line, ZONE) if _DATED.match(line) else None
        if stand is None:
            continue
        before = [*lines[:at], line[: found.start()].strip()] if found else lines[:at]
        return _named([one for one in before if one], stand, at + 1)
    if len(lines) > 2 and _short(lines[0]) and _short(lines[1]):
        return _named(lines[:2], None, 2)
    return _named(lines[:1], None, 1) if len(lines[0]) <= MAX_HEADLINE else _named([], None, 0)


def _named(before: list[str], stand: datetime | None, rest: int) -> Head:
    headline = before[-1] if before else ""
    kicker = before[-2] if len(before) > 1 and len(before[-2]) <= MAX_SUBHEAD else ""
    return Head(kicker, headline, stand, rest)


def _short(line: str) -> bool:
    return len(line) <= MAX_SUBHEAD and not line.endswith((".", ":", "“", '"'))


def _body(lines: list[str]) -> tuple[list[tuple[PartKind, str]], str]:
    body: list[tuple[PartKind, str]] = []
    byline = ""
    for line in lines:
        if not byline and len(body) < 2 and BYLINE.match(line):
            byline = line
        elif not junk_line(line):
            body.append((PartKind.SUBHEAD if body and _subhead(line) else PartKind.PARAGRAPH, line))
    while body and body[-1][0] is PartKind.SUBHEAD:
        body.pop()
    return body, byline


def _subhead(line: str) -> bool:
    return len(line) <= MAX_SUBHEAD and not re.search(r"[.:;,]\W*$", line)
