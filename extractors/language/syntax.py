"""Our trained parser and entity recogniser: the weights in `data/weights/syntax`, and how they are called.

Both networks begin with layers that look at each word by itself; what those make of a word is remembered. They cost as
much as all that follows: seven tables of hashed features, a word vector, and the widest matrix of all.
"""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from extractors.language.encoder import Encoder, encoder
from extractors.language.morphology import Word
from extractors.language.remembered import Floats, Remembered

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

log = logging.getLogger(__name__)

WEIGHTS = Path(__file__).resolve().parents[1] / "data" / "weights" / "syntax"
_BATCH = 256
_MOST = 20_000
"""words remembered, each with its tag, lemma and cases: 15 MB"""
_CASE = {"n": "Nom", "a": "Acc", "d": "Dat", "g": "Gen"}


class Line(NamedTuple):
    """One line of text, ready for the parser: words, morphology, where sentences begin."""

    words: Sequence[str]
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


@dataclass(frozen=True, slots=True)
class Reader:
    """The networks, taken apart: what is remembered of a word, and for each what reads words in a row, and its steps."""

    vocab: Any
    words: Remembered[tuple[str, Word]]
    encoders: tuple[Encoder, ...]
    steps: tuple[Any, ...]

    def parse(self, lines: Sequence[Line]) -> list[Tree]:
        from spacy.tokens import Doc

        if not lines:
            return []
        docs = [Doc(self.vocab, words=list(line.words), sent_starts=list(line.begins)) for line in lines]
        keys = [key for line in lines for key in zip(line.words, line.morphology, strict=True)]
        embedded = np.split(self.words.rows(keys), len(self.steps), axis=1)
        for mine, reads, steps in zip(embedded, self.encoders, self.steps, strict=True):
            for doc, encoded in zip(docs, reads.encode(mine, [len(line.words) for line in lines]), strict=True):
                doc.tensor = encoded  # type: ignore[assignment]
            docs = list(steps.pipe(docs, batch_size=_BATCH))
        return [_tree(doc) for doc in docs]


@functools.cache
def reader(nlp: Language) -> Reader:
    """The pipeline's parser and entity recogniser, both made to listen for what was read for them."""
    from spacy.pipeline.tok2vec import Tok2VecListener

    parser: Any = nlp.get_pipe("parser")
    entities: Any = nlp.get_pipe("ner")
    shared: Any = nlp.get_pipe("tok2vec")
    own = entities.model.get_ref("tok2vec").layers[0]
    layers = [shared.model, own]
    entities.model.get_ref("tok2vec").replace_node(own, Tok2VecListener("ner", own.get_dim("nO")))
    embeds = [model.get_ref("embed") for model in layers]

    def embed(words: list[tuple[str, Word]]) -> Floats:
        doc = [_described(nlp, words)]
        return np.concatenate([layer.predict(doc)[0] for layer in embeds], axis=1)

    return Reader(
        vocab=nlp.vocab,
        words=Remembered(embed, sum(model.get_dim("nO") for model in layers), most=_MOST),
        encoders=tuple(encoder(model.get_ref("encode")) for model in layers),
        steps=(parser, entities),
    )


def parse(lines: Iterable[Line]) -> list[Tree] | None:
    """The trees of the lines; None where there are no weights."""
    nlp = pipeline()
    return reader(nlp).parse(list(lines)) if nlp is not None else None


def _described(nlp: Language, words: Sequence[tuple[str, Word]], begins: Sequence[bool] | None = None) -> Doc:
    """Words with all that the networks know of each by itself."""
    from spacy.tokens import Doc

    return Doc(
        nlp.vocab,
        words=[word for word, _ in words],
        tags=[word.tag for _, word in words],
        lemmas=[word.lemma for _, word in words],
        morphs=[_morph(word.cases) for _, word in words],
        sent_starts=list(begins) if begins is not None else None,
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
