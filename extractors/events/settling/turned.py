"""Who acts and who is acted upon in what is told: rows that set right the sides that the judge believes of a proposal.

An envoy who is summoned does not summon, and what one side promises it promises to the other.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extractors.actors import Mention
from extractors.actors.bodies import BODIES, is_member
from extractors.actors.lexicon import lexicon
from extractors.events.beside import is_behind
from extractors.events.proposing.candidates import SAID
from extractors.events.proposing.directions import UNDERGOES
from extractors.events.proposing.doers import WANTED, with_whom
from extractors.events.reading import Reading, above
from extractors.events.settling import asides
from extractors.events.settling.allies import FOES, helps_its_ally, threatens_no_ally
from extractors.events.settling.asides import is_named
from extractors.events.settling.between import between_whom, each_to_the_other, of_ones_own, whose_it_is
from extractors.events.settling.by_clause import sides_in_clause, who_meets_in_clause
from extractors.events.settling.crowds import arrested_at_home, people_protest
from extractors.events.settling.gapped import without_those_in_gaps
from extractors.events.settling.listed import all_of_a_list
from extractors.events.settling.not_only import not_only
from extractors.events.settling.own_people import own_people
from extractors.events.settling.promises import given_to, promised
from extractors.events.settling.signed import signed_together
from extractors.events.settling.treaties import with_its_partner, with_whom_it_is
from extractors.events.tables import names
from extractors.events.weighing.features import Parties, lists
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Role, Sentence
from extractors.ontology import SYMMETRIC, EventType

_NAMED = 0.5
"""how sure it must be who is named"""
_COLLEAGUES = re.compile(r"(?:^|\w)[Kk]olleg(?:e|en|in|innen)$")
_ENVOY = re.compile(
    r"(?:[Bb]otschafter|[Dd]iplomat|[Gg]esandte|[Gg]eschäftsträger|[Aa]ttaché|[Kk]onsul)(?:in|innen|en|n|r|s)?$"
)
_BY_CAPITALS = SAID | {EventType.COERCE, EventType.SANCTION}
_GIVES = frozenset({EventType.AGREE, EventType.AID})
_OF_BOTH = frozenset({EventType.REQUEST, EventType.AGREE, EventType.SUPPORT, EventType.CONSULT, EventType.STATE})
"""what befalls both who fight"""
_PROPOSES = frozenset({"vorschlagen", "aussprechen"})
_GIVEN = frozenset({EventType.SANCTION, EventType.AID})
_OF_WHOM = ("an", "von", "vom", "bei", "beim")
_POINTING = frozenset({"ART", "PDAT"})
_STATES, _COUNTED = frozenset({"Staaten", "Länder", "Ländern", "Partner"}), frozenset({"CARD", "PIAT", "PIDAT", "ADJA"})
_PRAISES = frozenset({"würdigen", "loben", "begrüßen", "preisen", "rühmen"})
_EFFORTS = ("einsatz", "engagement", "bemühung", "rolle", "haltung", "vermittlung", "verdienst", "beitrag")
_TAKES_OVER = frozenset({"übernehmen", "mittragen", "anschließen"})
_MEMBERS = re.compile(r"Verbündete|Bündnispartner|Mitglied")
_WHITHER = frozenset({"nach", "in", "im"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`sets` gives the sides that are told instead of those that were read, None where the row says nothing; `test` is a sentence of
    which the row says so, of an act of `type`."""

    name: str
    sets: Callable[[Reading, Proposal], Parties | None]
    type: EventType
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Who acts and who is acted upon, and the rows that say so where it is not what was read."""

    parties: Parties
    rows: tuple[str, ...] = ()


def sides_of(read: Reading, p: Proposal) -> Sides:
    """Who acts and who is acted upon in what is told of a proposal; nobody acts where only who bears a passive was read."""
    found = ((row.name, told) for row in ROWS if (told := row.sets(read, p)) is not None)
    name, (who, whom) = next(found, ("", p.parties))
    aside = {code: row.name for code in whom for row in reversed(asides.ROWS) if row.holds(read, p, code)}
    return Sides(
        parties=(who, tuple(code for code in whom if code not in aside)),
        rows=tuple(dict.fromkeys(filter(None, (name, *aside.values())))),
    )


def _of_envoy(read: Reading, p: Proposal) -> Parties | None:
    """An envoy was taken for who acts, to whom something is done: by whoever else is named, or by the state of the place; by nobody
    where there is none."""
    clause, candidate = p.clause, p.candidate
    if clause is None or candidate is None or clause.voice != "passive" or candidate.type is not p.type:
        return None
    if candidate.kind != "verb" or candidate.anchor != clause.head or candidate.trigger is None:
        return None
    sentence, who, subject = p.seen.sentence, p.parties[0], clause.subject
    if subject is None or not any(_ENVOY.search(sentence.tokens[k].text) for k in subject.heads):
        return None
    acted_upon = {m.code for m in read.in_role(sentence, subject)}
    if "obj" not in candidate.trigger.to or not who or not acted_upon.issuperset(who):
        return None
    named = [m.code for m in read.named(sentence, clause.start, clause.end) if m.score >= _NAMED]
    places = [one.place.country for one in read.places[sentence.index] if clause.start <= one.start < clause.end]
    by = next((code for code in (*named, *places) if code and code not in acted_upon), None)
    return ((by,) if by is not None else ()), who


def _undergone(read: Reading, p: Proposal) -> Parties | None:
    """By the capital where it was said or done, else by nobody."""
    clause, who = p.clause, p.parties[0]
    borne = {d.code for d in p.seen.directions.get(p.type, ()) if d.row in UNDERGOES}
    if clause is None or p.parties[1] or not who or not borne.issuperset(who):
        return None
    by = next((code for code in _capitals(read, p) if code not in who), None)
    return ((by,) if by is not None else ()), who


def _capitals(read: Reading, p: Proposal) -> Iterator[str]:
    """Whose capitals the clause of an act names as the place of what is done by words or by order."""
    clause, sentence = p.clause, p.seen.sentence
    if clause is None or p.type not in _BY_CAPITALS:
        return
    # "Bekam aus Ankara ein Ultimatum gestellt": of a participle by itself the clause above names the place.
    around = [clause] if clause.finite or clause.parent is None else [clause, sentence.clauses[clause.parent]]
    for place in read.places[sentence.index]:
        inside = any(one.start <= place.start < one.end for one in around)
        if inside and place.preposition in ("in", "aus"):
            entries = lexicon().phrases.get(sentence.tokens[place.first].text, ())
            yield from (entry.code for words, entry in entries if entry.kind == "capital" and len(words) == 1)


def _colleagues(read: Reading, p: Proposal) -> Parties | None:
    """Colleagues are told by their capitals: "telefonierte mit seinen Kollegen in Moskau und Kiew"."""
    clause, sentence = p.clause, p.seen.sentence
    if p.type is not EventType.CONSULT or clause is None or not p.parties[0]:
        return None
    told = [code for role in clause.roles if role.preposition == "mit" for code in _of_colleagues(sentence, role)]
    return (tuple(sorted({*p.parties[0], *told})), ()) if {*told} - {*p.parties[0]} else None


def _of_colleagues(sentence: Sentence, role: Role) -> Iterator[str]:
    if not any(_COLLEAGUES.search(sentence.tokens[head].text) for head in role.heads):
        return
    words = [token.text for token in sentence.at(role.start, role.end)]
    for before, word in itertools.pairwise(words):
        capitals = (e.code for whole, e in lexicon().phrases.get(word, ()) if e.kind == "capital" and len(whole) == 1)
        if before in ("in", "aus", "und", ","):
            yield from capitals


def _retaken(read: Reading, p: Proposal) -> Parties | None:
    """Who takes back what was taken is whose it was, where nobody is named who does it: "die Gegenoffensive bei Cherson dauert an"."""
    clause, who, sentence = p.clause, p.parties[0], p.seen.sentence
    if p.type is not EventType.ASSAULT or clause is None or p.candidate is None or not who:
        return None
    begun = clause.object.heads if clause.object is not None else ()
    said = (clause.predicate, *(sentence.tokens[k].lemma.lower() for k in (p.anchor, *begun)))
    if not any(word.endswith(one.lower()) for word in said for one in names("retakes")):
        return None
    owners = {one.place.country for one in read.places[sentence.index] if clause.start <= one.start < clause.end} - {""}
    # "Die Armee" may be either's.
    named = {m.code for m in read.named(sentence, clause.start, clause.end) if m.origin != "coreference"}
    return (tuple(owners), who) if len(owners) == 1 and not {*who} & (owners | named) else None


def _joined_with(read: Reading, p: Proposal) -> Parties | None:
    """Who does it together with the subject acts too, where the reading has but one of them: "beantragte gemeinsam mit Finnland".

    Of 14 acts that a sentence of our labels and the gold set tells so (meetings and agreements apart) 13 are told of both.
    """
    (who, whom), clause, sentence = p.parties, p.clause, p.seen.sentence
    if clause is None or p.type is EventType.AGREE or (p.candidate is not None and p.candidate.kind == "noun"):
        return None
    # "Hat sich gemeinsam mit Riga entschlossen, … zu beantragen": the clause above may say so.
    for one in (clause, *itertools.islice(above(sentence, clause), 1)):
        joined = [m for m in with_whom(read, sentence, one) if m.score >= _NAMED]
        if not joined or one.voice == "passive":
            continue
        doing = _doing(read, sentence, one, joined[0]) | {m.code for m in joined}
        if {*who} & doing and doing - {*who}:
            return tuple(sorted({*who} | doing)), tuple(code for code in whom if code not in doing)
    return None


def _doing(read: Reading, sentence: Sentence, clause: Clause, joined: Mention) -> set[str]:
    """Who acts in a clause: its subject; where that names nobody, who stands without a preposition before somebody that is joined to
    him, if only one does; else the subject of the clause above."""
    named = [m for m in read.named(sentence, clause.start, joined.start) if m.kind != "adjective"]
    before = {m.code for m in named if not any(t.tag.startswith("APP") for t in sentence.before(m.start)[-2:])}
    own, *higher = (
        {m.code for m in read.in_role(sentence, one.subject) if m.score >= _NAMED}
        for one in (clause, *itertools.islice(above(sentence, clause), 1))
    )
    return own or (before if len(before) == 1 else set[str]()) or next(iter(higher), set())


def _own_members(read: Reading, p: Proposal) -> Parties | None:
    """A body that asks its own members, who are told as itself (codebook, section 4): "die NATO rief die Verbündeten auf"."""
    clause, who = p.clause, p.parties[0]
    if p.type is not EventType.REQUEST or clause is None or clause.voice == "passive" or len(who) != 1:
        return None
    asked = (role for role in clause.roles if role.name in ("object", "recipient") or role.preposition == "an")
    heads = {head for role in asked for head in role.heads}
    tokens = p.seen.sentence.tokens
    named = {
        m.code for head in heads for m in read.at_token(p.seen.sentence, head) if _MEMBERS.match(tokens[head].text)
    }
    return (who, who) if named == {*who} and who != p.parties[1] else None


def _own_body(read: Reading, p: Proposal) -> Parties | None:
    """Who speaks for a body that, so he says, must do something: "die EU müsse zusammenstehen, forderte die Kommission"."""
    who, whom = p.parties
    if p.type is not EventType.REQUEST or len(who) != 1 or who == whom or not BODIES.issuperset(who):
        return None
    sentence = p.seen.sentence
    wanted = [one for one in sentence.clauses if one.modal in WANTED and one.voice == "active"]
    doing = [one for one in wanted if [m.code for m in read.named(sentence, one.start, one.end)][:1] == [*who]]
    doing = [one for one in doing if {m.code for m in read.in_role(sentence, one.subject)} == {*who}]
    # "Von Moskau forderte die NATO, sie müsse …": who is named outside is asked.
    outside = {m.code for m in read.mentions[sentence.index] if not any(c.start <= m.start < c.end for c in doing)}
    return (who, who) if doing and outside.isdisjoint(whom) else None


def _among_themselves(read: Reading, p: Proposal) -> Parties | None:
    """What a body of the EU proposes, or demands of what is the EU's to give, it asks of the EU: "die Kommission schlug ein Embargo vor".

    In 33 of the 66 demands of the EU alone in our labels the EU is asked itself; the others name whom they ask.
    """
    (who, whom), clause = p.parties, p.clause
    if p.type is not EventType.REQUEST or who != ("EU",) or who == whom or p.candidate is None or clause is None:
        return None
    proposed = clause.predicate in _PROPOSES or p.seen.sentence.tokens[p.anchor].lemma.lower().endswith("vorschlag")
    given = any(c.kind == "noun" and c.type in _GIVEN for c in p.seen.candidates)
    return (who, who) if (proposed or given) and not any(_is_asked(read, p, code) for code in whom) else None


def _is_asked(read: Reading, p: Proposal, code: str) -> bool:
    """Whether somebody stands where one stands who is asked: as the verb's object, behind "an" or "von", or as who must do it."""
    sentence, clause = p.seen.sentence, p.clause
    if any(is_behind(sentence, m, _OF_WHOM) for m in read.mentions[sentence.index] if m.code == code):
        return True
    roles = [one.subject for one in sentence.clauses]
    if clause is not None:
        roles += [clause.object, clause.recipient]
    heads = {head for role in roles if role is not None for head in role.heads}
    return any(m.code == code for head in heads for m in read.at_token(sentence, head))


