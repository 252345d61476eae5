"""`depesche code`: the events of an article, for people, for machines and, with --batch, for a scorer."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flows.cli import OK, UsageError, add_json, show_json

if TYPE_CHECKING:
    from extractors.model import Article, Event
    from extractors.relevance import Dossier

EPILOG = """\
examples:
  depesche code article.txt                     who did what to whom, with the sentence that says so
  depesche code page.html                       the same of a saved page
  depesche code https://…                       fetch it first (needs a contact in the settings)
  depesche code article.txt --people            with the office holders that the archive knows (`depesche people`)
  depesche code --json - < article.txt          for machines: every field with offsets and rule
  depesche code --batch articles.jsonl -o out.jsonl
                                                lines {"id", "published", "title", "teaser", "text"} in
                                                (and "stand", which a text may also say in its first lines),
                                                lines {"id", "score", "relevant", "events"} out

A saved article: its headline, a line "Stand: 10.01.2022 15:30 Uhr", then paragraphs, one a line.
exit code 1: the page is no article; the reason is printed.
"""

_PROGRESS = 25
_TEXTS = ("published", "stand", "title", "teaser", "topline", "kicker", "outlet", "url")
_YEARS = range(1800, 2200)
"""far enough from the first and last day that a calendar knows: what is told "vor zwei Wochen" must still be one"""
DOSSIER = "russland-nato-ukraine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "page", nargs="?", metavar="FILE|URL|-", help="an article: HTML or the plain text of a saved one"
    )
    parser.add_argument("--url", default="", help="where the file came from")
    parser.add_argument("--people", action="store_true", help="know the office holders that the archive knows")
    add_json(parser)
    parser.add_argument("--batch", metavar="ARTICLES", help="a .jsonl file of articles")
    parser.add_argument("-o", "--output", metavar="OUT", help="where --batch writes; standard output without it")
    parser.add_argument("--dossier", help=f"what --batch judges relevance against (default: {DOSSIER})")


def run(args: argparse.Namespace) -> int:
    if bool(args.batch) == bool(args.page):
        raise UsageError("give either FILE, URL or - (standard input), or --batch ARTICLES")
    if args.output and not args.batch:
        raise UsageError("-o belongs to --batch")
    if args.dossier and not args.batch:
        raise UsageError(
            "--dossier belongs to --batch; 'depesche dossier try FILE' says what a dossier makes of one article"
        )
    if args.people and args.batch:
        raise UsageError("--people does not go with --batch: a scorer compares what the rules alone read")
    if args.batch:
        return _batch(args.batch, args.output, args.dossier or DOSSIER)
    return _show(args)


def _show(args: argparse.Namespace) -> int:
    from extractors.articles import NotAnArticle
    from extractors.events import code_events
    from flows.inputs import article_from, holders_asked, refused

    try:
        article = article_from(args.page, url=args.url, config=args.config)
    except NotAnArticle as error:
        return refused(error, as_json=args.json)
    events = code_events(article, holders=holders_asked(args.config) if args.people else ())
    if args.json:
        show_json(**_for_machines(article, events))
    else:
        print(for_people(article, events))
    return OK


def _for_machines(article: Article, events: tuple[Event, ...]) -> dict[str, Any]:
    from pydantic import TypeAdapter

    from extractors.model import Event

    rows = TypeAdapter(tuple[Event, ...]).dump_python(events, mode="json")
    told = [{"id": event.id, "quad": int(event.quad), **row} for event, row in zip(events, rows, strict=True)]
    return {"headline": article.headline, "dated": article.dated, "events": told}


def for_people(article: Article, events: tuple[Event, ...]) -> str:
    """Events as blocks of text, in the order of the article."""
    dated = f" ({article.dated:%Y-%m-%d %H:%M})" if article.dated else " (no date: relative times stay open)"
    blocks = [article.headline + dated, *(block(number, event) for number, event in enumerate(events, start=1))]
    return "\n\n".join(blocks if events else [*blocks, "no events found"])


def block(number: int, event: Event) -> str:
    """One event: its coding on one line, where and when on the next, then the sentence."""
    who = ", ".join(a.code for a in event.actors)
    whom = ", ".join(r.code for r in event.recipients)
    facts = [
        ("when", event.when.iso if event.when else ""),
        ("where", event.place.name if event.place else ""),
        ("in the words of", event.speaker.code if event.speaker else ""),
        ("rule", event.evidence.rule),
        ("confidence", f"{event.confidence:.2f}"),
    ]
    kind = f"{event.type}/{event.mode}" if event.mode else str(event.type)
    head = f"{number:2}  {kind}  {who}" + (f" → {whom}" if whom else "") + f"  [{event.status}]"
    return "\n".join([head, "    " + "; ".join(f"{k} {v}" for k, v in facts if v), f"    „{event.evidence.quote}“"])


def _batch(name: str, output: str | None, dossier_name: str) -> int:
    from extractors.language import warm
    from extractors.relevance import BrokenDossier, load_dossier
    from flows.inputs import rows_of, written

    # All that may be wrong is told before the file that is there already is written over.
    rows = [_checked(row, where) for where, row in rows_of(name)]
    try:
        dossier = load_dossier(dossier_name)
    except BrokenDossier as error:
        raise UsageError(f"dossier {dossier_name}: {error}") from None
    warm()
    with written(output) as file:
        for number, told in enumerate(_coded(rows, dossier), start=1):
            print(json.dumps(told, ensure_ascii=False), file=file)
            if number % _PROGRESS == 0 or number == len(rows):
                print(f"{number} of {len(rows)} articles", file=sys.stderr)
    return OK


def _checked(row: dict[str, Any], where: str) -> dict[str, Any]:
    from extractors.model import whole

    if not isinstance(row.get("id"), str) or not isinstance(row.get("text"), str):
        raise UsageError(f'{where}: needs "id" and "text" (and "published", "title", "teaser")')
    for name in _TEXTS:
        if not isinstance(row.get(name) or "", str):
            raise UsageError(f'{where}: "{name}" is no text')
    for name in ("published", "stand"):
        _time(row.get(name), where)
    return {name: whole(value) if isinstance(value, str) else value for name, value in row.items()}


def _coded(rows: list[dict[str, Any]], dossier: Dossier) -> Iterator[dict[str, Any]]:
    from extractors.relevance import assess
    from flows.judging import Coded, code

    for row in rows:
        article = article_of(row)
        found = assess(article, dossier)
        events = [_dialect(event, row) for event in code(article, Coded(assessments=(found,))).events]
        yield {"id": row["id"], "score": found.score, "relevant": found.relevant, "events": events}


def article_of(row: dict[str, Any]) -> Article:
    """An article from a row of a batch. What it says of its own time ("Stand: …") counts where the row does not tell it."""
    from extractors.articles import stand_of
    from extractors.model import Article, PartKind

    teaser, text = row.get("teaser") or "", row["text"]
    lines = [line for line in text.split("\n") if line.strip()]
    return Article.compose(
        url=row.get("url") or f"batch:{row['id']}",
        headline=row.get("title") or "",
        kicker=row.get("topline") or row.get("kicker") or "",
        teaser="" if teaser and text.lstrip().startswith(teaser.strip()) else teaser,
        body=tuple((PartKind.PARAGRAPH, line) for line in lines),
        publisher=row.get("outlet") or "",
        published_at=_time(row.get("published"), row["id"]),
        stand=_time(row.get("stand"), row["id"]) or stand_of(lines),
    )


def _time(told: str | None, where: str) -> datetime | None:
    if not told:
        return None
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        raise UsageError(f"{where}: {told!r} is no ISO date") from None
    if at.year not in _YEARS:
        raise UsageError(f"{where}: {told!r} is no day of which there is news")
    # A day without a time is its midnight: what happened "am Abend" was on that day.
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _dialect(event: Event, row: dict[str, Any]) -> dict[str, Any]:
    """An event in the words of the scorer; its evidence as the row has it, white space included."""
    from extractors.model import codebook

    told = {"evidence": _verbatim(event.evidence.quote, row), "rule": event.evidence.rule}
    return codebook(event) | told | {"confidence": event.confidence}


def _verbatim(quote: str, row: dict[str, Any]) -> str:
    parts = [row.get("title") or "", row.get("teaser") or "", row["text"]]
    if any(quote in part for part in parts):
        return quote
    pattern = re.compile(r"\s+".join(re.escape(word) for word in quote.split()))
    found = next((match for part in parts if (match := pattern.search(part))), None)
    return found.group() if found else quote
