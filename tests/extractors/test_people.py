"""Office holders whom no table has: whom an article introduces, and who is read where other articles have introduced them."""

from __future__ import annotations

import functools
import time
from datetime import UTC, date, datetime

import pytest
from articles import article_of

from extractors.actors import Mention, named
from extractors.actors.newcomers import ROWS, Row, has, row_of
from extractors.events import code_events, explain
from extractors.language import read_text
from extractors.model import Event, Holder

DAY = datetime(2031, 5, 6, 9, tzinfo=UTC)
INGMAR = Holder(
    name="Ingmar Gausewitz",
    code="EST",
    offices=("Außenminister", "Chefdiplomat"),
    since=date(2031, 1, 1),
    until=date(2032, 1, 1),
)
ACT = "Außenminister Gausewitz forderte von Moskau den Abzug aller Truppen."


article = functools.partial(article_of, headline="Streit im Osten", dated=DAY)


def new(text: str, on: date | None = None) -> set[tuple[str, str, str]]:
    return {(one.name, one.code, one.office) for one in named(read_text(text), on=on).introduced}


def demands(*paragraphs: str, of: tuple[Holder, ...] = (INGMAR,), **more: object) -> list[Event]:
    found = code_events(article(*paragraphs, **more), holders=of)  # type: ignore[arg-type]
    return [event for event in found if event.type == "REQUEST"]


def who(*paragraphs: str, of: tuple[Holder, ...] = (INGMAR,), **more: object) -> set[str]:
    return {actor.code for event in demands(*paragraphs, of=of, **more) for actor in event.actors}


def people(text: str, of: tuple[Holder, ...] = (INGMAR,), on: date = date(2031, 5, 6)) -> list[Mention]:
    return [one for one in named(read_text(text), on=on, holders=of).mentions if one.kind == "person"]


# Whom an article introduces


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_keeps_whom_its_own_test_introduces(row: Row) -> None:
    (one,) = named(read_text(row.test)).introduced
    assert row_of(one.code, one.office) is row
    assert one.quote == row.test


@pytest.mark.parametrize(
    "text",
    [
        "Die SPD-Generalsekretärin Lieselore Malenka sprach von einem Fehler.",
        "Die Sprecherin der Grünen, Lieselore Malenka, sprach von einem Fehler.",
        "Die Berliner Bürgermeisterin Lieselore Malenka sprach von einem Fehler.",
        "Die Berliner Verkehrssenatorin Lieselore Malenka sprach von einem Fehler.",
        "Der deutsche Innenminister Ruprecht Halvestad sprach von einem Fehler.",
        "Der deutsche Ministerpräsident Ruprecht Halvestad sprach von einem Fehler.",
        "Der estnische Abgeordnete Pavle Ostrowar sprach von einem Fehler.",
        "Der russische Oppositionspolitiker Pavle Ostrowar sprach von einem Fehler.",
        "Der russische Konzernchef Pavle Ostrowar sprach von einem Fehler.",
        "Der frühere estnische Außenminister Pavle Ostrowar sprach von einem Fehler.",
        "Der damalige estnische Außenminister Pavle Ostrowar sprach von einem Fehler.",
        "Pavle Ostrowar, ehemaliger Außenminister Estlands, sprach von einem Fehler.",
        "Der estnische Außenminister Gausewitz sprach von einem Fehler.",
    ],
)
def test_parties_towns_private_people_former_ones_and_bare_surnames_are_not_kept(text: str) -> None:
    assert new(text) == set()


@pytest.mark.parametrize(
    ("text", "name", "office"),
    [
        ("Der stellvertretende estnische Außenminister Pavle Ostrowar schwieg.", "Pavle Ostrowar", "Vize-Außenminister"),
        ("Pavle Ostrowar, stellvertretender Außenminister Estlands, schwieg.", "Pavle Ostrowar", "Vize-Außenminister Estlands"),
        ("Die stellvertretende estnische Regierungssprecherin Annika Kirkelund schwieg.", "Annika Kirkelund", "Vize-Regierungssprecherin"),
        ("Der estnische Außenminister Pavle Ostrowar und sein Stellvertreter schwiegen.", "Pavle Ostrowar", "Außenminister"),
        ("Bald löst der estnische Außenminister Pavle Ostrowar Annika Kirkelunds ab.", "Pavle Ostrowar", "Außenminister"),
    ],
)  # fmt: skip
def test_a_deputy_is_kept_as_one_and_a_name_without_the_name_behind_it(text: str, name: str, office: str) -> None:
    assert new(text) == {(name, "EST", office)}


