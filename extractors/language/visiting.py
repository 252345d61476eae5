"""Towns as what something is done to: visited, reached, taken, shelled. There a capital is no government but a town."""

from __future__ import annotations

from extractors.language import Clause, Sentence

_VERBS = frozenset(
    "verlassen erreichen besuchen beschießen bombardieren einkesseln einnehmen erobern belagern angreifen treffen "
    "attackieren überfliegen".split()
)
ENTERING = frozenset({"besuchen", "bereisen", "überfallen"})
"""Those that befall a whole country there: "besuchte die Türkei"; who attacks Russia may do so elsewhere."""


def is_visited(sentence: Sentence, i: int, verbs: frozenset[str] = _VERBS) -> bool:
    """Whether a token is the object of such a verb, or the subject of its passive."""
    clause = sentence.clause_of(i)
    if clause is None or clause.predicate not in verbs or _is_in_words(sentence, clause):
        return False
    if _is_taken_for_a_surname(sentence, clause, i):
        return True
    role = next((role for role in clause.roles if i in role.heads), None)
    return role is not None and (role.name == "object" or (role.name == "subject" and clause.voice == "passive"))


def _is_in_words(sentence: Sentence, clause: Clause) -> bool:
    """ "Am Montag griff Moskau Kiew scharf an": with words, and no town."""
    return clause.predicate in _ALSO_IN_WORDS and any(sentence.tokens[k].text in _SHARPLY for k in clause.tokens)


_ALSO_IN_WORDS = frozenset({"angreifen", "attackieren"})
_SHARPLY = frozenset({"scharf", "verbal", "wütend"})


def _is_taken_for_a_surname(sentence: Sentence, clause: Clause, i: int) -> bool:
    """ "Am Dienstag hat Macron Kiew besucht": what stands between a subject and its verb at the end is the object,
    though the parse has it as part of the name."""
    token, verb = sentence.tokens[i], sentence.tokens[min(i + 1, len(sentence.tokens) - 1)]
    of_subject = any(role.name == "subject" and token.head in role.heads for role in clause.roles)
    return token.dep == "flat" and of_subject and verb.i == clause.head and token.head == i - 1
