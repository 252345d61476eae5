"""What announces a meeting by itself: who goes, comes, is expected or receives on a day to come.

"Die Außenministerin wird am Montag in Kiew erwartet" needs no word for a meeting: a guest, a host and a day are enough. Each
row of `extractors/data/meetings.toml` says which words they are and where guest and host stand.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from extractors.actors import Mention
from extractors.actors.bodies import BODIES
from extractors.events.meetings.announcing import meets
from extractors.events.meetings.days import of_else
from extractors.events.meetings.heralding import (
    GOES_ON,
    MAY,
    MOVED,
    SURE,
    THITHER,
    Herald,
    Heralded,
    announcement,
    at_an_hour,
    day_to_come,
    days_to_come,
    denies,
    heralds,
    is_plan,
    partners,
    people,
)
from extractors.events.meetings.recalled import (
    agreed,
    go_on,
    goes_on,
    is_held,
    of_ministers,
    planned,
    summit,
    the_next,
    their_meeting,
    they,
)
from extractors.events.meetings.stages import stages
from extractors.events.meetings.unnamed import last_met
from extractors.events.proposing.candidates import Candidate
from extractors.events.proposing.meeting_words import names_meeting, of_another_meeting
from extractors.events.reading import Reading
from extractors.events.weighing.features import View
from extractors.language import Clause, Sentence
from extractors.model import Place, Precision, When
from extractors.ontology import EventType
from extractors.when import SPEAKING

_ON_THE_WAY = "aside"
_COUNTS_STOPS = re.compile(
    r"(?:,| und| sowie| und von dort)(?: (?:dann|danach|anschließend|später))?(?: (?:nach|in|in die|in den|weiter nach))? "
)
"""what stands between the stops of a journey"""
_AND = re.compile(r"(?:,| und| sowie)(?: (?:die|den|das))? ")
_BY_NAME = frozenset({"name", "metonym"})
_TURNS = re.compile(
    r"(?i)\b(?:erst|zuerst|zunächst) (?:aber )?mit (?P<first>[^.;]{1,80}?)(?:,| und)(?: \w+)? (?:dann|danach|anschließend|später)(?: auch)? mit "
)
"""what parts those who are met one after another"""
NEUTRAL = frozenset("Genf Wien Davos Astana Istanbul Antalya Doha Dschidda Riad Minsk Brüssel Straßburg".split())
"""where others meet: its state takes no part because of that"""
_CONTINENTS = MappingProxyType({"Europa": "EU"})
"""who is host where no state is told (codebook, section 4)"""
_LEADS = 5
"""tokens before a word for a meeting that say that somebody spoke before it"""
_AGREES = frozenset({"einigen", "verständigen"})
"""what is agreed "auf" a meeting: "auf einer Konferenz angekündigt" is where it was"""
_SPOKE = SPEAKING - {"warnen"}


@functools.lru_cache(2000)
def _heralds_of(predicate: str) -> tuple[Herald, ...]:
    """The rows that may announce by a verb: it is among theirs, or any will do."""
    return tuple(row for row in heralds() if not row.verbs or predicate in row.verbs)


def heralded(read: Reading, seen: Sequence[View]) -> Iterator[Heralded]:
    """What the rows announce, in the order of the text; of each clause what the first row says that says anything, and what is on
    the way to it."""
    for view in seen:
        for clause in view.sentence.clauses:
            known = _heralds_of(clause.predicate)
            told = ([*_READ[row.of](read, view, clause, row)] for row in known if row.of != _ON_THE_WAY)
            yield from next(filter(None, told), ())
            yield from (one for row in known if row.of == _ON_THE_WAY for one in _aside(read, view, clause, row))


def _verb(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """Guest and host at a verb, once for each day: "am Montag in Oslo und am Freitag in Rom"."""
    if clause.predicate not in row.verbs or clause.voice != row.voice or not is_plan(view.sentence, clause):
        return
    if row.within is not None and not row.within.search(read.document.text, clause.start, clause.end):
        return
    guests = people(read, view.sentence, clause, row.guest)
    if row.visited:
        # "Am Montag besucht er Serbien und Ungarn": who is visited may be parsed as subject, too.
        visited = _behind(read, view.sentence, clause)
        guests = tuple(c for c in guests if c not in visited) if len(guests) + len(visited) > 2 else guests
    for day, start, end in _parts_of_journey(read, view.sentence, clause, row) if guests else ():
        # Two who visit together do not visit each other.
        alone = row.mode == "visit" or (len(guests) < 2 and not BODIES & {*guests})
        stops = _stops(read, view.sentence, clause, row, guests, (start, end))
        for hosts, place in stops if day is not None else _as_one(stops):
            if day is None and _names_more(read, view.sentence, clause, {*guests, *hosts}):
                return
            if meets({*guests, *hosts}) and (hosts or not alone):
                yield replace(announcement(view, clause, row, {*guests, *hosts}, day), place=place)


def _names_more(read: Reading, sentence: Sentence, clause: Clause, who: Collection[str]) -> bool:
    """Whether a clause names others than those who were found to meet: where no day does, they must say that they are all."""
    return any(m.score >= SURE and m.code not in who for m in read.named(sentence, clause.start, clause.end))


def _as_one(
    stops: Iterable[tuple[tuple[str, ...], Place | None]],
) -> Iterator[tuple[tuple[str, ...], Place | None]]:
    """A journey without days, to all who are told."""
    all_ = [*stops]
    if all_:
        yield tuple(code for hosts, _ in all_ for code in hosts), all_[0][1] if len(all_) == 1 else None


def _called(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """A meeting that the sides agreed on: "vereinbarten weitere Gespräche", not "vereinbarten bei einem Gespräch"."""
    if clause.predicate not in row.verbs or denies(view.sentence, clause) or clause.modal not in MAY:
        return
    days = days_to_come(read, view.sentence, clause, today=True)
    if clause.tense == "pluperfect" and not days:
        return
    # Beside another verb somebody else may be named: "Bern kündigt eine Konferenz an, Moskau spottet".
    tokens = view.sentence.tokens
    verbs = {i for other in view.sentence.clauses for i in other.verbs if tokens[i].tag.startswith("V")}
    whole = view.sentence if verbs <= {*clause.verbs} else clause
    mentions = read.named(view.sentence, whole.start, whole.end)
    hosts = people(read, view.sentence, clause, "subject") if clause.voice == "active" else ()
    for candidate in view.candidates:
        if candidate.type is not EventType.CONSULT or candidate.kind != "noun" or candidate.clause != clause:
            continue
        if not _befalls(clause, candidate.anchor) or (candidate.rule in GOES_ON and not days):
            continue
        strong = {m.code for m in mentions if m.score >= SURE}
        # "Die Außenminister Polens und Litauens kündigten ihren Besuch an": all of the subject, if it is one side.
        own = candidate.parties.union(hosts) if candidate.parties.intersection(hosts) else candidate.parties
        options = (own, strong, {m.code for m in mentions})
        who = next((who for who in options if meets(who)), None)
        if who is not None:
            # "Kündigte am Vormittag Gespräche für Freitag an": today is when they were agreed on, if another day is told.
            day = next((time.when for time in days if time.when and time.when.first > read.dated.date()), None)
            day = day or next((time.when for time in days), None)
            yield announcement(view, clause, row, who, day, candidate.anchor, candidate.mode)


def _moved(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """A meeting that is put off to another day, or moved to another town: "werden auf den 16. Mai verschoben"."""
    if clause.predicate not in row.verbs or denies(view.sentence, clause) or clause.modal not in MAY:
        return
    days = days_to_come(read, view.sentence, clause, today=True)
    day = next((time.when for time in days if _is_led(read, clause, row, time.start)), None)
    for candidate in view.candidates:
        if (
            candidate.type is not EventType.CONSULT
            or candidate.kind != "noun"
            or not _befalls(clause, candidate.anchor)
        ):
            continue
        town = _moved_to(read, view.sentence, clause) if candidate.mode != "visit" else None
        movers = people(read, view.sentence, clause, "subject") if clause.voice == "active" else ()
        # "Von Genf nach Wien": whose town it is takes no part because of that.
        left = {p.place.country for p in read.places[view.sentence.index] if town and p.preposition == "von"}
        options = (frozenset(movers), candidate.parties - left, candidate.parties)
        who = next((who for who in options if meets(who)), None)
        if (day or town) and who is not None:
            when = day or next((time.when for time in days), None)
            said = announcement(view, clause, row, who, when, candidate.anchor, candidate.mode)
            yield replace(said, place=town)
            return
    yield from _moved_before(read, view, clause, row, day)


def _moved_before(read: Reading, view: View, clause: Clause, row: Herald, day: When | None) -> Iterator[Heralded]:
    """The meeting of the sentences before, where its own names nobody: "nun wird das Treffen auf Montag verlegt"."""
    sentence, town = view.sentence, _moved_to(read, view.sentence, clause)
    if (day is None and town is None) or read.named(sentence, clause.start, clause.end):
        return
    for token in (t for t in sentence.tokens if names_meeting(t) and _befalls(clause, t.i)):
        who = last_met(read, sentence, token)
        if who:
            yield replace(announcement(view, clause, row, who, day, token.i), place=town)


def _is_led(read: Reading, clause: Clause, row: Herald, start: int) -> bool:
    """Whether the words of a row stand right before."""
    assert row.words is not None
    return row.words.search(read.document.text[clause.start : start]) is not None


def _moved_to(read: Reading, sentence: Sentence, clause: Clause) -> Place | None:
    if clause.predicate != "verlegen":
        return None
    there = (p for p in read.places[sentence.index] if clause.start <= p.start < clause.end)
    return next((p.place for p in there if p.preposition == "nach"), None)


def _holds(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """Who is to hold a meeting, and with whom: "wird in Oslo Gespräche mit Støre führen". Who only wants talks may not get them."""
    if clause.predicate not in row.verbs or not is_plan(view.sentence, clause):
        return
    # "Am Freitag trifft er X und wird mit Y Gespräche führen": the day may stand in the other half.
    times = (time for time in read.times[view.sentence.index] if not of_else(read, view.sentence, time))
    told = {time.when for time in times if time.when is not None}
    day = day_to_come(read, view.sentence, clause) or next(iter(told), None)
    if len(told) > 1 or (day is not None and day.last < read.dated.date()):
        return
    if day is None and clause.tense != "future" and clause.modal != "sollen":
        return
    guests, hosts = people(read, view.sentence, clause, "subject"), partners(read, view.sentence, clause)
    held = (head for role in clause.roles if role.name == "object" for head in role.heads)
    noun = next((head for head in held if names_meeting(view.sentence.tokens[head])), None)
    if noun is not None and guests and hosts and meets({*guests, *hosts}):
        yield announcement(view, clause, row, {*guests, *hosts}, day, noun)


def _before(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """Somebody spoke right before a meeting: it is on the day of the report, where no other day is told."""
    assert row.words is not None
    if clause.predicate not in _SPOKE or clause.voice != "active" or read.article.dated is None:
        return
    today = read.dated.date()
    others = (t.when for t in read.times[view.sentence.index] if t.when is not None)
    if clause.tense not in ("preterite", "present") or any((w.first, w.last) != (today, today) for w in others):
        return
    day = When(first=today, last=today, precision=Precision.DAY, rule="publication day")
    for candidate in view.candidates:
        if candidate.type is not EventType.CONSULT or candidate.kind != "noun" or candidate.clause != clause:
            continue
        if candidate.mode == "visit":
            continue
        leads = view.sentence.tokens[max(0, candidate.anchor - _LEADS) : candidate.anchor]
        words = " ".join(token.text for token in leads)
        if row.words.search(words) and meets(candidate.parties):
            yield announcement(view, clause, row, candidate.parties, day, candidate.anchor, candidate.mode)


def _aside(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """Whom those who are to do something visit before or after, on a day of its own."""
    assert row.words is not None
    sentence = view.sentence
    nouns = [one for one in view.candidates if one.kind == "noun" and _names_visit(sentence, one, row.words)]
    guests = people(read, sentence, clause, "subject") if nouns and is_plan(sentence, clause) else ()
    days = [t for t in days_to_come(read, sentence, clause) if of_another_meeting(sentence, clause.head, t.start)]
    if not guests or not days or days[0].when is None or days[0].when.first <= read.dated.date():
        return
    for candidate in nouns:
        anchor = sentence.tokens[candidate.anchor]
        if not anchor.start < days[0].start:
            continue
        named = read.named(sentence, anchor.end, days[0].start)
        hosts = {m.code for m in named if m.score >= SURE and of_another_meeting(sentence, clause.head, m.start)}
        if hosts and meets({*guests, *hosts}):
            yield announcement(view, clause, row, {*guests, *hosts}, days[0].when, candidate.anchor, candidate.mode)


def _follows(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """What comes after a meeting or journey that a clause before tells: between those that it names, or of who is the subject there
    with the host ("am Montag reist er nach Kiew, am Freitag folgt ein Besuch in Riga")."""
    sentence, day = view.sentence, day_to_come(read, view.sentence, clause)
    heads = clause.subject.heads if clause.subject is not None else ()
    noun = next((one for one in view.candidates if one.kind == "noun" and one.anchor in heads), None)
    if clause.predicate not in row.verbs or day is None or noun is None or noun.type is not EventType.CONSULT:
        return
    named = (m for m in read.named(sentence, clause.start, clause.end) if m.score >= SURE)
    own = {m.code for m in named if not of_another_meeting(sentence, noun.anchor, m.start)}
    if not meets(own):
        before = [other for other in sentence.clauses if other.end <= clause.start]
        own |= {code for other in before[-1:] for code in people(read, sentence, other, "subject")}
        if noun.mode == "visit" or len(own) < 2:
            own |= {*_at_place(read, sentence, clause, (clause.start, clause.end), met=False)}
    if meets(own) and len(own) > 1:
        yield announcement(view, clause, row, own, day, noun.anchor, noun.mode)


def _names_visit(sentence: Sentence, candidate: Candidate, words: re.Pattern[str]) -> bool:
    return words.fullmatch(sentence.tokens[candidate.anchor].lemma) is not None


_READ: Mapping[str, Callable[[Reading, View, Clause, Herald], Iterator[Heralded]]] = MappingProxyType(
    {
        "verb": _verb,
        "called": _called,
        "holds": _holds,
        "follows": _follows,
        MOVED: _moved,
        "they": they,
        "ministers": of_ministers,
        "their meeting": their_meeting,
        "go on": go_on,
        "next": the_next,
        "agreed": agreed,
        "goes on": goes_on,
        "is held": is_held,
        "planned": planned,
        "summit": summit,
        "before": _before,
        _ON_THE_WAY: _aside,
    }
)
"""How the rows are read, by what they are `of`."""


def _parts_of_journey(
    read: Reading, sentence: Sentence, clause: Clause, row: Herald
) -> Iterator[tuple[When | None, int, int]]:
    """The stages of a clause, or all of it where it says that what it tells comes after or before something else."""
    found = [*_stages(read, sentence, clause)]
    yield from found
    told = bool(found) or any(time.when is not None for time in read.times[sentence.index])
    hour = None if told else at_an_hour(read, sentence, clause)
    if hour is not None or (
        not told and row.words is not None and row.words.search(read.document.text[clause.start : clause.end])
    ):
        yield hour, clause.start, clause.end


def _stages(read: Reading, sentence: Sentence, clause: Clause) -> Iterator[tuple[When, int, int]]:
    """The days to come of a clause, each with its stretch. Who travels, comes or meets today may yet do so."""
    days = [
        time
        for time in days_to_come(read, sentence, clause, today=clause.tense == "present")
        if not of_another_meeting(sentence, clause.head, time.start)
    ]
    for stage in stages(sentence, days, clause.start, clause.end) if days else ():
        yield stage.when, stage.start, stage.end


def _stops(
    read: Reading, sentence: Sentence, clause: Clause, row: Herald, guests: Sequence[str], stage: tuple[int, int]
) -> Iterator[tuple[tuple[str, ...], Place | None]]:
    """Who else meets at each stop of a journey: "nach Kiew und Moskau" is two visits, "besucht Polen und Rumänien" too, where nobody
    else comes along."""
    turns = _in_turns(read, sentence, stage) if "with" in row.host and row.mode != "visit" else ()
    if turns:
        yield from ((who, None) for who in turns)
        return
    hosts = _hosts(read, sentence, clause, row, guests, stage)
    visited: Sequence[str] = ()
    if row.visited:
        visited = people(read, sentence, clause, "object") or _behind(read, sentence, clause)
        hosts = hosts or tuple(visited)
    stops: dict[str, Place | None] = dict.fromkeys(visited)
    if not stops and row.mode == "visit":
        stops = {place.country: place for place in _visited(read, sentence, stage)}
    if len(stops) > 1 and set(hosts) <= stops.keys():
        yield from (((code,), place) for code, place in stops.items() if code not in guests)
    else:
        yield hosts, None


def _behind(read: Reading, sentence: Sentence, clause: Clause) -> tuple[str, ...]:
    """The states and towns that are counted up right behind a verb and its subject, of which the parse makes no object: "am Mittwoch
    besucht er Serbien und Ungarn"."""
    found: list[Mention] = []
    for mention in read.named(sentence, sentence.tokens[clause.head].end, clause.end):
        lead = sentence.before(mention.start)[-1]
        joined = found and _AND.fullmatch(read.document.text[found[-1].end : mention.start])
        if mention.kind in _BY_NAME and (joined or not (found or lead.tag.startswith("APP"))):
            found.append(mention)
    return tuple(m.code for m in found)


