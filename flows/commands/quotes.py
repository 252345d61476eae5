"""`depesche quotes`: who said what, for people, for machines and, with --batch, for a scorer."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import IO, Any

from extractors.model import Quote, whole
from flows.cli import OK, UsageError, add_json, show_json
from flows.inputs import refused, rows_of, text_from, written

EPILOG = """\
examples:
  depesche quotes article.txt                    who said what, in order
  depesche quotes page.html                      the same of a saved page
  depesche quotes - < article.txt                from a pipe
  depesche quotes --json article.txt             spans, speakers, cues and rules for machines
  depesche quotes --batch texts.jsonl.gz -o out.jsonl
                                                 lines {"id", "text"} in, lines {"id", "quotes"} out
"""

# The scorer knows direct speech and the rest: a quoted stretch in another's sentence is literal, too.
TURN, NOUN = "turn-", "noun-"
"""how the rules of interviews' turns, and of nouns that hold what was said, begin"""
_TYPES = {"direct": "Direct", "mixed": "Direct", "indirect": "Indirect", "reported": "Reported"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", metavar="FILE", help="a text file or a saved page, or - for standard input")
    parser.add_argument("--batch", metavar="FILE", help='a .jsonl or .jsonl.gz file of {"id", "text"}')
    parser.add_argument("-o", "--output", metavar="OUT", help="where --batch writes; standard output without it")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    if bool(args.batch) == bool(args.file):
        raise UsageError("give either FILE (or - for standard input) or --batch FILE")
    if args.output and not args.batch:
        raise UsageError("-o belongs to --batch")
    return _batch(args.batch, args.output) if args.batch else _show(args.file, as_json=args.json)


def _show(name: str, *, as_json: bool) -> int:
    from extractors.articles import NotAnArticle

    try:
        text = text_from(name)
    except NotAnArticle as error:
        return refused(error, as_json=as_json)
    found = _quotes(text, named=True)
    if as_json:
        show_json(quotes=[_for_machines(text, quote) for quote in found])
        return OK
    for quote in found:
        print(_for_people(text, quote))
    if not found:
        print("no reported speech found")
    return OK


def _quotes(text: str, *, named: bool = False) -> tuple[Quote, ...]:
    """The quotes of a text; with `named` speakers get the codes of the actors they are."""
    from extractors.actors import mentions
    from extractors.language import read_text
    from extractors.speech import quotes

    document = read_text(text)
    return quotes(document, mentions(document) if named else ())


def _words(text: str, *spans: tuple[int, int]) -> str:
    return " … ".join(" ".join(text[a:b].split()) for a, b in spans)


def _for_people(text: str, quote: Quote) -> str:
    who = _words(text, quote.speaker) if quote.speaker else "?"
    code = f" [{quote.speaker_code}]" if quote.speaker_code else ""
    return f"{quote.kind:9}{who}{code}: {_words(text, *quote.spans)}"


def _for_machines(text: str, quote: Quote) -> dict[str, Any]:
    return {
        "kind": quote.kind,
        "words": _words(text, *quote.spans),
        "spans": quote.spans,
        "speaker": _words(text, quote.speaker) if quote.speaker else None,
        "speaker_span": quote.speaker,
        "speaker_code": quote.speaker_code or None,
        "cue_span": quote.cue,
        "addressee_span": quote.addressee,
        "chain": quote.chain,
        "rule": quote.rule,
    }


def _batch(name: str, output: str | None) -> int:
    # All that may be wrong is told before the file that is there already is written over.
    rows = [_checked(row, where) for where, row in rows_of(name)]
    with written(output) as out:
        return _write(rows, out)


def _write(rows: Sequence[dict[str, str]], out: IO[str]) -> int:
    done = 0
    for row in rows:
        # Of two quotes that hold a stretch the closer one comes first: whose words it is. To the scorer an interview quotes nobody.
        told = (quote for quote in _quotes(row["text"]) if not quote.rule.startswith(TURN))
        found = [_for_scorer(quote) for quote in sorted(told, key=_length)]
        print(json.dumps({"id": row["id"], "quotes": found}, ensure_ascii=False), file=out)
        done += 1
        if done % 50 == 0:
            print(f"{done} texts", file=sys.stderr)
    print(f"{done} texts read", file=sys.stderr)
    return OK


def _length(quote: Quote) -> int:
    return sum(b - a for a, b in quote.spans)


def _for_scorer(quote: Quote) -> dict[str, Any]:
    # Where nobody is named the scorer takes the noun that holds the words for who speaks: "die Befürchtung, dass …".
    speaker = quote.speaker or (quote.cue if quote.rule.startswith(NOUN) else None)
    return {
        "type": _TYPES[quote.kind],
        "quote": [list(span) for span in quote.spans],
        "speaker": [list(speaker)] if speaker else [],
    }


def _checked(row: dict[str, Any], where: str) -> dict[str, str]:
    if not isinstance(row.get("id"), str) or not isinstance(row.get("text"), str):
        raise UsageError(f'{where}: needs "id" and "text", both strings')
    return {name: whole(row[name]) for name in ("id", "text")}
