"""Quotation marks: which stretches of a text stand between them, however they are typed, balanced or not."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MARKS = frozenset("„“”\"»«‚‘’'›‹‟")
_OPEN = {"„": '“”"‟', "»": "«", "«": "»", "“": "”", "‚": "‘’'", "›": "‹", "‹": "›"}
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What stands between two marks, with them. `closed` is False where the closing mark is missing."""

    start: int
    end: int
    closed: bool = True
    depth: int = 0

    @property
    def inside(self) -> tuple[int, int]:
        return self.start + 1, self.end - 1 if self.closed else self.end


@functools.lru_cache(maxsize=1)
def stretches(text: str) -> tuple[Stretch, ...]:
    """Quoted stretches in order, outer before inner.

    >>> [text[s.start : s.end] for text in ["Er sagte: „Ja.“"] for s in stretches(text)]
    ['„Ja.“']
    """
    found: list[Stretch] = []
    lines = list(_LINE.finditer(text))
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        found.extend(_in_line(text, line.start(), line.end(), following))
    return tuple(sorted(found, key=lambda s: (s.start, -s.end)))


def within(found: Sequence[Stretch], at: int) -> Stretch | None:
    """The outermost stretch around a letter of the text."""
    return next((one for one in found if one.start < at < one.end), None)


def _in_line(text: str, start: int, end: int, following: re.Match[str] | None) -> Iterator[Stretch]:
    stack: list[tuple[int, str]] = []
    for at in range(start, end):
        mark = text[at]
        if mark not in MARKS:
            continue
        if stack and mark in stack[-1][1]:
            opened, _ = stack.pop()
            if at > opened + 1:
                yield Stretch(start=opened, end=at + 1, depth=len(stack))
        elif len(stack) > 1 and mark in stack[-2][1]:
            # The inner one was never closed: an apostrophe, or a slip.
            del stack[-1:]
            opened, _ = stack.pop()
            yield Stretch(start=opened, end=at + 1, depth=len(stack))
        elif _opens(text, at, start, bool(stack)):
            stack.append((at, _closers(text, at, end)))
    if stack and stack[0][1] != "’'‘":
        opened, _ = stack[0]
        stop = _unclosed_end(text, opened, end, following)
        if stop is not None:
            yield Stretch(start=opened, end=stop, closed=False)


def _opens(text: str, at: int, start: int, inside: bool) -> bool:
    mark = text[at]
    before = text[at - 1] if at > start else " "
    after = text[at + 1 : at + 2]
    if not after or after.isspace():
        return False
    if mark in "„‚":
        return True
    if mark in "’‘'":
        return inside and before in " (" and mark != "’"
    return not _WORD.match(before) and mark in '"»«“›‹”'


def _closers(text: str, at: int, end: int) -> str:
    mark = text[at]
    if mark == '"':
        return '"“”'
    if mark == "”":
        return '”"'
    if mark in "‘'":
        return "’'‘"
    closers = _OPEN.get(mark, mark)
    if mark == "“":
        return '”"“'
    if mark == "„":
        return '“”"‟'
    return closers


def _unclosed_end(text: str, opened: int, end: int, following: re.Match[str] | None) -> int | None:
    """Where an unclosed quotation ends: with its line if the next line goes on with a mark, else with its sentence."""
    if following is not None and text[following.start()] in '„»"“':
        return end
    stop = re.compile(r"[.!?…](?=\s|$)").search(text, opened, end)
    return stop.end() if stop else (end if end - opened < 400 else None)
