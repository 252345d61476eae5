"""Who receives what a noun names, and from whom: "Berlin erntete Kritik aus Warschau", "aus Warschau kam Kritik an Berlin".

The rows `[[borne]]` of `data/wordings.toml` say at which verbs, and on which side of them whoever bears it stands.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from extractors.actors import Mention
from extractors.actors.lexicon import lexicon
from extractors.events.beside import CONTRACTED, after_preposition, directly_behind, governed
from extractors.events.reading import Reading
from extractors.events.tables import WORDINGS, rows
from extractors.language import Clause, Role, Sentence, Token

RECEIVING = ("earns", "receives", "comes to")
"""how somebody bears what others say or give"""
_FROM = ("von", "vom", "seitens", "vonseiten")
_OUT_OF = "aus"
_PARTICIPLE = "participle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Borne:
    """A verb at which somebody bears what a noun beside it names; `of` is how, `behind` the preposition of the noun, or, of
    what "comes", of whoever bears it; `form` is "participle" where it is only so in "ist ausgesetzt", "sieht sich ausgesetzt"."""

    name: str
    of: str
    behind: str
    test: str
    form: str = ""


@functools.cache
def borne() -> tuple[Borne, ...]:
    """Raises BrokenRuleError."""
    allowed = {"of": {*RECEIVING, "suffers", "answers"}, "behind": (), "form": {_PARTICIPLE}}
    found = rows(WORDINGS, "borne", needed={"name", "of", "test"}, allowed=allowed)
    return tuple(Borne(**{"behind": "", **row}) for row in found)


@functools.cache
def borne_at(of: str) -> Mapping[str, tuple[Borne, ...]]:
    """The verbs at which something is borne in one way."""
    found = defaultdict(list)
    for verb in borne():
        if verb.of == of:
            found[verb.name].append(verb)
    return MappingProxyType({name: tuple(verbs) for name, verbs in found.items()})


def bearers(reading: Reading, sentence: Sentence, clause: Clause, noun: int, of: str) -> Iterator[Mention]:
    """Who bears what a noun names, at a verb of one kind."""
    known = borne_at(of)
    verbs = [(verb, alone) for name, alone in _predicates(sentence, clause) for verb in known.get(name, ())]
    for verb, alone in verbs:
        if verb.form == _PARTICIPLE and not alone:
            continue
        if of == "comes to":
            if _is_subject(clause, noun) or (clause.subject is None and _is_object(clause, noun)):
                yield from _reached(reading, sentence, clause, verb)
        elif any(noun in role.heads and _preposition(role) == verb.behind for role in clause.roles):
            yield from reading.in_role(sentence, _befallen(sentence, clause, noun))


def _predicates(sentence: Sentence, clause: Clause) -> Iterator[tuple[str, bool]]:
    """The verb of a clause, and a participle under it that the parser has apart ("sieht sich … ausgesetzt"); with whether it is
    a participle that tells a state."""
    own = sentence.tokens[clause.head].tag == "VVPP" and (not clause.finite or clause.voice == "passive")
    yield clause.predicate, own
    for below in sentence.clauses:
        if below.parent == clause.index and not below.finite and sentence.tokens[below.head].tag == "VVPP":
            yield below.predicate, True


def _is_subject(clause: Clause, noun: int) -> bool:
    return clause.subject is not None and noun in clause.subject.heads


def _is_object(clause: Clause, noun: int) -> bool:
    return clause.object is not None and noun in clause.object.heads


def _preposition(role: Role) -> str:
    return CONTRACTED.get(role.preposition, role.preposition)


def _befallen(sentence: Sentence, clause: Clause, noun: int) -> Role | None:
    """Who bears it: the subject; the object, where the parser has the noun as the subject ("Kritik erntete Berlin"); or, at a
    participle by itself, the subject of the clause above ("sieht sich Vorwürfen ausgesetzt")."""
    if not _is_subject(clause, noun):
        return clause.subject
    if clause.finite:
        return clause.object
    return sentence.clauses[clause.parent].subject if clause.parent is not None else None


def _reached(reading: Reading, sentence: Sentence, clause: Clause, verb: Borne) -> tuple[Mention, ...]:
    """Whom it reaches: behind the verb's preposition, or its object."""
    if verb.behind:
        return after_preposition(reading, sentence, clause.tokens, verb.behind)
    return tuple(m for role in (clause.object, clause.recipient) if role for m in reading.in_role(sentence, role))


def givers(reading: Reading, sentence: Sentence, clause: Clause, noun: int) -> tuple[Mention, ...]:
    """Whose words or help somebody receives: behind "von" or "aus", or in the genitive behind the noun."""
    around = sentence.clauses[clause.parent].tokens if clause.parent is not None and not clause.finite else ()
    for i in (*clause.tokens, *around):
        token = sentence.tokens[i]
        word = token.text.lower()
        if word in _FROM or (word == _OUT_OF and _is_whence(sentence, token, noun)):
            found = governed(reading, sentence, token)
            if found:
                return found
    return directly_behind(reading, sentence, noun)


def _is_whence(sentence: Sentence, token: Token, noun: int) -> bool:
    """Whether "aus" says who acts: behind the word for it, before a capital, or behind no noun ("aus Warschau kam Kritik"), not
    "Kritik am Abzug aus Syrien"."""
    before = sentence.tokens[token.i - 1] if token.i else None
    behind = sentence.tokens[token.i + 1 : token.i + 2]
    capital = any(is_capital(name.text) for name in behind)
    return before is None or before.i == noun or capital or before.tag not in ("NN", "NE")


def is_capital(word: str) -> bool:
    """Whether a state is called after a town."""
    return any(len(words) == 1 and entry.kind == "capital" for words, entry in lexicon().phrases.get(word, ()))
