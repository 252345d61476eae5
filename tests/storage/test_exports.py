"""What others read: lossless where it can be, mapped where it says so, harmless for spreadsheets and XML readers."""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import archive_matter as matter
import pytest
from archive_matter import MINUTE, NATO, NOW, RUS, UKR
from lxml import etree
from sqlalchemy import Engine, text

from extractors.ontology import EventType
from flows.cli import main
from flows.commands import choosing
from storage import exports, queries, views
from storage.archive import Made, opened
from storage.engine import reading
from storage.exports import calendars, tables
from storage.exports.events import dyads
from storage.queries import EventFilter, selecting
from storage.tracking import Change, Link, Meeting

HOSTILE = "=cmd|' /C calc'!A0\t<script>\x0b&\x00"


@pytest.fixture
def filled(engine: Engine) -> Engine:
    article = replace(matter.article(), headline=HOSTILE)
    events = [matter.meeting(article), matter.refusal(article)]
    steps = [Change(at=NOW, state="announced", event="e", quote=matter.SAID, day_first=date(2031, 3, 12))]
    planned = Meeting(
        uid="m1",
        state="announced",
        title="NATO – RUS",
        parties=("RUS", "NATO"),
        day_first=date(2031, 3, 12),
        place="Genf",
    )
    with opened(engine) as archive:
        links = [Link(event=event.id, act=f"act-{event.type}", title=HOSTILE.replace("\0", "")) for event in events]
        headless = replace(article, headline=article.headline.replace("\0", ""))
        archive.keep_article(
            matter.claim_one(archive),
            headless,
            Made(assessments=[matter.assessment()], events=events, links=links),
            NOW,
        )
        archive.tracking.save_meeting(planned, steps, NOW)
        archive.tracking.save_meeting(
            replace(planned, uid="m2", state="cancelled", day_last=date(2031, 3, 13)), [], NOW
        )
        archive.tracking.save_meeting(replace(planned, uid="m3", day_first=None), [], NOW)
    return engine


def found(engine: Engine) -> list[queries.StoredEvent]:
    with reading(engine) as connection:
        return list(exports.all_events(connection, EventFilter()))


def test_plover_maps_the_announced_meeting_and_keeps_how_we_have_it(filled: Engine) -> None:
    by_type = {record["event"]: record for record in map(json.loads, exports.plover(found(filled)))}
    assert by_type["AGREE"]["native"] == {"event": "CONSULT", "mode": "multilateral", "status": "planned"}
    assert (by_type["AGREE"]["mode"], by_type["AGREE"]["score"], by_type["AGREE"]["quad"]) == ("", 2.5, 1)
    assert by_type["AGREE"]["goldstein"] == 4.0  # of the type that stands beside it
    assert [actor["code"] for actor in by_type["REJECT"]["recipient"]] == ["RUS"]
    assert by_type["REJECT"]["text"] == matter.REFUSED


def test_cameo_has_a_line_for_each_dyad(filled: Engine) -> None:
    head, *rows = [line.rstrip("\n").split("\t") for line in exports.cameo(found(filled))]
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(line["Actor1Code"], line["Actor2Code"], line["EventRootCode"]) for line in lines] == [
        ("NATO", "RUS", "12"),
        ("NATO", "RUS", "04"),
        ("RUS", "NATO", "04"),
    ]
    assert len({line["GLOBALEVENTID"] for line in lines}) == 3


def test_no_cell_of_a_csv_is_a_formula(filled: Engine) -> None:
    rows = list(csv.DictReader(io.StringIO("".join(exports.csv_lines(found(filled))))))
    assert [row["type"] for row in rows] == ["REJECT", "CONSULT"]
    assert rows[0]["headline"].startswith("'=cmd")
    assert rows[0]["plover"] == "-2.0"


def test_no_cell_of_the_tab_separated_lines_is_a_formula(engine: Engine) -> None:
    """An article's sentence may begin like one, and spreadsheets open these lines as well."""
    article = matter.article(said="=HYPERLINK(A1) sagte Moskau in Genf.")
    told = matter.meeting(article, said="=HYPERLINK(A1) sagte Moskau in Genf.")
    events = [told, matter.refusal(article)]
    with opened(engine) as archive:
        archive.keep_article(
            matter.claim_one(archive), article, Made(assessments=[matter.assessment()], events=events), NOW
        )
    head, *rows = [line.rstrip("\n").split("\t") for line in exports.cameo(found(engine))]
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    assert {line["Quote"] for line in lines} == {"'=HYPERLINK(A1) sagte Moskau in Genf.", matter.REFUSED}
    assert {float(line["GoldsteinScale"]) < 0 for line in lines} == {True, False}


