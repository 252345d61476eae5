"""Announced meetings, a family of their own: who, when and where, one for each word that names a meeting.

"Für Mittwoch ist ein Treffen der Räte in Brüssel und für Donnerstag eines der OSZE in Wien geplant" is two: each word
has its own stretch of the sentence, and its parties, time and place come from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from extractors.actors import Mention, name_of
from extractors.actors.bodies import BODIES
from extractors.events.attaching import belonging, statuses
from extractors.events.attaching.around import Around
from extractors.events.meetings.days import of_else
from extractors.events.meetings.heralding import by_itself
from extractors.events.meetings.stages import own_stage
from extractors.events.proposing.candidates import Candidate
from extractors.events.reading import Reading
from extractors.events.telling import Coded
from extractors.events.weighing.features import Features, View
from extractors.events.weighing.judge import Judge, Linear, Proposal, propose
from extractors.model import Event, Place, When
from extractors.ontology import EventType
from extractors.places import named as place_of

# Words that name a meeting as such; "Reise" and "Besuch" do where a host is named.
_CUTS = frozenset({"und", "sowie", ",", ";", "–", "-", ":"})
_BESIDE = frozenset({"und", "sowie", ";"})
_FAR = timedelta(days=400)
_STRONG = 0.5
_GENITIVE = 12
"""characters between a word and its genitive: an article and an adjective"""
_TALKS = frozenset({"noun:Gespräch", "noun:Verhandlung", "noun:Dialog", "noun:Beratung"})
"""what a body also holds with others that are not told ("Gespräche der NATO über die Lage")"""
_WITH = 3
"""tokens between a word and the "mit" of its partners"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting that may be announced, with what speaks for that."""

    proposal: Proposal
    when: When | None
    place: Place | None
    features: Features
    certain: str = ""
    """the row that fixes the parties, whatever the weights say; empty where the weights decide"""

    @property
    def key(self) -> tuple[object, ...]:
        return (self.proposal.key, self.when.iso if self.when else "")


def meetings(reading: Reading, seen: Sequence[View], parties: Linear) -> tuple[Meeting, ...]:
    found: list[Meeting] = []
    told: Counter[object] = Counter()
    for view in seen:
        anchors = sorted(
            {c.anchor: c for c in view.candidates if c.type is EventType.CONSULT and c.kind != "speech"}.items()
        )
        for k, (_, candidate) in enumerate(anchors):
            at = [a for a, _ in anchors]
            stretch = _stretch(view, candidate, at, k)
            reach = _reach(view, stretch, at, k)
            options = [_counted(one, told) for one in _options(reading, view, candidate, stretch, reach, parties)]
            found.extend(options)
            told.update(Counter({one.key for one in options}) + Counter({one.proposal.key for one in options}))
    return tuple(found)


def chosen(options: Sequence[Meeting], model: Linear) -> tuple[tuple[Meeting, float], ...]:
    """For each word the reading of its parties that is likeliest to be an announcement, with its probability.

    Where a row fixes the parties, that reading stands, as likely as the likeliest.
    """
    best: dict[tuple[int, int], tuple[Meeting, float]] = {}
    for one in options:
        value, at = model.probability(one.features), (one.proposal.seen.sentence.index, one.proposal.anchor)
        if at not in best:
            best[at] = (one, value)
        else:
            held, most = best[at]
            fixed = one if one.certain and not held.certain else held
            likelier = one if value > most else held
            best[at] = (fixed if fixed.certain else likelier, max(value, most))
    return tuple(best.values())


def _counted(one: Meeting, told: Counter[object]) -> Meeting:
    counts = {f"told:{min(told[one.key], 2)}": 1.0, f"parties told:{min(told[one.proposal.key], 2)}": 1.0}
    return replace(one, features=one.features | counts)


def _stretch(view: View, candidate: Candidate, anchors: Sequence[int], k: int) -> tuple[int, int]:
    """First and last token (exclusive) of a word's share: up to the cut between it and its neighbours."""
    tokens = view.sentence.tokens
    first = _cut(view, anchors[k - 1], candidate.anchor) if k else 0
    last = _cut(view, candidate.anchor, anchors[k + 1]) if k + 1 < len(anchors) else len(tokens)
    return first, last


