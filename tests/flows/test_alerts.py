"""Alerts: one for each act, told in full, routed, held, grouped and shortened without losing any."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from extractors.model import (
    FOLLOWED,
    Actor,
    Alert,
    Article,
    Assessment,
    Event,
    Evidence,
    Grade,
    PartKind,
    Place,
    Precision,
    Reason,
    When,
)
from extractors.ontology import EventType, Status
from flows.alerts import routing, wording
from flows.alerts.channels import (
    AppriseChannel,
    ConsoleChannel,
    Delivered,
    Failed,
    FileChannel,
    Message,
    WebhookChannel,
    one_line,
    payload,
)
from flows.alerts.routing import Route
from flows.alerts.takebacks import Takeback, alert_of, fallen
from flows.alerts.watches import NewAct, Upset, Watch, alerts_for, alerts_of_upset
from flows.fetching import Fault, FetchError, Reply

NOW = datetime(2028, 1, 12, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
SENTENCE = "Für Donnerstag ist in Wien ein Treffen von Russland und der NATO geplant."
ARTICLE = Article.compose(
    url="https://zeitung.example/wien",
    headline="Treffen in Wien",
    publisher="Zeitung",
    body=((PartKind.PARAGRAPH, SENTENCE),),
    published_at=NOW,
)
CORE = Assessment(
    dossier="russland-nato-ukraine", score=0.97, grade=Grade.CORE, reasons=(Reason(rule="talks", words=("Treffen",)),)
)


def event(**changes) -> Event:
    start = ARTICLE.text.index(SENTENCE)
    told = {
        "type": EventType.CONSULT,
        "status": Status.PLANNED,
        "actors": (Actor(code="NATO"), Actor(code="RUS", name="Russland")),
        "when": When(first=date(2028, 1, 13), last=date(2028, 1, 13), precision=Precision.DAY),
        "place": Place(name="Wien"),
        "evidence": Evidence(start=start, end=start + len(SENTENCE), quote=SENTENCE, rule="treffen-geplant"),
    }
    return Event(**{**told, **changes})


WATCH = Watch(name="Diplomatie", dossier="russland-nato-ukraine")


def test_an_alert_says_who_what_when_where_which_sentence_and_which_rule():
    (alert,) = alerts_for(ARTICLE, CORE, [NewAct(act="a1", event=event())], [WATCH])

    assert alert.title == "NATO, RUS (Russland): Gespräch (angekündigt, 13.01.2028, Wien)"
    for piece in ("13.01.2028", "Wien", SENTENCE, "treffen-geplant", "https://zeitung.example/wien", "Treffen"):
        assert piece in alert.body


def test_an_english_alert_has_no_german_words_and_dates_of_its_own():
    (alert,) = alerts_for(ARTICLE, CORE, [NewAct(act="a1", event=event())], [WATCH], language="en", late=True)

    assert alert.title == "Read late: NATO, RUS (Russland): Consult (planned, 13 Jan 2028, Vienna)"
    assert "\nWhen: 13 Jan 2028\nWhere: Vienna\n" in alert.body
    assert "Treffen in Wien · As of 12 Jan 2028 10:00\n" in alert.body


def test_what_befalls_a_meeting_says_so_first_and_what_was_known_behind_the_facts():
    day = When(first=date(2031, 3, 14), last=date(2031, 3, 14), precision=Precision.DAY)
    upset = Upset(new=NewAct(act="a1", event=event()), key="m1:2", kind="cancelled", when=day, place="Genf")
    only_before = replace(CORE, reasons=(Reason(rule=FOLLOWED),))
    for assessment in (CORE, only_before):
        (alert,) = alerts_of_upset(ARTICLE, assessment, upset, [WATCH], language="en")
        assert alert.key == f"{WATCH.name}:m1:2"
        assert alert.title.startswith("Called off: ")
        assert alert.facts[-1] == ("Before", "14 Mar 2031, Geneva")
        assert alert.body.split("\n")[len(alert.facts) - 1] == "Before: 14 Mar 2031, Geneva"
    assert alerts_of_upset(ARTICLE, replace(CORE, grade=Grade.RELATED), upset, [WATCH]) == ()


def test_what_no_longer_holds_is_told_in_the_language_of_its_reader_with_all_that_stands_of_the_article():
    (told,) = alerts_for(ARTICLE, CORE, [NewAct(act="act_1", event=event())], [WATCH], language="en")
    denied = event(status=Status.NEGATED)
    back = Takeback(act="act_1", change="withdrawn", reason="otherwise", key="act_1:withdrawn", now=denied)
    fixed = replace(back, change="corrected", reason="changed", key="act_1:corrected:7", comment="a  slip")

    said = [alert_of(told, one, language="en") for one in (back, fixed)]
    assert [one.title for one in said] == [
        f"Taken back: {told.title}",
        f"Corrected: {wording.headline_of(denied, 'en')}",
    ]
    assert [dict(one.facts)["Reason"] for one in said] == [
        "The article says otherwise now, and no other says so",
        "Corrected in review: a slip",
    ]
    assert [dict(one.facts)["Before"] for one in said] == [told.title] * 2
    assert dict(said[0].facts)["Now"] == wording.headline_of(denied, "en")
    for one in said:
        rows = [f"{name}: {value}" for name, value in one.facts]
        assert one.body.split("\n") == [*rows, *told.body.split("\n")[len(told.facts) :]]


@pytest.mark.parametrize("limit", [0, 40, 90, 160])
def test_what_was_read_late_says_so_however_short_the_message(limit):
    """The word stood last, and went first."""
    alerts = alerts_for(ARTICLE, CORE, [NewAct(act="a1", event=event())], [WATCH], late=True)

    assert wording.message(alerts, limit=limit)[0].startswith("Nachgelesen: ")


def test_an_alert_tells_the_time_of_the_newsroom_not_that_of_the_page_s_server():
    (alert,) = alerts_for(ARTICLE, CORE, [NewAct(act="a1", event=event())], [WATCH])

    assert NOW.hour == 9
    assert "Stand 12.01.2028 10:00" in alert.body


def test_one_act_is_one_alert_for_a_watch_whoever_reports_it():
    first = alerts_for(ARTICLE, CORE, [NewAct(act="a1", event=event())], [WATCH])
    again = alerts_for(ARTICLE, CORE, [NewAct(act="a1", event=event(confidence=0.7))], [WATCH])

    assert [a.key for a in first] == [a.key for a in again] == ["Diplomatie:a1"]


@pytest.mark.parametrize(
    ("watch", "assessment", "told", "count"),
    [
        (WATCH, CORE, event(), 1),
        (WATCH, CORE, event(type=EventType.STATE), 0),
        (WATCH, CORE, event(status=Status.HYPOTHETICAL), 0),
        (Watch(name="w", dossier=CORE.dossier, parties=frozenset({"USA", "RUS"})), CORE, event(), 0),
        (Watch(name="w", dossier=CORE.dossier, parties=frozenset({"NATO", "RUS"})), CORE, event(), 1),
        (Watch(name="w", dossier="iran-atom"), CORE, event(), 0),
        (WATCH, Assessment(dossier=CORE.dossier, score=0.4, grade=Grade.RELATED), event(), 0),
    ],
)
def test_a_watch_hears_what_it_asked_for_and_nothing_else(watch, assessment, told, count):
    assert len(alerts_for(ARTICLE, assessment, [NewAct(act="a", event=told)], [watch])) == count


def test_the_unsure_and_the_first_run_go_into_the_digest():
    unsure = alerts_for(ARTICLE, CORE, [NewAct(act="a", event=event(confidence=0.3))], [WATCH])
    first_run = alerts_for(ARTICLE, CORE, [NewAct(act="a", event=event())], [WATCH], baseline=True)

    assert [a.digest for a in (*unsure, *first_run)] == [True, True]


@pytest.mark.parametrize(
    ("days", "status", "title", "digest"),
    [
        (8, Status.PAST, "Rückblick: NATO, RUS: Gespräch (04.01.2028)", True),
        (7, Status.PAST, "NATO, RUS: Gespräch (05.01.2028)", False),
        (8, Status.ONGOING, "NATO, RUS: Gespräch (im Gange, 04.01.2028)", False),
    ],
)
def test_what_was_over_long_before_its_article_says_so_and_waits_for_the_digest(days, status, title, digest):
    """What somebody had refused in August woke people in March: the archive had never heard of it."""
    day = NOW.date() - timedelta(days=days)
    told = event(status=status, place=None, when=When(first=day, last=day, precision=Precision.DAY))
    told = replace(told, actors=(Actor(code="NATO"), Actor(code="RUS")), recipients=())
    (one,) = alerts_for(ARTICLE, CORE, [NewAct(act="a", event=told)], [replace(WATCH, parties=frozenset())])
    assert (one.title, one.digest) == (title, digest)


def test_a_headline_names_a_few_of_many_parties_and_the_text_all_of_them():
    many = tuple(Actor(code=code) for code in ("BEL", "DNK", "EST", "LTU", "LVA", "NLD"))
    told = replace(event(), actors=many, recipients=many[:5], status=Status.PAST, when=None, place=None)
    assert wording.headline_of(told) == "BEL, DNK, EST, LTU und 2 weitere → BEL, DNK, EST, LTU, LVA: Gespräch"
    assert wording.headline_of(told, "en").startswith("BEL, DNK, EST, LTU and 2 more → ")
    assert dict(wording.fact_rows(told))["Wer"] == "BEL, DNK, EST, LTU, LVA, NLD"


def alert(key: str, **changes) -> Alert:
    return Alert(
        **{
            "key": key,
            "watch": "w",
            "title": f"Titel {key}",
            "body": f"Text {key}",
            "url": "https://x.example/a",
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2028, 1, 12, 23, 0, tzinfo=BERLIN), datetime(2028, 1, 13, 6, 30, tzinfo=BERLIN)),
        (datetime(2028, 1, 12, 3, 0, tzinfo=BERLIN), datetime(2028, 1, 12, 6, 30, tzinfo=BERLIN)),
        (datetime(2028, 1, 12, 12, 0, tzinfo=BERLIN), None),
        (datetime(2028, 1, 12, 6, 30, tzinfo=BERLIN), None),
        # The nights in which the clocks change end at the same hour on the wall.
        (datetime(2028, 3, 25, 23, 0, tzinfo=BERLIN), datetime(2028, 3, 26, 6, 30, tzinfo=BERLIN)),
        (datetime(2028, 10, 28, 23, 0, tzinfo=BERLIN), datetime(2028, 10, 29, 6, 30, tzinfo=BERLIN)),
    ],
)
def test_quiet_hours_hold_until_their_end(now, until):
    assert routing.quiet_until(now.astimezone(UTC), (time(22), time(6, 30)), BERLIN) == until


@pytest.mark.parametrize("night", [datetime(2028, 3, 25, 18, tzinfo=UTC), datetime(2028, 10, 28, 18, tzinfo=UTC)])
@pytest.mark.parametrize("quiet", [(time(22), time(2, 30)), (time(2, 15), time(2, 45)), (time(23), time(3))])
def test_quiet_hours_end_ahead_also_where_an_hour_comes_twice(night, quiet):
    """What was held until a time that was over was taken up and held again, 200 times a run, and nothing else was sent."""
    for minute in range(0, 16 * 60, 5):
        now = night + timedelta(minutes=minute)
        until = routing.quiet_until(now, quiet, BERLIN)
        assert until is None or now < until.astimezone(UTC) <= now + timedelta(hours=7)


def test_a_delivery_is_tried_for_three_days_and_then_given_up():
    assert routing.retry_at(NOW, NOW, 1, spread=0.5) == NOW + timedelta(seconds=15)
    assert routing.retry_at(NOW, NOW, 9, retry_after=7200.0) == NOW + timedelta(hours=2)
    assert routing.retry_at(NOW, NOW - timedelta(hours=71), 500) is not None
    assert routing.retry_at(NOW, NOW - timedelta(hours=72), 9) is None


def test_what_was_old_when_it_was_first_tried_survives_a_hiccup():
    """The machine was off over Easter; the digest that goes out first thing finds the mail server busy."""
    assert routing.retry_at(NOW, NOW - timedelta(hours=100), 1) is not None
    assert routing.retry_at(NOW, NOW - timedelta(hours=100), routing.LEAST_ATTEMPTS) is None


@pytest.mark.parametrize(
    ("gone", "hours", "parked"), [(3, 1.0, True), (2, 5.0, False), (9, 0.5, False), (0, 24.0, True), (0, 23.9, False)]
)
def test_a_channel_is_parked_when_it_is_gone_for_good_or_fails_for_a_day(gone, hours, parked):
    reason = routing.park_reason(gone=gone, failing_since=NOW - timedelta(hours=hours), now=NOW)

    assert bool(reason) == parked


def test_an_alert_goes_to_the_channels_that_take_it():
    routes = [
        Route(channel="all"),
        Route(channel="dyad", parties=frozenset({"NATO", "RUS"})),
        Route(channel="sanctions", types=frozenset({"SANCTION"})),
        Route(channel="conflict", scores=(-10.0, -2.0)),
        Route(channel="mild", scores=(2.5, 4.0)),
        Route(channel="visits", modes=frozenset({"CONSULT/visit", "SANCTION/expel"})),
    ]

    assert routing.channels_for(alert("k", type="CONSULT", parties=("NATO", "RUS"), score=2.5), routes) == (
        "all",
        "dyad",
        "mild",
    )
    assert routing.channels_for(alert("k", type="REJECT", score=-2.0), routes) == ("all", "conflict")
    assert routing.channels_for(alert("k", type="CONSULT", mode="visit"), routes) == ("all", "visits")
    assert routing.channels_for(alert("k", type="REJECT", mode="expel"), routes) == ("all",), "a mode is of its type"


@pytest.mark.parametrize(
    ("route", "told"),
    [
        (Route(channel="c"), True),
        (Route(channel="c", types=frozenset({"SANCTION"})), False),
        (Route(channel="c", scores=(-10.0, -2.0)), False),
        (Route(channel="c", watches=frozenset({"Diplomatie"})), False),
        (Route(channel="c", watches=frozenset({"Lage"}), types=frozenset({"SANCTION"})), True),
        (Route(channel="c", watches=frozenset({"w", "Lage"}), parties=frozenset({"RUS"})), True),
    ],
)
def test_the_lage_goes_where_nothing_is_narrowed_or_it_is_named(route, told):
    assert route.takes(Alert(key="Lage:1", watch="Lage", title="T", body="B")) is told


def test_a_webhook_without_a_secret_behind_its_prefix_is_refused():
    with pytest.raises(ValueError, match="anybody could sign"):
        WebhookChannel("https://hook.example/", "whsec_", Receiver().post)


@pytest.mark.parametrize("limit", [*range(66, 76), 160, 300, 1000, 4096])
def test_a_message_keeps_to_the_limit_and_keeps_the_link(limit):
    alerts = alerts_for(ARTICLE, CORE, [NewAct(act=f"a{n}", event=event()) for n in range(40)], [WATCH])

    title, body = wording.message(alerts, limit=limit)

    assert len(title) + 2 + len(body) <= limit
    assert ARTICLE.url in body
    assert "+3" in body or "+39" in title


@pytest.mark.parametrize("count", [90, 250])
def test_of_more_than_a_mail_holds_as_many_acts_as_fit_keep_sentence_and_link_and_all_are_named(count):
    """From one act too many on, all but the first were a headline without either."""
    alerts = [
        told
        for n in range(count)
        for told in alerts_for(
            replace(ARTICLE, url=f"https://zeitung.example/{n:03}"),
            CORE,
            [NewAct(act=f"a{n}", event=event(place=Place(name=f"Ort {n:03}")))],
            [WATCH],
        )
    ]
    title, body = wording.message(alerts, limit=32_768, links={each.key: "https://raum.example/a" for each in alerts})

    full = body.count(SENTENCE)
    assert len(title) + 2 + len(body) <= 32_768
    assert len(title) + 2 + len(body) > 32_000
    assert full == body.count("https://zeitung.example/") == body.count("https://raum.example/a") > 10
    assert [f"• {each.title}" in body for each in alerts] == [True] * count


def test_an_act_that_two_watches_ask_for_is_told_once_and_says_for_which():
    """It stood twice in one message, word for word, and nothing said why."""
    others = [Watch(name="Ostpolitik", dossier=CORE.dossier), Watch(name="Wien", dossier=CORE.dossier)]
    acts = [NewAct(act="a1", event=event()), NewAct(act="a2", event=event(place=Place(name="Genf")))]
    both = alerts_for(ARTICLE, CORE, acts, [WATCH, others[0]])
    alone = alerts_for(ARTICLE, CORE, acts[:1], others[1:])

    title, body = wording.message([*both, *alone])
    assert title.endswith("Wien) (+1)")
    assert body.count(SENTENCE) == 2
    assert "\nBeobachtung: Diplomatie, Ostpolitik, Wien\n" in body
    assert "\nBeobachtung: Diplomatie, Ostpolitik\n" in body
    assert wording.message(both[:1])[1].count("\nBeobachtung: Diplomatie\n") == 1
    assert "… +1" not in wording.message([both[0], both[2]], limit=160)[1]
    english = alerts_for(ARTICLE, CORE, acts[:1], [WATCH, others[0]], language="en")
    assert "\nWatch: Diplomatie, Ostpolitik\n" in wording.message(english, language="en")[1]


@pytest.mark.parametrize("length", [80, 110, 135])
def test_a_text_message_keeps_the_link_of_a_real_article_and_counts_no_act_twice(length):
    url = "https://zeitung.example/".ljust(length, "a")
    told = alerts_for(replace(ARTICLE, url=url), CORE, [NewAct(act=f"a{n}", event=event()) for n in range(5)], [WATCH])
    single, several = wording.message(told[:1], limit=160), wording.message(told, limit=160)

    for title, body in (single, several):
        assert len(title) + 2 + len(body) <= 160
        assert body.endswith(url)
        assert title.startswith("NATO, RUS")
    assert "… +" not in single[1]
    assert "… +4" in several[1] or length == 135


def test_where_not_even_the_link_fits_the_text_says_what_happened():
    told = alerts_for(replace(ARTICLE, url="https://zeitung.example/" + "a" * 200), CORE, [NewAct(act="a", event=event())], [WATCH])  # fmt: skip
    title, body = wording.message(told, limit=160)

    assert len(title) + 2 + len(body) <= 160
    assert "Für Donnerstag" in body


def trouble(kind: str, subject: str, text: str) -> Alert:
    title, body = wording.operator_message(kind, subject, text)
    return Alert(key=subject, watch="Betrieb", title=title, body=body, type="INCIDENT")


def test_a_text_message_to_operators_names_what_is_in_trouble():
    """It had the kind alone, and of several of one kind nothing but their number."""
    dead = [
        trouble("feed dead", f"https://haus-{n}.example/rss", "6 failures in a row; last: connect") for n in range(9)
    ]
    alone, joined = wording.message(dead[:1], limit=160), wording.message(dead, limit=160)
    mixed = wording.message([*dead[:1], trouble("disk", "/var (a)", "4.0% of the disk is free")], limit=90)

    assert alone == ("Betrieb: feed dead", "https://haus-0.example/rss\n6 failures in a row; last: connect")
    assert "https://haus-0.example/rss" in wording.message(dead[:1], limit=70)[1]
    assert joined[0] == "Betrieb: feed dead (+8)"
    assert "https://haus-0.example/rss" in joined[1]
    assert "https://haus-1.example/rss" in joined[1]
    assert re.search(r"… \+\d$", joined[1])
    assert "• Betrieb: disk: /var (a)" in mixed[1]
    long = wording.message([trouble("feed dead", "https://haus.example/" + "a" * 300, "connect")] * 2, limit=160)
    assert "• https://haus.example/aaa" in long[1]
    assert [
        len(title) + 2 + len(body) for title, body in (alone, joined, mixed, long) if len(title) + 2 + len(body) > 160
    ] == []


def test_a_message_without_a_limit_tells_every_act():
    alerts = alerts_for(ARTICLE, CORE, [NewAct(act=f"a{n}", event=event()) for n in range(5)], [WATCH])

    assert wording.message(alerts)[1].count(SENTENCE) == 5


def told_of(*acts: tuple[str, float], article: Article = ARTICLE) -> tuple[Alert, ...]:
    new = [NewAct(act=act, event=event(confidence=confidence)) for act, confidence in acts]
    return alerts_for(article, CORE, new, [WATCH])


def test_what_is_said_of_an_article_stands_once_below_its_acts():
    other = replace(ARTICLE, url="https://zeitung.example/genf", headline="Treffen in Genf")
    alerts = (*told_of(("a", 0.9), ("b", 0.9), ("c", 0.9)), *told_of(("d", 0.9), article=other))

    body = wording.message(alerts, links={"Diplomatie:a": "https://raum.example/answers/1"})[1]

    for piece in (ARTICLE.url, other.url, "Zeitung · Treffen in Wien · Stand", "Zeitung · Treffen in Genf · Stand"):
        assert body.count(piece) == 1
    assert body.count("Regel: treffen-geplant") == 4
    assert body.index(ARTICLE.url) < body.index("Treffen in Genf")
    assert "Antworten: https://raum.example/answers/1\n\n•" in body


def test_what_operators_are_told_at_once_is_told_in_full():
    alerts = [Alert(key=f"op:{n}", watch="Betrieb", title=f"Feed {n}", body="antwortet nicht") for n in range(3)]

    assert wording.message(alerts)[1].count("antwortet nicht") == 3


def test_what_is_more_likely_wrong_does_not_head_a_digest():
    alerts = told_of(("a", 0.19), ("b", 0.6), ("c", 0.9))
    named = [replace(alert, title=f"Akt {alert.key[-1]}") for alert in alerts]

    title, body = wording.message(named)

    assert title == "Akt b (+2)"
    assert [body.index(f"• Akt {name}") for name in "bca"] == sorted(body.index(f"• Akt {name}") for name in "abc")


def test_a_title_says_where_all_of_the_message_is_more_likely_wrong():
    """The morning's digest began with an attack that was 37 % sure, and looked like news of one."""
    alone, more = told_of(("a", 0.37)), told_of(("a", 0.37), ("b", 0.3))
    assert wording.message(alone)[0] == f"Unsicher: {alone[0].title}"
    assert wording.message(more, language="en")[0] == f"Unsure: {more[0].title} (+1)"
    assert wording.message(more, limit=160)[0].startswith("Unsicher: ")


