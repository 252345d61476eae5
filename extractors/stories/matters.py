"""Running matters: articles gathered into stories as they come, the same way on every machine, with the reason for each.

Online clustering: an article joins the open story it is most like, or begins one. What is compared are rare words,
parties and days; a story's words fade, so that a matter of last month does not swallow this week's.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from extractors.files import csv_of
from extractors.model import Article, Event
from extractors.stories.stems import stem

OPEN_DAYS = 7
"""days without an article after which a story is closed"""
JOIN = 0.16
"""likeness from which an article joins a story"""
MERGE = 0.45
"""likeness of two stories from which they are one"""
HALF_LIFE = 3.0
"""days in which a story's words lose half their weight"""
TOLD_AGAIN = 0.2
"""what it adds to the likeness that a story's last days told all that an article tells"""
AGAIN_DAYS = 3
"""days for which a story's acts say that an article goes on with it"""
AGAIN_LEAST = 0.1
"""likeness of the words without which acts in common say nothing: the war is in every article of its matter"""
KEPT_WORDS = 60
HEAD_WEIGHT = 3.0

_WORD = re.compile(r"\w{4,}")
_TITLE_NOISE = re.compile(r"^(?:\+\+\s*)|(?:\s*\+\+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What an article is compared by."""

    article: str
    publisher: str
    told_at: datetime
    title: str
    words: tuple[tuple[str, float], ...]
    """unit length, heaviest first"""
    parties: frozenset[str] = frozenset()
    acts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a story, why it is there, and whether it copies another."""

    article: str
    publisher: str
    told_at: datetime
    title: str
    reason: str
    acts: frozenset[str] = frozenset()
    copy_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A running matter as it stands."""

    id: str
    title: str
    words: tuple[tuple[str, float], ...]
    parties: frozenset[str]
    members: tuple[Member, ...]

    @property
    def last_told(self) -> datetime:
        return max(member.told_at for member in self.members)

    @property
    def first_told(self) -> datetime:
        return min(member.told_at for member in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """The decision about an article: a known story, or a new one under `story`."""

    story: str
    new: bool
    likeness: float
    reason: str


def features(
    article: Article,
    *,
    key: str,
    events: Sequence[Event] = (),
    acts: Iterable[str] = (),
    told_at: datetime,
) -> Features:
    """What to compare an article by; words weigh as much as they are rare."""
    counts = _stemmed(article.body or article.text)
    for word, n in _stemmed(f"{article.headline} {article.teaser}").items():
        counts[word] += n * int(HEAD_WEIGHT)
    rare, most = rarities(), _rarest()
    weights = {word: (1 + math.log(n)) * rare.get(word, most) for word, n in counts.items()}
    return Features(
        article=key,
        publisher=article.publisher,
        told_at=told_at,
        title=_TITLE_NOISE.sub("", article.headline),
        words=_unit(weights),
        parties=frozenset(code for event in events for code in event.parties),
        acts=frozenset(acts),
    )


@cache
def rarities() -> Mapping[str, float]:
    """How much a word of the matter tells one running matter from another: the root of its inverse document frequency.

    Words that the table does not know are as rare as the rarest in it. Its root, as a war's daily words else drown the rest
    (benchmarks/stories.py).
    """
    return {row["stem"]: float(row["weight"]) for _, row in csv_of(_DATA / "rarity.csv", "stem", "weight")}


@cache
def _rarest() -> float:
    return max(rarities().values(), default=1.0)


_DATA = Path(__file__).resolve().parents[1] / "data"


def _stemmed(text: str) -> Counter[str]:
    """How often each stem stands in a text. Many words stand there several times, and are stemmed once."""
    counts: Counter[str] = Counter()
    for word, n in Counter(_WORD.findall(text)).items():
        if bare := stem(word):
            counts[bare] += n
    return counts


def _unit(weights: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    heaviest = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:KEPT_WORDS]
    length = math.sqrt(sum(w * w for _, w in heaviest)) or 1.0
    return tuple((word, round(weight / length, 6)) for word, weight in heaviest)


def assign(article: Features, stories: Iterable[Story]) -> Assigned:
    """Which story an article belongs to. Of equals the older wins, then the smaller id."""
    scored = [
        (likeness(article, story), story) for story in stories if _in_reach(story, article) or _known(story, article)
    ]
    scored = [(like, story) for like, story in scored if like[0] >= JOIN or _known(story, article)]
    if not scored:
        return Assigned(story=mint(article), new=True, likeness=0.0, reason="no open story is like it")
    (like, why), story = min(
        scored, key=lambda pair: (not _known(pair[1], article), -pair[0][0], pair[1].first_told, pair[1].id)
    )
    return Assigned(story=story.id, new=False, likeness=round(like, 3), reason=why)


def _in_reach(story: Story, article: Features) -> bool:
    reach = timedelta(days=OPEN_DAYS)
    return story.first_told - reach <= article.told_at <= story.last_told + reach


def _known(story: Story, article: Features) -> bool:
    """A new version of an article stays where it is."""
    return any(member.article == article.article for member in story.members)


def mint(article: Features) -> str:
    """A story's id: given once, of its first article."""
    return "story_" + hashlib.sha256(article.article.encode()).hexdigest()[:16]


def likeness(article: Features, story: Story) -> tuple[float, str]:
    """0 to 1.25 and the reason: cosine of the words, more for acts told again and for parties, less for parties apart."""
    mine, theirs = dict(article.words), dict(story.words)
    shared = sorted(((mine[w] * theirs[w], w) for w in mine.keys() & theirs.keys()), reverse=True)
    cosine = sum(weight for weight, _ in shared)
    acts, share = _told_again(article, story) if cosine >= AGAIN_LEAST else (frozenset(), 0.0)
    points = cosine + TOLD_AGAIN * share
    if article.parties and story.parties:
        both = len(article.parties & story.parties) / min(len(article.parties), len(story.parties))
        points += 0.05 * both if both else -0.05
    why = "words: " + ", ".join(word for _, word in shared[:5])
    return points, f"acts in common: {', '.join(sorted(acts)[:3])}; {why}" if acts else why


def _told_again(article: Features, story: Story) -> tuple[frozenset[str], float]:
    """The acts of the article that the story told in its last days, and their share of all that the one tells that tells less."""
    reach = timedelta(days=AGAIN_DAYS)
    told = frozenset(
        act for member in story.members if abs(article.told_at - member.told_at) <= reach for act in member.acts
    )
    acts = article.acts & told
    return acts, len(acts) / min(len(article.acts), len(told)) if acts else 0.0


def begin(article: Features) -> Story:
    return Story(
        id=mint(article),
        title=article.title,
        words=article.words,
        parties=article.parties,
        members=(_member(article, "the first article"),),
    )


def join(story: Story, article: Features, found: Assigned) -> Story:
    """The story with one article more: its words fade by age, the article's are added."""
    others = tuple(member for member in story.members if member.article != article.article)
    members = (*others, _member(article, found.reason))
    days = max(0.0, (article.told_at - story.last_told).total_seconds() / 86400)
    fade = 0.5 ** (days / HALF_LIFE) * math.sqrt(min(len(story.members), 8))
    words = {word: weight * fade for word, weight in story.words}
    for word, weight in article.words:
        words[word] = words.get(word, 0.0) + weight
    return replace(story, words=_unit(words), parties=story.parties | article.parties, members=members)


def _member(article: Features, reason: str) -> Member:
    return Member(
        article=article.article,
        publisher=article.publisher,
        told_at=article.told_at,
        title=article.title,
        reason=reason,
        acts=article.acts,
    )


def merged(old: Story, young: Story, reason: str) -> Story:
    """Two stories as one, under the older one's id; an article of both is a member once."""
    known = {member.article for member in old.members}
    words: dict[str, float] = dict(old.words)
    for word, weight in young.words:
        words[word] = words.get(word, 0.0) + weight
    more = (
        replace(member, reason=f"{member.reason}; {reason}") for member in young.members if member.article not in known
    )
    return replace(old, words=_unit(words), parties=old.parties | young.parties, members=(*old.members, *more))


def merges(stories: Sequence[Story]) -> tuple[tuple[str, str, str], ...]:
    """Stories that have grown into one, as (gone, into, reason): the older stays. Each is named once."""
    ranked = sorted(stories, key=lambda story: (story.first_told, story.id))
    found: list[tuple[str, str, str]] = []
    gone: set[str] = set()
    for at, old in enumerate(ranked):
        for young in ranked[at + 1 :]:
            if old.id in gone or young.id in gone or abs(old.last_told - young.last_told) > timedelta(days=OPEN_DAYS):
                continue
            mine, theirs = dict(old.words), dict(young.words)
            cosine = sum(weight * theirs[word] for word, weight in mine.items() if word in theirs)
            if cosine >= MERGE:
                gone.add(young.id)
                found.append((young.id, old.id, f"alike in words ({cosine:.2f})"))
    return tuple(found)


def new_since(story: Story, since: datetime) -> tuple[Member, ...]:
    """What is new in a story since then: articles that are no copies and tell an act that none told before, in order.

    Articles whose acts are unknown (not coded) count as new.
    """
    told: set[str] = set()
    found = []
    for member in sorted(story.members, key=lambda m: (m.told_at, m.article)):
        fresh = not member.acts or bool(member.acts - told)
        told |= member.acts
        if member.told_at > since and fresh and not member.copy_of:
            found.append(member)
    return tuple(found)
