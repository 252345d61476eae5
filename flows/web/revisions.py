"""What a new version of an article says differently, told in events: added, dropped, weakened, actor changed. Pure."""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.model import Event
from extractors.ontology import Status
from extractors.stories.voices import commitment

ALIKE = 0.5
"""Share of common words from which two sentences are taken for one and the same, rewritten."""


class Difference(enum.StrEnum):
    ADDED = "added"
    DROPPED = "dropped"
    WEAKENED = "weakened"
    FIRMED = "firmed"
    ACTOR = "actor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One difference. `before` is None for what is added, `after` for what is dropped."""

    difference: Difference
    before: Event | None
    after: Event | None
    reason: str
    stayed: bool = False
    """the sentence of what was added or dropped stands in both versions: only its reading is another"""

    @property
    def reworded(self) -> bool:
        """The sentence itself is another than before, or was not there."""
        if self.before is None or self.after is None:
            return not self.stayed
        return self.before.evidence.quote != self.after.evidence.quote


_FIRMNESS = {
    Status.PAST: 3,
    Status.ONGOING: 3,
    Status.HISTORICAL: 3,
    Status.PLANNED: 2,
    Status.HYPOTHETICAL: 1,
    Status.NEGATED: 0,
}


def differences(
    before: Sequence[Event], after: Sequence[Event], *, was: str = "", now: str = ""
) -> tuple[Revision, ...]:
    """What changed from one version's events to the next one's; the same coding in the same words is no change.

    `was` and `now` are the texts of the versions as far as they are kept. The parties of a sentence hang on those around
    it, so that an event may go although its sentence stands where it stood: then nobody struck anything out.
    """
    left = list(before)
    found: list[Revision] = []
    news: list[Event] = []
    for event in after:
        twin = next((old for old in left if _coding(old) == _coding(event) and _same(old, event)), None)
        if twin is None:
            news.append(event)
            continue
        left.remove(twin)
        found += _firmness(twin, event)
    for event in news:
        old = _nearest(event, left)
        if old is None:
            stayed = _stands(event, was, before)
            reason = "a sentence that was there" if stayed else "a new sentence"
            found.append(Revision(difference=Difference.ADDED, before=None, after=event, reason=reason, stayed=stayed))
            continue
        left.remove(old)
        found += _changed(old, event)
    for old in left:
        stayed = _stands(old, now, after)
        reason = "its sentence still stands" if stayed else "its sentence is gone"
        found.append(Revision(difference=Difference.DROPPED, before=old, after=None, reason=reason, stayed=stayed))
    return tuple(found)


def _stands(event: Event, text: str, others: Sequence[Event]) -> bool:
    """Whether the sentence of one version stands in the other, by its text or, where that is gone, by its events."""
    quote = event.evidence.quote
    return quote in text or any(each.evidence.quote == quote for each in others)


def _coding(event: Event) -> tuple[object, ...]:
    return event.type, event.status, event.parties


def _same(one: Event, other: Event) -> bool:
    return _likeness(one, other) >= ALIKE


def _nearest(event: Event, candidates: Sequence[Event]) -> Event | None:
    scored = [(_likeness(event, old), old) for old in candidates if old.type is event.type]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= ALIKE else None


def _likeness(one: Event, other: Event) -> float:
    words = [re.findall(r"\w+", each.evidence.quote.casefold()) for each in (one, other)]
    return difflib.SequenceMatcher(None, words[0], words[1], autojunk=False).ratio()


def _changed(old: Event, event: Event) -> list[Revision]:
    found = []
    if old.parties != event.parties:
        gone, come = sorted(old.parties - event.parties), sorted(event.parties - old.parties)
        reason = f"{', '.join(gone) or '–'} → {', '.join(come) or '–'}"
        found.append(Revision(difference=Difference.ACTOR, before=old, after=event, reason=reason))
    return found + _firmness(old, event)


def _firmness(old: Event, event: Event) -> list[Revision]:
    """Less firm by status (done → planned → possible → denied) or by the newsroom's words (fact → "soll")."""
    was, words_were = commitment(old)
    now, words_are = commitment(event)
    pairs = [(_FIRMNESS[old.status], _FIRMNESS[event.status], f"{old.status} → {event.status}")]
    if old.evidence.quote != event.evidence.quote:
        pairs.append((int(was), int(now), f"{words_were} → {words_are}"))
    for firm, firm_now, reason in pairs:
        if firm != firm_now:
            kind = Difference.WEAKENED if firm_now < firm else Difference.FIRMED
            return [Revision(difference=kind, before=old, after=event, reason=reason)]
    return []
