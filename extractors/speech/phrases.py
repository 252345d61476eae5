"""Noun phrases as speakers: where one begins that can be the subject, and how far its words belong to the name."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.language import Token
from extractors.language.marks import MARKS

_INSIDE = frozenset("ART PDAT PIAT PIDAT PPOSAT PRELAT ADJA CARD NN NE TRUNC NNA NNI FM".split())
_NOUNS = frozenset("NN NE NNA NNI FM XY".split())
_PRONOUNS = frozenset("PPER PDS PIS PWS PPOSS".split())
_CLOSING = frozenset("“”\"«‘’'")
_NOT_SPEAKERS = frozenset("es sich ihm ihr ihn ihnen mir mich uns dem den".split())
_SUBJECTS = frozenset("dieser diese beide andere letzterer letztere man".split())
_OBLIQUE = frozenset("des dem den einem eines einen".split())
_SURE = frozenset({"er", "wir", "ich", "man", "dieser"})
_TIMES = frozenset(
    "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Morgen Abend Mittag Nachmittag Vormittag Nacht Woche Tag Jahr "
    "Monat Wochenende Uhr Stunde Minute Sekunde Mitte Anfang Ende Vorabend Vortag Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
)


def phrase(tokens: Sequence[Token], start: int, stop: int) -> int:
    """Where the noun phrase that begins at `start` ends (exclusive), genitives, names, brackets and places included."""
    i, head, attached = start, -1, False
    while i < stop:
        token = tokens[i]
        if token.tag in _PRONOUNS:
            return i + 1 if head < 0 else _with_closing(tokens, head + 1, stop)
        if token.tag in _NOUNS:
            if head >= 0 and not attached and _another(tokens, i, head):
                break
            i, head, attached = i + 1, i, False
            continue
        step = _inside(tokens, i, start, stop) if head < 0 else _behind(tokens, i, stop, attached)
        if step is None:
            break
        i, attached, closing = step
        head = i - 1 if closing else head
    return _with_closing(tokens, head + 1, stop) if head >= 0 else start


def _inside(tokens: Sequence[Token], i: int, start: int, stop: int) -> tuple[int, bool, bool] | None:
    """A step before the noun: where to go on, whether the next noun is attached, whether this one closes the phrase."""
    if tokens[i].text in MARKS or tokens[i].tag in _INSIDE or _adverbial(tokens, i, stop):
        return i + 1, False, False
    attribute = _attribute(tokens, i, stop) if i > start else None
    return (attribute + 1, False, False) if attribute is not None else None


def _behind(tokens: Sequence[Token], i: int, stop: int, attached: bool) -> tuple[int, bool, bool] | None:
    """A step behind the noun: genitives, "und Y", brackets, "von Z"."""
    token = tokens[i]
    if token.text in MARKS:
        return i + 1, attached, False
    if token.tag in _INSIDE:
        return (i + 1, True, False) if attached or _genitive(token) else None
    if _adverbial(tokens, i, stop):
        return i + 1, attached, False
    if token.text == "(" and (closing := _bracket(tokens, i, stop)) is not None:
        return closing + 1, attached, True
    joined = token.tag == "KON" and _goes_on(tokens, i, stop)
    return (i + 1, True, False) if joined or (token.tag in _PREPOSITIONS and _attached(tokens, i, stop)) else None


_PREPOSITIONS = frozenset({"APPR", "APPRART"})


def _attribute(tokens: Sequence[Token], i: int, stop: int) -> int | None:
    """ "der von Moskau eingesetzte Vertreter": the adjective at the end of what stands between article and noun."""
    noun = tokens[i].tag not in _PREPOSITIONS or tokens[i].text == "als"
    for k in range(i, min(i + 9, stop - 1)):
        if tokens[k].text in (",", ":") or tokens[k].tag.endswith("FIN"):
            return None
        if tokens[k].tag == "ADJA" and k > i and noun and tokens[k + 1].tag in _NOUNS:
            return k
        noun = noun or tokens[k].tag in _NOUNS
    return None


def _with_closing(tokens: Sequence[Token], end: int, stop: int) -> int:
    """Take in the mark that closes a name in quotation marks."""
    return end + 1 if end < stop and tokens[end].text in _CLOSING else end


def _another(tokens: Sequence[Token], i: int, head: int) -> bool:
    """A noun right behind a name begins another phrase: "laut Airbus Bestellungen"."""
    before = tokens[i - 1]
    return (
        i - 1 == head
        and before.tag == "NE"
        and tokens[i].tag == "NN"
        and not before.text.endswith(("s", "-"))
        and "-" not in tokens[i].text
    )


def _genitive(token: Token) -> bool:
    """Whether a determiner or adjective behind a noun can go on with it ("Angaben deutscher Behörden")."""
    if token.tag == "CARD" or (token.tag == "ART" and token.case and "gen" not in token.case):
        return False
    if token.tag == "ADJA" and token.text.endswith("es"):
        return False  # "aus türkischer Sicht | unzureichendes Vorgehen"
    return token.text.lower().endswith(("er", "es")) and token.text.lower() not in ("er", "es", "aber")


def apposed(tokens: Sequence[Token], end: int, case: str = "nom") -> int:
    """The end of a name with its apposition: "Bill Graham, Parteichef der Liberalen," """
    if end >= len(tokens) or tokens[end].text != ",":
        return end
    first = tokens[end + 1] if end + 1 < len(tokens) else None
    if (
        first is None
        or first.tag not in ("NN", "NE", "ADJA", "ART", "NNA")
        or (first.tag == "ART" and case not in first.case)
    ):
        return end
    stop = phrase(tokens, end + 1, len(tokens))
    closes = stop >= len(tokens) or tokens[stop].text in (",", ".", ":", "!", "?")
    return stop if stop > end + 1 and closes else end


def _adverbial(tokens: Sequence[Token], i: int, stop: int) -> bool:
    return tokens[i].tag in ("ADJD", "ADV") and i + 1 < stop and tokens[i + 1].tag == "ADJA" and i > 0


def _goes_on(tokens: Sequence[Token], i: int, stop: int) -> bool:
    """ "Kanzler X und Minister Y": a noun phrase follows before any verb."""
    for token in tokens[i + 1 : stop]:
        if token.tag in _NOUNS:
            return True
        if token.tag not in _INSIDE:
            return False
    return False


def _bracket(tokens: Sequence[Token], i: int, stop: int) -> int | None:
    return next((k for k in range(i + 1, min(i + 6, stop)) if tokens[k].text == ")"), None)


def _attached(tokens: Sequence[Token], i: int, stop: int) -> bool:
    """ "der Chef von X", "ein Sprecher im Ministerium": prepositions that go with a name; no times."""
    if tokens[i].text.lower() not in ("von", "vom", "für", "in", "im", "aus", "der", "beim", "bei", "zur", "um"):
        return False
    for token in tokens[i + 1 : min(i + 4, stop)]:
        if token.tag in _NOUNS and tokens[i].text.lower() in ("im", "beim"):
            return token.text.lower().endswith(_HOUSES)
        if token.tag in _NOUNS and tokens[i].text.lower() == "aus":
            return token.tag == "NE"
        if token.tag in _NOUNS:
            return tokens[i].text.lower() in ("von", "vom", "für", "aus", "um", "der") and not is_time(token)
    return False


_HOUSES = ("ministerium", "amt", "rat", "parlament", "bundestag", "senat", "kongress", "haus", "kreml", "kommission")


def is_time(token: Token) -> bool:
    return (
        token.lemma in _TIMES
        or token.text in _TIMES
        or (
            any(token.text.endswith(t.lower()) for t in ("tag", "abend", "morgen"))
            and token.text[0].isupper()
            and token.lemma.endswith(("ntag", "stag", "abend", "morgen", "mittag"))
        )
    )


def subject(tokens: Sequence[Token], verb: int, start: int, end: int) -> tuple[int, int] | None:
    """The phrase [a, b) that can be the subject of the finite verb at `verb` within tokens [start, end)."""
    pronoun = next((i for i in range(verb + 1, min(verb + 3, end)) if tokens[i].text in _SURE), None)
    if pronoun is not None:
        return pronoun, pronoun + 1  # "Der Politik schlug er vor, …"
    before = _first(tokens, start, verb) if start < verb else None
    if before is not None:
        return before[0], _forefield(tokens, *before, verb)
    after = _first(tokens, verb + 1, end)
    if after is None and verb + 1 < end and tokens[verb + 1].text[0].isupper() and tokens[verb + 1].tag not in _INSIDE:
        # A name that the tagger does not know.
        return verb + 1, verb + 2
    return after


def _forefield(tokens: Sequence[Token], a: int, b: int, verb: int) -> int:
    """Before the verb of a main clause stands one constituent: "Das Komitee im norwegischen Oslo | würdigte"."""
    end = verb
    while end > b and tokens[end - 1].tag in ("ADV", "PTKNEG", "ADJD", "PROAV", "PAV", "PRF", "PPER"):
        end -= 1
    between = tokens[b:end]
    if between and between[0].tag in ("APPR", "APPRART", "NN", "NE") and not any(is_time(t) for t in between):
        return end if all(t.pos not in ("VERB", "AUX") for t in between) else b
    return b


def _first(tokens: Sequence[Token], start: int, stop: int) -> tuple[int, int] | None:
    """The first noun phrase in a stretch that is not governed by a preposition and can be nominative."""
    i = start
    while i < stop:
        token = tokens[i]
        if token.tag in ("APPR", "APPRART"):
            i = max(phrase(tokens, i + 1, stop), i + 1)
            continue
        if (
            token.tag in _PRONOUNS
            or token.tag in _INSIDE
            or (token.text in MARKS and i + 1 < stop and tokens[i + 1].tag in _NOUNS)
        ):
            end = phrase(tokens, i, stop)
            if end > i and _nominative(tokens, i, end):
                return i, end
            i = max(end, i + 1)
            continue
        i += 1
    return None


def _weak_ending(words: Sequence[Token]) -> str:
    """ "der Vorsitzende" is a nominative, "der Vorsitzenden" none: e, en or "" where no adjective shows it."""
    for token in words[1:]:
        if token.tag in ("ADJA", "NNA"):
            return "e" if token.text.endswith("e") else "en" if token.text.endswith("en") else ""
        if token.tag in _NOUNS:
            return ""
    return ""


def _nominative(tokens: Sequence[Token], a: int, b: int) -> bool:
    words = [t for t in tokens[a:b] if t.text not in MARKS]
    if not words:
        return False
    first = words[0]
    if first.text.lower() in _NOT_SPEAKERS:
        return False
    if first.tag in _PRONOUNS:
        return "nom" in first.case or first.text.lower() in _SUBJECTS
    nouns = [t for t in words if t.tag in _NOUNS]
    # "Frankreichs Präsident": the genitive before is not the head.
    head = nouns[1] if len(nouns) > 1 and nouns[0] is first and first.case == ("gen",) else next(iter(nouns), None)
    if head is None or is_time(head):
        return False
    if first.text.lower() == "der" and (weak := _weak_ending(words)):
        return weak == "e"
    if a == 0 and first.tag == "ART" and first.text in ("Der", "Ein"):
        return True
    if head.tag == "NE" and len(nouns) == 1 and head is first:
        return True  # "Franziskus", "Carriles": names in -s look like genitives
    return "nom" in (head.case or ("nom",)) and (first.tag != "ART" or first.text.lower() not in _OBLIQUE)
