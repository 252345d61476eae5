"""How the words of its clause tell an act: done, going on, planned, possible, denied or long past. A first opinion by rules, which the
judge weighs with the rest."""

from __future__ import annotations

import re
from datetime import timedelta

from extractors.events.proposing.candidates import Candidate
from extractors.events.reading import Reading, above
from extractors.events.tables import names
from extractors.language import Clause
from extractors.model import When
from extractors.ontology import EventType, Status

RECENT = timedelta(days=31)
SAYS_DONE = frozenset(
    {EventType.REQUEST, EventType.ACCUSE, EventType.REJECT, EventType.THREATEN, EventType.STATE, EventType.SUPPORT}
)
MAYBE = re.compile(
    r"\b(möglich|etwaig|drohend|eventuell|denkbar|potenziell|befürchtet|vermutlich|vielleicht|womöglich|möglicherweise|sollte)",
    re.IGNORECASE,
)
PLANNED = re.compile(
    r"\b(geplant|angekündigt|bevorstehend|anstehend|kommend|nächst|vorgesehen|künftig|angesetzt|bald|demnächst)",
    re.IGNORECASE,
)
RUNNING = re.compile(
    r"\b(derzeit|zurzeit|aktuell|momentan|weiter|weiterhin|seit|andauernd|anhaltend|laufend|begonnen|gerade|noch immer|immer noch|fortgesetzt)\b",
    re.IGNORECASE,
)
INTENDS = frozenset({"sollen", "wollen"})
"""what is to come though it is told as past: "wollte reisen" """
LONG_AGO = re.compile(
    r"\b(damals|einst|historisch|früher|ehemals|in der Vergangenheit|jahrelang|vor Jahren|im vergangenen Jahr|im Vorjahr)\b",
    re.IGNORECASE,
)
_ATTRIBUTE_WINDOW = 30


def status(reading: Reading, candidate: Candidate, when: When | None) -> tuple[Status, str]:
    """The status and the name of the rule that gave it."""
    clause = candidate.clause
    if when is not None and when.last < reading.dated.date() - RECENT:
        return Status.HISTORICAL, "long before"
    if candidate.kind == "noun":
        return _noun(reading, candidate, when)
    if clause is None:
        return Status.PAST, "told"
    return _verb(reading, candidate, clause, when)


def _verb(reading: Reading, candidate: Candidate, clause: Clause, when: When | None) -> tuple[Status, str]:
    words = reading.document.text[clause.start : clause.end]
    row = candidate.trigger
    if clause.negated and row is not None and not row.negated and candidate.kind != "speech":
        if candidate.type is EventType.REJECT:
            return Status.HYPOTHETICAL, "not ruled out"
        return Status.NEGATED, "negation"
    if candidate.kind == "speech":
        return Status.PAST, "said"
    if clause.kind == "conditional" or clause.mood == "konjunktiv2" or clause.modal in ("können", "dürfen", "mögen"):
        return Status.HYPOTHETICAL, "conditional"
    if any(c.predicate in names("undone", "feared") for c in above(candidate.sentence, clause)):
        return Status.HYPOTHETICAL, "feared"
    if candidate.type not in SAYS_DONE and (clause.tense == "future" or clause.modal in ("wollen", "sollen", "werden")):
        return Status.PLANNED, "future"
    if when is not None and when.first > reading.dated.date():
        return Status.PLANNED, "date ahead"
    if not clause.finite and any(c.predicate in names("undone", "planned") for c in above(candidate.sentence, clause)):
        return Status.PLANNED, "plan above"
    if LONG_AGO.search(words):
        return Status.HISTORICAL, "long ago"
    if MAYBE.search(words):
        return Status.HYPOTHETICAL, "maybe"
    if (
        candidate.type not in SAYS_DONE
        and clause.tense == "present"
        and clause.mood == "indicative"
        and clause.voice == "active"
    ):
        return Status.ONGOING, "present"
    return Status.PAST, "told"


def _noun(reading: Reading, candidate: Candidate, when: When | None) -> tuple[Status, str]:
    sentence, clause = candidate.sentence, candidate.clause
    anchor = sentence.tokens[candidate.anchor]
    before = reading.document.text[max(sentence.start, anchor.start - _ATTRIBUTE_WINDOW) : anchor.start]
    predicates = {c.predicate for c in ((clause, *above(sentence, clause)) if clause else ())}
    if re.search(r"\b(kein|keine|keinen|ohne|keinerlei|weder)\b[^,]*$", before):
        return Status.NEGATED, "negation"
    if MAYBE.search(before):
        return Status.HYPOTHETICAL, "maybe"
    if when is not None and when.first > reading.dated.date():
        return Status.PLANNED, "date ahead"
    if PLANNED.search(before) or (candidate.type is EventType.CONSULT and _ahead(clause, predicates)):
        return Status.PLANNED, "plan"
    if predicates & names("undone", "feared") and candidate.type not in SAYS_DONE:
        return Status.HYPOTHETICAL, "feared"
    if (
        clause is not None
        and (clause.mood == "konjunktiv2" or clause.modal == "können")
        and candidate.type not in SAYS_DONE
    ):
        return Status.HYPOTHETICAL, "conditional"
    if LONG_AGO.search(before):
        return Status.HISTORICAL, "long ago"
    if RUNNING.search(before) or (clause is not None and clause.head == candidate.anchor and clause.tense == "present"):
        return Status.ONGOING, "running"
    return Status.PAST, "told"


def _ahead(clause: Clause | None, predicates: set[str]) -> bool:
    if clause is None:
        return False
    return (
        bool(predicates & names("undone", "planned") and clause.tense != "preterite")
        or clause.tense == "future"
        or clause.modal in ("sollen", "wollen")
    )
