"""What syntax says of who acts upon whom, and what the judge makes of it."""

from __future__ import annotations

import pytest
from articles import article_of
from sides import directed

from extractors.events import code_events
from extractors.events.proposing.directions import (
    ACTS,
    AGAINST,
    BEARS,
    LEFT_OUT,
    ROWS,
    Direction,
    Row,
    cost,
    domestic,
)
from extractors.events.proposing.receiving import Borne, borne
from extractors.model import Event


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_reads_its_own_test(row: Row) -> None:
    assert row.name in directed(row.test)


@pytest.mark.parametrize("verb", borne(), ids=lambda verb: verb.name)
def test_the_subject_of_every_verb_bears_what_its_test_tells(verb: Borne) -> None:
    assert verb.of in directed(verb.test)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Nach Pariser Angaben hat Erdogan um ein Telefonat ersucht.", "REQUEST TUR"),
        ("Der EU warf Lukaschenko am Abend Erpressung vor.", "ACCUSE BLR>EU"),
        ("Nach Angaben aus Wilna begann Belarus, Panzer an der Grenze zusammenzuziehen.", "MOBILIZE BLR"),
        ("Gebiete, die Russland besetzt hat, will Kiew befreien.", "COERCE RUS>UKR"),
        ("In der Nacht wurden Dörfer im Grenzgebiet von armenischen Truppen beschossen.", "ASSAULT ARM"),
        ("Raketen wurden aus dem Libanon auf Ziele in Israel abgefeuert.", "ASSAULT >ISR"),
        ("Georgien hat gemeinsam mit Moldau den Beitritt zur EU beantragt.", "REQUEST GEO"),
        ("Von Deutschland fordert die Ukraine schwere Waffen.", "REQUEST UKR>DEU"),
        ("Moskau warf die EU Erpressung vor.", "ACCUSE EU>RUS"),
        ("Die Forderung Moskaus lehnte Kiew ab.", "REJECT UKR>RUS"),
        ("Kiew forderte von der EU mehr Druck auf Russland. Das lehnte Ungarn ab.", "REJECT HUN>UKR"),
        ("Litauen warf Belarus und Russland Erpressung vor. Minsk wies das zurück.", "REJECT BLR>LTU"),
        ("Ein Angebot Selenskyjs zu einem Treffen im Donbass hatte Putin ausgeschlagen.", "REJECT RUS>UKR"),
        ("Die Entscheidung Berlins begrüßte Selenskyj.", "SUPPORT UKR>DEU"),
        (
            "Als Reaktion auf EU-Sanktionen hat Moskau Einreiseverbote für Vertreter aus mehreren EU-Staaten verhängt.",
            "SANCTION RUS>EU",
        ),
        ("Orbans Reise nach Moskau verurteilten mehrere EU-Staaten.", "ACCUSE EU>HUN"),
        ("Putin drohen neue Sanktionen der USA.", "THREATEN USA>RUS"),
        ("Litauen hat seine Botschaft in Minsk geschlossen.", "SANCTION LTU>BLR"),
        ("Polen schloss das russische Konsulat in Posen.", "SANCTION POL>RUS"),
        (
            "Zuletzt hatte die neue US-Regierung unter Präsident Trump Kiew zu Zugeständnissen gedrängt.",
            "REQUEST USA>UKR",
        ),
        ("Junge Palästinenser rief die Hamas zum Widerstand auf.", "REQUEST HAM>PSE"),
        ("Litauen ist von Russland mit Vergeltung gedroht worden.", "THREATEN RUS>LTU"),
        ("Die Blockade Ungarns hat der EU-Außenbeauftragte kritisiert.", "ACCUSE EU>HUN"),
        ("Rückendeckung bekam Selenskyj von den Europäern.", "SUPPORT EU>UKR"),
        ("Andere europäische Führer wiesen Orbans Einwände zurück.", "REJECT EU>HUN"),
        ("Die deutsche Entscheidung wurde in Moskau scharf kritisiert.", "ACCUSE RUS>DEU"),
        ("Die US-Sanktionen wurden in Peking scharf verurteilt.", "ACCUSE CHN>USA"),
        ("Die deutsche Entscheidung wurde in Kiew begrüßt.", "SUPPORT UKR>DEU"),
        ("Selenskyjs Vorschlag stieß in Moskau auf Ablehnung.", "REJECT RUS>UKR"),
        ("Israel erlebte nach Angaben der Armee einen schweren Angriff mit Raketen aus dem Iran.", "ASSAULT IRN>ISR"),
        ("Die russische Botschaft in Washington konterte die Vorwürfe der USA.", "ACCUSE USA>RUS"),
        (
            "Außenminister Heiko Maas und sein französischer Amtskollege forderten von Russland einen Abzug.",
            "REQUEST DEU,FRA>RUS",
        ),
        ("Ebenso wie Paris und Kiew fordert auch Großbritannien von den USA Garantien.", "REQUEST FRA,GBR,UKR>USA"),
        ("Neben Deutschland lieferte auch Polen der Ukraine Panzer.", "AID DEU,POL>UKR"),
        ("Inzwischen haben Großbritannien und Frankreich Kiew mit Marschflugkörpern beliefert.", "AID FRA,GBR>UKR"),
        ("In einer Mitteilung lobte Modi Bidens kluge Haltung.", "SUPPORT IND>USA"),
        ("Guterres forderte alle Länder auf, die Sanktionen gegen Russland zu lockern.", "REQUEST UN>"),
        ("Selenskyj rief alle Staaten der Nato auf, mehr Panzer zu liefern.", "REQUEST UKR>NATO"),
        ("Die Festnahme eines Reporters durch Russland verurteilte Washington.", "ACCUSE USA>RUS"),
        ("Kiew schweigt. Der Gouverneur der russischen Region Belgorod meldete einen Angriff.", "ASSAULT UKR>RUS"),
        ("Am Montag versicherte der Bundeskanzler Selenskyj seine Unterstützung.", "SUPPORT DEU>UKR"),
        ("Am Abend lieferte Polens Ministerpräsident Tusk Armenien neue Panzer.", "AID POL>ARM"),
        ("Der EU-Außenbeauftragte warf Moskau am Montag vor, die Lage zu verschärfen.", "ACCUSE EU>RUS"),
        ("Der ukrainische Gesandte in Wien drohte Ungarn mit einer Klage.", "THREATEN UKR>HUN"),
        ("Russland drohte der EU-Beauftragte mit neuen Strafen.", "THREATEN EU>RUS"),
        ("Der Kreml will auf die Bitte der NATO antworten.", "REQUEST NATO>RUS"),
        ("Bundeskanzler Scholz reagierte am Montag auf die Bitte der polnischen Regierung.", "REQUEST POL>DEU"),
        ("Der Kreml reagierte am Montag auf die amerikanischen Strafmaßnahmen.", "SANCTION USA>RUS"),
        ("Moskau hat die Strafmaßnahmen aus den USA zur Kenntnis genommen.", "SANCTION USA>RUS"),
        ("Die Ukraine reagierte am Montag auf die Bitte von Präsident Tokajew.", "REQUEST KAZ>UKR"),
        ("Armenien bekam aus Ankara ein Ultimatum gestellt.", "THREATEN TUR>ARM"),
        ("Die Slowakei musste sich von Moldau Erpressung vorwerfen lassen.", "ACCUSE MDA>SVK"),
        ("Kasachstan ließ sich von der Türkei neue Drohnen zusagen.", "AGREE TUR>KAZ"),
        ("Serbien hat aus Warschau Haubitzen erhalten.", "AID POL>SRB"),
        ("Moldau nahm am Sonntag von Rumänien acht Generatoren entgegen.", "AID ROU>MDA"),
        ("Moldau sah sich am Montag mit schweren Vorwürfen aus Minsk konfrontiert.", "ACCUSE BLR>MDA"),
        ("An die Slowakei erging aus Budapest die Aufforderung, die Leitung zu öffnen.", "REQUEST HUN>SVK"),
        ("Armenien blitzte beim türkischen Präsidenten mit der Bitte ab.", "REJECT TUR>ARM"),
        ("Der Vorstoß der Slowakei fand in Paris keine Unterstützung.", "REJECT FRA>SVK"),
        ("Der Slowakei stellte Moldau am Dienstag ein Ultimatum.", "THREATEN MDA>SVK"),
        ("Die Slowakei, der die Niederlande Untätigkeit vorwerfen, schweigt.", "ACCUSE NLD>SVK"),
        ("Der Entwurf der Slowakei, den Moldau ablehnt, bleibt umstritten.", "REJECT MDA>SVK"),
        ("Serbien rechtfertigte ein Vorgehen, das die Slowakei scharf kritisiert hatte.", "ACCUSE SVK>SRB"),
        ("Serbien verteidigt die Reise, die die Slowakei verurteilt hatte.", "ACCUSE SVK>SRB"),
        ("Serbien, von Armenien scharf kritisiert, wartet ab.", "ACCUSE ARM>SRB"),
        ("An der Slowakei übte Moldau am Sonntag scharfe Kritik.", "ACCUSE MDA>SVK"),
        ("Hinter die Slowakei stellte sich am Sonntag Moldau.", "SUPPORT MDA>SVK"),
        ("Die USA lobte Moldau am Sonntag für den Schritt.", "SUPPORT MDA>USA"),
        ("Weil die Slowakei Moldau zum Rückzug aufgefordert hatte, tagte der Rat.", "REQUEST SVK>MDA"),
        ("Dass der Slowakei Serbien Generatoren geliefert hat, ist bekannt.", "AID SRB>SVK"),
        ("Dass der Iran Serbien mit Vergeltung gedroht hat, sorgt für Unruhe.", "THREATEN IRN>SRB"),
        ("Seit Aserbaidschan Armenien angegriffen hat, liefert Paris Waffen.", "ASSAULT AZE>ARM"),
        ("Sowohl Wilna als auch Riga forderten von Minsk Auskunft.", "REQUEST LTU,LVA>BLR"),
        ("Wilna wie Riga lehnten den Vorschlag Moskaus ab.", "REJECT LTU,LVA>RUS"),
        ("Wie Warschau fordert auch Wilna mehr Truppen der Nato.", "REQUEST LTU,POL>NATO"),
        ("Für das Unglück machte die armenische Regierung die Niederlande verantwortlich.", "ACCUSE ARM>NLD"),
    ],
)
def test_syntax_decides_who_acts(text: str, told: str) -> None:
    type_, _, parties = told.partition(" ")
    acting, _, borne = parties.partition(">")
    event = next(event for event in code_events(article_of(text)) if event.type == type_)

    assert {*filter(None, acting.split(","))} <= {a.code for a in event.actors}
    assert acting not in {r.code for r in event.recipients}
    assert borne not in {a.code for a in event.actors}


