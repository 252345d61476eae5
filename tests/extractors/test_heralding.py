"""Meetings that a herald announces: who is to come, when, and what only sounds like it."""

from __future__ import annotations

import pytest
from plans import announced, places_of, statuses_of

from extractors.events.meetings.heralding import Herald, heralds


def test_a_meeting_of_which_nothing_is_known_is_not_denied() -> None:
    assert statuses_of("Über das Treffen von Macron und Putin in Moskau wurde nichts bekannt.") == ["past"]


@pytest.mark.parametrize("row", heralds(), ids=lambda row: row.name)
def test_each_herald_announces_what_its_own_sentence_tells(row: Herald) -> None:
    found = announced(row.test)
    assert "; ".join(f"{who} {day}" for _, who, day in found) == row.told
    assert {rule for rule, _, _ in found} == {f"herald:{row.name}"}


@pytest.mark.parametrize(
    "text",
    [
        "Scholz wird nicht am Freitag in Kiew erwartet.",
        "Sollte Scholz am Freitag nach Kiew reisen, würde Moskau das begrüßen.",
        "Für Freitag werden Vorschläge der EU zum Gas erwartet.",
        "Gäste aus Polen reisen meist mit dem Zug nach Kiew.",
        "Russland und die Ukraine verständigten sich bei einem Gespräch in Minsk auf einen Austausch.",
        "Am Donnerstag tagt die Innenministerkonferenz. Die EU sieht zu.",
        "Lawrow warnte vor einem Treffen mit Selenskyj.",
        "Ob Scholz am Freitag nach Kiew reist, ist nicht ausgemacht.",
        "Auf einer Konferenz in Oslo hat Blinken der Ukraine neue Hilfen angekündigt.",
        "Bern kündigt eine Konferenz an, Moskau spottet.",
        "Scholz bekräftigte vor seiner Abreise nach Paris das Nein zu Panzern.",
        "Die EU zahlt. Das Treffen der Digitalminister Polens und der Ukraine am Freitag ist hinfällig.",
        "Erdogan hat Macron noch für dieses Jahr zu einem Besuch in Ankara eingeladen.",
        "Putin nimmt an dem Gipfel der BRICS-Staaten, der am Donnerstag endet, per Video teil.",
        "In Genf hat am Dienstag eine weitere Runde von Gesprächen zwischen Russland und der Ukraine begonnen.",
        "Die 30 Abgeordneten beraten am Donnerstag über Öl.",
        "Polen und Litauen haben in Riga verhandelt. Am Freitag würden die Beratungen ohne Streit fortgesetzt.",
        "Polen und Litauen haben in Riga verhandelt. Die nächste Runde ist im Interesse aller.",
    ],
)
def test_what_only_sounds_like_a_herald_announces_nothing(text: str) -> None:
    assert announced(text) == []


