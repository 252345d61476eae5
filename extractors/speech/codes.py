"""Whose code a speaker has: that of who is named there, or of whom a pronoun, an office or a capital means."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.actors import Mention
from extractors.actors.lexicon import adjective, noun, single
from extractors.language import Document, Sentence
from extractors.speech.authorities import governs, local
from extractors.speech.by_stretch import ByStretch
from extractors.speech.covers import Found, Span
from extractors.speech.lexicon import lexicon

Named = ByStretch[Mention]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says something (`span` of the text), with what his code may be found by. `known`: the codes of speakers before; `last`: who spoke
    before, and `near` whether that was close."""

    document: Document
    named: Named
    one: Found
    span: Span
    known: Mapping[Span, str]
    last: str
    near: bool

    @property
    def words(self) -> list[str]:
        return self.document.text[slice(*self.span)].split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`finds` the code of a speaker, "" where the row says nothing; in `test` the row gives the last speaker, `who`, the code `told`."""

    name: str
    finds: Callable[[Speaker], str]
    test: str
    who: str
    told: str


def codes_of(found: Sequence[Found], document: Document, named: Named) -> list[tuple[str, str]]:
    """Codes of the speakers, each with the row that gives it; a pronoun or a bare description without one of its own means the speaker
    before."""
    codes: list[tuple[str, str]] = []
    last, ended = "", 0
    known: dict[Span, str] = {}
    for one in found:
        span = one.antecedent or one.speaker
        code, row = "", ""
        if span is not None:
            near = one.spans[0][0] - ended < _NEAR
            who = Speaker(document=document, named=named, one=one, span=span, known=known, last=last, near=near)
            code, row = next(((code, row.name) for row in ROWS if (code := row.finds(who))), ("", ""))
            if not code and _is_somebody(who.words):
                last = ""  # whoever points back from here means somebody without a code
        last, ended = (code, one.spans[-1][1]) if code else (last, ended)
        codes.append((code, row))
        if span is not None and code:
            known[span] = code  # who speaks on is who spoke
    return codes


def _speaks_on(who: Speaker) -> str:
    return who.known.get(who.span, "")


def _is_named(who: Speaker) -> str:
    return code_at(who.named, who.span)


def _governs_there(who: Speaker) -> str:
    return local(who.document, who.span)


def _said_before(who: Speaker) -> str:
    """ "den Angaben zufolge": words that somebody was said to say right before."""
    return who.last if who.near and _are_known(who.words) else ""


def _meant(who: Speaker) -> str:
    """Whom a pronoun or a description without a name means: who spoke before, if that is who it may be."""
    document, span, last = who.document, who.span, who.last
    if not _points_back(who.words) or (who.near and _are_known(who.words)):
        return ""
    words = [word.strip(_AROUND) for word in who.words]
    if governs(words) or _is_the_court(words):
        return ""
    at = document.sentence_at(span[0])
    if words[0].lower() == "man":
        # "Wie will man das feststellen?", "wenn man glaubt, dass …": whoever reads it.
        asked = at is not None and document.text[at.start : at.end].rstrip(_AROUND).endswith("?")
        begins = at is not None and at.start == span[0]
        return "" if asked or (who.one.rule.startswith(_OF_ANYBODY) and not begins) else last
    head = next((word for word in words[1:] if word[:1].isupper()), "")
    row = next((row for row in lexicon().pointing if row.heads.fullmatch(head)), None)
    if row is None:
        return "" if head and last.endswith(_MEDIUM) else last
    around = document.sentences[max(0, at.index - 1) : at.index + 1] if at is not None else ()
    fitting = (last, *(code for sentence in reversed(around) for code in _about(sentence, who.named, span[0])))
    return next((code for code in fitting if row.means.fullmatch(code)), "")


_OF_ANYBODY = "sub-"
_MEDIUM = "-MED"


def _medium(who: Speaker) -> str:
    """ "schrieb der „Spiegel“": names that are common words are a medium's where they stand between marks."""
    found = _BETWEEN_MARKS.search(who.document.text, max(0, who.span[0] - 1), who.span[1] + _LONGEST_NAME)
    return lexicon().medium(found[1]) if found is not None and found.start() < who.span[1] else ""


_BETWEEN_MARKS = re.compile(r"[„“\"»«‚]([^\W\d_][\w -]*)[“”\"»«‘]")
_LONGEST_NAME = 25


