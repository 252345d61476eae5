"""Who acts in a clause: the subject that the parser found, or by case and agreement the one that it missed."""

from __future__ import annotations

import itertools
import re

from extractors.actors import Mention
from extractors.actors.lexicon import noun
from extractors.actors.phrases import NOT_NAMES
from extractors.events.beside import agent_before, agent_behind, attributes, directly_behind
from extractors.events.lexicon import Trigger
from extractors.events.proposing import relatives
from extractors.events.reading import Reading, above
from extractors.events.tables import ends
from extractors.language import Clause, Origin, Role, Sentence, Token, agreement

_PRONOUNS = 20
"""clauses over which "er" hands on who acted"""
_AND = frozenset({"und", "sowie", "oder", "/", "&"})
_IN_LISTS = frozenset("NE NN ART PRELS ADJA KON $,".split())
_ATTRIBUTES = frozenset({"det", "amod", "nummod"})
_NOT_READ = frozenset({"nmod", "obl:arg", "obl", "dep"})
_NOMINAL_TAGS = frozenset({"NN", "NNA", "NE"})
_OBJECTS = frozenset({"PRELS", "PDS", "NN"})
_RELATIVE = frozenset({"PRELS", "PRELAT"})
_HE = frozenset({"er", "sie"})
_NAME_TAGS = frozenset({"NE"})
_NO_STATE = re.compile(
    r"\w*(?:politiker|experte|wissenschaftler|forscher|analyst|beobachter|aktivist|demonstrant|kritiker|rechtler|historiker|schriftsteller"
    r"|nobelpreisträger|künstler|gewerkschaft|verb[aä]nd)(?:in|innen|n|en|e)?"
    r"|\w*rechtsgruppen?|(?:\w*rechts|hilfs|umwelt|nichtregierungs)organisation(?:en)?"
    r"|oppositionelle|familien?|angehörige|sicherheitsrat|gerichte?",
    re.IGNORECASE,
)
"""who is no government: people of a calling, associations, families; and a council or court of which nobody said whose it is"""


def who_acts(
    reading: Reading, sentence: Sentence, clause: Clause, *, says: bool = False
) -> tuple[tuple[Mention, ...], str]:
    """Who acts in a clause, and how we know. What is done by saying so no thing does: "das Angebot Kiews hat Moskau abgelehnt"."""
    if clause.voice == "passive":
        agent = (
            reading.in_role(sentence, clause.agent)
            or agent_before(reading, sentence, clause.head)
            or agent_behind(reading, sentence, clause)
        )
        return (agent, "agent") if agent else ((), "none")
    behind_pronoun = relatives.who_acts(reading, sentence, clause)
    if behind_pronoun:
        return behind_pronoun, "subject-repair"
    if stranger(reading, sentence, clause) is not None:
        return (), "none"
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
    if subject is not None and sentence.tokens[subject.heads[0]].tag in _RELATIVE:
        antecedent = sentence.tokens[clause.head].head
        return reading.at_token(sentence, antecedent), "antecedent"
    if subject is None:
        for higher in above(sentence, clause):
            found = reading.in_role(sentence, higher.subject)
            if found:
                return found, "higher"
    return (), "none"


def stranger(reading: Reading, sentence: Sentence, clause: Clause, reach: int = _PRONOUNS) -> Token | None:
    """The name of who acts in a clause, or the word or pronoun for it, where neither table nor article says whose they are.

    A pronoun stands for who acted before, himself perhaps a pronoun, over `reach` clauses at most.
    """
    subject = clause.subject
    if clause.voice == "passive" or (subject is not None and len(subject.heads) > 1):
        return None
    if not clause.finite and _bids(reading, sentence, clause):
        return None
    head = sentence.tokens[subject.heads[0]] if subject is not None else None
    if head is not None and head.tag == "PPER" and head.text.lower() in _HE:
        return _before(reading, sentence, clause, reach - 1) if reach else None
    if head is not None and head.tag in _RELATIVE:
        return _unknown_name(reading, sentence, sentence.tokens[sentence.tokens[clause.head].head])
    if head is not None and subject is not None and "nom" in head.case and may_agree(sentence, clause, subject):
        name = _unknown_name(reading, sentence, head) or _of_no_state(reading, sentence, head)
        if name is not None:
            return name
    return _first_named(reading, sentence, clause)


