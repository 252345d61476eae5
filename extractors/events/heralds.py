"""What announces a meeting by itself: who goes, comes, is expected or receives on a day to come, and who is meant by "sie".

"Die Außenministerin wird am Montag in Kiew erwartet" needs no word for a meeting: a guest, a host and a day are enough. Each
row of `extractors/data/meetings.toml` says which words they are and where guest and host stand.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

from extractors.actors import Mention
from extractors.events.announcing import BODIES, meets
from extractors.events.candidates import Candidate
from extractors.events.days import of_else
from extractors.events.features import View
from extractors.events.judge import Proposal
from extractors.events.lexicon import BrokenRuleError, lexicon
from extractors.events.reading import Reading, above
from extractors.events.standing import INTENDS
from extractors.events.tables import MEETINGS, pattern, rows
from extractors.events.unnamed import body, body_that_meets, counted, last_met, meant, ministers, of_many, points_back
from extractors.language import Clause, Role, Sentence, Token
from extractors.model import Place, Precision, When
from extractors.ontology import EventType, modes
from extractors.when import SPEAKING, TimeExpression

_FIELDS: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "verbs": (),
        "words": (),
        "voice": ("active", "passive"),
        "guest": ("subject", "object"),
        "host": (),
        "mode": modes(EventType.CONSULT),
    }
)
"""what a row may tell beside what it must, with the values that there are"""
_PREFIX = "herald:"
_ON_THE_WAY = "aside"
_SURE = 0.5
_INTENDS = frozenset({"", "sollen", "wollen", "werden", "möchten"})
_THITHER = frozenset({"nach", "in", "im", "zu", "bei"})
_COUNTS = re.compile(r"(?:,| und| sowie)(?: (?:der|des|von))? ")
"""what stands between those that are counted up"""
_COUNTS_STOPS = re.compile(r"(?:,| und| sowie| und von dort)(?: (?:nach|in|in die|in den|weiter nach))? ")
"""what stands between the stops of a journey"""
_SENT = re.compile(
    r"(?i)(delegation|gruppe|vertreter|unterhändler|abgeordnete|senator|politiker|parlamentarier|minister|präsident|chef|rat|"
    r"ausschuss)\w*$"
)
"""who goes for a state that its attributes name: "eine Gruppe von US-Senatoren" """
NEUTRAL = frozenset("Genf Wien Davos Astana Istanbul Antalya Doha Dschidda Riad Minsk Brüssel Straßburg".split())
"""where others meet: its state takes no part because of that"""
_CONTINENTS = MappingProxyType({"Europa": "EU"})
"""who is host where no state is told (codebook, section 4)"""
_WISHES = frozenset("wollen mögen hoffen wünschen fordern verlangen bitten vorschlagen anbieten erwägen".split())
"""under which somebody else's journey is not planned: "Kiew möchte, dass er im Juni kommt" """
_WITH = 8
"""tokens behind "mit" in which its partners stand"""
_AGAIN = frozenset("erneut wieder bald demnächst nochmals abermals".split())
"""of what is to come without a day"""
_LEADS = 5
"""tokens before a word for a meeting that say that somebody spoke before it"""
_OF_TIME = frozenset("am im um ab".split())
_ASIDE = frozenset({"vor", "nach", "seit"})
_BEFORE = 4
"""tokens before a word for a meeting in which its preposition stands"""
_AGREES = frozenset({"einigen", "verständigen"})
"""what is agreed "auf" a meeting: "auf einer Konferenz angekündigt" is where it was"""
_CALLERS = 2
"""who takes part in a call that nobody is named beside"""
_DEFINITE = frozenset("der die das dem den des beim zum vom am im ihr ihrem ihren ihres".split())
"""before a word for a meeting that the reader knows of"""
_WHOSE = frozenset("der des von mit zwischen".split())
"""behind one that says itself who meets"""
_SPOKE = SPEAKING - {"warnen"}
_BEHIND = 30
"""characters behind a word for a meeting in which its own day stands: "beim Gipfel in Brüssel am Donnerstag" """
GOES_ON = frozenset({"noun:Dialog", "noun:Austausch", "noun:Kontakt", "noun:Konsultation", "noun:Vermittlung"})
"""what goes on for long and is a meeting only where a day is told"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Herald:
    """A row that announces; its fields as the file explains them."""

    name: str
    of: str
    verbs: frozenset[str]
    words: re.Pattern[str] | None
    voice: str
    guest: str
    host: tuple[str, ...]
    mode: str
    test: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heralded:
    """An announcement: who meets, by which row, and when."""

    proposal: Proposal
    when: When | None
    place: Place | None = None
    """the stop of a journey; empty where the weights say it"""


def by_itself(p: Proposal) -> bool:
    """Whether a row announced it, and not the judge."""
    return p.candidate is not None and p.candidate.rule.startswith(_PREFIX)


@functools.cache
def heralds() -> tuple[Herald, ...]:
    """The rows that announce a meeting by themselves. Raises BrokenRuleError."""
    needed = {"name", "of", "test", "told"}
    found = list(rows(MEETINGS, "herald", needed=needed, allowed={**_FIELDS, "of": _READ}))
    for row in found:
        if _BY[row["of"]] not in row:
            raise BrokenRuleError(
                f"meetings.toml, herald {row['name']}: no {_BY[row['of']]}, and it is of {row['of']!r}"
            )
    return tuple(
        Herald(
            name=row["name"],
            of=row["of"],
            verbs=frozenset(row.get("verbs", "").split()),
            words=pattern(row) if "words" in row else None,
            voice=row.get("voice", "active"),
            guest=row.get("guest", ""),
            host=tuple(row.get("host", "").split()),
            mode=row.get("mode", ""),
            test=row["test"],
            told=row["told"],
        )
        for row in found
    )


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
    if clause.predicate not in row.verbs or clause.voice != row.voice or not _is_plan(view.sentence, clause):
        return
    guests = _people(read, view.sentence, clause, row.guest)
    for day, start, end in _parts_of_journey(read, view.sentence, clause, row) if guests else ():
        # Two who visit together do not visit each other.
        alone = row.mode == "visit" or (len(guests) < 2 and not BODIES & {*guests})
        stops = _stops(read, view.sentence, clause, row, guests, (start, end))
        for hosts, place in stops if day is not None else _as_one(stops):
            if meets({*guests, *hosts}) and (hosts or not alone):
                yield replace(_announcement(view, clause, row, {*guests, *hosts}, day), place=place)


def _as_one(
    stops: Iterable[tuple[tuple[str, ...], Place | None]],
) -> Iterator[tuple[tuple[str, ...], Place | None]]:
    """A journey without days, to all who are told."""
    all_ = [*stops]
    if all_:
        yield tuple(code for hosts, _ in all_ for code in hosts), all_[0][1] if len(all_) == 1 else None


def _called(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """A meeting that the sides agreed on: "vereinbarten weitere Gespräche", not "vereinbarten bei einem Gespräch"."""
    if clause.predicate not in row.verbs or clause.negated or clause.modal not in _INTENDS:
        return
    days = _days(read, view.sentence, clause, today=True)
    if clause.tense == "pluperfect" and not days:
        return
    # Beside another verb somebody else may be named: "Bern kündigt eine Konferenz an, Moskau spottet".
    tokens = view.sentence.tokens
    verbs = {i for other in view.sentence.clauses for i in other.verbs if tokens[i].tag.startswith("V")}
    whole = view.sentence if verbs <= {*clause.verbs} else clause
    mentions = read.named(view.sentence, whole.start, whole.end)
    for candidate in view.candidates:
        if candidate.type is not EventType.CONSULT or candidate.kind != "noun" or candidate.clause != clause:
            continue
        if not _befalls(clause, candidate.anchor) or (candidate.rule in GOES_ON and not days):
            continue
        strong = {m.code for m in mentions if m.score >= _SURE}
        options = (candidate.parties, strong, {m.code for m in mentions})
        who = next((who for who in options if meets(who)), None)
        if who is not None:
            # "Kündigte am Vormittag Gespräche für Freitag an": today is when they were agreed on, if another day is told.
            day = next((time.when for time in days if time.when and time.when.first > read.dated.date()), None)
            day = day or next((time.when for time in days), None)
            yield _announcement(view, clause, row, who, day, candidate.anchor, candidate.mode)


def _they(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    assert row.words is not None
    day = _day(read, view.sentence, clause)
    if clause.predicate not in row.verbs or not _is_plan(view.sentence, clause):
        return
    if day is None and not _says_again(view.sentence, clause):
        return
    if points_back(view.sentence, clause, row.words):
        who = meant(read, view.sentence, _ministers())
        if who:
            yield _announcement(view, clause, row, {*who, *_with(read, view.sentence, clause)}, day)


def _says_again(sentence: Sentence, clause: Clause) -> bool:
    """Whether those who met will meet again, whenever that is: "sie wollen erneut zusammenkommen"."""
    words = {sentence.tokens[i].text.lower() for i in clause.tokens}
    return bool(words & _AGAIN) and (clause.tense == "future" or clause.modal in INTENDS)


def _of_ministers(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    assert row.words is not None
    day = _day(read, view.sentence, clause)
    if (
        day is None
        or clause.predicate not in row.verbs
        or not _is_plan(view.sentence, clause)
        or _names_a_body(read, view.sentence)
    ):
        return
    all_ = counted(view.sentence, clause, row.words)
    if all_ or (ministers(view.sentence, clause, row.words) and not _people(read, view.sentence, clause, "subject")):
        found = all_ or body(read, view.sentence)
        if found:
            yield _announcement(view, clause, row, {found}, day)


def _go_on(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """Those who met are to meet again, whoever they are: "in zwei Wochen will man sich wiedersehen"."""
    assert row.words is not None
    if clause.predicate not in row.verbs or not _is_plan(view.sentence, clause):
        return
    day = _day(read, view.sentence, clause)
    ahead = clause.tense == "future" or clause.modal in INTENDS
    if (not ahead and day is None) or any(c.tense == "pluperfect" for c in above(view.sentence, clause)):
        return
    if points_back(view.sentence, clause, row.words) and not _names_sides(read, view.sentence, clause):
        who = last_met(read, view.sentence)
        if who:
            yield _announcement(view, clause, row, who, day)


def _names_sides(read: Reading, sentence: Sentence, clause: Clause) -> bool:
    return bool(_people(read, sentence, clause, "subject") or _with(read, sentence, clause))


def _next(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """The next meeting of those who met: "der nächste Gipfel ist für Juli geplant"."""
    assert row.words is not None
    if clause.predicate not in row.verbs or clause.negated or clause.tense not in ("present", "future", "perfect"):
        return
    if clause.mood == "konjunktiv2" or clause.kind == "conditional" or clause.marker == "ob":
        return
    day = _day(read, view.sentence, clause)
    if _hangs_on_another(view.sentence, clause) or (
        day is None and any(time.when is not None for time in read.times[view.sentence.index])
    ):
        return
    for role in clause.roles:
        for head in role.heads if role.name in ("subject", "object", "recipient") else ():
            token = view.sentence.tokens[head]
            before = view.sentence.tokens[head - 1].text if head else ""
            if not _names_meeting(token) or not row.words.fullmatch(before):
                continue
            beside = [
                m
                for m in read.named(view.sentence, clause.start, clause.end)
                if m.score >= _SURE and not of_another_meeting(view.sentence, head, m.start)
            ]
            named = {m.code for m in (*read.at_token(view.sentence, head), *beside)}
            who = named if meets(named) else last_met(read, view.sentence)
            who = who or tuple(filter(None, (body_that_meets(read),)))
            if who and (len(who) == _CALLERS or not _is_call(token)):
                yield _announcement(view, clause, row, {*who}, day, head)


def _summit(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """The meeting of the body that is spoken of, with its own day: "bis zum Gipfel im Juli"."""
    assert row.words is not None
    for i in clause.tokens if not _hangs_on_another(view.sentence, clause) else ():
        token = view.sentence.tokens[i]
        if not row.words.fullmatch(token.text) or not _is_known(view.sentence, token):
            continue
        if read.at_token(view.sentence, i) or _names_a_body(read, view.sentence):
            continue
        times = [t for t in _days(read, view.sentence, clause) if _is_right_behind(read, token, t)]
        found = body_that_meets(read) if times else ""
        if found:
            yield _announcement(view, clause, row, {found}, times[0].when, i)


def _hangs_on_another(sentence: Sentence, clause: Clause) -> bool:
    return any(c.kind == "conditional" and c.parent == clause.index for c in sentence.clauses)


def _is_known(sentence: Sentence, token: Token) -> bool:
    """Whether a word names what the reader knows of, and nothing says whose it is: "beim Gipfel", not "beim Gipfel der vier"."""
    before = {t.text.lower() for t in sentence.tokens[max(0, token.i - 2) : token.i]}
    behind = next((t.text for t in sentence.tokens[token.i + 1 :]), "")
    return bool(before & _DEFINITE) and behind not in _WHOSE


def _is_right_behind(read: Reading, token: Token, time: TimeExpression) -> bool:
    return 0 < time.start - token.end <= _BEHIND and not set(read.document.text[token.end : time.start]) & {*",:;–"}


def _their_meeting(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    assert row.words is not None
    day = _day(read, view.sentence, clause)
    if day is None:
        return
    tokens = [view.sentence.tokens[i] for i in clause.tokens if view.sentence.tokens[i].tag.startswith("N")]
    named = next((t for t in tokens if row.words.fullmatch(t.text) or _is_of_ministers(view.sentence, t)), None)
    found = body(read, view.sentence) if named is not None else ""
    if named is not None and found:
        yield _announcement(view, clause, row, {found}, day, named.i)


def _before(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """Somebody spoke right before a meeting: it is on the day of the report, where no other day is told."""
    assert row.words is not None
    if read.article.dated is None or clause.predicate not in _SPOKE or clause.voice != "active":
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
            yield _announcement(view, clause, row, candidate.parties, day, candidate.anchor, candidate.mode)


def _aside(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """Whom those who are to do something visit before or after, on a day of its own."""
    assert row.words is not None
    sentence = view.sentence
    nouns = [one for one in view.candidates if one.kind == "noun" and _names_visit(sentence, one, row.words)]
    guests = _people(read, sentence, clause, "subject") if nouns and _is_plan(sentence, clause) else ()
    days = [t for t in _days(read, sentence, clause) if of_another_meeting(sentence, clause.head, t.start)]
    if not guests or not days or days[0].when is None or days[0].when.first <= read.dated.date():
        return
    for candidate in nouns:
        anchor = sentence.tokens[candidate.anchor]
        if not anchor.start < days[0].start:
            continue
        named = read.named(sentence, anchor.end, days[0].start)
        hosts = {m.code for m in named if m.score >= _SURE and of_another_meeting(sentence, clause.head, m.start)}
        if hosts and meets({*guests, *hosts}):
            yield _announcement(view, clause, row, {*guests, *hosts}, days[0].when, candidate.anchor, candidate.mode)


def _names_visit(sentence: Sentence, candidate: Candidate, words: re.Pattern[str]) -> bool:
    return words.fullmatch(sentence.tokens[candidate.anchor].lemma) is not None


_READ: Mapping[str, Callable[[Reading, View, Clause, Herald], Iterator[Heralded]]] = MappingProxyType(
    {
        "verb": _verb,
        "called": _called,
        "they": _they,
        "ministers": _of_ministers,
        "their meeting": _their_meeting,
        "go on": _go_on,
        "next": _next,
        "summit": _summit,
        "before": _before,
        _ON_THE_WAY: _aside,
    }
)
"""How the rows are read, by what they are `of`."""
_BY = MappingProxyType({of: "verbs" if of in ("verb", "called") else "words" for of in _READ})
"""the field by which such a row knows its sentences"""


def _ministers() -> re.Pattern[str]:
    return next(row.words for row in heralds() if row.of == "ministers" and row.words is not None)


def _is_of_ministers(sentence: Sentence, token: Token) -> bool:
    """Whether a word for a meeting has ministers of no state that is told as its genitive ("das Treffen der Außenminister")."""
    rows = lexicon().nouns_of(token.lemma)
    behind = sentence.tokens[token.i + 1 :]
    if not any(row.type is EventType.CONSULT for row in rows) or not behind or behind[0].text != "der":
        return False
    # "der Staats- und Regierungschefs": the last of them tells.
    whose = next((t for t in behind[1:] if not t.text.endswith("-") and t.text != "und"), None)
    if whose is None or not of_many(sentence, whose, _ministers()):
        return False
    after = sentence.tokens[whose.i + 1 : whose.i + 2]
    return not any(t.tag in ("NE", "NN") for t in after)


def _names_a_body(read: Reading, sentence: Sentence) -> bool:
    return any(m.code in BODIES and m.score >= _SURE for m in read.mentions[sentence.index])


def _is_plan(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause tells what is to come, "der am Montag in Kiew erwartet wurde" too."""
    # "Wollte am Freitag reisen" is told of a day to come as well.
    told_back = clause.voice == "passive" or clause.modal in INTENDS
    tenses = ("present", "future", "preterite") if told_back else ("present", "future")
    return (
        clause.tense in tenses
        and clause.modal in _INTENDS
        and clause.mood != "konjunktiv2"
        and not clause.negated
        and clause.kind != "conditional"
        and clause.marker != "ob"
        and not any(higher.predicate in _WISHES for higher in above(sentence, clause))
    )


