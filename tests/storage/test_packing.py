"""Packed texts come back, from whatever version packed them."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import packing

SAID = "Die Außenminister der NATO-Staaten berieten in Brüssel über Sicherheitsgarantien für die Ukraine. " * 3


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    assert packing.unpack(packing.pack(text)) == text
    assert packing.unpack_json(packing.pack_json({"words": [text]})) == {"words": [text]}


def test_the_words_that_texts_are_packed_after_never_change() -> None:
    """Or no archive could be read any more. Another list needs another first byte."""
    told = [hashlib.sha256(words).hexdigest()[:16] for words in (packing.GERMAN, packing._wordy())]
    assert told == ["d9a646add0959013", "d90f51903f48aa23"]
    assert len(packing._wordy()) < 2**15  # zlib looks back no further


def test_what_the_first_release_packed_can_be_read() -> None:
    first = b"\x01" + packing._squeezed(SAID, packing.GERMAN)
    assert packing.unpack(first) == SAID
    assert len(packing.pack(SAID)) < len(first)
    with pytest.raises(ValueError, match="newer version"):
        packing.unpack(b"\x7f" + first[1:])
