"""Reported speech: who said what, in whose words. Direct, mixed, indirect and reported speech with speaker, cue and chain.

quotes(document)             the quotes of an article, in order
explained(document)          the same, each with the row that says whose words they are
"""

from __future__ import annotations

from extractors.speech.reading import explained, quotes

__all__ = ["explained", "quotes"]
