"""Acts: what several articles tell of one deed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from extractors.model import Event
from storage import coding, packing, pairs
from storage.statements import Turn, alone, in_pieces, prepared, table, upsert
from storage.tables import ActRow, ArticleRow, EventRow, VersionRow
from storage.tracking.followed import Followed, codes
from storage.tracking.records import Link


class Acts(Followed):
    """The verbs about acts, and the fingerprints by which copies of a report are known."""

    def link(self, links: Sequence[Link], rows: Mapping[str, int], events: Sequence[Event], now: datetime) -> None:
        """Tie stored events (`rows`: row by event id) to their acts. Linking again changes nothing."""
        _all_stored(links, rows)
        if not links:
            return
        told = self.connection.execute(_days_of(self.connection), {"those": [rows[link.event] for link in links]})
        days = {row.id: row.day for row in told}
        tied = self._tie(links, events, {event: days[row] for event, row in rows.items() if row in days}, now)
        ties = [
            {"row": rows[event], "act": tie["act_id"], "reasons": tie["act_reasons"], "copy": tie["copied"]}
            for event, tie in tied.items()
        ]
        self.connection.execute(_tied(self.connection), ties)

    def ties(
        self, links: Sequence[Link], events: Sequence[Event], reported: date, now: datetime
    ) -> dict[str, dict[str, Any]]:
        """What `link` would write into the rows of events that are still to be stored, by event id; makes their acts."""
        days = {event.id: event.when.first if event.when else reported for event in events}
        _all_stored(links, days)
        return self._tie(links, events, days, now) if links else {}

    def _tie(
        self, links: Sequence[Link], events: Sequence[Event], days: Mapping[str, date | None], now: datetime
    ) -> dict[str, dict[str, Any]]:
        by_id = {event.id: event for event in events}
        told: dict[str, tuple[Link, Event]] = {}
        for link in links:
            told.setdefault(link.act, (link, by_id[link.event]))  # the first that tells of an act makes it
        ids = self._acts_made(
            {uid: _act_values(uid, link, event, days[link.event], now) for uid, (link, event) in told.items()}, now
        )
        return {
            link.event: {
                "act_id": ids[link.act],
                "act_reasons": "; ".join(link.reasons) or None,
                "copied": link.copied,
            }
            for link in links
        }

    def _acts_made(self, values: Mapping[str, Mapping[str, Any]], now: datetime) -> dict[str, int]:
        """The rows of acts by uid, each made from its values if there is none, and changed `now`; where one was merged,
        the row of the act that it is today."""
        # Sorted, so that two workers never wait for each other in a circle.
        wanted = [dict(values[uid]) for uid in sorted(values)]
        saved = _acts_known if self.reread else _acts_saved
        ids = {row.uid: row.id for row in self.connection.execute(saved(self.connection), wanted)}
        merged = {uid: self.act_of(uid) for uid in values if uid not in ids}
        if merged:
            mine = {"those": sorted(set(merged.values()))}
            if not self.reread:
                self.connection.execute(_acts_touched(self.connection), mine | {"updated_at": now})
            rows = {row.uid: row.id for row in self.connection.execute(_act_ids(self.connection), mine)}
            ids |= {uid: rows[into] for uid, into in merged.items()}
        return ids

    def alone(self) -> None:
        """Wait until no other transaction is deciding which acts are new: two would open one act each, and tell both."""
        alone(self.connection, Turn.ACTS)

    def act_of(self, uid: str) -> str:
        """The act that a uid means today: itself, or where merges have led."""
        return self._followed(ActRow, uid)

    def names_of(self, uid: str) -> tuple[str, ...]:
        """All uids that mean this act today: its own, then those of the acts that were merged into it."""
        names = [uid]
        for name in names:  # grows as it is walked: what was merged may have been merged into before
            names += self.connection.scalars(_acts_led_to(self.connection), {"called": name})
        return tuple(names)

    def acts_told_by(self, events: Collection[str]) -> tuple[str, ...]:
        """The uids of the acts to which events with these ids are tied."""
        return tuple(self.connection.scalars(_acts_telling(self.connection), {"those": sorted(events)}))

    def told_last(self, version_id: int) -> list[tuple[str, Event]]:
        """What a version said when another took its place, each event with the uid of its act."""
        theirs = EventRow.version_id == version_id, EventRow.ended_by == "version"
        last = select(func.max(EventRow.known_to)).where(*theirs).scalar_subquery()
        asked = (
            select(EventRow.__table__, ActRow.uid.label("act"))
            .join(ActRow, ActRow.id == EventRow.act_id)
            .where(*theirs, EventRow.known_to == last)
            .order_by(EventRow.id)
        )
        rows = self.connection.execute(asked).all()
        roles = coding.roles_of(self.connection, [row.id for row in rows])
        return [(row.act, coding.event_of(row, roles[row.id], "")) for row in rows]

    def statuses(self, acts: Collection[str]) -> dict[str, frozenset[str]]:
        """In which statuses each of these acts is told by what is believed today; none for one that nobody tells."""
        found: dict[str, set[str]] = {uid: set() for uid in acts}
        asked = (
            select(ActRow.uid, EventRow.status)
            .join(EventRow, EventRow.act_id == ActRow.id)
            .where(ActRow.uid.in_(sorted(found)), EventRow.known_to.is_(None))
            .distinct()
        )
        for row in self.connection.execute(asked):
            found[row.uid].add(row.status)
        return {uid: frozenset(statuses) for uid, statuses in found.items()}

    def keep_marks(self, article_id: int, marks: Sequence[int]) -> None:
        """Keep the fingerprint of an article's current text, by which copies of it are recognised."""
        of = {"article": article_id, "marks": packing.pack_marks(marks)}
        self.connection.execute(_marked(self.connection), of)

    def merge_acts(self, gone: str, into: str, reason: str, now: datetime) -> None:
        """Make two acts one: its reports move over, the old uid leads to the new one from now on."""
        gone, into = self.act_of(gone), self.act_of(into)
        if gone == into:
            return
        old, new = (self._row_id(ActRow, uid) for uid in (gone, into))
        telling = select(EventRow.article_id).where(EventRow.act_id == old).distinct()
        articles = self.connection.scalars(telling).all()
        self.connection.execute(update(EventRow).where(EventRow.act_id == old).values(act_id=new))
        for article in articles:
            pairs.renew(self.connection, article)
        self.connection.execute(
            update(ActRow).where(ActRow.id == old).values(merged_into=into, merge_reason=reason, updated_at=now)
        )
        self.connection.execute(update(ActRow).where(ActRow.id == new).values(updated_at=now))

    def update_act(self, uid: str, now: datetime, **columns: Any) -> None:
        """Change what an act says of itself: title, type, mode, status, parties, days, place or detail (what linking remembers)."""
        self.update_acts({uid: columns}, now)

    def update_acts(self, changes: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
        """`update_act` for several at once; those that change the same columns go as one statement."""
        alike: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
        for uid, columns in changes.items():
            row = {"which": uid, **({} if self.reread else {"updated_at": now}), **columns}
            if "parties" in row:
                row["parties"] = codes(row["parties"])
            if "detail" in row:
                row |= {"memory": packing.pack_json(row["detail"]), "detail": None}
            alike[frozenset(row)].append(row)
        for rows in alike.values():
            self.connection.execute(_act_changed(self.connection), rows)


@prepared
def _acts_saved(connection: Connection) -> Any:
    """Makes acts, or notes that they changed; those that were merged are left alone, and not returned."""
    told = upsert(connection, table(ActRow))
    return _acts_upserted(told, updated_at=told.excluded.updated_at)


@prepared
def _acts_known(connection: Connection) -> Any:
    """The same, but what is known stays as it is: its row is asked for by an update that changes nothing."""
    acts = table(ActRow)
    return _acts_upserted(upsert(connection, acts), updated_at=acts.c.updated_at)


def _acts_upserted(told: Any, *, updated_at: Any) -> Any:
    acts = table(ActRow)
    return told.on_conflict_do_update(
        index_elements=["uid"], set_={"updated_at": updated_at}, where=acts.c.merged_into.is_(None)
    ).returning(acts.c.uid, acts.c.id)


@prepared
def _act_changed(_: Connection) -> Any:
    acts = table(ActRow)
    return update(acts).where(acts.c.uid == bindparam("which"))


@prepared
def _tied(_: Connection) -> Any:
    events = table(EventRow)
    tie: dict[str, Any] = {"act_id": bindparam("act"), "act_reasons": bindparam("reasons"), "copied": bindparam("copy")}
    return update(events).where(events.c.id == bindparam("row")).values(tie)


@prepared
def _days_of(_: Connection) -> Any:
    events = table(EventRow)
    return select(events.c.id, events.c.day).where(events.c.id.in_(bindparam("those", expanding=True)))


@prepared
def _acts_touched(_: Connection) -> Any:
    acts = table(ActRow)
    return update(acts).where(acts.c.uid.in_(bindparam("those", expanding=True)))


@prepared
def _act_ids(_: Connection) -> Any:
    acts = table(ActRow)
    return select(acts.c.uid, acts.c.id).where(acts.c.uid.in_(bindparam("those", expanding=True)))


@prepared
def _acts_led_to(_: Connection) -> Any:
    acts = table(ActRow)
    return select(acts.c.uid).where(acts.c.merged_into == bindparam("called"))


@prepared
def _acts_telling(_: Connection) -> Any:
    acts, events = table(ActRow), table(EventRow)
    told = select(events.c.act_id).where(events.c.uid.in_(bindparam("those", expanding=True)))
    return select(acts.c.uid).where(acts.c.id.in_(told)).order_by(acts.c.id)


@prepared
def _marked(_: Connection) -> Any:
    articles, versions = table(ArticleRow), table(VersionRow)
    current = select(articles.c.version_id).where(articles.c.id == bindparam("article")).scalar_subquery()
    return update(versions).where(versions.c.id == current)


def marks_of(connection: Connection, keys: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The fingerprints of articles by their stable keys; those without one are left out."""
    found: dict[str, tuple[int, ...]] = {}
    for some in in_pieces(keys):
        rows = connection.execute(_marks(connection), {"those": list(map(bytes.fromhex, some))})
        found |= {row.key.hex(): packing.unpack_marks(row.marks) for row in rows if row.marks}
    return found


@prepared
def _marks(_: Connection) -> Any:
    articles, versions = table(ArticleRow), table(VersionRow)
    current = articles.join(versions, versions.c.id == articles.c.version_id)
    theirs = articles.c.key.in_(bindparam("those", expanding=True))
    return select(articles.c.key, versions.c.marks).select_from(current).where(theirs)


def memory(row: Any) -> Any:
    """What linking remembers of an act, from a row with `detail` and `memory`; None for nothing."""
    return row.detail if row.memory is None else packing.unpack_json(row.memory)


def _all_stored(links: Sequence[Link], events: Mapping[str, Any]) -> None:
    for link in links:
        if link.event not in events:
            raise ValueError(f"a link names event {link.event}, which is not among the events stored with it")


def _act_values(uid: str, link: Link, event: Event, day: date | None, now: datetime) -> dict[str, Any]:
    return {
        "uid": uid,
        "type": event.type.value,
        "mode": event.mode,
        "status": event.status.value,
        "title": link.title,
        "parties": codes(event.parties),
        "day_first": day,
        "day_last": event.when.last if event.when else day,
        "place": event.place.name if event.place else "",
        "created_at": now,
        "updated_at": now,
    }
