"""`depesche`: the same steps by hand.

A command lives in `flows/commands/<name>.py` with `add_arguments(parser)` and `run(args) -> int`; the module is
imported only when its command is called, so that `depesche --help` starts in a few hundredths of a second.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

COMMANDS = MappingProxyType(
    {
        "run": "monitor on the schedule, with Prefect; or one pass without it",
        "serve-flows": "schedule the flows with Prefect on this machine",
        "read": "show a page as an article",
        "reread": "read again what could not be read, from the bytes that were kept",
        "recode": "read what the archive keeps with today's rules",
        "code": "code the events of an article",
        "quotes": "show who said what",
        "explain": "show why an event was coded as it was",
        "dossier": "list, check and try dossiers: what is relevant and why",
        "events": "list stored events",
        "meetings": "list announced meetings, also as iCalendar",
        "demands": "list who demanded what of whom, and what came of it",
        "feeds": "list, check, import and export feeds",
        "alerts": "list, test, preview and replay alerts",
        "review": "correct an event, or list what waits for review",
        "people": "list, confirm, refuse and add office holders whom the tables do not have",
        "export": "write the archive as PLOVER, CAMEO, CSV, Parquet, iCalendar, Atom or GEXF",
        "room": "open the reading room",
        "newsroom": "start the bundled feed server",
        "doctor": "check the installation and say what to do",
        "db": "create, upgrade, back up, restore and tidy the archive",
        "demo": "run a whole monitoring cycle against the bundled newsroom",
    }
)

OK, TROUBLE, USAGE = 0, 1, 2

_EPILOG = """\
examples:
  depesche code article.txt              events of an article, with the sentence that says so
  depesche code --json article.txt       the same for machines
  depesche run --once                    one pass over the feeds
  depesche meetings --ics > termine.ics  announced meetings for a calendar

exit codes: 0 done, also where nothing is found; 1 done, and something is wrong; 2 wrong usage or unusable input
with --json standard output is one JSON object (of many articles one a line), also where something is wrong: {"error": "…"}
'depesche COMMAND --help' has the options and examples of each command.
"""


class UsageError(Exception):
    """The call or its input cannot be used; the message says what to do. Exit code 2."""


class _Misused(UsageError):
    """A call has words that the program does not know; `said` is the message for people, with the usage."""

    def __init__(self, parser: argparse.ArgumentParser, message: str) -> None:
        super().__init__(message)
        more = f"'{parser.prog} --help' says what there is"
        self.said = f"{parser.format_usage()}{parser.prog}: error: {message}\n{more}"


def main(argv: Sequence[str] | None = None) -> int:
    _somewhere_to_write()
    _any_character()
    words = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in words
    try:
        try:
            args = _arguments(words)
            return int(args.run(args))
        finally:
            # Here, where a reader that left and a full disk are still ours to handle; at exit Python would complain.
            if sys.stdout is not None:
                sys.stdout.flush()
    except _Misused as error:
        say_error(str(error), as_json=as_json, said=error.said)
        return USAGE
    except UsageError as error:
        say_error(str(error), as_json=as_json, said=f"depesche: {error}")
        return USAGE
    except BrokenPipeError:
        # The reader of a pipe left (`depesche events | head`): not our trouble.
        _forget_output()
        return OK
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        told = _unusable(error)
        if told is None:
            raise
        if isinstance(error, OSError) and error.filename is None:
            _forget_output()
        say_error(told, as_json=as_json, said=f"depesche: {told}")
        return USAGE


def _arguments(words: list[str]) -> argparse.Namespace:
    """What the words ask for; options may stand between the others, as in `alerts unpark --by anna KEY`."""
    at = _place_of_command(words)
    args, unknown = _parser(words[at] if at < len(words) else "").parse_known_args(words)
    if unknown:
        # Before an option argparse has filled all that may be left out, and finds no place for what stands behind it.
        before = argparse.Namespace(config=args.config)
        with suppress(TypeError):  # a command with verbs of their own, which mixes nothing
            args, unknown = args.parser.parse_known_intermixed_args(words[at + 1 :], before)
    if unknown:  # said by the command, which knows what it takes
        args.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    if args.config is not None and not args.config.exists():  # also where nothing of it is needed
        raise UsageError(f"{args.config}: there is no such settings file")
    return args


def _place_of_command(words: Sequence[str]) -> int:
    """Where the command stands: the first word that is no option and no settings file, else behind the last."""
    for at, word in enumerate(words):
        if not word.startswith("-") and (at == 0 or words[at - 1] != "--config"):
            return at
    return len(words)


def add_database(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """The option that names another archive than the settings'. `again`: of an action, where people look for it."""
    default = argparse.SUPPRESS if again else None
    parser.add_argument("--database", metavar="URL", default=default, help="this database instead of the settings' one")