def _parts_of_journey(
    read: Reading, sentence: Sentence, clause: Clause, row: Herald
) -> Iterator[tuple[When | None, int, int]]:
    """The stages of a clause, or all of it where it says that what it tells comes after or before something else."""
    stages = [*_stages(read, sentence, clause)]
    yield from stages
    told = bool(stages) or any(time.when is not None for time in read.times[sentence.index])
    if not told and row.words is not None and row.words.search(read.document.text[clause.start : clause.end]):
        yield None, clause.start, clause.end


def _stages(read: Reading, sentence: Sentence, clause: Clause) -> Iterator[tuple[When, int, int]]:
    """The days to come of a clause, each with its stretch, up to the next. Who travels, comes or meets today may yet do so."""
    days = [
        time
        for time in _days(read, sentence, clause, today=clause.tense == "present")
        if not of_another_meeting(sentence, clause.head, time.start)
    ]
    for k, time in enumerate(days):
        assert time.when is not None
        end = days[k + 1].start if k + 1 < len(days) else clause.end
        yield time.when, clause.start if k == 0 else time.start, end


def _day(read: Reading, sentence: Sentence, clause: Clause) -> When | None:
    return next((time.when for time in _days(read, sentence, clause)), None)


def _days(read: Reading, sentence: Sentence, clause: Clause, *, today: bool = False) -> list[TimeExpression]:
    """The times of a clause that are to come; today where the verb says that it will be, or where it does not matter."""
    day = read.dated.date()
    soon = day if today or clause.tense == "future" or clause.modal else day + timedelta(days=1)
    return [
        time
        for time in read.times[sentence.index]
        if time.when is not None
        and time.when.first >= soon
        and any(sentence.tokens[i].start == time.start for i in clause.tokens)
        and not of_else(read, sentence, time)
    ]