def _in_turns(read: Reading, sentence: Sentence, stage: tuple[int, int]) -> list[tuple[str, ...]]:
    """Those with whom somebody speaks one after another: "zunächst mit Polen, dann mit Ungarn"."""
    turns = _TURNS.search(read.document.text, *stage)
    spans = [turns.span("first"), (turns.end(), stage[1])] if turns is not None else []
    found = [tuple(m.code for m in read.named(sentence, a, b) if m.score >= SURE) for a, b in spans]
    return found if all(found) else []


def _visited(read: Reading, sentence: Sentence, stage: tuple[int, int]) -> Iterator[Place]:
    """The places that somebody goes to, which "und" or a comma joins."""
    end = -1
    for place in read.places[sentence.index]:
        if stage[0] <= place.start < stage[1] and place.preposition in THITHER and place.place.country:
            if end >= 0 and not _COUNTS_STOPS.fullmatch(read.document.text[end : place.start]):
                return
            yield place.place
            end = place.end


def _hosts(
    read: Reading, sentence: Sentence, clause: Clause, row: Herald, guests: Sequence[str], stage: tuple[int, int]
) -> tuple[str, ...]:
    """Who else meets, from all slots of a row: the host, of the place where nobody is told to be it, and who comes along."""
    found: list[str] = []
    received = False
    for slot in row.host:
        if slot == "with":
            found += partners(read, sentence, clause)
            if row.mode == "visit":
                met = [*_comes_to_meet(read, sentence, clause)]
                found, received = [*found, *met], received or bool(met)
        elif slot == "place" and received:
            continue
        elif slot == "place":
            named = {m.code for m in read.named(sentence, clause.start, clause.end)}
            bodies = sorted((named | _meets_where(read, sentence, clause)) & BODIES - {*guests})
            found += bodies or _at_place(read, sentence, clause, stage, met=bool(found))
        else:
            hosts = people(read, sentence, clause, slot)
            found, received = [*found, *hosts], received or bool(hosts)
    return tuple(code for code in dict.fromkeys(found) if code not in guests)


