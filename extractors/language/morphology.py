"""Tags, lemmas and possible cases of German words: HanTa's model, remembered word by word, and noun genders."""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib.util
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from extractors.language import known
from extractors.language.futures import futures

# HanTa's model is a pickle: it is only opened when it is, byte for byte, a file that was read before. From HanTa 1.2.1.
TRUSTED_MODELS = frozenset({"d0a23caa212663fe7715e18e937074287f80b9e3bab64ccebc12a81e0094db23"})
_DATA = Path(__file__).resolve().parents[1] / "data"
_CACHE_SIZE = 200_000
# The tagger tries every way to cut a word, and takes minutes for a long one: the end of a compound says enough.
LONGEST = 48

UPOS = MappingProxyType(
    {
        "ADJA": "ADJ", "ADJD": "ADJ", "ADV": "ADV", "APPR": "ADP", "APPRART": "ADP", "APPO": "ADP", "APZR": "ADP",
        "ART": "DET", "CARD": "NUM", "FM": "X", "ITJ": "INTJ", "KON": "CCONJ", "KOUS": "SCONJ", "KOUI": "SCONJ",
        "KOKOM": "ADP", "NN": "NOUN", "NNA": "NOUN", "NNI": "NOUN", "NE": "PROPN", "PDAT": "DET", "PDS": "PRON",
        "PIAT": "DET", "PIDAT": "DET", "PIS": "PRON", "PPER": "PRON", "PPOSAT": "DET", "PPOSS": "PRON",
        "PRELAT": "DET", "PRELS": "PRON", "PRF": "PRON", "PROAV": "ADV", "PAV": "ADV", "PTKA": "PART",
        "PTKANT": "PART", "PTKNEG": "PART", "PTKVZ": "ADP", "PTKZU": "PART", "PWAT": "DET", "PWAV": "ADV",
        "PWS": "PRON", "TRUNC": "X", "XY": "X",
    }
)  # fmt: skip


class ModelChangedError(RuntimeError):
    """HanTa's model is not the one we know: install the pinned version of HanTa again."""


class Word(NamedTuple):
    """What morphology says of a word in its sentence; `cases` are letters of n, a, d, g."""

    lemma: str
    tag: str
    pos: str
    cases: str


def model() -> tuple[Path, str]:
    """HanTa's model of German, and its digest. Raises ModelChangedError."""
    package = importlib.util.find_spec("HanTa")
    folders = package.submodule_search_locations if package is not None else None
    path = Path(next(iter(folders or ["HanTa"]))) / "morphmodel_ger.pgz"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest not in TRUSTED_MODELS:
        raise ModelChangedError(
            f"{path} is not a model we know (sha256 {digest}); install HanTa as requirements.lock has it"
        )
    return path, digest


@functools.cache
def _tagger() -> Any:
    """HanTa's tagger, loaded once."""
    path, digest = model()
    from extractors.language import forms
    from extractors.language.tagger import Tagger

    return Tagger(str(path), forms.read(forms.PATH, digest))


def analyse(words: Sequence[str]) -> list[Word]:
    """Tag, lemma and cases of each word of one sentence."""
    numbers = _tagger().tags([plain(word)[-LONGEST:] for word in words]) if words else []
    found = [_entry(word, number) for word, number in zip(words, numbers, strict=True)]
    for k, (word, _, tag, _) in enumerate(found):
        if tag.startswith(("NNI", "V")) and word in known.famous():
            # "Am Freitag werden sich Blinken und Lawrow treffen": an infinitive to HanTa, so that "werden" was taken to be of it.
            found[k] = _entry(word, _number("NE"))
    for k in _articles_in_lists(found):
        found[k] = _entry(words[k], _number("ART"))
    verb = _verb_among_adjectives(found)
    verb = _verb_among_infinitives(found) if verb is None else verb
    if verb is not None:
        found[verb] = _entry(words[verb], _number("VV(FIN)"))
    letters = cases([entry[:3] for entry in found])
    for k in futures([entry[:3] for entry in found], letters):
        found[k] = _entry(words[k], _number("VV(INF)"))
    return [Word(lemma, tag, pos, case) for (_, lemma, tag, pos), case in zip(found, letters, strict=True)]


def _articles_in_lists(found: Sequence[tuple[str, str, str, str]]) -> Iterator[int]:
    """ "Auch Brasilien, die Türkei und Katar stimmten zu": between two names of a list that a comma and "und" part, what HanTa takes for a
    relative pronoun is the article of a name that has one."""
    for k in range(2, len(found) - 2):
        (name, comma), (article, word, behind) = found[k - 2 : k], found[k : k + 3]
        listed = comma[0] == "," and name[2] == "NE" and (behind[0] == "," or behind[2] == "KON")
        if listed and article[2] == "PRELS" and word[0].lower() in known.WITH_ARTICLE:
            yield k


