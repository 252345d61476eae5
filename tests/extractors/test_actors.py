"""Actors are found with the codebook's codes, and what is none is left alone."""

from __future__ import annotations

import csv
import gzip
import re
import sys
import time
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from extractors.actors import Mention, aside, doubts, houses, mentions, name_of, phrases, pointing, refused
from extractors.actors import mistaken as mistakes
from extractors.actors.aside import ROWS as ASIDE
from extractors.actors.aside import Row as LeftAside
from extractors.actors.checking import GazetteerError, check
from extractors.actors.descriptions import COUNTRYMAN
from extractors.actors.doubts import ROWS as DOUBTED
from extractors.actors.doubts import Row as Doubted
from extractors.actors.hits import Known
from extractors.actors.lexicon import Term, adjective, compound, lexicon, noun, single
from extractors.actors.mistaken import ROWS as MISTAKEN
from extractors.actors.mistaken import Row as Mistaken
from extractors.actors.phrases import scan
from extractors.actors.pointing import ROWS as POINTING
from extractors.actors.pointing import Row as Pointing
from extractors.files import BrokenFileError
from extractors.language import read_text

CASES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "cases" / "actors.toml").read_text(encoding="utf-8"))
ON: date = CASES.pop("on")
ROWS = [pytest.param(row, id=f"{table}: {row['text'][:60]}") for table, rows in CASES.items() for row in rows]
DATA = Path(str(files("extractors"))) / "data"


def found(text: str, on: date | None = ON) -> tuple[Mention, ...]:
    return mentions(read_text(text), on=on)


def codes(text: str, on: date | None) -> set[str]:
    return {mention.code for mention in found(text, on)}


@pytest.mark.parametrize("row", ROWS)
def test_a_sentence_names_the_actors_of_its_row(row: dict[str, Any]) -> None:
    told = [[row["text"][m.start : m.end], m.code] for m in found(row["text"]) if m.score >= 0.5]
    assert told == row["expect"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2022, 5, 1), "DEU-OPP"),
        (date(2025, 6, 1), "DEU"),
        (None, "DEU"),
    ],
)
def test_the_day_of_the_article_chooses_the_office(on: date | None, expected: str) -> None:
    assert codes("Friedrich Merz sprach.", on) == {expected}


def test_who_led_a_party_before_is_of_the_opposition_or_not_by_that_day() -> None:
    assert codes("Annalena Baerbock sprach.", date(2019, 5, 1)) == {"DEU-OPP"}
    assert codes("Annalena Baerbock sprach.", date(2023, 5, 1)) == {"DEU"}
    assert codes("Johann Wadephul sprach.", date(2020, 5, 1)) == {"DEU"}
    assert codes("Christian Lindner sprach.", date(2025, 2, 1)) == {"DEU-OPP"}
    assert codes("Donald Trump sprach.", date(2016, 8, 1)) == {"USA-OPP"}


def test_people_move_between_actors() -> None:
    assert codes("Mark Rutte sprach.", date(2022, 1, 10)) == {"NLD"}
    assert codes("Mark Rutte sprach.", date(2025, 1, 10)) == {"NATO"}
    assert codes("Kaja Kallas sprach.", date(2022, 1, 10)) == {"EST"}
    assert codes("Kaja Kallas sprach.", date(2025, 1, 10)) == {"EU"}


def test_spelling_variants_are_one_person() -> None:
    names = {
        mention.name
        for text in ("Selenskyj rief an.", "Selenski rief an.", "Selenskij rief an.", "Wladimir Selenski rief an.")
        for mention in found(text)
    }
    assert names == {"Wolodymyr Selenskyj"}


def test_a_word_for_two_actors_gives_two_mentions_of_one_stretch() -> None:
    both = [m for m in found("Der NATO-Russland-Rat tagt.") if m.kind == "compound"]
    assert {m.code for m in both} == {"NATO", "RUS"}
    assert len({(m.start, m.end) for m in both}) == 1


def test_a_country_behind_a_preposition_is_marked_as_a_place() -> None:
    (mention,) = found("In der Ukraine herrscht Ruhe.")
    assert (mention.origin, mention.code) == ("locative", "UKR")
    assert mention.score < 0.5


def test_offsets_count_characters_of_the_text_over_several_lines() -> None:
    text = "Gipfel in Genf\nRussland sagt zu.\nDie USA zögern."
    assert [text[m.start : m.end] for m in found(text)] == ["Russland", "USA"]


