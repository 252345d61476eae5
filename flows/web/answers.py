"""From a request to what its page shows: asks the archive, hands the answers to `pages`. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from extractors.actors import name_of
from extractors.ontology import EventType, Status
from extractors.stories import dyads
from extractors.stories.states import AWAITED, Answer, State
from extractors.stories.voices import Mood, mood
from flows.place_names import called
from flows.web import figures, pages, timelines, weeks
from flows.web.asking import DONE, Elsewhere, Look, NotFound, Unreadable, span
from flows.web.wording import code_of
from storage import choosing, deeds, queries, room_queries
from storage.queries import EventFilter, StoredEvent
from storage.room_queries import ActFilter, ActLine
from storage.runs import Incident, Logbook
from storage.tracking import Change, Demand, Meeting

ON_A_PAGE = 30
MOST_EVENTS = 20_000
"""So many events are reckoned with at most; a page whose days have more says so."""
MOST_TEXTS = 50
"""Reports of an act that are shown in their paragraphs; the war as a whole has hundreds."""
OFFERED_OF = 4000
"""Of so many of the latest events a form offers the parties: all of them would take longer than what is asked for."""
FEW = 12
TENSION_DAYS = 30
_MEETING_STATES = (*AWAITED, State.CANCELLED, State.HELD, State.OVERDUE)
"""as the form offers them"""


def overview(at: Look) -> dict[str, Any]:
    since = heard_since(at, TENSION_DAYS)
    incidents = Logbook(at.connection).incidents(limit=None)
    casts = room_queries.casts(at.connection, since, at.day)
    return {
        **_of_late(at, since),
        "acts": pages.newest(room_queries.act_lines(at.connection, limit=10 * FEW), FEW, at.least),
        "incidents": incidents[:FEW],
        "open": len(incidents),
        "since": since,
        "parties": sorted(room_queries.parties(casts, limit=10), key=lambda it: -it.told),
        "dyads": queries.top_dyads(at.connection, since=since, until=at.day, limit=10, min_confidence=at.least),
    }


def heard_since(at: Look, days: int) -> date:
    """The first of the last so many days, or the day from which on the archive listens."""
    since = at.day - timedelta(days=days - 1)
    first = room_queries.first_day(at.connection) or since
    return max(since, min(first, at.day - timedelta(days=6)))


def _of_late(at: Look, since: date, party: str = "") -> dict[str, Any]:
    """The days since then as a chart, and what is due next: of all, or of a party."""
    silent = queries.gap_days(queries.gaps(at.connection, since, at.day), since, at.day)
    days = deeds.tension(at.connection, since, at.day, party=party, min_confidence=at.least)
    calendar = _calendar(at, party=party)
    return {
        "chart": figures.tension_chart(days, silent, at.w, party=party, unsure=not at.least),
        "uncounted": sum(day.unsure for day in days),
        "unsure_meetings": calendar.unsure,
        "due": pages.due_next(calendar, at.day),
    }


def acts(at: Look) -> dict[str, Any]:
    since, until = span(at)
    news = at.date("news")
    party, other = at.code("party"), at.code("other")
    between = bool(at.among("between", ("1",))) and bool(party and other) and party != other
    wanted = ActFilter(
        types=at.among("type", EventType),
        statuses=at.statuses,
        party=party,
        other=other,
        since=since,
        until=until,
        min_confidence=at.least,
        between=between,
        directed=at.directed,
        deeds=bool(at.among("deeds", ("1",))),
        by_day=not at.among("order", ("news",)),
        news_since=None if news is None else at.begin(news),
    )
    offset = offset_of(at)
    found = room_queries.act_list(at.connection, wanted, limit=ON_A_PAGE, offset=offset)
    return {
        "acts": pages.ActGroups(groups=pages.grouped(found.lines, at.least), unsure=found.unsure),
        "pager": pager(at, "/acts", offset, len(found.lines) + found.more),
        "news": news,
        "fallen": () if news is None or offset else _fallen(at, wanted),
        "between": between,
        "spans": _lately(at),
        "asked": pages.Asked(values=at.params),
        "choices": choices(at),
        "count": room_queries.act_count(at.connection, wanted) if since or until else None,
        "strangers": () if found.lines else strangers(at),
    }


def _fallen(at: Look, wanted: ActFilter) -> tuple[StoredEvent, ...]:
    """What fell of the acts that are asked for."""
    assert wanted.news_since is not None
    return tuple(
        each
        for each in room_queries.fallen(at.connection, wanted.news_since)
        if _was_asked_for(each, wanted) and (each.event.confidence >= at.least or each.reviewed)
    )


def _was_asked_for(told: StoredEvent, wanted: ActFilter) -> bool:
    """Whether what is not believed any more is what a filter asks for: of what is, the archive is asked itself."""
    event, (since, until) = told.event, wanted.days
    asked = {*filter(None, (wanted.party, wanted.other))}
    acting, acted_upon = ({actor.code for actor in side} for side in (event.actors, event.recipients))
    sided = asked <= acting | acted_upon
    if wanted.directed:
        sided = {wanted.party} - {""} <= acting and {wanted.other} - {""} <= acted_upon
    dealing = not acting.isdisjoint(asked) and event.status is not Status.HISTORICAL
    deed = event.status in DONE and event.type is not EventType.STATE and not told.copied
    return (
        sided
        and (dealing or not wanted.between)
        and (deed or not wanted.deeds)
        and (not wanted.types or event.type in wanted.types)
        and (not wanted.statuses or event.status in wanted.statuses)
        and (told.day is None or since <= told.day <= until)
    )


def _lately(at: Look) -> tuple[date, ...]:
    """The days since when what is new can be asked for with one click."""
    return tuple(at.day - timedelta(days=days) for days in (1, 3, 7))


def offset_of(at: Look) -> int:
    return at.number("offset", most=10**6)


def pager(at: Look, path: str, offset: int, found: int) -> pages.Pager:
    if offset and found <= 0:
        return pages.Pager(first=at.url(path, offset=""))
    return pages.Pager(
        newer=at.url(path, offset=max(0, offset - ON_A_PAGE) or "") if offset else "",
        older=at.url(path, offset=offset + ON_A_PAGE) if found > ON_A_PAGE else "",
    )


def before(at: Look) -> int | None:
    """The row that the last page of a list ended with."""
    return at.number("before", most=2**62) or None


def older(at: Look, path: str, rows: Sequence[int]) -> pages.Pager:
    """Of a list that goes on before the last row shown; `rows` has one more where it does."""
    if before(at) and not rows:
        return pages.Pager(first=at.url(path, before=""))
    return pages.Pager(
        newer=at.url(path, before="") if before(at) else "",
        older=at.url(path, before=rows[ON_A_PAGE - 1]) if len(rows) > ON_A_PAGE else "",
    )


def choices(at: Look) -> pages.Choices:
    days = at.day - timedelta(days=60), at.day + timedelta(days=1)
    lately = room_queries.parties(room_queries.casts(at.connection, *days, most=OFFERED_OF), limit=40)
    return pages.Choices(
        publishers=room_queries.publishers(at.connection), parties=tuple(sorted(each.code for each in lately))
    )


def act(at: Look, uid: str) -> dict[str, Any]:
    found = queries.act(at.connection, uid)
    if found is None:
        raise NotFound(uid)
    if found.merged_into:
        raise Elsewhere(f"/acts/{quote(found.merged_into, safe='')}")
    told = queries.reports(at.connection, uid) or queries.last_reports(at.connection, uid)
    if not told:
        raise NotFound(uid)
    named = room_queries.named(at.connection, pages.originals(told))
    told = pages.with_originals(told, {key: f"{house}, {at.w.moment(day)}" for key, (house, day) in named.items()})
    shown = dict.fromkeys(each.version_id for each in told[:MOST_TEXTS])
    versions = {id: queries.version_article(at.connection, id) for id in shown}
    uids = [each.uid for each in told]
    return {
        "page": pages.act_page(found, told, versions),
        "merged": room_queries.merged_into(at.connection, uid),
        "stories": room_queries.stories_of(at.connection, [each.article_id for each in told]),
        "meetings": _meeting_lines(at, queries.meetings(at.connection, told_by=uids, now=at.moment)),
        "demands": _demand_lines(at, queries.demands(at.connection, told_by=uids)),
    }


def houses(at: Look) -> tuple[str, ...]:
    """The publisher that is asked for; none where the field is empty. Raises Unreadable for a house that nobody knows."""
    given = at.text("publisher")
    if not given:
        return ()
    if not room_queries.is_publisher(at.connection, given):
        known = ", ".join(room_queries.publishers(at.connection))
        raise Unreadable(f"publisher: {given}. {at.w('Es gibt:')} {known}")
    return (given,)


def event_filter(at: Look) -> EventFilter:
    """The events that the fields of the search and of downloads ask for, but for words. Raises Unreadable."""
    since, until = span(at)
    return replace(
        at.parties,
        types=at.among("type", EventType),
        statuses=at.statuses,
        speaker=at.code("speaker"),
        places=called(at.text("place")),
        publishers=houses(at),
        since=since,
        until=until,
    )


def articles(at: Look) -> dict[str, Any]:
    grade = {"": 1, "0": 0, "1": 1, "2": 2}.get(at.text("grade"))
    if grade is None:
        raise Unreadable(f"grade: {at.text('grade')}")
    found = queries.articles(
        at.connection,
        min_grade=grade,
        publishers=houses(at),
        limit=ON_A_PAGE + 1,
        before=before(at),
    )
    return {
        "articles": found[:ON_A_PAGE],
        "pager": older(at, "/articles", [each.id for each in found]),
        "asked": pages.Asked(values=at.params),
        "choices": pages.Choices(publishers=room_queries.publishers(at.connection)),
    }


def article(at: Look, article_id: int) -> dict[str, Any]:
    found = queries.article(at.connection, article_id)
    if found is None:
        raise NotFound(str(article_id))
    number = at.number("version") or None
    if number is not None and number not in {version.number for version in found.versions}:
        raise NotFound(f"{article_id}, {number}")  # another version than the one asked for would pass for it
    return {"page": pages.article_page(found, number), "stories": room_queries.stories_of(at.connection, [article_id])}


def event(at: Look, uid: str) -> dict[str, Any]:
    found = queries.event(at.connection, uid, article_id=at.number("article", most=2**62) or None)
    if found is None:
        raise NotFound(uid)
    evidence = found.event.evidence
    article = queries.version_article(at.connection, found.version_id)
    return {
        "event": found,
        "superseded": room_queries.superseded(at.connection, found.version_id),
        "report": pages.report([found], article),
        "history": queries.history(at.connection, found.article_id, evidence.start, evidence.end),
    }


def actors(at: Look) -> dict[str, Any]:
    offset = offset_of(at)
    days = min(at.number("days", 90), 3660)
    if not days:
        raise Unreadable("days: 0")
    # Today is one of them; what is announced for the weeks to come has been told by now.
    period = at.day - timedelta(days=days - 1), at.day + timedelta(days=30)
    casts = room_queries.casts(at.connection, *period, min_confidence=at.least)
    found = room_queries.parties(casts, limit=ON_A_PAGE + 1, offset=offset)
    return {
        "parties": found[:ON_A_PAGE],
        "days": days,
        "pager": pager(at, "/actors", offset, len(found)),
        "uncounted": room_queries.unsure_events(at.connection, *period, min_confidence=at.least) if at.least else 0,
    }


def actor(at: Look, code: str) -> dict[str, Any]:
    since = heard_since(at, 60)
    lines = room_queries.act_lines(at.connection, ActFilter(party=code), limit=FEW * 5)
    if not lines and not is_known(at, code):
        if (called := code_of(code)) != code:
            raise Elsewhere(f"/actors/{quote(called, safe='')}")
        raise NotFound(code)
    return {
        **_of_late(at, since, code),
        "code": code,
        "names": room_queries.names_used(at.connection, code),
        "partners": room_queries.partners(at.connection, code, since, at.day, min_confidence=at.least),
        "acts": pages.newest(lines, FEW, at.least),
        "said": queries.events(at.connection, EventFilter(speaker=code, min_confidence=at.least, limit=8)),
        "demands": _demand_lines(at, queries.demands(at.connection, party=code, limit=6)),
    }


def strangers(at: Look) -> tuple[str, ...]:
    """Parties that a filter asks for, and whom nobody is called by: that is why it finds nothing."""
    codes = dict.fromkeys(at.code(name) for name in ("party", "other", "speaker"))
    return tuple(code for code in codes if code and not is_known(at, code))


def is_known(at: Look, code: str) -> bool:
    """Whether a code means somebody: the codebook has it, or an article's event does."""
    return name_of(code) != code or room_queries.is_told_of(at.connection, code)


