"""What of a sentence belongs to an act: its time, its place and its speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from extractors.actors.lexicon import lexicon as actors
from extractors.events.attaching.apart import PLACE, TIME, of_another
from extractors.events.attaching.around import Around
from extractors.events.attaching.scenes import by_wire, day_row, from_afar, place_before
from extractors.events.attaching.tied import NEARLY, tie
from extractors.events.attaching.vouched import vouched
from extractors.events.attaching.withheld import SPEAKER, withheld
from extractors.events.attaching.worded import INTENDS
from extractors.events.reading import Reading, Said
from extractors.events.weighing.features import SURE, TOLD, TYPES, Features
from extractors.events.weighing.judge import Judge, Linear, Proposal
from extractors.language import Sentence, Token
from extractors.language.clauses import PAST_TENSES
from extractors.model import Place, Precision, When
from extractors.ontology import EventType
from extractors.places import PlaceMention
from extractors.speech.lexicon import lexicon
from extractors.when import is_denied

_Found = TypeVar("_Found")
PUBLICATION = "publication day"
"""the rule of a day that the text does not tell"""


def _heard(p: Proposal, fact: str, where: str) -> Features:
    """Whether the network thinks that the text tells a fact ("date", "place", "speaker") of an act at all."""
    if p.seen.opinion is None:
        return {}
    odds = float(p.seen.opinion.told[TYPES.index(p.type), TOLD.index(fact)])
    return {f"network:{where}": max(min(odds, SURE), -SURE) / 2}


def _heard_as(p: Proposal, fact: str, key: str) -> Features:
    """What the network thinks of a time ("times") or place ("places") of the article as the act's own."""
    if p.seen.opinion is None:
        return {}
    found = p.seen.opinion.spans(p.type)
    odds = (found.times if fact == "times" else found.places).get(key)
    return {} if odds is None else {"network:this": max(min(odds, SURE), -SURE) / 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Generic[_Found]):
    """A time, place or speaker that may belong to an act, with what speaks for it. `key` is what people compare.
    `beyond`: a time or place that another sentence tells, or none, which is believed from a score of its own."""

    key: str
    value: _Found
    features: Features
    beyond: bool = False

    def cut(self, name: str, cuts: Mapping[str, float]) -> float:
        return cuts.get(f"{name} beyond" if self.beyond else name, 0.0)


def time_options(around: Around, p: Proposal) -> tuple[Option[When], ...]:
    """The times told in an act's sentence, those of the rest of the article, and the day of publication."""
    reading, index = around.reading, p.seen.sentence.index
    found: dict[str, Option[When]] = {}
    # "Am Freitag stimmen sie ab. Gestern traf sie ihn": what a verb tells as done was on no day to come.
    latest = reading.dated.date() if _is_done(p) else date.max
    told_here = [t for t in reading.times[index] if t.when is not None and t.when.first <= latest]
    here = [t for t in told_here if not of_another(reading, p, t.start, TIME)]
    others = {t.when.iso for t in told_here if t.when is not None} - {t.when.iso for t in here if t.when is not None}
    for time in here:
        assert time.when is not None
        features = (
            _distance(p, time.start, time.end)
            | _of_when(reading, p, time.when)
            | {
                f"here:n:{min(len(here), 3)}": 1.0,
                f"rule:{time.rule}": 1.0,
                f"begins:{time.words.split()[0].lower() if time.words else ''}": 1.0,
                f"kind:{p.candidate.kind if p.candidate else ''}": 1.0,
            }
            | _heard(p, "date", "here")
            | _heard_as(p, "times", time.when.iso)
        )
        found.setdefault(time.when.iso, Option(key=time.when.iso, value=time.when, features=features))
    if withheld(reading, p, TIME):
        return tuple(found.values())
    elsewhere = around.times.keys() - found.keys() - others - around.of_last_time
    for key, told in around.times.items():
        if key in elsewhere and told.value.first <= latest:
            features = {f"far:{name}": v for name, v in _of_when(reading, p, told.value).items()}
            features |= around.far(p, told, around.times) | _beside(p, bool(here)) | _heard(p, "date", "far")
            features |= {f"far:{name}": v for name, v in _heard_as(p, "times", key).items()}
            found[key] = Option(key=key, value=told.value, features=features, beyond=True)
    today = _today(reading)
    if today is not None and today.iso not in found:
        features = _untold(p, bool(here), len(around.times)) | _heard(p, "date", "untold")
        found[today.iso] = Option(key=today.iso, value=today, features=features, beyond=True)
    return tuple(found.values())


