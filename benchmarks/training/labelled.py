"""Articles, reports and sentences that people coded, as the judge of events and the network learn from them."""

from __future__ import annotations

import functools
import gzip
import importlib.util
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from extractors.events.attaching.around import Around
from extractors.events.proposing.candidates import candidates
from extractors.events.proposing.completing import completed
from extractors.events.reading import Reading, reading
from extractors.events.weighing.features import (
    TOLD,
    TYPES,
    Opinion,
    Spans,
    View,
    views,
)
from extractors.events.weighing.network import SIDES, STATUSES
from extractors.model import Article, PartKind
from extractors.ontology import EventType

ROOT = Path(__file__).resolve().parents[2]
_TEXTS = ("gold/meetings-articles.jsonl", "corpus/articles.jsonl.gz", "gold/articles.jsonl")
FOLDS = 4
OWN, HELD = -1, -2
"""folds of the case sentences, which are always learned from, and of the gold articles, which never are"""
STEPS = 12
"""an opinion is kept as a whole number of twelfths of a unit of log-odds, up to ten and a half"""
Opinions = Mapping[str, Mapping[int, Opinion]]
"""the network's opinion of each sentence of an article, by id, from weights that have not seen the article"""


@dataclass(kw_only=True)
class Labelled:
    """An article with what people coded: the events of each sentence, and types that a sentence may tell again."""

    id: str
    fold: int
    reading: Reading
    seen: tuple[View, ...]
    around: Around
    events: list[dict[str, Any]]
    scored: bool = False
    """figures come from the gold articles alone, of which nothing is learned"""
    core: bool = False
    """a real core article that we labelled: on these, out of fold, the cuts are chosen"""
    told: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    maybe: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def scorer(folder: Path) -> Any:
    return module_at(folder / "score.py")


def module_at(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def article(row: dict[str, Any]) -> Article:
    told = datetime.fromisoformat(row["published"])
    body = tuple((PartKind.PARAGRAPH, line) for line in row["text"].split("\n") if line.strip())
    return Article.compose(
        url=f"gold:{row.get('id', '')}",
        headline=row.get("title") or "",
        teaser=row.get("teaser") or "",
        body=body,
        published_at=told if told.tzinfo else told.replace(tzinfo=UTC),
    )


def own_cases() -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    data = tomllib.loads((ROOT / "tests/extractors/cases/events.toml").read_text(encoding="utf-8"))
    for table in data.values():
        for case in table["cases"] if isinstance(table, dict) else ():
            row = {"published": case.get("published", data["published"]), "text": case["text"]}
            yield row, [{**_coding(told), "evidence": case["text"]} for told in case["events"]]


def _coding(told: str) -> dict[str, Any]:
    type_, parties, status = told.split()
    actors, recipients = (side.split(",") if side else [] for side in parties.split(">"))
    return {"type": type_, "actors": actors, "recipients": recipients, "status": status}


def more_articles(
    shared: Path, elsewhere: Path | None = None
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]], bool]]:
    """Real articles that we coded by reading, and whether they are core; `event-labels.jsonl` holds no text.

    Texts that do not lie in `shared` come from `elsewhere`, lines of the same form; labels whose text is not at hand are
    counted and left out. Articles on which announced meetings are measured are left out, too.
    """
    with (shared / "gold/meetings-articles.jsonl").open() as file:
        measured = {row["id"] for row in map(json.loads, file)}
    rows: dict[str, dict[str, Any]] = {}
    own = (elsewhere,) if elsewhere else ()
    for path in (*own, *map(shared.joinpath, _TEXTS)):
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
            rows |= {row["id"]: row for row in map(json.loads, file)}
    missing = 0
    with (Path(__file__).parent / "event-labels.jsonl").open() as file:
        for told in map(json.loads, file):
            if told["id"] in measured:
                continue
            if told["id"] not in rows:
                missing += 1
                continue
            row = rows[told["id"]]
            text = article(row).text
            events = [{**e, "evidence": text[e["start"] : e["end"]]} for e in told["events"]]
            yield _until(row, text, told["until"]) if "until" in told else row, events, told["grade"] == 2
    if missing:
        print(f"{missing} labelled articles left out: their texts are not at hand (--texts FILE)", file=sys.stderr)


def _until(row: dict[str, Any], text: str, until: int) -> dict[str, Any]:
    """An article as far as it was coded: nobody read the rest of a long ticker."""
    head = sum(bool(row.get(name)) for name in ("title", "teaser"))
    return row | {"text": "\n".join(text[:until].split("\n")[head:])}


def own_reports() -> Iterator[tuple[dict[str, Any], list[dict[str, Any]], bool]]:
    """The reports of our own: one sentence a line, a blank line ends a paragraph, events point at lines."""
    for path in sorted((ROOT / "tests/extractors/cases/reports").glob("*.toml")):
        for report in tomllib.loads(path.read_text(encoding="utf-8"))["report"]:
            title, *rest = report["text"].strip().split("\n", 1)
            lines = [line for line in report["text"].splitlines() if line.strip()]
            teaser, *body = [" ".join(block.split("\n")) for block in rest[0].strip().split("\n\n")]
            row = {"id": report["id"], "published": report["published"], "title": title, "teaser": teaser}
            yield row | {"text": "\n".join(body)}, [_line_coding(told, lines) for told in report["events"]], False


