"""Demands and the answers to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from storage.statements import prepared, table, upsert
from storage.tables import DemandChangeRow, DemandRow
from storage.tracking.followed import Followed, codes
from storage.tracking.records import Change, Demand


class Demands(Followed):
    """The verb about demands."""

    def save_demand(self, demand: Demand, changes: Sequence[Change], now: datetime) -> None:
        """Keep a demand and the answers to it; steps that are known are not written twice."""
        values = {
            "state": demand.state,
            "demanders": codes(demand.demanders),
            "addressees": codes(demand.addressees),
            "content": demand.content,
            "detail": dict(demand.detail) or None,
        }
        made = {"uid": demand.uid, "created_at": now, "updated_at": now}
        demand_id = self.connection.execute(_demand_saved(self.connection), made | values).scalar_one()
        for change in changes:
            self._demand_change(demand_id, change)

    def _demand_change(self, demand_id: int, change: Change) -> None:
        step = {
            "demand_id": demand_id,
            "state": change.state,
            "event_uid": change.event,
            "article_id": change.article_id,
        }
        if self.connection.execute(_demand_step(self.connection), step).first() is None:
            told = {"at": change.at, "day": change.day_first, "by": change.by}
            said = {"quote": change.quote, "reason": change.reason}
            self.connection.execute(_demand_stepped(self.connection), step | told | said)


@prepared
def _demand_saved(connection: Connection) -> Any:
    demands = table(DemandRow)
    told = upsert(connection, demands)
    changed = ("state", "demanders", "addressees", "content", "detail", "updated_at")
    return told.on_conflict_do_update(
        index_elements=["uid"], set_={name: told.excluded[name] for name in changed}
    ).returning(demands.c.id)


@prepared
def _demand_step(_: Connection) -> Any:
    steps = table(DemandChangeRow)
    return select(steps.c.id).where(
        steps.c.demand_id == bindparam("demand_id"),
        steps.c.state == bindparam("state"),
        steps.c.event_uid == bindparam("event_uid"),
        steps.c.article_id.is_not_distinct_from(bindparam("article_id")),
    )


@prepared
def _demand_stepped(_: Connection) -> Any:
    return insert(table(DemandChangeRow))