def _is_done(p: Proposal) -> bool:
    """Whether the verb of an act tells it in a tense of what has been; of an act that no row sees, whether all of its sentence does."""
    clause, candidate = p.clause, p.candidate
    if clause is None or clause.mood != "indicative" or clause.modal in INTENDS:
        return False
    of_its_verb = candidate is not None and candidate.kind == "verb" and candidate.anchor == clause.head
    alone = candidate is None and len(p.seen.sentence.clauses) == 1
    return clause.tense in PAST_TENSES and (of_its_verb or alone)


def _today(reading: Reading) -> When | None:
    if reading.article.dated is None:
        return None
    day = reading.dated.date()
    return When(first=day, last=day, precision=Precision.DAY, rule=PUBLICATION)


def _untold(p: Proposal, here: bool, told: int) -> Features:
    """The day of publication where the article never names it: for what the report itself rests on."""
    speech = "said" if p.seen.said is not None else "told"
    clause = p.clause
    return {
        "untold": 1.0,
        f"untold:{p.type}": 1.0,
        f"untold:{speech}": 1.0,
        f"untold:beside:{here}": 1.0,
        f"untold:times:{min(told, 3)}": 1.0,
        f"untold:tense:{clause.tense if clause else ''}": 1.0,
    }


def _beside(p: Proposal, here: bool) -> Features:
    clause = p.clause
    tense = clause.tense if clause is not None else ""
    return {
        "far": 1.0,
        f"far:beside:{here}": 1.0,
        f"far:tense:{tense}": 1.0,
        f"far:part:{p.seen.sentence.part}": 1.0,
    }


def place_options(around: Around, p: Proposal) -> tuple[Option[Place], ...]:
    """The places named in an act's sentence, then those of the article."""
    reading, index = around.reading, p.seen.sentence.index
    found: dict[str, Option[Place]] = {}
    here = [place for place in reading.places[index] if not of_another(reading, p, place.start, PLACE)]
    others = {place.place.name.casefold() for place in reading.places[index]} - {m.place.name.casefold() for m in here}
    for place in here:
        features = (
            _distance(p, place.start, place.end)
            | _of_place(around, p, place)
            | {f"here:n:{min(len(here), 3)}": 1.0}
            | _heard(p, "place", "here")
            | _heard_as(p, "places", place.place.name.casefold())
        )
        found.setdefault(
            place.place.name.casefold(), Option(key=place.place.name.casefold(), value=place.place, features=features)
        )
    elsewhere = around.of_wishes if p.type is not EventType.CONSULT else _held_before(around, p)
    for key, told in () if withheld(reading, p, PLACE) else around.places.items():
        if key not in found and key not in others and key not in elsewhere:
            near = min(told.at, key=lambda j: abs(j - index))
            mention = next(m for m in reading.places[near] if m.place.name.casefold() == key)
            if mention.kind in _TOO_WIDE or _is_at_home(p, told.value):
                continue
            features = {f"far:{name}": v for name, v in _of_place(around, p, mention).items()}
            features |= around.far(p, told, around.places) | _beside(p, bool(here)) | _heard(p, "place", "far")
            features |= {f"far:{name}": v for name, v in _heard_as(p, "places", key).items()}
            found[key] = Option(key=key, value=told.value, features=features, beyond=True)
    return tuple(found.values())


def _held_before(around: Around, p: Proposal) -> frozenset[str]:
    """The places in which others have met before a meeting that is to come on a day of its own: "in Genf haben sie gesprochen. Am Mittwoch
    tagt die NATO" tells nobody where. What goes on between the same ("wieder", "fortgesetzt") may go on there, and he who was there
    stays."""
    clause, sentence = p.clause, p.seen.sentence
    if clause is None or not around.is_ahead(sentence, clause):
        return frozenset()
    heads = clause.subject.heads if clause.subject is not None else ()
    if any(sentence.tokens[k].text.lower() in _THEY for k in heads):
        return frozenset()
    words = [word for k in clause.tokens for word in (sentence.tokens[k].text, sentence.tokens[k].lemma)]
    goes_on = any(_AGAIN.match(word) for word in (*words, clause.predicate))
    named = {mention.code for mention in around.reading.named(sentence, clause.start, clause.end)}
    they = named.union(*p.parties)
    return frozenset(key for key, who in around.of_meetings_held.items() if not (goes_on and they <= who))


_THEY = frozenset({"er", "sie"})
_AGAIN = re.compile(r"(?:wieder|erneut|dort|fort|weiter(?!e)|zweite|dritte|nächste)", re.IGNORECASE)
"""what words begin with of what goes on where it was; "ein weiteres Treffen" may be anywhere"""


