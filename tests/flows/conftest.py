"""What tests of the flows and of commands share."""

from __future__ import annotations

from pathlib import Path

import pytest
from certificates import House


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in a folder of the test's, and by the settings that it may put there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEPESCHE_CONFIG", "depesche.toml")


@pytest.fixture
def nothing_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text of one rejected article in 256 is kept, by its address, and that has a port of chance here."""
    monkeypatch.setattr("storage.keeping.SAMPLED", 2**33)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Its certificates are trusted by whoever is given its file."""
    return House(tmp_path)
