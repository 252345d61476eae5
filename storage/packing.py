"""Packs what the archive keeps: texts and pages compressed, fingerprints and digests short, layouts as letters."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from extractors.model import Part, PartKind

_LETTER = {PartKind.HEADLINE: "h", PartKind.TEASER: "t", PartKind.SUBHEAD: "s", PartKind.PARAGRAPH: "p"}
_KIND = {letter: kind for kind, letter in _LETTER.items()}

_PLAIN, _GERMAN, _WORDY = b"\x00", b"\x01", b"\x02"

# zlib looks back into this as if it stood before the text: words that German diplomacy news repeats, the likeliest
# last. Never change it (a packed text is unreadable without it); add a second one under a new first byte instead.
_WORDS = (
    "Wirtschaftssanktionen Truppenaufmarsch Waffenlieferungen Verteidigungsminister Verteidigungsministerium "
    "Sicherheitsgarantien Sicherheitsberater Generalsekretär Jens Stoltenberg Vizeaußenminister Staatssekretär "
    "Ministerpräsident Premierminister Regierungssprecher Sprecherin des Auswärtigen Amtes in Berlin Bundesregierung "
    "Bundeskanzler Bundespräsident Europäische Union Vereinten Nationen Sicherheitsrat Organisation für Sicherheit und "
    "Zusammenarbeit in Europa (OSZE) NATO-Russland-Rat Normandie-Format Waffenstillstand Friedensverhandlungen "
    "Nachrichtenagentur Ria Nowosti Nachrichtenagentur Interfax TASS AFP dpa Reuters zufolge teilte das Ministerium mit "
    "wie die Nachrichtenagentur meldete unter Berufung auf nach Angaben des Außenministeriums hieß es aus dem "
    "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Januar Februar März April Mai Juni Juli August "
    "September Oktober November Dezember vergangenen Woche kommenden Woche Washington Brüssel Moskau Kiew Genf Wien "
    "Paris Warschau Ankara Istanbul Minsk London Peking Vereinigten Staaten US-Präsident Präsident Wladimir Putin "
    "Präsident Wolodymyr Selenskyj Außenminister Sergej Lawrow Außenministerin Kremlsprecher Dmitri Peskow "
    "die russische Regierung der ukrainische Präsident die ukrainischen Streitkräfte russischen Angriff Angriffskrieg "
    "gegen die Ukraine Gespräche über Verhandlungen zwischen Russland und der Ukraine Treffen der Außenminister der "
    "NATO-Staaten sagte er in einem Interview sagte sie am Rande warf dem Westen vor forderte erneut lehnte ab "
    "kündigte an, dass betonte, dass erklärte, dass es sei, habe, werde, könne, müsse, hätten, seien, würden "
    "nicht mehr auch nach noch vor bei aus seit für über unter gegen zwischen während wegen durch ohne bis zum zur vom "
    "einen einer eines einem eine ein und die der das den dem des mit von auf im in zu ist sich als hat war sind an. Die "
)
GERMAN = _WORDS.encode()


@cache
def _wordy() -> bytes:
    """GERMAN behind the three thousand words of German news that zlib looks back over: saves a seventh of an article.

    They come from `words.txt`, ordered by the articles that have them times their length, the most last. Never change
    that file either.
    """
    words = (Path(__file__).parent / "words.txt").read_text("utf-8").split()
    return (" ".join(words) + " ").encode() + GERMAN


def pack(text: str) -> bytes:
    """
    >>> unpack(pack("Gespräche in Genf"))
    'Gespräche in Genf'
    """
    return _WORDY + _squeezed(text, _wordy())


def _squeezed(text: str, words: bytes) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, words)
    return squeeze.compress(text.encode()) + squeeze.flush()


def unpack(packed: bytes) -> str:
    """The text again. Raises ValueError for a packing of a newer version."""
    if packed[:1] not in (_GERMAN, _WORDY):
        raise ValueError(f"a text packed in an unknown way ({packed[:1]!r}): it was written by a newer version")
    expand = zlib.decompressobj(-15, _wordy() if packed[:1] == _WORDY else GERMAN)
    return (expand.decompress(packed[1:]) + expand.flush()).decode()


def pack_json(value: object) -> bytes:
    """A small structure, compressed.

    >>> unpack_json(pack_json({"words": ["gespräch"]}))
    {'words': ['gespräch']}
    """
    # Not after the many words: there are eight such structures to an article, and they are no prose.
    return _GERMAN + _squeezed(json.dumps(value, ensure_ascii=False, separators=(",", ":")), GERMAN)


def unpack_json(packed: bytes) -> Any:
    return json.loads(unpack(packed))


def pack_marks(marks: Sequence[int]) -> bytes | None:
    """A fingerprint: sorted numbers below 2^32, four bytes each; None for none.

    >>> unpack_marks(pack_marks((7, 4294967295)))
    (7, 4294967295)
    """
    return struct.pack(f"<{len(marks)}I", *marks) if marks else None


def unpack_marks(packed: bytes | None) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 4}I", packed) if packed else ()


def pack_page(body: bytes) -> bytes:
    return _PLAIN + zlib.compress(body, 6)


def unpack_page(packed: bytes) -> bytes:
    if packed[:1] != _PLAIN:
        raise ValueError(f"a page packed in an unknown way ({packed[:1]!r}): it was written by a newer version")
    return zlib.decompress(packed[1:])


def digest(text: str) -> bytes:
    """The first 16 bytes of the SHA-256: enough to tell any two of 10^12 texts apart."""
    return hashlib.sha256(text.encode()).digest()[:16]


def layout(text: str, parts: tuple[Part, ...]) -> str:
    """The parts, short: a letter for each line of the text, or JSON where parts are not lines.

    >>> from extractors.model import Article
    >>> article = Article.compose(url="u", headline="Kopf", body=((PartKind.PARAGRAPH, "Satz."),))
    >>> layout(article.text, article.parts)
    'hp'
    """
    if not parts:
        return ""
    letters = "".join(_LETTER[part.kind] for part in parts)
    if parts_of(text, letters) == parts:
        return letters
    return json.dumps([[_LETTER[part.kind], part.start, part.end] for part in parts])


def parts_of(text: str, layout: str) -> tuple[Part, ...]:
    """The parts again."""
    if layout.startswith("["):
        return tuple(Part(kind=_KIND[kind], start=start, end=end) for kind, start, end in json.loads(layout))
    if not layout:
        return ()
    lines = text.split("\n")
    if len(lines) != len(layout):
        return ()
    parts = []
    at = 0
    for letter, line in zip(layout, lines, strict=True):
        parts.append(Part(kind=_KIND[letter], start=at, end=at + len(line)))
        at += len(line) + 1
    return tuple(parts)
