"""The reviewer's side of the room: what waits, and a form that becomes a correction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine

from extractors.actors import is_code, name_of
from extractors.model import Actor, Event
from extractors.ontology import EventType, Status, modes
from flows import following, people
from flows.web import answers
from flows.web.asking import Look, Unreadable
from flows.web.wording import code_of
from storage import queries
from storage.archive import opened
from storage.outbox import Outbox
from storage.people import People
from storage.reviewing import VERDICTS, NotThere, Review
from storage.teaching import Label, Teaching

Named = TypeVar("Named", bound=StrEnum)

LEAST = 2
"""articles that must introduce somebody who is shown; most names stand in one alone"""
SHOWN = 200


def queue(at: Look) -> dict[str, Any]:
    """What waits, and the corrections that stand, newest first, a page of them: on the further pages nothing else."""
    review, teaching, offset = Review(at.connection), Teaching(at.connection), answers.offset_of(at)
    standing = tuple(reversed(review.corrections()))
    answered = [label for label in teaching.labels() if label.alert_key]
    wrong = [label for label in reversed(answered[-200:]) if label.label == "wrong"]
    return {
        "waiting": () if offset else review.corrections(waiting=True),
        "standing": standing[offset : offset + answers.ON_A_PAGE],
        "corrections": len(standing),
        "pager": answers.pager(at, "/review", offset, len(standing) - offset),
        "sample": () if offset else teaching.sample(limit=60),
        "wrong": () if offset else tuple(_answered(at.connection, label) for label in wrong[:30]),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer to an alert, with what the alert said; `act` leads to the sentences."""

    label: Label
    title: str
    act: str


def _answered(connection: Connection, label: Label) -> Answered:
    alert = Outbox(connection).alert(label.alert_key)
    return Answered(label=label, title=alert.title if alert else label.alert_key, act=alert.act if alert else "")


def sampled(engine: Engine, article_id: int, form: Mapping[str, str], author: str, now: datetime) -> str:
    """Keep what a reader says of a rejected article; returns the page to show then. Raises Unreadable, NotThere."""
    label = {"belongs": "belongs", "not": "not my matter"}.get(form.get("label", ""))
    if label is None:
        raise Unreadable("label")
    with opened(engine) as archive:
        sample = {(each.article_id, each.dossier) for each in archive.teaching.sample()}
        if (article_id, form.get("dossier")) not in sample:
            raise NotThere(str(article_id))
        archive.teaching.label(label, author, now, article_id=article_id, dossier=form["dossier"])
    return "/review?done=1#sample"


def people_known(at: Look) -> dict[str, Any]:
    """Office holders whom no table has: those of whom somebody said something, and the most introduced of the others."""
    lines, hidden = People(at.connection).foremost(at.now.date(), least=LEAST, most=SHOWN)
    return {"people": lines, "hidden": hidden}


def said_of(engine: Engine, form: Mapping[str, str], author: str, now: datetime) -> str:
    """Keep what a reviewer says of an office holder; returns the page to show then. Raises Unreadable."""
    said = {field: form.get(field, "")[:200] for field in ("code", "office", "since", "until")}
    name = form.get("name", "")[:200]
    try:
        with opened(engine) as archive:
            if form.get("do") == "refuse":
                people.refuse(archive.people, name, author, now)
            elif form.get("do") == "confirm":
                people.confirm(archive.people, name, author, now, **said)
            else:
                raise Unreadable("do")
    except people.Unusable as error:
        raise Unreadable(str(error)) from None
    return "/people?done=1"


def correct(engine: Engine, uid: str, form: Mapping[str, str], author: str, now: datetime) -> str:
    """Keep the form's verdict on an event; returns the page to show then.

    Raises NotThere for an event that is not believed today, Unreadable for a form that makes no sense.
    """
    verdict = form.get("verdict", "")
    if verdict not in VERDICTS:
        raise Unreadable(f"verdict: {verdict}")
    given = form.get("article", "")
    if given and not re.fullmatch("[0-9]{1,18}", given):
        raise Unreadable(f"article: {given}")
    with opened(engine) as archive:
        stored = queries.event(archive.connection, uid, article_id=int(given) if given else None)
        if stored is None or stored.known_to is not None:
            raise NotThere(uid)
        changed = changed_event(stored.event, form) if verdict == "changed" else None
        archive.review.correct(
            uid,
            verdict,
            author,
            now,
            changed=changed,
            comment=form.get("comment", "").strip()[:2000],
            article_id=stored.article_id,
        )
    shown = uid if changed is None else changed.id
    return _event(shown, stored.article_id)


def _event(uid: str, article_id: int) -> str:
    """The page of an event as this article tells it, after something was done there."""
    return f"/events/{quote(uid, safe='')}?article={article_id}&done=1"


def withdraw(engine: Engine, number: int, _form: Mapping[str, str], _author: str, now: datetime) -> str:
    """Take a correction back, whoever made it; returns the page to show then."""
    with opened(engine) as archive:
        correction = archive.review.correction(number)
        archive.review.withdraw(number, now)
    return _event(correction.machine.id, correction.article_id)


def merge(engine: Engine, uid: str, form: Mapping[str, str], author: str, now: datetime) -> str:
    """Make two acts one; returns the page of the one that stays. The other may be given as id or as its page's address.

    Raises NotThere for an act that there is not, Unreadable for one and the same.
    """
    other = form.get("other", "").strip().split("?")[0].rstrip("/").rpartition("/")[2]
    comment = " ".join(form.get("comment", "").split())[:500]
    with opened(engine) as archive:
        try:
            into = following.merge_acts(archive, uid, other, author, now, comment=comment)
        except KeyError:
            raise NotThere(other) from None
        except ValueError:
            raise Unreadable("other") from None
    return f"/acts/{quote(into, safe='')}?done=1"


def changed_event(event: Event, form: Mapping[str, str]) -> Event:
    """The event as the form has it: evidence, day and place stay. Raises Unreadable."""
    kind, status = _among(EventType, form, "type"), _among(Status, form, "status")
    actors = _actors(form.get("actors", ""), event)
    if not actors:
        raise Unreadable("nobody acts")
    changed = replace(
        event,
        type=kind,
        status=status,
        mode=event.mode if event.mode in modes(kind) else "",
        actors=actors,
        recipients=_actors(form.get("recipients", ""), event),
    )
    if changed.id == event.id:
        raise Unreadable("unchanged")
    return changed


def _among(known: type[Named], form: Mapping[str, str], field: str) -> Named:
    """The one that the form names. Raises Unreadable, naming all that there are."""
    try:
        return known(form.get(field, ""))
    except ValueError:
        told = ", ".join(known)
        raise Unreadable(f"{field}: {form.get(field, '')!r}; {told}") from None


def _actors(given: str, event: Event) -> tuple[Actor, ...]:
    """Codes, or names of one word, as actors; those that the event has keep the names by which the text calls them.

    Raises Unreadable for an unknown one.
    """
    known = {actor.code: actor for actor in (*event.recipients, *event.actors)}
    codes = list(dict.fromkeys(map(code_of, given.replace(",", " ").split())))
    for code in codes:
        if code not in known and not is_code(code):
            raise Unreadable(f"unknown code: {code}")
    return tuple(known.get(code) or Actor(code=code, name=name_of(code), origin="review") for code in codes)
