"""Whose words carry a stretch of text, and how far the newsroom stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import MappingProxyType

from extractors.language import Sentence
from extractors.model import Quote
from extractors.speech.segments import segments

# Named rows, from the newsroom's own word to someone else's.
COMMITMENT = MappingProxyType(
    {
        "fact": "the newsroom states it as fact",
        "narrated": "the newsroom narrates an act of speech (forderte, warf vor)",
        "modal": "the newsroom passes on a plan or a rumour (soll, dürfte)",
        "attributed": "attributed in the indicative (laut, nach Angaben, so X)",
        "konjunktiv": "indirect speech in the Konjunktiv",
        "quoted": "someone's literal words",
    }
)


def speaker_at(found: Iterable[Quote], start: int, end: int) -> Quote | None:
    """The innermost quote that covers most of a stretch. Reported speech is narration: it does not count."""
    best: tuple[int, Quote] | None = None
    for quote in found:
        if quote.kind == "reported":
            continue
        shared = sum(max(0, min(end, b) - max(start, a)) for a, b in quote.spans)
        size = sum(b - a for a, b in quote.spans)
        if shared * 2 >= min(end - start, max(size, 1)) and shared > 0 and (best is None or size < best[0]):
            best = size, quote
    return best[1] if best else None


def commitment(sentence: Sentence, found: Sequence[Quote]) -> str:
    """A row of COMMITMENT for a sentence: the least of what stands in its main clause."""
    over = [q for q in found if _share(q, sentence) >= 0.5]
    if any(q.kind == "direct" for q in over):
        return "quoted"
    indirect = any(q.kind in ("indirect", "mixed") for q in over)
    cut = segments(sentence)
    if indirect:
        return "konjunktiv" if any(s.mood in ("k1", "k2") for s in cut) else "attributed"
    finite = [sentence.tokens[k] for s in cut if s.kind in ("main", "v1") for k in s.finite]
    if any(t.lemma == "sollen" or t.text.lower() in ("dürfte", "dürften") for t in finite):
        return "modal"
    return "narrated" if any(q.kind == "reported" for q in over) else "fact"


def _share(quote: Quote, sentence: Sentence) -> float:
    length = max(1, sentence.end - sentence.start)
    return sum(max(0, min(sentence.end, b) - max(sentence.start, a)) for a, b in quote.spans) / length
