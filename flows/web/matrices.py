"""Who does what to whom, as a table: the page of the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from extractors.ontology import EventType
from flows.web import answers, pages
from flows.web.asking import DONE, Look, span
from flows.web.between import DYAD_DAYS
from flows.web.wording import HAPPENED
from storage import queries
from storage.queries import EventFilter, Matrix

ROWS, COLUMNS = 25, 15
"""Parties that are shown, those with most acts; more do not fit a screen."""
STEPS = 3
"""shades of a cell"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How many acts, where they are listed, and how dark it is: from 1 to STEPS, by the highest number of the table."""

    acts: int
    link: str
    shade: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    code: str
    cells: tuple[Cell | None, ...]
    """in the order of the columns; None where there is nothing"""
    all: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixPage:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    all: tuple[Cell, ...]
    """the sums of the columns"""
    unsure: int
    more: int
    """parties that have a cell and are not shown as what they have it as"""


def matrix(at: Look) -> dict[str, Any]:
    until = at.date("until") or at.day
    since = at.date("since") or (
        until - timedelta(days=DYAD_DAYS - 1) if at.text("until") else answers.heard_since(at, DYAD_DAYS)
    )
    span(at, since, until)
    kinds = at.among("type", EventType)
    wanted = EventFilter(statuses=DONE, since=since, until=until, min_confidence=at.least)
    told = queries.dealings(at.connection, wanted)
    asked = {"type": "".join(kinds), "since": since, "until": until, "unsure": "" if at.least else 1}
    return {
        "page": matrix_page(queries.matrix(told, types=kinds), asked),
        "kinds": queries.kinds(told),
        "since": since,
        "until": until,
        "asked": pages.Asked(values=at.params),
    }


def matrix_page(found: Matrix, asked: Mapping[str, object]) -> MatrixPage:
    """Those who act most in rows, those who are acted upon most in columns; `asked` is what the links hand on."""
    doers, bearers = found.doers, found.bearers
    rows, columns = doers[:ROWS], bearers[:COLUMNS]
    highest = max(found.cells.values(), default=1)

    def cell(acts: int, shade: int = 0, **sides: str) -> Cell:
        return Cell(acts=acts, link=_acts(sides, asked), shade=shade)

    return MatrixPage(
        columns=columns,
        rows=tuple(
            Row(
                code=who,
                cells=tuple(
                    cell(acts, _shade(acts, highest), party=who, other=whom)
                    if (acts := found.cells.get((who, whom), 0))
                    else None
                    for whom in columns
                ),
                all=cell(found.acting[who], party=who),
            )
            for who in rows
        ),
        all=tuple(cell(found.bearing[whom], other=whom) for whom in columns),
        unsure=found.unsure,
        more=len(doers[ROWS:]) + len(bearers[COLUMNS:]),
    )


def _shade(acts: int, highest: int) -> int:
    """From 1 to STEPS.

    >>> [_shade(acts, 9) for acts in (1, 3, 4, 9)]
    [1, 1, 2, 3]
    """
    return -(-acts * STEPS // highest)


def _acts(sides: Mapping[str, str], asked: Mapping[str, object]) -> str:
    """The list of the acts behind a figure."""
    values = {**sides, "directed": 1, "status": HAPPENED, **asked}
    return f"/acts?{urlencode({name: value for name, value in values.items() if value})}"
