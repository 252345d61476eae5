"""Our trained parser and entity recogniser: the weights in `data/weights/syntax`, and how they are called."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extractors.language.morphology import Word

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

log = logging.getLogger(__name__)

WEIGHTS = Path(__file__).resolve().parents[1] / "data" / "weights" / "syntax"
_BATCH = 256
_CASE = {"n": "Nom", "a": "Acc", "d": "Dat", "g": "Gen"}


class Line(NamedTuple):
    """One line of text, ready for the parser: words, whether a blank follows, morphology, where sentences begin."""

    words: Sequence[str]
    spaces: Sequence[bool]
    morphology: Sequence[Word]
    begins: Sequence[bool]


class Tree(NamedTuple):
    """Heads (indices within the line; a root is its own), labels, and entities as (first, last + 1, label)."""

    heads: list[int]
    labels: list[str]
    entities: list[tuple[int, int, str]]


@functools.cache
def pipeline() -> Language | None:
    """The trained pipeline, loaded once; None, and a word in the log, where the weights are missing."""
    if not (WEIGHTS / "config.cfg").is_file():
        log.warning("no weights in %s: clauses come from patterns alone; install the complete package", WEIGHTS)
        return None
    import spacy
    from thinc.api import use_ops

    from extractors.language.vectors import remembering

    # NumPy's BLAS multiplies three times as fast as spaCy's own, if it does not spread small matrices over all cores.
    with use_ops("numpy", use_blis=not _on_one_thread()):
        nlp = spacy.load(WEIGHTS, exclude=["tokenizer"])
    nlp.vocab.vectors = remembering(nlp.vocab.vectors)
    return nlp


def _on_one_thread() -> bool:
    return os.environ.get("OPENBLAS_NUM_THREADS", os.environ.get("OMP_NUM_THREADS")) == "1"


def parse(lines: Iterable[Line]) -> list[Tree] | None:
    """The trees of the lines; None where there are no weights."""
    nlp = pipeline()
    if nlp is None:
        return None
    docs = [_doc(nlp, line) for line in lines]
    for _, component in nlp.pipeline:
        docs = list(component.pipe(docs, batch_size=_BATCH))  # type: ignore[attr-defined]
    return [_tree(doc) for doc in docs]


def _doc(nlp: Language, line: Line) -> Doc:
    from spacy.tokens import Doc

    return Doc(
        nlp.vocab,
        words=list(line.words),
        spaces=list(line.spaces),
        tags=[word.tag for word in line.morphology],
        pos=[word.pos for word in line.morphology],
        lemmas=[word.lemma for word in line.morphology],
        morphs=[_morph(word.cases) for word in line.morphology],
        sent_starts=list(line.begins),
    )


@functools.lru_cache(64)
def _morph(letters: str) -> str:
    return "Case=" + ",".join(sorted(_CASE[c] for c in letters)) if letters else ""


def _tree(doc: Doc) -> Tree:
    strings, columns = doc.vocab.strings, doc.to_array(["HEAD", "DEP"])
    # A head is told by its distance, as an unsigned number.
    distances, labels = columns[:, 0].astype("int64").tolist(), columns[:, 1].tolist()
    return Tree(
        heads=[i + distance for i, distance in enumerate(distances)],
        labels=[strings[label] for label in labels],
        entities=[(entity.start, entity.end, entity.label_) for entity in doc.ents],
    )
