"""Our trained parser and entity recogniser: the weights in `data/weights/syntax`, and how they are called.

Both networks begin with layers that look at each word by itself; what those make of a word is remembered. They cost as
much as all that follows: seven tables of hashed features, a word vector, and the widest matrix of all.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import itertools
import logging
import os
import sys
import types
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.language.morphology import Word
from extractors.language.remembered import Floats, Remembered
from extractors.language.transitions import Parser, Recogniser, weigher
from extractors.language.window_encoder import Encoder, encoder

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

log = logging.getLogger(__name__)

WEIGHTS = Path(__file__).resolve().parents[1] / "data" / "weights" / "syntax"
_MOST = 20_000
"""words remembered, each with its tag, lemma and cases: 15 MB"""
_NO_RULES = "depesche.NoRules.v1"
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
    with _without_command_line():
        import spacy
    from thinc.api import use_ops

    from extractors.language.vectors import remembering

    # NumPy's BLAS multiplies three times as fast as spaCy's own, if it does not spread small matrices over all cores.
    with use_ops("numpy", use_blis=not _on_one_thread()):
        spacy.util.registry.tokenizers.register(_NO_RULES, func=lambda: _without_rules)
        # The words that were trained with are not shipped: a vector is computed, and labels come with the networks.
        nlp = spacy.load(WEIGHTS, exclude=["tokenizer", "strings"], config={"nlp.tokenizer.@tokenizers": _NO_RULES})
    nlp.vocab.vectors = remembering(nlp.vocab.vectors)
    _keep_to_what_is_asked(nlp)
    return nlp


def _keep_to_what_is_asked(nlp: Language) -> None:
    """Of a new word the vocabulary works out what the networks ask of it, and not whether it looks like a number or an
    address, and twenty such things more."""
    from spacy.attrs import intify_attr  # type: ignore[import-not-found]

    pipes: list[Any] = [nlp.get_pipe(name) for name in ("tok2vec", "ner")]
    asked = {
        intify_attr(name) for pipe in pipes for node in pipe.model.walk() for name in node.attrs.get("columns", ())
    }
    vocab: Any = nlp.vocab
    vocab.lex_attr_getters = {attribute: of for attribute, of in vocab.lex_attr_getters.items() if attribute in asked}


def _without_rules(nlp: Language) -> Any:
    """A tokenizer that nobody asks: we give words. Those of spaCy's German take a tenth of our start to compile."""
    from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]

    return Tokenizer(nlp.vocab)


@contextlib.contextmanager
def _without_command_line() -> Iterator[None]:
    """In here spaCy is imported without its command line, which takes a sixth of our start: its package asks that for one
    function, `spacy.info`, and with it come two HTTP clients and what downloads models. Later imports find all of it."""
    name = "spacy.cli"
    if "spacy" in sys.modules:
        yield
        return

    def info(*given: Any, **named: Any) -> Any:
        return importlib.import_module(f"{name}.info").info(*given, **named)

    package, module = types.ModuleType(name), types.ModuleType(f"{name}.info")
    package.__path__ = []
    vars(module)["info"] = info
    sys.modules |= {name: package, module.__name__: module}
    try:
        yield
    finally:
        for stand_in in (name, module.__name__):
            sys.modules.pop(stand_in, None)


def _on_one_thread() -> bool:
    return os.environ.get("OPENBLAS_NUM_THREADS", os.environ.get("OMP_NUM_THREADS")) == "1"


