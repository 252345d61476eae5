"""Places are named in base form, with coordinates."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from extractors.language import read_text
from extractors.places import AT, PlacesError, gazetteer, places, refused, refusing
from extractors.places.refusing import ROWS as REFUSING
from extractors.places.refusing import Row

CASES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "cases" / "places.toml").read_text(encoding="utf-8"))
ROWS = [pytest.param(row, id=f"{table}: {row['text'][:60]}") for table, rows in CASES.items() for row in rows]


@pytest.mark.parametrize("row", ROWS)
def test_a_sentence_names_the_places_of_its_row(row: dict[str, Any]) -> None:
    (sentence,) = read_text(row["text"]).sentences
    assert [found.place.name for found in places(sentence)] == row["expect"]


@pytest.mark.parametrize("row", [row for row in ROWS if row.values[0].get("at")])  # type: ignore[union-attr,call-overload]
def test_where_something_is_the_preposition_says(row: dict[str, Any]) -> None:
    (sentence,) = read_text(row["text"]).sentences
    assert row["at"] in [found.place.name for found in places(sentence) if found.preposition in AT]


@pytest.mark.parametrize("row", REFUSING, ids=lambda row: row.name)
def test_what_is_no_place_is_refused_by_its_row_alone(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    (sentence,) = read_text(row.test).sentences
    at = row.test.rindex(row.word)
    rows = [name for mention, name in refused(sentence) if mention.start == at]
    told = {mention.start for mention in places(sentence)}
    monkeypatch.setattr(refusing, "ROWS", [other for other in REFUSING if other is not row])

    assert rows == [row.name]
    assert at not in told
    assert at in {mention.start for mention in places(sentence)}


def test_known_places_have_coordinates_and_a_country() -> None:
    (sentence,) = read_text("In Genf trafen sich die Unterhändler.").sentences
    (found,) = places(sentence)
    assert found.place.country == "CHE"
    assert found.place.latitude == pytest.approx(46.2, abs=0.1)
    assert found.place.longitude == pytest.approx(6.15, abs=0.1)


def test_offsets_count_characters_of_the_text() -> None:
    text = "Nichts Neues.\nIm Schwarzen Meer kreuzten Schiffe."
    sentence = read_text(text).sentences[1]
    (found,) = places(sentence)
    assert text[found.start : found.end] == "Schwarzen Meer"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Atlantis,,city,99,0,", "nowhere on Earth"),
        ("Atlantis,,city,9 N,0,", "latitude and longitude are degrees"),
        ("Atlantis,,ctiy,9,0,", "kind is one of city"),
        ("Atlantis,ATL,city,9,0,", "country 'ATL' is no code"),
        (",,city,9,0,", "name must not be empty"),
        ("Thule,,city,9,0,\nThule,,city,9,1,", "'Thule' stands in"),
    ],
)
def test_a_broken_table_says_where(row: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"name,country,kind,latitude,longitude,forms\n{row}\n"
    (tmp_path / "places.csv").write_text(text, encoding="utf-8")
    (tmp_path / "states.csv").write_text("code\nRUS\n", encoding="utf-8")
    monkeypatch.setattr(gazetteer, "_DATA", tmp_path)
    with pytest.raises(PlacesError, match=rf"places.csv:{1 + len(row.splitlines())}: .*{told}"):
        gazetteer.table.__wrapped__()


def test_there_are_enough_places() -> None:
    names = {known.place.name for phrases in gazetteer.table().values() for _, known in phrases}
    assert len(names) >= 600