def _unnamed_states(read: Reading, p: Proposal) -> Parties | None:
    """Who gives something is states that nobody names, and not who gets it: "mehr als 20 Staaten haben Kiew Waffen zugesagt"."""
    clause, sentence = p.clause, p.seen.sentence
    if p.type not in _GIVES or clause is None or not _are_unnamed(read, p, clause):
        return None
    named = read.named(sentence, clause.start, clause.end)
    said = p.seen.said.code if p.seen.said is not None else ""
    told = (m.code for m in named if m.code != said and m.code in {*p.parties[0], *p.parties[1]})
    given = tuple(dict.fromkeys(told)) or p.parties[1]
    return (("WEST",), given) if given else None


def _unnamed_states_meet(read: Reading, p: Proposal) -> Parties | None:
    """ "Vertreter von 35 Staaten berieten in Paris über Garantien für Kiew": whom they only speak of does not meet."""
    clause = p.clause
    if p.type is not EventType.CONSULT or clause is None or not _are_unnamed(read, p, clause):
        return None
    named = read.named(p.seen.sentence, clause.start, clause.end)
    with_them = {m.code for m in named if is_behind(p.seen.sentence, m, ("mit",))}
    return tuple(sorted({"WEST", *with_them} & {"WEST", *p.parties[0]})), ()


