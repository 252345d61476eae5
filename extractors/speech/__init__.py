"""Reported speech: who said what, in whose words. Direct, mixed, indirect and reported speech with speaker, cue and chain.

quotes(document)             the quotes of an article, in order
explained(document)          the same, each with the row that says whose words they are
speaker_at(quotes, a, b)     whose words carry a stretch; None when the newsroom states it itself
"""

from __future__ import annotations

from extractors.speech.attribution import speaker_at
from extractors.speech.reading import explained, quotes

__all__ = ["explained", "quotes", "speaker_at"]
