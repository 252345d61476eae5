"""How an act stands: done, going on, planned, possible, denied or long past. What the judge weighs, and what the text leaves no choice of."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from extractors.events.attaching.denials import (
    denied,
    denies,
    is_after_a_meeting,
    is_another_noun_denied,
    is_before_a_meeting,
    is_behind_what_follows,
    is_left_unsaid,
    is_occasion,
    is_of_a_part,
    is_on_request,
    is_what_somebody_leaves,
)
from extractors.events.attaching.standing import left, left_open
from extractors.events.attaching.worded import LONG_AGO, MAYBE, PLANNED, RUNNING, SAYS_DONE, status
from extractors.events.beside import lead_of
from extractors.events.proposing.contents import row_of
from extractors.events.reading import Reading, above
from extractors.events.weighing.features import SURE, TYPES, Features
from extractors.events.weighing.judge import Judge, Proposal
from extractors.language import Clause
from extractors.language.clauses import PAST_TENSES
from extractors.model import Precision, When
from extractors.ontology import DOUBTED, EventType, Status
from extractors.when import only_moves, was_to_have_been

_NEAR = 30
# "Der Überfall auf die Ukraine" is background in what appears long after that day.
_INVASION = date(2022, 2, 24)
_STILL_NEW = timedelta(days=31)
"""for which what was done is past and no history yet (codebook, section 2)"""


def status_features(reading: Reading, p: Proposal, when: When | None) -> Features:
    found: Features = {"one": 1.0, f"type:{p.type}": 1.0, f"part:{p.seen.sentence.part}": 1.0}
    clause, sentence = p.clause, p.seen.sentence
    words = (
        reading.document.text[clause.start : clause.end]
        if clause
        else reading.document.text[sentence.start : sentence.end]
    )
    found |= {f"words:{name}": 1.0 for name in _told_in(words)}
    if p.candidate is not None:
        by_rule, rule = status(reading, p.candidate, when)
        found |= {
            f"rule:{by_rule}": 1.0,
            f"rule:{by_rule}:{p.type}": 1.0,
            f"by:{rule}": 1.0,
            f"kind:{p.candidate.kind}": 1.0,
        }
        anchor = sentence.tokens[p.candidate.anchor]
        found[f"carried by:{p.candidate.rule}"] = 1.0
        near = reading.document.text[max(sentence.start, anchor.start - _NEAR) : anchor.start]
        found |= {f"near:{name}": 1.0 for name in _told_in(near) if name != "long ago"}
    if clause is not None:
        found |= _of_clause(p, reading)
    found |= _of_time(reading, p, when)
    if p.seen.opinion is not None:
        scores = p.seen.opinion.statuses[TYPES.index(p.type)]
        shares = scores - np.logaddexp.reduce(scores)
        found |= {f"network:{name}": max(v, -SURE) / 2 for name, v in zip(Status, shares.tolist(), strict=True)}
    return found


_WORDS = (("maybe", MAYBE), ("planned", PLANNED), ("running", RUNNING), ("long ago", LONG_AGO))
_ANY_WORD = re.compile("|".join(pattern.pattern for _, pattern in _WORDS), re.IGNORECASE)
"""finds something where any of them does: most clauses have none, and to try each takes three times as long"""


def _told_in(words: str) -> list[str]:
    """What words that stand beside an act tell of how it stands."""
    return [name for name, pattern in _WORDS if pattern.search(words)] if _ANY_WORD.search(words) else []


def _of_clause(p: Proposal, reading: Reading) -> Features:
    clause = p.clause
    assert clause is not None
    found: Features = {
        f"tense:{clause.tense}": 1.0,
        f"tense:{clause.tense}:{p.type}": 1.0,
        f"mood:{clause.mood}": 1.0,
        f"kind of clause:{clause.kind}": 1.0,
        f"voice:{clause.voice}": 1.0,
        f"modal:{clause.modal}": 1.0,
        f"negated:{clause.negated}": 1.0,
        f"finite:{clause.finite}": 1.0,
    }
    for higher in above(p.seen.sentence, clause):
        found[f"above:{higher.predicate.lower()}"] = 1.0
        found[f"above modal:{higher.modal}"] = 1.0
    if p.seen.said is not None:
        found["said"] = 1.0
    return found


def _of_time(reading: Reading, p: Proposal, when: When | None) -> Features:
    age = math.log1p(max(0, (reading.dated.date() - _INVASION).days)) if reading.dated.date() >= _INVASION else 0.0
    found: Features = {f"since 2022:{p.type}:{age > math.log(60)}": 1.0}
    if when is None:
        return found | {"no time": 1.0, f"no time:{p.type}": 1.0}
    days = (reading.dated.date() - _latest(when, reading.dated.date())).days
    bucket = "far past" if days > 31 else "past" if days > 0 else "today" if days == 0 else "ahead"
    return found | {f"time:{bucket}": 1.0, f"time:{bucket}:{p.type}": 1.0, f"precision:{when.precision}": 1.0}


def _latest(when: When, dated: date) -> date:
    """The last day of a time; the middle of a month that is over, on whose days nothing more is known: told from the 16th of the next month
    on, 22 of 32 acts in labelled articles are historical, and three of 50 told before."""
    if when.precision is Precision.MONTH and when.last < dated:
        return when.first + (when.last - when.first) / 2
    return when.last


def best_status(judge: Judge, reading: Reading, p: Proposal, when: When | None) -> Status:
    features = status_features(reading, p, when)
    bonus = judge.cuts.get("status", 0.0)
    scores = dict(zip(judge.status, judge.all_statuses.scores(features).tolist(), strict=True))
    limits = [row.leaves for row in limited(p)]
    names = possible(scores, reading, when)
    # "Nach einem Gipfel am Freitag": the day says more.
    names = [name for name in names if all(name in leaves for leaves in limits)] or names
    sentence = p.seen.sentence
    allowed, _ = left(p.type, p.candidate, sentence)
    if len(allowed) > 1 and _is_of_late(reading, p, when):
        allowed -= {Status.HISTORICAL}
    kept = [name for name in names if name in allowed]

    def surest(names: Sequence[str]) -> str:
        return max(names, key=lambda name: scores[name] + bonus * (name != Status.PAST))

    best = surest(kept or names)
    words = reading.document.text[sentence.start : sentence.end]
    if (
        kept
        and best == Status.NEGATED
        and allowed != {Status.NEGATED}
        and not denies(words, said=p.seen.said is not None)
    ):
        best = surest([name for name in kept if name != Status.NEGATED] or names)
    return Status(best)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` of an act whose verb leaves it but these statuses, whatever else is said of it (`standing.left`); `test` is a sentence of
    which the row says so, of an act of `type`."""

    name: str
    leaves: frozenset[Status]
    holds: Callable[[Proposal], bool]
    type: EventType
    test: str