@dataclass(frozen=True, slots=True)
class Reader:
    """The networks, taken apart: what is remembered of a word, and for each what reads words in a row, and its steps."""

    vocab: Any
    words: Remembered[tuple[str, Word]]
    encoders: tuple[Encoder, Encoder]
    parser: Parser
    recogniser: Recogniser

    def parse(self, lines: Sequence[Line]) -> list[Tree]:
        keys = [key for line in lines for key in zip(line.words, line.morphology, strict=True)]
        if not keys:
            return [Tree([], [], []) for _ in lines]
        lengths = [len(line.words) for line in lines]
        for_trees, for_names = (
            np.concatenate(reads.encode(rows, lengths))
            for reads, rows in zip(self.encoders, np.split(self.words.rows(keys), 2, axis=1), strict=True)
        )
        trees, first = self._parsed(lines, for_trees)
        begins = np.cumsum([0, *lengths])
        for entity in self.recogniser.entities(for_names, last=first[1:]):
            at = int(np.searchsorted(begins, entity.start, side="right")) - 1
            begin = int(begins[at])
            trees[at].entities.append((entity.start - begin, entity.end - begin, entity.label))
        return trees

    def _parsed(self, lines: Sequence[Line], encoded: Floats) -> tuple[list[Tree], NDArray[np.bool_]]:
        """The trees of lines; which of all words, and behind them, begin a sentence or a part under a root of its own."""
        trees, first = [Tree([], [], []) for _ in lines], np.zeros(len(encoded) + 1, dtype=np.bool_)
        sentences = list(_sentences(lines))
        docs = [self._doc(lines[one.line], one) for one in sentences]
        self.parser.parse(docs, [one.row for one in sentences], encoded)
        for one, doc in zip(sentences, docs, strict=True):
            first[one.row : one.row + one.end - one.start] = _write(trees[one.line], one, doc)
        first[[one.row for one in sentences]] = first[-1] = True
        return trees, first

    def _doc(self, line: Line, one: _Sentence) -> Doc:
        """A sentence for the parser, which looks at the word behind the last, too."""
        from spacy.tokens import Doc

        words = list(line.words[one.start : one.end + 1])
        return Doc(self.vocab, words=words, sent_starts=[k in (0, one.end - one.start) for k in range(len(words))])


class _Sentence(NamedTuple):
    """The words of one sentence: of which line, which of it, and in which row of all words the first."""

    line: int
    start: int
    end: int
    row: int


def _sentences(lines: Sequence[Line]) -> Iterator[_Sentence]:
    row = 0
    for number, line in enumerate(lines):
        starts = [k for k, begins in enumerate(line.begins) if begins or k == 0]
        for start, end in itertools.pairwise([*starts, len(line.words)]):
            yield _Sentence(number, start, end, row + start)
        row += len(line.words)


def _write(tree: Tree, one: _Sentence, doc: Doc) -> NDArray[np.bool_]:
    """Add a sentence to its line's tree; which of its words begin a part of it, one under each root."""
    strings, columns = doc.vocab.strings, doc.to_array(["HEAD", "DEP", "SENT_START"])[: one.end - one.start]
    # A head is told by its distance, as an unsigned number.
    tree.heads.extend((columns[:, 0].astype("int64") + np.arange(one.start, one.end)).tolist())
    tree.labels.extend([strings[label] for label in columns[:, 1].tolist()])
    begins: NDArray[np.bool_] = columns[:, 2] == 1
    return begins


@functools.cache
def reader(nlp: Language) -> Reader:
    """The pipeline's parser and entity recogniser, taken apart."""
    parser: Any = nlp.get_pipe("parser")
    names: Any = nlp.get_pipe("ner")
    shared: Any = nlp.get_pipe("tok2vec")
    layers = [shared.model, names.model.get_ref("tok2vec").layers[0]]
    embeds = [model.get_ref("embed") for model in layers]

    def embed(words: list[tuple[str, Word]]) -> Floats:
        doc = [_described(nlp, words)]
        return np.concatenate([layer.predict(doc)[0] for layer in embeds], axis=1)

    return Reader(
        vocab=nlp.vocab,
        words=Remembered(embed, sum(model.get_dim("nO") for model in layers), most=_MOST),
        encoders=(encoder(layers[0].get_ref("encode")), encoder(layers[1].get_ref("encode"))),
        parser=Parser(parser, weigher(parser.model)),
        recogniser=Recogniser(
            weigher(names.model), tuple(names.moves.get_class_name(k) for k in range(names.moves.n_moves))
        ),
    )


def parse(lines: Iterable[Line]) -> list[Tree] | None:
    """The trees of the lines; None where there are no weights."""
    nlp = pipeline()
    return reader(nlp).parse(list(lines)) if nlp is not None else None


def _described(nlp: Language, words: Sequence[tuple[str, Word]]) -> Doc:
    """Words with all that the networks know of each by itself."""
    from spacy.tokens import Doc

    return Doc(
        nlp.vocab,
        words=[word for word, _ in words],
        tags=[word.tag for _, word in words],
        lemmas=[word.lemma for _, word in words],
        morphs=[_morph(word.cases) for _, word in words],
    )


@functools.lru_cache(64)
def _morph(letters: str) -> str:
    return "Case=" + ",".join(sorted(_CASE[c] for c in letters)) if letters else ""
