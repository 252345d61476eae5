"""Office holders whom no table has: what people see of them and say, by command and in the reading room."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from visiting import TestClient

from extractors.model import Introduction
from flows.cli import main
from flows.web.app import Room, create_app
from storage.archive import opened
from storage.engine import reading
from storage.people import People
from storage.tables import ArticleRow

NAME = "Ingmar Gausewitz"
EVIL = "<script>alert(1)</script> Ingmar Gausewitz schwieg."
NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
TOKEN = "geheimes Zugangswort"

Command = Callable[..., int]


@pytest.fixture
def engine(engine: Engine) -> Engine:
    for number, house in enumerate(("a.example", "b.example", "a.example"), start=1):
        introduce(engine, number, house, NAME, EVIL if number == 3 else f"Satz {number}.")
    introduce(engine, 4, "a.example", "Pavle Malenka", "Ein Satz.")
    return engine


def introduce(engine: Engine, number: int, house: str, name: str, quote: str) -> None:
    url = f"https://{house}/{number}"
    with opened(engine) as archive:
        row = ArticleRow.__table__.insert().values(id=number, key=bytes([number]) * 16, url=url, first_seen=NOW)
        archive.connection.execute(row)
        one = Introduction(name=name, code="EST", office="Außenminister", quote=quote)
        archive.people.keep(number, [one], url=url, day=NOW.date(), fresh=True)


def known(engine: Engine) -> dict[str, tuple[str, date | None, date | None]]:
    with reading(engine) as connection:
        return {one.name: (one.code, one.since, one.until) for one in People(connection).holders()}


# By command


@pytest.fixture
def said(config: list[str]) -> Command:
    return lambda *words: main(["people", *words, "--author", "Ada", *config])


def test_the_list_says_who_is_known_by_how_many_and_by_which_sentence(
    said: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said() == 0
    shown = capsys.readouterr().out
    for words in (NAME, "EST", "Außenminister", "3 articles of 2 houses", "2031-03-04", EVIL):
        assert words in shown
    assert "Pavle Malenka" not in shown
    assert said("--least", "1", "--json") == 0
    rows = json.loads(capsys.readouterr().out)["people"]
    assert [(row["name"], row["articles"], row["houses"], row["first"]) for row in rows] == [
        (NAME, 3, 2, "2031-03-04"),
        ("Pavle Malenka", 1, 1, "2031-03-04"),
    ]
    assert set(rows[0]) >= {"code", "office", "state", "last", "quote", "since", "until"}


def test_a_name_is_refused_confirmed_and_added(
    said: Command, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said("refuse", *NAME.split()) == 0
    assert known(engine) == {}
    assert said("confirm", NAME, "--to", "2032-05-01") == 0
    assert said("add", "Annika", "Kirkelund", "--code", "nato", "--office", "Sprecherin", "--from", "2031-01-02") == 0
    assert known(engine) == {
        NAME: ("EST", NOW.date(), date(2032, 5, 1)),
        "Annika Kirkelund": ("NATO", date(2031, 1, 2), None),
    }
    assert "from 2031-03-04 until 2032-05-01" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("confirm",), "whom?"),
        (("confirm", "Niemand", "Sonst"), "--code"),
        (("confirm", NAME, "--code", "XYZ"), "unknown code: XYZ"),
        (("add", NAME), "needs --code and --office"),
        (("add", "Gausewitz", "--code", "EST", "--office", "Minister"), "no full name"),
        (("add", "Sergej", "Lawrow", "--code", "RUS", "--office", "Minister"), "tables"),
        (("list", NAME), "takes no name"),
        (("--code", "EST"), "takes no name"),
    ],
)
def test_what_cannot_be_done_is_told_with_what_to_do(
    words: tuple[str, ...], told: str, said: Command, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    before = known(engine)
    assert said(*words) == 2
    assert told in capsys.readouterr().err
    assert known(engine) == before


def test_explain_and_code_know_whom_the_archive_knows_where_they_are_told_to(
    said: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "satz.txt").write_text("Streit\nAußenminister Gausewitz drohte Moskau mit Sanktionen.\n", "utf-8")
    monkeypatch.setenv("DEPESCHE_CONFIG", str(tmp_path / "depesche.toml"))
    assert said("confirm", NAME, "--from", "2020-01-01") == 0
    for command in ("explain", "code"):
        capsys.readouterr()
        assert main([command, str(tmp_path / "satz.txt")]) == 0
        assert "EST" not in capsys.readouterr().out
        assert main([command, str(tmp_path / "satz.txt"), "--people"]) == 0
        shown = capsys.readouterr().out
        assert "EST → RUS" in shown
        assert ("learned" in shown) is (command == "explain")
    assert main(["code", "--batch", "x.jsonl", "--people"]) == 2


# In the reading room


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(Room(engine=engine, token=TOKEN, now=lambda: NOW))) as client:
        yield client


def sign_in(client: TestClient) -> str:
    """Sign in; the token of the forms."""
    client.post("/login", data={"token": TOKEN, "author": "Ada"})
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get("/people").text)
    assert found is not None
    return found[1]


def test_the_page_shows_who_is_known_and_why(client: TestClient) -> None:
    sign_in(client)
    page = client.get("/people").text
    for words in (NAME, "Außenminister", "bekannt", "/actors/EST", "/articles/3", "04.03.2031"):
        assert words in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "Pavle Malenka" not in page
    assert "/people" in client.get("/review").text


def test_the_page_is_told_in_english(engine: Engine) -> None:
    with TestClient(create_app(Room(engine=engine, token=TOKEN, language="en", now=lambda: NOW))) as client:
        sign_in(client)
        page = client.get("/people").text
    assert "Who is in office" in page
    assert "known" in page
    assert "Wer im Amt" not in page


def test_a_reviewer_refuses_confirms_and_adds(client: TestClient, engine: Engine) -> None:
    token = sign_in(client)
    answer = client.post("/people", data={"csrf": token, "name": NAME, "do": "refuse"})
    assert answer.status_code == 200
    assert "Gespeichert." in answer.text
    assert "abgelehnt" in answer.text
    assert known(engine) == {}
    client.post("/people", data={"csrf": token, "name": NAME, "code": "EST", "do": "confirm"})
    form = {"name": "Annika Kirkelund", "code": "nato", "office": "Sprecherin", "since": "2031-01-02", "until": ""}
    assert "Annika Kirkelund" in client.post("/people", data={"csrf": token, "do": "confirm", **form}).text
    assert known(engine) == {
        NAME: ("EST", NOW.date(), None),
        "Annika Kirkelund": ("NATO", date(2031, 1, 2), None),
    }
    with reading(engine) as connection:
        assert {line.author for line in People(connection).listed(NOW.date(), least=2)} == {"Ada"}


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"csrf": "", "do": "refuse"}, 403),
        ({"csrf": "0" * 64, "do": "refuse"}, 403),
        ({"do": "forget"}, 400),
        ({}, 400),
        ({"name": "Gausewitz", "do": "refuse"}, 400),
        ({"code": "XYZ", "do": "confirm"}, 400),
        ({"until": "bald", "do": "confirm"}, 400),
    ],
)
def test_a_form_that_is_not_ours_or_makes_no_sense_changes_nothing(
    client: TestClient, engine: Engine, form: dict[str, str], status: int
) -> None:
    before = known(engine)
    answer = client.post("/people", data={"csrf": sign_in(client), "name": NAME} | form)
    assert answer.status_code == status
    assert known(engine) == before
    if status == 400 and "code" in form:
        assert "unbekannter Code: XYZ (Staaten wie EST, Organisationen wie NATO)" in answer.text


def test_nobody_sees_or_writes_without_a_session_or_from_elsewhere(client: TestClient, engine: Engine) -> None:
    before = known(engine)
    assert client.get("/people", follow_redirects=False).headers["location"] == "/login"
    assert client.post("/people", data={"name": NAME, "do": "refuse"}).status_code == 401
    form = {"csrf": sign_in(client), "name": NAME, "do": "refuse"}
    assert client.post("/people", data=form, headers={"origin": "https://evil.example"}).status_code == 403
    with TestClient(create_app(Room(engine=engine, now=lambda: NOW))) as closed:
        assert closed.get("/people").status_code == 404
        assert closed.post("/people", data=form).status_code == 404
    assert known(engine) == before
