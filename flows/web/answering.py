"""Answers to alerts: what the page behind a signed link shows, and what its form changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from flows.alerts.links import ANSWERS, Ticket
from flows.web.asking import Unreadable
from storage import queries
from storage.archive import opened
from storage.outbox import Outbox
from storage.reviewing import NotThere
from storage.teaching import Teaching

SNOOZES = (4, 24, 168)
"""hours"""
LABEL_OF: Mapping[str, str] = {"right": "right", "wrong": "wrong", "not-my-matter": "not my matter"}


def page(connection: Connection, ticket: Ticket, asked: str, now: datetime) -> dict[str, Any] | None:
    """What the page shows; None for an alert that retention has taken. `asked` is the answer that the link proposes."""
    told = Outbox(connection).told(ticket.alert)
    if told is None:
        return None
    act = queries.act(connection, told.alert.act)
    return {
        "told": told,
        "asked": asked if asked in ANSWERS else "",
        "act": None if act is None else act.merged_into or act.uid,
        "given": Teaching(connection).labels(alert_key=ticket.alert),
        "quiet": told.snoozed_until if told.snoozed_until and told.snoozed_until > now else None,
        "snoozes": SNOOZES,
        "channel": ticket.channel,
    }


def answer(engine: Engine, ticket: Ticket, form: Mapping[str, str], now: datetime) -> None:
    """Keep the answer. Raises Unreadable for one that makes no sense, NotThere for an alert that is gone.

    Whoever answers has seen it: every answer but "later" acknowledges the alert too.
    """
    given = form.get("do", "")
    if given not in ANSWERS:
        raise Unreadable(f"do: {given[:20]}")
    author = " ".join(form.get("author", "").split())[:60] or f"via {ticket.channel}"
    with opened(engine) as archive:
        told = archive.outbox.told(ticket.alert)
        if told is None:
            raise NotThere(ticket.alert)
        if given == "snooze":
            archive.outbox.snooze(ticket.alert, now + timedelta(hours=_hours(form)))
            return
        archive.outbox.acknowledge(ticket.alert, author, now)
        if given in LABEL_OF:
            archive.teaching.label(
                LABEL_OF[given],
                author,
                now,
                article_id=told.article_id,
                alert_key=ticket.alert,
                dossier=told.alert.dossier,
            )


def _hours(form: Mapping[str, str]) -> int:
    given = form.get("hours", str(SNOOZES[1]))
    if given not in {str(hours) for hours in SNOOZES}:
        raise Unreadable(f"hours: {given[:20]}")
    return int(given)
