"""`depesche read`: for people, for machines, for a scorer; what it says when the input is unusable."""

from __future__ import annotations

import gzip
import io
import json
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from flows.cli import OK, TROUBLE, USAGE, main

PAGES = Path(__file__).resolve().parents[1] / "pages"
PAGE = PAGES / "tagesschau-2023.html"


def test_people_get_head_facts_and_text(capsys):
    assert main(["read", str(PAGE), "--url", "https://www.tagesschau.de/kueste/a.html"]) == OK
    out = capsys.readouterr().out
    assert out.startswith("Hafenstreit\nBeide Seiten reden wieder miteinander\n")
    assert "stand:     2023-05-08 12:05+02:00" in out
    assert "## Streit um Zahlen" in out
    assert "read by:   tagesschau/2023" in out


def test_machines_get_the_article_with_its_parts(capsys):
    assert main(["read", "--json", str(PAGE)]) == OK
    article = json.loads(capsys.readouterr().out)
    assert article["headline"] == "Beide Seiten reden wieder miteinander"
    assert article["parts"][0] == {"kind": "headline", "start": 0, "end": len(article["headline"])}


def test_a_pipe_may_hold_html_or_saved_text(capsys, monkeypatch):
    for raw in (PAGE.read_bytes(), b"Beide Seiten reden Stand: 08.05.2023 12:05 Uhr\nDas ist der Text."):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        assert main(["read", "-"]) == OK
        assert "Beide Seiten reden" in capsys.readouterr().out


def test_a_page_that_is_no_article_says_why_and_ends_with_1(capsys):
    assert main(["read", str(PAGES / "not-consent.html")]) == TROUBLE
    assert "consent wall" in capsys.readouterr().err
    assert main(["read", "--json", str(PAGES / "not-consent.html")]) == TROUBLE
    assert json.loads(capsys.readouterr().out)["not_an_article"] == "consent wall"


def test_a_batch_answers_every_row_in_order(tmp_path):
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(PAGE.read_bytes()))
    (tmp_path / "b.html").write_bytes((PAGES / "not-video.html").read_bytes())
    rows = [
        {"id": "a", "file": "a.html.gz", "url": "https://www.tagesschau.de/a"},
        {"id": "b", "file": "b.html", "url": None},
    ]
    rows.append({"id": "c", "file": "missing.html"})
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    assert main(["read", "--batch", str(tmp_path / "manifest.jsonl"), "-o", str(out)]) == OK
    a, b, c = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert (a["title"], a["kicker"], a["published"][:10]) == (
        "Beide Seiten reden wieder miteinander",
        "Hafenstreit",
        "2023-05-08",
    )
    assert b == {"id": "b", "not_an_article": "video page", "detail": "made for watching"}
    assert c["not_an_article"] == "unreadable"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "give either"),
        (["a.html", "--batch", "b.jsonl"], "give either"),
        (["nowhere.html"], "no such file"),
        (["--batch", "nowhere.jsonl"], "no such file"),
        (["a.html", "-o", "x"], "-o belongs"),
    ],
)
def test_unusable_input_ends_with_2_and_says_what_to_do(arguments, says, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["read", *arguments]) == USAGE
    assert says in capsys.readouterr().err


def test_a_gzip_bomb_is_refused(tmp_path, capsys):
    (tmp_path / "bomb.html").write_bytes(gzip.compress(b"0" * (12 << 20)))
    assert main(["read", str(tmp_path / "bomb.html")]) == USAGE
    assert "after unpacking" in capsys.readouterr().err


def test_a_url_is_not_fetched_without_a_contact(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEPESCHE_CONTACT", raising=False)
    assert main(["read", "https://example.test/a.html"]) == USAGE
    assert "contact" in capsys.readouterr().err


def test_what_a_browser_saves_as_one_file_is_the_page_in_it(tmp_path, capsys):
    saved = MIMEMultipart("related")
    saved["Snapshot-Content-Location"] = "https://www.tagesschau.de/kueste/a.html"
    saved.attach(MIMEText(PAGE.read_text("utf-8"), "html", "utf-8"))
    saved.attach(MIMEText("p { color: red }", "css"))
    (tmp_path / "a.mhtml").write_bytes(saved.as_bytes())
    assert main(["read", "--json", str(tmp_path / "a.mhtml")]) == OK
    article = json.loads(capsys.readouterr().out)
    assert article["headline"] == "Beide Seiten reden wieder miteinander"
    assert article["url"] == "https://www.tagesschau.de/kueste/a.html"
    (tmp_path / "b.mhtml").write_bytes(
        b"Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/css\n\np {}\n"
    )
    assert main(["read", str(tmp_path / "b.mhtml")]) in (OK, TROUBLE)
