"""People whom no table has, with a bare title: "Außenministerin Anna Muster sagte". Whose minister it is, the sentences say.

The state that an earlier word of the same stretch names, else the one of the sentence before, where a capital ("in Ottawa kündigte
Verteidigungsminister …") may say which; refused where several come into question, where the state is named by the words that the
minister says alone ("Moskau müsse abziehen, sagte Außenminister …"), and where it is the newsroom's own country, whose federal
states have ministers too.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from extractors.actors.hits import Hit
from extractors.actors.lexicon import lexicon, noun
from extractors.actors.phrases import unknown_name
from extractors.language import Sentence, Token

_STATES_OFFICE = re.compile(
    r"(?:Vize-?)?(?:Staatsp|P)räsident(?:in)?|(?:Staats|Regierungs)chef(?:in)?|(?:Minister|Vize-?minister)präsident(?:in)?"
    r"|Premier(?:minister(?:in)?)?|(?:Vize-?)?(?:Außen|Verteidigungs|Innen|Finanz|Energie)minister(?:in)?"
    r"|(?:Außenamts|Regierungs)sprecher(?:in)?|Außenministeriumssprecher(?:in)?"
)
"""offices that a state has one of"""
_BODYS_OFFICE = re.compile(r"Generalsekretär(?:in)?")
_BODIES = frozenset({"NATO", "UN", "OSCE"})
"""organisations that have a secretary general"""
_ACTORS = frozenset({"name", "metonym", "office", "person", "compound"})
_BREAKS = frozenset(",:;–\"'„“”»«‚‘›‹")
"""what parts the words of one who speaks from the words that he says"""
_LEAST = 2
"""words of a name: one alone is too often no name"""
_SCORE = 0.7
_KNOWN = 20_000
"""words remembered: those of an article are mostly those of others"""
_STATE = 3
"""letters of a state's code"""


def titled(sentences: Sequence[Sentence], found: Sequence[Sequence[Hit]], *, home: str) -> list[list[Hit]]:
    """For each sentence the people that it names with a bare title, as hits that teach who they are."""
    told: list[list[Hit]] = []
    before: Sequence[Hit] = ()
    for sentence, hits in zip(sentences, found, strict=True):
        told.append(list(_of_sentence(sentence, hits, before, home)))
        before = hits
    return told


@functools.lru_cache(_KNOWN)
def _whose(title: str) -> str:
    """Whose office a word names: a "body" has it, a "state", or "" nobody."""
    if _BODYS_OFFICE.fullmatch(title):
        return "body"
    return "state" if _STATES_OFFICE.fullmatch(title) else ""


def _of_sentence(sentence: Sentence, hits: Sequence[Hit], before: Sequence[Hit], home: str) -> Iterator[Hit]:
    tokens, taken = sentence.tokens, {k for hit in hits for k in range(hit.first, hit.last + 1)}
    for token in tokens:
        title = token.text
        whose = _whose(title) if title[:1].isupper() else ""
        if not whose or not bare(tokens, token.i):
            continue
        name = unknown_name(tokens, token.i + 1)
        last = token.i + len(name)
        if len(name) < _LEAST or taken & {*range(token.i, last + 1)} or of_party(tokens, last + 1):
            continue
        code = _body(hits, before) if whose == "body" else _state(sentence, token.i, hits, before)
        if code and code != home:
            office = noun(title)
            person = " ".join(name)
            yield Hit(
                first=token.i,
                last=last,
                codes=(code,),
                name=person,
                kind="person",
                origin="taught",
                score=_SCORE,
                office=title,
                noun=office,
                person=person,
                female=office.gender == "f" if office is not None else None,
                core=token.i,
            )


def bare(tokens: Sequence[Token], i: int) -> bool:
    """Nothing before the title says whose it is ("der sächsische", "Brandenburgs", "IOC-"), or that it was once."""
    before = tokens[i - 1] if i else None
    return before is None or (before.tag not in ("ADJA", "NE", "TRUNC") and before.text not in ("-", "–"))


def of_party(tokens: Sequence[Token], i: int) -> bool:
    """ "(SPD)": who is told with a party is a politician of the newsroom's own country."""
    return i + 1 < len(tokens) and tokens[i].text == "(" and tokens[i + 1].text[:1].isupper()


def _body(hits: Sequence[Hit], before: Sequence[Hit]) -> str:
    return _only({code for hit in (*hits, *before) for code in hit.codes if code in _BODIES})


def _state(sentence: Sentence, i: int, hits: Sequence[Hit], before: Sequence[Hit]) -> str:
    """The state of an actor named right before the title, else the one of the sentence before.

    What a minister speaks of need not be his: of other words, or of a place where he is, only the state before agrees.
    """
    earlier, known = [hit for hit in hits if hit.last < i], _states(before)
    own = _only(_states(hit for hit in earlier if _beside(sentence.tokens[hit.last + 1 : i], hit)))
    if own:
        return own
    return _only(_capitals(sentence) & known) or (_only(_states(earlier) | known) if known else "")


def _beside(between: Sequence[Token], hit: Hit) -> bool:
    """Whether an actor and a title stand in one stretch; a person only where both are counted up ("Lawrow und Vizeminister …")."""
    words = [token.text for token in between]
    if hit.kind == "person":
        return words == ["und"]
    return not any(word in _BREAKS for word in words)


def _states(hits: Iterable[Hit]) -> set[str]:
    return {
        state
        for hit in hits
        if _acts(hit) and hit.origin not in ("topic", "place")
        for state in (code.split("-")[0] for code in hit.codes)
        if len(state) == _STATE
    }


def _acts(hit: Hit) -> bool:
    """Whether somebody who can act is named: "ukrainisch" alone is nobody, with "Regierung" behind it a body."""
    return hit.kind in _ACTORS or (hit.kind == "adjective" and hit.noun is not None)


def _capitals(sentence: Sentence) -> set[str]:
    """The states of the capitals in which something takes place."""
    return {
        entry.code
        for before, token in itertools.pairwise(sentence.tokens)
        if before.text in ("In", "in")
        for words, entry in lexicon().phrases.get(token.text, ())
        if entry.kind == "capital" and len(words) == 1
    }


def _only(codes: Collection[str]) -> str:
    """The one code there is; "" where there are none or several."""
    return next(iter(codes)) if len(codes) == 1 else ""
