"""What is proposed and is no act of its own, and the row that says so: a guest who is greeted, a road that people block, what somebody only
speaks of."""

from __future__ import annotations

import re

from extractors.actors.bodies import BODIES
from extractors.events.attaching.standing import left_open
from extractors.events.beside import lead_of
from extractors.events.lexicon import lexicon
from extractors.events.proposing.candidates import SAID, claims
from extractors.events.proposing.contents import row_of
from extractors.events.proposing.directions import domestic, only_told_of
from extractors.events.proposing.meeting_words import names_meeting
from extractors.events.proposing.tellers import DEEDS, UNARMED
from extractors.events.settling.demonstrations import people_block
from extractors.events.settling.own_people import asks_at_home, asks_own_people
from extractors.events.settling.strangers import Row, of_a_stranger
from extractors.events.settling.undone import undone
from extractors.events.tables import names
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause
from extractors.ontology import EventType
from extractors.speech.lexicon import lexicon as speech

_TOLD_ON = frozenset({"mitteilen", "ankündigen", "sagen", "bestätigen", "erklären", "verkünden", "berichten"})
"""what is done to an act that the sentence before tells; who decides on it may have met ("Das beschlossen die Minister in Prag")"""
_OFFICIAL = re.compile(
    r"(?i)(?:chef|minister|kommandeur|kommandant|general|botschafter|sekretär|berater|beamte)(?:in|s|n|en)?$"
)
_SPEAKS = frozenset({"sprechen", "reden"})
_CONVEYED = frozenset({"eindruck", "gefühl", "bild", "botschaft", "wissen", "wert", "inhalt"})
_THE_PRESS = frozenset({"Presse", "Kameras", "Kamera", "Journalisten", "Medien", "Mikrofone", "Öffentlichkeit"})
_FOR_THE_PRESS = frozenset({"Stellungnahme", "Kommentar", "Auskunft", "Stellung"})
_REFUSES = frozenset({"ablehnen", "verweigern"})
_ACCUSES = frozenset({"vorwerfen", "vorhalten", "beschuldigen", "bezichtigen", "anlasten", "unterstellen"})
_COMMENTS = frozenset({"kommentieren", "äußern"})
_GIVES = frozenset({"abgeben", "nehmen"})
_RUNS_OUT = frozenset({"auslaufen", "ablaufen"})
_SUCCESS = re.compile(r"(?:[Ss]ieg|[Ee]rfolg|[Tt]riumph|[Dd]urchbruch|[Nn]iederlage|[Vv]orteil)(?:e?s|en?)?$")
_OBJECTS = re.compile(
    r"(?:[Vv]orbehalte?|[Ww]iderstand|[Vv]etos?|[Bb]edenken|[Ee]inw[aä]nde?|[Bb]lockade|[Ee]inspruch)$"
)
_OVER = frozenset({"after:gegen", "after:über", "after:gegenüber"})
"""where somebody stands over whom others have won"""
_PEOPLE = frozenset({"person", "office", "pronoun"})
_OWN_COUNCIL = re.compile(
    r"(?:Sicherheits|Kriegs)?[Kk]abinett(?:s?sitzung)?|Sicherheitsrat|Krisenstab|Regierungssitzung"
)
"""with whom a government meets at home"""


def no_act(p: Proposal) -> str:
    """Why something is no act of its own, "" where it is one: a row of these, the content of a demand or refusal ("schlug einen Gipfel
    vor"; codebook, section 2), what is taken back, and what somebody does whom no table has."""
    if ours := next((row.name for row in ROWS if row.holds(p)), ""):
        return ours
    content = row_of(p.candidate, p.seen.sentence)
    if content is not None and not content.leaves:
        return content.name
    return undone(p) or of_a_stranger(p) or only_told_of(p.seen.directions.get(p.type, ()), p.parties[0])


def _attacks_nobody(p: Proposal) -> bool:
    """Who was spoken of before somebody was killed, by whom nobody says."""
    return p.type is EventType.ASSAULT and bool(p.parties[0]) and UNARMED.issuperset(p.parties[0])


def _moves_a_meeting(p: Proposal) -> bool:
    """ "Verlegen ihre Gespräche nach Wien": no troops, but a meeting."""
    if p.type is not EventType.MOBILIZE or p.candidate is None or p.candidate.kind != "verb" or p.clause is None:
        return False
    tokens, moved = p.seen.sentence.tokens, "subject" if p.clause.voice == "passive" else "object"
    return any(names_meeting(tokens[head]) for role in p.clause.roles if role.name == moved for head in role.heads)


def _is_domestic(p: Proposal) -> bool:
    """Whether it is a quarrel at home. That people demonstrate against their own state labels tell."""
    against_state = p.type is EventType.PROTEST and all("-" not in code for code in p.parties[1])
    return domestic(*p.parties) and not against_state and not asks_own_people(p)