def add_json(parser: argparse.ArgumentParser, *, told: str = "", again: bool = False) -> None:
    """The option of a command that has something to say to machines; `again` as in `add_database`."""
    default = argparse.SUPPRESS if again else False
    parser.add_argument("--json", action="store_true", default=default, help=f"{told}one JSON object for machines")


def show_json(**facts: object) -> None:
    """What a command says to machines, as one object: on one line in a pipe, on many where somebody looks at it.

    What it lists stands there under its name, also where it is nothing: docs/operate.md has the names.
    """
    import json

    print(json.dumps(facts, default=_plain, ensure_ascii=False, indent=2 if on_a_terminal() else None), flush=True)


def _plain(value: object) -> str:
    """What JSON has no form of: days and times as ISO 8601, paths and addresses as they are written."""
    return value.isoformat() if isinstance(value, date) else str(value)


def tell(args: argparse.Namespace, sentence: str, **facts: object) -> None:
    """A sentence for people, or its facts for machines."""
    if args.json:
        show_json(**facts)
    else:
        print(sentence)


def say_error(told: str, *, as_json: bool, said: str = "", **facts: object) -> None:
    """Say what is wrong: to people on standard error (there as `said`), to machines as `error` beside other facts."""
    print(said or told, file=sys.stderr)
    if as_json:
        try:
            show_json(error=told, **facts)
        except OSError:  # nobody reads it any more, or the disk is full, which may be just what was to be said
            _forget_output()


def on_a_terminal() -> bool:
    """Whether somebody looks at what is printed, and no other program reads it."""
    return sys.stdout is not None and sys.stdout.isatty()


def port(text: str) -> int:
    """A port for argparse; 0 takes a free one."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port (0 to 65535)")
    return int(text)


def count(text: str) -> int:
    """A number from 1 up for argparse."""
    if not text.isdecimal() or not 1 <= int(text) < 1 << 31:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 up")
    return int(text)


def span(text: str) -> float:
    """So many days or hours for argparse."""
    return _number(text, lambda given: 0 < given <= 36_525, "above 0 and up to 36525")


def pace(text: str) -> float:
    """So many seconds of a clock for each real one, for argparse: none, up to a day."""
    return _number(text, lambda given: 0 <= given <= 86_400, "from 0 to 86400")


def share(text: str) -> float:
    """A part of one for argparse."""
    return _number(text, lambda given: 0 <= given <= 1, "from 0 to 1")


def _number(text: str, fits: Callable[[float], bool], told: str) -> float:
    with suppress(ValueError):
        if fits(given := float(text)):
            return given
    raise argparse.ArgumentTypeError(f"{text!r} is no number {told}")


def day(text: str) -> date:
    """A day for argparse, within those that the reading room may be asked for: the day after the calendar's last is none."""
    from flows.days import day_of
    from flows.web.asking import FIRST_DAY, LAST_DAY

    try:
        given = day_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not FIRST_DAY <= given <= LAST_DAY:
        raise argparse.ArgumentTypeError(f"{text} is no day from {FIRST_DAY} to {LAST_DAY}")
    return given


def moment(text: str) -> datetime:
    """A time for argparse; without a zone it is German."""
    from zoneinfo import ZoneInfo

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2022-01-10T16:00") from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo("Europe/Berlin"))


