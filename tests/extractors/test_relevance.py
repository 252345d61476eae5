"""What relevance promises: rows with names, errors at load, no article lost cheaply, the same sample everywhere."""

from __future__ import annotations

import gzip
import json
import re
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from articles import article_of

from extractors import relevance
from extractors.model import Article, Grade

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
NAMES = relevance.dossier_names()


def article(headline: str, *paragraphs: str, teaser: str = "") -> Article:
    return article_of(*paragraphs, headline=headline, teaser=teaser, dated=None)


TALKS = article(
    "Kreml lehnt Treffen mit NATO-Vertretern ab",
    "Der Kreml hat ein Treffen mit Vertretern der NATO abgelehnt. Sprecher Dmitri Peskow sagte in Moskau, es gebe nichts zu bereden.",
    "Die Bundesregierung forderte Russland auf, an den Verhandlungstisch zurückzukehren.",
    "Kiew verlangte von der EU weitere Sanktionen gegen Moskau.",
    teaser="Moskau will vorerst nicht über die Ukraine verhandeln. Berlin drängt auf Gespräche.",
)
BATTLE = article(
    "Tote nach Beschuss von Wohnhaus bei Charkiw",
    "Bei russischem Beschuss sind in einem Dorf bei Charkiw drei Menschen getötet worden.",
    "Rettungskräfte suchten in den Trümmern nach Verletzten. Die Feuerwehr löschte mehrere Brände.",
    teaser="In der Ostukraine ist ein Wohnhaus getroffen worden. Helfer bargen drei Leichen.",
)
RECIPE = article("So gelingt der Apfelkuchen", "Den Teig eine Stunde ruhen lassen.", "Mit Zimt bestreuen und backen.")
MINIMAL = """
name = "probe"
title = "Probe"
[canary]
headline = "Alpha trifft Beta"
[[group]]
name = "seite"
kind = "core"
rows = [{ name = "alpha", words = ["alpha*"] }]
[[group]]
name = "andere"
kind = "side"
rows = [{ name = "beta", words = ["beta*", "weiß* haus*"], not = ["betagt*"] }]
[[group]]
name = "akt"
kind = "act"
rows = [{ name = "trifft", words = ["trifft", "*gipfel*"] }]
"""


@pytest.fixture(scope="module")
def dossier() -> relevance.Dossier:
    return relevance.load_dossier("russland-nato-ukraine")


@pytest.fixture
def probe(tmp_path: Path) -> relevance.Dossier:
    path = tmp_path / "probe.toml"
    path.write_text(MINIMAL)
    return relevance.load_dossier(path)


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_dossier_finds_its_canary(name: str):
    dossier = relevance.load_dossier(name)
    canary = relevance.canary(dossier)
    assert relevance.prefilter(canary.text, dossier)
    assert relevance.assess(canary, dossier).relevant


def test_two_dossiers_ship_and_the_second_needs_no_weights():
    assert {"russland-nato-ukraine", "iran-atom"} <= set(NAMES)
    assert relevance.load_dossier("iran-atom").model is None


@pytest.mark.parametrize(("one", "grade"), [(TALKS, Grade.CORE), (BATTLE, Grade.RELATED), (RECIPE, Grade.NOT)])
def test_talks_are_core_a_battle_report_is_related_a_recipe_is_nothing(dossier, one: Article, grade: Grade):
    assert relevance.assess(one, dossier).grade is grade


def told_by(who: str, head: str) -> Article:
    """One text, told of somebody else each time."""
    return article(
        f"{head}: Kiew braucht mehr Panzer",
        f"{who} hat die NATO zu weiteren Lieferungen an die Ukraine aufgefordert. Russland dürfe diesen Krieg nicht gewinnen.",
        f"Ohne Panzer werde Kiew die Front nicht halten, sagte {who}. Moskau setze auf die Müdigkeit des Westens.",
        teaser=f"{who} verlangt von der NATO mehr Hilfe für die Ukraine.",
    )


def test_the_same_words_count_more_from_a_state_than_from_a_voice_that_speaks_for_none(dossier):
    minister = relevance.assess(told_by("Polens Außenminister", "Warschau"), dossier).score
    for who, head in (
        ("Der Politologe", "Politologe"),
        ("Der Bürgermeister", "Bürgermeister"),
        ("Ein Verein", "Verein"),
    ):
        assert relevance.assess(told_by(who, head), dossier).score < minister


