"""`depesche dossier` says what hit and why, in text and for machines, and refuses what it cannot use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from databases import copied
from room_matter import keep
from sqlalchemy import Engine

from extractors.articles import article_from_text
from extractors.relevance.dossiers import DOSSIERS
from flows.cli import main
from storage import queries
from storage.engine import reading

TEXT = """\
Kreml lehnt Treffen mit NATO-Vertretern ab
Moskau will vorerst nicht über die Ukraine verhandeln. Berlin drängt auf Gespräche.
Der Kreml hat ein Treffen mit Vertretern der NATO abgelehnt. Sprecher Dmitri Peskow sagte, es gebe nichts zu bereden.
Die Bundesregierung forderte Russland auf, an den Verhandlungstisch zurückzukehren.
"""


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    headline, teaser, *body = TEXT.splitlines()
    rows = [
        {"id": "a", "title": headline, "teaser": teaser, "text": "\n".join(body)},
        {"id": "b", "title": "Apfelkuchen", "teaser": None, "text": "Den Teig ruhen lassen."},
    ]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def test_list_names_the_shipped_dossiers(capsys):
    assert main(["dossier", "list"]) == 0
    assert "russland-nato-ukraine" in (out := capsys.readouterr().out)
    assert "iran-atom" in out


@pytest.fixture
def archive(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """One article, which the dossier "ostpolitik" found core and no other has seen."""
    with copied(sqlite_template, tmp_path) as engine:
        keep(engine, 1, replace(article_from_text(TEXT), url="https://haus.example/1", publisher="haus"))
        monkeypatch.setenv("DEPESCHE_DATABASE", str(engine.url))
        yield engine


@pytest.mark.usefixtures("archive")
def test_a_new_dossier_is_tried_on_what_the_archive_keeps(capsys):
    assert main(["dossier", "try", "--archive", "--days", "9000"]) == 0
    first, counts, told = capsys.readouterr().out.splitlines()
    assert first.startswith("+ core")
    assert first.endswith("Kreml lehnt Treffen mit NATO-Vertretern ab  (was not)")
    assert counts.startswith("1 articles: ")
    assert told == "1 higher and 0 lower than the archive has them; nothing was changed"


def test_a_changed_dossier_says_what_it_no_longer_takes(tmp_path: Path, archive: Engine, capsys):
    told = (DOSSIERS / "iran-atom.toml").read_text("utf-8").replace('name = "iran-atom"', 'name = "ostpolitik"')
    (tmp_path / "ostpolitik.toml").write_text(told, "utf-8")
    words = ["dossier", "try", "--archive", "--days", "9000", "--dossier", str(tmp_path / "ostpolitik.toml")]
    assert main(words) == 0
    assert "- not      0.00  Kreml lehnt Treffen mit NATO-Vertretern ab  (was core)" in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["grade"], row["before"]) == (0, 2)
    with reading(archive) as connection:
        assert [one.grade for one in queries.assessments(connection, 1)] == [2]


def test_try_takes_an_article_or_the_archive(tmp_path: Path, capsys):
    assert main(["dossier", "try", str(tmp_path), "--archive"]) == 2
    assert "or all of the --archive" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["russland-nato-ukraine", "iran-atom"])
def test_check_finds_the_canary(capsys, name: str):
    assert main(["dossier", "check", name]) == 0
    assert "canary found" in capsys.readouterr().out


def test_try_shows_grade_rows_and_sentences(tmp_path: Path, capsys):
    path = tmp_path / "article.txt"
    path.write_text(TEXT)
    assert main(["dossier", "try", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("core")
    assert "ablehnung/lehnt-ab" in out
    assert "  1 sentence   " in out
    assert "» Kreml lehnt Treffen" in out


@pytest.mark.parametrize("coding", ["utf-8", "latin-1"])
def test_try_reads_what_code_reads(tmp_path: Path, capsys, coding: str):
    """A saved page was taken for a text of tags, and Latin-1 refused."""
    headline, *body = TEXT.splitlines()
    path = tmp_path / "page.html"
    lines = "".join(f"<p>{line}</p>" for line in body * 4)
    path.write_bytes(f"<html><body><article><h1>{headline}</h1>{lines}</article></body></html>".encode(coding))
    assert main(["dossier", "try", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["headline"], told["grade"], told["id"]) == (headline, 2, str(path))


def test_try_on_many_counts_them_and_lists_what_hit(batch: Path, capsys):
    assert main(["dossier", "try", str(batch)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "2 articles: 1 core, 0 related, 1 not"
    assert "Apfelkuchen" not in out


def test_try_for_machines_is_a_line_an_article(batch: Path, capsys):
    assert main(["dossier", "try", str(batch), "--json"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["id"], first["grade"], second["grade"]) == ("a", 2, 0)
    assert first["sentences"][0]["text"] in TEXT


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["try", "nowhere.txt"], "nowhere.txt: no such file"),
        (["check", "mond"], "no such dossier; there are"),
        (["try", "nowhere.txt", "--dossier", "mond"], "no such dossier"),
    ],
)
def test_unusable_input_is_exit_code_2_with_what_to_do(capsys, words: list[str], told: str):
    assert main(["dossier", *words]) == 2
    assert told in capsys.readouterr().err


def test_a_broken_line_is_named(tmp_path: Path, capsys):
    path = tmp_path / "broken.jsonl"
    path.write_text('{"title": "A"}\n')
    assert main(["dossier", "try", str(path)]) == 2
    assert "broken.jsonl:1" in capsys.readouterr().err
