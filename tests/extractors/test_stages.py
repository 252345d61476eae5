"""Several meetings in one sentence: each has its own day, town and sides."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from articles import article_of

from extractors.events import code_events
from extractors.events.meetings.stages import FIRST, LATER, Row
from extractors.ontology import EventType, Status


def met(text: str, status: Status | None = None) -> list[str]:
    """Parties, day and place of the meetings that a report of Tuesday, 15 March 2022 tells, or of those of a status."""
    article = article_of(text, dated=datetime(2022, 3, 15, 12, tzinfo=UTC))
    found = [e for e in code_events(article) if e.type is EventType.CONSULT and status in (None, e.status)]
    return [
        f"{','.join(sorted(e.parties))} {e.when.iso if e.when else ''} {e.place.name if e.place else ''}".strip()
        for e in found
    ]


@pytest.mark.parametrize("row", [*FIRST, *LATER], ids=lambda row: row.name)
def test_each_row_tells_who_meets_in_its_own_sentence(row: Row) -> None:
    assert row.told in met(row.test)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Am Donnerstag kommt in Brüssel der NATO-Russland-Rat zusammen, am Freitag folgt in Wien ein Treffen der OSZE.",
            ["NATO,RUS 2022-03-17 Brüssel", "OSCE 2022-03-18 Wien"],
        ),
        (
            "Baerbock fliegt am Donnerstag nach Kiew und trifft am Montag in Ankara den türkischen Außenminister Cavusoglu.",
            ["DEU,UKR 2022-03-17 Kiew", "DEU,TUR 2022-03-21 Ankara"],
        ),
        (
            "Blinken wird am Mittwoch in Warschau und am Freitag in Riga erwartet.",
            ["POL,USA 2022-03-16 Warschau", "LVA,USA 2022-03-18 Riga"],
        ),
        (
            "Macron spricht am Mittwoch in Moskau mit Putin und am Freitag in Kiew mit Selenskyj.",
            ["FRA,RUS 2022-03-16 Moskau", "FRA,UKR 2022-03-18 Kiew"],
        ),
        (
            "Gespräche zwischen Polen und Litauen sind für Donnerstag in Oslo geplant, zwischen Polen und Ungarn für Samstag in Bern.",
            ["LTU,POL 2022-03-17 Oslo", "HUN,POL 2022-03-19 Bern"],
        ),
        (
            "Am Mittwoch reist Scholz nach Kiew, am Samstag folgt ein Besuch in Moskau.",
            ["DEU,UKR 2022-03-16 Kiew", "DEU,RUS 2022-03-19 Moskau"],
        ),
        (
            "Der NATO-Russland-Rat tagt am Mittwoch, die OSZE am Donnerstag in Wien.",
            ["NATO,RUS 2022-03-16", "OSCE 2022-03-17 Wien"],
        ),
        (
            "Am Mittwoch tagt in Brüssel die NATO, am Donnerstag die OSZE.",
            ["NATO 2022-03-16 Brüssel", "OSCE 2022-03-17 Brüssel"],
        ),
        (
            "Scholz trifft am Freitag Biden in Washington und am Sonntag Sunak.",
            ["DEU,USA 2022-03-18 Washington", "DEU,GBR 2022-03-20"],
        ),
        (
            "Am Mittwoch ist in Oslo ein Treffen Polens mit Litauen geplant, am Freitag eines bei der NATO in Brüssel.",
            ["LTU,POL 2022-03-16 Oslo", "NATO 2022-03-18 Brüssel"],
        ),
        (
            "Das Treffen in Oslo ist nur der Auftakt: Am Mittwoch tagt die NATO, am Donnerstag die OSZE.",
            ["NATO 2022-03-16", "OSCE 2022-03-17"],
        ),
        (
            "In Wien geht es weiter: Am Mittwoch tagt dort die OSZE, am Freitag die IAEA.",
            ["OSCE 2022-03-16 Wien", "IAEA 2022-03-18 Wien"],
        ),
        (
            "Die Unterhändler Polens und Litauens beraten seit Dienstag in Oslo, am Mittwoch werden die Gespräche in Bern fortgesetzt.",
            ["LTU,POL 2022-03-16 Bern"],
        ),
    ],
)
def test_each_day_has_its_own_town_and_sides(text: str, told: list[str]) -> None:
    assert met(text) == told


def test_where_to_is_not_what_was_before() -> None:
    """Behind "nach Kiew" a day is to come; behind "nach dem Besuch" it is over."""
    assert met("Blinken reist am Donnerstag nach Kiew und am Montag nach Riga.") == [
        "UKR,USA 2022-03-17 Kiew",
        "LVA,USA 2022-03-21 Riga",
    ]


def test_two_days_of_one_meeting_part_nobody() -> None:
    assert met("Russland und die Ukraine wollen am Donnerstag und am Freitag in Istanbul verhandeln.")[0].startswith(
        "RUS,UKR 2022-03-17"
    )


def test_who_goes_to_where_others_meet_meets_whom_he_sees_there() -> None:
    assert met("Baerbock reist am Freitag nach Genf, wo sie den russischen Außenminister Lawrow trifft.") == [
        "DEU,RUS 2022-03-18 Genf"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Am Donnerstag traf Baerbock in Kiew Kuleba, am Montag in Ankara Cavusoglu.",
            ["DEU,UKR 2022-03-10 Kiew", "DEU,TUR 2022-03-14 Ankara"],
        ),
        (
            "Blinken reiste am Donnerstag nach Riga und am Montag nach Warschau.",
            ["LVA,USA 2022-03-10 Riga", "POL,USA 2022-03-14 Warschau"],
        ),
        (
            "Macron telefonierte am Donnerstag mit Putin und am Montag mit Selenskyj.",
            ["FRA,RUS 2022-03-10", "FRA,UKR 2022-03-14"],
        ),
    ],
)
def test_what_has_been_on_several_days_is_told_of_each(text: str, told: list[str]) -> None:
    assert met(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Polen und Litauen haben sich auf ein Treffen verständigt. Es soll am Freitag in Oslo stattfinden.",
            "LTU,POL 2022-03-18 Oslo",
        ),
        (
            "Unterhändler Polens und Litauens kommen wieder zusammen. Die Gespräche beginnen am Freitag in Oslo.",
            "LTU,POL 2022-03-18 Oslo",
        ),
        ("Baerbock reist nach Kiew. Der Besuch beginnt am Freitag.", "DEU,UKR 2022-03-18 Kiew"),
        ("Baerbock reist am Freitag nach Genf. Dort ist ein Treffen mit Lawrow geplant.", "DEU,RUS 2022-03-18 Genf"),
        (
            "Am Donnerstag trifft Scholz in Kiew Präsident Selenskyj. Am Freitag ist ein Gespräch mit Orban in Budapest geplant.",
            "DEU,HUN 2022-03-18 Budapest",
        ),
        (
            (
                "Am Donnerstag trifft der britische Verteidigungsminister Wallace in Helsinki den finnischen Präsidenten Niinistö."
                " Am Freitag ist ein Gespräch mit dem ungarischen Außenminister Szijjarto in Budapest geplant."
            ),
            "GBR,HUN 2022-03-18 Budapest",
        ),
        (
            "In Oslo haben Vertreter der USA und Russlands beraten. Fortgesetzt werden die Gespräche am Freitag in Brüssel mit der NATO.",
            "NATO,RUS 2022-03-18 Brüssel",
        ),
    ],
)
def test_the_sentence_before_tells_who_meets(text: str, told: str) -> None:
    assert met(text)[-1] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Einen Tag vor dem Treffen von Macron und Putin hat Polen zur Einigkeit aufgerufen.", ["FRA,RUS 2022-03-16"]),
        ("Kurz vor den Gesprächen zwischen Polen und Litauen in Oslo drohte Belarus mit Zöllen.", ["LTU,POL  Oslo"]),
        ("Am Montag, zwei Tage vor dem Besuch von Baerbock in Kiew, bat die Ukraine um Panzer.", ["DEU,UKR 2022-03-16 Kiew"]),
        ("Der UN-Sicherheitsrat tagt am Freitag auf Antrag Polens.", ["UN 2022-03-18"]),
        # What looks back says "hatte"; and who warns of a meeting announces none.
        ("Vor dem Treffen von Macron und Putin hatte Polen zur Einigkeit aufgerufen.", []),
        ("Polen warnte vor dem Treffen von Macron mit Putin.", []),
        # Who meets somebody before it has met.
        ("Selenskyj traf vor den Gesprächen Stoltenberg in Brüssel.", []),
        ("Macron hat am Montag Putin getroffen. Vor dem Treffen von Macron und Putin rief Polen zur Einigkeit auf.", []),
    ],
)  # fmt: skip
def test_before_a_meeting_it_is_to_come(text: str, told: list[str]) -> None:
    assert met(text, Status.PLANNED) == told