def _from_a_capital(who: Speaker) -> str:
    """ "nach Darstellung aus Kiew", "so der Vorwurf aus Kiew", "nach westlicher Zählung"."""
    words = who.words
    whole = len(words) == 1 and who.document.text[: who.span[0]].endswith(" aus ")
    head = next((word for word in words if word[:1].isupper()), "")
    if whole or (words[-2:-1] == ["aus"] and lexicon().tells(head)):
        return _of_capital(words[-1])
    codes = adjective(words[0]) if len(words) == 2 and lexicon().tells(words[1]) else ()
    return codes[0] if len(codes) == 1 else ""


def _where_one_says(who: Speaker) -> str:
    """ "In der US-Botschaft warnte man": whose the place is where "man" says so, right before its verb or right behind."""
    sentence = who.document.sentence_at(who.span[0]) if who.words == ["man"] else None
    if sentence is None:
        return ""
    at = next(t.i for t in sentence.tokens if t.start == who.span[0])
    for token in sentence.tokens[max(0, at - _BESIDE) : at + 2]:
        if token.text.lower() not in _WITHIN:
            continue
        near = sentence.tokens[token.i + 1 : token.i + 4]
        code = code_at(who.named, (near[0].start, near[-1].end)) if near else ""
        if code or (code := _of_capital(near[0].text if near else "")):
            return code
    return ""


_BESIDE = 6


def _named_before(who: Speaker) -> str:
    """ "die Luftwaffe" where "die ukrainische Luftwaffe" was named: the last whose name ends in that word."""
    words, text = who.words, who.document.text
    if len(words) != 2 or words[0].lower() not in _ARTICLES or not words[1][0].isupper():
        return ""
    return next((m.code for m in _before(who) if m.code and text[m.start : m.end].endswith(" " + words[1])), "")


_LOOKS_BACK = 1_500


def _before(who: Speaker, reach: int = _LOOKS_BACK) -> Iterator[Mention]:
    """Who was named before a speaker, the last first."""
    return reversed(who.named.over((max(0, who.span[0] - reach), who.span[0])))


def _medium_before(who: Speaker) -> str:
    """ "schrieb das Blatt", "berichtete die Zeitung": the medium that was named last."""
    words = who.words
    if len(words) != 2 or words[0].lower() not in _DEFINITE or words[1] not in _MEDIA:
        return ""
    return next((m.code for m in _before(who) if m.code.endswith(_MEDIUM)), "")


def _court_before(who: Speaker) -> str:
    """ "erklärte das Gericht": the court that was named last, whatever the word for it."""
    if not _is_the_court(who.words):
        return ""
    text = who.document.text
    return next((m.code for m in _before(who) if m.code and _COURT.search(text, m.start, m.end)), "")


def _is_the_court(words: Sequence[str]) -> bool:
    return len(words) == 2 and words[0].lower() in _DEFINITE and words[1] in _COURTS


_COURTS = frozenset({"Gericht", "Gerichtshof", "Tribunal", "Strafgericht"})
_COURT = re.compile(r"(?:[Gg]ericht(?:shof)?|[Tt]ribunal)e?s?$")


def _spokesman_before(who: Speaker) -> str:
    """ "sagte die Sprecherin": the one who was named last as such, though others have spoken since."""
    words = who.words
    if len(words) != 2 or words[0].lower() not in _DEFINITE or words[1] not in ("Sprecher", "Sprecherin"):
        return ""
    spokesmen = (m for m in _before(who, 2 * _LOOKS_BACK) if m.code and m.kind in ("person", "office"))
    word = words[1].lower()
    return next((m.code for m in spokesmen if any(w.endswith(word) for w in m.office.lower().split())), "")


_DEFINITE = frozenset({"der", "die", "das", "dem"})
_MEDIA = frozenset({"Zeitung", "Blatt", "Magazin", "Sender", "Agentur", "Nachrichtenagentur", "Portal"})


def _whose(who: Speaker) -> str:
    """ "…, bestätigte sein Sprecher", "wie ihr Verteidigungsministerium mitteilte": of whoever the sentence is about so far, else of
    whom the sentence before was."""
    document, named, span, words = who.document, who.named, who.span, who.words
    if len(words) < 2 or not words[0].lower().startswith(_HIS) or not _is_office(words[1].strip(_AROUND)):
        return ""
    at = document.sentence_at(span[0])
    if at is None:
        return ""
    near = reversed(document.sentences[max(0, at.index - 1) : at.index + 1])
    return next((code for sentence in near for code in _about(sentence, named, span[0])), "")