def _people(read: Reading, sentence: Sentence, clause: Clause, name: str) -> tuple[str, ...]:
    """The actors in a role. Not "der Portugiese" alone: who is called after his state need not come for it."""
    found = [m for role in clause.roles if role.name == name for m in _in_role(read, sentence, clause, role)]
    sure = [m for m in found if m.score >= _SURE and m.code and m.kind != "adjective"]
    if all(m.kind == "inhabitant" for m in sure):
        return ()
    return tuple(dict.fromkeys(m.code for m in sure))


def _in_role(read: Reading, sentence: Sentence, clause: Clause, role: Role) -> tuple[Mention, ...]:
    heads = [sentence.tokens[head] for head in role.heads]
    found = tuple(m for head in heads for m in read.at_token(sentence, head.i))
    if not found and any(_SENT.search(head.lemma) for head in heads):
        return read.in_role(sentence, role)
    if not found and heads[0].tag.startswith("PREL"):
        # "Sie begleitet den Kanzler heute, der …": where the parse misses the noun, whoever was named last.
        last = tuple(m for m in read.mentions[sentence.index] if m.end <= clause.start)[-1:]
        return read.at_token(sentence, sentence.tokens[clause.head].head) or last
    return (*found, *_counted_up(read, sentence, found))


def _counted_up(read: Reading, sentence: Sentence, found: Sequence[Mention]) -> Iterator[Mention]:
    """ "Die Außenminister Polens, Litauens und der Ukraine": one word for the ministers of several states."""
    if len(found) != 1 or found[0].kind != "office" or found[0].name == found[0].office:
        return
    end = found[0].end
    for mention in read.named(sentence, end, sentence.end):
        if mention.kind not in ("name", "metonym") or not _COUNTS.fullmatch(read.document.text[end : mention.start]):
            return
        yield mention
        end = mention.end


