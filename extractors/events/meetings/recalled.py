"""Announcements whose sides the sentences before tell: "sie treffen sich am Montag", "der nächste Gipfel ist im Juli"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from extractors.actors import Mention
from extractors.actors.bodies import BODIES, is_member
from extractors.events.attaching.worded import INTENDS
from extractors.events.lexicon import lexicon
from extractors.events.meetings.announcing import meets
from extractors.events.meetings.heralding import (
    GOES_ON,
    SURE,
    Herald,
    Heralded,
    announcement,
    at_an_hour,
    day_to_come,
    days_to_come,
    denies,
    hangs_on_another,
    heralds,
    is_plan,
    partners,
    people,
)
from extractors.events.meetings.unnamed import (
    body,
    body_that_meets,
    counted,
    last_met,
    meant,
    ministers,
    of_many,
    points_back,
    supporters,
)
from extractors.events.proposing.meeting_words import is_call, names_meeting, of_another_meeting
from extractors.events.reading import Reading, above
from extractors.events.weighing.features import View
from extractors.language import Clause, Sentence, Token
from extractors.ontology import EventType
from extractors.when import TimeExpression

_AGAIN = frozenset("erneut wieder bald demnächst nochmals abermals".split())
"""of what is to come without a day"""
_CALLERS = 2
"""who takes part in a call that nobody is named beside"""
_DEFINITE = frozenset("der die das dem den des beim zum vom am im ihr ihrem ihren ihres".split())
"""before a word for a meeting that the reader knows of"""
_WHOSE = frozenset("der des von mit zwischen".split())
"""behind one that says itself who meets"""
_ON = frozenset({"", "auf"})
"""what is agreed: its object, or "auf" it"""
_NOT_DONE = frozenset({"conditional", "infinitive", "purpose"})
"""clauses that do not say that it was agreed"""
_ON_AND_ON = "weiter"
"""what verbs begin with of what goes on: "weiterverhandeln" """
_ONLY_WITH_A_DAY = "sein"
"""the verb that sets a meeting on a day and says nothing without: "die nächste Runde ist am Freitag" """
_OF_WHAT = 4
"""tokens in which a genitive says what goes on ("die Fortsetzung der Gespräche")"""
_SETS = frozenset({"ansetzen", "anberaumen", "einberufen", "planen", "terminieren", "vorsehen"})
_SITS = re.compile(r"(?i)(?:sitzung|treffen|tagung)$")
"""what a body holds"""
_BODY_BACK = 2
"""sentences before in which it is named"""
_WHAT = frozenset({"subject", "object", "predicative"})
_PRONOUNS = frozenset({"PPER", "PDS"})
_OF_A_MEETING = frozenset({"stattfinden", "ansetzen", "anberaumen", "einberufen", "terminieren"})
"""verbs that tell of what takes place and of hardly anything else: "sie wurde für Mittwoch einberufen" """
_SOON = frozenset({"vague-units", "vaguely-hence"})
"""rules of times to come that are no day ("in den nächsten Tagen")"""
_BEHIND = 30
"""characters behind a word for a meeting in which its own day stands: "beim Gipfel in Brüssel am Donnerstag" """


def they(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    assert row.words is not None
    day = day_to_come(read, view.sentence, clause)
    if clause.predicate not in row.verbs or not is_plan(view.sentence, clause):
        return
    if day is None and not _says_again(view.sentence, clause):
        return
    if points_back(view.sentence, clause, row.words):
        who = meant(read, view.sentence, _ministers())
        if who:
            yield announcement(view, clause, row, {*who, *partners(read, view.sentence, clause)}, day)


def _says_again(sentence: Sentence, clause: Clause) -> bool:
    """Whether those who met will meet again, whenever that is: "sie wollen erneut zusammenkommen"."""
    words = {sentence.tokens[i].text.lower() for i in clause.tokens}
    return bool(words & _AGAIN) and (clause.tense == "future" or clause.modal in INTENDS)


def of_ministers(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    assert row.words is not None
    day = day_to_come(read, view.sentence, clause)
    if (
        day is None
        or clause.predicate not in row.verbs
        or not is_plan(view.sentence, clause)
        or _names_a_body(read, view.sentence)
    ):
        return
    all_ = counted(view.sentence, clause, row.words) or supporters(view.sentence, clause, row.words)
    if all_ or (ministers(view.sentence, clause, row.words) and not people(read, view.sentence, clause, "subject")):
        found = all_ or body(read, view.sentence)
        if found:
            yield announcement(view, clause, row, {found}, day)


def go_on(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """Those who met are to meet again, whoever they are: "in zwei Wochen will man sich wiedersehen"."""
    assert row.words is not None
    if clause.predicate not in row.verbs or not is_plan(view.sentence, clause):
        return
    day = day_to_come(read, view.sentence, clause)
    ahead = clause.tense == "future" or clause.modal in INTENDS
    if (not ahead and day is None) or any(c.tense == "pluperfect" for c in above(view.sentence, clause)):
        return
    of_them = points_back(view.sentence, clause, row.words) or _is_gone_on_with(clause)
    if of_them and not _names_sides(read, view.sentence, clause):
        who = last_met(read, view.sentence)
        if who:
            yield announcement(view, clause, row, who, day)


def _is_gone_on_with(clause: Clause) -> bool:
    """Whether a clause tells of nobody that something will go on: "am Freitag wird weiterverhandelt"."""
    return clause.subject is None and clause.voice == "passive" and clause.predicate.startswith(_ON_AND_ON)


def _names_sides(read: Reading, sentence: Sentence, clause: Clause) -> bool:
    return bool(people(read, sentence, clause, "subject") or partners(read, sentence, clause))


def the_next(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """The next meeting of those who met: "der nächste Gipfel ist für Juli geplant"."""
    assert row.words is not None
    if clause.predicate not in row.verbs or denies(view.sentence, clause) or clause.mood == "konjunktiv2":
        return
    # "Es sollten bald weitere Gespräche stattfinden" is told as past, and to come.
    if clause.tense not in ("present", "future", "perfect") and clause.modal not in INTENDS:
        return
    if clause.kind == "conditional" or clause.marker == "ob":
        return
    day = day_to_come(read, view.sentence, clause)
    if hangs_on_another(view.sentence, clause):
        return
    if day is None and (clause.predicate == _ONLY_WITH_A_DAY or _tells_a_day(read, view.sentence)):
        return
    for role in clause.roles:
        for head in role.heads if role.name in ("subject", "object", "recipient") else ():
            token = view.sentence.tokens[head]
            before = view.sentence.tokens[head - 1].text if head else ""
            if not names_meeting(token) or not row.words.fullmatch(before):
                continue
            who = _sides(read, view.sentence, clause, head) or tuple(filter(None, (body_that_meets(read),)))
            if who and (len(who) == _CALLERS or not is_call(token)):
                yield announcement(view, clause, row, {*who}, day, head)


def _sides(read: Reading, sentence: Sentence, clause: Clause, head: int) -> Collection[str]:
    """Who meets at what a noun names: those named in its clause, or else those who met in the clauses before, or last."""
    named = {m.code for m in (*read.at_token(sentence, head), *_beside(read, sentence, clause, head))}
    if meets(named):
        return named
    return _who_just_met(read, sentence, clause) or last_met(read, sentence, sentence.tokens[head])


def _beside(read: Reading, sentence: Sentence, clause: Clause, head: int) -> list[Mention]:
    return [
        m
        for m in read.named(sentence, clause.start, clause.end)
        if m.score >= SURE and not of_another_meeting(sentence, head, m.start)
    ]


def agreed(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """What those who met agreed to do again: "die Seiten vereinbarten eine weitere Runde"."""
    assert row.words is not None
    if clause.predicate not in row.verbs or denies(view.sentence, clause) or clause.modal or clause.kind in _NOT_DONE:
        return
    tokens, day = view.sentence.tokens, day_to_come(read, view.sentence, clause)
    for head in (head for role in clause.roles if role.preposition in _ON for head in role.heads if head):
        noun = _meeting_of(view.sentence, tokens[head])
        if noun is None or not (row.words.fullmatch(tokens[head - 1].text) or row.words.fullmatch(tokens[head].text)):
            continue
        who = _sides(read, view.sentence, clause, noun.i)
        if who:
            yield announcement(view, clause, row, {*who}, day, noun.i)


def _meeting_of(sentence: Sentence, noun: Token) -> Token | None:
    """The word for a meeting that fills a role, or of which that is which fills it ("die Fortsetzung der Gespräche")."""
    return next((t for t in sentence.tokens[noun.i : noun.i + _OF_WHAT] if names_meeting(t)), None)


def goes_on(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """What was begun is to go on: "die Gespräche sollen in Wien weitergehen"."""
    day = day_to_come(read, view.sentence, clause)
    if clause.predicate not in row.verbs or not is_plan(view.sentence, clause) or clause.kind == "infinitive":
        return
    if row.words is not None and not row.words.search(read.document.text, clause.start, clause.end):
        return
    if (day is None and not _is_ahead(clause)) or (day is None and _tells_a_day(read, view.sentence)):
        return
    for head in (head for role in clause.roles if role.name in ("subject", "object") for head in role.heads):
        fills = _antecedent(view.sentence, clause, head)
        noun = _meeting_of(view.sentence, fills) if fills is not None else None
        if noun is None or (day is None and _is_lasting(noun)):
            continue
        who = _with_who_met(read, view.sentence, _sides(read, view.sentence, clause, noun.i), noun)
        if who:
            yield announcement(view, clause, row, {*who}, day, noun.i)


def _with_who_met(read: Reading, sentence: Sentence, who: Collection[str], noun: Token) -> Collection[str]:
    """Where what was begun goes on with a body, it does so with those who met and are no members of it: "in Genf haben die USA und Russland
    gesprochen. Die Gespräche werden am Mittwoch mit der NATO fortgesetzt"."""
    if len(who) != 1 or not BODIES.issuperset(who):
        return who
    on = read.dated.date()
    return {*who, *(code for code in last_met(read, sentence, noun) if not any(is_member(code, b, on) for b in who))}


