"""One sentence: who is named in it, and which words belong together ("der russische Vizeaußenminister Rjabkow")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from extractors.actors.aside import JOINED, UNIT, Aside
from extractors.actors.doubts import LANDS, refused
from extractors.actors.hits import LEARNED, Hit, Known
from extractors.actors.lexicon import Noun, Person, adjective, compound, held, lexicon, noun, single, states_of
from extractors.actors.words import ENVOYS, is_female, lexical, of_person
from extractors.language import Sentence, Token
from extractors.when.words import WEEKDAYS

_NO_IN = ("botschaft", "botschafter", "botschafterin", "konsulat", "gesandte", "gesandter", "korrespondent", "vertretung",
          "generalkonsulat", "konsul", "journalist", "reporter", "attaché", "geschäftsträger", "seite")  # fmt: skip
EMBASSIES = frozenset({"botschaft", "konsulat", "generalkonsulat"})
"""houses of a state abroad"""
FORMER_WORDS = re.compile(r"(?:ehemalig|früher|vormalig|einstig|damalig|ex)e?[nrsm]?$", re.IGNORECASE)
_CHANCELLOR = re.compile(r"(?:Bundesk|K)anzler(?:in)?s?")
_WITH_CHANCELLOR = frozenset({"DEU", "AUT", "CHE"})
"""states that have a chancellor; Switzerland's heads an office of its government"""
_SPEAKS_FOR = re.compile(
    r"(?:(?:Regierungs|Außenamts|Präsidialamts|(?:\w*[Mm]inisteriums|Präsidenten)-?)sprecher(?:in|innen|n|s)?"
    r"|Regierungs(?:vertreter(?:in|n)?|beamte[rn]?|mitarbeiter(?:in|n)?))"
)
_PARTICLES = frozenset({"von", "van", "de", "der", "al", "bin", "le", "la", "di"})
"""small words inside a name"""
_OF = frozenset({"der", "des", "von", "vom", "aus"})
NOT_NAMES = frozenset(
    "Uhr Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Januar Februar März April Mai Juni Juli August "
    "September Oktober November Dezember Foto Archivbild dpa AFP APA Reuters Video Twitter Telegram Facebook".split()
)


def scan(sentence: Sentence, known: Known) -> tuple[Hit, ...]:
    """The actors that a sentence names, in order, not overlapping."""
    units = found_in(sentence, known)
    kept = [_once(sentence.tokens, hit, known.on) for hit in units if not refused(sentence, hit, units)]
    return tuple(sorted(kept, key=lambda hit: hit.first))


def found_in(sentence: Sentence, known: Known, aside: Aside | None = None) -> list[Hit]:
    """What a sentence names, with what is no actor there (`doubts`); what is left aside before that is told to `aside`."""
    left = Aside() if aside is None else aside
    words = lexical(sentence, known, left)
    if not words and not any(noun(token.text) for token in sentence.tokens):
        return []
    return _named(sentence, _genitives(sentence, _units(sentence, words, left)), known, left)


def _once(tokens: Sequence[Token], hit: Hit, on: date | None) -> Hit:
    """Out of office ("der frühere Botschafter X"): a private person, unless our tables know better.

    "Der damalige Präsident X" and "unter Präsident X" have the code of that office, and the others ("der frühere", "Ex-Präsident") the
    one they have now.
    """
    if hit.kind not in ("office", "person") or not hit.codes or hit.noun is None:
        return hit
    before = [token.text for token in tokens[max(hit.first - 2, 0) : hit.first]]
    inside = [token.text for token in tokens[hit.first : hit.core + 2]]
    if "damalig" in " ".join((*before, *inside)) or before[-1:] in (["unter"], ["Unter"]):
        return replace(hit, codes=_of_office(hit.codes, hit.noun)) if hit.person else hit
    if hit.origin != "former office" and not any(FORMER_WORDS.fullmatch(word) for word in (*before[-1:], *inside)):
        return hit
    private = hit.origin == "taught" and "-" not in hit.codes[0]
    now = held(hit.person, on, on) if on is not None else ""
    codes = tuple(f"{code}-CIV" for code in hit.codes) if private else (now,) if now else hit.codes
    return replace(hit, codes=codes, origin="former office", score=min(hit.score, 0.75))


