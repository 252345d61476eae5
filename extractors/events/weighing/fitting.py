"""Who may act upon whom in a sentence, and what speaks for each such reading. Names of features are for people too."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extractors.events.proposing.candidates import Candidate
from extractors.events.proposing.directions import ALL_WHO_ACT
from extractors.events.weighing.features import KNOWN, SURE, TYPES, Features, Opinion, Parties, View, reach
from extractors.ontology import SYMMETRIC, EventType, quad

_PAIRED = frozenset(KNOWN)
_TAKES_PART = frozenset(
    "subject object recipient agent speaker passive-subject prep:mit prep:zwischen prep:bei".split()
)
_BY_HIM = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.ACCUSE})
_TWO = 2
_WITH = frozenset({"prep:mit", "after:mit"})
_AT = frozenset("prep:bei prep:beim prep:am prep:auf".split())
_BOTH = frozenset({"so many as were spoken of", "so many as a sentence named", "the two of the sentence before"})
"""rows of `actors.pointing` for two or more who are meant by one word"""
_OF_MEDIA = frozenset(
    {
        EventType.ACCUSE,
        EventType.ASSAULT,
        EventType.COERCE,
        EventType.REQUEST,
        EventType.SANCTION,
        EventType.STATE,
        EventType.THREATEN,
    }
)
"""types in which media are a party now and then: in 52 of 11,307 labelled acts, and in one of all others"""
HEARD = ("network", "network:actor", "network:recipient", "network:left out")
"""what the network says of a reading of the parties"""


def hypotheses(seen: View, type_: EventType) -> tuple[Parties, ...]:
    """Who may act upon whom in an act of a type: what the rules say, and what the names in reach allow."""
    found = _hypotheses(seen, type_)
    if not seen.whole:
        return found
    return tuple(h for h in found if not any(_torn(whole, h) for whole in seen.whole)) or found


def _torn(whole: frozenset[str], parties: Parties) -> bool:
    named = whole & {*parties[0], *parties[1]}
    return bool(named) and named != whole


def _hypotheses(seen: View, type_: EventType) -> tuple[Parties, ...]:
    found: dict[Parties, None] = {}
    media = frozenset(_codes(ANYWHERE, seen, type_))
    for candidate in seen.candidates:
        if candidate.type is type_ and candidate.actors:
            found[_without(media, candidate.actors, candidate.recipients)] = None
    pool = [codes for codes in [*((code,) for code in reach(seen)), *seen.groups] if media.isdisjoint(codes)]
    together = _together(seen, type_)
    if len(together) > 1 and together not in pool:
        pool.append(together)
    if type_ in SYMMETRIC:
        aside = set(_codes(TOGETHER_ALONE, seen, type_))
        all_ = (frozenset((*actors, *recipients)) for actors, recipients in found)
        found = {(tuple(sorted(codes)), ()): None for codes in all_ if aside.isdisjoint(codes)}
        pool = [codes for codes in pool if aside.isdisjoint(codes)]
        for k, one in enumerate(pool):
            found[(one, ())] = None
            for other in pool[k + 1 :]:
                found[(tuple(sorted({*one, *other})), ())] = None
        inside = tuple(sorted(c for c, flags in seen.flags.items() if "in" in flags and c not in aside | media))
        if len(inside) > 2:
            found[(inside, ())] = None
        return tuple(found)
    sets = [frozenset(codes) for codes in pool]
    for one, these in zip(pool, sets, strict=True):
        found[(one, ())] = None
        found.update(((one, other), None) for other, those in zip(pool, sets, strict=True) if these.isdisjoint(those))
    return tuple(found)


def _without(aside: frozenset[str], actors: tuple[str, ...], recipients: tuple[str, ...]) -> Parties:
    if not aside:
        return actors, recipients
    return tuple(c for c in actors if c not in aside), tuple(c for c in recipients if c not in aside)


def _together(seen: View, type_: EventType) -> tuple[str, ...]:
    """All who act together by what the grammar says: "Maas und sein französischer Amtskollege warnten"."""
    told = [d for d in seen.directions.get(type_, ()) if d.row in ALL_WHO_ACT]
    return tuple(sorted({d.code for d in told}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`finds` who has no part in an act of a type, though the sentence names him: no reading of its parties has him. `test` is a sentence of
    which the row says so of `code`, of an act of `type`."""

    name: str
    finds: Callable[[View, EventType], Collection[str]]
    type: EventType
    test: str
    code: str


def aside(seen: View, type_: EventType) -> Iterator[tuple[str, str]]:
    """Who has no part in an act of a type, each with the row that says so."""
    for row in (*ANYWHERE, *(TOGETHER_ALONE if type_ in SYMMETRIC else ())):
        yield from ((code, row.name) for code in sorted(row.finds(seen, type_)))