def _are_unnamed(read: Reading, p: Proposal, clause: Clause) -> bool:
    """Whether the subject of an act's verb is so and so many states, and none is named before the verb or in the subject."""
    sentence = p.seen.sentence
    finite = next((k for k in clause.verbs if sentence.tokens[k].tag.endswith("FIN")), None)
    if finite is None or p.candidate is None or p.anchor not in clause.verbs or clause.voice == "passive":
        return False
    subject, end = clause.subject, sentence.tokens[finite].start
    spans = [(clause.start, end)] + ([(subject.start, subject.end)] if subject is not None else [])
    if subject is not None and any(end <= m.start for m in read.in_role(sentence, subject)):
        return False
    return any(_counts_states(read, sentence, start, stop) for start, stop in spans)


def _counts_states(read: Reading, sentence: Sentence, start: int, stop: int) -> bool:
    """Whether states are counted, and not pointed back to: "die drei Länder" have been named."""
    words = sentence.at(start, stop)
    counted = any(one.tag in _COUNTED and two.text in _STATES for one, two in itertools.pairwise(words))
    known = any(one.tag in _POINTING and two.tag in _COUNTED for one, two in itertools.pairwise(words))
    if not counted or known or words[0].tag.startswith("APP"):
        return False
    return not any(m.kind != "adjective" for m in read.named(sentence, start, stop))


