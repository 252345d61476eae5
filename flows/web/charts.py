"""Charts as SVG without scripts or styles of their own: pygal draws them, room.css colours them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pygal
from lxml import etree
from markupsafe import Markup

# pygal hooks an old kind of finder (for maps, which we do not draw) into every later import; Python 3.11 warns each time.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"]

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_WIDE, _NARROW = (1200, 240), (360, 220)
"""Width and height of the drawing on a desk and on a phone; both are in the page, room.css shows one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A value with what it says when pointed at and where it leads; None draws nothing."""

    value: float | None
    told: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One row of values; `tone` names its colour in room.css."""

    name: str
    tone: str
    bars: tuple[Bar, ...]


def bars(
    labels: Sequence[str], series: Sequence[Series], *, title: str, gaps: Sequence[int] = (), point: str = "."
) -> Markup:
    """Stacked bars, one stack for each label. `gaps` are the places at which we did not listen: they are hatched.

    `point` stands before decimals.
    """
    return _pair("bars", tuple(labels), tuple(series), title, tuple(gaps), point)


def lines(labels: Sequence[str], series: Sequence[Series], *, title: str, point: str = ".") -> Markup:
    """Lines with a dot for each value and a break where there is none."""
    return _pair("lines", tuple(labels), tuple(series), title, (), point)


def picture(labels: Sequence[str], series: Sequence[Series], *, title: str, gaps: Sequence[int] = ()) -> str:
    """Stacked bars as an SVG that stands alone, on a ground of its own: for what shows pictures and knows no room.css."""
    drawn = etree.fromstring(_drawn("bars", tuple(labels), tuple(series), title, tuple(gaps), _WIDE, "wide"))
    style = etree.Element(f"{_SVG}style")
    style.text = _ALONE
    drawn.insert(0, style)
    drawn.insert(1, etree.Element(f"{_SVG}rect", width="100%", height="100%", fill="#fbfaf7"))
    return str(etree.tostring(drawn, encoding="unicode"))


_ALONE = """
text { fill: #57534e; font: 11px sans-serif; } .axis.x text { text-anchor: middle; } .axis.y text { text-anchor: end; }
.background { fill: none; } .guides .line { stroke: #d6d3d1; fill: none; stroke-dasharray: 2 3; }
.axis.x .guides .line, .axis.x > .line { stroke: none; } .series rect { stroke: none; }
.tone-none rect { fill: none; } .tone-cooperation rect { fill: #2a6f97; } .tone-conflict rect { fill: #b23a48; }
.gap { fill: #e7e0cf; }
"""


@lru_cache(maxsize=256)
def _pair(
    kind: str, labels: tuple[str, ...], series: tuple[Series, ...], title: str, gaps: tuple[int, ...], point: str
) -> Markup:
    wide = _drawn(kind, labels, series, title, gaps, _WIDE, "wide", point)
    return wide + _drawn(kind, labels, series, title, gaps, _NARROW, "narrow", point)


def _drawn(
    kind: str,
    labels: tuple[str, ...],
    series: tuple[Series, ...],
    title: str,
    gaps: tuple[int, ...],
    size: tuple[int, int],
    shown: str,
    point: str = ".",
) -> Markup:
    config = _config(size, len(labels), kind)
    config.value_formatter = _ticks(series, point)
    chart = (pygal.StackedBar if kind == "bars" else pygal.Line)(config)
    chart.x_labels = labels
    if kind == "bars":
        # Drawn first and invisible: where the stacks of all labels stand, those of gaps too.
        chart.add("", [0.0] * len(labels))
    for each in series:
        chart.add(each.name, [_value(bar) for bar in each.bars])
    tones = [*([""] if kind == "bars" else []), *(each.tone for each in series)]
    return _cleaned(chart.render(), tones, title, gaps, shown)


