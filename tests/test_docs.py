"""The documents are complete: every command, setting, event type, publisher, incident kind and Prefect variable is described.

What they name is there, and what examples in the code say comes out.
"""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import re
import subprocess
import time
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from extractors.feeds import load_feeds
from extractors.ontology import EventType
from flows import settings, specimen
from flows.cli import COMMANDS
from flows.health import CHECKED
from flows.local_server import ENVIRONMENT
from storage.engine import open_engine, upgrade
from storage.views import at

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "deploy" / "depesche.example.toml"

pytestmark = pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="the documents are not in the wheel")


def documents() -> str:
    return "\n".join(path.read_text("utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))))


def fields(model: type[BaseModel], prefix: str) -> list[str]:
    nested = ("channels", "watches", "fetching", "retention", "schedule")
    return [prefix + name for name in model.model_fields if prefix or name not in nested]


SETTINGS = [
    *fields(settings.Settings, ""),
    *fields(settings.Fetching, "fetching."),
    *fields(settings.Retention, "retention."),
    *fields(settings.Schedule, "schedule."),
    *fields(settings.Channel, "channels.NAME."),
    *fields(settings.Watch, "watches[]."),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command):
    assert re.search(rf"`(depesche )?{command}\b", (ROOT / "README.md").read_text("utf-8"))


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_has_a_row_in_the_operators_guide(name):
    assert f"| `{name}` |" in (ROOT / "docs" / "operate.md").read_text("utf-8")


@pytest.mark.parametrize("kind", EventType)
def test_every_event_type_is_documented(kind):
    assert f"`{kind.value}`" in documents()


@pytest.mark.parametrize("publisher", sorted({feed.publisher for feed in load_feeds()}))
def test_every_publisher_of_the_shipped_list_is_documented(publisher):
    assert publisher in documents()


@pytest.mark.parametrize("variable", ENVIRONMENT)
def test_every_variable_that_we_give_prefect_has_its_reason(variable):
    assert f"`{variable}={ENVIRONMENT[variable]}`" in (ROOT / "docs" / "operate.md").read_text("utf-8")


def incident_kinds() -> set[str]:
    """The kinds that the source opens: named in a call of `loud`, or as the kind of a Finding."""
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "flows").rglob("*.py"))
    called = re.findall(r"loud\(\s*(?:self\.)?desk,\s*archive,\s*\"([a-z ]+)\"", source)
    return {*called, *re.findall(r"kind=\"([a-z ]+)\",\s*subject=", source), *CHECKED}


def test_every_incident_says_what_to_do():
    kinds = incident_kinds()

    assert {"feed dead", "canary", "outbox stuck"} <= kinds
    assert [kind for kind in kinds if f"| `{kind}` |" not in (ROOT / "docs" / "operate.md").read_text("utf-8")] == []


@pytest.mark.parametrize("view", at("9999").values(), ids=lambda view: view.name)
def test_every_view_is_in_the_analysts_guide(view):
    assert f"| `{view.name}` | {view.holds} |" in (ROOT / "docs" / "reading-room.md").read_text("utf-8")


def test_the_questions_of_the_analysts_guide_can_be_asked(tmp_path):
    told = (ROOT / "docs" / "reading-room.md").read_text("utf-8")
    asked = re.findall(r"```sql\n(.*?);\n```", told, re.DOTALL)
    assert asked
    engine = open_engine(f"sqlite:///{tmp_path}/a.sqlite")
    try:
        upgrade(engine)
        with engine.connect() as connection:
            for question in asked:
                assert connection.exec_driver_sql(question).all() == []
    finally:
        engine.dispose()


def test_the_example_is_made_from_the_settings_and_changes_nothing(monkeypatch):
    for name in [name for name in os.environ if name.startswith("DEPESCHE_")]:
        monkeypatch.delenv(name)

    remake = (
        """python -c 'from flows.specimen import example; print(example(), end="")' > deploy/depesche.example.toml"""
    )
    assert EXAMPLE.read_text("utf-8") == specimen.example(), remake
    assert settings.load(EXAMPLE) == settings.Settings()


