"""Acts, events and articles in the reading room: each figure and line leads to its sentence, and each sentence to its article."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from room_matter import (
    LASTED,
    MET,
    NATO,
    NOW,
    REFUSED,
    RUS,
    SOFTER,
    UKR,
    Reader,
    article,
    event,
    keep,
    met,
    request_uid,
    unsure_ones,
)

from extractors.model import Actor, Precision, When
from extractors.ontology import EventType, Status
from storage import queries
from storage.archive import opened
from storage.engine import reading
from storage.queries import EventFilter
from storage.upkeep import Retention


def test_a_merged_act_leads_to_where_it_went(client, engine):
    with opened(engine) as archive:
        archive.tracking.merge_acts("act-REJECT", "act-CONSULT", "the same", NOW)
    answer = client.get("/acts/act-REJECT", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/acts/act-CONSULT")


def test_an_act_shows_each_report_with_its_evidence_marked_and_copies_apart(client):
    text = client.get("/acts/act-CONSULT").text
    own, copies = text.split('id="copies"')
    assert f">{MET}</mark>" in own
    assert f">{MET}</mark>" in copies
    assert "https://hafen.example/meldung-2.html" not in own
    assert "2 (1 Kopie)" in text
    assert "same day" in own


def test_a_report_beyond_those_shown_in_full_is_not_said_to_be_gone(client, engine, monkeypatch):
    monkeypatch.setattr("flows.web.answers.MOST_TEXTS", 1)
    text = client.get("/acts/act-CONSULT").text
    assert text.count('class="report"') == 2
    assert "nicht mehr aufbewahrt" not in text
    with opened(engine) as archive:
        archive.upkeep.expire(NOW + timedelta(days=60), Retention())
    assert client.get("/acts/act-CONSULT").text.count("nicht mehr aufbewahrt") == 1


def test_events_stay_when_the_text_has_gone(client, engine):
    from sqlalchemy import update

    from storage.tables import VersionRow

    with opened(engine) as archive:
        archive.connection.execute(update(VersionRow).values(text=None))
    assert SOFTER in client.get("/articles/1").text
    assert MET in client.get("/acts/act-CONSULT").text


def test_an_act_is_found_by_every_party_that_a_report_of_it_names(client, engine):
    """A figure counts what reports say, and leads to their acts: also to one that was opened by a report with fewer parties."""
    two = article(4, house="zweites")
    told = event(two, REFUSED, EventType.REJECT, mode="yield", recipients=(UKR,))
    keep(engine, 4, two, told, at=NOW + timedelta(hours=2))
    found = client.get("/acts?party=NATO&other=UKR").text
    assert "/acts/act-REJECT" in found
    assert "/acts/act-REJECT" in client.get("/acts?party=NATO&other=RUS").text
    assert "/acts/act-CONSULT" not in found
    assert "tag:depesche,2026:act-REJECT" in client.get("/acts.atom?party=UKR").text
    assert "tag:depesche,2026:act-CONSULT" not in client.get("/acts.atom?party=UKR").text


def test_an_act_is_found_by_the_parties_that_a_reviewer_gave_it(client, engine):
    with opened(engine) as archive:
        (told,) = queries.events(archive.connection, EventFilter(types=("REQUEST",)))
        changed = replace(told.event, actors=(Actor(code="DEU"),), recipients=(Actor(code="FRA"),))
        archive.review.correct(told.uid, "changed", "Ada", NOW, changed=changed)
    assert "/acts/act-REQUEST" in client.get("/acts?party=DEU&other=FRA").text
    assert "/acts/act-REQUEST" not in client.get("/acts?party=UKR").text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("since=2031-03-10&until=2031-03-10", "Mo 10.03.2031"),
        ("since=2031-03-08&until=2031-03-10", "08.03.–10.03.2031"),
        ("since=2031-03-10", "seit 10.03.2031"),
        ("until=2031-03-10", "bis 10.03.2031"),
    ],
)
def test_a_list_of_acts_says_of_which_days_it_is(client, asked, told):
    heading = re.search(r"<h1>(.*?)</h1>", client.get(f"/acts?{asked}").text)
    assert heading is not None
    assert heading[1] == f"Vorgänge <small>{told}</small>"


def test_the_filter_of_acts_keeps_their_order(client):
    form = Reader(client.get("/acts?order=news&other=RUS&party=NATO").text)
    kept = {
        each.get("name"): each.get("value") for tag, each in form.found if tag == "input" and each["type"] == "hidden"
    }
    assert kept == {"order": "news"}


def test_a_day_that_no_report_tells_is_said_to_be_that_of_the_report(client, engine):
    """Who reads "Wann" would take it for the day of the act."""
    with reading(engine) as connection:
        (told,) = queries.events(connection, EventFilter(types=("REQUEST",)))
    for address in ("/acts/act-REQUEST", f"/events/{told.uid}"):
        assert re.search(r'Mo 10\.03\.2031 <span class="called">Tag der Meldung<', client.get(address).text)
    assert "Tag der Meldung" not in client.get("/acts/act-CONSULT").text


def test_a_copy_names_the_article_it_repeats_and_not_its_key(client, engine):
    from sqlalchemy import select, update

    from storage.tables import ArticleRow, EventRow

    with opened(engine) as archive:
        key = archive.connection.scalars(select(ArticleRow.key).where(ArticleRow.id == 1)).one().hex()
        reasons = f"type: CONSULT; copy: the text is that of {key}"
        archive.connection.execute(update(EventRow).where(EventRow.copied).values(act_reasons=reasons))
    text = client.get("/acts/act-CONSULT").text
    assert "Kopie: der Text ist der von haus, 10.03.2031 10:30" in text
    assert key not in text


def test_an_act_is_shown_by_its_surest_report_and_not_by_the_first(client, engine):
    """The first report of it read other parties into the sentence, and was less sure of them."""
    for number, (who, confidence) in enumerate(((UKR, 0.24), (NATO, 0.64)), start=41):
        of = article(number, house=f"haus{number}")
        keep(engine, number, of, event(of, LASTED, EventType.SANCTION, actors=(who,), confidence=confidence))
    for address in ("/", "/acts"):
        (line,) = [part for part in client.get(address).text.split("<article") if "/acts/act-SANCTION" in part]
        assert "/actors/NATO" in line
        assert "/actors/UKR" not in line
        assert "sicher 64 %" in line
    title = re.search(r"<h1>.*?</h1>", client.get("/acts/act-SANCTION").text, re.DOTALL)
    assert title is not None
    assert "/actors/NATO" in title[0]


def test_what_tells_of_a_sentence_leads_to_it_in_its_article(client, engine):
    with reading(engine) as connection:
        stored = queries.events(connection, EventFilter(types=("REQUEST",)))[0]
    place = f"/articles/{stored.article_id}#{stored.uid}"
    for address in ("/acts", "/acts/act-REQUEST", f"/events/{stored.uid}", "/search?type=REQUEST"):
        assert f'href="{place}"' in client.get(address).text, address
    text = client.get(f"/articles/{stored.article_id}").text
    mark = re.search(rf'<mark[^>]*>(?:<span id="\w+"></span>)*<span id="{stored.uid}"></span>', text)
    assert mark is not None
    assert f'<a href="#{stored.uid}">im Text</a>' in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_news_says_when_it_was_told_and_what_is_new_since_a_day(client, engine):
    """An act of weeks ago may be what is new today."""
    late = article(20, house="spaet")
    when = When(first=date(2031, 2, 3), last=date(2031, 2, 3), precision=Precision.DAY, words="am 3.", rule="day")
    with opened(engine) as archive:
        for time in ("updated_at", "created_at"):
            archive.connection.exec_driver_sql(f"UPDATE acts SET {time} = {time} - 3 * 86400 * 1000000")
    again = event(late, REFUSED, EventType.REJECT, when=when)
    keep(engine, 20, late, again, event(late, LASTED, EventType.PROTEST), at=NOW)
    listed = client.get("/acts?order=news").text
    assert "gemeldet 10.03.2031 10:30" in listed
    assert 'href="/acts?order=news&amp;news=2031-03-09"' in listed
    fresh = client.get("/acts?order=news&news=2031-03-09").text
    assert "/acts/act-REJECT" in fresh
    assert "/acts/act-REQUEST" not in fresh
    assert "Neu seit 09.03.2031" in fresh
    known, new = (fresh.partition(f"/acts/act-{kind}")[2].partition("</h2>")[0] for kind in ("REJECT", "PROTEST"))
    assert "weiterer Bericht" in known
    assert "weiterer Bericht" not in new
    assert "weiterer Bericht" not in listed


@pytest.mark.parametrize("how", ["version", "wrong"])
def test_an_act_that_nobody_tells_any_more_says_so(client, engine, how):
    """Whoever followed a link of yesterday's feed read that there is no such page."""
    of = article(40, refused="Kiew drohte mit einem Abbruch.", house="amt")
    threat = event(of, "Kiew drohte mit einem Abbruch.", EventType.THREATEN, actors=(UKR,))
    keep(engine, 40, of, threat)
    assert "gilt nicht mehr" not in client.get("/acts/act-THREATEN").text
    if how == "wrong":
        with opened(engine) as archive:
            archive.review.correct(threat.id, "wrong", "Ada", NOW)
    else:
        without = article(40, refused="Kiew schwieg.", house="amt")
        keep(engine, 40, without, met(without), at=NOW + timedelta(hours=1))
    page = client.get("/acts/act-THREATEN")
    assert page.status_code == 200
    assert "Das gilt nicht mehr." in page.text
    assert "Kiew drohte mit einem Abbruch." in page.text
    why = {"version": "galt bis 10.03.2031 11:30 (neue Fassung)", "wrong": "galt bis 10.03.2031 10:30 (Korrektur)"}
    assert why[how] in page.text
    assert "act-THREATEN" not in client.get("/acts").text
    news = client.get("/acts?order=news&news=2031-03-10").text.partition('id="fallen"')[2]
    assert re.findall('href="/acts/([^"]+)"', news) == ["act-THREATEN"]
    assert why[how] in news
    for asked in ("news=2031-03-11", "news=2031-03-10&party=CHE", "news=2031-03-10&type=AID"):
        assert 'id="fallen"' not in client.get(f"/acts?order=news&{asked}").text