def test_a_row_that_decided_stands_in_the_origin_of_the_party() -> None:
    event = next(e for e in code_events(article_of("Moskau hat Kiew erneut gedroht.")) if e.type == "THREATEN")

    assert event.actors[0].origin.endswith(", subject")


def test_who_is_listed_may_be_the_subject_of_a_verb_of_several() -> None:
    assert "no subject" not in directed("Gestern forderten die EU, die USA und Japan von Russland einen Abzug.")


def test_whose_people_are_killed_is_not_told_by_them() -> None:
    assert "people of" not in directed("Israel warnt davor, dass die Hamas bald israelische Geiseln töten könnte.")


@pytest.mark.parametrize(
    "text",
    [
        "Berlin bekräftigte seine Bereitschaft, der Ukraine Panzer zu liefern.",
        "Berlin versprach, den USA Panzer zu liefern.",
        "Berlin drohte der Slowakei, der Ukraine und dem Iran mit Zöllen.",
        "Eine Resolution, die Moskau scharf verurteilt, liegt vor.",
    ],
)
def test_an_article_is_no_relative_pronoun_and_who_is_told_of_does_not_act(text: str) -> None:
    assert not {"subject of a relative", "told of in a relative"} & directed(text)


def test_turning_a_row_round_costs_more_than_leaving_its_code_out() -> None:
    told = (Direction(row="subject", code="RUS", side=ACTS), Direction(row="accusative", code="NATO", side=BEARS))

    assert cost(told, ("RUS",), ("NATO",)) == 0
    assert cost(told, ("NATO",), ("RUS",)) == 2 * AGAINST
    assert cost(told, ("RUS",), ()) == LEFT_OUT


