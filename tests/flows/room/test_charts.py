"""The reading room's charts."""

from __future__ import annotations

import re

from flows.web import charts


def test_charts_have_no_script_no_style_and_say_what_they_mean():
    bars = (
        charts.Bar(value=2, told="<zwei>", href="/acts?a=1&b=2"),
        charts.Bar(value=None),
        charts.Bar(value=-1.5, told="x"),
    )
    series = [charts.Series(name="gut", tone="cooperation", bars=bars)]
    for drawn in (charts.bars("abc", series, title='"><script>', gaps=[1]), charts.lines("abc", series, title="T")):
        assert not re.search(r"<script|<style|style=|xlink:href|id=", drawn.replace("&lt;script", ""))
        assert "&lt;zwei&gt;" in drawn
        assert 'href="/acts?a=1&amp;b=2"' in drawn


def test_the_figures_beside_a_chart_are_whole_where_things_are_counted_and_have_the_languages_comma():
    def ticks(*values: float) -> set[str]:
        bars = tuple(charts.Bar(value=value) for value in values)
        drawn = charts.bars("abc", [charts.Series(name="x", tone="both", bars=bars)], title="T", point=",")
        return set(re.findall(r'<text x="-[^>]*>([^<]*)<', drawn))

    assert ticks(0, 1, 1) == {"", "0", "1"}
    assert {"0", "0,8", "2"} <= ticks(2.0, 0.5, 0.0)
