"""RSS 0.9x, 1.0, 2.0 and Atom: well-formed or repaired by lxml, else what libxml2 or feedparser can put together."""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Mapping
from functools import lru_cache

from lxml import etree

from extractors.feeds.items import MAX_RUN, FeedError, Item, Read
from extractors.feeds.second import read_by_feedparser

MAX_JUDGED = 1 << 20
"""bytes; feedparser has quadratic corners and is not asked about more"""
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|RDF|rdf|channel)[\s>]")
_SPACES = {
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://backend.userland.com/rss": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://www.w3.org/2005/Atom": "atom:",
    "http://purl.org/atom/ns#": "atom:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

_PROMISED = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)


def read_xml(text: str) -> Read:
    text = from_root(text)
    shortened = _shortened(text)
    problems = [] if shortened is text else ["overlong fields cut"]
    root = _tree(shortened, recover=False)
    if root is not None:
        read = _read_tree(root, problems)
        # Entries under names that are nobody's are not "no entries".
        odd = not read[2] and len(text) <= MAX_JUDGED and _PROMISED.search(text) is not None
        return (read_by_feedparser(text, problems) or read) if odd else read
    problems.append("not well-formed")
    repaired = _repaired(shortened)
    root = _tree(repaired, recover=False)
    return _read_tree(root, problems) if root is not None else _read_broken(repaired, problems)


def from_root(text: str) -> str:
    """From the root element on: the declaration, DOCTYPE, blank lines and warnings of PHP before it all go."""
    at = 0
    while True:
        root = _ROOT.search(text, at)
        if root is None:
            raise FeedError("entity declaration" if "<!entity" in text[:65536].lower() else "not a feed")
        opened = text.rfind("<!--", 0, root.start())
        if opened < 0 or text.find("-->", opened, root.start()) >= 0:
            break
        closed = text.find("-->", root.start())
        if closed < 0:
            raise FeedError("not a feed")
        at = closed
    if "<!entity" in text[: root.start()].lower():
        raise FeedError("entity declaration")
    return text[root.start() :]


def _shortened(text: str) -> str:
    if len(text) <= MAX_RUN:
        return text
    pieces = text.split("<")
    if max(map(len, pieces)) <= MAX_RUN:
        return text
    return "<".join(piece if len(piece) <= MAX_RUN else _short(piece) for piece in pieces)


def _short(piece: str) -> str:
    if piece.startswith("![CDATA["):
        return piece[:MAX_RUN] + ("]]>" if piece.rstrip().endswith("]]>") else "")
    end = piece.find(">")
    if end < 0:
        return piece[:MAX_RUN]
    tag = piece[:end]
    if len(tag) > MAX_RUN:  # a tag of a hundred thousand attributes keeps its name
        tag = re.split(r"\s", tag[:200], maxsplit=1)[0] + ("/" if tag.endswith("/") else "")
    return f"{tag}>{piece[end + 1 : end + 1 + MAX_RUN]}"


def _tree(text: str, *, recover: bool) -> etree._Element | None:
    """The tree, or None. Without huge_tree libxml2 itself refuses more than 256 levels and 10 MB of one text."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


_BAD_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&(?:#([xX]?)([0-9a-fA-F]{1,20})|([A-Za-z][A-Za-z0-9]{1,31}));")
_BARE_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_BARE_LESS = re.compile(r"<(?![A-Za-z_/!?])")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):")
_USUAL = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "atom": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


def _repaired(text: str) -> str:
    """What feeds get wrong again and again, put right: characters and references that XML has not, bare `&` and `<`."""
    text = _BAD_CHARS.sub("", text)
    first, *others = text.split("<![CDATA[")
    parts = [_repaired_markup(first)]
    for other in others:
        inside, closed, outside = other.partition("]]>")
        parts.append(f"<![CDATA[{inside}{closed}{_repaired_markup(outside)}")
    return _declared("".join(parts))


def _repaired_markup(text: str) -> str:
    if "&" in text:
        text = _BARE_AMPERSAND.sub("&amp;", _REFERENCE.sub(_character, text))
    return _BARE_LESS.sub("&lt;", text)


def _character(reference: re.Match[str]) -> str:
    hexadecimal, digits, name = reference.groups()
    if name:
        if name in ("amp", "lt", "gt", "quot", "apos"):
            return reference[0]
        return html.entities.html5.get(f"{name};", f"&amp;{name};")
    try:
        code = int(digits, 16 if hexadecimal else 10)
    except ValueError:
        return ""
    real = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return reference[0] if real else ""


def _declared(text: str) -> str:
    """Prefixes that are used but declared nowhere, declared at the root: usual ones as what they usually mean."""
    used = set(_PREFIX.findall(text))
    missing = sorted(name for name in used if f"xmlns:{name}" not in text and name != "xml")[:100]
    if not missing:
        return text
    declarations = "".join(f' xmlns:{name}="{_USUAL.get(name, f"urn:undeclared:{name}")}"' for name in missing)
    return re.sub(r"^<[\w.:-]+", lambda tag: tag[0] + declarations, text, count=1)


def _read_broken(text: str, problems: list[str]) -> Read:
    """Not well-formed even after repair: what libxml2 recovers, unless feedparser finds more."""
    root = _tree(text, recover=True)
    read: Read | None = None
    if root is not None:
        try:
            read = _read_tree(root, problems)
        except FeedError:
            read = None
    promised = len(_PROMISED.findall(text))
    if (read is None or len(read[2]) < promised) and len(text) <= MAX_JUDGED:
        judged = read_by_feedparser(text, problems)
        if judged is not None and (read is None or len(judged[2]) > len(read[2])):
            read = judged
    if read is None or not read[2]:
        raise FeedError("malformed")
    kind, title, items, problems = read
    if len(re.findall(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", text)) < len(items):
        items = [*items[:-1], None]  # the last one is cut off; the next poll brings it whole
        problems = [*problems, "cut off"]
    return kind, title, items, problems


def _read_tree(root: etree._Element, problems: list[str]) -> Read:
    kind = _kind(root)
    if kind.startswith("atom"):
        read, title = _atom_item, _text(root.find("{*}title"))
        nodes = [node for node in root.iter("{*}entry") if _key(str(node.tag)) in ("atom:entry", "entry")]
    else:
        read = _rss_item
        channel = root if _names(root)[1] == "channel" else root.find("{*}channel")
        title = "" if channel is None else _text(channel.find("{*}title"))
        nodes = [node for node in root.iter("{*}item") if _key(str(node.tag)) == "item"]
    bases = tuple(filter(None, [root.get(_BASE)]))
    return kind, title, [read(node, bases) for node in nodes], list(problems)


def _names(node: etree._Element) -> tuple[str, str]:
    """Namespace and local name. lxml's QName raises on names that its own recovering parser lets through."""
    space, _, local = str(node.tag).rpartition("}")
    return space[1:], local


