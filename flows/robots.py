"""robots.txt (RFC 9309) and the TDM Reservation Protocol: what a publisher asks of machines. Pure: text in, rules out.

The standard library's robotparser knows no wildcards and takes the first rule that fits instead of the longest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

MAX_ROBOTS = 500 * 1024
"""bytes of a robots.txt that are read, the least that RFC 9309 (2.5) asks for"""
MAX_RULES = 5000
MAX_CRAWL_DELAY = 60.0
"""seconds; a longer Crawl-delay is a way of saying no that no other reader takes literally either"""


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of the group that speaks to us: (allows, pattern), and its Crawl-delay in seconds."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float = 0.0

    def allows(self, path: str) -> bool:
        """Whether a path (with its query) may be asked for: the longest rule decides, of equals the one that allows."""
        best, allowed = -1, True
        wanted = unquote(path)
        for allow, pattern in self.rules:
            if len(pattern) >= best and fits(pattern, wanted) and (len(pattern) > best or allow):
                best, allowed = len(pattern), allow
        return allowed


EVERYTHING = Robots()


def read_robots(text: str, agent: str) -> Robots:
    """The rules for `agent` (its product name), or else those for everybody.

    >>> read_robots("User-agent: *\\nDisallow: /privat", "depesche").allows("/privat/1")
    False
    """
    ours = agent.lower()
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: set[str] = set()
    closed = True
    for field, value in _lines(text):
        if field == "user-agent":
            agents = set() if closed else agents
            closed = False
            name = value.lower().split("/")[0].strip()
            if name in (ours, "*"):  # what all others are told would be kept as often as they are many
                agents.add(name)
                groups.setdefault(name, [])
        elif field in ("allow", "disallow", "crawl-delay"):
            closed = True
            for name in agents:
                groups[name].append((field, value))
    return _rules(groups.get(ours, groups.get("*", [])))


def _lines(text: str) -> list[tuple[str, str]]:
    found = []
    for line in text.splitlines()[: 4 * MAX_RULES]:
        field, colon, value = line.partition("#")[0].partition(":")
        if colon:
            found.append((field.strip().lower(), value.strip()))
    return found


def _rules(lines: list[tuple[str, str]]) -> Robots:
    rules = [(field == "allow", unquote(value)) for field, value in lines if field != "crawl-delay" and value]
    delays = [
        float(value) for field, value in lines if field == "crawl-delay" and re.fullmatch(r"\d{1,6}(\.\d+)?", value)
    ]
    return Robots(rules=tuple(rules[:MAX_RULES]), delay=min(max(delays, default=0.0), MAX_CRAWL_DELAY))


def fits(pattern: str, path: str) -> bool:
    """Whether a pattern with `*` (anything) and a last `$` (the end) fits the beginning of a path. In linear time."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not others:
        return not anchored or path == first
    at = len(first)
    for piece in others[:-1]:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    last = others[-1]
    return path.endswith(last) and len(path) - len(last) >= at if anchored else path.find(last, at) >= 0


# --- TDM reservation --------------------------------------------------------------------------------------------------

_META = re.compile(rb"<meta\s[^<>]{1,1000}>", re.IGNORECASE)
_META_HEAD = 200_000


def read_tdmrep(text: str) -> tuple[tuple[str, bool], ...]:
    """The rows of a tdmrep.json as (path pattern, reserved). What is malformed reserves nothing."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    found = []
    for row in rows[:MAX_RULES] if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("location"), str):
            found.append((row["location"], str(row.get("tdm-reservation", "0")).strip() == "1"))
    return tuple(found)


def reserved_by_file(rows: tuple[tuple[str, bool], ...], path: str) -> bool:
    """Whether the first row that fits the path reserves it (TDMRep, 6.2)."""
    return next((reserved for pattern, reserved in rows if fits(unquote(pattern), unquote(path))), False)


def reserved_in_page(headers: Mapping[str, str], body: bytes) -> str:
    """`header` or `meta` where a response reserves text and data mining for itself, else nothing.

    >>> reserved_in_page({}, b'<head><meta name="tdm-reservation" content="1"></head>')
    'meta'
    """
    if headers.get("tdm-reservation", "").strip() == "1":
        return "header"
    head = body[:_META_HEAD]
    if b"tdm-reservation" not in head.lower():
        return ""
    for tag in _META.findall(head):
        low = tag.lower()
        if re.search(rb"name\s*=\s*[\"']?tdm-reservation\b", low) and re.search(rb"content\s*=\s*[\"']?\s*1\b", low):
            return "meta"
    return ""
