"""Whose code a speaker has: that of who is named there, or of whom a pronoun, an office or a capital means."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from extractors.actors import Mention
from extractors.actors.lexicon import noun, single
from extractors.language import Document, Sentence
from extractors.speech.authorities import local
from extractors.speech.covers import Found, Span
from extractors.speech.laid import Laid
from extractors.speech.lexicon import lexicon

Named = Laid[Mention]


def codes_of(found: Sequence[Found], document: Document, named: Named) -> list[str]:
    """Codes of the speakers; a pronoun or a bare description without one of its own means the speaker before."""
    text = document.text
    codes: list[str] = []
    last, ended = "", 0
    for one in found:
        span = one.antecedent or one.speaker
        code = code_at(named, span) or _whose(document, named, span) if span is not None else ""
        if not code and span is not None:
            words = text[span[0] : span[1]].split()
            near = one.spans[0][0] - ended < _NEAR and _are_known(words)
            back = last if near or _points_back(words) else _capital(one, words)
            code = local(document, span) or back
            if not code and _is_somebody(words):
                last = ""  # whoever points back from here means somebody without a code
        last, ended = (code, one.spans[-1][1]) if code else (last, ended)
        codes.append(code)
    return codes


def _whose(document: Document, named: Named, span: Span) -> str:
    """ "…, bestätigte sein Sprecher", "wie ihr Verteidigungsministerium mitteilte": of whoever the sentence is about so far, else of
    whom the sentence before was."""
    words = document.text[slice(*span)].split()
    if len(words) < 2 or not words[0].lower().startswith(("sein", "ihr")) or not _is_office(words[1].strip(_AROUND)):
        return ""
    at = document.sentence_at(span[0])
    if at is None:
        return ""
    near = reversed(document.sentences[max(0, at.index - 1) : at.index + 1])
    return next((code for sentence in near for code in _about(sentence, named, span[0])), "")


def _is_office(word: str) -> bool:
    known = noun(word)
    return lexicon().office(word) or (known is not None and known.kind == "body")


_PREPOSITIONS = frozenset({"APPR", "APPRART"})


def _about(sentence: Sentence, named: Named, end: int) -> Iterator[str]:
    """Who is named in a sentence up to here, as far as no preposition stands before them."""
    for mention in named.over((sentence.start, end)):
        if not mention.code or not sentence.start <= mention.start or mention.end > min(end, sentence.end):
            continue
        tokens = [t for t in sentence.tokens if t.end <= mention.start][-3:]
        if not any(token.tag in _PREPOSITIONS for token in tokens):
            yield mention.code


_NEAR = 500
"""characters that "den Angaben zufolge" looks back for whose they are: three sentences"""
_TOLD = frozenset({"Angaben", "Mitteilung", "Darstellung"})


def _are_known(words: Sequence[str]) -> bool:
    """ "den Angaben zufolge", "hieß es in der Mitteilung": words that somebody was said to say right before."""
    return len(words) == 2 and words[0] in ("den", "der") and words[1] in _TOLD


def _is_somebody(words: Sequence[str]) -> bool:
    """Whether a speaker without a code is a person or body of its own ("Sarah Meier", "das Landratsamt"), not "Berichte"."""
    named = [word.strip(_AROUND) for word in words if word[:1].isupper() or word[:1] in _AROUND]
    return bool(named) and not any(lexicon().source(word[: len(word) - k]) for word in named for k in range(3))


_AROUND = '„“”"»«,.()'


def _capital(one: Found, words: Sequence[str]) -> str:
    """ "hieß es in Kiew": the government there."""
    if not one.rule.endswith(("-heißen", "-verlauten")) or len(words) > 1:
        return ""
    entry = single(words[0])
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
    return best.code if best is not None else ""


_PEOPLE = frozenset({"person", "office", "pronoun", "description"})
