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

    @property
    def reworded(self) -> bool:
        """The sentence itself is another than before, or was not there."""
        return self.before is None or self.after is None or self.before.evidence.quote != self.after.evidence.quote


_FIRMNESS = {
    Status.PAST: 3,
    Status.ONGOING: 3,
    Status.HISTORICAL: 3,
    Status.PLANNED: 2,
    Status.HYPOTHETICAL: 1,
    Status.NEGATED: 0,
}


def differences(before: Sequence[Event], after: Sequence[Event]) -> tuple[Revision, ...]:
    """What changed from one version's events to the next one's; the same coding in the same words is no change."""
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
            found.append(Revision(difference=Difference.ADDED, before=None, after=event, reason="a new sentence"))
            continue
        left.remove(old)
        found += _changed(old, event)
    found += [
        Revision(difference=Difference.DROPPED, before=old, after=None, reason="its sentence is gone") for old in left
    ]
    return tuple(found)


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