def _codes(rows: Sequence[Row], seen: View, type_: EventType) -> Iterator[str]:
    return (code for row in rows for code in row.finds(seen, type_))


def _media(seen: View, type_: EventType) -> Collection[str]:
    """The media of a sentence where these have no part in what it tells: they are where something was said, or to whom."""
    if type_ in _OF_MEDIA:
        return ()
    return [code for code in seen.flags if code.endswith("-MED")]


def _only_spoken_of(seen: View, type_: EventType) -> Collection[str]:
    # "Über das Treffen von Macron und Putin": what is spoken of is a meeting of theirs.
    consults = (c for c in seen.candidates if c.kind == "noun" and c.type is EventType.CONSULT)
    met = {code for c in consults if len(c.parties) > 1 for code in c.parties}
    about = (code for code, flags in seen.flags.items() if "prep:über" in flags and not flags & _TAKES_PART)
    return [code for code in about if code not in met]


def _violated(seen: View, type_: EventType) -> Collection[str]:
    """Whose sovereignty was violated, of which somebody else is accused. So are all five such accusations of our labels and the gold set."""
    if type_ is not EventType.ACCUSE:
        return ()
    return [code for code, flags in seen.flags.items() if "whose" in flags]


def _attackers(seen: View, type_: EventType) -> Collection[str]:
    """Who attacked somebody to whom others do something: "Hilfe für die von Russland überfallene Ukraine"."""
    if type_ in _BY_HIM:
        return ()
    return [code for code, flags in seen.flags.items() if "attacker" in flags]


def _occasions(seen: View, type_: EventType) -> Collection[str]:
    """Whose summit it was at which two others met."""
    met = [
        c.parties for c in seen.candidates if c.kind == "verb" and c.type is EventType.CONSULT and len(c.parties) > 1
    ]
    return {
        code
        for code, flags in seen.flags.items()
        if met and code not in frozenset().union(*met) and "kind:compound" in flags and "strong" not in flags
        and flags & _AT and not flags & (_TAKES_PART - _AT)
    }  # fmt: skip


def _tellers(seen: View, type_: EventType) -> Collection[str]:
    """Who only says that others met."""
    met = [c for c in seen.candidates if c.type is EventType.CONSULT and len(c.parties) > 1]
    takes_part = frozenset().union(*(c.parties for c in met))
    tell = {c.said.code for c in met if c.said is not None and c.kind == "verb" and c.actor_from.startswith("subject")}
    return tell - takes_part


def _not_visiting(seen: View, type_: EventType) -> Collection[str]:
    """Of whom or to whom a visitor speaks from where he is: who visits and who is visited takes part."""
    met = [c for c in seen.candidates if c.type is EventType.CONSULT]
    if type_ is not EventType.CONSULT or len(met) != 1 or not _is_aside(seen, met[0]):
        return ()
    return [c for c, flags in seen.flags.items() if c not in met[0].parties and not flags & _WITH]


def _beside_both(seen: View, type_: EventType) -> Collection[str]:
    """Who is named where "beide Seiten" or "die drei Länder" do it together, and is not with them."""
    told = [c for c in seen.candidates if c.type is type_ and c.kind == "verb" and c.mentions]
    both = {m.code for c in told if all(m.row in _BOTH for m in c.mentions) for m in c.mentions}
    if len(both) < _TWO:
        acting = [one for one in seen.whole if all("subject" in seen.flags.get(code, ()) for code in one)]
        both = {*acting[0]} if len(acting) == 1 and type_ is EventType.CONSULT else set()
    return [code for code, flags in seen.flags.items() if both and code not in both and not flags & _WITH]


def _is_aside(seen: View, visit: Candidate) -> bool:
    """Whether a visit, of whom and to whom its clause tells, is where something else is said or done: "bei einem Besuch in Riga"."""
    of_visit = visit.kind == "noun" and visit.trigger is not None and visit.trigger.mode == "visit"
    if not of_visit or not visit.actors or not visit.recipients:
        return False
    roles = visit.clause.roles if visit.clause is not None else ()
    return any(visit.anchor in role.heads and role.preposition in ("bei", "während") for role in roles)


