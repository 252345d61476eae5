"""The invented fortnight as a site: which pieces are out at a time, their pages, and the feeds that list them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from flows.newsroom import pages, wires
from flows.newsroom.answers import Answer
from flows.newsroom.houses import FORMATS, HOUSES, House
from flows.newsroom.pieces import START, Kind, Piece, Version, load_pieces

_FEED_LENGTH = 60


class Fortnight:
    """Serves the bundled pieces."""

    def __init__(self) -> None:
        self.pieces = load_pieces()
        self._by_path = {f"/{piece.house}/{piece.path}": piece for piece in self.pieces}
        self._moved = {f"/{piece.house}/{piece.old_path}": piece for piece in self.pieces if piece.old_path}
        self._moments = sorted({version.at for piece in self.pieces for version in piece.versions})
        # A soak asks a thousand times for what changes once: pages are kept by version, feeds by edition.
        self._page = lru_cache(maxsize=512)(self._printed)
        self._edition = lru_cache(maxsize=128)(self._edited)

    def feed_paths(self) -> Mapping[str, str]:
        """One feed for each house, and one for each of its sections."""
        paths = {}
        for house in HOUSES.values():
            paths[house.key] = f"/feeds/{house.key}.{house.format}"
            for section in house.sections:
                paths[f"{house.key}-{section}"] = f"/feeds/{house.key}-{section}.{house.format}"
        return paths

    def answer(self, path: str, *, base: str, now: datetime) -> Answer | None:
        if path == "/":
            return Answer(body=pages.front(self.feed_paths(), base=base, now=now))
        if path == "/feeds.opml":
            return Answer(body=wires.opml(self.feed_paths(), base=base), content_type="text/x-opml; charset=utf-8")
        if path.startswith("/feeds/"):
            return self._feed(path.removeprefix("/feeds/"), base=base, now=now)
        if (moved := self._moved.get(path)) is not None:
            return Answer(status=301, headers={"Location": f"{base}/{moved.house}/{moved.path}"})
        piece = self._by_path.get(path)
        return None if piece is None else self._article(piece, base=base, now=now)

    def _article(self, piece: Piece, *, base: str, now: datetime) -> Answer | None:
        version = piece.version(now)
        if version is None or piece.kind is Kind.DEAD:
            return None
        return self._page(f"/{piece.house}/{piece.path}", version.at, base)

    def _printed(self, path: str, at: datetime, base: str) -> Answer:
        piece = self._by_path[path]
        version = piece.version(at)
        assert version is not None
        return Answer(body=pages.render(piece, version, base), changed=version.at)

    def _feed(self, name: str, *, base: str, now: datetime) -> Answer | None:
        return self._edition(name, bisect_right(self._moments, now), base)

    def _edited(self, name: str, edition: int, base: str) -> Answer | None:
        """A feed after the first `edition` moments at which something came out or changed."""
        stem, _, extension = name.rpartition(".")
        house, section = _feed_of(stem)
        if house is None or extension not in FORMATS:
            return None
        now = self._moments[edition - 1] if edition else START
        out = [entry for piece in self.pieces if (entry := _out(piece, house, section, now)) is not None]
        newest = sorted(out, key=lambda entry: entry[1].at, reverse=True)[:_FEED_LENGTH]
        body = wires.FORMATS[extension](house, newest, base=base)
        return Answer(body=body, content_type=FORMATS[extension], changed=newest[0][1].at if newest else None)


def _feed_of(stem: str) -> tuple[House | None, str]:
    if (house := HOUSES.get(stem)) is not None:
        return house, ""
    key, _, section = stem.rpartition("-")
    house = HOUSES.get(key)
    return (house, section) if house is not None and section in house.sections else (None, "")


def _out(piece: Piece, house: House, section: str, now: datetime) -> tuple[Piece, Version] | None:
    if piece.house != house.key or (section and piece.section != section):
        return None
    version = piece.version(now)
    return None if version is None else (piece, version)
