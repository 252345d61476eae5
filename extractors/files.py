"""Files that people edit: tables and rules. What cannot be used is told by file, line, and what to do.

What an editor may do to a text without being asked changes nothing: a byte order mark before it, line ends of Windows, and
umlauts of two characters, as a Mac writes them in names of files; no article has those, so that a word with one is never found.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class BrokenFileError(ValueError):
    """A file that somebody edits cannot be used; the message names file and line, and says what is wrong."""


def text_of(path: Path) -> str:
    """The text of a file. Raises BrokenFileError where it is no UTF-8."""
    return decoded(path.read_bytes(), path)


def decoded(raw: bytes, path: Path) -> str:
    """The text of the bytes of a file. Raises BrokenFileError where it is no UTF-8."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BrokenFileError(f"{path}:{line}: not UTF-8 text; convert it (iconv -t utf-8)") from None
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def toml_of(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises BrokenFileError."""
    return toml_in(text_of(path), path)


def toml_in(text: str, path: Path) -> dict[str, Any]:
    """The tables of the text of a TOML file. Raises BrokenFileError."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", str(error))
        where, what = (f"{path}:{told[2]}", f"{told[1]}, column {told[3]}") if told else (str(path), str(error))
        raise BrokenFileError(f"{where}: no TOML: {what}") from None


def csv_of(path: Path, *columns: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a CSV table with some columns, each behind its file and line. Raises BrokenFileError.

    A row is a line, so that a quotation mark that is not closed is told where it stands, and not at the end of the table.
    """
    lines = [(f"{path}:{n}", line) for n, line in enumerate(text_of(path).split("\n"), 1) if line.strip()]
    where, head = (lines[0][0], _cells(*lines[0])) if lines else (f"{path}:1", [])
    if missing := [column for column in columns if column not in head]:
        raise BrokenFileError(
            f"{where}: no column {', '.join(missing)}: the first line names them, with commas between"
        )
    for where, line in lines[1:]:
        cells = _cells(where, line)
        if len(cells) != len(head):
            raise BrokenFileError(
                f"{where}: {len(cells)} cells, expected the {len(head)} columns {', '.join(head)} "
                '(a cell with a comma stands in "…")'
            )
        yield where, dict(zip(head, map(str.strip, cells), strict=True))


def _cells(where: str, line: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise BrokenFileError(f"{where}: no CSV: {error}; is a quotation mark not closed?") from None
