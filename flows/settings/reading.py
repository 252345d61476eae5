"""Reads the settings: the file, the variables over it, and what is wrong with them, by file and line or by variable."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_settings.exceptions import SettingsError as UnreadableVariable

from flows.settings.sections import DEFAULTS, LAGE, OPERATORS, Channel, Section, Settings, SettingsError, Watch

DEFAULT_PATH = Path("depesche.toml")


def load(path: Path | None = None) -> Settings:
    """Read the settings file and the environment.

    Without `path` it is `$DEPESCHE_CONFIG`, or `depesche.toml` in the working directory if there is one.
    Raises SettingsError with file and line.
    """
    chosen = path_of(path)
    if not chosen.exists():
        if path or os.environ.get("DEPESCHE_CONFIG"):
            raise SettingsError(f"{chosen}: there is no such settings file")
        return _validated({}, "", chosen)
    text = _text(chosen)
    return _validated(_toml(chosen, text), text, chosen)


def path_of(named: Path | None) -> Path:
    """The settings file: the one that is named, else `$DEPESCHE_CONFIG`, else `depesche.toml`."""
    return named or Path(os.environ.get("DEPESCHE_CONFIG") or DEFAULT_PATH)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")  # some editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"{path}:{line}: not UTF-8 text; convert it (iconv -t utf-8)") from None
    except OSError as error:
        raise SettingsError(f"{path}: the settings file cannot be read: {error.strerror}") from None


def _toml(path: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", str(error))
        where, what = (f"{path}:{told[2]}", f"{told[1]}, column {told[3]}") if told else (str(path), str(error))
        raise SettingsError(f"{where}: no TOML: {what}") from None


def _validated(table: dict[str, object], text: str, path: Path) -> Settings:
    try:
        settings = Settings(**table)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError("\n".join(_lines(error, text, path))) from None
    except UnreadableVariable as error:
        named = re.search(r'field "(\w+)"', str(error))
        variable = f"DEPESCHE_{(named[1] if named else '…').upper()}"
        raise SettingsError(
            f"""{variable}, or one that begins so: not JSON: lists are written ["a", "b"], tables {{"name": "value"}}; or name one value, """
            "as DEPESCHE_FETCHING__CONCURRENCY"
        ) from None
    at_odds = (*_dangling(settings), *_taken(settings))
    wrong = [f"{_where(names, text, path)}: {'.'.join(names)}: {told}" for names, told in at_odds]
    if wrong:
        raise SettingsError("\n".join(wrong))
    return settings


def _dangling(settings: Settings) -> Iterator[tuple[list[str], str]]:
    """Names that nothing has: what waits for them would wait for ever, without a word."""
    watches = [watch.name for watch in settings.watches]
    for channel, its in settings.channels.items():
        for name in sorted(set(its.watches) - {*watches, OPERATORS, LAGE}):
            yield ["channels", channel, "watches"], f"no watch is named {name!r}; there are: {', '.join(watches)}"
        if OPERATORS in its.watches and not its.operators:
            yield ["channels", channel, "watches"], f"{OPERATORS!r} is told where operators = true; add it"


def _taken(settings: Settings) -> Iterator[tuple[list[str], str]]:
    """Names of watches that something else has: what one of them was told counts as told to the other."""
    taken = {OPERATORS, LAGE}
    for number, watch in enumerate(settings.watches):
        if watch.name in taken:
            of = "messages of ours" if watch.name in (OPERATORS, LAGE) else "another watch"
            yield ["watches", str(number), "name"], f"{watch.name!r} is the name of {of}; choose another"
        taken.add(watch.name)


def _lines(error: ValidationError, text: str, path: Path) -> list[str]:
    """One line for each thing wrong: where it stands and what it should be; never the value, which may be a secret."""
    found = []
    for problem in error.errors(include_input=False, include_url=False):
        names = [str(part) for part in problem["loc"]]
        told = problem["msg"].removeprefix("Value error, ")  # pydantic's before words of ours
        if problem["type"] == "extra_forbidden":
            told = _not_there(names)
        elif names[-1] == "[key]":
            told = "names of channels are small letters, digits and -"
        found.append(f"{_where(names, text, path)}: {'.'.join(names)}: {told}")
    return found


def _not_there(names: list[str]) -> str:
    """What to say of a name that no setting has: where it belongs, or which is meant."""
    table, name = ("" if len(names) == 1 else names[0]), names[-1]
    if table and name in Settings.model_fields:
        return "it belongs above the first [table] of the file"
    sections: dict[str, type[BaseModel]] = {"": Settings, "channels": Channel, "watches": Watch}
    sections |= {named: type(default) for named, default in DEFAULTS.items() if isinstance(default, Section)}
    known = list(sections[table].model_fields)
    meant = difflib.get_close_matches(name, known, n=1)
    return "there is no such setting; " + (f"is {meant[0]} meant?" if meant else f"there are {', '.join(known)}")


def _where(names: list[str], text: str, path: Path) -> str:
    """The variable that set it, for it wins over the file; else the line of the file."""
    variable = f"DEPESCHE_{'__'.join(names).upper()}"
    if variable in {name.upper() for name in os.environ}:
        return variable
    line = line_of(text, names)
    return f"{path}:{line}" if line else f"{variable} or a default"


def line_of(text: str, names: list[str]) -> int:
    """The line (from 1) of a TOML file where a dotted name is set, or the nearest table around it; else the first below it.

    0 if nowhere.

    >>> line_of("contact = 'a'\\n[channel.oncall]", ["channel"]), line_of("[fetching]", ["fetching", "robots"]), line_of("", ["a"])
    (2, 1, 0)
    """
    best, table, best_depth, below = 0, [], 0, 0
    rows: Counter[str] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if header:
            table = [part.strip(" \"'") for part in header[1].split(".")]
            if line.lstrip().startswith("[["):
                rows[header[1]] += 1
                table.append(str(rows[header[1]] - 1))
            here = table
        else:
            key = re.match(r"\s*([\w.\"'-]+)\s*=", line)
            if key is None:
                continue
            here = [*table, *(part.strip(" \"'") for part in key[1].split("."))]
        depth = len(here) if here == names[: len(here)] else 0
        if depth > best_depth:
            best, best_depth = number, depth
        elif here[: len(names)] == names:
            below = below or number
    return best or below
