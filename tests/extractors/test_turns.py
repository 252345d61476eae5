"""Who speaks in interviews and in the entries of tickers: labels of texts of our own, written before the code."""

from __future__ import annotations

import pytest

from extractors.actors import mentions
from extractors.language import read_text
from extractors.speech import quotes


def told(text: str) -> list[tuple[str, str]]:
    """Who said what, in order."""
    return [
        (text[slice(*quote.speaker)] if quote.speaker else "", " … ".join(text[a:b] for a, b in quote.spans))
        for quote in quotes(read_text(text))
    ]


INTERVIEWS = [
    (
        (
            "Ruth Okafor leitet die Werft in Riga.\nFrage: Warum liegt die Fähre fest?\nAntwort: Der Motor ist alt.\n"
            "Frage: Und nun?\nAntwort: Wir bauen einen neuen ein."
        ),
        [("Ruth Okafor", "Der Motor ist alt."), ("Ruth Okafor", "Wir bauen einen neuen ein.")],
    ),
    (
        (
            "tagesschau.de: Warum liefert Bern nichts?\nRuth Okafor: Bern ist neutral. Das weiß jeder.\n"
            "tagesschau.de: Bleibt das so?\nOkafor: Ja."
        ),
        [("Ruth Okafor", "Bern ist neutral. Das weiß jeder."), ("Okafor", "Ja.")],
    ),
    (
        "Mit Ruth Okafor sprach Anton Imker.\nAI: Was kostet das?\nRO: Viel.\nAI: Wer zahlt?\nRO: Alle.",
        [("Ruth Okafor", "Viel."), ("Ruth Okafor", "Alle.")],
    ),
    (
        (
            "Die Reederin Ruth Okafor im Interview über die Fähre.\nWas fehlt der Fähre?Ruth Okafor: Ein Motor.\n"
            "Sie haben ihn bestellt.Wir haben es versucht. Er kommt spät.\nWer zahlt?Alle.\nBleibt die Fähre?Ja."
        ),
        [
            ("Ruth Okafor", "Ruth Okafor: Ein Motor."),
            ("Ruth Okafor", "Wir haben es versucht. Er kommt spät."),
            ("Ruth Okafor", "Alle."),
            ("Ruth Okafor", "Ja."),
        ],
    ),
    (
        (
            "Okafor: „Wir warten“\nDie Reederin über ihre Fähre.\nWELT: Was nun?\nRuth Okafor: Wir warten.\n"
            "WELT: Wie lange?\nOkafor: Zwei Jahre."
        ),
        [("Okafor", "„Wir warten“"), ("Ruth Okafor", "Wir warten."), ("Okafor", "Zwei Jahre.")],
    ),
    (
        "WELT: Was nun?\nOkafor: Wir warten.\nDas dauert noch.\nWELT: Wie lange?\nOkafor: Zwei Jahre.",
        [("Okafor", "Wir warten.\nDas dauert noch."), ("Okafor", "Zwei Jahre.")],
    ),
    (
        "ZEIT: Hilft das?\nOkafor: Ja.\nImker: Nein.\nZEIT: Warum?\nImker: Es fehlt Geld.",
        [("Okafor", "Ja."), ("Imker", "Nein."), ("Imker", "Es fehlt Geld.")],
    ),
    (
        "WELT: Was sagt Bern?\nOkafor: Bern sagt, dass es eilt.\nWELT: Und Wien?\nOkafor: Wien schweigt.",
        [("Okafor", "Bern sagt, dass es eilt."), ("Bern", "dass es eilt"), ("Okafor", "Wien schweigt.")],
    ),
    (
        (
            "WELT: Viele klagen. Zu Recht?\nOkafor: Ja.\nWELT: Das klingt hart. Ist es so?\nOkafor: So ist es.\n"
            "WELT: Vielen Dank."
        ),
        [("Okafor", "Ja."), ("Okafor", "So ist es.")],
    ),
    (
        (
            "Ein Gespräch mit Anton Imker über die Fähre.\nWarum streitet die Stadt?\nEs geht um Geld.\nWer zahlt am Ende?\n"
            "Die Stadt.\nUnd wenn sie nicht zahlt?\nDann zahlt das Land.\nDas dauert."
        ),
        [
            ("Anton Imker", "Es geht um Geld."),
            ("Anton Imker", "Die Stadt."),
            ("Anton Imker", "Dann zahlt das Land."),
            ("Anton Imker", "Das dauert."),
        ],
    ),
    ("Frage: Warum?\nAntwort: Darum.\nFrage: Wirklich?\nAntwort: Ja.", [("", "Darum."), ("", "Ja.")]),
    (
        "F: Warum fährt der Zug nicht?\nA: Es fehlt Strom.\nF: Wie lange noch?\nA: Bis Montag.",
        [("", "Es fehlt Strom."), ("", "Bis Montag.")],
    ),
    (
        "Ruth Okafor und Anton Imker im Interview.\nFrage: Warum?\nAntwort: Darum.\nFrage: Wirklich?\nAntwort: Ja.",
        [("", "Darum."), ("", "Ja.")],
    ),
    (
        (
            "Dr. Ruth Okafor: Schön, hier zu sein.\nNDR Info: Wie kalt wird es?\nDr. Ruth Okafor: Sehr kalt.\n"
            "NDR Info: Wann?\nDr. Ruth Okafor: Morgen."
        ),
        [
            ("Dr. Ruth Okafor", "Schön, hier zu sein."),
            ("Dr. Ruth Okafor", "Sehr kalt."),
            ("Dr. Ruth Okafor", "Morgen."),
        ],
    ),
]

