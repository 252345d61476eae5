"""Trees without a parser: clauses by commas and finite verbs, roles by case and order, on HanTa's tags alone.

Serves where the weights are missing. Much less sure than the parser: every token says `pattern` as its origin.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extractors.language.morphology import Word

_BREAKS = frozenset({",", ";", ":", "–", "-"})
_NOUNS = frozenset({"NN", "NNA", "NNI", "NE", "FM"})
_BEFORE_NOUN = frozenset("ART PDAT PIAT PIDAT PPOSAT PWAT ADJA CARD TRUNC".split())
_PRONOUNS = frozenset("PPER PIS PDS PWS PRELS PRF".split())
_SUBORDINATING = frozenset("KOUS PRELS PRELAT PWAV PWS KOUI".split())
_PASSIVE = ("wird", "werd", "wurd", "würd", "worden")


def tree(words: Sequence[str], morphology: Sequence[Word]) -> tuple[list[int], list[str]]:
    """Heads and labels of one sentence, in the parser's vocabulary."""
    size = len(words)
    heads, labels = list(range(size)), ["dep"] * size
    roots: list[int] = []
    for start, end in _segments(words, morphology):
        roots.append(_clause(words, morphology, heads, labels, start, end))
    _join(morphology, heads, labels, roots)
    return heads, labels


def _segments(words: Sequence[str], morphology: Sequence[Word]) -> list[tuple[int, int]]:
    """Stretches with one finite verb each: cut at commas and the like, joined again where a part has no verb."""
    cuts = [0, *(i + 1 for i, word in enumerate(words) if word in _BREAKS), len(words)]
    parts = [(a, b) for a, b in pairwise(cuts) if a < b]
    joined: list[tuple[int, int]] = []
    for start, end in parts:
        finite = any(morphology[i].tag.endswith("FIN") or morphology[i].tag == "VVIZU" for i in range(start, end))
        bare = joined and not any(morphology[i].tag.endswith("FIN") for i in range(*joined[-1]))
        if joined and (not finite or bare):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined or [(0, len(words))]


def _clause(
    words: Sequence[str], morphology: Sequence[Word], heads: list[int], labels: list[str], start: int, end: int
) -> int:
    """Fill in one clause; the index of its head."""
    tags = [word.tag for word in morphology]
    finite = next((i for i in range(start, end) if tags[i].endswith("FIN")), None)
    full = [i for i in range(start, end) if tags[i] in ("VVPP", "VVINF", "VVIZU")]
    verb = finite if finite is not None else (full[-1] if full else start)
    if finite is not None and tags[finite] in ("VAFIN", "VMFIN") and full:
        verb = full[-1]
        labels[finite] = "aux:pass" if words[finite].lower().startswith(_PASSIVE) and tags[verb] == "VVPP" else "aux"
    for i in range(start, end):
        if i == verb:
            continue
        heads[i] = verb
        if tags[i] == "PTKVZ":
            labels[i] = "compound:prt"
        elif morphology[i].pos == "PUNCT":
            labels[i] = "punct"
        elif tags[i] == "KOUS":
            labels[i] = "mark"
        elif tags[i] in ("VAINF", "VAPP"):
            labels[i] = "aux:pass" if words[i].lower().startswith(_PASSIVE) else "aux"
        elif tags[i] in ("PTKNEG", "ADV", "ADJD"):
            labels[i] = "advmod"
    _phrases(morphology, heads, labels, (start, end, verb))
    return verb


def _phrases(morphology: Sequence[Word], heads: list[int], labels: list[str], clause: tuple[int, int, int]) -> None:
    """Noun phrases of a clause: subject and objects by case and order, obliques by their preposition."""
    start, end, verb = clause
    passive = any(labels[i] == "aux:pass" and heads[i] == verb for i in range(start, end))
    taken: set[str] = set()
    i, last = start, -1
    while i < end:
        first, preposition = i, -1
        if morphology[i].tag.startswith("APPR"):
            preposition, i = i, i + 1
        while i < end and morphology[i].tag in _BEFORE_NOUN:
            i += 1
        if i >= end or i == verb or not (morphology[i].tag in _NOUNS or morphology[i].tag in _PRONOUNS):
            i = max(i, first + 1)
            continue
        head = i
        for k in range(first, head):
            heads[k], labels[k] = head, "case" if k == preposition else "det" if morphology[k].pos == "DET" else "amod"
        i += 1
        while i < end and morphology[i].tag == "NE" and morphology[head].tag in _NOUNS:
            heads[i], labels[i] = head, "flat"
            i += 1
        label = "obl" if preposition >= 0 else _role(morphology[head].cases, taken, passive)
        if preposition < 0 and last == first and morphology[head].cases in ("g", "dg") and label != "nsubj":
            heads[head], label = last - 1 if labels[last - 1] != "flat" else heads[last - 1], "nmod"
        taken.add(label)
        labels[head] = label
        last = i


def _role(cases: str, taken: set[str], passive: bool) -> str:
    subject = "nsubj:pass" if passive else "nsubj"
    if subject not in taken and (not cases or "n" in cases):
        return subject
    if "obj" not in taken and not passive and (not cases or "a" in cases):
        return "obj"
    return "obl:arg" if "d" in cases else "obl"


def _join(morphology: Sequence[Word], heads: list[int], labels: list[str], roots: Sequence[int]) -> None:
    """Hang dependent clauses on the main one: the first that no conjunction or relative pronoun opens."""
    opened = {root: _opener(morphology, heads, root) for root in roots}
    main = next((root for root in roots if not opened[root]), roots[0])
    labels[main] = "ROOT"
    for root in roots:
        if root != main:
            heads[root] = main
            relative = opened[root] in ("PRELS", "PRELAT")
            labels[root] = "acl" if relative else "advcl" if opened[root] else "parataxis"


def _opener(morphology: Sequence[Word], heads: Sequence[int], root: int) -> str:
    own = (morphology[i].tag for i, head in enumerate(heads) if head == root)
    return next((tag for tag in own if tag in _SUBORDINATING), "")