def test_a_deputy_is_read_as_one_and_no_minister_as_a_deputy() -> None:
    deputy = Holder(name="Ingmar Gausewitz", code="EST", offices=("Vize-Außenminister",))
    assert {m.code for m in people("Der stellvertretende Außenminister Gausewitz schwieg.", of=(deputy,))} == {"EST"}
    assert not people("Der stellvertretende Außenminister Gausewitz schwieg.")
    assert not people("Außenminister Gausewitz schwieg.", of=(deputy,))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("UN-Botschafter Pavle Ostrowar drohte Moskau mit Vergeltung.", {"RUS"}),
        ("Nato-Botschafterin Annika Kirkelund drohte Moskau mit Vergeltung.", {"RUS"}),
        ("Die Nato-Botschafter drohten Moskau mit Vergeltung.", {"NATO", "RUS"}),
        ("Estlands UN-Botschafter Pavle Ostrowar drohte Moskau mit Vergeltung.", {"EST", "RUS"}),
        ("Der UN-Botschafter Estlands, Pavle Ostrowar, drohte Moskau mit Vergeltung.", {"EST", "RUS"}),
        ("Der UN-Sondergesandte Pavle Ostrowar drohte Moskau mit Vergeltung.", {"UN", "RUS"}),
    ],
)
def test_an_ambassador_to_the_un_is_of_the_state_that_sends_him_or_nobodys(text: str, codes: set[str]) -> None:
    assert {m.code for m in named(read_text(text)).mentions} == codes


def test_who_stands_in_a_table_is_not_kept_however_the_name_is_spelt() -> None:
    assert new("Der russische Außenminister Sergej Lawrow sprach.", date(2022, 1, 10)) == set()
    assert new("Der russische Außenminister Sergiej Lawrow sprach.", date(2022, 1, 10)) == set()
    assert has("Sergej Lawrow")
    assert not has("Ingmar Gausewitz")


def test_a_name_that_one_article_tells_two_things_of_is_left_out() -> None:
    both = "Der estnische Außenminister Ingmar Gausewitz kam. Der lettische Außenminister Ingmar Gausewitz ging."
    assert new(both) == set()


def test_an_article_keeps_each_name_once_with_its_first_sentence() -> None:
    first = "Der estnische Außenminister Ingmar Gausewitz kam."
    (one,) = named(read_text(f"{first}\nDer estnische Chefdiplomat Ingmar Gausewitz ging.")).introduced
    assert (one.office, one.quote) == ("Außenminister", first)


def test_who_is_known_already_is_kept_again_for_offices_end() -> None:
    """Else a name would fade a year after it became known, for nobody would introduce it any more."""
    text = read_text("Der estnische Außenminister Ingmar Gausewitz kam.")
    assert named(text, on=DAY.date(), holders=(INGMAR,)).introduced == named(text, on=DAY.date()).introduced != ()


# Who is read


def test_a_title_with_the_surname_is_read_and_says_where_it_was_learned() -> None:
    assert who(ACT, of=()) == set()
    (event,) = demands(ACT)
    (actor,) = event.actors
    assert (actor.code, actor.name, [one.code for one in event.recipients]) == ("EST", "Ingmar Gausewitz", ["RUS"])
    assert actor.origin.endswith("learned")
    told = explain(article(ACT), holders=(INGMAR,)).events[0]
    assert [origin for role, _, origin in told.parties if role == "actor"] == [actor.origin]


@pytest.mark.parametrize(
    "text",
    [
        "Ingmar Gausewitz forderte von Moskau den Abzug aller Truppen.",
        "Der neue Außenminister Gausewitz forderte von Moskau den Abzug aller Truppen.",
        "Moskau müsse alle Truppen abziehen, sagte Chefdiplomat Gausewitz.",
    ],
)
def test_a_full_name_or_any_title_of_the_office_is_read(text: str) -> None:
    assert who(text) == {"EST"}


def test_a_surname_alone_is_read_only_where_the_article_names_its_bearer_in_full() -> None:
    bare = "Gausewitz forderte von Moskau den Abzug aller Truppen."
    assert who(bare) == set()
    assert who("Ingmar Gausewitz kam am Montag nach Genf.", bare) == {"EST"}
    assert who("Außenminister Gausewitz kam am Montag nach Genf.", bare) == {"EST"}
    assert who("Außenminister Gausewitz kam am Montag nach Genf.", f"Minister {bare}") == {"EST"}


def test_of_a_federation_the_office_is_called_with_and_without_it() -> None:
    anna = Holder(name="Annika Kirkelund", code="DEU", offices=("Bundesaußenministerin",))
    for title in ("Außenministerin", "Bundesaußenministerin"):
        assert who(f"{title} Kirkelund forderte von Moskau den Abzug aller Truppen.", of=(anna,)) == {"DEU"}


