"""Whether an article belongs to a dossier: named rows of words, and a small calibrated model over them.

    told = assess(article, load_dossier("russland-nato-ukraine"))

A dossier is a TOML file of groups (sides, acts, offices, noise) whose rows hold word patterns. Rules over the rows
give `rule_grade`; where the dossier ships weights, a logistic model over the same rows gives the score and the grade.
Nothing here parses a sentence: it runs on every article.
"""

from extractors.relevance.dossiers import (
    DATA,
    QUESTIONS,
    Adjustment,
    BrokenDossier,
    Dossier,
    Question,
    adjusted,
    canary,
    dossier_names,
    frozen,
    load_dossier,
)
from extractors.relevance.facts import (
    COMMENT,
    Sentence,
    article_facts,
    article_words,
    early_words,
    read_sentences,
    sentence_features,
)
from extractors.relevance.judging import assess, prefilter, review_sample
from extractors.relevance.rows import masks

__all__ = [
    "COMMENT", "DATA", "QUESTIONS", "Adjustment", "BrokenDossier", "Dossier", "Question", "Sentence", "adjusted",
    "article_facts", "article_words", "assess", "canary", "dossier_names", "early_words", "frozen", "load_dossier", "masks",
    "prefilter", "read_sentences", "review_sample", "sentence_features",
]  # fmt: skip
