"""Who is named beside an act and has no part in it, though the judge believes that it befalls him.

Drones are no party to an attack, and sanctions are demanded of others than those whom they hit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from extractors.actors import Mention
from extractors.actors.bodies import BODIES
from extractors.events.beside import LEFT_UNDONE, is_behind
from extractors.events.lexicon import fields_of
from extractors.events.proposing.candidates import SAID
from extractors.events.proposing.doers import MUTUALLY
from extractors.events.proposing.tellers import is_source
from extractors.events.reading import Reading
from extractors.events.weighing.judge import Proposal
from extractors.language import Role, Sentence
from extractors.ontology import EventType

_BY_FORCE = frozenset({EventType.ASSAULT, EventType.MOBILIZE})
_WANTED_OR_NOT = frozenset({EventType.REQUEST, EventType.REJECT, EventType.SUPPORT})
_AGAINST = ("gegen", "auf", "für")
_FOR_OR_AGAINST = frozenset({"gegen", "für"})
_WHAT_IS_WANTED = frozenset({"infinitive", "complement"})
"""clauses that say what a demand or refusal is of"""
_WITHIN_WORDS = frozenset({"compound", "adjective"})
_DONE_TO_HIM = (
    "bestrafung",
    "verurteilung",
    "isolation",
    "isolierung",
    "ächtung",
    "ausschluss",
    "suspendierung",
    "aufnahme",
    "beitritt",
    "mitgliedschaft",
)
"""what others do to somebody, or he does with their leave"""
_BEFALLS = MappingProxyType(
    {
        "": _DONE_TO_HIM,
        "von": _DONE_TO_HIM,
        "vom": _DONE_TO_HIM,
        "mit": ("solidarität",),
        "aus": ("abzug", "rückzug"),
        "auf": ("druck",),
    }
)
"""ends of nouns of what befalls somebody, by the preposition between the two; "" where none is"""
_EXERCISES = ("manöver", "übung")
_UPON = ("auf", "gegen")
_FORCE = ("angriff", "überfall", "anschlag", "anschläge", "attacke", "gewalt", "terror", "beschuss", "aggression", "offensive", "invasion",
          "krieg", "bombardement", "bombardierung", "schlag", "schläge", "sanktion", "embargo", "strafmaßnahme", "vorgehen")  # fmt: skip
_ALL = frozenset({"alle", "allen", "aller"})
_SIDES = frozenset({"Seite", "Partei", "Konfliktpartei", "Kriegspartei", "Beteiligte", "Akteur"})
_TAKES_UP = frozenset({"unterstützen", "teilen", "begrüßen", "befürworten", "gutheißen", "mittragen"})
_REASONS = frozenset({"weil", "da"})
_EXAMPLES = frozenset({"Vorbild", "Muster", "Beispiel", "Modell"})
_BEGS = frozenset({"bitten", "ersuchen", "drängen"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` of who is named beside an act and has no part in it, though the judge believes that it befalls him."""

    name: str
    holds: Callable[[Reading, Proposal, str], bool]
    type: EventType
    test: str


def _is_instrument(read: Reading, p: Proposal, code: str) -> bool:
    """Whether somebody is named by what force is used with, and not otherwise."""
    if p.type not in _BY_FORCE:
        return False
    return _is_always(read, p, code, lambda m: m.kind == "adjective" and _is_with(p.seen.sentence, m))


def _is_with(sentence: Sentence, mention: Mention) -> bool:
    return is_behind(sentence, mention, ("mit", "durch"))


def _is_source(read: Reading, p: Proposal, code: str) -> bool:
    return is_source(read, p.seen.said, p.type, p.seen.sentence, code)


def _punished(read: Reading, p: Proposal, code: str) -> bool:
    """Whether sanctions against somebody or his goods are demanded, refused or supported, which is done to others: "forderte ein Embargo
    gegen Belarus", "lehnte ein Embargo russischer Kohle ab", "schloss sich den Sanktionen gegen Belarus an".

    Of 26 demands and refusals of sanctions in our labels and the gold set none has as its recipient whom they are against.
    """
    clause, sentence = p.clause, p.seen.sentence
    if p.type not in _WANTED_OR_NOT or clause is None:
        return False
    # "Verlangte, die Sanktionen gegen Belarus aufzuheben": what is wanted may be done to them, too.
    clauses = [clause, *(c for c in sentence.clauses if c.parent == clause.index and c.kind in _WHAT_IS_WANTED)]
    wanted = {head for c in clauses for role in c.roles if _tells_what(role) for head in role.heads}
    sanctions = {c.anchor for c in p.seen.candidates if c.type is EventType.SANCTION and c.kind == "noun"} & wanted
    return bool(sanctions) and _is_always(
        read, p, code, lambda m: is_behind(sentence, m, _AGAINST) or _is_of_another(sentence, m, sanctions)
    )


