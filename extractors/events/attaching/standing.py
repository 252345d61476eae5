"""Statuses that the grammar around an act leaves it: what is refused was not done, and what somebody considers is only possible. Rows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from extractors.events.attaching.denials import is_unsaid
from extractors.events.attaching.worded import INTENDS, SAYS_DONE
from extractors.events.beside import LEFT_UNDONE, lead_of
from extractors.events.proposing.candidates import Candidate
from extractors.events.proposing.contents import row_of
from extractors.events.proposing.meeting_words import on_a_day_unknown
from extractors.events.proposing.unsaid import unsaid
from extractors.events.reading import above
from extractors.events.tables import names, prepositions
from extractors.language import Clause, Sentence
from extractors.ontology import EventType, Status
from extractors.when import recurs

_WILLING = re.compile(r"(?i)(bereit|willens|gewillt|offen|entschlossen)")
_TO = frozenset({"zu", "zum", "zur"})
_ANNIVERSARY = re.compile(r"Jahrestag(?:e?s|en?)?")
_WISHED_BY = _TO | {"für", "auf", "nach"}
_RULES_OUT = frozenset({"ausschließen", "ausweichen"})


def left_open(sentence: Sentence, clause: Clause | None) -> bool:
    """Whether somebody does not rule out what a clause tells ("schloss ein Treffen nicht aus", "werde ihm nicht ausweichen"): it may be,
    and nobody refuses."""
    own = (clause, *above(sentence, clause)) if clause is not None else ()
    return any(one.predicate in _RULES_OUT and one.negated for one in own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` of the word for an act, in its clause, where the grammar around it leaves but these statuses; `test` is a sentence of
    which the row says so."""

    name: str
    leaves: frozenset[Status]
    holds: Callable[[Candidate, Clause, Sentence], bool]
    test: str
    said: bool = False
    """whether the row is of what is said (`SAYS_DONE`), and not of what is done"""
    read_otherwise: bool = False
    """whether the row holds, too, of an act that another word would name, which the judge reads there"""


def left(type_: EventType, candidate: Candidate | None, sentence: Sentence) -> tuple[frozenset[Status], str]:
    """The statuses that the grammar around an act leaves, and the name of the row; all, and no name, where it says nothing.

    Of a statement one that is not made is denied (`unsaid`); where no row of ours holds, the verb at which a noun stands tells
    (`contents`).
    """
    everything = frozenset(Status)
    if candidate is None or candidate.clause is None:
        return everything, ""
    said, own = type_ in SAYS_DONE, candidate.type is type_
    if said and (not_said := unsaid(type_, candidate, sentence)) is not None:
        return frozenset({Status.NEGATED}), not_said.name
    for row in ROWS:
        if row.said is said and (own or row.read_otherwise) and row.holds(candidate, candidate.clause, sentence):
            return row.leaves, row.name
    if not own or _is_of_the_verb(candidate, candidate.clause) or (said and candidate.kind != "noun"):
        return everything, ""
    content = row_of(candidate, sentence)
    if content is None or (said and not content.words):
        return everything, ""
    return content.leaves or everything, content.name


def _is_of_the_verb(candidate: Candidate, clause: Clause) -> bool:
    return candidate.kind == "verb" and candidate.anchor == clause.head


def _is_done_by_infinitive(candidate: Candidate, clause: Clause) -> bool:
    """ "… ein Abkommen zu schließen": the verb does what its object names."""
    of = clause.object if clause.kind == "infinitive" else None
    return of is not None and candidate.kind == "noun" and candidate.anchor in of.heads


def _is_of_an_infinitive(candidate: Candidate, clause: Clause) -> bool:
    return _is_of_the_verb(candidate, clause) or _is_done_by_infinitive(candidate, clause)


def _over(candidate: Candidate, clause: Clause, sentence: Sentence) -> Clause | None:
    """The clause that governs an act in the infinitive; None of one that tells what has been ("getroffen zu haben")."""
    if clause.kind != "infinitive" or not _is_of_an_infinitive(candidate, clause):
        return None
    if any(sentence.tokens[k].tag in ("VVPP", "VAPP") for k in clause.verbs):
        return None
    return next(iter(above(sentence, clause)), None)


