"""A dossier from its file: groups of rows, rules, a canary, and the weights where it has some."""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from extractors.files import BrokenFileError, decoded, toml_in
from extractors.model import Article, Grade, PartKind
from extractors.relevance.rows import KINDS, Lexicon, Row

DATA = Path(__file__).resolve().parents[1] / "data"
DOSSIERS = DATA / "dossiers"
QUESTIONS = ("matter", "act")
"""what is asked of an article, each by weights of its own"""


class BrokenDossier(BrokenFileError):
    """A dossier cannot be used; the message names the file and the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How rows become a grade without a model: weights of the places, and the points that a grade takes."""

    head: float = 2.0
    lead: float = 1.5
    lead_sentences: int = 6
    core: float = 6.0
    related: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one logistic regression asks of an article: weights of named facts and of words by where they stand.

    `words` are those of the whole article, each with two weights: for being there, and by how soon it first comes.
    """

    facts: dict[str, float] = field(default_factory=dict)
    head_words: dict[str, float] = field(default_factory=dict)
    words: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights of the fitted model: one logistic regression of a sentence, two of an article, over named features.

    An article is core if it is about the matter, and if an act is its subject where it is about the matter: two
    questions, as those that miss either fail it in different words; the score is the product of both chances.
    `taught` is what readers' answers add to its log-odds. Tables of single words and pairs are keyed by the words
    themselves: no string is built to look a weight up. `cut` is the score from which an article is core; it was chosen
    out of fold. Related is what the rules say.
    """

    sentence: dict[str, float]
    sentence_words: dict[str, float]
    sentence_pairs: dict[tuple[str, str], float]
    matter: Question
    act: Question
    cut: float
    taught: Question = field(default_factory=Question)
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A matter we follow. Build one with `load_dossier`."""

    name: str
    title: str
    about: str
    rows: tuple[Row, ...]
    rules: Rules
    canary: tuple[str, str, tuple[str, ...]]
    model: Model | None
    coder: str
    lexicon: Lexicon = field(repr=False, compare=False)

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.group for row in self.rows))


def load_dossier(name_or_path: str | Path, *, with_model: bool = True) -> Dossier:
    """A dossier by its name (one that ships) or the path of a TOML file; without its model the rules alone judge.

    Raises BrokenDossier that names the file, the line where it is known, and the row.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = DOSSIERS / f"{name_or_path}.toml"
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        known = ", ".join(dossier_names())
        raise BrokenDossier(f"{path}: no such dossier; there are {known}, or give the path of a .toml file") from error
    except (OSError, ValueError) as error:
        raise BrokenDossier(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    try:
        text = decoded(raw, path)
        table = toml_in(text, path)
    except BrokenFileError as error:
        raise BrokenDossier(str(error)) from None
    except RecursionError as error:
        raise BrokenDossier(f"{path}: no TOML: {error}") from error
    return _dossier(table if with_model else table | {"model": ""}, _Source(path, text), raw)


def dossier_names() -> tuple[str, ...]:
    """The names of the dossiers that ship."""
    return tuple(sorted(path.stem for path in DOSSIERS.glob("*.toml")))


@dataclass(frozen=True, slots=True)
class _Source:
    """The file of a dossier, to say where in it something is wrong."""

    path: Path
    text: str

    def group(self, number: int, name: str) -> str:
        """Where the group of that number is, the first of which is 0."""
        start, _ = self._stretch(number)
        return f"{self._line(start)}: group {name!r}"

    def row(self, number: int, group: str, name: str) -> str:
        start, end = self._stretch(number)
        found = list(re.compile(rf"\bname\s*=\s*[\"']{re.escape(name)}[\"']").finditer(self.text, max(0, start), end))
        return f"{self._line(found[-1].start() if found else start)}: group {group!r}: row {name!r}"

    def _stretch(self, number: int) -> tuple[int, int]:
        """From the head of a group to the next one's; -1 for the first where groups are written otherwise."""
        heads = [match.end() for match in re.finditer(r"^[ \t]*\[\[[ \t]*group\b", self.text, re.MULTILINE)]
        heads = [*heads, len(self.text)]
        return (heads[number], heads[number + 1]) if number + 1 < len(heads) else (-1, len(self.text))

    def _line(self, at: int) -> str:
        return f"{self.path}:{self.text.count(chr(10), 0, at) + 1}" if at >= 0 else str(self.path)


def _dossier(table: dict[str, Any], source: _Source, raw: bytes) -> Dossier:
    path = source.path
    _only(table, {"name", "title", "about", "model", "rules", "canary", "group"}, str(path))
    rows = tuple(_rows(table.get("group", []), source))
    for kind in ("core", "act"):
        if not any(row.kind == kind for row in rows):
            raise BrokenDossier(f"{path}: no group of kind {kind!r}: without one nothing can be relevant")
    model = _load_model(path, _text(table, "model", str(path))) if table.get("model") else None
    return Dossier(
        name=_text(table, "name", str(path)),
        title=_text(table, "title", str(path)),
        about=_text(table, "about", str(path)) if "about" in table else "",
        rows=rows,
        rules=_rules(table.get("rules", {}), path),
        canary=_canary(table.get("canary"), path),
        model=model,
        coder=hashlib.sha256(raw + (model.digest.encode() if model else b"")).hexdigest()[:12],
        lexicon=Lexicon(rows),
    )


def _rows(groups: Any, source: _Source) -> Iterator[Row]:
    seen: set[str] = set()
    kinds: dict[str, str] = {}
    for number, group in enumerate(_tables(groups, f"{source.path}: group")):
        where = source.group(number, group.get("name", "?"))
        name = _text(group, "name", where)
        _only(group, {"name", "kind", "rows"}, where)
        if group.get("kind") not in KINDS:
            raise BrokenDossier(f"{where}: kind must be one of {', '.join(KINDS)}, not {group.get('kind')!r}")
        if kinds.setdefault(name, group["kind"]) != group["kind"]:
            raise BrokenDossier(f"{where}: is there as {kinds[name]!r}, too; give one of them another name")
        for raw in _tables(group.get("rows", []), f"{where}: rows"):
            row_name = _text(raw, "name", f"{where}: row")
            row_at = source.row(number, name, row_name)
            row = _row(raw, row_name, name, group["kind"], row_at)
            if row.label in seen:
                raise BrokenDossier(f"{row_at}: is there twice; give it another name")
            seen.add(row.label)
            yield row


def _row(raw: dict[str, Any], name: str, group: str, kind: str, where: str) -> Row:
    _only(raw, {"name", "words", "not"}, where)
    words, excluded = (_words(raw.get(key, []), f"{where}: {key}") for key in ("words", "not"))
    if not words:
        raise BrokenDossier(f"{where}: has no words")
    return Row(name=name, group=group, kind=kind, words=words, excluded=excluded)


def _words(found: Any, where: str) -> tuple[str, ...]:
    if not isinstance(found, list):
        raise BrokenDossier(f'{where}: must be a list, as ["eins*", "zwei"], not {found!r}')
    for word in found:
        if not isinstance(word, str) or not re.fullmatch(r"[\w*]+( [\w*]+)*", word) or word != word.lower():
            raise BrokenDossier(f"{where}: {word!r} is no pattern: lower-case words with * for any letters")
        if any(len(piece.replace("*", "")) < 2 for piece in word.split()):
            raise BrokenDossier(f"{where}: {word!r} would match nearly everything; give at least two letters")
    return tuple(found)


def _rules(table: Any, path: Path) -> Rules:
    if not isinstance(table, dict):
        raise BrokenDossier(f"{path}: rules: must be a table, as [rules], not {table!r}")
    _only(table, {"head", "lead", "lead_sentences", "core", "related"}, f"{path}: rules")
    for key, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            raise BrokenDossier(f"{path}: rules: {key} must be a number above 0, not {value!r}")
    rules = Rules(**table)
    if rules.related > rules.core:
        raise BrokenDossier(f"{path}: rules: related ({rules.related}) must not be above core ({rules.core})")
    return rules


def _canary(table: Any, path: Path) -> tuple[str, str, tuple[str, ...]]:
    if not isinstance(table, dict):
        raise BrokenDossier(f"{path}: no [canary]: an article in your own words that must always be found")
    _only(table, {"headline", "teaser", "body"}, f"{path}: canary")
    body = table.get("body", [])
    if not isinstance(body, list) or not all(isinstance(line, str) for line in body):
        raise BrokenDossier(f"{path}: canary: body must be a list of paragraphs, not {body!r}")
    teaser = _text(table, "teaser", f"{path}: canary") if table.get("teaser") else ""
    return _text(table, "headline", f"{path}: canary"), teaser, tuple(body)


def _text(table: dict[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise BrokenDossier(f"{where}: {key} must be text, not {value!r}")
    if value is None or not value.strip():
        raise BrokenDossier(f"{where}: {key} is missing")
    return value


def _tables(found: Any, where: str) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
        raise BrokenDossier(f"{where}: must be a list of tables, not {found!r}")
    return found


def _only(table: dict[str, Any], allowed: set[str], where: str) -> None:
    unknown = sorted(set(table) - allowed)
    if unknown:
        raise BrokenDossier(f"{where}: unknown {', '.join(unknown)}; allowed: {', '.join(sorted(allowed))}")


def _load_model(path: Path, name: str) -> Model:
    """Weights from an npz beside the data (or beside the dossier): names and numbers, no pickles."""
    import numpy as np

    file = next((p for p in (path.parent / name, DATA / name) if p.exists()), None)
    if file is None:
        raise BrokenDossier(f"{path}: model {name!r} is not there; remove the line, and the rules alone decide")
    try:
        raw = file.read_bytes()
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            sentence = _table(arrays, "sentence")
            matter, act = (_question(arrays, part) for part in QUESTIONS)
            cut = float(arrays["cut"])
    except (KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise BrokenDossier(f"{path}: model {name!r} cannot be read: {error}; train it again") from error
    return Model(
        sentence={name: weight for name, weight in sentence.items() if name[:2] not in ("w:", "b:")},
        sentence_words=_keyed(sentence, "w:"),
        sentence_pairs={_pair(key): weight for key, weight in sentence.items() if key.startswith("b:")},
        matter=matter,
        act=act,
        cut=cut,
        digest=hashlib.sha256(raw).hexdigest(),
    )


def _question(arrays: Any, part: str) -> Question:
    words = _table(arrays, f"{part}_words")
    return Question(
        facts=_table(arrays, f"{part}_facts"),
        head_words=_keyed(words, "h:"),
        words=_paired(_keyed(words, "t:"), _keyed(words, "e:")),
    )


def _table(arrays: Any, part: str) -> dict[str, float]:
    return dict(zip(arrays[f"{part}_names"].tolist(), arrays[f"{part}_weights"].tolist(), strict=True))


def _keyed(table: dict[str, float], prefix: str) -> dict[str, float]:
    return {sys.intern(name.removeprefix(prefix)): weight for name, weight in table.items() if name.startswith(prefix)}


def _pair(name: str) -> tuple[str, str]:
    one, _, other = name.removeprefix("b:").partition(" ")
    return sys.intern(one), sys.intern(other)


def _paired(there: dict[str, float], early: dict[str, float]) -> dict[str, tuple[float, float]]:
    return {word: (there.get(word, 0.0), early.get(word, 0.0)) for word in there | early}


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What answers to alerts changed in a dossier's model: weights of words, and one number for all articles.

    `base` is the version of the dossier on which it was fitted; it means nothing for another.
    """

    base: str
    bias: float
    head_words: dict[str, float]
    words: dict[str, float]


def adjusted(dossier: Dossier, by: Adjustment) -> Dossier:
    """The dossier with what the answers taught. Raises ValueError for an adjustment of another version of it."""
    if dossier.model is None or by.base != dossier.coder:
        raise ValueError(f"fitted on version {by.base} of {dossier.name}, this is {dossier.coder}")
    taught = Question(facts={"": by.bias}, head_words=by.head_words, words=_paired(by.words, {}))
    told = repr((by.bias, sorted(by.head_words.items()), sorted(by.words.items())))
    return replace(
        dossier,
        model=replace(dossier.model, taught=taught),
        coder=hashlib.sha256(f"{dossier.coder}{told}".encode()).hexdigest()[:12],
    )


def frozen(dossier: Dossier) -> tuple[tuple[Article, Grade], ...]:
    """Articles in our own words with their grades, on which no model may do worse than the shipped one; maybe none."""
    path = DATA / "frozen" / f"{dossier.name}.jsonl"
    if not path.exists():
        return ()
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return tuple((_frozen_article(row), Grade(row["grade"])) for row in rows)


def _frozen_article(row: dict[str, Any]) -> Article:
    body = tuple((PartKind.PARAGRAPH, line) for line in row["text"].split("\n"))
    return Article.compose(url=f"frozen:{row['id']}", headline=row["title"], teaser=row["teaser"], body=body)


def canary(dossier: Dossier) -> Article:
    """The dossier's own invented article, which every pass must find; if it does not, the pass is broken."""
    headline, teaser, body = dossier.canary
    paragraphs = tuple((PartKind.PARAGRAPH, line) for line in body)
    return Article.compose(url=f"canary:{dossier.name}", headline=headline, teaser=teaser, body=paragraphs)
