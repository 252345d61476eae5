"""Events as JSON lines: PLOVER, and the gold format of corrections."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from extractors.model import Actor, codebook
from extractors.ontology import goldstein, plover_export_type, plover_score, quad
from storage.exports.events import iso
from storage.queries import StoredArticle, StoredEvent


def plover(found: Iterable[StoredEvent], note: str = "") -> Iterator[str]:
    """JSON lines in PLOVER's names. An announced meeting is AGREE there; `native` keeps how we have it."""
    for stored in found:
        yield _json_line(plover_record(stored))
    if note:
        yield _json_line({"note": note})


def _json_line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def plover_record(stored: StoredEvent) -> dict[str, Any]:
    """An event with PLOVER's fields, and ours: its status, its act, its rule and how sure it is."""
    event = stored.event
    type_ = plover_export_type(event.type, event.status)
    same = type_ is event.type
    when, place = event.when, event.place
    return {
        "id": stored.uid,
        "date": (when.first if when else stored.day or stored.known_from.date()).isoformat(),
        "enddate": when.last.isoformat() if when and when.last != when.first else None,
        "datetype": when.precision.value if when else "report",
        "event": type_.value,
        "mode": event.mode if same else "",
        "quad": int(quad(type_)),
        "score": plover_score(type_, event.mode if same else ""),
        "goldstein": goldstein(type_),
        "actor": [_party(actor) for actor in event.actors],
        "recipient": [_party(actor) for actor in event.recipients],
        "speaker": _party(event.speaker) if event.speaker else None,
        "location": {
            "name": place.name,
            "country": place.country,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
        if place
        else None,
        "auxiliary": event.status.value,
        "text": event.evidence.quote,
        "textInfo": {"start": event.evidence.start, "end": event.evidence.end},
        "source": stored.publisher,
        "url": stored.url,
        "title": stored.headline,
        "publicationDate": iso(stored.stand or stored.published_at),
        "act": stored.act or None,
        "copy": stored.copied,
        "confidence": event.confidence,
        "rule": event.evidence.rule,
        "coder": event.coder,
        "reviewed": stored.reviewed,
        "native": {"event": event.type.value, "mode": event.mode, "status": event.status.value},
    }


def _party(actor: Actor) -> dict[str, str]:
    return {"code": actor.code, "name": actor.name, "office": actor.office}


def gold(articles: Iterable[StoredArticle]) -> Iterator[str]:
    """Articles as JSON lines in the format of gold labels: grade, and the events that are believed today.

    Given the articles that reviewers corrected, it is what they taught, ready to be measured against.
    """
    for article in articles:
        told = [each for each in (article.current.events if article.current else ()) if each.known_to is None]
        line = {"id": article.key, "grade": article.grade, "events": [codebook(each.event) for each in told]}
        yield json.dumps(line, ensure_ascii=False) + "\n"
