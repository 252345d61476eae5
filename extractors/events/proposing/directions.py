"""What syntax alone says of who acts and who is acted upon: rows that are right nearly always.

The judge weighs readings of the parties by what it learned; a reading that turns one of these rows round costs it dearly
(`AGAINST`). Each row looks at one candidate and names codes that act, or codes that are acted upon. Pronouns and places
that stand in for an actor say nothing here: what they mean is a guess already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.actors import Mention
from extractors.events.proposing import doers, given, shared
from extractors.events.proposing.answered import who_answers, who_is_answered, whose_is_answered
from extractors.events.proposing.candidates import Candidate
from extractors.events.proposing.tellers import only_tells
from extractors.events.reading import Reading
from extractors.language import Clause
from extractors.ontology import SYMMETRIC, EventType

AGAINST, LEFT_OUT = 4.0, 1.0
"""what a reading loses, in log-odds, for each row that it turns round, and for each code of a row that it leaves out"""
ACTS, BEARS, NOBODY, IDLE = "acts", "is acted upon", "nobody is acted upon", "does not act"
ANSWERS = "answers what a pronoun names"
"""the row of who refuses or agrees to what a pronoun stands for"""
ROLES = {"actor": ACTS, "recipient": BEARS}
_GUESSED = frozenset({"coreference", "place", "topic"})
_TOGETHER = SYMMETRIC - {EventType.AGREE}
_CLAUSE, _NOUN = ("verb", "phrase"), ("noun",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """A code that acts or is acted upon in acts of a type, and the row that says so."""

    row: str
    code: str
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`find` names the actors of a candidate that stand on a side (of `NOBODY` all that is no actor); `test` is a sentence that the row reads."""

    name: str
    side: str
    kinds: tuple[str, ...]
    """of the candidates it looks at"""
    find: Callable[[Reading, Candidate, Clause], Iterator[Mention]]
    test: str
    guesses: frozenset[str] = _GUESSED | {"locative"}
    """origins of mentions that say nothing here"""
    all_who_act: bool = False
    """whether it names all who act"""
    twice: bool = False
    """whether it counts twice: the weights have whoever is a subject act, and alone, or whoever is known to do such things, which
    here is wrong"""
    undergoes: bool = False
    """whether it is for who bears a passive, or what others say or do: who acts is somebody else, whom perhaps no table has"""


def directions(reading: Reading, candidates: Sequence[Candidate]) -> Mapping[EventType, tuple[Direction, ...]]:
    """By type what the rows say of a sentence's candidates. Where they say both of a code, two acts are told: neither counts.

    Of a promise only who gives it: to whom may be told as one of those who agree.
    """
    found: dict[EventType, dict[Direction, None]] = defaultdict(dict)
    for candidate in candidates:
        if candidate.trigger is None or candidate.clause is None or candidate.type in (*_TOGETHER, EventType.STATE):
            continue
        promised = candidate.type is EventType.AGREE
        if promised and (candidate.trigger.mutual or candidate.kind not in _CLAUSE):
            continue
        told = of_candidate(reading, candidate, candidate.clause)
        found[candidate.type].update((d, None) for d in told if d.side == ACTS or not promised)
    return {type_: _undisputed(tuple(told)) for type_, told in found.items()}


def of_candidate(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Direction]:
    """What the rows say of a candidate in its own clause."""
    for row in ROWS:
        if candidate.kind in row.kinds:
            for mention in row.find(reading, candidate, clause):
                if _says(row, mention):
                    yield Direction(row=row.name, code=mention.code, side=row.side)


def _says(row: Row, mention: Mention) -> bool:
    if row.side == NOBODY:
        return True
    return bool(mention.code) and mention.kind != "description" and mention.origin not in row.guesses


def _undisputed(told: tuple[Direction, ...]) -> tuple[Direction, ...]:
    """Where a clause says who acts, a noun does not; a code on both sides says nothing; and who does one such act may tell of another."""
    if any(d.side == ACTS and d.row in _OF_CLAUSE for d in told):
        told = tuple(d for d in told if d.side != ACTS or d.row in _OF_CLAUSE)
    acting, borne = ({d.code for d in told if d.side == side} for side in (ACTS, BEARS))
    return tuple(d for d in told if d.code not in (acting if d.side == IDLE else acting & borne))


