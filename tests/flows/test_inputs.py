"""What commands read: files, pages, texts and batches, in any encoding; what cannot be used is said in one line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from flows import cli

pytestmark = pytest.mark.usefixtures("own_folder")

# Without the time of packing, which would give a test another name in each run.
CUT = gzip.compress(b'{"id": "a", "text": "Die NATO lehnt ab."}\n' * 50, mtime=0)[:40]
BENT = CUT[:12] + b"\xff" * 20 + CUT[32:]


@pytest.mark.parametrize(
    ("words", "body", "told"),
    [
        (["read", "in"], CUT, "in: broken gzip"),
        (["code", "in"], gzip.compress(b"Kopf\n\nSatz.\n", mtime=0)[:20], "in: broken gzip"),
        (["quotes", "--batch", "in.gz"], CUT, "in.gz: Compressed file ended"),
        (["quotes", "--batch", "in"], b'{"id": "a", "text": "\xe4"}', "in:1: not UTF-8 text; convert it"),
        (["dossier", "try", "in.jsonl.gz"], CUT, "in.jsonl.gz: Compressed file ended"),
        (["dossier", "try", "."], b"", ".: Is a directory"),
        (["dossier", "try"], b"", "which article"),
        (["code", "in", "--dossier", "nirgends"], b"Kopf\n\nSatz.\n", "--dossier belongs to --batch"),
        (["read", "--batch", "in"], b'{"id": "a", "file": "a.html", "url": 5}', 'in:1: "url" is no text'),
        (["db", "--database", "sqlite:///told", "restore", "in"], b"no dump", "in is damaged or no backup"),
        (["read", "--batch", "in"], b'{"id": "a", "file": 5}', 'in:1: needs "id" and "file"'),
        (["code", "--batch", "in"], b'{"id": "a", "text": "x", "title": 5}', 'in:1: "title" is no text'),
        (["code", "--batch", "in"], b'{"id": "a", "text": "x", "published": 2022}', 'in:1: "published" is no text'),
        (["code", "--batch", "in"], b'{"id": "a", "text": "x", "published": "gestern"}', "in:1: 'gestern' is no ISO"),
        (
            ["code", "--batch", "in"],
            b'{"id": "a", "text": "x", "stand": "0001-01-01"}',
            "in:1: '0001-01-01' is no day",
        ),
        (
            ["code", "--batch", "in"],
            b'{"id": "a", "text": "x", "stand": "9999-12-31"}',
            "in:1: '9999-12-31' is no day",
        ),
        (["code", "--batch", "in"], b"[" * 100_000, "in:1: no JSON: maximum recursion"),
        (["dossier", "try", "in.jsonl"], b"[" * 100_000, "in.jsonl:1: no JSON"),
        (["quotes", "--batch", "in"], b"[" * 100_000, "in:1: no JSON"),
        (["read", "--batch", "in"], b"[" * 100_000, "in:1: no JSON"),
        (["quotes", "--batch", "in", "-o", "told"], b"{}", 'in:1: needs "id"'),
        (["quotes", "--batch", "in", "-o", "."], b'{"id": "a", "text": "x"}', "cannot write .: Is a directory"),
        (["read", "--batch", "in", "-o", "."], b'{"id": "a", "file": "a.html"}', "cannot write .: Is a directory"),
        (
            ["code", "--batch", "in"],
            b'{"id": "a", "text": "x"}\n{"id":\n',
            "in:2: no JSON: Expecting value at column 7",
        ),
        (["code", "--batch", "in"], '{"id": "a", "text": "x"}\n"ä"'.encode("latin-1"), "in:2: not UTF-8 text; convert"),
        (["code", "--batch", "in.gz"], BENT, "in.gz: Error -3 while decompressing"),
        (["code", "--batch", "in"], b'{"id": "a", "text": "x"}\n\n[]', "in:3: a line is one object"),
    ],
)
def test_an_input_that_cannot_be_used_is_said_in_one_line(words, body, told, capsys):
    Path(next((word for word in words if word.startswith("in")), "in")).write_bytes(body)

    assert cli.main(words) == cli.USAGE
    assert not Path("told").exists()
    said = capsys.readouterr().err.strip().splitlines()
    assert (len(said), said[0][: len("depesche: " + told)]) == (1, "depesche: " + told)


@pytest.mark.parametrize("command", [["quotes"], ["dossier", "try"]], ids=" ".join)
def test_what_is_no_text_is_said_to_be_none_as_by_the_other_commands(command, capsys):
    """A picture was searched for quotation marks, and its bytes went to the terminal."""
    Path("picture.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x1b[2J" + bytes(range(32)) * 40)

    assert cli.main([*command, "picture.jpg"]) == cli.TROUBLE
    assert capsys.readouterr().err == "not an article: not html: binary\n"
    assert cli.main([*command, "--json", "picture.jpg"]) == cli.TROUBLE
    why = {"error": "not an article: not html: binary", "not_an_article": "not html", "detail": "binary"}
    assert json.loads(capsys.readouterr().out) == why


def test_a_page_whose_name_no_file_can_have_costs_only_its_line(capsys):
    Path("in.jsonl").write_text(json.dumps({"id": "a", "file": "a\0b"}), "utf-8")

    assert cli.main(["read", "--batch", "in.jsonl"]) == cli.OK
    assert json.loads(capsys.readouterr().out)["not_an_article"] == "unreadable"


def test_an_input_without_an_end_is_too_large(monkeypatch, capsys):
    """It was read until the memory was full."""
    monkeypatch.setattr("flows.inputs.MAX_INPUT", 1000)
    assert cli.main(["read", "/dev/zero"]) == cli.TROUBLE
    assert "not an article" in capsys.readouterr().err


def test_a_batch_that_ends_early_leaves_what_was_there(monkeypatch, capsys):
    """Half a file under the name of the whole would be taken for it."""
    rows = [{"id": name, "text": "Die NATO lehnt ab."} for name in "ab"]
    Path("in.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    Path("out.jsonl").write_text("of yesterday", "utf-8")

    def interrupted(text: str) -> tuple[()]:
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.commands.quotes._quotes", interrupted)
    assert cli.main(["quotes", "--batch", "in.jsonl", "-o", "out.jsonl"]) == 130
    assert Path("out.jsonl").read_text("utf-8") == "of yesterday"
    assert sorted(path.name for path in Path().iterdir()) == ["in.jsonl", "out.jsonl"]


def test_of_a_full_disk_a_batch_names_the_file(capsys):
    Path("in.jsonl").write_text(json.dumps({"id": "a", "text": "Die NATO lehnt ab."}), "utf-8")
    Path("out.jsonl").symlink_to("/dev/full")

    assert cli.main(["quotes", "--batch", "in.jsonl", "-o", "out.jsonl"]) == cli.USAGE
    assert capsys.readouterr().err.splitlines()[-1] == "depesche: cannot write out.jsonl: No space left on device"


@pytest.mark.parametrize(
    ("published", "text", "day"),
    [
        ("2022-01-10", "Am Abend sprach Scholz in Berlin mit Macron.", "2022-01-10"),
        (
            "2022-01-10T23:00:00+01:00",
            "Gespräche in Berlin Stand: 11.01.2022 09:10 Uhr\nAm Morgen trafen sich Scholz und Macron in Berlin.",
            "2022-01-11",
        ),
    ],
    ids=["of a day without a time the evening is that day's", "a text's own time counts before what the file says"],
)
def test_a_text_is_read_against_the_time_that_it_is_of(published, text, day, capsys):
    row = {"id": "a", "published": published, "title": "Treffen", "text": text}
    Path("in.jsonl").write_text(json.dumps(row), "utf-8")

    assert cli.main(["code", "--batch", "in.jsonl"]) == 0
    (event,) = json.loads(capsys.readouterr().out)["events"]
    assert event["date"] == day


@pytest.mark.parametrize("command", ["read", "code", "explain", "quotes"])
def test_a_machine_is_told_why_a_page_is_no_article(command, capsys):
    Path("page.html").write_text("<html><body><p>Impressum</p></body></html>")

    assert cli.main([command, "--json", "page.html"]) == cli.TROUBLE
    assert json.loads(capsys.readouterr().out)["not_an_article"]


def test_of_a_page_the_article_is_searched_for_quotes_and_not_its_tags(capsys):
    told = ("Estland bestellt den russischen Botschafter ein", "„Das ist nicht hinnehmbar“, sagte der Außenminister.")
    page = (
        "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p><p>{2}</p></article></body></html>"
    )
    Path("page.html").write_text(page.format(*told, "Russland wies die Vorwürfe am Montag in Moskau zurück. " * 4))

    assert cli.main(["quotes", "page.html"]) == cli.OK
    shown = capsys.readouterr().out
    assert "Das ist nicht hinnehmbar" in shown
    assert "<" not in shown


@pytest.mark.parametrize("command", ["read", "code", "explain", "quotes"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_each_command_reads_a_text_whatever_its_encoding(command, encoding, capsys):
    """What one command read was "not UTF-8 text" to another."""
    told = "Norwegen hört zu\r\n\r\n„Wir hören zu“, sagte Außenministerin Støre am Montag. Dann lieferte Norwegen Kiew fünf Panzer.\r\n"
    told = told.translate({ord("„"): '"', ord("“"): '"'}) if encoding == "latin-1" else told
    Path("article.txt").write_bytes(told.encode(encoding))

    assert cli.main([command, "article.txt"]) == cli.OK
    said = "Außenministerin" if command in ("read", "quotes") else "fünf Panzer"
    assert said in capsys.readouterr().out


def test_a_gzip_of_several_parts_is_read_to_its_end(capsys):
    parts = ("Norwegen liefert\nNorwegen lieferte der Ukraine am Montag Panzer.\n", "Die EU hilft der Ukraine.\n")
    Path("article.gz").write_bytes(b"".join(gzip.compress(part.encode()) for part in parts))

    assert cli.main(["read", "article.gz"]) == cli.OK
    assert "Die EU hilft" in capsys.readouterr().out


def test_a_dossier_that_is_not_there_writes_over_nothing(tmp_path: Path, capsys) -> None:
    told = tmp_path / "told.jsonl"
    told.write_text("what was told before")
    (tmp_path / "in.jsonl").write_text('{"id": "a", "text": "Der Rat tagt."}')
    words = ["code", "--batch", str(tmp_path / "in.jsonl"), "-o", str(told), "--dossier", "nowhere"]
    assert cli.main(words) == 2
    assert "no such dossier" in capsys.readouterr().err
    assert told.read_text() == "what was told before"


def test_half_an_emoji_in_an_article_ends_no_command(tmp_path: Path, capsys) -> None:
    """Publishers cut descriptions in the middle of a character; JSON lets them."""
    row = '{"id": "a\\ud83d", "title": "Moskau \\ud83d lehnt ab", "text": "Russland droht der NATO. \\ud83d"}'
    (tmp_path / "in.jsonl").write_text(row)
    assert cli.main(["code", "--batch", str(tmp_path / "in.jsonl")]) == 0
    assert cli.main(["dossier", "try", "--json", str(tmp_path / "in.jsonl")]) == 0
    assert cli.main(["quotes", "--batch", str(tmp_path / "in.jsonl")]) == 0
    out = capsys.readouterr().out
    assert "Russland droht der NATO." in out
    out.encode()
