"""Who acts in a clause: the subject that the parser found, or by case and agreement the one that it missed."""

from __future__ import annotations

import itertools

from extractors.actors import Mention
from extractors.events.beside import agent_before
from extractors.events.lexicon import Trigger
from extractors.events.reading import Reading, above
from extractors.events.tables import ends
from extractors.language import Clause, Role, Sentence, Token, agreement

_AND = frozenset({"und", "sowie", "oder", "/", "&"})
_IN_LISTS = frozenset("NE NN ART PRELS ADJA KON $,".split())
_ATTRIBUTES = frozenset({"det", "amod", "nummod"})
_NOT_READ = frozenset({"nmod", "obl:arg", "obl", "dep"})
_NOMINAL_TAGS = frozenset({"NN", "NNA", "NE"})
_OBJECTS = frozenset({"PRELS", "PDS", "NN"})


def who_acts(
    reading: Reading, sentence: Sentence, clause: Clause, *, says: bool = False
) -> tuple[tuple[Mention, ...], str]:
    """Who acts in a clause, and how we know. What is done by saying so no thing does: "das Angebot Kiews hat Moskau abgelehnt"."""
    if clause.voice == "passive":
        agent = reading.in_role(sentence, clause.agent) or agent_before(reading, sentence, clause.head)
        return (agent, "agent") if agent else ((), "none")
    subject = clause.subject
    unread = tuple(m for token in unread_subjects(sentence, clause) for m in reading.at_token(sentence, token.i))
    if unread and not (subject is not None and is_surely_nominative(sentence, subject.heads[0])):
        return unread, "subject-repair"
    found = reading.in_role(sentence, subject)
    agrees = subject is None or may_agree(sentence, clause, subject)
    if found and subject is not None and agrees and not (says and acts_instead(reading, sentence, clause)):
        return found, "subject" if subject.origin == "parse" else f"subject-{subject.origin}"
    instead = _subject_instead(reading, sentence, clause)
    if instead:
        return instead, "subject-repair"
    if not agrees:
        return (), "none"
    if subject is not None and sentence.tokens[subject.heads[0]].tag in ("PRELS", "PRELAT"):
        antecedent = sentence.tokens[clause.head].head
        return reading.at_token(sentence, antecedent), "antecedent"
    if subject is None:
        for higher in above(sentence, clause):
            found = reading.in_role(sentence, higher.subject)
            if found:
                return found, "higher"
    return (), "none"


def unread_subjects(sentence: Sentence, clause: Clause) -> tuple[Token, ...]:
    """The nouns that "der" makes the subject and that the parser has as none: "der ukrainische Gesandte drohte Ungarn"."""
    own = clause.subject.heads if clause.subject is not None else ()
    near = {child.i: child for k in clause.verbs for child in sentence.children(k) if child.dep in _NOT_READ}
    return tuple(
        token
        for token in near.values()
        if token.i not in own and is_bare(sentence, token) and is_surely_nominative(sentence, token.i)
    )


def is_bare(sentence: Sentence, token: Token) -> bool:
    """Whether a noun has no preposition."""
    return token.tag in _NOMINAL_TAGS and all(child.dep != "case" for child in sentence.children(token.i))


def is_surely_nominative(sentence: Sentence, i: int) -> bool:
    token = sentence.tokens[i]
    article = next((child.text.lower() for child in sentence.children(i) if child.tag == "ART"), "")
    return agreement.is_nominative(token.text.lower(), token.lemma, token.tag, article)


