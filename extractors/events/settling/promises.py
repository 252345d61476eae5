"""Who promises and to whom: an agreement of one side, which the judge weighs as one of all who have a part in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.events.beside import is_behind
from extractors.events.proposing.candidates import Candidate
from extractors.events.proposing.directions import ANSWERS
from extractors.events.reading import Reading
from extractors.events.weighing.features import Parties, lists
from extractors.events.weighing.judge import Proposal
from extractors.ontology import EventType

_ACTING = frozenset({"subject", "agent"})
_RECEIVING = frozenset({"subject"})
_PROMISES = frozenset({"zusichern", "versichern", "versprechen", "zusagen", "garantieren", "anbieten"})
_AND = re.compile(r"\b(?:und|sowie)\b")
_FOR_WHOM = frozenset({"after:für", "after:an"})
_OF_OTHERS = frozenset({"genitive", "adjective", "recipient"})
_RECEIVES = frozenset({"erhalten", "bekommen"})
"""verbs whose subject is the one acted upon"""


def promised(read: Reading, p: Proposal) -> Parties | None:
    """What only one side promises it promises to the other (codebook, section 2).

    The judge weighs all who have a part in an agreement together. Of 94 in our labels 70 are of one side: who acts there by its
    row is right 22 times of 23, who is the subject of a clause 25 times of 28; nobody is told the wrong way round more than once.
    """
    who, candidate = p.parties[0], p.candidate
    if p.type is not EventType.AGREE or len(who) < 2 or (candidate is not None and _is_mutual(candidate)):
        return None
    clause = p.clause
    receives = clause is not None and clause.predicate in _RECEIVES
    # "Kiew erhielt von Paris die Zusage": the row has the subject act.
    by_row = () if candidate is None or receives else candidate.actors
    by_order = {d.code for d in p.seen.directions.get(p.type, ()) if d.row == ANSWERS}
    where = _RECEIVING if receives else _ACTING
    subjects = (code for code in who if bool(p.seen.flags.get(code, frozenset()) & where) is not receives)
    standing = () if receives else _standing_to_promise(p)
    for named in (by_order, {*by_row} & {*who}, {*subjects}, _said_to_promise(read, p), *standing):
        acting = _with_listed(read, p, named) & {*who}
        if acting and len(acting) < len(who):
            return tuple(c for c in who if c in acting), tuple(c for c in who if c not in acting)
    return None


def _said_to_promise(read: Reading, p: Proposal) -> set[str]:
    """Who promises where somebody else tells it: "Macron sagte, Putin habe ihm zugesichert …"."""
    sentence = p.seen.sentence
    told = (c for c in sentence.clauses if c.kind == "complement" and c.predicate in _PROMISES)
    return {m.code for c in told for m in read.in_role(sentence, c.subject)}


def _standing_to_promise(p: Proposal) -> Iterator[set[str]]:
    """Who promises by where each stands, where neither row nor subject says so: who speaks and is not named, else who is named,
    else who is not named as for whom it is, else who stands without preposition and not in the genitive.

    Of 21 agreements of labelled articles that are parted so 13 are as the labels have it, two of one side between others, one is of several, and
    five are none; four that are of both are left as they are.
    """
    flags = {code: p.seen.flags.get(code, frozenset()) for code in p.parties[0]}
    yield {code for code, of in flags.items() if "speaker" in of and "in" not in of}
    yield {code for code, of in flags.items() if "in" in of and "recipient" not in of}
    yield {code for code, of in flags.items() if not of & _FOR_WHOM}
    yield {code for code, of in flags.items() if not _is_governed(of)}


def _is_governed(flags: frozenset[str]) -> bool:
    return bool(flags & _OF_OTHERS) or any(one.startswith("after:") and one != "after:als" for one in flags)


def _with_listed(read: Reading, p: Proposal, acting: set[str]) -> set[str]:
    """Who acts, with those who are listed with him: of "Polens und Litauens Präsidenten" the parser may have but one as the subject."""
    text, sentence = read.document.text, p.seen.sentence
    for group in lists(read, sentence):
        governed = any(token.tag.startswith("APP") for token in sentence.before(group[0].start)[-2:])
        if not governed and _AND.search(text, group[0].end, group[-1].start) and any(m.code in acting for m in group):
            acting = acting | {m.code for m in group}
    return acting


def given_to(read: Reading, p: Proposal) -> Parties | None:
    """Who agree on something for somebody give it to him: "einigte sich auf Hilfen für Kiew"."""
    who, candidate, sentence = p.parties[0], p.candidate, p.seen.sentence
    if p.type is not EventType.AGREE or candidate is None or candidate.kind != "verb" or not _is_mutual(candidate):
        return None
    named = [(m.code, is_behind(sentence, m, ("für", "an"))) for m in read.mentions[sentence.index]]
    whom = tuple(c for c in who if any(code == c for code, _ in named) and all(f for code, f in named if code == c))
    given = tuple(c for c in who if c not in whom)
    return (given, whom) if whom and given else None


def _is_mutual(candidate: Candidate) -> bool:
    return candidate.trigger is not None and candidate.trigger.mutual