def calendar(at: Look) -> dict[str, Any]:
    page = _calendar(at, party=at.code("party"), states=meeting_states(at), days=span(at))
    empty = not (page.coming or page.overdue or page.past or page.undated)
    return {
        "page": page,
        "asked": pages.Asked(values=at.params),
        "states": _MEETING_STATES,
        "strangers": strangers(at) if empty else (),
    }


def meeting_states(at: Look) -> tuple[str, ...]:
    """The state of meetings that is asked for; none where the field is empty. Raises Unreadable."""
    return at.among("state", _MEETING_STATES)


def _meeting_lines(at: Look, kept: Sequence[Meeting]) -> tuple[pages.MeetingLine, ...]:
    told = queries.with_changes(at.connection, kept)
    return pages.meeting_lines(told, room_queries.sure_steps(at.connection, told))


Told = Sequence[tuple[Meeting, tuple[Change, ...]]]
"""Meetings with their steps."""
Days = tuple[date | None, date | None]
LATELY = timedelta(days=120)


def told_meetings(
    at: Look, *, party: str = "", states: Sequence[str] = (), days: Days = (None, None), merged: bool = False
) -> Told:
    """The meetings of these days. Without any those since four months ago, those to come, and those without a day of which
    something was heard since. With `merged` also those that turned out to be another."""
    since, until = days
    first = since or (until or at.day) - LATELY
    kept = queries.meetings(
        at.connection, party=party, states=states, since=first, until=until, merged=merged, now=at.moment
    )
    told = queries.with_changes(at.connection, kept)
    begin = None if since or until else at.begin(first)
    return tuple(
        (each, steps)
        for each, steps in told
        if each.day_last or (begin is not None and any(step.at >= begin for step in steps))
    )


