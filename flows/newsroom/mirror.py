"""A folder as a site: its feeds as they are, its pages under the paths they had, and an index feed that links them here.

The folder holds `feeds/` and `pages/`, each with a `manifest.jsonl`; pages may be gzipped. A file that the manifest
names and the disk lacks is left out of the index and answered with 404.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from extractors.model import BERLIN
from flows.newsroom import pages
from flows.newsroom.answers import Answer


class NothingToServe(ValueError):
    """The folder has neither feeds/ nor pages/ with a manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MirroredPage:
    """A page of the folder: where it lies, where it is served, and what its manifest says."""

    id: str
    file: Path
    path: str
    title: str
    published: datetime | None


class Mirror:
    """Serves `folder`. Raises NothingToServe. Pages stand under `/pages/<host><path>`."""

    def __init__(self, folder: Path) -> None:
        self.pages = tuple(_pages(folder / "pages"))
        self._feeds = {f"/feeds/{file.name}": file for file in _feed_files(folder / "feeds")}
        if not self.pages and not self._feeds:
            raise NothingToServe(f"{folder} has neither feeds/manifest.jsonl nor pages/manifest.jsonl")
        self._by_path = {page.path: page for page in self.pages}
        self._read = lru_cache(maxsize=256)(_read)

    def feed_paths(self) -> Mapping[str, str]:
        """`index` lists all pages; the others are the folder's feeds, by file name."""
        index = {"index": "/feeds/index.rss"} if self.pages else {}
        return index | {path.removeprefix("/feeds/"): quote(path) for path in self._feeds}

    def answer(self, path: str, *, base: str, now: datetime) -> Answer | None:
        if path == "/":
            return Answer(body=pages.front(self.feed_paths(), base=base, now=now))
        if path == "/feeds/index.rss":
            text = pages.environment().get_template("index.rss.xml").render(pages=self.pages, base=base, quote=quote)
            return Answer(body=text.encode(), content_type="application/rss+xml; charset=utf-8")
        if (file := self._feeds.get(path)) is not None:
            # No charset here: the feed's own declaration counts, as when a file is served from disk.
            return Answer(body=self._read(file), content_type="application/xml")
        if (page := self._by_path.get(path)) is not None:
            return Answer(body=self._read(page.file), content_type="text/html")
        return None


def _pages(folder: Path) -> Iterator[MirroredPage]:
    for row in _manifest(folder):
        file = folder / Path(row["file"]).name
        if not file.exists():
            continue
        split = urlsplit(row.get("url") or "")
        # Some shells serve two articles under one path and another query: the page's own id keeps them apart.
        where = (
            f"{split.hostname}{split.path}" if split.hostname and not split.query else f"ohne-adresse/{row['id']}.html"
        )
        yield MirroredPage(
            id=row["id"],
            file=file,
            path=unquote(f"/pages/{where}"),
            title=row.get("title") or row["id"],
            published=_moment(row.get("published")),
        )


def _feed_files(folder: Path) -> Iterator[Path]:
    for row in _manifest(folder):
        file = folder / Path(row["path"]).name
        if file.exists():
            yield file


def _manifest(folder: Path) -> Iterator[dict[str, Any]]:
    manifest = folder / "manifest.jsonl"
    if manifest.exists():
        with manifest.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


def _read(file: Path) -> bytes:
    raw = file.read_bytes()
    return gzip.decompress(raw) if file.suffix == ".gz" else raw


def _moment(text: str | None) -> datetime | None:
    """The manifest's time where it is one; local German time where it names no zone."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)).astimezone(UTC)