def test_a_sentence_that_begins_with_a_quotation_mark_swallows_no_line_in_a_spreadsheet(engine: Engine) -> None:
    said = '"Wir haben in Genf beraten.'
    article = matter.article(said=said)
    events = [matter.meeting(article, said=said), matter.refusal(article)]
    with opened(engine) as archive:
        archive.keep_article(
            matter.claim_one(archive), article, Made(assessments=[matter.assessment()], events=events), NOW
        )
    lines = "".join(exports.cameo(found(engine)))
    assert len(list(csv.reader(io.StringIO(lines), delimiter="\t"))) == lines.count("\n")


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "|x", "%x", "＝1"])
def test_formula_cells_begin_with_an_apostrophe(value: str) -> None:
    told = tables.cell(value)
    assert told[0] == "'"
    assert told.replace("'", "") == value


@pytest.mark.parametrize(
    "value", ["Kiew;=1+1", "Kiew; -1", 'Kiew;"=1+1"', "Kiew,\n@SUM(A1);1", ";=1", "\r=1", "Kiew;;\t+1"]
)
def test_nor_is_there_one_where_semicolons_part_cells(value: str) -> None:
    """As they do in a German spreadsheet, to which a comma and the quotation marks behind it are text."""
    row = io.StringIO(newline="")
    csv.writer(row).writerow(["id", tables.cell(value), "id"])
    cells = [each for line in csv.reader(io.StringIO(row.getvalue(), newline=""), delimiter=";") for each in line]
    assert not [each for each in cells if each.strip().startswith(("=", "+", "-", "@"))]


