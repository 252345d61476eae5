"""Who takes part in a meeting: its sides as told, without who is only spoken of, with the host that nobody named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.actors import Mention
from extractors.actors.bodies import BODIES, is_member
from extractors.events.attaching.denials import is_before_a_meeting
from extractors.events.beside import in_genitive
from extractors.events.meetings.announcing import meets, within
from extractors.events.meetings.heralding import by_itself, people
from extractors.events.meetings.heralds import NEUTRAL
from extractors.events.meetings.unnamed import body_that_meets
from extractors.events.proposing.meeting_words import names_meeting, of_another_meeting
from extractors.events.reading import Reading, above
from extractors.events.tables import names
from extractors.events.telling import Coded, actor
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Sentence, Token
from extractors.model import Event, Place
from extractors.ontology import EventType
from extractors.places import PlaceMention, named
from extractors.speech.lexicon import lexicon

_SEAT = "Brüssel"
_NAMED = 0.5
"""how sure it must be who is named"""
_WHITHER = "nach"
_SPOKEN_BACK = 2
"""sentences before in which who meets may have been spoken of"""
_PARTNERS = frozenset({"prep:mit", "prep:zwischen", "after:mit", "after:zwischen"})
_ACTING = frozenset({"subject", "object", "recipient"})
_ABSENT = frozenset[str]()
_TOO = frozenset({"auch", "ebenfalls"})
_SEVERAL = 2
_AND = frozenset({",", "und", "sowie"})
_LISTING = _AND | {"nach", "in"}
_IN = frozenset({"an", "am"})
_KNOWN = frozenset(
    {"Sitzung", "Treffen", "Gipfel", "Tagung", "Außenministertreffen", "Ministertreffen", "Gipfeltreffen"}
)
"""words for a meeting of which the report has told: a "Friedensgipfel" is another"""
_JOINING = frozenset(
    "teilnehmen anreisen zuschalten vertreten hinzukommen dazukommen hinzustoßen dazustoßen mitreisen".split()
)
"""what those do who take part, too"""
_REQUESTS = frozenset({"Antrag", "Bitte", "Ersuchen", "Wunsch", "Drängen"})
_ATTRIBUTES = frozenset({"ART", "ADJA"})
# What opens a topic, and what a partner.
_TOPIC, _JOINS = frozenset({"über"}), frozenset("mit zwischen".split())
_LEADS_TO_SOMEBODY = _TOPIC | _JOINS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`sets` gives a meeting with the sides that the row says it has, or as it is; None where the row says nothing, and the next may. `test`
    is a text of which the row says who meets."""

    name: str
    sets: Callable[[Reading, Coded], Coded | None]
    test: str


def with_its_sides(read: Reading, one: Coded) -> Coded:
    """An announced meeting between those that take part in it."""
    return _set(read, one, TO_COME)


def of_what_was(read: Reading, one: Coded) -> Coded:
    """A meeting that was, without whom it was about, with the host of a visit."""
    return _set(read, one, WAS) if one.event.type is EventType.CONSULT else one


def _set(read: Reading, one: Coded, steps: Sequence[Sequence[Row]]) -> Coded:
    """With the sides that the first row of each step that says anything gives it."""
    for rows in steps:
        found = ((row.name, told) for row in rows if (told := row.sets(read, one)) is not None)
        name, told = next(found, ("", one))
        one = one if told is one else replace(told, sides=(*one.sides, name))
    return one


def _by_name(read: Reading, mentions: Iterable[Mention]) -> set[str]:
    """Without the EU where only "Europeans" are named: some of them that meet are not the EU."""
    return {
        m.code
        for m in mentions
        if m.code != "EU" or m.kind == "name" or not read.document.text[m.start : m.end].lower().startswith("europ")
    }


def _of_a_body(read: Reading, one: Coded) -> Coded | None:
    """The body alone that meets, without the members that the sentence names beside it: "auf dem Nato-Gipfel warnte Biden",
    "die Minister der G7 tagten unter Vorsitz Roms". Whoever travels for it visits the member."""
    event, p = one.event, one.proposal
    body = _meeting_body(read, p)
    others = event.parties - {body}
    if body not in event.parties or not others or event.mode == "visit":
        return None
    partners = _PARTNERS if p.candidate is not None and p.candidate.kind == "noun" else _PARTNERS | _ACTING
    on = read.dated.date()
    if any(not is_member(code, body, on) or p.seen.flags.get(code, _ABSENT) & partners for code in others):
        return None
    return replace(one, event=_without(event, others))


