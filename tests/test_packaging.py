"""What the wheel promises: our three import names are ours alone, the data is aboard, and the command starts fast."""

from __future__ import annotations

import importlib
import re
import shlex
import subprocess
import sys
from importlib.metadata import packages_distributions
from importlib.resources import files

import pytest

from flows.cli import COMMANDS, _parser

HEAVY = ("prefect", "spacy", "trafilatura", "sqlalchemy", "aiohttp", "numpy", "pydantic")


@pytest.mark.parametrize("name", ["flows", "extractors", "storage"])
def test_nobody_else_ships_our_import_names(name):
    assert set(packages_distributions().get(name, [])) <= {"depesche"}


@pytest.mark.parametrize("name", ["people.csv", "states.csv", "organisations.csv", "weights"])
def test_the_data_travels_with_the_package(name):
    assert files("extractors").joinpath("data", name).is_file() or files("extractors").joinpath("data", name).is_dir()


def imported_by(*words: str) -> set[str]:
    code = (
        "import sys\nfrom flows.cli import main\ntry:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print('\\n'.join(m for m in sys.modules if '.' not in m), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("code", "--help"), ("run", "--help")])
def test_help_imports_nothing_heavy(words):
    assert imported_by(*words).isdisjoint(HEAVY)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", name, "--help"], capture_output=True, text=True, timeout=60, check=True
    )

    assert f"depesche {name}" in done.stdout
    assert "example" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_a_command_are_understood(name):
    told = importlib.import_module(f"flows.commands.{name.replace('-', '_')}").EPILOG
    examples = re.findall(r"^ +(?:\w+=\S+ )?depesche (.+?)(?:  .*| [|<>].*)?$", told, re.MULTILINE)

    assert examples
    for example in examples:
        _parser(name).parse_args(shlex.split(example))
