"""Readers are told the machine's own names in their language: each has its row in both, and no row is of nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from visiting import TestClient

from extractors.events.lexicon import Trigger, lexicon
from extractors.events.meetings.heralds import heralds
from extractors.events.proposing import candidates
from extractors.events.settling import demonstrations, strikes
from extractors.model import FOLLOWED
from extractors.relevance.dossiers import dossier_names, load_dossier
from extractors.stories import voices
from flows import health
from flows.naming import BrokenNamesError, load, names, reason_told, rule_told
from flows.web.app import create_app
from flows.web.wording import Words

FLOWS = Path(health.__file__).parent
WEIGHED = {"word", "words", "field", "predicate"}
"""what stands in the evidence where no row saw the act, but weights of its words"""


def rows_of_events() -> set[str]:
    """The rules of events that rows give."""
    vocabulary = lexicon()
    triggers = [row for those in (*vocabulary.verbs.values(), *vocabulary.nouns.values()) for row in those]
    triggers += [*vocabulary.phrases, *(row for row in vars(candidates).values() if isinstance(row, Trigger))]
    told = {"herald": heralds(), "strike": strikes.ROWS, "crowd": demonstrations.ROWS}
    return {row.name for row in triggers} | {f"{kind}:{row.name}" for kind, rows in told.items() for row in rows}


def kinds_of_incidents() -> set[str]:
    """What the flows raise by name: `loud(desk, archive, "feed gap", …)`, `kind="canary"`."""
    steps = "\n".join(file.read_text("utf-8") for file in FLOWS.glob("steps/*.py"))
    found = re.findall(r'kind="([^"]+)"', (FLOWS / "health.py").read_text("utf-8"))
    return {*re.findall(r'loud\([\w.]+, archive, "([^"]+)"', steps), *found, health.EXTRACTION, health.SHUT}


def test_every_rule_of_an_event_has_its_kind_and_every_name_behind_it_its_row():
    rules = rows_of_events()
    kinds = {rule.partition(":")[0] for rule in rules} | WEIGHED
    assert set(names()["kind"]) == kinds
    assert set(names()["field"]) == set(lexicon().fields)
    for kind in ("speech", "herald", "strike", "crowd"):
        assert set(names()[kind]) == {rule.partition(":")[2] for rule in rules if rule.startswith(f"{kind}:")}


def test_every_cue_incident_and_group_has_its_row():
    assert set(names()["cue"]) == {row.name for row in (*voices.CUES, *voices.MOODS)}
    assert set(names()["incident"]) == kinds_of_incidents()
    dossiers = [load_dossier(name, with_model=False) for name in dossier_names()]
    assert set(names()["group"]) == {row.group for dossier in dossiers for row in dossier.rows}


def test_a_name_that_has_no_row_is_shown_as_it_is():
    assert rule_told("treffen-geplant", "de") == "treffen-geplant"
    assert rule_told("herald:of an older coder", "en") == "announcement “of an older coder”"
    assert reason_told("speaker RUS → hedge; told again", "en").startswith("speaker RUS → hedged")


def test_the_room_tells_rules_and_groups_in_the_readers_language(room):
    told = {"de": ("Verb „ablehnen“", ">NATO</b>"), "en": ("verb “ablehnen”", ">NATO</b>")}
    for language, (rule, group) in told.items():
        with TestClient(create_app(replace(room, language=language))) as client:
            article = client.get("/articles/1").text
            event, act = (re.search(rf'href="(/{page}/[^"]+)"', article)[1] for page in ("events", "acts"))
            assert group in article
            assert rule in client.get(act).text
            assert f"{rule} <code>verb:ablehnen</code>" in client.get(event).text


def test_an_incident_is_told_in_words_with_the_kind_by_which_the_documents_list_it(room):
    for language, told in (("de", "Feed antwortet nicht"), ("en", "feed does not answer")):
        with TestClient(create_app(replace(room, language=language))) as client:
            assert f"<b>{told}</b> <code>feed dead</code>" in client.get("/feeds").text
            assert f'<b title="feed dead">{told}</b>' in client.get("/").text


def test_a_sentence_of_the_mode_meter_says_by_which_cue():
    german, english = (Words(language, ZoneInfo("UTC")) for language in ("de", "en"))
    assert (german.reason("hopes"), english.reason("hopes")) == ("macht Hoffnung", "raises hope")
    assert english.reason("konjunktiv-1 → hedge").startswith("reported speech")
    assert (german.matter("eu/westen"), english.matter("eu/westen")) == ("EU und Westen", "EU and the West")
    assert german.matter(FOLLOWED) == "eine frühere Fassung war Kern"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ('[cue]\nhopes = ["macht Hoffnung"]\n', "cue: 'hopes' needs a German and an English text"),
        ('[cue]\nhopes = ["macht Hoffnung", ""]\n', "cue: 'hopes' needs a German and an English text"),
        ('[cue]\nhopes = "macht Hoffnung"\n', "cue: 'hopes' needs a German and an English text"),
        ('hopes = ["macht Hoffnung", "raises hope"]\n', "'hopes' stands in no table"),
        ("[cue\n", "names.toml: "),
    ],
)
def test_a_broken_row_is_refused_and_named(tmp_path, rows, told):
    (tmp_path / "names.toml").write_text(rows, "utf-8")
    with pytest.raises(BrokenNamesError, match=re.escape(told)):
        load(tmp_path / "names.toml")
