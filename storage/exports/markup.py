"""XML: acts as an Atom feed, the network of actors as GEXF."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from extractors.model import Event, whole_percent
from extractors.ontology import EventType
from extractors.stories.dyads import HAPPENED
from storage.exports.events import dyads
from storage.queries import Act, StoredEvent


def atom(
    acts: Iterable[tuple[Act, Sequence[StoredEvent]]],
    now: datetime,
    *,
    title: str = "Depesche",
    home: str = "",
    party: str = "",
) -> Iterator[str]:
    """An Atom feed of acts; the id of an entry is the act's and stays, `updated` moves with every report.

    The feed's own moves with its entries and not with the clock: a reader would take it for changed at each poll.
    The feed of a `party` has an id of its own.
    """
    told = list(acts)
    updated = max((act.updated_at for act, _ in told), default=now)
    of = f":{quote(party, safe='')}" if party else ""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"<id>tag:depesche,2026:acts{of}</id><title>{xml(title)}</title>"
    yield f"<updated>{updated.astimezone(UTC).isoformat()}</updated>\n"
    if home:
        own = f"{home.rstrip('/')}/acts.atom" + (f"?party={quote(party, safe='')}" if party else "")
        yield f'<link href={xml_attribute(home)}/><link rel="self" type="application/atom+xml" href={xml_attribute(own)}/>\n'
    for act, reports in told:
        yield _atom_entry(act, reports, home)
    yield "</feed>\n"


def _atom_entry(act: Act, reports: Sequence[StoredEvent], home: str) -> str:
    address = f"{home.rstrip('/')}/acts/{act.uid}" if home else (reports[0].url if reports else "")
    told = "\n".join(f"{each.publisher}: {each.event.evidence.quote}{_surety(each)}" for each in reports)
    what = act.title or f"{act.type} ({act.status}): {', '.join(act.parties)}"
    return (
        f"<entry><id>tag:depesche,2026:{xml(act.uid)}</id><title>{xml(what)}</title>"
        f"<updated>{act.updated_at.astimezone(UTC).isoformat()}</updated>"
        f"<published>{act.created_at.astimezone(UTC).isoformat()}</published>"
        f"<author><name>Depesche</name></author>"
        + (f"<link href={xml_attribute(address)}/>" if address else "")
        + f'<category term={xml_attribute(act.type)}/><content type="text">{xml(told)}</content></entry>\n'
    )


def _surety(stored: StoredEvent) -> str:
    """How sure the machine is of a sentence; nothing where a reviewer was."""
    return "" if stored.reviewed else f" ({whole_percent(stored.event.confidence)} %)"


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(value: str) -> str:
    """Text for an XML element; characters that XML 1.0 cannot hold are left out."""
    return escape(_NOT_XML.sub("", value))


def xml_attribute(value: str) -> str:
    """The same for an attribute, with its quotation marks."""
    return quoteattr(_NOT_XML.sub("", value))


def gexf(
    found: Iterable[StoredEvent], now: datetime, *, called: Callable[[str], str] = str, note: str = ""
) -> Iterator[str]:
    """The network of actors for Gephi: an edge for each pair and day span, with the number of events, mean score and sign.

    The mean is of what happened: a plan, a fear and a denial are events, and no deeds; a statement has no score. An edge
    with nothing of that kind has no mean and no sign.
    `called` names a code: an article calls a state by whoever speaks for it.
    """
    codes: set[str] = set()
    edges: dict[tuple[str, str], _Edge] = defaultdict(_Edge)
    for stored in found:
        for actor, recipient in dyads(stored):
            codes.update(party.code for party in (actor, recipient) if party is not None)
            if actor is not None and recipient is not None:
                edges[actor.code, recipient.code].add(stored.day or stored.known_from.date(), _deed_score(stored.event))
    yield '<?xml version="1.0" encoding="utf-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    described = f"<description>{xml(note)}</description>" if note else ""
    yield f'<meta lastmodifieddate="{now:%Y-%m-%d}"><creator>Depesche</creator>{described}</meta>\n'
    yield '<graph defaultedgetype="directed" mode="dynamic" timeformat="date">\n'
    yield '<attributes class="edge"><attribute id="0" title="mean PLOVER score" type="double"/>'
    yield '<attribute id="1" title="sign" type="integer"/></attributes>\n<nodes>\n'
    for code in sorted(codes):
        yield f"<node id={xml_attribute(code)} label={xml_attribute(called(code))}/>\n"
    yield "</nodes>\n<edges>\n"
    for n, (one, other) in enumerate(sorted(edges)):
        yield _edge(n, one, other, edges[one, other])
    yield "</edges>\n</graph>\n</gexf>\n"


def _deed_score(event: Event) -> float | None:
    return event.plover_score if event.status in HAPPENED and event.type is not EventType.STATE else None


@dataclass(slots=True)
class _Edge:
    """What the events of one party towards another add up to; what is no deed has no score."""

    events: int = 0
    scored: int = 0
    score: float = 0.0
    first: date = date.max
    last: date = date.min

    def add(self, day: date, score: float | None) -> None:
        self.events += 1
        self.first, self.last = min(self.first, day), max(self.last, day)
        if score is not None:
            self.scored, self.score = self.scored + 1, self.score + score


def _edge(n: int, actor: str, recipient: str, told: _Edge) -> str:
    values = ""
    if told.scored:
        mean = told.score / told.scored
        sign = (mean > 0) - (mean < 0)
        values = f'<attvalues><attvalue for="0" value="{mean:.3f}"/><attvalue for="1" value="{sign}"/></attvalues>'
    return (
        f'<edge id="{n}" source={xml_attribute(actor)} target={xml_attribute(recipient)} weight="{told.events}"'
        f' start="{told.first}" end="{told.last}">{values}</edge>\n'
    )
