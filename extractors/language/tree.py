"""A sentence's tree, as the parser has it and while it is being repaired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from extractors.language.morphology import Word

PASSIVE = ("werd", "wird", "wurd", "würd", "worden")
OF_A_NOUN = frozenset({"det", "case", "amod", "nmod", "flat", "appos", "conj", "cc", "acl"})
"""labels of what stays with a noun that was taken for a root"""


class Tree:
    """A sentence's tree while it is being repaired: `heads` and `labels` change, `repaired` says where."""

    def __init__(self, words: Sequence[str], morphology: Sequence[Word], heads: list[int], labels: list[str]) -> None:
        self.words = [word.lower() for word in words]
        self.morphology = morphology
        self.tags = [word.tag for word in morphology]
        self.heads = heads
        self.labels = labels
        self.repaired: set[int] = set()
        self.below: dict[int, list[int]] = defaultdict(list)
        for i, head in enumerate(heads):
            if i != head:
                self.below[head].append(i)

    def label(self, i: int, label: str) -> None:
        if self.labels[i] != label:
            self.labels[i] = label
            self.repaired.add(i)

    def hang(self, i: int, head: int) -> None:
        if self.heads[i] != head and i != head and not self.under(head, i):
            self.below[self.heads[i]] = [k for k in self.below[self.heads[i]] if k != i]
            self.heads[i] = head
            self.below[head].append(i)
            self.repaired.add(i)

    def supplant(self, i: int, last: int) -> None:
        """Set `i`, which hangs somewhere below `last`, in its place, with what a verb has and a noun has not."""
        head = self.heads[last]
        self.below[self.heads[i]].remove(i)
        self.heads[i] = i if head == last else head
        if head != last:
            self.below[head].append(i)
        self.repaired.add(i)
        self.label(i, self.labels[last])
        for k in tuple(self.below[last]):
            if self.labels[k] not in OF_A_NOUN:
                self.hang(k, i)

    def under(self, i: int, top: int) -> bool:
        seen = set()
        while i not in seen:
            if i == top:
                return True
            seen.add(i)
            i = self.heads[i]
        return False

    def tag(self, i: int) -> str:
        return self.tags[i]

    def labels_below(self, i: int) -> list[str]:
        """The labels of what hangs on a word."""
        return [self.labels[k] for k in self.below[i]]

    def with_zu(self, verb: int) -> bool:
        """Whether a verb is an infinitive with "zu"."""
        return self.tags[verb] == "VVIZU" or "PTKZU" in [self.tags[k] for k in self.below[verb]]

    def noun(self, within: range) -> int | None:
        """The first noun or name there, before any verb."""
        for k in within:
            if self.tag(k).startswith("V") or self.words[k] == ",":
                return None
            if self.morphology[k].pos in ("NOUN", "PROPN"):
                return k
        return None
