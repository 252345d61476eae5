"""Who acts and who is acted upon, as syntax shows it: what the rows of `directions` look with.

Each looks at one candidate in its clause and names the actors that stand on its row's side.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from extractors.actors import Mention
from extractors.events.beside import (
    JOINED,
    NOMINAL,
    after_preposition,
    agent_before,
    attributes,
    directly_behind,
    entered,
    governed,
    near_noun,
    only_attributes,
)
from extractors.events.lexicon import lexicon
from extractors.events.proposing import relatives
from extractors.events.proposing.candidates import SAID, Candidate, claims
from extractors.events.proposing.receiving import borne_at
from extractors.events.proposing.subjects import (
    acts_instead,
    cases_of,
    is_dative,
    is_surely_nominative,
    is_thing,
    may_agree,
    number_of,
    sides_by_case,
    unread_subjects,
)
from extractors.events.reading import Reading, above
from extractors.events.tables import ends
from extractors.language import Clause, Origin, Role, Sentence, Token, agreement
from extractors.ontology import EventType

_RECALLS = frozenset({"zurückrufen", "zurückbeordern", "abberufen", "abziehen"})
_ENVOYS = ("botschafter", "gesandt", "geschäftsträger")
_AT = ("auf", "gegen", "an", "gegenüber", "hinter")
_TOGETHER = frozenset({"gemeinsam", "zusammen"})
MUTUALLY = frozenset({"gegenseitig", "einander", "wechselseitig"})
WANTED = frozenset({"sollen", "müssen"})
_ALSO = MappingProxyType({"neben": frozenset[str](), "wie": frozenset({"ebenso", "genauso", "so"})})
"""what names who acts as well, at the beginning of a clause, and what must stand before it"""
_ALL = frozenset(
    {
        (some, whom)
        for some in ("alle", "andere", "weitere", "sämtliche")
        for whom in ("staaten", "länder", "regierungen", "nationen")
    }
) | {("internationale", "gemeinschaft"), ("die", "staatengemeinschaft"), ("die", "weltgemeinschaft"), ("die", "welt")}
"""whom one asks that asks all the world"""


def asks_all(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """All the world, where somebody asks it: "Pompeo rief andere Staaten auf". That is nobody in particular: a mention of no code."""
    asked = clause.subject if clause.voice == "passive" else clause.object or clause.recipient
    if candidate.type is not EventType.REQUEST or asked is None:
        return
    if any(True for _ in reading.named(candidate.sentence, asked.start, asked.end)):
        return
    head = candidate.sentence.tokens[asked.heads[0]]
    before = candidate.sentence.tokens[head.i - 1].text.lower() if head.i else ""
    if (before, head.text.lower()) in _ALL:
        yield Mention(
            start=head.start, end=head.end, code="", name=head.text, kind="name", sentence=candidate.sentence.index,
            origin="everybody", score=1.0,
        )  # fmt: skip


def agent(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """ "Von" or "durch" in a passive, or right before a participle that is an attribute ("der von Kiew verlangte Abzug")."""
    if "subj" in _slots(candidate):
        # "Moskau fühlt sich von der Nato bedroht": who says so accuses whom the passive has act.
        return
    if clause.voice == "passive":
        if candidate.actor_from == "agent":
            yield from (m for m in candidate.mentions if m.code in candidate.actors)
    elif candidate.type is EventType.REQUEST and candidate.sentence.tokens[candidate.anchor].tag.endswith("FIN"):
        # "Von Kiew verlangt Moskau": before a finite verb it is whom something is asked of.
        return
    elif not any(candidate.sentence.tokens[k].lemma.lower() == "haben" for k in clause.verbs):
        yield from agent_before(reading, candidate.sentence, candidate.anchor)


def sure_subject(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """A subject that agrees with its verb, before it, or behind it with an object that cannot be the subject."""
    subject, sentence = clause.subject, candidate.sentence
    if clause.voice == "passive" or subject is None or "subj" in _slots(candidate) or _is_state(candidate, clause):
        return
    if {*_by_case(reading, candidate, clause)[1]} & {*named(reading, sentence, subject)}:
        return
    if _displaced(sentence, clause) or relatives.pronoun(reading, sentence, clause) is not None:
        return
    if relatives.two_named(reading, sentence, clause):
        return
    head, finite = sentence.tokens[subject.heads[0]], finite_of(sentence, clause)
    if "nom" not in head.case or finite is None or not may_agree(sentence, clause, subject):
        return
    marked = not {"acc", "dat"} & {*head.case}
    if not marked and shares_subject(sentence, clause, finite):
        return
    alone = subject.origin != Origin.PARSE or clause.object is None is clause.recipient
    if not marked and any(True for _ in first_of_two(reading, candidate, clause)):
        return
    if marked or head.i < finite or _marked_object(sentence, clause) or (alone and head.tag == "NE"):
        yield from named(reading, sentence, subject)


def first_of_two(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who is named first behind the verb, where the parser has them as the object and neither form nor number tells it from the
    subject: "dafür machte die Regierung die USA verantwortlich"."""
    subject, other, sentence = clause.subject, clause.object, candidate.sentence
    finite = finite_of(sentence, clause)
    if clause.voice == "passive" or subject is None or other is None or finite is None or "subj" in _slots(candidate):
        return
    first, second = sentence.tokens[other.heads[0]], sentence.tokens[subject.heads[0]]
    either = finite < first.i < second.i and "nom" in first.case and {"nom", "acc"} <= {*second.case}
    if either and may_agree(sentence, clause, other) and any(True for _ in named(reading, sentence, subject)):
        yield from named(reading, sentence, other)