def _of_a_body_to_meet(read: Reading, one: Coded) -> Coded | None:
    """The same of a meeting before which something is told: "kurz vor dem NATO-Gipfel warnte Biden"."""
    return _of_a_body(read, one) if is_before_a_meeting(one.proposal) else None


def _meeting_body(read: Reading, p: Proposal) -> str:
    """Whose meeting a noun names ("der EU-Gipfel", "das Treffen der G7"), or which body is the subject of a verb."""
    candidate, sentence = p.candidate, p.seen.sentence
    if candidate is None or candidate.kind not in ("noun", "verb"):
        return ""
    if candidate.kind == "noun":
        token = sentence.tokens[candidate.anchor]
        named = (*read.at_token(sentence, token.i), *in_genitive(read, sentence, token))
    else:
        named = read.in_role(sentence, p.clause.subject) if p.clause is not None else ()
    codes = _by_name(read, named)
    return codes.pop() if len(codes) == 1 and codes <= BODIES else ""


def topics(read: Reading, p: Proposal) -> frozenset[str]:
    """Who stands behind "über" alone: "die Minister beraten über die Lage in Schweden und Dänemark", whatever is told of them in a relative
    clause behind it."""
    sentence = p.seen.sentence
    behind, others = set[str](), set[str]()
    for mention in read.mentions[sentence.index]:
        first = sentence.first_from(mention.start)
        clause = sentence.clause_of(first.i) if first is not None else None
        if clause is not None and clause.kind == "relative" and clause is not p.clause:
            continue
        before = [t.text.lower() for t in sentence.tokens if t.end < mention.start and _begins(t)]
        (behind if before and before[-1] in _TOPIC else others).add(mention.code)
    return frozenset(behind - others)


def met_elsewhere(read: Reading, p: Proposal) -> frozenset[str]:
    """Who is told of another meeting alone, before or after: "nach Besuchen in Sofia und Prag trifft er in Ankara Erdogan"."""
    sentence = p.seen.sentence
    behind, others = set[str](), set[str]()
    named = [(m.code, m.start) for m in read.mentions[sentence.index]]
    named += [(place.place.country, place.start) for place in read.places[sentence.index]]
    for code, start in named:
        (behind if of_another_meeting(sentence, p.anchor, start) else others).add(code)
    return frozenset(behind - others)


def _begins(token: Token) -> bool:
    """Whether a token begins what may or may not be a topic: a phrase, or what follows a verb or comma."""
    return token.text.lower() in _LEADS_TO_SOMEBODY or token.tag.startswith(("V", "$,"))


def _without_topics(read: Reading, one: Coded) -> Coded | None:
    event, aside = one.event, _aside(read, one)
    if not aside & event.parties or not meets(event.parties - aside):
        return None
    return replace(one, event=_without(event, aside))


def _aside(read: Reading, one: Coded) -> frozenset[str]:
    """Those that are only talked about, met elsewhere, or asked for it."""
    return topics(read, one.proposal) | met_elsewhere(read, one.proposal) | _who_asked(read, one.proposal)


def _who_asked(read: Reading, p: Proposal) -> frozenset[str]:
    """Who is named alone as he on whose request others meet: "der Sicherheitsrat tagt auf Antrag Oslos"."""
    sentence, behind, others = p.seen.sentence, set[str](), set[str]()
    for mention in read.mentions[sentence.index]:
        words = [
            t.text for t in sentence.before(mention.start) if t.tag not in _ATTRIBUTES and t.text.lower() != "von"
        ][-2:]
        asked = words[:1] in (["auf"], ["Auf"]) and words[-1] in _REQUESTS
        (behind if asked else others).add(mention.code)
    return frozenset(behind - others)