def _reach(view: View, stretch: tuple[int, int], anchors: Sequence[int], k: int) -> int:
    """The token up to which a word without a day in its stretch may look for one: another meeting that is told behind "und"
    keeps the day between ("eine Runde in Brüssel und am Donnerstag in Wien eine der OSZE")."""
    tokens = view.sentence.tokens
    beside = k + 1 < len(anchors) and tokens[stretch[1]].text in _BESIDE
    return stretch[1] if beside else len(tokens)


def _cut(view: View, before: int, after: int) -> int:
    tokens = view.sentence.tokens
    cuts = [i for i in range(before + 1, after) if tokens[i].text in _CUTS]
    strong = [i for i in cuts if i + 1 < len(tokens) and tokens[i + 1].tag.startswith(("APP", "KOUS", "PRELS", "V"))]
    return (strong or cuts or [before + 1])[0]


def _options(
    reading: Reading, view: View, candidate: Candidate, stretch: tuple[int, int], reach: int, parties: Linear
) -> Iterator[Meeting]:
    """The readings of a word's parties: the judge's, the rule's, all who are named in its stretch."""
    sentence = view.sentence
    start, end = sentence.tokens[stretch[0]].start, sentence.tokens[stretch[1] - 1].end
    strong = {m.code for m in reading.named(sentence, start, end) if m.score >= _STRONG}
    named = {m.code for m in reading.named(sentence, start, end)} | candidate.parties
    clause = candidate.clause
    subject = {m.code for m in reading.in_role(sentence, clause.subject)} if clause is not None else set()
    own = _own(view, candidate, named | subject)
    when, here = _when(reading, view, candidate, (start, end), sentence.tokens[reach - 1].end)
    proposed = propose(own, EventType.CONSULT, 1.0, parties)
    sets = (
        [("judge", proposed[0].parties[0]), *(("other", who) for (who, _), _ in proposed[0].others[:2])]
        if proposed
        else []
    )
    certain = _certain(reading, view, candidate, start, end, here)
    sets += [
        (certain[0], certain[1]),
        ("rule", tuple(sorted(candidate.parties))),
        ("strong", tuple(sorted(strong))),
        ("subject", tuple(sorted(strong | subject))),
    ]
    by: dict[tuple[str, ...], set[str]] = {}
    for name, who in sets:
        by.setdefault(tuple(who), set()).add(name)
    alike = _of_each_reading(reading, own, candidate, when, here)
    for who, names in by.items():
        if who:
            share = proposed[0].p_parties if "judge" in names else 0.0
            p = Proposal(
                type=EventType.CONSULT, parties=(who, ()), seen=own, p_type=1.0, p_parties=share, candidate=candidate
            )
            features = alike | {f"set:{name}": 1.0 for name in names}
            inside = len(set(who) & strong)
            features |= {
                f"n:{min(len(who), 4)}": 1.0,
                f"sure:{int(share * 4)}": 1.0,
                f"inside:{min(inside, 3)}:{min(len(who), 3)}": 1.0,
                f"left out:{min(len(strong - set(who)), 3)}": 1.0,
            }
            fixed = certain[0] if certain[0] in names and who == certain[1] else ""
            yield Meeting(proposal=p, when=when, place=None, features=features, certain=fixed)


