"""What an article is about and what it tells: grades for each dossier, and events where one takes it as core."""

from __future__ import annotations

import gc
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.model import Article, Assessment, Event, Grade, Quote
from extractors.relevance import Dossier, assess, prefilter

# One article at a time: more would share one interpreter, and only wait for each other.
_turn, _loaded = threading.Lock(), threading.Event()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """What the language side made of an article."""

    assessments: tuple[Assessment, ...]
    events: tuple[Event, ...] = ()
    quotes: tuple[Quote, ...] = ()
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


def judge(article: Article, dossiers: Sequence[Dossier]) -> Coded:
    """Assess the article for each dossier; code its events if any takes it as core. Pure, slow: seconds the first time."""
    taken = [dossier for dossier in dossiers if prefilter(article.text, dossier)]
    if not taken:
        return BESIDE
    # spaCy and the weights take a second to load: only the first article of the matter pays for it.
    from extractors.events.coding import coded, coder

    assessments = assessed(article, taken)
    if not any(a.relevant for a in assessments):
        return Coded(assessments=assessments, coder=coder())
    with _turn:
        reading, _, found = coded(article)
        if not _loaded.is_set():
            # Weights and lexicons stay for good: the collector need not walk over all of them time and again.
            gc.freeze()
            _loaded.set()
    return Coded(
        assessments=assessments, events=tuple(one.event for one in found), quotes=reading.quotes, coder=coder()
    )


def assessed(article: Article, dossiers: Sequence[Dossier]) -> tuple[Assessment, ...]:
    return tuple(replace(assess(article, dossier), coder=assessor(dossier)) for dossier in dossiers)


def assessor(dossier: Dossier) -> str:
    """Whose grades these are: our rules, and this version of the dossier with what readers' answers taught it."""
    return f"{code_version()}/{dossier.coder}"


def code_version() -> str:
    from extractors.events.coding import coder

    return coder()