@pytest.mark.parametrize(
    ("language", "confidence", "rule", "belongs"),
    [
        ("de", 0.9, "treffen-geplant (sicher 90 %)", "Gehört zu russland-nato-ukraine (97 %): Treffen"),
        ("de", 0.497, "treffen-geplant (unsicher 49 %)", "Gehört zu russland-nato-ukraine (97 %): Treffen"),
        ("en", 0.3, "treffen-geplant (unsure 30%)", "Belongs to russland-nato-ukraine (97%): Treffen"),
    ],
)
def test_an_alert_says_how_sure_it_is_and_why_it_came_in_the_language_of_its_reader(
    language, confidence, rule, belongs
):
    new = NewAct(act="a", event=event(confidence=confidence))
    (alert,) = alerts_for(ARTICLE, CORE, [new], [WATCH], language=language)

    assert f": {rule}\n" in alert.body
    assert f"\n{belongs}\n" in alert.body


def test_what_is_quoted_and_quotes_somebody_has_other_marks():
    said = "„Niemals“, sagte der Minister."
    quoting = event(evidence=Evidence(start=0, end=len(said), quote=said, rule="r"))
    (alert,) = alerts_for(ARTICLE, CORE, [NewAct(act="a", event=quoting)], [WATCH])

    assert f"Beleg: »{said}«\n" in alert.body
    assert "»„Niemals“, sagte" in wording.message([alert], limit=200)[1]