def _on_from_elsewhere(read: Reading, one: Coded) -> Coded | None:
    """Where those who are left were met elsewhere: they go on to where the sentence says."""
    event, elsewhere = one.event, met_elsewhere(read, one.proposal)
    if not _aside(read, one) & event.parties:
        return None
    goal = _gone_to(read, one.proposal) if event.mode == "visit" and event.parties - elsewhere else None
    if goal is None or goal.country in event.parties:
        return None
    return _gone(read, replace(one, event=_without(event, elsewhere)), goal)


def _gone_to(read: Reading, p: Proposal) -> Place | None:
    """Where those go who have been elsewhere before: "nach dem Besuch in Kiew reist er nach Moskau weiter"."""
    sentence = p.seen.sentence
    goals = (
        found.place
        for found in read.places[sentence.index]
        if found.preposition == _WHITHER and not of_another_meeting(sentence, p.anchor, found.start)
    )
    return next((goal for goal in goals if goal.country), None)


def _without_seat(read: Reading, one: Coded) -> Coded | None:
    """Without Belgium where nothing but its capital is named beside others: who meets there meets the EU or NATO."""
    event, at = one.event, one.proposal.seen.sentence.index
    named = {read.document.text[m.start : m.end] for m in read.mentions[at] if m.code == "BEL"}
    if "BEL" not in event.parties or event.parties == {"BEL"} or named - {_SEAT}:
        return None
    return replace(one, event=_without(event, {"BEL"}))


def _without_ground(read: Reading, one: Coded) -> Coded | None:
    """Without the state of a town where others meet, which only an adjective before its name tells: "im türkischen Antalya"."""
    event, at = one.event, one.proposal.seen.sentence.index
    place = event.place
    if place is None or place.name not in NEUTRAL or place.country not in event.parties:
        return None
    named = [m for m in read.mentions[at] if m.code == place.country]
    towns = {found.start for found in read.places[at] if found.place == place}
    if not all(m.start in towns or (m.kind == "adjective" and m.end + 1 in towns) for m in named):
        return None
    return replace(one, event=_without(event, {place.country})) if len(event.parties) > 2 else None


def _without(event: Event, codes: Collection[str]) -> Event:
    actors, recipients = (tuple(a for a in side if a.code not in codes) for side in (event.actors, event.recipients))
    return replace(event, actors=actors or recipients, recipients=recipients if actors else ())


def _of_a_named_journey(read: Reading, one: Coded) -> Coded | None:
    event, goal = one.event, _goal(one.proposal)
    if event.mode != "visit" or goal is None or goal.country in event.parties:
        return None
    return _gone(read, one, goal)


def _of_several(read: Reading, one: Coded) -> Coded | None:
    """The state that they visit, where enough are told to meet; None where they are not."""
    return _with_visited(read, one) or one if meets(one.event.parties) else None


def _with_partner(read: Reading, one: Coded) -> Coded | None:
    """Where a state is told alone: who else is named in the sentence or speaks of it; of a visit the state it takes place in."""
    event, sentence = one.event, one.proposal.seen.sentence
    anchor = sentence.tokens[one.proposal.anchor].start
    there = [m for m in read.named(sentence, sentence.start, sentence.end) if m.score >= _NAMED]
    beside = [m.code for m in sorted(there, key=lambda m: abs(m.start - anchor))]
    place = event.place.country if event.place is not None else ""
    speaker = event.speaker.code if event.speaker is not None else ""
    ground = "" if event.place is not None and event.place.name in NEUTRAL else place
    host = place if event.place is None or event.place.name != _SEAT else ""
    before = _spoken_of_before(read, one.proposal)
    with_ = before if _is_with(one.proposal) else ""
    options = (host, *beside, before) if event.mode == "visit" else (*beside, speaker, with_, ground)
    other = next((code for code in options if code and "-" not in code and code not in event.parties), "")
    if not other:
        return None
    return replace(
        one, event=replace(event, recipients=(*event.recipients, actor(read, one.proposal, other, "recipient")))
    )


def _gone(read: Reading, one: Coded, goal: Place) -> Coded:
    """The guests that the sentence names, at the goal of their journey."""
    sentence, event = one.proposal.seen.sentence, one.event
    guests = {m.code for m in read.mentions[sentence.index]} & event.parties
    if not guests:
        return one
    host = actor(read, one.proposal, goal.country, "recipient")
    left = _without(event, event.parties - guests)
    return replace(one, event=replace(left, recipients=(*left.recipients, host), place=goal))


