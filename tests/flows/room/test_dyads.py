"""Parties and dyads in the reading room: every count leads to what it counts, over the period that is asked for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from room_matter import LASTED, MET, NATO, NOW, REFUSED, RUS, UKR, article, event, keep, unsure_ones
from sqlalchemy import Engine
from visiting import TestClient

from extractors.model import Actor, Precision, When
from extractors.ontology import EventType, Status
from flows import tension
from storage import coding, pairs, queries
from storage.archive import opened
from storage.engine import reading
from storage.queries import EventFilter
from storage.tracking import Link


def test_figures_lead_to_the_acts_behind_them(client):
    """The overview's chart and its table link to the acts of the day."""
    text = client.get("/").text
    link = re.search(r'href="(/acts\?since=2031-03-10[^"]*)"', text)
    assert link is not None
    assert "act-CONSULT" in client.get(link[1].replace("&amp;", "&")).text


@pytest.mark.parametrize("page", ["/", "/actors/NATO"])
def test_a_day_of_the_tension_leads_to_as_many_acts_as_it_counts(client, engine, page):
    """Not to what was only announced or said on that day too."""
    two = article(5, house="zweites")
    said = event(two, REFUSED, EventType.STATE, actors=(NATO,), recipients=())
    plan = event(two, MET, EventType.CONSULT, status=Status.PLANNED, actors=(NATO, UKR), recipients=(), mode="visit")
    with opened(engine) as archive:
        coding.insert_events(
            archive.connection, [said, plan], article_id=1, version_id=1, reported=date(2031, 3, 10), now=NOW
        )
        archive.tracking.link(
            [Link(event=said.id, act="act-said"), Link(event=plan.id, act="act-plan")],
            {each.uid: each.row for each in queries.events(archive.connection, EventFilter(article_id=1))},
            [said, plan],
            NOW,
        )
    text = client.get(page).text
    row = re.search(r'<a href="(/acts[^"]*)">[^<]*10\.03\.2031</a></th><td class="num">(\d+)</td>', text)
    assert row is not None
    found = client.get(row[1].replace("&amp;", "&")).text
    assert len(set(re.findall(r'href="/acts/([^"]+)"', found))) == int(row[2])
    assert "act-plan" not in found
    everything = client.get(row[1].replace("&amp;", "&").replace("&deeds=1", "")).text
    assert "act-plan" in everything
    assert "act-said" in everything


def dealings(engine: Engine) -> None:
    """On a day of their own NATO refuses Russia, and Kiew accuses both: with each other they then have nothing to do."""
    of = article(6, house="drittes")
    day = date(2031, 3, 9)
    when = When(first=day, last=day, precision=Precision.DAY, words="am Sonntag", rule="weekday")
    refusal = event(of, REFUSED, EventType.REJECT, when=when)
    accusal = event(of, MET, EventType.ACCUSE, actors=(UKR,), recipients=(NATO, RUS), when=when)
    keep(engine, 6, of, refusal, replace(accusal, confidence=0.9), event(of, LASTED, EventType.PROTEST, confidence=0.2))


def test_a_stretch_of_a_dyad_leads_to_as_many_acts_as_it_counts(client, engine):
    dealings(engine)
    row = re.search(
        r'<a href="(/acts[^"]*)">[^<]*09\.03\.2031</a></th><td class="num"><a href="(/acts[^"]*)">(\d+)</a></td>',
        client.get("/dyads/NATO/RUS").text,
    )
    assert row is not None
    for link in row.groups()[:2]:
        assert acts_at(client, link) == {"act-REJECT"}
    assert row[3] == "1"
    assert "act-ACCUSE" in client.get(row[1].replace("&amp;", "&").replace("&between=1", "")).text


def test_a_claim_counts_on_the_page_of_its_dyad_and_does_not_score(client, engine):
    """What Moskau alone said of its own withdrawal made the two look better, and in the Lage it did not."""
    one = Actor(code="POL", name="Warschau")
    for number, speaker, means in ((7, RUS, ["–"] * 4), (8, None, ["+6,5", "–", "+6,5", "+7,0"])):
        of = article(number, house=f"haus{number}")
        withdrawn = event(of, LASTED, EventType.RETREAT, actors=(RUS,), recipients=(one,), speaker=speaker)
        keep(engine, number, of, withdrawn)
        page = client.get("/dyads/POL/RUS").text
        counts, scores = re.findall(r"<tbody>.*?</tbody>", page, re.DOTALL)
        assert figures(counts) == ["1", "0", "0"]
        assert figures(scores) == means
    assert "zählt mit und geht wie in der Lage nicht in den Wert ein" in page