def _line_coding(told: str, lines: Sequence[str]) -> dict[str, Any]:
    at, type_, actors, recipients, status, day, place, speaker = told.split("|")
    first, *last = (int(n) for n in at.split("-"))
    return {
        "type": type_,
        "actors": actors.split(","),
        "recipients": [code for code in recipients.split(",") if code],
        "status": status,
        "date": day or None,
        "place": place or None,
        "speaker": speaker or None,
        "evidence": " ".join(lines[first - 1 : (last or [first])[0]]),
    }


def labelled(
    row: dict[str, Any],
    events: list[dict[str, Any]],
    fold: int,
    words: Any,
    *,
    scored: bool = False,
    core: bool = False,
    opinions: Opinions | None = None,
) -> Labelled:
    read = reading(article(row))
    found = tuple(completed(read, c) for c in candidates(read))
    own = (opinions or {}).get(row.get("id", ""), {})
    seen = tuple(replace(view, opinion=own.get(i)) for i, view in enumerate(views(read, found)))
    one = Labelled(
        id=row.get("id", "own"),
        fold=fold,
        reading=read,
        seen=seen,
        around=Around(read, seen),
        events=events,
        scored=scored,
        core=core,
    )
    sentences = [words(read.document.text[s.start : s.end]) for s in read.document.sentences]
    for event in events:
        quoted = words(event["evidence"])
        shares = [_share(quoted, said) for said in sentences]
        best = int(np.argmax(shares))
        if shares[best] > 0.3:
            one.told[best].append(event)
        for i, share in enumerate(shares):
            if i != best and share > 0.8:
                one.maybe[i].add(event["type"])
    return one


def _share(quoted: set[str], said: set[str]) -> float:
    both = len(quoted & said)
    return (both / max(1, len(said)) / 2 if both >= min(3, len(said)) else 0.0) + both / max(1, len(quoted))


def type_label(one: Labelled, i: int, type_: EventType) -> int:
    if any(event["type"] == type_ for event in one.told.get(i, ())):
        return 1
    return -1 if type_ in one.maybe.get(i, ()) else 0


def gather(gold: Path, told: Opinions, elsewhere: Path | None = None) -> list[Labelled]:
    """The gold articles (scored), the articles and reports that we labelled, and the case sentences."""
    score = scorer(gold)
    rows = {row["id"]: row for row in score.lines(gold / "articles.jsonl")}
    golds = [row for row in score.lines(gold / "gold.jsonl") if row["events"] is not None]
    data = [labelled(rows[g["id"]], g["events"], HELD, score.words, scored=True, opinions=told) for g in golds]
    more = [*more_articles(gold.parent, elsewhere), *own_reports()]
    data += [
        labelled(row, events, k % FOLDS, score.words, core=core, opinions=told)
        for k, (row, events, core) in enumerate(more)
    ]
    cases = [labelled(row, events, OWN, score.words) for row, events in own_cases()]
    print(f"{len(golds)} gold articles, {len(more)} labelled by us, {len(cases)} sentences of our own", file=sys.stderr)
    return data + cases


def opinion_key(id_: str, sentence: int, about: Sequence[Sequence[str]]) -> str:
    """An article's id, a sentence's number, and what its scores are about: codes, times and places."""
    return "|".join((id_, str(sentence), *(";".join(found) for found in about)))


def opinions(path: Path) -> Opinions:
    """What `benchmarks/training/network.py` wrote with `--out-of-fold`."""
    found: dict[str, dict[int, Opinion]] = defaultdict(dict)
    with np.load(path) as file:
        scores, types, at = file["scores"].astype(np.float32) / STEPS, len(EventType), 0
        for key in file["keys"]:
            id_, i, rest = str(key).split("|", 2)
            # The code of several states at once holds the mark too.
            codes, whens, wheres = (tuple(one for one in row.split(";") if one) for row in rest.rsplit("|", 2))
            sizes = [len(codes)] * len(SIDES) + [len(STATUSES), len(TOLD), len(whens), len(wheres)]
            shapes = [(types,), *((types, size) for size in sizes)]
            own = []
            for shape in shapes:
                size = int(np.prod(shape))
                own.append(scores[at : at + size].reshape(shape))
                at += size
            names = ("types", "actors", "recipients", "speakers", "statuses", "told")
            *own, times, places = own
            spans = functools.partial(_spans, (whens, times), (wheres, places))
            found[id_][int(i)] = Opinion(codes=codes, **dict(zip(names, own, strict=True)), spans=spans)
    return found


def _spans(
    times: tuple[Sequence[str], np.ndarray], places: tuple[Sequence[str], np.ndarray], type_: EventType
) -> Spans:
    of_type = TYPES.index(type_)
    return Spans(*(dict(zip(keys, odds[of_type].tolist(), strict=True)) for keys, odds in (times, places)))