NO_INTERVIEWS = [
    "Riga: Der Zug steht.\nOslo: Die Fähre fährt.\nRiga: Der Zug fährt wieder.",
    "Präsident Anton Imker kauft die Fähre.\nWas ist geplant?\nEin Umbau.\nWer zahlt?\nDie Stadt.\nUnd wann?\nIm Mai.",
    "Warum liegt sie fest? Der Motor ist alt. Wer zahlt das? Alle.\nWetter: Es wird kalt.",
    "Riga: Fährt der Zug?\nOslo: Die Fähre liegt fest.",
    "Ein Gespräch mit Anton Imker und Ruth Okafor.\nWarum?\nDarum.\nWer?\nAlle.\nWann?\nMorgen.",
]

TICKERS = [
    ("(14.30 Uhr) Die Fähre liege fest, sagt Ruth Okafor.", [("Ruth Okafor", "Die Fähre liege fest")]),
    ("14.30 Uhr: Die Fähre liege fest, sagt Ruth Okafor.", [("Ruth Okafor", "Die Fähre liege fest")]),
    ("+++ 14:30 Uhr +++ Die Fähre liege fest, sagt Ruth Okafor.", [("Ruth Okafor", "Die Fähre liege fest")]),
    ("14:30 – Die Fähre liege fest, teilt die Werft mit.", [("die Werft", "Die Fähre liege fest")]),
    (
        "14.30 Uhr: Ruth Okafor sagt, die Fähre liege fest. Der Motor sei alt.",
        [("Ruth Okafor", "die Fähre liege fest"), ("Ruth Okafor", "Der Motor sei alt.")],
    ),
    (
        "14.30 Uhr: Ruth Okafor sagt, die Fähre liege fest.\n15.10 Uhr: In Riga sei ein Zug entgleist.",
        [("Ruth Okafor", "die Fähre liege fest"), ("", "In Riga sei ein Zug entgleist.")],
    ),
    (
        "14.30 Uhr: Ruth Okafor warnt den Rat.\n„Die Fähre ist alt.“\n15.10 Uhr: „Alles ist gut.“",
        [("Ruth Okafor", "„Die Fähre ist alt.“"), ("", "„Alles ist gut.“")],
    ),
    (
        "Ruth Okafor sagt, die Fähre liege fest.\n14 Leute seien an Bord.",
        [("Ruth Okafor", "die Fähre liege fest"), ("Ruth Okafor", "14 Leute seien an Bord.")],
    ),
]


@pytest.mark.parametrize(("text", "wanted"), INTERVIEWS, ids=[text[:30] for text, _ in INTERVIEWS])
def test_who_answers_in_an_interview(text: str, wanted: list[tuple[str, str]]) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize("text", NO_INTERVIEWS, ids=[text[:30] for text in NO_INTERVIEWS])
def test_what_only_looks_like_an_interview(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(("text", "wanted"), TICKERS, ids=[text[:40] for text, _ in TICKERS])
def test_an_entry_of_a_ticker_has_its_own_speaker(text: str, wanted: list[tuple[str, str]]) -> None:
    assert told(text) == wanted


def test_who_answers_has_his_code() -> None:
    text = "Sergej Lawrow im Interview.\nFrage: Wann?\nAntwort: Bald.\nFrage: Wo?\nAntwort: In Genf."
    document = read_text(text)
    assert [quote.speaker_code for quote in quotes(document, mentions(document))] == ["RUS", "RUS"]
