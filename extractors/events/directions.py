"""What syntax alone says of who acts and who is acted upon: rows that are right nearly always.

The judge weighs readings of the parties by what it learned; a reading that turns one of these rows round costs it dearly
(`AGAINST`). Each row looks at one candidate and names codes that act, or codes that are acted upon. Pronouns and places
that stand in for an actor say nothing here: what they mean is a guess already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from extractors.actors import Mention
from extractors.events.candidates import (
    JOINED,
    NOMINAL,
    SAID,
    Candidate,
    acts_instead,
    after_preposition,
    agent_before,
    attributes,
    directly_behind,
    governed,
    is_thing,
    may_agree,
    near_noun,
    number_of,
    sides_by_case,
)
from extractors.events.lexicon import lexicon
from extractors.events.reading import Reading, above
from extractors.language import Clause, Origin, Role, Sentence, Token, agreement
from extractors.ontology import SYMMETRIC, EventType

AGAINST, LEFT_OUT = 4.0, 1.0
"""what a reading loses, in log-odds, for each row that it turns round, and for each code of a row that it leaves out"""
ACTS, BEARS, NOBODY = "acts", "is acted upon", "nobody is acted upon"
ROLES = {"actor": ACTS, "recipient": BEARS}
_GUESSED = frozenset({"coreference", "place", "topic"})
_CLAUSE, _NOUN = ("verb", "phrase"), ("noun",)
_AT = ("auf", "gegen", "an", "gegenüber")
_TOGETHER = frozenset({"gemeinsam", "zusammen"})
_MUTUALLY = frozenset({"gegenseitig", "einander", "wechselseitig"})
_WANTED = frozenset({"sollen", "müssen"})
_EARNS = MappingProxyType(
    {"ernten": "", "einstecken": "", "kassieren": "", "hervorrufen": "", "auslösen": "", "provozieren": "", "einbringen": "",
     "stoßen": "auf", "geraten": "in"}
)  # fmt: skip
"""verbs whose subject bears the words that their object names, or what stands behind a preposition"""
_THREATS = (
    "sanktionen", "sanktion", "strafe", "strafen", "strafmaßnahmen", "zölle", "strafzölle", "konsequenzen", "folgen", "verfahren",
    "angriff", "angriffe", "angriffen", "vergeltung", "isolation", "ausschluss", "einmarsch", "schlag", "invasion",
)  # fmt: skip
"""ends of nouns for what threatens by itself"""
_SUFFERS = frozenset(
    "melden beklagen registrieren verzeichnen zählen erleben erleiden abwehren zurückschlagen überstehen".split()
)
"""verbs whose subject bears the attacks that their object names"""
_ANSWERS = MappingProxyType(
    {"reagieren": "auf", "antworten": "auf", "zurückweisen": "", "kontern": "", "bestreiten": "", "dementieren": "",
     "abstreiten": "", "erwidern": "auf", "wehren": "gegen", "verwahren": "gegen", "entkräften": ""}
)  # fmt: skip
"""verbs whose subject answers the words that their object names, or what stands behind a preposition: others said them"""
_ANSWERED = frozenset({EventType.ACCUSE, EventType.THREATEN})
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
_GETS = frozenset({"erhalten", "bekommen"})
_NOT_READ = frozenset({"nmod", "obl:arg", "obl", "dep"})
_NOMINAL_TAGS = frozenset({"NN", "NNA", "NE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """A code that acts or is acted upon in acts of a type, and the row that says so."""

    row: str
    code: str
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`find` names the actors of a candidate that stand on a side; `test` is a sentence that the row reads."""

    name: str
    side: str
    kinds: tuple[str, ...]
    """of the candidates it looks at"""
    find: Callable[[Reading, Candidate, Clause], Iterator[Mention]]
    test: str
    guesses: frozenset[str] = _GUESSED | {"locative"}
    """origins of mentions that say nothing here"""


