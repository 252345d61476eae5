"""Announcements whose sides the sentences before tell: "sie treffen sich am Montag", "der nächste Gipfel ist im Juli"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.events.announcing import BODIES, meets
from extractors.events.features import View
from extractors.events.heralding import (
    SURE,
    Herald,
    Heralded,
    announcement,
    day_to_come,
    days_to_come,
    hangs_on_another,
    heralds,
    is_call,
    is_plan,
    names_meeting,
    of_another_meeting,
    partners,
    people,
)
from extractors.events.lexicon import lexicon
from extractors.events.reading import Reading, above
from extractors.events.standing import INTENDS
from extractors.events.unnamed import body, body_that_meets, counted, last_met, meant, ministers, of_many, points_back
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
    all_ = counted(view.sentence, clause, row.words)
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
    if points_back(view.sentence, clause, row.words) and not _names_sides(read, view.sentence, clause):
        who = last_met(read, view.sentence)
        if who:
            yield announcement(view, clause, row, who, day)


def _names_sides(read: Reading, sentence: Sentence, clause: Clause) -> bool:
    return bool(people(read, sentence, clause, "subject") or partners(read, sentence, clause))


def the_next(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """The next meeting of those who met: "der nächste Gipfel ist für Juli geplant"."""
    assert row.words is not None
    if clause.predicate not in row.verbs or clause.negated or clause.tense not in ("present", "future", "perfect"):
        return
    if clause.mood == "konjunktiv2" or clause.kind == "conditional" or clause.marker == "ob":
        return
    day = day_to_come(read, view.sentence, clause)
    if hangs_on_another(view.sentence, clause) or (
        day is None and any(time.when is not None for time in read.times[view.sentence.index])
    ):
        return
    for role in clause.roles:
        for head in role.heads if role.name in ("subject", "object", "recipient") else ():
            token = view.sentence.tokens[head]
            before = view.sentence.tokens[head - 1].text if head else ""
            if not names_meeting(token) or not row.words.fullmatch(before):
                continue
            beside = [
                m
                for m in read.named(view.sentence, clause.start, clause.end)
                if m.score >= SURE and not of_another_meeting(view.sentence, head, m.start)
            ]
            named = {m.code for m in (*read.at_token(view.sentence, head), *beside)}
            who = named if meets(named) else last_met(read, view.sentence)
            who = who or tuple(filter(None, (body_that_meets(read),)))
            if who and (len(who) == _CALLERS or not is_call(token)):
                yield announcement(view, clause, row, {*who}, day, head)


def summit(read: Reading, view: View, clause: Clause, row: Herald) -> Iterator[Heralded]:
    """The meeting of the body that is spoken of, with its own day: "bis zum Gipfel im Juli"."""
    assert row.words is not None
    for i in clause.tokens if not hangs_on_another(view.sentence, clause) else ():
        token = view.sentence.tokens[i]
        if not row.words.fullmatch(token.text) or not _is_known(view.sentence, token):
            continue
        if read.at_token(view.sentence, i) or _names_a_body(read, view.sentence):
            continue
        times = [t for t in days_to_come(read, view.sentence, clause) if _is_right_behind(read, token, t)]
        found = body_that_meets(read) if times else ""
        if found:
            yield announcement(view, clause, row, {found}, times[0].when, i)


def _is_known(sentence: Sentence, token: Token) -> bool:
    """Whether a word names what the reader knows of, and nothing says whose it is: "beim Gipfel", not "beim Gipfel der vier"."""
    before = {t.text.lower() for t in sentence.tokens[max(0, token.i - 2) : token.i]}
    behind = next((t.text for t in sentence.tokens[token.i + 1 :]), "")
    return bool(before & _DEFINITE) and behind not in _WHOSE


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