def cost(told: Sequence[Direction], actors: Sequence[str], recipients: Sequence[str]) -> float:
    """What a reading of the parties loses for each row that it turns round, and for each code that it leaves out."""
    lost = 0.0
    for d in told:
        if d.side in (NOBODY, IDLE):
            lost += AGAINST if (recipients if d.side == NOBODY else d.code in actors) else 0
            continue
        own, other = (actors, recipients) if d.side == ACTS else (recipients, actors)
        if d.code not in own:
            lost += (2 if d.row in _TWICE else 1) * (AGAINST if d.code in other else LEFT_OUT)
    return lost


def only_told_of(told: Sequence[Direction], actors: Sequence[str]) -> str:
    """The row that says that all who would act do not; "" where one of them may."""
    idle = {d.code: d.row for d in told if d.side == IDLE}
    return idle[actors[0]] if actors and idle.keys() >= {*actors} else ""


def domestic(actors: Sequence[str], recipients: Sequence[str]) -> bool:
    """All who are named are of one country ("RUS" and "RUS-OPP"): a quarrel at home, which is no act between states."""
    codes = {*actors, *recipients}
    return len(codes) > 1 and len({code.split("-")[0] for code in codes}) == 1


ROWS = (
    Row(
        name="agent",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.agent,
        twice=True,
        test="Die Ukraine wurde von Russland angegriffen.",
    ),
    Row(
        name="subject",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.sure_subject,
        test="Moskau hat Kiew erneut mit Angriffen gedroht.",
    ),
    Row(
        name="subject of a relative",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.relative_subject,
        twice=True,
        test="Georgien, dem Moskau Wortbruch vorwirft, schwieg am Montag.",
    ),
    Row(
        name="told of in a relative",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.antecedent,
        twice=True,
        test="Georgien, dem Moskau Wortbruch vorwirft, schwieg am Montag.",
    ),
    Row(
        name="behind who acts",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.behind_who_acts,
        undergoes=True,
        test="Der Minister, der Moskau Wortbruch vorwarf, schwieg am Montag.",
    ),
    Row(
        name="first, verb last",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.first_of_verb_last,
        twice=True,
        test="Weil die Ukraine Berlin zum Abzug aufgefordert hatte, tagte der Rat.",
    ),
    Row(
        name="second, verb last",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.second_of_verb_last,
        twice=True,
        test="Weil die Ukraine Berlin zum Abzug aufgefordert hatte, tagte der Rat.",
    ),
    Row(
        name="comes first",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.first_of_two,
        test="Für den Zwischenfall machte die rumänische Regierung die USA verantwortlich.",
    ),
    Row(
        name="subject above",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.subject_above,
        test="Die Regierung in Minsk kündigte an, Polen mit Raketen anzugreifen.",
    ),
    Row(
        name="subject of the clause before",
        side=ACTS,
        kinds=_CLAUSE,
        find=shared.subject_before,
        test="Norwegen bat Georgien um Panzer und warf Estland Wortbruch vor.",
    ),
    Row(
        name="behind a verb that shares its subject",
        side=BEARS,
        kinds=_CLAUSE,
        find=shared.behind_its_verb,
        test="Norwegen bat Georgien um Panzer und warf Estland Wortbruch vor.",
    ),
    Row(
        name="instead of a thing",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.instead,
        test="Das Angebot der USA wies Teheran zurück.",
    ),
    Row(
        name="together",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.together_with,
        test="Georgien beantragte gemeinsam mit Moldau den Beitritt zur EU.",
    ),
    Row(
        name="joined",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.joined,
        all_who_act=True,
        twice=True,
        test="Am Abend verlangten Kanzlerin Angela Merkel (CDU) und ihr polnischer Kollege Zugang für Beobachter.",
    ),
    Row(
        name="as well",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.as_well,
        all_who_act=True,
        twice=True,
        test="Ebenso wie Frankreich fordert auch das Vereinigte Königreich Garantien.",
    ),
    Row(
        name="accusative",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.accusative,
        undergoes=True,
        test="Berlin bestellte den russischen Botschafter ein.",
    ),
    Row(
        name="dative",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.dative,
        twice=True,
        undergoes=True,
        test="Der EU warf Lukaschenko am Abend Erpressung vor.",
    ),
    Row(
        name="dative behind a bare name",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.behind_a_name,
        twice=True,
        test="Am Abend entzog Minsk der polnischen Botschafterin das Agrément.",
    ),
    Row(
        name="asked of",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.asked_of,
        test="Von Deutschland fordert die Ukraine schwere Waffen.",
    ),
    Row(
        name="no subject",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.no_subject,
        test="Israel werfen mehrere Nachbarn schwere Fehler vor.",
    ),
    Row(
        name="agrees",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.agreeing,
        test="Orbans Reise verurteilten mehrere EU-Staaten.",
    ),
    Row(
        name="unread subject",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.unread,
        test="Das warf der EU-Ratspräsident Ungarn am Freitag vor.",
    ),
    Row(
        name="displaced",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.displaced,
        test="Der ukrainische Gesandte in Wien drohte Ungarn mit einer Klage.",
    ),
    Row(
        name="receives",
        side=BEARS,
        kinds=(*_CLAUSE, *_NOUN),
        find=given.receives,
        twice=True,
        undergoes=True,
        test="Rückendeckung bekam Selenskyj von den Europäern.",
    ),
    Row(
        name="received from",
        side=ACTS,
        kinds=(*_CLAUSE, *_NOUN),
        find=given.received_from,
        guesses=frozenset({"coreference", "topic"}),
        twice=True,
        test="Rückendeckung bekam Selenskyj von den Europäern.",
    ),
    Row(
        name="comes to",
        side=BEARS,
        kinds=_NOUN,
        find=given.comes_to,
        guesses=_GUESSED,
        twice=True,
        undergoes=True,
        test="An Georgien erging die Forderung nach einem Abzug.",
    ),
    Row(
        name="does it",
        side=ACTS,
        kinds=_NOUN,
        find=given.does,
        twice=True,
        test="Der Ukraine stellte Ungarn am Montag ein Ultimatum.",
    ),
    Row(
        name="done to",
        side=BEARS,
        kinds=_NOUN,
        find=given.done_to,
        twice=True,
        undergoes=True,
        test="Der Ukraine stellte Ungarn am Montag ein Ultimatum.",
    ),
    Row(
        name="whose thing",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.whose_thing,
        test="Die Blockade Ungarns hat die EU-Außenbeauftragte kritisiert.",
    ),
    Row(
        name="undergoes",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.undergoes,
        undergoes=True,
        test="Polen wurde scharf kritisiert.",
    ),
    Row(
        name="undergoes, theirs",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.theirs,
        guesses=_GUESSED - {"topic"} | {"locative"},
        undergoes=True,
        test="Die polnische Entscheidung wurde scharf kritisiert.",
    ),
    Row(
        name="whose envoy is recalled",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.whose_envoy,
        twice=True,
        test="Der polnische Botschafter wurde zu Beratungen aus Moskau zurückgerufen.",
    ),
    Row(
        name="asks all",
        side=NOBODY,
        kinds=_CLAUSE,
        find=doers.asks_all,
        test="Guterres rief alle Staaten auf, die Waffen ruhen zu lassen.",
    ),
    Row(name="threatened", side=BEARS, kinds=_CLAUSE, find=doers.threatened, test="Polen drohen neue Strafen der EU."),
    Row(
        name="people of",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.people_of,
        test="Andere europäische Führer wiesen das zurück.",
    ),
    Row(
        name="from",
        side=ACTS,
        kinds=_NOUN,
        find=doers.comes_from,
        guesses=_GUESSED,
        twice=True,
        test="Die Kritik aus Warschau riss nicht ab.",
    ),
    Row(
        name="suffers",
        side=BEARS,
        kinds=_NOUN,
        find=doers.suffers,
        guesses=_GUESSED - {"place"} | {"locative"},
        twice=True,
        undergoes=True,
        test="Die Ukraine meldete am Morgen 80 Drohnenangriffe.",
    ),
    Row(
        name="answers",
        side=BEARS,
        kinds=_NOUN,
        find=given.answers,
        guesses=frozenset(),
        twice=True,
        undergoes=True,
        test="Die russische Botschaft in Washington konterte die Vorwürfe der USA.",
    ),
    Row(
        name="answered",
        side=BEARS,
        kinds=_CLAUSE,
        find=who_is_answered,
        test="Kiew forderte von der EU mehr Druck auf Russland. Das lehnte Ungarn ab.",
    ),
    Row(
        name="whose is answered",
        side=BEARS,
        kinds=_CLAUSE,
        find=whose_is_answered,
        twice=True,
        test="Die Ukraine forderte von Estland Garantien, Ungarn lehnte sie ab.",
    ),
    Row(
        name=ANSWERS,
        side=ACTS,
        kinds=_CLAUSE,
        find=who_answers,
        twice=True,
        test="Georgien forderte neue Garantien von Estland, Orban lehnte sie ab.",
    ),
    Row(
        name="earns",
        side=BEARS,
        kinds=_NOUN,
        find=given.earns,
        twice=True,
        undergoes=True,
        test="Berlin erntete dafür Kritik.",
    ),
    Row(
        name="no dative",
        side=ACTS,
        kinds=_CLAUSE,
        find=doers.no_dative,
        twice=True,
        test="Budapest dankte der polnische Präsident für die Hilfe.",
    ),
    Row(
        name="beside no dative",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.beside_no_dative,
        twice=True,
        test="Budapest dankte der polnische Präsident für die Hilfe.",
    ),
    Row(
        name="against",
        side=BEARS,
        kinds=_CLAUSE,
        find=doers.at_clause,
        guesses=_GUESSED,
        undergoes=True,
        test="Gegen Abgeordnete der EU wurden Verbote verhängt.",
    ),
    Row(
        name="upon",
        side=BEARS,
        kinds=_NOUN,
        find=doers.at_noun,
        guesses=_GUESSED,
        undergoes=True,
        test="Nach dem Angriff auf Israel gab es viele Tote.",
    ),
    Row(
        name="adjective",
        side=ACTS,
        kinds=_NOUN,
        find=doers.adjective,
        twice=True,
        test="Der russische Angriff traf die Ukraine hart.",
    ),
    Row(
        name="genitive",
        side=ACTS,
        kinds=_NOUN,
        find=doers.genitive,
        twice=True,
        test="Lawrow nannte die Bitte der NATO unannehmbar.",
    ),
    Row(
        name="of",
        side=ACTS,
        kinds=_NOUN,
        find=doers.by_von,
        guesses=_GUESSED,
        twice=True,
        test="Selenskyj antwortete auf die Drohungen von Präsident Putin.",
    ),
    Row(
        name="by whom",
        side=ACTS,
        kinds=_NOUN,
        find=doers.through,
        twice=True,
        test="Nach der Ausweisung russischer Diplomaten durch Berlin drohte Moskau mit Vergeltung.",
    ),
    Row(
        name="theme",
        side=BEARS,
        kinds=_NOUN,
        find=doers.of_theme,
        test="Die Deportation ukrainischer Kinder durch Russland empörte Kiew.",
    ),
    Row(
        name="invaded",
        side=BEARS,
        kinds=_NOUN,
        find=doers.invaded,
        test="Die NATO befürchtet, dass Russland eine Invasion der Ukraine plant.",
    ),
    Row(
        name="only tells",
        side=IDLE,
        kinds=_NOUN,
        find=only_tells,
        test="Georgien kritisierte die Festnahme des Dichters.",
    ),
)
ALL_WHO_ACT = frozenset(row.name for row in ROWS if row.all_who_act)
UNDERGOES = frozenset(row.name for row in ROWS if row.undergoes)
_TWICE = frozenset(row.name for row in ROWS if row.twice)
_OF_CLAUSE = frozenset(row.name for row in ROWS if row.kinds is _CLAUSE)