@pytest.mark.parametrize("row", MISTAKEN, ids=lambda row: row.name)
def test_a_word_that_means_somebody_else_is_refused_by_its_row_alone(
    row: Mistaken, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, at = read_text(row.test), row.test.rindex(row.word)
    told = {m.code for m in mentions(document, on=ON) if m.start == at}
    rows = [one.row for one in refused(document, on=ON) if one.start == at]
    monkeypatch.setattr(mistakes, "ROWS", [other for other in MISTAKEN if other is not row])
    without = {m.code for m in mentions(document, on=ON) if m.start == at}

    assert not told
    assert rows == [row.name]
    assert without


@pytest.mark.parametrize("row", DOUBTED, ids=lambda row: row.name)
def test_a_name_that_is_no_actor_is_refused_by_its_row_alone(row: Doubted, monkeypatch: pytest.MonkeyPatch) -> None:
    document, at = read_text(row.test), row.test.rindex(row.word)
    (sentence,) = document.sentences
    rows = [one.row for one in refused(document, on=ON) if one.start == at]
    told = {sentence.tokens[hit.first].start for hit in scan(sentence, Known(on=ON))}
    monkeypatch.setattr(doubts, "ROWS", [other for other in DOUBTED if other is not row])
    without = {sentence.tokens[hit.first].start for hit in scan(sentence, Known(on=ON))}

    assert rows == [row.name]
    assert at not in told
    assert at in without


@pytest.mark.parametrize(
    ("text", "refuses"),
    [
        ("Auf seiner Europa-Tour warb Selenskyj bei Macron um Waffen.", True),
        ("In Warschau setzte Blinken seine Europa-Reise fort.", True),
        ("Blinken bricht am Montag zu einer Europa-Reise auf.", False),
        ("Auf seiner Europa-Tour warb Selenskyj um Waffen, auch in Kanada.", False),
        ("Macron warb in Tokio für seine Europa-Politik.", False),
    ],
)
def test_a_journey_through_europe_is_to_the_union_where_none_of_its_states_is_named(text: str, refuses: bool) -> None:
    """So the codebook has it; of who travelled through Europe to Warsaw it was told that he met the EU and Poland."""
    rows = {one.row for one in refused(read_text(text), on=ON)}
    assert ("a journey through Europe to one of its states" in rows) is refuses


@pytest.mark.parametrize("row", ASIDE, ids=lambda row: row.name)
def test_a_word_is_left_aside_by_its_row_alone(row: LeftAside, monkeypatch: pytest.MonkeyPatch) -> None:
    document, at = read_text(row.test), row.test.rindex(row.word)
    rows = [one.row for one in refused(document, on=ON) if one.start == at]
    told = [m.code for m in mentions(document, on=ON) if m.start == at]
    monkeypatch.setattr(aside, "ROWS", [other for other in ASIDE if other is not row])
    without = [m.code for m in mentions(document, on=ON) if m.start == at]

    assert rows == [row.name]
    assert not told
    assert without


@pytest.mark.parametrize("row", phrases.TITLES, ids=lambda row: row.name)
def test_a_title_that_is_anothers_is_told_with_its_row_alone(row: phrases.Row, monkeypatch: pytest.MonkeyPatch) -> None:
    at = row.test.index(row.word)
    told = [m.row for m in found(row.test) if m.start == at]
    monkeypatch.setattr(phrases, "TITLES", [other for other in phrases.TITLES if other is not row])
    joined = max(found(row.test), key=lambda m: m.end - m.start)

    assert told == [row.name]
    assert joined.office
    assert joined.kind == "person"


@pytest.mark.parametrize("row", POINTING, ids=lambda row: row.name)
def test_a_word_that_points_means_whom_its_row_finds(row: Pointing, monkeypatch: pytest.MonkeyPatch) -> None:
    document, at = read_text(row.test), row.test.rindex(row.word)
    told = [m for m in mentions(document, on=ON) if m.start == at]
    rows = {kind: tuple(one for one in of if one is not row) for kind, of in pointing._BY_KIND.items()}
    monkeypatch.setattr(pointing, "_BY_KIND", rows)
    without = [m for m in mentions(document, on=ON) if m.start == at]

    assert " ".join(sorted(m.code for m in told)) == row.told
    assert {m.row for m in told} <= {row.name, *(house.name for house in houses.ROWS)}
    assert {m.row for m in without}.isdisjoint({m.row for m in told})


def test_who_is_called_after_a_state_that_he_once_governed_is_told_with_that_row() -> None:
    text = "Nato-Generalsekretär Jens Stoltenberg sprach in Oslo. Der Norweger warnte."
    assert [(m.code, m.row) for m in found(text) if m.start == text.index("Norweger")] == [("NATO", COUNTRYMAN)]


@pytest.mark.parametrize("row", ROWS)
def test_what_is_refused_is_not_told_and_what_is_told_not_refused(row: dict[str, Any]) -> None:
    document = read_text(row["text"])
    told = {(m.start, m.code) for m in mentions(document, on=ON)}
    assert told.isdisjoint((one.start, code) for one in refused(document, on=ON) for code in one.codes)


def test_a_name_that_the_article_explains_later_is_not_refused() -> None:
    text = "Gisela Merz lehnt ab\nDie estnische Außenministerin Gisela Merz blieb dabei."
    assert [text[one.start : one.end] for one in refused(read_text(text.splitlines()[0]), on=ON)] == ["Merz"]
    assert not refused(read_text(text), on=ON)


@pytest.mark.parametrize(
    ("text", "word", "told"),
    [
        ("Die Nato tagt in Oslo. Die USA dankten dort ihren Verbündeten.", "Verbündeten", {"NATO"}),
        ("Die Nato tagt in Oslo. Bisher erlauben die Verbündeten Kiew das nicht.", "Verbündeten", {"NATO"}),
        ("Russland und die Ukraine reden. Die Kriegsgegner trafen sich in Genf.", "Kriegsgegner", {"RUS", "UKR"}),
        ("Deutschland zahlt. Estland hilft. Mehr könne das Land nicht.", "Land", {"EST"}),
        ("Norwegen will mehr tun. Zugleich warnte die Führung vor Hast.", "Führung", {"NOR"}),
        ('Die Nato tagt in Oslo. Biden nannte sie das "unverzichtbare Bündnis".', "Bündnis", {"NATO"}),
        ("Die UN berieten in New York. Der Sicherheitsrat vertagte sich.", "Sicherheitsrat", {"UN"}),
        ("Emmanuel Macron sprach in Lyon, Ingmar Gausewitz filmte ihn.", "ihn", {"FRA"}),
        ("Emmanuel Macron sprach in Lyon. „Er redet gut“, sagte Gausewitz.", "Er", {"FRA"}),
        ("Emmanuel Macron sprach in Lyon. Sprecherin Ines Kranz nickte. Er schwieg.", "Er", {"FRA"}),
    ],
)
def test_a_word_that_means_who_was_spoken_of_is_kept(text: str, word: str, told: set[str]) -> None:
    at = text.rindex(word)
    assert {m.code for m in found(text) if m.start == at} == told


@pytest.mark.parametrize("row", houses.ROWS, ids=lambda row: row.name)
def test_a_short_word_for_a_house_is_read_by_its_row(row: houses.Row) -> None:
    *_, (word, told) = [
        (row.test[m.start : m.end], m.code) for m in found(row.test) if m.kind == "description" and m.score >= 0.5
    ]
    assert word.lower() in row.words
    assert told == row.told


@pytest.mark.parametrize(
    "text",
    [
        "Die Wahl war knapp. Bisher schweigt die Kommission.",
        "Die EU-Kommission tagte. Das Ergebnis prüft die Kommission der Bischöfe.",
        "Das EU-Parlament tagt in Straßburg. In Rom sprach der Bundestag ab, dort tagte das Parlament.",
        "Der Senat in Bremen tagte mit Gästen. Danach entschied der Senat.",
        "Die OSZE schickte Beobachter. Es regnete. Am Abend kam die Organisation.",
        "Der UN-Sicherheitsrat tagte. Das Gremium der Bischöfe schwieg.",
        "Die IAEA warnte. Die Aufsichtsbehörde in Lwiw schwieg. Am Abend maß die Behörde nichts.",
    ],
)
def test_a_short_word_stands_for_no_house_that_was_not_named_or_is_not_meant(text: str) -> None:
    assert {m.code for m in found(text) if m.kind == "description"} <= {"DEU"}


def test_the_country_that_somebody_speaks_to_is_not_his_own() -> None:
    text = "Die Türkei bremst Schweden. Erdogan wirft dem Land Milde vor."
    assert ("SWE", text.index("Land")) in {(m.code, m.start) for m in found(text)}


def test_the_government_that_somebody_gives_orders_to_is_his_own() -> None:
    text = "Die Türkei bremst Schweden. Erdogan wies die Regierung an, zu warten."
    assert ("TUR", text.index("Regierung")) in {(m.code, m.start) for m in found(text)}


def test_an_unclear_pointer_is_refused() -> None:
    text = "Emmanuel Macron traf Olaf Scholz. In Paris redeten Rutte und Orbán mit Draghi. Er schwieg."
    assert not [m for m in found(text) if m.kind == "pronoun"]


def test_he_who_was_described_is_meant_and_not_whom_he_names() -> None:
    text = "Biden sprach. Der Präsident warnte: „Putins Krieg wird Moskau teuer sein.“ Er betonte, das sei gewiss."
    (he,) = (m for m in found(text) if m.kind == "pronoun")
    assert he.code == "USA"


@pytest.mark.parametrize(
    "text",
    [
        "Die Ukraine bat Russland um Ruhe. Polen und Frankreich stimmten zu. Ankara mahnte beide Seiten zur Ruhe.",
        "Russland griff an. Frankreich war empört. Guterres appellierte an beide Kriegsparteien.",
    ],
)
def test_who_is_called_on_as_both_sides_is_who_fights(text: str) -> None:
    assert {m.code for m in found(text) if m.start > text.rindex(". ") + 12} >= {"RUS", "UKR"}


def test_two_who_agree_are_those_that_were_named_last() -> None:
    text = "Die Ukraine bat Russland um Ruhe. Polen und Frankreich verhandelten. Beide Seiten einigten sich."
    assert {m.code for m in found(text) if m.start >= text.index("Beide")} == {"FRA", "POL"}


def test_a_thing_that_somebody_wants_is_nobody() -> None:
    text = "Außenminister Lawrow sprach. Geplant ist kein Ausschluss, wie ihn Polen verlangt."
    assert not [m for m in found(text) if m.kind == "pronoun"]


def test_every_state_has_a_name_an_adjective_and_its_inflections() -> None:
    for row in _table("states.csv"):
        entry = single(row["name"]) if " " not in row["name"] else None
        assert entry is None or entry.code == row["code"], row
        for stem in filter(None, row["adjective"].split("|")):
            assert row["code"] in adjective(stem + "en"), row


def test_the_world_is_complete() -> None:
    codes = {row["code"] for row in _table("states.csv")}
    assert len(codes) >= 193
    assert {"RUS", "UKR", "USA", "XKX", "TWN", "PSE"} <= codes


def test_there_are_enough_office_holders_and_their_terms_are_in_order() -> None:
    rows = _table("people.csv")
    assert len(rows) >= 600
    for row in rows:
        assert not row["to"] or row["from"] <= row["to"], row
        assert re.fullmatch(r"[A-Z]{2,4}(-(OPP|BUS|MED|CIV))?", row["code"]), row
        assert row["office"], row
        # "die Sprecherin", "sie": the flag and the office tell the same.
        assert not row["office"].split()[0].endswith("in") or "f" in row["flags"], row


def test_a_surname_that_alone_says_who_is_meant_is_no_common_word() -> None:
    rare = {"Bettel", "Brink", "Buschmann", "Karner", "Kosak", "Kretschmer", "Maas", "Maschal", "Orpo", "Simson", "Xi"}
    with gzip.open(DATA / "genders.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        words = {row["lemma"] for row in csv.DictReader(lines)}
    famous = {last for row in _table("people.csv") if "s" in row["flags"] for last in row["last"].split("|")}
    assert famous & words <= rare


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_term_holds_on_its_first_and_its_last_day() -> None:
    term = Term(code="DEU", office="Kanzler", since=date(2021, 12, 8), until=date(2025, 5, 6))
    assert term.holds(date(2021, 12, 8))
    assert term.holds(date(2025, 5, 6))
    assert not term.holds(date(2025, 5, 7))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("US-Präsident", ["USA"]),
        ("EU-Sanktionen", ["EU"]),
        ("Kremlchef", ["RUS"]),
        ("Saudi-Arabien-Reise", ["SAU"]),
        ("Anti-Russland-Kurs", []),
        ("Bundesliga", []),
        ("Natur", []),
        ("Unternehmen", []),
    ],
)
def test_compounds_come_apart_where_an_actor_is_in_them(word: str, expected: list[str]) -> None:
    taken = compound(word)
    assert [part.code for part in taken.parts] == expected if taken else expected == []