@pytest.mark.parametrize(
    "text",
    [
        "Minister Gausewitz forderte von Moskau den Abzug aller Truppen.",
        "Präsident Gausewitz forderte von Moskau den Abzug aller Truppen.",
        "Innenminister Gausewitz forderte von Moskau den Abzug aller Truppen.",
        "Außenministerin Gausewitz forderte von Moskau den Abzug aller Truppen.",
        "Der sächsische Minister Gausewitz forderte von Moskau den Abzug aller Truppen.",
        "Außenminister Gausewitz (SPD) forderte von Moskau den Abzug aller Truppen.",
        "Der frühere Außenminister Ingmar Gausewitz forderte von Moskau den Abzug aller Truppen.",
        "Ex-Außenminister Ingmar Gausewitz forderte von Moskau den Abzug aller Truppen.",
        "Sein Vorgänger Ingmar Gausewitz forderte von Moskau den Abzug aller Truppen.",
        "Annika Gausewitz forderte von Moskau den Abzug aller Truppen.",
    ],
)
def test_another_office_a_party_or_an_office_that_is_over_is_somebody_else(text: str) -> None:
    assert who(text) == set()


def test_a_surname_that_is_a_whole_line_is_read_as_any_other() -> None:
    assert people("Gausewitz") == []
    assert [one.code for one in people("Gausewitz\nIngmar Gausewitz kam.")] == ["EST", "EST"]
    assert [one.code for one in people("Außenminister Gausewitz")] == ["EST"]


def test_an_office_that_is_over_in_one_sentence_is_over_in_the_whole_article() -> None:
    assert who("Der frühere Außenminister Ingmar Gausewitz kam nach Genf.", ACT) == set()
    assert who("Der frühere Minister Gausewitz kam nach Genf.", ACT) == set()
    assert who("Ex-Außenminister Gausewitz kam nach Genf.", ACT) == set()


def test_what_the_article_says_itself_goes_before() -> None:
    assert who("Der lettische Außenminister Ingmar Gausewitz kam nach Genf.", ACT) == {"LVA"}
    assert who("Der lettische Außenminister Gausewitz kam nach Genf.", ACT) == {"LVA"}
    full = "Ingmar Gausewitz forderte von Moskau den Abzug aller Truppen."
    assert who("Der lettische Außenminister Gausewitz kam nach Genf.", full) == {"LVA"}


def test_a_surname_behind_another_first_name_is_a_relatives() -> None:
    both = ("Ingmar Gausewitz kam nach Genf.", "Am Montag sprach Annika Gausewitz mit Reportern.")
    assert [one.sentence for one in people("\n".join(both))] == [0]


@pytest.mark.parametrize(("day", "codes"), [("2030-12-31", set()), ("2031-01-01", {"EST"}), ("2032-01-02", set())])
def test_the_day_of_the_article_says_who_is_in_office(day: str, codes: set[str]) -> None:
    assert who(ACT, dated=datetime.fromisoformat(f"{day}T09:00+00:00")) == codes


def test_of_two_offices_of_one_name_the_later_counts() -> None:
    later = Holder(name="Ingmar Gausewitz", code="EU", offices=("Außenminister",), since=date(2031, 4, 1))
    assert who(ACT, of=(INGMAR, later)) == who(ACT, of=(later, INGMAR)) == {"EU"}


def test_a_title_that_fits_two_people_of_one_surname_is_nobodys() -> None:
    other = Holder(name="Pavle Gausewitz", code="ARM", offices=("Außenminister",))
    assert who(ACT, of=(INGMAR, other)) == set()
    assert who("Pavle Gausewitz forderte von Moskau den Abzug aller Truppen.", of=(INGMAR, other)) == {"ARM"}


def test_a_name_of_our_tables_is_never_overridden() -> None:
    """Neither the name itself, nor its surname by a namesake whom articles introduced."""
    same = Holder(name="Sergej Lawrow", code="EST", offices=("Außenminister",))
    namesake = Holder(name="Ingmar Lawrow", code="EST", offices=("Außenminister",))
    on = date(2022, 1, 10)
    for text in ("Sergej Lawrow sprach.", "Außenminister Lawrow sprach.", "Lawrow sprach."):
        assert {one.code for one in people(text, (same, namesake), on)} == {"RUS"}
    (one,) = people("Ingmar Lawrow sprach.", (same, namesake), on)
    assert (one.code, one.origin) == ("EST", "learned")
    assert {m.code for m in people("Ingmar Lawrow sprach. Lawrow widersprach.", (namesake,), on)} == {"EST", "RUS"}
    town = Holder(name="Luís Montenegro", code="EST", offices=("Außenminister",))
    assert {one.code for one in people("Luís Montenegro sprach.", (town,))} == {"PRT"}
    rare = Holder(name="Ingmar Costa", code="EST", offices=("Außenminister",))
    assert [one.sentence for one in people("Ingmar Costa sprach.\nCosta schwieg.", (rare,))] == [0]


