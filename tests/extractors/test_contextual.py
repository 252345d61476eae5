"""Words where they stand: pieces, stretches, and states of the pretrained encoder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.language import contextual, read_text
from extractors.language.contextual import (
    FOLDER,
    LONGEST,
    WIDTH,
    Encoder,
    Pieces,
    Splitter,
    laid_out,
    stretches,
    words_of,
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    found = contextual.encoder()
    assert found is not None, "the weights of the encoder are part of the package"
    return found


@given(st.lists(st.integers(0, 140), max_size=80))
def test_every_sentence_is_read_for_itself_once_and_in_order(sizes: list[int]) -> None:
    assert [i for part in stretches(sizes) for i in part] == list(range(len(sizes)))


@given(st.lists(st.integers(1, 60), min_size=1, max_size=80))
def test_no_stretch_is_much_longer_than_asked_for(sizes: list[int]) -> None:
    assert all(sum(sizes[i] for i in part) <= LONGEST + 60 for part in stretches(sizes))


@given(st.text(max_size=200))
def test_words_are_what_stands_between_blanks(text: str) -> None:
    found = list(words_of(text))
    assert [word for _, word in found] == text.split()
    assert all(text[at : at + len(word)] == word for at, word in found)


@given(st.text(alphabet="aäß„“,.…½ﬁЖ中 \t-19", max_size=60))
def test_every_token_has_pieces_of_its_own_word(encoder: Encoder, text: str) -> None:
    tokens = [(at, at + len(word)) for at, word in words_of(text)]
    pieces = encoder.splitter.split(text, tokens)
    assert len(pieces.of_tokens) == len(tokens)
    whole = [encoder.splitter.split(word, [(0, len(word))]).ids for _, word in words_of(text)]
    assert pieces.ids == tuple(i for ids in whole for i in ids)[: len(pieces.ids)]
    for (first, behind), ids in zip(pieces.of_tokens, whole, strict=True):
        assert pieces.ids[first:behind] == ids[: behind - first]


def test_a_mark_that_shares_a_piece_with_another_still_has_one(encoder: Encoder) -> None:
    text = "„Quatsch“, sagte er."
    pieces = encoder.splitter.split(text, [(0, 1), (1, 8), (8, 9), (9, 10), (11, 16), (17, 19), (19, 20)])
    assert all(behind > first for first, behind in pieces.of_tokens)


def test_a_stretch_says_where_its_sentences_begin() -> None:
    pieces = [Pieces((10 + i,) * (i + 2), ()) for i in range(4)]
    row, starts = laid_out((2, 3), pieces)
    assert row == [0, 12, 12, 12, 12, 13, 13, 13, 13, 13, 2]
    assert starts == {2: 1, 3: 5}


def test_the_same_word_means_something_else_elsewhere(encoder: Encoder) -> None:
    text = "Die Bank der Minister stand im Garten. Die Bank sperrte Konten. Die Bank sperrte Konten."
    document = read_text(text)
    states = encoder.states(text, document.sentences, {})
    bank = [s[1] / np.linalg.norm(s[1]) for s in states]
    assert [s.shape for s in states] == [(len(s.tokens), WIDTH) for s in document.sentences]
    assert bank[1] @ bank[2] > bank[0] @ bank[1] + 0.02


def test_who_is_named_is_seen_by_the_encoder(encoder: Encoder) -> None:
    text = "Der Sprecher lehnte die Forderung ab."
    document = read_text(text)
    size = len(document.sentences[0].tokens)
    marks = np.zeros((size, encoder.marks), dtype=np.float32)
    plain, named = (encoder.states(text, document.sentences, {0: (np.full(size, code), marks)})[0] for code in (0, 1))
    assert np.abs(plain - named).max() > 0.01


def test_reading_on_changes_nothing_of_what_was_read(encoder: Encoder) -> None:
    first = "Die NATO berät in Brüssel über die Lage. " * 30
    more = first + "Danach reist der Minister nach Wien. " * 30
    one, other = (read_text(text) for text in (first, more))
    a, b = (encoder.states(d.text, d.sentences, {}) for d in (one, other))
    again = encoder.states(other.text, other.sentences, {})
    assert all(np.array_equal(x, y) for x, y in zip(b, again, strict=True))
    assert len(a) < len(b)


def test_a_sentence_without_end_is_read_as_far_as_it_fits(encoder: Encoder) -> None:
    text = "Wort " * 2_000
    document = read_text(text)
    (states,) = encoder.states(text, document.sentences[:1], {})
    assert np.abs(states[0]).sum() > 0
    assert np.abs(states[-1]).sum() == 0


@pytest.mark.parametrize("name", ["pieces.model", "input.npz", "layers.onnx"])
def test_where_a_file_is_missing_there_is_no_encoder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    for path in FOLDER.iterdir():
        if path.name != name:
            (tmp_path / path.name).symlink_to(path)
    monkeypatch.setattr(contextual, "FOLDER", tmp_path)
    assert contextual.encoder.__wrapped__() is None


def test_a_folder_without_the_weights_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"pieces\.model"):
        Encoder(tmp_path)


def test_nothing_is_reported_to_the_makers_of_the_runtime(tmp_path: Path) -> None:
    """With its first report ONNX Runtime makes a number for the machine and a queue below HOME, and sends it some seconds later."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY")
    }
    code = "from extractors.language import contextual; assert contextual.encoder() is not None"
    subprocess.run([sys.executable, "-c", code], timeout=60, check=True, env={**environment, "HOME": str(tmp_path)})

    assert list(tmp_path.rglob("*")) == []


def test_the_splitter_knows_german() -> None:
    splitter = Splitter((FOLDER / "pieces.model").read_bytes())
    assert len(splitter.split("Die Nato lehnt Garantien ab", ()).ids) <= 9