def _on_a_condition(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    return _is_of_the_verb(candidate, clause) and clause.kind == "conditional" and clause.tense == "present"


def _is_unreal(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Wenn Wien zugestimmt hätte, hätte Bern geliefert": neither has been."""
    if not _is_of_the_verb(candidate, clause) or not _had_been(clause, sentence):
        return False
    if clause.kind == "conditional":
        return True
    below = (one for one in sentence.clauses if one.parent == clause.index and one.kind == "conditional")
    return any(_had_been(one, sentence) for one in below)


def _had_been(clause: Clause, sentence: Sentence) -> bool:
    words = {sentence.tokens[k].text.lower() for k in clause.verbs}
    return clause.mood == "konjunktiv2" and not words.isdisjoint(_UNREAL)


def _is_refused(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    if not _is_of_the_verb(candidate, clause) or clause.kind != "infinitive":
        return False
    over = next(iter(above(sentence, clause)), None)
    return over is not None and not over.negated and over.predicate in names("undone", "refused")


def _comes_round(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    return recurs(sentence, clause) or _is_of_an_anniversary(candidate, sentence)


def _is_of_an_anniversary(candidate: Candidate, sentence: Sentence) -> bool:
    """ "Am dritten Jahrestag des Angriffs"."""
    if candidate.kind != "noun":
        return False
    before = itertools.dropwhile(lambda t: t.tag in ("ART", "ADJA"), reversed(sentence.tokens[: candidate.anchor]))
    return next((_ANNIVERSARY.fullmatch(t.text) is not None for t in before), False)


def _is_left_undone(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """Whether the stretch between commas in which an infinitive stands begins so, whatever the parser makes of its words. "Ohne den Ort des
    Treffens zu nennen", "ohne die Angriffe zu verurteilen": these are there all the same."""
    if clause.finite or (candidate.kind == "noun" and is_unsaid(clause)):
        return False
    before = sentence.tokens[: clause.head + 1]
    first = next((t.i + 1 for t in reversed(before) if t.text == ","), 0)
    return sentence.tokens[first].text.lower() in LEFT_UNDONE


def _is_left_unsaid(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Ohne Moskau zu kritisieren"; "ohne die Kritik zu wiederholen" leaves it as it was."""
    return _is_of_the_verb(candidate, clause) and _is_left_undone(candidate, clause, sentence)


def _is_only_planned(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    if _is_done_by_infinitive(candidate, clause):
        over = next(iter(above(sentence, clause)), None)
    else:
        over = _over(candidate, clause, sentence) if candidate.type not in _BY_SAYING else None
    return over is not None and not over.negated and over.predicate in names("undone", "planned")


def _is_reported(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """Whether others say that it has been done: "soll Truppen zusammengezogen haben". Of 16 such acts in our labels none is planned."""
    if not _is_of_an_infinitive(candidate, clause):
        return False
    if clause.modal not in INTENDS or sentence.tokens[clause.head].tag != "VVPP":
        return False
    return any(sentence.tokens[k].text.lower() in ("haben", "sein") for k in clause.verbs)


def _nobody_intends(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Hat nicht vor, … zu verhängen", "weigert sich, … zu verhängen"."""
    over = _over(candidate, clause, sentence)
    return over is not None and over.predicate in names("undone", "unintended" if over.negated else "refused")


def _is_only_valued(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Es wäre nützlich, … zu sprechen"."""
    over = _over(candidate, clause, sentence)
    return over is not None and over.mood == "konjunktiv2" and any(role.name == "predicative" for role in over.roles)


def _is_not_willing(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    over = _over(candidate, clause, sentence)
    return over is not None and over.negated and _tells_willing(over, sentence)


def _is_only_willing(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """Who is willing to agree has agreed already."""
    over = _over(candidate, clause, sentence)
    if over is None or over.negated or candidate.type is EventType.AGREE:
        return False
    return _tells_willing(over, sentence)


def _tells_willing(over: Clause, sentence: Sentence) -> bool:
    heads = (head for role in over.roles if role.name == "predicative" for head in role.heads)
    return any(_WILLING.fullmatch(sentence.tokens[head].text) for head in heads)


def _is_not_planned(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Ein Treffen der beiden ist nicht geplant": the stretch to the next comma ends so, whatever the parser makes of it."""
    if not _names_a_meeting(candidate):
        return False
    behind = itertools.takewhile(lambda t: t.text != ",", sentence.tokens[candidate.anchor + 1 :])
    words = [t.text.lower() for t in behind]
    return any(one in ("nicht", "nie") and two in _PLANNED_FOR for one, two in itertools.pairwise(words))


def _names_a_meeting(candidate: Candidate) -> bool:
    return candidate.type is EventType.CONSULT and candidate.kind == "noun"


def _is_wished(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """Whether a word for a meeting tells what somebody is ready for, or invites to: "zu einem Treffen bereit". Of 41 such sentences in
    our labels one tells that it took place."""
    if not _names_a_meeting(candidate):
        return False
    lead = lead_of(sentence, candidate.anchor)
    if lead is None or lead.text.lower() not in _WISHED_BY:
        return False
    head = sentence.tokens[lead.i - 1].text if lead.i else ""
    if head in names("wished") or _WILLING.fullmatch(head):
        return True
    if lead.text.lower() in _TO and any(_WILLING.fullmatch(sentence.tokens[k].text) for k in clause.tokens):
        return True
    own = any(candidate.anchor in role.heads for role in clause.roles)
    return own and lead.text.lower() in prepositions("wishing").get(clause.predicate, ())


def _is_only_considered(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Erwägt, … auszuweisen"."""
    over = _over(candidate, clause, sentence)
    return over is not None and not over.negated and over.predicate in _CONSIDERS


def _is_a_thing_considered(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Finnland erwägt einen Beitritt", not "prüft die Bitte Kiews", which has been made."""
    considers = clause.predicate in _CONSIDERS and not clause.negated and candidate.kind == "noun"
    if not considers or clause.object is None or candidate.anchor not in clause.object.heads:
        return False
    return any(t.text.lower() in _A for t in sentence.tokens[max(0, candidate.anchor - 2) : candidate.anchor])


def _is_expected(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Es wird erwartet, dass die NATO Hilfe zusichert". Of eight such acts in our labels seven are planned and one is possible."""
    if not _is_of_the_verb(candidate, clause) or clause.tense != "present":
        return False
    over = next(iter(above(sentence, clause)), None)
    if over is None or over.negated or over.tense != "present" or over.predicate not in _EXPECTS:
        return False
    # The parse takes a long clause for a main one, with its "dass" and all.
    if all(token.text != "dass" for token in sentence.tokens[max(over.verbs, default=0) : clause.head]):
        return False
    return over.voice == "passive" or over.predicate == "rechnen"


def _has_begun(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Haben mit Beratungen begonnen": what lasts goes on. Of eleven such acts in our labels ten do."""
    lasts = candidate.type in _LASTS or sentence.tokens[candidate.anchor].text.lower().startswith(_EXERCISES)
    if candidate.kind != "noun" or not lasts or clause.predicate != "beginnen" or clause.negated or clause.modal:
        return False
    if clause.tense not in ("preterite", "perfect") or clause.kind == "conditional":
        return False
    lead = lead_of(sentence, candidate.anchor)
    own = any(candidate.anchor in role.heads and role.name in ("subject", "object") for role in clause.roles)
    return own or (lead is not None and lead.text.lower() == "mit")


def _is_shortly_ahead(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Kurz vor der Reise nach Kiew sagte sie": of five such meetings in our labels four are to come and one is called off."""
    lead = lead_of(sentence, candidate.anchor) if _names_a_meeting(candidate) else None
    if lead is None or not lead.i or lead.text.lower() != "vor" or clause.tense == "pluperfect":
        return False
    return sentence.tokens[lead.i - 1].text.lower() in _SHORTLY


def _is_feared(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Aus Angst vor einem Angriff", "US-Warnungen vor einem Einmarsch": all six such acts in our labels are only possible; "die Gefahr
    eines Angriffs"."""
    if candidate.kind != "noun" or candidate.type not in _BEFALLS:
        return False
    if _is_danger(candidate, sentence):
        return True
    lead = lead_of(sentence, candidate.anchor)
    if lead is None or not lead.i or lead.text != "vor":
        return False
    return sentence.tokens[lead.i - 1].lemma.lower().endswith(_FEARS)


def _is_danger(candidate: Candidate, sentence: Sentence) -> bool:
    """Whether a noun for an act is the genitive of what may come: "die Gefahr einer russischen Offensive"."""
    k = candidate.anchor - 1
    while k >= 0 and sentence.tokens[k].tag in ("ADJA", "ADJD", "ADV"):
        k -= 1
    if k < 1 or sentence.tokens[k].text.lower() not in ("eines", "einer"):
        return False
    return sentence.tokens[k - 1].text in _DANGERS


def _is_in_sight(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Stehen kurz vor einer Einigung", "nähern sich einem Abkommen", "deutet auf eine baldige Einigung hin": what is near is not there."""
    if candidate.type is not EventType.AGREE or candidate.kind != "noun":
        return False
    k = candidate.anchor - 1
    while k > 0 and sentence.tokens[k].tag in ("ADJA", "ADV"):
        k -= 1
    if k < 0 or sentence.tokens[k].text.lower() not in _ANY:
        return False
    lead = lead_of(sentence, candidate.anchor)
    if lead is None:
        return clause.predicate == "nähern"
    if lead.text.lower() == "vor":
        return lead.i > 0 and sentence.tokens[lead.i - 1].text.lower() in _NEAR
    return lead.text.lower() == _NEARS.get(clause.predicate)


def _hangs_on_something(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Machte ein Treffen mit Putin von einem Bericht abhängig": what hangs on something else has not taken place."""
    if candidate.kind != "noun" or clause.negated:
        return False
    own = any(candidate.anchor in role.heads and role.name in ("object", "subject") for role in clause.roles)
    hangs = any(sentence.tokens[k].text.lower() in ("abhängig", "abhängen", "abhängt") for k in clause.tokens)
    return own and hangs and clause.predicate in ("machen", "abhängigmachen", "abhängen")


def _opens_as_planned(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Geplant ist ein Treffen mit Putin", whatever the parse makes of the noun."""
    words = [t.text.lower() for t in sentence.tokens[:2]]
    opens = len(words) > 1 and words[0] in _PLANNED_FOR and words[1] in ("ist", "sind", "sei", "seien")
    return opens and _names_a_meeting(candidate) and clause.kind == "main"


def _is_ready_on_a_condition(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Sollte Ankara verhandeln, sei Athen bereit dazu". All three such acts in our labels are only possible."""
    if candidate.type is not EventType.AGREE or not candidate.rule.startswith("phrase:bereit"):
        return False
    on = any(one.kind == "conditional" for one in sentence.clauses)
    return (
        on
        or sentence.tokens[0].text in ("Sollte", "Sollten")
        or any(sentence.tokens[k].text.lower() == "dann" for k in clause.tokens)
    )


def _is_on_a_day_unknown(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Ein Termin für das Treffen steht noch nicht fest": not the meeting is denied, but its day."""
    return _names_a_meeting(candidate) and on_a_day_unknown(sentence, clause, candidate.anchor)


def _is_on_ice(candidate: Candidate, clause: Clause, sentence: Sentence) -> bool:
    """ "Das geplante Treffen liegt auf Eis"."""
    if not _names_a_meeting(candidate) or clause.predicate not in ("legen", "liegen") or clause.negated:
        return False
    return any(sentence.tokens[k].text == "Eis" for k in clause.tokens)


_UNREAL = frozenset({"hätte", "hätten", "wäre", "wären"})
_CONSIDERS = frozenset({"erwägen", "prüfen", "überlegen", "nachdenken"})
_A = frozenset({"ein", "eine", "einen"})
_EXPECTS = frozenset({"erwarten", "rechnen"})
_FEARS = ("angst", "furcht", "sorge", "befürchtung", "warnung")
_DANGERS = frozenset({"Gefahr", "Risiko", "Möglichkeit", "Wahrscheinlichkeit"})
_ANY = frozenset({"ein", "eine", "einen", "einem", "einer"})
_NEAR = frozenset({"kurz", "unmittelbar", "knapp", "dicht"})
_NEARS = MappingProxyType({"hindeuten": "auf", "deuten": "auf", "arbeiten": "an", "ringen": "um", "verhandeln": "über"})
"""verbs with the preposition of what they are about, which is not yet there"""
_BEFALLS = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.SANCTION})
_SHORTLY = frozenset({"kurz", "stunden", "tage", "wochen", "unmittelbar", "direkt"})
_LASTS = frozenset({EventType.CONSULT, EventType.COOPERATE, EventType.RETREAT})
_EXERCISES = ("manöver", "militärmanöver", "übung", "militärübung", "seemanöver", "truppenübung")
_BY_SAYING = frozenset({EventType.AGREE, EventType.CONCEDE})
"""what is done by announcing it"""
_PLANNED_FOR = frozenset({"geplant", "vorgesehen", "angesetzt", "anberaumt", "verabredet"})
_NEGATED = frozenset({Status.NEGATED})
_NOT_REAL = frozenset({Status.HYPOTHETICAL, Status.NEGATED})
_TO_COME = frozenset({Status.PLANNED, Status.HYPOTHETICAL, Status.NEGATED})
_NOT_TO_COME = frozenset(Status) - {Status.PLANNED}

ROWS = (
    Row(
        name="on a condition",
        leaves=frozenset({Status.HYPOTHETICAL}),
        holds=_on_a_condition,
        said=True,
        test="Wenn Paris Russland kritisiert, wird Wien schweigen.",
    ),
    Row(
        name="unreal, and said",
        leaves=_NOT_REAL,
        holds=_is_unreal,
        said=True,
        test="Wenn Bern geschwiegen hätte, hätte Wien Russland kritisiert.",
    ),
    Row(
        name="unreal",
        leaves=_NOT_REAL,
        holds=_is_unreal,
        test="Wenn Bern zugestimmt hätte, hätte Wien russische Diplomaten ausgewiesen.",
    ),
    Row(
        name="refused",
        leaves=_NEGATED,
        holds=_is_refused,
        said=True,
        test="Ankara weigert sich, Moskau zu verurteilen.",
    ),
    Row(
        name="comes round",
        leaves=frozenset({Status.HISTORICAL}),
        holds=_comes_round,
        read_otherwise=True,
        test="Am Montag jährt sich der Angriff Russlands auf Georgien zum dritten Mal.",
    ),
    Row(
        name="left undone",
        leaves=_NEGATED,
        holds=_is_left_undone,
        read_otherwise=True,
        test="Der Gipfel endete, ohne Sanktionen gegen Russland zu verhängen.",
    ),
    Row(
        name="left unsaid",
        leaves=_NEGATED,
        holds=_is_left_unsaid,
        said=True,
        test="Helsinki ließ den Flug zu, ohne Moskau zu kritisieren.",
    ),
    Row(
        name="on a day unknown",
        leaves=frozenset({Status.PLANNED}),
        holds=_is_on_a_day_unknown,
        read_otherwise=True,
        test="Ein Termin für das Treffen von Scholz und Putin steht noch nicht fest.",
    ),
    Row(
        name="only planned",
        leaves=_TO_COME,
        holds=_is_only_planned,
        test="Polen plant, russische Diplomaten auszuweisen.",
    ),
    Row(
        name="only considered, and said",
        leaves=frozenset({Status.HYPOTHETICAL}),
        holds=_is_a_thing_considered,
        said=True,
        test="Finnland erwägt einen Beitritt zur NATO.",
    ),
    Row(
        name="only considered",
        leaves=frozenset({Status.HYPOTHETICAL}),
        holds=_is_only_considered,
        test="Wien erwägt, russische Diplomaten auszuweisen.",
    ),
    Row(
        name="expected",
        leaves=frozenset({Status.PLANNED, Status.HYPOTHETICAL}),
        holds=_is_expected,
        test="Es wird erwartet, dass Wien russische Diplomaten ausweist.",
    ),
    Row(
        name="expected to say",
        leaves=frozenset({Status.PLANNED, Status.HYPOTHETICAL}),
        holds=_is_expected,
        said=True,
        test="Es wird erwartet, dass Paris Russland Betrug vorwirft.",
    ),
    Row(
        name="ready on a condition",
        leaves=frozenset({Status.HYPOTHETICAL}),
        holds=_is_ready_on_a_condition,
        test="Sollte Ankara einlenken, ist Athen zu Verhandlungen bereit.",
    ),
    Row(
        name="has begun",
        leaves=frozenset({Status.ONGOING, Status.HISTORICAL}),
        holds=_has_begun,
        test="Warschau und Budapest haben mit Beratungen begonnen.",
    ),
    Row(
        name="feared",
        leaves=frozenset({Status.HYPOTHETICAL}),
        holds=_is_feared,
        test="Die Angst vor einem Angriff Russlands auf Polen war groß.",
    ),
    Row(
        name="in sight",
        leaves=frozenset({Status.HYPOTHETICAL}),
        holds=_is_in_sight,
        test="Oslo und Riga nähern sich einer Einigung.",
    ),
    Row(
        name="hangs on something",
        leaves=frozenset({Status.HYPOTHETICAL}),
        holds=_hangs_on_something,
        test="Erdogan machte ein Treffen mit Mitsotakis von neuen Zusagen abhängig.",
    ),
    Row(
        name="told first as planned",
        leaves=_TO_COME,
        holds=_opens_as_planned,
        test="Geplant ist ein Treffen mit dem Präsidenten Polens.",
    ),
    Row(
        name="shortly ahead",
        leaves=frozenset({Status.PLANNED, Status.NEGATED, Status.HISTORICAL}),
        holds=_is_shortly_ahead,
        test="Kurz vor dem Treffen mit Ankara sagte der Präsident Finnlands das zu.",
    ),
    Row(
        name="said to have",
        leaves=_NOT_TO_COME,
        holds=_is_reported,
        test="Belarus soll Polen angegriffen haben.",
    ),
    Row(
        name="nobody intends",
        leaves=_NEGATED,
        holds=_nobody_intends,
        test="Wien weigert sich, russische Diplomaten auszuweisen.",
    ),
    Row(
        name="only valued",
        leaves=frozenset({Status.NEGATED, Status.HYPOTHETICAL}),
        holds=_is_only_valued,
        test="Es wäre falsch, russische Diplomaten auszuweisen.",
    ),
    Row(
        name="not willing",
        leaves=_NEGATED,
        holds=_is_not_willing,
        test="Wien ist nicht bereit, russische Diplomaten auszuweisen.",
    ),
    Row(
        name="only willing",
        leaves=_TO_COME,
        holds=_is_only_willing,
        test="Wien ist bereit, russische Diplomaten auszuweisen.",
    ),
    Row(
        name="on ice",
        leaves=_NEGATED,
        holds=_is_on_ice,
        test="Ein Treffen der Außenminister Polens und Ungarns liegt auf Eis.",
    ),
    Row(
        name="not planned",
        leaves=_NEGATED,
        holds=_is_not_planned,
        test="Ein Treffen der Außenminister Polens und Ungarns ist nicht vorgesehen.",
    ),
    Row(
        name="only wished",
        leaves=_TO_COME,
        holds=_is_wished,
        test="Helsinki ist zu einem Treffen mit Ankara bereit.",
    ),
)