def _both_meant(read: Reading, p: Proposal) -> Parties | None:
    """Upon two, where a sentence names neither and the article names the one that was read with the other at least as often as
    without him: "Ankara blockierte den Beitritt".

    Of 7 such acts in our labels that were taken to befall one of two 7 befall both. Foes are named together in each report of their
    talks: "die EU verlängerte die Sanktionen" hits but one of them. Of acts beside talks and statements that befall both sides of four
    wars 40 are demands, promises or support, and ten all others.
    """
    who, whom = p.parties
    if p.type in SYMMETRIC or len(whom) != 1 or is_named(read, p, whom[0]):
        return None
    told = [s for s in read.document.sentences if any(m.code == whom[0] for m in read.mentions[s.index])]
    listed = [{m.code for m in group} for s in told for group in lists(read, s)]
    beside = Counter(code for codes in listed if whom[0] in codes for code in codes - {*who, *whom})
    named = sum(m.code == whom[0] and m.origin != "topic" for s in told for m in read.mentions[s.index])
    others = [
        code for code, times in beside.items() if times > 1 and times * 2 >= named and not is_named(read, p, code)
    ]
    if p.type not in _OF_BOTH:
        others = [code for code in others if {code, *whom} not in FOES]
    return (who, tuple(sorted({*whom, *others}))) if others else None


