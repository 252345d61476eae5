"""The newsroom's articles with what a careful reader finds in them: the TOML files in `articles/`, loaded and checked.

All persons in them are invented, and so is the fortnight from 10 to 23 January 2028; states and organisations are real.
"""

from __future__ import annotations

import enum
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from extractors.model import Article, Grade, PartKind
from extractors.ontology import EventType, Status
from flows.newsroom.houses import HOUSES

START = datetime(2028, 1, 10, 4, 0, tzinfo=UTC)
"""the first moment of the fortnight: nothing is published yet"""
END = datetime(2028, 1, 24, 4, 0, tzinfo=UTC)
"""everything is published, and every revision made"""


class Kind(enum.StrEnum):
    """What a link in the feed turns out to be."""

    ARTICLE = "article"
    TICKER = "ticker"
    VIDEO = "video"
    CONSENT = "consent"
    PAYWALL = "paywall"
    SOFT404 = "soft404"
    DEAD = "dead"


class BlockKind(enum.StrEnum):
    """A stretch of the body as the page lays it out; everything but subhead and paragraph is boilerplate."""

    PARAGRAPH = "paragraph"
    SUBHEAD = "subhead"
    ENTRY = "entry"
    EMBED = "embed"
    RELATED = "related"
    IMAGE = "image"