def test_where_two_acts_are_told_no_row_counts() -> None:
    assert not directed("Auf den Angriff Irans auf Israel folgte der Angriff Israels auf Iran.")


@pytest.mark.parametrize(
    ("actors", "recipients", "home"),
    [
        (("DEU",), ("DEU-OPP",), True),
        (("DEU", "DEU-OPP"), (), True),
        (("DEU",), (), False),
        (("DEU",), ("DEU-OPP", "RUS"), False),
    ],
)
def test_a_quarrel_at_home_is_of_one_country(actors: tuple[str, ...], recipients: tuple[str, ...], home: bool) -> None:
    assert domestic(actors, recipients) is home


def test_a_quarrel_at_home_is_no_event() -> None:
    found = code_events(article_of("Die Bundesregierung warf der AfD vor, Lügen zu verbreiten."))

    assert not [event for event in found if event.type == "ACCUSE"]


@pytest.mark.parametrize(
    ("text", "type_", "code"),
    [
        ("Moskau sieht sich von der Nato bedroht.", "ACCUSE", "NATO"),
        ("Die Vereinten Nationen riefen Israel und die Hamas auf.", "REQUEST", "ISR"),
        ("Die deutsche Entscheidung wurde scharf kritisiert.", "ACCUSE", "DEU"),
        ("Deutschland erntete dafür Kritik.", "ACCUSE", "DEU"),
        ("Das neue Sanktionspaket gegen Minsk tritt am Freitag in Kraft.", "SANCTION", "BLR"),
        ("Minsk umgeht die Sanktionen der EU.", "SANCTION", "EU"),
        ("Der Gastgeber, der Serbien Untätigkeit vorwarf, schwieg.", "ACCUSE", "SRB"),
        ("Die Botschafter, die Serbien Untätigkeit vorwerfen, schweigen.", "ACCUSE", "SRB"),
    ],
)
def test_nobody_acts_who_is_only_acted_upon(text: str, type_: str, code: str) -> None:
    assert not any(code in {a.code for a in e.actors} for e in code_events(article_of(text)) if e.type == type_)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Die ukrainische Luftwaffe registrierte in der Nacht 40 Drohnenangriffe.", "RUS>UKR"),
        ("Das ukrainische Militär wehrte nach eigenen Angaben 30 Angriffe ab.", "RUS>UKR"),
        ("Moskau meldete am Morgen Angriffe auf Ziele in der Ukraine.", "RUS>UKR"),
    ],
)
def test_who_tells_of_attacks_bears_them(text: str, told: str) -> None:
    events = code_events(article_of(f"Russland führt seit zwei Jahren Krieg gegen die Ukraine. {text}"))
    assert {_sides(event) for event in events if event.type == "ASSAULT"} == {told}