ANNOUNCED = (
    ("talks, though a clause beside speaks of ice", ["NATO,RUS 2022-05"], "Der NATO-Russland-Rat, der seit Jahren auf Eis liegt, soll im Mai wieder tagen."),
    ("called off, and held after all", ["RUS,USA 2022-03-18"], "Moskau hatte das für Mittwoch geplante Treffen mit Blinken abgesagt, nun soll es am Freitag in Wien stattfinden."),
    ("announces a visit: all of the subject", ["DEU,FRA,POL,UKR 2022-03-21/2022-03-27"], "Die Außenminister Deutschlands, Frankreichs und Polens haben ihren Besuch in Kiew für die kommende Woche angekündigt."),
    ("visits: two adjectives share a noun", ["FRA,GBR,RUS 2022-03-18"], "Der britische und der französische Verteidigungsminister besuchen am Freitag Moskau."),
    ("meets: a name behind a town", ["TUR,UN 2022-03-18"], "Im Anschluss will Guterres am Freitag in Odessa Erdogan treffen."),
    ("talks after a meeting that is over", ["NATO,RUS 2022-03-16"], "Nach dem Treffen in Genf am Montag wollen Russland und die NATO am Mittwoch in Brüssel sprechen."),
    ("travels on: where to, not where from", ["DEU,UKR 2022-03-18"], "Nach einem Besuch in Ankara am Dienstag reist Scholz am Freitag weiter nach Kiew."),
    ("travels: not to whom the quarrel is with", ["DEU,UKR 2022-03-18"], "Wegen des Streits in der Türkei reist Scholz am Freitag nach Kiew."),
    ("travels on: whom he visits then", ["MDA,UN "], "Nach seinen Besuchen in Oslo und Riga wird UN-Generalsekretär Guterres nach Moldau reisen."),
    ("travels today", ["EGY,USA 2022-03-15"], "Außenminister Blinken reist heute zu Gesprächen nach Kairo."),
    ("travels: one word for the ministers of several states", ["DEU,FRA,UKR 2022-03-21"], "Die Außenministerinnen von Deutschland und Frankreich reisen am Montag nach Kiew."),
    ("was to travel on a day to come", ["DEU,UKR 2022-03-18"], "Scholz wollte am Freitag nach Kiew reisen."),
    ("were to meet on a day to come", ["DEU,UKR 2022-03-18"], "Scholz sprach mit Selenskyj. Sie wollten sich am Freitag in Wien treffen."),
    ("a pronoun for the two states that were named", ["RUS,USA 2022-03-18"], "Biden und Putin haben lange gesprochen. Am Freitag wollen beide wieder telefonieren."),
    ("will meet again, without a day", ["DEU,FRA "], "Scholz und Macron sprachen über die Lage. Sie wollen erneut zusammenkommen."),
    ("two who visit together do not visit each other", ["LTU,POL,UKR 2022-03-18"], "Duda und Nauseda besuchen am Freitag Kiew."),
    ("stops of one visit are one meeting with all its guests", ["AUT,CZE,UKR 2022-03-16/2022-03-17"],
     "Außenminister Schallenberg besucht mit seinem tschechischen Kollegen Lipavsky am Mittwoch und Donnerstag die Ukraine.\nAm Donnerstag will Schallenberg in Charkiw den ukrainischen Außenminister Kuleba treffen."),
    ("received by the host, and not where the guest goes later", ["ITA,POL 2022-03-18"], "Vor einem Besuch in Paris wird Duda am Freitag in Rom von Ministerpräsident Draghi empfangen."),
    ("received in a neutral town", ["UKR,USA 2022-03-18"], "Selenskyj wird am Freitag in Genf von Präsident Biden empfangen."),
    ("receives colleagues for the states they come from", ["DEU,NOR,POL 2022-03-18"], "Kanzler Scholz empfängt am Freitag seine Kollegen aus Norwegen und Polen zu einem Abendessen."),
    ("talks to colleagues of those states", ["DEU,FRA,NOR,POL 2022-03-18"], "Scholz berät am Freitag mit seinen Amtskollegen aus Frankreich, Norwegen und Polen."),
    ("the day for which, not when it was said", ["RUS,USA 2022-03-18"], "Washington hat für Freitag neue Gespräche mit Russland angekündigt."),
    ("heads of state are of the body that is spoken of", ["NATO 2022-04-22"],
     "Noch vor dem Gipfel der Staats- und Regierungschefs, der für den 22. April in Oslo angesetzt ist, will die NATO liefern. Beim Gipfel der Staats- und Regierungschefs am 22. April in Oslo könnten die NATO-Länder Schweden einladen."),
    ("reported in the plural, no less a plan", ["LTU,POL 2022-03-18"], "Polen und Litauen haben in Riga verhandelt. Am Freitag würden die Beratungen fortgesetzt, hieß es."),
    ("moved further down: on its new day alone", ["RUS,UKR 2022-03-21"],
     "Die Unterhändler Russlands und der Ukraine wollten am Freitag in Genf verhandeln. Nun wird das Treffen auf Montag verlegt."),
    ("spoken of alone, whatever is told of it behind a comma", ["NOR,SWE 2022-03-18"],
     "Norwegen und Schweden wollen am Freitag über Ungarn sprechen, dessen Ministerpräsident Orban die Aufnahme blockiert."),
    ("what goes on is told in the clause before", ["CHE,UKR 2022-03-21/2022-03-27"],
     "Bundespräsident Ignazio Cassis vertritt derzeit die Schweiz und will in der kommenden Woche nach Kiew reisen."),
    ("before what is announced", ["NOR,POL 2022-03-18", "AUT,NOR "],
     "Am Freitag reist der norwegische Ministerpräsident Jonas Gahr Støre nach Warschau. Zuvor trifft er in Wien Bundeskanzler Karl Nehammer."),
    ("moved is another's", ["LTU,POL 2022-03-18", "RUS,UKR 2022-03-21"],
     "Polen und Litauen wollen am Freitag in Oslo verhandeln. Das Treffen Russlands mit der Ukraine wird auf Montag verlegt."),
)  # fmt: skip