def _of_office(codes: Sequence[str], title: Noun) -> tuple[str, ...]:
    states = (code.split("-")[0] for code in codes)
    return tuple(f"{state}-{title.suffix}" if title.suffix else state for state in states)


# --- what belongs together ---------------------------------------------------------------------------------------------


def _units(sentence: Sentence, words: dict[int, Hit], aside: Aside) -> list[Hit]:
    """Adjectives and genitives with the noun that they make an actor of; nouns of ours are looked at only there."""
    tokens = sentence.tokens
    units: list[Hit] = []
    taken = -1
    for i in sorted(words):
        hit = words[i]
        if hit.first <= taken:
            continue
        if hit.kind == "adjective":
            hit = _with_noun(tokens, hit, words)
        elif hit.kind in ("name", "metonym") and _genitive_form(tokens, hit):
            hit = _with_owned(tokens, hit, words)
        elif aside.leaves(UNIT, tokens, hit, words):
            continue
        units.append(hit)
        taken = hit.last
    return units


def _noun_ahead(tokens: Sequence[Token], after: int, words: dict[int, Hit]) -> int | None:
    """The noun that an adjective at `after` belongs to, over further adjectives."""
    for k in range(after + 1, min(after + 5, len(tokens))):
        token = tokens[k]
        if token.tag in ("ADJA", "CARD", "ADJD", "ADV", "TRUNC") or token.text in ("und", "sowie", ",", "Vize-"):
            if k in words and words[k].kind == "adjective" and token.text not in ("und", ","):
                return None
            continue
        return k if token.text[:1].isupper() else None
    return None


def _with_noun(tokens: Sequence[Token], hit: Hit, words: dict[int, Hit]) -> Hit:
    k = _noun_ahead(tokens, hit.last, words)
    if k is not None and k in words and _envoy(words[k]):
        # "der russische UN-Botschafter" is Russia's.
        return replace(words[k], first=hit.first, codes=hit.codes, name=hit.name, origin="phrase", core=hit.core)
    head = noun(tokens[k].text.split("-")[-1].capitalize() if "-" in tokens[k].text else tokens[k].text) if k else None
    if k is None or head is None or (k in words and words[k].kind != "candidate" and not head.suffix):
        placed = k is not None and tokens[k].text.lower() in LANDS
        return replace(hit, origin="place", score=0.3) if placed or hit.origin == "region" else hit
    return _headed(hit, head, tokens[k].text, first=hit.first, last=k)


def _headed(hit: Hit, head: Noun, word: str, *, first: int, last: int) -> Hit:
    codes = tuple(f"{code.split('-')[0]}-{head.suffix}" for code in hit.codes) if head.suffix else hit.codes
    office = word if head.kind == "office" else ""
    return replace(hit, first=first, last=last, codes=codes, noun=head, office=office, female=is_female(head),
                   kind="office" if office else hit.kind, origin=hit.origin if hit.origin == "city" else "phrase",
                   score=max(hit.score, 0.95), capital=False)  # fmt: skip


def _genitive_form(tokens: Sequence[Token], hit: Hit) -> bool:
    text = tokens[hit.last].text
    return (text.endswith("s") and hit.name != text) or (hit.first > 0 and tokens[hit.first - 1].text in ("Der", "Des"))


def _with_owned(tokens: Sequence[Token], hit: Hit, words: dict[int, Hit]) -> Hit:
    """ "Russlands Präsident", "Moskaus stellvertretender Außenminister"."""
    if not tokens[hit.last].text.endswith("s"):
        return hit
    k = _noun_ahead(tokens, hit.last, words)
    if k is not None and k in words and _envoy(words[k]):
        return replace(words[k], first=hit.first, codes=hit.codes, name=hit.name, origin="phrase", core=hit.core)
    head = noun(tokens[k].text) if k is not None and k not in words else None
    if k is None or head is None:
        return hit
    return _headed(hit, head, tokens[k].text, first=hit.first, last=k)