HOSTILE = "Treffen\r\nBcc: alle@example.org \x1b[31m\u202egpj.exe<script>alert(1)</script>"


async def test_what_a_screen_cannot_show_does_not_keep_an_alert_from_it():
    shown = io.BytesIO()
    screen = io.TextIOWrapper(shown, encoding="latin-1")
    message = Message(key="k", title="Außenminister „sprachen“", body="– und einigten sich")

    assert isinstance(await ConsoleChannel(screen).send(message, NOW), Delivered)
    assert shown.getvalue().decode("latin-1") == "\nAußenminister ?sprachen?\n? und einigten sich\n"


async def test_control_characters_of_an_article_reach_no_terminal_and_no_file(tmp_path):
    screen = io.StringIO()
    message = Message(key="k", title=HOSTILE, body=HOSTILE)

    await ConsoleChannel(screen).send(message, NOW)
    await FileChannel(tmp_path / "a.txt").send(message, NOW)

    for text in (screen.getvalue(), (tmp_path / "a.txt").read_text("utf-8")):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\r" not in text
    assert "\n" not in one_line(HOSTILE)


async def test_a_file_tells_the_keys_by_which_its_alerts_are_acknowledged(tmp_path):
    message = Message(key="msg_1", title="T", body="B", alerts=(alert("w:act_1"), alert("w:act_2")))
    await FileChannel(tmp_path / "a.txt").send(message, NOW)

    assert (tmp_path / "a.txt").read_text("utf-8").splitlines()[0].endswith(" msg_1 w:act_1 w:act_2")