def directions(reading: Reading, candidates: Sequence[Candidate]) -> Mapping[EventType, tuple[Direction, ...]]:
    """By type what the rows say of a sentence's candidates. Where they say both of a code, two acts are told: neither counts."""
    found: dict[EventType, dict[Direction, None]] = defaultdict(dict)
    for candidate in candidates:
        if candidate.trigger is None or candidate.clause is None or candidate.type in (*SYMMETRIC, EventType.STATE):
            continue
        for row in ROWS:
            if candidate.kind in row.kinds:
                for mention in row.find(reading, candidate, candidate.clause):
                    if mention.code and mention.kind != "description" and mention.origin not in row.guesses:
                        found[candidate.type][Direction(row=row.name, code=mention.code, side=row.side)] = None
        if _asks_all(reading, candidate, candidate.clause):
            found[candidate.type][Direction(row="asks all", code="", side=NOBODY)] = None
    return {type_: _undisputed(tuple(told)) for type_, told in found.items()}


def _undisputed(told: tuple[Direction, ...]) -> tuple[Direction, ...]:
    """Where a clause says who acts, a noun does not; and a code on both sides says nothing."""
    if any(d.side == ACTS and d.row in _OF_CLAUSE for d in told):
        told = tuple(d for d in told if d.side != ACTS or d.row in _OF_CLAUSE)
    acting, borne = ({d.code for d in told if d.side == side} for side in (ACTS, BEARS))
    return tuple(d for d in told if d.code not in acting & borne)


def cost(told: Sequence[Direction], actors: Sequence[str], recipients: Sequence[str]) -> float:
    """What a reading of the parties loses for each row that it turns round, and for each code that it leaves out."""
    lost = 0.0
    for d in told:
        if d.side == NOBODY:
            lost += AGAINST if recipients else 0
            continue
        own, other = (actors, recipients) if d.side == ACTS else (recipients, actors)
        if d.code not in own:
            lost += (2 if d.row in _TWICE else 1) * (AGAINST if d.code in other else LEFT_OUT)
    return lost


def domestic(actors: Sequence[str], recipients: Sequence[str]) -> bool:
    """All who are named are of one country ("RUS" and "RUS-OPP"): a quarrel at home, which is no act between states."""
    codes = {*actors, *recipients}
    return len(codes) > 1 and len({code.split("-")[0] for code in codes}) == 1


def _asks_all(reading: Reading, candidate: Candidate, clause: Clause) -> bool:
    """Whether somebody asks all the world: "Pompeo rief andere Staaten auf", which is nobody in particular."""
    asked = clause.subject if clause.voice == "passive" else clause.object or clause.recipient
    if candidate.type is not EventType.REQUEST or candidate.kind not in _CLAUSE or asked is None:
        return False
    if asked is not None and any(True for _ in reading.named(candidate.sentence, asked.start, asked.end)):
        return False
    head = candidate.sentence.tokens[asked.heads[0]]
    before = candidate.sentence.tokens[head.i - 1].text.lower() if head.i else ""
    return (before, head.text.lower()) in _ALL