def _genitives(sentence: Sentence, units: list[Hit]) -> list[Hit]:
    """ "der Präsident der Ukraine", "ein Sprecher des Kreml", "die Führung in Peking": the noun takes the name's code."""
    tokens = sentence.tokens
    found: list[Hit] = []
    for hit in units:
        if found and _sends(tokens, found[-1], hit):
            found[-1] = replace(found[-1], last=hit.last, codes=hit.codes, name=hit.name)
            continue
        if found and _sits_too(tokens, found[-1], hit):
            found.append(replace(hit, noun=found[-1].noun, origin="phrase", score=max(hit.score, 0.95), capital=False))
            continue
        start = _owner_start(tokens, hit)
        head = noun(tokens[start].text) if start is not None else None
        if start is None or head is None or any(other.first <= start <= other.last for other in units):
            found.append(hit)
            continue
        if head.ending.lstrip("*") in EMBASSIES and hit.noun is not None and hit.noun.kind == "body":
            # "Zugleich warf die Botschaft der Bundesregierung vor": embassies are of states.
            found.append(hit)
            continue
        word = tokens[start].text
        phrase = " ".join(token.text for token in tokens[start : hit.last + 1])
        # Where he speaks is a place, too: "sagte ein Regierungssprecher in Berlin".
        last = start if _SPEAKS_FOR.fullmatch(word) and tokens[hit.first - 1].text == "in" else hit.last
        merged = _headed(hit, head, word, first=start, last=last)
        found.append(replace(merged, office=phrase if merged.office else "", person="", female=is_female(head)))
    return found


def _envoy(hit: Hit) -> bool:
    """ "UN-Botschafter", "OSZE-Vertreterin": a compound that tells where somebody is sent, not by whom."""
    return (
        hit.kind == "office"
        and hit.noun is not None
        and hit.noun.ending.lstrip("*") in ENVOYS
        and len(hit.codes[0]) != 3
    )


def _sends(tokens: Sequence[Token], envoy: Hit, hit: Hit) -> bool:
    """ "der NATO-Botschafter der USA": an envoy is of whoever sends him, not of where he sits."""
    between = [token.text for token in tokens[envoy.last + 1 : hit.first]]
    sent = envoy.noun is not None and envoy.noun.ending.lstrip("*") in ENVOYS and envoy.kind == "office"
    owned = not between and tokens[hit.last].text.endswith("s") and hit.name != tokens[hit.last].text
    return sent and hit.kind in ("name", "metonym") and (owned or between in (["der"], ["des"], ["von"]))


def _sits_too(tokens: Sequence[Token], body: Hit, hit: Hit) -> bool:
    """ "die Regierungen in Oslo, Riga und Bern": the capitals behind the first are seats of such a body, too."""
    between = [token.text for token in tokens[body.last + 1 : hit.first]]
    if not hit.capital or body.noun is None or body.noun.kind != "body" or between not in ([","], ["und"], ["sowie"]):
        return False
    seat = tokens[body.last]
    return tokens[seat.i - 1].text == "in" or (body.first == body.last and body.origin == "phrase")


def _owner_start(tokens: Sequence[Token], hit: Hit) -> int | None:
    """Where the noun stands that a name in the genitive, with "von" or with "in" belongs to."""
    if hit.kind in ("person", "candidate") or hit.origin == "topic" or hit.first < 1:
        return None
    before = tokens[hit.first - 1].text
    if noun(before) and (_genitive_form(tokens, hit) and hit.kind in ("name", "metonym")):
        return hit.first - 1
    if before in _OF and hit.first >= 2 and (hit.kind != "adjective" or hit.noun is not None):
        if before == "aus" and not hit.capital:
            return None
        return hit.first - 2
    seat = hit.capital or hit.kind == "name"
    if before == "in" and hit.capital and (speaker := _who_speaks_there(tokens, hit.first - 2)) is not None:
        return speaker
    if before in ("in", "im") and hit.first >= 2 and seat:
        owner = noun(tokens[hit.first - 2].text)
        body = owner is not None and (owner.kind == "body" and not owner.suffix)
        here = hit.capital or tokens[hit.first - 2].text == "Regierung"
        return hit.first - 2 if here and body and owner and not owner.ending.lstrip("*").startswith(_NO_IN) else None
    return None


