"""The two kinds of model that the judge is made of: yes or no by logistic regression, and a choice among options; both out of fold too."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.training.labelled import FOLDS, HELD

# Regularisation of each model, chosen out of fold; and in how many sentences a feature must occur.
STRENGTH = {
    "types": 0.15,
    "mixed": 1.0,
    "keep": 0.3,
    "status": 1.0,
    "meetings": 0.3,
}
RARE = {
    "types": 4,
    "mixed": 1,
    "parties": 15,
    "keep": 10,
    "status": 4,
    "when": 4,
    "place": 4,
    "speaker": 4,
    "meetings": 5,
}


class Table:
    """Rows of features with labels and folds; fits a model for each fold, and one on all."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[dict[str, float]] = []
        self.vectors: list[np.ndarray] = []
        self.labels: list[int] = []
        self.folds: list[int] = []

    def add(self, row: dict[str, float], label: int, fold: int, vector: np.ndarray | None = None) -> None:
        self.rows.append(row)
        self.labels.append(label)
        self.folds.append(fold)
        if vector is not None:
            self.vectors.append(vector)

    def matrix(self) -> Any:
        self.names = DictVectorizer()
        matrix = self.names.fit_transform(self.rows).tocsr()
        self.kept = np.flatnonzero(np.asarray((matrix != 0).sum(0)).ravel() >= RARE[self.name])
        matrix = matrix[:, self.kept]
        return hstack([matrix, csr_matrix(np.array(self.vectors))]).tocsr() if self.vectors else matrix

    def fit(self, matrix: Any, labels: np.ndarray, rows: np.ndarray) -> LogisticRegression | None:
        rows = rows & (np.array(self.folds) != HELD)
        if labels[rows].sum() < 3 or labels[rows].all():
            return None
        model = LogisticRegression(C=STRENGTH[self.name], solver="liblinear")
        return model.fit(matrix[rows], labels[rows])

    def out_of_fold(self, matrix: Any, labels: np.ndarray) -> np.ndarray:
        folds, known = np.array(self.folds), labels >= 0
        found = np.zeros(len(folds))
        for fold in (*range(FOLDS), HELD):
            model = self.fit(matrix, (labels > 0).astype(int), (folds != fold) & known)
            if model is not None and (folds == fold).any():
                found[folds == fold] = model.predict_proba(matrix[folds == fold])[:, 1]
        return found

    def linear(self, matrix: Any, labels: np.ndarray) -> dict[str, Any]:
        model = self.fit(matrix, (labels > 0).astype(int), labels >= 0)
        if model is None:
            return {"bias": -8.0, "weights": {}}
        names = self.names.get_feature_names_out()[self.kept]
        weights = model.coef_[0]
        row = {n: round(float(w), 3) for n, w in zip(names, weights, strict=False) if abs(w) >= 0.01}
        told: dict[str, Any] = {"bias": round(float(model.intercept_[0]), 4), "weights": row}
        if self.vectors:
            told["vector"] = [round(float(w), 4) for w in weights[len(names) :]]
        return told


class Choice:
    """A conditional logit model: of each group of options one (or any of several) was chosen. McFadden 1974."""

    def __init__(self, matrix: Any, chosen: np.ndarray, groups: np.ndarray, penalty: float) -> None:
        self.matrix, self.chosen, self.groups, self.penalty = matrix, chosen.astype(float), groups, penalty
        starts, group = runs(groups)
        self.told = (np.add.reduceat(self.chosen, starts) > 0)[group]

    def fit(self, use: np.ndarray) -> np.ndarray:
        live = use & self.told
        matrix, chosen, (starts, group) = self.matrix[live], self.chosen[live], runs(self.groups[live])
        turned = matrix.T.tocsr()

        def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
            odds, all_ = shares(matrix @ weights, starts, group)
            right = np.add.reduceat(odds * chosen, starts)
            value = np.log(all_).sum() - np.log(right).sum() + self.penalty / 2 * weights @ weights
            slope = odds / all_[group] - odds * chosen / right[group]
            return float(value), turned @ slope + self.penalty * weights

        start = np.zeros(matrix.shape[1])
        return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 120}).x)

    def out_of_fold(self, folds: np.ndarray) -> np.ndarray:
        found = np.zeros(len(folds))
        for fold in (*range(FOLDS), HELD):
            away = folds == fold
            if away.any():
                starts, group = runs(self.groups[away])
                odds, all_ = shares(self.matrix[away] @ self.fit(~away & (folds != HELD)), starts, group)
                found[away] = odds / all_[group]
        return found


def runs(groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each run of equal values starts, and the number of each value's run."""
    new = np.r_[True, groups[1:] != groups[:-1]]
    return np.flatnonzero(new), np.cumsum(new) - 1


def shares(scores: np.ndarray, starts: np.ndarray, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The odds of each option against its group's best, and their sum for each group."""
    odds = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
    return odds, np.add.reduceat(odds, starts)
