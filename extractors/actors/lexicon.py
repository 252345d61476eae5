"""The gazetteer of actors in memory: what the CSV tables say, with all inflected forms, looked up by word."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from extractors.actors.checking import check
from extractors.files import csv_of

_DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One office of a person, with the actor's code while in it. `until` None: still in office as far as we know."""

    code: str
    office: str
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody we know by name. `famous`: the surname alone says who is meant."""

    name: str
    terms: tuple[Term, ...]
    female: bool
    famous: bool

    def term(self, on: date | None) -> Term:
        """The office on a day; the last one before it, else the first; without a day the latest."""
        if on is None:
            return self.terms[-1]
        holding = [term for term in self.terms if term.holds(on)]
        if holding:
            return holding[-1]
        begun = [term for term in self.terms if term.since <= on]
        return begun[-1] if begun else self.terms[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party governs or opposes: its code depends on the day."""

    name: str
    terms: tuple[Term, ...]

    def code(self, on: date | None) -> str:
        holding = [term for term in self.terms if on is None or term.holds(on)]
        return (holding or list(self.terms))[-1].code


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a name in the text stands for. Persons and parties are dated, so they carry no code of their own."""

    kind: str
    """name, metonym, capital, continent, compound, inhabitant, surname or person"""
    code: str = ""
    name: str = ""
    people: tuple[Person, ...] = ()
    party: Party | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A noun that makes an actor of a nationality: "Truppen" (body), "Vizeaußenminister" (office)."""

    word: str
    kind: str
    suffix: str
    gender: str
    ending: str
    """the row of the table that matched"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compound:
    """One word that names an actor and something else: "US-Truppen", "NATO-Russland-Rat", "Kremlsprecher"."""

    parts: tuple[Entry, ...]
    noun: Noun | None
    head: str
    former: bool = False
    home: bool = False
    """ "Bundes…": the country is that of the newsroom, which only the article tells"""


Phrase = tuple[tuple[str, ...], Entry]

_ADJECTIVE_ENDINGS = ("e", "en", "er", "es", "em")
_CLOSED = MappingProxyType({"kreml": "Kreml", "pentagon": "Pentagon", "nato": "NATO"})
"""what begins a word without a hyphen: "Kremlsprecher" """
_STATE = 3
"""letters of a state's code"""
_REGIONS = ("ost", "west", "nord", "süd", "zentral", "nordost", "südost", "südwest", "nordwest", "inner")
_NOT_OURS = frozenset({"nicht", "anti", "pro", "post"})
_FORMER = frozenset({"ex", "alt"})
_SINGLES = frozenset({"noch", "vize", "top", "chef", "interims"})


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything by its first word; the longest phrase first."""

    phrases: dict[str, tuple[Phrase, ...]]
    adjectives: dict[str, tuple[str, ...]]
    stems: dict[str, str]
    cities: dict[str, str]
    """ "Moskauer": of the capital's government, before a noun that says so"""
    names: dict[str, str]
    """code → our German name of it"""


def _rows(file: str, *columns: str) -> Iterator[dict[str, str]]:
    return (row for _, row in csv_of(_DATA / file, *columns))


def _genitive(name: str) -> tuple[str, ...]:
    """
    >>> _genitive("Russland")
    ('Russland', 'Russlands')
    >>> _genitive("Paris")
    ('Paris',)
    """
    return (name,) if name[-1:] in "sxzß’'." else (name, name + "s")


