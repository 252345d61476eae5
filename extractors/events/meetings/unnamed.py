"""Who meets where their sentence does not name them: "am Montag kommen sie erneut zusammen", "beim Energieministertreffen".

A pronoun stands for the two states that were spoken of last, ministers without a state for the body that was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import MappingProxyType

from extractors.actors.bodies import BODIES
from extractors.events.lexicon import Trigger, lexicon
from extractors.events.meetings.announcing import meets
from extractors.events.meetings.heralding import people
from extractors.events.proposing.meeting_words import is_call
from extractors.events.reading import Reading
from extractors.language import Clause, Sentence, Token
from extractors.ontology import EventType

_BACK = 6
"""sentences to look back for the body whose ministers meet"""
_MANY = frozenset("rund etwa mehrere viele zahlreiche hundert dutzend dutzende".split())
"""before these nobody is whom the reader knows"""
_PAIR_BACK = 2
_NAMED = 0.5
_MEMBERS = BODIES - {"WEST", "OPEC"}
_BEFORE_MANY = frozenset({"die", "der", "den", "und"})
_WHOSE = frozenset({"von", "aus", "der", "des"})
_MET_BACK = 4
"""sentences to look back for a meeting that goes on"""
_FEW = 4
"""who meets: where more are named some are only spoken of"""
_NO_CALL = re.compile(r"(?i)verhandlung|(?:treffen|gipfel|konferenz|sitzung|tagung)s?$")
"""what no call was before"""
_MEDIATES = re.compile(r" (?:vermittelte|ausgerichtete|moderierte)[nmrs]?\b")
"""what stands behind those who bring others together ("die von Oslo vermittelten Gespräche")"""
_SO_MANY = re.compile(
    r"(?:aus|von) (?:(?:rund|etwa|gut|fast|mehr als|über|knapp) )?(?:\d\d|[a-zäöü]+zig|Dutzenden) (?:Ländern|Staaten)\b"
)
_FOR_UKRAINE = re.compile(
    r"\bRamstein\b|(?:Hilfen?|Unterstützung|Waffen|Munition|Militärhilfen?) für (?:die Ukraine|Kiew)\b"
)
_SUMMITS = _MEMBERS - {"UN"}
"""bodies with meetings that are known by their day alone"""
_GENITIVE = 5
"""characters between a word for a meeting and whose it is: an article"""
_COUNTED = MappingProxyType({"27": "EU", "28": "EU", "30": "NATO", "31": "NATO", "32": "NATO"})
"""of what so many are the heads of state and government; 28 were the NATO, too, until 2017"""


def body(read: Reading, sentence: Sentence) -> str:
    """The body that was spoken of last, but for one that is named once beside another that is named more often; else the one that is
    spoken of most; empty where the article names none."""
    most = next((code for code, _ in read.counts.most_common() if code in _MEMBERS), "")
    for at in range(sentence.index, max(-1, sentence.index - _BACK), -1):
        named = [m.code for m in read.mentions[at] if m.code in _MEMBERS]
        if named:
            return named[-1] if at == sentence.index or read.counts[named[-1]] > 1 else most
    return most


def counted(sentence: Sentence, clause: Clause, words: re.Pattern[str]) -> str:
    """The body whose heads of state or ministers the subject of a clause counts: "die 27 beraten am Montag". `words`: what they
    are called where more than the number is told; other people may be as many."""
    heads = clause.subject.heads if clause.subject is not None else ()
    tokens = sentence.tokens
    for token in (t for t in tokens if t.i in heads or (t.dep == "nsubj" and t.i in clause.tokens)):
        number = token if token.text in _COUNTED else tokens[max(0, token.i - 1)]
        if number.text not in _COUNTED or not number.i or tokens[number.i - 1].text.lower() != "die":
            continue
        who = next((t for t in tokens[number.i + 1 :] if t.text not in ("Staats-", "und")), None)
        if who is None or not who.tag.startswith(("N", "ADJ")) or words.fullmatch(who.text):
            return _COUNTED[number.text]
    return ""


def supporters(sentence: Sentence, clause: Clause, words: re.Pattern[str]) -> str:
    """The West where ministers or envoys of so many states meet about help for the Ukraine, or at Ramstein: "Verteidigungsminister aus rund
    50 Ländern treffen sich in Ramstein"; "" of all else."""
    heads = clause.subject.heads if clause.subject is not None else ()
    text = "".join(token.text + " " for token in sentence.tokens)
    of_many = any(
        (words.fullmatch(sentence.tokens[head].text) or sentence.tokens[head].text == "Vertreter")
        and _SO_MANY.match(text, sum(len(t.text) + 1 for t in sentence.tokens[: head + 1]))
        for head in heads
    )
    return "WEST" if of_many and _FOR_UKRAINE.search(text) else ""


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
    """Whether the subject of a clause is a pronoun for several, or known already: not "rund hundert Delegationen"."""
    subject = clause.subject
    if subject is None or any(t.text.lower() in _MANY for t in sentence.at(subject.start, subject.end)):
        return False
    return all(words.fullmatch(sentence.tokens[head].text.lower()) for head in subject.heads)


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


