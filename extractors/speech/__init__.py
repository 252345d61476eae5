"""Reported speech: who said what, in whose words. Direct, mixed, indirect and reported speech with speaker, cue and chain.

quotes(document)             the quotes of an article, in order
speaker_at(quotes, a, b)     whose words carry a stretch; None when the newsroom states it itself
commitment(sentence, quotes) how far the newsroom stands behind a sentence
"""

from __future__ import annotations

from extractors.speech.attribution import COMMITMENT, commitment, speaker_at
from extractors.speech.reading import quotes

__all__ = ["COMMITMENT", "commitment", "quotes", "speaker_at"]