def _praised(read: Reading, p: Proposal) -> Parties | None:
    """Whose efforts are praised, and not for whom he makes them: "lobte Macrons Einsatz für Kiew". So in two of the three such acts
    of our labels and the gold set; the third tells whose efforts they are."""
    clause, sentence = p.clause, p.seen.sentence
    if p.type is not EventType.SUPPORT or clause is None or clause.predicate not in _PRAISES or clause.object is None:
        return None
    tokens = sentence.tokens
    effort = next((tokens[k] for k in clause.object.heads if tokens[k].lemma.lower().endswith(_EFFORTS)), None)
    if effort is None:
        return None
    before = sentence.before(effort.start)
    own = read.named(sentence, before[-1].start, before[-1].end) if before else ()
    whose = tuple(m.code for m in own if m.kind != "adjective" and m.code not in p.parties[0])
    return (p.parties[0], whose) if whose else None


def _takes_over(read: Reading, p: Proposal) -> Parties | None:
    """Who takes over the sanctions of others imposes them: "die Schweiz übernahm die Sanktionen der EU"."""
    clause, candidate = p.clause, p.candidate
    if p.type is not EventType.SANCTION or clause is None or candidate is None or candidate.kind != "noun":
        return None
    if clause.predicate not in _TAKES_OVER or clause.negated or clause.voice == "passive":
        return None
    who = tuple(dict.fromkeys(m.code for m in read.in_role(p.seen.sentence, clause.subject)))
    whom = tuple(code for code in p.parties[1] if code not in who)
    return (who, whom) if who and who != p.parties[0] else None


