"""`depesche read`: a page as an article, for people, for machines and, with --batch, for a scorer."""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.cli import OK, UsageError, add_json, show_json

if TYPE_CHECKING:
    from extractors.model import Article

EPILOG = """\
examples:
  depesche read page.html                     headline, times, teaser and text of a saved page
  depesche read --url https://… page.html     the same; the address tells the publisher's profile
  depesche read page.mhtml                    what a browser saved as one file
  depesche read https://…                     fetch it first (needs a contact in the settings)
  depesche read article.txt                   the plain text of a saved article
  depesche read --json - < page.html          for machines, with parts and offsets
  depesche read --batch manifest.jsonl -o out.jsonl
                                              lines {"id", "file", "url"} in (paths relative to the manifest,
                                              pages may be gzipped), lines {"id", "title", "text", …} out

exit code 1: the page is no article; the reason is printed.
"""

WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "page", nargs="?", metavar="FILE|URL|-", help="an HTML page or the plain text of a saved article"
    )
    parser.add_argument("--url", default="", help="where the file came from")
    add_json(parser)
    parser.add_argument("--batch", metavar="MANIFEST", help='a .jsonl file of {"id", "file", "url"}')
    parser.add_argument("-o", "--output", metavar="OUT", help="where --batch writes; standard output without it")


def run(args: argparse.Namespace) -> int:
    if bool(args.batch) == bool(args.page):
        raise UsageError("give either FILE, URL or - (standard input), or --batch MANIFEST")
    if args.output and not args.batch:
        raise UsageError("-o belongs to --batch")
    if args.batch:
        return _batch(Path(args.batch), args.output)
    return _show(args)


def _show(args: argparse.Namespace) -> int:
    from extractors.articles import NotAnArticle
    from flows.inputs import article_from, refused

    try:
        article = article_from(args.page, url=args.url, config=args.config)
    except NotAnArticle as error:
        return refused(error, as_json=args.json)
    if args.json:
        show_json(**_for_machines(article))
    else:
        print(for_people(article))
    return OK


def _for_machines(article: Article) -> dict[str, Any]:
    from pydantic import TypeAdapter

    from extractors.model import Article

    return TypeAdapter(Article).dump_python(article, mode="json")  # type: ignore[no-any-return]


def for_people(article: Article) -> str:
    """An article as a page of text: head, facts, then subheads and paragraphs."""
    from extractors.model import PartKind

    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    blocks = [f"{article.kicker}\n{article.headline}".strip(), "\n".join(_facts(article))]
    for part in article.parts:
        line = article.text[part.start : part.end]
        if part.kind is PartKind.SUBHEAD:
            blocks.append(f"## {line}")
        elif part.kind is not PartKind.HEADLINE:
            blocks.append(textwrap.fill(line, width))
    return "\n\n".join(block for block in blocks if block)


def _facts(article: Article) -> Iterator[str]:
    facts = (
        ("publisher", article.publisher),
        ("published", _time(article.published_at)),
        ("stand", _time(article.stand)),
        ("byline", article.byline),
        ("dateline", article.dateline),
        ("url", article.url),
        ("read by", article.extractor),
    )
    return (f"{name + ':':<11}{value}" for name, value in facts if value)


def _time(at: datetime | None) -> str:
    return at.isoformat(sep=" ", timespec="minutes") if at else ""


def _batch(manifest: Path, output: str | None) -> int:
    from flows.inputs import rows_of, written

    rows = [_checked(row, where) for where, row in rows_of(manifest)]
    with written(output) as file:
        for row in rows:
            print(json.dumps(_read_row(row, manifest.parent), ensure_ascii=False), file=file)
    return OK


def _checked(row: dict[str, Any], where: str) -> dict[str, Any]:
    if "id" not in row or not isinstance(row.get("file"), str):
        raise UsageError(f'{where}: needs "id" and "file", which is a path')
    if not isinstance(row.get("url") or "", str):
        raise UsageError(f'{where}: "url" is no text')
    return row


def _read_row(row: dict[str, Any], folder: Path) -> dict[str, Any]:
    """One line out for one line in, whatever the page is."""
    from extractors.articles import NotAnArticle, extract_article
    from flows.inputs import body_of, page_of

    try:
        article = extract_article(page_of(body_of(folder / row["file"]), row.get("url") or ""))
    except NotAnArticle as error:
        return {"id": row["id"], "not_an_article": str(error.reason), "detail": error.detail}
    except UsageError as error:
        return {"id": row["id"], "not_an_article": "unreadable", "detail": str(error)}
    return {"id": row["id"], **_dialect(article)}


def _dialect(article: Article) -> dict[str, Any]:
    """The words of the batch files: title and published, not headline and published_at."""
    return {
        "title": article.headline,
        "kicker": article.kicker,
        "teaser": article.teaser,
        "text": article.body,
        "published": article.published_at.isoformat() if article.published_at else None,
        "stand": article.stand.isoformat() if article.stand else None,
        "byline": article.byline,
        "dateline": article.dateline,
        "publisher": article.publisher,
        "url": article.url,
        "extractor": article.extractor,
    }
