"""The reports of our own: well formed, and the coder finds again what it learned from them."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from articles import article_of

from extractors.actors.lexicon import lexicon
from extractors.events import code_events
from extractors.events.attaching.belonging import time_options
from extractors.events.coding import decided
from extractors.events.weighing import network
from extractors.events.weighing.network import LAYOUT, WrongWeightsError
from extractors.language import contextual
from extractors.model import Article, PartKind
from extractors.ontology import EventType, Status

FOLDER = Path(__file__).parent / "cases" / "reports"
REPORTS = [r for path in sorted(FOLDER.glob("*.toml")) for r in tomllib.loads(path.read_text("utf-8"))["report"]]
DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?(/\d{4}(-\d\d(-\d\d)?)?)?")


def lines(report: dict[str, Any]) -> list[str]:
    return [line for line in report["text"].splitlines() if line.strip()]


def test_every_report_can_be_read_by_the_training() -> None:
    assert len({report["id"] for report in REPORTS}) == len(REPORTS)
    for report in REPORTS:
        for told in report["events"]:
            at, type_, actors, recipients, status, day, _, speaker = told.split("|")
            assert all(1 <= int(n) <= len(lines(report)) for n in at.split("-")), told
            assert type_ in list(EventType), told
            assert status in list(Status), told
            assert not day or DAY.fullmatch(day), told
            for code in (*actors.split(","), *filter(None, recipients.split(",")), *filter(None, [speaker])):
                assert code.split("-")[0] in lexicon().names, f"{report['id']}: no actor has the code {code}"


def test_the_reports_cover_every_type_and_status() -> None:
    told = [event.split("|") for report in REPORTS for event in report["events"]]
    assert {row[1] for row in told} == {str(t) for t in EventType}
    assert {row[4] for row in told} == {str(s) for s in Status}
    assert sum(len(lines(report)) for report in REPORTS) >= 600


def test_most_acts_of_our_reports_are_found_where_they_are_told() -> None:
    """The weights learned from these reports: a fall below means that code and weights no longer fit each other."""
    found = wanted = 0
    for report in REPORTS[::12]:
        title, teaser, *body = [" ".join(block.split("\n")) for block in _blocks(report["text"])]
        events = code_events(
            article_of(
                *body,
                headline=title,
                teaser=teaser,
                dated=datetime.fromisoformat(report["published"]).replace(hour=12, tzinfo=UTC),
                url=report["id"],
            )
        )
        for told in report["events"]:
            at, type_, actors, recipients, *_ = told.split("|")
            if type_ != "STATE":
                wanted += 1
                parties = {*actors.split(","), *filter(None, recipients.split(","))}
                line = lines(report)[int(at.split("-")[0]) - 1]
                found += any(
                    e.type == type_ and _alike(parties, set(e.parties)) and e.evidence.quote in line for e in events
                )
    assert found / wanted >= 0.38, f"{found} of {wanted}"  # 97 of 232 when the weights were made


def _blocks(text: str) -> list[str]:
    title, rest = text.strip().split("\n", 1)
    return [title, *rest.strip().split("\n\n")]


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) / len(one | other) >= 0.5


def test_weights_of_another_layout_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "network.npz"
    np.savez(path, layout="other", tags=np.array(["NN"]))
    with pytest.raises(WrongWeightsError, match=f"layout other, wanted {LAYOUT}"):
        network.read(path)


@pytest.mark.parametrize("missing", ["network", "encoder"])
def test_without_the_network_the_linear_models_still_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str
) -> None:
    if missing == "network":
        monkeypatch.setattr(network, "PATH", tmp_path / "missing.npz")
    else:
        monkeypatch.setattr(contextual, "encoder", lambda: None)
    text = "Die NATO lehnte am Mittwoch in Brüssel Russlands Forderung nach Sicherheitsgarantien ab."
    article = article_of(text, headline="NATO lehnt Forderung Russlands ab", dated=datetime(2022, 1, 13, 12, tzinfo=UTC))  # fmt: skip
    assert any(e.type is EventType.REJECT for e in code_events(article))


def test_the_day_of_publication_is_offered_where_there_is_one_and_never_made_up() -> None:
    body = ((PartKind.PARAGRAPH, "Die NATO lehnt Russlands Forderung nach Sicherheitsgarantien ab."),)
    for dated, wanted in ((datetime(2022, 1, 13, 12, tzinfo=UTC), {"2022-01-13"}), (None, set())):
        article = Article.compose(url="x", headline="NATO lehnt Forderung ab", teaser="", body=body, published_at=dated)
        found = decided(article)
        around, proposed = found.around, found.proposed
        assert {o.key for p in proposed for o in time_options(around, p)} == wanted