@pytest.mark.parametrize(("told", "text"), [row[1:] for row in ANNOUNCED], ids=[row[0] for row in ANNOUNCED])
def test_a_herald_announces_who_comes_and_when(told: list[str], text: str) -> None:
    assert [f"{who} {day}" for _, who, day in announced(text)] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Vor einem Treffen mit Macron will Scholz am Freitag mit Erdogan telefonieren.", ["DEU,TUR 2022-03-18"]),
        ("Nach einem Besuch in Polen reist Scholz am Freitag zu Gesprächen nach Kiew.", ["DEU,UKR 2022-03-18"]),
        ("Nach Gesprächen mit Duda am Dienstag will Scholz am Freitag Selenskyj treffen.", ["DEU,UKR 2022-03-18"]),
        (
            "Nach Gesprächen mit Duda am Donnerstag will Scholz am Freitag Selenskyj treffen.",
            ["DEU,POL 2022-03-17", "DEU,UKR 2022-03-18"],
        ),
    ],
)
def test_whom_somebody_meets_before_or_after_takes_no_part(text: str, told: list[str]) -> None:
    assert [f"{who} {day}" for _, who, day in announced(text)] == told


def test_a_journey_and_the_meeting_it_is_for_are_one_on_the_day_of_the_meeting() -> None:
    text = "Duda fährt am Donnerstag nach Paris, am Freitag trifft er dort Macron."
    assert [(who, day) for _, who, day in announced(text)] == [("FRA,POL", "2022-03-18")]
    text = "Duda fährt am Donnerstag nach Paris. In zwei Wochen wird er in Warschau Macron treffen."
    assert len(announced(text)) == 2


def test_ministers_of_a_state_that_is_told_are_not_those_of_a_body() -> None:
    text = "Die NATO schweigt. Am Freitag beraten die Außenminister von 57 muslimischen Staaten über die Lage."
    assert "NATO" not in {who for _, who, _ in announced(text)}


def test_the_day_from_which_a_meeting_was_moved_is_not_its_day() -> None:
    text = "Der Ständige Rat der OSZE tagt in dieser Woche erst am Freitag statt am Donnerstag."
    assert [day for _, _, day in announced(text)] == ["2022-03-18"]


def test_a_day_behind_und_belongs_to_the_meeting_that_follows() -> None:
    text = "Für diese Woche ist eine Sitzung des NATO-Russland-Rats in Oslo und am Donnerstag in Bern ein Treffen der OSZE geplant."
    found = {who: day for _, who, day in announced(text)}
    assert found["OSCE"] == "2022-03-17"
    assert found.get("NATO,RUS") != "2022-03-17"


def test_what_an_attribute_announces_is_announced_in_a_clause_that_tells_the_past() -> None:
    text = "Paris kritisierte die für Freitag geplanten Verhandlungen zwischen Russland und der Ukraine."
    assert [day for _, _, day in announced(text)] == ["2022-03-18"]