@pytest.mark.parametrize("word", ["Einführung", "Webseite", "Absender", "Mehrheit", "Fachkräfte", "regierung"])
def test_nouns_that_only_look_like_actors_are_none(word: str) -> None:
    assert noun(word) is None


def test_codes_have_german_names() -> None:
    assert name_of("UKR") == "Ukraine"
    assert name_of("RUS-MED") == "Russland (Medien)"
    assert name_of("XYZ") == "XYZ"


def test_a_broken_table_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in DATA.glob("*.csv"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "parties.csv").write_text("name,variants,code,from,to\nSPD,,DEU,gestern,\n", encoding="utf-8")
    monkeypatch.setattr(sys.modules["extractors.actors.lexicon"], "_DATA", tmp_path)
    with pytest.raises(GazetteerError, match=r"parties\.csv:2: .*gestern"):
        lexicon.__wrapped__()


@pytest.mark.parametrize(
    ("file", "row", "told"),
    [
        ("people.csv", "EST,Gudrun,Hinkelmoor,Ministerin,2026-05-02,,f,", "8 cells, expected the 7 columns"),
        ("people.csv", "ESD,Gudrun,Hinkelmoor,Ministerin,2026-05-02,,f", "code 'ESD' is of no state or organisation"),
        ("people.csv", "EST-OPQ,Gudrun,Hinkelmoor,Ministerin,2026-05-02,,f", "code 'EST-OPQ' is of no state"),
        ("people.csv", "EST,Gudrun,Hinkelmoor,Ministerin,02.05.2026,,f", "from is a day as 2026-05-02"),
        ("people.csv", "EST,Gudrun,Hinkelmoor,Ministerin,2026-02-30,,f", "from is no day of the calendar"),
        ("people.csv", "EST,Gudrun,Hinkelmoor,Ministerin,2026-05-02,2025-05-02,f", "to .2025-05-02. is before from"),
        ("people.csv", "EST,Gudrun,Hinkelmoor,Ministerin,2026-05-02,,w", "flags is f .a woman.*not 'w'"),
        ("people.csv", "EST,Gudrun,,Ministerin,2026-05-02,,f", "last is a surname"),
        ("organisations.csv", "NORB,Nordbund,,nmae", "kind is one of name, compound"),
        ("organisations.csv", "NORB,Nordbund,NATO,name", "'NATO' is a name of NATO already"),
        ("organisations.csv", "NORB,Nordischer  Bund,,name", "name has two blanks in a row"),
        ("states.csv", "RUS,Rotland,,rotisch,Rote,Rotstadt,", "'RUS' stands in .*states.csv:[0-9]+ too"),
        ("actor_nouns.csv", "hinkelwart,ofice,,m,end", "kind is one of office, body"),
        ("adjectives.csv", "hinkelisch,XXX", "codes 'XXX' is of no state"),
        ("parties.csv", "Hinkelpartei,,XDEU,2020-01-01,", "code 'XDEU' is of no state"),
    ],
)
def test_a_row_that_would_be_read_wrongly_for_years_is_an_error_with_its_line(
    file: str, row: str, told: str, tmp_path: Path
) -> None:
    for table in DATA.glob("*.csv"):
        (tmp_path / table.name).write_bytes(table.read_bytes())
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    (tmp_path / file).write_text("\n".join([*lines, "", row]), encoding="utf-8")
    with pytest.raises(BrokenFileError, match=rf"{file}:{len(lines) + 2}: {told}"):
        check(tmp_path)


def _prose() -> Iterator[str]:
    for rows in CASES.values():
        for row in rows:
            yield row["text"]


def test_finding_actors_is_fast() -> None:
    document = read_text("\n".join(_prose()))
    words = sum(len(sentence.tokens) for sentence in document.sentences)
    mentions(document, on=ON)
    taken = []
    for _ in range(3):  # a shared machine is slow at times
        begun = time.process_time()
        mentions(document, on=ON)
        taken.append(time.process_time() - begun)
    assert words / min(taken) > 20_000
