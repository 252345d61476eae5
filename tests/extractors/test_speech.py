"""Reported speech: who said what, in whose words."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from extractors.language import read_text
from extractors.model import Quote
from extractors.speech import COMMITMENT, commitment, quotes, speaker_at
from extractors.speech.lexicon import BrokenLexiconError, lexicon, read_lexicon
from extractors.speech.marks import stretches
from flows.cli import main

CASES = tomllib.loads((Path(__file__).parent / "cases" / "speech.toml").read_text(encoding="utf-8"))
ROWS = [(table, row) for table, rows in CASES.items() for row in rows]
SHARED = Path(__file__).resolve().parents[3] / "shared" / "quotes"


def words(text: str, quote: Quote) -> str:
    return " … ".join(text[a:b] for a, b in quote.spans)


def told(text: str) -> list[str]:
    """Each quote as the case files write it."""
    return [
        "~".join((quote.kind, words(text, quote), text[slice(*quote.speaker)] if quote.speaker else ""))
        for quote in quotes(read_text(text))
    ]


@pytest.mark.parametrize(("table", "row"), ROWS, ids=[f"{table}-{row['text'][:40]}" for table, row in ROWS])
def test_our_own_sentences_are_read_as_written_down(table: str, row: dict[str, object]) -> None:
    assert sorted(told(str(row["text"]))) == sorted(row["quotes"])  # type: ignore[call-overload]
