"""Acts: whether an event tells of an act that is known already, with the reasons; ids are given once and kept.

Nothing is looked up here: the archive brings the candidates (acts of neighbouring days that share a party) and keeps
the decision. Weights and windows are rows; their names stand in the reasons.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from extractors.model import Event, Precision, When
from extractors.ontology import SYMMETRIC, EventType, Status
from extractors.places import holds, is_country
from extractors.stories.copies import COPIED, SUSPECT, overlap
from extractors.stories.issues import about
from extractors.stories.moving import says_moved
from extractors.stories.stems import FILLING, WAR, matter, only_points


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRef:
    """What linking needs to know of the article that an event comes from."""

    article: str
    """its stable key"""
    publisher: str
    told_at: datetime
    agencies: tuple[str, ...] = ()
    fingerprint: tuple[int, ...] = ()


Days = tuple[date, date]
"""The first and the last of a stretch of days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article's word about an act."""

    event: str
    article: str
    publisher: str
    told_at: datetime
    agencies: tuple[str, ...] = ()
    fingerprint: tuple[int, ...] = ()
    copy_of: str = ""
    """the article that this one copies, if it does"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What several articles report, as it stands: the union of what they say of it."""

    id: str
    type: EventType
    mode: str = ""
    status: Status
    actors: frozenset[str]
    recipients: frozenset[str] = frozenset()
    when: When | None = None
    place: str = ""
    words: frozenset[str] = frozenset()
    """stems of the evidence of all reports"""
    about: frozenset[str] = frozenset()
    """the issues that stand for weeks, and their details, that the reports name"""
    restates: str = ""
    """the act that it only says again: the first of those that stand"""
    since: date | None = None
    """the day on which that was told first"""
    reports: tuple[Report, ...]

    @property
    def parties(self) -> frozenset[str]:
        return self.actors | self.recipients

    @property
    def first_told(self) -> datetime:
        return min(report.told_at for report in self.reports)

    @property
    def last_told(self) -> datetime:
        return max(report.told_at for report in self.reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The decision about an event: a known act, or a new one whose id is `act` all the same."""

    event: str
    act: str
    new: bool
    score: float
    reasons: tuple[str, ...]
    copy_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """An act that turned out to be another: the old id leads to the new one for ever."""

    gone: str
    into: str
    reason: str


THRESHOLD = 5.0
"""points from which two reports tell of one act; chosen on the labelled pairs (benchmarks/acts.py)"""

# How far apart two reports without a date of their own may be told and still mean one act.
WINDOW_DAYS = {
    Status.PAST: 4,
    Status.ONGOING: 4,
    Status.PLANNED: 14,
    Status.HYPOTHETICAL: 4,
    Status.NEGATED: 4,
    Status.HISTORICAL: 3650,
}

# Types that newsrooms give one act, beside equal ones.
NEIGHBOURS = frozenset(
    frozenset(pair)
    for pair in (
        (EventType.AGREE, EventType.AID),
        (EventType.AGREE, EventType.SUPPORT),
        (EventType.AGREE, EventType.CONCEDE),
        (EventType.AGREE, EventType.CONSULT),
        (EventType.AID, EventType.SUPPORT),
        (EventType.CONCEDE, EventType.RETREAT),
        (EventType.REQUEST, EventType.ACCUSE),
        (EventType.ACCUSE, EventType.REJECT),
        (EventType.REQUEST, EventType.THREATEN),
        (EventType.SANCTION, EventType.THREATEN),
        (EventType.SANCTION, EventType.COERCE),
        (EventType.MOBILIZE, EventType.COOPERATE),
        (EventType.COERCE, EventType.ASSAULT),
    )
)

# The ways a planned act may go on; reading backwards, a later report of the plan still means the act.
PROGRESS = frozenset(
    {
        (Status.PLANNED, Status.ONGOING),
        (Status.PLANNED, Status.PAST),
        (Status.ONGOING, Status.PAST),
        (Status.HYPOTHETICAL, Status.PLANNED),
        (Status.PLANNED, Status.NEGATED),
        (Status.PAST, Status.HISTORICAL),
    }
)

# How an act comes nearer, or is called off: whoever was told nothing of it as it was before hears of it then.
_COMES_TRUE = frozenset(
    {
        *((Status.HYPOTHETICAL, after) for after in (Status.PLANNED, Status.ONGOING, Status.PAST)),
        *((Status.NEGATED, after) for after in (Status.PLANNED, Status.ONGOING, Status.PAST)),
        *((Status.PLANNED, after) for after in (Status.ONGOING, Status.PAST, Status.NEGATED)),
        (Status.ONGOING, Status.PAST),
    }
)

# What a report tells as done.
_DONE = frozenset({Status.PAST, Status.ONGOING, Status.HISTORICAL})

NO_WORD_IN_COMMON = -1.0


# --- the decision -----------------------------------------------------------------------------------------------------


def link(
    event: Event,
    article: ArticleRef,
    known: Iterable[Act],
    marks: Mapping[str, Sequence[int]] | None = None,
    *,
    beside: Sequence[Event] = (),
) -> Link:
    """Which act an event reports. The best candidate above the threshold wins; among equals the oldest, then the id.

    An event whose act is not known gets the id that the act will carry; nothing else ever makes one. `marks` are the
    fingerprints, by article, of reports that came without theirs; `beside` is all that the article tells.
    """
    near = (act for act in _of_one_matter(event, known) if _at_most(event, act) >= THRESHOLD)
    scored = [(points, act, reasons) for act in near for points, reasons in [likeness(event, article, act)]]
    scored = [(points, act, why) for points, act, why in scored if points >= THRESHOLD]
    scored = [one for one in scored if not _told_apart(event, article, one[1], beside)]
    if not scored:
        return Link(event=event.id, act=mint(event, article), new=True, score=0.0, reasons=("no known act is like it",))
    points, act, reasons = min(scored, key=lambda entry: (-entry[0], entry[1].first_told, entry[1].id))
    copy_of = _copied_from(article, act, marks or {})
    if copy_of:
        reasons = (*reasons, f"copy: the text is that of {copy_of}")
    return Link(event=event.id, act=act.id, new=False, score=points, reasons=reasons, copy_of=copy_of)


def _told_apart(event: Event, article: ArticleRef, act: Act, beside: Sequence[Event]) -> bool:
    """Whether the article tells an act of another type by an event of that type: houses differ in what they call one deed, but
    one that tells of a meeting and of a promise tells of two. Help and support in one sentence are readings of one deed."""
    if event.type is act.type:
        return False
    meets = EventType.CONSULT in (event.type, act.type)
    told = [one for one in beside if one.type is act.type and (meets or one.evidence.quote != event.evidence.quote)]
    return any(likeness(one, article, act)[0] >= THRESHOLD for one in told)


def mint(event: Event, article: ArticleRef) -> str:
    """An id for an act that is told for the first time: of the article and the coding, the same on every machine."""
    parts = (article.article, event.type, event.status, *sorted(event.parties), event.evidence.quote)
    return "act_" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _copied_from(article: ArticleRef, act: Act, marks: Mapping[str, Sequence[int]]) -> str:
    """The earliest other report whose text this article repeats, or that carries the same agency's credit."""
    for report in sorted(act.reports, key=lambda r: (r.told_at, r.article)):
        if report.article == article.article or report.copy_of:
            continue
        same = overlap(article.fingerprint, report.fingerprint or marks.get(report.article, ()))
        shared = set(article.agencies) & set(report.agencies)
        if same >= COPIED or (shared and same >= SUSPECT):
            return report.article
    return ""


def likeness(event: Event, article: ArticleRef, act: Act) -> tuple[float, tuple[str, ...]]:
    """Points for the event telling of the act, and what gave them. Vetoes give minus ten and say which."""
    veto = _veto(event, article, act)
    if veto:
        return -10.0, (veto,)
    parts = (
        _by_type(event, act),
        _by_parties(event, act),
        _by_day(event, article, act),
        _by_status(event, act),
        _by_place(event, act),
        _by_words(event, act),
    )
    return sum(points for points, _ in parts), tuple(why for points, why in parts if why and points)


_DAY_STATUS_PLACE = 3.6
"""A little more than these three can give together."""


def _at_most(event: Event, act: Act) -> float:
    """No fewer points than `likeness` can give: most acts fall short by what is compared most quickly."""
    return _by_type(event, act)[0] + _by_parties(event, act)[0] + _by_words(event, act)[0] + _DAY_STATUS_PLACE


def _of_one_matter(event: Event, known: Iterable[Act]) -> list[Act]:
    """The acts that the first two vetoes do not rule out: most acts are ruled out by them, so they are asked at once."""
    parties, types = event.parties, _NEAR[event.type]
    return [act for act in known if act.type in types and _shares(act, parties)]


def _shares(act: Act, parties: frozenset[str]) -> bool:
    """Whether one of the parties is the act's. Asked of every candidate for every event: no union is made for it."""
    return not (parties.isdisjoint(act.actors) and parties.isdisjoint(act.recipients))


def of_their_matters(events: Sequence[Event], known: Iterable[Act]) -> list[Act]:
    """Those of the acts that one of the events may tell of: no other has a part in `link` or `twins`."""
    asked = [(_NEAR[event.type], event.parties) for event in events]
    return [act for act in known if any(act.type in types and _shares(act, parties) for types, parties in asked)]


_NEAR = {kind: frozenset({kind}).union(*(pair for pair in NEIGHBOURS if kind in pair)) for kind in EventType}
"""A type and its neighbours."""


def _veto(event: Event, article: ArticleRef, act: Act) -> str:
    if event.type is not act.type and frozenset((event.type, act.type)) not in NEIGHBOURS:
        return f"veto: {event.type} is not {act.type}"
    if not _shares(act, event.parties):
        return "veto: no party in common"
    if event.type is act.type is EventType.ASSAULT and (WAR in matter(event)) != (WAR in act.words):
        return "veto: the war as a whole is not one attack"
    if event.type is not act.type and matter(event).isdisjoint(act.words):
        return "veto: another type, and no word in common"
    if event.type not in SYMMETRIC and act.type not in SYMMETRIC and _reversed(event, act):
        return "veto: who acts and who is addressed are the other way round"
    return _veto_by_day(event, article, act)


def _reversed(event: Event, act: Act) -> bool:
    actors, recipients = {a.code for a in event.actors}, {r.code for r in event.recipients}
    return not actors & act.actors and bool(actors & act.recipients) and not recipients & act.recipients


WAR_TOLD = 3
"""articles from which a war is known: one that begins must not be taken for what somebody wrote of another"""


def _both_the_war(event: Event, act: Act) -> bool:
    """Whether both tell of a war as a whole that is fought: every report does, in half a sentence, on whatever day it has."""
    known = len({report.article for report in act.reports}) >= WAR_TOLD
    fought = {event.status, act.status} <= {Status.PAST, Status.ONGOING}
    return event.type is EventType.ASSAULT and known and fought and WAR in act.words & matter(event)


def _veto_by_day(event: Event, article: ArticleRef, act: Act) -> str:
    if _exact(event.when) and _exact(act.when):
        assert event.when is not None
        assert act.when is not None
        apart = abs((event.when.first - act.when.first).days)
        # A meeting may move, and "in der Nacht zum Dienstag" is Monday to one house.
        limit = 1 if Status.PLANNED not in (event.status, act.status) else 7
        return f"veto: the days are {apart} apart" if apart > limit else ""
    war = _both_the_war(event, act)
    if event.when and act.when:
        if war:
            return ""
        slack = timedelta(days=1)
        apart = event.when.first > act.when.last + slack or act.when.first > event.when.last + slack
        return "veto: the times do not meet" if apart else ""
    first, last = act.first_told, act.last_told
    if {event.status, act.status} <= _DONE and (
        _told_before(last, event.when, article.told_at) or _told_before(article.told_at, act.when, last)
    ):
        return "veto: told as done before its day"
    if war or _told_in_its_days(event, article, act):
        return ""
    window = timedelta(days=max(WINDOW_DAYS[event.status], WINDOW_DAYS[act.status]))
    far = min(abs(article.told_at - first), abs(article.told_at - last))
    between = first <= article.told_at <= last
    return f"veto: told {far.days} days apart" if far > window and not between else ""


def _told_before(told_at: datetime, day: When | None, dated_at: datetime) -> bool:
    """Whether one report is older than the day that another one, which looks back on it, gives the deed."""
    if day is None or day.first > dated_at.date():
        return False
    return told_at.date() < day.first - timedelta(days=1)


def _told_in_its_days(event: Event, article: ArticleRef, act: Act) -> bool:
    """Whether the one without a day was told in the days that the other names: who looks back ("Anfang des Monats hatte Rom
    abgelehnt") does so weeks later."""
    dated = event.when or act.when
    told = article.told_at.date() if act.when else act.first_told.date()
    return dated is not None and dated.first - timedelta(days=1) <= told <= dated.last + timedelta(days=1)


def _exact(when: When | None) -> bool:
    return when is not None and when.precision is Precision.DAY


def _by_type(event: Event, act: Act) -> tuple[float, str]:
    if event.type is not act.type:
        return 0.5, f"type: {event.type} beside {act.type}"
    if event.mode and act.mode and event.mode != act.mode:
        return 1.0, f"type: {event.type}, other mode"
    return 1.5, f"type: {event.type}"


def _by_parties(event: Event, act: Act) -> tuple[float, str]:
    mine, theirs = event.parties, act.parties
    if event.type in SYMMETRIC or act.type in SYMMETRIC:
        shared = _jaccard(mine, theirs)
        if len(mine & theirs) < 2 and shared < 1:
            one_names_fewer = min(len(mine), len(theirs)) == 1
            return (0.0 if one_names_fewer else -1.0), "parties: one in common of those who meet"
    else:
        actors, recipients = {a.code for a in event.actors}, {r.code for r in event.recipients}
        shared = (_jaccard(actors, act.actors) + _jaccard(recipients, act.recipients)) / 2
    return 3.0 * shared - 0.5, f"parties: {', '.join(sorted(mine & theirs))} ({shared:.2f})"


def _by_day(event: Event, article: ArticleRef, act: Act) -> tuple[float, str]:
    if event.when and act.when:
        if event.when.first == act.when.first and event.when.last == act.when.last:
            return (2.0 if _exact(event.when) else 1.0), f"day: both {event.when.iso}"
        return 0.5, f"day: {event.when.iso} and {act.when.iso} meet"
    if dated := event.when or act.when:
        told = article.told_at.date() if act.when else act.first_told.date()
        return (1.0, f"day: told on {told}, dated {dated.iso}") if _told_in_its_days(event, article, act) else (0.0, "")
    days = min(abs((article.told_at - other).total_seconds()) for other in (act.first_told, act.last_told)) / 86400
    lasts = _both_the_war(event, act) or _goes_on_deployed(event, act)
    least = 0.0 if lasts else -1.0
    return max(least, 1.0 - 0.5 * days), f"day: told {days:.1f} days apart"


def _by_status(event: Event, act: Act) -> tuple[float, str]:
    if event.status is act.status:
        return 0.5, f"status: {event.status}"
    if (act.status, event.status) in PROGRESS or (event.status, act.status) in PROGRESS:
        return 0.0, f"status: {act.status} to {event.status}"
    # Of the war as a whole words and parties are always the same: only the status tells the feared one from the fought.
    war = WAR in act.words and Status.HYPOTHETICAL in (event.status, act.status)
    return (-2.0 if war else -1.5), f"status: {event.status} against {act.status}"


def _by_place(event: Event, act: Act) -> tuple[float, str]:
    if not event.place or not act.place:
        return 0.0, ""
    if event.place.name.casefold() == act.place.casefold():
        return 1.0, f"place: {act.place}"
    # Of a war's attacks one that is told of the country is hardly the one on this town.
    strike = event.type is EventType.ASSAULT and WAR not in act.words
    if _moves(event, act) or (not strike and _told_more_widely(event.place.name, act.place)):
        return 0.0, ""
    return -1.5, f"place: {event.place.name} against {act.place}"


_BORDER = re.compile(r"grenz", re.IGNORECASE)
"""in the name of a place: "Grenze zur Ukraine", "ukrainische Grenze", "Grenzgebiet" """


def _told_more_widely(one: str, other: str) -> bool:
    """Whether one house names the country and the other a town in it, or its border, or both a border, each in its words:
    nothing speaks against their meaning one place."""
    borders = [_BORDER.search(place) is not None for place in (one, other)]
    if any(borders):
        return all(borders) or is_country(one) or is_country(other)
    return holds(one, other) or holds(other, one)


def _moves(event: Event, act: Act) -> bool:
    """Whether an event tells that the meeting which an act was to be takes place elsewhere, or on another day."""
    planned = event.type is act.type is EventType.CONSULT and event.status is act.status is Status.PLANNED
    return planned and says_moved(event) is not None


def _by_words(event: Event, act: Act) -> tuple[float, str]:
    mine = matter(event)
    if WAR in mine and WAR in act.words:
        return 1.5, "words: both tell of the war as a whole"
    shared = mine & act.words - FILLING
    if not shared:
        return _without_words(event, act)
    # Two words of a short sentence prove less than two of a long one.
    share = len(shared) / max(4, min(len(mine), len(act.words)))
    return 4.0 * share, f"words: {', '.join(sorted(shared)[:5])}"


def _without_words(event: Event, act: Act) -> tuple[float, str]:
    """Who meets, and when, is told in any words, and so is the refusal of what was demanded; what else is said or done is not."""
    if event.type is act.type is EventType.CONSULT and event.parties == act.parties and len(event.parties) > 1:
        return 0.5, "words: none in common, but the same who meet"
    if event.type is act.type is EventType.REJECT and only_points(event):
        return 0.0, ""
    # One that is said to be at another place may be another.
    if _goes_on_deployed(event, act) and event.place is None:
        return 0.0, "words: none in common, but a deployment that goes on"
    # Of a war's attacks the day alone tells none from another.
    strikes = event.type is act.type is EventType.ASSAULT
    return (2.5 if strikes else 1.0) * NO_WORD_IN_COMMON, "words: none in common"


def _goes_on_deployed(event: Event, act: Act) -> bool:
    """Whether both tell of a deployment that goes on, as each report of its days does ("zieht 100.000 Soldaten zusammen")."""
    return event.type is act.type is EventType.MOBILIZE and event.status is act.status is Status.ONGOING


def _jaccard(one: Iterable[str], other: Iterable[str]) -> float:
    a, b = frozenset(one), frozenset(other)
    either = a | b
    return len(a & b) / len(either) if either else 1.0


# --- acts as they grow ------------------------------------------------------------------------------------------------


def open_act(event: Event, article: ArticleRef) -> Act:
    """The act of an event that no known act is like."""
    return Act(
        id=mint(event, article),
        type=event.type,
        mode=event.mode,
        status=event.status,
        actors=frozenset(a.code for a in event.actors),
        recipients=frozenset(r.code for r in event.recipients),
        when=event.when,
        place=event.place.name if event.place else "",
        words=matter(event),
        about=about(event.type, event.evidence.quote),
        reports=(_report(event, article, ""),),
    )


def _report(event: Event, article: ArticleRef, copy_of: str) -> Report:
    return Report(
        event=event.id,
        article=article.article,
        publisher=article.publisher,
        told_at=article.told_at,
        agencies=article.agencies,
        fingerprint=article.fingerprint,
        copy_of=copy_of,
    )


def absorb(act: Act, event: Event, article: ArticleRef, found: Link) -> Act:
    """The act with one report more. An article's new version replaces its old report: it counts once."""
    this = (article.article, event.id)
    kept = tuple(r for r in act.reports if (r.article, r.event) != this)
    further = (act.status, event.status) in PROGRESS
    told_anew = further or _moves(event, act) or not _exact(act.when)
    finer = event.when is not None and (act.when is None or (_exact(event.when) and told_anew))
    return replace(
        act,
        status=event.status if further else act.status,
        mode=act.mode or event.mode,
        # Nobody is on both sides, though one house tells a promise and another an agreement.
        actors=act.actors | {a.code for a in event.actors} - act.recipients if _grows(event, act) else act.actors,
        recipients=act.recipients or frozenset(r.code for r in event.recipients) - act.actors,
        when=event.when if finer else act.when,
        place=event.place.name if event.place and (not act.place or _moves(event, act)) else act.place,
        words=act.words | matter(event),
        about=act.about | about(event.type, event.evidence.quote),
        reports=(*kept, _report(event, article, found.copy_of)),
    )


def goes_on(act: Act, event: Event) -> bool:
    """Whether the event tells an act as further along than it was known: a feared one as decided, a planned one as done."""
    return (act.status, event.status) in _COMES_TRUE


def _grows(event: Event, act: Act) -> bool:
    """Another house may name more of those who take part together; it may not add somebody who acts alone."""
    return event.type in SYMMETRIC and act.actors <= {a.code for a in event.actors}


SURELY = 6.0
"""points from which a report that tells of two known acts shows that they are one; a wrong merge costs more than a missed one"""


def twins(event: Event, article: ArticleRef, known: Iterable[Act]) -> tuple[Act, ...]:
    """The known acts that this one report shows to be one, in order of age; nothing unless there are several.

    Both must be of the event's type, surely like it, told of the same sides, and without anything that speaks against
    their being one: another day, another place, a status that does not go on to the other's.
    """
    near = [act for act in _of_one_matter(event, known) if act.type is event.type]
    if len(near) < 2:
        return ()
    scored = [(likeness(event, article, act)[0], act) for act in near if _at_most(event, act) >= SURELY]
    sure = sorted((act for points, act in scored if points >= SURELY), key=lambda act: (act.first_told, act.id))
    if not sure:
        return ()
    found = [sure[0]]
    found += [act for act in sure[1:] if all(agreeing(act, other) for other in found)]
    return tuple(found) if len(found) > 1 else ()


def agreeing(one: Act, other: Act) -> bool:
    """Whether nothing that is known of two acts speaks against their being one."""
    sides = one.actors == other.actors and (
        one.recipients == other.recipients or not (one.recipients and other.recipients)
    )
    goes_on = one.status is other.status or bool({(one.status, other.status), (other.status, one.status)} & PROGRESS)
    places = (
        not (one.place and other.place)
        or one.place.casefold() == other.place.casefold()
        or _told_more_widely(one.place, other.place)
    )
    return sides and goes_on and places and _days_agree(one, other) and (WAR in one.words) == (WAR in other.words)


def _days_agree(one: Act, other: Act) -> bool:
    if one.when and other.when:
        return one.when.first <= other.when.last and other.when.first <= one.when.last
    window = timedelta(days=max(WINDOW_DAYS[one.status], WINDOW_DAYS[other.status]))
    return one.first_told - window <= other.last_told and other.first_told - window <= one.last_told


def merge(one: Act, other: Act, reason: str) -> tuple[Act, Redirect]:
    """Make two acts one. The older id stays (the smaller one, if they are equally old); the other leads to it."""
    stays, goes = sorted((one, other), key=lambda act: (act.first_told, act.id))
    known = {(r.article, r.event) for r in stays.reports}
    merged = replace(
        stays,
        status=goes.status if (stays.status, goes.status) in PROGRESS else stays.status,
        recipients=stays.recipients or goes.recipients,
        when=stays.when or goes.when,
        place=stays.place or goes.place,
        words=stays.words | goes.words,
        about=stays.about | goes.about,
        reports=(*stays.reports, *(r for r in goes.reports if (r.article, r.event) not in known)),
    )
    return merged, Redirect(gone=goes.id, into=stays.id, reason=reason)


def follow(act: str, redirects: Sequence[Redirect]) -> str:
    """Where an id leads today. Raises ValueError if the redirects go in a circle."""
    leads = {redirect.gone: redirect.into for redirect in redirects}
    seen = {act}
    while act in leads:
        act = leads[act]
        if act in seen:
            raise ValueError(f"the redirects lead in a circle at {act}")
        seen.add(act)
    return act


def candidates(event: Event, article: ArticleRef) -> tuple[frozenset[str], tuple[Days, ...]]:
    """What to ask the archive for: acts that share one of these parties and were told or take place in one of these stretches
    of days, around the report and around the days that the event names."""
    far = timedelta(days=min(60, WINDOW_DAYS[event.status]) + 7)
    told = article.told_at.date()
    named = ((event.when.first, event.when.last),) if event.when else ()
    return event.parties, tuple((first - far, last + far) for first, last in ((told, told), *named))
