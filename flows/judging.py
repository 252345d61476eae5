"""What an article is about and what it tells: grades for each dossier, and events where one takes it as core."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from extractors.model import FOLLOWED, Article, Assessment, Event, Grade, Holder, Introduction, Quote, Reason
from extractors.relevance import Dossier, assess, prefilter

# One article at a time: more would share one interpreter, and only wait for each other.
_turn, _imported, _loaded = threading.Lock(), threading.Event(), threading.Event()

SHORT = 40_000
"""characters of text, ten times as many as most articles have"""
YOUNG = 10_000
"""objects after which the collector looks for circles: an article makes many times as many, and hardly a circle"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """What the language side made of an article."""

    assessments: tuple[Assessment, ...]
    events: tuple[Event, ...] = ()
    quotes: tuple[Quote, ...] = ()
    introduced: tuple[Introduction, ...] = ()
    """people in office whom no table has"""
    coder: str = ""
    """whose reading it is; empty where nothing of the matter is named"""

    @property
    def grade(self) -> Grade:
        return max((a.grade for a in self.assessments), default=Grade.NOT)


BESIDE = Coded(assessments=())
"""what is made of an article that names nothing of any matter"""


def beside(article: Article, dossiers: Sequence[Dossier]) -> bool:
    """Whether the article names nothing of any matter, as most do: then there is nothing to judge. Quick."""
    return not any(prefilter(article.text, dossier) for dossier in dossiers)


Before = Callable[[], Iterable[Assessment]]
"""Tells how an article was graded before; asked only where that matters, for it may cost a look into the archive."""


def judge(
    article: Article, dossiers: Sequence[Dossier], holders: tuple[Holder, ...] = (), before: Before = tuple
) -> Coded:
    """Assess the article for each dossier; code its events if any takes it as core. Slow: seconds the first time.

    What was core `before` is followed.
    """
    graded = grade(article, dossiers, before)
    return code(article, graded, holders) if graded.grade is Grade.CORE else graded


def followed(assessments: Iterable[Assessment], before: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """The assessments of a version; what was core before it and still is related stays core, and says why.

    A ticker whose head is another matter by now may still move the meeting that it announced.
    """
    core = {each.dossier for each in before if each.grade is Grade.CORE}
    return tuple(
        replace(each, grade=Grade.CORE, reasons=(Reason(rule=FOLLOWED), *each.reasons))
        if each.grade is Grade.RELATED and each.dossier in core
        else each
        for each in assessments
    )


def soon(article: Article) -> bool:
    """Whether to `grade` the article takes milliseconds: what that needs is loaded, and the text is none of the longest."""
    return _imported.is_set() and len(article.text) <= SHORT


def grade(article: Article, dossiers: Sequence[Dossier], before: Before = tuple) -> Coded:
    """The assessments alone; what was core `before` is followed."""
    taken = [dossier for dossier in dossiers if prefilter(article.text, dossier)]
    if not taken:
        return BESIDE
    # spaCy and the weights take a second to load: only the first article of the matter pays for it.
    with _loading(_imported):
        from extractors.events.coding import coder
    assessments = assessed(article, taken)
    if any(each.grade is Grade.RELATED for each in assessments):
        assessments = followed(assessments, before())
    return Coded(assessments=assessments, coder=coder())


def code(article: Article, graded: Coded, holders: tuple[Holder, ...] = ()) -> Coded:
    """With the events and quotes of an article that a dossier takes as core; `holders` are people in office whom no table has."""
    from extractors.events.coding import decided

    with _turn, _loading(_loaded):
        found = decided(article, holders=holders)
    events = tuple(one.event for one in found.told)
    return replace(graded, events=events, quotes=found.read.quotes, introduced=found.read.introduced)


@contextmanager
def _loading(done: threading.Event) -> Iterator[None]:
    """What is loaded here stays for good: the collector need not walk over it while it comes, nor time and again after."""
    if done.is_set():
        yield
        return
    gc.disable()
    try:
        yield
        gc.freeze()
        gc.set_threshold(YOUNG)
        done.set()
    finally:
        gc.enable()


def assessed(article: Article, dossiers: Sequence[Dossier]) -> tuple[Assessment, ...]:
    return tuple(replace(assess(article, dossier), coder=assessor(dossier)) for dossier in dossiers)


def assessor(dossier: Dossier) -> str:
    """Whose grades these are: our rules, and this version of the dossier with what readers' answers taught it."""
    return f"{code_version()}/{dossier.coder}"


def code_version() -> str:
    from extractors.events.coding import coder

    return coder()
