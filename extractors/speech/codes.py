"""Whose code a speaker has: that of who is named there, or of whom a pronoun, an office or a capital means."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Sequence

from extractors.actors import Mention
from extractors.actors.lexicon import adjective, noun, single
from extractors.language import Document, Sentence
from extractors.speech.authorities import governs, local
from extractors.speech.covers import Found, Span
from extractors.speech.laid import Laid
from extractors.speech.lexicon import lexicon

Named = Laid[Mention]


def codes_of(found: Sequence[Found], document: Document, named: Named) -> list[str]:
    """Codes of the speakers; a pronoun or a bare description without one of its own means the speaker before."""
    text = document.text
    codes: list[str] = []
    last, ended = "", 0
    known: dict[Span, str] = {}
    for one in found:
        span = one.antecedent or one.speaker
        code = known.get(span) or code_at(named, span) or _whose(document, named, span) if span is not None else ""
        if not code and span is not None:
            words = text[span[0] : span[1]].split()
            near = one.spans[0][0] - ended < _NEAR
            code = _told_there(document, named, span, words)
            code = code or _in_his_words(document, named, span, last if near else "")
            # "die Behörden" are those of the place that the report is about, not of who spoke before.
            if not code and near and _are_known(words):
                code = last
            elif not code and _points_back(words):
                code = _meant(document, named, one, span, last)
            code = code or _capital(one, words)
            code = local(document, span) or code
            if not code and _is_somebody(words):
                last = ""  # whoever points back from here means somebody without a code
        last, ended = (code, one.spans[-1][1]) if code else (last, ended)
        codes.append(code)
        if span is not None and code:
            known[span] = code  # who speaks on is who spoke
    return codes


def _meant(document: Document, named: Named, one: Found, span: Span, last: str) -> str:
    """Whom a pronoun or a description without a name means: who spoke before, if that is who it may be."""
    words = [word.strip(_AROUND) for word in document.text[span[0] : span[1]].split()]
    if governs(words) or _is_the_court(words):
        return ""
    at = document.sentence_at(span[0])
    if words[0].lower() == "man":
        # "Wie will man das feststellen?", "wenn man glaubt, dass …": whoever reads it.
        asked = at is not None and document.text[at.start : at.end].rstrip(_AROUND).endswith("?")
        begins = at is not None and at.start == span[0]
        return "" if asked or (one.rule.startswith(_OF_ANYBODY) and not begins) else last
    head = next((word for word in words[1:] if word[:1].isupper()), "")
    row = next((row for row in lexicon().pointing if row.heads.fullmatch(head)), None)
    if row is None:
        return "" if head and last.endswith(_MEDIUM) else last
    around = document.sentences[max(0, at.index - 1) : at.index + 1] if at is not None else ()
    fitting = (last, *(code for sentence in reversed(around) for code in _about(sentence, named, span[0])))
    return next((code for code in fitting if row.means.fullmatch(code)), "")


_OF_ANYBODY = "sub-"
_MEDIUM = "-MED"


def _told_there(document: Document, named: Named, span: Span, words: Sequence[str]) -> str:
    """Whose code other words give: a medium's name between marks, "der Vorwurf aus Kiew", "in der Botschaft sagte man", "die
    Luftwaffe" that was "die ukrainische Luftwaffe" before."""
    return (
        _medium(document.text, span)
        or _from_a_capital(document.text, span, words)
        or _where_one_says(document, named, span, words)
        or _named_before(document.text, named, span, words)
        or _medium_before(named, span, words)
        or _court_before(document.text, named, span, words)
        or _spokesman_before(named, span, words)
    )


def _medium(text: str, span: Span) -> str:
    """ "schrieb der „Spiegel“": names that are common words are a medium's where they stand between marks."""
    found = _BETWEEN_MARKS.search(text, max(0, span[0] - 1), span[1] + _LONGEST_NAME)
    return lexicon().medium(found[1]) if found is not None and found.start() < span[1] else ""


_BETWEEN_MARKS = re.compile(r"[„“\"»«‚]([^\W\d_][\w -]*)[“”\"»«‘]")
_LONGEST_NAME = 25


def _from_a_capital(text: str, span: Span, words: Sequence[str]) -> str:
    """ "nach Darstellung aus Kiew", "so der Vorwurf aus Kiew", "nach westlicher Zählung"."""
    whole = len(words) == 1 and text[: span[0]].endswith(" aus ")
    head = next((word for word in words if word[:1].isupper()), "")
    if whole or (words[-2:-1] == ["aus"] and lexicon().tells(head)):
        return _of_capital(words[-1])
    codes = adjective(words[0]) if len(words) == 2 and lexicon().tells(words[1]) else ()
    return codes[0] if len(codes) == 1 else ""


