"""What answers to alerts teach: a refit of a dossier's relevance model, promoted only if it is not worse than the shipped one.

The shipped weights stay as they are; what is fitted is a small correction to them (a logistic regression over the words of
the answered articles, with the shipped model's log-odds as offset and a Gaussian prior that pulls the correction to
nothing: Bishop, Pattern Recognition and Machine Learning, 4.3 and 6.4). So a handful of answers moves little, and where
there are none everything stays as shipped.
"""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from extractors import relevance
from extractors.model import Article, Grade
from extractors.relevance import Adjustment, Dossier
from storage.archive import Archive, opened
from storage.engine import reading
from storage.teaching import Refit, Teaching

log = logging.getLogger("depesche.learning")

LEAST = 20
"""answers that a refit needs"""
LEAST_OF_EACH = 5
"""of them yes and no each: from one side alone nothing can be told apart"""
MOST = 1000
"""the latest answers are learned from; fitting takes their number cubed"""
PRIOR = 1.0
"""strength of the pull to the shipped weights"""
BIAS = 0.5
"""how freely the answers may move all articles alike"""
SLACK = 0.02
"""by how much the mean log-loss on the frozen set may be higher: less than one article's worth of doubt"""
FOLDS = 5
"""the parts of the answers of which each is held out once"""
SAMPLE = 20
"""rejected articles that somebody looks at in a week"""