def _bids(reading: Reading, sentence: Sentence, clause: Clause) -> bool:
    """Whether who governs an infinitive has somebody else act: "Gausewitz forderte Kiew auf, Moskau zu drohen"."""
    higher = next(above(sentence, clause), None)
    return higher is not None and any(reading.in_role(sentence, role) for role in (higher.object, higher.recipient))


def _before(reading: Reading, sentence: Sentence, clause: Clause, reach: int) -> Token | None:
    """Who was the subject right before a pronoun: of the clause above, else of the sentence before."""
    higher = next(above(sentence, clause), None)
    if higher is not None:
        return stranger(reading, sentence, higher, reach)
    if not sentence.index:
        return None
    last = reading.document.sentences[sentence.index - 1]
    main = next((one for one in last.clauses if one.parent is None), None)
    return stranger(reading, last, main, reach) if main is not None else None


def _first_named(reading: Reading, sentence: Sentence, clause: Clause) -> Token | None:
    """An unknown name right before or behind the verb, where the parser made another word the subject that need not be: "in Genf
    forderte Gausewitz die EU auf"."""
    subject, finite = clause.subject, next((k for k in clause.verbs if sentence.tokens[k].tag.endswith("FIN")), None)
    if finite is None or (subject is not None and not _may_be_other(reading, sentence, subject)):
        return None
    for i in clause.tokens:
        token = sentence.tokens[i]
        if token.tag in _NOMINAL_TAGS and not _is_governed(sentence, clause, token):
            return _unknown_name(reading, sentence, token) if _is_next_to(sentence, token, finite) else None
    return None


def _may_be_other(reading: Reading, sentence: Sentence, subject: Role) -> bool:
    """Whether a noun that passes for the subject need not be it."""
    if is_surely_nominative(sentence, subject.heads[0]):
        return False
    return subject.origin == Origin.REPAIR or bool(reading.in_role(sentence, subject))


def _is_governed(sentence: Sentence, clause: Clause, token: Token) -> bool:
    """Whether a noun stands behind a preposition."""
    if any(role.preposition and role.start <= token.start < role.end for role in clause.roles):
        return True
    before = next((t for t in reversed(sentence.tokens[: token.i]) if t.tag not in ("ART", "ADJA", "NE")), None)
    return before is not None and before.tag.startswith("APP")


def _is_next_to(sentence: Sentence, token: Token, finite: int) -> bool:
    """Whether nothing but an article, names and what is in brackets stands between a noun and the verb."""
    first, last = sorted((token.i, finite))
    between = [t.tag for t in sentence.tokens[first + 1 : last]]
    if "$" in between:
        between = between[: between.index("$")]
    if any(tag not in ("ART", *_NOMINAL_TAGS) for tag in between):
        return False
    article = sentence.tokens[token.i - 1] if token.i else token
    return article.tag != "ART" or article.text.lower() in ("der", "die")


def _unknown_name(reading: Reading, sentence: Sentence, head: Token) -> Token | None:
    """The name that a noun is, or that stands right behind it, where no table has it ("Präsident Gausewitz")."""
    if head.tag not in _NOMINAL_TAGS or reading.at_token(sentence, head.i) or _is_told(reading, sentence, head):
        return None
    if head.tag == "NE":
        return head if _is_in_no_table(reading, sentence, head) else None
    name = next((t for t in sentence.tokens[head.i + 1 : head.i + 2] if t.text not in NOT_NAMES), None)
    title = noun(head.text)
    # Whose title stands before it has a name, whatever the tagger makes of one that it never saw.
    tags = _NOMINAL_TAGS if title is not None and title.kind == "office" else _NAME_TAGS
    return name if name is not None and name.tag in tags and _is_in_no_table(reading, sentence, name) else None


