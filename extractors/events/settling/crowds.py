"""Who demonstrates: the people of a state, and not the state whose embassy they stand before or against whom they march.

The codebook (section 4) tells them as the state's people ("RUS-CIV"). The weights have seen but few such acts, and take whoever
the sentence names for those who act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from extractors.actors import Mention
from extractors.actors.lexicon import states
from extractors.events.beside import after_preposition, in_genitive, near_noun
from extractors.events.reading import Reading
from extractors.events.weighing.features import Parties
from extractors.events.weighing.judge import Proposal
from extractors.language import Sentence
from extractors.ontology import EventType

CROWD = re.compile(
    r"(?:zehn|hundert)?tausende|(?:aber)?hunderte|dutzende|menschen(?:menge)?|leute|personen|bürger|einwohner|anhänger|unterstützer|oppositionelle|"
    r"angehörige|bewohner|veteranen|rentner|spediteure|landwirte|studenten|studierende|schüler|\w*arbeiter|beschäftigten?|rechtsextreme|nationalisten|frauen|\w*mütter|protestierende|"
    r"\w*(?:aktivist|demonstrant|gegner)(?:en|innen)?|\w*(?:demonstrierende|bauern|fahrer)",
    re.IGNORECASE,
)
"""who can be nobody but people"""
RALLY = re.compile(
    r"(?:[\w-]*demonstration|[\w-]*kundgebung|[\w-]*demo|mahnwache|protest(?:marsch|zug|aktion|versammlung)?|(?:massen|straßen|bauern)protest)"
    r"(?:en|e|s|n)?",
    re.IGNORECASE,
)
"""what people hold"""
DEMONSTRATORS = re.compile(r"\w*demonstrant(?:en|innen)|demonstrierende|protestierende", re.IGNORECASE)
"""who demonstrates by the word for him, whatever he is said to do"""
_PEOPLE = "-CIV"
_BY_STATES = frozenset({"boykottieren", "einlegen", "einbestellen"})
"""verbs at which it is governments that protest"""
EMBASSY = re.compile(r"(?:[Bb]otschaft|[Kk]onsulat|[Vv]ertretung|[Hh]auptquartier|[Zz]entrale)(?:e[ns]?|s|en)?$")
_WAR = re.compile(r"(?:[\w-]*[Kk]rieg|Überfall|Einmarsch|Invasion|Angriff)(?:e?s|e|en)?")
_WAGED_BY = MappingProxyType({"UKR": "RUS", "PSE": "ISR"})
"""who wages the war on whose ground; those who are against it are against them"""
_ARREST = "arrest"
_BORDER = re.compile(r"\w*[Gg]renze|\w*[Gg]renzüberg[aä]ng\w*")
_THERE = frozenset({"in", "im", "an", "am", "vor", "auf"})
_OF_THERE = frozenset({"von", "aus"})
""" "die Bewohner von Cherson" """
_NOT_THEIRS = frozenset(
    {"für", "wegen", "mit", "über", "zu", "zur", "zum", "vor", "an", "in", "im", "aus", "nach", "gegen", "von"}
)
"""what stands before those who do not demonstrate themselves"""
_ALONE = frozenset({"person", "office", "surname"})
"""how one is named who, where he acts for a state, is no crowd of its people; a party is none either, but somebody of it is"""
_AT_HOME = re.compile(
    r"(?i)(?:\w*regierung|\w*präsident(?:en|in)?|\w*führung|premier|\w*mobilmachung|\w*wahl(?:en|ergebnis|fälschung)?|\w*gesetz|\w*reform"
    r"|inhaftierung|verhaftung|festnahme|verurteilung|haftbedingungen|zugeständnisse|regime|repressionen|korruption)"
)
"""what people are against at home"""
_NEAR = 4
"""words behind "gegen" that say against what"""


def arrested_at_home(read: Reading, p: Proposal) -> Parties | None:
    """Who is arrested at a demonstration, and is told as nobody else's, is one of the people there (codebook, section 4)."""
    clause, candidate, who = p.clause, p.candidate, p.parties[0]
    if (
        p.type is not EventType.COERCE
        or candidate is None
        or candidate.mode != _ARREST
        or clause is None
        or len(who) != 1
    ):
        return None
    role, tokens = clause.subject if clause.voice == "passive" else clause.object, p.seen.sentence.tokens
    if role is None or not all(CROWD.fullmatch(tokens[head].text) for head in role.heads):
        return None
    rally = any(RALLY.fullmatch(token.text) or DEMONSTRATORS.fullmatch(token.text) for token in tokens)
    if not rally or read.in_role(p.seen.sentence, role):
        return None
    return who, (f"{who[0]}{_PEOPLE}",)


