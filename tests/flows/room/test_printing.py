"""The static copy of the reading room: every page in it, every link to a file, nothing out of its folder."""

from __future__ import annotations

from datetime import date

import icalendar
import pytest
from room_matter import NOW, REFUSED, Reader, article, event

from extractors.ontology import EventType
from flows.web import printing
from storage import coding
from storage.archive import opened
from storage.tracking import Link, Meeting


def test_the_static_copy_holds_every_page_and_every_link_in_it_leads_to_a_file(room, tmp_path):
    told = printing.print_room(room, tmp_path / "copy")
    assert told.left == 0
    for file in (tmp_path / "copy").rglob("*.html"):
        text = file.read_text("utf-8")
        assert "<form" not in text
        for tag, attributes in Reader(text).found:
            target = attributes.get("href") or attributes.get("src") or "#"
            if target.startswith(("#", "https://")):
                continue
            assert (file.parent / target.partition("#")[0]).resolve().is_file(), (file.name, tag, target)
    assert (tmp_path / "copy" / "index.html").exists()
    assert (tmp_path / "copy" / "acts" / "act-CONSULT.html").exists()
    assert (tmp_path / "copy" / "calendar.ics").exists()


def test_a_party_s_calendar_in_a_copy_is_not_taken_for_everybody_s(room, engine, tmp_path):
    """Both are called calendar.ics in the room."""
    with opened(engine) as archive:
        day = date(2031, 3, 12)
        other = Meeting(uid="meeting_5", state="announced", parties=("UKR",), day_first=day, day_last=day)
        archive.tracking.save_meeting(other, [], NOW)
    printing.print_room(room, tmp_path, most=200)
    assert 'href="calendar-party-UKR.ics"' in (tmp_path / "calendar-party-UKR.html").read_text("utf-8")
    found = {
        name: len(icalendar.Calendar.from_ical((tmp_path / name).read_bytes()).walk("VEVENT"))
        for name in ("calendar.ics", "calendar-party-UKR.ics")
    }
    assert found == {"calendar.ics": 2, "calendar-party-UKR.ics": 1}


def test_a_copy_begins_with_what_is_sure_as_the_room_does(room, engine, tmp_path):
    """The overview that counts everything is another page, and has a file of its own."""
    of = article(1)
    doubted = event(of, REFUSED, EventType.ACCUSE, confidence=0.2)
    with opened(engine) as archive:
        rows = coding.insert_events(
            archive.connection, [doubted], article_id=1, version_id=1, reported=date(2031, 3, 10), now=NOW
        )
        archive.tracking.link([Link(event=doubted.id, act="act-ACCUSE")], rows, [doubted], NOW)
    told = printing.print_room(room, tmp_path)
    files = list(tmp_path.rglob("*.html"))
    assert len(files) == told.pages
    assert "Auch weniger sichere gezeigt" not in (tmp_path / "index.html").read_text("utf-8")
    assert "Auch weniger sichere gezeigt" in (tmp_path / "index-unsure-1.html").read_text("utf-8")


@pytest.mark.parametrize("target", ["/actors/../../etc/passwd", "/actors/%2e%2e%2f%2e%2e%2fetc", "/acts/..", "/a/%00"])
def test_no_address_leads_out_of_the_copy(tmp_path, target):
    assert (tmp_path / printing.file_of(target)).resolve().is_relative_to(tmp_path)


def test_a_copy_of_too_many_pages_says_what_is_left(room, tmp_path):
    assert "more pages" in printing.print_room(room, tmp_path / "copy", most=3).sentence(tmp_path)


def test_a_copy_has_no_lists_that_only_narrow_others(room, tmp_path):
    """Each figure of each stretch of a dyad would have one, and crowd out of the copy what there is to read."""
    printing.print_room(room, tmp_path)
    names = {file.name for file in tmp_path.glob("acts-*.html")}
    assert "acts-party-NATO-other-RUS-since-2031-03-10-until-2031-03-10-between-1.html" in names
    assert not [name for name in names if "between-1-status" in name]
    assert not [name for name in names if "until-" in name and "order-news" in name]
    assert "acts-order-news.html" in names
    cells = [name for name in names if "directed-1" in name]
    assert cells  # of the matrix
    assert not [name for name in cells if "unsure-1" in name or "order-news" in name]
    dyad = (tmp_path / "dyads" / "NATO" / "RUS.html").read_text("utf-8")
    assert '<td class="num"><a data-left-out="">' in dyad