ANYWHERE = (
    Row(
        name="a medium in which something is said",
        finds=_media,
        type=EventType.AGREE,
        test="Scholz zeigte sich in der ARD offen für weitere Lieferungen.",
        code="DEU-MED",
    ),
    Row(
        name="whose sovereignty is violated",
        finds=_violated,
        type=EventType.ACCUSE,
        test="Norwegen nannte das Vorgehen Moskaus eine Verletzung der Souveränität Georgiens.",
        code="GEO",
    ),
    Row(
        name="who attacked whom it is for",
        finds=_attackers,
        type=EventType.AGREE,
        test="Norwegen billigt Hilfen für die von Belarus überfallene Ukraine.",
        code="BLR",
    ),
)
TOGETHER_ALONE = (
    Row(
        name="only spoken about",
        finds=_only_spoken_of,
        type=EventType.CONSULT,
        test="Macron und Scholz verhandeln über die Ukraine.",
        code="UKR",
    ),
    Row(
        name="whose summit it was",
        finds=_occasions,
        type=EventType.CONSULT,
        test="Beim Nato-Gipfel in Madrid traf Erdogan den ukrainischen Präsidenten.",
        code="NATO",
    ),
    Row(
        name="of whom a visitor speaks",
        finds=_not_visiting,
        type=EventType.CONSULT,
        test="Macron forderte Belarus bei einem Besuch in Riga zur Ruhe auf.",
        code="BLR",
    ),
    Row(
        name="beside both who do it",
        finds=_beside_both,
        type=EventType.AGREE,
        test="Scholz sagte, nach dem Streit Georgiens mit Armenien hätten sich beide Seiten geeinigt.",
        code="DEU",
    ),
    Row(
        name="who only says that they met",
        finds=_tellers,
        type=EventType.CONSULT,
        test="Der Kreml bestätigte, dass Macron mit Scholz geredet hat.",
        code="RUS",
    ),
)
"""of acts that all do together"""


def party_features(seen: View, type_: EventType, parties: Parties) -> Features:
    """How well a reading of the parties fits: where they stand, what the rules say, how often they are named."""
    return Fit(seen, type_).features(parties)


class Fit:
    """How well readings of the parties of one act fit. The parts of a reading's features share no names.

    An act has some fifty readings, and they are made of the same few sides: who scores them need weigh each side once.
    """

    def __init__(self, seen: View, type_: EventType) -> None:
        self.seen, self.type, self.symmetric = seen, type_, type_ in SYMMETRIC
        self._group = f"q{int(quad(type_))}"
        self._rules = [_Rule.of(candidate) for candidate in seen.candidates if candidate.type is type_]
        self._ones: dict[tuple[str, str], Features] = {}
        self._inside = frozenset(code for code, flags in seen.flags.items() if "in" in flags)
        opinion = seen.opinion
        self._leanings = _leanings(opinion, type_) if opinion is not None and opinion.codes else None

    def features(self, parties: Parties) -> Features:
        actors, recipients = parties
        return (
            self.number(len(actors), len(recipients))
            | self.side("A", actors)
            | self.side("R", recipients)
            | self.both(parties)
            | {name: value for heard in self.heard([parties]) for name, value in zip(HEARD, heard, strict=True)}
        )

    def number(self, actors: int, recipients: int) -> Features:
        number = f"{min(actors, 3)}:{min(recipients, 2)}"
        return {f"n:{number}": 1.0, f"n:{self.type}:{number}": 1.0}

    def side(self, side: str, codes: Sequence[str]) -> Features:
        """What can be said of those who act ("A"), or of those acted upon ("R"), whoever stands on the other side."""
        found: Features = {}
        often = f"{side}:often"
        for code in codes:
            before = found.get(often, 0.0)
            found |= self._of_one(side, code)
            found[often] = max(found[often], before)
        return found

    def _of_one(self, side: str, code: str) -> Features:
        """The same of one of them, who is of many sides."""
        found = self._ones.get((side, code))
        if found is None:
            flags = self.seen.flags.get(code, frozenset())
            found = dict(_of_flags(side, self._group, flags))
            if "in" not in flags and "speaker" not in flags:
                found[f"{side}:absent"] = 1.0
                found[f"{side}:{self.type}:absent"] = 1.0
            found[f"{side}:often"] = math.log1p(self.seen.counts.get(code, 0)) / 3
            if code in KNOWN:
                found[f"{side}:{self.type}:{code}"] = 1.0
            self._ones[side, code] = found
        return found

    def both(self, parties: Parties) -> Features:
        """What can be said only of both sides together."""
        actors, recipients = parties
        found: Features = {}
        if len(actors) == 1 == len(recipients) and actors[0] in _PAIRED and recipients[0] in _PAIRED:
            found[f"pair:{self.type}:{actors[0]}>{recipients[0]}"] = 1.0
            found[f"pair:{actors[0]}>{recipients[0]}"] = 1.0
        if self.symmetric:
            found[f"left out:{min(len(self._inside.difference(actors)), 3)}"] = 1.0
        if self._rules:
            found |= _by_rules(self._rules, self.symmetric, parties)
        return found

    def heard(self, options: Sequence[Parties]) -> Iterator[tuple[float, float, float, float]]:
        """The network's view of each reading (`HEARD`): how likely all of it is, its weakest parties, its best one left out.
        Nothing where it has none."""
        leanings = self._leanings
        if leanings is None:
            return
        acting = {codes: leanings.of(codes, leanings.acts, -1.0) for codes in {h[0] for h in options}}
        borne = {codes: leanings.of(codes, leanings.bears, 0.0) for codes in {h[1] for h in options}}
        for actors, recipients in options:
            acts, least, first = acting[actors]
            bears, least_borne, second = borne[recipients]
            # log p(acts) - log p(does not) is the log-odds itself.
            agree = leanings.nobody + acts + (0.0 if self.symmetric else bears)
            yield max(agree, -3 * SURE) / SURE, least, least_borne, leanings.without[_lowest_free(first | second)]


