"""The reviewer's word beside the machine's: it wins in every answer, and the machine's stays to be asked for.

A correction is anchored to the article and the stretch of text that says so. When a better coder reads the text again, the
correction attaches to what overlaps that stretch; where nothing does, it waits for someone to look.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, and_, insert, select, update

from extractors.model import Event
from storage import coding, pairs, queries
from storage.statements import locked, record
from storage.tables import (
    ActRow,
    ArticleRow,
    CoderRow,
    CorrectionRow,
    EventRow,
    VersionRow,
)

_EVENT = TypeAdapter(Event)
VERDICTS = ("right", "wrong", "changed")


class NotThere(LookupError):
    """There is no event that could be corrected: unknown, or no longer believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a reviewer said of an event. `attached` is False where a recode left nothing to hold on to."""

    id: int
    article_id: int
    version_id: int
    event: str
    start: int
    end: int
    quote: str
    verdict: str
    machine: Event
    changed: Event | None
    author: str
    comment: str
    at: datetime
    withdrawn_at: datetime | None
    attached: bool


class Review:
    """The verbs about corrections; reached as `archive.review`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def correct(
        self,
        uid: str,
        verdict: str,
        author: str,
        now: datetime,
        *,
        changed: Event | None = None,
        comment: str = "",
        article_id: int | None = None,
    ) -> int:
        """Keep a reviewer's verdict on an event: right, wrong, or changed to another coding; returns its number.

        An earlier correction of the same event is withdrawn. Raises NotThere if nobody believes in the event (any
        more), ValueError for a verdict without its coding. `article_id` chooses where several articles say the same.
        """
        if verdict not in VERDICTS:
            raise ValueError(f"a verdict is one of {', '.join(VERDICTS)}; not {verdict!r}")
        if (verdict == "changed") != (changed is not None):
            raise ValueError("the verdict 'changed' needs the new coding, and the others have none")
        self.alone_with(self._believed(uid, article_id).article_id)
        row = self._believed(uid, article_id)
        if row.correction_id is not None:
            earlier = self.correction(row.correction_id)
            shadowed = self._shadowed(earlier)
            self.withdraw(earlier.id, now)
            row = self._believed(row.uid if shadowed is None else shadowed.uid, row.article_id)
        said = {"verdict": verdict, "author": author, "comment": comment, "at": now}
        correction = self._note(row, changed, said)
        self.apply(self.correction(correction), row, now)
        pairs.renew(self.connection, row.article_id)
        return correction

    def _note(self, row: Any, changed: Event | None, said: Mapping[str, Any]) -> int:
        """Keep what was said of an event beside what the machine reads; the number of the correction."""
        values = {
            "article_id": row.article_id,
            "version_id": row.version_id,
            "event_uid": row.uid,
            "start": row.start,
            "end": row.end,
            "quote": row.quote,
            "machine": _EVENT.dump_python(self._event(row), mode="json"),
            "changed": None if changed is None else _EVENT.dump_python(changed, mode="json"),
        }
        asked = insert(CorrectionRow).values(**values, **said).returning(CorrectionRow.id)
        return self.connection.execute(asked).scalar_one()

    def alone_with(self, article_id: int) -> None:
        """Wait until nobody else changes what is believed of an article: two corrections of one event would both win."""
        mine = select(ArticleRow.id).where(ArticleRow.id == article_id)
        self.connection.execute(locked(self.connection, mine)).all()

    def verdicts(self, since: datetime) -> list[tuple[Correction, str]]:
        """The corrections since then that stand and take something back, each with the uid of the act that it is about."""
        asked = (
            select(CorrectionRow.__table__, ActRow.uid.label("act"))
            # By way of the versions: from these an index leads to the events.
            .join(VersionRow, VersionRow.article_id == CorrectionRow.article_id)
            .join(EventRow, and_(EventRow.version_id == VersionRow.id, EventRow.correction_id == CorrectionRow.id))
            .join(ActRow, ActRow.id == EventRow.act_id)
            .where(CorrectionRow.at >= since, CorrectionRow.withdrawn_at.is_(None), CorrectionRow.verdict != "right")
            .order_by(CorrectionRow.id)
        )
        rows = {row.id: row for row in self.connection.execute(asked)}
        return [(_correction(row), row.act) for row in rows.values()]

    def _believed(self, uid: str, article_id: int | None) -> Any:
        asked = select(EventRow.__table__).where(EventRow.uid == uid, EventRow.known_to.is_(None))
        if article_id is not None:
            asked = asked.where(EventRow.article_id == article_id)
        row = self.connection.execute(asked.order_by(EventRow.id.desc()).limit(1)).one_or_none()
        if row is None:
            raise NotThere(f"no event {uid} that is believed today: see 'depesche events'")
        return row

    def _event(self, row: Any) -> Event:
        roles = coding.roles_of(self.connection, [row.id])[row.id]
        coder = self.connection.scalar(select(CoderRow.name).where(CoderRow.id == row.coder_id))
        return coding.event_of(row, roles, coder or "")

    def apply(self, correction: Correction, row: Any, now: datetime) -> None:
        """Let a correction win over a row of `events`."""
        if correction.verdict == "right":
            self._update_event(row.id, correction_id=correction.id)
            return
        self._update_event(row.id, known_to=now, ended_by="correction", correction_id=correction.id)
        if correction.changed is None:
            return
        coding.insert_events(
            self.connection,
            [correction.changed],
            article_id=row.article_id,
            version_id=row.version_id,
            reported=row.day,
            now=now,
            extra={correction.changed.id: coding.tie_of(row) | {"correction_id": correction.id}},
        )

    def _update_event(self, row_id: int, **columns: Any) -> None:
        self.connection.execute(update(EventRow).where(EventRow.id == row_id).values(**columns))

    def withdraw(self, correction_id: int, now: datetime) -> None:
        """Take a correction back: from now on the machine's word counts again. What was believed stays on record."""
        self.alone_with(self.correction(correction_id).article_id)
        correction = self.correction(correction_id)
        if correction.withdrawn_at is not None:
            return
        self.connection.execute(update(CorrectionRow).where(CorrectionRow.id == correction_id).values(withdrawn_at=now))
        ours = _by(correction)
        if correction.verdict == "right":
            self.connection.execute(update(EventRow).where(ours).values(correction_id=None))
            pairs.renew(self.connection, correction.article_id)
            return
        shadowed = self._shadowed(correction)
        self.connection.execute(
            update(EventRow).where(ours, EventRow.known_to.is_(None)).values(known_to=now, ended_by="review")
        )
        current = select(ArticleRow.version_id).where(ArticleRow.id == correction.article_id)
        # What an earlier version said has ended with it, whoever was right about it.
        if shadowed is not None and shadowed.version_id == self.connection.scalar(current):
            self._again(shadowed, now)
        pairs.renew(self.connection, correction.article_id)

    def _shadowed(self, correction: Correction) -> Any | None:
        """The machine's row that a correction holds back, the newest if there were several; None for one that is right."""
        shadowed = _by(correction), EventRow.ended_by == "correction"
        asked = select(EventRow.__table__).where(*shadowed).order_by(EventRow.id.desc())
        return self.connection.execute(asked.limit(1)).first()

    def carry_over(self, article_id: int, now: datetime) -> None:
        """After a new version: what was said of a sentence holds where the machine codes the same sentence alike again.

        Whatever else the version says, or is read to say, nobody has judged yet.
        """
        for correction in self.corrections(article_id=article_id):
            told = EventRow.quote == correction.quote, EventRow.correction_id.is_(None), EventRow.known_to.is_(None)
            asked = select(EventRow.__table__).where(queries.of_article(article_id), *told)
            for row in self.connection.execute(asked).all():
                if _same(correction, row):
                    self.apply(_moved(correction, row), row, now)

    def _again(self, row: Any, now: datetime) -> None:
        """Believe a row again: as a new row, for the time in between stays what it was."""
        coding.insert_events(
            self.connection,
            [self._event(row)],
            article_id=row.article_id,
            version_id=row.version_id,
            reported=row.day,
            now=now,
            extra={row.uid: coding.tie_of(row)},
        )

    def reattach(self, article_id: int, now: datetime, *, made: Collection[int] = (), gone: Sequence[int] = ()) -> None:
        """After a recode that made and ended these rows: let the article's corrections win again.

        A correction attaches to the same event, or to the new row that reads the same stretch of text another way;
        other rows there nobody has judged. A reviewer's own coding stands in any case, but waits for a look if the
        machine now sees nothing there. "Wrong" was said of a type: it holds if nothing is there any more, and waits for
        a look if another type is.
        """
        ended = self._told(gone)
        for correction in self.corrections(article_id=article_id):
            held = self._hold(correction, made, ended, now)
            self.connection.execute(
                update(CorrectionRow).where(CorrectionRow.id == correction.id).values(attached=held)
            )

    def _hold(self, correction: Correction, made: Collection[int], ended: Sequence[Event], now: datetime) -> bool:
        near = self._near(correction)
        row = next((row for row in near if _same(correction, row)), None) or self._another_reading(
            correction, [row for row in near if row.id in made], ended
        )
        if correction.verdict == "wrong":
            if row is None:
                return correction.attached or not near
            if row.type != correction.machine.type:
                return False
            self.apply(correction, row, now)
            return True
        ours = self._ours(correction)
        if row is None:
            return ours is not None and ours.coder_id == self._coder_of(ours.version_id)
        if ours is None:
            self.apply(_moved(correction, row), row, now)
        else:
            self._update_event(row.id, known_to=now, ended_by="correction", correction_id=correction.id)
        return True

    def _ours(self, correction: Correction) -> Any | None:
        """The row that says what the reviewer says, if it is believed."""
        asked = select(EventRow.__table__).where(_by(correction), EventRow.known_to.is_(None))
        return self.connection.execute(asked).first()

    def _coder_of(self, version_id: int) -> int | None:
        return self.connection.scalar(select(VersionRow.coder_id).where(VersionRow.id == version_id))

    def _near(self, correction: Correction) -> list[Any]:
        """What the machine is believed to say, the same event or where the corrected one stands, the nearest first."""
        rows = self.connection.execute(
            select(EventRow.__table__).where(
                queries.of_article(correction.article_id),
                EventRow.known_to.is_(None),
                EventRow.correction_id.is_(None),
            )
        ).all()
        # Its latest row: a correction that a new version took over stands elsewhere there.
        last = select(EventRow.__table__).where(_by(correction)).order_by(EventRow.id.desc()).limit(1)
        anchor = self.connection.execute(last).first()

        def common(row: Any) -> int:
            if anchor is None or anchor.version_id != row.version_id:
                return 0
            return int(min(row.end, anchor.end) - max(row.start, anchor.start))

        near = [row for row in rows if common(row) > 0 or _same(correction, row)]
        return sorted(near, key=common, reverse=True)

    def _another_reading(self, correction: Correction, rows: Sequence[Any], ended: Sequence[Event]) -> Any | None:
        """The new row that is most like what was corrected, and not more like another event that ended."""
        told = dict(zip((row.id for row in rows), self._told([row.id for row in rows]), strict=True))

        def like(row: Any) -> tuple[bool, int]:
            return max(_likeness(told[row.id], one) for one in (correction.machine, correction.changed) if one)

        ours = [row for row in rows if all(_likeness(told[row.id], other) <= like(row) for other in ended)]
        return max(ours, key=like, default=None)

    def _told(self, numbers: Sequence[int]) -> list[Event]:
        """The events that rows keep, in the order of their numbers."""
        asked = select(EventRow.__table__).where(EventRow.id.in_(numbers))
        rows = {row.id: row for row in self.connection.execute(asked)}
        roles = coding.roles_of(self.connection, numbers)
        return [coding.event_of(rows[number], roles[number], "") for number in numbers]

    def correction(self, correction_id: int) -> Correction:
        row = self.connection.execute(
            select(CorrectionRow.__table__).where(CorrectionRow.id == correction_id)
        ).one_or_none()
        if row is None:
            raise NotThere(f"no correction {correction_id}")
        return _correction(row)

    def corrections(self, *, article_id: int | None = None, waiting: bool = False) -> tuple[Correction, ...]:
        """The corrections that stand, oldest first; with `waiting` those of them that lost their hold."""
        asked = select(CorrectionRow.__table__).where(CorrectionRow.withdrawn_at.is_(None)).order_by(CorrectionRow.id)
        if article_id is not None:
            asked = asked.where(CorrectionRow.article_id == article_id)
        if waiting:
            asked = asked.where(CorrectionRow.attached.is_(False))
        return tuple(_correction(row) for row in self.connection.execute(asked).all())