def _calendar(
    at: Look, *, party: str = "", states: Sequence[str] = (), days: Days = (None, None)
) -> pages.CalendarPage:
    return _paged(at, told_meetings(at, party=party, states=states, days=days))


def _beginning(at: Look, first: date, last: date) -> pages.CalendarPage:
    """The meetings that begin on one of these days."""
    told = told_meetings(at, days=(first, last))
    return _paged(at, [(each, steps) for each, steps in told if each.day_first and each.day_first >= first])


def _paged(at: Look, told: Told) -> pages.CalendarPage:
    return pages.calendar_page(told, at.day, sure=room_queries.sure_steps(at.connection, told), least=at.least)


def demands(at: Look) -> dict[str, Any]:
    states = at.among("state", Answer)
    since, until = span(at)
    offset = offset_of(at)
    sides = at.code("party"), at.code("other")
    one_way, either = (sides, ("", "")) if at.directed else (("", ""), sides)
    found = queries.demands(
        at.connection,
        by=one_way[0],
        to=one_way[1],
        party=either[0],
        other=either[1],
        words=at.text("q"),
        states=states,
        since=None if since is None else at.begin(since),
        before=None if until is None else at.begin(until + timedelta(days=1)),
        limit=ON_A_PAGE + 1,
        offset=offset,
    )
    return {
        "demands": _demand_lines(at, found[:ON_A_PAGE]),
        "pager": pager(at, "/demands", offset, len(found)),
        "asked": pages.Asked(values=at.params),
        "states": tuple(Answer),
        "strangers": () if found else strangers(at),
    }