def first_of_verb_last(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who is named first of two beside each other: "weil die EU Moskau kritisierte"."""
    if {"obj", "dat"} & {*_slots(candidate)}:
        yield from relatives.two_named(reading, candidate.sentence, clause)[:1]


def second_of_verb_last(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who is named second."""
    if {"obj", "dat"} & {*_slots(candidate)}:
        yield from relatives.two_named(reading, candidate.sentence, clause)[1:]


def relative_subject(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who acts in a relative clause whose pronoun is no subject: "Moskau, dem Polen Wortbruch vorwirft"."""
    if _says_in_a_relative(reading, candidate, clause):
        yield from relatives.who_acts(reading, candidate.sentence, clause)


def behind_who_acts(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who is named behind a relative pronoun that is the subject: "der Minister, der Moskau Wortbruch vorwarf"."""
    if {"obj", "dat"} & {*_slots(candidate)}:
        yield from relatives.behind_who_acts(reading, candidate.sentence, clause)


def antecedent(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whom its pronoun stands for."""
    if _says_in_a_relative(reading, candidate, clause):
        yield from relatives.who_is_meant(reading, candidate.sentence, clause, _slots(candidate))


def _says_in_a_relative(reading: Reading, candidate: Candidate, clause: Clause) -> bool:
    """Whether an act is words, where the pronoun may be the subject of deeds: "die Blockade, die Kiew traf"."""
    found = relatives.pronoun(reading, candidate.sentence, clause)
    return found is not None and (found[1] != relatives.SAID_OF or candidate.type in SAID)


def _is_state(candidate: Candidate, clause: Clause) -> bool:
    """ "Er war in Moskau festgenommen": what looks like a perfect is a state that somebody else brought about."""
    sentence = candidate.sentence
    return _slots(candidate)[:1] == ("obj",) and any(sentence.tokens[k].lemma.lower() == "sein" for k in clause.verbs)


def shares_subject(sentence: Sentence, clause: Clause, finite: int) -> bool:
    """Who acts may stand elsewhere: "… und warf Moskau vor", "…, der Moskau drohte"."""
    first = next((i for i in clause.tokens if sentence.tokens[i].pos not in ("CCONJ", "PUNCT")), clause.head)
    return (
        first == finite
        or sentence.tokens[clause.head].dep == "conj"
        or any(
            sentence.tokens[i].text.lower() in ("der", "welcher") and sentence.tokens[i].tag == "PRELS"
            for i in clause.tokens
        )
    )


def subject_above(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who acts in the clause above acts in its infinitive, unless that clause has somebody else act ("forderte Kiew auf")."""
    subject, sentence = clause.subject, candidate.sentence
    if clause.finite or clause.voice == "passive" or subject is None or subject.origin != Origin.REPAIR:
        return
    higher = next(above(sentence, clause), None)
    if (
        higher is None
        or not higher.finite
        or higher.voice == "passive"
        or "nom" not in sentence.tokens[subject.heads[0]].case
    ):
        return
    if not any(reading.in_role(sentence, role) for role in (higher.object, higher.recipient)):
        yield from named(reading, sentence, subject)


def instead(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    if candidate.actor_from == "subject-repair" and candidate.type in SAID:
        yield from acts_instead(reading, candidate.sentence, clause)


def together_with(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who does it with the subject acts too ("beantragte gemeinsam mit Moldau und Albanien")."""
    yield from with_whom(reading, candidate.sentence, clause)


def with_whom(reading: Reading, sentence: Sentence, clause: Clause) -> Iterator[Mention]:
    """Who stands behind "gemeinsam mit" or "zusammen mit" in a clause."""
    tokens = sentence.tokens
    for i in clause.tokens:
        if tokens[i].text.lower() == "mit" and i and tokens[i - 1].text.lower() in _TOGETHER:
            yield from _listed(reading, sentence, tokens[i])


def _listed(reading: Reading, sentence: Sentence, preposition: Token) -> Iterator[Mention]:
    """Who stands in the first phrase behind a preposition, and whoever is listed with them."""
    at = None
    for mention in governed(reading, sentence, preposition):
        if at is None and any(t.pos not in NOMINAL for t in sentence.at(preposition.end, mention.start)):
            return
        if at is not None and not JOINED.fullmatch(reading.document.text[at : mention.start]):
            return
        at = mention.end
        yield mention


def joined(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who is joined to a subject of one whose verb is of several: "Maas (SPD) und sein Amtskollege aus Paris warnten"."""
    subject, sentence = clause.subject, candidate.sentence
    finite = finite_of(sentence, clause)
    if clause.voice == "passive" or subject is None or finite is None or "subj" in _slots(candidate):
        return
    if _is_state(candidate, clause) or any(sentence.tokens[i].text.lower() in MUTUALLY for i in clause.tokens):
        # "Kiew und Moskau beschuldigten sich gegenseitig": each bears it too.
        return
    head = sentence.tokens[subject.heads[0]]
    if agreement.of_verb(sentence.tokens[finite].text.lower()) != agreement.MANY or "nom" not in head.case:
        return
    one = head.tag == "NE" or number_of(sentence, subject) == agreement.ONE
    if one or any(m.kind == "person" for m in reading.at_token(sentence, head.i)):
        others = tuple(_behind_and(reading, sentence, head))
        yield from (*named(reading, sentence, subject), *others) if others else ()


def _behind_and(reading: Reading, sentence: Sentence, head: Token) -> Iterator[Mention]:
    """Who stands behind the "und" that follows a noun, with nothing but names and what is in brackets between."""
    between, end = "", max((m.end for m in reading.at_token(sentence, head.i)), default=head.end)
    for token in [t for t in sentence.tokens[head.i + 1 :] if t.start >= end][:7]:
        if token.text.lower() in ("und", "sowie") and between in ("", ")"):
            yield from _in_phrase(reading, sentence, token)
            return
        if between == "(" or token.text == "(":
            between = token.text if token.text == ")" else "("
        elif token.tag != "NE":
            return


def _in_phrase(reading: Reading, sentence: Sentence, before: Token) -> Iterator[Mention]:
    """Who is named first behind a token, before the next verb, comma or preposition."""
    for token in sentence.tokens[before.i + 1 : before.i + 8]:
        if token.tag.startswith(("V", "$", "APP", "KO")):
            return
        found = reading.at_token(sentence, token.i)
        if found:
            yield from found
            return


def as_well(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who acts as the subject does: "ebenso wie Paris warnte auch Rom", "neben Deutschland lieferte auch Polen Panzer"."""
    tokens, finite = candidate.sentence.tokens, finite_of(candidate.sentence, clause)
    if clause.voice == "passive" or finite is None or "subj" in _slots(candidate):
        return
    too = next((i for i in clause.tokens if finite < i <= finite + 3 and tokens[i].text.lower() == "auch"), None)
    if too is None:
        return
    for i in range(finite):
        needs = _ALSO.get(tokens[i].text.lower())
        if needs is None or any(t.text == "," for t in tokens[i:finite]):
            continue
        # "Wie Warschau fordert auch Wilna …": it opens the sentence, or "ebenso" stands before it.
        if not needs or not i or tokens[i - 1].text.lower() in needs:
            # "Wie zuvor Warschau verhängte auch Wilna …"
            lead = next((k for k in range(i + 1, finite) if tokens[k].tag != "ADV"), finite) - 1
            yield from _listed(reading, candidate.sentence, tokens[lead])
            # What the parser has as the subject may be the one named first.
            yield from _in_phrase(reading, candidate.sentence, tokens[too])
            return


def accusative(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    role = clause.object
    if clause.voice == "passive" or role is None or role.origin != Origin.PARSE or "obj" not in _slots(candidate):
        return
    sentence = candidate.sentence
    if relatives.pronoun(reading, sentence, clause) is not None or relatives.two_named(reading, sentence, clause):
        return
    if all("acc" in case and "nom" not in case for case in cases_of(candidate.sentence, role)):
        yield from named(reading, candidate.sentence, role)


def dative(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    role = clause.recipient
    if clause.voice == "passive" or role is None or "dat" not in _slots(candidate):
        return
    if any(is_surely_nominative(candidate.sentence, head) for head in role.heads):
        return
    subject = clause.subject
    # "Zuvor hatte der Minister Moskau gedroht": where another is surely the subject, a name of any case is the dative.
    beside = subject is not None and is_surely_nominative(candidate.sentence, subject.heads[0])
    if is_dative(candidate.sentence, role) or (beside and _slots(candidate)[:1] == ("dat",)):
        yield from named(reading, candidate.sentence, role)


def behind_a_name(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who stands with "der" right behind the bare name of who acts, at a verb with a dative, where the parse has a genitive: "entzog Minsk
    der Botschafterin das Agrément". What bears no article has no genitive behind it."""
    role, sentence = clause.subject, candidate.sentence
    if clause.voice == "passive" or role is None or clause.recipient is not None or _slots(candidate)[:1] != ("dat",):
        return
    own = [m for head in role.heads for m in reading.at_token(sentence, head) if m.kind in ("name", "metonym")]
    behind = sentence.first_from(own[0].end) if own and own[0].end < role.end else None
    if behind is not None and behind.text == "der" and behind.tag == "ART":
        yield from (m for m in reading.named(sentence, behind.end, role.end) if m.code != own[0].code)


def undergoes(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """The subject of a passive bears what its verb does to an object: "Polen wurde scharf kritisiert"."""
    if clause.voice == "passive" and clause.subject is not None and _slots(candidate)[:1] in (("obj",), ("dat",)):
        yield from named(reading, candidate.sentence, clause.subject)


def whose_envoy(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whose ambassador it is who is recalled: "der polnische Botschafter wurde zurückgerufen"."""
    role = clause.subject
    if clause.voice != "passive" or role is None or clause.predicate not in _RECALLS or clause.agent is not None:
        return
    head = candidate.sentence.tokens[role.heads[0]]
    envoys = (t.text.lower() for t in candidate.sentence.at(role.start, role.end))
    if any(word.startswith(_ENVOYS) for word in envoys) or head.lemma.lower().startswith(_ENVOYS):
        yield from reading.named(candidate.sentence, role.start, role.end)


def theirs(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whose thing the subject of a passive is: "die polnische Entscheidung wurde scharf kritisiert", "die US-Zölle"."""
    role, sentence = clause.subject, candidate.sentence
    if clause.voice != "passive" or role is None or candidate.type not in SAID or _slots(candidate)[:1] != ("obj",):
        return
    found = tuple(named(reading, sentence, role))
    yield from (m for m in found if m.origin == "topic")
    if not found:
        yield from (m for _, m in attributes(reading, sentence, role.heads[0]))
        yield from directly_behind(reading, sentence, role.heads[0])


def threatened(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whom a thing threatens: "Putin drohen neue Strafen"."""
    if clause.predicate != "drohen" or clause.voice == "passive":
        return
    roles = [role for role in (clause.subject, clause.object, clause.recipient) if role is not None]
    things = [r for r in roles if candidate.sentence.tokens[r.heads[0]].text.lower().endswith(ends("menace"))]
    if things:
        for role in roles:
            if role not in things:
                yield from named(reading, candidate.sentence, role)


def comes_from(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Where words or deeds come from: "Kritik aus Warschau", not "der Abzug aus Syrien"."""
    tokens, at = candidate.sentence.tokens, candidate.anchor
    if "aus" not in _slots(candidate) and at + 1 < len(tokens) and tokens[at + 1].text == "aus":
        yield from governed(reading, candidate.sentence, tokens[at + 1])


def suffers(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who tells of attacks that nothing says are upon others: "die Ukraine meldete 80 Angriffe"."""
    if (
        candidate.type is not EventType.ASSAULT
        or clause.predicate not in borne_at("suffers")
        or clause.voice == "passive"
    ):
        return
    noun = candidate.sentence.tokens[candidate.anchor]
    told = any(noun.i in role.heads for role in clause.roles if role.name != "subject" and not role.preposition)
    # "Wehrte nach eigenen Angaben 30 Angriffe ab": the parser may take what is counted for a part of the verb.
    told = told or (noun.dep == "xcomp" and noun.head == clause.head)
    told = told and not claims(clause, noun)
    if told and not candidate.recipients and not any(True for _ in genitive(reading, candidate, clause)):
        yield from reading.in_role(candidate.sentence, clause.subject)


def no_subject(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who is no subject, as the verb is of several: "Schwere Fehler werfen Israel viele Nachbarn vor"."""
    role = clause.subject
    if clause.voice == "passive" or role is None or "subj" in _slots(candidate):
        return
    if role.origin == Origin.PARSE and not may_agree(candidate.sentence, clause, role):
        yield from named(reading, candidate.sentence, role)


def agreeing(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who agrees with the verb, where the parser's subject does not: "Orbans Reise tadelten mehrere EU-Staaten"."""
    sentence, subject, role = candidate.sentence, clause.subject, clause.object
    if clause.voice == "passive" or subject is None or role is None or may_agree(sentence, clause, subject):
        return
    head = sentence.tokens[role.heads[0]]
    sure = head.tag == "NE" or number_of(sentence, role) != agreement.OPEN
    if sure and "nom" in head.case and may_agree(sentence, clause, role):
        yield from named(reading, sentence, role)


def unread(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """The subject that the parser did not see in what "der" says is one ("… warnte der Kreml-Sprecher", "der polnische Gesandte drohte
    Ungarn")."""
    sentence, subject = candidate.sentence, clause.subject
    if clause.voice == "passive" or not clause.finite or "subj" in _slots(candidate):
        return
    is_read = subject is not None and not is_thing(sentence, subject) and not _displaced(sentence, clause)
    for token in () if is_read else unread_subjects(sentence, clause):
        yield from reading.at_token(sentence, token.i)


def _displaced(sentence: Sentence, clause: Clause) -> bool:
    """Whether the parser's subject is none, as "der" makes another noun the subject."""
    subject = clause.subject
    if subject is None or clause.voice == "passive" or not unread_subjects(sentence, clause):
        return False
    return not is_surely_nominative(sentence, subject.heads[0])


def displaced(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who stands in the dative or accusative and passes for the subject: "Ungarn drohte der polnische Gesandte"."""
    subject, slots = clause.subject, _slots(candidate)
    if (
        subject is None
        or "subj" in slots
        or not {"obj", "dat"} & {*slots}
        or not _displaced(candidate.sentence, clause)
    ):
        return
    yield from named(reading, candidate.sentence, subject)


def whose_thing(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whose words or deed it is that another speaks of, taken for the subject: "die Blockade Ungarns tadelte der Sprecher"."""
    sentence, subject = candidate.sentence, clause.subject
    if candidate.type not in SAID or subject is None or not is_thing(sentence, subject):
        return
    if acts_instead(reading, sentence, clause) or any(True for _ in unread(reading, candidate, clause)):
        yield from (m for _, m in attributes(reading, sentence, subject.heads[0]))
        yield from directly_behind(reading, sentence, subject.heads[0])


def people_of(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whose people the subject is: "andere europäische Führer wiesen das zurück"."""
    role, sentence = clause.subject, candidate.sentence
    if clause.voice == "passive" or role is None or "subj" in _slots(candidate) or role.origin != Origin.PARSE:
        return
    head = sentence.tokens[role.heads[0]]
    if lexicon().nouns_of(head.lemma) or lexicon().nouns_of(head.text):
        # "Der russische Angriff": an act is nobody's people.
        return
    own = tuple(reading.named(sentence, role.start, role.end))
    if not may_agree(sentence, clause, role) or {*reading.named(sentence, clause.start, head.start)} - {*own}:
        # "Dass die Hamas israelische Geiseln töten könnte": who is named before may be the subject.
        return
    if "nom" in head.case and not any(True for _ in named(reading, sentence, role)):
        yield from (m for tag, m in attributes(reading, sentence, head.i) if tag == "ADJA")


def asked_of(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """ "Von Deutschland fordert Kiew Waffen": not "wie von Kiew gefordert"."""
    if candidate.type is not EventType.REQUEST or clause.voice == "passive" or not clause.finite:
        return
    if "von" in _slots(candidate):
        for role in clause.roles:
            if role.preposition in ("von", "vom"):
                yield from named(reading, candidate.sentence, role)


def _by_case(reading: Reading, candidate: Candidate, clause: Clause) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    trigger = candidate.trigger
    return sides_by_case(reading, candidate.sentence, clause, trigger) if trigger is not None else ((), ())


def no_dative(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    yield from _by_case(reading, candidate, clause)[0]


def beside_no_dative(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    yield from _by_case(reading, candidate, clause)[1]


def at_clause(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    for slot in _AT:
        if slot in _slots(candidate) and (slot != "auf" or candidate.type is EventType.ASSAULT):
            yield from after_preposition(reading, candidate.sentence, clause.tokens, slot)


def at_noun(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    token = candidate.sentence.tokens[candidate.anchor]
    for slot in _AT:
        if slot in _slots(candidate) and (slot != "auf" or candidate.type is EventType.ASSAULT):
            yield from near_noun(reading, candidate.sentence, token, slot)


def adjective(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    yield from (m for tag, m in attributes(reading, candidate.sentence, candidate.anchor) if tag == "ADJA")


def genitive(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    if candidate.trigger is not None and not candidate.trigger.by:
        yield from directly_behind(reading, candidate.sentence, candidate.anchor)


def invaded(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    if candidate.trigger is not None and candidate.trigger.by == "entered":
        yield from entered(reading, candidate.sentence, candidate.anchor)


def through(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who does what befalls another, named first behind "durch": "die Ausweisung russischer Diplomaten durch Berlin". Not of what is said
    of it: "begrüßte die Ratifizierung durch Ankara"."""
    if candidate.actor_from == "durch" and candidate.type not in SAID and _is_theme(candidate):
        behind = near_noun(reading, candidate.sentence, candidate.sentence.tokens[candidate.anchor], "durch")
        yield from behind[:1]


def by_von(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whose words or deeds it is: "die Vorwürfe von Präsident Putin", not "die Annexion von Gebieten in der Ukraine"."""
    sentence, at = candidate.sentence, candidate.anchor
    if candidate.trigger is None or candidate.trigger.by or "von" in _slots(candidate):
        return
    if at + 1 < len(sentence.tokens) and sentence.tokens[at + 1].text in ("von", "vom"):
        behind = sentence.tokens[at + 1].end
        yield from (
            m
            for m in governed(reading, sentence, sentence.tokens[at + 1])
            if only_attributes(sentence, behind, m.start)
        )


def of_theme(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    if candidate.type is not EventType.ASSAULT and _is_theme(candidate):
        yield from directly_behind(reading, candidate.sentence, candidate.anchor)


def _slots(candidate: Candidate) -> tuple[str, ...]:
    return candidate.trigger.to if candidate.trigger is not None else ()


def _is_theme(candidate: Candidate) -> bool:
    return candidate.trigger is not None and candidate.trigger.theme


def named(reading: Reading, sentence: Sentence, role: Role) -> Iterator[Mention]:
    for head in role.heads:
        yield from reading.at_token(sentence, head)


def _marked_object(sentence: Sentence, clause: Clause) -> bool:
    role = clause.object or clause.recipient
    return role is not None and "nom" not in sentence.tokens[role.heads[0]].case


def finite_of(sentence: Sentence, clause: Clause) -> int | None:
    return next((k for k in clause.verbs if sentence.tokens[k].tag.endswith("FIN")), None)