def limited(p: Proposal) -> tuple[Row, ...]:
    """The rows that say of an act which statuses its verb leaves; each status that is told is one that all of them leave."""
    untouched = next((row for row in UNTOUCHED if row.holds(p)), None)
    return (untouched,) if untouched else tuple(row for row in (*ROWS, A_LINES_PRESENT) if row.holds(p))


_DONE = frozenset({Status.PAST, Status.ONGOING})
_TAKES_PLACE = frozenset({"stattfinden", "zustandekommen", "geben", "erfolgen"})
_IS_DONE = frozenset({"beschließen", "verhängen", "vereinbaren", "verabreden", "aufheben", "liefern"})
_SHALL_BE = frozenset(
    {EventType.AID, EventType.CONCEDE, EventType.CONSULT, EventType.COOPERATE, EventType.RETREAT, EventType.SANCTION}
)
"""what "soll" tells as to come; of force it tells as often what is said to go on"""


def _is_left_open(p: Proposal) -> bool:
    """Whether an act is not ruled out. Who did not throw somebody out ("schloss Russland nicht aus") has left nothing open."""
    threw_out = p.type is EventType.SANCTION and _own_clause(p) is not None
    return not threw_out and left_open(p.seen.sentence, p.clause)


def _is_unreal(p: Proposal) -> bool:
    """Whether the newsroom tells what might have been: "Polen hätte Raketen geliefert". Of others' words the plural does not say so,
    and in the singular they are told with "habe"."""
    clause = _own_clause(p) or _of_taking_place(p)
    if clause is None or p.type in SAYS_DONE or p.seen.said is not None or clause.kind != "main":
        return False
    tokens = p.seen.sentence.tokens
    words = {tokens[k].text.lower() for k in clause.verbs}
    return tokens[clause.head].tag == "VVPP" and not words.isdisjoint(_MIGHT_HAVE)


