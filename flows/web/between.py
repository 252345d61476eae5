"""What passed between two parties: the list of dyads, and the charts of one. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from extractors.ontology import DOUBTED, Status
from flows.web import answers, figures, pages
from flows.web.asking import DONE, Elsewhere, Look, NotFound, Unreadable, span
from flows.web.wording import code_of
from storage import queries, room_queries
from storage.room_queries import ActFilter

DYAD_DAYS = 90
STEPS = {"day": timedelta(days=30), "week": timedelta(weeks=26), "month": timedelta(days=365 * 2)}
FARTHEST = timedelta(days=366 * 30)


def dyad_list(at: Look) -> dict[str, Any]:
    since = at.day - timedelta(days=DYAD_DAYS - 1)
    period: dict[str, Any] = {"since": since, "until": at.day, "min_confidence": at.least}
    offset = answers.offset_of(at)
    found = queries.top_dyads(at.connection, **period, limit=answers.ON_A_PAGE + 1, offset=offset)
    return {
        "dyads": found[: answers.ON_A_PAGE],
        "days": DYAD_DAYS,
        "pager": answers.pager(at, "/dyads", offset, len(found)),
        "uncounted": queries.unsure_dealings(at.connection, **period) if at.least else 0,
    }


def dyad(at: Look, one: str, other: str) -> dict[str, Any]:
    _two_parties(at, one, other)
    step, since, until = _stretches(at)
    # Where only the last day is asked for, the charts' first one; those of no period have plans too, which no chart's days hold.
    begin = since if at.text("until") else at.date("since")
    wanted = ActFilter(party=one, other=other, since=begin, until=at.date("until"))
    lines = room_queries.act_lines(at.connection, wanted, limit=answers.FEW * 5)
    return {
        "page": _figures(at, one, other, step, since, until),
        "acts": pages.newest(lines, answers.FEW, at.least),
        "begin": begin or "",
        "asked": pages.Asked(values=at.params),
        # A period of years in days is more than a chart can show: that step then has its own.
        "steps": {each: {} if until - since <= _longest(each) else {"since": "", "until": ""} for each in STEPS},
    }


def _figures(at: Look, one: str, other: str, step: str, since: date, until: date) -> figures.DyadPage:
    """The charts of a dyad: acts by status, scores by direction."""
    period: dict[str, Any] = {"since": since, "until": until, "step": step}
    every = partial(queries.dyad_series, at.connection, since=since, until=until, step=step)
    sure = partial(every, min_confidence=at.least)
    claims = queries.dyad_claims(at.connection, one, other, **period, min_confidence=at.least)
    happened = partial(sure, statuses=DONE, claims=claims)
    together = happened(one, other)
    shown = (*DONE, Status.PLANNED, *DOUBTED)
    unsure = 0
    if at.least:
        unsure = _acts(every(one, other, statuses=shown)) - _acts(sure(one, other, statuses=shown))
    return figures.dyad_page(
        one,
        other,
        **period,
        by_status=(
            (at.w("geschehen oder im Gange"), "happened", together),
            (at.w("angekündigt"), "planned", sure(one, other, statuses=(Status.PLANNED,))),
            (at.w("verneint oder möglich"), "doubtful", sure(one, other, statuses=DOUBTED)),
        ),
        by_direction=(
            (at.w("beide Richtungen"), "both", together),
            (f"{one} → {other}", "there", happened(one, other, directed=True)),
            (f"{other} → {one}", "back", happened(other, one, directed=True)),
        ),
        unsure=unsure,
        more="" if at.least else "&unsure=1",
        w=at.w,
    )


def _acts(points: Sequence[queries.Point]) -> int:
    return sum(point.acts for point in points)


def _two_parties(at: Look, one: str, other: str) -> None:
    """Raises NotFound for what is no dyad, and Elsewhere for one that is called by other names."""
    if one != other and answers.is_known(at, one) and answers.is_known(at, other):
        return
    called = code_of(one), code_of(other)
    if called != (one, other) and called[0] != called[1]:
        raise Elsewhere("/".join(("/dyads", *(quote(code, safe="") for code in called))))
    raise NotFound(f"{one}, {other}")  # empty charts would say that nothing passed between them


def _stretches(at: Look) -> tuple[str, date, date]:
    """The step, the first and the last day that a dyad's charts are asked for. Raises Unreadable for too many steps."""
    step = next(iter(at.among("step", STEPS)), "day")
    until = at.date("until") or at.day
    since = at.date("since") or until - STEPS[step] + timedelta(days=1)
    if not at.text("since") and not at.text("until"):
        since = answers.heard_since(at, STEPS[step].days)
    span(at, since, until)
    if until - since > _longest(step):
        raise Unreadable(f"since: {since}, until: {until}. {at.w('Für diesen Schritt ist der Zeitraum zu lang.')}")
    return step, since, until


def _longest(step: str) -> timedelta:
    """The longest period that is shown in such steps: more of them are narrower than can be seen, and take seconds to draw."""
    return {"day": timedelta(days=400), "week": timedelta(days=1100), "month": FARTHEST}[step]