def test_whom_a_meeting_is_with_meets_who_was_spoken_of_before() -> None:
    text = "Macron reist nach Oslo. Am Freitag ist ein Treffen mit Selenskyj geplant."
    assert ("FRA,UKR", "2022-03-18") in [(who, day) for _, who, day in announced(text)]


def test_the_day_on_which_a_meeting_was_announced_is_not_its_day() -> None:
    text = "Moskau hatte am Vormittag Verhandlungen mit den USA für Ende März angekündigt."
    assert [(who, day[:7]) for _, who, day in announced(text)] == [("RUS,USA", "2022-03")]


@pytest.mark.parametrize(
    "text",
    [
        "Russland und die Ukraine haben verhandelt. Man traf sich in Oslo.",
        "Russland und die Ukraine haben verhandelt. Er hatte gesagt, man werde sich bald wiedersehen.",
        "Russland und die Ukraine haben verhandelt. Das werde man sehen.",
        "Der nächste Gipfel ist für Juli in Madrid angesetzt.",
        "Die NATO hat getagt. Der nächste Gipfel findet im Juli statt, wenn Madrid es will.",
        "Die EU streitet. Es gebe Hoffnung auf einen raschen Gipfel: Am Donnerstag fällt die Entscheidung.",
        "Die EU tagte mit der NATO. Beim Gipfel der vier im April soll entschieden werden.",
        "Ein Gipfel der EU und ein Treffen der NATO liegen zurück. Beim Gipfel im April soll entschieden werden.",
        "Russland und die Ukraine haben verhandelt. Die Gespräche werden nicht fortgesetzt.",
        "Russland und die Ukraine haben verhandelt. Die Gespräche wurden am Montag fortgesetzt.",
        "Russland und die Ukraine haben verhandelt. Die Arbeiten sollen am Freitag weitergehen.",
        "Russland und die Ukraine haben verhandelt. Den Dialog wolle man fortsetzen.",
        "Russland und die Ukraine haben verhandelt. Die Delegationen vereinbarten weitere Lieferungen.",
        "Russland und die Ukraine haben verhandelt. Das Treffen mit Macron soll am Freitag beginnen.",
        "Scholz ist in Oslo. Ein Gespräch mit Macron steht nicht auf dem Programm.",
        "Russland und die Ukraine trennten sich nach den Gesprächen, ohne ein neues Treffen zu vereinbaren.",
        "Russland und die Ukraine haben verhandelt. Die Sitzung des Stadtrats soll am Freitag beginnen.",
        "Scholz ist in Oslo. Auf der Tagesordnung des Treffens mit Macron steht die Ukraine.",
    ],
)
def test_who_is_not_named_is_not_guessed_where_nobody_is_meant(text: str) -> None:
    recalled = "go on,the next,summit,agreed on the next,goes on,is held,on the programme,is planned"
    assert not {f"herald:{name}" for name in recalled.split(",")} & {rule for rule, _, _ in announced(text)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Die EU zögert. Am Donnerstag beraten die 27 über Öl.", ["EU 2022-03-17"]),
        ("Die 27 Staats- und Regierungschefs beraten am Donnerstag über Öl.", ["EU 2022-03-17"]),
        ("Die EU zögert. Am Donnerstag kommen die 27 Außenminister zusammen.", ["EU 2022-03-17"]),
        ("Die EU zögert. Die Energieminister entscheiden am Dienstag kommender Woche.", ["EU 2022-03-22"]),
        ("Der NATO-Gipfel ist vorbei. Den nächsten Gipfel richtet im Juli Spanien aus.", ["NATO 2022-07"]),
        ("Anschließend reist Scholz nach Georgien.", ["DEU,GEO "]),
        ("Zuvor reist Scholz nach Georgien, Rumänien und in die Ukraine.", ["DEU,GEO,ROU,UKR "]),
        ("Die EU streitet. Bis zum Gipfel im April soll ein Entwurf vorliegen.", ["EU 2022-04"]),
        (
            "Russland und die Ukraine haben verhandelt. Die Seiten wollen sich in den kommenden Wochen wiedersehen.",
            ["RUS,UKR "],
        ),
        ("Polen und Litauen verhandelten in Riga über Fähren. Die Gespräche sollen fortgesetzt werden.", ["LTU,POL "]),
        (
            "Polen, Litauen und Estland tagten in Riga. Polen und Litauen einigten sich. Die Gespräche sollen fortgesetzt werden.",
            ["EST,LTU,POL "],
        ),
        (
            "Polen und Litauen verhandelten in Riga. Man trennte sich nach Beratungen, die in Thorn weitergehen sollen.",
            ["LTU,POL "],
        ),
        (
            "Polen und Litauen verhandelten in Riga. Die Delegationen einigten sich auf eine Fortsetzung der Gespräche.",
            ["LTU,POL "],
        ),
        (
            "Polen und Litauen beendeten ihre Verhandlungen. Warschau lobte die von Bern vermittelten Gespräche. Die Parteien verabredeten ein neues Treffen.",
            ["LTU,POL "],
        ),
        (
            "Nach einem Gespräch mit Litauen sprach Polen von Fortschritten. In Kürze sollten weitere Beratungen stattfinden.",
            ["LTU,POL "],
        ),
        ("Scholz weilt in Oslo. In Planung sei auch eine Unterredung mit Frankreichs Präsident Macron.", ["DEU,FRA "]),
        ("Der UN-Sicherheitsrat ist alarmiert. Die Sitzung wurde für Freitag angesetzt.", ["UN 2022-03-18"]),
        ("Polen und Litauen verhandelten in Riga. Die nächste Runde ist am Freitag in Oslo.", ["LTU,POL 2022-03-18"]),
        (
            "Polen und Litauen verhandelten in Riga. Am Freitag sitzen sich beide Seiten erneut gegenüber.",
            ["LTU,POL 2022-03-18"],
        ),
        ("Polen und Litauen verhandelten in Riga. Am Freitag wird in Oslo weitergeredet.", ["LTU,POL 2022-03-18"]),
        (
            "Polen und Litauen verhandelten in Riga. Die Serie der Gespräche geht am Freitag weiter.",
            ["LTU,POL 2022-03-18"],
        ),
    ],
)
def test_who_meets_is_known_from_the_sentences_before(text: str, told: list[str]) -> None:
    assert [f"{who} {day}" for _, who, day in announced(text)] == told