def _was_to_have_been(p: Proposal) -> bool:
    """ "Eigentlich hätten sich beide am Freitag treffen sollen": it will not be."""
    clause = _own_clause(p) or _of_taking_place(p)
    if clause is None or p.type in SAYS_DONE - {EventType.SUPPORT} or p.seen.said is not None or clause.kind != "main":
        return False
    return was_to_have_been(p.seen.sentence, clause)


_MIGHT_HAVE = frozenset({"hätte", "wäre"})


def _is_denied(p: Proposal) -> bool:
    """Whether the verb of an act says that it was not done. What is said is said all the same ("warf nicht nur ihm vor")."""
    clause, candidate = _own_clause(p) or _of_taking_place(p), p.candidate
    if clause is None or candidate is None or p.type in SAYS_DONE - {EventType.SUPPORT}:
        return False
    return candidate.trigger is not None and not candidate.trigger.negated and denied(p.seen.sentence, clause)


def _is_moved_only(p: Proposal) -> bool:
    return p.clause is not None and only_moves(p.seen.sentence, p.clause)


def _of_taking_place(p: Proposal) -> Clause | None:
    """The clause that says of a noun for an act that it takes place: "ein Treffen fand statt", "Sanktionen wurden verhängt"."""
    clause, candidate = p.clause, p.candidate
    if clause is None or candidate is None or candidate.kind != "noun" or candidate.type is not p.type:
        return None
    if clause.predicate in _TAKES_PLACE or (clause.predicate in _IS_DONE and clause.voice == "passive"):
        return clause if any(p.anchor in role.heads for role in clause.roles) else None
    return None


def _is_intended(p: Proposal) -> bool:
    """Whether the verb of an act tells what somebody wants or what is to be, and not what is said to have been."""
    clause = _own_clause(p)
    if clause is None or p.type in SAYS_DONE or p.type is EventType.AGREE:
        return False
    wanted = clause.modal == "wollen" or (clause.modal == "sollen" and p.type in _SHALL_BE)
    return wanted and not any(p.seen.sentence.tokens[k].tag in ("VVPP", "VAPP") for k in clause.verbs)


def _is_offered(p: Proposal) -> bool:
    """Whether somebody only offers to go between others: "bot sich als Vermittler an", "boten an zu vermitteln"."""
    clause, sentence = p.clause, p.seen.sentence
    if p.type is not EventType.CONSULT or clause is None:
        return False
    # "Ankara bot sich als Vermittler an; Erdogan sprach mit Putin": a main clause of its own is not offered.
    over = () if clause.kind == "main" and clause.subject is not None else above(sentence, clause)
    offers = any(c.predicate == _OFFERS for c in (clause, *over))
    return offers and any(token.text.lower().startswith(_MEDIATES) for token in sentence.tokens)


def _is_still_due(p: Proposal) -> bool:
    """ "Das Parlament muss dem Beitritt noch zustimmen"."""
    clause = p.clause
    if clause is None or p.type not in (EventType.AGREE, EventType.SUPPORT) or clause.modal != "müssen":
        return False
    return any(p.seen.sentence.tokens[k].text.lower() == "noch" for k in clause.tokens)


def _is_held_out(p: Proposal) -> bool:
    """ "Stellte weitere Sanktionen in Aussicht"."""
    clause = p.clause
    if clause is None or p.type not in _SHALL_BE or clause.predicate not in ("stellen", "aussichtstellen"):
        return False
    words = {p.seen.sentence.tokens[k].text for k in clause.tokens}
    return "Aussicht" in words and "Verfügung" not in words