def _tells_what(role: Role) -> bool:
    return role.preposition in _FOR_OR_AGAINST or role.name in ("subject", "object", "recipient")


def _is_of_another(sentence: Sentence, mention: Mention, nouns: set[int]) -> bool:
    """Whether an adjective stands before another noun than one of these: not in "die russischen Sanktionen"."""
    noun = next((t.i for t in sentence.tokens if t.start >= mention.start and t.tag == "NN"), None)
    return mention.kind == "adjective" and noun not in nouns


def _is_for_him(read: Reading, p: Proposal, code: str) -> bool:
    """Whether somebody is only named as for whose sake something is demanded: "forderte Hilfe für Georgien".

    Of 13 such demands told in 788 labelled articles three are labelled, and one of these is made of him, by a part of a word.
    """
    if p.type is not EventType.REQUEST:
        return False
    return _is_always(read, p, code, lambda m: m.kind not in _WITHIN_WORDS and is_behind(p.seen.sentence, m, ("für",)))


def _is_befallen(read: Reading, p: Proposal, code: str) -> bool:
    """Whether what is demanded befalls somebody, who is not asked for it: "forderte die Bestrafung von Belarus", "verlangte den Ausschluss
    Georgiens aus dem Rat", "die Aufnahme Georgiens in die NATO", "Solidarität mit Georgien", "mehr Druck auf Georgien"."""
    if p.type is not EventType.REQUEST:
        return False
    return _is_always(read, p, code, lambda m: _is_done_to(p.seen.sentence, m))


def _is_done_to(sentence: Sentence, mention: Mention) -> bool:
    """Whether what stands right before somebody befalls him: its noun, with an article or its preposition between the two."""
    before = [t for t in sentence.before(mention.start) if not t.tag.startswith(("ADJ", "ART"))][-3:]
    led = bool(before) and before[-1].tag.startswith("APP")
    ends = _BEFALLS.get(before[-1].text.lower() if led else "", ())
    nouns = before[:-1] if led else before[-1:]
    return any(token.tag.startswith("NN") and token.lemma.lower().endswith(ends) for token in nouns)


def _exercises(read: Reading, p: Proposal, code: str) -> bool:
    """Whether troops exercise and nobody is named against whom: "die NATO hielt im Juni ein Manöver ab".

    Of 7 exercises in our labels and the gold set that were taken to be against whom the rest of the article is about, 5 are against
    nobody there, one is against him.
    """
    moved = p.candidate is not None and p.candidate.kind == "verb"
    if p.type is not EventType.MOBILIZE or moved or is_named(read, p, code):
        return False
    return any(token.lemma.lower().endswith(_EXERCISES) for token in p.seen.sentence.tokens)


def _unasked(read: Reading, p: Proposal, code: str) -> bool:
    """Whether something is demanded and a state that nobody names is not asked for it, unless it is peace or a withdrawal, which the
    other side may grant: "Kiew forderte neue Raketen".

    Of 24 such demands in our labels 11 are made of nobody there and 12 of somebody else, mostly the West; who begs or urges has the
    one in mind whom the article is about (2 of 2).
    """
    sentence = p.seen.sentence
    if p.type is not EventType.REQUEST or code in BODIES or code == "WEST" or "-" in code:
        return False
    if sentence.tokens[p.anchor].lemma.lower() in _BEGS or any(is_named(read, p, one) for one in p.parties[1]):
        return False
    lemmas = [token.lemma.lower() for token in sentence.tokens]
    return not any("frieden" in lemma or "withdraw" in fields_of(lemma) for lemma in lemmas)


def _is_a_reason(read: Reading, p: Proposal, code: str) -> bool:
    """Whether somebody is named only where the reason of a refusal is told: "Peking sagte ab, weil Moskau nicht eingeladen ist"."""
    clause, sentence = p.clause, p.seen.sentence
    if p.type is not EventType.REJECT or clause is None or not is_named(read, p, code):
        return False
    reasons = {k for one in sentence.clauses if one.marker in _REASONS and one is not clause for k in one.tokens}
    elsewhere = (k for k in range(len(sentence.tokens)) if k not in reasons)
    return bool(reasons) and all(m.code != code for k in elsewhere for m in read.at_token(sentence, k))


def _is_an_example(read: Reading, p: Proposal, code: str) -> bool:
    """Whether somebody is but an example: "stellte Kiew Garantien nach dem Vorbild Israels in Aussicht"."""
    return _is_always(read, p, code, lambda m: _is_behind_an_example(p.seen.sentence, m))