def figures(table: str) -> list[str]:
    return re.findall(r'<td class="num">(?:<a [^>]*>)?([^<]*)', table)


def acts_at(client: TestClient, link: str) -> set[str]:
    return set(re.findall(r'href="/acts/([^"]+)"', client.get(link.replace("&amp;", "&")).text))


def test_a_direction_of_a_dyad_leads_to_what_that_side_did_to_the_other(client, engine):
    """The mean of one direction led to what both had done."""
    dealings(engine)
    day = date(2031, 3, 9)
    of = article(8, house="fünftes")
    when = When(first=day, last=day, precision=Precision.DAY, words="am Sonntag", rule="weekday")
    threat = event(of, REFUSED, EventType.THREATEN, when=when, actors=(RUS,), recipients=(NATO,))
    promise = event(of, LASTED, EventType.AID, when=when, status=Status.PLANNED)
    keep(engine, 8, of, threat, promise)
    page = client.get("/dyads/NATO/RUS").text
    counts, means = re.findall(r"<table>.*?</table>", page, re.DOTALL)
    happened, planned, doubtful = re.findall(r"<td.*?</td>", counts.partition("09.03.2031")[2].partition("</tr>")[0])
    links = [re.findall('href="(.*?)"', cell) for cell in (happened, planned, doubtful)]
    assert [acts_at(client, *link) for link in links[:2]] == [{"act-REJECT", "act-THREATEN"}, {"act-AID"}]
    assert links[2] == []
    cells = means.partition("09.03.2031")[2].partition("</tr>")[0]
    both, there, back = re.findall(r'<td class="num"><a href="(.*?)">', cells)
    assert acts_at(client, both) == {"act-REJECT", "act-THREATEN"}
    assert acts_at(client, there) == {"act-REJECT"}
    assert acts_at(client, back) == {"act-THREATEN"}
    assert page.count(f'"{back}"') > 1  # the dot in the chart, too


def test_acts_are_asked_for_in_one_direction_and_so_are_their_events(client, engine):
    """An act that one report tells the other way round is shown by the report that was asked for."""
    of = article(8, house="fünftes")
    said = event(of, MET, EventType.THREATEN, actors=(RUS,), recipients=(NATO,), confidence=0.6)
    keep(engine, 8, of, said)
    turned = article(9, house="sechstes")
    keep(engine, 9, turned, event(turned, REFUSED, EventType.THREATEN, confidence=0.9))
    page = client.get("/acts?party=RUS&other=NATO&directed=1").text
    assert acts_at(client, "/acts?party=RUS&other=NATO&directed=1") == {"act-THREATEN"}
    assert MET in page
    assert REFUSED not in page
    assert "<title>Vorgänge: RUS → NATO · Depesche</title>" in page
    assert acts_at(client, "/acts?party=RUS&directed=1") == {"act-THREATEN", "act-CONSULT"}
    assert acts_at(client, "/acts?other=NATO&directed=1") == {"act-THREATEN"}
    csv = re.search(r'href="(/events.csv[^"]*)"', page)
    assert csv is not None
    assert [line.split(",")[0] for line in client.get(csv[1].replace("&amp;", "&")).text.splitlines()[1:]] == [said.id]
    assert client.get("/acts?directed=yes").status_code == 400


def test_what_happened_is_one_choice_among_the_statuses(client, engine):
    """What is past and what goes on stand in two lists, and every figure counts them together."""
    of = article(8, house="fünftes")
    statuses = {"AID": Status.ONGOING, "PROTEST": Status.PAST, "SANCTION": Status.PLANNED, "THREATEN": Status.NEGATED}
    told = [event(of, LASTED, EventType(kind), status=status, actors=(UKR,)) for kind, status in statuses.items()]
    keep(engine, 8, of, *told)
    found = acts_at(client, "/acts?party=UKR&status=happened") - {"act-REQUEST"}
    assert found == {"act-AID", "act-PROTEST"}
    assert '<option value="happened" selected>geschehen oder im Gange</option>' in (
        client.get("/acts?party=UKR&status=happened").text
    )


