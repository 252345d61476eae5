"""Short words for a house that was named in full before: "die Kommission" after "EU-Kommission", "der Senat" after "US-Senat".

Each row names the words, and what a full name looks like whose house they may stand for; the one named last is meant.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.actors.hits import Hit
from extractors.language import Token

_SCORE = 0.75
ATTRIBUTE = "Parlamentarische"
"""what may stand between the article and such a word"""
_ARTICLE = 60
"""sentences: as good as a whole article"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The words of an actor that an article named, and in which sentence."""

    sentence: int
    words: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`words`: the nouns without the ending of a genitive; `full`: names in full and whose house that is, "" where of none of
    ours; `reach`: sentences that are looked back, the word's own included; in `test` the row reads the last of its nouns as `told`."""

    name: str
    words: frozenset[str]
    full: tuple[tuple[re.Pattern[str], str], ...]
    reach: int
    test: str
    told: str


def _names(*full: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), code) for pattern, code in full)


_COUNCIL = r".*[Ss]icherheitsrat\w*"
_ASSEMBLY = r".*(?:[Vv]oll|[Gg]eneral)versammlung"

ROWS = (
    Row(
        name="the commission",
        words=frozenset({"kommission"}),
        full=_names((r"EU-Kommission.*|Europäischen? Kommission|Kommissions(?:präsident|chef).*", "EU")),
        reach=8,
        test="Die EU-Kommission tagte am Freitag. Am Abend tadelte die Kommission Ungarn.",
        told="EU",
    ),
    Row(
        name="the parliament of the union",
        words=frozenset({"parlament"}),
        full=_names(
            (r"EU-Parlament\w*|Europäischen?s? Parlaments?|Europaparlament\w*", "EU"),
            (r".*[Pp]arlament.*|Bundestag\w*|Duma|Staatsduma|.*Rada|.*Sejm|.*Kongress.*|Nationalrat\w*", ""),
        ),
        reach=8,
        test="Das EU-Parlament tagt in Straßburg. Am Abend tadelte das Parlament Ungarn.",
        told="EU",
    ),
    Row(
        name="the contact group",
        words=frozenset({"kontaktgruppe"}),
        full=_names(
            (
                r"(?:Ukraine|Ramstein)-\w*[Gg]ruppe|Kontaktgruppe (?:für die|zur Verteidigung der) Ukraine|Ramstein-\w+",
                "WEST",
            ),
            (r"[Tt]rilaterale[nr]? Kontaktgruppe", ""),
        ),
        reach=8,
        test="Die Ukraine-Kontaktgruppe traf sich in Ramstein. Am Freitag tagt die Kontaktgruppe wieder.",
        told="WEST",
    ),
    Row(
        name="America's senate",
        words=frozenset({"senat", "repräsentantenhaus"}),
        full=_names((r"US-(?:Kongress|Senat|Repräsentantenhaus|Parlament).*|(?:Kongress|Senat) in Washington", "USA")),
        reach=_ARTICLE,
        test="Der US-Kongress streitet über das Geld. Der Antrag liegt beim Ausschuss, danach entscheidet der Senat.",
        told="USA",
    ),
    Row(
        name="America's congress",
        words=frozenset({"kongress"}),
        full=_names(
            (r"US-(?:Kongress|Senat|Repräsentantenhaus|Präsident|Regierung).*|(?:Kongress|Senat) in Washington", "USA")
        ),
        reach=_ARTICLE,
        test="Die US-Regierung will zahlen. Bisher bremst der Kongress.",
        told="USA",
    ),
    Row(
        name="the agency for atoms",
        words=frozenset({"behörde"}),
        full=_names(
            (r"IAE[AO].*|Internationalen? Atomenergie.*|Internationalen? Atombehörde", "IAEA"),
            (r"EU-Kommission.*", "EU"),
        ),
        reach=2,
        test="Die IAEA schickte Fachleute. Von Moskau verlangte die Behörde Zugang zu allen Hallen.",
        told="IAEA",
    ),
    Row(
        name="the council",
        words=frozenset({"rat", "gremium"}),
        full=_names(
            (f"{_COUNCIL}|{_ASSEMBLY}", "UN"), (r"Europäischen? Rate?s?|EU-Ratsp.*", "EU"), (r"Europarate?s?", "COE")
        ),
        reach=4,
        test="Der UN-Sicherheitsrat kam zusammen. Am Ende tadelte das Gremium Iran.",
        told="UN",
    ),
    Row(
        name="the assembly",
        words=frozenset({"versammlung"}),
        full=_names((_ASSEMBLY, "UN"), (r"Europarate?s?|PACE", "COE")),
        reach=8,
        test="Die Abgeordneten im Europarat stritten. Dann entzog die Parlamentarische Versammlung Russland das Wort.",
        told="COE",
    ),
    Row(
        name="the court",
        words=frozenset({"gericht", "gerichtshof"}),
        full=_names(
            (r"Internationalen? Strafgerichtshof\w*|IStGH|Strafgerichtshof\w*|Weltstrafgericht\w*", "ICC"),
            (r"Internationalen? Gerichtshof\w*|IGH", "ICJ"),
            (r"Europäischen? Gerichtshof\w* für Menschenrechte|EGMR", "COE"),
        ),
        reach=4,
        test="Der Internationale Strafgerichtshof in Den Haag ermittelt. Im März suchte das Gericht erstmals einen General.",
        told="ICC",
    ),
    Row(
        name="the organisation",
        words=frozenset({"organisation"}),
        full=_names((r"OSZE.*|Organisation für Sicherheit.*", "OSCE")),
        reach=2,
        test="Die OSZE schickte Beobachter. Von Minsk verlangte die Organisation Zugang zur Grenze.",
        told="OSCE",
    ),
)
_BY_WORD = {word: row for row in ROWS for word in row.words}
_OTHER = re.compile(rf"\w+(?:{'|'.join(_BY_WORD)})(?:e?s)?")
"""compounds with such a word"""
_KNOWN = 20_000
"""words remembered: those of an article are mostly those of others"""
WORDS = frozenset(_BY_WORD) | {f"{word}s" for word in _BY_WORD} | {f"{word}es" for word in _BY_WORD}