def _goal(p: Proposal) -> Place | None:
    """Where a journey goes that is named after it: "seine Moskau-Reise"."""
    goal, dash, _ = p.seen.sentence.tokens[p.anchor].text.partition("-")
    place = named(goal) if dash else None
    return place if place is not None and place.country else None


def _is_with(p: Proposal) -> bool:
    """Whether only the partner of a meeting is told ("Gespräche mit dem Kanzler sind geplant")."""
    behind = p.seen.sentence.tokens[p.anchor + 1 : p.anchor + 2]
    return p.candidate is not None and p.candidate.kind == "noun" and any(token.text == "mit" for token in behind)


def _spoken_of_before(read: Reading, p: Proposal) -> str:
    """Who was spoken of last, in the sentences right before, who acts there before others: "sie trifft in Wien Schallenberg. Außerdem sind
    Treffen mit dem Kanzler geplant"."""
    for at in range(p.seen.sentence.index - 1, max(-1, p.seen.sentence.index - 1 - _SPOKEN_BACK), -1):
        people = [m for m in read.mentions[at] if m.score >= _NAMED and m.kind in ("person", "office", "pronoun")]
        others = [m for m in people if m.code not in p.parties[0] and "-" not in m.code]
        before = read.document.sentences[at]
        acting = [m for c in before.clauses if c.kind == "main" for m in read.in_role(before, c.subject) if m in others]
        if others:
            return (acting or others)[-1].code
    return ""


def _with_who_acts_before(read: Reading, one: Coded) -> Coded | None:
    """Where a meeting "mit" somebody names nobody else, it is of who acts in the sentence before, and not of whom he meets there."""
    p, event, at = one.proposal, one.event, one.proposal.seen.sentence.index
    left = event.parties - {m.code for m in read.mentions[at]}
    if not at or len(left) != 1 or not _is_with(p):
        return None
    before = read.document.sentences[at - 1]
    acting = {m.code for c in before.clauses for m in read.in_role(before, c.subject) if m.score >= _NAMED}
    if len(acting) != 1 or acting & event.parties or not left <= {m.code for m in read.mentions[at - 1]}:
        return None
    who = replace(event, actors=tuple(actor(read, p, code, "actor") for code in acting), recipients=())
    kept = _without(event, left)
    return replace(one, event=replace(who, recipients=(*kept.actors, *kept.recipients)))


def _with_who_acted(read: Reading, one: Coded) -> Coded | None:
    """Where several stand behind the "mit" of a meeting and nobody else in its sentence, they meet who acts in the sentence before:
    "Guterres ist in Lwiw. Am Freitag ist dort ein Treffen mit Selenskyj und Erdogan geplant"."""
    p, event, at = one.proposal, one.event, one.proposal.seen.sentence.index
    start = p.seen.sentence.tokens[p.anchor].start
    named = [m for m in read.mentions[at] if m.score >= _NAMED]
    if not at or not (_all_behind(p, start, named) if len(event.parties) > 1 else _is_led_by_with(p, named)):
        return None
    if not event.parties <= {m.code for m in named}:
        return None
    before = read.document.sentences[at - 1]
    acting = {
        m.code for c in before.clauses if c.kind == "main" for m in read.in_role(before, c.subject) if m.score >= _NAMED
    }
    if len(acting) != 1 or acting & event.parties or any("-" in code for code in acting):
        return None
    who = tuple(actor(read, p, code, "actor") for code in acting)
    return replace(one, event=replace(event, actors=(*who, *event.actors)))


def _all_behind(p: Proposal, start: int, named: Sequence[Mention]) -> bool:
    """Whether all who are named stand behind the "mit" of a noun."""
    return _is_with(p) and all(m.start > start for m in named)


def _is_led_by_with(p: Proposal, named: Sequence[Mention]) -> bool:
    """Whether "mit" stands before the only one who is named: "mit Kallas wurde ein Gespräch vereinbart"."""
    before = p.seen.sentence.before(named[0].start)[-2:] if len(named) == 1 else []
    return any(t.text.lower() == "mit" for t in before)


