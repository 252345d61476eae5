"""Reported speech: who said what, in whose words."""

from extractors.language import read_text
from extractors.speech import quotes


def test_a_frame_after_the_words_names_the_speaker():
    text = "„Das ist eine Lüge“, sagte der Sprecher."
    (quote,) = quotes(read_text(text))
    assert text[slice(*quote.speaker)] == "der Sprecher"
    assert [text[a:b] for a, b in quote.spans] == ["„Das ist eine Lüge“"]
