"""Towns as what something is done to: visited, reached, taken, shelled. There a capital is no government but a town."""

from __future__ import annotations

from extractors.language import Sentence

_VERBS = frozenset(
    "verlassen erreichen besuchen beschießen bombardieren einkesseln einnehmen erobern belagern angreifen treffen "
    "attackieren überfliegen".split()
)


def is_visited(sentence: Sentence, i: int) -> bool:
    """Whether a token is the object of such a verb, or the subject of its passive."""
    clause = sentence.clause_of(i)
    if clause is None or clause.predicate not in _VERBS:
        return False
    role = next((role for role in clause.roles if i in role.heads), None)
    return role is not None and (role.name == "object" or (role.name == "subject" and clause.voice == "passive"))