def _with_visited(read: Reading, one: Coded) -> Coded | None:
    """Guests of several states and the state that they visit, which their sentence names as the place alone."""
    event, sentence = one.event, one.proposal.seen.sentence
    place = event.place
    if event.mode != "visit" or place is None or place.country in ("", *event.parties) or by_itself(one.proposal):
        return None
    there = [found for found in read.places[sentence.index] if found.place == place]
    # In a neutral town others meet; who visits the town itself ("hatte Wien besucht") visits its state.
    if not there or (place.name in NEUTRAL and any(found.preposition for found in there)):
        return None
    host = actor(read, one.proposal, place.country, "recipient")
    return replace(one, event=replace(event, recipients=(*event.recipients, host)))


def _with_where_he_was(read: Reading, one: Coded) -> Coded | None:
    """ "Am Montag war Austin in Kiew": whoever is told to be in the town of another state is its guest."""
    event, p = one.event, one.proposal
    place, clause = event.place, p.clause
    if event.mode or p.candidate is not None or clause is None or clause.predicate.rpartition(" ")[2] != "sein":
        return None
    if len(event.parties) > 1 or place is None or place.name in NEUTRAL or place.country in ("", *event.parties):
        return None
    if not any(f.place == place and f.preposition == "in" for f in read.places[p.seen.sentence.index]):
        return None
    host = actor(read, p, place.country, "recipient")
    return replace(one, event=replace(event, recipients=(*event.recipients, host)))


def _with_all_visited(read: Reading, one: Coded) -> Coded | None:
    """With each state of a journey whose towns are named in a row, and nobody else: "plant Reisen nach Kiew und Moskau"."""
    event, sentence = one.event, one.proposal.seen.sentence
    if event.mode != "visit" or event.place is None or by_itself(one.proposal):
        return None
    row = _in_a_row(sentence, read.places[sentence.index], event.place)
    visited = [found.place.country for found in row if found.place.country and found.place.name not in NEUTRAL]
    if len(row) < _SEVERAL or event.parties.issuperset(visited):
        return None
    named = {m.code for m in read.mentions[sentence.index]} - {*visited}
    guests = tuple(a for a in (*event.actors, *event.recipients) if a.code in named)
    hosts = tuple(actor(read, one.proposal, code, "recipient") for code in dict.fromkeys(visited))
    return replace(one, event=replace(event, actors=guests, recipients=hosts)) if guests else None


def _in_a_row(sentence: Sentence, places: Sequence[PlaceMention], goal: Place) -> list[PlaceMention]:
    """The places that are listed with one: nothing but commas, "und" and prepositions stands between them."""
    row: list[PlaceMention] = []
    for found in sorted(places, key=lambda place: place.start):
        between = {t.text for t in sentence.tokens if row and row[-1].end <= t.start < found.start}
        if row and (not between <= _LISTING or between.isdisjoint(_AND)):
            if any(one.place == goal for one in row):
                break
            row = []
        row.append(found)
    return row if any(one.place == goal for one in row) else []


def _with_who_joins(read: Reading, one: Coded) -> Coded | None:
    """With who comes, too, by the sentence that follows: "die G7 beraten am Freitag. Zugeschaltet wird auch Kuleba"."""
    event, sentences = one.event, read.document.sentences
    behind = one.proposal.seen.sentence.index + 1
    if behind >= len(sentences):
        return None
    after = sentences[behind]
    joining = (clause for clause in after.clauses if _joins(after, clause, visit=event.mode == "visit"))
    return _and_also(read, one, [code for clause in joining for code in _who_joins(read, after, clause)])


def _who_joins(read: Reading, after: Sentence, clause: Clause) -> Sequence[str]:
    """The subject, or who is named as whose it is: "die Spitzen von EU und NATO"."""
    subject, found = clause.subject, people(read, after, clause, "subject")
    if found or subject is None:
        return found
    finite = next((after.tokens[k].start for k in clause.verbs if after.tokens[k].tag.endswith("FIN")), clause.end)
    return [m.code for m in read.named(after, subject.start, finite) if m.kind == "name"]