def _is_at_home(p: Proposal, place: Place) -> bool:
    """Whether an attack on others would be in the capital of who attacks, which another sentence names."""
    who, whom = p.parties
    if p.type is not EventType.ASSAULT or not whom or place.country not in who:
        return False
    return any(entry.kind == "capital" and len(words) == 1 for words, entry in actors().phrases.get(place.name, ()))


_TOO_WIDE = frozenset({"country", "border"})
"""Kinds of places that are told where they hold, in the act's own sentence: of 30 that the judge believed from another one, 6 are right, of towns 69 of 116."""


def _of_when(reading: Reading, p: Proposal, when: When) -> Features:
    days = (reading.dated.date() - when.last).days
    age = "ahead" if days < 0 else "today" if days == 0 else "week" if days < 8 else "month" if days < 32 else "old"
    return {
        f"precision:{when.precision}": 1.0,
        f"precision:{when.precision}:{p.type}": 1.0,
        f"type:{p.type}": 1.0,
        f"when:{age}": 1.0,
        f"when:{age}:{p.type}": 1.0,
    }


def _of_place(around: Around, p: Proposal, place: PlaceMention) -> Features:
    actor = (place.start, place.end) in around.in_names
    party = place.place.country in {*p.parties[0], *p.parties[1]}
    return {
        f"after:{place.preposition}": 1.0,
        f"after:{place.preposition}:{p.type}": 1.0,
        f"actor:{actor}": 1.0,
        f"actor:{actor}:{place.preposition}": 1.0,
        f"type:{p.type}": 1.0,
        f"party:{party}:{p.type}": 1.0,
        f"kind:{place.kind}": 1.0,
        f"kind:{place.kind}:{place.preposition}": 1.0,
        f"kind:{place.kind}:{p.type}": 1.0,
    }


def _distance(p: Proposal, start: int, end: int) -> Features:
    clause, anchor = p.clause, p.seen.sentence.tokens[p.anchor].start
    inside = clause is not None and clause.start <= start and end <= clause.end
    gap = abs(start - anchor) // 25
    low, high = sorted((start, anchor))
    between = [c for c in p.seen.candidates if low < p.seen.sentence.tokens[c.anchor].start < high]
    return {
        "here": 1.0,
        f"here:in clause:{inside}": 1.0,
        f"here:gap:{min(gap, 6)}": 1.0,
        f"here:side:{start < anchor}": 1.0,
        f"here:between:{min(len(between), 2)}": 1.0,
        f"here:in clause:{inside}:{p.type}": 1.0,
    }


_MEDIA = "-MED"


def speaker_options(around: Around, p: Proposal) -> tuple[Option[str], ...]:
    """Whose words may carry a report: at its word, in its sentence, of the sentences around, or the actor's own."""
    reading = around.reading
    if withheld(reading, p, SPEAKER):
        return ()
    sentence, anchor = p.seen.sentence, p.seen.sentence.tokens[p.anchor]
    flags: dict[str, set[str]] = {}
    for name, start, end in (("anchor", anchor.start, anchor.end), ("sentence", sentence.start, sentence.end)):
        for said in reading.said:
            if said.start < end and start < said.end and said.code:
                flags.setdefault(said.code, set()).add(name)
                flags[said.code] |= {f"{name}:{flag}" for flag in _of_saying(said, anchor)}
                covered = (min(said.end, sentence.end) - max(said.start, sentence.start)) / (
                    sentence.end - sentence.start
                )
                flags[said.code].add(f"covers:{int(max(0.0, min(covered, 0.99)) * 4)}")
    for name, near in (("before", sentence.index - 1), ("after", sentence.index + 1)):
        if 0 <= near < len(reading.document.sentences):
            other = reading.document.sentences[near]
            beside = reading.speaker(other.start, other.end)
            if beside is not None:
                flags.setdefault(beside.code, set()).add(name)
    for code in _passing_on(reading, sentence):
        flags.pop(code, None)
    says = _saying(reading, anchor) or _carrying(reading, p, anchor)
    for code in p.parties[0][:1]:
        if (says and code not in says) or (code not in flags and _is_gone_to(p, code)):
            flags.pop(code, None)
        else:
            flags.setdefault(code, set()).add("acts")
    return tuple(
        Option(key=code, value=code, features=_of_speaker(p, found) | _heard_from(p, code))
        for code, found in flags.items()
    )


_CARRIED_ON = "free-"
"""rows of words that only go on with what somebody said before"""


