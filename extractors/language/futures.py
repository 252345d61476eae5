"""Infinitives that the tagger takes for participles: "Putin wird Xi in Moskau empfangen" was told as something done to Putin.

Of many verbs both are spelt alike. Behind "werden" a passive has one noun that no preposition leads, the future of such a verb has two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from extractors.language import known

_WERDEN = frozenset({"wird", "werden", "werde", "wirst", "werdet", "würde", "würden"})
_NEVER = "ieren"
"""no participle ends so"""
_TO_SOMEBODY = frozenset({"übergeben", "überlassen", "erlassen", "überbringen", "vergeben"})
"""verbs with a dative, which a name does not show: "das Papier wird Putin übergeben" """
_ENDS_A_PART = frozenset(",;:–.!?")
_NOUNS = frozenset({"NN", "NE", "NNA", "PPER"})
_ATTRIBUTES = frozenset({"ART", "ADJA", "CARD", "PPOSAT", "PDAT", "PIAT"})
_LED = ("APP", "KOKOM", "KON", "$")
"""tags before a noun that is no subject or object by itself, or of which it is not known"""


def futures(words: Sequence[tuple[str, str, str]], cases: Sequence[str]) -> Iterator[int]:
    """Which of a sentence's words, each with lemma and tag, are infinitives that are tagged as participles; `cases` as `morphology.cases`
    tells them."""
    for verb, (word, lemma, tag) in enumerate(words):
        if tag == "VVPP" and word.lower() == lemma.lower():
            part = _part(words, verb)
            low = {words[k][0].lower() for k in part}
            if low & _WERDEN and _is_future(words, cases, part, verb, low):
                yield verb


def _part(words: Sequence[tuple[str, str, str]], verb: int) -> range:
    """The words around one between punctuation marks."""
    start, end = verb, verb + 1
    while start and words[start - 1][0] not in _ENDS_A_PART:
        start -= 1
    while end < len(words) and words[end][0] not in _ENDS_A_PART:
        end += 1
    return range(start, end)


def _is_future(
    words: Sequence[tuple[str, str, str]], cases: Sequence[str], part: range, verb: int, low: Collection[str]
) -> bool:
    """Whether a word is an infinitive, for what else its part of the sentence holds (`low`: its words in small letters)."""
    if words[verb][0].lower().endswith(_NEVER):
        return True
    finite = [k for k in part if words[k][2].endswith("FIN")] or [k for k in part if k == verb + 1]
    if len(finite) != 1 or words[finite[0]][0].lower() not in _WERDEN or "worden" in low or "zu" in low:
        return False
    if "sich" in low:
        return True
    bare = [cases[k] for k in part if _is_bare(words, cases, part, k)]
    if words[verb][1].lower() in _TO_SOMEBODY or any(set(letters) <= {"d", "g"} for letters in bare):
        return False
    return len(bare) > 1 and any("a" in letters for letters in bare) and any("n" in letters for letters in bare)


def _is_bare(words: Sequence[tuple[str, str, str]], cases: Sequence[str], part: range, k: int) -> bool:
    """Whether a noun begins what may be a subject or an object: no preposition leads it, and it tells no time and whose something is."""
    if words[k][2] not in _NOUNS or not cases[k] or words[k][0].lower().endswith(known.TIMES):
        return False
    first = k
    while first > part.start and words[first - 1][2] in _ATTRIBUTES:
        first -= 1
    before = words[first - 1][2] if first > part.start else ""
    of_a_noun = before in _NOUNS - {"PPER"} and words[k][2] != "PPER" and ("g" in cases[k] or first == k)
    return not of_a_noun and not before.startswith(_LED)