@pytest.mark.parametrize(
    ("headline", "by_state"),
    [
        ("Moskau lehnt ab", True),
        ("Die EU verhängt Strafen", True),
        ("Paris bietet Hilfe an", True),
        ("Russlands Präsident reist ab", True),
        ("Gipfel in Genf: Kanzler Scholz sagt zu", True),
        ("Russische Drohne stürzt ab", False),
        ("Putins Mythos vom Reich", False),
        ("Ein Dorf wartet auf Moskau", False),
        ("", False),
    ],
)
def test_a_state_opens_a_headline_by_its_name_or_by_its_office(dossier, headline: str, by_state: bool):
    sentences = relevance.read_sentences(article(headline, "Es regnet."), dossier)
    assert any(s.by_state for s in sentences) is by_state


def test_a_word_counts_less_the_later_it_first_comes(dossier):
    lines = [f"Der Zug nach Ulm hält {n} Mal." for n in range(7)]
    sentences = relevance.read_sentences(article("Oma strickt", *lines, "Zuletzt regnete Asche."), dossier)
    early = relevance.early_words(sentences)
    first, middle, last = (sentences[at].tags[-1] for at in (0, 4, -1))
    assert early[first] > early[middle] > early[last] > 0
    assert sum(weight * weight for weight in early.values()) == pytest.approx(1)
    assert relevance.early_words(()) == {}


def test_words_have_the_very_strings_of_the_model_so_that_no_letters_need_be_compared(dossier):
    model = dossier.model
    tables = (model.sentence_words, model.matter.words, model.act.words, model.sentence_pairs)
    sentences = relevance.read_sentences(TALKS, dossier)
    tags = {tag: tag for sentence in sentences for tag in sentence.tags}
    for table in tables:
        names = [name for key in table for name in ((key,) if isinstance(key, str) else key) if name in tags]
        assert names
        assert all(tags[name] is name for name in names)


def test_an_article_that_misses_the_matter_or_the_act_is_not_core(dossier):
    assert dossier.model is not None
    never = relevance.Question(facts={"": -9.0})
    assert relevance.assess(TALKS, dossier).grade is Grade.CORE
    for part in relevance.QUESTIONS:
        doubting = replace(dossier, model=replace(dossier.model, **{part: never}))
        assert relevance.assess(TALKS, doubting).score < 0.01


@pytest.mark.parametrize("mark", ["Kommentar: ", "Gastbeitrag: ", "„Blatt“-Kommentar: "])
def test_a_comment_on_an_act_is_not_the_act(dossier, mark: str):
    report = relevance.assess(TALKS, dossier)
    head, teaser, *body = TALKS.text.split("\n")
    comment = relevance.assess(article(mark + head, *body, teaser=teaser), dossier)
    assert comment.score < report.score / 2


def test_nobody_s_comment_is_no_comment(dossier):
    sentences = relevance.read_sentences(TALKS, dossier)
    known = relevance.masks(dossier.rows)
    for text in ("Kein Kommentar, heißt es im Kreml.", "12 Kommentare", "Moskau meint Berlin und sagt es nicht."):
        assert not relevance.article_facts(text, sentences[:1], [0.0], known)[relevance.COMMENT]


def test_the_reasons_name_rows_and_words_of_the_text(dossier):
    told = relevance.assess(TALKS, dossier)
    words = {reason.rule: reason.words for reason in told.reasons}
    assert words["russland/sitz-moskau"][0] == "Kreml"
    assert all(word in TALKS.text for hit in words.values() for word in hit)


def test_up_to_three_sentences_decide_and_lie_in_the_text_in_order(dossier):
    spans = relevance.assess(TALKS, dossier).sentences
    assert 1 <= len(spans) <= 3
    assert list(spans) == sorted(spans)
    assert all(0 <= start < end <= len(TALKS.text) for start, end in spans)
    assert "lehnt" in TALKS.text[slice(*spans[0])]


def test_the_same_article_is_assessed_the_same_way_twice(dossier):
    assert relevance.assess(TALKS, dossier) == relevance.assess(TALKS, relevance.load_dossier(dossier.name))


def test_without_a_model_the_rules_alone_grade(dossier):
    bare = relevance.load_dossier(dossier.name, with_model=False)
    told = relevance.assess(TALKS, bare)
    assert told.grade is told.rule_grade is Grade.CORE
    assert told.coder != dossier.coder


@pytest.mark.parametrize(
    ("word", "hit"),
    [
        ("Betas", True),
        ("betagte", False),
        ("Alphagipfel", True),
        ("Alpha", True),
        ("Gamma", False),
        ("Weißen Hauses", True),
    ],
)
def test_patterns_know_inflection_compounds_neighbours_and_exceptions(probe, word: str, hit: bool):
    (sentence,) = relevance.read_sentences(article(word), probe)
    assert bool(sentence.rows) is hit