class Receiver:
    """The other side of a webhook, with a memory."""

    def __init__(self, *answers: Reply | FetchError) -> None:
        self.answers = list(answers)
        self.got: list[tuple[str, bytes, dict[str, str]]] = []

    async def post(self, url, body, headers):
        self.got.append((url, body, dict(headers)))
        answer = self.answers.pop(0)
        if isinstance(answer, FetchError):
            raise answer
        return answer


async def test_a_webhook_is_signed_as_the_specification_says():
    receiver = Receiver(Reply(status=204))
    secret = "whsec_" + base64.b64encode(b"0123456789abcdef").decode()

    outcome = await WebhookChannel("https://hook.example/", secret, receiver.post).send(
        Message(key="w:a1", title="t", body="b", alerts=(alert("k"),)), NOW
    )

    _, body, headers = receiver.got[0]
    wanted = hmac.new(b"0123456789abcdef", b"w:a1.%d.%s" % (NOW.timestamp(), body), hashlib.sha256).digest()
    assert outcome == Delivered()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(wanted).decode()
    assert json.loads(body)["data"]["alerts"][0]["key"] == "k"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Reply(status=500), Failed(reason="HTTP 500")),
        (Reply(status=429, retry_after=120.0), Failed(reason="HTTP 429", retry_after=120.0)),
        (Reply(status=410), Failed(reason="HTTP 410", gone=True)),
        (FetchError(Fault.ADDRESS, "10.0.0.1"), Failed(reason="address: 10.0.0.1")),
    ],
)
async def test_trouble_on_the_other_side_is_an_outcome_and_no_exception(answer, outcome):
    channel = WebhookChannel("https://hook.example/", "geheim", Receiver(answer).post)

    assert await channel.send(Message(key="k", title="t", body="b"), NOW) == outcome