@functools.lru_cache(2_000)
def _of_flags(side: str, group: str, flags: frozenset[str]) -> Features:
    """The features for the places that an actor stands in, which every type asks for."""
    return {name: 1.0 for flag in flags for name in (f"{side}:{flag}", f"{side}:{group}:{flag}")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leanings:
    """The network's opinion of one type: by code how surely it acts and is acted upon."""

    acts: Mapping[str, float]
    bears: Mapping[str, float]
    nobody: float
    """the log-probability that none acts and none is acted upon"""
    ranks: Mapping[str, int]
    """by code a bit: the lower, the more surely it has any part"""
    without: tuple[float, ...]
    """how surely the code of each bit has any part, as a feature; last what is said where none is left out"""

    def of(self, codes: tuple[str, ...], odds: Mapping[str, float], nobody: float) -> tuple[float, float, int]:
        """Of one side of a reading the sum of the log-odds, the least of them as a feature (`nobody` where there is none), and the
        bits of its codes."""
        told = [odds[code] for code in codes if code in odds]
        bits = 0
        for code in codes:
            bits |= self.ranks.get(code, 0)
        return sum(told), min(told) / SURE if told else nobody, bits


def _leanings(opinion: Opinion, type_: EventType) -> Leanings:
    at = TYPES.index(type_)
    acts, bears = (
        {code: max(-SURE, min(SURE, value)) for code, value in zip(opinion.codes, side[at].tolist(), strict=True)}
        for side in (opinion.actors, opinion.recipients)
    )
    counted = [*acts.values()] if type_ in SYMMETRIC else [*acts.values(), *bears.values()]
    ranked = sorted(((max(acts[code], bears[code]), code) for code in acts), reverse=True)
    return Leanings(
        acts=acts,
        bears=bears,
        nobody=-sum(math.log1p(math.exp(value)) for value in counted),
        ranks={code: 1 << k for k, (_, code) in enumerate(ranked)},
        without=(*(value / SURE for value, _ in ranked), -1.0),
    )


def _lowest_free(bits: int) -> int:
    """The number of the lowest bit that is not set.

    >>> _lowest_free(0b1011)
    2
    """
    return (~bits & (bits + 1)).bit_length() - 1


class _Rule(NamedTuple):
    """A candidate with its sides as sets, which every reading is held against."""

    candidate: Candidate
    actors: frozenset[str]
    recipients: frozenset[str]
    parties: frozenset[str]

    @classmethod
    def of(cls, one: Candidate) -> _Rule:
        return cls(one, frozenset(one.actors), frozenset(one.recipients), one.parties)


def _by_rules(rules: Sequence[_Rule], symmetric: bool, parties: Parties) -> Features:
    """What the candidates of the type say of a reading."""
    found: Features = {}
    who, whom = frozenset(parties[0]), frozenset(parties[1])
    for candidate, actors, recipients, both in rules:
        if symmetric:
            if both == who:
                found |= {
                    "rules agree": 1.0,
                    f"rules agree:{candidate.kind}": 1.0,
                    f"rules agree:{candidate.rule}": 1.0,
                }
            elif both & who:
                found["rules overlap"] = 1.0
            continue
        right = actors == who, recipients == whom
        if right[0]:
            found |= {"rule's actor": 1.0, f"rule's actor:{candidate.kind}:{candidate.actor_from}": 1.0}
        if right[1]:
            found |= {"rule's recipient": 1.0, f"rule's recipient:{candidate.kind}:{candidate.recipient_from}": 1.0}
        if all(right):
            found |= {"rules agree": 1.0, f"rules agree:{candidate.kind}": 1.0}
        if actors == whom and who and whom:
            found["rules swap"] = 1.0
    return found