def test_a_party_has_as_much_to_do_with_another_as_their_dyad_has(client, engine):
    """On its page, on the overview and in the list of dyads; and what is left out is counted by events, not by pairs."""
    dealings(engine)
    counted = r'href="/dyads/NATO/RUS">.*?class="num">(\d+)'
    found = {page: re.search(counted, client.get(page).text, re.DOTALL) for page in ("/", "/dyads", "/actors/NATO")}
    assert {page: told[1] if told else "" for page, told in found.items()} == dict.fromkeys(found, "4")
    three = article(7, house="viertes")
    plan = event(three, MET, EventType.CONSULT, actors=(NATO, RUS, UKR), recipients=(), confidence=0.3)
    keep(engine, 7, three, plan)
    assert "2 weniger sichere Ereignisse (unter 50 %) zählen nicht mit" in client.get("/dyads").text


def test_the_list_of_dyads_goes_on(client, monkeypatch):
    monkeypatch.setattr("flows.web.answers.ON_A_PAGE", 1)
    first = client.get("/dyads").text
    following = re.search(r'href="([^"]*)" rel="next">weiter', first)
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&")).text
    assert "/dyads/NATO/RUS" in first
    assert "/dyads/RUS/UKR" in second


def test_the_picture_of_the_tension_counts_what_the_overview_counts(client, room, engine):
    before = tension.picture(engine, room.zone, NOW)
    of = article(31, house="amt")
    keep(engine, 31, of, event(of, LASTED, EventType.PROTEST, confidence=0.3))
    after = tension.picture(engine, room.zone, NOW)
    assert before is not None
    assert after is not None
    assert after.told == before.told.replace(" acts", " acts (less certain ones left out: 1)", 1)
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht mitgezählt" in client.get("/").text


def test_days_on_which_a_feed_was_silent_are_marked(client, engine):
    from sqlalchemy import insert

    from storage.tables import GapRow

    with opened(engine) as archive:
        archive.connection.execute(
            insert(GapRow).values(
                feed_id=1, since=NOW - timedelta(days=2), until=NOW - timedelta(days=1), reason="dead"
            )
        )
    assert 'class="gap"' in client.get("/").text
    assert "Lücke" in client.get("/dyads/NATO/RUS").text


def test_the_chart_says_one_act(client):
    assert "(1 Vorgang)" in client.get("/actors/UKR").text


def test_a_dyad_leaves_out_as_uncounted_only_what_it_would_count(client, engine):
    """What happened in another time is in none of its figures."""
    of = article(31, house="amt")
    history = event(of, LASTED, EventType.ACCUSE, status=Status.HISTORICAL, confidence=0.3)
    keep(engine, 31, of, history, event(of, LASTED, EventType.PROTEST, confidence=0.3))
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht mitgezählt" in client.get("/dyads/NATO/RUS").text


@pytest.mark.parametrize(("page", "link"), [("/actors", "/actors/EU"), ("/dyads", "/dyads/EU/OSCE")])
def test_the_last_ninety_days_are_ninety(client, engine, page, link):
    """And today is one of them."""
    of = article(31, house="amt")
    for back, there in ((90, False), (89, True)):
        day = NOW.date() - timedelta(days=back)
        when = When(first=day, last=day, precision=Precision.DAY, words="dann", rule="day")
        parties = {"actors": (Actor(code="EU"),), "recipients": (Actor(code="OSCE"),)}
        told = event(of, MET, EventType.AID, when=when, **parties)
        with opened(engine) as archive:
            coding.insert_events(archive.connection, [told], article_id=1, version_id=1, reported=day, now=NOW)
            pairs.renew(archive.connection, 1)
        assert (link in client.get(page).text) == there, back


def test_partners_and_words_of_a_party_leave_out_what_its_acts_do(client, engine):
    of = article(50, refused="Kiew drohte mit einem Abbruch.")
    said = "Kiew drohte mit einem Abbruch."
    keep(engine, 50, of, event(of, said, EventType.THREATEN, actors=(UKR,), speaker=UKR, confidence=0.3))
    shown, everything = client.get("/actors/UKR").text, client.get("/actors/UKR?unsure=1").text
    partner = re.compile(r'href="/dyads/UKR/RUS">.*?<span class="num">(\d+)</span>')
    assert [found[1] for found in map(partner.search, (shown, everything)) if found] == ["1", "2"]
    assert said not in shown
    assert said in everything