_HIS = ("sein", "ihr")


def _in_his_words(who: Speaker) -> str:
    """ "nach seinen Worten", "ihren Angaben zufolge": of whom the sentence is about so far (a state has "ihre" words, seldom "seine"),
    else of who spoke before, else of whom the sentence before was about."""
    document, named, span, words = who.document, who.named, who.span, who.words
    if len(words) != 2 or not words[0].lower().startswith(_HIS) or not lexicon().tells(words[1]):
        return ""
    at = document.sentence_at(span[0])
    if at is None:
        return ""
    people = _PEOPLE if words[0].lower().startswith("sein") else None
    here = next(_about(at, named, span[0], people), "")
    before = document.sentences[at.index - 1] if at.index else at
    return here or (who.last if who.near else "") or next(_about(before, named, span[0], people), "")


def _is_office(word: str) -> bool:
    known = noun(word)
    return lexicon().office(word) or (known is not None and known.kind == "body")


_PREPOSITIONS = frozenset({"APPR", "APPRART"})


def _about(sentence: Sentence, named: Named, end: int, kinds: Collection[str] | None = None) -> Iterator[str]:
    """Who is named in a sentence up to here, as far as no preposition stands before them."""
    for mention in named.over((sentence.start, end)):
        if not mention.code or not sentence.start <= mention.start or mention.end > min(end, sentence.end):
            continue
        if kinds is not None and (mention.kind not in kinds or _owns(sentence, mention)):
            continue
        if not any(token.tag in _PREPOSITIONS for token in sentence.before(mention.start)[-3:]):
            yield mention.code


def _owns(sentence: Sentence, mention: Mention) -> bool:
    """ "Kallas' Idee": who is named for what the sentence is about."""
    after = sentence.first_from(mention.end)
    return after is not None and after.tag == "NN"


_NEAR = 500
"""characters that "den Angaben zufolge" looks back for whose they are: three sentences"""
_TOLD = frozenset({"Angaben", "Mitteilung", "Darstellung"})


def _are_known(words: Sequence[str]) -> bool:
    """ "den Angaben zufolge", "hieß es in dem Bericht": words that somebody was said to say right before."""
    return len(words) == 2 and ((words[0] in ("den", "der") and words[1] in _TOLD) or words == ["dem", "Bericht"])


def _is_somebody(words: Sequence[str]) -> bool:
    """Whether a speaker without a code is a person or body of its own ("Sarah Meier", "das Landratsamt"), not "Berichte"."""
    named = [word.strip(_AROUND) for word in words if word[:1].isupper() or word[:1] in _AROUND]
    return bool(named) and not any(lexicon().source(word[: len(word) - k]) for word in named for k in range(3))


_AROUND = '„“”"»«,.()'


def _said_in_a_capital(who: Speaker) -> str:
    """ "hieß es in Kiew": the government there."""
    words = who.words
    said_there = who.one.rule.endswith(("-heißen", "-verlauten")) and len(words) == 1
    return _of_capital(words[0]) if said_there else ""


def _of_capital(word: str) -> str:
    entry = single(word)
    return entry.code if entry is not None and entry.kind == "capital" else ""


def _points_back(words: Sequence[str]) -> bool:
    """Whether a speaker is a pronoun, or a description without a name ("der Gastgeber", not "der Sender Radio Roma", "der „Ausguck“")."""
    words = [word.strip(_AROUND) for word in words]
    named = any(word[:1].isupper() and after[:1].isupper() for word, after in itertools.pairwise(words[1:]))
    if words[0] == "den" and words[-1].endswith("-Jährigen"):
        return True  # whom somebody cites
    if words[0].lower() not in _POINTING or named or any(_passes_on(word) for word in words[1:]):
        return False
    nouns = (word for before, word in itertools.pairwise(words) if word[:1].isupper() and before not in _WITHIN)
    head = next(nouns, "").strip(_AROUND)
    return not head or words[0].lower() not in _ARTICLES or noun(head) is not None or head.endswith(_PEOPLE_END)


def _passes_on(word: str) -> bool:
    """Whether a word is for those who report others' words or their own as private people."""
    found = noun(word)
    return found is not None and found.suffix in ("MED", "CIV")