def test_who_goes_on_with_somebody_named_does_not_go_on_with_those_before() -> None:
    text = "Man habe mit Polen gesprochen, am Samstag wolle man mit Oslo telefonieren, sagte Erdogan."
    assert "herald:go on" not in {rule for rule, _, _ in announced(text)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Um 17 Uhr trifft Scholz in Berlin den norwegischen Ministerpräsidenten Støre.", ["DEU,NOR 2022-03-15"]),
        ("Der Rat der NATO ist uneins. Die Sitzung beginnt gegen 18.30 Uhr.", ["NATO 2022-03-15"]),
        (
            "Am Freitag reist Scholz nach Oslo. Gegen 17 Uhr trifft er dort den norwegischen Ministerpräsidenten Støre.",
            ["DEU,NOR 2022-03-18"],
        ),
        ("Um 17 Uhr traf Scholz in Berlin den norwegischen Ministerpräsidenten Støre.", []),
    ],
)
def test_an_hour_without_a_day_is_of_the_day_that_was_told_or_of_today(text: str, told: list[str]) -> None:
    assert [f"{who} {day}" for _, who, day in announced(text)] == told


def test_who_meets_soon_is_announced_where_nobody_else_is_named() -> None:
    assert announced("Anschließend empfängt Macron den polnischen Präsidenten Duda.") == [
        ("herald:receives", "FRA,POL", "")
    ]
    several = "In den nächsten Tagen wollen Macron, Scholz und Norwegens Ministerpräsident Støre Duda treffen."
    assert all({"FRA", "DEU", "NOR", "POL"} == {*who.split(",")} for _, who, _ in announced(several))