class BrokenPiece(ValueError):
    """A file in `articles/` cannot be used; the message names file and field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    kind: BlockKind
    text: str
    time: str = ""
    """of a ticker's entry, as printed ("14:35")"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An event that a careful reader codes. `quote` stands in the text word for word.

    `act` is the same in every article and version that reports the same act; `""` where nothing is to be linked.
    """

    type: EventType
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    status: Status
    date: str | None
    place: str | None
    speaker: str | None
    quote: str
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What stands under a URL from `at` on. `stand` is the time of last change that the page tells; None: it is silent."""

    at: datetime
    stand: datetime | None
    kicker: str
    headline: str
    teaser: str
    byline: str
    blocks: tuple[Block, ...]
    events: tuple[Expected, ...]

    @property
    def parts(self) -> tuple[tuple[PartKind, str], ...]:
        """The body as a reader takes it in: subheads and paragraphs, no boilerplate."""
        return tuple((_PARTS[block.kind], block.text) for block in self.blocks if block.kind in _PARTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One link of a feed: where it stands, how it looks, what it says in each version, and the truth about it."""

    id: str
    house: str
    layout: str
    path: str
    old_path: str
    """the feed links here and the server answers 301 to `path`; empty where nothing moved"""
    section: str
    kind: Kind
    grade: Grade
    agency: str
    copy_of: str
    """the id of the piece whose agency text this is; empty for the first"""
    published: datetime
    versions: tuple[Version, ...]

    @property
    def readable(self) -> bool:
        return self.kind in (Kind.ARTICLE, Kind.TICKER)

    @property
    def link(self) -> str:
        return self.old_path or self.path

    def version(self, now: datetime) -> Version | None:
        """What stands under the URL at `now`; None before it is published."""
        return next((version for version in reversed(self.versions) if version.at <= now), None)

    def article(self, version: Version, url: str) -> Article:
        """The reading that an extractor should come to."""
        return Article.compose(
            url=url,
            publisher=HOUSES[self.house].publisher,
            headline=version.headline,
            kicker=version.kicker,
            teaser=version.teaser,
            byline=version.byline,
            body=version.parts,
            published_at=self.published,
            stand=version.stand,
        )


_PARTS: Mapping[BlockKind, PartKind] = {
    BlockKind.PARAGRAPH: PartKind.PARAGRAPH,
    BlockKind.SUBHEAD: PartKind.SUBHEAD,
    BlockKind.ENTRY: PartKind.SUBHEAD,
}
_MARKS: Mapping[str, BlockKind] = {
    "@embed": BlockKind.EMBED,
    "@related": BlockKind.RELATED,
    "@image": BlockKind.IMAGE,
}
_ENTRY = re.compile(r"### (?P<time>\d{2}:\d{2}) Uhr \| (?P<headline>.+)")


@cache
def load_pieces() -> tuple[Piece, ...]:
    """All pieces, oldest first. Raises BrokenPiece at the first file that is not as it should be."""
    folder = resources.files("flows.newsroom") / "articles"
    found = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    pieces = [parse_piece(file.name.removesuffix(".toml"), file.read_text(encoding="utf-8")) for file in found]
    return tuple(sorted(pieces, key=lambda piece: (piece.published, piece.id)))


def parse_piece(name: str, text: str) -> Piece:
    """One file's text as a piece. `name` is the file's stem, and the piece's id."""
    try:
        raw = tomllib.loads(text)
        return _piece(name, raw)
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        raise BrokenPiece(f"{name}.toml: {type(error).__name__}: {error}") from error


def _piece(name: str, raw: dict[str, Any]) -> Piece:
    published = _aware(raw["published"])
    _known(raw, _PIECE_KEYS)
    return Piece(
        id=name,
        house=raw["house"],
        layout=raw["layout"],
        path=raw["path"],
        old_path=raw.get("old_path", ""),
        section=raw["section"],
        kind=Kind(raw.get("kind", Kind.ARTICLE)),
        grade=Grade(raw["grade"]),
        agency=raw.get("agency", ""),
        copy_of=raw.get("copy_of", ""),
        published=published,
        versions=tuple(_versions(raw, published)),
    )


def _versions(raw: dict[str, Any], published: datetime) -> Iterator[Version]:
    for row in raw["version"]:
        _known(row, _VERSION_KEYS)
        stand = _aware(row["stand"]) if "stand" in row else None
        if stand is None and HOUSES[raw["house"]].tells_change:
            stand = published
        yield Version(
            at=stand or published,
            stand=stand,
            kicker=row.get("kicker", ""),
            headline=row["headline"],
            teaser=row.get("teaser", ""),
            byline=row.get("byline", ""),
            blocks=tuple(_blocks(row.get("body", ""))),
            events=tuple(_expected(event) for event in row.get("event", ())),
        )


def _blocks(body: str) -> Iterator[Block]:
    """A blank line ends a block; `## ` begins a subhead, `### 14:35 Uhr | ` a ticker's entry, `@embed` boilerplate."""
    for chunk in re.split(r"\n\s*\n", body.strip()):
        text = " ".join(chunk.split())
        mark, _, rest = text.partition(" ")
        if entry := _ENTRY.fullmatch(text):
            yield Block(kind=BlockKind.ENTRY, text=entry["headline"], time=entry["time"])
        elif mark == "##":
            yield Block(kind=BlockKind.SUBHEAD, text=rest)
        elif mark.startswith(("@", "#")):
            yield Block(kind=_MARKS[mark], text=rest)
        elif text:
            yield Block(kind=BlockKind.PARAGRAPH, text=text)


def _expected(row: dict[str, Any]) -> Expected:
    _known(row, _EVENT_KEYS)
    return Expected(
        type=EventType(row["type"]),
        actors=tuple(row["actors"]),
        recipients=tuple(row.get("recipients", ())),
        status=Status(row["status"]),
        date=row.get("date"),
        place=row.get("place"),
        speaker=row.get("speaker"),
        quote=row["quote"],
        act=row.get("act", ""),
    )


_PIECE_KEYS = frozenset(
    "house layout path old_path section kind grade agency copy_of published version note".split(),
)
_VERSION_KEYS = frozenset("stand kicker headline teaser byline body event".split())
_EVENT_KEYS = frozenset("type actors recipients status date place speaker quote act".split())


def _known(row: dict[str, Any], keys: frozenset[str]) -> None:
    if unknown := sorted(row.keys() - keys):
        raise ValueError(f"unknown field {', '.join(unknown)}")


def _aware(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"{value!r} is not a time with its zone")
    return value