def _of_no_state(reading: Reading, sentence: Sentence, head: Token) -> Token | None:
    """Those who act for no state, if nothing says whose they are: "Wissenschaftler riefen Moskau auf", not "ukrainische Politiker". In 700
    labelled articles five acts that were told of somebody else go by it, all wrong."""
    if head.tag != "NN" or not _NO_STATE.fullmatch(head.text):
        return None
    named = [*reading.at_token(sentence, head.i), *directly_behind(reading, sentence, head.i)]
    return None if named or _is_told(reading, sentence, head) else head


def _is_told(reading: Reading, sentence: Sentence, head: Token) -> bool:
    """Whether an attribute says whose somebody or something is: "der ukrainische Verein X", "eine F16 der Ukraine"."""
    if any(True for _ in attributes(reading, sentence, head.i)):
        return True
    has_article = bool(head.i) and sentence.tokens[head.i - 1].tag in ("ART", "ADJA")
    return has_article and head.tag == "NE" and bool(directly_behind(reading, sentence, head.i))


def _is_in_no_table(reading: Reading, sentence: Sentence, name: Token) -> bool:
    """Whether nobody known and no place has a part in a name of one or several words; a state behind it is none
    ("drohte Präsident Gausewitz Russland")."""
    words = sentence.tokens
    behind = list(itertools.takewhile(lambda token: token.tag == "NE", words[name.i + 1 :]))
    before = list(itertools.takewhile(lambda token: token.tag == "NE", reversed(words[: name.i])))
    own = [name, *before, *behind]
    if any(m.kind == "person" for token in own for m in reading.at_token(sentence, token.i)):
        return False
    places = [(place.start, place.end) for place in reading.places[sentence.index]]
    return not reading.at_token(sentence, name.i) and not any(a <= name.start < b for a, b in places)


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
    if subject is not None and None not in (clause.object, clause.recipient) and not is_thing(sentence, subject):
        # "Zudem warf das Ministerium Kiew einen Bruch vor": with an object besides, it is none.
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
    numbers = number_of(sentence, role), agreement.of_verb(sentence.tokens[finite[0]].text.lower())
    if agreement.OPEN in numbers or numbers[0] == numbers[1]:
        return True
    if numbers[0] == agreement.MANY:
        return False
    # They do not, unless several are listed.
    beside = sentence.children(head.i)
    listed = [token.text.lower() for token in sentence.tokens[head.i + 1 : max(finite[0], head.i + 2)]]
    if any(child.dep in ("conj", "cc") for child in beside) or _AND.intersection(listed):
        return True
    if head.i and sentence.tokens[head.i - 1].text.lower() in _AND:
        return True
    # "Forderten die EU, die USA und Japan": the parser need not see the list.
    behind = itertools.takewhile(lambda token: token.tag in _IN_LISTS, sentence.tokens[head.i + 1 :])
    return any(token.text.lower() in _AND for token in behind)


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
    if clause.voice == "passive" or row.to[:1] != ("dat",) or unread_subjects(sentence, clause):
        return (), ()
    roles = [role for role in (clause.subject, clause.object, clause.recipient) if role is not None]
    told = [
        (tuple(m for head in role.heads for m in reading.at_token(sentence, head)), cases_of(sentence, role))
        for role in roles
    ]
    named = [(who, cases) for who, cases in told if who]
    if len(named) == 2:
        for (acting, cases), (borne, others) in (named, named[::-1]):
            other = all("dat" in case for case in others)
            alone = all("dat" not in case for case in cases) or all("nom" not in case for case in others)
            if other and alone and all("nom" in case for case in cases):
                return acting, borne
    return (), ()


def cases_of(sentence: Sentence, role: Role) -> list[tuple[str, ...]]:
    return [sentence.tokens[head].case for head in role.heads]


def is_dative(sentence: Sentence, role: Role | None) -> bool:
    """Whether a role can be nothing but a dative, or the genitive that looks like it."""
    return role is not None and all("dat" in case and not {"nom", "acc"} & {*case} for case in cases_of(sentence, role))