def _kind(root: etree._Element) -> str:
    space, local = _names(root)
    if local == "feed":
        return "atom03" if space == "http://purl.org/atom/ns#" else "atom10"
    if local.lower() == "rdf":
        return "rss10" if "http://purl.org/rss/1.0/" in root.nsmap.values() else "rss090"
    if local not in ("rss", "channel"):
        raise FeedError("not a feed")
    return {"0.90": "rss090", "0.91": "rss091", "0.92": "rss092"}.get((root.get("version") or "").strip(), "rss20")


@lru_cache(maxsize=1024)
def _key(tag: str) -> str:
    """A tag as `title`, `atom:link`, `dc:date`; `?…` for the ones of namespaces that we do not read."""
    if not tag.startswith("{"):
        return tag if ":" not in tag else f"?{tag}"
    space, _, local = tag[1:].rpartition("}")
    return f"{_SPACES.get(space, '?')}{local}"


def _text(node: etree._Element | None) -> str:
    """The characters of an element. Elements inside it, as in Atom's xhtml and in descriptions that forgot to escape, are
    markup as if they had been escaped: where they part words `plain` knows."""
    if node is None:
        return ""
    if not len(node):
        return node.text or ""
    return html.escape(node.text or "", quote=False) + "".join(
        etree.tostring(child, encoding="unicode") for child in node
    )


def _fields(node: etree._Element) -> dict[str, etree._Element]:
    """The children by key; the first of several that say something."""
    found: dict[str, etree._Element] = {}
    for child in node:
        key = _key(child.tag) if isinstance(child.tag, str) else "?"
        if not key.startswith("?") and (key not in found or not _text(found[key]).strip()):
            found[key] = child
    return found


def _first(fields: Mapping[str, etree._Element], *names: str) -> str:
    for name in names:
        if name in fields:
            text = _text(fields[name])
            if text.strip():
                return text
    return ""


def _rss_item(node: etree._Element, bases: tuple[str, ...]) -> Item:
    fields = _fields(node)
    guid = fields.get("guid")
    return Item(
        headline=_first(fields, "title", "dc:title"),
        teaser=_first(fields, "description", "atom:summary", "dc:description", "content:encoded"),
        guid=_first(fields, "guid", "atom:id") or node.get(_ABOUT) or "",
        guid_is_link=guid is not None and (guid.get("isPermaLink") or "true").strip().lower() != "false"
        and _text(guid).strip().lower().startswith(("http://", "https://")),
        link=_first(fields, "link") or _alternate(node) or node.get(_ABOUT) or "",
        bases=(*bases, *filter(None, [node.get(_BASE)])),
        published=_first(fields, "pubDate", "atom:published", "dcterms:issued", "dcterms:created", "dc:date"),
        updated=_first(fields, "atom:updated", "dcterms:modified"),
    )  # fmt: skip


def _atom_item(node: etree._Element, bases: tuple[str, ...]) -> Item:
    fields = _fields(node)
    return Item(
        headline=_first(fields, "atom:title", "title"),
        teaser=_first(fields, "atom:summary", "summary", "atom:content", "content"),
        guid=_first(fields, "atom:id", "id"),
        guid_is_link=_first(fields, "atom:id", "id").strip().lower().startswith(("http://", "https://")),
        link=_alternate(node),
        bases=(*bases, *filter(None, [node.get(_BASE)])),
        published=_first(fields, "atom:published", "published", "atom:issued", "atom:created", "dc:date"),
        updated=_first(fields, "atom:updated", "updated", "atom:modified"),
    )


def _alternate(node: etree._Element) -> str:
    """The address in the link of Atom that leads to the article: rel `alternate` or none, a page rather than else."""
    links = [
        link
        for link in node
        if isinstance(link.tag, str)
        and _key(link.tag) in ("atom:link", "link")
        and link.get("href")
        and (link.get("rel") or "alternate") == "alternate"
    ]
    links.sort(key=lambda link: (link.get("type") or "text/html") not in ("text/html", "application/xhtml+xml"))
    return (links[0].get("href") or "") if links else ""
