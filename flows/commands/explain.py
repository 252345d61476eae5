"""`depesche explain`: why an event was coded as it was, and what was not coded."""

from __future__ import annotations

import argparse
import itertools
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.cli import OK, UsageError, add_json, show_json

if TYPE_CHECKING:
    from extractors.events import Explained, Explanation, Fact
    from extractors.model import Event

_ID = re.compile(r"[0-9a-f]{4,16}")

EPILOG = """\
examples:
  depesche explain article.txt              every event: its clause, its roles and their origin, what competed
  depesche explain article.txt --event 3    the third event alone (numbers as `depesche code` prints them)
  depesche explain article.txt --dropped    also what was not kept, and which names are no actors or places
  depesche explain article.txt --people     with the office holders that the archive knows (`depesche people`)
  depesche explain --json article.txt       for machines
  depesche explain 3f2a9c                   an event of the archive (ids as `depesche events` prints them, or their beginnings)

An event of the archive is read anew from its article, as long as that is kept, with today's rules and the office holders that the
archive knows. Where they read the sentence otherwise, that is said.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "page", metavar="FILE|URL|-|ID", help="an article: HTML or the plain text of a saved one; or an event's id"
    )
    parser.add_argument("--url", default="", help="where the file came from")
    parser.add_argument("--event", type=int, metavar="N", help="one event alone")
    parser.add_argument(
        "--dropped",
        action="store_true",
        help="also list what was proposed and not kept, and the names that are no actors or places there",
    )
    parser.add_argument("--people", action="store_true", help="know the office holders that the archive knows")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    from extractors.articles import NotAnArticle
    from extractors.events import explain
    from flows.inputs import article_from, holders_asked, refused

    if _ID.fullmatch(args.page) and not Path(args.page).exists():
        return _of_the_archive(args)
    try:
        article = article_from(args.page, url=args.url, config=args.config)
    except NotAnArticle as error:
        return refused(error, as_json=args.json)
    found = explain(article, holders=holders_asked(args.config) if args.people else ())
    if args.event is not None and not 1 <= args.event <= len(found.events):
        raise UsageError(
            f"--event {args.event}: the article has {len(found.events)} events; see `depesche code {args.page}`"
        )
    _print(args, found, range(1, len(found.events) + 1) if args.event is None else (args.event,))
    return OK


def _of_the_archive(args: argparse.Namespace) -> int:
    """An event as the archive has it, by its id: its article is read again, and what is said of its sentence shown."""
    from extractors.events import explain
    from flows.desk import known_holders
    from flows.settings import load
    from storage import queries
    from storage.engine import known_archive, reading

    if args.event is not None:
        raise UsageError("--event counts the events of a file; an id names one already")
    with known_archive(load(args.config).database_url) as engine:
        with reading(engine) as connection:
            ids = queries.named(connection, args.page)
            if len(ids) != 1:
                many = f"several events begin with {args.page}: {', '.join(ids)} …"
                raise UsageError(many if ids else f"{args.page}: no such file, and no event of the archive begins so")
            stored = queries.event(connection, ids[0])
            assert stored is not None
            article = queries.version_article(connection, stored.version_id)
        if article is None:
            raise UsageError(
                f"{stored.uid}: the text of its article has expired; its rule was {stored.event.evidence.rule}"
            )
        found = explain(article, holders=known_holders(engine))
    same = [n for n, one in enumerate(found.events, start=1) if one.event.id == stored.uid]
    if not same:
        print(f"{stored.uid} is not what is read today; of its sentence:", file=sys.stderr)
    _print(args, found, same or [n for n, one in enumerate(found.events, start=1) if _meet(one.event, stored.event)])
    return OK


def _meet(one: Event, other: Event) -> bool:
    return one.evidence.start < other.evidence.end and other.evidence.start < one.evidence.end


def _print(args: argparse.Namespace, found: Explanation, shown: Sequence[int]) -> None:
    if args.json:
        show_json(**_for_machines(found, shown))
    else:
        print(_for_people(found, shown, dropped=args.dropped))


def _for_machines(found: Explanation, shown: Sequence[int]) -> dict[str, Any]:
    from pydantic import TypeAdapter

    from extractors.events import Explanation

    found = replace(found, events=tuple(found.events[n - 1] for n in shown))
    return TypeAdapter(Explanation).dump_python(found, mode="json")  # type: ignore[no-any-return]


def _for_people(found: Explanation, shown: Sequence[int], *, dropped: bool) -> str:
    blocks = [_block(n, found.events[n - 1]) for n in shown] or ["no events found"]
    if dropped:
        rows = [f"    {c.what}  p {c.probability:.2f}; {c.why}" for c in found.dropped]
        blocks.append("\n".join(["proposed and not kept:", *(rows or ["    nothing"])]))
        blocks.append("\n".join(["names that are no actors here:", *(_no_actors(found) or ["    none"])]))
        places = _by_sentence((one.sentence, one.words, one.row) for one in found.no_places)
        blocks.append("\n".join(["names that are no places here:", *(places or ["    none"])]))
    return "\n\n".join(blocks)


def _no_actors(found: Explanation) -> list[str]:
    """Each sentence with the names in it that are no actors, and the rows that say so."""
    names = ((one.sentence, one.words, one.codes, one.row) for one in found.no_actors)
    return _by_sentence(
        (at, f"{words} ({', '.join(codes)})" if codes else words, row) for at, words, codes, row in names
    )


def _by_sentence(found: Iterable[tuple[str, str, str]]) -> list[str]:
    """Each sentence with the words in it that are not what they seem, and the rows that say so."""
    lines: list[str] = []
    for sentence, words in itertools.groupby(found, key=lambda one: one[0]):
        lines.append(f"    „{sentence}“")
        lines += [f"      {told}: {row}" for _, told, row in words]
    return lines


def _block(number: int, one: Explained) -> str:
    from flows.commands.code import block

    lines = [block(number, one.event), f"    clause     „{one.clause}“  predicate: {one.predicate}"]
    lines += [f"    {name:<10} „{words}“  ({origin})" for name, words, origin in one.roles]
    lines += [f"    {role:<10} {code}  (filled by: {origin})" for role, code, origin in one.parties]
    lines += [f"    named      {code}: „{words}“  ({how})" for words, code, how in one.named]
    for code, words, who in one.said:
        lines.append(f"    words of   {code or 'somebody unknown'}  ({', '.join(filter(None, (words, who)))})")
    lines += [_fact(fact) for fact in one.facts]
    told = _weighed(one.reasons)
    lines.append(f"    spoke for it: {told}" if told else "    its row announces a meeting by itself")
    if one.standing:
        lines.append(f"    status     its words leave: {one.standing}")
    lines += [f"    no part    {code}  ({row})" for code, row in one.aside]
    if one.sides:
        lines.append(f"    sides      set right: {one.sides}")
    if one.days:
        lines.append(f"    day        not its own: {one.days}")
    if one.dated:
        lines.append(f"    its day    {one.dated}")
    if one.placed:
        lines.append(f"    its place  {one.placed}")
    if one.withheld:
        lines.append(f"    no other sentence tells more: {one.withheld}")
    lines += [f"    time       „{words}“ {day or 'on no day'}  ({why})" for words, day, why in one.times]
    lines += [f"    not its    „{words}“  ({row})" for words, row in one.apart]
    if one.ahead:
        lines.append(f"    announced  {one.ahead}")
    lines += [f"    told again „{quote}“" for quote in one.again]
    lines += [f"    competed   {c.what}  p {c.probability:.2f}; {c.why}" for c in one.competitors]
    return "\n".join(lines)


def _fact(one: Fact) -> str:
    """A day, place or speaker: the words that tell it, where they stand if elsewhere, and what attached it."""
    words = f"„{one.words}“" if one.words else one.value
    beside = f" in „{one.sentence}“" if one.sentence else ""
    why = "; ".join(filter(None, (*one.rows, _weighed(one.reasons))))
    return f"    {one.name:<10} {words}{beside}" + (f"  ({why})" if why else "")


def _weighed(reasons: Iterable[tuple[str, float]]) -> str:
    return "; ".join(f"{name} {weight:+.2f}" for name, weight in reasons)
