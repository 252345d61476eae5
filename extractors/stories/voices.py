"""Two views of how the sides talk: the mode meter (how firmly a thing is said, and by whom) and the barometer of expectations.

Both only gather what events and their sentences say; every figure carries the sentences behind it.
"""

from __future__ import annotations

import enum
import functools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.model import Event
from extractors.ontology import Status


class Commitment(enum.IntEnum):
    """How firmly the newsroom stands behind a sentence, from hearsay to fact."""

    DOUBTED = 0
    """the newsroom distances itself: "angeblich", "behauptet", "will … haben" """
    REPORTED = 1
    """somebody says so: a speaker, "nach Angaben", "laut", Konjunktiv I"""
    HEDGED = 2
    """"soll", "offenbar", "mutmaßlich", "könnte": unconfirmed, without a name"""
    STATED = 3
    """the newsroom states it itself"""


REMEMBERED = 40_000
"""Sentences whose reading is remembered: the barometer reads 23,000 of an archive of a million, at each call. They take 12 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A named row of words in a sentence. In all that the pattern finds stands one of the `beginnings`, in small letters.

    A word that a pattern gains needs its beginning, unless it has one already.
    """

    name: str
    pattern: re.Pattern[str]
    beginnings: tuple[str, ...]

    def in_(self, quote: str, small: str) -> bool:
        """Whether a sentence has them; `small` is the sentence in small letters."""
        for beginning in self.beginnings:  # to miss all of them takes a fifth of the pattern's time
            if beginning in small:
                return self.pattern.search(quote) is not None
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue(Words):
    """A named row of words that lower commitment."""

    commitment: Commitment


