"""What a paper or demand asks for that the sentences before tell of: "Moskau nannte Bedingungen. Danach soll die NATO Truppen abziehen"
tells no withdrawal, and what a proposal has others do is only possible (codebook, section 2)."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace

from extractors.events.attaching.worded import SAYS_DONE
from extractors.events.reading import Reading
from extractors.events.tables import Wording, wordings
from extractors.events.telling import Coded
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Sentence
from extractors.ontology import DOUBTED, EventType, Status

_BACK = 3
"""sentences in which a paper goes on to say what shall be"""
_SHALL = frozenset({"sollen", "müssen"})
_PERFECT, _PARTICIPLES = frozenset({"haben", "sein"}), frozenset({"VVPP", "VAPP", "VMPP"})
_HOLDS = frozenset({"vorsehen", "enthalten", "umfassen", "beinhalten"})
"""what a paper does that goes on"""
_NAMED = frozenset({"object", "subject"})
DEMANDED, PROPOSED, TOLD_BEFORE = "demanded", "proposed", "by what was told before"
_KEPT = SAYS_DONE | {EventType.CONSULT}
"""what is said is said, and meetings are announced so"""


def on_paper(read: Reading, one: Coded) -> Coded | None:
    """An act as far as a paper leaves it: None where it is demanded, only possible where it is proposed."""
    of = paper(read, one.proposal)
    if of == DEMANDED:
        return None
    if of == PROPOSED and one.event.status not in DOUBTED:
        return replace(one, event=replace(one.event, status=Status.HYPOTHETICAL))
    return one


def paper(read: Reading, p: Proposal) -> str:
    """Whether an act is demanded or proposed by what was told before, by somebody who does not act alone; "" if it is not."""
    clause, sentence = p.clause, p.seen.sentence
    if p.type in _KEPT or clause is None or not _shall_be(sentence, clause):
        return ""
    for k in range(sentence.index - 1, max(-1, sentence.index - 1 - _BACK), -1):
        before = read.document.sentences[k]
        of, whose = next(_presented(read, before), ("", frozenset()))
        if of:
            return "" if whose.issuperset(p.parties[0]) else of
        if not any(_shall_be(before, one) or one.predicate in _HOLDS for one in before.clauses):
            return ""
    return ""


def _shall_be(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause says what shall or must be, and not what is said to have been ("soll getötet haben")."""
    done = any(
        sentence.tokens[k].text in _PERFECT and sentence.tokens[k - 1].tag in _PARTICIPLES for k in clause.tokens
    )
    return clause.modal in _SHALL and clause.kind != "relative" and not done


def _presented(read: Reading, sentence: Sentence) -> Iterator[tuple[str, frozenset[str]]]:
    """Whether a sentence presents a paper ("legte einen Friedensplan vor"), and whose it is."""
    for clause in sentence.clauses:
        words = () if clause.negated or clause.kind != "main" else _presenting().get(clause.predicate, ())
        named = [sentence.tokens[k] for role in clause.roles for k in role.heads if role.name in _NAMED]
        for word in words:
            if any(token.tag == "NN" and token.text.lower().endswith(word.ends) for token in named):
                yield word.of, frozenset(m.code for m in read.in_role(sentence, clause.subject))


@functools.cache
def _presenting() -> dict[str, tuple[Wording, ...]]:
    """The verbs that present a paper, each with its rows. Raises BrokenRuleError."""
    found: dict[str, tuple[Wording, ...]] = {}
    for word in wordings("presents"):
        found[word.name] = (*found.get(word.name, ()), word)
    return found