def _certain(
    reading: Reading, view: View, candidate: Candidate, start: int, end: int, here: str
) -> tuple[str, tuple[str, ...]]:
    """Rows that fix who meets: the name of the row and the parties; empty parties where none applies.

    "format": the word's genitive, or the subject of the verb, is a format that names its members ("Treffen des
    NATO-Russland-Rats").
    "own name": a body's name is the first part of the word itself ("EU-Gipfel mit der Ukraine") or its genitive ("Gipfel der
    NATO"): the body, and who stands behind "mit".
    "own stretch": one of several announced meetings of a sentence, with a day of its own: who is named beside it.
    """
    sentence = view.sentence
    anchor = sentence.tokens[candidate.anchor]
    inside = [m for m in reading.mentions[sentence.index] if m.code and start <= m.start and m.end <= end]
    format_ = {m.code for m in inside if m.kind == "compound" and 0 < m.start - anchor.end <= _GENITIVE}
    if candidate.kind == "verb" and candidate.clause is not None:
        # Where the parse finds no subject, the nominative was taken for a dative ("kommt der NATO-Russland-Rat zusammen").
        who = candidate.clause.subject or candidate.clause.recipient or candidate.clause.object
        subject = reading.in_role(sentence, who)
        format_ = (
            {m.code for m in subject if m.kind == "compound"} if all(m.kind == "compound" for m in subject) else set()
        )
    if len(format_) > 1:
        return "format", tuple(sorted(format_))
    body = {m.code for m in inside if m.kind == "compound" and m.start <= anchor.start and anchor.end <= m.end} & BODIES
    body = body or _genitive(view, candidate, inside)
    if body and candidate.kind == "noun":
        return "own name", tuple(sorted(body | _partners(view, candidate, inside)))
    several = sum(c.type is EventType.CONSULT and c.kind == "noun" for c in view.candidates) > 1
    beside = {m.code for m in inside if m.start > anchor.end and m.score >= _STRONG}
    if several and here == "stretch" and beside and candidate.kind == "noun":
        return "own stretch", tuple(sorted(beside))
    return "", ()


def _genitive(view: View, candidate: Candidate, named: Sequence[Mention]) -> set[str]:
    """The body whose meeting a word names: "Gipfel der NATO", not "Treffen der NATO und Russlands"."""
    tokens = view.sentence.tokens[candidate.anchor + 1 :]
    if candidate.rule in _TALKS or not tokens or tokens[0].text not in ("der", "des"):
        return set()
    anchor = view.sentence.tokens[candidate.anchor]
    found = [m for m in named if m.code in BODIES and 0 < m.start - anchor.end <= _GENITIVE]
    behind = next((t.text for t in tokens if found and t.start >= found[-1].end), "")
    return {m.code for m in found} if len(found) == 1 and behind not in ("und", ",", "sowie") else set()


def _partners(view: View, candidate: Candidate, named: Sequence[Mention]) -> set[str]:
    """Who is named right behind the "mit" that follows a word."""
    tokens = view.sentence.tokens
    behind = tokens[candidate.anchor + 1 : candidate.anchor + 1 + _WITH]
    start = next((token.end for token in behind if token.text == "mit"), None)
    return {m.code for m in named if m.score >= _STRONG and start is not None and start < m.start <= start + _GENITIVE}


def _own(view: View, candidate: Candidate, named: set[str]) -> View:
    flags = {code: found for code, found in view.flags.items() if code in named}
    return replace(view, candidates=(candidate,), flags=flags, groups=tuple(g for g in view.groups if set(g) <= named))


def _when(
    reading: Reading, view: View, candidate: Candidate, stretch: tuple[int, int], reach: int
) -> tuple[When | None, str]:
    """The nearest time of the stretch that is not past; of the sentence as far as the word reaches where the stretch tells none."""
    today = reading.dated.date()
    sentence = view.sentence
    anchor = sentence.tokens[candidate.anchor].start
    times = [t for t in reading.times[sentence.index] if t.when is not None and not of_else(reading, sentence, t)]
    start, end = stretch
    inside = [t for t in times if start <= t.start and t.end <= end]
    for where, found in (("stretch", inside), ("sentence", [t for t in times if t.end <= reach])):
        ahead = [t for t in found if t.when is not None and today <= t.when.last <= today + _FAR]
        if ahead:
            return min(ahead, key=lambda t: abs(t.start - anchor)).when, where
        if found and where == "stretch":
            return min(found, key=lambda t: abs(t.start - anchor)).when, "past"
    return None, "none"