def _saying(reading: Reading, anchor: Token) -> set[str]:
    """Who is told as saying the words in which an act stands ("Kiew fordere zu viel, sagte Lawrow"): then they are not the
    words of the one who acts. Media pass on what others say, and words that only go on may be another's."""
    return {
        said.code
        for said in reading.said
        if said.code
        and said.start <= anchor.start < said.end
        and not said.code.endswith(_MEDIA)
        and not said.rule.startswith(_CARRIED_ON)
    }


def _carrying(reading: Reading, p: Proposal, anchor: Token) -> set[str]:
    """Who goes on speaking where the Konjunktiv of the act's clause says that somebody does, and its subject is named: "Paris
    sagte, die Lage sei ernst. Minsk habe das abgelehnt" are no words of Minsk's. Only of who alone was told to speak right before:
    further back another may have spoken since."""
    clause, sentence = p.clause, p.seen.sentence
    if clause is None or clause.mood != "konjunktiv1" or not reading.in_role(sentence, clause.subject):
        return set()
    here = {said.code for said in reading.said if said.code and said.start <= anchor.start < said.end}
    before = reading.document.sentences[sentence.index - 1] if sentence.index else sentence
    told = {
        said.code
        for said in reading.said
        if said.start < before.end and before.start < said.end and not said.rule.startswith(_CARRIED_ON)
    }
    return here if len(told) == 1 and here == told else set()


def _is_gone_to(p: Proposal, code: str) -> bool:
    """Whether a meeting is told in the Konjunktiv, and somebody is but who is met or visited: "Guterres werde nach Kiew reisen" are no
    words of Kiew's."""
    clause = p.clause
    if p.type is not EventType.CONSULT or clause is None or clause.mood != "konjunktiv1":
        return False
    return "subject" not in p.seen.flags.get(code, frozenset())


def _passing_on(reading: Reading, sentence: Sentence) -> set[str]:
    """Media that pass on what somebody else says: "der Kreml teilte laut Interfax mit, …" are the Kremlin's words."""
    here = [said for said in reading.said if said.start < sentence.end and sentence.start < said.end and said.code]
    return {
        outer.code
        for outer in here
        for inner in here
        if outer.code.endswith(_MEDIA)
        and not inner.code.endswith(_MEDIA)
        and outer.start <= inner.start
        and inner.end <= outer.end
    }


def _of_saying(said: Said, anchor: Token) -> Iterator[str]:
    """How a report of words is told: kind, row, the verb's kind, and whether its word is the act's own ("forderte")."""
    how, _, word = said.rule.rpartition("-")
    yield "direct" if said.direct else "indirect"
    yield f"kind:{said.kind}"
    yield f"how:{how or word}"
    yield f"row:{said.rule}"
    names = {name for verb in lexicon().verbs.get(word, ()) for name in verb.names}
    yield f"verb:{'+'.join(sorted(names))}"
    if said.cue is not None and said.cue[0] < anchor.end and anchor.start < said.cue[1]:
        yield "is the act"


def _heard_from(p: Proposal, code: str) -> Features:
    """What the network thinks of a code as the one who says so, and whether anybody does."""
    opinion = p.seen.opinion
    if opinion is None:
        return {}
    told = _heard(p, "speaker", "said")
    if code not in opinion.codes:
        return told | {"network:out of reach": 1.0}
    odds = float(opinion.speakers[TYPES.index(p.type), opinion.codes.index(code)])
    return told | {"network:code": max(min(odds, SURE), -SURE) / 2}


def _of_speaker(p: Proposal, flags: set[str]) -> Features:
    shape = "+".join(sorted(f for f in flags if ":" not in f))
    features: Features = {
        f"type:{p.type}": 1.0,
        f"shape:{shape}": 1.0,
        f"shape:{shape}:{p.type}": 1.0,
        f"part:{p.seen.sentence.part}": 1.0,
    }
    for flag in flags:
        features |= {flag: 1.0, f"{flag}:{p.type}": 1.0}
    if p.candidate is not None:
        features |= {
            f"rule:{p.candidate.rule}": 1.0,
            f"kind:{p.candidate.kind}": 1.0,
            f"kind:{p.candidate.kind}:{shape}": 1.0,
        }
    if p.clause is not None:
        features |= {f"mood:{p.clause.mood}": 1.0, f"mood:{p.clause.mood}:{shape}": 1.0}
    words = {t.text for t in p.seen.sentence.tokens}
    features[f"quotes:{bool(words & _QUOTES)}:{shape}"] = 1.0
    for clause in p.seen.sentence.clauses:
        features[f"predicate:{clause.predicate.lower()}"] = 1.0
    return features


_QUOTES = frozenset('„“”"»«')