def _is_announced(p: Proposal) -> bool:
    """Whether somebody announces or plans what a noun tells, or that it goes on: "kündigte eine Ausweitung der Angriffe an"."""
    clause, candidate = p.clause, p.candidate
    if clause is None or candidate is None or candidate.kind != "noun" or p.type in _BY_WORD or clause.negated:
        return False
    if clause.predicate not in _ANNOUNCES or clause.voice == "passive" or clause.object is None:
        return False
    tokens = p.seen.sentence.tokens
    head = max((k for k in clause.object.heads if k <= p.anchor), default=None)
    return head is not None and all(tokens[k].tag in _OF_A_NOUN for k in range(head + 1, p.anchor))


def _is_planned(p: Proposal) -> bool:
    """ "Gleiche Schritte seien auch in Oslo geplant". All three such acts in our labels are to come."""
    sentence, clause = p.seen.sentence, p.clause
    if p.candidate is None:  # which clause tells it nobody knows: "…, sagte er" does not
        clause = next((one for one in sentence.clauses if one.kind == "complement" and not one.marker), clause)
    if clause is None or p.type in _BY_WORD or clause.predicate not in ("planen", "vorsehen") or clause.negated:
        return False
    words = {sentence.tokens[k].text.lower() for k in clause.verbs}
    return sentence.tokens[clause.head].tag == "VVPP" and not words.isdisjoint(_IS)


def _is_in_force(p: Proposal) -> bool:
    """ "Setzte ein Embargo in Kraft"."""
    clause = p.clause
    if clause is None or p.type is not EventType.SANCTION or clause.predicate != "setzen" or clause.modal:
        return False
    into = any(p.seen.sentence.tokens[k].text == "Kraft" for k in clause.tokens)
    return into and clause.tense in PAST_TENSES and not clause.negated


def _people_did_so(p: Proposal) -> bool:
    """Whether people are told to have demonstrated; the weights have seen too few who do."""
    clause = p.clause
    if p.type is not EventType.PROTEST or clause is None or clause.modal or clause.negated:
        return False
    return clause.tense in PAST_TENSES and clause.predicate not in _SETS_A_DAY


def _people_are_to(p: Proposal) -> bool:
    """ "Für Samstag ist eine Demonstration angesetzt", "rief zu Protesten auf"."""
    clause = p.clause
    if p.type is not EventType.PROTEST or clause is None or clause.negated:
        return False
    done = any(p.seen.sentence.tokens[k].tag == "VVPP" for k in clause.verbs)
    return clause.predicate in _SETS_A_DAY or (clause.modal in ("sollen", "wollen") and not done)


def _people_go_on(p: Proposal) -> bool:
    """ "Die Proteste dauern an"."""
    clause = p.clause
    if p.type is not EventType.PROTEST or clause is None or clause.tense != "present" or clause.negated:
        return False
    return clause.predicate in ("andauern", "anhalten", "weitergehen", "anwachsen", "wachsen")


def _has_met(p: Proposal) -> bool:
    """ "Der Rat trat am Montag zusammen": a verb in the past tells of no meeting to come."""
    clause = _own_clause(p)
    if clause is None or p.type is not EventType.CONSULT or clause.kind != "main" or clause.modal:
        return False
    return clause.tense in PAST_TENSES and clause.mood == "indicative" and clause.voice == "active"


def _is_told_as_done(p: Proposal) -> bool:
    """ "Das vor Wochen in die Ukraine einmarschiert war": force that a verb in the past tells has been used, whatever is told beside it."""
    clause = _own_clause(p)
    if clause is None or p.type not in _FORCE or clause.modal or clause.kind == "conditional":
        return False
    return clause.finite and clause.mood == "indicative" and clause.tense in PAST_TENSES