YES, NO = ("right", "belongs"), ("not my matter",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article of which somebody said whether it belongs to the dossier."""

    article: Article
    belongs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a model does on articles whose grade is known: wrongly judged ones, core ones found, mean log-loss."""

    articles: int
    errors: int
    found: int
    loss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a refit, and why; the figures are of the shipped model and of the refitted one."""

    dossier: str
    promoted: bool
    reason: str
    answers: int
    figures: dict[str, Any]
    adjustment: Adjustment | None = None

    @property
    def sentence(self) -> str:
        return f"{self.dossier}: refit on {self.answers} answers {'promoted' if self.promoted else 'not promoted'}: {self.reason}"


# Fitting. Pure.


def fit(dossier: Dossier, labelled: Sequence[Labelled]) -> Adjustment:
    """The correction that the answers ask for. Raises ValueError for a dossier without a model."""
    if dossier.model is None:
        raise ValueError(f"{dossier.name} is judged by its rows alone: there is no model to fit")
    import numpy as np

    rows = [_features(one.article, dossier) for one in labelled]
    seen = Counter(name for row in rows for name in row)
    # A word of a single answered article is no vocabulary but a memory of it.
    names = sorted(name for name, times in seen.items() if times > 1)
    column = {name: at for at, name in enumerate(names)}
    x = np.zeros((len(rows), len(names) + 1))
    x[:, -1] = BIAS
    for at, row in enumerate(rows):
        for name, value in row.items():
            if name in column:
                x[at, column[name]] = value
    offset = np.array([_odds(relevance.assess(one.article, dossier).score) for one in labelled])
    wanted = np.array([float(one.belongs) for one in labelled])
    delta = x.T @ _dual(x @ x.T, offset, wanted, PRIOR)
    weights = {name: float(weight) for name, weight in zip(names, delta[:-1], strict=True) if abs(weight) > 1e-3}
    return Adjustment(
        base=dossier.coder,
        bias=float(delta[-1]) * BIAS,
        head_words={name[2:]: weight for name, weight in weights.items() if name.startswith("h:")},
        words={name[2:]: weight for name, weight in weights.items() if name.startswith("t:")},
    )


def _dual(kernel: Any, offset: Any, wanted: Any, prior: float) -> Any:
    """Newton's method for the coefficients of the articles; it has met in a dozen steps."""
    import numpy as np

    alpha = np.zeros(len(wanted))
    for _ in range(25):
        sure = 1 / (1 + np.exp(-np.clip(offset + kernel @ alpha, -30, 30)))
        spread = np.maximum(sure * (1 - sure), 1e-4)
        target = kernel @ alpha + (wanted - sure) / spread
        new = np.linalg.solve(kernel + prior * np.diag(1 / spread), target)
        if np.abs(new - alpha).max() < 1e-6:
            return new
        alpha = new
    return alpha


def _features(article: Article, dossier: Dossier) -> dict[str, float]:
    return relevance.article_words(relevance.read_sentences(article, dossier))


def _odds(score: float) -> float:
    sure = min(max(score, 1e-4), 1 - 1e-4)
    return math.log(sure / (1 - sure))


def score(dossier: Dossier, known: Sequence[tuple[Article, Grade]]) -> Score:
    """How the dossier does on articles whose grade is known; what counts is whether an article is core."""
    told = [(relevance.assess(article, dossier), grade is Grade.CORE) for article, grade in known]
    losses = [-math.log(max(1e-4, one.score if core else 1 - one.score)) for one, core in told]
    return Score(
        articles=len(told),
        errors=sum(one.relevant is not core for one, core in told),
        found=sum(one.relevant and core for one, core in told),
        loss=round(sum(losses) / max(1, len(losses)), 4),
    )


def crossed(dossier: Dossier, labelled: Sequence[Labelled]) -> tuple[float, float]:
    """The mean log-loss of the answers, of the dossier as it is and of corrections that never saw the answer."""
    ordered = sorted(labelled, key=lambda one: hashlib.sha256(one.article.url.encode()).hexdigest())
    as_is = after = 0.0
    for fold in range(FOLDS):
        rest = [one for n, one in enumerate(ordered) if n % FOLDS != fold]
        held = [(one.article, Grade(2 * one.belongs)) for n, one in enumerate(ordered) if n % FOLDS == fold]
        as_is += score(dossier, held).loss * len(held)
        after += score(relevance.adjusted(dossier, fit(dossier, rest)), held).loss * len(held)
    return round(as_is / len(ordered), 4), round(after / len(ordered), 4)


def judge(dossier: Dossier, labelled: Sequence[Labelled], frozen: Sequence[tuple[Article, Grade]]) -> Verdict:
    """Fit, and say whether the result may be used: better on answers it never saw, not worse on the frozen set."""
    yes = sum(one.belongs for one in labelled)

    def kept(reason: str, **figures: Any) -> Verdict:
        return Verdict(
            dossier=dossier.name, promoted=False, reason=reason, answers=len(labelled), figures={"yes": yes, **figures}
        )

    if dossier.model is None:
        return kept("the dossier is judged by its rows alone")
    if not frozen:
        return kept("there is no frozen set for this dossier")
    if len(labelled) < LEAST or min(yes, len(labelled) - yes) < LEAST_OF_EACH:
        return kept(f"it needs {LEAST} answers, {LEAST_OF_EACH} of them yes and {LEAST_OF_EACH} no")
    adjustment = fit(dossier, labelled)
    new = relevance.adjusted(dossier, adjustment)
    before, after = score(dossier, frozen), score(new, frozen)
    as_is, learned = crossed(dossier, labelled)
    figures = {
        "frozen before": dataclasses.asdict(before),
        "frozen after": dataclasses.asdict(after),
        "answers before": as_is,
        "answers after": learned,
    }
    if not relevance.assess(relevance.canary(dossier), new).relevant:
        return kept("it no longer finds the canary", **figures)
    if after.errors > before.errors or after.found < before.found or after.loss > before.loss + SLACK:
        return kept(f"worse on the frozen set ({after.errors} wrong, before {before.errors})", **figures)
    if learned >= as_is:
        return kept("it does not help with answers it never saw", **figures)
    return Verdict(
        dossier=dossier.name,
        promoted=True,
        reason=f"log-loss of unseen answers {as_is} → {learned}, frozen set {before.errors} → {after.errors} wrong",
        answers=len(labelled),
        figures={"yes": yes, **figures},
        adjustment=adjustment,
    )


# From the archive and back


def labelled(archive: Archive, dossier: Dossier) -> list[Labelled]:
    """The answered articles of a dossier whose text is still kept, oldest first; of several answers the last."""
    said: dict[int, bool] = {}
    for label in archive.teaching.counting(dossier.name):
        if label.article_id is not None and label.label in (*YES, *NO):
            said.pop(label.article_id, None)
            said[label.article_id] = label.label in YES
    found = []
    for article_id, belongs in list(said.items())[-MOST:]:
        article = archive.teaching.text_of(article_id)
        if article is not None and relevance.prefilter(article.text, dossier):
            found.append(Labelled(article=article, belongs=belongs))
    return found


def frozen_set(dossier: Dossier) -> tuple[tuple[Article, Grade], ...]:
    """The dossier's frozen articles and, for the matter that it reports on, the newsroom's."""
    ours = relevance.frozen(dossier)
    if dossier.name != "russland-nato-ukraine":
        return ours
    from flows.newsroom.pieces import Kind, load_pieces

    pieces = (piece for piece in load_pieces() if piece.kind in (Kind.ARTICLE, Kind.TICKER))
    return (*ours, *((piece.article(piece.versions[-1], f"frozen:{piece.id}"), piece.grade) for piece in pieces))


def refit(engine: Engine, shipped: Sequence[Dossier], now: datetime, *, again: bool = False) -> tuple[Verdict, ...]:
    """Refit each dossier for which there are new answers (or `again`), and keep what came of it.

    `shipped` are the dossiers without corrections: each night starts from the shipped weights, so nothing drifts.
    """
    verdicts = []
    for dossier in shipped:
        with reading(engine) as connection:
            archive = Archive(connection)
            last = archive.teaching.refits(dossier.name, limit=1)
            given = archive.teaching.counting(dossier.name)
            fresh = [label for label in given if not last or label.at > last[0].at]
            if not given or not (fresh or again or last[0].base != dossier.coder):
                continue
            answers = labelled(archive, dossier)
        verdict = judge(dossier, answers, frozen_set(dossier))
        with opened(engine) as archive:
            _keep(archive.teaching, dossier, verdict, now)
        log.info("%s", verdict.sentence)
        verdicts.append(verdict)
    return tuple(verdicts)


def _keep(teaching: Teaching, dossier: Dossier, verdict: Verdict, now: datetime) -> None:
    weights = None if verdict.adjustment is None else dataclasses.asdict(verdict.adjustment)
    teaching.keep_refit(
        Refit(
            dossier=dossier.name,
            base=dossier.coder,
            at=now,
            answers=verdict.answers,
            promoted=verdict.promoted,
            figures=verdict.figures | {"reason": verdict.reason},
            weights=weights,
        )
    )


def taught(engine: Engine, shipped: Sequence[Dossier]) -> tuple[Dossier, ...]:
    """The dossiers as the answers left them: with the last promoted correction, if it is of this very version."""
    with reading(engine) as connection:
        teaching = Teaching(connection)
        return tuple(_taught(dossier, teaching.promoted(dossier.name)) for dossier in shipped)


def _taught(dossier: Dossier, kept: Refit | None) -> Dossier:
    if kept is None or kept.weights is None or kept.base != dossier.coder:
        return dossier
    return relevance.adjusted(dossier, Adjustment(**kept.weights))


# The weekly sample of what was rejected


def week_of(now: datetime) -> str:
    """
    >>> from datetime import UTC
    >>> week_of(datetime(2031, 3, 10, tzinfo=UTC))
    '2031-W11'
    """
    year, week, _ = now.isocalendar()
    return f"{year}-W{week:02}"


def put_up(archive: Archive, dossiers: Sequence[Dossier], now: datetime) -> int:
    """Put up this week's sample of rejected articles, once; returns how many. Half nearly belonged, half did not at all."""
    week, since = week_of(now), now - timedelta(days=7)
    put = 0
    for dossier in dossiers:
        if archive.teaching.sample(week, dossier.name):
            continue
        near, far = archive.teaching.rejected(dossier.name, since=since)
        chosen = relevance.review_sample(near, week, SAMPLE // 2)
        chosen += relevance.review_sample(far, week, SAMPLE - len(chosen))
        put += archive.teaching.put_sample(week, dossier.name, chosen)
    return put
