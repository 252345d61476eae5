"""Corrects what no German tree looks like: a verb apart from its auxiliary, an article or an adverb as a subject, a number that compares.

The parser breaks few sentences so, and then whoever acts is lost: `docs/decisions/0012-what-was-tried-with-the-coder.md` counts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.language import agreement, known
from extractors.language.tree import OF_A_NOUN, PASSIVE, Tree

_ENDS = frozenset({",", ".", ";", ":", "und", "oder"})
"""what stands behind a verb that ends its clause"""
_LEADS = frozenset("an auf aus bei durch gegen in mit nach ohne seit trotz unter vor wegen während zu".split())
"""prepositions that lead no subject, as "bis zu", "über" and "um" may, before a number"""
_PRONOUNS = frozenset({"mehr", "weniger", "genug"})
"""adverbs that may be who acts or what is done: "mehr kamen" """
_COUNTED = 4
"""words behind a number in which what is counted stands"""
_ARTICLES = frozenset({"die", "den", "der", "seine", "ihre"})
"""before these a number is of a phrase that has its role: "die mehr als 300 Panzer" """
_MISTAKEN = frozenset({"obl", "obl:arg", "nmod", "conj"})
"""labels of a noun that the parser takes for what is compared with"""
_ARGUMENTS_LEFT = frozenset({"nsubj", "obj", "obl", "obl:arg", "iobj", "advmod"})
_ATTRIBUTES_LEFT = frozenset({"nmod", "appos", "dep"})
"""labels of what may belong to an infinitive behind it"""
_NO_GENITIVE = frozenset("ein einen eine das den kein keinen keine".split())
"""articles of no genitive, those of an accusative alone among them"""
_OBJECTS = frozenset({"einen", "den", "keinen"})
_MEASURES = frozenset("stunde tag woche monat jahr minute jahrzehnt prozent kilometer meter mal".split())
"""what tells how long, how far or by how much, and is no part of its verb"""


def article(tree: Tree, i: int) -> None:
    """ "Ist bereit, die Krim zu räumen": an article before its noun is no subject, where it can be no relative pronoun either."""
    noun = i + 1
    while noun < len(tree.words) and tree.tag(noun) in ("ADJA", "CARD"):
        noun += 1
    if tree.labels[i] == "det" or noun == len(tree.words) or tree.tag(noun) not in ("NN", "NNA", "NE"):
        return
    role, verb = tree.labels[i], tree.heads[i]
    if role in ("nsubj", "nsubj:pass", "obj") and not tree.with_zu(verb):
        if i and tree.words[i - 1] == "," and not _goes_on_behind(tree, noun + 1):
            return
        if tree.heads[noun] == verb and role != "obj":
            tree.label(noun, role)
    tree.hang(i, noun)
    if tree.heads[i] == noun:
        tree.label(i, "det")


def _goes_on_behind(tree: Tree, verb: int) -> bool:
    """Whether a finite verb does not end its clause, as it does behind a relative pronoun."""
    return verb + 1 < len(tree.words) and tree.tag(verb).endswith("FIN") and tree.words[verb + 1] not in _ENDS


def no_argument(tree: Tree, i: int) -> None:
    """ "Zuletzt hatte Putin …", "seit seinem Antritt versucht …": neither an adverb nor what a preposition leads is a subject or an object."""
    if tree.tag(i) in ("ADV", "PTKANT") and tree.words[i] not in _PRONOUNS:
        tree.label(i, "advmod")
    elif any(k < i and tree.words[k] in _LEADS and tree.tag(k).startswith("APP") for k in tree.below[i]):
        tree.label(i, "obl")


def no_attribute(tree: Tree, i: int) -> None:
    """ "Dabei hat ein Kampfjet den Propeller getroffen", "nach seinen Worten ein Gespräch": what "ein" or "den" leads is no genitive, so no
    attribute of the noun before, and has the role at the verb that is free. Of 18 such in 350 articles 14 are read rightly so."""
    if not _has_own_article(tree, i):
        return
    verb = tree.heads[i]
    while tree.heads[verb] != verb and not tree.tag(verb).startswith("V"):
        verb = tree.heads[verb]
    if not tree.tag(verb).startswith("V") or tree.words[i].endswith(known.TIMES):
        return
    passive = "aux:pass" in tree.labels_below(verb)
    subject = any(tree.labels[k].startswith("nsubj") for k in tree.below[verb])
    done_to = [k for k in tree.below[verb] if tree.labels[k] == "obj"]
    may_act = not subject and not tree.with_zu(verb) and "n" in tree.morphology[i].cases
    if may_act and len(done_to) == 1 and tree.tag(done_to[0]) == "NE":
        # "Hat Oslo in einem Brief eine Botschaft an Riga gerichtet": of the two the name acts.
        tree.label(done_to.pop(), "nsubj")
    elif may_act and tree.words[_led_by(tree, i)] not in _OBJECTS:
        tree.hang(i, verb)
        tree.label(i, "nsubj:pass" if passive else "nsubj")
        return
    if "a" in tree.morphology[i].cases and not done_to and not passive:
        tree.hang(i, verb)
        tree.label(i, "obj")


def _has_own_article(tree: Tree, i: int) -> bool:
    """Whether an article of no genitive begins a phrase between a noun and the one that it hangs on, with nothing else between."""
    noun, led = tree.heads[i], _led_by(tree, i)
    if noun >= led or not tree.tag(noun).startswith("N") or tree.heads[led] != i:
        return False
    apart = tree.tag(led - 1).startswith("APP") or any(tree.tag(k).startswith(("$", "KO")) for k in range(noun, i))
    return tree.words[led] in _NO_GENITIVE and not apart


def _led_by(tree: Tree, i: int) -> int:
    led = i - 1
    while led > 0 and tree.tag(led) in ("ADJA", "ADJD", "ADV"):
        led -= 1
    return led


def to_do(tree: Tree, last: int) -> None:
    """ "Erklärte sich bereit, am Freitag eine Delegation zu schicken": what stands between the comma and an infinitive with "zu" that ends
    there, or before "und", is the infinitive's, and not of what stands before."""
    if last + 1 < len(tree.words) and tree.words[last + 1] != "und" and not tree.tag(last + 1).startswith("$"):
        return
    start = last
    while start >= 0 and not tree.tag(start).startswith("$"):
        start -= 1
    within = range(start + 1, last + 1)
    verbs = [k for k in within if tree.tag(k).startswith("V")]
    if start <= 0 or tree.words[start] != "," or any(tree.tag(k).endswith("FIN") for k in verbs):
        return
    # "Zu haben", "zu wollen" and "zu werden" end what another verb tells.
    ends = len(verbs) == 2 and tree.tag(last)[:2] in ("VA", "VM")
    if len(verbs) > 1 and not ends:
        return
    own = verbs[0]
    # "Zwischen Trump, Putin und Selenskyj zu vermitteln": the comma may part a list.
    sure = _ARGUMENTS_LEFT if any(tree.tag(k) == "KON" for k in within) else _ARGUMENTS_LEFT | _ATTRIBUTES_LEFT
    for k in range(start + 1, own):
        if tree.heads[k] < start and tree.labels[k] in sure and tree.tag(k)[0] in "NAP":
            _give(tree, k, own)