def test_who_accuse_each_other_do_not_act_together() -> None:
    text = "Die ukrainische Armee und die prorussischen Separatisten machten sich gegenseitig verantwortlich."
    assert "UKR>SEP" in {_sides(event) for event in code_events(article_of(text)) if event.type == "ACCUSE"}


def test_who_wants_another_to_press_a_third_asks_him() -> None:
    text = "Wenn China helfen wolle, sollte Xi Russland zum Abzug drängen, sagte Selenskyj."
    assert "CHN" not in {
        a.code for event in code_events(article_of(text)) if event.type == "REQUEST" for a in event.actors
    }


def test_nobody_acts_where_only_who_bears_it_is_named() -> None:
    events = code_events(article_of("Die Ukraine meldete am Morgen 80 Drohnenangriffe."))
    assert not [event for event in events if event.type == "ASSAULT"]


def test_who_answers_accusations_and_accuses_in_return() -> None:
    events = code_events(article_of("Lawrow wies die Vorwürfe zurück und warf den USA Heuchelei vor."))
    assert [_sides(event) for event in events if event.type == "ACCUSE"] == ["RUS>USA"]


def _sides(event: Event) -> str:
    return ">".join(",".join(one.code for one in side) for side in (event.actors, event.recipients))


@pytest.mark.parametrize(
    "text",
    [
        "Kolbe warf seinem russischen Kollegen Welissow Wortbruch vor.",
        "Kolbe bestellte den russischen Botschafter ein.",
    ],
)
def test_who_is_accused_by_somebody_unknown_accuses_nobody(text: str) -> None:
    """A minister whom no table has yet: it was told that Russia accused somebody."""
    assert not [event for event in code_events(article_of(text)) if event.type == "ACCUSE"]


@pytest.mark.parametrize(
    "text",
    [
        "Der Kreml bestätigte, dass Macron mit Scholz geredet hat.",
        "Der Kreml bestätigte, dass Selenskyj mit Macron und Scholz gesprochen hat.",
    ],
)
def test_who_confirms_that_others_met_has_not_met_them(text: str) -> None:
    met = [event for event in code_events(article_of(text)) if event.type == "CONSULT"]

    assert met
    assert not any("RUS" in event.parties for event in met)


def test_who_says_whom_he_will_meet_takes_part() -> None:
    (met,) = [
        e for e in code_events(article_of("Moskau teilte mit, dass Putin Macron empfangen hat.")) if e.type == "CONSULT"
    ]

    assert met.parties == {"FRA", "RUS"}
