"""For whom somebody acted on the day of an act: "Trump kündigte 2018 das Abkommen" is an act of the USA, in whatever year it is told."""

from __future__ import annotations

from extractors.actors.lexicon import held
from extractors.events.reading import Reading
from extractors.events.weighing.features import Parties
from extractors.events.weighing.judge import Proposal
from extractors.model import When

ROW = "in office on its day"


def codes_then(read: Reading, p: Proposal, parties: Parties, when: When | None) -> dict[str, str]:
    """The states for which people among the parties acted on the day of an act, by the codes that they have now; none where two would become one.

    Who governs now and did not then is named for his state in our labels (two of two), as are those who governed (five of five).
    """
    if when is None:
        return {}
    codes = {*parties[0], *parties[1]}
    states = {code: code.split("-")[0] for code in codes if "-" in code}
    then = {code: state for code, state in states.items() if _held(read, p, code, when) == {state}}
    return then if len({then.get(code, code) for code in codes}) == len(codes) else {}


def _held(read: Reading, p: Proposal, code: str, when: When) -> set[str]:
    mentions = read.mentions[p.seen.sentence.index]
    return {held(mention.name, when.first, when.last) for mention in mentions if mention.code == code}