def _demand_lines(at: Look, told: Sequence[tuple[Demand, tuple[Change, ...]]]) -> tuple[pages.DemandLine, ...]:
    return pages.demand_lines(told, room_queries.sure_steps(at.connection, told))


def stories(at: Look) -> dict[str, Any]:
    offset = offset_of(at)
    found = room_queries.story_lines(at.connection, min_confidence=at.least, limit=ON_A_PAGE + 1, offset=offset)
    shown = found[:ON_A_PAGE]
    return {
        "stories": shown,
        "unsure": len(frozenset[str]().union(*(line.unsure for line in shown))),
        "pager": pager(at, "/stories", offset, len(found)),
    }


STORY_ARTICLES = 200
"""A matter that runs for years is shown from its latest articles."""


def story(at: Look, uid: str) -> dict[str, Any]:
    found = room_queries.story(at.connection, uid, min_confidence=at.least)
    if found is None:
        raise NotFound(uid)
    told, members, merged_into = found
    if merged_into:
        raise Elsewhere(f"/stories/{quote(merged_into, safe='')}")
    uids = {uid for member in members[-STORY_ARTICLES:] for uid in member.acts}
    lines = _lines_of(at, uids)
    return {
        "page": timelines.story_page(
            told, members, {line.uid: line for line in lines}, most=STORY_ARTICLES, since=at.date("since"), w=at.w
        ),
        "spans": _lately(at),
    }