def _stops(
    read: Reading, sentence: Sentence, clause: Clause, row: Herald, guests: Sequence[str], stage: tuple[int, int]
) -> Iterator[tuple[tuple[str, ...], Place | None]]:
    """Who else meets at each stop of a journey: "nach Kiew und Moskau" is two visits, "besucht Polen und Rumänien" too, where nobody
    else comes along."""
    hosts = _hosts(read, sentence, clause, row, guests, stage)
    visited = _people(read, sentence, clause, "object") if "object" in row.host and row.mode == "visit" else ()
    stops: dict[str, Place | None] = dict.fromkeys(visited)
    if not stops and row.mode == "visit":
        stops = {place.country: place for place in _visited(read, sentence, stage)}
    if len(stops) > 1 and set(hosts) <= stops.keys():
        yield from (((code,), place) for code, place in stops.items() if code not in guests)
    else:
        yield hosts, None


def _visited(read: Reading, sentence: Sentence, stage: tuple[int, int]) -> Iterator[Place]:
    """The places that somebody goes to, which "und" or a comma joins."""
    end = -1
    for place in read.places[sentence.index]:
        if stage[0] <= place.start < stage[1] and place.preposition in _THITHER and place.place.country:
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
            found += _with(read, sentence, clause)
            if row.mode == "visit":
                found += _comes_to_meet(read, sentence, clause)
        elif slot == "place" and received:
            continue
        elif slot == "place":
            named = {m.code for m in read.named(sentence, clause.start, clause.end)}
            bodies = sorted(named & BODIES - {*guests})
            found += bodies or _at_place(read, sentence, clause, stage, met=bool(found))
        else:
            hosts = _people(read, sentence, clause, slot)
            found, received = [*found, *hosts], received or bool(hosts)
    return tuple(code for code in dict.fromkeys(found) if code not in guests)