def test_the_webhook_example_of_the_guide_verifies_what_we_send():
    from flows.alerts.channels import signature, signing_key

    code = re.search(r"```python\n(import base64.*?)```", (ROOT / "docs" / "operate.md").read_text("utf-8"), re.DOTALL)
    assert code is not None
    told: dict[str, object] = {}
    exec(code[1], told)  # noqa: S102  our own document: what it shows must work
    stamp = str(int(time.time()))
    for secret in ("whsec_Z2VoZWltbmlz", "geheim"):
        headers = {
            "webhook-id": "a",
            "webhook-timestamp": stamp,
            "webhook-signature": signature(signing_key(secret), "a", stamp, b"{}"),
        }
        assert told["genuine"](secret, headers, b"{}")  # type: ignore[operator]
        assert not told["genuine"](secret, headers, b"{ }")  # type: ignore[operator]


def test_the_dossier_of_the_guide_is_sound(tmp_path):
    from extractors.relevance import assess, canary, load_dossier

    text = (ROOT / "docs" / "add-a-dossier.md").read_text("utf-8")
    (tmp_path / "arktis.toml").write_text(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0], "utf-8")
    dossier = load_dossier(tmp_path / "arktis.toml")

    assert assess(canary(dossier), dossier).relevant


def test_the_row_of_the_guide_can_be_loaded():
    from extractors.events.lexicon import read

    text = (ROOT / "docs" / "add-a-rule.md").read_text("utf-8")
    row = re.search(r"```toml\n(.*?),\n```", text, re.DOTALL)
    assert row is not None
    rows = tomllib.loads(f"verb = [{row[1]}]")

    assert "kappen" in read({**rows, "noun": [], "phrase": []}).verbs