def _verb_among_adjectives(found: Sequence[tuple[str, str, str, str]]) -> int | None:
    """ "Auch die USA verhängten neue Sanktionen": where a sentence has no finite verb, a word in -te or -ten right behind a noun is one,
    which HanTa takes for an adjective; not a participle ("mit Gewalt durchgesetzte"). In 13,227 sentences of news all five are."""
    if any(tag.endswith(("FIN", "IMP")) for _, _, tag, _ in found):
        return None
    pairs = enumerate(itertools.pairwise(found))
    return next((i + 1 for i, (before, one) in pairs if before[2] in _BEFORE_A_VERB and _may_be_finite(one)), None)


def _may_be_finite(entry: tuple[str, str, str, str]) -> bool:
    word, _, tag, _ = entry
    return tag == "ADJA" and word.endswith(("te", "ten")) and word.islower() and not _AS_ADJECTIVE.match(word)


def _verb_among_infinitives(found: Sequence[tuple[str, str, str, str]]) -> int | None:
    """ "Die USA erwarten, dass …", "am Mittwoch tagen die Minister": where nothing before the first comma is a finite verb, an infinitive
    behind a noun is one before "dass" and the like, and before an article where the sentence begins with a time, a place or an adverb.
    In 27,468 sentences of news all fourteen are."""
    first = [*itertools.takewhile(lambda entry: entry[0] not in _ENDS_A_PART, found)]
    if not first or first[0][2] in _OPENS or any(tag.endswith(("FIN", "IMP")) for _, _, tag, _ in first):
        return None
    at = next((k for k, (_, _, tag, _) in enumerate(first) if tag == "VVINF"), 0)
    if not at or first[at - 1][2] not in _BEFORE_A_VERB or not first[at][0].islower():
        return None
    behind = [tag for _, _, tag, _ in found[at + 1 : at + 3]] + ["", ""]
    governs = at == len(first) - 1 and behind[0] == "$," and behind[1] in _OPENS
    inverted = first[0][2] in _FIELD and behind[0] in _BEFORE_A_NOUN
    return at if governs or inverted else None


_ENDS_A_PART = frozenset(",;:–")
_OPENS = frozenset({"KOUS", "PWAV", "PWS"})
"""tags of what opens a clause with its verb at the end"""
_FIELD = frozenset({"APPR", "APPRART", "ADV"})
"""tags with which a sentence begins whose subject follows the verb"""
_BEFORE_A_NOUN = frozenset({"ART", "PPER", "PIAT", "PPOSAT", "PDAT"})
_BEFORE_A_VERB = frozenset({"NN", "NE", "PPER", "PDS"})
_AS_ADJECTIVE = re.compile(
    r"un|ge|(?:ab|an|auf|aus|be|durch|ein|fest|mit|nach|vor|um|zu|zurück)+ge|bestimmt"
    r"|(?:nächs|letz|ers|zwei|drit|vier|fünf|sechs|größ|höchs|stärks|jüngs|bes|meis|gu|al|har|spä|wei|leich|lau|ech|brei|kal|dich)ten?$"
)
"""participles, and common adjectives that end so"""


@functools.cache
def _number(tag: str) -> int:
    """The tagger's number of a tag, as it writes it."""
    return next(int(number) for number, known_tag in _tagger().int2tag.items() if known_tag == tag)


# HanTa and the treebanks know one kind of quotation mark and one dash.
_PLAIN = MappingProxyType(dict.fromkeys("„“”»«‟", '"') | dict.fromkeys("–—−", "-") | dict.fromkeys("‚‘’›‹", "'"))
# "vorhergesagt", "zugesagt": participles that HanTa takes for adjectives.
_PARTICIPLE = re.compile(
    r"(ab|an|auf|aus|bei|bereit|bloß|dar|durch|ein|entgegen|fest|fort|frei|gleich|her|hin|hinzu|klar|los|mit|nach|nieder"
    r"|statt|um|unter|vor|voran|voraus|vorbei|vorher|weg|weiter|wieder|zu|zurück|zusammen)(ge\w+(?:t|en))"
)


def plain(word: str) -> str:
    """The word as the models know it: one kind of quotation mark, one dash."""
    return _PLAIN.get(word, word)


