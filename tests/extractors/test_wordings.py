"""The words of `data/wordings.toml` of which only the kind is asked: each is read in its own test, and a broken row is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from articles import article_of
from sides import directed

from extractors.events.attaching import standing, worded
from extractors.events.lexicon import BrokenRuleError
from extractors.events.proposing import candidates as proposing
from extractors.events.proposing import given as giving
from extractors.events.proposing.candidates import candidates, claims
from extractors.events.proposing.subjects import is_thing
from extractors.events.reading import reading
from extractors.events.tables import Wording, names, prepositions, wordings


def given(text: str) -> set[str]:
    """The rules that give the acts of a text their statuses."""
    read = reading(article_of(text))
    return {worded.status(read, candidate, None)[1] for candidate in candidates(read)}


def left(text: str) -> set[str]:
    """The rules that leave the acts of a text some statuses."""
    return {standing.left(c.type, c, c.sentence)[1] for c in candidates(reading(article_of(text)))}


@pytest.mark.parametrize("verb", wordings("tells"), ids=lambda verb: verb.name)
def test_who_only_tells_of_an_act_does_not_do_it(verb: Wording, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reading(article_of(verb.test))
    noun = next(c for c in candidates(read) if c.kind == "noun")
    assert (noun.actors, noun.actor_from) == ((), "none")

    monkeypatch.setattr(proposing, "names", lambda kind: frozenset())
    assert "clause-subject" in {c.actor_from for c in candidates(read)}, "another rule kept them from acting"


@pytest.mark.parametrize("verb", wordings("judges"), ids=lambda verb: verb.name)
def test_who_judges_or_reports_a_deed_has_not_done_it(verb: Wording) -> None:
    assert "only tells" in directed(verb.test)


@pytest.mark.parametrize("noun", wordings("won"), ids=lambda noun: noun.name)
def test_who_reports_what_was_won_has_won_it(noun: Wording) -> None:
    sentences = reading(article_of(noun.test)).document.sentences
    assert any(claims(clause, token) for s in sentences for clause in s.clauses for token in s.tokens)


@pytest.mark.parametrize("verb", wordings("does"), ids=lambda verb: verb.name)
def test_who_does_what_the_object_names_acts(verb: Wording) -> None:
    read = reading(article_of(verb.test))
    nouns = (c for c in candidates(read) if c.kind == "noun")
    assert {m.code for c in nouns if c.clause is not None for m in giving.does(read, c, c.clause)} == {"GEO"}


@pytest.mark.parametrize("noun", wordings("thing"), ids=lambda noun: noun.name)
def test_what_is_said_or_done_says_nothing_itself(noun: Wording) -> None:
    sentences = reading(article_of(noun.test)).document.sentences
    assert any(is_thing(s, role) for s in sentences for clause in s.clauses for role in clause.roles)


@pytest.mark.parametrize("noun", wordings("menace"), ids=lambda noun: noun.name)
def test_what_threatens_somebody_is_nobodys_threat(noun: Wording) -> None:
    assert "threatened" in directed(noun.test)


@pytest.mark.parametrize("noun", [*wordings("thing"), *wordings("menace")], ids=lambda noun: noun.name)
def test_the_test_of_a_noun_holds_one_of_its_forms(noun: Wording) -> None:
    assert any(word.strip(".,").lower().endswith(noun.ends) for word in noun.test.split())


TELLS_SO = {
    "feared": (given, {"feared"}),
    "planned": (given, {"plan", "plan above"}),
    "unintended": (left, {"nobody intends"}),
    "refused": (left, {"nobody intends"}),
}


@pytest.mark.parametrize("verb", wordings("undone"), ids=lambda verb: f"{verb.of}-{verb.name}")
def test_an_act_under_this_verb_is_not_told_as_done(verb: Wording, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, rules = TELLS_SO[verb.of]
    assert asked(verb.test) & rules

    without = {of: names("undone", of) - ({verb.name} if of == verb.of else set()) for of in TELLS_SO}
    for asking in (standing, worded):
        monkeypatch.setattr(asking, "names", lambda kind, of: without[of])
    assert not asked(verb.test) & rules, "another verb says so"


@pytest.mark.parametrize("noun", wordings("wished"), ids=lambda noun: noun.name)
def test_a_meeting_behind_this_noun_is_only_wished(noun: Wording, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "only wished" in left(noun.test)

    monkeypatch.setattr(standing, "names", lambda kind, of="": names(kind, of) - {noun.name})
    assert "only wished" not in left(noun.test)


@pytest.mark.parametrize("verb", wordings("wishing"), ids=lambda verb: verb.name)
def test_a_meeting_behind_the_preposition_of_this_verb_is_only_wished(
    verb: Wording, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "only wished" in left(verb.test)

    monkeypatch.setattr(
        standing,
        "prepositions",
        lambda kind: {name: at for name, at in prepositions(kind).items() if name != verb.name},
    )
    assert "only wished" not in left(verb.test)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('{name="ahnen", test="x"}', "no of"),
        ('{name="ahnen", of="guessed", test="x"}', "of is 'guessed'"),
        ('{name="ahnen", of="feared"}', "no test"),
        ('{name="ahnen", of="feared", ends="x", test="x"}', "unknown field ends"),
        ('{name="ahnen", of="feared", test=""}', r"undone 1 \(ahnen\): test cannot be ''"),
        ('{name=" ahnen", of="feared", test="x"}', "name has blanks around it"),
        ('{name="ahnen", of="feared", test=3}', r"undone 1 \(ahnen\): test cannot be 3"),
        ('{name="ahnen", of="feared", test="x"}, {name="ahnen", of="feared", test="y"}', "ahnen stands twice"),
    ],
)
def test_a_broken_row_is_an_error_that_names_it(row: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "wordings.toml"
    path.write_text(f"undone = [{row}]\n", encoding="utf-8")
    with pytest.raises(BrokenRuleError, match=told):
        wordings("undone", path)
