"""Promises of the table of common forms: it says what HanTa says, and only that of the model it was made of."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.training import forms as training
from extractors.language import forms, morphology
from extractors.language.tagger import Tagger


@pytest.fixture(scope="module")
def bare() -> Tagger:
    """The tagger without the table."""
    return Tagger(str(morphology.model()[0]))


@pytest.fixture(scope="module")
def known() -> forms.Forms:
    return forms.read(forms.PATH, morphology.model()[1])


def test_the_table_is_of_the_model_that_is_installed(known: forms.Forms) -> None:
    assert len(known.at) > 30_000, "another model of HanTa's: run benchmarks/training/forms.py anew"


def test_the_table_says_what_the_tagger_finds(bare: Tagger, known: forms.Forms) -> None:
    for form in random.Random(5).sample(sorted(known.at), 300):
        readings = training.readings(bare, form)
        assert known.classes(form) == (None if form in bare.cache else [(r.tag, r.chance) for r in readings])
        assert [known.lemma(form, r.tag) for r in readings] == [r.lemma for r in readings]


def test_words_are_tagged_alike_with_and_without_the_table(bare: Tagger, known: forms.Forms) -> None:
    with_table = Tagger(str(morphology.model()[0]), known)
    for form in random.Random(6).sample(sorted(known.at), 300):
        for word in (form, form.capitalize(), form.upper()):
            assert [with_table._classes(word, cased) for cased in (True, False)] == [
                bare._classes(word, cased) for cased in (True, False)
            ]
            assert all(with_table.lemma(word, t) == bare.lemma(word, t) for t in bare._classes(word, True))


def test_another_model_has_no_table(tmp_path: Path) -> None:
    path = tmp_path / "forms.npz"
    forms.write(path, "one", {"räten": [forms.Reading(7, -1.5, "Rat"), forms.Reading(8, -2.5, "raten")]})
    read = forms.read(path, "one")

    assert read.classes("räten") == [(7, -1.5), (8, -2.5)]
    assert (read.lemma("räten", 7), read.lemma("räten", 8), read.lemma("räten", 9)) == ("Rat", "raten", None)
    assert (read.classes("rat"), read.lemma("rat", 7)) == (None, None)
    assert forms.read(path, "another") is forms.read(tmp_path / "missing.npz", "one") is forms.NO_FORMS


def test_only_single_words_are_in_the_table(known: forms.Forms) -> None:
    assert not [form for form in known.at if re.search(r"[\s@/#]", form)]
    assert training.common(["Der Rat tagt.\nDer Rat", "der @rat tagt"], least=2) == ["der", "tagt"]
    assert np.all(np.diff(known.ends) > 0)