def _where_one_says(document: Document, named: Named, span: Span, words: Sequence[str]) -> str:
    """ "In der US-Botschaft warnte man": whose the place is where "man" says so, right before its verb or right behind."""
    sentence = document.sentence_at(span[0]) if words == ["man"] else None
    if sentence is None:
        return ""
    at = next(t.i for t in sentence.tokens if t.start == span[0])
    for token in sentence.tokens[max(0, at - _BESIDE) : at + 2]:
        if token.text.lower() not in _WITHIN:
            continue
        near = sentence.tokens[token.i + 1 : token.i + 4]
        code = code_at(named, (near[0].start, near[-1].end)) if near else ""
        if code or (code := _of_capital(near[0].text if near else "")):
            return code
    return ""


_BESIDE = 6


def _named_before(text: str, named: Named, span: Span, words: Sequence[str]) -> str:
    """ "die Luftwaffe" where "die ukrainische Luftwaffe" was named: the last whose name ends in that word."""
    if len(words) != 2 or words[0].lower() not in _ARTICLES or not words[1][0].isupper():
        return ""
    before = reversed(named.over((max(0, span[0] - _LOOKS_BACK), span[0])))
    return next((m.code for m in before if m.code and text[m.start : m.end].endswith(" " + words[1])), "")


_LOOKS_BACK = 1_500


def _medium_before(named: Named, span: Span, words: Sequence[str]) -> str:
    """ "schrieb das Blatt", "berichtete die Zeitung": the medium that was named last."""
    if len(words) != 2 or words[0].lower() not in _DEFINITE or words[1] not in _MEDIA:
        return ""
    before = reversed(named.over((max(0, span[0] - _LOOKS_BACK), span[0])))
    return next((m.code for m in before if m.code.endswith(_MEDIUM)), "")


def _court_before(text: str, named: Named, span: Span, words: Sequence[str]) -> str:
    """ "erklärte das Gericht": the court that was named last, whatever the word for it."""
    if not _is_the_court(words):
        return ""
    before = reversed(named.over((max(0, span[0] - _LOOKS_BACK), span[0])))
    return next((m.code for m in before if m.code and _COURT.search(text, m.start, m.end)), "")


def _is_the_court(words: Sequence[str]) -> bool:
    return len(words) == 2 and words[0].lower() in _DEFINITE and words[1] in _COURTS


_COURTS = frozenset({"Gericht", "Gerichtshof", "Tribunal", "Strafgericht"})
_COURT = re.compile(r"(?:[Gg]ericht(?:shof)?|[Tt]ribunal)e?s?$")


def _spokesman_before(named: Named, span: Span, words: Sequence[str]) -> str:
    """ "sagte die Sprecherin": the one who was named last as such, though others have spoken since."""
    if len(words) != 2 or words[0].lower() not in _DEFINITE or words[1] not in ("Sprecher", "Sprecherin"):
        return ""
    before = reversed(named.over((max(0, span[0] - 2 * _LOOKS_BACK), span[0])))
    spokesmen = (m for m in before if m.code and m.kind in ("person", "office"))
    word = words[1].lower()
    return next((m.code for m in spokesmen if any(w.endswith(word) for w in m.office.lower().split())), "")


_DEFINITE = frozenset({"der", "die", "das", "dem"})
_MEDIA = frozenset({"Zeitung", "Blatt", "Magazin", "Sender", "Agentur", "Nachrichtenagentur", "Portal"})


def _whose(document: Document, named: Named, span: Span) -> str:
    """ "…, bestätigte sein Sprecher", "wie ihr Verteidigungsministerium mitteilte": of whoever the sentence is about so far, else of
    whom the sentence before was."""
    words = document.text[slice(*span)].split()
    if len(words) < 2 or not words[0].lower().startswith(_HIS) or not _is_office(words[1].strip(_AROUND)):
        return ""
    at = document.sentence_at(span[0])
    if at is None:
        return ""
    near = reversed(document.sentences[max(0, at.index - 1) : at.index + 1])
    return next((code for sentence in near for code in _about(sentence, named, span[0])), "")


_HIS = ("sein", "ihr")


def _in_his_words(document: Document, named: Named, span: Span, last: str) -> str:
    """ "nach seinen Worten", "ihren Angaben zufolge": of whom the sentence is about so far (a state has "ihre" words, seldom "seine"),
    else of who spoke before, else of whom the sentence before was about."""
    words = document.text[slice(*span)].split()
    if len(words) != 2 or not words[0].lower().startswith(_HIS) or not lexicon().tells(words[1]):
        return ""
    at = document.sentence_at(span[0])
    if at is None:
        return ""
    people = _PEOPLE if words[0].lower().startswith("sein") else None
    here = next(_about(at, named, span[0], people), "")
    before = document.sentences[at.index - 1] if at.index else at
    return here or last or next(_about(before, named, span[0], people), "")


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


def _capital(one: Found, words: Sequence[str]) -> str:
    """ "hieß es in Kiew": the government there."""
    said_there = one.rule.endswith(("-heißen", "-verlauten")) and len(words) == 1
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
