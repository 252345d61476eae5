"""Promises of the reader of German: tokens, sentences, morphology, clauses, and what happens without weights."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import spacy
from articles import article_of
from spacy.attrs import NAMES

from extractors.language import Clause, Document, Origin, agreement, patterns, read_text, syntax
from extractors.language.morphology import analyse, gender
from extractors.language.remembered import Floats, Remembered
from extractors.language.splitting import sentences, tokens
from extractors.language.vectors import remembering
from extractors.language.window_encoder import encoder
from extractors.model import PartKind


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Am 12. Januar tagt der Rat. Danach reisen alle ab.", 2),
        ("Dr. Schmidt sprach mit Prof. Meier über ca. 3,5 Mio. Euro.", 1),
        ("„Kommt er?“, fragte sie. Er kam.", 2),
        ("„Das ist klar. Wir gehen“, sagte der Minister.", 2),
        ("Er kam z. B. aus Kiew, d. h. aus der Ukraine.", 1),
        ("+++ 14:32 Uhr: Gespräche beginnen +++ 14:40 Uhr: Gespräche enden +++", 2),
        ("George W. Bush und J. D. Vance trafen sich am 3. Mai.", 1),
        ("Das war im Jahr 2014. Danach kam nichts.", 2),
        ("Die Nachrichtenagentur Ria Nowosti meldete: „Alles ruhig!“ Mehr nicht.", 2),
        ("Der 3. Gipfel fand am 24. und 25. März statt.", 1),
        ("Kallas legte ein 21. Sanktionspaket vor.", 1),
        ("Er reist am 18. Danach berät der Rat.", 2),
        ("Minister kommen zusammenBei dem Treffen geht es um Getreide.", 2),
        ("„Wir gehen nicht“Der Minister blieb hart.", 2),
        ("Die PolitikerInnen und ein Konto bei LinkedIn.", 1),
    ],
)
def test_sentences_survive_abbreviations_ordinals_quotes_and_tickers(line: str, count: int) -> None:
    assert len(list(sentences(line))) == count


@pytest.mark.parametrize(
    "word",
    ["NATO-Russland-Rat", "US-Vizeaußenministerin", "100.000", "15:30", "27-jährige", "https://example.org/a?b=1"],
)
def test_compounds_numbers_and_addresses_are_one_token(word: str) -> None:
    assert [piece.text for piece in tokens(f"Das {word} da")] == ["Das", word, "da"]


@pytest.mark.parametrize("line", ["Russland sagt, dass " * 2000, "Mali " * 5000, "a, " * 200 + "b " * 200])
def test_a_text_without_stops_is_read_in_pieces(line: str) -> None:
    """One sentence of it took minutes: each clause was compared with each."""
    found = list(sentences(line))
    assert max(map(len, found)) <= 300
    assert [piece for one in found for piece in one] == tokens(line)
    assert found[0][-1].text == "," or "," not in line


@pytest.mark.timeout(10)
@pytest.mark.parametrize("letters", ['"', "“", "a.", "+a", "ö-a."])
def test_a_page_of_the_same_letters_takes_linear_time(letters: str) -> None:
    """An article has up to 400,000 characters, and is read in our own process: of some such hours were spent on a sentence."""
    line = letters * (100_000 // len(letters))
    assert "".join(piece.text for one in sentences(line) for piece in one) == line


@pytest.mark.parametrize("address", ["redaktion@haus.example", f"{'r' * 64}@haus.example"])
def test_a_mail_address_is_one_token(address: str) -> None:
    assert [piece.text for piece in tokens(f"an {address} da")] == ["an", address, "da"]


def test_the_first_token_from_a_character_on_may_begin_behind_it() -> None:
    text = "Der Rat  tagt."
    (sentence,) = read_text(text).sentences
    found = [sentence.first_from(at) for at in (0, 1, text.index("tagt") - 1, text.index("."), len(text))]
    assert [token.text if token is not None else None for token in found] == ["Der", "Rat", "tagt", ".", None]


def test_every_token_is_the_stretch_it_says() -> None:
    text = "Die „Lage“ – so der Kreml – sei „ernst“.\nKiew (dpa) widerspricht: Nein!"
    for sentence in read_text(text).sentences:
        assert all(text[token.start : token.end] == token.text for token in sentence.tokens)
        assert "\n" not in text[sentence.start : sentence.end]


def test_headline_teaser_and_paragraphs_are_never_one_sentence() -> None:
    article = article_of("Es begann spät", headline="Erste Gespräche", teaser="Treffen in Genf", dated=None)
    document = read_text(article.text, article.parts)

    assert [s.part for s in document.sentences] == [PartKind.HEADLINE, PartKind.TEASER, PartKind.PARAGRAPH]


def clause(text: str, n: int = 0) -> tuple[Document, Clause]:
    document = read_text(text)
    return document, document.sentences[0].clauses[n]


def words(document: Document, found: Clause, role: str) -> str:
    stretch = found.role(role)
    return document.text[stretch.start : stretch.end] if stretch else ""


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("Die NATO lehnt Garantien ab.", "ablehnen"),
        ("Stoltenberg sicherte der Ukraine Hilfe zu.", "zusichern"),
        ("Rjabkow hatte schwierige Gespräche vorhergesagt.", "vorhersagen"),
        ("Die Minister kamen in Genf zusammen.", "zusammenkommen"),
    ],
)
def test_separable_verbs_are_whole(text: str, predicate: str) -> None:
    assert clause(text)[1].predicate == predicate


def test_the_one_who_acts_in_a_passive_is_the_agent() -> None:
    document, found = clause("Die Ukraine wurde von russischen Truppen angegriffen.")

    assert (found.voice, words(document, found, "subject")) == ("passive", "Die Ukraine")
    assert words(document, found, "agent") == "von russischen Truppen"


def test_a_bare_dative_is_the_recipient() -> None:
    document, found = clause("Stoltenberg sicherte der Ukraine am Montag Unterstützung zu.")

    assert words(document, found, "recipient") == "der Ukraine"


def test_a_name_that_opens_a_headline_acts() -> None:
    document, found = clause("NATO weist Forderung Moskaus zurück")

    assert (words(document, found, "subject"), words(document, found, "object")) == ("NATO", "Forderung Moskaus")


@pytest.mark.parametrize(
    ("text", "mood", "tense"),
    [
        ("Russland habe klare Positionen.", "konjunktiv1", "present"),
        ("Das würde Moskau begrüßen.", "konjunktiv2", "present"),
        ("Putin hatte das gesagt.", "indicative", "pluperfect"),
        ("Putin hat das gesagt.", "indicative", "perfect"),
        ("Putin wird nach Peking reisen.", "indicative", "future"),
        ("Putin reiste nach Peking.", "indicative", "preterite"),
        ("Putin reist nach Peking.", "indicative", "present"),
        ("Macron traf Putin.", "indicative", "preterite"),
        ("Die NATO beriet am Freitag.", "indicative", "preterite"),
        ("Die Minister haben lange beraten.", "indicative", "perfect"),
    ],
)
def test_mood_and_tense(text: str, mood: str, tense: str) -> None:
    found = clause(text)[1]

    assert (found.mood, found.tense) == (mood, tense)


def test_negation_belongs_to_its_clause() -> None:
    document = read_text("Russland habe versprochen, dass es die Ukraine nicht angreifen werde.")

    assert [c.negated for c in document.sentences[0].clauses] == [False, True]


@pytest.mark.parametrize(
    ("text", "agent"),
    [
        ("Oslo bekam von Paris neue Radargeräte zugesagt.", "von Paris"),
        ("Oslo hat von Paris neue Radargeräte zugesagt bekommen.", "von Paris"),
        ("Oslo ließ sich von Paris neue Radargeräte zusagen.", "von Paris"),
        ("Oslo wurde seitens der Regierung gelobt.", "seitens der Regierung"),
    ],
)
def test_a_passive_may_be_made_without_werden(text: str, agent: str) -> None:
    document = read_text(text)
    passive = next(c for c in document.sentences[0].clauses if c.voice == "passive")

    assert words(document, passive, "agent") == agent
    assert words(document, passive, "subject") == "Oslo"


def test_who_only_gets_something_done_by_nobody_is_told_as_usual() -> None:
    (sentence,) = read_text("Oslo hat neue Radargeräte bekommen und ließ sich beraten.").sentences

    assert "passive" not in {c.voice for c in sentence.clauses}


@pytest.mark.parametrize("name", ["Guterres", "Pistorius", "Belarus", "Maas", "Truss"])
def test_a_name_that_ends_in_s_is_no_genitive(name: str) -> None:
    (sentence,) = read_text(f"Zuvor war {name} mit Lawrow zusammengekommen.").sentences
    token = next(token for token in sentence.tokens if token.text == name)
    assert token.case == ("nom", "acc", "dat")


def test_a_name_behind_its_bare_title_can_be_the_subject() -> None:
    (sentence,) = read_text(
        "Beim Gipfel in Kasan hat Generalsekretär António Guterres den Präsidenten getroffen."
    ).sentences
    subject = sentence.clauses[0].subject
    assert subject is not None
    assert sentence.tokens[subject.heads[0]].text == "Generalsekretär"


@pytest.mark.parametrize(
    "text", ["Sowohl Moskau als auch Kiew begrüßten den Plan.", "Moskau wie Kiew begrüßten den Plan."]
)
def test_two_of_a_kind_are_one_subject_and_no_comparison(text: str) -> None:
    (sentence,) = read_text(text).sentences
    (found,) = sentence.clauses
    assert found.subject is not None
    assert [sentence.tokens[k].text for k in found.subject.heads] == ["Moskau", "Kiew"]
    assert found.kind == "main"


def test_what_sowohl_leads_is_nothing_of_the_noun_before_it() -> None:
    (sentence,) = read_text(
        "Zur Feier hat Präsidentin Lena Berg sowohl Kanzlerin Eva Stein (SPÖ) wie auch den lettischen Minister eingeladen."
    ).sentences
    (found,) = sentence.clauses
    roles = {role.name: [sentence.tokens[k].text for k in role.heads] for role in found.roles}
    assert (roles["subject"], roles["object"]) == (["Präsidentin"], ["Kanzlerin", "Minister"])
    assert roles["oblique"] == ["Feier"]


@pytest.mark.parametrize(
    ("text", "who", "what"),
    [
        ("Erstmals hat der Uno-Sicherheitsrat in Oslo am Montag eine Resolution verabschiedet.", "Uno-Sicherheitsrat", "Resolution"),
        ("Der EU-Sonderbeauftragte Lars Berg forderte ein Treffen.", "EU-Sonderbeauftragte", "Treffen"),
        ("Das Regelwerk muss von Riga eingehalten werden, mahnt der EFTA-Vorsitzende Lars Berg in Oslo.", "EFTA-Vorsitzende", ""),
    ],
)  # fmt: skip
def test_what_its_article_says_is_a_nominative_is_the_subject(text: str, who: str, what: str) -> None:
    (sentence,) = read_text(text).sentences
    (found,) = (c for c in sentence.clauses if c.subject and who in [sentence.tokens[k].text for k in c.subject.heads])
    objects = [sentence.tokens[k].text for role in found.roles if role.name == "object" for k in role.heads]
    assert objects == ([what] if what else [])


def test_to_whom_something_is_promised_is_no_attribute_of_it() -> None:
    (sentence,) = read_text(
        "Scholz reiste nach Kiew, wo er Selenskyj traf und der Ukraine weitere Hilfe zusagte."
    ).sentences
    promised = sentence.clauses[-1]
    roles = {role.name: [sentence.tokens[k].text for k in role.heads] for role in promised.roles}
    assert (roles["subject"], roles["recipient"], roles["object"]) == (["er"], ["Ukraine"], ["Hilfe"])


def test_what_a_finite_verb_ends_is_a_clause_and_no_time() -> None:
    for text, marker, who in (
        ("Seit Russland die Ukraine angegriffen hat, liefert Berlin Waffen.", "seit", "Russland"),
        ("Während Moskau Kiew drohte, verhandelte Ankara mit beiden.", "während", "Moskau"),
    ):
        (sentence,) = read_text(text).sentences
        first, main = sentence.clauses
        assert (first.marker, main.marker) == (marker, "")
        assert first.subject is not None
        assert [sentence.tokens[k].text for k in first.subject.heads] == [who]
    (other,) = read_text("Seit Montag verhandelt Russland.").sentences
    assert other.clauses[0].marker == ""


def test_coordinated_verbs_share_their_subject() -> None:
    document, found = clause("Selenskyj dankte den USA und kritisierte Ungarn.", 1)

    assert (found.predicate, words(document, found, "subject")) == ("kritisieren", "Selenskyj")


def test_a_bad_tag_of_a_participle_is_mended() -> None:
    assert analyse(["Er", "hatte", "es", "vorhergesagt", "."])[3][:2] == ("vorhersagen", "VVPP")


def test_gender_of_a_compound_is_that_of_its_last_part() -> None:
    assert gender("Truppenaufmarsch") == gender("Aufmarsch") == "m"


def test_the_tagger_finds_what_hanta_finds() -> None:
    from HanTa.HanoverTagger import HanoverTagger

    from extractors.language import morphology

    ours, theirs = morphology._tagger(), HanoverTagger("morphmodel_ger.pgz")
    for line in (
        "Truppenaufmarschgebiete und Sanktionspaketchen enttäuschten Außenministerinnen wie Xqzrt .",
        "Weder die NATO-Russland-Räte noch Lawrows 27-jährige Stellvertreterin lehnten 1.234,5 Angebote ab",
        "+++ 14:32 : \" Njet ! \" , twitterte @kreml … ' so ' - ä ß ÖVP d.h. usw. e 'n",
        "Vorhergesagtes zurückzunehmen hieße , Unvorhergesehenes anzuerkennen ; gelingt's ?",
        "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa war da",
    ):
        words = line.split()
        tags = theirs.tag_sent_viterbi(words)
        assert ours.tags(words) == tags
        assert [ours.lemma(*one) for one in zip(words, tags, strict=True)] == [
            theirs._analyze(*one)[0] for one in zip(words, tags, strict=True)
        ]


def test_classes_that_lead_to_another_are_those_that_hanta_finds() -> None:
    from HanTa.HanoverTagger import HanoverTagger

    from extractors.language import forms, morphology
    from extractors.language.tagger import Tagger

    path, _ = morphology.model()
    ours, theirs = Tagger(str(path), forms.NO_FORMS), Tagger(str(path), forms.NO_FORMS)
    theirs.reachability = {}
    HanoverTagger.reachable(theirs)
    assert ours.reachability == theirs.reachability
    assert len(ours.reachability) > 50


def test_no_rules_for_tokens_are_loaded() -> None:
    nlp = syntax.pipeline()
    assert nlp is not None
    assert not nlp.tokenizer.rules


def test_of_a_new_word_no_more_is_worked_out_than_the_networks_ask() -> None:
    nlp = syntax.pipeline()
    assert nlp is not None
    assert sorted(NAMES[getter] for getter in nlp.vocab.lex_attr_getters) == ["NORM", "PREFIX", "SHAPE", "SUFFIX"]
    assert nlp.vocab["Nachtgipfel"].shape_ == "Xxxxx"


def test_remembered_vectors_are_the_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    from extractors.language import vectors

    nlp = syntax.pipeline()
    assert nlp is not None
    monkeypatch.setattr(vectors, "_MOST", 3)
    plain, few = nlp.vocab.vectors, vectors.remembering(nlp.vocab.vectors)
    words = [nlp.vocab.strings.add(word) for word in "Krise Gas Krise Lawrow Genf Gipfel".split()]
    for batch in (words[:2], words[2:5], words[:1], words):
        assert (few.get_batch(batch) == super(vectors.Remembering, plain).get_batch(batch)).all()


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    asked: list[str] = []

    def lengths(words: list[str]) -> Floats:
        asked.extend(words)
        return np.array([[len(word)] for word in words], dtype=np.float32)

    few = Remembered(lengths, 1, most=3)
    for words in (["ab", "a", "ab"], ["abc", "a"], ["abcd"], ["abcde", "ab", "a", "b"], []):
        assert few.rows(words).tolist() == [[len(word)] for word in words]
    # What was known is not asked again, until all was forgotten; more than there is room for is not even kept.
    assert asked == ["ab", "a", "abc", "abcd", "abcde", "ab", "a", "b"]


def test_trees_and_names_are_those_that_spacy_finds() -> None:
    """Each line read with all layers and steps left as spaCy runs them."""
    ours, nlp = syntax.pipeline(), spacy.load(syntax.WEIGHTS, exclude=["tokenizer", "strings"])
    assert ours is not None
    nlp.vocab.vectors = remembering(nlp.vocab.vectors)
    lines = [
        "Die Außenminister der NATO reisten nach Genf . | Kiew lehnte ab , was Moskau forderte . | Nein ! | Lawrow",
        "Kiew lehnte ab , was Moskau forderte .",
        "Der russische Außenminister Sergej Lawrow | Antony Blinken Vereinte Nationen",
        "",
    ]
    given = [_line(line) for line in lines]
    for line, tree in zip(given, syntax.reader(ours).parse(given), strict=True):
        doc = syntax._described(nlp, list(zip(line.words, line.morphology, strict=True)))
        for token, begins in zip(doc, line.begins, strict=True):
            token.is_sent_start = begins
        for _, component in nlp.pipeline:
            doc = component(doc)
        assert (tree.heads, tree.labels) == ([token.head.i for token in doc], [token.dep_ for token in doc])
        assert tree.entities == [(entity.start, entity.end, entity.label_) for entity in doc.ents]


def _line(text: str) -> syntax.Line:
    """A line for the parser, of sentences between bars."""
    told = [sentence.split() for sentence in text.split("|")]
    return syntax.Line(
        words=[word for one in told for word in one],
        morphology=[word for one in told for word in analyse(one)],
        begins=[k == 0 for one in told for k, _ in enumerate(one)],
    )


def test_the_encoder_reads_what_spacys_reads() -> None:
    nlp = spacy.load(syntax.WEIGHTS, exclude=["tokenizer", "strings"])
    model = nlp.get_pipe("tok2vec").model.get_ref("encode")
    lengths = [3, 1, 0, 9]
    rows = np.random.default_rng(3).normal(size=(sum(lengths), 96)).astype(np.float32)
    lines = np.split(rows, np.cumsum(lengths)[:-1])
    for ours, theirs in zip(encoder(model).encode(rows, lengths), model.predict(lines), strict=True):
        assert np.abs(ours - theirs).max(initial=0.0) < 1e-5


def test_an_unknown_tagger_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from extractors.language import morphology

    monkeypatch.setattr(morphology, "TRUSTED_MODELS", frozenset())
    with pytest.raises(morphology.ModelChangedError, match="not a model we know"):
        morphology._tagger.__wrapped__()


def test_without_weights_patterns_serve_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "pipeline", lambda: None)
    document = read_text("Die NATO lehnt die Forderung ab.")
    found = document.sentences[0].clauses[0]

    assert not document.parsed
    assert (found.predicate, words(document, found, "subject"), words(document, found, "object")) == (
        "ablehnen",
        "Die NATO",
        "die Forderung",
    )
    assert {token.origin for token in document.sentences[0].tokens} == {Origin.PATTERN}


def test_patterns_find_the_main_clause_and_the_dependent_one() -> None:
    line = "Der Minister sagte , dass die NATO den Plan ablehnt .".split()
    heads, labels = patterns.tree(line, analyse(line))

    assert labels[2] == "ROOT"
    assert labels[line.index("ablehnt")] == "advcl"
    assert heads[line.index("ablehnt")] == 2


def test_the_pipeline_keeps_its_pace() -> None:
    """3,000 words a second on one core is the floor; a busy test machine is given half of it."""
    line = "Die Außenminister der NATO lehnten am Montag in Brüssel die Forderungen Moskaus nach neuen Garantien ab. "
    text = "\n".join([line * 4] * 25)
    read_text(text[:500])
    began = time.process_time()
    read_text(text)
    assert len(text.split()) / (time.process_time() - began) > 1500


def test_the_start_does_not_wait_for_spacys_command_line() -> None:
    code = (
        "import sys; from extractors.language import warm; warm(); "
        "late = {'spacy.cli', 'weasel', 'requests', 'httpx'} & set(sys.modules); "
        "import spacy; print(sorted(late), spacy.info(silent=True)['spacy_version'] == spacy.__version__)"
    )
    told = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split("\n")[-2] == "[] True"


def test_what_is_remembered_of_a_word_stays_the_word_s_own_under_many_threads() -> None:
    def slow(words: list[str]) -> np.ndarray:
        time.sleep(0.001)  # another thread comes in between
        return np.array([[float(word)] for word in words], dtype=np.float32)

    known = Remembered(slow, 1, most=300)
    asked = [[str((7 * k + 13 * n) % 400) for n in range(20)] for k in range(60)]
    with ThreadPoolExecutor(8) as pool:
        for words, rows in zip(asked, pool.map(known.rows, asked), strict=True):
            assert rows[:, 0].tolist() == [float(word) for word in words]


@pytest.mark.parametrize(
    ("word", "lemma", "tag", "before", "number"),
    [
        ("reise", "Reise", "NN", ["die"], "one"),
        ("staaten", "Staat", "NN", ["mehrere"], "many"),
        ("palästinenser", "Palästinenser", "NN", ["junge"], "many"),
        ("palästinenser", "Palästinenser", "NN", [], ""),
        ("botschafter", "Botschafter", "NN", ["die"], "many"),
        ("botschafter", "Botschafter", "NN", ["dem"], ""),
        ("strafgerichtshof", "Strafgerichtshof", "NN", ["der", "internationale"], "one"),
        ("putin", "Putin", "NE", [], "one"),
        ("usa", "USA", "NE", ["die"], "many"),
        ("usa", "USA", "NE", [], ""),
        ("g7", "G7", "NE", ["die"], ""),
        ("hamas", "Hamas", "NE", ["die"], ""),
        ("nato", "Nato", "NE", ["die"], "one"),
        ("reihe", "Reihe", "NN", ["eine"], ""),
    ],
)
def test_a_noun_says_whether_it_is_of_several_where_it_does(
    word: str, lemma: str, tag: str, before: list[str], number: str
) -> None:
    assert agreement.of_noun(word, lemma, tag, before) == number


@pytest.mark.parametrize(("verb", "number"), [("drohen", "many"), ("droht", "one"), ("sind", "many"), ("erschien", "")])
def test_a_finite_verb_says_whether_it_is_of_several(verb: str, number: str) -> None:
    assert agreement.of_verb(verb) == number


def test_der_says_which_noun_is_a_subject() -> None:
    assert agreement.is_nominative("kreml-sprecher", "Kreml-sprecher", "NN", "der")
    assert agreement.is_nominative("gesandte", "Gesandte", "NNA", "der")
    assert not agreement.is_nominative("regierung", "Regierung", "NN", "der")
    assert not agreement.is_nominative("gesandten", "Gesandte", "NNA", "der")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Kiew wird die Raketen bald erhalten.", "future active"),
        ("Duda wird Orban in Warschau empfangen.", "future active"),
        ("Die Stadt werde sich nicht ergeben.", "future active"),
        ("Das Parlament wird den Vertrag am Montag ratifizieren.", "future active"),
        # A name that is an infinitive, too.
        ("Am Montag werden sich Blinken und Duda in Oslo treffen.", "future active"),
        ("Duda wird am Montag in Oslo empfangen.", "present passive"),
        ("Das Papier werde Orban umgehend übergeben.", "present passive"),
        ("Als Gast wird Orban empfangen.", "present passive"),
        ("Die Stadt wurde am Montag überfallen.", "preterite passive"),
    ],
)
def test_an_infinitive_that_looks_like_a_participle_tells_what_is_to_come(text: str, told: str) -> None:
    (clause,) = read_text(text).sentences[0].clauses
    assert f"{clause.tense} {clause.voice}" == told


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Auch Brasilien, die Türkei und Katar lehnten den Entwurf ab.", {"Brasilien", "Türkei", "Katar"}),
        ("Im Juli wollen Berlin, Riga, Oslo und Moskau auf Beraterebene zusammenkommen.", {"Berlin", "Riga", "Oslo", "Moskau"}),
        ("Auch Jordanien, Katar, Ägypten und Marokko äußerten Kritik.", {"Jordanien", "Katar", "Ägypten", "Marokko"}),
    ],
)  # fmt: skip
def test_names_in_a_list_share_a_role(text: str, who: set[str]) -> None:
    (sentence,) = read_text(text).sentences
    (clause,) = sentence.clauses
    assert clause.kind == "main"
    assert clause.subject is not None
    assert {sentence.tokens[head].text for head in clause.subject.heads} == who


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Bei dem Unfall starben mehr als 30 Menschen.", {"subject": "Menschen"}),
        ("In Minsk sind mehr als 1000 Menschen festgenommen worden.", {"subject": "Menschen"}),
        ("Oslo lieferte mehr als 300 Panzer an Riga.", {"subject": "Oslo", "object": "Panzer"}),
        ("An der Übung nehmen weniger als 20 Schiffe teil.", {"subject": "Schiffe"}),
        ("Oslo rügte den Vorfall und belegte mehr als 50 Firmen mit Strafen.", {"subject": "Oslo", "object": "Firmen"}),
        # Behind a preposition the noun has its role already.
        ("Duda sprach mit mehr als 20 Ministern.", {"subject": "Duda", "oblique": "Ministern"}),
    ],
)
def test_what_is_more_than_a_number_has_a_role(text: str, roles: dict[str, str]) -> None:
    (sentence,) = read_text(text).sentences
    found = {role.name: sentence.tokens[role.heads[0]].text for clause in sentence.clauses for role in clause.roles}
    assert found.items() >= roles.items()


@pytest.mark.parametrize(
    ("text", "predicate", "tense", "subject"),
    [
        ("In Oslo ist für Samstag eine Kundgebung gegen Orban geplant.", "planen", "perfect", "Kundgebung"),
        ("Das lettische Parlament hat am Dienstagabend der Aufnahme Georgiens in die NATO zugestimmt.", "zustimmen", "perfect", "Parlament"),
        ("Am Sonntag ist in Riga nach Angaben der Polizei ein Brand an der Leitung ausgebrochen.", "ausbrechen", "perfect", "Brand"),
        ("Zum Jahresbeginn hat Belarus wie angekündigt seine Lieferungen nach Lettland eingestellt.", "einstellen", "perfect", "Belarus"),
    ],
)  # fmt: skip
def test_a_finite_verb_and_the_participle_at_the_end_are_one(
    text: str, predicate: str, tense: str, subject: str
) -> None:
    (sentence,) = read_text(text).sentences
    (clause,) = sentence.clauses
    assert clause.subject is not None
    assert (clause.predicate, clause.tense) == (predicate, tense)
    assert sentence.tokens[clause.subject.heads[0]].text == subject


@pytest.mark.parametrize(
    ("text", "subject", "object_"),
    [
        ("Zuletzt hatte Oslo Riga zu Gesprächen gedrängt.", "Oslo", "Riga"),
        ("Seit Dudas Amtsantritt versucht die Regierung einen Neubeginn.", "Regierung", "Neubeginn"),
        ("Tusk bezeichnete die Lage als „ernst“.", "Tusk", "Lage"),
    ],
)
def test_neither_an_adverb_nor_what_a_preposition_leads_is_a_subject(text: str, subject: str, object_: str) -> None:
    (sentence,) = read_text(text).sentences
    clause = sentence.clauses[0]
    assert clause.subject is not None
    assert clause.object is not None
    heads = [sentence.tokens[role.heads[0]].text for role in (clause.subject, clause.object)]
    assert heads == [subject, object_]


def test_an_article_is_no_subject_of_an_infinitive_and_a_relative_pronoun_is_one() -> None:
    (sentence,) = read_text("Es sei wichtig, die Ukraine in der derzeitigen Lage zu stützen.").sentences
    assert not any(
        role.heads == (4,) and role.name == "subject" for clause in sentence.clauses for role in clause.roles
    )
    assert sentence.tokens[4].dep == "det"
    (sentence,) = read_text("Er lobte die Panzer, die Kiew verteidigen.").sentences
    assert sentence.tokens[5].text == "die"
    assert sentence.tokens[5].dep != "det"


@pytest.mark.parametrize("text", ["Tausende gingen am Abend auf die Straße.", "Die Forderungen blieben ohne Antwort."])
def test_what_is_a_preterite_as_well_as_a_subjunctive_is_told_as_done(text: str) -> None:
    (clause,) = read_text(text).sentences[0].clauses
    assert (clause.tense, clause.mood) == ("preterite", "indicative")


def test_behind_a_relative_pronoun_no_list_goes_on() -> None:
    (sentence,) = read_text("Er verurteilte Belarus, das Polen und Litauen bedroht.").sentences
    heads = [sentence.tokens[head].text for role in sentence.clauses[0].roles for head in role.heads]
    assert heads == ["Er", "Belarus"]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("London erlaubte Kiew den Einsatz der Raketen.", {"subject": "London", "recipient": "Kiew"}),
        ("Berlin untersagte Kiew den Einsatz der Panzer.", {"subject": "Berlin", "recipient": "Kiew"}),
        ("Moskau nannte Kiew einen Aggressor.", {"subject": "Moskau", "object": "Kiew"}),
        ("Am Dienstag hat Trump Selenskyj mit Konsequenzen gedroht.", {"subject": "Trump", "recipient": "Selenskyj"}),
    ],
)
def test_of_two_bare_names_that_no_case_tells_apart_the_first_acts(text: str, roles: dict[str, str]) -> None:
    (sentence,) = read_text(text).sentences
    found = {role.name: sentence.tokens[role.heads[0]].text for role in reversed(sentence.clauses[0].roles)}
    assert found.items() >= roles.items()


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Kanada stellte der Ukraine drei Flugzeuge bereit.", "bereitstellen"),
        ("Kanada war zu Gesprächen bereit.", "bereit sein"),
    ],
)
def test_bereit_is_part_of_the_verb_that_it_ends(text: str, verb: str) -> None:
    (sentence,) = read_text(text).sentences
    assert [clause.predicate for clause in sentence.clauses] == [verb]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Riga (dpa) - Lettlands Außenministerin hat der Ukraine Drohnen zugesagt.", "Lettlands"),
        ("Oslo/Riga (APA/dpa) – Minister reisen nach Minsk.", "Minister"),
        ("(Reuters) - Der Präsident droht.", "Der"),
        ("Warschau - Polen hat in der Nacht wegen der Drohnen über seinem Gebiet Konsultationen beantragt.", "Polen"),
        ("Die Minister - Ines Muster und Jan Beispiel - reisten am Montag gemeinsam nach Minsk und Riga.", "Die"),
        ("Peskow (dpa) sagte das.", "Peskow"),
    ],
)
def test_where_a_report_was_filed_is_no_part_of_its_first_sentence(text: str, first: str) -> None:
    (sentence,) = read_text(text).sentences
    assert sentence.tokens[0].text == first


def test_what_hangs_on_an_auxiliary_is_its_verbs() -> None:
    (sentence,) = read_text("Der Kanzler hatte Warschau zuletzt 2020 besucht.").sentences
    found = {role.name: sentence.tokens[role.heads[0]].text for role in sentence.clauses[0].roles}
    assert found["subject"] == "Kanzler"
    assert found["object"] == "Warschau"


def _heads(text: str, clause: int = 0) -> dict[str, str]:
    (sentence,) = read_text(text).sentences
    return {role.name: sentence.tokens[role.heads[0]].text for role in sentence.clauses[clause].roles}


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Am Montag besuchte Scholz Warschau.", {"subject": "Scholz", "object": "Warschau"}),
        ("Am Freitag warf Putin Kiew Terror vor.", {"subject": "Putin", "recipient": "Kiew", "object": "Terror"}),
        ("Zuvor warnte Stoltenberg Russland vor einem Angriff.", {"subject": "Stoltenberg", "object": "Russland"}),
        ("Am Montag traf Joe Biden Boris Johnson.", {"subject": "Joe", "object": "Boris"}),
        ("Dann will Guterres in Odessa Erdogan treffen.", {"subject": "Guterres", "object": "Erdogan"}),
    ],
)
def test_a_known_name_behind_another_stands_for_itself(text: str, roles: dict[str, str]) -> None:
    assert _heads(text).items() >= roles.items()


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (
            "Nach dem Treffen in Genf am Montag wollen Russland und die NATO am Mittwoch sprechen.",
            "Russland und die NATO",
        ),
        ("Zum Gipfel werden auch Putin und Xi erwartet.", "auch Putin und Xi"),
        ("Oslo und die Schweiz liefern Holz.", "Oslo und die Schweiz"),
    ],
)
def test_two_whom_und_joins_share_a_role(text: str, subject: str) -> None:
    (sentence,) = read_text(text).sentences
    role = sentence.clauses[0].subject
    assert role is not None
    assert text[role.start : role.end].startswith(subject)
    assert not [one for one in sentence.clauses[0].roles if one.name == "object" and one.start < role.end]


def test_a_name_of_several_words_stays_one() -> None:
    assert "object" not in _heads("Am Montag reagierte Präsident Wladimir Putin gelassen.")


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Auch die USA verhängten neue Sanktionen.", "verhängen"),
        ("Am Abend betonten beide ihre Freundschaft.", "betonen"),
        ("Eine mit Gewalt durchgesetzte Zone.", None),
    ],
)
def test_a_sentence_without_a_verb_has_one_that_looks_like_an_adjective(text: str, verb: str | None) -> None:
    assert _finite(text) == ([] if verb is None else [verb])


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("Am Mittwoch und am Freitag tagen die Minister in Riga.", ["tagen"]),
        ("Einige Staaten finden, dass Riga zögert.", ["finden", "zögern"]),
        ("Wie wir die Straße gestalten, wenn kein Geld da ist.", ["sein"]),
        ("Zinsen für Waffen nutzen, aber wie?", []),
    ],
)
def test_an_infinitive_is_a_verb_where_the_main_clause_has_no_other(text: str, verbs: list[str]) -> None:
    assert _finite(text) == verbs


def _finite(text: str) -> list[str]:
    (sentence,) = read_text(text).sentences
    return [t.lemma for t in sentence.tokens if t.tag.endswith("FIN")]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Ankara rief dazu auf, „die Waffen niederzulegen“.", {"subject": "Ankara", "object": "Waffen"}),
        (
            "Daher drängt Kiew darauf, die Luftwaffe am Boden bekämpfen zu dürfen.",
            {"subject": "Kiew", "object": "Luftwaffe"},
        ),
    ],
)
def test_an_infinitive_with_zu_has_an_object_and_no_subject_of_its_own(text: str, roles: dict[str, str]) -> None:
    assert _heads(text, 1).items() >= roles.items()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Ungarns Parlament stimmte dem Vertrag zu.", "Parlament"),
        ("Am Montag stimmte Ungarns Parlament dem Vertrag zu.", "Parlament"),
        ("Das kündigte Polens Regierung am Montag an.", "Regierung"),
        ("Dies lehnt das Bündnis ab.", "Bündnis"),
        ("Das sagte der Minister der Zeitung.", "Minister"),
        ("Das überrascht den Minister.", "Das"),
    ],
)
def test_who_acts_may_be_named_by_whose_he_is_or_stand_behind_what_he_says(text: str, who: str) -> None:
    assert _heads(text)["subject"] == who


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        # What "ein" or "den" leads is no attribute of the noun before.
        ("Dabei hat einer der Jets den Propeller der Drohne getroffen.", {"subject": "einer", "object": "Propeller"}),
        ("Zuvor hatte eine Gruppe von Trainern aus Riga von der FIFA den Ausschluss der Mannschaft gefordert.", {"object": "Ausschluss"}),
        ("Im Gespräch mit Riga hat Oslo in einem Brief eine ganz klare Botschaft an Bern gerichtet.", {"subject": "Oslo", "object": "Botschaft"}),
        # At a verb with a dative the state behind the subject is it.
        ("Gestern warf die Sprecherin des Außenministeriums Kiew Sabotage vor.", {"subject": "Sprecherin", "recipient": "Kiew"}),
        ("Zugleich drohte der Sprecher des Präsidenten Riga mit Vergeltung.", {"subject": "Sprecher", "recipient": "Riga"}),
        # What somebody wants stands before him as a pronoun.
        ("Eine Waffenruhe, wie sie Riga und seine Nachbarn fordern, ist fern.", {"object": "sie"}),
        ("Der Plan ist gut, wie sie Reportern sagte.", {"subject": "sie"}),
    ],
)  # fmt: skip
def test_what_stands_behind_a_noun_need_not_be_its_attribute(text: str, roles: dict[str, str]) -> None:
    (sentence,) = read_text(text).sentences
    found = {role.name: sentence.tokens[role.heads[0]].text for clause in sentence.clauses for role in clause.roles}
    assert found.items() >= roles.items()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Duda und Tusk unterzeichneten zwei Abkommen.", {"Duda", "Tusk"}),
        ("Riga und die Ukraine einigen sich auf eine dritte Runde.", {"Riga", "Ukraine"}),
        ("Moskau und die NATO wollen am 12. Januar in Brüssel verhandeln.", {"Moskau", "NATO"}),
        ("Polen und Belarus haben sich am Freitag gegenseitig der Lüge bezichtigt.", {"Polen", "Belarus"}),
    ],
)
def test_both_that_and_joins_before_a_verb_of_several_act(text: str, who: set[str]) -> None:
    for lead in ("", "Die Lage ist angespannt. "):
        *_, sentence = read_text(lead + text).sentences
        (clause,) = sentence.clauses
        assert clause.subject is not None
        assert {sentence.tokens[head].text for head in clause.subject.heads} == who


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Kiew erklärte sich bereit, am Donnerstag eine Delegation nach Oslo zu schicken.", {"oblique": "Donnerstag", "object": "Delegation"}),
        ("Riga bestreitet, Waffen an Minsk zu liefern.", {"object": "Waffen"}),
        ("Zuvor hatte Oslo Riga vorgeworfen, im Streit um Gas bisher keine Bemühungen gezeigt zu haben.", {"oblique": "Streit", "object": "Bemühungen"}),
    ],
)  # fmt: skip
def test_what_stands_between_a_comma_and_an_infinitive_is_its_own(text: str, roles: dict[str, str]) -> None:
    (sentence,) = read_text(text).sentences
    *_, clause = sentence.clauses
    assert {role.name: sentence.tokens[role.heads[0]].text for role in reversed(clause.roles)}.items() >= roles.items()


def test_an_infinitive_before_und_has_its_own_too() -> None:
    text = (
        "Die Außenministerin Baerbock kündigte an, am Freitag an der Sitzung der OSZE teilzunehmen und Minsk zu rügen."
    )
    (sentence,) = read_text(text).sentences
    (joined,) = (clause for clause in sentence.clauses if clause.predicate == "teilnehmen")
    heads = {sentence.tokens[head].text for role in joined.roles if role.name == "oblique" for head in role.heads}
    assert heads == {"Freitag", "Sitzung"}
