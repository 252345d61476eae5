"""Whom other articles have introduced, read in one that does not: "Außenminister Gausewitz forderte …", "Ingmar Gausewitz".

Such a person is named by the full name, or by the surname behind a title of the office, as those of our tables are; the surname
alone stands for them only where the article has one of both. What the article itself says goes before, and so do our tables.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from extractors.actors.hits import LEARNED, Hit, short, spelt, surnames
from extractors.actors.lexicon import lexicon, noun
from extractors.actors.newcomers import deputises, formerly, has, title_of
from extractors.actors.titled import bare, of_party
from extractors.language import Sentence, Token
from extractors.model import Holder

_SCORE = 0.7
"""less than a name of our tables has (0.75 to 0.98), or one that the article introduces (0.85)"""
_SAYS_NOTHING = frozenset({"neue", "neuer", "neuen", "amtierende", "amtierender", "amtierenden"})
"""adjectives that do not say whose an office is"""


@dataclass(frozen=True, slots=True)
class Learned:
    """Whom an article names of those that are known over articles."""

    people: Mapping[str, Hit] = field(default_factory=dict)
    """by what may stand for them alone"""
    whole: Mapping[str, Sequence[tuple[tuple[str, ...], Hit]]] = field(default_factory=dict)
    """full names, by their first word"""


def learned(
    sentences: Sequence[Sentence], holders: tuple[Holder, ...], *, on: date | None, taught: Mapping[str, Hit]
) -> Learned:
    """Whom an article of a day names of these; `taught` is who stands for a surname there already."""
    if not holders:
        return Learned()
    people: dict[str, Hit] = {}
    whole: dict[str, list[tuple[tuple[str, ...], Hit]]] = defaultdict(list)
    for holder in _named(sentences, _index(holders), on):
        forms = [*surnames(holder.name, (holder.code,))]
        if any(taught[form].person in (holder.name, form) for form in forms if form in taught):
            continue  # the article says itself who that is
        hit, words = _hit(holder), tuple(holder.name.split())
        whole[words[0]].append((words, hit))
        for form in _alone(holder):
            people.setdefault(form, hit)
    return Learned(people=people, whole=whole)


@dataclass(frozen=True, slots=True)
class _Index:
    """Holders by the first word of their name, and by what of it a title may stand before."""

    begins: Mapping[str, Sequence[tuple[tuple[str, ...], Holder]]]
    called: Mapping[str, Sequence[Holder]]


@functools.lru_cache(maxsize=8)
def _index(holders: tuple[Holder, ...]) -> _Index:
    begins: dict[str, list[tuple[tuple[str, ...], Holder]]] = defaultdict(list)
    called: dict[str, list[Holder]] = defaultdict(list)
    # Who took the office last goes before.
    for holder in sorted(holders, key=lambda one: one.since or date.min, reverse=True):
        if not has(holder.name):
            words = tuple(holder.name.split())
            begins[words[0]].append((words, holder))
            for form in dict.fromkeys(map(short, _alone(holder))):
                called[form].append(holder)
    return _Index(begins, called)


def _alone(holder: Holder) -> list[str]:
    """What of a name may stand alone: nothing that our tables have, or that is a word."""
    forms = surnames(holder.name, (holder.code,))
    return [form for form in forms if form not in lexicon().phrases and noun(form) is None]


def _named(sentences: Sequence[Sentence], index: _Index, on: date | None) -> list[Holder]:
    """Who is named so that it is clear, each name once; nobody of whom the article says that an office is over."""
    found: dict[str, Holder] = {}
    over: set[str] = set()
    for sentence in sentences:
        for holder, is_over in _uses(sentence.tokens, index, on):
            found.setdefault(holder.name, holder)
            if is_over:
                over.add(holder.name)
    return [holder for name, holder in found.items() if name not in over]


def _uses(tokens: Sequence[Token], index: _Index, on: date | None) -> Iterator[tuple[Holder, bool]]:
    """The holders of a sentence, each with whether it says that the office is over."""
    for i, token in enumerate(tokens):
        for words, holder in index.begins.get(token.text, ()):
            if holder.holds(on) and spelt(tokens, i, words) and not of_party(tokens, i + len(words)):
                yield holder, formerly(tokens, i)
                break
        called = index.called.get(short(token.text), ())
        if called and i and noun(tokens[i - 1].text) is not None and formerly(tokens, i - 1):
            yield from ((one, True) for one in called)
        meant = [one for one in called if one.holds(on) and _is_titled(tokens, i, one)]
        if len({holder.name for holder in meant}) == 1:
            yield meant[0], False


def _is_titled(tokens: Sequence[Token], i: int, holder: Holder) -> bool:
    """Whether a title of the office stands before the surname, and nothing that makes it another's: "der sächsische Innenminister X"."""
    deputy = bool(i) and deputises(tokens, i - 1)
    title = title_of(tokens[i - 1].text).removeprefix("bundes") if i else ""
    title = f"vize{title}" if title and deputy else title
    # "Minister" alone is somebody of any state and any house.
    if not title or all(title_of(office).removeprefix("bundes") != title for office in holder.offices):
        return False
    clear = deputy or bare(tokens, i - 1) or tokens[i - 2].text.lower() in _SAYS_NOTHING
    return clear and not of_party(tokens, i + 1)


def _hit(holder: Holder) -> Hit:
    office = holder.offices[0] if holder.offices else ""
    title = noun((office.split() or [""])[0])
    return Hit(
        first=0,
        last=0,
        codes=(holder.code,),
        name=holder.name,
        kind="person",
        origin=LEARNED,
        score=_SCORE,
        office=office,
        noun=title,
        person=holder.name,
        female=title.gender == "f" if title is not None else None,
        core=0,
    )