def _with_who_takes_part(read: Reading, one: Coded) -> Coded | None:
    """With who is told to take part in it: "am Freitag nimmt Kuleba am Gipfel der NATO teil"."""
    p, clause = one.proposal, one.proposal.clause
    if clause is None or clause.negated or clause.predicate not in _JOINING or one.event.mode == "visit":
        return None
    at = any(role.preposition in _IN and p.anchor in role.heads for role in clause.roles)
    return _and_also(read, one, people(read, p.seen.sentence, clause, "subject")) if at else None


def _of_what_they_join(read: Reading, one: Coded) -> Coded | None:
    """The meeting of the body of which the report tells, where somebody is to take part in a meeting that names nobody: "kündigte an, am
    Freitag an der Sitzung teilzunehmen und Moskau zur Rede zu stellen"."""
    p, clause = one.proposal, one.proposal.clause
    if clause is None or clause.negated or clause.predicate not in _JOINING or p.anchor != clause.head:
        return None
    sentence = p.seen.sentence
    joined = (role for role in clause.roles if role.preposition in _IN)
    at = [r for r in joined if any(sentence.tokens[head].text in _KNOWN for head in r.heads)]
    body = body_that_meets(read) if at and not any(read.in_role(sentence, role) for role in at) else ""
    if not body or body in one.event.parties:
        return None
    meeting = replace(one, event=replace(one.event, actors=(actor(read, p, body, "actor"),), recipients=()))
    return _and_also(read, meeting, people(read, sentence, clause, "subject")) or meeting


def _and_also(read: Reading, one: Coded, who: Sequence[str]) -> Coded | None:
    """The meeting with these, too; None where nobody is new. A body's members are there anyway."""
    event, on = one.event, read.dated.date()
    bodies = event.parties & BODIES
    new = [c for c in who if c not in event.parties and "-" not in c and not any(is_member(c, b, on) for b in bodies)]
    told = (actor(read, one.proposal, code, "recipient") for code in dict.fromkeys(new))
    return replace(one, event=replace(event, recipients=(*event.recipients, *told))) if new else None


def _joins(after: Sentence, clause: Clause, *, visit: bool) -> bool:
    """Whether a clause tells that somebody takes part in what was told, too; of a visit that he is "dabei"."""
    words = {after.tokens[i].text.lower() for i in clause.tokens}
    if clause.negated or clause.tense not in ("present", "future") or clause.mood == "konjunktiv2" or not words & _TOO:
        return False
    # "Auch Kuleba nimmt am Marathon teil."
    if any(
        r.preposition in _IN and not any(names_meeting(after.tokens[head]) for head in r.heads) for r in clause.roles
    ):
        return False
    return (clause.predicate in _JOINING and not visit) or (clause.predicate == "sein" and "dabei" in words)


def _as_one(read: Reading, one: Coded) -> Coded | None:
    """The EU alone where it meets with its own, unless somebody travels to it or calls."""
    event = one.event
    if event.mode in ("visit", "phone") or not within(event.parties):
        return None
    everyone = (*event.actors, *event.recipients)
    return replace(one, event=replace(event, actors=tuple(a for a in everyone if a.code == "EU")[:1], recipients=()))


def _without_critics(read: Reading, one: Coded) -> Coded | None:
    """Who judges a meeting of others takes no part in it."""
    p, event = one.proposal, one.event
    if p.clause is None:
        return None
    sentence = p.seen.sentence
    judged = any(p.anchor in role.heads for role in p.clause.roles if role.name == "object")
    over = (p.clause,) if judged else ()
    judging = (clause for clause in (*over, *above(sentence, p.clause)) if _judges(clause.predicate))
    aside = frozenset(m.code for clause in judging for m in read.in_role(sentence, clause.subject))
    if not aside & event.parties or not meets(event.parties - aside):
        return None
    return replace(one, event=_without(event, aside))


def _judges(verb: str) -> bool:
    blames = any("blame" in row.names for row in lexicon().verbs.get(verb, ()))
    return blames or verb in names("tells") | names("judges")