def body_that_meets(read: Reading) -> str:
    """The only body whose meeting the article names ("der EU-Gipfel", "das Treffen der NATO"), or else the only one named at
    all; empty where several could be meant."""
    found = {code for sentence in read.document.sentences for code in _bodies_that_meet(read, sentence)}
    if not found:
        found = {code for code in read.counts if code in _SUMMITS}
    return found.pop() if len(found) == 1 else ""


def _bodies_that_meet(read: Reading, sentence: Sentence) -> Iterator[str]:
    named = [m for m in read.mentions[sentence.index] if m.code in _SUMMITS]
    for token in sentence.tokens if named else ():
        if token.tag.startswith("N") and _is_of_a_meeting(token):
            yield from (m.code for m in named if m.start < token.end and m.end >= token.start)
            yield from (m.code for m in named if 0 < m.start - token.end <= _GENITIVE)


def last_met(read: Reading, sentence: Sentence, noun: Token | None = None) -> tuple[str, ...]:
    """Who met, or was to meet, in the sentences before: all who are named beside the last word for a meeting that tells who. `noun`
    calls what goes on: talks were no call before, if others were, negotiations and a summit never."""
    if noun is None:
        return _last(read, sentence, _any_meeting)
    same, other = (_calls, _talks) if is_call(noun) else (_talks, _calls)
    found = _last(read, sentence, same)
    return found or (() if _NO_CALL.search(noun.lemma) else _last(read, sentence, other))


def _last(read: Reading, sentence: Sentence, tells: Callable[[Sentence], bool]) -> tuple[str, ...]:
    """All of the last meeting that is told; those who settled something after it, unless they were among those who met."""
    settled: set[str] = set()
    for at in range(sentence.index - 1, max(-1, sentence.index - 1 - _MET_BACK), -1):
        before = read.document.sentences[at]
        if not tells(before):
            settled = settled or _who_settled(read, before)
            continue
        who = _who_met(read, before)
        if meets(who):
            return _few(settled if settled - who else who)
    return _few(settled) if meets(settled) else ()


def _few(who: set[str]) -> tuple[str, ...]:
    return tuple(sorted(who)) if len(who) <= _FEW else ()


def _who_met(read: Reading, before: Sentence) -> set[str]:
    named = {
        m.code
        for m in read.mentions[before.index]
        if (m.score >= _NAMED or m.kind == "compound") and not _MEDIATES.match(read.document.text, m.end)
    }
    who = {code for code in named if code and "-" not in code}
    return who | _host(read, before) if len(who) == 1 else who


def _who_settled(read: Reading, before: Sentence) -> set[str]:
    """Who agreed on something, or did not: "die Minister Polens und Litauens konnten sich nicht einigen"."""
    who = {code for c in before.clauses if _settles(c) for code in people(read, before, c, "subject")}
    return who if len(who) > 1 else set()


def _settles(clause: Clause) -> bool:
    return any(row.mutual and row.type is EventType.AGREE for row in lexicon().verbs.get(clause.predicate, ()))


def _any_meeting(before: Sentence) -> bool:
    return _talks(before) or _calls(before)


def _calls(before: Sentence) -> bool:
    return any(row.mode == "phone" for row in _rows_of(before))


def _talks(before: Sentence) -> bool:
    return any(row.mode != "phone" for row in _rows_of(before))


def _rows_of(before: Sentence) -> Iterator[Trigger]:
    """The rows of the words for a meeting in a sentence, also of a verb of which a part stands apart: "kommen wieder zusammen"."""
    known = lexicon()
    words = (known.nouns_of(t.lemma) if t.tag.startswith("N") else known.verbs.get(t.lemma, ()) for t in before.tokens)
    for rows in (*words, *(known.verbs.get(clause.predicate, ()) for clause in before.clauses)):
        yield from (row for row in rows if row.type is EventType.CONSULT)


def _host(read: Reading, sentence: Sentence) -> set[str]:
    """The state to which somebody travels: "Sikorski reist nach Minsk. Der Besuch beginnt am Freitag"."""
    return {p.place.country for p in read.places[sentence.index] if p.preposition == "nach" and p.place.country}


def _is_of_a_meeting(token: Token) -> bool:
    known = lexicon()
    found = known.nouns_of(token.lemma) if token.tag.startswith("N") else known.verbs.get(token.lemma, ())
    return any(row.type is EventType.CONSULT for row in found)
