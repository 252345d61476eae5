"""What people answer to alerts and say of rejected articles, and the refits that learn from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select, update

from extractors.model import Article, Grade
from storage import packing, queries
from storage.statements import record, upsert
from storage.tables import ArticleRow, AssessmentRow, LabelRow, RefitRow, SampleRow, VersionRow

LABELS = ("right", "wrong", "not my matter", "belongs")
"""Answers to an alert; of a rejected article that someone looked at: it belongs to the dossier, or is not its matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """An answer to an alert, or a reader's word on a rejected article."""

    article_id: int | None
    alert_key: str
    dossier: str
    label: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """What a refit of a dossier's relevance model came to. `weights` are those of a promoted one."""

    dossier: str
    base: str
    at: datetime
    answers: int
    promoted: bool
    figures: Mapping[str, Any]
    weights: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A rejected article that somebody is to look at, and what was said of it so far ("" for nothing yet)."""

    week: str
    dossier: str
    article_id: int
    publisher: str
    headline: str
    url: str
    grade: int
    score: float
    label: str
    author: str


class Teaching:
    """The verbs about labels, refits and samples; reached as `archive.teaching`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def label(
        self,
        label: str,
        author: str,
        now: datetime,
        *,
        article_id: int | None = None,
        alert_key: str = "",
        dossier: str = "",
    ) -> None:
        """Keep an answer, one of LABELS. Of several by one author the last counts (`latest`); the others stay on record."""
        if label not in LABELS:
            raise ValueError(f"a label is one of {', '.join(LABELS)}; not {label!r}")
        self.connection.execute(
            insert(LabelRow).values(
                label=label, author=author, at=now, article_id=article_id, alert_key=alert_key, dossier=dossier
            )
        )

    def labels(self, *, alert_key: str | None = None) -> tuple[Label, ...]:
        """All answers, oldest first; or those to one alert."""
        asked = select(LabelRow.__table__).order_by(LabelRow.id)
        if alert_key is not None:
            asked = asked.where(LabelRow.alert_key == alert_key)
        return tuple(record(Label, row) for row in self.connection.execute(asked))

    def counting(self, dossier: str) -> tuple[Label, ...]:
        """The answers about a dossier's articles that count: each author's last, in the order they were given."""
        return latest(label for label in self.labels() if label.dossier == dossier)

    def text_of(self, article_id: int) -> Article | None:
        """The article's current version, while its text is kept."""
        version = self.connection.scalar(select(ArticleRow.version_id).where(ArticleRow.id == article_id))
        return None if version is None else queries.version_article(self.connection, version)

    # Refits

    def keep_refit(self, refit: Refit) -> None:
        """Put a refit on record, promoted or not."""
        packed = None if refit.weights is None else packing.pack_json(dict(refit.weights))
        self.connection.execute(
            insert(RefitRow).values(
                dossier=refit.dossier,
                base=refit.base,
                at=refit.at,
                answers=refit.answers,
                promoted=refit.promoted,
                figures=dict(refit.figures),
                weights=packed,
            )
        )

    def refits(self, dossier: str, *, limit: int = 20) -> tuple[Refit, ...]:
        """The refits of a dossier, latest first."""
        asked = select(RefitRow.__table__).where(RefitRow.dossier == dossier).order_by(RefitRow.id.desc()).limit(limit)
        return tuple(_refit(row) for row in self.connection.execute(asked))

    def promoted(self, dossier: str) -> Refit | None:
        """The promoted refit that is in use: the last one."""
        asked = select(RefitRow.__table__).where(RefitRow.dossier == dossier, RefitRow.promoted.is_(True))
        row = self.connection.execute(asked.order_by(RefitRow.id.desc()).limit(1)).one_or_none()
        return None if row is None else _refit(row)

    def forget_refits(self, dossier: str) -> int:
        """Go back to the shipped weights; what was fitted stays on record. Returns how many were in use."""
        mine = update(RefitRow).where(RefitRow.dossier == dossier, RefitRow.promoted.is_(True))
        return self.connection.execute(mine.values(promoted=False)).rowcount

    # The sample of what was rejected

    def rejected(self, dossier: str, *, since: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Keys of articles first seen since then that were read and not taken for core, whose text is kept.

        Those that nearly belonged (related, or graded so by the rules), and the others.
        """
        judged = and_(AssessmentRow.article_id == ArticleRow.id, AssessmentRow.dossier == dossier)
        rows = self.connection.execute(
            select(ArticleRow.key, AssessmentRow.grade, AssessmentRow.rule_grade)
            .join(VersionRow, VersionRow.id == ArticleRow.version_id)
            .join(AssessmentRow, judged, isouter=True)
            .where(ArticleRow.first_seen >= since, ArticleRow.outcome == "stored", VersionRow.text.is_not(None))
            .where(func.coalesce(AssessmentRow.grade, int(Grade.NOT)) < int(Grade.CORE))
        )
        near: list[str] = []
        far: list[str] = []
        for row in rows:
            (near if row.grade or row.rule_grade else far).append(row.key.hex())
        return tuple(near), tuple(far)

    def put_sample(self, week: str, dossier: str, keys: Sequence[str]) -> int:
        """Put articles up for somebody to look at; returns how many there are."""
        ids = self.connection.scalars(select(ArticleRow.id).where(ArticleRow.key.in_([bytes.fromhex(k) for k in keys])))
        rows = [{"week": week, "dossier": dossier, "article_id": each} for each in ids]
        if rows:
            self.connection.execute(upsert(self.connection, SampleRow).on_conflict_do_nothing(), rows)
        return len(rows)

    def sample(self, week: str = "", dossier: str = "", *, limit: int = 200) -> tuple[Sampled, ...]:
        """The articles put up in a week (or in any, the latest first), each with what was last said of it."""
        row = SampleRow
        asked = (
            select(row.__table__, ArticleRow.publisher, ArticleRow.headline, ArticleRow.url, ArticleRow.grade)
            .join(ArticleRow, ArticleRow.id == row.article_id)
            .order_by(row.week.desc(), row.dossier, ArticleRow.grade.desc(), row.article_id)
            .limit(limit)
        )
        if week:
            asked = asked.where(row.week == week)
        if dossier:
            asked = asked.where(row.dossier == dossier)
        rows = self.connection.execute(asked).all()
        ids = [each.article_id for each in rows]
        said = self.connection.execute(
            select(LabelRow.__table__)
            .where(LabelRow.article_id.in_(ids), LabelRow.alert_key == "")
            .order_by(LabelRow.id)
        )
        last = {(each.article_id, each.dossier): each for each in said}
        scores = self.connection.execute(
            select(AssessmentRow.article_id, AssessmentRow.dossier, AssessmentRow.score).where(
                AssessmentRow.article_id.in_(ids)
            )
        )
        score = {(each.article_id, each.dossier): each.score for each in scores}
        return tuple(_sampled(each, last, score) for each in rows)


def _refit(row: Any) -> Refit:
    return record(Refit, row, weights=None if row.weights is None else packing.unpack_json(row.weights))


def _sampled(row: Any, said: Mapping[tuple[int, str], Any], score: Mapping[tuple[int, str], float]) -> Sampled:
    told = said.get((row.article_id, row.dossier))
    return record(
        Sampled,
        row,
        score=score.get((row.article_id, row.dossier), 0.0),
        label="" if told is None else told.label,
        author="" if told is None else told.author,
    )


def latest(labels: Iterable[Label]) -> tuple[Label, ...]:
    """The answers that count: each author's last to an alert or about an article, in the order they were given."""
    last = {(label.alert_key, label.article_id, label.dossier, label.author): label for label in labels}
    return tuple(sorted(last.values(), key=lambda label: label.at))
