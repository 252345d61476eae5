"""Why an event was coded as it was: its clause, its roles and their origin, what competed and why that lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractors.actors import refused
from extractors.events.attaching.apart import PLACE, TIME, of_another
from extractors.events.attaching.around import Around
from extractors.events.attaching.facts import Fact, facts
from extractors.events.attaching.standing import left
from extractors.events.attaching.statuses import limited
from extractors.events.attaching.withheld import SPEAKER, withheld
from extractors.events.coding import Coded, Decided, decided, threshold
from extractors.events.meetings.heralding import by_itself
from extractors.events.no_acts import no_act
from extractors.events.papers import TOLD_BEFORE, paper
from extractors.events.reading import Reading
from extractors.events.weighing.features import sentence_features
from extractors.events.weighing.fitting import aside, party_features
from extractors.events.weighing.judge import Proposal, judge, keep_features
from extractors.language import Document
from extractors.model import Article, Event, Holder, Quote
from extractors.places import refused as no_places
from extractors.speech import explained

_MOST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Competitor:
    """Another reading of the same sentence: a type or other parties, its probability, and why it lost."""

    what: str
    probability: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    event: Event
    sentence: str
    clause: str
    predicate: str
    roles: tuple[tuple[str, str, str], ...]
    """(role in the clause, its words, who says so: parse, repair or pattern)"""
    parties: tuple[tuple[str, str, str], ...]
    """(actor or recipient; code; how it was filled)"""
    facts: tuple[Fact, ...]
    """its day, place and speaker, those that it has"""
    named: tuple[tuple[str, str, str], ...]
    """(words, code, how) of what means a party or the speaker in the sentence: the table that has it ("lexicon"), what made it his
    ("former office", "learned"), or the row by which it points to him"""
    said: tuple[tuple[str, str, str], ...]
    """(code, row of speech, row that gives its speaker the code) of whose words the act stands in; "" where nobody has or knows one"""
    reasons: tuple[tuple[str, float], ...]
    """features that spoke for the type, with their weight; none where a row announces by itself"""
    standing: str
    """the rows that say which statuses are left for what was read ("planned", "only wished", "its verb denies it"), one behind the
    other; "" where none does"""
    aside: tuple[tuple[str, str], ...]
    """(code, row) of who is named in the sentence and has no part in such an act"""
    sides: str
    """the rows that say who takes part, where it is not what was read ("an envoy bears it"), one behind the other; "" where none does"""
    days: str
    """the rows that say of a day that was believed that it is another's; "" where none does"""
    dated: str
    """the rows by which the day of an announced meeting is told; "" of what is not"""
    placed: str
    """the row by which a sentence behind tells where an announced meeting is held; "" where none does"""
    withheld: str
    """the rows under which no time, place or speaker of another sentence was offered to it; "" where none does"""
    times: tuple[tuple[str, str, str], ...]
    """(words, day, why) of the times of the sentence: the row that dates them and the one that says whether they are back or ahead; "" and
    why not where they tell no day"""
    apart: tuple[tuple[str, str], ...]
    """(words, row) of the times and places of the sentence that are another act's"""
    ahead: str
    """by which row a meeting is announced that its words name; "" of what is not"""
    again: tuple[str, ...]
    """other sentences of the article that tell the same act"""
    competitors: tuple[Competitor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoActor:
    """A name, or a word that points back, that seems to mean actors and stands for none, and the row that says so."""

    words: str
    codes: tuple[str, ...]
    """none of a surname that does not say who is meant"""
    row: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPlace:
    """A word that the table of places has, and that names none in its sentence, and the row that says so."""

    words: str
    row: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    events: tuple[Explained, ...]
    dropped: tuple[Competitor, ...] = ()
    """acts that were proposed and not kept"""
    no_actors: tuple[NoActor, ...] = ()
    """in the order of the text"""
    no_places: tuple[NoPlace, ...] = ()
    """in the order of the text"""


def explain(article: Article, *, holders: tuple[Holder, ...] = ()) -> Explanation:
    found = decided(article, holders=holders)
    read, proposed, events = found.read, found.proposed, found.told
    # Read anew: for whoever asks why.
    quotes = explained(read.document, [mention for mentions in read.mentions for mention in mentions])
    return Explanation(
        events=tuple(_explained(found.around, proposed, one, quotes) for one in events),
        dropped=tuple(sorted(_all_dropped(found), key=lambda c: -c.probability)[:20]),
        no_actors=tuple(_no_actors(article, read.document, holders)),
        no_places=tuple(_no_places(read.document)),
    )


def _all_dropped(found: Decided) -> Iterator[Competitor]:
    """What was proposed and is not told, and what words seemed to announce."""
    known, kept = judge(), {id(telling.proposal) for one in found.told for telling in (one, *one.again)}
    rows = {id(one.proposal): one.row for one in found.untold}
    chances = [known.keep.probability(features) for features in keep_features(found.proposed)]
    for p, chance in zip(found.proposed, chances, strict=True):
        if id(p) not in kept:
            yield _dropped(p, chance, threshold(known, p), rows.get(id(p), ""))
    proposed = {id(p) for p in found.proposed}
    for one in found.untold:
        if id(one.proposal) not in proposed:
            yield _as_dropped(one.proposal, f"not announced: {one.row}")


def _no_actors(article: Article, document: Document, holders: tuple[Holder, ...]) -> Iterator[NoActor]:
    text, on = document.text, article.dated.date() if article.dated else None
    for one in refused(document, on=on, holders=holders):
        sentence = document.sentences[one.sentence]
        yield NoActor(
            words=text[one.start : one.end],
            codes=one.codes,
            row=one.row,
            sentence=text[sentence.start : sentence.end],
        )


def _no_places(document: Document) -> Iterator[NoPlace]:
    text = document.text
    for sentence in document.sentences:
        for place, row in no_places(sentence):
            yield NoPlace(words=text[place.start : place.end], row=row, sentence=text[sentence.start : sentence.end])


def _explained(
    around: Around, proposed: tuple[Proposal, ...], one: Coded, quotes: tuple[tuple[Quote, str], ...]
) -> Explained:
    read, p = around.reading, one.proposal
    text = read.document.text
    clause, event = p.clause, one.event
    return Explained(
        event=event,
        sentence=text[p.seen.sentence.start : p.seen.sentence.end],
        clause=text[clause.start : clause.end] if clause else "",
        predicate=clause.predicate if clause else "",
        roles=tuple((r.name, text[r.start : r.end], str(r.origin)) for r in clause.roles) if clause else (),
        parties=(
            *(("actor", a.code, a.origin) for a in event.actors),
            *(("recipient", a.code, a.origin) for a in event.recipients),
        ),
        facts=tuple(facts(around, p, event)),
        named=tuple(_named_there(read, one)),
        said=tuple(_said(quotes, p)),
        # A row that announces by itself asks nobody: the judge's features had no say.
        reasons=() if by_itself(p) else judge().types[p.type].reasons(sentence_features(p.seen)),
        standing="; ".join(_standing(read, p)),
        aside=tuple(aside(p.seen, p.type)),
        sides="; ".join(one.sides),
        days="; ".join(one.days),
        dated="; ".join(one.dated),
        placed=one.placed,
        withheld="; ".join(filter(None, (withheld(read, p, fact) for fact in (TIME, PLACE, SPEAKER)))),
        times=tuple(_times(read, p)),
        apart=tuple(_apart(read, p)),
        ahead=one.ahead,
        again=tuple(telling.event.evidence.quote for telling in one.again),
        competitors=tuple(_competitors(proposed, p)),
    )


def _named_there(read: Reading, one: Coded) -> Iterator[tuple[str, str, str]]:
    """The words of an event's sentence that mean its parties, in the order of the text."""
    event = one.event
    told = event.parties | ({event.speaker.code} if event.speaker else set())
    for mention in read.mentions[one.proposal.seen.sentence.index]:
        if mention.code in told:
            yield read.document.text[mention.start : mention.end], mention.code, mention.row or mention.origin


def _said(quotes: tuple[tuple[Quote, str], ...], p: Proposal) -> Iterator[tuple[str, str, str]]:
    """Whose words the word that carries an act stands in, in the order of the text."""
    at = p.seen.sentence.tokens[p.anchor].start
    for quote, row in quotes:
        if any(start <= at < end for start, end in quote.spans):
            yield quote.speaker_code, quote.rule, row


def _times(read: Reading, p: Proposal) -> Iterator[tuple[str, str, str]]:
    for time in read.times[p.seen.sentence.index]:
        why = ", ".join(filter(None, (time.rule, time.looks)))
        yield time.words, time.when.iso if time.when else "", why if time.when else f"{why}: {time.reason}"


def _apart(read: Reading, p: Proposal) -> Iterator[tuple[str, str]]:
    """The times and places of an act's sentence that are not offered to it."""
    at = p.seen.sentence.index
    named = [(TIME, one.start, one.end) for one in read.times[at]] + [(PLACE, m.start, m.end) for m in read.places[at]]
    for fact, start, end in sorted(named, key=lambda one: one[1]):
        if row := of_another(read, p, start, fact):
            yield read.document.text[start:end], row


def _standing(read: Reading, p: Proposal) -> Iterator[str]:
    _, row = left(p.type, p.candidate, p.seen.sentence)
    if row:
        yield row
    yield from (limit.name for limit in limited(p))
    if of := paper(read, p):
        yield f"{of} {TOLD_BEFORE}"


def _competitors(proposed: tuple[Proposal, ...], p: Proposal) -> list[Competitor]:
    types = [
        Competitor(
            what=_named(q),
            probability=round(q.p_type, 3),
            why=f"less likely than {p.type} ({p.p_type:.2f})"
            if q.p_type < p.p_type
            else "kept or dropped on its own merits",
        )
        for q in proposed
        if q.seen.sentence.index == p.seen.sentence.index and q.type is not p.type
    ]
    parties = [
        Competitor(what=f"{','.join(a)} → {','.join(r) or '–'}", probability=round(share, 3), why=_against(p, (a, r)))
        for (a, r), share in p.others
    ]
    return sorted(types, key=lambda c: -c.probability)[:_MOST] + parties


def _against(p: Proposal, other: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    """The feature that sets the chosen parties most above others."""
    model = judge().parties
    won, lost = party_features(p.seen, p.type, p.parties), party_features(p.seen, p.type, other)
    gaps = {name: model.weights.get(name, 0.0) * (won.get(name, 0.0) - lost.get(name, 0.0)) for name in {*won, *lost}}
    name = max(gaps, key=lambda n: (gaps[n], n), default="")
    return f"{name} ({gaps[name]:+.2f}) speaks for the other" if name else ""


def _dropped(p: Proposal, chance: float, wanted: float, row: str) -> Competitor:
    if chance < wanted:
        return _as_dropped(p, f"to be told an act needs {wanted:.3f}, it has {chance:.3f}")
    return _as_dropped(p, no_act(p) or row or "told before")


def _as_dropped(p: Proposal, why: str) -> Competitor:
    rule = p.candidate.rule if p.candidate else "no row, the network alone"
    return Competitor(what=_named(p), probability=round(p.p_type, 3), why=f"{why}; {rule}")


def _named(p: Proposal) -> str:
    return f"{p.type} {','.join(p.parties[0])} → {','.join(p.parties[1]) or '–'}"
