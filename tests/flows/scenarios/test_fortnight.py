"""A made-up fortnight of two houses, told as it goes by: what stands in the calendar, what is answered, and what anybody is told of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

import pytest
from tiny_site import Page, article, idle, told
from world import World

from flows import steps
from storage import queries
from storage.engine import reading

BACKGROUND = (
    "Die NATO forderte Russland auf, seine Truppen von der Grenze zur Ukraine abzuziehen. In Kiew wächst die Sorge vor einem "
    "langen Winter, denn die Vorräte an Gas gehen zur Neige und die Leitungen sind alt."
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a house publishes so many days after the first morning, a Monday; a path that is known is a new version."""

    day: int
    house: int
    path: str
    headline: str
    body: tuple[str, ...]


def report(day: int, house: int, path: str, headline: str, *body: str) -> Told:
    return Told(day=day, house=house, path=path, headline=headline, body=(*body, BACKGROUND))


ATOM = "Die USA und Russland wollen am Donnerstag in Genf über ihre Atomwaffen sprechen."
HELD = "Die USA und Russland haben in Wien Gespräche über ihre Atomwaffen aufgenommen."
PLEDGE = "Er sagte 300 Millionen Euro für den Wiederaufbau zu."

LOOKED_BACK = (
    "Im Januar haben die USA und Russland in Wien über ihre Atomwaffen gesprochen.",
    "Deutschland hatte der Ukraine am Dienstag die Lieferung zweier Fähren zugesagt.",
)

FORTNIGHT = (
    report(0, 0, "/genf", "Washington und Moskau reden über Atomwaffen", ATOM),
    report(
        0, 1, "/genf-b", "USA und Russland verhandeln am 13. Januar in Genf",
        "Unterhändler der USA und Russlands treffen sich am 13. Januar in Genf. Moskau bestätigte den Termin.",
    ),
    report(
        1, 0, "/genf", "Wien statt Genf",
        "Die USA und Russland verlegen ihre Gespräche über Atomwaffen von Genf nach Wien.",
    ),
    report(
        1, 1, "/rat", "NATO-Russland-Rat tagt am Freitag",
        "Der NATO-Russland-Rat kommt am Freitag in Brüssel zusammen. Das teilte das Bündnis mit.",
    ),
    report(
        1, 1, "/faehren", "Kiew verlangt Fähren",
        "Die Ukraine fordert von Deutschland die Lieferung von zwei Fähren. Der Hafen sei zerstört, hieß es in Kiew.",
    ),
    report(
        2, 1, "/spaeter", "USA und Russland verschieben Gespräche, die NATO bedauert das",
        "Die für den 13. Januar geplanten Gespräche zwischen den USA und Russland werden auf den 18. Januar verschoben.",
        "Die NATO begrüßte, dass überhaupt verhandelt wird. Die Ukraine verlangt von den USA, nicht ohne sie zu entscheiden.",
    ),
    report(
        2, 0, "/faehren-nein", "Berlin lehnt ab",
        "Deutschland lehnt die von der Ukraine geforderte Lieferung zweier Fähren ab.",
    ),
    report(
        2, 0, "/rat-aus", "Kein NATO-Russland-Rat",
        "Die Sitzung des NATO-Russland-Rats am Freitag fällt aus.",
        "Die NATO bedauerte das. Russland lehnt es ab, mit dem Bündnis über die Ukraine zu verhandeln.",
    ),
    report(8, 0, "/wien", "Gespräche in Wien haben begonnen", HELD),
    report(
        8, 1, "/faehren-ja", "Nun doch Fähren für die Ukraine",
        "Deutschland hat der Ukraine die Lieferung zweier Fähren zugesagt. Sie sollen im Mai fahren.",
        "In der vergangenen Woche hatte Deutschland die von der Ukraine geforderte Lieferung der Fähren noch abgelehnt.",
    ),
    report(
        9, 0, "/kiew", "Bundeskanzler reist am Freitag nach Kiew",
        "Der Bundeskanzler will am Freitag in Kiew den ukrainischen Präsidenten treffen.",
    ),
    report(
        9, 0, "/kiew", "Bundeskanzler reist am Donnerstag nach Kiew",
        "Der Bundeskanzler will am Donnerstag in Kiew den ukrainischen Präsidenten treffen.",
    ),
    report(
        10, 1, "/zusage", "Kanzler beim Präsidenten",
        "Der Bundeskanzler hat am Donnerstag in Kiew den ukrainischen Präsidenten getroffen.",
        PLEDGE,
    ),
    report(
        12, 0, "/rueckblick", "Zwei Wochen Diplomatie",
        "Die NATO lehnt Russlands Forderung nach Garantien weiterhin ab, die Ukraine fordert neue Sanktionen gegen Russland.",
        *LOOKED_BACK,
    ),
)  # fmt: skip


