"""Whose words carry a stretch of text, and how far the newsroom stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import MappingProxyType

from extractors.language import Sentence
from extractors.model import Quote
from extractors.speech.lexicon import lexicon
from extractors.speech.segments import segments
from extractors.speech.view import Predicate, view

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
    """Whose words carry the stretch [start, end); None for what the newsroom narrates itself.

    Where the stretch lies inside someone's words, the innermost quote counts. Where it takes in the frame, too, the quote
    with most of it does, unless its verb narrates an act ("forderte", "warf vor", "drohte"): that act is the newsroom's report.
    """
    words = (q for q in found if q.kind != "reported" and q.speaker is not None and q.rule not in _HEARSAY)
    near = [(q, _shared(q, start, end)) for q in words]
    near = [(q, shared) for q, shared in near if shared > 0]
    inside = [q for q, shared in near if shared >= _INSIDE * (end - start)]
    if inside:
        return min(inside, key=_size)
    told = [(q, shared) for q, shared in near if shared >= _MOST * (end - start) and not _narrates(q, start, end)]
    if not told:
        return None
    # "teilte das Ministerium nach Angaben der Agentur mit": about the same words, the closer frame names the speaker.
    most = max(shared for _, shared in told)
    return min((q for q, shared in told if shared >= _ALIKE * most), key=_size)


# Measured on labelled events: a quarter of the evidence is enough once the frame is in it.
_INSIDE, _MOST, _ALIKE = 0.9, 0.25, 0.75
# "soll" without a frame passes on what nobody in particular said.
_HEARSAY = frozenset({"free-soll", "free-hearsay"})


def _size(quote: Quote) -> int:
    return sum(b - a for a, b in quote.spans)


def _shared(quote: Quote, start: int, end: int) -> int:
    return sum(max(0, min(end, b) - max(start, a)) for a, b in quote.spans)


def _narrates(quote: Quote, start: int, end: int) -> bool:
    """Whether the stretch takes in a cue that names an act rather than words."""
    if quote.cue is None or not (start <= quote.cue[0] and quote.cue[1] <= end):
        return False
    if quote.kind == "direct" or quote.rule.startswith(("main-", "before-", "v1-")):
        return False  # a clause of its own is words, whatever the verb
    lemma = quote.rule.rpartition("-")[2]
    names = {name for verb in lexicon().verbs.get(lemma, ()) for name in verb.names}
    return (
        quote.rule.startswith("noun-") or (bool(names) and not names & {"say", "impersonal", "think"}) or lemma in _ACTS
    )


# Verbs that take words as well, but whose report is an act of its own in the codebook.
_ACTS = frozenset(
    "drohen warnen auffordern fordern vorwerfen ankündigen zusagen zusichern versprechen bestreiten".split()
)


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
    narrated = any(q.kind == "reported" for q in over) or any(
        _tells(sentence, p) for p in view("", sentence, ()).predicates
    )
    return "narrated" if narrated else "fact"


def _tells(sentence: Sentence, predicate: Predicate) -> bool:
    return "narrates" in predicate.verb.takes and sentence.tokens[predicate.finite].tag != "VMFIN"


def _share(quote: Quote, sentence: Sentence) -> float:
    length = max(1, sentence.end - sentence.start)
    return sum(max(0, min(sentence.end, b) - max(sentence.start, a)) for a, b in quote.spans) / length