@pytest.mark.parametrize(
    ("asked", "is_told"),
    [
        ("party=UKR&other=RUS&directed=1", True),
        ("party=RUS&other=UKR&directed=1", False),
        ("other=RUS&directed=1", True),
        ("party=UKR&other=RUS&between=1", True),
        ("party=NATO&other=RUS&between=1", False),
        ("party=NATO&other=RUS", True),
        ("status=happened", True),
        ("status=planned", False),
        ("deeds=1", True),
        ("type=THREATEN", True),
        ("since=2031-03-10&until=2031-03-10", True),
        ("until=2031-03-09", False),
    ],
)
def test_what_was_taken_back_is_of_what_is_asked_for(client, engine, asked, is_told):
    """By kind and parties alone: among what is planned stood a threat of the past, and what Kiew does among what Moscow does."""
    of = article(40, refused="Kiew drohte Moskau und der NATO.", house="amt")
    threat = event(of, "Kiew drohte Moskau und der NATO.", EventType.THREATEN, actors=(UKR,), recipients=(RUS, NATO))
    keep(engine, 40, of, threat)
    with opened(engine) as archive:
        archive.review.correct(threat.id, "wrong", "Ada", NOW)
    page = client.get(f"/acts?order=news&news=2031-03-10&{asked}").text
    assert ('id="fallen"' in page) == is_told