def _config(size: tuple[int, int], labels: int, kind: str) -> pygal.Config:
    width, height = size
    room = 16 if width > 500 else 6
    return pygal.Config(
        css=[],
        js=[],
        width=width,
        height=height,
        margin=4,
        margin_left=8,
        # The last label of a line stands below its last point, half of it to the right.
        margin_right=24 if kind == "lines" else 12,
        spacing=4,
        show_legend=False,
        no_data_text="–",
        x_labels_major_every=max(1, -(-labels // room)),
        show_minor_x_labels=False,
        truncate_label=20,
        y_labels_major_count=5,
        show_minor_y_labels=False,
        max_scale=5,
        include_x_axis=True,
        allow_interruptions=True,
        dots_size=3,
        print_values=False,
        range=(-10, 10) if kind == "lines" else None,
    )


def _ticks(series: Sequence[Series], point: str) -> Callable[[float], str]:
    """What stands beside a line of the grid: nothing at a part of one where only whole things are counted."""
    counted = all(isinstance(bar.value, int) for each in series for bar in each.bars if bar.value is not None)

    def tick(value: float) -> str:
        if counted and value != int(value):
            return ""
        return f"{value:g}".replace("-", "−").replace(".", point)

    return tick


def _value(bar: Bar) -> dict[str, object] | None:
    if bar.value is None:
        return None
    told: dict[str, object] = {"value": bar.value, "label": bar.told}
    if bar.href:
        told["xlink"] = {"href": bar.href, "target": "_self"}
    return told


def _cleaned(drawn: bytes, tones: Sequence[str], title: str, gaps: Sequence[int], shown: str) -> Markup:
    """Only shapes, texts and links: nothing that a strict content security policy would refuse or a reader not see."""
    root = etree.fromstring(drawn)
    for gone in root.xpath("//*[local-name()='style' or local-name()='script' or local-name()='defs']|//comment()"):
        _remove(gone)
    for overlay in root.xpath("//*[contains(@class,'-overlay') or @class='tooltip']"):
        _remove(overlay)
    for name in root.xpath("//*[local-name()='title']"):
        _remove(name)
    for element in root.iter(etree.Element):
        element.attrib.pop("style", None)
        element.attrib.pop("id", None)
    _tell(root)
    _tone(root, tones)
    _hatch(root, gaps)
    root.set("class", f"chart {shown}")
    root.set("role", "group")
    root.set("aria-label", title)
    # Our own drawing, cleaned: everything in it was escaped by lxml.
    return Markup(etree.tostring(root, encoding="unicode"))


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _tell(root: etree._Element) -> None:
    """Say what a bar means when it is pointed at, and lead to what is behind it."""
    for link in root.iter(f"{_SVG}a"):
        link.set("href", link.attrib.pop(_HREF, ""))
        link.attrib.pop("target", None)
        # The table below the chart has the same links, in the order of reading.
        link.set("tabindex", "-1")
    for told in root.xpath("//*[local-name()='desc' and @class='label']"):
        parent = told.getparent()
        shape = next((each for each in parent.iter() if etree.QName(each).localname in ("rect", "circle")), None)
        if shape is not None and told.text:
            etree.SubElement(shape, f"{_SVG}title").text = told.text
    for desc in root.xpath("//*[local-name()='desc']"):
        _remove(desc)


def _tone(root: etree._Element, tones: Sequence[str]) -> None:
    for number, tone in enumerate(tones):
        for group in root.xpath(f"//*[contains(concat(' ', @class, ' '), ' serie-{number} ')]"):
            group.set("class", f"series tone-{tone or 'none'}")


def _hatch(root: etree._Element, gaps: Sequence[int]) -> None:
    plot = root.xpath("//*[@class='plot']")
    if not gaps or not plot:
        return
    height = plot[0].xpath("./*[local-name()='rect'][1]/@height")
    places = root.xpath("//*[@class='series tone-none']//*[local-name()='rect']")
    for gap in gaps:
        if gap < len(places) and height:
            hatched = etree.Element(
                f"{_SVG}rect", x=places[gap].get("x"), width=places[gap].get("width"), y="0", height=height[0]
            )
            hatched.set("class", "gap")
            plot[0].insert(1, hatched)
