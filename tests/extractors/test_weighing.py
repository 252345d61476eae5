"""What is weighed by parts or in one pass weighs what its definition does."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from extractors.events.proposing.candidates import Candidate
from extractors.events.weighing.features import TYPES, Opinion, Parties, Spans, View
from extractors.events.weighing.fitting import Fit, hypotheses, party_features
from extractors.events.weighing.judge import Linear, Stack, fitting, judge, likely, mixture
from extractors.language import Sentence
from extractors.model import PartKind
from extractors.ontology import SYMMETRIC, EventType, Status

CODES = ("RUS", "UKR", "USA", "NATO", "DEU-MIL", "POL", "IGO", "SEP")
FLAGS = ("in", "strong", "subject", "main-subject", "speaker", "before", "top0", "prep:gegen", "genitive")
SENTENCE = Sentence(start=0, end=1, index=3, part=PartKind.PARAGRAPH, tokens=())
SURE = 6.0


def view(chance: random.Random) -> View:
    codes = chance.sample(CODES, chance.randint(1, 7))
    heard = tuple(chance.sample(codes, chance.randint(1, len(codes))))
    numbers = np.random.default_rng(chance.randint(0, 999))
    size = (len(TYPES), len(heard))
    opinion = Opinion(
        codes=heard,
        types=numbers.normal(0, 4, len(TYPES)).astype(np.float32),
        actors=numbers.normal(0, 4, size).astype(np.float32),
        recipients=numbers.normal(0, 4, size).astype(np.float32),
        speakers=numbers.normal(0, 4, size).astype(np.float32),
        statuses=numbers.normal(0, 4, (len(TYPES), len(Status))).astype(np.float32),
        told=numbers.normal(0, 4, (len(TYPES), 3)).astype(np.float32),
        spans=lambda type_: Spans({}, {}),
    )
    return View(
        sentence=SENTENCE,
        candidates=tuple(candidate(chance, codes) for _ in range(chance.randint(0, 3))),
        said=None,
        flags={code: frozenset(chance.sample(FLAGS, chance.randint(0, 5))) for code in codes},
        groups=(tuple(sorted(codes[:2])),) if len(codes) > 1 else (),
        whole=(),
        counts=Counter({code: chance.randint(0, 30) for code in codes}),
        told={},
        opinion=opinion if chance.random() < 0.9 else None,
    )


def candidate(chance: random.Random, codes: list[str]) -> Candidate:
    return Candidate(
        rule="verb:drohen", kind="verb", type=chance.choice(TYPES), mode="", sentence=SENTENCE, clause=None, anchor=0,
        actors=tuple(sorted(chance.sample(codes, 1))), recipients=tuple(sorted(chance.sample(codes, min(1, len(codes))))),
        actor_from="subject", recipient_from="dat", said=None,
    )  # fmt: skip


def cases() -> list[tuple[View, EventType, list[Parties]]]:
    chance = random.Random(7)
    drawn = [(view(chance), type_) for type_ in TYPES for _ in range(8)]
    return [(seen, type_, list(hypotheses(seen, type_))) for seen, type_ in drawn]


def test_a_reading_scores_the_same_by_parts_as_by_all_its_features() -> None:
    chance = random.Random(1)
    names = {n for seen, type_, options in cases() for h in options for n in party_features(seen, type_, h)}
    model = Linear(bias=0.3, weights={name: chance.gauss(0, 1) for name in sorted(names) if chance.random() < 0.8})

    for seen, type_, options in cases():
        whole = [model.score(party_features(seen, type_, option)) for option in options]
        assert fitting(Fit(seen, type_), options, model) == pytest.approx(whole, abs=1e-9)


def test_the_parts_of_a_reading_share_no_feature() -> None:
    for seen, type_, options in cases():
        fit = Fit(seen, type_)
        for actors, recipients in options:
            parts = (
                fit.number(len(actors), len(recipients)),
                fit.side("A", actors),
                fit.side("R", recipients),
                fit.both((actors, recipients)),
                next(fit.heard([(actors, recipients)]), ()),
            )
            assert sum(map(len, parts)) == len(party_features(seen, type_, (actors, recipients)))


def test_the_surest_party_of_the_network_that_a_reading_leaves_out_speaks_against_it() -> None:
    for seen, type_, options in cases():
        if (opinion := seen.opinion) is None:
            continue
        at = TYPES.index(type_)
        odds = {
            code: float(np.clip(max(opinion.actors[at, k], opinion.recipients[at, k]), -SURE, SURE)) / SURE
            for k, code in enumerate(opinion.codes)
        }
        best = [max((odds[c] for c in odds if c not in {*h[0], *h[1]}), default=-1.0) for h in options]
        assert [heard[3] for heard in Fit(seen, type_).heard(options)] == pytest.approx(best)


def test_what_one_word_names_together_takes_part_together() -> None:
    """A council of two sides does not meet with one of them, wherever another reading is left."""
    chance, left_out = random.Random(3), 0
    for type_ in TYPES:
        seen = view(chance)
        both = frozenset(list(seen.flags)[:2])
        apart = hypotheses(replace(seen, groups=(tuple(sorted(both)),)), type_)
        found = hypotheses(replace(seen, groups=(tuple(sorted(both)),), whole=(both,)), type_)
        untorn = tuple(h for h in apart if both & {*h[0], *h[1]} in (frozenset(), both))
        assert found == (untorn or apart)
        left_out += len(apart) - len(found)
    assert left_out


def test_the_networks_view_of_a_reading_is_a_log_probability() -> None:
    for seen, type_, options in cases():
        if seen.opinion is None:
            continue
        for parties in options:
            found = party_features(seen, type_, parties)
            assert found["network"] == pytest.approx(
                max(agreement(seen.opinion, type_, parties), -3 * SURE) / SURE, abs=1e-5
            )


def agreement(opinion: Opinion, type_: EventType, parties: Parties) -> float:
    """The log of the chance that all codes do as the reading says, one by one."""
    at, total = TYPES.index(type_), 0.0
    sides = ((opinion.actors, parties[0]),) if type_ in SYMMETRIC else (
        (opinion.actors, parties[0]), (opinion.recipients, parties[1])
    )  # fmt: skip
    for odds, part in sides:
        for code, value in zip(opinion.codes, np.clip(odds[at], -SURE, SURE).tolist(), strict=True):
            yes = 1 / (1 + np.exp(-value))
            total += float(np.log(yes if code in part else 1 - yes))
    return total


def test_a_stack_of_models_scores_what_each_scores_alone() -> None:
    numbers = np.random.default_rng(3)
    models = [
        Linear(
            bias=float(numbers.normal()),
            weights={f"f{i}": float(numbers.normal()) for i in numbers.choice(50, 20, replace=False)},
            vector=numbers.normal(size=4).astype(np.float32),
        )
        for _ in range(5)
    ]
    stack, vector = Stack(models), np.ones(4, dtype=np.float32)

    for features in ({}, {"unknown": 1.0}, {f"f{i}": 0.5 for i in range(50)}):
        assert stack.scores(features, vector).tolist() == pytest.approx(
            [m.score(features, vector) for m in models], abs=1e-5
        )


def test_a_type_is_as_likely_as_the_mixture_says() -> None:
    known, scores = judge(), [k / 3 - 2 for k in range(len(judge().types))]
    for seen, _, _ in cases():
        if seen.opinion is not None:
            told = [
                known.mixed.probability(mixture(t, seen.opinion, s)) for t, s in zip(known.types, scores, strict=True)
            ]
            assert likely(known, seen.opinion, scores) == pytest.approx(told)