@functools.cache
def lexicon() -> Lexicon:
    """Read the tables once. Raises BrokenFileError where a table is broken."""
    check(_DATA)
    phrases: dict[str, list[Phrase]] = defaultdict(list)
    adjectives: dict[str, list[str]] = defaultdict(list)
    stems: dict[str, str] = {}
    cities: dict[str, str] = {}
    names: dict[str, str] = {}
    for forms, entry in (*_states(names), *_organisations(names), *_parties(), *_people()):
        for form in forms:
            words = _words(form)
            phrases[words[0]].append((words, entry))
            if words[0][0].islower():
                first = words[0][0].upper() + words[0][1:]
                phrases[first].append(((first, *words[1:]), entry))
    for row in _rows("states.csv", "code", "adjective", "capital"):
        for stem in filter(None, row["adjective"].split("|")):
            stems[stem] = row["code"]
            for form in _inflected(stem):
                adjectives[form].append(row["code"])
        for capital in filter(None, row["capital"].split("|")):
            cities[capital + "er"] = row["code"]
    for row in _rows("adjectives.csv", "stem", "codes"):
        several = [code for code in row["codes"].split("|") if code]
        for form in _inflected(row["stem"]):
            adjectives[form] = several
    adjectives["Schweizer"] = ["CHE"]
    cities["Brüsseler"] = "EU"
    return Lexicon(
        phrases={word: tuple(sorted(found, key=lambda one: -len(one[0]))) for word, found in phrases.items()},
        adjectives={form: tuple(codes) for form, codes in adjectives.items()},
        stems=stems,
        cities=cities,
        names=names,
    )


_INITIALS = re.compile(r"(?<=\b[A-Z]\.) (?=[A-Z]\.)")


def _words(form: str) -> tuple[str, ...]:
    """The tokens of a name: initials in a row are one, as the tokenizer has them.

    >>> _words("J. D. Vance")
    ('J. D.', 'Vance')
    """
    return tuple(word.replace("\0", " ") for word in _INITIALS.sub("\0", form).split(" "))


def _inflected(stem: str) -> Iterator[str]:
    for ending in _ADJECTIVE_ENDINGS:
        yield stem + ending
        yield stem[0].upper() + stem[1:] + ending


def _states(names: dict[str, str]) -> Iterator[tuple[Iterable[str], Entry]]:
    for row in _rows("states.csv", "code", "name", "variants", "adjective", "inhabitant", "capital", "seats"):
        code = names[row["code"]] = row["code"]
        names[code] = row["name"]
        entry = Entry(kind="name", code=code, name=row["name"])
        for name in filter(None, (row["name"], *row["variants"].split("|"))):
            yield _genitive(name), entry
        for name in filter(None, row["seats"].split("|")):
            yield _genitive(name), replace(entry, kind="metonym", name=name)
        for name in filter(None, row["capital"].split("|")):
            yield _genitive(name), replace(entry, kind="capital", name=name)
        for word in filter(None, row["inhabitant"].split("|")):
            yield _inhabitants(word), replace(entry, kind="inhabitant")


def _inhabitants(word: str) -> tuple[str, ...]:
    """
    >>> _inhabitants("Russe")
    ('Russe', 'Russen')
    >>> _inhabitants("Ukrainerin")
    ('Ukrainerin', 'Ukrainerinnen')
    """
    if word.endswith("in"):
        return word, word + "nen"
    if word == "Deutscher":
        return "Deutscher", "Deutschen", "Deutschem"
    if word.endswith("e"):
        return word, word + "n"
    if word.endswith("er"):
        return word, word + "s", word + "n"
    return word, word + "s", word + "n", word + "en"


def _organisations(names: dict[str, str]) -> Iterator[tuple[Iterable[str], Entry]]:
    for row in _rows("organisations.csv", "code", "name", "variants", "kind"):
        code = row["code"]
        names.setdefault(code, row["name"])
        entry = Entry(kind=row["kind"], code=code, name=row["name"])
        for name in filter(None, (row["name"], *row["variants"].split("|"))):
            yield _genitive(name) if " " not in name else (name,), entry


def _parties() -> Iterator[tuple[Iterable[str], Entry]]:
    terms: dict[str, list[Term]] = defaultdict(list)
    forms: dict[str, set[str]] = defaultdict(set)
    for row in _rows("parties.csv", "name", "variants", "code", "from", "to"):
        terms[row["name"]].append(_term(row, ""))
        forms[row["name"]] |= {row["name"], *filter(None, row["variants"].split("|"))}
    for name, found in terms.items():
        party = Party(name=name, terms=tuple(found))
        yield sorted(forms[name]), Entry(kind="name", name=name, party=party)


def _term(row: dict[str, str], office: str) -> Term:
    until = date.fromisoformat(row["to"]) if row["to"] else None
    return Term(code=row["code"], office=office, since=date.fromisoformat(row["from"]), until=until)