def test_what_a_party_is_called_is_counted_in_what_is_believed_today(client, engine):
    """Each version and each recode counted anew, and a name stayed that a reviewer had said is not theirs."""

    def times(name: str) -> list[str]:
        return re.findall(rf'q={name}">{name}</a> <span class="num">(\d+)</span>', client.get("/actors/RUS").text)

    def named(name: str) -> int:
        with reading(engine) as connection:
            told = [each.event for each in queries.events(connection)]
        cast = [actor for each in told for actor in (*each.actors, *each.recipients, each.speaker) if actor]
        return sum(actor.name == name for actor in cast)

    of = article(51)
    keep(engine, 51, of, event(of, REFUSED, EventType.REJECT, recipients=(Actor(code="RUS", name="Sotschi"),)))
    assert (times("Moskau"), times("Sotschi")) == ([str(named("Moskau"))], ["1"])
    with opened(engine) as archive:
        (wrong,) = (each for each in queries.events(archive.connection) if each.url == of.url)
        archive.review.correct(wrong.uid, "wrong", "Ada", NOW, article_id=wrong.article_id)
    assert times("Sotschi") == []


def test_the_list_of_actors_counts_what_is_sure_and_says_what_is_not(client, engine):
    unsure_ones(engine)
    with reading(engine) as connection:
        unsure = sum(each.event.confidence < 0.5 for each in queries.events(connection))
    page = client.get("/actors").text
    assert f"{unsure} weniger sichere Ereignisse (unter 50 %) zählen nicht mit" in page

    def figures(address: str, code: str) -> list[str]:
        _, row = client.get(address).text.split(f'href="/actors/{code}"')
        return re.findall(r'class="num">(\d+)', row.split("</tr>")[0])

    acting, acted_upon, speaking = figures("/actors", "NATO")
    assert figures("/actors?unsure=1", "NATO") == [acting, str(int(acted_upon) + 1), speaking]


def test_a_party_s_page_and_the_overview_lead_to_the_rest(client):
    assert 'href="/search?speaker=UKR"' in client.get("/actors/UKR").text
    text = client.get("/").text
    for page in ("/dyads", "/actors", "/calendar", "/acts"):
        assert f'class="more" href="{page}"' in text, page


def test_a_list_that_has_no_order_of_time_does_not_promise_older_ones(client, monkeypatch):
    from flows.web import answers

    monkeypatch.setattr(answers, "ON_A_PAGE", 1)
    page = client.get("/actors").text
    assert "weiter →" in page
    assert "ältere" not in page
    assert "die letzten 90 Tage" in page


def test_the_period_of_a_dyad_is_chosen_and_kept_from_step_to_step(client):
    page = client.get("/dyads/NATO/RUS?since=2031-03-01&until=2031-03-10").text
    assert 'name="since" type="date" value="2031-03-01"' in page
    assert 'href="/dyads/NATO/RUS?since=2031-03-01&amp;until=2031-03-10&amp;step=week"' in page
    years = client.get("/dyads/NATO/RUS?since=2025-01-01&until=2031-03-10&step=month").text
    assert 'href="/dyads/NATO/RUS?step=day"' in years
    assert client.get("/dyads/NATO/RUS?step=day").status_code == 200


@pytest.mark.parametrize(
    ("called", "page"),
    [
        ("/actors/ukr", "/actors/UKR"),
        ("/actors/Russland", "/actors/RUS"),
        ("/dyads/nato/russland", "/dyads/NATO/RUS"),
        ("/dyads/nato/russland?step=week&unsure=1", "/dyads/NATO/RUS?step=week&unsure=1"),
    ],
)
def test_an_address_that_calls_a_party_by_its_name_leads_to_it(client, called, page):
    answer = client.get(called, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("location")) == (301, page)
    assert client.get("/actors/Atlantis").status_code == 404
    assert client.get("/dyads/nato/NATO").status_code == 404


def test_the_acts_of_a_dyad_are_of_the_period_that_is_asked_for(client):
    """Below the charts of a week in January stood what was newest in May."""
    assert "/acts/act-CONSULT" in client.get("/dyads/NATO/RUS?since=2031-03-10&until=2031-03-10").text
    before = client.get("/dyads/NATO/RUS?since=2031-03-01&until=2031-03-09").text
    assert "/acts/act-CONSULT" not in before
    assert "Nichts in diesem Zeitraum." in before
    assert 'href="/acts?since=2031-03-01&amp;until=2031-03-09&amp;party=NATO&amp;other=RUS"' in before
    assert 'href="/demands?party=NATO&amp;other=RUS"' in before
    # With a last day alone the charts begin a month before it, and so do the acts below them.
    assert "/acts/act-CONSULT" in client.get("/dyads/NATO/RUS?until=2031-04-01").text
    after = client.get("/dyads/NATO/RUS?until=2031-05-01").text
    assert "/acts/act-CONSULT" not in after
    assert 'href="/acts?until=2031-05-01&amp;party=NATO&amp;other=RUS&amp;since=2031-04-02"' in after
