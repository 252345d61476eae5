"""Reads German: text in, sentences with tokens, names and clauses out.

    document = read_text(article.text, article.parts)

HanTa tags and lemmatises, our parser and entity recogniser build on it, case and agreement repair it, and the
Clause interface stands above all that. Where the weights are missing, patterns serve, and `Document.parsed` says so.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from extractors.language import patterns, syntax
from extractors.language.clauses import clauses
from extractors.language.morphology import Word, analyse, plain
from extractors.language.repair import repair
from extractors.language.shapes import Clause, Document, Entity, Origin, Role, Sentence, Token
from extractors.language.splitting import Piece, sentences
from extractors.language.tree import Tree
from extractors.model import Part, PartKind

__all__ = ["Clause", "Document", "Entity", "Origin", "Role", "Sentence", "Token", "read_text", "warm"]

_CASES = {"n": "nom", "a": "acc", "d": "dat", "g": "gen"}
_LINE = re.compile(r"[^\n]+")


def warm() -> None:
    """Load the models now rather than with the first article."""
    read_text("Die Minister trafen sich in Genf.")


def read_text(text: str, parts: tuple[Part, ...] = ()) -> Document:
    """Read a text. Lines (and parts, where given) are never joined into one sentence.

    >>> document = read_text("Die NATO lehnt Garantien ab.")
    >>> document.sentences[0].clauses[0].predicate
    'ablehnen'
    """
    lines = [(kind, list(sentences(text[start:end], start))) for kind, start, end in _lines(text, parts)]
    morphology = [[analyse([piece.text for piece in one]) for one in found] for _, found in lines]
    trees = syntax.parse(_line(found, words) for (_, found), words in zip(lines, morphology, strict=True))
    read: list[Sentence] = []
    for number, ((kind, found), words) in enumerate(zip(lines, morphology, strict=True)):
        tree = trees[number] if trees is not None else None
        read.extend(_sentences(text, kind, number, found, words, tree, len(read)))
    return Document(text=text, sentences=tuple(read), parsed=trees is not None)


def _lines(text: str, parts: tuple[Part, ...]) -> Iterator[tuple[PartKind, int, int]]:
    if not parts:
        for match in _LINE.finditer(text):
            yield PartKind.PARAGRAPH, match.start(), match.end()
        return
    for part in parts:
        for match in _LINE.finditer(text, part.start, part.end):
            yield part.kind, match.start(), match.end()


def _line(found: Sequence[Sequence[Piece]], morphology: Sequence[Sequence[Word]]) -> syntax.Line:
    return syntax.Line(
        words=[plain(piece.text) for one in found for piece in one],
        morphology=[word for one in morphology for word in one],
        begins=[k == 0 for one in found for k in range(len(one))],
    )


def _sentences(
    text: str,
    kind: PartKind,
    line: int,
    found: Sequence[Sequence[Piece]],
    morphology: Sequence[Sequence[Word]],
    tree: syntax.Tree | None,
    index: int,
) -> Iterator[Sentence]:
    offset = 0
    for pieces, words in zip(found, morphology, strict=True):
        end = offset + len(pieces)
        tokens = _tokens(pieces, words, tree, offset, end)
        yield Sentence(
            start=pieces[0].start,
            end=pieces[-1].end,
            index=index,
            part=kind,
            tokens=tokens,
            clauses=clauses(tokens),
            entities=_entities(text, pieces, tree, offset, end),
            line=line,
        )
        index, offset = index + 1, end


def _tokens(
    pieces: Sequence[Piece], words: Sequence[Word], tree: syntax.Tree | None, offset: int, end: int
) -> tuple[Token, ...]:
    texts = [piece.text for piece in pieces]
    if tree is None:
        heads, labels, repaired = *patterns.tree(texts, words), frozenset[int]()
        origin = Origin.PATTERN
    else:
        # A head outside the sentence cannot be: the sentences were given. The root points to itself.
        heads = [head - offset if offset <= head < end else k for k, head in enumerate(tree.heads[offset:end])]
        mended = Tree(texts, words, heads, list(tree.labels[offset:end]))
        repair(mended)
        heads, labels, repaired, origin = mended.heads, mended.labels, frozenset(mended.repaired), Origin.PARSE
    return tuple(
        Token(
            i=i,
            start=piece.start,
            end=piece.end,
            text=piece.text,
            lemma=word.lemma,
            tag=word.tag,
            pos=word.pos,
            dep=labels[i],
            head=heads[i],
            case=_cases(word.cases),
            origin=Origin.REPAIR if i in repaired else origin,
        )
        for i, (piece, word) in enumerate(zip(pieces, words, strict=True))
    )


@functools.cache
def _cases(letters: str) -> tuple[str, ...]:
    """The cases that some letters stand for, of which there are few combinations."""
    return tuple(_CASES[c] for c in letters)


def _entities(
    text: str, pieces: Sequence[Piece], tree: syntax.Tree | None, offset: int, end: int
) -> tuple[Entity, ...]:
    if tree is None:
        return ()
    spans = (
        (pieces[a - offset].start, pieces[b - 1 - offset].end, label)
        for a, b, label in tree.entities
        if offset <= a and b <= end
    )
    return tuple(Entity(start=a, end=b, label=label, text=text[a:b]) for a, b, label in spans)