def _hosted(read: Reading, p: Proposal) -> Parties | None:
    """An ally to whom troops are sent is where they go; the signal is meant for Russia, if the article speaks of it (codebook, section 5)."""
    who, whom = p.parties
    if p.type is not EventType.MOBILIZE or not who or not whom or {*whom} & {*who}:
        return None
    sentence, on = p.seen.sentence, read.dated.date()
    going = {one.place.country for one in read.places[sentence.index] if one.preposition in _WHITHER}
    if not going.issuperset(whom):
        return None
    if not all(code == "NATO" or is_member(code, "NATO", on) for code in (*who, *whom)):
        return None
    return who, ("RUS",) if read.counts["RUS"] else ()


def _own_people(read: Reading, p: Proposal) -> Parties | None:
    return own_people(p)


ROWS = (
    Row(
        name="the people demonstrate",
        sets=people_protest,
        type=EventType.PROTEST,
        test="Vor der iranischen Botschaft in Warschau demonstrierten am Montag Hunderte.",
    ),
    Row(
        name="arrested at home",
        sets=arrested_at_home,
        type=EventType.COERCE,
        test="In Russland wurden am Montag bei Protesten gegen die Mobilmachung Hunderte Menschen festgenommen.",
    ),
    Row(
        name="hosted by an ally",
        sets=_hosted,
        type=EventType.MOBILIZE,
        test="Die USA verlegten Soldaten nach Polen.",
    ),
    Row(
        name="helps its ally",
        sets=helps_its_ally,
        type=EventType.AID,
        test="Russland überfiel die Ukraine. Nordkorea half dem Aggressor mit Munition.",
    ),
    Row(
        name="threatens no ally",
        sets=threatens_no_ally,
        type=EventType.MOBILIZE,
        test="Russland griff an. Belarus versetzte eine seiner Militäreinheiten in Alarmbereitschaft.",
    ),
    Row(
        name="asks its own people",
        sets=_own_people,
        type=EventType.REQUEST,
        test="Norwegen rief seine Bürger auf, Belarus zu verlassen.",
    ),
    Row(
        name="named by its own clause",
        sets=sides_in_clause,
        type=EventType.AID,
        test="Die Regierung in Minsk lieferte China Panzer, während Polen Estland Haubitzen lieferte.",
    ),
    Row(
        name="meets in its own clause",
        sets=who_meets_in_clause,
        type=EventType.CONSULT,
        test="Während Norwegen mit der Ukraine sprach, beschoss Russland die Stadt Odessa.",
    ),
    Row(
        name="between whom it is",
        sets=between_whom,
        type=EventType.CONSULT,
        test="Norwegen schlug nach den Gesprächen zwischen Polen und Georgien einen Gipfel vor.",
    ),
    Row(
        name="whose meeting it is",
        sets=whose_it_is,
        type=EventType.CONSULT,
        test="Beim Treffen von Polen und Norwegen in Genf hat die EU neue Sanktionen verhängt.",
    ),
    Row(
        name="one's own talks with somebody",
        sets=of_ones_own,
        type=EventType.CONSULT,
        test="Norwegens Minister unterrichtete Polen über seine Gespräche mit Georgien.",
    ),
    Row(
        name="each does it to the other",
        sets=each_to_the_other,
        type=EventType.ACCUSE,
        test="Armenien und Aserbaidschan beschuldigten sich gegenseitig.",
    ),
    Row(
        name="without who does the same behind a comma",
        sets=without_those_in_gaps,
        type=EventType.AGREE,
        test="Norwegen sagte dem Iran Panzer zu, die Regierung in Riga Munition.",
    ),
    Row(
        name="an envoy bears it",
        sets=_of_envoy,
        type=EventType.ACCUSE,
        test="Der norwegische Botschafter wurde in Ankara einbestellt.",
    ),
    Row(
        name="only who bears it is told",
        sets=_undergone,
        type=EventType.ACCUSE,
        test="Die polnische Entscheidung wurde in Moskau scharf kritisiert.",
    ),
    Row(
        name="asks its own members",
        sets=_own_members,
        type=EventType.REQUEST,
        test="Die NATO forderte die Verbündeten auf, Kiew zu helfen.",
    ),
    Row(
        name="asks its own body",
        sets=_own_body,
        type=EventType.REQUEST,
        test="Die EU müsse zusammenstehen, forderte EU-Ratspräsident Charles Michel.",
    ),
    Row(
        name="asks among themselves",
        sets=_among_themselves,
        type=EventType.REQUEST,
        test="Russland griff an. Die EU-Kommission hat am Montag ein neues Gesetz vorgeschlagen.",
    ),
    Row(
        name="states that are not named give",
        sets=_unnamed_states,
        type=EventType.AGREE,
        test="Mehr als 20 Staaten haben der Ukraine Waffen zugesagt.",
    ),
    Row(
        name="states that are not named meet",
        sets=_unnamed_states_meet,
        type=EventType.CONSULT,
        test="Vertreter von 35 Staaten sind in Warschau zu Gesprächen über die Ukraine zusammengekommen.",
    ),
    Row(
        name="colleagues in their capitals",
        sets=_colleagues,
        type=EventType.CONSULT,
        test="Mit seinen Amtskollegen in Oslo und Minsk telefonierte Lawrow am Montag.",
    ),
    Row(
        name="takes its own back",
        sets=_retaken,
        type=EventType.ASSAULT,
        test="Russland griff an. Die Armee hat Isjum in der Ukraine zurückerobert.",
    ),
    Row(
        name="whose efforts are praised",
        sets=_praised,
        type=EventType.SUPPORT,
        test="Norwegen lobte Erdogans Einsatz für die Ukraine.",
    ),
    Row(
        name="takes over what others impose",
        sets=_takes_over,
        type=EventType.SANCTION,
        test="Die Schweiz übernimmt alle Sanktionen der EU gegen Russland.",
    ),
    Row(
        name="all who sign a treaty",
        sets=signed_together,
        type=EventType.SUPPORT,
        test="Norwegen hat ein Abkommen mit Polen über Gas unterzeichnet.",
    ),
    Row(
        name="with whom the treaty is",
        sets=with_whom_it_is,
        type=EventType.SANCTION,
        test="Estland und Lettland haben in Wien beraten. Russland hat den Vertrag New Start ausgesetzt.",
    ),
    Row(
        name="with whom the treaty is that is left",
        sets=with_its_partner,
        type=EventType.SANCTION,
        test="Moskau hatte den von der Türkei und der UNO vermittelten Vertrag mit Georgien im Juli aufgekündigt.",
    ),
    Row(
        name="agreed on for somebody",
        sets=given_to,
        type=EventType.AGREE,
        test="Die EU einigte sich auf neue Hilfen für die Ukraine.",
    ),
    Row(
        name="who does it with the subject",
        sets=_joined_with,
        type=EventType.REQUEST,
        test="Estland hat im Mai 2022 gemeinsam mit Norwegen die Mitgliedschaft in der NATO beantragt.",
    ),
    Row(
        name="not only the one, the other too",
        sets=not_only,
        type=EventType.REQUEST,
        test="Nicht nur Polen, auch Litauen forderte mehr Waffen für die Ukraine.",
    ),
    Row(
        name="all of a list",
        sets=all_of_a_list,
        type=EventType.THREATEN,
        test="Russland drohte Finnland, Schweden und den baltischen Staaten mit Gegenmaßnahmen.",
    ),
    Row(
        name="promised to the other side",
        sets=promised,
        type=EventType.AGREE,
        test="Norwegen sagt der Ukraine sieben Milliarden Euro zu.",
    ),
    Row(
        name="both that are named together",
        sets=_both_meant,
        type=EventType.REJECT,
        test="Die Anträge von Georgien und Moldau liegen vor. Georgien und Moldau warten. Ungarn hat die Aufnahme blockiert.",
    ),
)
"""the first that holds says who acts"""