def test_what_only_our_reading_drops_is_not_taken_back(client, engine):
    """Its sentence still stands in the article, in these words or nearly: its publisher took nothing back."""
    of = article(40, refused="Kiew drohte mit einem Abbruch.", house="amt")
    keep(engine, 40, of, event(of, "Kiew drohte mit einem Abbruch.", EventType.THREATEN, actors=(UKR,)))
    again = article(40, refused="Kiew drohte erneut mit einem Abbruch.", house="amt")
    keep(engine, 40, again, met(again), at=NOW + timedelta(hours=1))
    assert "Das gilt nicht mehr." in client.get("/acts/act-THREATEN").text
    assert 'id="fallen"' not in client.get("/acts?order=news&news=2031-03-10").text


def test_an_event_of_an_earlier_version_leads_to_that_version(client):
    """In what the publisher has now the sentence does not stand: there would be nothing to jump to."""
    earlier = event(article(1), REFUSED, EventType.REJECT, mode="yield").id
    link = re.search(rf'href="(/articles/1[^"]*#{earlier})"', client.get(f"/events/{earlier}?article=1").text)
    assert link is not None
    assert f'id="{earlier}"' in client.get(link[1]).text


def test_the_readings_of_a_sentence_are_told_with_how_sure_each_is(client, engine):
    """Why one is unsure is seen by the others: which they are, by what rule, and how sure."""
    one = article(31, house="vier")
    told = (
        event(one, REFUSED, EventType.REJECT, confidence=0.31),
        event(one, REFUSED, EventType.ACCUSE, confidence=0.62),
    )
    keep(engine, 31, one, *told)
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(publishers=("vier",), types=("REJECT",)))[0].uid
    _, readings = client.get(f"/events/{uid}").text.split('id="history"')
    assert "unsicher 31 %" in readings
    assert "sicher 62 %" in readings