def test_parquet_says_what_it_needs(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(exports.NoParquet, match="pip install pyarrow"):
        exports.parquet(found(filled), io.BytesIO())


def test_parquet_holds_few_rows_at_a_time_and_has_its_types_without_any(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of no events every column had the type of nothing, and no reader could put it beside another month's."""
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(tables, "ROW_GROUP", 1)
    some, none = io.BytesIO(), io.BytesIO()
    assert (exports.parquet(found(filled), some), exports.parquet([], none)) == (2, 0)
    file = parquet.ParquetFile(some)
    assert file.num_row_groups == 2
    assert file.schema_arrow == parquet.ParquetFile(none).schema_arrow
    assert file.read().to_pylist() == [tables.flat_record(stored) for stored in found(filled)]


def test_every_event_with_the_words_is_exported_after_a_recode_too(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old version's event that a recode made is newer than what stands in the next pages, and was in none."""
    monkeypatch.setattr(exports.events, "PAGE", 2)
    monkeypatch.setattr(selecting, "_CHUNKS", (1, 1))
    for number in range(1, 6):
        matter.keep(engine, number)
    again = [replace(matter.refusal(matter.article()), type=EventType.ACCUSE)]
    with opened(engine) as archive:
        archive.recoding.replace_coding(1, Made(events=again), "2+bb", NOW)
    with reading(engine) as connection:
        wanted = EventFilter(text="Genf")
        rows = [stored.row for stored in exports.all_events(connection, wanted)]
        assert len(rows) == 9
    assert rows == sorted(rows, reverse=True)


def test_a_file_says_itself_that_it_does_not_hold_everything(filled: Engine) -> None:
    told = found(filled)[:1]
    for write in exports.FORMATS.values():
        whole, part = (list(write(told, note=note)) for note in ("", "=Nur\tdie neuesten"))
        assert "neuesten" not in "".join(whole)
        assert "".join(part).startswith("".join(whole))
        assert "die neuesten" in part[-1]
    last = list(csv.reader(io.StringIO("".join(exports.csv_lines(told, note="=Nur")))))[-1]
    assert last == ["'=Nur", *[""] * (len(tables.CSV_COLUMNS) - 1)]
    network = etree.fromstring("".join(exports.gexf(told, NOW, note="Nur <die> neuesten")).encode())
    assert "Nur <die> neuesten" in "".join(network.itertext())


def test_an_export_that_fails_leaves_the_last_one_as_it_was(filled: Engine, url: str, tmp_path: Path) -> None:
    target, link = tmp_path / "events.csv", tmp_path / "link.csv"
    target.write_text("the last one")
    link.symlink_to(target)
    asked = ["export", "csv", "--database", url, "-o", str(link)]
    assert main([*asked, "--type", "nonsense"]) == 2
    assert target.read_text() == "the last one"
    assert main(asked) == 0
    assert link.is_symlink()
    assert target.read_text().startswith("id,day,")
    assert main(["export", "csv", "--database", url, "-o", str(tmp_path / "no" / "x.csv")]) == 2
    assert main(["export", "csv", "--database", url, "-o", "/dev/null"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir() if "csv" in path.name) == ["events.csv", "link.csv"]


def test_a_calendar_has_stable_ids_states_and_the_sentence(filled: Engine) -> None:
    from icalendar import Calendar

    with reading(filled) as connection:
        told = queries.with_changes(connection, queries.meetings(connection))
    entries = Calendar.from_ical(exports.icalendar(told, NOW)).walk("VEVENT")
    assert [(str(entry["UID"]), str(entry["STATUS"]), entry["SEQUENCE"]) for entry in entries] == [
        ("m1@depesche", "TENTATIVE", 0),
        ("m2@depesche", "CANCELLED", 0),
    ]
    assert (entries[0].decoded("DTSTART"), entries[0].decoded("DTEND")) == (date(2031, 3, 12), date(2031, 3, 13))
    assert matter.SAID in str(entries[0]["DESCRIPTION"])


def test_a_line_is_folded_as_the_library_does_it() -> None:
    """It takes its time for each character; the bytes must be the same, whatever stands where a line is cut."""
    from icalendar.parser import Contentline

    chance = random.Random(7)
    for _ in range(3000):
        pieces = chance.choices(["a", "ä", "€", "😀", "\\", "^", "\\n", "\\,", " "], k=chance.randint(1, 200))
        line = "".join(pieces)
        assert calendars.folded(line) == Contentline(line).to_ical()


def test_a_calendar_is_written_as_the_library_writes_it() -> None:
    """Its lines take it ten times as long as its values."""
    chance = random.Random(11)

    def said() -> str:
        return "".join(
            chance.choices(
                ["Rat", "ä", ",", ";", ":", "\\", "\\n", "\\N", "\n", '"', "^", " ", "\u202e"], k=chance.randint(0, 40)
            )
        )

    for _ in range(300):
        first = date(2031, 3, 12) + timedelta(days=chance.randint(0, 900))
        told = Meeting(
            uid=said(),
            state=chance.choice(("announced", "confirmed", "moved", "held", "cancelled", "overdue")),
            title=chance.choice(("", said())),
            parties=tuple(said() for _ in range(chance.randint(0, 3))),
            day_first=chance.choice((first, first, None)),
            day_last=chance.choice((None, first + timedelta(days=2))),
            place=chance.choice(("", said())),
            outcome=chance.choice(("", said())),
            sequence=chance.randint(0, 3),
            created_at=chance.choice((None, NOW)),
            updated_at=chance.choice((None, NOW + MINUTE)),
        )
        changes = [Change(at=NOW, state="announced", quote=said()) for _ in range(chance.randint(0, 3))]
        name = said()
        assert exports.icalendar([(told, changes)], NOW, name=name) == _by_library(told, changes, name)


def _by_library(told: Meeting, changes: list[Change], name: str) -> bytes:
    from icalendar import Calendar, vText
    from icalendar import Event as Entry

    calendar = Calendar()
    calendar.add("prodid", "-//Depesche//Termine//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # The library takes no property that it does not know for text, and would leave a comma in it as it is.
    calendar.add("x-wr-calname", vText(calendars._line(name)))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    if told.day_first is None:
        calendar.add_component(_utc())
        return calendar.to_ical()
    entry = Entry()
    entry.add("uid", calendars._line(f"{told.uid}@depesche"))
    entry.add("dtstamp", told.updated_at or NOW)
    entry.add("last-modified", told.updated_at or NOW)
    if told.created_at is not None:
        entry.add("created", told.created_at)
    entry.add("sequence", told.sequence)
    entry.add(
        "status", {"cancelled": "CANCELLED", "confirmed": "CONFIRMED", "held": "CONFIRMED"}.get(told.state, "TENTATIVE")
    )
    entry.add("summary", calendars._line(told.title or " – ".join(told.parties)))
    entry.add("dtstart", told.day_first)
    entry.add("dtend", (told.day_last or told.day_first) + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    if told.place:
        entry.add("location", calendars._line(told.place))
    entry.add("categories", list(map(calendars._line, told.parties)))
    entry.add("description", "\n".join(map(calendars._line, calendars.described(told, changes))))
    calendar.add_component(entry)
    return calendar.to_ical()


def _utc() -> Any:
    from icalendar import Timezone, TimezoneStandard

    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    zone.add_component(standard)
    return zone


def test_a_calendar_without_entries_is_one() -> None:
    """RFC 5545 asks for a component at least: of a party that meets nobody, or before the first pass, programs refused it."""
    from icalendar import Calendar

    empty = Calendar.from_ical(exports.icalendar([], NOW))
    assert [component.name for component in empty.subcomponents] == ["VTIMEZONE"]
    some = Meeting(uid="m", state="announced", parties=("RUS",), day_first=date(2031, 3, 12))
    filled = Calendar.from_ical(exports.icalendar([(some, [])], NOW))
    assert [component.name for component in filled.subcomponents] == ["VEVENT"]


def test_another_library_than_the_one_that_wrote_it_reads_the_calendar(filled: Engine) -> None:
    """Folded lines, umlauts within a fold, commas and semicolons, several days, and what was called off."""
    vobject = pytest.importorskip("vobject", reason="no vobject: install the dev dependencies")
    said = "Die Außenminister kommen, so hieß es; in Zürich über Rüstung, Gefangene und Häfen zusammen. " * 4
    told = Meeting(
        uid="m7",
        state="cancelled",
        title="Gespräch: RUS (Rußland), USA; Zürich, „Größenordnung“",
        parties=("RUS", "USA"),
        day_first=date(2031, 3, 12),
        day_last=date(2031, 3, 14),
        place="Zürich, Rathaus",
        sequence=3,
        created_at=NOW,
        updated_at=NOW + MINUTE,
    )
    written = exports.icalendar(
        [(told, [Change(at=NOW, state="announced", quote=said)])], NOW, name="Termine, Übersicht"
    )
    assert max(map(len, written.split(b"\r\n"))) <= 75
    calendar = vobject.readOne(written.decode())
    (entry,) = calendar.vevent_list
    assert (calendar.version.value, calendar.method.value) == ("2.0", "PUBLISH")
    assert calendar.contents["x-wr-calname"][0].value == "Termine, Übersicht"
    assert (entry.uid.value, entry.status.value, entry.sequence.value) == ("m7@depesche", "CANCELLED", "3")
    assert (entry.dtstart.value, entry.dtend.value) == (date(2031, 3, 12), date(2031, 3, 15))
    assert (entry.summary.value, entry.location.value) == (told.title, told.place)
    assert entry.categories.value == ["RUS", "USA"]
    assert said.strip() in entry.description.value
    assert entry.last_modified.value == NOW + MINUTE


def test_atom_and_gexf_are_well_formed_whatever_the_text_holds(filled: Engine) -> None:
    with reading(filled) as connection:
        acts = [(act, queries.reports(connection, act.uid)) for act in queries.acts(connection)]
    feed = etree.fromstring("".join(exports.atom(acts, NOW, home="https://room.example/?a=1&b=2")).encode())
    graph = etree.fromstring("".join(exports.gexf(found(filled), NOW, called=f"<{{}}>{HOSTILE}".format)).encode())
    assert {(e.get("id"), e.get("label")[:6]) for e in graph.iter("{*}node")} == {("NATO", "<NATO>"), ("RUS", "<RUS>=")}
    assert len(feed.findall("{*}entry")) == 2
    assert feed.find("{*}entry/{*}id").text.startswith("tag:depesche,2026:act-")
    assert {(e.get("source"), e.get("target")) for e in graph.iter("{*}edge")} == {("NATO", "RUS"), ("RUS", "NATO")}


def test_the_network_scores_what_happened(filled: Engine) -> None:
    """The refusal did; the meeting that is announced counts, and is no deed yet."""
    graph = etree.fromstring("".join(exports.gexf(found(filled), NOW)).encode())
    edges = {(edge.get("source"), edge.get("target")): edge for edge in graph.iter("{*}edge")}
    there, back = edges["NATO", "RUS"], edges["RUS", "NATO"]
    assert (there.get("weight"), back.get("weight")) == ("2", "1")
    assert [value.get("value") for value in there.iter("{*}attvalue")] == ["-2.000", "-1"]
    assert list(back.iter("{*}attvalue")) == []


def test_corrections_come_out_as_gold_labels(filled: Engine) -> None:
    was = matter.refusal(replace(matter.article(), headline=HOSTILE))
    with opened(filled) as archive:
        archive.review.correct(was.id, "changed", "ana", NOW + MINUTE, changed=replace(was, recipients=()))
        stored = queries.article(archive.connection, 1)
    assert stored is not None
    (line,) = map(json.loads, exports.gold([stored]))
    assert line["grade"] == 2
    assert {event["type"]: event["recipients"] for event in line["events"]} == {"CONSULT": [], "REJECT": []}


def test_the_commands_write_every_format(
    filled: Engine, url: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for format_ in ("plover", "cameo", "csv", "gexf", "ics", "atom", "gold"):
        target = tmp_path / f"out.{format_}"
        assert main(["export", format_, "--database", url, "-o", str(target)]) == 0
        assert main(["export", format_, "--database", url]) == 0
        if format_ != "gold":
            assert target.stat().st_size > 100
    capsysbinary.readouterr()
    assert main(["export", "csv", "--database", url, "--type", "nonsense"]) == 2


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("ics --type SANCTION --since 2031-01-01", "ics has no --type, --since"),
        ("atom --min-confidence 0.5 --directed --actor RUS", "atom has no --directed, --min-confidence"),
        ("gold --party RUS", "gold has no --actor"),
        ("csv --home https://raum.example", "csv has no --home"),
    ],
)
def test_an_export_refuses_an_option_that_its_format_does_not_have(
    words: str, others: str, filled: Engine, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It wrote everything, as if that were what was asked for."""
    assert main(["export", *words.split(), "--database", url]) == 2
    told = capsys.readouterr()
    assert others in told.err
    assert told.out == ""


def test_what_an_export_refuses_are_all_the_options_by_which_events_are_chosen() -> None:
    parser = argparse.ArgumentParser()
    choosing.add_filter(parser)
    untold = vars(parser.parse_args([]))
    assert sorted(untold) == sorted(choosing.CHOOSING)
    assert not any(untold.values())


def test_meetings_and_acts_of_a_party_are_exported_with_links(
    filled: Engine, url: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def told(*words: str) -> str:
        assert main(["export", *words, "--home", "https://raum.example", "--database", url]) == 0
        return capsysbinary.readouterr().out.decode()

    assert "URL:https://raum.example/calendar" in told("ics", "--party", "RUS")
    assert "BEGIN:VEVENT" not in told("ics", "--party", "UKR")
    assert "https://raum.example/acts/act-REJECT" in told("atom", "--party", "Russland")
    assert "<entry>" not in told("atom", "--party", "UKR")


@pytest.mark.parametrize(
    ("then", "events"), [("2031-03-03", 0), ("2031-03-04", 2), ("2031-03-04T00:00", 0), ("2031-03-05T00:00", 2)]
)
def test_what_was_known_on_a_day_was_known_at_its_end(
    then: str, events: int, filled: Engine, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the reading room has it: a day alone was taken for its first moment, at which nothing of it was known."""
    assert main(["events", "--database", url, "--json", "--as-known-on", then]) == 0
    assert len(json.loads(capsys.readouterr().out)["events"]) == events


def test_events_and_meetings_on_the_command_line(filled: Engine, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["events", "--database", url, "--actor", "rus", "--type", "reject"]) == 0
    assert matter.REFUSED in capsys.readouterr().out
    assert main(["events", "--database", url, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["events"]) == 2
    assert main(["events", "--database", url, "--actor", "UKR"]) == 0
    assert capsys.readouterr() == ("", "no such event\n")
    assert main(["events", "--database", url, "--status", "perhaps"]) == 2
    assert "there are: past, ongoing" in capsys.readouterr().err
    assert main(["meetings", "--database", url, "--all", "--history"]) == 0
    assert (
        f"2031-03-04 10:30 announced (Wed 2031-03-12): {matter.SAID}" in capsys.readouterr().out
    )  # by the readers' clocks
    with opened(filled) as archive:
        titled = Meeting(
            uid="m1",
            state="announced",
            title="NATO, RUS in Genf",
            parties=("NATO",),
            day_first=date(2031, 3, 12),
            place="Genf",
        )
        archive.tracking.save_meeting(titled, [], NOW)
    assert main(["meetings", "--database", url, "--all"]) == 0
    assert "NATO, RUS in Genf\n" in capsys.readouterr().out  # the place once
    assert main(["meetings", "--database", url, "--json", "--all"]) == 0
    told = json.loads(capsys.readouterr().out)["meetings"]
    assert [each["uid"] for each in told] == ["m1", "m2", "m3"]
    assert not any("detail" in each for each in told), "what linking remembers is nobody's matter"


@pytest.mark.parametrize(
    ("asked", "uids"),
    [("--state overdue", ["missed"]), ("--state held", ["met"]), ("--until 2020-05-31", ["missed", "met"])],
)
def test_who_asks_for_meetings_that_are_over_is_told_of_them(
    asked: str, uids: list[str], engine: Engine, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was found: only meetings from today on were looked at."""
    with opened(engine) as archive:
        for uid, state, day in (("missed", "announced", date(2020, 5, 20)), ("met", "held", date(2020, 5, 21))):
            past = Meeting(uid=uid, state=state, parties=("NATO",), day_first=day, day_last=day)
            archive.tracking.save_meeting(past, [], NOW)
    assert main(["meetings", "--database", url, "--json", *asked.split()]) == 0
    assert [each["uid"] for each in json.loads(capsys.readouterr().out)["meetings"]] == uids
    assert main(["meetings", "--database", url, *asked.split(), "--since", "2020-05-22"]) == 0
    assert capsys.readouterr().out == "", "the day that is asked for counts"


@pytest.mark.parametrize("name", sorted({view.name for view in views.VIEWS}))
def test_every_view_can_be_read(filled: Engine, name: str) -> None:
    with reading(filled) as connection:
        rows = connection.execute(text(f"SELECT * FROM {name}")).mappings().all()
    if name == "v_events":
        assert {(row["type"], row["actors"], row["recipients"]) for row in rows} == {
            ("CONSULT", "NATO RUS", None),
            ("REJECT", "NATO", "RUS"),
        }
        assert str(rows[0]["known_from"])[:10] == "2031-03-04"
    if name == "v_dyads":
        assert {(row["actor"], row["recipient"]) for row in rows} == {("NATO", "RUS"), ("RUS", "NATO")}


@pytest.mark.parametrize(
    "told",
    [
        {"type": EventType.SANCTION, "actors": (NATO, UKR), "recipients": (RUS,)},
        {"type": EventType.MOBILIZE, "actors": (NATO, UKR), "recipients": ()},
        {"type": EventType.AGREE, "actors": (NATO, UKR), "recipients": (RUS,)},
        {"type": EventType.REJECT, "actors": (NATO, replace(NATO, name="Stoll")), "recipients": (RUS, NATO)},
    ],
)
def test_the_view_of_dyads_has_the_pairs_that_are_exported(engine: Engine, told: dict[str, Any]) -> None:
    """Who acts beside another does nothing to them: a series of what NATO does to Ukraine would hold their sanctions."""
    article = matter.article()
    event = replace(matter.refusal(article), mode="", **told)
    with opened(engine) as archive:
        archive.keep_article(
            matter.claim_one(archive), article, Made(assessments=[matter.assessment()], events=[event]), NOW
        )
    with reading(engine) as connection:
        rows = [tuple(row) for row in connection.execute(text("SELECT actor, recipient FROM v_dyads"))]
        (stored,) = exports.all_events(connection, EventFilter())
    exported = {(one.code, other.code) for one, other in dyads(stored) if one and other}
    assert sorted(rows) == sorted((one, other) for one, other in exported if one != other)