def _people() -> Iterator[tuple[Iterable[str], Entry]]:
    terms: dict[str, list[Term]] = defaultdict(list)
    rows: dict[str, dict[str, str]] = {}
    for row in _rows("people.csv", "code", "first", "last", "office", "from", "to", "flags"):
        name = f"{row['first'].split('|')[0]} {row['last'].split('|')[0]}".strip()
        terms[name].append(_term(row, row["office"]))
        rows.setdefault(name, row)
    by_surname: dict[str, list[Person]] = defaultdict(list)
    for name, row in rows.items():
        ordered = tuple(sorted(terms[name], key=lambda term: term.since))
        person = Person(name=name, terms=ordered, female="f" in row["flags"], famous="s" in row["flags"])
        lasts, firsts = row["last"].split("|"), row["first"].split("|")
        full = [f"{first} {last}".strip() for first in firsts for last in lasts]
        yield [form for one in full for form in _genitive(one)], Entry(kind="person", name=name, people=(person,))
        if row["first"]:
            for form in {form for last in lasts for form in _genitive(last)}:
                by_surname[form].append(person)
    for form, people in by_surname.items():
        yield (form,), Entry(kind="surname", name=form, people=tuple(people))


@functools.cache
def _nouns() -> dict[str, Noun]:
    found: dict[str, Noun] = {}
    for row in _rows("actor_nouns.csv", "noun", "kind", "suffix", "gender", "match"):
        ending = row["noun"] if row["match"] == "word" else "*" + row["noun"]
        found[row["noun"]] = Noun(
            word=row["noun"], kind=row["kind"], suffix=row["suffix"], gender=row["gender"], ending=ending
        )
    return found


@functools.lru_cache(maxsize=100_000)
def noun(word: str) -> Noun | None:
    """The noun of the table that a word is or ends in, whatever its case.

    >>> noun("Vizeaußenministerinnen").ending
    '*ministerin'
    >>> noun("Einführung") is None
    True
    """
    if not word[:1].isupper():
        return None
    low = word.lower()
    for form in _stems(low):
        found = _ending(form)
        if found is not None:
            return replace(found, word=word, gender="p" if low.endswith("innen") else found.gender)
    return None


def _stems(low: str) -> Iterator[str]:
    yield low
    if low.endswith("innen"):
        yield low[:-3]
    for ending in ("es", "en", "ern", "s", "n", "e"):
        if low.endswith(ending):
            yield low[: -len(ending)]


def _ending(form: str) -> Noun | None:
    nouns = _nouns()
    if form in nouns:
        return nouns[form]
    for at in range(2, len(form) - 3):
        found = nouns.get(form[at:])
        if found is not None and found.ending.startswith("*"):
            return found
    return None


@functools.cache
def towns() -> frozenset[str]:
    """The towns of the table of places; some are surnames, too."""
    return frozenset(row["name"] for row in _rows("places.csv", "name", "kind") if row["kind"] == "city")


def states_of(name: str) -> frozenset[str]:
    """The states for which somebody has held office: "der Norweger" is who governed Norway before he led the NATO."""
    return frozenset(term.code for person in _known_as(name) for term in person.terms if len(term.code) == _STATE)


def held(name: str, first: date, last: date) -> str:
    """The code that somebody had throughout these days; empty where he changed it, held no office, or is not known.

    >>> held("Petro Poroschenko", date(2018, 1, 1), date(2018, 12, 31)), held("Petro Poroschenko", date(2019, 1, 1), date(2019, 12, 31))
    ('UKR', '')
    """
    codes = {
        frozenset(term.code for term in person.terms if term.holds(day))
        for person in _known_as(name)
        for day in (first, last)
    }
    only = codes.pop() if len(codes) == 1 else frozenset()
    return next(iter(only)) if len(only) == 1 else ""


def _known_as(name: str) -> Iterator[Person]:
    first = name.split()[0] if name else ""
    people = (p for _, entry in lexicon().phrases.get(first, ()) if entry.kind == "person" for p in entry.people)
    return (person for person in people if person.name == name)


def single(word: str) -> Entry | None:
    """The entry whose only word this is, if there is one; no surnames that need more to be sure."""
    for words, entry in lexicon().phrases.get(word, ()):
        if len(words) == 1 and (entry.kind != "surname" or entry.people[0].famous):
            return entry
    return None


