"""`depesche explain`: why an event was coded as it was, and what was not coded."""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from flows.cli import OK, UsageError

if TYPE_CHECKING:
    from extractors.events import Explained, Explanation, Fact

EPILOG = """\
examples:
  depesche explain article.txt              every event: its clause, its roles and their origin, what competed
  depesche explain article.txt --event 3    the third event alone (numbers as `depesche code` prints them)
  depesche explain article.txt --dropped    also what was not kept, and which names are no actors or places
  depesche explain article.txt --people     with the office holders that the archive knows (`depesche people`)
  depesche explain --json article.txt       for machines
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", metavar="FILE|URL|-", help="an article: HTML or the plain text of a saved one")
    parser.add_argument("--url", default="", help="where the file came from")
    parser.add_argument("--event", type=int, metavar="N", help="one event alone")
    parser.add_argument(
        "--dropped",
        action="store_true",
        help="also list what was proposed and not kept, and the names that are no actors or places there",
    )
    parser.add_argument("--people", action="store_true", help="know the office holders that the archive knows")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")


def run(args: argparse.Namespace) -> int:
    from extractors.articles import NotAnArticle
    from extractors.events import explain
    from flows.inputs import article_from, holders_asked, refused

    try:
        article = article_from(args.page, url=args.url)
    except NotAnArticle as error:
        return refused(error, as_json=args.json)
    found = explain(article, holders=holders_asked() if args.people else ())
    if args.event is not None and not 1 <= args.event <= len(found.events):
        raise UsageError(
            f"--event {args.event}: the article has {len(found.events)} events; see `depesche code {args.page}`"
        )
    print(_for_machines(found, args.event) if args.json else _for_people(found, args.event, dropped=args.dropped))
    return OK


def _for_machines(found: Explanation, only: int | None) -> str:
    from pydantic import TypeAdapter

    from extractors.events import Explanation

    found = found if only is None else replace(found, events=found.events[only - 1 : only])
    return json.dumps(TypeAdapter(Explanation).dump_python(found, mode="json"), ensure_ascii=False, indent=2)


def _for_people(found: Explanation, only: int | None, *, dropped: bool) -> str:
    blocks = [_block(n, one) for n, one in enumerate(found.events, start=1) if only in (None, n)] or ["no events found"]
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