def _give(tree: Tree, k: int, verb: int) -> None:
    """Hang what stands before an infinitive on it, which has no subject."""
    role, letters = tree.labels[k], tree.morphology[k].cases
    led = "case" in tree.labels_below(k)
    tree.hang(k, verb)
    if role in ("nsubj", "nmod", "appos", "dep") and tree.tag(k).startswith("N"):
        tree.label(k, "obl" if led else "obl:arg" if letters and "a" not in letters else "obj")


def frames(tree: Tree) -> None:
    """ "Am Sonntag ist in Homs ein Brand ausgebrochen": the only finite verb of a stretch between commas, and the participle at its end,
    are one verb. Of 1,753 such stretches in 350 articles the parser reads 49 otherwise, nearly all of them wrongly."""
    if "VAFIN" in tree.tags and ("VVPP" in tree.tags or "gewesen" in tree.words):
        for finite, verb in _framed(tree.words, tree.tags):
            if tree.heads[finite] != verb:
                _frame(tree, finite, verb)


def _framed(words: Sequence[str], tags: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The auxiliary and the participle of each stretch that has no other verb; "wie geplant" is none."""
    start = 0
    for end in (k for k, tag in enumerate((*tags, "$.")) if tag.startswith("$")):
        verbs = [k for k in range(start, end) if tags[k].endswith("FIN") or _is_verb(words, tags, k)]
        if [tags[k] for k in verbs] in (["VAFIN", "VVPP"], ["VAFIN", "VAPP"]) and verbs[1] == end - 1:
            yield verbs[0], verbs[1]
        start = end + 1


def _is_verb(words: Sequence[str], tags: Sequence[str], k: int) -> bool:
    """Whether a word is a verb that an auxiliary may stand for; "gewesen" where it tells where somebody was, and not what he was."""
    if words[k] == "gewesen":
        return words[k - 2] in ("in", "im") and tags[k - 1][0] == "N"
    return tags[k] in ("VVPP", "VVINF") and words[k - 1] != "wie"


def _frame(tree: Tree, finite: int, verb: int) -> None:
    """Make one verb of two words: the participle heads what hung on its auxiliary, or on a word between that the parser took for it."""
    head = tree.heads[finite]
    if tree.under(verb, finite):
        _take_over(tree, verb, finite)
    elif tree.under(head, verb):
        # What the parser takes for the predicate ("ein Brand") is under the verb, and what is said of it is the verb's.
        for k in tuple(tree.below[head]):
            if k == finite or tree.labels[k] not in (*OF_A_NOUN, "advmod"):
                tree.hang(k, verb)
        for k in tuple(tree.below[finite]):
            tree.hang(k, verb)
        bare = "case" not in tree.labels_below(head)
        subject = any(tree.labels[k].startswith("nsubj") for k in tree.below[verb])
        if tree.heads[head] == verb and bare and not subject and tree.morphology[head].pos in ("NOUN", "PROPN"):
            tree.label(head, "nsubj")
    elif finite < head < verb and tree.under(verb, head):
        _take_over(tree, verb, head)
        tree.hang(finite, verb)
        if tree.morphology[head].pos in ("NOUN", "PROPN") and "case" not in tree.labels_below(head):
            subject = any(tree.labels[k].startswith("nsubj") for k in tree.below[verb])
            tree.label(head, "obj" if subject else "nsubj")
    else:
        return
    tree.label(finite, "aux:pass" if tree.words[finite].startswith(PASSIVE) else "aux")


def _take_over(tree: Tree, verb: int, wrong: int) -> None:
    """Set a verb in the place of a word above it, with all that hangs there."""
    tree.supplant(verb, wrong)
    # What stays with a noun stays with an adverb, too ("ausdrücklich ausgenommen"); an auxiliary has nothing of its own.
    if tree.tag(wrong).startswith("VA"):
        for k in tuple(tree.below[wrong]):
            tree.hang(k, verb)
    tree.hang(wrong, verb)
    tree.label(wrong, "advmod")


def more_than(tree: Tree, i: int) -> None:
    """ "Starben mehr als 30 Menschen": "als" before a number compares with nobody, and the noun has the role that is free."""
    number = i + 2
    if number >= len(tree.words) or tree.words[i + 1] != "als" or tree.tag(number) != "CARD":
        return
    noun = tree.noun(range(number + 1, min(number + _COUNTED, len(tree.words))))
    if noun is None:
        return
    verb = tree.heads[i] if tree.heads[noun] == i else tree.heads[noun]
    tree.hang(noun, verb)
    tree.hang(i, number)
    tree.label(i, "advmod")
    tree.hang(i + 1, i)
    tree.label(i + 1, "fixed")
    before = next((k for k in range(i - 1, -1, -1) if tree.tag(k) != "ADV"), None)
    led = before is not None and (tree.tag(before).startswith("APP") or tree.words[before] in _ARTICLES)
    if led or tree.labels[noun] not in _MISTAKEN or tree.morphology[noun].lemma.lower() in _MEASURES:
        return
    if not tree.tag(verb).startswith("V"):
        return
    taken = {tree.labels[k].partition(":")[0] for k in tree.below[verb] if k != noun}
    done_to = tree.tag(verb) == "VVPP" and any(tree.words[k].startswith(PASSIVE) for k in tree.below[verb])
    if done_to or ("nsubj" not in taken and tree.labels[verb] != "conj" and is_of_several(tree, verb)):
        tree.label(noun, "nsubj")
    elif "obj" not in taken:
        tree.label(noun, "obj")


def is_of_several(tree: Tree, verb: int) -> bool:
    """Whether a verb is of several: "starben", not "starb"."""
    finite = next((k for k in (verb, *tree.below[verb]) if tree.tag(k).endswith("FIN")), verb)
    return agreement.of_verb(tree.words[finite]) == "many"
