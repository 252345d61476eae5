"""Whose words are refused where a pronoun stands for them: "Kiew forderte Garantien. Das lehnte Moskau ab"."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.actors import Mention
from extractors.events.candidates import Candidate
from extractors.events.reading import Reading
from extractors.events.subjects import who_acts
from extractors.language import Clause
from extractors.ontology import EventType

_WHAT_WAS_SAID = frozenset({"das", "dies"})
_ROLES = frozenset({"subject", "object"})


def who_is_answered(reading: Reading, candidate: Candidate, clause: Clause) -> Iterator[Mention]:
    """Who alone acts or speaks in the sentence before, where nobody but a pronoun says what is refused."""
    sentence = candidate.sentence
    if (
        candidate.type is not EventType.REJECT
        or clause.voice == "passive"
        or clause.parent is not None
        or not sentence.index
    ):
        return
    heads = (sentence.tokens[head] for role in clause.roles if role.name in _ROLES for head in role.heads)
    if not any(head.text.lower() in _WHAT_WAS_SAID for head in heads):
        return
    before = reading.document.sentences[sentence.index - 1]
    main = next((one for one in before.clauses if one.parent is None), None)
    said = who_acts(reading, before, main)[0] if main is not None else ()
    if len({m.code for m in said}) == 1 and said[0].code not in candidate.actors:
        yield said[0]