def _is_asked_to_refuse(p: Proposal) -> bool:
    """ "Rief dazu auf, dem Druck nicht nachzugeben": what others are asked to refuse nobody has refused (codebook, section 2)."""
    clause, candidate = p.clause, p.candidate
    if p.type is not EventType.REJECT or clause is None or clause.kind != "infinitive" or clause.parent is None:
        return False
    asks = lexicon().verbs.get(p.seen.sentence.clauses[clause.parent].predicate, ())
    own = candidate is not None and candidate.kind == "verb" and candidate.anchor == clause.head
    return own and any(row.type is EventType.REQUEST for row in asks)


def _nobody_refuses(p: Proposal) -> bool:
    """ "Schloss ein Treffen nicht aus" (codebook, section 2)."""
    sentence = p.seen.sentence
    told_in = (p.clause,) if p.candidate is not None else sentence.clauses
    return p.type is EventType.REJECT and any(left_open(sentence, clause) for clause in told_in)


def _meets_its_own(p: Proposal) -> bool:
    """Whether a government but meets with its own: "beriet sich mit seinem Sicherheitsrat". None of four such in our labels is a meeting."""
    who = {*p.parties[0], *p.parties[1]}
    if p.type is not EventType.CONSULT or len(who) != 1 or who <= BODIES:
        return False
    return any(_OWN_COUNCIL.fullmatch(token.lemma) for token in p.seen.sentence.tokens)


def _main_clause_tells(p: Proposal) -> bool:
    """Who tells of a deed that no row sees has not done it: "Georgien meldete den Absturz einer Drohne". Of a clause beneath somebody
    else may be the subject, or the same ("meldete, dass es … zerstört habe")."""
    only = _only_clause(p)
    if p.type not in DEEDS or p.candidate is not None or not p.parties[0] or only is None:
        return False
    if any(claims(only, token) for token in p.seen.sentence.tokens):
        return False
    tells = only.predicate in (names("tells") | names("judges")) & speech().verbs.keys()
    return tells and all("main-subject" in p.seen.flags.get(code, ()) for code in p.parties[0])


def _greets_a_guest(p: Proposal) -> bool:
    """Whether people are welcomed, and no decision: "begrüßte Putin in Peking" tells a meeting."""
    clause, candidate = p.clause, p.candidate
    if p.type is not EventType.SUPPORT or candidate is None or candidate.rule != "verb:begrüßen" or clause is None:
        return False
    heads = clause.object.heads if clause.object is not None else ()
    greeted = [p.seen.sentence.tokens[head] for head in heads]
    guests = [m for m in candidate.mentions if m.code in p.parties[1]]
    return any(
        m.start <= one.start < m.end and (m.kind in _PEOPLE or one.tag == "PIS") for m in guests for one in greeted
    )


def _says_who_told_it(p: Proposal) -> bool:
    """Whether a sentence but says who told what the one before tells: no row sees a meeting there."""
    first = p.seen.sentence.tokens[0]
    if p.type is not EventType.CONSULT or p.candidate is not None or first.tag != "PDS":
        return False
    only = _only_clause(p)
    return only is not None and only.predicate in _TOLD_ON


def _speaks_of_success(p: Proposal) -> bool:
    """Whether who is told to have been beaten is but told so: "sprach von einem Sieg gegen Moskau" accuses nobody."""
    clause = p.clause
    if p.type not in SAID or clause is None or clause.predicate not in _SPEAKS or not p.parties[1]:
        return False
    told = [head for role in clause.roles if role.preposition in ("von", "vom") for head in role.heads]
    if not any(_SUCCESS.search(p.seen.sentence.tokens[head].text) for head in told):
        return False
    return all(_OVER & p.seen.flags.get(code, frozenset()) for code in p.parties[1])


def _dismisses(p: Proposal) -> bool:
    """Whether who is let go is let go from an office, and not from prison: "entließ den Geheimdienstchef"."""
    clause = p.clause
    if p.type is not EventType.RETREAT or clause is None or clause.predicate != "entlassen":
        return False
    role = clause.subject if clause.voice == "passive" else clause.object
    heads = role.heads if role is not None else ()
    return any(_OFFICIAL.search(p.seen.sentence.tokens[head].text) for head in heads)


def _conveys(p: Proposal) -> bool:
    """Whether something is conveyed and nobody goes between others: "vermittelte den Eindruck, …". Talks may convey it."""
    clause, candidate = p.clause, p.candidate
    if candidate is None or candidate.rule != "verb:vermitteln" or clause is None:
        return False
    if any(one.type is p.type and one.rule != candidate.rule for one in p.seen.candidates):
        return False
    # Of "diesen Eindruck versucht Putin zu vermitteln" the clause above has the object.
    over = p.seen.sentence.clauses[clause.parent] if clause.parent is not None else clause
    return any(p.seen.sentence.tokens[k].lemma.lower() in _CONVEYED for k in (*over.tokens, *clause.tokens))