@functools.lru_cache(_KNOWN)
def _is_compound(word: str) -> bool:
    return _OTHER.fullmatch(word) is not None


def named(index: int, tokens: Sequence[Token], hits: Sequence[Hit]) -> list[Named]:
    """Whom a sentence names, in its order, and which other houses ("Aufsichtsbehörde", "Stadtgericht")."""
    spans = {hit.first: (hit.last, hit.codes) for hit in hits}
    within = {k for hit in hits for k in range(hit.first, hit.last + 1)}
    spans |= {t.i: (t.i, ()) for t in tokens if t.i not in within and _is_compound(t.text)}
    return [
        Named(sentence=index, words=" ".join(t.text for t in tokens[first : last + 1]), codes=codes)
        for first, (last, codes) in sorted(spans.items())
    ]


def house(low: str, i: int, index: int, before: Sequence[Named]) -> Hit | None:
    """Whose house a short word (token `i` of sentence `index`, in lower case) stands for; None where none was named in full."""
    row = _BY_WORD.get(low) or _BY_WORD.get(low.removesuffix("s")) or _BY_WORD.get(low.removesuffix("es"))
    if row is None:
        return None
    near = [one for one in reversed(before) if index - one.sentence < row.reach]
    told = ((one, code) for one in near for pattern, code in row.full if _is(one, pattern, code))
    one, code = next(told, (None, ""))
    if any(_is_other(other, row) for other in near[: near.index(one) if one is not None else 0]):
        return None
    if not code:
        return None
    return Hit(first=i, last=i, codes=(code,), name=code, kind="description", origin="coreference", score=_SCORE, core=i,
               row=row.name)  # fmt: skip


def _is_other(one: Named, row: Row) -> bool:
    """ "Die IAEA warnte. Die Aufsichtsbehörde schwieg. Die Behörde …": another house of the kind was named last."""
    return not one.codes and any(re.search(rf"{word}(?:e?s)?$", one.words) for word in row.words)


def _is(one: Named, pattern: re.Pattern[str], code: str) -> bool:
    return pattern.fullmatch(one.words) is not None and (not code or code in one.codes)