_CRITICS = (
    Row(
        name="without who judges it",
        sets=_without_critics,
        test="Am Montag kritisierte Selenskyj die Gespräche der USA mit Russland.",
    ),
)
_ABOUT = (
    Row(
        name="without who is only spoken of or met elsewhere",
        sets=_without_topics,
        test="Am Freitag will Scholz mit Macron über die Schulden von Spanien und Portugal beraten.",
    ),
    Row(
        name="on from where he was",
        sets=_on_from_elsewhere,
        test="Scholz will nach dem Besuch in Kiew am Freitag nach Moskau reisen.",
    ),
)
_ALL_VISITED = Row(
    name="with all states of a journey",
    sets=_with_all_visited,
    test="Scholz plant für Freitag Reisen nach Kiew und Moskau.",
)
_VISITED = Row(
    name="with the state that is visited",
    sets=_with_visited,
    test="Der Besuch von Scholz und Macron in Kiew ist für Freitag geplant.",
)

_GROUND = Row(
    name="without the state of a neutral town",
    sets=_without_ground,
    test="Ein Treffen von Vertretern Russlands, der Ukraine und der OSZE ist für Freitag im weißrussischen Minsk geplant.",
)

TO_COME = (
    _CRITICS,
    (
        Row(
            name="without the seat of the EU and NATO",
            sets=_without_seat,
            test="Am Freitag wird Kuleba zu einem Besuch in Brüssel erwartet, bei dem er Stoltenberg trifft.",
        ),
        _GROUND,
    ),
    _ABOUT,
    (
        Row(
            name="a body that is to meet, without its members",
            sets=_of_a_body_to_meet,
            test="Kurz vor dem Nato-Gipfel in Madrid am Freitag warnte Biden vor einem langen Krieg.",
        ),
    ),
    (
        Row(
            name="of who acts in the sentence before",
            sets=_with_who_acts_before,
            test="Am Donnerstag trifft Scholz in Kiew den ukrainischen Außenminister Kuleba. Am Freitag ist ein Gespräch mit dem ungarischen Außenminister Szijjarto in Budapest geplant.",
        ),
    ),
    (
        Row(
            name="with who acted before",
            sets=_with_who_acted,
            test="Draghi ist in Lwiw eingetroffen. Am Freitag ist dort ein Treffen mit Selenskyj und Erdogan geplant.",
        ),
    ),
    (
        Row(
            name="where the journey's name goes",
            sets=_of_a_named_journey,
            test="Am Freitag beginnt Scholz seine Moskau-Reise.",
        ),
        replace(_VISITED, sets=_of_several),
        Row(
            name="with who else is told",
            sets=_with_partner,
            test="Nach Gesprächen in Kiew ist am Freitag ein Besuch von Scholz in Moskau geplant.",
        ),
    ),
    (_ALL_VISITED,),
    (
        Row(
            name="of the body that meets",
            sets=_of_what_they_join,
            test="Die OSZE kommt in Skopje zusammen. Baerbock kündigte an, am Freitag an der Sitzung teilzunehmen und Russland zur Rede zu stellen.",
        ),
        Row(
            name="with who takes part in it",
            sets=_with_who_takes_part,
            test="Am Freitag nimmt der ukrainische Minister Kuleba an der Sitzung der NATO teil.",
        ),
        Row(
            name="with who joins them",
            sets=_with_who_joins,
            test="Die Außenminister der G7 beraten am Freitag in Rom. Zugeschaltet wird auch der ukrainische Minister Kuleba.",
        ),
    ),
    (
        Row(
            name="the EU meets with its own",
            sets=_as_one,
            test="Am Freitag berät die EU mit Österreich in Wien.",
        ),
    ),
)
"""of what is announced: of each step the first row that says anything"""

WAS = (
    _CRITICS,
    (_GROUND,),
    _ABOUT,
    (
        _VISITED,
        Row(
            name="with the state where he was",
            sets=_with_where_he_was,
            test="Am Montag war Lloyd Austin in Kiew gewesen.",
        ),
    ),
    (_ALL_VISITED,),
    (
        Row(
            name="a body meets without its members",
            sets=_of_a_body,
            test="Auf dem Nato-Gipfel in Madrid warnte Biden vor einem langen Krieg.",
        ),
    ),
)
"""of what was"""