def _speaks_of_meeting(p: Proposal) -> bool:
    """Whether somebody speaks of talks with others, and not with them: "sprach von Verhandlungen mit den USA"."""
    clause, candidate = p.clause, p.candidate
    if p.type is not EventType.CONSULT or candidate is None or candidate.kind != "verb" or clause is None:
        return False
    if clause.predicate not in _SPEAKS or candidate.anchor != clause.head:
        return False
    told = [head for role in clause.roles if role.preposition in ("von", "vom") for head in role.heads]
    return any(names_meeting(p.seen.sentence.tokens[head]) for head in told)


def _asked_by_the_press(p: Proposal) -> bool:
    """ "Antwortete nicht auf eine Bitte um Auskunft": the newsroom asks."""
    asks = p.type in (EventType.REQUEST, EventType.REJECT) and p.candidate is not None and p.candidate.kind == "noun"
    return asks and any(token.lemma in _FOR_THE_PRESS for token in p.seen.sentence.tokens[p.anchor + 1 :])


def _says_nothing(p: Proposal) -> bool:
    """ "Lehnte einen Kommentar ab", "wollte sich zu dem Angriff nicht äußern", and no more. Of 32 such sentences in our labels and the gold
    set two are told as a refusal."""
    clause = p.clause or _only_clause(p)
    if clause is None or any(
        one.finite and one.kind == "main" and one is not clause for one in p.seen.sentence.clauses
    ):
        return False
    says_so = p.type in (EventType.STATE, EventType.REJECT)
    own = [p.seen.sentence.tokens[k] for k in clause.tokens]
    for_the_press = any(token.lemma in _FOR_THE_PRESS for token in own)
    if clause.predicate in _REFUSES or (clause.negated and clause.predicate in _GIVES):
        return says_so and for_the_press
    # "Äußerte keine Kritik" is another matter.
    named = p.candidate is not None and p.candidate.kind == "noun" and any(token.text == "sich" for token in own)
    return clause.negated and clause.predicate in _COMMENTS and (says_so or named)


def _only_clause(p: Proposal) -> Clause | None:
    finite = [clause for clause in p.seen.sentence.clauses if clause.finite]
    return finite[0] if len(finite) == 1 else None


def _faces_the_press(p: Proposal) -> bool:
    """ "Trat mit Blinken vor die Presse": they speak to others, and not to each other."""
    clause, tokens = p.clause or _only_clause(p), p.seen.sentence.tokens
    if (
        p.type is not EventType.CONSULT
        or clause is None
        or clause.predicate != "treten"
        or p.anchor not in clause.verbs
    ):
        return False
    return any(
        tokens[k].text in _THE_PRESS and "vor" in (t.text for t in tokens[max(0, k - 2) : k]) for k in clause.tokens
    )


def _runs_out(p: Proposal) -> bool:
    """An agreement that ends by itself: nobody makes one, and nobody meets."""
    clause = p.clause or _only_clause(p)
    return p.type in (EventType.AGREE, EventType.CONSULT) and clause is not None and clause.predicate in _RUNS_OUT


def _is_left_open(p: Proposal) -> bool:
    """ "Ließ offen, ob er die Einladung annimmt": what is done by saying so is not said."""
    clause, tokens = p.clause, p.seen.sentence.tokens
    if p.type not in SAID or clause is None or clause.marker != "ob":
        return False
    over = [one for one in p.seen.sentence.clauses if one.predicate in ("lassen", "offenlassen") and one is not clause]
    return any(one.predicate == "offenlassen" or any(tokens[k].text == "offen" for k in one.tokens) for one in over)


def _is_laid_to_another(p: Proposal) -> bool:
    """ "Washington warf Moskau vor, Panzer geschickt zu haben": who accuses somebody of it has not done it."""
    clause, candidate, clauses = p.clause, p.candidate, p.seen.sentence.clauses
    if clause is None or clause.finite or clause.parent is None or candidate is None or candidate.anchor != clause.head:
        return False
    flags = [p.seen.flags.get(code, ()) for code in p.parties[0]]
    return clauses[clause.parent].predicate in _ACCUSES and all("subject" in one for one in flags)


def _is_objected_to(p: Proposal) -> bool:
    """ "Gab seinen Vorbehalt gegen das Sanktionspaket auf": who objects to sanctions, or no longer does, imposes none."""
    candidate, tokens = p.candidate, p.seen.sentence.tokens
    if p.type is not EventType.SANCTION or candidate is None or candidate.kind != "noun":
        return False
    lead = lead_of(p.seen.sentence, candidate.anchor)
    return lead is not None and lead.i > 0 and lead.text == "gegen" and bool(_OBJECTS.search(tokens[lead.i - 1].text))


