"""robots.txt and TDM reservation: what publishers ask of machines is read as the standards say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.robots import fits, read_robots, read_tdmrep, reserved_by_file, reserved_in_page

ROBOTS = """\
# by example
User-agent: OtherBot
Disallow: /

User-agent: *
Disallow: /privat
Allow: /privat/presse
Disallow: /*.pdf$
Disallow: /suche?
Crawl-delay: 7
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/privat", False),
        ("/privat/1", False),
        ("/privat/presse/1", True),
        ("/a/b.pdf", False),
        ("/a/b.pdf?x", True),
        ("/suche?q=1", False),
        ("/suche", True),
        ("/%70rivat", False),
    ],
)
def test_the_longest_rule_decides(path: str, allowed: bool) -> None:
    assert read_robots(ROBOTS, "depesche").allows(path) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("kein robots", True),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: depesche\nDisallow: /\n\nUser-agent: *\nDisallow:", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Depesche/2.0\nAllow: /", True),
        ("User-agent: a\nUser-agent: depesche\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\nUser-agent: x\nAllow: /", False),
        ("user-AGENT : *\n DISALLOW : / # alles", False),
        ("User-agent: *\nAllow: /\nDisallow: /", True),
    ],
)
def test_which_group_speaks_to_us(text: str, allowed: bool) -> None:
    assert read_robots(text, "depesche").allows("/a") is allowed


def test_a_crawl_delay_is_kept_up_to_a_minute() -> None:
    assert read_robots(ROBOTS, "depesche").delay == 7.0
    assert read_robots("User-agent: *\nCrawl-delay: 99999", "depesche").delay == 60.0
    assert read_robots("User-agent: *\nCrawl-delay: bald", "depesche").delay == 0.0


@pytest.mark.timeout(5)
def test_a_group_of_many_agents_takes_linear_time() -> None:
    many = "User-agent: x\n" * 10_000 + "User-agent: *\n" + "Disallow: /a\n" * 9_000
    assert not read_robots(many, "depesche").allows("/a")


@pytest.mark.timeout(5)
def test_patterns_take_linear_time() -> None:
    assert not fits("/" + "*a" * 5000 + "b", "/" + "a" * 100_000)


@settings(deadline=None)
@given(st.text(alphabet="ab*/", max_size=12), st.text(alphabet="ab/", max_size=12), st.booleans())
def test_patterns_fit_as_the_regular_expression_they_mean(pattern: str, path: str, anchored: bool) -> None:
    import re

    meant = "".join(".*" if c == "*" else re.escape(c) for c in pattern) + (r"\Z" if anchored else "")
    assert fits(pattern + ("$" if anchored else ""), path) is bool(re.match(meant, path))


@settings(deadline=None)
@given(st.text(max_size=500))
def test_any_text_is_a_robots_txt(text: str) -> None:
    read_robots(text, "depesche").allows("/a")
    read_tdmrep(text)


@pytest.mark.parametrize(
    ("text", "path", "reserved"),
    [
        ('[{"location": "/", "tdm-reservation": 1}]', "/a", True),
        ('[{"location": "/*", "tdm-reservation": "1"}]', "/a", True),
        ('[{"location": "/a", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]', "/a/1", False),
        ('[{"location": "/bilder/*", "tdm-reservation": 1}]', "/a", False),
        ("[]", "/a", False),
        ("<html>", "/a", False),
        ('{"location": "/"}', "/a", False),
        ("[" * 100_000, "/a", False),
    ],
)
def test_a_tdmrep_file_reserves_what_its_first_fitting_row_says(text: str, path: str, reserved: bool) -> None:
    assert reserved_by_file(read_tdmrep(text), path) is reserved


@pytest.mark.parametrize(
    ("headers", "body", "where"),
    [
        ({}, b"<p>", ""),
        ({"tdm-reservation": "1"}, b"", "header"),
        ({"tdm-reservation": "0"}, b"", ""),
        ({}, b'<meta name="tdm-reservation" content="1">', "meta"),
        ({}, b"<META CONTENT=1 NAME=TDM-Reservation>", "meta"),
        ({}, b'<meta name="tdm-reservation" content="0">', ""),
        ({}, b'<meta name="tdm-policy" content="1"><p>tdm-reservation', ""),
    ],
)
def test_a_page_reserves_itself_by_header_or_meta(headers: dict[str, str], body: bytes, where: str) -> None:
    assert reserved_in_page(headers, body) == where