def test_a_list_of_acts_of_a_period_says_how_many_they_are(client, engine, monkeypatch):
    """To compare two months one counted lines, thirty on a page."""
    unsure_ones(engine)
    monkeypatch.setattr("flows.web.answers.ON_A_PAGE", 1)
    for asked, count in (("since=2031-03-10", "4 Vorgänge"), ("since=2031-03-10&unsure=1", "6 Vorgänge")):
        assert f'<p class="hint">{count}</p>' in client.get(f"/acts?{asked}").text
    assert '<p class="hint">1 Vorgang</p>' in client.get("/acts?until=2031-03-10&type=CONSULT").text
    assert "Vorgänge</p>" not in client.get("/acts?until=2031-03-09").text


def test_a_page_s_title_says_what_is_asked_for(client, engine):
    """Of twenty open tabs nineteen were called the same."""
    for address, title in (
        ("/acts?party=russland&other=NATO&type=THREATEN&status=past&since=2031-03-10", "Vorgänge: RUS – NATO, Drohung, geschehen, seit 10.03.2031"),
        ("/acts/act-CONSULT", "Gespräch: NATO, RUS"),
        ("/acts/act-REQUEST", "Forderung: UKR → RUS"),
        (f"/events/{request_uid(engine)}", "Ereignis: Forderung: UKR → RUS"),
        ("/demands?party=RUS&state=refused&until=2031-03-10", "Forderungen: RUS, abgelehnt, bis 10.03.2031"),
        ("/search?speaker=RUS", "Suche: RUS"),
    ):  # fmt: skip
        assert f"<title>{title} · Depesche</title>" in client.get(address).text, address


@pytest.mark.parametrize("page", ["/acts", "/calendar", "/demands", "/search"])
def test_a_filter_that_is_set_can_be_taken_off_and_says_whom_nobody_knows(client, page):
    text = client.get(f"{page}?party=atlantis").text
    assert "So heißt im Archiv niemand: ATLANTIS" in text
    assert f'<a href="{page}">Filter aufheben</a>' in text
    known = client.get(f"{page}?party=NZL").text
    assert "Nichts gefunden." in known
    assert "So heißt" not in known
    assert "Filter aufheben" not in client.get(page).text