@pytest.fixture
async def fortnight(world: World) -> World:
    sites = world.houses(2)
    for site in sites:
        site.publish(idle(1))
    await world.passes()
    day, begun = 0, {}
    for one in FORTNIGHT:
        while day < one.day:
            world.clock.advance(days=1)
            await steps.tend(world.desk)
            day += 1
        world.clock.advance(minutes=20)
        page = Page(path=one.path, headline=one.headline, body=one.body, published=world.clock.now)
        sites[one.house].publish(_version(page, begun.setdefault(one.path, page)))
        await world.passes(minutes=5)
    world.clock.advance(days=1)
    await steps.tend(world.desk)
    return world


def _version(page: Page, first: Page) -> Page:
    """A page as its house shows it: of a new version it says when it was changed."""
    if page is first:
        return page
    changed = f"<meta property='article:modified_time' content='{page.published.isoformat()}'></head>"
    shown = replace(page, published=first.published, updated=page.published)
    return replace(shown, markup=article(shown).replace("</head>", changed))


def calendar(world: World) -> dict[tuple[str, ...], list[tuple[date | None, str, str]]]:
    """Day, place and state of the meetings of each round of parties."""
    with reading(world.desk.engine) as connection:
        found = queries.meetings(connection)
    of: dict[tuple[str, ...], list[tuple[date | None, str, str]]] = {}
    for one in found:
        of.setdefault(one.parties, []).append((one.day_first, one.place, one.state))
    return of


async def test_each_meeting_stands_once_where_and_when_it_was_and_none_waits_for_a_report_that_came(fortnight):
    assert calendar(fortnight) == {
        ("RUS", "USA"): [(date(2028, 1, 18), "Wien", "held")],
        ("NATO", "RUS"): [(date(2028, 1, 14), "Brüssel", "cancelled")],
        ("DEU", "UKR"): [(date(2028, 1, 20), "Kiew", "held")],
    }
    with reading(fortnight.desk.engine) as connection:
        ((_, changes),) = queries.with_changes(connection, queries.meetings(connection, party="USA"))
    assert [change.state for change in changes][:5] == ["announced", "confirmed", "moved", "moved", "held"]
    assert next(change.quote for change in changes if change.state == "held") == HELD


async def test_a_demand_that_was_refused_and_granted_is_granted_though_the_refusal_is_told_again(fortnight):
    with reading(fortnight.desk.engine) as connection:
        found = [demand for demand, _ in queries.demands(connection, party="DEU")]
    assert [(one.demanders, one.addressees, one.state) for one in found] == [(("UKR",), ("DEU",), "conceded")]


async def test_everybody_hears_of_each_act_and_of_what_befalls_a_meeting_once_and_of_what_is_looked_back_on_never(
    fortnight,
):
    keys = Counter(told(fortnight.room))
    assert max(keys.values()) == 1
    alerts = [
        alert
        for delivery in fortnight.room.deliveries
        if delivery.status < 300
        for alert in delivery.json()["data"]["alerts"]
    ]
    quotes = [alert["facts"]["Beleg"].strip("„“") for alert in alerts if alert["facts"]]
    assert PLEDGE in quotes, "what was promised at a meeting is no part of the meeting"
    assert not set(LOOKED_BACK) & set(quotes)
    between = [alert for alert in alerts if alert["parties"] == ["DEU", "UKR"]]
    assert Counter(alert["type"] for alert in between) == {"REQUEST": 1, "REJECT": 1, "AGREE": 2, "CONSULT": 2}
    befell = [(alert["title"], alert["facts"]["Bisher"]) for alert in alerts if "Bisher" in alert["facts"]]
    assert befell == [
        ("Verschoben: RUS (Russland), USA: Gespräch (angekündigt, Wien)", "13.01.2028, Genf"),
        ("Verschoben: RUS (Russland), USA: Gespräch (angekündigt, 18.01.2028)", "13.01.2028, Wien"),
        ("Abgesagt: NATO, RUS (Russland): Gespräch (verneint, 14.01.2028)", "14.01.2028, Brüssel"),
        ("Verschoben: DEU (Deutschland), UKR (Ukraine): Gespräch (angekündigt, 20.01.2028, Kiew)", "21.01.2028, Kiew"),
    ]