def test_a_learned_name_is_less_sure_than_one_of_a_table() -> None:
    def score(text: str) -> float:
        return people(text)[0].score

    assert 0.5 <= score("Außenminister Gausewitz sprach.") < score("Außenminister Lawrow sprach.")
    assert 0.5 <= score("Ingmar Gausewitz sprach.") < score("Sergej Lawrow sprach.")


def test_a_genitive_and_a_name_that_begins_with_the_surname_are_read() -> None:
    kim = Holder(name="Pak Hyon Su", code="PRK", offices=("Außenminister",))
    nils = Holder(name="Nils Torvaldsen", code="NOR", offices=("Außenminister",))
    assert [one.code for one in people("Die Reise Nils Torvaldsens endete.", (kim, nils))] == ["NOR"]
    assert [one.code for one in people("Pak Hyon Su kam. Pak ging.", (kim, nils))] == ["PRK", "PRK"]


def test_the_same_text_with_the_same_list_gives_the_same_and_an_empty_list_changes_nothing() -> None:
    text = article("Der estnische Außenminister Ingmar Gausewitz drohte Moskau.", ACT)
    assert code_events(text, holders=(INGMAR,)) == code_events(text, holders=(INGMAR,))
    assert code_events(text, holders=()) == code_events(text)


def test_a_long_list_costs_an_article_little() -> None:
    """Of a thousand names nobody looks at one that the article does not have."""
    names = [f"{first}a {last}{end}" for first in "BDFGH" for last in ("Mol", "Tar", "Ost") for end in range(70)]
    many = tuple(Holder(name=name, code="EST", offices=("Außenminister",)) for name in names)
    document = read_text("Die Minister berieten in Genf über den Abzug aller Truppen. " * 200)
    named(document, holders=many)

    def seconds(of: tuple[Holder, ...]) -> float:
        begun = time.process_time()
        named(document, holders=of)
        return time.process_time() - begun

    assert min(seconds(many) for _ in range(3)) < 2 * min(seconds(()) for _ in range(3)) + 0.05


# Offices of another day


@pytest.mark.parametrize(
    ("text", "on", "code"),
    [
        ("Der damalige Präsident Poroschenko drohte.", date(2023, 3, 1), "UKR"),
        ("Präsident Poroschenko drohte.", date(2018, 3, 1), "UKR"),
        ("Poroschenko drohte.", date(2023, 3, 1), "UKR-OPP"),
        ("Der frühere US-Präsident Trump drohte.", date(2023, 3, 1), "USA-OPP"),
        ("Der damalige US-Präsident Trump drohte.", date(2023, 3, 1), "USA"),
        ("Der frühere US-Präsident Trump drohte.", date(2026, 3, 1), "USA"),
        ("Der damalige Oppositionsführer Merz drohte.", date(2026, 3, 1), "DEU-OPP"),
    ],
)
def test_who_is_named_by_an_old_office_has_its_code_or_the_one_of_now(text: str, on: date, code: str) -> None:
    assert [one.code for one in people(text, on=on)] == [code]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Im Juli 2018 traf Donald Trump in Helsinki Wladimir Putin.", {"USA", "RUS"}),
        ("Im März 2022 traf Donald Trump in Florida Viktor Orbán.", {"USA-OPP", "HUN"}),
        ("Im Jahr 2021 traf Donald Trump in Florida Viktor Orbán.", {"USA-OPP", "HUN"}),
        ("Im Juli 2018 traf Donald Trump in Florida den US-Minister Mike Pompeo.", set()),
    ],
)
def test_an_act_is_of_the_code_that_its_people_had_on_its_day(text: str, codes: set[str]) -> None:
    told = code_events(article_of(text, headline="Rückblick", dated=datetime(2023, 3, 1, 9, tzinfo=UTC)))
    assert {actor.code for event in told for actor in (*event.actors, *event.recipients)} == codes
    moved = [actor for event in told for actor in event.actors if "in office on its day" in actor.origin]
    assert [actor.name for actor in moved] == ["Donald Trump"] * ("USA" in codes)
