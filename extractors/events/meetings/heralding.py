"""What the rows that announce by themselves share: the row, what it announced, and who and when a clause tells.

The rows stand in `extractors/data/meetings.toml`; `heralds` reads those that name guest and host, `recalled` those whose sides the
sentences before tell.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from extractors.actors import Mention
from extractors.events.attaching.worded import INTENDS
from extractors.events.beside import counted_up
from extractors.events.lexicon import BrokenRuleError
from extractors.events.meetings.days import of_else
from extractors.events.proposing.candidates import Candidate
from extractors.events.reading import Reading, above
from extractors.events.tables import MEETINGS, pattern, rows
from extractors.events.weighing.features import View
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Role, Sentence
from extractors.model import Place, Precision, When
from extractors.ontology import EventType, modes
from extractors.when import SPEAKING, TimeExpression, only_moves

_FIELDS: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "verbs": (),
        "words": (),
        "with": (),
        "voice": ("active", "passive"),
        "guest": ("subject", "object"),
        "host": (),
        "mode": modes(EventType.CONSULT),
    }
)
"""what a row may tell beside what it must, with the values that there are"""
_HOSTS = frozenset({"with", "place", "subject", "object", "recipient", "agent"})
"""where a host may stand"""
_BY = MappingProxyType(
    {
        "verb": "verbs",
        **dict.fromkeys(("called", "follows", "goes on", "holds", "moved"), "verbs"),
        **dict.fromkeys(("they", "ministers", "their meeting", "go on", "next", "summit", "before", "aside"), "words"),
        **dict.fromkeys(("agreed", "is held", "planned"), "words"),
    }
)
"""how a row may be read, with the field by which such a row knows its sentences"""
PREFIX = "herald:"
MOVED = "moved"
"""rows of what is put off or moved: it takes place, though not as it was planned"""
SURE = 0.5
THITHER = frozenset({"nach", "in", "im", "zu", "bei"})
"""what stands before the place where one meets, or to which one goes"""
MAY = frozenset({"", "sollen", "wollen", "werden", "möchten"})
_SENT = re.compile(
    r"(?i)(delegation|gruppe|vertreter|unterhändler|abgeordnete|senator|politiker|parlamentarier|minister|präsident|chef|rat|"
    r"ausschuss)\w*$"
)
"""who goes for a state that its attributes name: "eine Gruppe von US-Senatoren" """
_COLLEAGUE = re.compile(r"(?i)kolleg")
_ATTRIBUTES = frozenset({"ART", "ADJA", "CARD"})
_COLLEAGUES = re.compile(
    r"(?i)kolleg(?:en|innen)(?: und [\w-]*kolleg(?:en|innen))? aus (?:[\w-]+(?:, | und |, und | sowie )(?:aus )?(?:de[rnm] )?)*(?:de[rnm] )?$"
)
"""whose states follow: "aus Polen, Litauen und der Ukraine" """
_REACH = 120
"""characters before a state that may say so"""
_HOUR = re.compile(r"\b(?:um|für|gegen|ab)(?: (?:etwa|circa|ca\.|rund))? \d{1,2}(?:[.:]\d\d)? Uhr\b", re.IGNORECASE)
_DAY_BACK = 2
"""sentences before that may tell the day of an hour"""
_WISHES = frozenset(
    "wollen mögen hoffen wünschen fordern verlangen bitten vorschlagen anbieten erwägen dringen drängen pochen plädieren".split()
)
"""under which somebody else's journey is not planned: "Kiew möchte, dass er im Juni kommt" """
_WITH = 8
"""tokens behind "mit" in which its partners stand"""
GOES_ON = frozenset({"noun:Dialog", "noun:Austausch", "noun:Konsultation", "noun:Vermittlung"})
"""what goes on for long and is a meeting only where a day is told"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Herald:
    """A row that announces; its fields as the file explains them."""

    name: str
    of: str
    verbs: frozenset[str]
    words: re.Pattern[str] | None
    within: re.Pattern[str] | None
    """what the clause of a verb must hold: `with` in the file"""
    voice: str
    guest: str
    host: tuple[str, ...]
    mode: str
    test: str
    told: str

    @property
    def visited(self) -> bool:
        """Whether its object is whom somebody visits."""
        return self.mode == "visit" and "object" in self.host


@dataclass(frozen=True, slots=True, kw_only=True)
class Heralded:
    """An announcement: who meets, by which row, and when."""

    proposal: Proposal
    when: When | None
    place: Place | None = None
    """the stop of a journey; empty where the weights say it"""


def by_itself(p: Proposal) -> bool:
    """Whether a row announced it, and not the judge."""
    return p.candidate is not None and p.candidate.rule.startswith(PREFIX)


def is_moved(p: Proposal) -> bool:
    """Whether a row announced it by its new day or town."""
    return by_itself(p) and any(p.candidate.rule == f"{PREFIX}{row.name}" for row in heralds() if row.of == MOVED)  # type: ignore[union-attr]


@functools.cache
def heralds() -> tuple[Herald, ...]:
    """The rows that announce a meeting by themselves. Raises BrokenRuleError."""
    needed = {"name", "of", "test", "told"}
    found = list(rows(MEETINGS, "herald", needed=needed, allowed={**_FIELDS, "of": _BY}))
    for nth, row in enumerate(found):
        if unknown := sorted({*row.get("host", "").split()} - _HOSTS):
            told = f"host {', '.join(unknown)} is none of {', '.join(sorted(_HOSTS))}"
            raise BrokenRuleError(f"meetings.toml, herald {row['name']}: {told}")
        if row["name"] in {each["name"] for each in found[:nth]}:
            raise BrokenRuleError(f"meetings.toml, herald {row['name']}: stands twice; give it another name")
        if _BY[row["of"]] not in row:
            raise BrokenRuleError(
                f"meetings.toml, herald {row['name']}: no {_BY[row['of']]}, and it is of {row['of']!r}"
            )
    return tuple(
        Herald(
            name=row["name"],
            of=row["of"],
            verbs=frozenset(row.get("verbs", "").split()),
            words=pattern(row) if "words" in row else None,
            within=pattern({**row, "words": row["with"]}) if "with" in row else None,
            voice=row.get("voice", "active"),
            guest=row.get("guest", ""),
            host=tuple(row.get("host", "").split()),
            mode=row.get("mode", ""),
            test=row["test"],
            told=row["told"],
        )
        for row in found
    )


def is_plan(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause tells what is to come, "der am Montag in Kiew erwartet wurde" too."""
    # "Wollte am Freitag reisen" is told of a day to come as well.
    told_back = clause.voice == "passive" or clause.modal in INTENDS
    tenses = ("present", "future", "preterite") if told_back else ("present", "future")
    return (
        clause.tense in tenses
        and clause.modal in MAY
        and (clause.mood != "konjunktiv2" or is_reported(sentence, clause))
        and not denies(sentence, clause)
        and clause.kind != "conditional"
        and clause.marker != "ob"
        and not any(higher.predicate in _WISHES for higher in above(sentence, clause))
    )