async def test_a_file_that_cannot_be_written_is_an_outcome(tmp_path):
    (tmp_path / "datei").write_text("", "utf-8")

    outcome = await FileChannel(tmp_path / "datei" / "a.txt").send(Message(key="k", title="t", body="b"), NOW)

    assert isinstance(outcome, Failed)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_unknown_kind_of_apprise_url_is_refused_when_loaded():
    with pytest.raises(ValueError, match="does not know"):
        AppriseChannel("brieftaube://")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "named",
    [
        "to=a@haus.example,b@",
        "to=a@haus.example,b",
        "to=a@haus.example b@",
        "to=a@haus.example;b@haus.example",
        "to=b@",
        "to=a@haus.example&cc=b@",
        "to=a@haus.example&bcc=b",
    ],
)
def test_a_recipient_that_nobody_could_write_to_is_refused_when_loaded(named):
    """Apprise left such a one out, and said so in its log alone, which we keep quiet."""
    with pytest.raises(ValueError, match="1 of its recipients cannot be read"):
        AppriseChannel(f"mailto://us:secret@127.0.0.1?smtp=127.0.0.1&mode=insecure&from=us@haus.example&{named}")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("named", "number"),
    [
        ("/a@haus.example/b@haus.example?", 2),
        ("?to=A@haus.example,,b%2Bc@haus.example&", 2),
        ('?to="Alb, Ute" <a@haus.example>, Bo <b@haus.example>&', 2),
        ("?to=a@haus.example b@haus.example&cc=c@haus.example&bcc=d@haus.example,a@haus.example&", 4),
        ("?", 1),
    ],
)
def test_recipients_may_be_written_as_apprise_reads_them(named, number):
    channel = AppriseChannel(f"mailto://us:secret@127.0.0.1{named}smtp=127.0.0.1&mode=insecure&from=us@haus.example")
    assert len(channel._services) == number


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_limit_of_a_channel_counts_whatever_its_kind():
    from flows.desk import channels_of
    from flows.settings import Channel as Setting
    from flows.settings import Settings

    rows = {
        "console": Setting(kind="console", limit=160),
        "file": Setting(kind="file", limit=160),
        "apprise": Setting(kind="apprise", url="json://127.0.0.1/", limit=160),
        "webhook": Setting(kind="webhook", url="https://hook.example/", secret="geheim", limit=160),
    }
    made = channels_of(Settings(channels=rows), Receiver())  # type: ignore[arg-type]
    assert {name: channel.limit for name, channel in made.items()} == dict.fromkeys(rows, 160)


