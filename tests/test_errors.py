"""Where coded events and labels part: each event without a partner has one kind, and so has each fact told otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "gold/score.py").exists(), reason=f"the scorer is not in {SHARED / 'gold'}"),
]

WARSAW = "Warschau wies am Dienstag zwölf Diplomaten aus."
OSLO = "Oslo schickte am Freitag vier Generatoren nach Charkiw."
BERN = "Bern schickte am Freitag vier Fachleute nach Genf."
"""shares words with the sentence before, and tells of somebody else"""
TEXT = f"{WARSAW} {OSLO} {BERN}"


def event(type_: str, who: str, whom: str, evidence: str, **facts: str | None) -> dict[str, Any]:
    told = {"status": "past", "date": None, "place": None, "speaker": None} | facts
    return {"type": type_, "actors": [who], "recipients": [whom], "evidence": evidence} | told


@pytest.mark.parametrize(
    ("golds", "tolds", "kinds"),
    [
        ([event("SANCTION", "POL", "RUS", WARSAW)], [], ["missed: nothing is told there"]),
        ([], [event("SANCTION", "POL", "RUS", WARSAW)], ["too much: nothing is labelled there"]),
        (
            [event("SANCTION", "POL", "RUS", WARSAW)],
            [event("ACCUSE", "POL", "RUS", WARSAW)],
            ["missed: another type", "too much: another type"],
        ),
        (
            [event("AID", "NOR", "UKR", OSLO)],
            [event("CONSULT", "CHE", "UN", BERN)],
            ["missed: nothing is told there", "too much: nothing is labelled there"],
        ),
        (
            [event("AID", "NOR", "UKR", OSLO)],
            [event("AID", "EU", "MDA", OSLO)],
            ["missed: the right type with other parties", "too much: the right type with other parties"],
        ),
        (
            [event("AID", "NOR", "UKR", OSLO)],
            [event("AID", "NOR", "UKR", OSLO), event("AID", "NOR", "UKR", OSLO)],
            ["too much: its partner is another's (labelled once)"],
        ),
        (
            [event("AID", "NOR", "UKR", OSLO, place="Charkiw")],
            [event("AID", "NOR", "UKR", OSLO, date="2023-05-12", status="planned")],
            ["paired: another status", "paired: date invented", "paired: place not told"],
        ),
    ],
)
def test_each_difference_has_a_kind(golds: list[dict[str, Any]], tolds: list[dict[str, Any]], kinds: list[str]) -> None:
    from benchmarks import errors

    found = errors.parted(errors.scorer_of(SHARED), "a", TEXT, golds, tolds)
    assert sorted(one.kind for one in found) == kinds
