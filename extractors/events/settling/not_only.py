""" "Nicht nur Polen, sondern auch Litauen forderte …": both do it, or both bear it."""

from __future__ import annotations

import re

from extractors.actors import Mention
from extractors.events.reading import Reading
from extractors.events.weighing.features import Parties
from extractors.events.weighing.judge import Proposal
from extractors.language import Sentence

_NOT_ONLY = re.compile(
    r"\b[Nn]icht (?:nur|allein|bloß) (?P<one>[^,;:–-]{2,60}),? (?:sondern )?auch (?P<other>[^,;:–-]{2,60})"
)
_THERE = frozenset({"in", "im", "aus", "nach", "bei"})
"""behind these a land is a place"""
_RIGHT_BEHIND = 6
"""letters between "auch" and a name: its article"""


def not_only(read: Reading, p: Proposal) -> Parties | None:
    """The sides with both of two who are joined by "nicht nur … auch"; where one of them was read as acting upon the other, both act."""
    sentence = p.seen.sentence
    pair = _NOT_ONLY.search(read.document.text, sentence.start, sentence.end)
    if pair is None:
        return None
    named = [m for m in read.mentions[sentence.index] if m.kind != "adjective" and not _is_a_place(sentence, m)]
    ones = [m for m in named if pair.start("one") <= m.start and m.end <= pair.end("one")]
    others = [m for m in named if 0 <= m.start - pair.start("other") < _RIGHT_BEHIND]
    if len(ones) != 1 or not others or others[0].code == ones[0].code:
        return None
    both = {ones[0].code, others[0].code}
    who, whom = ({*side} for side in p.parties)
    if both & who:
        who, whom = who | both, whom - both
    elif both & whom:
        whom = whom | both
    told = tuple(sorted(who)), tuple(sorted(whom))
    return None if tuple(map(sorted, p.parties)) == tuple(map(list, told)) else told


def _is_a_place(sentence: Sentence, mention: Mention) -> bool:
    return any(token.text.lower() in _THERE for token in sentence.before(mention.start)[-2:])