def is_held(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """The meeting that was spoken of, where its day alone is told: "das Treffen soll am Freitag stattfinden"."""
    assert row.words is not None
    if clause.predicate not in row.verbs or not (is_plan(view.sentence, clause) or _is_set(clause)):
        return
    days = days_to_come(read, view.sentence, clause, today=_is_set(clause))
    day = next((time.when for time in days), None) or at_an_hour(read, view.sentence, clause)
    if (day is None and not _is_soon(read, view.sentence, clause)) or hangs_on_another(view.sentence, clause):
        return
    for head in _subject(view.sentence, clause):
        token = view.sentence.tokens[head]
        before = view.sentence.tokens[head - 1] if head else None
        if before is not None and before.tag == "ADJA" and before.i:
            before = view.sentence.tokens[before.i - 1]
        known = before is not None and row.words.fullmatch(before.text) is not None
        if (
            ((known and names_meeting(token)) or _is_one_of_before(read, view.sentence, clause, token))
            and not _says_whose(view.sentence, token)
            and "-" not in token.text  # a name of its own: "die Balkan-Konferenz"
            and not _beside(read, view.sentence, clause, head)
        ):
            who = (
                _who_just_met(read, view.sentence, clause)
                or last_met(read, view.sentence, token)
                or (_SITS.search(token.text) and _body_before(read, view.sentence))
            )
            if who:
                yield announcement(view, clause, row, {*who}, day, head)


def _subject(sentence: Sentence, clause: Clause) -> Sequence[int]:
    """The heads of a clause's subject; where the parse finds none, "es" that opens it."""
    if clause.subject is not None:
        return clause.subject.heads
    return [i for i in clause.tokens[:1] if sentence.tokens[i].text.lower() == "es"]


def _is_soon(read: Reading, sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause says that something will be soon, on no day that it tells: "soll in den nächsten Tagen stattfinden"."""
    times = [t for t in read.times[sentence.index] if clause.start <= t.start < clause.end]
    return _is_ahead(clause) and any(t.rule in _SOON for t in times) and all(t.when is None for t in times)


def _is_one_of_before(read: Reading, sentence: Sentence, clause: Clause, token: Token) -> bool:
    """Whether a pronoun means the meeting that the sentence before names, or the clause before: "einigten sich auf ein Treffen. Es soll
    in Oslo stattfinden"."""
    if token.tag not in _PRONOUNS or clause.predicate not in _OF_A_MEETING:
        return False
    last = read.document.sentences[sentence.index - 1].tokens if sentence.index else ()
    return any(t.tag.startswith("NN") and names_meeting(t) for t in (*last, *_just_before(sentence, clause)))


def _ended_before(sentence: Sentence, clause: Clause) -> list[Clause]:
    return [other for other in sentence.clauses if other.end <= clause.start]


def _just_before(sentence: Sentence, clause: Clause) -> list[Token]:
    """The tokens of the clauses that end before a clause."""
    return [sentence.tokens[i] for other in _ended_before(sentence, clause) for i in other.tokens]


def _who_just_met(read: Reading, sentence: Sentence, clause: Clause) -> tuple[str, ...]:
    """Who meets or was to meet as the clauses before tell: "sagte das Treffen mit Oslo ab, nun soll es am Freitag stattfinden"."""
    before = _just_before(sentence, clause)
    told = any(t.tag.startswith("NN") and names_meeting(t) for t in before)
    if not told and not any(_tells_a_meeting(other.predicate) for other in _ended_before(sentence, clause)):
        return ()
    named = read.named(sentence, sentence.start, max(t.end for t in before))
    who = {m.code for m in named if m.score >= SURE}
    return tuple(sorted(who)) if meets(who) else ()


def _tells_a_meeting(verb: str) -> bool:
    return any(row.type is EventType.CONSULT for row in lexicon().verbs.get(verb, ()))


def _body_before(read: Reading, sentence: Sentence) -> tuple[str, ...]:
    """The body that the last of the sentences right before names that names one, if it is one alone."""
    for at in range(sentence.index - 1, max(-1, sentence.index - 1 - _BODY_BACK), -1):
        named = {m.code for m in read.mentions[at] if m.code in BODIES}
        if named:
            return tuple(named) if len(named) == 1 else ()
    return ()


def _is_set(clause: Clause) -> bool:
    """Whether a clause tells that somebody set what is to come ("wurde für Freitag angesetzt")."""
    return clause.predicate in _SETS and not clause.negated and clause.modal == "" and clause.mood != "konjunktiv2"


def _is_ahead(clause: Clause) -> bool:
    return clause.tense == "future" or clause.modal in INTENDS


def _tells_a_day(read: Reading, sentence: Sentence) -> bool:
    return any(time.when is not None for time in read.times[sentence.index])


def _is_lasting(noun: Token) -> bool:
    """Whether a word names what goes on for long and is a meeting only where a day is told."""
    return any(row.name in GOES_ON for row in lexicon().nouns_of(noun.lemma))


def _antecedent(sentence: Sentence, clause: Clause, head: int) -> Token | None:
    """The noun that fills a role, also where a relative pronoun stands for it ("Verhandlungen, die fortgesetzt werden sollen")."""
    token = sentence.tokens[head]
    if not token.tag.startswith("PREL"):
        return token
    before = [t for t in sentence.tokens if t.end <= clause.start and t.tag.startswith("N")]
    return before[-1] if before else None


def planned(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """A meeting of which the clause says that it is on the programme, with whoever was spoken of before: "auf dem Programm steht
    ein Gespräch mit Putin"."""
    assert row.words is not None
    text = read.document.text[clause.start : clause.end]
    if denies(view.sentence, clause) or clause.tense not in ("present", "future") or not row.words.search(text):
        return
    if clause.mood == "konjunktiv2" or clause.kind == "conditional" or clause.marker == "ob":
        return
    day = day_to_come(read, view.sentence, clause)
    if day is None and _tells_a_day(read, view.sentence):
        return
    heads = {clause.head, *(head for role in clause.roles if role.name in _WHAT for head in role.heads)}
    for candidate in view.candidates:
        if candidate.type is EventType.CONSULT and candidate.kind == "noun" and candidate.anchor in heads:
            who = {m.code for m in _beside(read, view.sentence, clause, candidate.anchor)}
            if who and (day is not None or candidate.rule not in GOES_ON):
                yield announcement(view, clause, row, who, day, candidate.anchor, candidate.mode)


def summit(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """The meeting of the body that is spoken of, with its own day: "bis zum Gipfel im Juli"."""
    assert row.words is not None
    if not _tells_a_day(read, view.sentence) or _names_a_body(read, view.sentence):
        return
    for i in clause.tokens if not hangs_on_another(view.sentence, clause) else ():
        token = view.sentence.tokens[i]
        if not row.words.fullmatch(token.text) or not _is_known(view.sentence, token):
            continue
        if read.at_token(view.sentence, i):
            continue
        times = [t for t in days_to_come(read, view.sentence, clause) if _is_right_behind(read, token, t)]
        found = body_that_meets(read) if times else ""
        if found:
            yield announcement(view, clause, row, {found}, times[0].when, i)


def _is_known(sentence: Sentence, token: Token) -> bool:
    """Whether a word names what the reader knows of, and nothing says whose it is: "beim Gipfel", not "beim Gipfel der vier"."""
    before = {t.text.lower() for t in sentence.tokens[max(0, token.i - 2) : token.i]}
    return bool(before & _DEFINITE) and not _says_whose(sentence, token)


def _says_whose(sentence: Sentence, token: Token) -> bool:
    return next((t.text for t in sentence.tokens[token.i + 1 :]), "") in _WHOSE


def _is_right_behind(read: Reading, token: Token, time: TimeExpression) -> bool:
    return 0 < time.start - token.end <= _BEHIND and not set(read.document.text[token.end : time.start]) & {*",:;–"}


def their_meeting(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    assert row.words is not None
    day = day_to_come(read, view.sentence, clause)
    if day is None:
        return
    tokens = [view.sentence.tokens[i] for i in clause.tokens if view.sentence.tokens[i].tag.startswith("N")]
    named = next((t for t in tokens if row.words.fullmatch(t.text) or _is_of_ministers(view.sentence, t)), None)
    found = body(read, view.sentence) if named is not None else ""
    if named is not None and found:
        yield announcement(view, clause, row, {found}, day, named.i)


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
    return any(m.code in BODIES and m.score >= SURE for m in read.mentions[sentence.index])