def _is_behind_an_example(sentence: Sentence, mention: Mention) -> bool:
    before = [t for t in sentence.before(mention.start) if t.tag != "ART" and t.text != "von"][-1:]
    return any(token.text in _EXAMPLES for token in before)


def _of_all(read: Reading, p: Proposal, code: str) -> bool:
    """Whether all sides are called on, and one is only named elsewhere: "China rief alle Seiten zur Ruhe auf". Of ten such appeals in our
    labels seven are to the two who fight, two to nobody and one to whom it names, too."""
    if p.type is not EventType.REQUEST or len(p.parties[1]) > 1 or is_named(read, p, code):
        return False
    tokens = p.seen.sentence.tokens
    return any(t.text.lower() in _ALL and tokens[t.i + 1].lemma in _SIDES for t in tokens[:-1])


def _takes_it_up(read: Reading, p: Proposal, code: str) -> bool:
    """Whether somebody makes the demand of another his own, and is not asked: "Polen teilt die Forderung Trumps"."""
    clause, candidate = p.clause, p.candidate
    if p.type is not EventType.REQUEST or candidate is None or candidate.kind != "noun" or clause is None:
        return False
    of, subject = clause.object, clause.subject
    if clause.predicate not in _TAKES_UP or of is None or candidate.anchor not in of.heads or subject is None:
        return False
    return code in {m.code for m in read.in_role(p.seen.sentence, subject)}


def _is_hit(read: Reading, p: Proposal, code: str) -> bool:
    """Whether somebody is only named as whom that hits which is condemned: "verurteilte den Angriff auf Georgien", "kritisierte die
    Sanktionen gegen Georgien".

    Of eleven accusations in our labels and the gold set that are told so none is of whom it hits.
    """
    if p.type is not EventType.ACCUSE or p.candidate is None or p.candidate.kind != "verb":
        return False
    sentence = p.seen.sentence
    return _is_always(read, p, code, lambda m: is_behind(sentence, m, _UPON) and _is_of_force(sentence, m))


def _is_where(read: Reading, p: Proposal, code: str) -> bool:
    """Whether one is but where somebody else did what he is accused of: "nannte Moskaus Angriffe in Georgien ein Verbrechen"."""
    if p.type is not EventType.ACCUSE or len(p.parties[1]) < 2:
        return False
    return _is_always(read, p, code, lambda m: is_behind(p.seen.sentence, m, ("in", "im")))


def _is_of_force(sentence: Sentence, mention: Mention) -> bool:
    """Whether the noun before somebody tells of force, somebody else perhaps between the two: "der Angriff der Hamas auf Israel"."""
    nouns = [token for token in sentence.before(mention.start) if token.tag == "NN"][-2:]
    return any(token.lemma.lower().endswith(_FORCE) for token in nouns)


def _is_in_what_is_not_done(read: Reading, p: Proposal, code: str) -> bool:
    """Whether somebody is named alone in what is left undone beside an act: "meldete den Sieg, ohne Wagner zu erwähnen"."""
    sentence = p.seen.sentence
    undone = [
        c for c in sentence.clauses if c.marker in LEFT_UNDONE and (p.clause is None or c.index != p.clause.index)
    ]
    return _is_always(read, p, code, lambda m: any(c.start <= m.start < c.end for c in undone))


def _is_beyond_a_border(read: Reading, p: Proposal, code: str) -> bool:
    """Whether somebody is named by a border alone, where words are said: "rief die Menschen an der Grenze zur Ukraine auf"."""
    if p.type not in SAID:
        return False
    return _is_always(read, p, code, lambda m: _is_border_to(p.seen.sentence, m))


def _is_border_to(sentence: Sentence, mention: Mention) -> bool:
    before = [token for token in sentence.before(mention.start) if token.tag != "ART"][-2:]
    return len(before) == 2 and before[0].lemma == "Grenze" and before[1].text.lower() in ("zu", "zur", "zum", "mit")


def _is_always(read: Reading, p: Proposal, code: str, so: Callable[[Mention], bool]) -> bool:
    """Whether an act's sentence names somebody, and each time so."""
    named = [m for m in read.mentions[p.seen.sentence.index] if m.code == code]
    return bool(named) and all(map(so, named))


def is_named(read: Reading, p: Proposal, code: str) -> bool:
    """Whether a sentence names somebody, or a place of his, and not only what it is about ("Anti-Putin-Koalition")."""
    at = p.seen.sentence.index
    named = any(m.code == code and m.origin != "topic" for m in read.mentions[at])
    return named or any(one.place.country == code for one in read.places[at])


