"""OPML in and out: the lists of feeds that readers exchange. An OPML file is a stranger's XML and is read as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

from extractors.feeds import Feed, plain
from extractors.urls import UrlError, canonical, stem

MAX_OPML = 5 << 20
MAX_OUTLINES = 20_000


class OpmlError(ValueError):
    """The file is no OPML that we read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an OPML file held: `feeds`, and what was left out as (title or address, reason)."""

    feeds: tuple[Feed, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def read_opml(body: bytes, *, known: Iterable[Feed] = ()) -> Imported:
    """The feeds of an OPML file; those already known, doubled or unusable are left out with a reason.

    Folders become publishers: `publisher` is the folder a feed lies in, or its host.
    """
    root = _tree(body)
    if root.tag != "opml" or root.find("body") is None:
        raise OpmlError("there is no <opml> with a <body>")
    feeds: list[Feed] = []
    left_out: list[tuple[str, str]] = []
    seen = {stem(feed.url) for feed in known}
    names = {feed.id for feed in known}
    for number, outline in enumerate(root.iter("outline")):
        if number >= MAX_OUTLINES:
            raise OpmlError(f"more than {MAX_OUTLINES} outlines")
        url = (outline.get("xmlUrl") or "").strip()
        if not url:
            continue
        feed = _feed(outline, url)
        if isinstance(feed, str):
            left_out.append((_title(outline) or url[:200], feed))
        elif stem(feed.url) in seen:
            left_out.append((feed.id, "already in the list"))
        else:
            feeds.append(_named_apart(feed, names))
            seen.add(stem(feed.url))
    return Imported(feeds=tuple(feeds), left_out=tuple(left_out))


def _tree(body: bytes) -> etree._Element:
    if len(body) > MAX_OPML:
        raise OpmlError(f"more than {MAX_OPML >> 20} MB")
    if b"<!entity" in body.lower() or b"<\x00!\x00e\x00n\x00t\x00" in body.lower():
        raise OpmlError("it declares entities")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise OpmlError(f"it is not well-formed: {error}") from None


def _title(outline: etree._Element) -> str:
    return plain(outline.get("title") or outline.get("text") or "", 200)


def _feed(outline: etree._Element, url: str) -> Feed | str:
    """The outline as a feed, or why it cannot be one."""
    try:
        canonical(url)  # raises also for what could not be told apart from others later
    except UrlError as error:
        return f"address: {error.reason}"
    folder = outline.getparent()
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    publisher = (_title(folder) if folder is not None and folder.tag == "outline" else "") or host
    return Feed(publisher=publisher, name=_title(outline) or host, url=url)


def _named_apart(feed: Feed, names: set[str]) -> Feed:
    """Two feeds of one name get numbers: rows are told apart by publisher and name."""
    name, number = feed.name, 2
    while f"{feed.publisher}/{name}" in names:
        name, number = f"{feed.name} ({number})", number + 1
    names.add(f"{feed.publisher}/{name}")
    return Feed(publisher=feed.publisher, name=name, url=feed.url)


def write_opml(feeds: Iterable[Feed], *, now: datetime) -> bytes:
    """The feeds as OPML 2.0, a folder for each publisher, disabled ones left out."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Depesche"
    etree.SubElement(head, "dateCreated").text = now.strftime("%a, %d %b %Y %H:%M:%S %z")
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {}
    for feed in feeds:
        if not feed.enabled:
            continue
        if feed.publisher not in folders:
            folders[feed.publisher] = etree.SubElement(body, "outline", text=feed.publisher, title=feed.publisher)
        etree.SubElement(
            folders[feed.publisher], "outline", type="rss", text=feed.name, title=feed.name, xmlUrl=feed.url
        )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def as_toml(feeds: Iterable[Feed]) -> str:
    """Rows for the TOML list, to be appended to it."""
    return "\n".join(_row(feed) for feed in feeds)


def _row(feed: Feed) -> str:
    lines = ["[[feed]]", *(f"{key} = {_quoted(getattr(feed, key))}" for key in ("publisher", "name", "url"))]
    if feed.zone != "Europe/Berlin":
        lines.append(f"zone = {_quoted(feed.zone)}")
    if not feed.enabled:
        lines.append("enabled = false")
    if feed.dossiers:
        lines.append(f"dossiers = [{', '.join(map(_quoted, feed.dossiers))}]")
    if feed.interval_minutes:
        lines.append(f"interval_minutes = {feed.interval_minutes}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML, which is one of JSON but for DEL."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