CUES = (
    Cue(
        name="distance",
        commitment=Commitment.DOUBTED,
        pattern=re.compile(
            r"\b(?:angeblich\w*|vorgeblich\w*|behaupte\w*|vermeintlich\w*|sogenannte\w*|will \w+ haben)\b",
            re.IGNORECASE,
        ),
        beginnings=("angeblich", "vorgeblich", "behaupte", "vermeintlich", "sogenannt", "will "),
    ),
    Cue(
        name="source",
        commitment=Commitment.REPORTED,
        pattern=re.compile(
            r"\b(?:laut|zufolge|nach (?:\w+ ){0,2}(?:Angaben|Darstellung|Einschätzung\w*)|Angaben aus|wie \w+ mitteilte)\b",
            re.IGNORECASE,
        ),
        beginnings=("laut", "zufolge", "angaben", "darstellung", "einschätzung", "mitteilte"),
    ),
    Cue(
        name="konjunktiv-1",
        commitment=Commitment.REPORTED,
        pattern=re.compile(r"\b(?:sei|seien|habe|werde|wolle|müsse|könne|dürfe|solle)\b"),
        beginnings=("sei", "habe", "werde", "wolle", "müsse", "könne", "dürfe", "solle"),
    ),
    Cue(
        name="hedge",
        commitment=Commitment.HEDGED,
        pattern=re.compile(
            r"\b(?:soll|sollen|offenbar|mutmaßlich\w*|anscheinend|wohl|womöglich|möglicherweise|könnte\w*|dürfte\w*|Berichten)\b"
        ),
        beginnings=("soll", "offenbar", "mutmaßlich", "anscheinend", "wohl", "möglich", "könnte", "dürfte", "bericht"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiced:
    """An event as these views need it."""

    event: Event
    act: str
    day: date
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence behind a figure."""

    article: str
    told: Event
    day: date
    rule: str

    @property
    def quote(self) -> str:
        return self.told.evidence.quote

    @property
    def event(self) -> str:
        """The event's id, which is reckoned only of a sentence that is shown."""
        return self.told.id


def commitment(event: Event) -> tuple[Commitment, str]:
    """How firmly the sentence says it, and the row that tells. A named speaker makes it reported at most."""
    worded = _worded(event.evidence.quote)
    return worded if event.speaker is None else min(worded, (Commitment.REPORTED, f"speaker {event.speaker.code}"))


@functools.lru_cache(maxsize=REMEMBERED)
def _worded(quote: str) -> tuple[Commitment, str]:
    small = quote.lower()
    found = [(cue.commitment, cue.name) for cue in CUES if cue.in_(quote, small)]
    return min(found, default=(Commitment.STATED, "the newsroom's own words"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterRow:
    """One act and who says it how: by voice ("" is the newsroom) the firmest word, with its sentence."""

    act: str
    voices: tuple[tuple[str, Commitment], ...]
    sentences: tuple[Sentence, ...]

    @property
    def contested(self) -> bool:
        """One voice states it, another denies or doubts it."""
        grades = {grade for _, grade in self.voices}
        return Commitment.DOUBTED in grades and len(grades) > 1


def mode_meter(voiced: Iterable[Voiced]) -> tuple[MeterRow, ...]:
    """For each act: what each side says, and what the newsrooms state as fact. In order of first day, then id."""
    by_act: dict[str, list[Voiced]] = defaultdict(list)
    for one in sorted(voiced, key=lambda v: (v.day, v.article, v.event.evidence.start)):
        by_act[one.act].append(one)
    return tuple(_meter_row(act, told) for act, told in by_act.items())


def _meter_row(act: str, told: Sequence[Voiced]) -> MeterRow:
    voices: dict[str, Commitment] = {}
    sentences = []
    for one in told:
        grade, rule = commitment(one.event)
        voice = one.event.speaker.code if one.event.speaker else ""
        voices[voice] = max(voices.get(voice, grade), grade)
        sentences.append(_sentence(one, rule))
    return MeterRow(act=act, voices=tuple(sorted(voices.items())), sentences=tuple(sentences))


def _sentence(one: Voiced, rule: str) -> Sentence:
    return Sentence(article=one.article, told=one.event, day=one.day, rule=rule)


# --- the barometer of expectations ------------------------------------------------------------------------------------


class Mood(enum.IntEnum):
    DAMPENED = -1
    OPEN = 0
    HOPEFUL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodCue(Words):
    """A named row of words that say what is expected of talks."""

    mood: Mood


MOODS = (
    # "Keine Fortschritte" is no progress: the negated rows stand first and win.
    MoodCue(
        name="no-progress",
        mood=Mood.DAMPENED,
        pattern=re.compile(
            r"\b(?:kein\w*|ohne|nicht|kaum|wenig\w*|nie)\b[^.,;]{0,40}\b(?:Fortschritt\w*|Durchbruch\w*|Annäherung\w*|Einigung\w*"
            r"|optimist\w*|Grund zu[rm]? (?:Hoffnung|Optimismus)|zuversichtlich\w*|Ergebnis\w*|Bewegung)",
            re.IGNORECASE,
        ),
        beginnings=(
            "fortschritt",
            "durchbruch",
            "annäherung",
            "einigung",
            "optimis",
            "hoffnung",
            "zuversichtlich",
            "ergebnis",
            "bewegung",
        ),
    ),
    MoodCue(
        name="not-hopeless",
        mood=Mood.HOPEFUL,
        pattern=re.compile(
            r"\b(?:nicht|kein\w*)\b[^.,;]{0,20}\b(?:aussichtslos|hoffnungslos|pessimistisch|gescheitert)\b",
            re.IGNORECASE,
        ),
        beginnings=("aussichtslos", "hoffnungslos", "pessimistisch", "gescheitert"),
    ),
    MoodCue(
        name="dampens",
        mood=Mood.DAMPENED,
        pattern=re.compile(
            r"(?:dämpf\w* (?:\w+ ){0,3}(?:Erwartung\w*|Hoffnung\w*)|gedämpft\w*|(?:Aussicht|Chance)\w*[^.]{0,25}\bgering\w*"
            r"|\b(?:pessimist\w*|skept\w*|schwierig\w*|Sackgasse|festgefahren|aussichtslos|gescheitert\w*|enttäusch\w*"
            r"|tiefe\w* (?:Graben|Gräben|Differenzen)|gering\w*\b[^.]{0,20}\b(?:Aussicht|Chance)\w*|ernüchter\w*|zweifel\w*))",
            re.IGNORECASE,
        ),
        beginnings=(
            "dämpf",
            "gering",
            "pessimist",
            "skept",
            "schwierig",
            "sackgasse",
            "festgefahren",
            "aussichtslos",
            "gescheitert",
            "enttäusch",
            "graben",
            "gräben",
            "differenzen",
            "ernüchter",
            "zweifel",
        ),
    ),
    MoodCue(
        name="hopes",
        mood=Mood.HOPEFUL,
        pattern=re.compile(
            r"\b(?:zuversichtlich\w*|optimist\w*|Fortschritt\w*|konstruktiv\w*|Durchbruch\w*|Annäherung\w*|hoffnungsvoll\w*"
            r"|ermutig\w*|gute\w* (?:Signale|Gespräche?|Chancen)|vielversprechend\w*|Lichtblick\w*|näher(?:ge)?kommen)",
            re.IGNORECASE,
        ),
        beginnings=(
            "zuversichtlich",
            "optimist",
            "fortschritt",
            "konstruktiv",
            "durchbruch",
            "annäherung",
            "hoffnungsvoll",
            "ermutig",
            "gute",
            "vielversprechend",
            "lichtblick",
            "näher",
        ),
    ),
)


@functools.lru_cache(maxsize=REMEMBERED)
def mood(quote: str, mode: str = "") -> tuple[Mood, str]:
    """What a sentence expects of talks, and the row that says so; OPEN if none does. Modes of STATE count too."""
    small = quote.lower()
    for cue in MOODS:
        if cue.in_(quote, small):
            return cue.mood, cue.name
    named = {"optimistic": Mood.HOPEFUL, "pessimistic": Mood.DAMPENED}.get(mode)
    return (named, f"mode {mode}") if named is not None else (Mood.OPEN, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one side talked in a stretch: mean mood −1 to 1 over its statements that have one."""

    side: str
    mean: float
    count: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The readings before and after a day of talks, by side; `divergence` is the widest distance between two sides."""

    day: date
    before: tuple[Reading, ...]
    after: tuple[Reading, ...]

    @property
    def divergence(self) -> float:
        means = [r.mean for r in (self.after or self.before)]
        return max(means) - min(means) if len(means) > 1 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a side expects of talks, with its sentence."""

    side: str
    felt: Mood
    start: int
    """where the sentence stands in its article"""
    sentence: Sentence


def statement(one: Voiced) -> Statement | None:
    """What an event says of what is expected; None if it says nothing, nobody's, or nothing of now."""
    felt, rule = mood(one.event.evidence.quote, one.event.mode)
    side = _side(one.event)
    if felt is Mood.OPEN or not side or one.event.status is Status.HISTORICAL:
        return None
    return Statement(side=side, felt=felt, start=one.event.evidence.start, sentence=_sentence(one, rule))


def in_order(said: Iterable[Statement]) -> tuple[Statement, ...]:
    """As they were said, those of a day by article; `barometer` wants them so."""
    return tuple(sorted(said, key=lambda one: (one.sentence.day, one.sentence.article, one.start)))


def barometer(said: Sequence[Statement], day: date, *, days: int = 7, sides: frozenset[str] = frozenset()) -> Round:
    """How each side (all that spoke, or these) talked in the days before and since a round of talks on `day`."""
    first, at, end = (
        bisect_left(said, limit, key=lambda one: one.sentence.day)
        for limit in (day - timedelta(days=days), day, day + timedelta(days=days + 1))
    )
    return Round(day=day, before=_readings(said[first:at], sides), after=_readings(said[at:end], sides))


def _readings(said: Iterable[Statement], sides: frozenset[str]) -> tuple[Reading, ...]:
    told: dict[str, list[Statement]] = defaultdict(list)
    for one in said:
        if not sides or one.side in sides:
            told[one.side].append(one)
    return tuple(
        Reading(
            side=side,
            mean=round(sum(one.felt for one in those) / len(those), 3),
            count=len(those),
            sentences=tuple(one.sentence for one in those),
        )
        for side, those in sorted(told.items())
    )


def _side(event: Event) -> str:
    """Whose mood it is: the speaker's, or the only actor's."""
    if event.speaker is not None:
        return event.speaker.code
    return event.actors[0].code if len(event.actors) == 1 else ""
