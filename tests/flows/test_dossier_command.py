"""`depesche dossier` says what hit and why, in text and for machines, and refuses what it cannot use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.cli import main

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
