"""Who meets where their sentence does not name them: "am Montag kommen sie erneut zusammen", "beim Energieministertreffen".

A pronoun stands for the two states that were spoken of last, ministers without a state for the body that was.
"""

from __future__ import annotations

import re

from extractors.events.announcing import BODIES
from extractors.events.reading import Reading
from extractors.language import Clause, Sentence, Token

_BACK = 6
"""sentences to look back for the body whose ministers meet"""
_PAIR_BACK = 2
_NAMED = 0.5
_MEMBERS = BODIES - {"WEST", "OPEC"}
_BEFORE_MANY = frozenset({"die", "der", "den", "und"})
_WHOSE = frozenset({"von", "aus", "der", "des"})


def body(read: Reading, sentence: Sentence) -> str:
    """The body that was spoken of last, or else most; empty where the article names none."""
    for at in range(sentence.index, max(-1, sentence.index - _BACK), -1):
        named = [m.code for m in read.mentions[at] if m.code in _MEMBERS]
        if named:
            return named[-1]
    return next((code for code, _ in read.counts.most_common() if code in _MEMBERS), "")


def ministers(sentence: Sentence, clause: Clause, words: re.Pattern[str]) -> bool:
    """Whether the subject of a clause is ministers of no state that is told: "die Außenminister beraten am Montag"."""
    heads = clause.subject.heads if clause.subject is not None else ()
    subjects = [t for t in sentence.tokens if t.i in heads or (t.dep == "nsubj" and t.i in clause.tokens)]
    return any(of_many(sentence, token, words) for token in subjects)


def of_many(sentence: Sentence, token: Token, words: re.Pattern[str]) -> bool:
    """Whether a word stands for ministers, and nothing says of which state."""
    before = sentence.tokens[token.i - 1].text.lower() if token.i else ""
    if not words.fullmatch(token.text) or before not in _BEFORE_MANY:
        return False
    behind = (t.text for t in sentence.tokens[token.i + 1 :] if t.text != "und" and not words.fullmatch(t.text))
    return next(behind, "") not in _WHOSE


def points_back(sentence: Sentence, clause: Clause, words: re.Pattern[str]) -> bool:
    """Whether the subject of a clause is a pronoun for several."""
    subject = clause.subject
    return subject is not None and all(words.fullmatch(sentence.tokens[head].text.lower()) for head in subject.heads)


def _of_a_body(read: Reading, sentence: Sentence, clause: Clause) -> bool:
    """Whether the subject of a clause is those who speak for a body: "die Finanzminister der EU"."""
    return any(m.code in _MEMBERS and m.kind == "office" for m in read.in_role(sentence, clause.subject))


def meant(read: Reading, sentence: Sentence, words: re.Pattern[str]) -> tuple[str, ...]:
    """Who "sie" or "beide" are at a meeting: the ministers who were the subject before, or two states that were named."""
    for at in range(sentence.index - 1, max(-1, sentence.index - 1 - _PAIR_BACK), -1):
        before = read.document.sentences[at]
        if any(ministers(before, clause, words) or _of_a_body(read, before, clause) for clause in before.clauses):
            found = body(read, before)
            return (found,) if found else ()
        states = {m.code for m in read.mentions[at] if m.score >= _NAMED and len(m.code) == len("DEU")}
        if len(states) > 1:
            return tuple(sorted(states)) if len(states) == 2 else ()
    return ()
