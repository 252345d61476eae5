"""What the coder makes of sentences whose reading is plain: made of nouns, verbs and parties, and counted where it is told otherwise.

    python -m benchmarks.made                   both families, 400 sentences of each
    python -m benchmarks.made --show            also the sentences that are read wrongly

Articles show which wordings are common; these show what happens with the others. "whose": an act named by a noun and the one
whose act it is ("der Kreml reagierte auf die Bitte der NATO"). "spoken of": an act that is but spoken of ("Polen drohte mit
Luftangriffen", "die EU kündigte Sanktionen an"). Nothing is fitted on them, and they say nothing of how often such sentences are.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

DAY = datetime(2024, 6, 5, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """`acts` does what is named (family "whose"), or `told` are the statuses that it may have, "none" that of no act."""

    text: str
    type: str
    acts: str = ""
    bears: str = ""
    told: frozenset[str] = frozenset()


# Whose act it is

OWNERS = (
    ("der NATO", "NATO", ""), ("Russlands", "RUS", ""), ("der USA", "USA", ""), ("der polnischen Regierung", "POL", ""),
    ("von Präsident Putin", "RUS", ""), ("Kiews", "UKR", ""), ("der EU", "EU", ""), ("", "TUR", "türkisch"),
    ("", "USA", "amerikanisch"), ("", "RUS", "russisch"), ("des ungarischen Ministerpräsidenten Orban", "HUN", ""),
)  # fmt: skip
OTHERS = (
    ("Moskau", "RUS"), ("Die Ukraine", "UKR"), ("Der Kreml", "RUS"), ("Berlin", "DEU"), ("Der iranische Außenminister", "IRN"),
    ("Die Regierung in Minsk", "BLR"), ("Litauen", "LTU"), ("Bundeskanzler Scholz", "DEU"),
)  # fmt: skip
NOUNS = (
    ("REQUEST", "Forderung", "f"), ("REQUEST", "Aufforderung", "f"), ("REQUEST", "Appell", "m"), ("REQUEST", "Bitte", "f"),
    ("ACCUSE", "Vorwürfe", "p"), ("ACCUSE", "Kritik", "f"), ("ACCUSE", "Anschuldigung", "f"), ("THREATEN", "Drohung", "f"),
    ("THREATEN", "Ultimatum", "n"), ("SANCTION", "Sanktionen", "p"), ("SANCTION", "Strafmaßnahmen", "p"),
    ("SANCTION", "Embargo", "n"), ("AGREE", "Zusage", "f"), ("AID", "Waffenlieferungen", "p"), ("REJECT", "Absage", "f"),
    ("REJECT", "Veto", "n"), ("ASSAULT", "Angriff", "m"), ("ASSAULT", "Angriffe", "p"), ("MOBILIZE", "Manöver", "n"),
)  # fmt: skip
CASES = {
    "acc": {"f": ("die", "e"), "m": ("den", "en"), "n": ("das", "e"), "p": ("die", "en")},
    "dat": {"f": ("der", "en"), "m": ("dem", "en"), "n": ("dem", "en"), "p": ("den", "en")},
}
FRAMES = (
    ("acc", "{b} reagierte am Montag auf {n}."), ("acc", "{b} will auf {n} antworten."),
    ("acc", "{b} hat {n} nach Angaben eines Sprechers zur Kenntnis genommen."), ("dat", "{b} zeigte sich von {n} überrascht."),
    ("dat", "Nach {n} berief {b} am Montag den Sicherheitsrat ein."),
)  # fmt: skip


def whose(chance: random.Random) -> Iterator[Made]:
    while True:
        type_, noun, gender = chance.choice(NOUNS)
        owner, acts, adjective = chance.choice(OWNERS)
        case, frame = chance.choice(FRAMES)
        other, bears = chance.choice([one for one in OTHERS if one[1] != acts])
        article, ending = CASES[case][gender]
        plural = "n" if case == "dat" and gender == "p" and not noun.endswith(("n", "s")) else ""
        words = (article, adjective and adjective + ending, noun + plural, owner)
        begins = frame.startswith("{b}")
        text = frame.format(n=" ".join(filter(None, words)), b=other if begins else inside(other))
        yield Made(text=text, type=type_, acts=acts, bears=bears)


# What is but spoken of

ACTS = (
    ("ASSAULT", "einem Angriff auf {o}", "einen Angriff auf {o}"),
    ("ASSAULT", "neuen Luftangriffen auf {o}", "neue Luftangriffe auf {o}"),
    ("ASSAULT", "einem Einmarsch in {o}", "einen Einmarsch in {o}"),
    ("SANCTION", "weiteren Sanktionen gegen {o}", "weitere Sanktionen gegen {o}"),
    ("SANCTION", "einem Einreiseverbot gegen {o}", "ein Einreiseverbot gegen {o}"),
    ("AID", "Waffenlieferungen an {o}", "Waffenlieferungen an {o}"),
)
SPEAKERS = (
    ("Russland", "RUS"),
    ("Der Kreml", "RUS"),
    ("Polen", "POL"),
    ("Die EU", "EU"),
    ("Präsident Erdogan", "TUR"),
)
OBJECTS = (("die Ukraine", "UKR"), ("Polen", "POL"), ("Russland", "RUS"), ("Georgien", "GEO"))
_MAY_BE = frozenset({"none", "hypothetical", "planned"})
_COMES = frozenset({"none", "planned", "hypothetical"})
_IS_NOT = frozenset({"none", "negated", "hypothetical"})
SPOKEN = (
    ("{s} drohte am Montag mit {dat}.", _MAY_BE), ("{s} hat erneut mit {dat} gedroht.", _MAY_BE),
    ("{s} warnte am Montag vor {dat}.", _MAY_BE), ("{s} hat in Brüssel vor {dat} gewarnt.", _MAY_BE),
    ("{s} forderte am Montag {acc}.", _MAY_BE), ("{s} verlangt {acc}.", _MAY_BE), ("{s} befürchtet {acc}.", _MAY_BE),
    ("{s} erwägt {acc}.", _MAY_BE), ("{s} prüft nach Angaben eines Sprechers {acc}.", _MAY_BE),
    ("{s} hat {acc} vorgeschlagen.", _MAY_BE), ("{s} schließt {acc} nicht aus.", _MAY_BE),
    ("{s} sprach sich für {acc} aus.", _MAY_BE), ("{s} plant {acc}.", _COMES), ("{s} bereitet {acc} vor.", _COMES),
    ("{s} kündigte {acc} an.", _COMES), ("{s} schloss {acc} am Montag aus.", _IS_NOT), ("{s} lehnte {acc} ab.", _IS_NOT),
    ("{s} verzichtet auf {acc}.", _IS_NOT), ("{s} sprach sich gegen {acc} aus.", _IS_NOT), ("{s} will {acc} verhindern.", _IS_NOT),
)  # fmt: skip


def spoken_of(chance: random.Random) -> Iterator[Made]:
    while True:
        type_, dative, accusative = chance.choice(ACTS)
        frame, told = chance.choice(SPOKEN)
        speaker, code = chance.choice(SPEAKERS)
        on = chance.choice([place for place, of in OBJECTS if of != code])
        text = frame.format(s=speaker, dat=dative.format(o=on), acc=accusative.format(o=on))
        yield Made(text=text, type=type_, told=told)


def inside(name: str) -> str:
    """A name in the middle of a sentence: "der Kreml"."""
    return name[0].lower() + name[1:] if name.startswith(("Der ", "Die ")) else name


# What is told


def verdict(made: Made) -> str:
    """none, right or wrong."""
    from extractors.events import code_events
    from extractors.model import Article, PartKind

    body = ((PartKind.PARAGRAPH, made.text),)
    found = code_events(Article.compose(url="made:1", headline="", body=body, published_at=DAY))
    own = [event for event in found if event.type == made.type]
    if made.told:
        return "right" if {event.status.value for event in own} <= made.told else "wrong"
    if not own:
        return "none"
    return "right" if {actor.code for actor in own[0].actors} == {made.acts} else "wrong"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--number", type=int, default=400, help="sentences of each family (default: 400)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the sentences that are read wrongly")
    args = parser.parse_args()
    for name, family in (("whose", whose), ("spoken of", spoken_of)):
        counted: Counter[str] = Counter()
        for _, made in zip(range(args.number), family(random.Random(args.seed)), strict=False):
            told = verdict(made)
            counted[told] += 1
            if args.show and told == "wrong":
                print(f"{name}: {made.type} {made.text}")
        print(f"{name:10} {', '.join(f'{told} {count}' for told, count in sorted(counted.items()))}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