def test_a_webhook_says_how_sure_an_act_is():
    """A receiver that sorts by it had to read the text: unsure acts come with the digest."""
    sent = Message(key="m", title="T", body="B", alerts=(alert("k", confidence=0.27, score=-2.0),))
    [told] = json.loads(payload(sent, NOW))["data"]["alerts"]
    assert (told["confidence"], told["score"]) == (0.27, -2.0)


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("Von einem Termin ist nichts bekannt.", "gone"),
        ("Für Donnerstag ist in Wien nun doch ein Treffen von Russland mit der NATO angesetzt.", None),
        (SENTENCE, None),
    ],
)
def test_what_a_house_says_in_other_words_is_not_taken_back_though_nothing_is_read_in_them(says, reason):
    one = fallen("act_1", [event()], (), f"Treffen in Wien\n{says} Mehr dazu später.")

    assert (one and one.reason) == reason


def test_a_digest_begins_with_the_gravest_act_and_keeps_parties_and_articles_together():
    """The morning's digest had the order in which the articles had come, and its title was of the first."""

    def told(key, parties, score, url, confidence=0.9):
        return alert(key, title=key, parties=parties, score=score, url=url, confidence=confidence)

    mild, raid, talks = ("DEU", "POL"), ("RUS", "UKR"), ("RUS", "USA")
    title, body = wording.message(
        [
            told("visit", mild, 2.5, "https://a.example/1"),
            told("aid", raid, 10.0, "https://a.example/2"),
            told("refusal", talks, -2.0, "https://a.example/3"),
            told("raid", raid, -9.0, "https://a.example/4"),
            told("praise", talks, 5.0, "https://a.example/3"),
            told("rumour", raid, -9.5, "https://a.example/1", confidence=0.3),
        ]
    )
    assert title == "raid (+5)"
    assert re.findall(r"^• (\w+)", body, re.MULTILINE) == ["raid", "aid", "refusal", "praise", "visit", "rumour"]