_ARTICLES = frozenset({"der", "die", "das"})
# How nouns for people end: "der Kettenraucher", "die Moderatorin", "der 60-Jährige"; and "das Land", "der Bund", whose speaker
# was named before. "Die Entscheidung" is nobody.
_PEOPLE_END = ("er", "in", "ist", "or", "ige", "mann", "frau", "Mann", "Frau", "land", "Land", "Bund")
_WITHIN = frozenset({"in", "im", "aus", "von", "vom", "bei", "nach"})
"""what begins an attribute before the noun: "der in Wien tätige Unterhändler" """
_POINTING = frozenset("er sie es der die das dieser diese dieses man seiner ihrer letzterer".split())


def code_at(named: Named, span: Span) -> str:
    """The code of the mention that a span stands for: a person or an office before the states in its name."""
    best = max(
        named.over(span),
        key=lambda m: (m.kind in _PEOPLE, min(m.end, span[1]) - max(m.start, span[0]), m.score),
        default=None,
    )
    if best is not None and best.kind == "person":
        # "warf Kallas Lawrow vor": of two who stand side by side the first is the subject.
        best = next((m for m in named.over(span) if m.kind == "person" and m.end + 1 == best.start), best)
    return best.code if best is not None else ""


_PEOPLE = frozenset({"person", "office", "pronoun", "description"})


ROWS = (
    Row(
        name="who spoke there before",
        finds=_speaks_on,
        test="Peskow sagte, der Westen lüge. Demnach ende das schlecht.",
        who="Demnach",
        told="RUS",
    ),
    Row(
        name="named there",
        finds=_is_named,
        test="Das sei falsch, sagte Peskow.",
        who="Peskow",
        told="RUS",
    ),
    Row(
        name="the office of who is spoken of",
        finds=_whose,
        test="Macron bleibe dabei, bestätigte sein Sprecher.",
        who="sein Sprecher",
        told="FRA",
    ),
    Row(
        name="who governs in a place",
        finds=_governs_there,
        test="In Krasnodar brenne es, teilten die Behörden mit.",
        who="die Behörden",
        told="RUS",
    ),
    Row(
        name="a medium between marks",
        finds=_medium,
        test="Das sei falsch, schrieb der „Spiegel“.",
        who="der „Spiegel",
        told="DEU-MED",
    ),
    Row(
        name="from a capital",
        finds=_from_a_capital,
        test="Nach Darstellung aus Kiew ist das falsch.",
        who="Kiew",
        told="UKR",
    ),
    Row(
        name="where one says so",
        finds=_where_one_says,
        test="Dort werde geschossen, sagte man in der US-Botschaft.",
        who="man",
        told="USA",
    ),
    Row(
        name="named in full before",
        finds=_named_before,
        test="Die ukrainische Luftwaffe warnte. Es seien Drohnen in der Luft, teilte die Luftwaffe mit.",
        who="die Luftwaffe",
        told="UKR",
    ),
    Row(
        name="the medium named last",
        finds=_medium_before,
        test="Die New York Times hat Fotos. Sie seien echt, schrieb das Blatt.",
        who="das Blatt",
        told="USA-MED",
    ),
    Row(
        name="the court named last",
        finds=_court_before,
        test="Der Internationale Strafgerichtshof ermittelt. Das dauere lange, erklärte das Gericht.",
        who="das Gericht",
        told="ICC",
    ),
    Row(
        name="the spokesman named last",
        finds=_spokesman_before,
        test="Kremlsprecher Dmitri Peskow sprach in Sotschi. Macron lobte ihn. Das sei falsch, sagte der Sprecher.",
        who="der Sprecher",
        told="RUS",
    ),
    Row(
        name="in the words of who is spoken of",
        finds=_in_his_words,
        test="Macron hat nach seinen Worten nichts gewusst.",
        who="seinen Worten",
        told="FRA",
    ),
    Row(
        name="words told right before",
        finds=_said_before,
        test="Peskow sagte, der Westen lüge. Das war den Angaben zufolge lange bekannt.",
        who="den Angaben",
        told="RUS",
    ),
    Row(
        name="who spoke before",
        finds=_meant,
        test="Peskow sagte, der Westen lüge. „Das endet schlecht“, betonte er.",
        who="er",
        told="RUS",
    ),
    Row(
        name="said in a capital",
        finds=_said_in_a_capital,
        test="Das sei falsch, hieß es in Kiew.",
        who="Kiew",
        told="UKR",
    ),
)
"""the first that gives a code says whose words they are"""
