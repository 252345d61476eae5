"""The list of feeds that we follow: rows of TOML, checked one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from extractors.files import BrokenFileError, toml_of
from extractors.urls import UrlError, checked, stem

SHIPPED = Path(__file__).parents[1] / "data" / "feeds.toml"


class FeedListError(BrokenFileError):
    """The list of feeds cannot be used; each line of the message names a row and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed that we follow."""

    publisher: str
    name: str
    url: str
    zone: str = "Europe/Berlin"
    """the publisher's time zone, in which its dates without a zone are meant"""
    enabled: bool = True
    dossiers: tuple[str, ...] = ()
    """hints: the matters this feed is worth following for; empty: all"""
    interval_minutes: int = 0
    """least time between two polls; 0: as the settings say"""

    @property
    def id(self) -> str:
        """`publisher/name`, unique within a list.

        >>> Feed(publisher="tagesschau", name="Ausland", url="https://example.org/f.xml").id
        'tagesschau/Ausland'
        """
        return f"{self.publisher}/{self.name}"


_ROW_TYPES: Mapping[str, type] = {
    "publisher": str, "name": str, "url": str, "zone": str, "enabled": bool, "dossiers": list, "interval_minutes": int,
}  # fmt: skip


def load_feeds(path: Path = SHIPPED) -> tuple[Feed, ...]:
    """The feeds of a TOML list, disabled ones too. Raises FeedListError naming every row that cannot be used."""
    try:
        table = toml_of(path)
    except OSError as error:
        raise FeedListError(f"{path}: {error.strerror}") from None
    except BrokenFileError as error:
        raise FeedListError(str(error)) from None
    rows = table.get("feed")
    if not isinstance(rows, list) or set(table) != {"feed"}:
        raise FeedListError(f"{path}: a list of feeds is made of [[feed]] tables and nothing else")
    return checked_feeds(rows, str(path))


def checked_feeds(rows: Iterable[object], where: str) -> tuple[Feed, ...]:
    """Rows as feeds; raises FeedListError with one line for each thing wrong."""
    feeds: list[Feed] = []
    wrong: list[str] = []
    for number, row in enumerate(rows, 1):
        name = str(row.get("name", "")) if isinstance(row, dict) else ""
        label = f"{where}: feed {number}" + (f" ({name})" if name else "")
        problems = list(_row_problems(row))
        wrong += [f"{label}: {problem}" for problem in problems]
        if not problems and isinstance(row, dict):
            feeds.append(Feed(**{**row, "dossiers": tuple(row.get("dossiers", ()))}))
    wrong += [f"{where}: {line}" for line in _doubles(feeds)]
    if wrong:
        raise FeedListError("\n".join(wrong))
    return tuple(feeds)


def _row_problems(row: object) -> Iterator[str]:
    if not isinstance(row, dict):
        yield "is not a table"
        return
    for key in sorted(row.keys() - _ROW_TYPES.keys()):
        yield f"unknown key {key!r}; known are {', '.join(_ROW_TYPES)}"
    for key in ("publisher", "name", "url"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            yield f"needs {key}, a text"
    for key, kind in _ROW_TYPES.items():
        if key in row and type(row[key]) is not kind:
            yield f"{key} must be {'a list of texts' if kind is list else kind.__name__}"
    if isinstance(row.get("url"), str) and row["url"].strip():
        try:
            checked(row["url"])
        except UrlError as error:
            yield f"url cannot be fetched ({error.reason}): http or https, no credentials"
    if isinstance(row.get("zone"), str) and not _is_zone(row["zone"]):
        yield f"zone {row['zone']!r} is no time zone such as 'Europe/Berlin'"
    if isinstance(row.get("interval_minutes"), int) and not 0 <= row["interval_minutes"] <= 10080:
        yield "interval_minutes must lie between 0 and 10080 (a week)"
    if isinstance(row.get("dossiers"), list) and not all(isinstance(d, str) for d in row["dossiers"]):
        yield "dossiers must be a list of texts"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _doubles(feeds: Iterable[Feed]) -> Iterator[str]:
    """205 doubled feeds once made a collector ask one host 1,155 times a day, until it was blocked."""
    names: set[str] = set()
    addresses: dict[str, str] = {}
    for feed in feeds:
        if feed.id in names:
            yield f"{feed.id} is listed twice: give one of them another name"
        elif (address := stem(feed.url)) in addresses:
            yield f"{feed.id} has the address of {addresses[address]}, {feed.url}: list it once"
        names.add(feed.id)
        addresses.setdefault(stem(feed.url), feed.id)
