"""A sentence that tells several meetings, each on a day of its own, falls into stages: what belongs to which day.

"Am Montag trifft Scholz in Kiew Kuleba, am Freitag in Moskau Lawrow": without them both would meet both, twice in one town. German sets the
day of a stage first or near its beginning, so that a stage reaches from the last comma or "und" before its day to that of the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.actors import Mention
from extractors.actors.bodies import BODIES
from extractors.events.meetings.announcing import meets
from extractors.events.meetings.days import of_else
from extractors.events.meetings.heralding import SURE, THITHER, is_moved
from extractors.events.proposing.meeting_words import names_meeting, of_another_meeting
from extractors.events.reading import Reading
from extractors.events.telling import Coded, actor
from extractors.language import Clause, Sentence, Token
from extractors.model import Event, Place, When
from extractors.ontology import EventType, Status
from extractors.when import TimeExpression

_JOINS = frozenset({"und", "sowie", "bevor", "ehe"})
_TOPIC = frozenset({"über", "zu", "zur", "zum", "um", "wegen", "gegen"})
"""before those that are only spoken of"""
_LEADS = ("APP", "ADV", "ART", "PWAV")
"""what may stand between a word that joins and the day of its stage: "und dann am Freitag" """
_AT = frozenset({"bei", "beim"})
"""before a body where it meets: "am Donnerstag eines bei der OSZE" """
_ITSELF = frozenset({"name", "compound", "description"})
"""mentions of a body that meets, where a person or an office is but its envoy"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of a sentence, in characters of the article, and the day of which it tells."""

    when: When
    start: int
    end: int

    def holds(self, start: int) -> bool:
        return self.start <= start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The stage of a meeting whose sides are asked for: the parties that were told, those that the stage names (`named`) and those that
    others do alone (`elsewhere`), the guests of the first, where those go who visit, and whether no stage names anybody (`unnamed`)."""

    parties: frozenset[str]
    named: Sequence[Mention]
    elsewhere: frozenset[str]
    guests: frozenset[str]
    visited: Place | None
    unnamed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`who` meets; so the row tells it of `test` on Tuesday, 15 March 2022, with others beside. `several`: a body alone is not enough."""

    name: str
    who: Callable[[Asked], frozenset[str]]
    test: str
    told: str
    several: bool = False


def days_apart(read: Reading, one: Coded) -> list[TimeExpression]:
    """The first time of each day that a meeting's sentence tells, to come where it is planned and else past; not of what was before it or
    comes after."""
    sentence, today = one.proposal.seen.sentence, read.dated.date()
    found: dict[str, TimeExpression] = {}
    for time in read.times[sentence.index]:
        if (
            time.when is None
            or of_else(read, sentence, time)
            or of_another_meeting(sentence, one.proposal.anchor, time.start)
        ):
            continue
        if time.when.first >= today if one.event.status is Status.PLANNED else time.when.last <= today:
            found.setdefault(time.when.iso, time)
    return [*found.values()]


def stages(sentence: Sentence, days: Sequence[TimeExpression], start: int, end: int) -> list[Stage]:
    """The stretch of each of these days between `start`, or the colon that leads to them, and `end`."""
    colons = [t.start for t in sentence.tokens if t.text == ":" and start <= t.start < days[0].start]
    borders = [max(colons, default=start), *(_joint(sentence, a, b) for a, b in pairwise(days)), end]
    return [
        Stage(time.when, a, b) for time, (a, b) in zip(days, pairwise(borders), strict=True) if time.when is not None
    ]


def _joint(sentence: Sentence, one: TimeExpression, other: TimeExpression) -> int:
    """Where the stage of the one ends: at a word that joins right before the other, else at the last comma, else at the last such word."""
    between = [t for t in sentence.tokens if one.end <= t.start < other.start]
    joins = [t for t in between if t.text.lower() in _JOINS or t.text in (",", ";")]
    near = [t for t in joins if all(lead.tag.startswith(_LEADS) for lead in between if lead.i > t.i)]
    commas = [t for t in joins if t.text in (",", ";")]
    last = (near or commas or joins)[-1:]
    return last[0].start if last else other.start