def test_who_only_wants_talks_does_not_hold_them() -> None:
    assert "herald:holds" not in {rule for rule, _, _ in announced("Duda will Verhandlungen mit Minsk führen.")}
    assert announced("Duda soll am Freitag Gespräche mit Litauens Präsident Nauseda führen.") == [
        ("herald:holds", "LTU,POL", "2022-03-18")
    ]
    text = "Am Freitag soll Duda eine Werft besuchen und mit Litauens Präsident Nauseda Gespräche führen."
    assert "" not in {day for rule, _, day in announced(text) if rule == "herald:holds"}
    text = "Duda wird mit Litauens Präsident Nauseda Gespräche führen, wie sein Amt am Dienstag mitteilte."
    assert announced(text) == [("herald:holds", "LTU,POL", "")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Scholz und Macron haben ihr für Donnerstag geplantes Treffen auf Freitag verschoben.",
            ["DEU,FRA 2022-03-18"],
        ),
        ("Scholz vertagt seine Reise nach Kiew auf Freitag.", ["DEU,UKR 2022-03-18"]),
        ("Das Treffen von Scholz und Macron am Freitag wird von Riga nach Oslo verlegt.", ["DEU,FRA 2022-03-18"]),
        ("Scholz und Macron verlegen ihr Treffen von Riga nach Oslo.", ["DEU,FRA "]),
        ("Das Treffen von Scholz und Macron am Freitag wird auf unbestimmte Zeit verschoben.", []),
        ("Das Treffen von Scholz und Macron wird auf Wunsch Berlins verschoben.", []),
        ("Scholz und Macron verlegen Truppen von Riga nach Oslo.", []),
    ],
)
def test_what_is_put_off_to_a_day_or_moved_to_a_town_is_announced_for_then_and_there(
    text: str, told: list[str]
) -> None:
    assert [f"{who} {day}" for _, who, day in announced(text)] == told


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("Das Treffen von Scholz und Macron am Freitag ist auf unbestimmte Zeit verschoben.", ["negated"]),
        ("Das Treffen von Scholz und Macron am Freitag fällt aus.", ["negated"]),
        ("Das Treffen von Scholz und Macron am Freitag wird auf Montag verschoben.", ["planned"]),
        ("Scholz wird seinen abgesagten Besuch in Polen am Freitag nachholen.", []),
        (
            "Das für den 14. April geplante Treffen der NATO mit Russland in Brüssel ist auf den 21. April verschoben worden.",
            ["planned"],
        ),
        (
            "Moskau hatte das für Mittwoch geplante Treffen mit Blinken abgesagt, nun soll es am Freitag in Wien stattfinden.",
            ["planned"],
        ),
        ("Ein Termin für das Treffen von Biden und Putin steht noch nicht fest.", ["planned"]),
    ],
)
def test_what_was_to_be_and_is_called_off_is_a_meeting_that_will_not_be(text: str, statuses: list[str]) -> None:
    """Nothing was told of it: in the calendar it stood as announced, until it was overdue."""
    assert statuses_of(text) == statuses


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            (
                "Russland und die Ukraine haben in Minsk verhandelt. Macron und Scholz telefonierten am Montag. "
                "Die Verhandlungen sollen am Donnerstag fortgesetzt werden."
            ),
            ["RUS,UKR 2022-03-17"],
        ),
        (
            "Macron und Scholz telefonierten am Montag. Das nächste Telefonat ist für Freitag geplant.",
            ["DEU,FRA 2022-03-18"],
        ),
        ("Macron und Scholz telefonierten am Montag. Die Verhandlungen sollen am Freitag fortgesetzt werden.", []),
        (
            (
                "Die Minister Polens und Litauens konnten sich nicht auf Sanktionen gegen Belarus einigen. "
                "Das nächste Treffen ist für Freitag in Oslo angesetzt."
            ),
            ["LTU,POL 2022-03-18"],
        ),
        ("Russland und die Ukraine verhandelten in Minsk. Am Samstag beginnt die große Balkan-Konferenz.", []),
        ("Polen und Litauen haben in Oslo verhandelt. Der Pokal geht am Freitag in die nächste Runde.", []),
    ],
)
def test_what_goes_on_is_between_those_who_negotiated_or_settled_it(text: str, told: list[str]) -> None:
    assert [f"{who} {day}" for _, who, day in announced(text)] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Die NATO kommt zu einer Sondersitzung zusammen. Sie wurde für Mittwoch einberufen.", ["NATO 2022-03-16"]),
        (
            (
                "Der Kreml sieht die Abrede über ein Treffen der Präsidenten Russlands und der USA als gültig an. "
                "Es werde in den nächsten Tagen stattfinden, sagte Uschakow."
            ),
            ["RUS,USA "],
        ),
        (
            "Polen und Litauen sprachen in Oslo. Die eigentlichen Verhandlungen beginnen am Freitag.",
            ["LTU,POL 2022-03-18"],
        ),
        ("Polen und Litauen sprachen in Oslo. Die Reservisten warten. Sie werden am Freitag einberufen.", []),
    ],
)
def test_a_pronoun_or_an_attribute_stands_for_the_meeting_of_before(text: str, told: list[str]) -> None:
    assert [f"{who} {day}" for _, who, day in announced(text)] == told


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "Die Minister Polens und Litauens sprachen in Riga. Das nächste Treffen ist für Freitag in Oslo angesetzt.",
            "Oslo",
        ),
        ("Scholz besucht am Freitag Kiew.", "Kiew"),
        ("Scholz besucht am Freitag Kiew und reist dann nach Warschau weiter.", "Kiew"),
        (
            "Die Unterhändler Russlands und der Ukraine wollten am Freitag in Genf verhandeln. Nun wird das Treffen auf Montag verlegt.",
            "Genf",
        ),
    ],
)
def test_a_meeting_is_in_the_town_that_its_own_clause_or_its_first_telling_names(text: str, place: str) -> None:
    assert places_of(text) == [place]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Am Freitag tagt der NATO-Russland-Rat.", []),
        ("Russland und die NATO treffen sich am Freitag wieder in ihrem gemeinsamen Rat.", []),
        ("Dann will die NATO mit Russland sprechen: Ihr Rat tritt am Freitag zusammen.", []),
        ("Die Gespräche werden am Freitag fortgesetzt.", ["Genf"]),
        ("Am Freitag treffen sich beide Seiten wieder.", ["Genf"]),
    ],
)
def test_others_do_not_meet_where_somebody_met_before(text: str, places: list[str]) -> None:
    before = "In Genf haben Unterhändler der USA und Russlands lange gesprochen."
    assert announced(f"{before} {text}")
    assert places_of(f"{before} {text}") == places


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (
            "Guterres ist in Lwiw eingetroffen. Am Freitag ist dort ein Treffen mit Selenskyj und Erdogan geplant.",
            "TUR,UKR,UN",
        ),
        ("Guterres ist in Lwiw eingetroffen. Am Freitag treffen sich dort Selenskyj und Erdogan.", "TUR,UKR"),
        ("Die Außenminister der G7 beraten am Freitag in Rom. An dem Treffen nimmt auch Kuleba teil.", "G7,UKR"),
        ("Die Außenminister der G7 beraten am Freitag in Rom. Kuleba nahm zuletzt auch teil.", "G7"),
        ("Die Außenminister der G7 beraten am Freitag in Rom. Kuleba nimmt auch am Marathon teil.", "G7"),
        ("Die G7 beraten am Freitag in Rom. Auch der italienische Minister Crosetto nimmt teil.", "G7"),
        ("Am Freitag nimmt der ukrainische Minister Kuleba am Gipfel der NATO in Madrid teil.", "NATO,UKR"),
    ],
)
def test_who_acts_before_a_meeting_or_joins_it_takes_part(text: str, who: str) -> None:
    assert [parties for _, parties, _ in announced(text)] == [who]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Scholz reist am Freitag zu deutschen Soldaten nach Litauen.", ["DEU,LTU"]),
        ("Am Freitag reisen 30 Ärzte aus Österreich in die Ukraine.", []),
        ("Eine Delegation aus Polen trifft am Freitag in Kiew ein.", ["POL,UKR"]),
        ("Ob es am Freitag zu dem Treffen von Scholz und Macron kommt, ist offen.", []),
        ("Am Freitag kommt es zu dem Treffen von Scholz und Macron.", ["DEU,FRA"]),
        ("Scholz will im Bundestag über das Treffen mit Macron am Freitag berichten.", ["DEU,FRA"]),
        ("Am Freitag wird Scholz eine Regierungserklärung zum Gipfel der EU abgeben.", []),
        ("Macron wird am Freitag zu einer Rede auf dem Gipfel der EU in Rom erwartet.", ["EU,FRA"]),
    ],
)
def test_what_only_sounds_like_no_announcement_is_one(text: str, told: list[str]) -> None:
    assert [who for _, who, _ in announced(text)] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Scholz ist in Paris. Anschließend besucht er am Freitag Serbien und Ungarn.", ["DEU,SRB", "DEU,HUN"]),
        ("Am Freitag besucht Scholz mit Macron Serbien.", ["DEU,FRA,SRB"]),
        ("Scholz war in Kiew. Seine Vermittlung soll er am Freitag in Oslo fortsetzen.", ["DEU,NOR"]),
        ("Am Freitag setzt Scholz seine Wahlkampfreise in Sachsen fort.", []),
        ("Scholz spricht am Freitag zunächst mit Polen, dann mit Ungarn.", ["DEU,POL", "DEU,HUN"]),
        ("Scholz spricht am Freitag mit Polen und Ungarn.", ["DEU,HUN,POL"]),
        (
            "Scholz trifft am Donnerstag in Paris ein, wo er am Freitag mit Macron und Duda zusammenkommt.",
            ["DEU,FRA,POL"],
        ),
        (
            "Russland und die Ukraine haben verhandelt. Am Freitag wollen die Delegationen sich wiedersehen.",
            ["RUS,UKR"],
        ),
        (
            "Russland und die Ukraine haben verhandelt. Am Freitag wollen rund hundert Delegationen sich wiedersehen.",
            [],
        ),
        ("Am Freitag wird Selenskyj in Oslo erwartet, wo der NATO-Ukraine-Rat tagen soll.", ["NATO,UKR"]),
        ("Der UN-Sicherheitsrat will sich am Freitag mit dem Überfall befassen.", ["UN"]),
        ("Die Bundesregierung will sich am Freitag mit dem Überfall befassen.", []),
        ("Blinken wollte am Freitag nach Oslo fliegen. Nun ist die Reise ungewiss.", []),
        ("Blinken wollte am Freitag Lawrow in Genf treffen. Scholz sagte seine Reise nach Warschau ab.", ["RUS,USA"]),
        (
            "Blinken will am Freitag Lawrow in Genf treffen. Macron ist zu Gast. Mit der NATO wurde nichts vereinbart.",
            ["RUS,USA"],
        ),
    ],
)
def test_stops_turns_and_what_is_called_off_further_down(text: str, told: list[str]) -> None:
    assert [who for _, who, _ in announced(text)] == told


def test_before_a_feast_is_no_day() -> None:
    assert [day for _, _, day in announced("Noch vor Ostern ist ein Treffen von Scholz und Macron geplant.")] == [""]
    assert [day for _, _, day in announced("Am Ostermontag ist ein Treffen von Scholz und Macron geplant.")] == [
        "2022-04-18"
    ]
