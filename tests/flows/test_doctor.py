"""`depesche doctor` says what is missing of the package itself, before an article is read worse for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extractors.events import judge, network
from extractors.language import contextual
from flows import doctor
from flows.doctor import Checked, Verdict
from flows.settings import Settings


@pytest.fixture
def weights(monkeypatch: pytest.MonkeyPatch):
    """What the doctor says of the weights of the package, and of nothing else."""
    monkeypatch.setattr(doctor, "CHECKS", {"weights": doctor.CHECKS["weights"]})
    return lambda: doctor.examine(Settings())


def test_a_whole_package_is_fine(weights):
    (found,) = weights()

    assert found.verdict is Verdict.FINE
    assert "sha256" in found.found


def test_a_missing_network_is_said(weights, monkeypatch, tmp_path):
    """Articles are then coded by the linear models alone, without a word."""
    monkeypatch.setattr(network, "PATH", tmp_path / "network.npz")

    assert [(found.verdict, found.found) for found in weights()] == [
        (Verdict.WRONG, "the network's weights are missing")
    ]


def test_a_missing_encoder_is_said(weights, monkeypatch):
    monkeypatch.setattr(contextual, "encoder", lambda: None)

    assert [(found.verdict, found.found) for found in weights()] == [
        (Verdict.WRONG, "the encoder's weights are missing")
    ]


def of_another_version(path: Path) -> None:
    np.savez(path, layout="another")


def half_copied(path: Path) -> None:
    path.write_bytes(judge.PATH.read_bytes()[:100_000])


@pytest.mark.parametrize(
    ("module", "load", "broken"),
    [(network, network._weights, of_another_version), (judge, judge.judge, half_copied)],
    ids=["network", "judge"],
)
def test_weights_that_cannot_be_used_are_said(weights, monkeypatch, tmp_path, module, load, broken):
    """Each article of the matter would break."""
    broken(tmp_path / module.PATH.name)
    monkeypatch.setattr(module, "PATH", tmp_path / module.PATH.name)
    load.cache_clear()
    found: list[Checked] = list(weights())
    load.cache_clear()

    assert [one.verdict for one in found] == [Verdict.WRONG]
