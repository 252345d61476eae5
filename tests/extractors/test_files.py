"""What an editor does to a file unasked changes nothing, and what cannot be read is told by file and line."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from extractors.files import BrokenFileError, csv_of, text_of, toml_of
from flows import cli
from flows.doctor import configured, examine
from flows.settings import Settings

TABLE = "name,words\nMüller,Gruß|Grüße\n"


@pytest.mark.parametrize(
    "raw",
    [
        TABLE.encode("utf-8-sig"),
        TABLE.replace("\n", "\r\n").encode(),
        unicodedata.normalize("NFD", TABLE).encode(),
        TABLE.replace("\n", "\n\n").encode(),
    ],
    ids=["mark of byte order", "line ends of Windows", "umlauts of two characters", "empty lines"],
)
def test_what_an_editor_does_unasked_changes_nothing(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(raw)
    assert [row for _, row in csv_of(path, "name", "words")] == [{"name": "Müller", "words": "Gruß|Grüße"}]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name;words\nA;b\n", "table.csv:1: no column name, words"),
        ("name,words\nA,b\n\nB,c,d\n", "table.csv:4: 3 cells, expected the 2 columns name, words"),
        ('name,words\n"A,b\nB,c\n', "table.csv:2: no CSV: .*is a quotation mark not closed"),
        ("", "table.csv:1: no column name, words"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_line(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenFileError, match=told):
        list(csv_of(path, "name", "words"))


def test_text_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("name,words\nA,b\nMüller,c\n".encode("latin-1"))
    with pytest.raises(BrokenFileError, match=r"table\.csv:3: not UTF-8 text; convert it"):
        text_of(path)


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text("a = 1\nb = \n", encoding="utf-8")
    with pytest.raises(BrokenFileError, match=r"rules\.toml:2: no TOML: "):
        toml_of(path)


def test_a_command_says_what_is_wrong_in_a_table_and_shows_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object) -> int:
        raise BrokenFileError("triggers.toml:12: verb:kappen: needs a test")

    (tmp_path / "a.txt").write_text("Strom\nRiga liefert Strom.\n", encoding="utf-8")
    monkeypatch.setattr("flows.commands.code.run", broken)
    assert cli.main(["code", "--json", str(tmp_path / "a.txt")]) == cli.USAGE
    told = capsys.readouterr()
    assert told.out == '{"error": "triggers.toml:12: verb:kappen: needs a test"}\n'
    assert told.err == "depesche: triggers.toml:12: verb:kappen: needs a test\n"


def test_the_doctor_says_of_a_broken_table_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise BrokenFileError("triggers.toml:12: verb:kappen: needs a test")

    monkeypatch.setattr("flows.doctor.CHECKS", {"modes": broken})
    (one,) = examine(Settings())
    assert (one.name, one.found) == ("modes", "triggers.toml:12: verb:kappen: needs a test")
    assert one.advice.startswith("correct the file")


def test_a_feed_that_is_never_asked_is_told(tmp_path: Path) -> None:
    """It is worth following only for a dossier that is not read, or whose name is misspelt."""
    path = tmp_path / "feeds.toml"
    row = '[[feed]]\npublisher = "haus"\nname = "{0}"\nurl = "https://haus.example/{0}"\ndossiers = ["{1}"]\n'
    path.write_text(row.format("A", "russland-nato-ukrane") + row.format("B", "russland-nato-ukraine"), "utf-8")
    told = [one.found for one in configured.dossiers(Settings(feeds=path)) if one.name == "feed"]
    assert told == ["haus/A is followed only for russland-nato-ukrane, which is not read: it is never asked"]


def test_two_dossiers_of_one_name_are_refused(tmp_path: Path) -> None:
    """Whoever copies one and forgets its name: what the one finds would be kept as the other's."""
    from extractors.relevance import BrokenDossier
    from extractors.relevance.dossiers import DOSSIERS
    from flows.desk import dossiers_of

    path = tmp_path / "arktis.toml"
    path.write_bytes((DOSSIERS / "iran-atom.toml").read_bytes())
    with pytest.raises(BrokenDossier, match=r"arktis\.toml: 'iran-atom' is the name of iran-atom, too"):
        dossiers_of(Settings(dossiers=("iran-atom", str(path))))