def best_time(judge: Judge, around: Around, p: Proposal) -> When | None:
    options = time_options(around, p)
    believed = _believed(judge, "when", options)
    told = believed or set_right(around.reading, p.seen.sentence)
    if told is not None:
        return told
    found = day_row(around, p) or day_tied(judge, around, p, options)
    return None if found is None else found[1]


def day_tied(judge: Judge, around: Around, p: Proposal, options: Sequence[Option[When]]) -> tuple[str, When] | None:
    """The day of another sentence that the judge nearly believes, and the row that ties it to an act."""
    ahead, option = _nearest(judge, "when", options)
    told = around.times.get(option.key) if option is not None else None
    if option is None or told is None or not -NEARLY < ahead <= 0:
        return None
    row = tie(around.reading, p, told)
    return (row, option.value) if row else None


SET_RIGHT = "set right behind a denied one"


def set_right(reading: Reading, sentence: Sentence) -> When | None:
    """The one day that is told behind a denied one: "nicht am Freitag, sondern erst am Montag"."""
    times = [(sentence.first_from(time.start), time.when) for time in reading.times[sentence.index] if time.when]
    denied = [is_denied(sentence, token.i) for token, _ in times if token is not None]
    return times[1][1] if denied == [True, False] else None


def best_place(judge: Judge, around: Around, p: Proposal) -> Place | None:
    if by_wire(around.reading, p):
        return None
    options = place_options(around, p)
    believed = _believed(judge, "place", options)
    of_its_own = any(option.value is believed and not option.beyond for option in options)
    if believed is not None and (of_its_own or not from_afar(around.reading, p)):
        return believed
    return place_before(around, p)


def best_speaker(judge: Judge, around: Around, p: Proposal) -> str | None:
    told = _believed(judge, "speaker", speaker_options(around, p)) or _told_by(around.reading, p)
    if told is not None or withheld(around.reading, p, SPEAKER):
        return told
    found = vouched(around.reading, p)
    return None if found is None else found[1]


def _told_by(reading: Reading, p: Proposal) -> str | None:
    """Whose words an act stands in where the text says so outright, though the weights believe nobody's: "… Das teilte der Kreml
    mit", between quotation marks, behind "sagte, dass" (codebook, section 2). Of 14 such acts, in our labels and the gold ones,
    nine have this speaker and four none."""
    anchor = p.seen.sentence.tokens[p.anchor]
    said = reading.speaker(anchor.start, anchor.end)
    if said is None or said.code.endswith(_MEDIA) or withheld(reading, p, SPEAKER):
        return None
    if said.rule in _OF_FACTS and (p.clause is None or p.clause.mood == "indicative"):
        return None
    if said.rule in _TELLS_SO or said.rule.startswith(_OUTRIGHT):
        return said.code
    return said.code if said.code in _carrying(reading, p, anchor) and said.code not in p.parties[0] else None


_TELLS_SO = frozenset(
    {"dies-mitteilen", "dies-sagen", "dies-melden", "dies-berichten", "dies-bekanntgeben", "dies-erklären"}
)
"""rows of a sentence that says who told the one before"""
_OF_FACTS = frozenset(
    f"dass-{verb}"
    for verb in "kritisieren loben bedauern verurteilen begrüßen beklagen bemängeln rügen würdigen".split()
)
"""rows of verbs that judge what the newsroom tells: "kritisierte, dass er nach Minsk gereist war" """
_OUTRIGHT = ("marks-", "dass-")
"""rows of words between marks, and of a clause that a verb of saying governs"""


def best(model: Linear, options: Sequence[Option[_Found]]) -> tuple[Option[_Found], float] | None:
    """The option that scores best, with its score: log-odds against nothing being told."""
    scored = ((option, model.score(option.features)) for option in options)
    return max(scored, key=lambda item: item[1], default=None)


def _believed(judge: Judge, name: str, options: Sequence[Option[_Found]]) -> _Found | None:
    """The option that is furthest above its cut, if any is: nothing is invented."""
    ahead, option = _nearest(judge, name, options)
    return option.value if option is not None and ahead > 0 else None


def _nearest(judge: Judge, name: str, options: Sequence[Option[_Found]]) -> tuple[float, Option[_Found] | None]:
    """How far above its cut the option is that is furthest above it, and that option.

    A day of another sentence needs a far higher score than one of the act's own; it must not push that one out below its cut.
    """
    model: Linear = getattr(judge, name)
    scored = ((model.score(option.features) - option.cut(name, judge.cuts), option) for option in options)
    return max(scored, key=lambda item: item[0], default=(0.0, None))
