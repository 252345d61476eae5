"""The table of the room's German texts in English: whole, without what nobody asks for, and refused where it is broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.web import wording
from flows.web.downloads import DOWNLOADS
from flows.web.wording import BrokenWordingError, english, load

WEB = Path(wording.__file__).parent


def sources() -> list[str]:
    return [file.read_text("utf-8") for file in (*WEB.glob("templates/*.html"), *WEB.glob("*.py"))]


def counted(text: str) -> list[tuple[str, str]]:
    """What is counted there, one of it and more."""
    return re.findall(r"""\bw\.many\([^"]+, "([^"]+)", "([^"]+)"\)""", text)


def test_every_german_text_of_ours_has_its_english():
    told: set[str] = set()
    for text in sources():
        told |= set(re.findall(r"""\bw\(\s*"([^"]+)"\s*\)""", text)) | set(re.findall(r"""\bw\('([^']+)'\)""", text))
        for one, more in counted(text):
            told |= {f"1 {one}", f"2 {more}"}
    told |= {what for _, _, what, _ in DOWNLOADS}
    assert told - set(english()) == set()


def test_every_row_is_asked_for():
    everything = "\n".join(sources())
    many = {f"{n} {said}" for pair in counted(everything) for n, said in enumerate(pair, 1)}
    rest = set(english()) - many
    assert [german for german in rest if not re.search(rf"""(["']){re.escape(german)}\1""", everything)] == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ('[frame]\n"Stand" = "As of"\n[acts]\n"Stand" = "Stand"\n', "acts: 'Stand' stands in another table too"),
        ('[frame]\n"Stand" = "As of"\n"Stand" = "Stand"\n', "overwrite"),
        ('[frame]\n"Stand" = ""\n', "frame: 'Stand' has no English"),
        ('[frame]\n"Stand" = 3\n', "frame: 'Stand' has no English"),
        ('"Stand" = "As of"\n', "'Stand' stands in no table"),
        ('[frame\n"Stand" = "As of"\n', "words.toml: "),
    ],
)
def test_a_broken_row_is_refused_and_named(tmp_path, rows, told):
    (tmp_path / "words.toml").write_text(rows, "utf-8")
    with pytest.raises(BrokenWordingError, match=re.escape(told)):
        load(tmp_path / "words.toml")