@pytest.mark.parametrize("name", relevance.dossier_names())
def test_a_word_has_the_rows_whose_patterns_match_the_whole_of_it(name: str):
    dossier = relevance.load_dossier(name)
    rows = [(matcher(row.words), matcher(row.excluded)) for row in dossier.rows]
    stems = [w.replace("*", "") for row in dossier.rows for w in (*row.words, *row.excluded) if " " not in w][::3]
    words = [*(f"über{stem}en" for stem in stems), *(f"{stem}s" for stem in stems), *(f"un{stem}" for stem in stems)]
    for word in (*stems, *(stem[:-1] for stem in stems), *words):
        found = [bool(named.fullmatch(word)) and not excluded.fullmatch(word) for named, excluded in rows]
        assert dossier.lexicon(word).rows == sum(1 << at for at, hit in enumerate(found) if hit), word


def matcher(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """What a row's words mean, as the documents say: * is any letters."""
    single = [pattern.replace("*", r"\w*") for pattern in patterns if " " not in pattern]
    return re.compile("|".join(single) or r"(?!)")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('kind = "act"', 'kind = "akt"'), "kind must be one of"),
        (('words = ["alpha*"]', "words = []"), "row 'alpha': has no words"),
        (('words = ["alpha*"]', 'words = ["Alpha*"]'), "'Alpha*' is no pattern"),
        (('words = ["alpha*"]', 'words = ["*"]'), "would match nearly everything"),
        (('words = ["alpha*"]', 'wort = ["alpha*"]'), "unknown wort"),
        (('name = "alpha", ', ""), "name is missing"),
        (('title = "Probe"', ""), "title is missing"),
        (("[canary]", "[kanarie]"), "unknown kanarie"),
        (('title = "Probe"', 'title = "Probe"\nmodel = "weg.npz"'), "model 'weg.npz' is not there"),
        (("[canary]", "[rules]\ncore = 1\nrelated = 2\n[canary]"), "must not be above core"),
        (("[canary]", "[rules]\ncore = -1\n[canary]"), "must be a number above 0"),
        (('kind = "core"', 'kind = "side"'), "no group of kind 'core'"),
        (("[[group]]", "[[group"), "no TOML"),
        (('words = ["alpha*"]', 'words = "alpha*"'), "words: must be a list"),
        (('words = ["alpha*"]', "words = 7"), "words: must be a list"),
        (('words = ["alpha*"]', 'words = ["alpha*"], not = "alphabet"'), "not: must be a list"),
        (('kind = "core"\nrows = ', 'kind = "core"\nrows = 3\nrow = '), "unknown row"),
        (('rows = [{ name = "alpha", words = ["alpha*"] }]', "rows = 3"), "rows: must be a list of tables"),
        (('rows = [{ name = "alpha", words = ["alpha*"] }]', 'rows = ["alpha"]'), "rows: must be a list of tables"),
        (('title = "Probe"', 'title = "Probe"\nrules = 3'), "rules: must be a table"),
        (('title = "Probe"', 'title = "Probe"\nmodel = 3'), "model must be text"),
        (("[canary]", "[rules]\ncore = nan\n[canary]"), "must be a number above 0"),
        (("[canary]", "[rules]\ncore = inf\n[canary]"), "must be a number above 0"),
        (("[canary]", "[canary]\nbody = 'Alpha'"), "body must be a list of paragraphs"),
        (("[canary]", "[canary]\nbody = [3]"), "body must be a list of paragraphs"),
        (("[canary]", '[canary]\nteaser = ["Alpha"]'), "teaser must be text"),
        (('title = "Probe"', 'title = "Probe"\nabout = 3'), "about must be text"),
        (
            (
                "[[group]]",
                '[[group]]\nname = "ours"\nkind = "noise"\nrows = []\n[[group]]\nname = "ours"\nkind = "side"\n[[group]]',
            ),
            "as 'noise', too",
        ),
    ],
)
def test_a_broken_dossier_is_an_error_at_load_that_names_the_place(tmp_path: Path, change: tuple[str, str], told: str):
    path = tmp_path / "mine.toml"
    path.write_text(MINIMAL.replace(*change, 1))
    with pytest.raises(relevance.BrokenDossier) as caught:
        relevance.load_dossier(path)
    assert str(path) in str(caught.value)
    assert told in str(caught.value)


def test_a_broken_row_is_told_with_its_line(tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_text(MINIMAL.replace('words = ["alpha*"]', "words = []", 1))
    line = 1 + next(k for k, text in enumerate(path.read_text().splitlines()) if "words = []" in text)
    with pytest.raises(relevance.BrokenDossier, match=f"mine.toml:{line}: group '[^']*': row 'alpha': has no words"):
        relevance.load_dossier(path)


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "."])
def test_a_name_that_no_file_can_have_is_no_dossier(name: str):
    with pytest.raises(relevance.BrokenDossier):
        relevance.load_dossier(name)