def in_their_stages(read: Reading, found: Sequence[Coded]) -> list[Coded]:
    """Meetings, each with the place and the sides of its own part of a sentence that tells several days, and with each of them what its
    verb or noun tells of a part that has none ("trifft am Montag in Kiew Kuleba, am Freitag in Moskau Lawrow"). Of what has been, a part
    with a verb of its own tells its sides itself."""
    days = {(one.proposal.seen.sentence.index, one.event.when.iso) for one in found if one.event.when is not None}
    told: list[Coded] = []
    for one in found:
        parts = _stages_of(read, one)
        told.append(_in_stage(read, one, parts) if parts else one)
        for at, stage in enumerate(parts):
            key = (one.proposal.seen.sentence.index, stage.when.iso)
            more = _again(read, one, parts, at) if key not in days else None
            if more is not None:
                days.add(key)
                told.append(more)
    return told


def _stages_of(read: Reading, one: Coded) -> list[Stage]:
    """The stages of a meeting's sentence, of which one is its own; none where it tells but one day, or another."""
    if one.event.type is not EventType.CONSULT or one.event.when is None or is_moved(one.proposal):
        return []
    sentence, days = one.proposal.seen.sentence, days_apart(read, one)
    found = stages(sentence, days, sentence.start, sentence.end) if len(days) > 1 else []
    whole = one.event.status is Status.PLANNED or any(_has_no_verb(sentence, stage) for stage in found)
    return found if whole and any(_is_of(one, stage) for stage in found) else []


def own_stage(read: Reading, one: Coded) -> Stage | None:
    """The stage of a meeting's day; None where its sentence tells no other."""
    return next((stage for stage in _stages_of(read, one) if _is_of(one, stage)), None)


def _has_no_verb(sentence: Sentence, stage: Stage) -> bool:
    return not any(t.tag.startswith("V") for t in sentence.tokens if stage.holds(t.start))


def _is_of(one: Coded, stage: Stage) -> bool:
    return one.event.when is not None and one.event.when.iso == stage.when.iso


def _in_stage(read: Reading, one: Coded, parts: Sequence[Stage]) -> Coded:
    at = next(k for k, stage in enumerate(parts) if _is_of(one, stage))
    own, told = _place(read, one, parts[at]), one.event.place
    kept = told if own is None and not _is_anothers(read, one, parts, at) else own
    placed = replace(one, event=replace(one.event, place=kept))
    who, row = _who(read, placed, parts, at)
    return placed if who in (frozenset(), placed.event.parties) else _between(read, placed, who, row)


def _is_anothers(read: Reading, one: Coded, parts: Sequence[Stage], at: int) -> bool:
    """Whether a place that the sentence names is not of a stage that has none: two meet in the town that is told last, but who visits
    another state is not there, nor those who meet on another day than others do ("die NATO tagt am Montag, die OSZE am Freitag in
    Oslo"), unless it is told before all ("in Oslo tagt am Montag die NATO, am Freitag die OSZE")."""
    sentence = one.proposal.seen.sentence
    there = [found.start for found in read.places[sentence.index] if found.place == one.event.place]
    if not there or one.event.mode == "visit":
        return bool(there)
    if _is_of_a_noun_before(sentence, parts[0], there[0]):
        return True
    named = [[m.start for m in _named(read, sentence, stage)] for stage in parts]
    of = next((k for k, stage in enumerate(parts) if stage.holds(there[0])), at)
    before = of < at and bool(named[at]) and _has_no_verb(sentence, parts[at])
    return bool(named[of]) and (of > at or (before and min(named[of]) < there[0]))