def _with(read: Reading, sentence: Sentence, clause: Clause) -> tuple[str, ...]:
    behind = next((sentence.tokens[i] for i in clause.tokens if sentence.tokens[i].text.lower() == "mit"), None)
    if behind is None:
        return ()
    end = sentence.tokens[min(behind.i + _WITH, len(sentence.tokens) - 1)].end
    return tuple(m.code for m in read.named(sentence, behind.end, end) if m.score >= _SURE)


def _comes_to_meet(read: Reading, sentence: Sentence, clause: Clause) -> Iterator[str]:
    """Whom those meet who travel to where others meet: "reist nach Wien, um mit dem Iran zu verhandeln"."""
    if not any(p.place.name in NEUTRAL and clause.start <= p.start < clause.end for p in read.places[sentence.index]):
        return
    for purpose in sentence.clauses:
        if purpose.kind == "purpose" and purpose.parent == clause.index:
            yield from _with(read, sentence, purpose)


def _at_place(
    read: Reading, sentence: Sentence, clause: Clause, stage: tuple[int, int], *, met: bool
) -> tuple[str, ...]:
    """The state of the place, unless others are met there and it is where others meet."""
    there = [p for p in read.places[sentence.index] if stage[0] <= p.start < stage[1]]
    # "Wegen des Krieges in der Ukraine reist er nach Moskau": where to comes before where something is.
    there.sort(key=lambda p: p.preposition != "nach")
    places = (p for p in there if not of_another_meeting(sentence, clause.head, p.start))
    hosts = (
        (p.place.name, _CONTINENTS.get(p.place.name, p.place.country)) for p in places if p.preposition in _THITHER
    )
    name, code = next(((name, code) for name, code in hosts if code), ("", ""))
    return () if not code or (met and name in NEUTRAL) else (code,)