def _agent(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
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


def _subject(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """A subject that agrees with its verb, before it, or behind it with an object that cannot be the subject."""
    subject, sentence = clause.subject, candidate.sentence
    if clause.voice == "passive" or subject is None or "subj" in _slots(candidate) or _is_state(candidate, clause):
        return
    if {*_by_case(reading, candidate, clause)[1]} & {*_named(reading, sentence, subject)}:
        return
    head, finite = sentence.tokens[subject.heads[0]], _finite(sentence, clause)
    if "nom" not in head.case or finite is None or not may_agree(sentence, clause, subject):
        return
    marked = not {"acc", "dat"} & {*head.case}
    if not marked and _shares_subject(sentence, clause, finite):
        return
    alone = subject.origin != Origin.PARSE or clause.object is None is clause.recipient
    if marked or head.i < finite or _marked_object(sentence, clause) or (alone and head.tag == "NE"):
        yield from _named(reading, sentence, subject)


def _is_state(candidate: Candidate, clause: Clause) -> bool:
    """ "Er war in Moskau festgenommen": what looks like a perfect is a state that somebody else brought about."""
    sentence = candidate.sentence
    return _slots(candidate)[:1] == ("obj",) and any(sentence.tokens[k].lemma.lower() == "sein" for k in clause.verbs)


def _shares_subject(sentence: Sentence, clause: Clause, finite: int) -> bool:
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


def _above(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
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
        yield from _named(reading, sentence, subject)


def _instead(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    if candidate.actor_from == "subject-repair" and candidate.type in SAID:
        yield from acts_instead(reading, candidate.sentence, clause)


def _together(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who does it with the subject acts too ("beantragte gemeinsam mit Moldau und Albanien")."""
    tokens = candidate.sentence.tokens
    for i in clause.tokens:
        if tokens[i].text.lower() == "mit" and i and tokens[i - 1].text.lower() in _TOGETHER:
            yield from _listed(reading, candidate.sentence, tokens[i])


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


def _joined(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who is joined to a subject of one whose verb is of several: "Maas (SPD) und sein Amtskollege aus Paris warnten"."""
    subject, sentence = clause.subject, candidate.sentence
    finite = _finite(sentence, clause)
    if clause.voice == "passive" or subject is None or finite is None or "subj" in _slots(candidate):
        return
    if _is_state(candidate, clause) or any(sentence.tokens[i].text.lower() in _MUTUALLY for i in clause.tokens):
        # "Kiew und Moskau beschuldigten sich gegenseitig": each bears it too.
        return
    head = sentence.tokens[subject.heads[0]]
    if agreement.of_verb(sentence.tokens[finite].text.lower()) != agreement.MANY or "nom" not in head.case:
        return
    one = head.tag == "NE" or number_of(sentence, subject) == agreement.ONE
    if one or any(m.kind == "person" for m in reading.at_token(sentence, head.i)):
        others = tuple(_behind_and(reading, sentence, head))
        yield from (*_named(reading, sentence, subject), *others) if others else ()


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


def _as_well(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who acts as the subject does: "ebenso wie Paris warnte auch Rom", "neben Deutschland lieferte auch Polen Panzer"."""
    tokens, finite = candidate.sentence.tokens, _finite(candidate.sentence, clause)
    if clause.voice == "passive" or finite is None or "subj" in _slots(candidate):
        return
    too = next((i for i in clause.tokens if finite < i <= finite + 3 and tokens[i].text.lower() == "auch"), None)
    if too is None:
        return
    for i in range(finite):
        needs = _ALSO.get(tokens[i].text.lower())
        if needs is not None and (not needs or (i and tokens[i - 1].text.lower() in needs)):
            yield from _listed(reading, candidate.sentence, tokens[i])
            # What the parser has as the subject may be the one named first.
            yield from _in_phrase(reading, candidate.sentence, tokens[too])
            return


def _accusative(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    role = clause.object
    if clause.voice == "passive" or role is None or role.origin != Origin.PARSE or "obj" not in _slots(candidate):
        return
    if all("acc" in case and "nom" not in case for case in _cases(candidate.sentence, role)):
        yield from _named(reading, candidate.sentence, role)


def _dative(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    role = clause.recipient
    if clause.voice == "passive" or role is None or "dat" not in _slots(candidate):
        return
    if all("dat" in case and not {"nom", "acc"} & {*case} for case in _cases(candidate.sentence, role)):
        yield from _named(reading, candidate.sentence, role)


def _undergoes(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """The subject of a passive bears what its verb does to an object: "Polen wurde scharf kritisiert"."""
    if clause.voice == "passive" and clause.subject is not None and _slots(candidate)[:1] in (("obj",), ("dat",)):
        yield from _named(reading, candidate.sentence, clause.subject)


def _theirs(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whose thing the subject of a passive is: "die polnische Entscheidung wurde scharf kritisiert", "die US-Zölle"."""
    role, sentence = clause.subject, candidate.sentence
    if clause.voice != "passive" or role is None or candidate.type not in SAID or _slots(candidate)[:1] != ("obj",):
        return
    named = tuple(_named(reading, sentence, role))
    yield from (m for m in named if m.origin == "topic")
    if not named:
        yield from (m for _, m in attributes(reading, sentence, role.heads[0]))
        yield from directly_behind(reading, sentence, role.heads[0])


def _threatened(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whom a thing threatens: "Putin drohen neue Strafen"."""
    if clause.predicate != "drohen" or clause.voice == "passive":
        return
    roles = [role for role in (clause.subject, clause.object, clause.recipient) if role is not None]
    things = [r for r in roles if candidate.sentence.tokens[r.heads[0]].text.lower().endswith(_THREATS)]
    if things:
        for role in roles:
            if role not in things:
                yield from _named(reading, candidate.sentence, role)


def _from(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Where words come from: "Kritik aus Warschau"."""
    tokens, at = candidate.sentence.tokens, candidate.anchor
    if candidate.type in SAID and at + 1 < len(tokens) and tokens[at + 1].text == "aus":
        yield from governed(reading, candidate.sentence, tokens[at + 1])


def _earns(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whom others' words befall: "Berlin erntete Kritik", "der Plan Kiews stieß auf Ablehnung"."""
    if candidate.type in SAID:
        yield from _to_whom_it_happens(reading, candidate, clause, _EARNS)


def _to_whom_it_happens(
    reading: Reading, candidate: Candidate, clause: Clause, verbs: Mapping[str, str]
) -> Iterator[Mention]:
    """The subject of a verb that names an act in its object, or behind the preposition that the verb has here."""
    if clause.predicate not in verbs or clause.voice == "passive":
        return
    for role in clause.roles:
        if candidate.anchor in role.heads and role.name != "subject" and role.preposition == verbs[clause.predicate]:
            yield from reading.in_role(candidate.sentence, clause.subject)


def _suffers(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who tells of attacks that nothing says are upon others: "die Ukraine meldete 80 Angriffe"."""
    if candidate.type is not EventType.ASSAULT or clause.predicate not in _SUFFERS or clause.voice == "passive":
        return
    noun = candidate.sentence.tokens[candidate.anchor]
    told = any(noun.i in role.heads for role in clause.roles if role.name != "subject" and not role.preposition)
    # "Wehrte nach eigenen Angaben 30 Angriffe ab": the parser may take what is counted for a part of the verb.
    told = told or (noun.dep == "xcomp" and noun.head == clause.head)
    if told and not candidate.recipients and not any(True for _ in _genitive(reading, candidate, clause)):
        yield from reading.in_role(candidate.sentence, clause.subject)


def _answers(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whose answer to words that others said is told: "Moskau reagierte auf Vorwürfe", "Minsk bestritt die Anschuldigung"."""
    if candidate.type in _ANSWERED:
        yield from _to_whom_it_happens(reading, candidate, clause, _ANSWERS)


def _next_to(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """The name right behind a named subject, which the parser has as one with it: "haben London und Paris Kiew beliefert"."""
    subject, sentence, slots = clause.subject, candidate.sentence, _slots(candidate)
    if clause.voice == "passive" or subject is None or "subj" in slots or not {"obj", "dat"} & {*slots}:
        return
    own = [m for head in subject.heads for m in reading.at_token(sentence, head)]
    finite = _finite(sentence, clause)
    if not own or finite is None or finite > subject.heads[0] or clause.modal in _WANTED:
        # "Xi sollte Russland drängen": who wants that acts.
        return
    end = max(m.end for m in own)
    token = next((t for t in sentence.tokens if t.start >= end), None)
    if token is not None and token.tag == "NE" and token.dep in ("flat", "appos", "conj"):
        yield from (m for m in reading.at_token(sentence, token.i) if m.code not in {o.code for o in own})


def _no_subject(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who is no subject, as the verb is of several: "Schwere Fehler werfen Israel viele Nachbarn vor"."""
    role = clause.subject
    if clause.voice == "passive" or role is None or "subj" in _slots(candidate):
        return
    if role.origin == Origin.PARSE and not may_agree(candidate.sentence, clause, role):
        yield from _named(reading, candidate.sentence, role)


def _agreeing(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who agrees with the verb, where the parser's subject does not: "Orbans Reise tadelten mehrere EU-Staaten"."""
    sentence, subject, role = candidate.sentence, clause.subject, clause.object
    if clause.voice == "passive" or subject is None or role is None or may_agree(sentence, clause, subject):
        return
    head = sentence.tokens[role.heads[0]]
    sure = head.tag == "NE" or number_of(sentence, role) != agreement.OPEN
    if sure and "nom" in head.case and may_agree(sentence, clause, role):
        yield from _named(reading, sentence, role)


def _unread(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """The subject that the parser hung on the auxiliary ("hat Moskau Einreiseverbote verhängt"), or did not see in what "der"
    says is one ("… warnte der Kreml-Sprecher")."""
    sentence, subject = candidate.sentence, clause.subject
    if clause.voice == "passive" or not clause.finite or "subj" in _slots(candidate):
        return
    near = [child for k in clause.verbs for child in sentence.children(k) if child.dep in _NOT_READ | {"nsubj"}]
    bare = [t for t in near if t.tag in _NOMINAL_TAGS and all(c.dep != "case" for c in sentence.children(t.i))]
    sure = [
        t
        for t in bare
        if t.dep != "nsubj" and agreement.is_nominative(t.text.lower(), t.lemma, t.tag, _article(sentence, t))
    ]
    hung = [t for t in bare if t.dep == "nsubj" and t.head != clause.head and "nom" in t.case]
    if subject is not None and not is_thing(sentence, subject):
        return
    for token in sure if subject is not None else sure or hung:
        yield from reading.at_token(sentence, token.i)


def _article(sentence: Sentence, token: Token) -> str:
    return next((child.text.lower() for child in sentence.children(token.i) if child.tag == "ART"), "")


def _receives(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who gets what others say or give: "Rückendeckung bekam Selenskyj von der EU"."""
    for role in (clause.subject, clause.object):
        if role is not None and candidate.anchor not in role.heads and _is_received(candidate, clause):
            yield from reading.in_role(candidate.sentence, role)


def _received_from(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whom it comes from."""
    if _is_received(candidate, clause):
        yield from after_preposition(reading, candidate.sentence, clause.tokens, "von")


def _is_received(candidate: Candidate, clause: Clause) -> bool:
    if candidate.type not in SAID | {EventType.AID} or clause.voice == "passive" or clause.predicate not in _GETS:
        return False
    return any(candidate.anchor in role.heads for role in (clause.subject, clause.object) if role is not None)


def _whose_thing(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Whose words or deed it is that another speaks of, taken for the subject: "die Blockade Ungarns tadelte der Sprecher"."""
    sentence, subject = candidate.sentence, clause.subject
    if candidate.type not in SAID or subject is None or not is_thing(sentence, subject):
        return
    if acts_instead(reading, sentence, clause) or any(True for _ in _unread(reading, candidate, clause)):
        yield from (m for _, m in attributes(reading, sentence, subject.heads[0]))
        yield from directly_behind(reading, sentence, subject.heads[0])


def _people_of(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
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
    if "nom" in head.case and not any(True for _ in _named(reading, sentence, role)):
        yield from (m for tag, m in attributes(reading, sentence, head.i) if tag == "ADJA")


def _asked(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """ "Von Deutschland fordert Kiew Waffen": not "wie von Kiew gefordert"."""
    if candidate.type is not EventType.REQUEST or clause.voice == "passive" or not clause.finite:
        return
    if "von" in _slots(candidate):
        for role in clause.roles:
            if role.preposition in ("von", "vom"):
                yield from _named(reading, candidate.sentence, role)


def _by_case(reading: Reading, candidate: Candidate, clause: Clause) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    trigger = candidate.trigger
    return sides_by_case(reading, candidate.sentence, clause, trigger) if trigger is not None else ((), ())


def _no_dative(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    yield from _by_case(reading, candidate, clause)[0]


def _beside_no_dative(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    yield from _by_case(reading, candidate, clause)[1]


def _at_clause(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    for slot in _AT:
        if slot in _slots(candidate) and (slot != "auf" or candidate.type is EventType.ASSAULT):
            yield from after_preposition(reading, candidate.sentence, clause.tokens, slot)


def _at_noun(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    token = candidate.sentence.tokens[candidate.anchor]
    for slot in _AT:
        if slot in _slots(candidate) and (slot != "auf" or candidate.type is EventType.ASSAULT):
            yield from near_noun(reading, candidate.sentence, token, slot)


def _adjective(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    yield from (m for tag, m in attributes(reading, candidate.sentence, candidate.anchor) if tag == "ADJA")


def _genitive(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    if candidate.type is EventType.ASSAULT and not _is_theme(candidate):
        yield from directly_behind(reading, candidate.sentence, candidate.anchor)


def _theme(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    if candidate.type is not EventType.ASSAULT and _is_theme(candidate):
        yield from directly_behind(reading, candidate.sentence, candidate.anchor)


def _slots(candidate: Candidate) -> tuple[str, ...]:
    return candidate.trigger.to if candidate.trigger is not None else ()


def _is_theme(candidate: Candidate) -> bool:
    return candidate.trigger is not None and candidate.trigger.theme


def _named(reading: Reading, sentence: Sentence, role: Role) -> Iterator[Mention]:
    for head in role.heads:
        yield from reading.at_token(sentence, head)


def _cases(sentence: Sentence, role: Role) -> list[tuple[str, ...]]:
    return [sentence.tokens[head].case for head in role.heads]


def _marked_object(sentence: Sentence, clause: Clause) -> bool:
    role = clause.object or clause.recipient
    return role is not None and "nom" not in sentence.tokens[role.heads[0]].case


def _finite(sentence: Sentence, clause: Clause) -> int | None:
    return next((k for k in clause.verbs if sentence.tokens[k].tag.endswith("FIN")), None)


ROWS = (
    Row(name="agent", side=ACTS, kinds=_CLAUSE, find=_agent, test="Die Ukraine wurde von Russland angegriffen."),
    Row(name="subject", side=ACTS, kinds=_CLAUSE, find=_subject, test="Moskau hat Kiew erneut mit Angriffen gedroht."),
    Row(
        name="subject above",
        side=ACTS,
        kinds=_CLAUSE,
        find=_above,
        test="Die Regierung in Minsk kündigte an, Polen mit Raketen anzugreifen.",
    ),
    Row(
        name="instead of a thing",
        side=ACTS,
        kinds=_CLAUSE,
        find=_instead,
        test="Das Angebot der USA wies Teheran zurück.",
    ),
    Row(
        name="together",
        side=ACTS,
        kinds=_CLAUSE,
        find=_together,
        test="Georgien beantragte gemeinsam mit Moldau den Beitritt zur EU.",
    ),
    Row(
        name="joined",
        side=ACTS,
        kinds=_CLAUSE,
        find=_joined,
        test="Am Abend verlangten Kanzlerin Angela Merkel (CDU) und ihr polnischer Kollege Zugang für Beobachter.",
    ),
    Row(
        name="as well",
        side=ACTS,
        kinds=_CLAUSE,
        find=_as_well,
        test="Ebenso wie Frankreich fordert auch das Vereinigte Königreich Garantien.",
    ),
    Row(
        name="accusative",
        side=BEARS,
        kinds=_CLAUSE,
        find=_accusative,
        test="Berlin bestellte den russischen Botschafter ein.",
    ),
    Row(
        name="dative", side=BEARS, kinds=_CLAUSE, find=_dative, test="Der EU warf Lukaschenko am Abend Erpressung vor."
    ),
    Row(
        name="next to",
        side=BEARS,
        kinds=_CLAUSE,
        find=_next_to,
        test="Inzwischen haben Großbritannien und Frankreich Kiew mit Marschflugkörpern beliefert.",
    ),
    Row(
        name="asked of",
        side=BEARS,
        kinds=_CLAUSE,
        find=_asked,
        test="Von Deutschland fordert die Ukraine schwere Waffen.",
    ),
    Row(
        name="no subject",
        side=BEARS,
        kinds=_CLAUSE,
        find=_no_subject,
        test="Israel werfen mehrere Nachbarn schwere Fehler vor.",
    ),
    Row(name="agrees", side=ACTS, kinds=_CLAUSE, find=_agreeing, test="Orbans Reise verurteilten mehrere EU-Staaten."),
    Row(
        name="unread subject",
        side=ACTS,
        kinds=_CLAUSE,
        find=_unread,
        test="Als Reaktion auf EU-Sanktionen hat Moskau Einreiseverbote für Vertreter aus mehreren EU-Staaten verhängt.",
    ),
    Row(
        name="receives",
        side=BEARS,
        kinds=_NOUN,
        find=_receives,
        test="Rückendeckung bekam Selenskyj von den Europäern.",
    ),
    Row(
        name="received from",
        side=ACTS,
        kinds=_NOUN,
        find=_received_from,
        test="Rückendeckung bekam Selenskyj von den Europäern.",
    ),
    Row(
        name="whose thing",
        side=BEARS,
        kinds=_CLAUSE,
        find=_whose_thing,
        test="Die Blockade Ungarns hat der EU-Außenbeauftragte kritisiert.",
    ),
    Row(name="undergoes", side=BEARS, kinds=_CLAUSE, find=_undergoes, test="Polen wurde scharf kritisiert."),
    Row(
        name="undergoes, theirs",
        side=BEARS,
        kinds=_CLAUSE,
        find=_theirs,
        guesses=_GUESSED - {"topic"} | {"locative"},
        test="Die polnische Entscheidung wurde scharf kritisiert.",
    ),
    Row(name="threatened", side=BEARS, kinds=_CLAUSE, find=_threatened, test="Polen drohen neue Strafen der EU."),
    Row(
        name="people of", side=ACTS, kinds=_CLAUSE, find=_people_of, test="Andere europäische Führer wiesen das zurück."
    ),
    Row(
        name="from",
        side=ACTS,
        kinds=_NOUN,
        find=_from,
        guesses=_GUESSED,
        test="Die Kritik aus Warschau riss nicht ab.",
    ),
    Row(
        name="suffers",
        side=BEARS,
        kinds=_NOUN,
        find=_suffers,
        test="Die Ukraine meldete am Morgen 80 Drohnenangriffe.",
    ),
    Row(
        name="answers",
        side=BEARS,
        kinds=_NOUN,
        find=_answers,
        guesses=frozenset(),
        test="Die russische Botschaft in Washington konterte die Vorwürfe der USA.",
    ),
    Row(name="earns", side=BEARS, kinds=_NOUN, find=_earns, test="Berlin erntete dafür Kritik."),
    Row(
        name="no dative",
        side=ACTS,
        kinds=_CLAUSE,
        find=_no_dative,
        test="Budapest dankte der polnische Präsident für die Hilfe.",
    ),
    Row(
        name="beside no dative",
        side=BEARS,
        kinds=_CLAUSE,
        find=_beside_no_dative,
        test="Budapest dankte der polnische Präsident für die Hilfe.",
    ),
    Row(
        name="against",
        side=BEARS,
        kinds=_CLAUSE,
        find=_at_clause,
        guesses=_GUESSED,
        test="Gegen Abgeordnete der EU wurden Verbote verhängt.",
    ),
    Row(
        name="upon",
        side=BEARS,
        kinds=_NOUN,
        find=_at_noun,
        guesses=_GUESSED,
        test="Nach dem Angriff auf Israel gab es viele Tote.",
    ),
    Row(name="adjective", side=ACTS, kinds=_NOUN, find=_adjective, test="Der russische Angriff traf die Ukraine hart."),
    Row(name="genitive", side=ACTS, kinds=_NOUN, find=_genitive, test="Der Angriff Russlands traf die Ukraine hart."),
    Row(
        name="theme",
        side=BEARS,
        kinds=_NOUN,
        find=_theme,
        test="Die Deportation ukrainischer Kinder durch Russland empörte Kiew.",
    ),
)
TOGETHER = frozenset({"joined", "as well"})
"""rows that name all who act"""
_TWICE = frozenset({"suffers", "answers", "next to"}) | TOGETHER
"""rows that count twice: the weights have whoever is a subject act, and alone, which here is wrong"""
_OF_CLAUSE = frozenset(row.name for row in ROWS if row.kinds is _CLAUSE)
UNDERGOES = frozenset({"undergoes", "undergoes, theirs", "receives", "earns", "suffers", "answers"})
"""rows for who bears a passive, or what others say or do"""