def test_half_a_model_is_told(tmp_path: Path):
    (tmp_path / "half.npz").write_bytes(b"PK\x03\x04" + bytes(200))
    (tmp_path / "mine.toml").write_text(MINIMAL.replace('title = "Probe"', 'title = "Probe"\nmodel = "half.npz"', 1))
    with pytest.raises(relevance.BrokenDossier, match=r"'half\.npz' cannot be read"):
        relevance.load_dossier(tmp_path / "mine.toml")


def test_a_mark_of_byte_order_is_no_part_of_a_dossier(tmp_path: Path):
    (tmp_path / "mine.toml").write_text("\ufeff" + MINIMAL, encoding="utf-8")
    assert relevance.load_dossier(tmp_path / "mine.toml").title == "Probe"


def test_an_umlaut_of_two_characters_is_the_letter_that_articles_have(tmp_path: Path):
    """Some systems write them so, and a word with one was refused for what nobody can see."""
    (tmp_path / "mine.toml").write_text(unicodedata.normalize("NFD", MINIMAL.replace("alpha*", "däne*", 1)), "utf-8")
    rows = relevance.load_dossier(tmp_path / "mine.toml").rows
    assert ("däne*",) in [row.words for row in rows]


@pytest.mark.timeout(20)
def test_a_pattern_of_many_stars_reads_a_long_word_at_once(tmp_path: Path):
    (tmp_path / "mine.toml").write_text(MINIMAL.replace("alpha*", "*ab*ab*ab*ab*ab*ab*zz*", 1))
    entry = relevance.load_dossier(tmp_path / "mine.toml").lexicon
    assert not entry("ab" * 1000).rows
    assert entry("ab" * 1000 + "zzz").rows


def test_a_dossier_that_is_not_there_says_which_are():
    with pytest.raises(relevance.BrokenDossier, match="iran-atom, russland-nato-ukraine"):
        relevance.load_dossier("mond-landung")


def test_the_prefilter_passes_whatever_the_rules_could_grade(dossier):
    for one in (TALKS, BATTLE, RECIPE):
        if any(s.rows & relevance.masks(dossier.rows).core for s in relevance.read_sentences(one, dossier)):
            assert relevance.prefilter(one.text, dossier)
    assert not relevance.prefilter(RECIPE.text, dossier)


def test_the_prefilter_reads_five_megabytes_a_second(dossier):
    text = RECIPE.text * 400
    started = time.perf_counter()
    for _ in range(20):
        relevance.prefilter(text, dossier)
    assert 20 * len(text) / 1e6 / (time.perf_counter() - started) > 5


def test_the_weekly_sample_is_the_same_whatever_the_order_and_changes_with_the_week():
    ids = [f"article-{n}" for n in range(200)]
    sample = relevance.review_sample(ids, "2022-W03", 10)
    assert sample == relevance.review_sample(reversed(ids), "2022-W03", 10)
    assert len(sample) == 10
    assert sample != relevance.review_sample(ids, "2022-W04", 10)
    assert relevance.review_sample(ids[:3], "2022-W03", 10) != ()


def test_weights_hold_no_text(dossier):
    """Single words and pairs of neighbours, nothing longer: no sentence can be read out of a model."""
    model = dossier.model
    assert model is not None
    asked = [table for q in (model.matter, model.act) for table in (q.head_words, q.words)]
    assert all(" " not in word for table in (model.sentence_words, *asked) for word in table)


@pytest.mark.shared
def test_the_prefilter_loses_no_core_article_of_the_gold_set(dossier):
    gold = SHARED / "gold"
    if not gold.exists():
        pytest.skip("../shared/gold is not here")
    grades = {row["id"]: row["grade"] for row in map(json.loads, (gold / "gold.jsonl").read_text().splitlines())}
    for row in map(json.loads, (gold / "articles.jsonl").read_text().splitlines()):
        if grades[row["id"]] == 2:
            assert relevance.prefilter(row["title"] + " " + (row["teaser"] or "") + " " + row["text"], dossier), row[
                "id"
            ]


@pytest.mark.shared
def test_an_article_takes_few_milliseconds(dossier):
    corpus = SHARED / "corpus" / "articles.jsonl.gz"
    if not corpus.exists():
        pytest.skip("../shared/corpus is not here")
    with gzip.open(corpus, "rt") as file:
        rows = [json.loads(next(file)) for _ in range(400)]
    articles = [article(r["title"], *r["text"].split("\n"), teaser=r["teaser"] or "") for r in rows]
    for one in articles:
        relevance.assess(one, dossier)
    started = time.process_time()
    for one in articles:
        relevance.assess(one, dossier)
    # 0.9 ms measured; the bound leaves room for a slow machine.
    assert (time.process_time() - started) / len(articles) < 0.006