def of_another_meeting(sentence: Sentence, anchor: int, start: int) -> bool:
    """Whether what begins at `start` is told of a meeting before or after that of the anchor: "nach Besuchen in Sofia und Prag
    trifft er in Ankara Erdogan". It reaches to the next verb, comma or second preposition."""
    leads = set[str]()
    for token in reversed([t for t in sentence.tokens if t.start < start]):
        if token.tag.startswith(("V", "$,")) or len(leads) > 1:
            return False
        if token.tag.startswith("APP") and token.text.lower() not in _OF_TIME:
            leads.add(token.text.lower())
        if token.i != anchor and _names_meeting(token):
            before = sentence.tokens[max(0, token.i - _BEFORE) : token.i]
            return any(t.text.lower() in _ASIDE for t in before)
    return False


def _names_meeting(token: Token) -> bool:
    return any(row.type is EventType.CONSULT for row in lexicon().nouns_of(token.lemma))


def _is_call(token: Token) -> bool:
    return any(row.mode == "phone" for row in lexicon().nouns_of(token.lemma))


def _befalls(clause: Clause, anchor: int) -> bool:
    """Whether a verb is about what a noun names: its object, what it is agreed "auf", or the subject of a passive."""
    subject = "subject" if clause.voice == "passive" else "object"
    on = "auf" if clause.predicate in _AGREES else "zu"
    return any(anchor in r.heads and (r.name in ("object", subject) or r.preposition == on) for r in clause.roles)


def _announcement(
    view: View,
    clause: Clause,
    row: Herald,
    who: Sequence[str] | set[str] | frozenset[str],
    when: When | None,
    anchor: int | None = None,
    mode: str = "",
) -> Heralded:
    sides = tuple(sorted(who))
    candidate = Candidate(
        rule=f"{_PREFIX}{row.name}",
        kind="verb" if anchor is None else "noun",
        type=EventType.CONSULT,
        mode=mode or row.mode,
        sentence=view.sentence,
        clause=clause,
        anchor=clause.head if anchor is None else anchor,
        actors=sides,
        recipients=(),
        actor_from=f"guest ({row.guest}) or host ({', '.join(row.host)})" if row.guest else row.name,
        recipient_from="none",
        said=view.said,
    )
    proposal = Proposal(
        type=EventType.CONSULT, parties=(sides, ()), seen=view, p_type=1.0, p_parties=1.0, candidate=candidate
    )
    return Heralded(proposal=proposal, when=when)