def people_protest(read: Reading, p: Proposal) -> Parties | None:
    """The people who demonstrate and against whom; None where somebody else is known to, or nobody can be named."""
    if p.type is not EventType.PROTEST or (p.clause is not None and p.clause.predicate in _BY_STATES):
        return None
    (who, whom) = whose_people(read, p.seen.sentence)
    if not who or who == p.parties[0]:
        return None
    home = who[0].split("-")[0]
    return who, whom or tuple(code for code in p.parties[1] if code not in (home, *who))


def whose_people(read: Reading, sentence: Sentence) -> Parties:
    """Whose people demonstrate in a sentence, and against whom; nobody where none is named and no place tells."""
    against = _against(read, sentence)
    who = next(_crowds(read, sentence, against), "")
    if not who:
        return (), ()
    whom = tuple(dict.fromkeys(m.code for m in against if m.code != who))
    if (wages := _who_wages_it(read, sentence)) and set(whom) <= _WAGED_BY.keys():
        return (who,), (wages,)
    # "Gegen die Inhaftierung Nawalnys": whose case it is they are not against.
    others = tuple(code for code in whom if not code.startswith(f"{who.split('-')[0]}-"))
    return (who,), others or _at_home(sentence, who) or whom


def _against(read: Reading, sentence: Sentence) -> tuple[Mention, ...]:
    """Who stands behind "gegen", or whose embassy is named, or to whom the border leads at which they stand."""
    found = after_preposition(read, sentence, range(len(sentence.tokens)), "gegen")
    found = found or tuple(m for m in read.mentions[sentence.index] if m.code and _is_of_embassy(sentence, m))
    return found or _who_is_to_go(read, sentence) or _behind_a_border(read, sentence)


def _who_is_to_go(read: Reading, sentence: Sentence) -> tuple[Mention, ...]:
    """ "Forderten den Rücktritt von Paschinjan"."""
    to_go = next((token for token in sentence.tokens if token.text == "Rücktritt"), None)
    if to_go is None:
        return ()
    return in_genitive(read, sentence, to_go) or near_noun(read, sentence, to_go, "von")


def _behind_a_border(read: Reading, sentence: Sentence) -> tuple[Mention, ...]:
    border = next((token.i for token in sentence.tokens if _BORDER.fullmatch(token.text)), None)
    return () if border is None else after_preposition(read, sentence, range(border, len(sentence.tokens)), "zu")


def _who_wages_it(read: Reading, sentence: Sentence) -> str:
    """Who wages the war that they are against: "gegen den Krieg in der Ukraine". Where the words do not say which war, it is that of
    the article."""
    words = [token.text for token in sentence.tokens]
    behind = sentence.tokens[words.index("gegen") + 1 :][:_NEAR] if "gegen" in words else ()
    war = next((token for token in behind if _WAR.fullmatch(token.text)), None)
    if war is None:
        return ""
    ground = [place.place.country for place in read.places[sentence.index] if place.start >= war.start]
    ground += [m.code for m in read.mentions[sentence.index] if m.start >= war.start]
    of_the_article = [code for code in _WAGED_BY if read.counts[code] and read.counts[_WAGED_BY[code]]]
    return next((_WAGED_BY[code] for code in (*ground, *of_the_article) if code in _WAGED_BY), "")


def _is_of_embassy(sentence: Sentence, mention: Mention) -> bool:
    behind = [t for t in sentence.tokens if t.start >= mention.start][:2]
    return any(EMBASSY.search(token.text) for token in behind)


def _at_home(sentence: Sentence, who: str) -> tuple[str, ...]:
    """Their own state, where they are against what is at home: "gegen die Mobilmachung", and the opposition always."""
    home, _, kind = who.partition("-")
    words = [token.text for token in sentence.tokens]
    behind = words[words.index("gegen") + 1 :][:_NEAR] if "gegen" in words else []
    return (home,) if kind == "OPP" or any(_AT_HOME.fullmatch(word) for word in behind) else ()


def _crowds(read: Reading, sentence: Sentence, against: Sequence[Mention]) -> Iterator[str]:
    """Whose people they may be, the likeliest first: those whom the words name, else those of the place."""
    for mention in read.mentions[sentence.index]:
        before = next(
            (t.text.lower() for t in reversed(sentence.before(mention.start)) if t.tag not in ("ART", "ADJA")), ""
        )
        if before in _NOT_THEIRS or (mention.kind in _ALONE) is (mention.code in states()):
            continue
        if not any(m.start < mention.end and mention.start < m.end for m in against):
            yield from _people_of(mention.code)
    for place in read.places[sentence.index]:
        theirs = (
            place.preposition in _OF_THERE
            and place.first > 1
            and CROWD.fullmatch(sentence.tokens[place.first - 2].text)
        )
        if (theirs or place.preposition in _THERE) and place.place.country:
            yield from _people_of(place.place.country)


def _people_of(code: str) -> Iterator[str]:
    if code in states():
        yield f"{code}{_PEOPLE}"
    elif "-" in code:
        yield code