def _is_a_headlines_present(p: Proposal) -> bool:
    """ "Oslo schickt Panzer nach Kiew": a line without a full stop tells in the present what has been done, where no time is told and
    nothing else is said of it. Of 13 such acts in labelled articles nine are past, three go on (two of them the war), one is only possible."""
    clause, sentence = p.clause, p.seen.sentence
    if clause is None or p.type in _LASTS or clause.kind != "main" or clause.modal or clause.predicate in _SPEAKS_AHEAD:
        return False
    if (clause.tense, clause.mood) != ("present", "indicative") or len(sentence.tokens) > _A_LINE:
        return False
    if p.type in _MAY_LAST and (p.candidate is None or p.candidate.rule not in _IS_OVER):
        return False
    if sentence.tokens[0].text[0].islower():
        return False
    # "Wies Klage ab" has a particle, and no day from which it is so.
    words = [token.text.lower() for token in sentence.tokens if token.tag != "PTKVZ"]
    words = words[words.index(":") + 1 :] if ":" in words else words
    ends = next((word for word in reversed(words) if word not in _CLOSING), ".")
    told_of = (
        left(p.type, p.candidate, sentence)[1] or row_of(p.candidate, sentence) or any(row.holds(p) for row in ROWS)
    )
    return ends not in _FULL_STOPS and not told_of and not any(_OF_A_TIME.fullmatch(word) for word in words)


def _is_asked(p: Proposal) -> bool:
    """ "Lenkt Riga ein?" All three labelled acts of such questions are only possible. What is done by or after an act is asked of
    something else: "hat er mit dem Überfall das Gegenteil erreicht?"."""
    clause, tokens = p.clause, p.seen.sentence.tokens
    if p.candidate is not None and p.candidate.kind == "noun" and lead_of(p.seen.sentence, p.anchor) is not None:
        return False
    if clause is None or clause.kind != "main" or not any(token.text == "?" for token in tokens[-2:]):
        return False
    return any(tokens[k].tag.endswith("FIN") and not any(t.pos != "PUNCT" for t in tokens[:k]) for k in clause.verbs)


_FORCE = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.MOBILIZE})
_IS = frozenset({"ist", "sind", "sei", "seien"})
_BY_WORD = SAYS_DONE | {EventType.AGREE, EventType.CONCEDE}
"""what is done by announcing it: "kündigte eine Feuerpause an" """
_ANNOUNCES = frozenset({"ankündigen", "planen", "vorbereiten", "beabsichtigen", "erwägen"})
_OF_A_NOUN = frozenset({"ART", "PPOSAT", "PDAT", "ADJA", "CARD"})
_SETS_A_DAY = frozenset(
    {"planen", "ansetzen", "ankündigen", "anmelden", "aufrufen", "rufen", "einladen", "mobilisieren"}
)
"""what is said of a demonstration that has not been yet, in whatever tense"""
_OFFERS, _MEDIATES = "anbieten", "vermitt"
_LASTS = frozenset({EventType.SUPPORT, EventType.STATE})
_MAY_LAST = frozenset({EventType.CONSULT, EventType.COOPERATE})
"""what goes on, or is to come, as often as it has been; but for these"""
_IS_OVER = frozenset(
    f"verb:{lemma}" for lemma in "empfangen telefonieren anrufen sprechen reden tauschen austauschen übergeben".split()
)
"""who "trifft", "berät" or "reist nach" may yet do so, or be about it"""
_A_LINE = 16
"""tokens of a headline at most"""
_SPEAKS_AHEAD = frozenset({"planen", "erwägen", "erwarten"})
_CLOSING = frozenset("\"'»«”“’‘)")
_FULL_STOPS = frozenset(".!?…:;,")
_OF_A_TIME = re.compile(
    r"heute|morgen|bald|demnächst|künftig|ab|bis|seit|weiter|weiterhin|noch|derzeit|(?:nächst|kommend|jahr|woche)\w*|tage?n?|uhr|januar|februar|märz"
    r"|april|mai|juni|juli|august|september|oktober|november|dezember|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|20\d\d"
)
""" "Ab Januar", "seit Tagen", "am Montag": such a line tells by itself when it is"""

