"""`depesche dossier`: list dossiers, check one that you wrote, and try it on articles before you trust it."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flows.cli import OK, TROUBLE, UsageError, add_json, caller, count, show_json, span, tell

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from extractors.model import Article, Assessment, Grade
    from extractors.relevance import Dossier
    from storage.archive import Archive
    from storage.teaching import Sampled

EPILOG = """\
examples:
  depesche dossier list                             the dossiers that ship
  depesche dossier check mine.toml                  is it sound, and does it find its own canary
  depesche dossier try article.txt                  which rows hit, the score, the sentences that decided
  depesche dossier try articles.jsonl --dossier iran-atom
                                                    one line an article: grade, score, headline
  depesche dossier try articles.jsonl --json        the same for machines, with all reasons, a line each
  depesche dossier try --archive --dossier mine.toml
                                                    what it would grade otherwise of what the archive keeps; changes nothing
  depesche dossier review                           this week's sample of rejected articles
  depesche dossier review 4711 belongs              what you say of one of them: belongs, or not
  depesche dossier refit                            fit the model to the answers, now instead of by night
  depesche dossier refit --forget                   back to the weights that ship

A dossier is a TOML file of groups and rows of word patterns; start from a copy of a shipped one.
"""
_GRADES = ("not", "related", "core")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="the dossiers that ship")
    add_json(listing)
    check = verbs.add_parser("check", help="whether a dossier file is sound; exit code 1 if its canary is not found")
    check.add_argument("file", metavar="FILE", help="a .toml file, or the name of a shipped dossier")
    add_json(check)
    trial = verbs.add_parser("try", help="what a dossier says of an article or of many")
    trial.add_argument(
        "file",
        nargs="?",
        metavar="FILE|URL|-",
        help="an article as `depesche code` takes it, or a .jsonl[.gz] of articles",
    )
    trial.add_argument("--dossier", default="russland-nato-ukraine", metavar="NAME", help="name or .toml file")
    trial.add_argument("--archive", action="store_true", help="on all articles whose text the archive keeps")
    trial.add_argument("--days", type=span, default=90, help="with --archive: how far back (default: %(default)g)")
    add_json(trial, told="of many articles a line each: ")

    review = verbs.add_parser("review", help="rejected articles that somebody should look at, and what you say of them")
    review.add_argument("article", nargs="?", type=count, metavar="ARTICLE", help="number of the article")
    review.add_argument("label", nargs="?", choices=["belongs", "not"], help="whether it belongs to the dossier")
    review.add_argument("--author", help="who says so (default: the user's name)")
    review.add_argument(
        "--week", default="", metavar="WEEK", help="this week's sample, as 2031-W10 (default: the latest)"
    )
    refit = verbs.add_parser("refit", help="fit the model to the answers; it is used only if it is not worse")
    refit.add_argument("--forget", action="store_true", help="back to the weights that ship")
    for verb in (review, refit):
        verb.add_argument("--dossier", default="", metavar="NAME", help="only this dossier")
        add_json(verb)


def run(args: argparse.Namespace) -> int:
    from extractors.relevance import BrokenDossier

    verbs = {"list": _list, "check": _check, "try": _try, "review": _review, "refit": _refit}
    try:
        return verbs[args.verb](args)
    except BrokenDossier as error:
        raise UsageError(str(error)) from None


def _review(args: argparse.Namespace) -> int:
    from flows.settings import load
    from storage.archive import opened
    from storage.engine import known_archive

    if args.article is not None and args.label is None:
        raise UsageError("say belongs or not: depesche dossier review ARTICLE belongs")
    with known_archive(load(args.config).database_url) as engine, opened(engine) as archive:
        lines = archive.teaching.sample(args.week, args.dossier)
        lines = tuple(line for line in lines if args.week or line.week == lines[0].week)
        if args.article is not None:
            return _say(args, archive, [line for line in lines if line.article_id == args.article])
    if args.json:
        show_json(articles=[dataclasses.asdict(line) for line in lines])
        return OK
    for line in lines:
        said = f"  [{line.label}, {line.author}]" if line.label else ""
        print(f"{line.article_id:7}  {line.week}  {line.score:4.0%}  {line.headline}{said}\n         {line.url}")
    if not lines:
        what = f"no sample was put up in the week {args.week!r}" if args.week else "no sample was put up yet"
        print(f"{what}: 'tend' does it each night, for a week as 2031-W10", file=sys.stderr)
    return OK


def _say(args: argparse.Namespace, archive: Archive, lines: list[Sampled]) -> int:
    if not lines:
        raise UsageError(f"article {args.article} is not in the sample; 'depesche dossier review' lists it")
    label = "belongs" if args.label == "belongs" else "not my matter"
    for line in lines:
        archive.teaching.label(
            label, args.author or caller(), datetime.now(UTC), article_id=line.article_id, dossier=line.dossier
        )
    tell(args, f"{lines[0].headline}: {label}", article_id=args.article, label=label)
    return OK


def _refit(args: argparse.Namespace) -> int:
    from extractors.relevance import load_dossier
    from flows import learning, recoding
    from flows.desk import dossiers_of
    from flows.settings import load
    from storage.archive import opened
    from storage.engine import known_archive

    settings = load(args.config)
    forgotten = 0
    with known_archive(settings.database_url) as engine:
        dossiers = (load_dossier(args.dossier),) if args.dossier else dossiers_of(settings)
        if args.forget:
            with opened(engine) as archive:
                forgotten = sum(archive.teaching.forget_refits(dossier.name) for dossier in dossiers)
        verdicts = () if args.forget else learning.refit(engine, dossiers, datetime.now(UTC), again=True)
        # All of them, for an article's grade is the highest that any dossier gives it.
        used = learning.taught(engine, dossiers_of(settings))
        graded = recoding.reassess(
            engine, used, lambda: datetime.now(UTC), since=datetime.now(UTC) - recoding.RECENT, limit=sys.maxsize
        )
    if args.json:
        names = ("dossier", "promoted", "reason", "answers", "figures")
        refits = [{name: getattr(verdict, name) for name in names} for verdict in verdicts]
        show_json(refits=refits, forgotten=forgotten, regraded=graded)
        return OK
    if args.forget:
        print(f"{forgotten} refits are no longer used: the weights are those that ship")
    for verdict in verdicts:
        print(verdict.sentence)
    if graded:
        print(recoding.regraded(graded))
    if not verdicts and not args.forget:
        print("no answers yet: they come from the links in alerts and from 'depesche dossier review'")
    return OK


def _list(args: argparse.Namespace) -> int:
    from extractors.relevance import dossier_names, load_dossier

    found = [load_dossier(name) for name in dossier_names()]
    if args.json:
        rows = [{"name": d.name, "title": d.title, "rows": len(d.rows), "model": d.model is not None} for d in found]
        show_json(dossiers=rows)
        return OK
    for dossier in found:
        how = "rows and a fitted model" if dossier.model else "rows alone"
        print(f"{dossier.name:24} {len(dossier.rows):3} rows, judged by {how}: {dossier.about}")
    return OK


def _check(args: argparse.Namespace) -> int:
    from extractors.relevance import assess, canary, load_dossier, prefilter

    dossier = load_dossier(args.file)
    article = canary(dossier)
    told = assess(article, dossier)
    found = told.relevant and prefilter(article.text, dossier)
    graded = f"it is graded {_GRADES[told.grade]} ({told.score:.2f}); its article or the rows must change"
    canary_told = f"canary found (score {told.score:.2f})" if found else f"canary NOT found: {graded}"
    tell(
        args,
        f"{dossier.name}: {len(dossier.groups)} groups, {len(dossier.rows)} rows, version {dossier.coder}\n{canary_told}",
        dossier=dossier.name,
        groups=len(dossier.groups),
        rows=len(dossier.rows),
        coder=dossier.coder,
        canary=found,
        score=told.score,
        grade=int(told.grade),
    )
    return OK if found else TROUBLE


def _try(args: argparse.Namespace) -> int:
    from extractors.articles import NotAnArticle
    from extractors.relevance import load_dossier
    from flows.inputs import article_from, refused

    if args.archive == (args.file is not None):
        raise UsageError("which article? depesche dossier try FILE, or - for standard input; or all of the --archive")
    dossier = load_dossier(args.dossier)
    if args.archive:
        return _over_the_archive(args, dossier)
    if args.file.endswith((".jsonl", ".jsonl.gz")):
        return _batch(_articles(args.file), dossier, as_json=args.json)
    try:
        article = article_from(args.file, config=args.config)
    except NotAnArticle as error:
        return refused(error, as_json=args.json)
    return _show(dataclasses.replace(article, url=article.url or args.file), dossier, as_json=args.json)


def _show(article: Article, dossier: Dossier, *, as_json: bool) -> int:
    from extractors.relevance import assess

    told = assess(article, dossier)
    if as_json:
        show_json(**_for_machines(article, told))
        return OK
    print(
        f"{_GRADES[told.grade]}  score {told.score:.2f}  (the rules alone: {_GRADES[told.rule_grade]})  {dossier.name}"
    )
    for start, end in told.sentences:
        print(f"  » {article.text[start:end].strip()}")
    for reason in told.reasons:
        what = "sentence " if reason.weight == 1 else "sentences"
        print(f"  {reason.weight:3.0f} {what}  {reason.rule}: {', '.join(reason.words)}")
    return OK


def _batch(articles: Iterator[Article], dossier: Dossier, *, as_json: bool) -> int:
    from extractors.relevance import assess

    counts = [0, 0, 0]
    for article in articles:
        told = assess(article, dossier)
        counts[told.grade] += 1
        if as_json:
            print(json.dumps(_for_machines(article, told), ensure_ascii=False))
        elif told.grade:
            print(f"{_GRADES[told.grade]:8} {told.score:.2f}  {article.headline}")
    if not as_json:
        print(_counted(counts))
    return OK


def _over_the_archive(args: argparse.Namespace, dossier: Dossier) -> int:
    """What the dossier grades otherwise than its archive does: a change of it is seen before it is used."""
    from flows import learning
    from flows.settings import load
    from storage.engine import known_archive, reading

    counts, moved = [0, 0, 0], [0, 0]
    since = datetime.now(UTC) - timedelta(days=args.days)
    with known_archive(load(args.config).database_url) as engine:
        (dossier,) = learning.taught(engine, [dossier])
        with reading(engine) as connection:
            for article, before, told in _graded_again(connection, dossier, since):
                counts[told.grade] += 1
                if told.grade != before:
                    moved[told.grade > before] += 1
                    print(_moved_line(article, before, told, as_json=args.json))
    if not args.json:
        print(_counted(counts))
        print(f"{moved[1]} higher and {moved[0]} lower than the archive has them; nothing was changed")
    return OK


def _graded_again(
    connection: Connection, dossier: Dossier, since: datetime
) -> Iterator[tuple[Article, Grade, Assessment]]:
    """Each article whose text is kept since then, with the grade it has, and what the dossier makes of it now."""
    from extractors.model import Grade
    from extractors.relevance import assess
    from flows.judging import followed
    from storage import queries

    for article, kept in queries.kept_articles(connection, dossier.name, since):
        (told,) = followed([assess(article, dossier)], [kept] if kept is not None and kept.followed else [])
        yield article, kept.grade if kept is not None else Grade.NOT, told


def _moved_line(article: Article, before: Grade, told: Assessment, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({**_for_machines(article, told), "before": before}, ensure_ascii=False)
    sign = "+" if told.grade > before else "-"
    return f"{sign} {_GRADES[told.grade]:8} {told.score:.2f}  {article.headline}  (was {_GRADES[before]})"


def _counted(counts: Sequence[int]) -> str:
    return f"{sum(counts)} articles: {counts[2]} core, {counts[1]} related, {counts[0]} not"


def _for_machines(article: Article, told: Assessment) -> dict[str, Any]:
    return {
        "id": article.url,
        "headline": article.headline,
        "dossier": told.dossier,
        "score": told.score,
        "grade": int(told.grade),
        "rule_grade": int(told.rule_grade),
        "reasons": [{"rule": r.rule, "words": list(r.words), "sentences": int(r.weight)} for r in told.reasons],
        "sentences": [{"start": a, "end": b, "text": article.text[a:b]} for a, b in told.sentences],
        "coder": told.coder,
    }


def _articles(name: str) -> Iterator[Article]:
    """Articles of the batch dialect: {"id", "title", "teaser", "text"}, one a line."""
    from flows.inputs import rows_of

    for where, row in rows_of(name):
        yield _from_row(row, where)


def _from_row(row: dict[str, Any], where: str) -> Article:
    from extractors.model import Article, PartKind, whole

    try:
        body = tuple((PartKind.PARAGRAPH, piece) for piece in row["text"].split("\n"))
        return Article.compose(
            url=whole(str(row.get("id") or row.get("url") or where)),
            headline=row.get("title") or "",
            teaser=row.get("teaser") or "",
            body=body,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f'{where}: no article; needed is one object with "title" and "text" ({error})') from None
