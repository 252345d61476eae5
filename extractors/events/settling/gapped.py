"""Who does the same behind a comma, where no verb is said again: "Oslo liefert Riga Panzer, Rom Haubitzen".

Such a part names who acts first, and then to whom or what: by the preposition of the part before ("gegen Minsk, die EU gegen
Tiflis"), bare ("Riga Panzer, Rom Minsk Haubitzen"), or not at all. A list has nothing behind its names, and is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.actors import Mention
from extractors.events.proposing.candidates import Candidate
from extractors.events.reading import Reading
from extractors.events.weighing.features import Parties
from extractors.events.weighing.judge import Proposal
from extractors.language import Sentence, Token
from extractors.ontology import SYMMETRIC, EventType

BEHIND_A_COMMA = "does the same behind a comma"
"""the row of an act by those whom a part without a verb names"""
_NO_SIDES = SYMMETRIC - {EventType.AGREE} | {EventType.STATE}
_ENDS = frozenset({",", ";", ".", ":", "!", "?", "–"})
_BEFORE_NAMES = frozenset({"ART", "PRELS", "ADJA", "NN", "NE"})
"""before a name, of which an article behind a comma may pass for a relative pronoun"""
_OF_THINGS = frozenset({"CARD", "ADJA", "PIAT", "NN"})
_BARE = frozenset({"obj", "dat"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A part without a verb: its first token, who acts there, and upon whom; "" where it is upon the same as before."""

    start: int
    who: str
    whom: str


def without_those_in_gaps(read: Reading, p: Proposal) -> Parties | None:
    """The sides of the part that has the verb, where those of another are mixed with them."""
    each = _each(read, p)
    return each[0] if each and p.parties not in each else None


def in_gaps(read: Reading, p: Proposal) -> Iterator[Proposal]:
    """The same act by those whom the other parts name."""
    each = _each(read, p)
    first = p.parties if p.parties in each else each[0] if each else None
    yield from (replace(p, parties=parties) for parties in each if parties != first)


def _each(read: Reading, p: Proposal) -> list[Parties]:
    """The sides of each part, the one with the verb first; none where there is but that."""
    found = gaps(read, p)
    own = _first(read, p.candidate, found[0].start) if found and p.candidate is not None else None
    if own is None or any(gap.who in (*own[0], *own[1]) for gap in found):
        return []
    return [own, *(((gap.who,), (gap.whom,) if gap.whom else own[1]) for gap in found)]


def gaps(read: Reading, p: Proposal) -> list[Gap]:
    """The parts behind the verb of an act that tell the same of others; none where it is not told by a verb with both its sides."""
    candidate, sentence = p.candidate, p.seen.sentence
    if candidate is None or candidate.kind != "verb" or candidate.trigger is None or candidate.type in _NO_SIDES:
        return []
    commas = [token.i for token in sentence.tokens if token.text == "," and token.i > candidate.anchor]
    found = (_gap(read, sentence, comma + 1, candidate) for comma in commas)
    return [gap for gap in found if gap is not None]


def _gap(read: Reading, sentence: Sentence, start: int, candidate: Candidate) -> Gap | None:
    tokens = sentence.tokens
    end = next((token.i for token in tokens[start:] if token.text in _ENDS), len(tokens))
    part = tokens[start:end]
    if not part or any(token.tag.startswith(("V", "PDS", "KOUS", "PPER")) for token in part):
        return None
    named = [m for m in read.named(sentence, part[0].start, part[-1].end) if m.kind != "adjective"]
    who = named[0] if named and _opens(sentence, part, named[0]) else None
    row = candidate.trigger
    if who is None or row is None:
        return None
    behind = [token for token in part if token.start >= who.end]
    others = [m for m in named if m.start >= who.end and m.code != who.code]
    whom = _whom(behind, others, row.to)
    return None if whom is None else Gap(start, who.code, whom)


def _opens(sentence: Sentence, part: tuple[Token, ...], who: Mention) -> bool:
    """Whether a part begins with a name that may be a subject, perhaps behind its article and title."""
    before = [token for token in part if token.start < who.start]
    own = sentence.at(who.start, who.end)
    nominative = all("nom" in token.case or not token.case for token in own)
    return nominative and all(token.tag in _BEFORE_NAMES for token in before)


def _whom(behind: list[Token], others: list[Mention], slots: tuple[str, ...]) -> str | None:
    """Upon whom a part tells its act, "" where upon the same as before; None where it is no such part."""
    if not behind:
        return None
    first = behind[0]
    if others:
        lead = behind[1:] if first.text.lower() in slots else behind if _BARE & {*slots} else []
        near = next(
            (m for m in others if lead and all(t.tag in ("ART", "ADJA") for t in lead if t.start < m.start)), None
        )
        return near.code if near is not None and len({m.code for m in others}) == 1 else None
    thing = _BARE & {*slots} and all(token.tag in _OF_THINGS for token in behind)
    return "" if thing and behind[-1].tag == "NN" else None


def _first(read: Reading, candidate: Candidate, end: int) -> Parties | None:
    """The sides before the first such part: who acts by the verb, and the one other that is named there."""
    sentence = candidate.sentence
    named = read.named(sentence, sentence.start, sentence.tokens[end - 1].start)
    acting = tuple(code for code in candidate.actors if any(m.code == code for m in named))
    others = {m.code for m in named} - {*acting}
    return (acting, tuple(others)) if acting and len(others) == 1 else None