def _is_of_a_noun_before(sentence: Sentence, first: Stage, start: int) -> bool:
    """Whether a place is that of a meeting named before the colon that leads to the days: "das Treffen in Genf ist der Auftakt: Am Montag
    tagt die NATO, am Freitag die OSZE"."""
    return start < first.start and any(names_meeting(token) for token in sentence.before(start)[-2:])


def _again(read: Reading, one: Coded, parts: Sequence[Stage], at: int) -> Coded | None:
    """The same once more, on the day of a part without a verb, or with a word for a meeting; None where that does not say who meets."""
    stage, sentence = parts[at], one.proposal.seen.sentence
    if not _has_no_verb(sentence, stage) and not _has_its_word(one, stage):
        return None
    event = replace(one.event, when=stage.when, place=None)
    other = replace(one, event=replace(event, place=_place(read, replace(one, event=event), stage)))
    who, row = _who(read, other, parts, at)
    others = not at or not who <= {m.code for m in _named(read, sentence, parts[0])}
    return _between(read, other, who, row) if row and (other.event.place is not None or others) else None


def _has_its_word(one: Coded, stage: Stage) -> bool:
    """Whether a stage has the word of a meeting, or another such word of which the same holds."""
    p = one.proposal
    if stage.holds(p.seen.sentence.tokens[p.anchor].start):
        return True
    return any(
        other.type is EventType.CONSULT and _is_told_like(other.clause, p.clause)
        for other in p.seen.candidates
        if stage.holds(p.seen.sentence.tokens[other.anchor].start)
    )


def _is_told_like(one: Clause | None, other: Clause | None) -> bool:
    if one is None or other is None:
        return False
    return (one.tense, one.modal, one.negated) == (other.tense, other.modal, other.negated)


def _place(read: Reading, one: Coded, stage: Stage) -> Place | None:
    """The place that a stage tells, if it tells one."""
    sentence = one.proposal.seen.sentence
    there = [p for p in read.places[sentence.index] if stage.holds(p.start)]
    told = one.event.place
    if told is not None and any(p.place.name == told.name for p in there):
        return told
    return next(
        (
            p.place
            for p in there
            if p.preposition in THITHER
            and p.place.country
            and not of_another_meeting(sentence, one.proposal.anchor, p.start)
        ),
        None,
    )


def _who(read: Reading, one: Coded, parts: Sequence[Stage], at: int) -> tuple[frozenset[str], str]:
    """Who meets in a stage, and the row that says so; nobody where none does."""
    sentence = one.proposal.seen.sentence
    named = [_named(read, sentence, stage) for stage in parts]
    own = {m.code for m in named[at]}
    first = {m.code for m in named[0]}
    asked = Asked(
        parties=one.event.parties,
        named=named[at],
        elsewhere=frozenset(m.code for k, some in enumerate(named) if k != at for m in some) - own,
        guests=frozenset(m.code for m in _guests(read, sentence, parts[0])) or one.event.parties & first,
        visited=one.event.place if one.event.mode == "visit" else None,
        unnamed=not any(named),
    )
    found = (
        (who, row.name) for row in (FIRST if at == 0 else LATER) if _can_meet(who := row.who(asked), asked.named, row)
    )
    return next(found, (frozenset(), ""))


def _of_the_first(asked: Asked) -> frozenset[str]:
    return asked.parties - asked.elsewhere


def _of_its_own(asked: Asked) -> frozenset[str]:
    return frozenset(m.code for m in asked.named)


def _with_guests(asked: Asked) -> frozenset[str]:
    return asked.guests | _of_its_own(asked)


def _all(asked: Asked) -> frozenset[str]:
    return asked.parties if asked.unnamed else frozenset()


def _at_a_host(asked: Asked) -> frozenset[str]:
    return (
        asked.guests | {asked.visited.country} if asked.visited is not None and asked.visited.country else frozenset()
    )


