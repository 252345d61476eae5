"""The words by which one act, story or demand is told from others: their stems, without names and what everybody says."""

from __future__ import annotations

import functools
import re

from extractors.model import Event
from extractors.ontology import EventType, Status

# An attack is the war as a whole (every report tells of it in half a sentence) or one strike; the one is never the other.
WAR = "<war>"
_WAR = re.compile(
    r"invasion|einmarsch|einmarschier|einzumarschier|überfall|überfiel|angriffskrieg|großangriff"
    r"|angriff(?:e?s|en?)? (?:\w+ )?auf (?:die ukraine|das gesamte)|(?:russischen?|russlands) angriff(?:e?s)?\b"
    r"|angriff(?:e?s)? russlands|(?:beginn|anfang|ausbruch) der (?:\w+ )?(?:angriffe|kämpfe|kampfhandlungen)"
    r"|krieg\w* gegen die ukraine|kriegsbeginn|aggression",
    re.IGNORECASE,
)
# What any report of fighting says.
_FIGHTING = frozenset(
    "angriff angriffe angriffen angriffs soldat soldaten truppen streitkräfte streitkräften getötet getötete verletzt "
    "armee militär militärs raketen rakete stadt städte region menschen ministerium verteidigungsministerium".split()
)

_WORD = re.compile(r"\w{4,}")
_COMMON = frozenset(
    "aber alle allem auch auf beim dass dann dazu dem den der des deren dessen dies diese diesem diesen dieser doch "
    "durch eine einem einen einer eines erst gegen habe haben hatte hatten hier ihre ihrem ihren ihrer ihres immer "
    "jetzt kann kein keine könne könnte mehr mit muss müsse nach nicht noch oder ohne sagte sagt seien sein seine "
    "seinem seinen seiner seines sich sind sollen soll sollte sowie über unter wegen weil weiter welche wenn werde "
    "werden wieder will wird wolle worden würde wurde wurden zwischen zum zur bereits nun zuvor damit demnach laut "
    "angaben erklärte teilte mitgeteilt montag dienstag mittwoch donnerstag freitag samstag sonntag sonnabend heute "
    "gestern morgen präsident präsidenten präsidentin minister ministerin außenminister außenministerin kanzler "
    "bundeskanzler regierung land jahr jahre jahren tage tagen woche wochen uhr deutschen deutsche".casefold().split()
)


# The parties are compared by their codes; their names would count a second time.
_NAMES = re.compile(
    r"russ|rußl|ukrain|europ|amerik|deutsch|franz|frankr|brit|poln|polen|türk|chines|china|nordkorea|österreich|nato|"
    r"moskau|kreml|kiew|washington|brüssel|berlin|paris|london|wien|putin|selensk|biden|trump|scholz|macron|lawrow|"
    r"wladimir|wolodymyr|olaf|emmanuel|donald|joe\b|sergej|jens|stoltenberg|baerbock|nehammer|erdo|kim|west"
)


@functools.lru_cache(8192)  # of one sentence it is asked for every act that it may tell of
def stems(text: str) -> frozenset[str]:
    """What the evidence speaks of: its longer words without endings, without names of parties and common words."""
    return frozenset(filter(None, map(stem, _WORD.findall(text))))


@functools.lru_cache(8192)
def stem(word: str) -> str:
    """A longer word without its ending; nothing of a party's name, or of a common word."""
    bare = word.casefold()
    if bare in _COMMON or _NAMES.match(bare):
        return ""
    ending = _ENDING.search(bare, _LEFT)
    return bare[: ending.start()] if ending else bare


_LEFT = 4
"""letters that a word is left with at least"""
_ENDING = re.compile(r"(?:ungen|ung|ern|en|er|es|em|e|n|s|t)$")


# Joins a sentence to the one before, or helps a verb: long enough for a stem, but two sentences that share it share nothing.
FILLING = frozenset(
    map(
        stem,
        "zudem außerdem unterdessen indes dabei daher deshalb jedoch allerdings etwa rund seit gibt gebe hieß heißt heiße "
        "würden hätte hätten wäre wären könne könnten sollten müssten andere anderem anderen anderer anderes mehrere mehreren "
        "beide beiden unser unsere unserem unseren".split(),
    )
)


# What any demand, and any answer to one, says: the type tells it.
_DEMANDING = re.compile(
    r"(?:auf|ge|ein|nach)*(?:forder|verlang)|aufruf|aufgeruf|gebet|appell|(?:ab|zurück)?(?:ge)?(?:lehn|wies|weis)|zurück"
    r"|(?:zu|ver)(?:ge)?(?:sag|sprech|sprach|sproch|sprich)|weiter|erneu|wiederhol|bekräftig|aussich|(?:ge)?stellt?$"
)


@functools.lru_cache(8192)
def demanded(text: str) -> frozenset[str]:
    """What a demand, or the answer to one, is about: its stems, but what any of them says.

    >>> sorted(demanded("Wien hat Rom erneut aufgefordert, weitere Brücken zu sperren."))
    ['brück', 'sperr']
    >>> sorted(demanded("Rom stellte Wien Brücken in Aussicht."))
    ['brück']
    """
    return frozenset(word for word in stems(text) if not _DEMANDING.match(word))


_IT = re.compile(
    r"\b(?:die|der|diese[rn]?|den|dem|diesem|das|dies|einer|einem) (?:\w+ )?"
    r"(?:Forderung|Aufforderung|Wunsch|Bitte|Ersuchen|Verlangen|Appell)\b(?!,| (?:nach|auf|zum|zur)\b)"
)
"""what is said of a demand that is known, without its matter: "die Forderung aus Oslo", not "die Forderung nach Panzern" """


def only_points(event: Event) -> bool:
    """Whether a sentence speaks of a demand that its readers know, and does not say which."""
    return _IT.search(event.evidence.quote) is not None


def matter(event: Event) -> frozenset[str]:
    """The words that tell an event from others of its kind; of an attack, whether it is the war as a whole."""
    if event.type is EventType.REQUEST:
        return demanded(event.evidence.quote)
    if event.type is not EventType.ASSAULT:
        return stems(event.evidence.quote)
    if _WAR.search(event.evidence.quote) or (event.status is Status.HYPOTHETICAL and not event.place):
        return frozenset({WAR})
    words = _WORD.findall(event.evidence.quote)
    return stems(" ".join(word for word in words if word.casefold() not in _FIGHTING))