ROWS = (
    Row(
        name="objected to",
        holds=_is_objected_to,
        type=EventType.SANCTION,
        test="Der slowakische Ministerpräsident gab am Montag seinen Vorbehalt gegen das neue Sanktionspaket auf.",
    ),
    Row(
        name="laid to another",
        holds=_is_laid_to_another,
        type=EventType.AID,
        test="Oslo warf Moskau vor, Panzer in die Ukraine geschickt zu haben.",
    ),
    Row(
        name="says nothing to it",
        holds=_says_nothing,
        type=EventType.REJECT,
        test="Das norwegische Außenministerium lehnte einen Kommentar ab.",
    ),
    Row(
        name="faces the press",
        holds=_faces_the_press,
        type=EventType.CONSULT,
        test="Lambrecht will am Mittag mit Blinken in Ramstein vor die Presse treten.",
    ),
    Row(
        name="an agreement runs out",
        holds=_runs_out,
        type=EventType.AGREE,
        test="Der Vertrag zwischen der Ukraine und Russland über den Transit läuft aus.",
    ),
    Row(
        name="left open",
        holds=_is_left_open,
        type=EventType.AGREE,
        test="Erdogan ließ offen, ob er die Einladung Putins annimmt.",
    ),
    Row(
        name="conveys something",
        holds=_conveys,
        type=EventType.CONSULT,
        test="Putin versuchte, der Ukraine den Eindruck von Ruhe zu vermitteln.",
    ),
    Row(
        name="speaks of a meeting",
        holds=_speaks_of_meeting,
        type=EventType.CONSULT,
        test="Lawrow sprach von einem Treffen mit Blinken in Genf.",
    ),
    Row(
        name="the newsroom asks",
        holds=_asked_by_the_press,
        type=EventType.REQUEST,
        test="Die norwegische Botschaft in Ankara antwortete nicht auf eine Bitte um Auskunft.",
    ),
    Row(
        name="greets a guest",
        holds=_greets_a_guest,
        type=EventType.SUPPORT,
        test="Xi hat den russischen Präsidenten Putin am Flughafen begrüßt.",
    ),
    Row(
        name="lets go from an office",
        holds=_dismisses,
        type=EventType.RETREAT,
        test="Selenskyj hat den Chef der ukrainischen Marine entlassen.",
    ),
    Row(
        name="speaks of a success over somebody",
        holds=_speaks_of_success,
        type=EventType.SUPPORT,
        test="Der ukrainische Minister sprach von einem Sieg gegen Moskau.",
    ),
    Row(
        name="only says who told it",
        holds=_says_who_told_it,
        type=EventType.CONSULT,
        test="Das teilte der norwegische Außenminister am Montag in Kopenhagen mit.",
    ),
    Row(
        name="attacks nobody",
        holds=_attacks_nobody,
        type=EventType.ASSAULT,
        test="Die OSZE griff Russland an.",
    ),
    Row(
        name="people block a road",
        holds=people_block,
        type=EventType.COERCE,
        test="Polnische Bauern blockierten die Grenze zur Ukraine.",
    ),
    Row(
        name="meets with its own",
        holds=_meets_its_own,
        type=EventType.CONSULT,
        test="Putin beriet sich am Montag mit seinem Sicherheitsrat.",
    ),
    Row(
        name="moves a meeting",
        holds=_moves_a_meeting,
        type=EventType.MOBILIZE,
        test="Russland und die USA verlegen ihre Gespräche von Genf nach Wien.",
    ),
    Row(
        name="all parties of one country",
        holds=_is_domestic,
        type=EventType.ACCUSE,
        test="Warschau warf der polnischen Opposition Verrat vor.",
    ),
    Row(
        name="asks its own people, at home",
        holds=asks_at_home,
        type=EventType.REQUEST,
        test="Warschau rief seine Bürger auf, Ruhe zu bewahren.",
    ),
    Row(
        name="asked to refuse",
        holds=_is_asked_to_refuse,
        type=EventType.REJECT,
        test="Kallas rief dazu auf, dem Druck Moskaus nicht nachzugeben.",
    ),
    Row(
        name="nobody refuses",
        holds=_nobody_refuses,
        type=EventType.REJECT,
        test="Paris schloss Gespräche mit Moskau nicht aus.",
    ),
    Row(
        name="the main clause only tells",
        holds=_main_clause_tells,
        type=EventType.ASSAULT,
        test="Georgien meldete den Absturz einer russischen Drohne auf seinem Gebiet.",
    ),
)