@functools.lru_cache(_CACHE_SIZE)
def _entry(word: str, number: int) -> tuple[str, str, str, str]:
    """The word under a tag of HanTa's, with its lemma, our tag and its coarse class."""
    tagger = _tagger()
    tag = tagger.int2tag[number].replace("(", "").replace(")", "")
    if len(word) > LONGEST:
        return word, word, tag, upos(word, tag)
    if tag in ("ADJD", "NE", "NN") and word.islower() and (match := _PARTICIPLE.fullmatch(word)):
        base, _ = tagger.analyze(match.group(2), pos="VV(PP)")
        return word, match.group(1) + base.lower(), "VVPP", "VERB"
    return word, tagger.lemma(plain(word), number) or word, tag, upos(word, tag)


def upos(word: str, tag: str) -> str:
    """The coarse class of an STTS tag."""
    if tag in UPOS:
        return UPOS[tag]
    if tag.startswith("VV"):
        return "VERB"
    if tag[:2] in ("VA", "VM"):
        return "AUX"
    return "PUNCT" if tag.startswith("$") or not any(c.isalnum() for c in word) else "X"


_NAMES = MappingProxyType(
    {
        "f": "Ukraine NATO Nato EU OSZE UNO Krim Türkei Schweiz Slowakei Mongolei CDU CSU SPD FDP AfD BRD UdSSR",
        "m": "Kreml Iran Irak Libanon Westen Osten Donbass Sudan Jemen Kosovo Vatikan",
        "p": "USA UN Niederlande Emirate Philippinen",
    }
)
_NAME_GENDER = MappingProxyType({name: gender for gender, names in _NAMES.items() for name in names.split()})


@functools.cache
def _genders() -> dict[str, str]:
    head, *rows = gzip.decompress((_DATA / "genders.csv.gz").read_bytes()).decode().splitlines()
    if head != "lemma,gender":
        raise ValueError(f"genders.csv.gz begins with {head}, not with lemma,gender")
    cut = (row.rpartition(",") for row in reversed(rows))
    return {lemma: sex for lemma, _, sex in cut} | dict(_NAME_GENDER)  # of two genders the first is taken


_ENDINGS = (
    ("f", ("ung", "heit", "keit", "schaft", "ion", "tät", "in")),
    ("n", ("chen", "lein", "um", "ment")),
    ("m", ("er", "ling", "ismus", "or")),
)


@functools.lru_cache(_CACHE_SIZE)
def gender(lemma: str) -> str:
    """m, f, n, p (plural only) or "": of the noun, of its last part, or by its ending."""
    known = _genders()
    if lemma in known:
        return known[lemma]
    tail = lemma.split("-")[-1]
    if tail in known:
        return known[tail]
    for i in range(1, len(tail) - 2):
        part = tail[i:].capitalize()
        if part in known and len(part) > 2:
            return known[part]
    return next((sex for sex, endings in _ENDINGS if tail.endswith(endings)), "")


# Forms of articles by gender (p: plural) and the cases they stand for.
_DEFINITE = MappingProxyType(
    {
        "der": {"m": "n", "f": "dg", "p": "g"},
        "die": {"f": "na", "p": "na"},
        "das": {"n": "na"},
        "den": {"m": "a", "p": "d"},
        "dem": {"m": "d", "n": "d"},
        "des": {"m": "g", "n": "g"},
    }
)
_INDEFINITE = MappingProxyType(
    {
        "": {"m": "n", "n": "na"},
        "e": {"f": "na", "p": "na"},
        "en": {"m": "a", "p": "d"},
        "em": {"m": "d", "n": "d"},
        "er": {"f": "dg", "p": "g"},
        "es": {"m": "g", "n": "g"},
    }
)
_DEMONSTRATIVE = MappingProxyType(
    {
        "er": {"m": "n", "f": "dg", "p": "g"},
        "e": {"f": "na", "p": "na"},
        "es": {"n": "na", "m": "g"},
        "en": {"m": "ag", "p": "d", "n": "g"},
        "em": {"m": "d", "n": "d"},
    }
)
_EIN = ("ein", "kein", "mein", "dein", "sein", "ihr", "unser", "unsr", "euer", "eur")
_DIES = "dies jen jed welch all manch solch mehrer viel einig beid etlich sämtlich".split()
_PRONOUNS = MappingProxyType(
    {
        "er": "n", "ich": "n", "wir": "n", "du": "n", "man": "n", "sie": "na", "es": "na", "ihn": "a", "ihm": "d",
        "ihnen": "d", "mich": "a", "mir": "d", "uns": "ad", "euch": "ad", "wer": "n", "wen": "a", "wem": "d",
        "was": "na", "sich": "ad", "deren": "g", "dessen": "g", "denen": "d", "die": "na", "das": "na", "den": "a",
        "dem": "d", "dieser": "n", "diese": "na", "dieses": "na", "alle": "na", "viele": "na", "einige": "na",
        "jeder": "n", "keiner": "n",
    }
)  # fmt: skip
_PRONOUN_TAGS = frozenset("PPER PIS PDS PWS PRELS PRF PPOSS PRELAT".split())
_DETERMINERS = frozenset("ART PDAT PIAT PIDAT PPOSAT PWAT".split())
_NOUNS = frozenset("NN NNA NNI NE".split())
_PHRASE = _DETERMINERS | _NOUNS | {"ADJA", "CARD", "TRUNC"}
_STRONG_ADJECTIVE = MappingProxyType({"m": "n", "f": "dg", "p": "g"})
_ADJECTIVE_ENDINGS = (("em", "d"), ("en", "adg"), ("es", "na"), ("e", "na"))