@pytest.mark.parametrize(
    ("asked", "planned"), [("until=2031-03-09", True), ("status=planned", True), ("status=past", False), ("", False)]
)
def test_an_act_is_shown_by_a_report_that_was_asked_for(client, engine, asked, planned):
    """Who asked for a week, or for what is announced, was shown the sentence of a later day, which tells that it happened."""
    of = article(61, house="amt")
    eve = When(first=date(2031, 3, 9), last=date(2031, 3, 9), precision=Precision.DAY)
    keep(engine, 61, of, met(of, status=Status.PLANNED, when=eve, confidence=0.6))
    line = client.get(f"/acts?type=CONSULT&{asked}").text.partition("/acts/act-CONSULT")[2].partition("</article>")[0]
    assert ("angekündigt" in line) is planned
    assert ("sicher 60 %" if planned else "sicher 80 %") in line
    assert ("So 09.03.2031" if planned else "Mo 10.03.2031") in line


def on(day: int, last: int | None = None, precision: Precision = Precision.DAY) -> When:
    return When(first=date(2031, 3, day), last=date(2031, 3, last or day), precision=precision)


def test_a_deed_is_not_shown_by_what_only_announces_it(client, engine):
    """Behind the tension's figure of a day stood the surest sentence of that day: that the meeting was to come."""
    of = article(62, house="amt")
    keep(engine, 62, of, met(of, status=Status.PLANNED, confidence=0.95))
    address = "/acts?since=2031-03-10&until=2031-03-10"
    for asked, planned in (("", True), ("&deeds=1", False)):
        line = client.get(address + asked).text.partition("/acts/act-CONSULT")[2].partition("</article>")[0]
        assert ("angekündigt" in line) is planned
        assert ("sicher 95 %" if planned else "sicher 80 %") in line


def test_a_deed_is_shown_by_a_sure_report_on_the_day_on_which_it_counts(client, engine):
    """That it is sure says a report of another day; the one that names its day is not."""
    for number, confidence, when in ((63, 0.28, on(10)), (64, 0.64, on(3, 9, Precision.RANGE))):
        of = article(number, house=f"haus{number}")
        keep(engine, number, of, event(of, LASTED, EventType.SANCTION, confidence=confidence, when=when))
    counted = client.get("/acts?since=2031-03-10&until=2031-03-10&deeds=1").text
    line = counted.partition("/acts/act-SANCTION")[2].partition("</article>")[0]
    assert "sicher 64 %" in line
    assert "Mo 10.03.2031" in line


def test_an_act_s_page_has_the_day_on_which_it_counts(client, engine):
    """The surest report names none, another does: the page said that none told it."""
    for number, confidence, when in ((65, 0.6, on(8)), (66, 0.9, None)):
        of = article(number, house=f"haus{number}")
        keep(engine, number, of, event(of, LASTED, EventType.SANCTION, confidence=confidence, when=when))
    page = client.get("/acts/act-SANCTION").text
    assert "Tag der Meldung" not in page
    assert "<dd>Sa 08.03.2031" in page
    assert "/acts/act-SANCTION" in client.get("/acts?since=2031-03-08&until=2031-03-08&deeds=1").text


def test_an_act_s_page_has_the_announced_day_where_only_the_announcement_names_one(client, engine):
    for number, status, when in ((67, Status.PAST, None), (68, Status.PLANNED, on(9))):
        of = article(number, house=f"haus{number}")
        keep(engine, number, of, event(of, LASTED, EventType.SANCTION, status=status, when=when))
    page = client.get("/acts/act-SANCTION").text
    assert "Tag der Meldung" not in page
    assert "<dd>So 09.03.2031" in page


def test_an_act_of_several_days_is_found_by_the_first_as_it_is_counted(client, engine):
    """Found by each of them, it would stand in lists behind figures that do not count it."""
    of = article(69, house="amt")
    keep(engine, 69, of, event(of, LASTED, EventType.SANCTION, when=on(6, 8, Precision.RANGE)))
    for day, found in ((6, True), (7, False), (8, False)):
        period = f"since=2031-03-0{day}&until=2031-03-0{day}"
        for more in ("", "&deeds=1", "&party=NATO&other=RUS&between=1"):
            assert ("act-SANCTION" in client.get(f"/acts?{period}{more}").text) is found
        assert (f"/acts?{period.replace('&', '&amp;')}&amp;deeds=1" in client.get("/").text) is found