def known(text: str) -> datetime:
    """A time for argparse up to which something was known; a day alone is meant to its end, as in the reading room."""
    from datetime import time
    from zoneinfo import ZoneInfo

    from flows.days import day_of

    with suppress(ValueError):
        return datetime.combine(day_of(text), time.max, ZoneInfo("Europe/Berlin"))
    return moment(text)


def party(text: str) -> str:
    """A party's code for argparse, by the code, the name or the capital; nothing where the option is empty.

    What is nobody's is refused: an empty list would say that it did nothing.
    """
    if not text:
        return ""
    from extractors.actors import is_code
    from flows.web.wording import code_of

    code = code_of(text)
    if not is_code(code):
        raise argparse.ArgumentTypeError(f"no party is called {text!r}; write its code or its name, as RUS or Russland")
    return code


def listening_address(text: str) -> str:
    """An address to listen on for argparse. An empty one, as of a variable that is not set, would be all of them."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; 127.0.0.1 is this machine alone, 0.0.0.0 all addresses")
    return text


def caller() -> str:
    """Who calls, as what people say is noted with a name. A container may give us a number that no user has."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _somewhere_to_write() -> None:
    """Nowhere, where an output was closed (`>&-`, `2>&-`): it is None then, cannot be written to, and `print` takes it for the other."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))


def _any_character() -> None:
    """Let a locale that has no quotation marks or dashes of ours (de_DE is Latin-1) end no command.

    A terminal shows a question mark for them; files and other programs get UTF-8, as JSON must be.
    """
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper) and out.encoding.lower() not in ("utf-8", "utf8"):
        if out.isatty():
            out.reconfigure(errors="replace")
        else:
            out.reconfigure(encoding="utf-8")


def _forget_output() -> None:
    """What could not be written is not tried again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unusable(error: Exception) -> str | None:
    """What to say of settings, files or an archive that cannot be used, in any command; None for a fault of ours."""
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
    # Imported here, where it has failed already: `--help` must not wait for them.
    from extractors.files import BrokenFileError
    from flows.settings import SettingsError
    from storage.engine import AddressError, SchemaError, is_fault

    if isinstance(error, SettingsError | SchemaError | AddressError | BrokenFileError):
        return str(error)
    if is_fault(error):
        named = " ".join(["the database", *getattr(error, "__notes__", ())[:1]])
        told = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        return f"{named} cannot be reached or used: {told}{_ADVICE.get(told, '')}"
    return None


_ADVICE = MappingProxyType(
    {
        "disk I/O error": "; is the disk full? SQLite also takes a little room to read",
        "attempt to write a readonly database": "; who only reads must be allowed to write in its folder, too "
        "(SQLite keeps files beside it): copy it into one of yours, or ask who owns it",
        "unable to open database file": "; is its folder there, and yours to write in?",
        "database is locked": "; another process has been writing to it for long: try again",
    }
)
"""What to do about what SQLite says in words of its own."""


class _Parser(argparse.ArgumentParser):
    """The parser of the program, a command or an action: each takes --config, so that it may stand anywhere.

    It raises what argparse would print and exit with: `main` says it, to machines too.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        told = "settings file (default: $DEPESCHE_CONFIG or depesche.toml)"
        self.add_argument("--config", type=Path, metavar="FILE", default=argparse.SUPPRESS, help=told)

    def error(self, message: str) -> NoReturn:
        raise _Misused(self, message)


def _parser(chosen: str) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="depesche",
        description="Watches German news for diplomacy and keeps what happened, with the sentence that says so.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # the command is looked for behind the whole word
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    parser.set_defaults(config=None)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == chosen:
            module = importlib.import_module(f"flows.commands.{name.replace('-', '_')}")
            command.epilog = getattr(module, "EPILOG", None)
            module.add_arguments(command)
            command.set_defaults(run=module.run, parser=command)
    return parser


class _Version(argparse.Action):
    """Prints the version when asked: looking it up takes 20 ms that no other call should pay."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"depesche {version('depesche')}")
        parser.exit()


if __name__ == "__main__":
    # By its name, for the commands raise that module's UsageError and not the one of `__main__`.
    sys.exit(importlib.import_module("flows.cli").main())
