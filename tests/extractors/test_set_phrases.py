"""Set phrases that tell an act by themselves, and the same words where they do not."""

from __future__ import annotations

import pytest
from articles import article_of

from extractors.events import explain
from extractors.events.coding import decided
from extractors.events.lexicon import BrokenRuleError, Trigger, lexicon, read
from extractors.events.proposing.candidates import candidates
from extractors.events.reading import reading
from extractors.events.settling.set_phrases import is_sure


def _told(text: str) -> set[str]:
    """The acts of a text: "CONCEDE TUR>SWE"."""
    events = [one.event for one in decided(article_of(text)).told]
    return {f"{e.type} {','.join(a.code for a in e.actors)}>{','.join(r.code for r in e.recipients)}" for e in events}


def _types(text: str) -> set[str]:
    return {act.split()[0] for act in _told(text)}


@pytest.mark.parametrize("row", [row for row in lexicon().rows() if row.sure], ids=lambda row: f"{row.type} {row.name}")
def test_a_set_phrase_tells_its_act_whatever_the_weights_make_of_it(row: Trigger) -> None:
    assert row.type in _types(row.test)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Riga werde gegenüber Oslo nicht einlenken, sagte die Ministerin.", "CONCEDE"),
        ("Sollte Riga gegenüber Oslo einlenken, steigen die Preise.", "CONCEDE"),
        ("Wenn Riga gegenüber Oslo einlenkt, steigen die Preise.", "CONCEDE"),
        ("Dass Riga gegenüber Oslo einlenkt, ist eine Frage der Zeit.", "CONCEDE"),
        ("Machte Minsk seine Drohung gegen Riga rückgängig?", "RETREAT"),
        ("Riga forderte, dass der Spionage aus Minsk ein Riegel vorgeschoben werde.", "REJECT"),
        ("Die Gespräche zwischen Riga und Minsk könnten platzen.", "REJECT"),
        ("Vor dem Museum in Minsk nahm ein Dach die Bilder in Schutz.", "SUPPORT"),
        ("Riga deckt sich in Oslo mit Munition ein.", "AID"),
        ("Der Minister aus Riga war in Minsk zu Gast in einer Talkshow.", "CONSULT"),
        ("Oslo holt seine Sportler aus Minsk nach Hause.", "RETREAT"),
        ("Eine Beschwerde aus Minsk blieb bei den UN nicht ohne Folgen.", "THREATEN"),
    ],
)
def test_the_words_of_a_set_phrase_tell_nothing_where_it_is_not_so(text: str, type_: str) -> None:
    assert not [c for c in candidates(reading(article_of(text))) if c.sure and c.type == type_ and is_sure(c)]


@pytest.mark.parametrize(
    "text",
    [
        "„Wir lassen Georgien nicht im Stich“, versicherte Präsident Joe Biden.",
        "Präsident Joe Biden sagte, man werde Georgien nicht allein lassen.",
    ],
)
def test_who_says_we_in_a_set_phrase_does_it(text: str) -> None:
    assert "SUPPORT USA>GEO" in _told(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Minsk nahm seine Forderung an Riga vom Tisch.", {"CONCEDE BLR>LVA"}),
        ("Belgrad nahm Moskau gegen Kritik in Schutz.", {"SUPPORT SRB>RUS"}),
        ("Kiew bat Warschau um Verzeihung.", {"CONCEDE UKR>POL"}),
    ],
)
def test_what_a_phrase_is_made_of_is_no_act_beside_it(text: str, told: set[str]) -> None:
    assert _told(text) == told


def test_explain_says_of_what_is_not_told_beside_a_phrase_that_it_is_the_phrases() -> None:
    dropped = explain(article_of("Minsk nahm seine Forderung an Riga vom Tisch.")).dropped

    assert [one for one in dropped if one.what.startswith("REQUEST") and "more surely read as CONCEDE" in one.why]


def test_a_noun_is_no_set_phrase() -> None:
    with pytest.raises(BrokenRuleError, match="noun:x: sure is of verbs and phrases"):
        read({"verb": [], "noun": [{"lemma": "x", "type": "AID", "sure": True, "test": "x"}], "phrase": []})