def _placed(event: Event, row: Any) -> Event:
    """The event with its evidence where this row has the same sentence: what stands above it may have become longer."""
    return replace(event, evidence=replace(event.evidence, start=row.start, end=row.end))


def _same(correction: Correction, row: Any) -> bool:
    """Whether a row is the very event that was corrected, in whatever version."""
    return bool(row.quote == correction.quote and _placed(correction.machine, row).id == row.uid)


def _moved(correction: Correction, row: Any) -> Correction:
    return replace(correction, changed=correction.changed and _placed(correction.changed, row))


def _likeness(one: Event, other: Event) -> tuple[bool, int]:
    """How alike two events are that stand in the same place: the type, then how many parties do the same in both."""
    return one.type is other.type, len(_parts(one) & _parts(other))


def _parts(event: Event) -> set[tuple[str, str]]:
    return {("actor", each.code) for each in event.actors} | {("recipient", each.code) for each in event.recipients}


def _by(correction: Correction) -> Any:
    """Events that a correction made or shadows."""
    return and_(queries.of_article(correction.article_id), EventRow.correction_id == correction.id)


def _correction(row: Any) -> Correction:
    return record(
        Correction,
        row,
        event=row.event_uid,
        machine=_EVENT.validate_python(row.machine),
        changed=None if row.changed is None else _EVENT.validate_python(row.changed),
    )