def _called_off_together(read: Reading, p: Proposal, code: str) -> bool:
    """Whether several call off what they had with each other, and somebody is named only before: "Riga und Oslo sagten das Treffen ab"."""
    candidate = p.candidate
    if p.type is not EventType.REJECT or candidate is None or candidate.trigger is None or len(p.parties[0]) < 2:
        return False
    return candidate.trigger.mode == "meet" and _is_only_before(p, code)


def _each_other(read: Reading, p: Proposal, code: str) -> bool:
    """Whether each does it to the other, and somebody is named only before: "Riga und Oslo warfen einander Wortbruch vor"."""
    clause = p.clause
    if clause is None or len(p.parties[0]) < 2 or not _is_only_before(p, code):
        return False
    return any(p.seen.sentence.tokens[i].text.lower() in MUTUALLY for i in clause.tokens)


def _is_only_before(p: Proposal, code: str) -> bool:
    return "in" not in p.seen.flags.get(code, ())


ROWS = (
    Row(
        name="named in the reason alone",
        holds=_is_a_reason,
        type=EventType.REJECT,
        test="Norwegen sagte seine Teilnahme ab, weil Belarus eingeladen wurde.",
    ),
    Row(
        name="only an example",
        holds=_is_an_example,
        type=EventType.THREATEN,
        test="Norwegen drohte mit Zöllen nach dem Vorbild der USA.",
    ),
    Row(
        name="what force is used with",
        holds=_is_instrument,
        type=EventType.ASSAULT,
        test="Russland griff Odessa mit iranischen Drohnen an.",
    ),
    Row(
        name="named only before, where several call off what they had",
        holds=_called_off_together,
        type=EventType.REJECT,
        test="Georgien bat um Hilfe. Norwegen und der Iran haben das Treffen abgesagt.",
    ),
    Row(
        name="named only before, where each does it to the other",
        holds=_each_other,
        type=EventType.ACCUSE,
        test="Die USA vermittelten. Armenien, Georgien und Aserbaidschan warfen einander Angriffe vor.",
    ),
    Row(
        name="against whom sanctions are demanded",
        holds=_punished,
        type=EventType.REQUEST,
        test="Norwegen forderte neue Sanktionen gegen Belarus.",
    ),
    Row(
        name="for whose sake something is demanded",
        holds=_is_for_him,
        type=EventType.REQUEST,
        test="Norwegen verlangte mehr Hilfe für Georgien.",
    ),
    Row(
        name="whom that befalls which is demanded",
        holds=_is_befallen,
        type=EventType.REQUEST,
        test="Norwegen verlangte die Bestrafung Georgiens.",
    ),
    Row(
        name="exercises, and nobody is named against whom",
        holds=_exercises,
        type=EventType.MOBILIZE,
        test="Russland griff die Ukraine an. Die NATO hat im Juni ein Manöver abgehalten.",
    ),
    Row(
        name="not named where something is demanded",
        holds=_unasked,
        type=EventType.REQUEST,
        test="Russland griff Georgien an. Die Regierung in Tiflis forderte neue Raketen.",
    ),
    Row(
        name="named elsewhere, where all are called on",
        holds=_of_all,
        type=EventType.REQUEST,
        test="Am Dienstag tagt der Rat der EU in Riga. Peking rief alle Seiten zur Mäßigung auf.",
    ),
    Row(
        name="who makes a demand his own",
        holds=_takes_it_up,
        type=EventType.REQUEST,
        test="Belgien und Italien unterstützen die Forderung Trumps nach einer Waffenruhe.",
    ),
    Row(
        name="whom a condemned attack hits",
        holds=_is_hit,
        type=EventType.ACCUSE,
        test="Norwegen verurteilte die Terroranschläge gegen Israel.",
    ),
    Row(
        name="where another did what he is accused of",
        holds=_is_where,
        type=EventType.ACCUSE,
        test="Macron bezeichnete Russlands Vorgehen in Georgien als Verbrechen.",
    ),
    Row(
        name="only in what is left undone beside it",
        holds=_is_in_what_is_not_done,
        type=EventType.ASSAULT,
        test="Russland meldete die Eroberung von Soledar, ohne die Gruppe Wagner zu erwähnen.",
    ),
    Row(
        name="only beyond a border",
        holds=_is_beyond_a_border,
        type=EventType.REQUEST,
        test="Das russische Ministerium forderte die Menschen an der Grenze zu Georgien zur Flucht auf.",
    ),
    Row(
        name="who only says so",
        holds=_is_source,
        type=EventType.ASSAULT,
        test="Russland beschoss nach Angaben der UN ein Krankenhaus in Cherson.",
    ),
)