def _of_each_reading(reading: Reading, seen: View, candidate: Candidate, when: When | None, where: str) -> Features:
    """What speaks for an announcement whoever meets."""
    p = Proposal(type=EventType.CONSULT, parties=((), ()), seen=seen, p_type=1.0, p_parties=0.0, candidate=candidate)
    days = (when.first - reading.dated.date()).days if when is not None else None
    ahead = (
        "none" if days is None else "past" if days < 0 else "today" if days == 0 else "week" if days < 8 else "later"
    )
    sentence = seen.sentence
    return (
        {f"status:{name}": value for name, value in statuses.status_features(reading, p, when).items()}
        | {
            f"time from:{where}": 1.0,
            f"ahead:{ahead}": 1.0,
            f"ahead:{ahead}:{candidate.kind}": 1.0,
            f"row:{candidate.rule}": 1.0,
            f"row:{candidate.rule}:{ahead}": 1.0,
            f"part:{sentence.part}": 1.0,
            f"strong:{sum('strong' in f for f in seen.flags.values())}": 1.0,
            "position": min(sentence.index, 40) / 20,
        }
        | {f"predicate:{c.predicate.lower()}": 1.0 for c in sentence.clauses}
    )


def placed(around: Around, one: Meeting, known: Judge) -> Place | None:
    """Where it takes place: behind the word itself where a row fixes it, else what the weights say."""
    if one.certain:
        reading = around.reading
        sentence, anchor = one.proposal.seen.sentence, one.proposal.seen.sentence.tokens[one.proposal.anchor]
        named = reading.named(sentence, sentence.start, sentence.end)
        for place in sorted(reading.places[sentence.index], key=lambda found: found.start):
            part_of_a_name = any(m.start <= place.start < m.end and m.score >= _STRONG for m in named)
            if place.start > anchor.end and place.preposition and not part_of_a_name:
                return place.place
    return belonging.best_place(known, around, one.proposal)


def where_it_is(read: Reading, one: Coded) -> Coded:
    """A meeting in the town that its own clause names, where it was told elsewhere, and a visit in the town by whose name the host is
    told ("besucht am Freitag Kiew und reist weiter nach Riga"), and in none that another sentence tells and whose state takes no part."""
    p, event = one.proposal, one.event
    sentence = p.seen.sentence
    if event.place is not None and any(found.place == event.place for found in read.places[sentence.index]):
        host = _of_its_host(read, p, event.parties) if _is_no_host(event) else None
        return one if host is None else replace(one, event=replace(event, place=host))
    place = _of_its_clause(read, one)
    if place is None and event.mode == "visit":
        place = _of_its_host(read, p, event.parties)
    if place is None and _is_no_host(event):
        return replace(one, event=replace(event, place=None))
    return one if place is None else replace(one, event=replace(event, place=place))


def _is_no_host(event: Event) -> bool:
    """Whether the state in which a visit seems to be is none of those that were told for it; a body receives guests anywhere."""
    if event.mode != "visit" or len(event.parties) < 2 or event.parties & BODIES:
        return False
    return event.place is not None and event.place.country not in event.parties


def _of_its_clause(read: Reading, one: Coded) -> Place | None:
    """The only town of the clause of a row that announces by itself: "das nächste Treffen ist am Freitag in Wien", unless it is told of
    another day."""
    p = one.proposal
    if p.clause is None or not by_itself(p):
        return None
    there = [f for f in read.places[p.seen.sentence.index] if p.clause.start <= f.start < p.clause.end]
    stage = own_stage(read, one)
    if stage is not None and not any(stage.holds(found.start) for found in there):
        return None
    return there[0].place if len(there) == 1 and there[0].preposition == "in" and _is_town(there[0].place) else None


def _of_its_host(read: Reading, p: Proposal, parties: frozenset[str]) -> Place | None:
    sentence = p.seen.sentence
    own = [m for m in read.mentions[sentence.index] if m.code in parties and m.kind == "metonym"]
    towns = [
        place for m in own if (place := place_of(read.document.text[m.start : m.end])) is not None and _is_town(place)
    ]
    return towns[0] if len(towns) == 1 else None


def _is_town(place: Place) -> bool:
    return bool(place.country) and name_of(place.country) != place.name
