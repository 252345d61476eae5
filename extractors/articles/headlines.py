"""Headline and kicker: a page states them in its h1, in og:title and in JSON-LD, glued, split or rewritten."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

_QUOTES = re.compile("[„“”»«\"'‘’‚\xad\u200b]")
_PARTED = re.compile(r"\s+[|–—·-]\s+|,\s(?=Tageszeitung\b)")
_JOINT = re.compile(r"[\s:/|–—+-]+$")


@dataclass(frozen=True, slots=True)
class Title:
    headline: str
    kicker: str = ""


@functools.lru_cache(maxsize=64)
def fold(text: str) -> str:
    """Equal for texts that differ in white space, quotation marks and case only. The few of a page are asked for again."""
    return " ".join(_QUOTES.sub("", text).split()).casefold()


def title_of(*, shown: str, shared: str, linked: str, kicker: str = "", site: str = "") -> Title:
    """From the h1 as shown, the title for sharing (og:title) and the linked-data headline.

    The title for sharing wins where they differ: it stays while the h1 is tuned for search engines. A part of the h1 that
    it leaves out, or a part before the h1 that it adds, is the kicker.

    >>> title_of(shown="Genf Erste Gespräche", shared="Erste Gespräche | Der Hafenbote", linked="", site="Der Hafenbote")
    Title(headline='Erste Gespräche', kicker='Genf')
    >>> title_of(shown="Erste Gespräche", shared="USA und Russland: Erste Gespräche", linked="")
    Title(headline='Erste Gespräche', kicker='USA und Russland')
    >>> title_of(shown='Gradow spricht von "erstem Schritt"', shared="Gradow spricht von ", linked="")
    Title(headline='Gradow spricht von "erstem Schritt"', kicker='')
    """
    shown, linked, kicker = _clean(shown), _clean(linked), _JOINT.sub("", _clean(kicker))
    shared = _without_site(_uncut(_clean(shared), shown), (shown, linked), site)
    if kicker and fold(shown).startswith(fold(kicker)) and len(shown) > len(kicker):
        shown = shown[len(kicker) :].lstrip(" :/|–—-+") or shown
    best = _chosen(shown, shared, linked)
    if kicker and fold(kicker) != fold(best):
        return Title(_cut_front(best, kicker), kicker)
    for longer, shorter in ((shown, best), (best, shown), (best, linked)):
        if split := _front(longer, shorter):
            return Title(shorter, split)
    return Title(best)


def _chosen(shown: str, shared: str, linked: str) -> str:
    if not shared:
        return shown or linked
    if shown and fold(shown) in (fold(shared), fold(linked)) and shared.startswith(shown):
        return shown
    return shared


def _clean(text: str) -> str:
    line = " ".join(text.replace("\xad", "").replace("\u200b", "").split())
    return re.sub(r"(\w) :(?=\s)", r"\1:", line) if " : " in line else line


def _uncut(shared: str, shown: str) -> str:
    """The title for sharing as it was meant, where its attribute ends at a quotation mark that nobody escaped."""
    rest = shown[len(shared) :].lstrip() if shared and shown.startswith(shared) else ""
    return shown if rest.startswith('"') else shared


def _without_site(title: str, known: tuple[str, ...], site: str) -> str:
    """`title` without the site's name at its end."""
    for one in known:
        rest = title[len(one) :].strip()
        if one and title.startswith(one) and rest[:1] in ("|", "-", "–", "—", ",", "·"):
            return one
    pieces = _PARTED.split(title)
    if len(pieces) > 1 and site and _same_site(pieces[-1], site):
        return title[: title.rindex(pieces[-1])].rstrip(" |–—·-,")
    return title


def _same_site(piece: str, site: str) -> bool:
    bare = re.compile(r"\W|\b(?:de|at|ch|com|online|www|news)\b")
    return bool(piece) and bare.sub("", fold(piece)) == bare.sub("", fold(site))


def _front(longer: str, shorter: str) -> str:
    """What `longer` has before `shorter`."""
    if not shorter or len(longer) <= len(shorter) or not fold(longer).endswith(fold(shorter)):
        return ""
    front = longer[: max(0, len(longer) - len(shorter))]
    return _JOINT.sub("", front).strip() if len(front) <= 90 else ""


def _cut_front(title: str, kicker: str) -> str:
    rest = title[len(kicker) :].lstrip(" :/|–—-+")
    return rest if fold(title).startswith(fold(kicker)) and rest else title