def _subject_instead(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[Mention, ...]:
    """Who acts where the parser took them for an object: "Gebiete, die Russland besetzt hat", "dies lehnt Berlin ab".

    What it took for the subject names nobody and can be the object, and who is named beside it can be the subject.
    """
    if not clause.finite:
        return ()
    subject = clause.subject
    if subject is not None and not _may_be_object(sentence, clause, subject):
        return ()
    for role in (clause.object, clause.recipient):
        named = tuple(m for h in role.heads for m in reading.at_token(sentence, h)) if role is not None else ()
        if role is not None and named and "nom" in sentence.tokens[role.heads[0]].case:
            return named if may_agree(sentence, clause, role) else ()
    return ()


def may_agree(sentence: Sentence, clause: Clause, role: Role) -> bool:
    """False where one of a noun and its verb is surely of one and the other of several: "Putin drohen neue Strafen"."""
    finite = [k for k in clause.verbs if sentence.tokens[k].tag.endswith("FIN")]
    head = sentence.tokens[role.heads[0]]
    if len(finite) != 1 or len(role.heads) > 1 or head.tag not in ("NN", "NE"):
        return True
    beside = sentence.children(head.i)
    listed = [token.text.lower() for token in sentence.tokens[head.i + 1 : max(finite[0], head.i + 2)]]
    if any(child.dep in ("conj", "cc") for child in beside) or _AND.intersection(listed):
        return True
    if head.i and sentence.tokens[head.i - 1].text.lower() in _AND:
        return True
    # "Forderten die EU, die USA und Japan": the parser need not see the list.
    behind = itertools.takewhile(lambda token: token.tag in _IN_LISTS, sentence.tokens[head.i + 1 :])
    if any(token.text.lower() in _AND for token in behind):
        return True
    numbers = number_of(sentence, role), agreement.of_verb(sentence.tokens[finite[0]].text.lower())
    return agreement.OPEN in numbers or numbers[0] == numbers[1]


def number_of(sentence: Sentence, role: Role) -> str:
    """Whether the noun of a role is of one or of several, by its form and what stands before it."""
    head = sentence.tokens[role.heads[0]]
    beside = [t for t in sentence.children(head.i) if t.i < head.i and (t.tag == "ART" or t.dep in _ATTRIBUTES)]
    return agreement.of_noun(head.text.lower(), head.lemma, head.tag, [child.text.lower() for child in beside])


def acts_instead(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[Mention, ...]:
    """Who says it where the parser has what it is about as the subject: "das Angebot Kiews lehnte Moskau ab"."""
    subject = clause.subject
    if subject is None or clause.voice == "passive" or len(subject.heads) > 1:
        return ()
    return _subject_instead(reading, sentence, clause) if is_thing(sentence, subject) else ()


def is_thing(sentence: Sentence, role: Role) -> bool:
    """Whether a noun is for what is said or done, and can be an object."""
    head = sentence.tokens[role.heads[0]]
    return head.tag == "NN" and head.text.lower().endswith(ends("thing")) and "acc" in head.case


def _may_be_object(sentence: Sentence, clause: Clause, role: Role) -> bool:
    """A relative or pointing pronoun, or a noun, that can stand in the accusative; persons speak and are no object here, unless
    the verb is of several."""
    head = sentence.tokens[role.heads[0]]
    return "acc" in head.case and (head.tag in _OBJECTS or not may_agree(sentence, clause, role))


def sides_by_case(
    reading: Reading, sentence: Sentence, clause: Clause, row: Trigger
) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Who acts and upon whom, at a verb with a dative, where one of two can be none and the other one can: "Moskau warf die
    EU Erpressung vor"."""
    if clause.voice == "passive" or row.to[:1] != ("dat",):
        return (), ()
    roles = [role for role in (clause.subject, clause.object, clause.recipient) if role is not None]
    told = [
        (tuple(m for head in role.heads for m in reading.at_token(sentence, head)), cases_of(sentence, role))
        for role in roles
    ]
    named = [(who, cases) for who, cases in told if who]
    if len(named) == 2:
        for (acting, cases), (borne, others) in (named, named[::-1]):
            if all("nom" in case and "dat" not in case for case in cases) and all("dat" in case for case in others):
                return acting, borne
    return (), ()


def cases_of(sentence: Sentence, role: Role) -> list[tuple[str, ...]]:
    return [sentence.tokens[head].case for head in role.heads]
