"""The benchmark of the archive asks for every page, and its rows are such that every page has something to say."""

from __future__ import annotations

import re
from pathlib import Path

from databases import copied
from starlette.routing import Route

from benchmarks import archive_pages
from benchmarks.archive_rows import Language, Shape, fill
from flows.web.app import Room, create_app
from storage import pairs, sides
from storage.engine import reading
from storage.queries import meetings


def test_every_page_that_is_read_is_asked_for(sqlite_template: Path, tmp_path: Path) -> None:
    with copied(sqlite_template, tmp_path) as engine:
        routes = create_app(Room(engine=engine)).routes
    read = [route for route in routes if isinstance(route, Route) and "GET" in (route.methods or ())]
    asked = [re.sub(r"\{[^}]*\}", "7", page.partition("?")[0]) for page in archive_pages.PAGES]
    assert [route.path for route in read if not any(route.path_regex.match(page) for page in asked)] == []


def test_its_rows_are_read_by_every_page(sqlite_template: Path, tmp_path: Path) -> None:
    with copied(sqlite_template, tmp_path) as engine:
        fill(engine, Language(1), Shape(rows=900, days=30, houses=3))
        with engine.begin() as connection:
            pairs.renew_all(connection)
        with reading(engine) as connection:
            assert pairs.differing(connection) == 0
            assert sides.differing(connection) == 0
            assert meetings(connection)
        found = archive_pages.page_times(engine, tries=1)
    assert {page for page in found if not page.startswith("(first)")} == set(archive_pages.PAGES)
