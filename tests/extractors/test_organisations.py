"""Companies, media and bodies are told by their own names: in whose words something is told is what the product promises."""

from __future__ import annotations

import csv
import re
from datetime import date
from difflib import SequenceMatcher
from importlib.resources import files
from pathlib import Path

import pytest

from extractors.actors import mentions
from extractors.language import read_text

ORGANISATIONS = Path(str(files("extractors"))) / "data" / "organisations.csv"
OF_ONE_HOUSE = {
    "Sipri": {"Stockholmer Friedensforschungsinstitut"},
    "ORF": {"Ö1", "Ö1-Morgenjournal", "ZiB2", "ZiB 2"},
    "Redaktionsnetzwerk Deutschland": {"RND"},
    "Volkswagen": {"VW"},
    "Institut für Weltwirtschaft": {"IfW"},
    "Institut für Kriegsstudien": {"ISW"},
    "dpa": {"Deutsche Presse-Agentur", "Deutschen Presse-Agentur"},
}
"""other names of the same, by none of the letters"""


@pytest.mark.parametrize(
    "name",
    "Bloomberg Reuters Boeing UBS Knesset MI6 EZB Unicef Amnesty Generalbundesanwalt Tagesspiegel Bundespolizei".split(),
)
def test_who_is_named_is_told_by_that_name(name: str) -> None:
    told = {m.name for m in mentions(read_text(f"Das teilte {name} am Abend mit."), on=date(2024, 3, 1))}
    assert any(name in one for one in told), told


def test_no_row_has_two_organisations_under_one_name() -> None:
    """Of companies, media and private bodies: a state's offices may go by its name, these are quoted by theirs."""
    strange = {
        (row["name"], variant)
        for row in csv.DictReader(ORGANISATIONS.read_text(encoding="utf-8").splitlines())
        if "-" in row["code"]
        for variant in filter(None, row["variants"].split("|"))
        if not _alike(variant, row["name"]) and variant not in OF_ONE_HOUSE.get(row["name"], ())
    }
    assert not strange


def _alike(one: str, other: str) -> bool:
    """Whether two names share the beginning of a word, most of their letters, or one is the other's initials."""
    starts, others = ({w[:3].casefold() for w in re.split(r"[\s-]+", name)} for name in (one, other))
    letters = SequenceMatcher(None, one.casefold(), other.casefold()).ratio()
    return (
        bool(starts & others) or letters > 0.6 or _initials(one).startswith(other) or _initials(other).startswith(one)
    )


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word[0].isupper())
