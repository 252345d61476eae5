"""Promises of the quality gate: floors only rise, and hold for the data they were measured on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from loading import loaded

PATH = Path(__file__).resolve().parents[1] / "benchmarks" / "gate.py"


def gate() -> Any:
    return loaded(PATH)


KNOWN = {"data": "d1", "floors": {"event": 0.5, "triple": 0.4}}


def test_a_figure_below_its_floor_is_told() -> None:
    assert gate().compared("gold", {"event": 0.49, "triple": 0.41}, "d1", KNOWN) == [
        "gold: event is 0.490, floor 0.500"
    ]


def test_a_figure_that_is_no_longer_measured_is_told() -> None:
    assert "no longer measured" in gate().compared("gold", {"event": 0.5}, "d1", KNOWN)[0]


def test_changed_data_are_told() -> None:
    assert "the data changed" in gate().compared("gold", {"event": 0.9, "triple": 0.9}, "d2", KNOWN)[0]


def test_floors_rise_and_never_fall() -> None:
    assert gate().raised({"event": 0.6, "triple": 0.3}, "d1", KNOWN)["floors"] == {"event": 0.595, "triple": 0.4}


def test_a_floor_lowered_by_hand_is_refused() -> None:
    lower = {"gold": {"data": "d1", "floors": {"event": 0.3, "triple": 0.4}}}

    assert gate().lowered({"gold": KNOWN}, lower) == ["gold: event 0.5 → 0.3"]
