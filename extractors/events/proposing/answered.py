"""Whose words are refused where a pronoun stands for them: "Kiew forderte Garantien. Das lehnte Moskau ab"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.actors import Mention
from extractors.events.beside import directly_behind
from extractors.events.lexicon import lexicon, spelled
from extractors.events.proposing.candidates import Candidate
from extractors.events.proposing.doers import finite_of
from extractors.events.proposing.subjects import who_acts
from extractors.events.reading import Reading
from extractors.language import Clause, Sentence
from extractors.ontology import EventType

_WHAT_WAS_SAID = frozenset({"das", "dies"})
_WHAT_WAS_NAMED = frozenset({"sie", "ihn", "es", "ihm", "ihr", "diesen", "diese", "diesem", "dieser"})
_GOVERNED = frozenset({"object", "recipient"})
_ANY = _GOVERNED | {"subject"}
_OPENS = frozenset({",", ";", "–", "doch", "aber", "und"})
"""what stands before a clause that answers another"""
_ANSWERS = frozenset({EventType.REJECT, EventType.AGREE})


def who_is_answered(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who alone acts or speaks in the sentence before, where nobody but a pronoun says what is refused."""
    sentence = candidate.sentence
    before = reading.document.sentences[sentence.index - 1] if sentence.index else None
    if candidate.type is not EventType.REJECT or clause.parent is not None or before is None:
        return
    main = next((one for one in before.clauses if one.parent is None), None)
    if main is not None and _is_pointed_to(sentence, clause, _WHAT_WAS_SAID, _ANY):
        yield from _alone(who_acts(reading, before, main)[0], {*candidate.actors})


def whose_is_answered(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whose demand or thing the clause before tells, of which a pronoun says that it is refused or agreed to: "Riga forderte Garantien,
    Oslo lehnte sie ab", "Riga wies den Vorschlag Oslos zurück, Bern stimmte ihm zu"."""
    if candidate.type not in _ANSWERS:
        return
    sentence, before = candidate.sentence, _answered(candidate.sentence, clause)
    if before is None:
        return
    answering = {m.code for m in who_answers(reading, candidate, clause)}
    if not answering and not _is_pointed_to(sentence, clause, _WHAT_WAS_NAMED, _GOVERNED):
        return
    acting = answering or {m.code for m in reading.in_role(sentence, clause.subject)}
    if _asks(before):
        yield from _alone(who_acts(reading, sentence, before)[0], acting)
        return
    heads = (head for role in (before.object, before.recipient) if role is not None for head in role.heads)
    yield from _alone([m for head in heads for m in directly_behind(reading, sentence, head)], acting)


def who_answers(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who stands right before the verb, and a pronoun for the thing right behind it: "Riga forderte Garantien, Oslo lehnte sie ab". The
    parser may have the pronoun as the subject, or whoever asked."""
    sentence = candidate.sentence
    if candidate.type not in _ANSWERS or clause.voice != "active":
        return
    finite = finite_of(sentence, clause)
    if finite is None:
        return
    behind = sentence.tokens[finite + 1].text.lower() if finite + 1 < len(sentence.tokens) else ""
    before = _answered(sentence, clause)
    if behind not in _WHAT_WAS_NAMED | _WHAT_WAS_SAID or before is None:
        return
    found = reading.at_token(sentence, finite - 1) if finite else ()
    opening = next((t.text for t in reversed(sentence.tokens) if found and t.end <= found[0].start), "")
    if opening in _OPENS:
        yield from found


def _answered(sentence: Sentence, clause: Clause) -> Clause | None:
    """The clause before, which the parser has above the one that answers, or beneath it."""
    if clause.parent is not None:
        return sentence.clauses[clause.parent]
    return next((c for c in sentence.clauses if c.parent == clause.index and c.head < clause.head and _asks(c)), None)


def _is_pointed_to(sentence: Sentence, clause: Clause, words: frozenset[str], roles: frozenset[str]) -> bool:
    heads = (sentence.tokens[head] for role in clause.roles if role.name in roles for head in role.heads)
    return clause.voice == "active" and any(head.text.lower() in words for head in heads)


def _asks(clause: Clause) -> bool:
    rows = lexicon().verbs.get(spelled(clause.predicate), ())
    return clause.finite and any(row.type is EventType.REQUEST for row in rows)


def _alone(found: Sequence[Mention], acting: set[str]) -> Iterator[Mention]:
    """The one who is found, unless he is who answers."""
    if len({m.code for m in found}) == 1 and found[0].code not in acting:
        yield found[0]
