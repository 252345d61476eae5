"""Whose words carry a stretch of text."""

from __future__ import annotations

from collections.abc import Iterable

from extractors.model import Quote
from extractors.speech.lexicon import lexicon


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
