"""Announced meetings, a family of their own: who, when and where, one for each word that names a meeting.

"Für Mittwoch ist ein Treffen der Räte in Brüssel und für Donnerstag eines der OSZE in Wien geplant" is two: each word
has its own stretch of the sentence, and its parties, time and place come from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from extractors.events.attaching import place_options, status_features
from extractors.events.candidates import Candidate
from extractors.events.features import Features, View
from extractors.events.judge import Linear, Proposal, propose
from extractors.events.reading import Reading
from extractors.model import Place, When
from extractors.ontology import EventType

# Words that name a meeting as such; "Reise" and "Besuch" do where a host is named.
_CUTS = frozenset({"und", "sowie", ",", ";", "–", "-", ":"})
_FAR = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting that may be announced, with what speaks for that."""

    proposal: Proposal
    when: When | None
    place: Place | None
    features: Features

    @property
    def key(self) -> tuple[object, ...]:
        return (self.proposal.key, self.when.iso if self.when else "")


def meetings(reading: Reading, seen: Sequence[View], parties: Linear) -> tuple[Meeting, ...]:
    found: list[Meeting] = []
    told: dict[object, int] = {}
    for view in seen:
        anchors = sorted(
            {c.anchor: c for c in view.candidates if c.type is EventType.CONSULT and c.kind != "speech"}.items()
        )
        for k, (_, candidate) in enumerate(anchors):
            stretch = _stretch(view, candidate, [a for a, _ in anchors], k)
            one = _meeting(reading, view, candidate, stretch, parties)
            if one is not None:
                features = one.features | {
                    f"told:{min(told.get(one.key, 0), 2)}": 1.0,
                    f"parties told:{min(told.get(one.proposal.key, 0), 2)}": 1.0,
                }
                found.append(replace(one, features=features))
                told[one.key] = told.get(one.key, 0) + 1
                told[one.proposal.key] = told.get(one.proposal.key, 0) + 1
    return tuple(found)


def _stretch(view: View, candidate: Candidate, anchors: Sequence[int], k: int) -> tuple[int, int]:
    """First and last token (exclusive) of a word's share: up to the cut between it and its neighbours."""
    tokens = view.sentence.tokens
    first = _cut(view, anchors[k - 1], candidate.anchor) if k else 0
    last = _cut(view, candidate.anchor, anchors[k + 1]) if k + 1 < len(anchors) else len(tokens)
    return first, last


def _cut(view: View, before: int, after: int) -> int:
    tokens = view.sentence.tokens
    cuts = [i for i in range(before + 1, after) if tokens[i].text in _CUTS]
    strong = [i for i in cuts if i + 1 < len(tokens) and tokens[i + 1].tag.startswith(("APP", "KOUS", "PRELS", "V"))]
    return (strong or cuts or [before + 1])[0]


def _meeting(
    reading: Reading, view: View, candidate: Candidate, stretch: tuple[int, int], parties: Linear
) -> Meeting | None:
    sentence = view.sentence
    start, end = sentence.tokens[stretch[0]].start, sentence.tokens[stretch[1] - 1].end
    named = {m.code for m in reading.named(sentence, start, end)}
    clause = candidate.clause
    if clause is not None and clause.subject is not None:
        named |= {m.code for m in reading.in_role(sentence, clause.subject)}
    named |= candidate.parties
    own = replace(
        view,
        candidates=(candidate,),
        flags={c: f for c, f in view.flags.items() if c in named},
        groups=tuple(g for g in view.groups if set(g) <= named),
    )
    proposed = propose(own, EventType.CONSULT, 1.0, parties)
    if not proposed:
        return None
    p = replace(proposed[0], candidate=candidate, seen=own)
    when, here = _when(reading, view, candidate, start, end)
    return Meeting(proposal=p, when=when, place=None, features=_features(reading, p, when, here))


def _when(reading: Reading, view: View, candidate: Candidate, start: int, end: int) -> tuple[When | None, str]:
    """The nearest time of the stretch that is not past; of the sentence where the stretch tells none."""
    today = reading.dated.date()
    anchor = view.sentence.tokens[candidate.anchor].start
    times = [t for t in reading.times[view.sentence.index] if t.when is not None]
    for where, found in (("stretch", [t for t in times if start <= t.start and t.end <= end]), ("sentence", times)):
        ahead = [t for t in found if t.when is not None and today <= t.when.last <= today + _FAR]
        if ahead:
            return min(ahead, key=lambda t: abs(t.start - anchor)).when, where
        if found and where == "stretch":
            return min(found, key=lambda t: abs(t.start - anchor)).when, "past"
    return None, "none"


def _features(reading: Reading, p: Proposal, when: When | None, where: str) -> Features:
    assert p.candidate is not None
    days = (when.first - reading.dated.date()).days if when is not None else None
    ahead = (
        "none" if days is None else "past" if days < 0 else "today" if days == 0 else "week" if days < 8 else "later"
    )
    sentence = p.seen.sentence
    return (
        {f"status:{name}": value for name, value in status_features(reading, p, when).items()}
        | {
            f"time from:{where}": 1.0,
            f"ahead:{ahead}": 1.0,
            f"ahead:{ahead}:{p.candidate.kind}": 1.0,
            f"row:{p.candidate.rule}": 1.0,
            f"row:{p.candidate.rule}:{ahead}": 1.0,
            f"n:{min(len(p.parties[0]), 4)}": 1.0,
            f"sure:{int(p.p_parties * 4)}": 1.0,
            f"part:{sentence.part}": 1.0,
            f"strong:{sum('strong' in f for f in p.seen.flags.values())}": 1.0,
            "position": min(sentence.index, 40) / 20,
        }
        | {f"predicate:{c.predicate.lower()}": 1.0 for c in sentence.clauses}
    )


def placed(reading: Reading, one: Meeting, model: Linear, cut: float) -> Place | None:
    options: Iterator[tuple[float, Place]] = (
        (model.score(o.features), o.value) for o in place_options(reading, one.proposal)
    )
    best = max(options, key=lambda item: item[0], default=None)
    return best[1] if best is not None and best[0] > cut else None
