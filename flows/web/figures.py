"""Figures over time as charts and as tables: the tension, and what passes between two parties. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from markupsafe import Markup

from flows.web import charts
from flows.web.wording import Words
from storage.deeds import Tension
from storage.queries import Point

Figure = tuple[str, str]
"""A number as it is written, and the link to what it counts, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing, and the same figures as rows of a table: (label, link, figures)."""

    title: str
    drawn: Markup
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[Figure, ...]], ...]
    keys: tuple[tuple[str, str], ...] = ()
    """(tone, name) of each series, for the legend"""
    gaps: bool = False


def tension_chart(
    days: Sequence[Tension], silent: frozenset[date], w: Words, *, party: str = "", unsure: bool = False
) -> Chart:
    """Cooperation above, conflict below, a stack for each day; days on which a feed was silent are hatched.

    `unsure` says that less certain acts are counted too: links then lead to them.
    """
    more = (f"&party={party}" if party else "") + ("&unsure=1" if unsure else "")
    links = [f"/acts?since={day.day}&until={day.day}&deeds=1{more}" if day.acts else "" for day in days]

    def bars(of: str) -> tuple[charts.Bar, ...]:
        return tuple(
            charts.Bar(
                value=round(getattr(day, of), 2),
                told=f"{w.day(day.day, weekday=True)}: {w.signed(getattr(day, of))} ({_acts(day.acts, w)})",
                href=link,
            )
            for day, link in zip(days, links, strict=True)
        )

    drawn = charts.bars(
        [w.short_day(day.day) for day in days],
        [
            charts.Series(name=w("Zusammenarbeit"), tone="cooperation", bars=bars("cooperation")),
            charts.Series(name=w("Konflikt"), tone="conflict", bars=bars("conflict")),
        ],
        title=w("Spannung nach Tagen"),
        gaps=[place for place, day in enumerate(days) if day.day in silent],
        point=w.point,
    )
    return Chart(
        title=w("Spannung nach Tagen"),
        drawn=drawn,
        heads=(w("Tag"), w("Vorgänge"), w("Zusammenarbeit"), w("Konflikt")),
        rows=tuple(_tension_rows(days, links, silent, w)),
        keys=(("cooperation", w("Zusammenarbeit")), ("conflict", w("Konflikt"))),
        gaps=bool(silent),
    )


def _tension_rows(
    days: Sequence[Tension], links: Sequence[str], silent: frozenset[date], w: Words
) -> Iterator[tuple[str, str, tuple[Figure, ...]]]:
    """The days on which something happened or nobody listened, with their figures."""
    for day, link in zip(days, links, strict=True):
        if day.acts or day.day in silent:
            gap = f" ({w('Lücke')})" if day.day in silent else ""
            figures = (w.number(day.acts), w.signed(day.cooperation), w.signed(day.conflict))
            yield w.day(day.day, weekday=True) + gap, link, tuple((told, "") for told in figures)


def _acts(count: int, w: Words) -> str:
    return f"{w.number(count)} {w('Vorgang') if count == 1 else w('Vorgänge')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DyadPage:
    one: str
    other: str
    step: str
    since: date
    until: date
    counts: Chart
    scores: Chart
    unsure: int
    """acts in these days that are not counted because no report is sure enough"""


def dyad_page(
    one: str,
    other: str,
    *,
    step: str,
    since: date,
    until: date,
    by_status: Sequence[tuple[str, str, Sequence[Point]]],
    by_direction: Sequence[tuple[str, str, Sequence[Point]]],
    unsure: int = 0,
    more: str = "",
    w: Words,
) -> DyadPage:
    """`by_status` and `by_direction` are (name, tone, points) over the same stretches; `more` goes into the links."""
    return DyadPage(
        one=one,
        other=other,
        step=step,
        since=since,
        until=until,
        counts=_count_chart(_Behind(one=one, other=other, more=more), step, by_status, w),
        scores=_score_chart(_Behind(one=one, other=other, more=more), step, by_direction, w),
        unsure=unsure,
    )


def _label(point: Point, step: str, w: Words) -> str:
    if step == "month":
        return f"{point.first:%m.%Y}"
    return w.short_day(point.first)


def _told(point: Point, w: Words) -> str:
    return w.days(point.first, point.last) + (f" ({w('Lücke')})" if point.gap else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Behind:
    """Leads to the acts behind a figure of a dyad: of a stretch, or of one series in it, which is known by its tone."""

    one: str
    other: str
    more: str

    def __call__(self, point: Point, tone: str = "") -> str:
        party, other = (self.other, self.one) if tone == "back" else (self.one, self.other)
        days = f"since={point.first}&until={point.last}"
        return f"/acts?party={party}&other={other}&{days}{_OF_TONE.get(tone, '&between=1')}{self.more}"


_OF_TONE: Mapping[str, str] = MappingProxyType(
    {
        "happened": "&between=1&status=happened",
        "planned": "&between=1&status=planned",
        "both": "&between=1&status=happened",
        "there": "&directed=1&status=happened",
        "back": "&directed=1&status=happened",
    }
)
"""What asks for the acts of a series; those of the others cannot be told apart, and are asked for with the rest."""


_Rows = Sequence[tuple[str, str, Sequence[Point]]]
"""Series of a dyad: the name of each, its tone and its points."""


def _series(rows: _Rows, bar: Callable[[Point, str, str], charts.Bar]) -> list[charts.Series]:
    return [
        charts.Series(name=name, tone=tone, bars=tuple(bar(point, name, tone) for point in told))
        for name, tone, told in rows
    ]


def _count_chart(behind: _Behind, step: str, rows: _Rows, w: Words) -> Chart:
    points = rows[0][2]

    def bar(point: Point, name: str, tone: str) -> charts.Bar:
        told = f"{_told(point, w)}: {w.number(point.acts)} {name}"
        return charts.Bar(value=point.acts, told=told, href=behind(point, tone) if point.acts else "")

    def figure(point: Point, tone: str) -> Figure:
        return w.number(point.acts), behind(point, tone) if point.acts and tone in _OF_TONE else ""

    series = _series(rows, bar)
    title = w("Vorgänge nach Status")
    return Chart(
        title=title,
        drawn=charts.bars(
            [_label(point, step, w) for point in points],
            series,
            title=title,
            gaps=[place for place, point in enumerate(points) if point.gap],
            point=w.point,
        ),
        heads=(w("Zeitraum"), *(name for name, _, _ in rows)),
        rows=tuple(
            (_told(point, w), behind(point), tuple(figure(told[place], tone) for _, tone, told in rows))
            for place, point in enumerate(points)
            if point.gap or any(told[place].acts for _, _, told in rows)
        ),
        keys=tuple((tone, name) for name, tone, _ in rows),
        gaps=any(point.gap for point in points),
    )


def _score_chart(behind: _Behind, step: str, rows: _Rows, w: Words) -> Chart:
    points = rows[0][2]

    def bar(point: Point, name: str, tone: str) -> charts.Bar:
        told = f"{_told(point, w)}: {w.signed(point.plover)}, {name}"
        return charts.Bar(value=point.plover, told=told, href=behind(point, tone))

    def figure(point: Point, tone: str) -> Figure:
        return w.signed(point.plover), behind(point, tone) if point.acts else ""

    series = _series(rows, bar)
    title = w("Mittlerer PLOVER-Wert")
    return Chart(
        title=title,
        drawn=charts.lines([_label(point, step, w) for point in points], series, title=title, point=w.point),
        heads=(w("Zeitraum"), *(name for name, _, _ in rows), w("Goldstein-Wert")),
        rows=tuple(
            (
                _told(point, w),
                behind(point),
                (*(figure(told[place], tone) for _, tone, told in rows), (w.signed(point.goldstein), "")),
            )
            for place, point in enumerate(points)
            if any(told[place].acts for _, _, told in rows)
        ),
        keys=tuple((tone, name) for name, tone, _ in rows),
    )
