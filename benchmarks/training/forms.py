"""Writes `extractors/data/forms.npz`: what HanTa finds in the forms of words that are common in the news.

    python -m benchmarks.training.forms ../shared/corpus/articles.jsonl.gz [--least 2] [--write]

A form is common that so many articles hold. Into the file go single words with classes, chances and lemmas, nothing of
what the articles say. To be run anew for another model of HanTa's (`tests/test_forms.py` asks for that).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

from extractors.language import forms, morphology
from extractors.language.splitting import tokens
from extractors.language.tagger import Tagger

# Words, with numbers and hyphens inside; no handles, no addresses.
_WORD = re.compile(r"[^\W\d_]+(?:[-’']?\w+)*[-.]?|\d+(?:[.,:]\d+)*\.?")
_CUTOFF = 5
"""HanTa's: classes so much less likely than the likeliest (in logarithms) are no longer asked"""


def texts(path: Path) -> Iterator[str]:
    """The articles of a corpus: a compressed file of JSON lines with "title" and "text"."""
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            yield f"{row['title'] or ''}\n{row['text'] or ''}"


def common(articles: Iterable[str], least: int) -> list[str]:
    """The forms that so many articles hold, as the tagger looks them up."""
    counted: Counter[str] = Counter()
    for article in articles:
        counted.update({morphology.plain(piece.text).lower() for line in article.split("\n") for piece in tokens(line)})
    return sorted(word for word, count in counted.items() if count >= least and fits(word))


def fits(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) and len(word) <= morphology.LONGEST


def readings(tagger: Tagger, form: str) -> list[forms.Reading]:
    """The classes of a form that can come out likely enough, in whatever case and place it is written."""
    listed = form in tagger.cache
    found = tagger.cache[form] if listed else [one for one in tagger.analyze_forward(form) if _asked(tagger, form, one)]
    return [forms.Reading(tag, float("nan") if listed else chance, tagger.lemma(form, tag)) for tag, chance in found]


def _asked(tagger: Tagger, form: str, one: tuple[int, float]) -> bool:
    written = product((form, form.capitalize()), (True, False))
    return any(one[0] in dict(tagger._tag_word(w, _CUTOFF, cased, conditional=True)) for w, cased in written)


def found(tagger: Tagger, words: Iterable[str]) -> dict[str, list[forms.Reading]]:
    """The readings of words; those whose lemma no edit makes of them are left out."""
    told = {form: readings(tagger, form) for form in words}
    return {form: rows for form, rows in told.items() if rows and all(_made(form, row) for row in rows)}


def _made(form: str, row: forms.Reading) -> bool:
    return forms.edited(form, forms.edit(form, row.lemma)) == row.lemma and "\n" not in row.lemma


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--least", type=int, default=2, help="articles that a form must be in")
    parser.add_argument("--write", action="store_true")
    given: Any = parser.parse_args(arguments)
    model, digest = morphology.model()
    told = found(Tagger(str(model)), common(texts(given.corpus), given.least))
    print(f"{len(told)} forms, {sum(map(len, told.values()))} readings")
    if given.write:
        forms.write(forms.PATH, digest, told)
        print(f"{forms.PATH}: {forms.PATH.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