FIRST = (
    Row(
        name="without whom another part names",
        who=_of_the_first,
        test="Scholz trifft am Freitag in Paris Macron und am Sonntag Sunak in London.",
        told="DEU,FRA 2022-03-18 Paris",
    ),
    Row(
        name="whom its part names",
        who=_of_its_own,
        test="Am Freitag tagt in Brüssel der NATO-Russland-Rat, am Sonntag in Wien die OSZE.",
        told="NATO,RUS 2022-03-18 Brüssel",
    ),
)
"""who meets on the first of several days"""

LATER = (
    Row(
        name="whom its part names",
        who=_of_its_own,
        test="Am Freitag treffen sich Polen und Litauen in Oslo, am Sonntag Polen und Ungarn in Bern.",
        told="HUN,POL 2022-03-20 Bern",
    ),
    Row(
        name="its guests and whom its part names",
        who=_with_guests,
        test="Scholz trifft am Freitag in Paris Macron und am Sonntag Sunak in London.",
        told="DEU,GBR 2022-03-20 London",
        several=True,
    ),
    Row(
        name="its guests and the host of its town",
        who=_at_a_host,
        test="Am Freitag wird Macron in Kiew erwartet, am Sonntag in Warschau.",
        told="FRA,POL 2022-03-20 Warschau",
        several=True,
    ),
    Row(
        name="all, where no part names anybody",
        who=_all,
        test="Polen und Litauen haben verhandelt. Am Freitag wird in Oslo und am Sonntag in Bern weiterverhandelt.",
        told="LTU,POL 2022-03-20 Bern",
    ),
)
"""who meets on the others"""


def _can_meet(who: frozenset[str], named: Sequence[Mention], row: Row) -> bool:
    """Whether these are several, or a body that meets within itself: somebody who goes for it is not the body."""
    alone = any(m.kind in _ITSELF and not m.office and m.code in who for m in named)
    return meets(who) and (len(who) > 1 or (alone and not row.several))


def _named(read: Reading, sentence: Sentence, stage: Stage) -> list[Mention]:
    """Who is named in a stage by himself, and not as what is talked over."""
    return [
        m
        for m in read.named(sentence, stage.start, stage.end)
        if (m.score >= SURE or _is_where_it_meets(sentence, m))
        and stage.holds(m.start)
        and m.kind != "adjective"
        and not _is_topic(sentence, m)
    ]


def _is_where_it_meets(sentence: Sentence, mention: Mention) -> bool:
    """Whether a body is named as where a meeting is, which is then its own."""
    before = sentence.before(mention.start)[-2:]
    return mention.code in BODIES and any(token.text.lower() in _AT for token in before)


def _is_topic(sentence: Sentence, mention: Mention) -> bool:
    leads: Iterator[Token] = (
        t for t in reversed(sentence.tokens) if t.end <= mention.start and t.tag[:2] in ("AP", "VV")
    )
    return next((t.text.lower() in _TOPIC for t in leads), False)


def _guests(read: Reading, sentence: Sentence, stage: Stage) -> list[Mention]:
    """Who is the subject in a stage."""
    subjects = (clause.subject for clause in sentence.clauses if clause.subject is not None)
    return [m for role in subjects for m in read.in_role(sentence, role) if stage.holds(m.start) and m.score >= SURE]


def _between(read: Reading, one: Coded, who: frozenset[str], row: str) -> Coded:
    """The meeting between these, in the order in which they were told; who was not is told anew."""
    event = one.event
    known = {a.code: a for a in (*event.actors, *event.recipients)}
    sides = tuple(known.get(code) or actor(read, one.proposal, code, "actor") for code in _in_order(read, one, who))
    told: Event = replace(event, actors=sides, recipients=())
    return replace(one, event=told, sides=(*one.sides, row))


def _in_order(read: Reading, one: Coded, who: frozenset[str]) -> list[str]:
    sentence = one.proposal.seen.sentence
    starts = {m.code: m.start for m in reversed(read.mentions[sentence.index])}
    return sorted(who, key=lambda code: (starts.get(code, sentence.end), code))