ROWS = (
    Row(
        name="asked",
        leaves=frozenset({Status.HYPOTHETICAL}),
        holds=_is_asked,
        type=EventType.CONCEDE,
        test="Lenkt Budapest im Streit mit der EU ein?",
    ),
    Row(
        name="people have demonstrated",
        leaves=frozenset({Status.PAST, Status.HISTORICAL}),
        holds=_people_did_so,
        type=EventType.PROTEST,
        test="Tausende demonstrierten in Oslo gegen Belarus.",
    ),
    Row(
        name="people are to demonstrate",
        leaves=frozenset({Status.PLANNED}),
        holds=_people_are_to,
        type=EventType.PROTEST,
        test="In Oslo ist eine Kundgebung gegen Belarus angesetzt.",
    ),
    Row(
        name="people go on demonstrating",
        leaves=frozenset({Status.ONGOING}),
        holds=_people_go_on,
        type=EventType.PROTEST,
        test="Die Proteste gegen Lukaschenko in Minsk halten an.",
    ),
    Row(
        name="they have met",
        leaves=frozenset(Status) - {Status.PLANNED},
        holds=_has_met,
        type=EventType.CONSULT,
        test="Der NATO-Russland-Rat trat am Montag in Brüssel zusammen.",
    ),
    Row(
        name="force has been used",
        leaves=frozenset(Status) - {Status.PLANNED, Status.HYPOTHETICAL},
        holds=_is_told_as_done,
        type=EventType.ASSAULT,
        test="Belarus hatte Polen womöglich im Januar angegriffen.",
    ),
    Row(
        name="only offered",
        leaves=frozenset({Status.HYPOTHETICAL}),
        holds=_is_offered,
        type=EventType.CONSULT,
        test="Ankara bot an, zwischen Moskau und Kiew zu vermitteln.",
    ),
    Row(
        name="held out",
        leaves=frozenset({Status.PLANNED, Status.HYPOTHETICAL, Status.NEGATED}),
        holds=_is_held_out,
        type=EventType.SANCTION,
        test="Die EU stellte weitere Sanktionen gegen Russland in Aussicht.",
    ),
    Row(
        name="announced",
        leaves=frozenset(Status) - _DONE - {Status.HISTORICAL},
        holds=_is_announced,
        type=EventType.ASSAULT,
        test="Belarus kündigte eine Ausweitung der Luftangriffe auf Georgien an.",
    ),
    Row(
        name="is planned",
        leaves=frozenset({Status.PLANNED}),
        holds=_is_planned,
        type=EventType.SANCTION,
        test="Neue Sanktionen gegen Georgien sind in der EU geplant.",
    ),
    Row(
        name="put into force",
        leaves=frozenset({Status.PAST, Status.ONGOING, Status.HISTORICAL}),
        holds=_is_in_force,
        type=EventType.SANCTION,
        test="Die EU setzte ein Embargo auf russische Kohle in Kraft.",
    ),
    Row(
        name="still due",
        leaves=frozenset({Status.PLANNED, Status.HYPOTHETICAL}),
        holds=_is_still_due,
        type=EventType.SUPPORT,
        test="Das ungarische Parlament muss dem Beitritt Schwedens noch zustimmen.",
    ),
    Row(
        name="not ruled out",
        leaves=frozenset({Status.HYPOTHETICAL}),
        holds=_is_left_open,
        type=EventType.CONSULT,
        test="Paris schloss ein Treffen mit Moskau nicht aus.",
    ),
    Row(
        name="only another day is denied",
        leaves=frozenset(Status) - {Status.NEGATED},
        holds=_is_moved_only,
        type=EventType.SANCTION,
        test="Wien wies nicht am Montag, sondern erst am Dienstag russische Diplomaten aus.",
    ),
    Row(
        name="its verb denies it",
        leaves=DOUBTED,
        holds=_is_denied,
        type=EventType.SANCTION,
        test="Wien wies keine russischen Diplomaten aus.",
    ),
    Row(
        name="was to have been",
        leaves=frozenset({Status.NEGATED}),
        holds=_was_to_have_been,
        type=EventType.CONSULT,
        test="Eigentlich hätten sich Scholz und Macron am Freitag in Paris getroffen.",
    ),
    Row(
        name="might have been",
        leaves=DOUBTED,
        holds=_is_unreal,
        type=EventType.SANCTION,
        test="Wien hätte gestern russische Diplomaten ausgewiesen.",
    ),
    Row(
        name="only intended",
        leaves=frozenset(Status) - _DONE,
        holds=_is_intended,
        type=EventType.SANCTION,
        test="Wien wollte russische Diplomaten ausweisen.",
    ),
)