@functools.lru_cache(_CACHE_SIZE)
def _article(word: str) -> dict[str, str] | None:
    """Gender to cases of a determiner's form; None for what is none."""
    if word in _DEFINITE:
        return _DEFINITE[word]
    for stem in _EIN:
        if word.startswith(stem) and word[len(stem) :] in _INDEFINITE:
            forms = _INDEFINITE[word[len(stem) :]]
            return {sex: letters for sex, letters in forms.items() if sex != "p"} if stem == "ein" else forms
    for stem in _DIES:
        if word.startswith(stem):
            return _DEMONSTRATIVE.get(word[len(stem) :])
    return None


def cases(words: Sequence[tuple[str, str, str]]) -> list[str]:
    """The cases each (word, lemma, tag) can stand in, as letters of "nadg"; "" where there is no noun phrase."""
    found = [""] * len(words)
    i = 0
    while i < len(words):
        word, _, tag = words[i]
        if tag in _PRONOUN_TAGS:
            found[i] = _pronoun(word.lower(), tag)
            i += 1
        elif tag in _PHRASE:
            i = _phrase(words, i, found)
        else:
            i += 1
    return found


def _pronoun(word: str, tag: str) -> str:
    if word == "der":
        return "n" if tag == "PRELS" else "nd"
    return _PRONOUNS.get(word, "")


def _phrase(words: Sequence[tuple[str, str, str]], i: int, found: list[str]) -> int:
    """Write the cases of the noun phrase that begins at i; where it ends."""
    j, article, adjective, head = i, None, "", None
    while j < len(words):
        word, _, tag = words[j]
        if tag in _DETERMINERS and j == i:
            article = _article(word.lower())
        elif tag == "ADJA":
            adjective = word.lower()
        elif tag in _NOUNS:
            head = j
            j += 1
            break
        elif not (tag in ("CARD", "TRUNC") or (tag in ("ADV", "ADJD") and j > i and _adjective_after(words, j))):
            break
        j += 1
    if head is None:
        return max(j, i + 1)
    letters = _noun_cases(words[head], article, adjective)
    while j < len(words) and words[j][2] == "NE":  # names that follow stand in the same case
        j += 1
    found[i:j] = [letters] * (j - i)
    return j


def _adjective_after(words: Sequence[tuple[str, str, str]], j: int) -> bool:
    return j + 1 < len(words) and words[j + 1][2] == "ADJA"


def _noun_cases(noun: tuple[str, str, str], article: dict[str, str] | None, adjective: str) -> str:
    word, lemma, tag = noun
    sexes = _possible_genders(word, lemma, tag)
    if article is not None:
        letters = set("".join(article.get(sex, "") for sex in sexes)) or set("".join(article.values()))
    elif adjective:
        letters = _by_adjective(adjective, sexes)
    elif word.endswith("s") and word != lemma and (tag == "NE" or {"m", "n"} & set(sexes)):
        letters = set("nad") if word in known.ending_in_s() else {"g"}
    else:
        letters = set("nad")
    return "".join(c for c in "nadg" if c in (letters or set("nadg")))


def _possible_genders(word: str, lemma: str, tag: str) -> list[str]:
    name = tag == "NE"
    sex = gender(lemma if not name or lemma in _NAME_GENDER else word)
    if sex == "p":
        return ["p"]
    if not sex:
        return ["m", "f", "n"] if name else ["m", "f", "n", "p"]
    if word == lemma:
        return [sex, "p"] if sex != "f" and lemma.endswith(("er", "en", "el", "chen")) else [sex]
    singular = word.startswith(lemma) and word[len(lemma) :] in ("s", "es", "en" if sex == "m" else "s")
    if name or singular:
        return [sex]
    return ["p", sex] if sex == "m" and word.endswith("n") else ["p"]


def _by_adjective(adjective: str, sexes: Iterable[str]) -> set[str]:
    if adjective.endswith("er"):
        return set("".join(_STRONG_ADJECTIVE.get(sex, "") for sex in sexes) or "ndg")
    return set(next((letters for ending, letters in _ADJECTIVE_ENDINGS if adjective.endswith(ending)), "nadg"))
