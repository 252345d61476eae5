"""Places by the names that readers of English know: the table, and where it is asked."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from extractors.actors import name_of
from extractors.actors.lexicon import lexicon
from flows import place_names
from flows.place_names import BrokenPlaceNamesError, meeting_told, place_told
from flows.web.wording import english_names
from storage.tracking import Meeting

GAZETTEER = Path(__file__).resolve().parents[2] / "extractors" / "data" / "places.csv"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("german,english\nGenf,Geneva\n", r"places.csv: its first line is not name,english"),
        ("", r"places.csv: its first line is not name,english"),
        ("name,english\nGenf,Geneva\nWien\n", r"places.csv, line 3: expected a German and an English name"),
        ("name,english\nGenf,\n", r"line 2: expected a German"),
        ("name,english\nGenf, Geneva\n", r"line 2: expected a German"),
        ("name,english\nMinsk,Minsk\n", r"line 2: 'Minsk' is no other name in English"),
        ("name,english\nGenf,Geneva\nGenf,Genova\n", r"line 3: 'Genf' stands in another line too"),
    ],
)
def test_a_wrong_row_is_said_by_file_and_line(tmp_path, text, told):
    path = tmp_path / "places.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BrokenPlaceNamesError, match=told):
        place_names.load(path)


def test_every_row_is_of_a_place_that_the_coder_knows():
    """What a row is of is looked up by the name that the coder gives it: one that it never gives would do nothing."""
    with GAZETTEER.open(encoding="utf-8", newline="") as lines:
        known = {row["name"] for row in csv.DictReader(lines)}
    assert set(place_names.english()) - known == set()


def test_every_state_that_is_called_otherwise_in_english_has_its_row():
    with GAZETTEER.open(encoding="utf-8", newline="") as lines:
        states = {row["country"]: row["name"] for row in csv.DictReader(lines) if row["kind"] == "country"}
    german = {code: name_of(code) for code in states if code in lexicon().names}
    assert len(german) > 150
    untold = [name for code, name in german.items() if name != english_names()[code] and place_told(name, "en") == name]
    assert untold == []


@pytest.mark.parametrize(
    ("title", "told"), [("NATO, RUS in Genf", "NATO, RUS in Geneva"), ("Genfer Runde", "Genfer Runde"), ("", "")]
)
def test_a_meeting_is_called_with_its_place_where_that_is_in_its_title(title, told):
    meeting = Meeting(uid="m", state="announced", title=title, place="Genf")
    shown = meeting_told(meeting, "en")
    assert (shown.place, shown.title) == ("Geneva", told)
    assert meeting_told(meeting, "de") is meeting
