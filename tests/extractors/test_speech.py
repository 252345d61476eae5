"""Reported speech: who said what, in whose words."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import extractors
from extractors.actors import mentions
from extractors.language import read_text
from extractors.language.marks import stretches
from extractors.model import Article, PartKind, Quote
from extractors.speech import explained, quotes
from extractors.speech.codes import ROWS as SPEAKERS
from extractors.speech.codes import Row as Speaker
from extractors.speech.lexicon import BrokenLexiconError, read_lexicon
from flows.cli import main

CASES = tomllib.loads((Path(__file__).parent / "cases" / "speech.toml").read_text(encoding="utf-8"))
ROWS = [(table, row) for table, rows in CASES.items() for row in rows]
SHARED = Path(__file__).resolve().parents[3] / "shared" / "quotes"


def words(text: str, quote: Quote) -> str:
    return " … ".join(text[a:b] for a, b in quote.spans)


def told(text: str) -> list[str]:
    """Each quote as the case files write it."""
    return [
        "~".join((quote.kind, words(text, quote), text[slice(*quote.speaker)] if quote.speaker else ""))
        for quote in quotes(read_text(text))
    ]


@pytest.mark.parametrize(("table", "row"), ROWS, ids=[f"{table}-{row['text'][:40]}" for table, row in ROWS])
def test_our_own_sentences_are_read_as_written_down(table: str, row: dict[str, object]) -> None:
    assert sorted(told(str(row["text"]))) == sorted(row["quotes"])  # type: ignore[call-overload]


@pytest.mark.parametrize("row", SPEAKERS, ids=lambda row: row.name)
def test_a_speaker_has_his_code_by_a_row(row: Speaker) -> None:
    """As far as no word of the text was found to point back (`extractors.actors.pointing`): then he is named there."""
    document = read_text(row.test)
    by_name = [mention for mention in mentions(document, on=date(2022, 3, 15)) if not mention.row]
    quote, name = explained(document, by_name)[-1]

    assert quote.speaker is not None
    assert (row.test[slice(*quote.speaker)], quote.speaker_code, name) == (row.who, row.told, row.name)


@dataclass(frozen=True)
class Named:
    """A mention with just what speech asks of it."""

    start: int
    end: int
    code: str
    kind: str = "name"
    score: float = 1.0


def named(text: str, *, kind: str = "name", **codes: str) -> tuple[Named, ...]:
    return tuple(Named(start=at(text, name)[0], end=at(text, name)[1], code=codes[name], kind=kind) for name in codes)


def at(text: str, stretch: str) -> tuple[int, int]:
    return text.index(stretch), text.index(stretch) + len(stretch)


def test_the_speakers_code_comes_from_the_mention_that_overlaps_him() -> None:
    text = "Rjabkow sagte, man warte auf Washington."
    (quote,) = quotes(read_text(text), named(text, Rjabkow="RUS", Washington="USA"))  # type: ignore[arg-type]
    assert quote.speaker_code == "RUS"


def test_a_description_without_a_code_means_the_speaker_before() -> None:
    text = "Rjabkow sagte, man warte. Der Politiker betonte, die Zeit sei knapp."
    codes = [quote.speaker_code for quote in quotes(read_text(text), named(text, Rjabkow="RUS"))]  # type: ignore[arg-type]
    assert codes == ["RUS", "RUS"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Lawrow sagte, man warte. Sarah Meier sagte, das sei schlecht. Sie betonte, dass es eile.", ["RUS", "", ""]),
        (
            "Lawrow sagte, man warte. Das Landratsamt teilte mit, es sei voll. Die Behörde klagt, es eile.",
            ["RUS", "", ""],
        ),
        ("Lawrow sagte, man warte. Berichten zufolge ist Eile geboten. Er betonte, dass es eile.", ["RUS", "", "RUS"]),
        ("Lawrow sagte, man warte. Das Land sei bereit. Das Land betonte, dass es eile.", ["RUS", "RUS", "RUS"]),
        ("Lawrow sagte, man warte. Der in Wien tätige Diplomat betonte, dass es eile.", ["RUS", "RUS"]),
        ("Lawrow sagte, man warte. Der 74-Jährige betonte, dass es eile.", ["RUS", "RUS"]),
        ("Lawrow sagte, man warte. „Wir haben es eilig“, sagte der 74-Jährige.", ["RUS", "RUS"]),
        ("Lawrow sagte, man warte. Zwei Züge stehen den Angaben zufolge still.", ["RUS", "RUS"]),
        ("Lawrow sagte, man warte. Der Zug steht still, hieß es in der Mitteilung.", ["RUS", "RUS"]),
        ("Lawrow sagte, man warte. Der Zug steht still, hieß es in der gemeinsamen Erklärung.", ["RUS", ""]),
        (
            "Lawrow sagte, man warte. " + 20 * "Viele Züge stehen still. " + "Das gilt den Angaben zufolge lange.",
            ["RUS", ""],
        ),
    ],
)
def test_whoever_points_back_means_the_speaker_before_with_a_code_or_without(text: str, codes: list[str]) -> None:
    found = quotes(read_text(text), named(text, Lawrow="RUS"))  # type: ignore[arg-type]
    assert [quote.speaker_code for quote in found] == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Der Gouverneur der Region Poltawa sagte, ein Lager brenne.", "UKR"),
        ("Die Behörden in Krasnodar meldeten, ein Lager brenne.", "RUS"),
        ("Ein Lager brenne, teilte die Bürgermeisterin der Stadt Odessa mit.", "UKR"),
        ("Die prorussischen Behörden in Poltawa sagten, ein Lager brenne.", ""),
        ("Der Imker aus der Region Poltawa sagte, ein Lager brenne.", ""),
        ("In der Region Saratow sind nach Angaben des zuständigen Gouverneurs zwei Lager verbrannt.", "RUS"),
        ("Aus Lipezk wurden Brände gemeldet, wie Gouverneur Anton Imker im Radio sagte.", "RUS"),
        ("In Charkiw wurden nach Behördenangaben zwei Lager getroffen.", "UKR"),
        ("Die Kriminalpolizei in Poltawa sagte, ein Lager brenne.", "UKR"),
        ("Die Krim-Behörden sagten, in Kertsch brenne ein Lager.", ""),
        ("Bei Melitopol wurden nach Behördenangaben zwei Lager getroffen.", ""),
        ("In Charkiw fielen Bomben. Nach Angaben der Behörden brennen zwei Lager.", "UKR"),
        ("In Donezk fielen Bomben. Nach Angaben der Behörden brennen zwei Lager.", ""),
        ("Die Ministerin war in Wien und in Prag. Nach Angaben der Polizei brennt ein Lager.", ""),
        ("Ein Lager brennt, sagte der Gouverneur bei einem Treffen in Odessa mit Gästen aus Prag.", ""),
    ],
)
def test_local_authorities_are_those_of_the_state_where_they_govern(text: str, code: str) -> None:
    assert quotes(read_text(text))[0].speaker_code == code


DATA = Path(extractors.__file__).parent / "data" / "speech.toml"
AUTHORITIES = tomllib.loads(DATA.read_text(encoding="utf-8"))["authority"]


@pytest.mark.parametrize("row", AUTHORITIES, ids=[row["name"] for row in AUTHORITIES])
def test_every_row_of_authorities_sees_its_own_test(row: dict[str, str]) -> None:
    assert quotes(read_text(row["test"]))[0].speaker_code == row["speaks"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Scholz hat zweimal mit dem Gast gesprochen, bestätigte sein Sprecher.", "DEU"),
        ("Macron kommt am Abend. Ein Treffen mit Scholz sei nicht geplant, sagte seine Sprecherin.", "FRA"),
        ("Macron hat nach Angaben seines Presseamts abgesagt.", "FRA"),
        ("Macron kommt am Abend. Es eile, sagte seine Nachbarin.", ""),
        ("Lawrow wartet. Nach Angaben aus dem Büro von Macron ist ein Treffen geplant.", "FRA"),
        ("Lawrow sagte, man warte. Es eile, schrieb der „Ausguck“.", ""),
        ("Lawrow sagte, man warte. „Es eilt“, zitiert ein Blatt den 53-Jährigen.", "RUS"),
        ("Es seien 40 Boote gewesen, winkte Lawrow ab.", "RUS"),
        ("Nach Zählung von Macron fuhren 40 Boote aus.", "FRA"),
        ("Nach Auszählung von Macron fuhren 40 Boote aus.", None),
    ],
)
def test_whose_words_they_are(text: str, code: str | None) -> None:
    known = {"Lawrow": "RUS", "Macron": "FRA", "Scholz": "DEU"}
    people = named(text, kind="person", **{name: known[name] for name in known if name in text})
    found = quotes(read_text(text), people)  # type: ignore[arg-type]
    assert (found[-1].speaker_code if found else None) == code


def test_in_kiew_hiess_es_is_the_government_there() -> None:
    texts = ("Drei Drohnen seien abgeschossen worden, hieß es in Kiew.", "Die Ernte sei gut, hieß es in Bayern.")
    assert [quotes(read_text(text))[0].speaker_code for text in texts] == ["UKR", ""]


def whose(text: str) -> list[str]:
    """Whose words each quote is, with the mentions that our tables find."""
    document = read_text(text)
    return [quote.speaker_code for quote in quotes(document, mentions(document))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Macron lobte Lettland. Putin erteilte dem eine Absage, in dem Text stehe es anders.", "RUS"),
        ("Paris werde liefern, sagte Macron. Der polnische Präsident dankte ihm, das sei ein Anfang.", "POL"),
        ("Paris werde liefern, sagte Macron. Die Lage ist ernst, man müsse handeln.", "FRA"),
        ("Bern wies den Vorwurf zurück: Die Kontrolle habe funktioniert.", "CHE"),
        ("Bern wies den Vorwurf zurück, die Kontrolle habe versagt.", ""),
        ("Man warte, sagte Macron. Das lettische Außenministerium bot Hilfe an. Man habe Platz für alle.", "LVA"),
        ("Man warte, sagte Macron. Ein lettischer Gast bot Tee an. Man habe Platz für alle.", "FRA"),
        ("Macron sagte, man warte. Für ein Treffen der Minister sah Lawrow keinen Anlass. Es eile nicht.", "RUS"),
    ],
)
def test_words_in_the_konjunktiv_are_whose_sentence_it_is(text: str, code: str) -> None:
    assert whose(text)[-1] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Macron warnte. Heiterer klang der türkische Präsident Erdogan, der erklärte, er wolle helfen.", "TUR"),
        ("Macron warnte. Erdogan, der erklärte, Ankara wolle helfen, reist ab. Man werde telefonieren.", "TUR"),
        ("Die Angriffe seien feige, hielt Merkel ihrem Gast vor.", "DEU"),
        ("Der Westen müsse mehr tun, appellierte Selenskyj.", "UKR"),
        ("Den Haag könne liefern, ließ Macron durchblicken.", "FRA"),
        ("Im Streit warf Merkel Lawrow vor, er verdrehe alles.", "DEU"),
        (
            "Den Umbau, den Paris beschloss, rügte Merkel. Sie fuhr ab. Das Amt, das Wien schuf, rügte sie: Es sei faul.",
            "DEU",
        ),
        (
            "Die Gegner hätten Drohnen, Raketen und Bomben eingesetzt, teilte das ukrainische Außenministerium mit.",
            "UKR",
        ),
        ("Bern bestellte einen Gast der russischen Botschaft ein und eröffnete ihm, er habe zu gehen.", "CHE"),
        ("Das war die Antwort auf die Drohung, man werde die Leitung schließen.", ""),
    ],
)
def test_who_says_it_wherever_the_sentence_has_him(text: str, code: str) -> None:
    assert whose(text)[-1] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Putin war in Minsk. Nach seinen Worten ist ein Treffen möglich.", "RUS"),
        ("Man wisse mehr, sagte Selenskyj. Moskau plane nach seinen Erkenntnissen Schläge gegen Häfen.", "UKR"),
        ("Ein Geologe sprach in Bonn. Macrons Plan ist seiner Ansicht nach gut.", ""),
        ("Die Ukraine hat nach ihren Angaben zwei Brücken gesprengt.", "UKR"),
        ("Frankreich liefert nach Darstellung aus Kiew zu wenig.", "UKR"),
        ("Das sei ein Bruch der Zusagen, so der Vorwurf aus Kiew.", "UKR"),
        ("Das sei ein Bruch der Zusagen, so ein Student aus Kiew.", ""),
        ("Nach westlicher Zählung stehen dort drei Bataillone.", "WEST"),
        ("Kiew schwieg. In der US-Botschaft warnte man vor einem Angriff.", "USA"),
        ("Kiew schwieg. In Moskau sagte man, es eile nicht.", "RUS"),
        ("Die ukrainische Luftwaffe war wach. Russland habe Bomben abgeworfen, teilte die Luftwaffe mit.", "UKR"),
        (
            "Der Internationale Strafgerichtshof tagte. Putin sagte ab. Gegen Schoigu werde ermittelt, erklärte das Gericht.",
            "ICC",
        ),
        (
            "Regierungssprecherin Hoffmann kam. Habeck stütze die Forderung Macrons, dass man zahle. Es sei Zeit, sagte die Sprecherin.",
            "DEU",
        ),
        ("Putin sagte, es eile. Gegen Schoigu werde ermittelt, erklärte das Gericht.", ""),
        ("Macron schwieg. In London hieß es, Moskau verlege Truppen. Nahe der Stadt sei gekämpft worden.", "GBR"),
        ("Das Gas reiche nicht, schrieb der „Spiegel“.", "DEU-MED"),
        ("Reuters wusste von dem Plan. Moskau sage zu, schrieb die Agentur.", "GBR-MED"),
        ("Merkel wusste von dem Plan. Moskau sage zu, schrieb die Zeitung.", ""),
        ("Das Gas reiche nicht, schrieb Reuters. Der Preis sei hoch, heißt es in dem Bericht.", "GBR-MED"),
        ("Lawrow, der auf die Menge zuging, wurde nach eigenen Angaben bespuckt.", "RUS"),
        ("Lawrow bekam ein Mittel, das er nach eigenen Angaben gern nahm.", "RUS"),
        ("„Der Spiegel“ berichtete, das Gas reiche nicht.", "DEU-MED"),
        ("Das Gas reiche nicht, schrieb der „Ausguck“.", ""),
        ("Das Gas reiche nicht, sagte die Wirtin am Rande der Aufführung „Zeit“ in Kiew.", ""),
    ],
)
def test_other_words_that_say_whose_they_are(text: str, code: str) -> None:
    assert whose(text)[-1] == code


MEDIA = tomllib.loads(DATA.read_text(encoding="utf-8"))["medium"]


@pytest.mark.parametrize("row", MEDIA, ids=[row["name"] for row in MEDIA])
def test_every_row_of_media_sees_its_own_test(row: dict[str, str]) -> None:
    assert whose(row["test"]) == [row["speaks"]]


POINTING = tomllib.loads(DATA.read_text(encoding="utf-8"))["pointing"]


@pytest.mark.parametrize("row", POINTING, ids=[row["name"] for row in POINTING])
def test_every_row_of_descriptions_sees_its_own_test(row: dict[str, str]) -> None:
    assert whose(row["test"])[-1] == row["speaks"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Interfax meldete, es brenne. Der andere Zeuge erklärte, es eile.", ""),
        ("Lawrow sagte, man warte. Wie soll man feststellen, wer lügt?", ""),
        ("Lawrow sagte, man warte. Man sei bereit, neu zu verhandeln.", "RUS"),
    ],
)
def test_who_may_not_be_meant_by_a_description(text: str, code: str) -> None:
    assert whose(text)[-1] == code


def test_a_present_that_looks_like_a_participle_is_a_clauses_verb() -> None:
    assert told("Kiew hatte deutlich gemacht, dass es Beobachter dort nicht toleriert.") == [
        "indirect~dass es Beobachter dort nicht toleriert~Kiew"
    ]


def test_what_is_named_once_more_is_nobodys_words() -> None:
    text = "Orban sagte, dass man die Zentrale ändern wolle – sprich Brüssel."
    assert {quote.rule for quote in quotes(read_text(text))} == {"dass-sagen"}


def test_what_compares_or_plans_is_no_speech() -> None:
    assert told("Drei Drohnen zählte man, so viele wie in keiner Nacht davor.") == []
    assert told("Das Land wird geteilt, wie es ein Papier vorsah.") == []


def test_what_two_frames_hold_is_told_once() -> None:
    text = "Zugleich warf die Botschaft der Gegenseite vor, viel zu reden, aber nichts zu tun: „Das hilft keinem.“"
    assert {text[slice(*quote.speaker)] for quote in quotes(read_text(text)) if quote.speaker} == {
        "die Botschaft der Gegenseite"
    }


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("Ria Nowosti zitierte Rjabkow mit den Worten, er befürchte ein Scheitern.", ("Ria Nowosti",)),
        ("Rjabkow wurde von Interfax mit den Worten zitiert, man sei bereit.", ("Interfax",)),
        ("Laut Reuters sagte der Minister, man sei einig.", ("Reuters",)),
        ("Der Minister sagte, man sei einig.", ()),
    ],
)
def test_who_quotes_the_speaker_is_kept_as_a_chain(text: str, chain: tuple[str, ...]) -> None:
    assert quotes(read_text(text))[-1].chain == chain


def test_in_a_headline_a_person_and_a_colon_are_a_frame() -> None:
    article = Article.compose(
        url="https://example.org/1",
        headline="Peskow: Keine Gespräche vor Freitag",
        body=((PartKind.SUBHEAD, "Streit um Gas: Wien wartet ab"), (PartKind.PARAGRAPH, "Es regnet.")),
    )
    document = read_text(article.text, article.parts)
    (quote,) = quotes(document, named(article.text, Peskow="RUS", kind="person"))  # type: ignore[arg-type]
    assert words(article.text, quote) == "Keine Gespräche vor Freitag"
    assert quote.speaker_code == "RUS"


def test_what_is_said_is_not_who_says_it() -> None:
    text = "„Das Regime setzt Angriffe, Spionage und Sabotage ein“, erklärte er."
    assert told(text) == ["direct~„Das Regime setzt Angriffe, Spionage und Sabotage ein“~er"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Die Ministerin nannte den Vorfall „ernst“. Bern habe „nur zugesehen“ und „viel zu spät“ gehandelt.", "Die Ministerin"),
        ("Die Ministerin nannte den Vorfall „ernst“. Die Nachbarn hätten „wilde Horden“ ermutigt.", "Die Ministerin"),
        ("Die Ministerin nannte den Vorfall „ernst“. Bern hat „nur zugesehen“ und alles geleugnet.", "Bern"),
    ],
)  # fmt: skip
def test_whoever_is_spoken_of_in_the_konjunktiv_is_not_who_speaks(text: str, speaker: str) -> None:
    marked = [quote.speaker for quote in quotes(read_text(text)) if quote.rule.startswith("marks-")]
    assert {text[slice(*span)] for span in marked[1:] if span} == {speaker}


def test_verbs_that_follow_each_other_share_the_subject_of_the_first() -> None:
    text = "Okafor lachte, versuchte, sich zu fassen, und monierte, dass nach dem Beschluss niemand gehandelt habe."
    assert [text[slice(*quote.speaker)] for quote in quotes(read_text(text)) if quote.speaker] == ["Okafor"]


def test_eigene_angaben_are_those_of_the_subject() -> None:
    text = "Russland hat nach eigenen Angaben drei Drohnen abgeschossen."
    (quote,) = quotes(read_text(text), named(text, Russland="RUS"))  # type: ignore[arg-type]
    assert quote.speaker_code == "RUS"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Die Ukraine, die nach eigenen Angaben viele Piloten hat, bat um Hilfe.", "UKR"),
        ("Die Ukraine wird nach Angaben ihres Ministeriums zustimmen.", "UKR"),
        ("Die Ukraine gab eine Erklärung ab, wonach niemand kam.", ""),
        ("Eine Erklärung der Ukraine, wonach niemand kam, half nicht.", "UKR"),
        ("Es kamen Berichte aus der Ukraine, denen zufolge niemand half.", "UKR"),
    ],
)
def test_own_words_and_relatives_are_those_of_whom_they_stand_for(text: str, code: str) -> None:
    found = quotes(read_text(text), named(text, Ukraine="UKR"))  # type: ignore[arg-type]
    assert found[0].speaker_code == code


def test_an_entry_of_a_ticker_is_read_as_a_headline() -> None:
    for text in ("+++ 14:35 Lawrow: USA verzögern Antwort +++", "14.35 Uhr: Lawrow: USA verzögern Antwort"):
        (quote,) = quotes(read_text(text), named(text, Lawrow="RUS", kind="person"))  # type: ignore[arg-type]
        assert quote.speaker_code == "RUS"
        assert words(text, quote).startswith("USA verzögern Antwort")


def test_the_addressee_is_whom_it_was_said_to() -> None:
    text = "Kuleba sagte der Zeitung, die Lage sei ernst."
    (quote,) = quotes(read_text(text))
    assert quote.addressee is not None
    assert text[slice(*quote.addressee)] == "der Zeitung"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("Er sagte: „Ja.“ Dann ging er.", ["„Ja.“"]),
        ("»Ja«, sagte er. «Nein», sagte sie.", ["»Ja«", "«Nein»"]),
        ('Er rief "Halt" und "Stopp".', ['"Halt"', '"Stopp"']),
        ("„Er nannte es ‚Unsinn‘“, hieß es.", ["„Er nannte es ‚Unsinn‘“", "‚Unsinn‘"]),
        ("„Kein Ende. Noch ein Satz.", ["„Kein Ende."]),
        ("„Erster Absatz.\n„Zweiter Absatz.“", ["„Erster Absatz.", "„Zweiter Absatz.“"]),
        ("Der 5'er-Rat und Müller's Plan.", []),
    ],
)
def test_marks_are_paired_however_they_are_typed(text: str, inside: list[str]) -> None:
    assert [text[s.start : s.end] for s in stretches(text)] == inside


def test_every_span_lies_in_the_text_and_holds_words() -> None:
    text = "\n".join(str(row["text"]) for _, row in ROWS)
    for quote in quotes(read_text(text)):
        spans = [*quote.spans, *(span for span in (quote.speaker, quote.cue, quote.addressee) if span)]
        assert all(0 <= a < b <= len(text) and text[a:b].strip() for a, b in spans)
        assert quote.kind in ("direct", "mixed", "indirect", "reported")
        assert quote.rule


@pytest.mark.parametrize(
    "text", ["", "\n\n", "„", "““”„", "- – —", "laut", "nach", "so", "wie", "„ “", ", , ,", "Sagte."]
)
def test_odd_texts_have_no_speech_and_break_nothing(text: str) -> None:
    assert [quote.kind for quote in quotes(read_text(text))] in ([], ["reported"])


@pytest.mark.parametrize(
    "row",
    [
        {"verb": [{"name": "x", "takes": ["clause"], "lemas": "sagen"}]},
        {"verb": [{"name": "x", "takes": ["songs"], "lemmas": "singen"}]},
        {"verb": [{"takes": ["clause"], "lemmas": "sagen"}]},
        {"noun": [{"name": "x", "after": ["nach"], "lemmas": "Angabe"}]},
        {"authority": [{"name": "x", "ends": "wart", "test": "Der Platzwart in Poltawa sagte, es eile."}]},
        {"verb": [{"name": "x", "takes": "clause", "lemmas": "sagen"}]},
        {"verb": [{"name": "x", "takes": ["clause"], "lemmas": ["sagen"]}]},
        {"noun": [{"lemmas": "Angabe"}]},
        {"noun": [{"name": "x", "lemmas": "Angabe"}, {"name": "x", "lemmas": "Wort"}]},
        {"authority": [{"name": "x", "of": "krim(", "test": "Auf der Krim hieß es, es eile.", "speaks": ""}]},
        {"vreb": []},
    ],
)
def test_a_broken_row_is_an_error_when_loaded(row: dict[str, object]) -> None:
    with pytest.raises(BrokenLexiconError, match=r"speech\.toml: (verb|noun|authority) row|unknown tables"):
        read_lexicon(row)


def test_a_row_that_code_asks_for_is_there() -> None:
    table = tomllib.loads(DATA.read_text(encoding="utf-8"))
    table["verb"] = [row for row in table["verb"] if row["name"] != "think"]
    with pytest.raises(BrokenLexiconError, match=r"speech\.toml: no row is named think$"):
        read_lexicon(table)


def test_batch_writes_the_lines_of_the_scorer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "in.jsonl.gz", tmp_path / "out.jsonl"
    with gzip.open(source, "wt", encoding="utf-8") as lines:
        print(json.dumps({"id": "a", "text": "„Ja, wir reden“, sagte Kuleba."}), file=lines)
        print(json.dumps({"id": "b", "text": "Laut Kreml ist ein Treffen geplant."}), file=lines)
    assert main(["quotes", "--batch", str(source), "-o", str(out)]) == 0
    first, second = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert first == {"id": "a", "quotes": [{"type": "Direct", "quote": [[0, 15]], "speaker": [[23, 29]]}]}
    assert second["quotes"][0]["type"] == "Indirect"
    assert "2 texts" in capsys.readouterr().err


def test_batch_has_the_closer_words_first_and_no_turns_of_an_interview(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    text = "Der Sprecher sagte, Sherman habe betont, dass man helfe."
    interview = "WELT: Was nun?\nOkafor: Wir warten.\nWELT: Wie lange?\nOkafor: Zwei Jahre."
    rows = [{"id": "a", "text": text}, {"id": "b", "text": interview}]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["quotes", "--batch", str(source), "-o", str(out)]) == 0
    first, second = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert [text[slice(*quote["speaker"][0])] for quote in first["quotes"]] == ["Sherman", "Der Sprecher"]
    assert second["quotes"] == []


def test_batch_names_the_noun_that_holds_words_where_nobody_is_named(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    text = "Es gab die Befürchtung, dass der Deich bricht."
    source.write_text(json.dumps({"id": "a", "text": text}), encoding="utf-8")
    assert main(["quotes", "--batch", str(source), "-o", str(out)]) == 0
    (quote,) = json.loads(out.read_text(encoding="utf-8"))["quotes"]
    assert text[slice(*quote["speaker"][0])] == "Befürchtung"
    assert quotes(read_text(text))[0].speaker is None


def test_people_see_kind_speaker_and_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("„Ja, wir reden“, sagte Kuleba.", encoding="utf-8")
    assert main(["quotes", str(tmp_path / "a.txt")]) == 0
    line = capsys.readouterr().out
    assert "direct" in line
    assert "Kuleba" in line
    assert "„Ja, wir reden“" in line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "either FILE"),
        (["missing.txt"], "no such file"),
        (["--batch", "missing.jsonl"], "no such file"),
        (["a.txt", "-o", "b"], "belongs to --batch"),
    ],
)
def test_a_wrong_call_says_what_to_do(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quotes", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_a_broken_batch_line_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a"}\n', encoding="utf-8")
    assert main(["quotes", "--batch", str(tmp_path / "a.jsonl")]) == 2
    assert "a.jsonl:1" in capsys.readouterr().err


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/quotes is not on this machine")
def test_the_floors_on_the_quotation_corpus_hold(tmp_path: Path) -> None:
    gold, out = SHARED / "dev.jsonl.gz", tmp_path / "dev.jsonl"
    assert main(["quotes", "--batch", str(gold), "-o", str(out)]) == 0
    told = subprocess.run(
        [sys.executable, SHARED / "score.py", gold, out], capture_output=True, text=True, check=True
    ).stdout
    figures = {line.split(":")[0]: line.split(":", 1)[1] for line in told.splitlines()}
    assert float(figures["Direct"].rsplit(" ", 1)[1].strip("}")) >= 0.96
    assert float(figures["Indirect"].rsplit(" ", 1)[1].strip("}")) >= 0.785
    assert float(figures["speaker"].split()[0]) >= 0.8


PIECES = st.sampled_from(
    "„ “ » « \" ‚ ‘ ' , . : – ( ) sagte sei habe dass laut nach Angaben zufolge so wie Kuleba der Minister mitteilte zu gehen \n".split(
        " "
    )
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=25))
def test_no_order_of_marks_and_frames_breaks_the_reading(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for quote in quotes(read_text(text)):
        assert all(0 <= a < b <= len(text) for a, b in quote.spans)
        assert list(quote.spans) == sorted(quote.spans)


@pytest.mark.parametrize(
    ("speaker", "code"),
    [("Der Gastgeber", "RUS"), ("Der Sender Radio Roma", ""), ("Die Expertin", ""), ("Der Direktor Karl Hübner", "")],
)
def test_only_a_description_without_a_name_means_the_speaker_before(speaker: str, code: str) -> None:
    text = f"Rjabkow sagte, man verhandle. {speaker} sagte, es werde schwer."
    codes = [quote.speaker_code for quote in quotes(read_text(text), named(text, Rjabkow="RUS"))]  # type: ignore[arg-type]
    assert codes == ["RUS", code]


@pytest.mark.parametrize(
    ("paragraph", "told"),
    [
        ("Macron sagt, dass Rom hilft, und „wir helfen“, sagt er.\n", 3),
        ("WELT: Wer hilft?\nMacron: Rom hilft.\n", 1),
    ],
)
def test_reports_take_time_by_their_number_and_not_by_its_square(paragraph: str, told: int) -> None:
    """8,000 words of "sagt, dass" once took 17 seconds."""

    def seconds(paragraphs: int) -> float:
        document = read_text(paragraph * paragraphs)
        named = mentions(document)
        taken = []
        for _ in range(3):
            began = time.process_time()
            assert len(quotes(document, named)) == told * paragraphs
            taken.append(time.process_time() - began)
        return min(taken)

    assert seconds(960) < 20 * seconds(120)