def denies(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause denies what it tells, and not but the day: "nicht am Freitag, sondern erst am Montag"."""
    return clause.negated and not only_moves(sentence, clause)


def is_reported(sentence: Sentence, clause: Clause) -> bool:
    """Whether somebody says what a clause tells in the plural, which has no other form in reported speech: "am Freitag würden die
    Gespräche fortgesetzt, hieß es"."""
    plural = any(sentence.tokens[i].text.lower() == "würden" for i in clause.verbs)
    return plural and any(higher.predicate in SPEAKING for higher in above(sentence, clause))


def day_to_come(read: Reading, sentence: Sentence, clause: Clause) -> When | None:
    return next((time.when for time in days_to_come(read, sentence, clause)), None)


def days_to_come(read: Reading, sentence: Sentence, clause: Clause, *, today: bool = False) -> list[TimeExpression]:
    """The times of a clause that are to come; today where the verb says that it will be, or where it does not matter."""
    day = read.dated.date()
    soon = day if today or clause.tense == "future" or clause.modal else day + timedelta(days=1)
    return [
        time
        for time in read.times[sentence.index]
        if time.when is not None
        and time.when.first >= soon
        and any(sentence.tokens[i].start == time.start for i in clause.tokens)
        and not of_else(read, sentence, time)
    ]


def at_an_hour(read: Reading, sentence: Sentence, clause: Clause) -> When | None:
    """The day of what a clause sets on an hour and no day ("um 15 Uhr"): the one to come that was told right before, or that of the
    report."""
    hour = _HOUR.search(read.document.text, clause.start, clause.end)
    if hour is None or read.article.dated is None or any(t.when is not None for t in read.times[sentence.index]):
        return None
    today = read.dated.date()
    back = range(sentence.index - 1, max(-1, sentence.index - 1 - _DAY_BACK), -1)
    before = (t.when for at in back for t in reversed(read.times[at]) if t.when is not None)
    last = next((when for when in before if when.last >= today), None)
    return last or When(first=today, last=today, precision=Precision.DAY, words=hour.group(), rule="hour")


def people(read: Reading, sentence: Sentence, clause: Clause, name: str) -> tuple[str, ...]:
    """The actors in a role. Not "der Portugiese" alone: who is called after his state need not come for it."""
    found = _filling(read, sentence, clause, name)
    if name != "subject":
        # "Außenministerin Rau empfängt …": of one person the office may be parsed as subject and the name as object.
        own = {m.start for m in _filling(read, sentence, clause, "subject")}
        found = [m for m in found if m.start not in own]
    sure = [m for m in found if (m.score >= SURE or _comes_from(read, m)) and m.code and m.kind != "adjective"]
    if all(m.kind == "inhabitant" for m in sure):
        return ()
    return tuple(dict.fromkeys(m.code for m in sure))


def _filling(read: Reading, sentence: Sentence, clause: Clause, name: str) -> list[Mention]:
    found = [m for role in clause.roles if role.name == name for m in _in_role(read, sentence, clause, role)]
    if found or name != "subject" or clause.subject is not None:
        return found
    return [m for k in clause.tokens if _hangs_on_the_verb(sentence, clause, k) for m in read.at_token(sentence, k)]


def _hangs_on_the_verb(sentence: Sentence, clause: Clause, k: int) -> bool:
    """Whether the parser has a noun before the finite verb as an attribute of the verb, which has none, and no subject: "der
    UN-Sicherheitsrat will tagen"."""
    token = sentence.tokens[k]
    if token.dep != "nmod" or token.head != clause.head or token.tag[0] != "N":
        return False
    ahead = any(t.tag.endswith("FIN") for t in sentence.tokens[:k])
    led = itertools.dropwhile(lambda t: t.tag in _ATTRIBUTES, reversed(sentence.tokens[:k]))
    return not ahead and not next(led, token).tag.startswith("APP")


def _comes_from(read: Reading, mention: Mention) -> bool:
    """Whether a state is named as that from which colleagues come ("ihre Kollegen aus Polen und Litauen")."""
    return _COLLEAGUES.search(read.document.text, max(0, mention.start - _REACH), mention.start) is not None


def _in_role(read: Reading, sentence: Sentence, clause: Clause, role: Role) -> tuple[Mention, ...]:
    heads = [sentence.tokens[head] for head in role.heads]
    found = tuple(m for head in heads for m in read.at_token(sentence, head.i))
    if not found and any(_SENT.search(head.lemma) for head in heads):
        return read.in_role(sentence, role)
    if not found and any(_COLLEAGUE.search(head.lemma) for head in heads):
        return tuple(m for m in read.named(sentence, role.start, role.end) if _comes_from(read, m))
    if not found and heads[0].tag.startswith("PREL"):
        # "Sie begleitet den Kanzler heute, der …": where the parse misses the noun, whoever was named last.
        last = tuple(m for m in read.mentions[sentence.index] if m.end <= clause.start)[-1:]
        return read.at_token(sentence, sentence.tokens[clause.head].head) or last
    return (*found, *(counted_up(read, sentence, found[0]) if len(found) == 1 else ()))


def partners(read: Reading, sentence: Sentence, clause: Clause) -> tuple[str, ...]:
    behind = next((sentence.tokens[i] for i in clause.tokens if sentence.tokens[i].text.lower() == "mit"), None)
    if behind is None:
        return ()
    end = sentence.tokens[min(behind.i + _WITH, len(sentence.tokens) - 1)].end
    return tuple(m.code for m in read.named(sentence, behind.end, end) if m.score >= SURE or _comes_from(read, m))


def hangs_on_another(sentence: Sentence, clause: Clause) -> bool:
    return any(c.kind == "conditional" and c.parent == clause.index for c in sentence.clauses)


def announcement(
    view: View,
    clause: Clause,
    row: Herald,
    who: Sequence[str] | set[str] | frozenset[str],
    when: When | None,
    anchor: int | None = None,
    mode: str = "",
) -> Heralded:
    sides = tuple(sorted(who))
    candidate = Candidate(
        rule=f"{PREFIX}{row.name}",
        kind="verb" if anchor is None else "noun",
        type=EventType.CONSULT,
        mode=mode or row.mode,
        sentence=view.sentence,
        clause=clause,
        anchor=clause.head if anchor is None else anchor,
        actors=sides,
        recipients=(),
        actor_from=f"guest ({row.guest}) or host ({', '.join(row.host)})" if row.guest else row.name,
        recipient_from="none",
        said=view.said,
    )
    proposal = Proposal(
        type=EventType.CONSULT, parties=(sides, ()), seen=view, p_type=1.0, p_parties=1.0, candidate=candidate
    )
    return Heralded(proposal=proposal, when=when)