def _comes_to_meet(read: Reading, sentence: Sentence, clause: Clause) -> Iterator[str]:
    """Whom those meet who travel to where others meet: "reist nach Wien, um mit dem Iran zu verhandeln", "wo er Araghtschi trifft"."""
    if not any(p.place.name in NEUTRAL and clause.start <= p.start < clause.end for p in read.places[sentence.index]):
        return
    for below in sentence.clauses:
        if below.parent == clause.index and below.kind == "purpose":
            yield from partners(read, sentence, below)
        elif below.parent == clause.index and _is_where(sentence, below) and is_plan(sentence, below):
            for name in ("object", "recipient"):  # "den Minister Lawrow" may be parsed as either
                yield from people(read, sentence, below, name)
            yield from partners(read, sentence, below)


def _meets_where(read: Reading, sentence: Sentence, clause: Clause) -> set[str]:
    """Who meets where somebody goes: "wird am Mittwoch in Den Haag erwartet, wo der NATO-Ukraine-Rat tagt"."""
    below = (one for one in sentence.clauses if one.parent == clause.index and _is_where(sentence, one))
    return {m.code for one in below for m in read.in_role(sentence, one.subject)}


def _is_where(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause tells what takes place where the one above goes to, by a verb of meeting."""
    first = next((sentence.tokens[i].text.lower() for i in clause.tokens if sentence.tokens[i].tag[0] != "$"), "")
    return first == "wo" and any(row.host for row in _heralds_of(clause.predicate) if row.verbs)


def _at_place(
    read: Reading, sentence: Sentence, clause: Clause, stage: tuple[int, int], *, met: bool
) -> tuple[str, ...]:
    """The state of the place, unless others are met there and it is where others meet."""
    there = [p for p in read.places[sentence.index] if stage[0] <= p.start < stage[1]]
    # "Wegen des Krieges in der Ukraine reist er nach Moskau": where to comes before where something is.
    there.sort(key=lambda p: p.preposition != "nach")
    places = (p for p in there if not of_another_meeting(sentence, clause.head, p.start))
    hosts = ((p.place.name, _CONTINENTS.get(p.place.name, p.place.country)) for p in places if p.preposition in THITHER)
    name, code = next(((name, code) for name, code in hosts if code), ("", ""))
    return () if not code or (met and name in NEUTRAL) else (code,)


def _befalls(clause: Clause, anchor: int) -> bool:
    """Whether a verb is about what a noun names: its object, what it is agreed "auf", or the subject of a passive."""
    subject = "subject" if clause.voice == "passive" else "object"
    on = "auf" if clause.predicate in _AGREES else "zu"
    return any(anchor in r.heads and (r.name in ("object", subject) or r.preposition == on) for r in clause.roles)