def _who_speaks_there(tokens: Sequence[Token], at: int) -> int | None:
    """ "Eine Ministeriumssprecherin in Moskau", "ein Regierungssprecher am Montag in Berlin": somebody unnamed who speaks where he is at
    home."""
    if at >= 2 and tokens[at].text.lower() in WEEKDAYS and tokens[at - 1].text == "am":
        at -= 2
    return at if at >= 0 and _SPEAKS_FOR.fullmatch(tokens[at].text) else None


# --- names after offices ---------------------------------------------------------------------------------------------


def _named(sentence: Sentence, units: list[Hit], known: Known, aside: Aside) -> list[Hit]:
    """Join offices with the names behind them; learn names that no table has; last the candidates nobody vouched for."""
    tokens = sentence.tokens
    by_first = {hit.first: hit for hit in units}
    joined: list[Hit] = []
    alone: list[Hit] = []
    taken = -1
    for hit in sorted(units, key=lambda one: one.first):
        if hit.first <= taken:
            continue
        if aside.leaves(JOINED, tokens, hit, by_first):
            continue
        hit = _bare_office(tokens, hit, joined, known) if hit.kind in ("person", "candidate") else hit
        if hit.noun is not None and hit.kind == "office" and not hit.person:
            hit = _with_name(tokens, hit, by_first, known)
        if hit.kind == "candidate":
            alone.append(hit)
            continue
        joined.append(hit)
        taken = hit.last
    return joined + alone


def _bare_office(tokens: Sequence[Token], hit: Hit, joined: list[Hit], known: Known) -> Hit:
    """ "Außenminister Lawrow", "Kanzler Scholz": a title without a nationality in front of a name."""
    at = hit.first - 1
    title = noun(tokens[at].text) if at >= 0 else None
    if title is None or title.kind != "office" or (joined and joined[-1].last >= at):
        return hit
    anothers = _of_another(None, title, hit)
    if anothers:
        return replace(hit, row=anothers)
    if hit.kind == "candidate":
        person = _by_office(hit.name, title, known.on)
        if person is None:
            return hit
        hit = of_person(person, hit.first, hit.last, known.on, "surname with office", 0.85)
    score = hit.score if hit.origin == LEARNED else max(hit.score, 0.9)
    return replace(hit, first=at, office=tokens[at].text, noun=title, score=score)


def _called(form: str) -> list[Person]:
    """The people of our tables with a surname."""
    return [p for _, entry in lexicon().phrases.get(form, ()) if entry.kind == "surname" for p in entry.people]


def _by_office(form: str, title: Noun, on: date | None) -> Person | None:
    stem = title.ending.lstrip("*")
    fitting = [p for p in _called(form) if any(stem in term.office.lower() for term in p.terms)]
    if len(fitting) > 1 and on is not None:
        fitting = [p for p in fitting if stem in p.term(on).office.lower() and p.term(on).holds(on)]
    return fitting[0] if len(fitting) == 1 else None