def test_the_first_step_of_adding_a_rule_shows_what_is_read(tmp_path, monkeypatch, capsys):
    """A headline must stand before the sentence: a line alone is no article."""
    from flows import cli

    commands = re.findall(r"^\$ (.+)$", (ROOT / "docs" / "add-a-rule.md").read_text("utf-8"), re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    subprocess.run(["sh", "-c", commands[0]], check=True)
    assert commands[1].startswith("depesche explain ")
    assert cli.main(commands[1].split()[1:]) == cli.OK
    assert "rule verb:" in capsys.readouterr().out


def test_feeds_named_in_examples_are_in_the_shipped_list():
    from flows.commands import feeds, run

    named = re.findall(r"--(?:feed|ask) (\S+)", run.EPILOG + feeds.EPILOG)
    assert [name for name in named if name not in {feed.id for feed in load_feeds()}] == []
    assert named


def headings(text: str) -> set[str]:
    """The fragments that the headings of a document give, as a forge makes them."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def links(path: Path) -> list[str]:
    """The links of a document to other files of ours and to headings; code is none."""
    text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)", text)


DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_a_document_lead_somewhere(path):
    for link in links(path):
        name, _, fragment = link.partition("#")
        target = path.parent / name if name else path
        assert target.resolve().is_relative_to(ROOT), link
        assert target.exists(), link
        if fragment:
            assert fragment in headings(target.read_text("utf-8")), link


def test_a_link_is_found_and_one_that_leads_nowhere_too():
    assert headings("# Was man tut\n## Die `Tabelle`, und mehr\n") == {"was-man-tut", "die-tabelle-und-mehr"}
    assert len([link for path in DOCUMENTS for link in links(path)]) > 20


TREE = [
    path.relative_to(ROOT)
    for name in ("extractors", "storage", "flows", "benchmarks", "tests", "deploy", "docs")
    for path in (ROOT / name).rglob("*")
    if path.is_file() and "__pycache__" not in path.parts
]
FOLDERS = sorted({path.parts[0] for path in TREE})


def told_as_code(path: Path) -> list[str]:
    """What a document shows as code, line by line: what stands between marks in a line of text, and each line of a block."""
    blocks, rest = [], []
    for number, part in enumerate(path.read_text("utf-8").split("```")):
        (blocks if number % 2 else rest).extend(part.splitlines())
    return [*("\n".join(re.findall(r"`([^`]+)`", line)) for line in rest), *blocks]


def missing_files(line: str) -> list[str]:
    """The files named in a line that are not there. A name alone is the only one of our tree, or in a folder that the line names."""
    told = re.findall(rf"(?<![\w/.])(?:{'|'.join(FOLDERS)})/[\w./-]+\.[a-z]+\b", line)
    folders = re.findall(r"((?:\w+/)+)", line)
    alone = [
        (name, [path.parent for path in TREE if path.name == name])
        for name in re.findall(r"(?<![\w./-])\w+\.py\b", line)
    ]
    return [
        *(name for name in told if not (ROOT / name).exists()),
        *(
            name
            for name, found in alone
            if len(found) != 1 and not any(f"{at}/".endswith(folder) for at in found for folder in folders)
        ),
    ]


def missing_names(line: str) -> list[str]:
    """The modules, and what is in them, that are named in a line and not there."""
    told = re.findall(r"(?<![\w./])(?:extractors|storage|flows|benchmarks)(?:\.\w+)+", line)
    missing = []
    for name in (name for name in told if not name.endswith((".py", ".yaml"))):
        try:
            pkgutil.resolve_name(name)
        except (ImportError, AttributeError):
            missing.append(name)
    return missing


def unknown_options(line: str) -> list[str]:
    """The options of our commands and benchmarks that are named in a line and that nobody takes."""
    unknown = []
    for command, script, said in re.findall(r"(?:depesche ([a-z-]+)|benchmarks[./]([\w./]+))((?: \S+)*)", line):
        options = re.findall(r"(?<= )--[a-z-]+", said)
        if options and (script or command in COMMANDS):
            name = script.removesuffix(".py").replace(".", "/")
            source = ROOT / (f"benchmarks/{name}.py" if script else f"flows/commands/{command.replace('-', '_')}.py")
            taken = source.read_text("utf-8") + (ROOT / "flows" / "cli.py").read_text("utf-8")
            unknown += [option for option in options if f'"{option}"' not in taken]
    return unknown


CARDS = [*sorted((ROOT / "extractors").rglob("README.md")), ROOT / "benchmarks" / "training" / "syntax.md"]


@pytest.mark.parametrize("path", [*DOCUMENTS, *CARDS], ids=lambda path: path.name)
def test_what_a_document_names_is_there(path):
    lines = told_as_code(path)
    assert [name for line in lines for name in missing_files(line)] == []
    assert [name for line in lines for name in missing_names(line)] == []
    assert [option for line in lines for option in unknown_options(line)] == []


def test_what_is_named_and_not_there_is_found():
    assert missing_files("extractors/speech/reader.py coding.py turned.py") == [
        "extractors/speech/reader.py",
        "coding.py",
    ]
    assert missing_files("extractors/speech/turns.py reading.py") == []
    assert missing_names("flows.judging.judge flows.judging.guess flows.guessing") == [
        "flows.judging.guess",
        "flows.guessing",
    ]
    assert unknown_options("depesche reread --host HOST --hast") == ["--hast"]
    assert unknown_options("python benchmarks/archive.py --pages --leaves") == ["--leaves"]


def test_documents_that_the_code_names_are_there():
    named = {
        name
        for path in TREE
        if path.suffix in {".py", ".toml", ".yaml"} and path.parts[0] != "tests"
        for name in re.findall(r"\bdocs/[\w/-]+\.md\b", (ROOT / path).read_text("utf-8"))
    }
    assert "docs/operate.md" in named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


CODE = [path.relative_to(ROOT) for name in ("extractors", "storage", "flows") for path in (ROOT / name).rglob("*.py")]
WITH_EXAMPLES = sorted(path for path in CODE if ">>> " in (ROOT / path).read_text("utf-8"))


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=str)
def test_examples_in_the_code_come_out_as_they_say(path):
    module = importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    told = doctest.testmod(module)
    assert told.attempted > 0
    assert told.failed == 0
