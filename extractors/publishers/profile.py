"""What may be peculiar to a publisher, as data: selectors and words. The machine that uses them is `extractors.articles`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One generation of a publisher's pages. Selectors are CSS; an empty one leaves that piece to the generic reading.

    `mark` must match for the layout to apply; layouts are tried in order, so newer ones stand first.
    """

    version: str
    mark: str
    body: str = ""
    """the element around the paragraphs; several matches are read in order"""
    drop: str = ""
    """elements inside the body that are not the article's own text"""
    headline: str = ""
    kicker: str = ""
    teaser: str = ""
    byline: str = ""
    dateline: str = ""
    stand: str = ""
    published: str = ""
    """where the page shows when the article appeared, if its linked data says something else"""
    entries: str = ""
    """the entries of a live ticker"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A publisher: its hosts (subdomains included), its time zone, its layouts, and what its boilerplate says.

    `junk` are regular expressions; a paragraph that one of them matches from its start is left out.
    `video` and `paywall` are selectors that mark a page without a text of its own, or with the beginning only.
    """

    house: str
    hosts: tuple[str, ...]
    names: tuple[str, ...] = ()
    """how pages name their site in `og:site_name`, where the host does not tell"""
    zone: str = "Europe/Berlin"
    layouts: tuple[Layout, ...] = ()
    junk: tuple[str, ...] = ()
    video: str = ""
    paywall: str = ""
