"""What syntax says of who acts upon whom in an article that is nothing but a text."""

from __future__ import annotations

from articles import article_of

from extractors.events.proposing.candidates import candidates
from extractors.events.proposing.completing import completed
from extractors.events.proposing.directions import directions
from extractors.events.reading import reading


def directed(text: str) -> set[str]:
    """The rows that say so."""
    read = reading(article_of(text))
    found = directions(read, tuple(completed(read, c) for c in candidates(read)))
    return {direction.row for told in found.values() for direction in told}