def _lines_of(at: Look, uids: Collection[str]) -> tuple[ActLine, ...]:
    """All of these acts: without any, the filter would ask for every one."""
    return room_queries.act_lines(at.connection, ActFilter(uids=tuple(uids)), limit=len(uids)) if uids else ()


def week(at: Look) -> dict[str, Any]:
    day = at.date("week") or at.day
    first, last = dyads.week_of(day)
    earlier = first - timedelta(days=7)
    rows, cut = _rows_of_days(at.connection, earlier, last, statuses=DONE)
    told = choosing.dealings(at.connection, rows)
    found, unsure = weeks.sure_ones(weeks.counting(told), at.least, first, last)
    situations = dyads.situation(
        weeks.as_told(found), day, gaps=weeks.as_gaps(queries.gaps(at.connection, earlier, last))
    )
    shown = situations[:ON_A_PAGE]
    more = sum(each.arrow is not dyads.Arrow.QUIET for each in situations[ON_A_PAGE:])
    uids = {uid for each in shown for uid in each.acts}
    lines = _lines_of(at, uids)
    of_week = [each.row for each in found if each.act in uids and each.day is not None and first <= each.day <= last]
    counted = weeks.as_counted(lines, queries.numbered(at.connection, of_week))
    heard = room_queries.first_day(at.connection) or first
    due = _beginning(at, last + timedelta(days=1), last + timedelta(days=7))
    return {
        "page": weeks.week_page(first, shown, counted, (*due.past, *due.coming, *due.overdue), unsure, more),
        "cut": cut,
        "unsure_meetings": due.unsure,
        "before": at.url("/lage", week=first - timedelta(days=7)) if first > heard else "",
        "after": at.url("/lage", week=first + timedelta(days=7)) if last < at.day else "",
    }


def of_days(
    connection: Connection, since: date, until: date, *, statuses: Collection[Status] = (), least: float = 0.0
) -> tuple[tuple[StoredEvent, ...], bool]:
    """The events of some days, and whether there are more of them: then those last learned of."""
    rows, cut = _rows_of_days(connection, since, until, statuses=statuses, least=least)
    return queries.numbered(connection, rows), cut