def _with_name(tokens: Sequence[Token], hit: Hit, by_first: Mapping[int, Hit], known: Known) -> Hit:
    after = by_first.get(hit.last + 1)
    if after is not None and after.kind == "candidate":
        person = _candidate_person(after.name, hit)
        if person is not None:
            after = of_person(person, after.first, after.last, known.on, "surname with office", 0.9)
    anothers = _of_another(hit, hit.noun, after) if after is not None and after.kind == "person" else ""
    if anothers:
        return replace(hit, row=anothers)
    if after is not None and after.kind == "person":
        if hit.origin == "topic":
            return replace(after, first=hit.first, office=hit.office, noun=hit.noun)
        if _envoy(hit) and after.codes[0].split("-")[0] != hit.codes[0]:
            return replace(after, first=hit.first, office=hit.office, noun=hit.noun, score=0.95)
        private = (
            after.codes[0].endswith("-CIV") and after.codes[0].split("-")[0] == (hit.codes or ("",))[0].split("-")[0]
        )
        codes = after.codes if hit.home or private else hit.codes
        return replace(after, first=hit.first, codes=codes, office=hit.office, noun=hit.noun, score=0.98, home=False)
    known_behind = after is not None and after.kind in ("name", "metonym")
    name = unknown_name(tokens, hit.last + 1) if hit.origin != "topic" and not known_behind else ()
    if not name:
        return hit
    end = hit.last + len(name)
    return replace(
        hit, last=end, kind="person", name=" ".join(name), person=" ".join(name), score=0.9,
        origin="former office" if hit.origin == "former office" else "taught",
        codes=tuple(f"{code.split('-')[0]}-CIV" for code in hit.codes) if hit.origin == "former office" else hit.codes,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` of a title (with the hit that it is told by, where it is one) that is not that of the person named behind it; `test` is a sentence
    in which the row says so of `word`."""

    name: str
    holds: Callable[[Hit | None, Noun | None, Hit], bool]
    test: str
    word: str


def _of_another(hit: Hit | None, title: Noun | None, person: Hit) -> str:
    """The row that says that a title is not that of the person behind it; "" where it may be."""
    return next((row.name for row in TITLES if row.holds(hit, title, person)), "")


def _of_other_sex(hit: Hit | None, title: Noun | None, person: Hit) -> bool:
    """She is not he."""
    if hit is None or person.codes[:1] == hit.codes[:1] or person.origin not in ("lexicon", "surname"):
        return False
    return None not in (hit.female, person.female) and hit.female is not person.female


def _is_no_chancellor(hit: Hit | None, title: Noun | None, person: Hit) -> bool:
    """Poland has none."""
    if title is None or not _CHANCELLOR.fullmatch(title.word) or not person.codes:
        return False
    return not (_WITH_CHANCELLOR & {person.codes[0].split("-")[0], *states_of(person.person)})


TITLES = (
    Row(
        name="a woman's title before a man's name, or a man's before a woman's",
        holds=_of_other_sex,
        test="Am Abend rief die finnische Außenministerin Selenskyj an.",
        word="finnische",
    ),
    Row(
        name="of a state that has no chancellor",
        holds=_is_no_chancellor,
        test="Am Abend dankte der Kanzler Tusk.",
        word="Tusk",
    ),
)


def _candidate_person(form: str, hit: Hit) -> Person | None:
    states = {code.split("-")[0] for code in hit.codes}
    fitting = [p for p in _called(form) if any(term.code.split("-")[0] in states for term in p.terms)]
    return fitting[0] if len(fitting) == 1 else None


def unknown_name(tokens: Sequence[Token], start: int) -> tuple[str, ...]:
    """One to four words of a name that no table has: proper nouns, with "von", "de", "al" inside."""
    name: list[str] = []
    for token in tokens[start : start + 5]:
        text = token.text
        particle = text.lower() in _PARTICLES and bool(name)
        if particle and len(name) < 4:
            name.append(text)
            continue
        # "Der Sprecher Anna Muster der Miliz vorwarf": a noun behind "der" is no name.
        may_be_noun = len(name) == 1 and name[-1].lower() not in _PARTICLES
        proper = token.tag in ("NE", "FM", "XY") or (token.tag == "NN" and may_be_noun and text not in NOT_NAMES)
        if not proper or not text[:1].isupper() or text in NOT_NAMES or len(text) < 2 or compound(text) or noun(text):
            break
        if adjective(text) or (not name and single(text) is not None) or (len(name) > 1 and _is_state(text)):
            break
        name.append(text)
    while name and name[-1].lower() in _PARTICLES:
        name.pop()
    return tuple(name[:2] if _are_two(name) else name)


_OF_TWO = 4
"""words of two names that stand beside each other"""


def _are_two(name: Sequence[str]) -> bool:
    """Whether words are somebody's name and then another's in the genitive: "weil Ingmar Muster Annika Beispiels Nachfolger wird"."""
    return len(name) == _OF_TWO and name[-1].endswith(("s", "’", "'")) and _PARTICLES.isdisjoint(map(str.lower, name))


def _is_state(word: str) -> bool:
    """ "Außenministerin Anna Muster Armenien": what follows two names and is a state's, or its capital's, is none of them."""
    entry = single(word)
    return entry is not None and entry.kind in ("name", "capital")
