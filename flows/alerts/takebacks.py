"""What becomes of what was told: taken back, or corrected. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from extractors.model import WITHDRAWN, Alert, Event
from extractors.ontology import DOUBTED
from extractors.stories.revisions import Difference, differences, reworded
from flows.alerts.wording import BEFORE, CHANGES, NOW, REASON, REASONS, headline_of, shortened

LONGEST_COMMENT = 160
"""Characters of a reviewer's comment that an alert has room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeback:
    """An act that no longer holds as it was told. `change` is as in `Alert.change`, `reason` a key of REASONS.

    `key` makes it one alert for each watch. `now` is how the act is told instead, `comment` a reviewer's.
    """

    act: str
    change: str
    reason: str
    key: str
    now: Event | None = None
    comment: str = ""


def stands(event: Event, statuses: Collection[str]) -> bool:
    """Whether an act still holds as this event told it, by the statuses in which it is told now."""
    return bool(statuses) if event.status in DOUBTED else bool(set(statuses) - DOUBTED)


def fallen(act: str, events: Sequence[Event], after: Sequence[Event], text: str) -> Takeback | None:
    """What to tell of an act that an earlier version told in `events`, and that nobody tells any more, or only as
    doubted.

    `after` is what the new version tells, `text` its text. None where the sentence still stands there, or is only put
    in other words: then our reading changed, and not what the house says.
    """
    told = [one for one in differences(events, after, now=text).told if one.before is not None]
    told = [one for one in told if one.difference is not Difference.FIRMED]
    now = next((one.after for one in told if one.after is not None), None)
    if not told or (now is None and any(reworded(one.before.evidence.quote, text) for one in told if one.before)):
        return None
    reason = "gone" if now is None else "otherwise"
    return Takeback(act=act, change=WITHDRAWN, reason=reason, key=f"{act}:{WITHDRAWN}", now=now)


def alert_of(told: Alert, one: Takeback, *, digest: bool = False, language: str = "de") -> Alert:
    """The alert for whoever was told: what they heard, why it does not hold, and what holds now.

    What was taken back heads it as it was told; what was corrected as it is now.
    """
    withdrawn = one.change == WITHDRAWN
    now = headline_of(one.now, language) if one.now is not None else ""
    reason = REASONS[language][one.reason]
    comment = shortened(" ".join(one.comment.split()), LONGEST_COMMENT)
    quotation = [row for row in told.facts if row[1].startswith(("„", "»"))]
    facts = (
        (BEFORE[language], told.title),
        *quotation[:1],
        (REASON[language], f"{reason}: {comment}" if comment else reason),
        *([(NOW[language], now)] if now and withdrawn else []),
    )
    article = told.body.split("\n")[len(told.facts) :]
    return replace(
        told,
        key=f"{told.watch}:{one.key}",
        title=f"{CHANGES[language][one.change]}: {told.title if withdrawn else now}",
        body="\n".join([*(f"{name}: {value}" for name, value in facts), *article]),
        digest=told.digest or digest,
        facts=facts,
        change=one.change,
    )