UNTOUCHED = (
    Row(
        name="what follows comes after it",
        leaves=_DONE,
        holds=is_after_a_meeting,
        type=EventType.CONSULT,
        test="Nach einem Treffen mit Putin in Moskau plant Orban eine Reise nach Peking.",
    ),
    Row(
        name="what is told comes before it",
        leaves=frozenset({Status.PLANNED}),
        holds=is_before_a_meeting,
        type=EventType.CONSULT,
        test="Vor dem Treffen von Putin und Erdogan in Sotschi rief Oslo zur Einigkeit auf.",
    ),
    Row(
        name="on whose request",
        leaves=_DONE,
        holds=is_on_request,
        type=EventType.REQUEST,
        test="Auf Bitte Polens will die NATO am Freitag Soldaten nach Litauen verlegen.",
    ),
    Row(
        name="what follows is because of it",
        leaves=_DONE | {Status.HISTORICAL},
        holds=is_behind_what_follows,
        type=EventType.ASSAULT,
        test="Der Klub fordert den Ausschluss wegen russischer Luftangriffe auf die Ukraine.",
    ),
    Row(
        name="an occasion of what is denied",
        leaves=frozenset(Status) - DOUBTED,
        holds=is_occasion,
        type=EventType.CONSULT,
        test="Nach dem Treffen von Putin und Biden in Genf gab es keine Erklärung.",
    ),
    Row(
        name="only somebody's part in it is called off",
        leaves=frozenset(Status) - {Status.NEGATED},
        holds=is_what_somebody_leaves,
        type=EventType.CONSULT,
        test="Lawrow sagte seine Teilnahme an dem Treffen der OSZE in Wien ab.",
    ),
    Row(
        name="known, and only left unsaid",
        leaves=frozenset(Status) - {Status.NEGATED},
        holds=is_left_unsaid,
        type=EventType.CONSULT,
        test="Peskow lobte die USA, ohne den Ort des geplanten Treffens mit Biden zu nennen.",
    ),
    Row(
        name="another noun is denied",
        leaves=frozenset(Status) - {Status.NEGATED},
        holds=is_another_noun_denied,
        type=EventType.CONSULT,
        test="Die Verhandlungen zwischen Russland und der Ukraine brachten kein Ergebnis.",
    ),
    Row(
        name="only a part is denied",
        leaves=frozenset(Status) - {Status.NEGATED},
        holds=is_of_a_part,
        type=EventType.SANCTION,
        test="Nicht nur die USA, auch Großbritannien verhängte Sanktionen gegen Russland.",
    ),
)
"""where one of these holds, what else its clause says of its verb says nothing of the act, and no row of `ROWS` is asked"""

A_LINES_PRESENT = Row(
    name="a headline's present",
    leaves=frozenset({Status.PAST, Status.NEGATED}),
    holds=_is_a_headlines_present,
    type=EventType.AID,
    test="Norwegen schickt Panzer nach Kiew",
)
"""holds where no row of `ROWS` does"""


def _is_of_late(reading: Reading, p: Proposal, when: When | None) -> bool:
    """Whether an attack of Russia on the Ukraine is told, without a day before it, while the invasion is no history yet: of 108 such
    acts in labelled articles of its first 31 days one is historical."""
    if (
        p.type is not EventType.ASSAULT
        or p.parties != (("RUS",), ("UKR",))
        or (when is not None and when.last < _INVASION)
    ):
        return False
    return timedelta(0) <= reading.dated.date() - _INVASION <= _STILL_NEW


def _own_clause(p: Proposal) -> Clause | None:
    """The clause whose verb the act is."""
    clause, candidate = p.clause, p.candidate
    if clause is None or candidate is None or candidate.kind != "verb" or candidate.type is not p.type:
        return None
    return clause if candidate.anchor == clause.head else None


def possible(names: Iterable[str], reading: Reading, when: When | None) -> list[str]:
    """The statuses that an act may have: on a day after the report's nothing has taken place yet (but what happened long
    ago may have its anniversary then)."""
    ahead = when is not None and reading.article.dated is not None and when.first > reading.dated.date()
    return [name for name in names if not (ahead and name in _DONE)]