@functools.lru_cache(maxsize=100_000)
def adjective(word: str) -> tuple[str, ...]:
    """Codes of a nationality adjective, of "russisch-ukrainische" both; none for "prorussische".

    >>> adjective("russische"), adjective("deutsch-französischen"), adjective("prorussische")
    (('RUS',), ('DEU', 'FRA'), ())
    """
    known = lexicon()
    found = known.adjectives.get(word)
    if found is not None:
        return found
    if "isch" not in word and "tsch" not in word:
        return ()
    if "-" in word:
        return _hyphenated(word)
    low = word.lower()
    for region in _REGIONS:
        rest = known.adjectives.get(low.removeprefix(region)) if low.startswith(region) else None
        if rest is not None:
            return rest
    return ()


def _hyphenated(word: str) -> tuple[str, ...]:
    known = lexicon()
    *before, last = word.split("-")
    codes = [known.stems.get(piece.lower()) for piece in before]
    tail = known.adjectives.get(last) or known.adjectives.get(last.lower())
    if tail is None or None in codes:
        return ()
    return tuple(code for code in codes if code) + tail


def regional(word: str) -> bool:
    """Whether an adjective tells a part of the country ("ostukrainisch"): a place rather than an actor."""
    return bool(adjective(word)) and word not in lexicon().adjectives and "-" not in word


@functools.lru_cache(maxsize=100_000)
def compound(word: str) -> Compound | None:
    """Take a compound apart.

    >>> [part.code for part in compound("NATO-Russland-Rat").parts]
    ['NATO', 'RUS']
    >>> compound("US-Vizeaußenministerin").noun.kind
    'office'
    """
    if "-" in word:
        return _open_compound([piece for piece in word.split("-") if piece])
    return _closed_compound(word)


def _open_compound(pieces: list[str]) -> Compound | None:
    former = False
    while pieces and pieces[0].lower() in (_FORMER | _SINGLES | _NOT_OURS):
        if pieces[0].lower() in _NOT_OURS:
            return None
        former = former or pieces[0].lower() in _FORMER
        pieces = pieces[1:]
    parts: list[Entry] = []
    at = 0
    while at < len(pieces):
        entry, taken = _leading(pieces, at)
        if entry is None:
            break
        parts.append(entry)
        at += taken
    if not parts and pieces:
        inner = _closed_compound(pieces[0]) if former and len(pieces) == 1 else None
        return replace(inner, former=True) if inner else None
    head = pieces[-1] if at < len(pieces) else ""
    return Compound(
        parts=tuple(parts), noun=noun(head[:1].upper() + head[1:]) if head else None, head=head, former=former
    )


def _leading(pieces: list[str], at: int) -> tuple[Entry | None, int]:
    pair = single("-".join(pieces[at : at + 2])) if at + 1 < len(pieces) else None
    if pair is None and at + 1 < len(pieces):
        # "Deutsche-Bank-Chef": hyphens stand for the blanks of the name.
        pair = next(
            (entry for words, entry in lexicon().phrases.get(pieces[at], ()) if words == tuple(pieces[at : at + 2])),
            None,
        )
    if pair is not None and pair.kind != "surname":
        return pair, 2
    return single(pieces[at]), 1


def _closed_compound(word: str) -> Compound | None:
    """ "Kremlsprecher", "Bundeskanzler", "Pentagonchef": a known beginning, and a noun of the table behind it."""
    low = word.lower()
    for prefix, name in _CLOSED.items():
        rest = low.removeprefix(prefix)
        if rest == low or len(rest) < 4:
            continue
        head, entry = noun(rest.capitalize()), single(name)
        if entry is not None and (
            head is not None or rest in ("herr", "spitze", "elite", "lager", "kreise", "kreisen")
        ):
            return Compound(parts=(entry,), noun=head, head=rest)
    if low.startswith("bundes") and word[:1].isupper():
        return _federal(low.removeprefix("bundes"))
    return None


def _federal(rest: str) -> Compound | None:
    head = noun(rest.capitalize()) if rest else None
    if head is None or head.suffix:
        return None
    return Compound(parts=(), noun=head, head=rest, home=True)


@functools.cache
def states() -> frozenset[str]:
    """The codes of all states."""
    return frozenset(lexicon().stems.values())