def _rows_of_days(
    connection: Connection, since: date, until: date, *, statuses: Collection[Status] = (), least: float = 0.0
) -> tuple[list[int], bool]:
    """`of_days`, by number: to choose from, where not all of them are told of."""
    wanted = EventFilter(
        since=since, until=until, statuses=tuple(statuses), min_confidence=least, limit=MOST_EVENTS + 1
    )
    rows = queries.numbers(connection, wanted)
    return rows[:MOST_EVENTS], len(rows) > MOST_EVENTS


def voices(at: Look) -> dict[str, Any]:
    until = at.date("until") or at.day
    since = at.date("since") or until - timedelta(days=13)
    span(at, since, until)
    contested = bool(at.among("contested", ("1",)))
    rows, cut = _rows_of_days(at.connection, since, until)
    # What one sentence tells has no line.
    told = choosing.retold(at.connection, rows)
    found, _ = weeks.sure_ones(told, at.least, since, until)
    lines = weeks.voice_lines(found, contested=contested)
    offset = offset_of(at)
    return {
        "lines": lines[offset : offset + ON_A_PAGE],
        "voices": weeks.loudest(lines[offset : offset + ON_A_PAGE]),
        "pager": pager(at, "/voices", offset, len(lines) - offset),
        "asked": pages.Asked(values=at.params),
        "since": since,
        "until": until,
        "unsure": weeks.unsure_lines(told, found, lines, contested=contested),
        "cut": cut,
    }


def barometer(at: Look) -> dict[str, Any]:
    calendar = _calendar(at)
    since = at.day - timedelta(days=60)
    meetings = [
        line
        for line in (*calendar.coming, *calendar.past, *calendar.overdue)
        if line.meeting.day_first and since <= line.meeting.day_first <= at.day + pages.AHEAD
    ]
    # What was said lately may be of talks that are far ahead, and has their day.
    said = choosing.sentences(
        at.connection, since - timedelta(days=7), at.day + timedelta(days=366), min_confidence=at.least
    )
    moved = {each.row: each.sure for each in said if mood(each.quote, each.mode)[0] is not Mood.OPEN}
    told = weeks.expecting(choosing.gists(at.connection, list(moved)))
    every = weeks.said_once(told.values())
    sure = weeks.said_once(one for row, one in told.items() if moved[row])
    lines, lately = weeks.barometer_lines(meetings, sure), weeks.barometer_lately(sure, at.day)
    counted = weeks.statements(weeks.barometer_lines(meetings, every), weeks.barometer_lately(every, at.day))
    offset = offset_of(at)
    return {
        "lines": lines[offset : offset + ON_A_PAGE],
        "pager": pager(at, "/barometer", offset, len(lines) - offset),
        "lately": lately,
        "uncounted": len(counted - weeks.statements(lines, lately)),
        "unsure_meetings": calendar.unsure,
    }


def feeds(at: Look) -> dict[str, Any]:
    log = Logbook(at.connection)
    return {
        "feeds": queries.feed_health(at.connection, at.moment),
        "publishers": queries.publisher_health(at.connection, at.moment, most=4000),
        "runs": log.runs(limit=20),
        "incidents": _open_first(log, most=20),
        "gaps": queries.latest_gaps(at.connection, 20),
        "outcomes": sorted(queries.outcomes(at.connection, at.moment - timedelta(days=30)).items()),
    }


def _open_first(log: Logbook, *, most: int) -> tuple[Incident, ...]:
    """The incidents that are open, all of them, and the last that are over: those of weeks ago may be what is still broken."""
    open_ones = log.incidents(limit=None)
    over = [each for each in log.incidents(open_only=False, limit=most) if each.closed_at is not None]
    return (*open_ones, *over[: max(0, most - len(open_ones))])
