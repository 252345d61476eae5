"""One or several: what the forms of a noun and of a finite verb say for sure, and "" where they leave it open."""

from __future__ import annotations

from collections.abc import Collection

from extractors.language.morphology import gender

ONE, MANY, OPEN = "one", "many", ""
_PLURAL_FORMS = frozenset({"sind", "seien", "tun"})
_NO_PLURALS = frozenset("schien erschien spien".split())
_OF_MANY = frozenset(
    "beide mehrere einige viele alle zwei drei vier fünf sechs sieben acht neun zehn wenige sämtliche zahlreiche manche etliche "
    "diverse verschiedene".split()
)
_OF_ONE = frozenset("ein eine das dieses jeder jede jedes kein".split())
_MASCULINE = frozenset({"der", "dieser"})
_COUNTED = (
    "reihe", "hälfte", "mehrheit", "minderheit", "zahl", "dutzend", "paar", "gruppe", "teil", "drittel", "viertel", "prozent",
    "million", "milliarde", "hundert", "tausend", "menge", "masse", "fülle",
)  # fmt: skip
"""ends of nouns that count others, which the verb may agree with: "eine Reihe von Staaten fordern" """
_NAMES_OF_MANY = ("staaten", "inseln", "nationen")
_NAMED_AS_MANY = frozenset(
    "usa un uno niederlande niederlanden philippinen emirate vereinten vereinigten taliban huthi huthis grünen malediven g7 g20".split()
)
_SURELY_MANY = frozenset("usa niederlande philippinen emirate malediven".split())
"""of these, names that with "die" are of many: "USA droht" is a headline, "die USA droht" nobody writes"""
_NAMED_AS_ONE = frozenset("eu nato osze iaea ukraine türkei schweiz slowakei afd cdu csu spd fdp".split())
"""names of one that may stand with "die" """
_LIKE_ADJECTIVES = (
    "beauftragte", "bevollmächtigte", "gesandte", "abgeordnete", "vorsitzende", "delegierte", "vertraute", "verbündete", "beamte",
)  # fmt: skip
"""ends of nouns with the forms of an adjective, which the tagger may not know in a compound: "der EU-Sonderbeauftragte" """
_LIKE_ITS_PLURAL = ("er", "en", "el", "chen", "lein", "s", "x")


def of_verb(word: str) -> str:
    """Whether a finite verb, in small letters, is of the plural."""
    if word in _NO_PLURALS:
        return OPEN
    return MANY if word in _PLURAL_FORMS or word.endswith(("en", "ern", "eln")) else ONE


def of_noun(word: str, lemma: str, tag: str, before: Collection[str]) -> str:
    """Whether a noun, in small letters, is of the plural; `before` are the article and attributes that belong to it."""
    if any(attribute in _OF_MANY for attribute in before):
        return MANY
    if word in _NAMED_AS_MANY:
        return MANY if word in _SURELY_MANY and "die" in before else OPEN
    if tag == "NE":
        many = word.endswith(_NAMES_OF_MANY) or ("die" in before and word not in _NAMED_AS_ONE)
        return OPEN if many or any(attribute.endswith(("igte", "igten")) for attribute in before) else ONE
    sex = gender(lemma)
    if tag != "NN" or not sex or word.endswith(_COUNTED):
        return OPEN
    if sex == "p":
        return MANY
    if word == lemma.lower():
        return _of_base_form(word, sex, before)
    return _of_other_form(word, lemma.lower(), before)


def _of_base_form(word: str, sex: str, before: Collection[str]) -> str:
    if any(attribute in _OF_ONE or (sex == "m" and attribute in _MASCULINE) for attribute in before):
        return ONE
    if sex in ("m", "n") and "die" in before:
        return MANY
    if sex == "m" and before and all(attribute.endswith("e") and attribute != "die" for attribute in before):
        # "Junge Franzosen", "russische Diplomaten": one would be "junger".
        return MANY
    return OPEN if word.endswith(_LIKE_ITS_PLURAL) else ONE


def _of_other_form(word: str, lemma: str, before: Collection[str]) -> str:
    """A plural looks unlike the base form, and so do some cases of one: "den Präsidenten", "des Landes"."""
    if any(attribute in ("der", "den", "dem", "des", "einen", "einem", "eines") for attribute in before):
        return OPEN
    return MANY if word.startswith(lemma[:-2]) and word.endswith(("en", "n", "e", "er")) else OPEN


def is_nominative(word: str, lemma: str, tag: str, article: str) -> bool:
    """Whether "der" says that a noun in the singular is a subject: "der Kreml-Sprecher", "der Gesandte", "der Kreml"."""
    if article != "der":
        return False
    if tag == "NNA" or (tag == "NN" and word.endswith(_LIKE_ADJECTIVES)):
        return word.endswith("e")
    return tag in ("NN", "NE") and gender(lemma) == "m" and word.replace("ß", "ss") == lemma.lower().replace("ß", "ss")
